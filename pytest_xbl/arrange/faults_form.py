"""The form of faults in a seed: the words of the calls of `xbl.faults` (FAULT-7)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from pytest_xbl.arrange.seed_shapes import session
from pytest_xbl.arrange.values import plain
from pytest_xbl.mpsd.checking import check, check_fields, missing_field
from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.model import Json, JsonObject
from pytest_xbl.mpsd.refusal import Parts, Refusal
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import Either, Integer, ListOf, OneOf, OrNull, Passing, boolean, object_, text

LONGEST_DELAY = 24 * 60 * 60
"""Seconds; a day."""
ERRORS = tuple(int(status) for status in HTTPStatus if status >= HTTPStatus.BAD_REQUEST)


def _is_delay(value: Json) -> bool:
    return type(value) in (int, float) and 0 <= value <= LONGEST_DELAY


status = OneOf(ERRORS, "an HTTP status of an error, such as 503")
ways = OneOf(("close", "reset", "hang"))
how = Either(ways, status, is_one=str, expected='"close", "reset", "hang" or the status of an error')
seconds = Passing("a number of seconds, at most a day", _is_delay)
true = OneOf((True,), "true")

TAP = "tap"
"""The word for shoulder taps, in the place of an operation (FAULT-8)."""
to = Field(text, "FAULT-8", "the user who is tapped; anybody unless given, and for `tap` only")

ALL_CALLERS: Mapping[str, Field] = {
    "times": Field(OrNull(Integer(1)), "FAULT-1", "how many requests meet it; null for every one, and one at least"),
    "skip": Field(Integer(0), "FAULT-1", "how many it lets pass before; 0 unless given"),
    "by": Field(text, "FAULT-1", "the user or the service who calls; anybody unless given"),
    "optional": Field(boolean, "FAULT-6", "whether it may fail to happen; false unless given"),
}
COMMON: Mapping[str, Field] = {
    **ALL_CALLERS,
    "session": Field(session, "FAULT-1", "the session that is called; any unless given"),
}
KINDS: Mapping[str, Mapping[str, Field]] = {
    "fail": {
        "fail": Field(text, "FAULT-2", "the operation that is not handled"),
        "status": Field(status, "FAULT-2", "the status of the answer", needed=True),
        "retryAfter": Field(Integer(0), "FAULT-2", "the seconds in its `Retry-After`; no such header unless given"),
        **COMMON,
    },
    "lose": {
        "lose": Field(text, "FAULT-3", "the operation that is handled, and whose answer gets lost; or `tap`"),
        "how": Field(how, "FAULT-3", "how the connection ends, or the status that comes instead; `close` unless given"),
        "to": to,
        **COMMON,
    },
    "twice": {
        "twice": Field(OneOf((TAP,), '"tap"'), "FAULT-8", "`tap`, which arrives twice"),
        "to": to,
        **COMMON,
    },
    "cut": {
        "cut": Field(text, "FAULT-3", "the operation whose answer ends too early"),
        "after": Field(Integer(0), "FAULT-3", "the bytes of the body that arrive", needed=True),
        **COMMON,
    },
    "delay": {
        "delay": Field(text, "FAULT-4", "the operation that takes time before it is handled"),
        "seconds": Field(seconds, "FAULT-4", "how long", needed=True),
        "real": Field(boolean, "FAULT-4", "whether real time passes, and not that of the clock; false unless given"),
        **COMMON,
    },
    "down": {
        "down": Field(true, "FAULT-4", "nobody takes a request; `times` is null unless given"),
        **ALL_CALLERS,
    },
    "race": {
        "race": Field(text, "FAULT-5", "the operation just before which a rival writes"),
        "write": Field(object_, "FAULT-5", "the body of the rival's PUT of the same session", needed=True),
        "byRival": Field(text, "FAULT-5", "the user who writes it", needed=True),
        **COMMON,
    },
}
"""The fields of each kind of fault; the first of them names the kind."""
FAULTS = Field(ListOf(object_), "FAULT-7", "[what goes wrong](#faults), in order")
"""The field of a seed."""


def check_faults(faults: list[JsonObject], at: Parts) -> None:
    """Refuse faults that have not the form.

    Args:
        at: the place of the list.

    Raises:
        Refusal: with the place (FAULT-7).
    """
    check(FAULTS.shape, faults, at, FAULTS.rule)
    for number, fault in enumerate(faults):
        check_fault(fault, (*at, number))


def check_fault(fault: JsonObject, at: Parts = ()) -> None:
    """Refuse a fault that has not the form.

    Raises:
        Refusal: with the place (FAULT-7).
    """
    fields = KINDS[kind_of(fault, at)]
    check_fields(fields, fault, at, removable=False, unknown=FAULTS.rule)
    for name, field in fields.items():
        if field.needed and name not in fault:
            raise missing_field(name, at, rule=field.rule)
    if "lose" in fault:
        _check_loss(fault, at)


def _check_loss(fault: JsonObject, at: Parts) -> None:
    """Refuse `how` for a tap, and `to` for an answer."""
    name = "how" if fault["lose"] == TAP else "to"
    if name in fault:
        whose = "the answer of an operation" if name == "how" else 'a "tap"'
        what = f"{name} is for {whose}, and not for {brief(fault['lose'])}."
        raise Refusal(400, what, where=(*at, name), rule="FAULT-8")


def checked_fault(fault: Any) -> JsonObject:
    """A copy of the record of a call, checked as that of a seed would be.

    Raises:
        Refusal: with the place inside the record (FAULT-7).
    """
    copy: JsonObject = plain(fault, times=False)
    check_fault(copy)
    return copy


def kind_of(fault: JsonObject, at: Parts = ()) -> str:
    """The kind of a fault: the one field that names it.

    Raises:
        Refusal: for a fault of none, or of several (FAULT-7).
    """
    kinds = [name for name in fault if name in KINDS]
    if len(kinds) != 1:
        there = " and ".join(kinds) or f"none of them: {brief(fault)}"
        what = f"A fault has one of {', '.join(KINDS)}; this one has {there}."
        raise Refusal(400, what, where=at, rule=FAULTS.rule)
    return kinds[0]
