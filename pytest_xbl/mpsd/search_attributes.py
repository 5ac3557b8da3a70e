"""The attributes of search handles: their shapes, and the form in which queries compare them (SRCH-1, SRCH-2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

from pytest_xbl.mpsd.model import Json, SessionRef
from pytest_xbl.mpsd.shapes import ListOf, MapOf, Matching, Record, digits, number, text

AttributeName: TypeAlias = tuple[str, str, str | float]
"""An attribute in an index: "tag", "string" or "number", its name, and its value; a tag has no value."""

TAG, STRING, NUMBER = "tag", "string", "number"

word = Matching("a word of at most 99 characters that begins with a letter", r"[^\W\d_]\S{0,98}")
search_attributes = Record(
    {
        "tags": ListOf(word),
        "strings": MapOf(text, keys=word),
        "numbers": MapOf(number, keys=word),
        "achievementIds": ListOf(digits),
        "locale": text,
    }
)


class Searched(NamedTuple):
    """All of a search handle that queries compare, in lower case (SRCH-2).

    Args:
        key: of the reference to the session.
        strings: by name; so are the numbers.
        language: the first part of the locale; None without one.
    """

    key: tuple[str, str, str]
    tags: frozenset[str]
    strings: Mapping[str, str]
    numbers: Mapping[str, float]
    achievements: frozenset[str]
    language: str | None

    def names(self) -> Iterator[AttributeName]:
        """The attributes by which an index finds the handle."""
        yield from ((TAG, tag, "") for tag in self.tags)
        yield from ((STRING, *pair) for pair in self.strings.items())
        yield from ((NUMBER, *pair) for pair in self.numbers.items())


def searched(ref: SessionRef, attributes: Mapping[str, Json]) -> Searched:
    """The attributes of a new search handle in the form in which queries compare them.

    Args:
        ref: of its session.
        attributes: as they came, checked.
    """
    locale = attributes.get("locale")
    return Searched(
        key=ref.key,
        tags=frozenset(map(str.lower, attributes.get("tags", ()))),
        strings={name.lower(): value.lower() for name, value in attributes.get("strings", {}).items()},
        numbers={name.lower(): float(value) for name, value in attributes.get("numbers", {}).items()},
        achievements=frozenset(attributes.get("achievementIds", ())),
        language=locale.replace("_", "-").partition("-")[0].lower() if locale else None,
    )
