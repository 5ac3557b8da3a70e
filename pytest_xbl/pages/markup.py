"""HTML elements as small functions over markupsafe: everything that is no markup is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from markupsafe import Markup, escape

VOID = frozenset({"br", "col", "hr", "input", "link", "meta"})
"""The elements without an end."""
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufeff]"
)
"""Characters that would be invisible, turn the text around, or cannot be written."""


def element(name: str, /, *content: object, **attributes: object) -> Markup:
    """An element with its content.

    Args:
        content: markup, or anything else as text, which is escaped; None for nothing.
        attributes: by name, with `_` for `-` and one at the end for a word of Python; True for one without a value,
            None and False for one that is not there.
    """
    opened = f"<{name}{_attributes(attributes)}>" if attributes else f"<{name}>"
    return Markup(opened if name in VOID else f"{opened}{_inside(content)}</{name}>")


def joined(parts: Iterable[object]) -> Markup:
    """Markup and texts, one after the other."""
    return Markup(_inside(parts))


def _inside(parts: Iterable[object]) -> str:
    return "".join([it if type(it) is Markup else escape(seen(str(it))) for it in parts if it is not None])


def raw(text: str) -> Markup:
    """Text as the content of an element, where quotes need no escape; half as long for JSON."""
    return Markup(seen(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def trusted(text: str) -> Markup:
    """Text of this package, which is markup already."""
    return Markup(text)


def seen(text: str) -> str:
    """A text whose invisible characters are written as escapes."""
    return text if text.isprintable() else _UNSEEN.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape", "surrogatepass").decode()


def _attributes(attributes: dict[str, object]) -> str:
    text = ""
    for name, value in attributes.items():
        if value is True:
            text += f" {_name(name)}"
        elif value is not None and value is not False:
            text += f' {_name(name)}="{escape(seen(str(value)))}"'
    return text


@lru_cache
def _name(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def link(content: object, to: str, **attributes: object) -> Markup:
    """A link, or only its content if it leads nowhere.

    Args:
        to: the address; "" for nowhere.
    """
    return element("a", content, href=to, **attributes) if to else joined([content])


def fold(summary: object, *content: object, **attributes: object) -> Markup:
    """Content that is folded away behind its summary."""
    return element("details", element("summary", summary), *content, **attributes)


def spoken(text: str) -> Markup:
    """Words for a screen reader, where others see a sign or a place."""
    return element("span", text, class_="spoken")


def block(text: str, **attributes: object) -> Markup:
    """A block of text with its line breaks."""
    return element("pre", raw(text), **attributes)


def let_go(gap: str) -> Markup | None:
    """A note on what a world has let go; None if that is nothing (SEEN-18)."""
    return quiet(f"{gap}.") if gap else None


def quiet(*content: object) -> Markup:
    """A sentence that a reader may skip."""
    return element("p", *content, class_="quiet")


def coded(text: str) -> Markup:
    """A text in which backticks mark code."""
    parts = [element("code", part) if place % 2 else part for place, part in enumerate(text.split("`"))]
    return joined(parts)


def column(name: object, class_: str | None = None) -> Markup:
    """The head of a column."""
    return element("th", name, scope="col", class_=class_)


def counted(number: int, what: str) -> str:
    """A number of things."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def table(caption: str, head: Iterable[object], rows: Iterable[Markup], **attributes: object) -> Markup:
    """A table whose caption is only spoken.

    Args:
        head: the names of the columns, or their cells.
        rows: of the body.
    """
    cells = [name if isinstance(name, Markup) else column(name) for name in head]
    return element(
        "table",
        element("caption", caption, class_="spoken"),
        element("thead", element("tr", *cells)),
        element("tbody", *rows),
        **attributes,
    )
