"""Statistics as a client receives them, in each dialect."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from pytest_xbl.userstats.model import Statistic, Values
from pytest_xbl.userstats.requests import Named
from pytest_xbl.userstats.view import (
    Listed,
    Player,
    Reached,
    groups_as_json,
    lists_as_json,
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
    """In the order in which they were asked for, numbers bare or as strings (STAT-1, STAT-2, STAT-8).

    Metadata stands where there is any: a string that holds JSON, `{}` too; and only for those who ask (STAT-4).
    """
    shown = stats_as_json(ALL, values)
    assert (shown, keys(shown)) == (SHOWN_AS[values], keys(SHOWN))
    assert [type(one["value"]) for one in shown] == [type(one["value"]) for one in SHOWN_AS[values]]
    rank, kills, accuracy, seen = SHOWN_AS[values]
    rank, kills = {**rank, "valuemetadata": "{}"}, {**kills, "valuemetadata": '{"map": "Forge"}'}
    assert stats_as_json(ALL, values, metadata=True) == [rank, kills, accuracy, seen]


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


def test_one_user_is_shown_with_metadata_in_both_places() -> None:
    """Whatever a client reads, it has it (STAT-4, STAT-9)."""
    stats = [{"statname": "kills", "type": "Integer", "value": "7", "valuemetadata": '{"map": "Forge"}'}]
    player = Player("7", "Stacy", [Reached(SCID, [("kills", KILLS)])])
    assert user_as_json(player, "strings", metadata=True) == {
        "user": {"xuid": "7", "gamertag": "Stacy", "stats": stats},
        "xuid": "7",
        "scids": [{"scid": SCID, "stats": stats}],
    }


# Contract 2

BY_TITLE = Named("kills", "1", "", ("stats", 0))
BY_SCID = Named("accuracy", "", OTHER, ("stats", 1))
WITHOUT_METADATA = Named("seen", "", SCID, ("stats", 2))
LISTED = [Listed(BY_TITLE, SCID, KILLS), Listed(BY_SCID, OTHER, ACCURACY), Listed(WITHOUT_METADATA, SCID, SEEN)]
LISTS: list[dict[str, Any]] = [
    {
        "arrangebyfield": "xuid",
        "arrangebyfieldid": "7",
        "stats": [
            {"xuid": "7", **home, "name": name, "type": kind, "value": value, "properties": {}}
            for home, name, kind, value in (
                ({"titleid": "1", "scid": SCID}, "kills", "Integer", "7"),
                ({"scid": OTHER}, "accuracy", "Double", "0.5"),
                ({"scid": SCID}, "seen", "DateTime", "2026-01-01T12:00:00.0000000Z"),
            )
        ],
    },
    {"arrangebyfield": "xuid", "arrangebyfieldid": "8", "stats": []},
]


def test_a_list_shows_each_user_and_names_statistics_as_they_were_asked_for() -> None:
    """Lower-case keys, values as strings, and nobody left out (STAT-2, STAT-3, STAT-8, STAT-10).

    Metadata stands where there is any, for those who ask (STAT-4).
    """
    lists = lists_as_json([("7", LISTED), ("8", [])])
    assert (lists, keys(lists)) == (LISTS, keys(LISTS))
    [shown] = lists_as_json([("7", LISTED)], metadata=True)
    kills, *others = LISTS[0]["stats"]
    assert shown["stats"] == [{**kills, "valuemetadata": '{"map": "Forge"}'}, *others]


def test_groups_are_there_and_empty_for_every_user() -> None:
    """Each under the name it was asked for, of its title or service configuration (STAT-10)."""
    empty: list[Any] = [{"arrangebyfield": "xuid", "arrangebyfieldid": xuid, "stats": []} for xuid in ("8", "7")]
    asked = [Named("hero", "1", "", ("groups", 0)), Named("best", "", OTHER, ("groups", 1))]
    groups = groups_as_json(asked, ["8", "7"])
    expected = [
        {"name": "hero", "titleid": "1", "statlistscollection": empty},
        {"name": "best", "scid": OTHER, "statlistscollection": empty},
    ]
    assert (groups, keys(groups)) == (expected, keys(expected))
    assert groups_as_json([], ["7"]) == []
