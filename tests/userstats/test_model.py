"""Statistics: types, definitions, and the text of values."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone, tzinfo
from enum import IntEnum
from typing import get_args

import pytest

from errors import told_of
from pytest_xbl.userstats.model import (
    PLAIN,
    Definition,
    Statistic,
    StatisticType,
    Value,
    Values,
    as_json,
    as_text,
    grouped,
    require_group,
    statistic,
)

NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
NONE = "{} is no statistic: an integer of 64 bits, a finite float, a string or a datetime in a time zone."


class Medal(IntEnum):
    """Something that is an integer, and more than that."""

    GOLD = 1


def test_a_title_that_says_nothing_takes_any_type_and_shows_it_to_all() -> None:
    """So a test need not define what it sets (STAT-5, STAT-6)."""
    assert Definition() == PLAIN == (None, "open", None, None, None, None, None, None)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        *((value, "Integer") for value in (7, 0, -(2**63), 2**63 - 1)),
        *((value, "Double") for value in (7.0, -0.5, 1e308)),
        *((value, "String") for value in ("", "7", "Größe")),
        (NOON, "DateTime"),
    ],
)
def test_the_type_follows_from_the_value(value: Value, kind: StatisticType) -> None:
    """And the value stays as it is; it has no metadata unless a test gives it some (STAT-4, STAT-5)."""
    assert statistic("kills", value, PLAIN).metadata is None
    held = statistic("kills", value, PLAIN, '{"a": 1}')
    assert held == Statistic(kind, value, '{"a": 1}')
    assert type(held.value) is type(value)


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, 2**63, -(2**63) - 1, float("nan"), float("inf"), float("-inf"), b"7", [7], {"a": 7}, 7j),
        *(Medal.GOLD, NOON.replace(tzinfo=None)),
    ],
)
@pytest.mark.parametrize("definition", [PLAIN, Definition("Double")])
def test_what_is_no_statistic_is_refused(value: object, definition: Definition) -> None:
    """Of other types, out of the bounds that JSON and clients have, or not to be told exactly (STAT-5)."""
    refused = told_of(lambda: statistic("kills", value, definition))
    assert refused == (400, "", NONE.format(repr(value)), "STAT-5")


@pytest.mark.parametrize(
    ("value", "shown"), [(2**128 - 1, str(2**128 - 1)), (-(2**128), "An integer of 129 bits")], ids=["128", "129"]
)
def test_a_long_integer_is_not_written_out(value: int, shown: str) -> None:
    """Of more than 128 bits: Python refuses to write the longest (STAT-5)."""
    assert told_of(lambda: statistic("kills", value, PLAIN)) == (400, "", NONE.format(shown), "STAT-5")


@pytest.mark.parametrize(
    ("kind", "value"), [("Integer", 7), ("Double", 7.5), ("String", "7"), ("DateTime", NOON), (None, 7), (None, "7")]
)
def test_a_value_of_the_type_that_the_title_has_defined_stays_as_it_is(kind: StatisticType, value: Value) -> None:
    """The definition asks for just that type (STAT-5, STAT-11)."""
    assert statistic("kills", value, Definition(kind)).value == value


def test_an_integer_can_be_a_double() -> None:
    """It is a float from then on, and keeps its metadata (STAT-11)."""
    held = statistic("time", 7, Definition("Double"), "{}")
    assert held == Statistic("Double", 7.0, "{}")
    assert type(held.value) is float


@pytest.mark.parametrize(
    ("kind", "value", "is_of"),
    [
        *(("Integer", value, is_of) for value, is_of in ((7.0, "Double"), ("7", "String"))),
        *(("Double", value, is_of) for value, is_of in (("7", "String"), (NOON, "DateTime"))),
        *(("String", value, is_of) for value, is_of in ((7, "Integer"), (NOON, "DateTime"))),
        *(("DateTime", value, is_of) for value, is_of in (("2026-01-01T12:00:00Z", "String"), (7.5, "Double"))),
    ],
)
def test_a_value_of_another_type_than_the_title_has_defined_is_refused(
    kind: StatisticType, value: Value, is_of: str
) -> None:
    """Only an integer passes for something else (STAT-5, STAT-11)."""
    what = f"The statistic best is defined as {kind}; {value!r} is {is_of}."
    assert told_of(lambda: statistic("best", value, Definition(kind))) == (400, "", what, "STAT-5")


LATER = "2026-01-01T12:00:00.1234560Z"
WRITTEN: list[tuple[Statistic, str, int | float | str]] = [
    # a statistic; as native clients parse it; as the page shows it
    (Statistic("Integer", 7), "7", 7),
    (Statistic("Integer", -(2**63)), "-9223372036854775808", -(2**63)),
    (Statistic("Double", 7.0), "7", 7.0),
    (Statistic("Double", -92173.0), "-92173", -92173.0),
    (Statistic("Double", 1e300), "1e+300", 1e300),
    (Statistic("Double", 0.1), "0.1", 0.1),
    (Statistic("String", "7"), "7", "7"),
    (Statistic("String", "7.0"), "7.0", "7.0"),
    (Statistic("String", ""), "", ""),
    (Statistic("DateTime", NOON), "2026-01-01T12:00:00.0000000Z", "2026-01-01T12:00:00.0000000Z"),
    (Statistic("DateTime", NOON.replace(microsecond=123456)), LATER, LATER),
]


class Local(datetime):
    """A time on a machine whose own zone is that of Tokyo."""

    def astimezone(self, tz: tzinfo | None = timezone(timedelta(hours=9))) -> Local:
        """The same moment in another zone."""
        return super().astimezone(tz)


def test_a_time_is_written_in_utc_whatever_the_zone_of_the_machine() -> None:
    """With the Z that says so (STAT-8, CALL-8)."""
    noon = Local(2026, 1, 1, 14, tzinfo=timezone(timedelta(hours=2)))
    assert as_text(Statistic("DateTime", noon)) == "2026-01-01T12:00:00.0000000Z"


@pytest.mark.parametrize(("held", "text", "bare"), WRITTEN)
@pytest.mark.parametrize("values", get_args(Values))
def test_only_numbers_have_two_forms(held: Statistic, text: str, bare: float | str, values: Values) -> None:
    """Bare, as the page shows them, or strings, as native clients parse them; dates as everywhere (STAT-8, CALL-8)."""
    assert as_text(held) == text
    shown = as_json(held, values)
    expected = bare if values == "numbers" else text
    assert (shown, type(shown)) == (expected, type(expected))


# Groups


@pytest.mark.parametrize(
    "definition",
    [
        PLAIN,
        Definition("Integer", display_name="Kills"),
        Definition("Integer", group="Hero"),
        Definition("Integer", "restricted", "Hero", 0, "", "", "", ""),
    ],
)
def test_a_group_needs_no_more_than_a_type(definition: Definition) -> None:
    """And a statistic outside of groups has a display name at most (STAT-14)."""
    require_group("kills", definition)


@pytest.mark.parametrize(
    ("definition", "what"),
    [
        *(
            (Definition("Integer", **said), f"The statistic kills is in no group, and only a group shows its {shown}.")
            for said, shown in (
                ({"ordinal": 0}, "ordinal"),
                ({"sort_order": "", "display_format": ""}, "sort order"),
                ({"display_format": "Integer"}, "display format"),
                ({"display_semantic": "Best"}, "display semantic"),
            )
        ),
        (
            Definition(group="Hero"),
            (
                "A group also shows statistics without a value, so kills needs a type: "
                "Integer, Double, String, DateTime."
            ),
        ),
    ],
)
def test_a_definition_that_no_group_can_show_is_refused(definition: Definition, what: str) -> None:
    """Nothing that a test says of a statistic is left unseen (STAT-14)."""
    assert told_of(lambda: require_group("kills", definition)) == (400, "", what, "STAT-14")


def test_a_group_is_in_the_order_of_its_ordinals() -> None:
    """Those without one come first, and what is alike is in the order of the definitions (STAT-14)."""
    ordinals = {"last": 7, "zero": 0, "also zero": 0, "none": None, "also none": None, "first": 1}
    definitions = {name: Definition("Integer", group="Hero", ordinal=ordinal) for name, ordinal in ordinals.items()}
    definitions["elsewhere"] = Definition("Integer", group="hero")
    assert grouped(definitions, "Hero") == ["none", "also none", "zero", "also zero", "first", "last"]
