"""Statistics: values of four types, and their definitions by titles (STAT-5, STAT-6, STAT-14)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any, Literal, NamedTuple, TypeAlias

from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.view import timestamp

StatisticType: TypeAlias = Literal["Integer", "Double", "String", "DateTime"]
Access: TypeAlias = Literal["open", "restricted"]
Value: TypeAlias = int | float | str | datetime
Values: TypeAlias = Literal["numbers", "strings"]

TYPES: dict[type, StatisticType] = {int: "Integer", float: "Double", str: "String", datetime: "DateTime"}
"""The type of a statistic follows from its value; a bool has none of them."""
NUMBERS: tuple[StatisticType, ...] = ("Integer", "Double")


class Statistic(NamedTuple):
    """The value of a statistic of one user.

    Args:
        metadata: a string that holds JSON (STAT-4); None for none.
    """

    type: StatisticType
    value: Value
    metadata: str | None = None


class Definition(NamedTuple):
    """The definition of a statistic by a title.

    Args:
        type: None for any.
        access: `restricted` for those who play the title only (STAT-6).
        group: the name of its group; None for a statistic in no group (STAT-14).
        ordinal: its place in the group.
        display_name: for players, in a group or not.
    """

    type: StatisticType | None = None
    access: Access = "open"
    group: str | None = None
    ordinal: int | None = None
    sort_order: str | None = None
    display_name: str | None = None
    display_format: str | None = None
    display_semantic: str | None = None


PLAIN = Definition()
IN_GROUPS = ("ordinal", "sort_order", "display_format", "display_semantic")
"""The fields of a definition that only a group shows."""
TELLING_BITS = 128
"""An integer of more bits is not written out in a text: Python refuses to write the longest."""
EARLIEST = datetime.min.replace(tzinfo=timezone.utc)
LATEST = datetime.max.replace(tzinfo=timezone.utc)


def statistic(name: str, value: Any, definition: Definition, metadata: str | None = None) -> Statistic:
    """A statistic of the type that its value has, or the title has defined; an integer can be a Double (STAT-5).

    Raises:
        Refusal: 400 for a value that no statistic has, or this one cannot have.
    """
    kind = TYPES.get(datetime if isinstance(value, datetime) else type(value))
    if kind is None or not _can_be_told(value):
        bits = value.bit_length() if isinstance(value, int) else 0
        shown = f"An integer of {bits} bits" if bits > TELLING_BITS else repr(value)
        known = "an integer of 64 bits, a finite float, a string or a datetime in a time zone"
        what = f"{shown} is no statistic: {known}."
        raise Refusal(400, what, where=(), rule="STAT-5")
    if definition.type == "Double" and type(value) is int:
        return Statistic("Double", float(value), metadata)
    if definition.type not in (None, kind):
        what = f"The statistic {name} is defined as {definition.type}; {value!r} is {kind}."
        raise Refusal(400, what, where=(), rule="STAT-5")
    return Statistic(kind, value, metadata)


def require_group(name: str, definition: Definition) -> None:
    """Refuse a definition that a group would need, or that a group cannot show.

    Raises:
        Refusal: 400 for a field of groups without a group, and for a group without a type (STAT-14).
    """
    said = [field for field in IN_GROUPS if getattr(definition, field) is not None]
    if said and definition.group is None:
        what = f"The statistic {name} is in no group, and only a group shows its {said[0].replace('_', ' ')}."
        raise Refusal(400, what, where=(), rule="STAT-14")
    if definition.group is not None and definition.type is None:
        types = ", ".join(TYPES.values())
        what = f"A group also shows statistics without a value, so {name} needs a type: {types}."
        raise Refusal(400, what, where=(), rule="STAT-14")


def grouped(definitions: Mapping[str, Definition], group: str) -> list[str]:
    """The names of a group's statistics, by their ordinals; those without one come first (STAT-14)."""
    ordinals = {name: definition.ordinal for name, definition in definitions.items() if definition.group == group}
    return sorted(ordinals, key=lambda name: -1 if (ordinal := ordinals[name]) is None else ordinal)


def as_text(held: Statistic) -> str:
    """A value as native clients parse it, a whole Double without a fraction (STAT-8)."""
    match held.value:
        case datetime() as value:
            return timestamp(value.astimezone(timezone.utc))
        case float() as value:
            return str(value).removesuffix(".0")
    return str(held.value)


def as_json(held: Statistic, values: Values) -> int | float | str:
    """A value as the page shows it, numbers bare, or as native clients parse it (STAT-8)."""
    if values == "numbers" and isinstance(held.value, int | float):
        return held.value
    return as_text(held)


def _can_be_told(value: object) -> bool:
    match value:
        case int():
            return -(2**63) <= value < 2**63
        case float():
            return math.isfinite(value)
        case datetime():
            return value.utcoffset() is not None and EARLIEST <= value <= LATEST
    return True
