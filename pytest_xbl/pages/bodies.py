"""Bodies and documents, each of which a page shows once."""

from __future__ import annotations

import json
from collections.abc import Iterable

from markupsafe import Markup

from pytest_xbl.mpsd.model import Json
from pytest_xbl.pages.markup import block, element, joined, link

LONGEST = 20_000
"""The most characters of one body that a page shows."""
MOST = 300_000
"""The most characters of all bodies that a page shows."""
WIDTH = 100
"""The most characters of an object or a list that stays on one line."""


class Bodies:
    """The bodies that a page shows: a text that comes again is only named.

    Args:
        wanted: the texts, those that matter most first; what goes beyond the limit is left out.
        rest: the words for where a text is that the page leaves out.
    """

    def __init__(self, wanted: Iterable[str], *, rest: str, most: int = MOST) -> None:
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
    if text[:1] not in ("{", "["):
        return text
    try:
        return _lines(json.loads(text), "\n")
    except (ValueError, RecursionError):
        return text


def _lines(value: Json, end: str) -> str:
    """JSON; what is too long for a line has one for each of its parts.

    Args:
        end: of a line, with the indent of the next.
    """
    line = _on_one_line(value)
    if len(line) <= WIDTH or not isinstance(value, dict | list):
        return line
    inner = f"{end} "
    if isinstance(value, dict):
        parts = [f"{_on_one_line(name)}: {_lines(part, inner)}" for name, part in value.items()]
        return f"{{{inner}{f',{inner}'.join(parts)}{end}}}"
    return f"[{inner}{f',{inner}'.join(_lines(part, inner) for part in value)}{end}]"


_on_one_line = json.JSONEncoder(ensure_ascii=False).encode
