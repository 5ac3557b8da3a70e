"""The kinds of changes (TAP-1)."""

from __future__ import annotations

import pytest

from pytest_xbl.compare.kinds import PATHS, kind_of
from pytest_xbl.mpsd.schema import CHANGE_TYPES

MEMBER = ("members", "2533274790000001")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ((), ""),
        (("members",), ""),
        (MEMBER, "membersList"),
        ((*MEMBER, "next"), ""),
        ((*MEMBER, "gamertag"), ""),
        ((*MEMBER, "reserved"), "membersStatus"),
        ((*MEMBER, "initializationEpisode"), "initialization"),
        ((*MEMBER, "initializationFailure"), "initialization"),
        ((*MEMBER, "properties"), ""),
        ((*MEMBER, "properties", "custom"), "membersCustomProperty"),
        ((*MEMBER, "properties", "custom", "a", 0), "membersCustomProperty"),
        ((*MEMBER, "properties", "system", "active"), "membersStatus"),
        ((*MEMBER, "properties", "system", "ready"), "membersStatus"),
        ((*MEMBER, "properties", "system", "groups"), ""),
        ((*MEMBER, "constants", "custom", "a"), ""),
        (("membersInfo",), "membersList"),
        (("membersInfo", "count"), "membersList"),
        (("properties", "system", "host"), "host"),
        (("properties", "system", "closed"), "joinability"),
        (("properties", "system", "locked"), "joinability"),
        (("properties", "system", "joinRestriction"), "joinability"),
        (("properties", "system", "turn", 0), ""),
        (("properties", "custom"), "customProperty"),
        (("properties", "custom", "host"), "customProperty"),
        (("constants", "custom", "a"), ""),
        (("initializing", "stage"), "initialization"),
        (("servers", "matchmaking", "properties"), "matchmakingStatus"),
        (("servers", "other"), ""),
        ((*MEMBER, "roles", "team"), "roles"),
        (("roleTypes", "team", "roles", "red", "count"), "roles"),
        (("properties", "system", "scheduledTime"), "scheduledtime"),
        (("changeNumber",), ""),
    ],
    ids=lambda value: "/" + "/".join(map(str, value)) if isinstance(value, tuple) else value or "none",
)
def test_the_kind_of_a_change_follows_from_its_place(path: tuple[str | int, ...], kind: str) -> None:
    """Many changes have none (TAP-1)."""
    assert kind_of(path) == kind


def test_clients_can_subscribe_to_every_kind() -> None:
    """There is a kind for each of their names but the one for everything (TAP-1)."""
    assert {kind for kind, _ in PATHS} == set(CHANGE_TYPES) - {"everything"}
