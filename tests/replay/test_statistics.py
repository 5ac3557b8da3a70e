"""The statistics that a recording shows (REPL-2)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from archives import BEGAN
from pytest_xbl.replay.recording import Exchange, Message
from pytest_xbl.replay.statistics import statistics_of
from recorded import ONE_XUID, SCID
from tables import cases

LABEL = f"{SCID}/wins"
NAMED = {"name": "wins", "scid": SCID}


def shown(*stats: Any, group: str = "", **more: Any) -> dict[str, Any]:
    """The section of the seed for a response with these statistics, each of One in `wins`."""
    listed = [{"xuid": ONE_XUID, **NAMED, **stat} if isinstance(stat, dict) else stat for stat in stats]
    collection = {"statlistscollection": [{"stats": listed}]}
    body = {"groups": [{"name": group, **more, **collection}]} if group else collection
    url, nothing = urlsplit("https://userstats.xboxlive.com/batch"), Message({})
    message = Message({}, json.dumps(body).encode())
    return statistics_of([Exchange(1, BEGAN, "POST", url, 1, "", nothing, 200, message)], {ONE_XUID: "user 1"})


VALUES: dict[str, tuple[dict[str, Any], dict[str, Any] | None]] = {
    # What a response shows, and the value in the seed.
    "an integer": ({"type": "Integer", "value": "7"}, {"value": 7}),
    "a double": ({"type": "Double", "value": "7.5"}, {"value": 7.5}),
    "a number that is none": ({"type": "Integer", "value": "many"}, None),
    "a number as one": ({"type": "Integer", "value": 7}, {"value": 7}),
    "a text": ({"type": "String", "value": "7"}, {"value": "7"}),
    "a time": (
        {"type": "DateTime", "value": "2016-09-20T00:00:00Z"},
        {"value": "2016-09-20T00:00:00Z", "type": "DateTime"},
    ),
    "no type": ({"value": "x"}, {"value": "x"}),
    "a type that is none": ({"type": 7, "value": "x"}, {"value": "x"}),
    "nothing": ({"type": "Integer"}, None),
}


@cases("stat value", VALUES)
def test_a_value_is_what_its_type_says(stat: dict[str, Any], value: dict[str, Any] | None) -> None:
    """And one that nobody has reached is none (REPL-2)."""
    users = {"user 1": {LABEL: {**value, **NAMED}}} if value else {}
    assert shown(stat)["users"] == users


def test_the_first_value_counts() -> None:
    """Later ones come of what happened meanwhile (REPL-2)."""
    found = shown({"type": "Integer", "value": "7"}, {"type": "Integer", "value": "8"})
    assert found["users"]["user 1"][LABEL]["value"] == 7


@pytest.mark.parametrize("stat", [{"xuid": "1"}, {"xuid": 7}, {"scid": None}, {"name": 7}, "wins", {"xuid": None}])
def test_what_is_nobodys_statistic_is_nothing(stat: Any) -> None:
    """Whatever it is (REPL-2)."""
    assert shown(stat) == {"titles": {}, "users": {}, "definitions": {}}


@pytest.mark.parametrize("body", ["[]", "7", '{"groups": 7}', '{"statlistscollection": [{"stats": 7}]}'])
def test_a_body_of_another_shape_shows_nothing(body: str) -> None:
    """As an error of the service (REPL-2)."""
    url, nothing = urlsplit("https://userstats.xboxlive.com/batch"), Message({})
    exchange = Exchange(1, BEGAN, "POST", url, 1, "", nothing, 400, Message({}, body.encode()))
    assert statistics_of([exchange], {ONE_XUID: "user 1"}) == {"titles": {}, "users": {}, "definitions": {}}


PROPERTIES = {"Ordinal": "3", "SortOrder": "Descending", "DisplayFormat": "Integer", "DisplaySemantic": "Best"}
DEFINITIONS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    # The group, what a response shows, and the definition in the seed.
    "in a group": (
        "Hero",
        {"type": "Double", "groupproperties": PROPERTIES, "properties": {"DisplayName": "Wins"}},
        {
            "type": "Double",
            "group": "Hero",
            "ordinal": 3,
            "sortOrder": "Descending",
            "displayFormat": "Integer",
            "displaySemantic": "Best",
            "displayName": "Wins",
        },
    ),
    "in a group, without a place": ("Hero", {"type": "Double"}, {"type": "Double", "group": "Hero"}),
    "in a group, at a place that is none": (
        "Hero",
        {"type": "Double", "groupproperties": {"Ordinal": "first"}},
        {"type": "Double", "group": "Hero"},
    ),
    "alone": (
        "",
        {"type": "Double", "properties": {"DisplayName": "Wins", "Other": 1}},
        {"type": "Double", "displayName": "Wins"},
    ),
    "alone, with properties of groups": ("", {"type": "Double", "properties": PROPERTIES}, {"type": "Double"}),
    "without a type": ("", {}, {}),
}


@cases("group stat definition", DEFINITIONS)
def test_a_definition_is_what_is_shown_of_it(group: str, stat: dict[str, Any], definition: dict[str, Any]) -> None:
    """Its type, its group and its words (REPL-2)."""
    assert shown(stat, group=group)["definitions"] == {LABEL: {**NAMED, **definition}}


def test_a_group_tells_more_than_a_statistic_alone() -> None:
    """So its definition counts, whichever comes first (REPL-2)."""
    assert shown({"type": "Double"}, group="Hero", titleid="77")["titles"] == {"77": SCID}
    [alone] = shown({"type": "Double"}, {"type": "Integer"})["definitions"].values()
    assert alone["type"] == "Double"
