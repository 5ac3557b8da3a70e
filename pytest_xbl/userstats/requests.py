"""Parsing of requests for statistics, in each of their dialects (STAT-1, STAT-3, STAT-4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeAlias, TypeVar

from pytest_xbl.mpsd.checking import check_fields, require_fields
from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.model import Json, JsonObject
from pytest_xbl.mpsd.refusal import Parts, Place, Refusal, bad_body
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import Either, Integer, ListOf, Matching, OneOf, Record, digits, guid

Item = TypeVar("Item")

MOST_NAMES = 10
LONGEST_NAMES = 600
"""Characters, commas included (STAT-4)."""
XUID = r"(?i)xuid\(([0-9]{1,20})\)"


user, title = (
    Either(digits, Integer(0), is_one=str, expected=f"a {of}, a number of at most 64 bits or its digits in a string")
    for of in ("xuid", "title id")
)
name = Matching("a name without a comma", "[^,]+")

BATCH: Mapping[str, Field] = {
    "requestedusers": Field(ListOf(user, filled=True), "STAT-1", needed=True),
    "requestedscids": Field(
        ListOf(
            Record({"scid": guid, "requestedstats": ListOf(name, filled=True)}, needed=("scid", "requestedstats")),
            filled=True,
        ),
        "STAT-1",
        needed=True,
    ),
}
"""The body of a batch under contract 1."""

_of = Record({"name": name, "titleId": title, "titleid": title, "scid": guid}, needed=("name",))
GROUPED_BATCH: Mapping[str, Field] = {
    "arrangebyfield": Field(OneOf(("xuid",)), "STAT-3", needed=True),
    "xuids": Field(ListOf(user, filled=True), "STAT-3", needed=True),
    "groups": Field(ListOf(_of), "STAT-3"),
    "stats": Field(ListOf(_of), "STAT-3"),
}
"""The body of a batch under contract 2."""

OPERATION: Mapping[str, Field] = {"operation": Field(OneOf(("read",)), "STAT-1")}
INCLUDE: Mapping[str, Field] = {"include": Field(OneOf(("valuemetadata",)), "STAT-4")}


Places: TypeAlias = Mapping[str, Place]
"""The values that a request asks for, in its order, each with its place."""


class Wanted(NamedTuple):
    """Statistics of one service configuration.

    Args:
        at: the place of the service configuration.
    """

    scid: str
    names: Places
    at: Place


class Named(NamedTuple):
    """A statistic or a group, by name, of a title or of a service configuration.

    Args:
        title: "" where it names the service configuration.
        at: its path in the body.
        home: the field that names the title or the service configuration.
    """

    name: str
    title: str
    scid: str
    at: Parts
    home: str = "scid"


class Batch(NamedTuple):
    """A request under contract 1: these statistics, of these users."""

    users: Places
    wanted: tuple[Wanted, ...]


class GroupedBatch(NamedTuple):
    """A request under contract 2."""

    users: Places
    groups: tuple[Named, ...]
    stats: tuple[Named, ...]


def parse_batch(body: JsonObject) -> Batch:
    """Read a batch under contract 1.

    Raises:
        Refusal: 400.
    """
    _check_dialect(body, BATCH, GROUPED_BATCH, "This request is of contract 1, and {} is a field of contract 2.")
    check_fields(BATCH, body, removable=False)
    require_fields(BATCH, body)
    wanted = tuple(_wanted(entry, ("requestedscids", number)) for number, entry in enumerate(body["requestedscids"]))
    users = _once(body["requestedusers"], ("requestedusers",))
    return Batch(users, _first_of_each(wanted, lambda part: (part.scid.lower(), tuple(part.names))))


def parse_grouped_batch(body: JsonObject) -> GroupedBatch:
    """Read a batch under contract 2.

    Raises:
        Refusal: 400.
    """
    _check_dialect(body, GROUPED_BATCH, BATCH, "This request is of contract 2, and {} is a field of contract 1.")
    check_fields(GROUPED_BATCH, body, removable=False)
    require_fields(GROUPED_BATCH, body)
    batch = GroupedBatch(_once(body["xuids"], ("xuids",)), _named(body, "groups"), _named(body, "stats"))
    if not batch.groups and not batch.stats:
        raise bad_body("A batch asks for stats, or for groups of them.", where=("stats",), rule="STAT-3")
    return batch


def parse_names(names: str) -> Places:
    """The names in the path of a GET.

    Raises:
        Refusal: 400 for more than ten, or 600 characters, or one that is empty or cannot be printed (STAT-4).
    """
    asked = names.split(",")
    if len(asked) > MOST_NAMES or len(names) > LONGEST_NAMES:
        most = f"At most {MOST_NAMES} names, of {LONGEST_NAMES} characters with their commas"
        what = f"{most}; got {len(asked)} of {len(names)} characters."
        raise Refusal(400, what, where="the URI", rule="STAT-4")
    if (
        "" in asked or not names.isprintable() or "\ufffd" in names
    ):  # the character in place of bytes that are not UTF-8
        raise Refusal(400, f"A statistic has a printable name; got {brief(names)}.", where="the URI", rule="STAT-4")
    return dict.fromkeys(asked, "the URI")


def parse_user(part: str) -> str:
    """The xuid in the path of a GET, as `xuid(...)` has it.

    Raises:
        Refusal: 400.
    """
    match = re.fullmatch(XUID, part)
    if match is None or digits.misfit(match[1]):
        what = f"A user is named as xuid(<decimal digits, at most 64 bits>), not {brief(part)}."
        raise Refusal(400, what, where="the URI", rule="STAT-4")
    return match[1]


def _check_dialect(body: JsonObject, own: Mapping[str, Field], other: Mapping[str, Field], what: str) -> None:
    for field in body:
        if field in other and field not in own:
            raise bad_body(what.format(field), where=(field,), rule="STAT-13")


def _once(values: list[Json], at: Parts) -> Places:
    """The values as strings, each once, in their order, with its first place (STAT-2, STAT-11)."""
    places: dict[str, Place] = {}
    for number, value in enumerate(values):
        places.setdefault(str(value), (*at, number))
    return places


def _first_of_each(items: Iterable[Item], key: Callable[[Item], object]) -> tuple[Item, ...]:
    """The items without those that repeat an earlier one (STAT-11)."""
    first: dict[object, Item] = {}
    for item in items:
        first.setdefault(key(item), item)
    return tuple(first.values())


def _wanted(entry: JsonObject, at: Parts) -> Wanted:
    return Wanted(entry["scid"], _once(entry["requestedstats"], (*at, "requestedstats")), (*at, "scid"))


def _named(body: JsonObject, field: str) -> tuple[Named, ...]:
    named = (_one_named(entry, (field, number)) for number, entry in enumerate(body.get(field, [])))
    return _first_of_each(named, lambda one: (one.name, one.title, one.scid.lower()))


def _one_named(entry: JsonObject, at: Parts) -> Named:
    homes = [key for key in ("titleId", "titleid", "scid") if key in entry]
    if len(homes) != 1:
        what = f"Expected either titleId or scid; got {' and '.join(homes) or 'neither'}."
        raise bad_body(what, where=at, rule="STAT-3")
    [home] = homes
    title, scid = ("", entry["scid"]) if home == "scid" else (str(entry[home]), "")
    return Named(entry["name"], title, scid, at, home)
