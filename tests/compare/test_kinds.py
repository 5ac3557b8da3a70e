"""The kinds of changes (TAP-5)."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_xbl.compare.differences import ABSENT
from pytest_xbl.compare.kinds import COMPARED, is_full, kind_of
from pytest_xbl.mpsd.schema import CHANGE_TYPES

MEMBER = ("members", "2533274790000001")
SYSTEM = ("properties", "system")
MATCH = ("servers", "matchmaking")
MATCH_SYSTEM = (*MATCH, "properties", "system")
TARGET = {"scid": "a", "templateName": "b", "name": "c"}


@pytest.mark.parametrize(
    ("path", "before", "after", "kind"),
    [
        ((), {}, {"a": 1}, ""),
        (("members",), {}, {"0": {}}, ""),
        (MEMBER, ABSENT, {}, "membersList"),
        ((*MEMBER, "next"), 1, 2, ""),
        ((*MEMBER, "gamertag"), "Ana", "Anna", ""),
        ((*MEMBER, "reserved"), True, ABSENT, "membersStatus"),
        ((*MEMBER, "initializationEpisode"), 1, ABSENT, ""),
        ((*MEMBER, "initializationFailure"), ABSENT, "timeout", ""),
        ((*MEMBER, "properties"), {}, {"system": {}}, ""),
        ((*MEMBER, "properties"), {}, {"system": {"ready": True}}, "membersStatus"),
        ((*MEMBER, "properties", "custom"), ABSENT, {}, "membersCustomProperty"),
        ((*MEMBER, "properties", "custom", "a", 0), 1, 2, "membersCustomProperty"),
        ((*MEMBER, *SYSTEM, "active"), ABSENT, True, "membersStatus"),
        ((*MEMBER, *SYSTEM, "ready"), True, ABSENT, "membersStatus"),
        ((*MEMBER, *SYSTEM, "ready"), False, ABSENT, ""),
        ((*MEMBER, *SYSTEM, "groups"), [], ["a"], ""),
        ((*MEMBER, "constants", "custom", "a"), 1, 2, ""),
        (("membersInfo",), {}, {"count": 1}, ""),
        (("membersInfo", "count"), 1, 2, "membersList"),
        (("membersInfo", "accepted"), 1, 2, ""),
        (("membersInfo", "active"), 1, 2, ""),
        (("membersInfo", "next"), 1, 2, ""),
        ((*SYSTEM, "host"), "aa", "bb", "host"),
        ((*SYSTEM, "host"), "aa", "AA", ""),
        ((*SYSTEM, "host"), ABSENT, "AA", "host"),
        ((*SYSTEM, "closed"), False, True, "joinability"),
        ((*SYSTEM, "closed"), ABSENT, False, ""),
        ((*SYSTEM, "locked"), True, ABSENT, "joinability"),
        ((*SYSTEM, "joinRestriction"), "none", "local", "joinability"),
        ((*SYSTEM, "joinRestriction"), ABSENT, "none", ""),
        ((*SYSTEM, "turn", 0), 0, 1, ""),
        (("properties", "custom"), {}, {"a": 1}, "customProperty"),
        (("properties", "custom", "host"), "aa", "AA", "customProperty"),
        (("constants", "custom", "a"), 1, 2, ""),
        (("initializing",), ABSENT, {"stage": "joining"}, "initialization"),
        (("initializing", "stage"), "joining", "measuring", "initialization"),
        (("initializing", "episode"), 1, 2, ""),
        (("initializing", "stageStartTime"), "a", "b", ""),
        (MATCH, ABSENT, {}, "matchmakingStatus"),
        ((*MATCH, "properties"), {}, {"custom": {}}, ""),
        ((*MATCH, "properties"), {}, {"system": {"status": "found"}}, "matchmakingStatus"),
        ((*MATCH_SYSTEM, "status"), "searching", "found", "matchmakingStatus"),
        ((*MATCH_SYSTEM, "status"), "found", "Found", ""),
        ((*MATCH_SYSTEM, "typicalWait"), 1, 2, ""),
        ((*MATCH_SYSTEM, "targetSessionRef"), ABSENT, TARGET, "matchmakingStatus"),
        ((*MATCH_SYSTEM, "targetSessionRef"), TARGET, {**TARGET, "scid": "A"}, ""),
        ((*MATCH_SYSTEM, "targetSessionRef", "name"), "c", "C", ""),
        ((*MATCH_SYSTEM, "targetSessionRef", "name"), "c", "d", "matchmakingStatus"),
        (("servers", "other"), ABSENT, {}, ""),
        ((*MEMBER, "roles", "team"), "red", "blue", "roles"),
        (("roleTypes", "team", "roles", "red", "count"), 0, 1, "roles"),
        ((*SYSTEM, "scheduledTime"), ABSENT, "x", "scheduledtime"),
        (("changeNumber",), 1, 2, ""),
    ],
    ids=lambda value: "/" + "/".join(map(str, value)) if isinstance(value, tuple) else str(value),
)
def test_the_kind_of_a_change_follows_from_its_place_and_values(
    path: tuple[str | int, ...], before: Any, after: Any, kind: str
) -> None:
    """As clients compare two versions; many changes have none (TAP-5)."""
    assert kind_of(path, before, after) == kind


@pytest.mark.parametrize(("fills", "kind"), [(False, "membersList"), (True, "joinability")])
def test_the_number_of_members_is_joinability_where_it_fills_the_session(fills: bool, kind: str) -> None:
    """The members who come or go are the list (TAP-5)."""
    assert kind_of(("membersInfo", "count"), 1, 2, fills=fills) == kind


@pytest.mark.parametrize(
    ("count", "most", "full"),
    [
        ({"count": 2}, {"maxMembersCount": 2}, True),
        ({"count": 1}, {"maxMembersCount": 2}, False),
        ({"count": 2}, {}, False),
        (7, {"maxMembersCount": 2}, False),
        ({}, {}, False),
    ],
)
def test_a_document_that_shows_all_members_it_can_have_is_full(count: Any, most: Any, full: bool) -> None:
    """A part of a document, too (TAP-5)."""
    assert is_full({"membersInfo": count, "constants": {"system": most}}) == full


def test_clients_can_subscribe_to_every_kind() -> None:
    """There is a kind for each of their names but the one for everything, and the list of members (TAP-5)."""
    assert {one.kind for one in COMPARED} | {"membersList"} == set(CHANGE_TYPES) - {"everything"}
