"""Bodies and documents, each of which a page shows once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

from markupsafe import Markup

from pytest_xbl.mpsd.model import Json
from pytest_xbl.pages.markup import block, element, joined, link
from pytest_xbl.wire.entry import Entry
from pytest_xbl.wire.secrets import without_secrets

LONGEST = 20_000
"""The most characters of one body that a page shows."""
MOST = 300_000
"""The most characters of all bodies that a page shows."""
READABLE = 100_000
"""The most characters of JSON that are written anew; nobody reads to the end of more."""
WIDTH = 100
"""The most characters of an object or a list that stays on one line."""


def texts(entry: Entry) -> tuple[str, str]:
    """The bodies of a request and of its response, without secrets; "" for none."""
    return without_secrets(entry.data.decode(errors="replace"), entry), without_secrets(entry.answered, entry)


class Bodies:
    """The bodies that a page shows: a text that comes again is only named.

    Args:
        wanted: the texts, those that matter most first; what goes beyond the limit is left out.
        rest: the words for where a text is that the page leaves out.
        texts: gives the bodies of a request and of its response.
    """

    def __init__(
        self,
        wanted: Iterable[str],
        *,
        rest: str,
        most: int = MOST,
        texts: Callable[[Entry], tuple[str, str]] = texts,
    ) -> None:
        self.texts = texts
        self._shown: dict[str, tuple[str, str]] = {}
        self._kept: set[str] = set()
        self._rest = rest
        for text in wanted:
            size = min(len(text), LONGEST)
            if text not in self._kept and size <= most:
                self._kept.add(text)
                most -= size

    def show(self, text: str, *, name: str, id_: str) -> Markup:
        """A text as a block, or a line that says where it is.

        Args:
            name: by which later places refer to it.
            id_: of the block.
        """
        if text in self._shown:
            first, there = self._shown[text]
            return element("p", "The same as ", link(first, f"#{there}"), ".")
        if text not in self._kept:
            return element("p", f"{len(text):,} characters, which are left out here; {self._rest}.")
        self._shown[text] = name, id_
        shown = readable(text)
        return joined([block(shown[:LONGEST], id=id_), self._remainder(len(shown) - LONGEST)])

    def _remainder(self, count: int) -> Markup | None:
        return element("p", f"{count:,} more characters are left out here; {self._rest}.") if count > 0 else None


def readable(text: str) -> str:
    """A body as people read it: long objects and lists of JSON on several lines, anything else as it is."""
    if text[:1] not in ("{", "[") or len(text) > READABLE:
        return text
    try:
        return _written(json.loads(text), "\n")[1]
    except (ValueError, RecursionError):
        return text


def _written(value: Json, end: str) -> tuple[str, str]:
    """JSON on one line, and the same with a line for each part if that is too long.

    Args:
        end: of a line, with the indent of the next.
    """
    inner = f"{end} "
    if isinstance(value, dict):
        parts = [(f"{_encoded(name)}: ", _written(part, inner)) for name, part in value.items()]
        return _wrapped(("{", "}"), parts, end)
    if isinstance(value, list):
        return _wrapped(("[", "]"), [("", _written(part, inner)) for part in value], end)
    return (text := _encoded(value)), text


def _wrapped(brackets: tuple[str, str], parts: Sequence[tuple[str, tuple[str, str]]], end: str) -> tuple[str, str]:
    """An object or a list of these parts, each with its name, on one line and on several."""
    opened, closed = brackets
    line = f"{opened}{', '.join([name + part for name, (part, _) in parts])}{closed}"
    if len(line) <= WIDTH:
        return line, line
    inner = f"{end} "
    return line, f"{opened}{inner}{f',{inner}'.join([name + part for name, (_, part) in parts])}{end}{closed}"


_encoded = json.JSONEncoder(ensure_ascii=False).encode
