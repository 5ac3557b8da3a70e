"""Values in a seed: JSON, and times besides; and a seed is a copy (SEED-1)."""

from __future__ import annotations

import enum
import math
from collections.abc import Callable
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from errors import error_of, refusal_of
from pytest_xbl import Seed
from pytest_xbl.arrange.values import plain, require_size
from seeds import SeedDict

NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "value",
    [None, True, "", "a", 0, -(2**63), 2**64 - 1, 1.5, NOON, [], {}, [1, "a", [None, {"a": [NOON]}]], {"": {"b": [1]}}],
)
def test_json_and_times_are_copied_as_they_are(value: Any) -> None:
    """Nothing changes on the way in (SEED-1)."""
    copy = plain(value)
    assert copy == value
    assert type(copy) is type(value)


def test_a_tuple_is_a_list() -> None:
    """As everywhere in JSON."""
    assert plain({"a": (1, ("b",))}) == {"a": [1, ["b"]]}


def test_a_member_of_an_enum_of_strings_is_its_value() -> None:
    """As a value and as a name (SEED-1)."""
    color = enum.Enum("color", {"RED": "red"}, type=str)
    copy = plain({color["RED"]: [color["RED"]]})
    assert (copy, {type(name) for name in (*copy, *copy["red"])}) == ({"red": ["red"]}, {str})


NO_JSON, TOO_LONG = "Expected JSON or a datetime", "Expected an integer of at most 64 bits"
A_DATE = 'the date 2026-01-01, without a time and a zone as in "2026-01-01T12:00:00Z"'
OTHERS: list[tuple[Any, str, str]] = [
    # A value, the place in it that is wrong, and the text about the thing that is there.
    ({"Ana"}, "", f"{NO_JSON}; got {{'Ana'}}."),
    ({"a": [1, b"x"]}, "/a/1", f"{NO_JSON}; got b'x'."),
    ({"a": Decimal(1)}, "/a", f"{NO_JSON}; got Decimal('1')."),
    (
        {"a": date(2026, 1, 1)},
        "/a",
        f"{NO_JSON}; got {A_DATE}.",
    ),
    ({"a": math.nan}, "/a", "Expected a finite number; got nan."),
    ({"a/b": [math.inf]}, "/a~1b/0", "Expected a finite number; got inf."),
    ({"a": -math.inf}, "/a", "Expected a finite number; got -inf."),
    ({"a": 2**64}, "/a", f"{TOO_LONG}; got 18446744073709551616."),
    ({"a": -(2**63) - 1}, "/a", f"{TOO_LONG}; got -9223372036854775809."),
    ({"a": 10**5000}, "/a", f"{TOO_LONG}; got an integer of thousands of digits."),
]


@pytest.mark.parametrize(("value", "where", "text"), OTHERS)
def test_anything_else_is_refused_with_its_place(value: Any, where: str, text: str) -> None:
    """A seed in Python holds nothing that no file could hold (SEED-1)."""
    refusal = refusal_of(lambda: plain(value))
    assert (refusal.what, refusal.where, refusal.rule) == (text, where, "SEED-1")


@pytest.mark.parametrize(
    ("value", "where", "got"), [({1: "a"}, "", "1"), ({"~": [{"a": {(1, 2): {}}}]}, "/~0/0/a", "(1, 2)")]
)
def test_a_name_is_a_string(value: Any, where: str, got: str) -> None:
    """As in JSON; YAML knows other names (SEED-1)."""
    refusal = refusal_of(lambda: plain(value))
    text = f"Expected a string as the name of a field; got {got}. Put it in quotes."
    assert (refusal.what, refusal.where, refusal.rule) == (text, where, "SEED-1")


@pytest.mark.parametrize(
    ("place", "seed"),
    [
        ("/templates/duel/constants", lambda bag: {"templates": {"duel": {"constants": bag}}}),
        ("/templates/duel/roleTypes", lambda bag: {"templates": {"duel": {"roleTypes": bag}}}),
        ("/sessions/one/properties", lambda bag: {"sessions": {"one": {"properties": bag}}}),
        ("/sessions/one/servers", lambda bag: {"sessions": {"one": {"servers": bag}}}),
        ("/handles/go/attributes", lambda bag: {"handles": {"go": {"attributes": bag}}}),
        (
            "/statistics/users/Ana/wins/metadata",
            lambda bag: {"statistics": {"users": {"Ana": {"wins": {"value": 1, "metadata": bag}}}}},
        ),
        (
            "/sessions/one/members/Ana/properties",
            lambda bag: {"sessions": {"one": {"members": {"Ana": {"properties": bag}}}}},
        ),
    ],
)
def test_the_content_of_a_request_has_times_as_strings(place: str, seed: Callable[[SeedDict], SeedDict]) -> None:
    """A request has no others (SEED-1)."""
    for prefix, document in (("", seed), ("/expected", lambda bag: {"expected": seed(bag)})):
        if prefix and place.startswith("/templates"):
            continue  # they are not compared
        text = f"Expected JSON; got {NOON!r}.\nwhere: {prefix}{place}/custom/at/0 in the seed\nrule: SEED-1"
        assert error_of(lambda document=document: Seed(document({"custom": {"at": [NOON]}}))) == text  # type: ignore[misc]


@pytest.mark.parametrize("name", ["constants", "properties", "servers", "roleTypes", "attributes", "metadata"])
def test_a_label_may_be_called_like_a_field_of_a_request(name: str) -> None:
    """A label is no field, wherever it stands, and times are fine inside it (SEED-1)."""
    records: SeedDict = {
        "sessions": {name: {"template": name, "startTime": NOON, "members": {name: {"since": NOON}}}},
        "statistics": {"users": {name: {name: NOON, "other": {"value": NOON, "name": f"{name}s"}}}},
    }
    handle = {"type": "invite", "session": name, "invited": name, "created": NOON}
    document = {"users": [name], "templates": {name: {}}, "handles": {name: handle}, "expected": records, **records}
    loaded = Seed(document)._load(Path())
    assert (list(loaded.sessions), list(loaded.handles)) == ([name], [name])


def test_a_seed_is_a_copy() -> None:
    """Whatever the test does to its dict afterwards."""
    people = ["Ana"]
    document: SeedDict = {"users": people, "sessions": {"one": {"template": "lobby", "members": people}}}
    seed = Seed(document)
    people.append("Bob")
    document["sessions"]["two"] = {"template": "lobby"}
    loaded = seed._load(Path())
    assert (loaded.people, list(loaded.sessions)) == (("Ana",), ["one"])


@pytest.mark.parametrize("kind", [list, tuple, dict])
def test_a_seed_is_as_deep_as_a_file_may_be(kind: type) -> None:
    """So that its dump can be read again; a dict that contains itself is refused with the same text (CALL-12)."""

    def nested(depth: int) -> Any:
        return kind([("a", nested(depth - 1))] if kind is dict else [nested(depth - 1)]) if depth else kind()

    assert plain(nested(71))
    refusal = refusal_of(lambda: plain(nested(72)))
    assert (len(refusal.place), refusal.rule) == (3, "CALL-12")  # as far as a field of a record
    endless: SeedDict = {}
    endless["a"] = endless
    for value in (nested(500), endless):
        assert refusal_of(lambda value=value: plain(value)).what == refusal.what  # type: ignore[misc]
    assert refusal.what == "Objects and lists lie more than 72 deep inside each other."


def repeated(levels: int, of: Any) -> Any:
    """A value ten times in a list, that ten times in another one, and so on."""
    for _ in range(levels):
        of = [of] * 10
    return of


def test_a_seed_has_a_million_values_at_most() -> None:
    """Counted as often as they are there, though in Python and in YAML they are there once (SEED-15)."""
    most = {"a": repeated(5, "x"), "b": {"c": repeated(5, 1)}, "d": ["y"] * 777_776}
    require_size(most)
    refusal = refusal_of(lambda: require_size({**most, "e": None}))
    what = "A seed has at most 1,000,000 values; with every repetition, this one has {}."
    assert (refusal.what, refusal.rule) == (what.format("1,000,001"), "SEED-15")
    custom = {"map": repeated(9, "x")}
    document = {"sessions": {"one": {"template": "lobby", "properties": {"custom": custom}}}}
    assert error_of(lambda: Seed(document)) == f"{what.format('1,111,111,116')}\nwhere: the seed\nrule: SEED-15"
