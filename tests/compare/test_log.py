"""The lines of a session's log (SEEN-2)."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import get_args

import pytest

from pytest_xbl.compare.log import SENTENCES, effect_text, log_line, made_by
from pytest_xbl.mpsd.effects import (
    ActivityMade,
    Effect,
    HostCleared,
    MemberJoined,
    MemberLeft,
    MemberReserved,
    MemberStatusChanged,
    SessionCreated,
    SessionDeleted,
    TransferMade,
)
from pytest_xbl.mpsd.model import Bag, Session, SessionRef
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
        (HostCleared("device"), "host cleared"),
        (ActivityMade("1"), "Ana made it their activity"),
        (TransferMade("a~b~c"), "a transfer made from a~b~c"),
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
