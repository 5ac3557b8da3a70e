"""The consequences of effects: indexes that follow a session, and handles that end with it."""

from __future__ import annotations

from typing import NoReturn

from pytest_xbl.mpsd.effects import (
    ActivityMade,
    BecameOwner,
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
    Outcome,
    RolesChanged,
    SearchHandleDeleted,
    SearchHandleMade,
    SessionCreated,
    SessionDeleted,
    StageReached,
    TransferMade,
)
from pytest_xbl.mpsd.handles import points_at
from pytest_xbl.mpsd.model import EMPTY_BAG, Session
from pytest_xbl.mpsd.queries import keywords
from pytest_xbl.world.state import SessionKey, State


def react(state: State, key: SessionKey, before: Session | None, outcome: Outcome) -> None:
    """Let the rest of the world follow what happened to a session.

    Args:
        key: of its reference.
        before: the session before that; None if there was none.
        outcome: the session after it, and the effects.
    """
    for effect in outcome.effects:
        match effect:
            case MemberReserved(xuid) | MemberJoined(xuid):
                state.memberships.add(xuid, key)
            case MemberLeft(xuid):
                state.memberships.discard(xuid, key)
                _end_activities(state, xuid, key, before or outcome.session)
            case MemberStatusChanged(xuid, became=status):
                if status != "active":
                    _end_activities(state, xuid, key, before or outcome.session)
            case SessionDeleted():
                _end_transfers(state, key)
                _end_search(state, before)
            case SessionCreated() | HostCleared() | ActivityMade() | TransferMade() | MatchStatusChanged():
                continue
            case GroupsChanged() | RolesChanged() | Encountered() | SearchHandleMade() | SearchHandleDeleted():
                continue  # the history tells who has met whom
            case (
                StageReached()
                | InitializationFailed()
                | EpisodeEnded()
                | BecameOwner()
                | NoLongerOwner()
                | MemberTapped()
            ):
                continue
            case _:
                _assert_never(effect)
    _index_keywords(state, key, before, outcome.session)


def _assert_never(effect: NoReturn) -> NoReturn:
    """Fail for an effect without a case; mypy proves that there is none."""
    raise AssertionError(effect)


def _index_keywords(state: State, key: SessionKey, before: Session | None, after: Session | None) -> None:
    if (before.properties if before else EMPTY_BAG) is (after.properties if after else EMPTY_BAG):
        return
    had, has = keywords(before), keywords(after)
    for word in had - has:
        state.keywords.discard((key[0], word), key)
    for word in has - had:
        state.keywords.add((key[0], word), key)


def _end_activities(state: State, xuid: str, key: SessionKey, session: Session | None) -> None:
    """Leaving a session, or no longer being active in it, ends the activity there (HAND-9)."""
    for handle_id in list(state.activities[xuid]):
        handle = state.handles[handle_id]
        if handle.ref.key == key and points_at(handle, session):
            state.remove_handle(handle)


def _end_search(state: State, session: Session | None) -> None:
    """A search handle is deleted with its session (SRCH-6)."""
    handle = state.handles.get(session.search_handle or "") if session else None
    if handle:
        state.remove_handle(handle)


def _end_transfers(state: State, key: SessionKey) -> None:
    """A transfer is deleted with its target (HAND-4)."""
    for handle_id in list(state.transfers[key]):
        state.remove_handle(state.handles[handle_id])
