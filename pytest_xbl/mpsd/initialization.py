"""The initialization of members: episodes, and the stages of each (INIT).

Members who are added with `initialize: true` go through an episode together before they play.
TRANSITIONS holds every transition between stages; `qos` judges the measurements.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Literal, TypeAlias

from pytest_xbl.mpsd.contracts import initialization_of
from pytest_xbl.mpsd.effects import Effect, EpisodeEnded, InitializationFailed, StageReached, Step
from pytest_xbl.mpsd.members import is_initialized, without_member
from pytest_xbl.mpsd.model import Failure, Initialization, InitializationStage, JsonObject, Member, Session, Status
from pytest_xbl.mpsd.moments import moment_after
from pytest_xbl.mpsd.qos import failures, host_candidates, is_measured, without_upload
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.roster import Few

Event: TypeAlias = Literal["complete", "skipped", "timeout", "succeeded", "failed"]
Failures: TypeAlias = Mapping[int, Failure]
"""The reasons why members fail, by their indices."""

TRANSITIONS: Mapping[InitializationStage, Mapping[Event, InitializationStage | Literal["over"]]] = {
    "joining": {"complete": "measuring", "timeout": "measuring"},
    "measuring": {"complete": "evaluating", "skipped": "evaluating", "timeout": "evaluating"},
    "evaluating": {"succeeded": "over", "failed": "failed", "timeout": "failed"},
    "failed": {},
}
"""The stage that follows each stage, by event (INIT-2); only the first episode fails for good (INIT-5)."""

TIMEOUTS: Mapping[InitializationStage, str] = {
    "joining": "joinTimeout",
    "measuring": "measurementTimeout",
    "evaluating": "evaluationTimeout",
}
"""The constant that limits each stage (INIT-3)."""

LIMITED_BY_INITIALIZATION: AbstractSet[Status] = frozenset({"reserved", "ready"})
"""The statuses whose timeouts do not apply to a member who is being initialized, or waits for it (INIT-8)."""

DID_NOT_JOIN = "did not join in time"
"""The reason why a reservation that is still open at the end of joining is removed."""


def plan(session: Session) -> JsonObject:
    """The constants of initialization with their defaults; empty if the session initializes nobody (CONST-15)."""
    constants, contract = session.constants, session.contract
    return constants.once(("initialization", contract), lambda: initialization_of(constants.system, contract))


def stage_timer(session: Session) -> datetime | None:
    """The time at which the running stage times out; None for never (INIT-3)."""
    running = _running(session)
    if running is None:
        return None
    milliseconds = plan(session)[TIMEOUTS[running.stage]]
    return None if milliseconds is None else moment_after(running.stage_started, milliseconds)


def stage_timed_out(session: Session, now: datetime) -> Step:
    """The session after the timeout of its stage, if that is due, and the stages that are complete then (INIT-3)."""
    due = stage_timer(session)
    return progressed(session, now, "timeout" if due and due <= now else None)


def decided(session: Session, now: datetime, *, succeeded: bool | None) -> Step:
    """The session after a write, and the stages that are complete then.

    Args:
        succeeded: the `initializationSucceeded` of the write, which ends the stage of evaluating (PROP-6).

    Raises:
        Refusal: 400 for a new session with too few members to initialize (INIT-6).
    """
    if "memberInitialization" not in session.constants.system:
        return Step(session)
    if session.episodes == 0:
        _require_enough(session, plan(session)["membersNeededToStart"])
        session = session.but(episodes=1)
    if session.host_candidates and "host" in session.properties.system:
        session = session.but(host_candidates=())
    if succeeded is None:
        return progressed(session, now)
    return progressed(session, now, _verdict(session) if succeeded else "failed")


def progressed(session: Session, now: datetime, event: Event | None = None) -> Step:
    """The session after an event, and the stages that are complete then; the very same object if nothing happens."""
    before = session.initialization
    effects: tuple[Effect, ...] = ()
    while step := _next_step(session, event, now):
        session, happened = step
        effects += happened
        event = None
    running = _running(session)
    if running and running is not before:
        effects += (StageReached(running.episode, running.stage),)
    return Step(session, effects)


def awaited(session: Session) -> Event | None:
    """The event for which the running stage waits, if it has happened; None if it has not."""
    stage = session.initialization and session.initialization.stage
    if stage == "joining":
        return None if any(member.status == "reserved" for member in _in_episode(session)) else "complete"
    if stage == "measuring":
        return _measured(session)
    is_for_the_title = plan(session)["externalEvaluation"] and _passing(session)
    return None if is_for_the_title else _verdict(session)


def _running(session: Session) -> Initialization | None:
    running = session.initialization
    return None if running is None or running.stage == "failed" else running


def _in_episode(session: Session) -> list[Member]:
    running = session.initialization
    return [member for member in session.members if running and member.episode == running.episode]


def _passing(session: Session) -> list[Member]:
    """The members of the episode who have not failed."""
    return [member for member in _in_episode(session) if member.failure is None]


def _peers(session: Session) -> list[Member]:
    """The members whom the episode can measure: they have joined, have not failed, and wait for no other episode."""
    running = session.initialization
    current = running.episode if running else None
    return [it for it in session.members if it.accepted and it.failure is None and it.episode in (None, current)]


def _measured(session: Session) -> Event | None:
    if not is_measured(session):
        return "skipped"
    return None if without_upload(_passing(session), _peers(session), session) else "complete"


def _verdict(session: Session) -> Event:
    """The outcome of an evaluation: whether enough members have passed; one is enough in a later episode (INIT-5)."""
    running = session.initialization
    needed: int = plan(session)["membersNeededToStart"] if running and running.episode == 1 else 1
    return "succeeded" if len(_passing(session)) >= needed else "failed"


def _require_enough(session: Session, needed: int) -> None:
    given = sum(is_initialized(member.constants) for member in session.members)
    if given < needed:
        what = f"By its {{}}, the session needs {needed} or more members with initialize: true to start, not {given}."
        raise Refusal(400, what, "memberInitialization", where=("members",), rule="INIT-6")


def _next_step(session: Session, event: Event | None, now: datetime) -> Step | None:
    running = _running(session)
    if running:
        event = event or awaited(session)
        return _moved(session, running, event, now) if event else None
    waiting = [member.episode for member in session.members if member.episode]
    return Step(_in_stage(session, Initialization(min(waiting), "joining", now))) if waiting else None


def _moved(session: Session, running: Initialization, event: Event, now: datetime) -> Step:
    """The session after its stage has ended with this event."""
    session, effects = LEAVING[running.stage](session, event, now)
    following = TRANSITIONS[running.stage][event]
    if following in ("measuring", "evaluating"):
        return Step(_in_stage(session, running._replace(stage=following, stage_started=now)), effects)
    ended = EpisodeEnded(running.episode, succeeded=following == "over")
    if following == "failed" and running.episode == 1:
        return Step(_failed_for_good(session, now), (*effects, ended))
    return Step(_without_episodes(session, {running.episode}, now).but(initialization=None), (*effects, ended))


def _in_stage(session: Session, initialization: Initialization) -> Session:
    return session.but(initialization=initialization, episodes=initialization.episode)


def _failed_for_good(session: Session, now: datetime) -> Session:
    """The session after its first episode has failed: nobody waits for the second one any more (INIT-5)."""
    return _without_episodes(session, {1, 2}, now).but(
        initialization=Initialization(1, "failed", now), host_candidates=()
    )


def _without_episodes(session: Session, over: AbstractSet[int], now: datetime) -> Session:
    """The session after episodes, from whose end the ordinary timeouts of their members count (INIT-8)."""
    return session.but(members=Few(_free(it, now) if it.episode in over else it for it in session.members))


def _free(member: Member, now: datetime) -> Member:
    since = now if member.status in LIMITED_BY_INITIALIZATION else member.since
    return member.but(episode=None, measured_early=False, since=since)


def _after_joining(session: Session, _event: Event, now: datetime) -> Step:
    """Remove the open reservations, and fail the members who are in a group with one of them (INIT-3, INIT-4)."""
    effects: tuple[Effect, ...] = ()
    for member in _in_episode(session):
        if member.status == "reserved":
            session, happened = without_member(session, member, reason=DID_NOT_JOIN, now=now)
            effects += happened
    session, failed = _with_failures(session, _in_group_with_lost(session))
    return Step(_with_early_uploads(session), effects + failed)


def _with_early_uploads(session: Session) -> Session:
    """The session before it measures: what was uploaded earlier may lack members who have joined since (INIT-3)."""
    early = {it.index for it in _in_episode(session) if "measurements" in it.system}
    members = Few(it.but(measured_early=True) if it.index in early else it for it in session.members)
    return session.but(members=members) if early else session


def _after_measuring(session: Session, event: Event, _now: datetime) -> Step:
    """Fail the members who have not measured or do not meet the requirements; find possible hosts (INIT-4, INIT-7)."""
    if event == "skipped":
        return Step(session)
    late = without_upload(_passing(session), _peers(session), session)
    session, timed_out = _with_failures(session, {it.index: "timeout" for it in late})
    session, failed = _judged(session)
    running = session.initialization
    if running and running.episode == 1:
        judged = not plan(session)["externalEvaluation"]
        candidates = host_candidates(_passing(session), _peers(session), session, judged=judged)
        session = session.but(host_candidates=candidates)
    return Step(session, timed_out + failed)


def _judged(session: Session) -> Step:
    """Fail those who do not meet the requirements, and again after groups have taken a host away (INIT-4)."""
    effects: tuple[Effect, ...] = ()
    while True:
        session, unfit = _with_failures(session, _unfit(session))
        session, grouped = _with_failures(session, _in_group_with_lost(session))
        effects += unfit + grouped
        if not grouped:
            return Step(session, effects)


def _unfit(session: Session) -> Failures:
    """The failures of those who do not meet the requirements; none if the title evaluates (INIT-2)."""
    return {} if plan(session)["externalEvaluation"] else failures(_passing(session), _peers(session), session)


def _after_evaluating(session: Session, event: Event, _now: datetime) -> Step:
    """Fail all members of the episode if its evaluation has failed (INIT-5)."""
    if event == "succeeded":
        return Step(session)
    return _with_failures(session, {member.index: "episode" for member in _passing(session)})


LEAVING: Mapping[InitializationStage, Callable[[Session, Event, datetime], Step]] = {
    "joining": _after_joining,
    "measuring": _after_measuring,
    "evaluating": _after_evaluating,
}
"""The consequences for the members when a stage ends."""


def _in_group_with_lost(session: Session) -> Failures:
    """The failures of those who are in a group with a member who has failed or is gone, directly or through others.

    A member is gone who has declined, left, timed out or been removed (INIT-4).
    """
    groups = {it.index: it.system.get("initializationGroup", ()) for it in _passing(session)}
    gone = set().union(*groups.values()) - {member.index for member in session.members}
    lost = gone | {member.index for member in _in_episode(session) if member.failure}
    found: dict[int, Failure] = {}
    while lost:
        lost = {index for index, group in groups.items() if index not in found and not lost.isdisjoint(group)}
        found |= dict.fromkeys(lost, "group")
    return found


def _with_failures(session: Session, found: Failures) -> Step:
    members = Few(it.but(failure=found[it.index]) if it.index in found else it for it in session.members)
    effects = tuple(InitializationFailed(it.xuid, found[it.index]) for it in members if it.index in found)
    return Step(session.but(members=members) if found else session, effects)
