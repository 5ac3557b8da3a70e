"""Statistics as a client receives them, in each dialect."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from pytest_xbl.userstats.model import Definition, Statistic, Values
from pytest_xbl.userstats.view import (
    Group,
    Listed,
    Player,
    Reached,
    get_as_json,
    grouped_as_json,
    stats_as_json,
    user_as_json,
    users_as_json,
)

SCID = "5c1d0000-0000-4000-8000-00000000000a"
OTHER = "5C1D0000-0000-4000-8000-00000000000B"
KILLS = Statistic("Integer", 7, '{"map": "Forge"}')
ACCURACY = Statistic("Double", 0.5)
RANK = Statistic("String", "Major", "{}")
SEEN = Statistic("DateTime", datetime(2026, 1, 1, 12, tzinfo=timezone.utc))
ALL = Reached(SCID, [("rank", RANK), ("kills", KILLS), ("accuracy", ACCURACY), ("seen", SEEN)])
SHOWN: list[dict[str, Any]] = [
    {"statname": "rank", "type": "String", "value": "Major"},
    {"statname": "kills", "type": "Integer", "value": 7},
    {"statname": "accuracy", "type": "Double", "value": 0.5},
    {"statname": "seen", "type": "DateTime", "value": "2026-01-01T12:00:00.0000000Z"},
]
SHOWN_AS_STRINGS = [{**one, "value": str(one["value"])} for one in SHOWN]
SHOWN_AS = {"numbers": SHOWN, "strings": SHOWN_AS_STRINGS}
STACY = Player("7", "Stacy", [ALL, Reached(OTHER, [])])
NOBODY = Player("8", "", [Reached(SCID, []), Reached(OTHER, [("kills", ACCURACY)])])

both_forms = pytest.mark.parametrize("values", ["numbers", "strings"])


def keys(value: Any) -> Any:
    """The keys of objects, in their order, however deep."""
    if isinstance(value, dict):
        return [(key, keys(inner)) for key, inner in value.items()]
    return [keys(inner) for inner in value] if isinstance(value, list) else None


# Contract 1


@both_forms
def test_statistics_have_name_type_and_value(values: Values) -> None:
    """In the order in which they were asked for, numbers bare or as strings (STAT-1, STAT-2, STAT-8)."""
    shown = stats_as_json(ALL, values)
    assert (shown, keys(shown)) == (SHOWN_AS[values], keys(SHOWN))
    assert [type(one["value"]) for one in shown] == [type(one["value"]) for one in SHOWN_AS[values]]


@both_forms
def test_a_batch_shows_users_and_below_each_the_service_configurations(values: Values) -> None:
    """All that were asked for, those with nothing too; a gamertag only where there is one (STAT-1, STAT-2)."""
    answer = users_as_json([STACY, NOBODY], values)
    half = {"statname": "kills", "type": "Double", "value": 0.5 if values == "numbers" else "0.5"}
    stacys = [{"scid": SCID, "stats": SHOWN_AS[values]}, {"scid": OTHER, "stats": []}]
    nobodys = [{"scid": SCID, "stats": []}, {"scid": OTHER, "stats": [half]}]
    expected = {"users": [{"xuid": "7", "gamertag": "Stacy", "scids": stacys}, {"xuid": "8", "scids": nobodys}]}
    assert answer == expected
    assert keys(answer) == keys(expected)
    assert users_as_json([], values) == {"users": []}


@both_forms
def test_one_user_is_shown_as_the_page_does_and_with_strings_to_native_clients_as_well(values: Values) -> None:
    """Below `user`, without the service configuration; they read `xuid` and `scids` (STAT-4, STAT-8, STAT-9).

    Somebody without gamertag and statistics is still shown, with an empty list (STAT-2).
    """
    answer = user_as_json(STACY, values)
    native = {"xuid": "7", "scids": [{"scid": SCID, "stats": SHOWN_AS_STRINGS}]}
    user = {"xuid": "7", "gamertag": "Stacy", "stats": SHOWN_AS[values]}
    expected = {"user": user, **(native if values == "strings" else {})}
    assert (answer, keys(answer)) == (expected, keys(expected))
    assert user_as_json(NOBODY, values)["user"] == {"xuid": "8", "stats": []}


# Contracts 2 and 3

NAMED = Definition(display_name="Shots that hit")
SHOWN_IN_A_LIST: list[tuple[Listed, dict[str, Any]]] = [
    # a statistic, and how it is shown
    (
        Listed("kills", SCID, KILLS, title="1"),
        {"xuid": "7", "scid": SCID, "titleid": "1", "name": "kills", "type": "Integer", "value": "7", "properties": {}},
    ),
    (
        Listed("accuracy", OTHER, ACCURACY, NAMED),
        {"xuid": "7", "scid": OTHER, "name": "accuracy", "type": "Double", "value": "0.5"}
        | {"properties": {"DisplayName": "Shots that hit"}},
    ),
    (
        Listed("seen", SCID, SEEN, Definition("DateTime", group="Hero", ordinal=1)),
        {"xuid": "7", "scid": SCID, "name": "seen", "type": "DateTime", "value": "2026-01-01T12:00:00.0000000Z"}
        | {"properties": {}},
    ),
]
LISTED = [listed for listed, _ in SHOWN_IN_A_LIST]


def list_of(xuid: str, *stats: dict[str, Any]) -> dict[str, Any]:
    """The statistics of one user."""
    return {"arrangebyfield": "xuid", "arrangebyfieldid": xuid, "stats": list(stats)}


def test_a_get_is_answered_with_one_list_and_nothing_else() -> None:
    """Its statistics say nothing of groups; there is metadata where there is any, for who asks (STAT-4, STAT-9)."""
    kills, *others = (shown for _, shown in SHOWN_IN_A_LIST)
    expected = {"statlistscollection": [list_of("7", kills, *others)]}
    answer = get_as_json([("7", LISTED)], metadata=False)
    assert (answer, keys(answer)) == (expected, keys(expected))
    told = {**kills, "valuemetadata": '{"map": "Forge"}'}
    assert get_as_json([("7", LISTED)], metadata=True) == {"statlistscollection": [list_of("7", told, *others)]}


def test_a_batch_shows_each_user_and_statistics_in_no_group() -> None:
    """Lower-case keys, values as strings, nobody left out; each says how it was asked for (STAT-2, STAT-3, STAT-8)."""
    stats = [{"groupproperties": {}, **shown} for _, shown in SHOWN_IN_A_LIST]
    expected = {"groups": [], "statlistscollection": [list_of("7", *stats), list_of("8")]}
    answer = grouped_as_json([], [("7", LISTED), ("8", [])])
    assert (answer, keys(answer)) == (expected, keys(expected))


WINS = Definition("Integer", "open", "Hero", 2, "Descending", "Wins", "Integer", "Best")


def test_a_group_shows_what_is_said_of_its_statistics() -> None:
    """All as strings, and what nobody has reached without a value; the title only if it was named (STAT-3, STAT-10)."""
    lists = [("7", [Listed("wins", SCID, KILLS, WINS), Listed("rate", SCID, None, Definition("Double", ordinal=0))])]
    entry = {"xuid": "7", "scid": SCID, "name": "wins", "type": "Integer", "value": "7"}
    wins = {
        "groupproperties": {
            "Ordinal": "2",
            "SortOrder": "Descending",
            "DisplayName": "Wins",
            "DisplayFormat": "Integer",
            "DisplaySemantic": "Best",
        },
        **entry,
        "properties": {"DisplayName": "Wins"},
    }
    rate = {"groupproperties": {"Ordinal": "0"}, "xuid": "7", "scid": SCID, "name": "rate", "type": "Double"}
    shown = [list_of("7", wins, {**rate, "properties": {}})]
    expected = {
        "groups": [
            {"name": "Hero", "titleid": "1", "statlistscollection": shown},
            {"name": "Hero", "statlistscollection": shown},
            {"name": "Best", "titleid": "1", "statlistscollection": []},
        ],
        "statlistscollection": [],
    }
    answer = grouped_as_json([Group("Hero", "1", lists), Group("Hero", "", lists), Group("Best", "1", [])], [])
    assert (answer, keys(answer)) == (expected, keys(expected))
