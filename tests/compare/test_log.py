"""The lines of a session's log (SEEN-2)."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import get_args

import pytest

from pytest_xbl.compare.log import NO_STAY, SENTENCES, effect_text, joins_for_a_moment, log_line, made_by
from pytest_xbl.mpsd.effects import (
    ActivityMade,
    BecameOwner,
    Effect,
    Encountered,
    EpisodeEnded,
    GroupsChanged,
    HostCleared,
    InitializationFailed,
    MatchStatusChanged,
    MemberJoined,
    MemberLeft,
    MemberReserved,
    MemberStatusChanged,
    MemberTapped,
    NoLongerOwner,
    RolesChanged,
    SessionCreated,
    SessionDeleted,
    StageReached,
    TransferMade,
)
from pytest_xbl.mpsd.model import Bag, Member, Session, SessionRef, Status
from pytest_xbl.mpsd.roster import Few
from pytest_xbl.world.state import SessionVersion

NAMES = {"1": "Ana"}


REF = SessionRef("scid", "lobby", "one")


def version(
    number: int | None, caller: str = "Ana", operation: str = "put-session", *effects: Effect
) -> SessionVersion:
    """A version with this number; None deletes the session."""
    time = datetime(2026, 1, 1, 12, 0, 5, tzinfo=timezone.utc)
    session = None if number is None else Session(REF, time, Bag(), change_number=number)
    return SessionVersion(REF, time, caller, operation, effects, session)


@pytest.mark.parametrize(
    ("effect", "text"),
    [
        (SessionCreated(), "session created"),
        (SessionDeleted(), "session deleted"),
        (MemberReserved("1"), "a place reserved for Ana"),
        (MemberJoined("1"), "Ana joined"),
        (MemberJoined("2"), "2 joined"),
        (MemberStatusChanged("1", "active", "inactive"), "Ana became inactive"),
        (MemberLeft("1", "left"), "Ana left"),
        (MemberLeft("1", "timeout"), "Ana gone: timeout"),
        (GroupsChanged("1", ("raid",)), "Ana is in the group raid"),
        (GroupsChanged("1", ("raid", "guild")), "Ana is in the groups raid, guild"),
        (GroupsChanged("1", ()), "Ana is in no group"),
        (Encountered("1", "trade.1"), "Ana had the encounter trade.1"),
        (RolesChanged("1", (("lfg", "confirmed"),)), "Ana has the role confirmed (lfg)"),
        (RolesChanged("1", (("a", "b"), ("c", "d"))), "Ana has the roles b (a), d (c)"),
        (RolesChanged("1", ()), "Ana has no role"),
        (HostCleared("device"), "host cleared"),
        (BecameOwner("1"), "Ana became an owner"),
        (NoLongerOwner("1"), "Ana is no owner any more"),
        (StageReached(2, "measuring"), "episode 2 is measuring"),
        (InitializationFailed("1", "latency"), "Ana failed initialization: latency"),
        (EpisodeEnded(1, succeeded=True), "episode 1 succeeded"),
        (EpisodeEnded(1, succeeded=False), "episode 1 failed"),
        (ActivityMade("1"), "Ana made it their activity"),
        (TransferMade("a~b~c"), "a transfer made from a~b~c"),
        (MatchStatusChanged("searching"), "match searching"),
        (MatchStatusChanged("found", "a~b~c"), "match found: a~b~c"),
        (MatchStatusChanged(None), "no match any more"),
        (MemberTapped("1"), "Ana tapped"),
        (MemberTapped("1", ("host", "roles")), "Ana tapped (host, roles)"),
    ],
)
def test_an_effect_has_a_text(effect: Effect, text: str) -> None:
    """With the names of people, or the xuids of those without a name (SEEN-2)."""
    assert effect_text(effect, NAMES) == text


def test_every_kind_of_effect_has_a_text() -> None:
    """The table is complete (SEEN-2)."""
    assert set(SENTENCES) == set(get_args(Effect))


@pytest.mark.parametrize(
    ("made", "line"),
    [
        (version(1, "Ana", "put-session", SessionCreated(), MemberJoined("1")), "#1 12:00:05 put-session by Ana: {}"),
        (version(2), "#2 12:00:05 put-session by Ana"),
        (version(3, "", "timer"), "#3 12:00:05 timer"),
        (version(None, "", "timer"), "deleted 12:00:05 timer"),
    ],
    ids=["effects", "no effects", "a timer", "deleted"],
)
def test_a_version_is_a_line(made: SessionVersion, line: str) -> None:
    """Number, time, operation, caller and effects (SEEN-2)."""
    assert log_line(made, NAMES) == line.format("session created, Ana joined")
    assert made_by(made) == line.partition(": ")[0]


@pytest.mark.parametrize(
    ("timeout", "status", "fate"),
    [
        (0, "inactive", f" ({NO_STAY})"),
        (0, "active", ""),
        (0, "ready", ""),
        (1, "inactive", ""),
        (None, "inactive", ""),
    ],
)
def test_joining_for_a_moment_says_so(timeout: int | None, status: Status, fate: str) -> None:
    """Whoever joins inactive is gone at the next access if their timeout is 0 (TIME-3)."""
    time = datetime(2026, 1, 1, 12, 0, 5, tzinfo=timezone.utc)
    ana = Member(0, "1", status, time, time, Bag(), {}, {})
    session = Session(REF, time, Bag({"inactiveRemovalTimeout": timeout}), members=Few((ana,)))
    made = SessionVersion(REF, time, "Ana", "put-session", (MemberJoined("1"),), session)
    assert log_line(made, NAMES) == f"#1 12:00:05 put-session by Ana: Ana joined{fate}"
    assert joins_for_a_moment("1", made) == bool(fate)


def test_whoever_does_not_join_joins_for_no_moment() -> None:
    """Somebody else, or nobody where the session was deleted (TIME-3)."""
    assert not joins_for_a_moment("1", version(1, "Ana", "put-session", MemberJoined("2")))
    assert not joins_for_a_moment("1", version(None, "Ana", "put-session", MemberJoined("1")))


def test_a_line_tells_twenty_effects() -> None:
    """A seed brings thousands of members at once (SEEN-2)."""
    joined = [MemberJoined(str(number)) for number in range(22)]
    line = log_line(version(1, "the seed", "create", SessionCreated(), *joined), {})
    assert line.endswith(", 18 joined, and 3 more")
