"""The forms of values that a service makes up, such as ids and times: two runs have other values of the same form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from pytest_xbl.compare.differences import value_text
from pytest_xbl.mpsd.json_values import pointer_part
from pytest_xbl.mpsd.model import Json
from pytest_xbl.mpsd.moments import TIME

FORMS: Mapping[str, re.Pattern[str]] = {
    "a GUID": re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "a GUID in capitals": re.compile("[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}"),
    "32 hexadecimal digits": re.compile("[0-9a-f]{32}"),
    "an ETag": re.compile('"[^"]+"'),
    "a time": re.compile(TIME),
    "a date of HTTP": re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"),
    "the path of a handle": re.compile("/handles/[0-9a-f-]{36}", re.IGNORECASE),
}
"""Values that differ from run to run, by the words for their form."""


ID = re.compile(r"(?i)\b(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})\b")
"""An id in a longer text."""
Sent: TypeAlias = Callable[[str], bool]


def form_of(text: str) -> str:
    """The words for the form of a text that a service may have made up; "" for any other text."""
    return next((words for words, pattern in FORMS.items() if pattern.fullmatch(text)), "")


def ids_in(text: str) -> list[str]:
    """The ids and times in a text, such as a request."""
    return [*ID.findall(text), *(found[0] for found in re.finditer(TIME, text))]


class Unlike(NamedTuple):
    """A place at which two responses differ.

    Args:
        place: "status", the name of a header, or a JSON pointer into the body.
        what: what was recorded, and what the fake has.
    """

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


def unlike(recorded: Json, ours: Json, *, sent: Sent, place: str = "") -> Iterator[Unlike]:
    """The differences of two bodies: fields, types, forms of what the service makes up, and all other values.

    Args:
        sent: whether a client has sent a text before, so that the service has not made it up.
    """
    if isinstance(recorded, dict) and isinstance(ours, dict):
        for name in dict.fromkeys((*recorded, *ours)):
            at = f"{place}/{pointer_part(name)}"
            if name not in ours:
                yield Unlike(at, f"recorded {value_text(recorded[name])}, missing here")
            elif name not in recorded:
                yield Unlike(at, f"not recorded, here {value_text(ours[name])}")
            else:
                yield from unlike(recorded[name], ours[name], sent=sent, place=at)
    elif isinstance(recorded, list) and isinstance(ours, list) and len(recorded) == len(ours):
        for number, (one, other) in enumerate(zip(recorded, ours, strict=True)):
            yield from unlike(one, other, sent=sent, place=f"{place}/{number}")
    elif not is_alike(recorded, ours, sent=sent):
        yield Unlike(place or "/", f"recorded {_told(recorded)}, here {_told(ours)}")


def is_alike(recorded: Any, ours: Any, *, sent: Sent) -> bool:
    """Whether two values are equal with their types, or made up in the same form."""
    if isinstance(recorded, str) and isinstance(ours, str) and (form := form_of(recorded)) and not sent(recorded):
        return form == form_of(ours)
    return type(recorded) is type(ours) and bool(recorded == ours)


def _told(value: Json) -> str:
    form = form_of(value) if isinstance(value, str) else ""
    return f"{value_text(value)}, {form}" if form else value_text(value)


def made_up(recorded: Json, ours: Json, *, sent: Sent) -> Iterator[tuple[str, str]]:
    """The pairs of texts that the service and the fake have made up at the same place of two bodies, if they differ."""
    if isinstance(recorded, dict) and isinstance(ours, dict):
        for name in (name for name in recorded if name in ours):
            yield from made_up(recorded[name], ours[name], sent=sent)
    elif isinstance(recorded, list) and isinstance(ours, list):
        for one, other in zip(recorded, ours, strict=False):
            yield from made_up(one, other, sent=sent)
    elif isinstance(recorded, str) and recorded != ours and is_alike(recorded, ours, sent=sent):
        yield recorded, ours
