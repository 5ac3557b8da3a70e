"""HTML as a tree, for tests that look into pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from pytest_xbl.pages.markup import VOID

BLOCKS = ("dd", "details", "div", "dt", "h3", "li", "p", "pre", "summary", "td", "th", "tr", "ul")
"""The elements after which a reader sees a gap."""


@dataclass
class Element:
    """An element of a page.

    Args:
        attributes: by name; one without a value is "".
    """

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def all(self, name: str = "", /, **attributes: str) -> list[Element]:
        """All elements inside with this name, and with these attributes, in order; `class_` is one of the classes."""
        return [it for it in self._below() if name in ("", it.name) and it._has(attributes)]

    def one(self, name: str = "", /, **attributes: str) -> Element:
        """The only such element."""
        [found] = self.all(name, **attributes)
        return found

    @property
    def text(self) -> str:
        """The text inside, with single spaces, also between blocks."""
        return " ".join("".join(self._texts(between=" ")).split())

    @property
    def raw(self) -> str:
        """The text inside, as it is."""
        return "".join(self._texts(between=""))

    @property
    def classes(self) -> list[str]:
        """Its classes."""
        return self.attributes.get("class", "").split()

    def _below(self) -> Iterator[Element]:
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child._below()

    def _texts(self, between: str) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child._texts(between)
                yield between if child.name in BLOCKS else ""

    def _has(self, attributes: dict[str, str]) -> bool:
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        class_ = wanted.pop("class", None)
        return (class_ is None or class_ in self.classes) and wanted.items() <= self.attributes.items()


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element; no attribute comes twice."""
        assert len({name for name, _ in attrs}) == len(attrs), attrs
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        """End the element that was begun last."""
        assert self.open.pop().name == tag, tag

    def handle_data(self, data: str) -> None:
        """Add a text."""
        self.open[-1].children.append(data)


def parsed(html: str) -> Element:
    """The tree of a page, or of a part of one; each element ends where it should."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    assert len(parser.open) == 1, [element.name for element in parser.open]
    return parser.open[0]
