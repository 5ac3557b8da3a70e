"""The statistics of a seed: values of users, and definitions of titles (STAT)."""

from __future__ import annotations

from bodies import SCID
from errors import error_of
from pytest_xbl.mpsd.titles import Title
from pytest_xbl.userstats.model import Definition
from pytest_xbl.world.state import START
from seeds import NOON, OTHER, PEOPLE, Row, SeedDict, refusals, refused, world


def test_users_have_the_values_of_the_seed() -> None:
    """Values of every type, alone or as an object (STAT-4, STAT-5)."""
    values = {
        "wins": 3,
        "rating": 1.5,
        "map": "dunes",
        "seen": START,
        "first": {"value": NOON, "type": "DateTime"},
        "told": {"value": NOON},
        "best": {"value": 7, "metadata": {"map": "hills"}},
        "there": {"value": 8, "name": "wins", "scid": OTHER},
        "nothing": None,
    }
    state = world({"users": PEOPLE, "statistics": {"users": {"Ana": values, "Cid": {}}}})._world.snapshot()
    assert {scid: {name: tuple(one) for name, one in held.items()} for (scid, _), held in state.statistics.items()} == {
        SCID: {
            "wins": ("Integer", 3, None),
            "rating": ("Double", 1.5, None),
            "map": ("String", "dunes", None),
            "seen": ("DateTime", START, None),
            "first": ("DateTime", START, None),
            "told": ("String", NOON, None),
            "best": ("Integer", 7, '{"map": "hills"}'),
        },
        OTHER.lower(): {"wins": ("Integer", 8, None)},
    }


def test_titles_define_statistics() -> None:
    """Types, access, groups, titles, and how values are shown (STAT-5 to STAT-8, STAT-14, STAT-16)."""
    definitions = {
        "rating": {"type": "Double"},
        "coins": {"access": "restricted"},
        "wins": {"type": "Integer", "group": "Hero", "ordinal": 1, "sortOrder": "Descending"}
        | {"displayName": "Total wins", "displayFormat": "Integer", "displaySemantic": "Best"},
        "there": {"name": "rating", "scid": OTHER, "type": "String"},
    }
    platforms = {"uwp-desktop": {"pfn": "Contoso.Game_8wekyb3d8bbwe"}}
    titles = {"7": OTHER, "8": {"platforms": platforms}, "9": {"scid": OTHER}}
    more = {"titles": titles, "scids": [OTHER.replace("A", "B")], "values": "strings", "sandbox": "XDKS.1"}
    statistics = {"definitions": definitions, **more, "users": {"Ana": {"rating": 3}}}
    state = world({"users": PEOPLE, "statistics": statistics})._world.snapshot()
    assert dict(state.definitions) == {
        SCID: {
            "rating": Definition("Double"),
            "coins": Definition(access="restricted"),
            "wins": Definition("Integer", "open", "Hero", 1, "Descending", "Total wins", "Integer", "Best"),
        },
        OTHER.lower(): {"rating": Definition("String")},
        OTHER.replace("A", "b"): {},
    }
    assert dict(state.titles) == {
        "1719000001": Title(SCID),
        "7": Title(OTHER),
        "8": Title(SCID, platforms),
        "9": Title(OTHER),
    }
    assert (state.values, state.sandbox) == ("strings", "XDKS.1")
    assert tuple(state.reached(SCID, "11")["rating"]) == ("Double", 3.0, None)


def test_a_later_seed_adds_to_the_statistics() -> None:
    """And leaves as it is what it does not name (STAT-6, STAT-8)."""
    xbl = world({"users": PEOPLE, "statistics": {"values": "strings", "sandbox": "X", "users": {"Ana": {"wins": 1}}}})
    xbl.seed({"statistics": {"users": {"Ana": {"rank": 2}}, "scids": [SCID.upper()]}})
    state = xbl._world.snapshot()
    assert (state.values, state.sandbox, list(state.reached(SCID, "11"))) == ("strings", "X", ["wins", "rank"])


def named(label: str) -> str:
    """The text about a name that no statistic has."""
    return f'A statistic has a name without commas and slashes, not "{label}".'


KINDS = "an integer of 64 bits, a finite float, a string or a datetime in a time zone"
# Statistics that are refused, by the place in them, the rule and the text.
REFUSED: dict[str, list[SeedDict]] = {
    '/users/Zoe SEED-2: There is no user "Zoe"; there are: Ana, Bob, Cid.': [{"users": {"Zoe": {"wins": 1}}}],
    '/users/server SEED-2: There is no user "server"; there are: Ana, Bob, Cid.': [{"users": {"server": {"wins": 1}}}],
    "/users/Ana/wins SEED-1: The field value is required here.": [{"users": {"Ana": {"wins": {"name": "x"}}}}],
    '/users/Ana/seen/value STAT-5: Expected a time with its zone, as "2026-01-01T12:00:00Z".': [
        {"users": {"Ana": {"seen": {"value": "noon", "type": "DateTime"}}}}
    ],
    f"/users/Ana/wins STAT-5: 9223372036854775808 is no statistic: {KINDS}.": [
        {"users": {"Ana": {"rank": 1, "wins": 2**63}}}
    ],
    "/users/Ana/a~0b/name SEED-1: The statistic wins is given twice.": [
        {"users": {"Ana": {"wins": 1, "a~b": {"value": 2, "name": "wins", "scid": SCID.upper()}}}}
    ],
    "/definitions/b/name SEED-1: The statistic a is defined twice.": [
        {"definitions": {"a": {"type": "Integer"}, "b": {"name": "a", "type": "Double", "scid": SCID.upper()}}}
    ],
    "/users/Ana/b STAT-5: The statistic wins is defined as Integer; 'many' is String.": [
        {
            "definitions": {"wins": {"type": "Integer"}},
            "users": {"Ana": {"a": 1, "b": {"value": "many", "name": "wins"}}},
        }
    ],
    "/definitions/a STAT-14: The statistic a is in no group, and only a group shows its ordinal.": [
        {"definitions": {"a": {"type": "Integer", "ordinal": 1}}}
    ],
    f"/users/Ana/ STAT-4: {named('')}": [{"users": {"Ana": {"": 1}}}],
    f"/users/Ana/a,b STAT-4: {named('a,b')}": [{"users": {"Ana": {"a,b": 1}}}],
    f"/users/Ana/wins STAT-4: {named('a,b')}": [{"users": {"Ana": {"wins": {"value": 1, "name": "a,b"}}}}],
    f"/definitions/a~1b STAT-4: {named('a/b')}": [{"definitions": {"a/b": {}}}],
}


@refusals(REFUSED)
def test_statistics_obey_the_rules(given: SeedDict, row: Row) -> None:
    """A seed cannot have what a title could not say (SEED-2, STAT-4, STAT-5)."""
    what, place, rule = row
    document = {"users": PEOPLE, "services": {"server": {}}, "statistics": given}
    assert refused(document) == (what, f"/statistics{place}", rule)


def test_a_definition_that_contradicts_a_value_is_refused() -> None:
    """Also one that was there before (STAT-5)."""
    xbl = world({"users": PEOPLE, "statistics": {"users": {"Ana": {"wins": "many"}}}})
    assert error_of(lambda: xbl.seed({"statistics": {"definitions": {"wins": {"type": "Integer"}}}})) == (
        "The statistic wins is defined as Integer; 'many' is String.\n"
        "where: /statistics/definitions/wins in the seed\nrule: STAT-5"
    )
