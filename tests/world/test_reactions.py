"""The consequences of what happened to a session: the indexes, and the handles that end with it."""

from __future__ import annotations

from typing import Any, cast

import pytest

from pytest_xbl.mpsd.effects import (
    Effect,
    GroupsChanged,
    HostCleared,
    MemberJoined,
    MemberLeft,
    MemberReserved,
    MemberStatusChanged,
    MemberTapped,
    Outcome,
    SessionCreated,
    SessionDeleted,
)
from pytest_xbl.mpsd.handles import Handle, HandleType
from pytest_xbl.mpsd.model import Bag, Session, SessionRef
from pytest_xbl.world.reactions import react
from pytest_xbl.world.state import START, State

KINDS: tuple[HandleType, ...] = ("activity", "invite", "transfer")
KEY = ("scid", "lobby", "one")
OTHER = ("scid", "lobby", "two")
PLAIN = Session(ref=SessionRef("SCID", "Lobby", "One"), started=START, constants=Bag())


def handle(handle_id: str, kind: HandleType, key: tuple[str, str, str] = KEY, owner: str | None = "7") -> Handle:
    """A handle, made long ago."""
    facts: dict[str, Any] = {"title_id": "1", "incarnation": 1, "attributes": {}, "ahead": False}
    facts |= dict.fromkeys(["expires", "origin", "origin_incarnation"])
    invited = "8" if kind == "invite" else None
    return Handle(id=handle_id, type=kind, ref=SessionRef(*key), created=START, owner=owner, invited=invited, **facts)


@pytest.fixture
def state() -> State:
    """A state in which two people are in two sessions, with a handle of each kind to each session."""
    state = State()
    for xuid in ("7", "8"):
        for key in (KEY, OTHER):
            state.memberships.add(xuid, key)
    for key in (KEY, OTHER):
        for kind in KINDS:
            state.add_handle(handle(f"{kind} to {key[2]}", kind, key))
    return state


def left_of(state: State) -> list[str]:
    """The ids of the handles, and a look at their indexes: they know the same."""
    ids = list(state.handles)
    assert list(state.activities["7"]) == [i for i in ids if i.startswith("activity")]
    for key in (KEY, OTHER):
        assert list(state.transfers[key]) == [i for i in ids if i == f"transfer to {key[2]}"]
    return ids


ALL = [f"{kind} to {name}" for name in ("one", "two") for kind in KINDS]


@pytest.mark.parametrize("effect", [MemberJoined("9"), MemberReserved("9")])
def test_whoever_comes_is_found_there(state: State, effect: Effect) -> None:
    """With a reservation too, and once however often they come (FIND-3)."""
    for _ in range(2):
        react(state, KEY, PLAIN, Outcome(PLAIN, (effect,)))
        assert list(state.memberships["9"]) == [KEY]
    assert left_of(state) == ALL


def test_whoever_left_is_not_found_there_any_more(state: State) -> None:
    """Nor is it their activity; other handles stay (HAND-9, MEMB-14)."""
    react(state, KEY, PLAIN, Outcome(PLAIN, (MemberLeft("7", "left"),)))
    assert list(state.memberships["7"]) == [OTHER]
    assert list(state.memberships["8"]) == [KEY, OTHER]
    assert left_of(state) == [i for i in ALL if i != "activity to one"]


def test_whoever_left_and_came_back_is_found_there(state: State) -> None:
    """Effects are taken in their order (FIND-3)."""
    react(state, KEY, PLAIN, Outcome(PLAIN, (MemberLeft("7", "removed"), MemberReserved("7"))))
    assert set(state.memberships["7"]) == {KEY, OTHER}
    react(state, KEY, PLAIN, Outcome(PLAIN, (MemberJoined("7"), MemberLeft("7", "removed"))))
    assert list(state.memberships["7"]) == [OTHER]


@pytest.mark.parametrize(
    ("effect", "ended"),
    [
        (MemberStatusChanged("7", "active", "inactive"), True),
        (MemberStatusChanged("7", "active", "ready"), True),
        (MemberStatusChanged("7", "inactive", "active"), False),
        (MemberStatusChanged("8", "active", "inactive"), False),
        (MemberLeft("8", "left"), False),
    ],
)
def test_an_activity_ends_when_its_owner_is_active_no_more(state: State, effect: Effect, ended: bool) -> None:
    """Becoming ready is no longer being active, too; of others nothing follows (HAND-2, HAND-9)."""
    react(state, KEY, PLAIN, Outcome(PLAIN, (effect,)))
    assert left_of(state) == [i for i in ALL if not (ended and i == "activity to one")]


def test_all_activities_of_somebody_in_a_session_end(state: State) -> None:
    """Of whatever title they were (HAND-2, HAND-9)."""
    state.add_handle(handle("activity of another title", "activity"))
    react(state, KEY, PLAIN, Outcome(PLAIN, (MemberLeft("7", "left"),)))
    assert [i for i in state.handles if i.startswith("activity")] == ["activity to two"]


def test_a_transfer_is_deleted_with_its_target(state: State) -> None:
    """All of them; an invite is merely stale then (HAND-4, HAND-19)."""
    state.add_handle(handle("transfer of a service", "transfer", owner=None))
    react(state, KEY, PLAIN, Outcome(None, (SessionDeleted(),)))
    assert list(state.handles) == [i for i in ALL if i != "transfer to one"]
    assert list(state.transfers[KEY]) == []
    assert list(state.transfers[OTHER]) == ["transfer to two"]


@pytest.mark.parametrize("effect", [SessionCreated(), HostCleared("token")])
def test_from_some_effects_nothing_follows(state: State, effect: Effect) -> None:
    """A session that came to be has nobody yet, and a host is a property."""
    before = state.copy()
    react(state, KEY, PLAIN, Outcome(PLAIN, (effect,)))
    assert state == before


@pytest.mark.parametrize("effect", [SessionCreated(), GroupsChanged("7", ("a",)), MemberTapped("7")])
def test_what_comes_after_such_an_effect_has_its_consequences(state: State, effect: Effect) -> None:
    """All effects of a write are looked at (FIND-3)."""
    react(state, KEY, PLAIN, Outcome(PLAIN, (effect, MemberJoined("9"))))
    assert list(state.memberships["9"]) == [KEY]


def test_an_effect_that_nobody_has_thought_of_is_an_error(state: State) -> None:
    """Rather than an index that is wrong from then on."""
    with pytest.raises(AssertionError) as raised:
        react(state, KEY, PLAIN, Outcome(PLAIN, (cast("Effect", "MemberPromoted"),)))
    assert raised.value.args == ("MemberPromoted",)


def with_keywords(*words: str) -> Session:
    """A session with keywords."""
    return PLAIN.but(properties=Bag({"keywords": list(words)}))


@pytest.mark.parametrize(
    ("before", "after", "indexed"),
    [
        (None, PLAIN, set()),
        (None, with_keywords("Rome", "GAUL"), {"rome", "gaul"}),
        (with_keywords("Rome"), with_keywords("rome", "gaul"), {"rome", "gaul"}),
        (with_keywords("rome", "gaul"), with_keywords("GAUL"), {"gaul"}),
        (with_keywords("rome"), with_keywords(), set()),
        (with_keywords("rome"), PLAIN, set()),
        (with_keywords("rome", "ROME"), None, set()),
        (None, None, set()),
    ],
)
def test_keywords_are_indexed_in_lower_case(before: Session | None, after: Session | None, indexed: set[str]) -> None:
    """As they are now: those that are gone are forgotten, those that are new are known (FIND-5)."""
    state = State()
    if before:
        react(state, KEY, None, Outcome(before))
    react(state, KEY, before, Outcome(after))
    assert {word for word in ("rome", "gaul", "Rome", "GAUL", "ROME") if state.keywords["scid", word]} == indexed
    assert all(list(state.keywords["scid", word]) == [KEY] for word in indexed)


def test_properties_that_did_not_change_are_not_looked_at() -> None:
    """A write that leaves them alone costs nothing (PUT-2)."""
    state = State()
    session = with_keywords("rome")
    react(state, KEY, session, Outcome(session.but(change_number=2)))
    assert state == State()


def test_two_sessions_share_a_keyword() -> None:
    """In the order in which they took it (FIND-5)."""
    state = State()
    for key in (OTHER, KEY):
        react(state, key, None, Outcome(with_keywords("rome")))
    assert list(state.keywords["scid", "rome"]) == [OTHER, KEY]
    react(state, OTHER, with_keywords("rome"), Outcome(None, (SessionDeleted(),)))
    assert list(state.keywords["scid", "rome"]) == [KEY]
