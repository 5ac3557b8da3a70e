"""The initialization of a session that a test sets up: the running episode, and its members (SEED-14)."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_xbl.arrange.initialization_form import OF_MEMBER, OF_SESSION
from pytest_xbl.arrange.times import past
from pytest_xbl.mpsd.initialization import awaited, plan
from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.members import is_initialized
from pytest_xbl.mpsd.model import (
    Failure,
    Initialization,
    InitializationStage,
    Json,
    JsonObject,
    Member,
    Session,
)
from pytest_xbl.mpsd.refusal import Parts, Refusal
from pytest_xbl.mpsd.roster import Few
from pytest_xbl.mpsd.view import present, timestamp
from pytest_xbl.world.world import World

OVER = {
    "joining": "all members of the episode have joined",
    "measuring": "all members of the episode have measured what there is to measure",
    "evaluating": "the title has nothing to decide",
}
"""The reasons why a stage would end at once."""

FAILURES: Mapping[InitializationStage, tuple[Failure, ...]] = {
    "joining": (),
    "measuring": ("group",),
    "evaluating": ("timeout", "group"),
}
"""The failures that members of the running episode can have; only the title evaluates for a while (INIT-4)."""


def with_initialize(member: JsonObject) -> JsonObject:
    """The record of a member, with the constant `initialize: true` if it names their episode or failure (INIT-1)."""
    if not {"initializationEpisode", "initializationFailure"} & member.keys():
        return member
    constants = member.get("constants", {})
    system = constants.get("system", {})
    if not isinstance(system, dict):
        return member
    return {**member, "constants": {**constants, "system": {"initialize": True, **system}}}


def with_initialization(world: World, session: Session, record: JsonObject) -> Session:
    """The session with the initialization of its record; by default, the first episode is over.

    Raises:
        Refusal: if no service could have such a session, with the place inside the record.
    """
    if not plan(session):
        _require_no_initialization(record)
        return session
    running = _running(world, session, record)
    session = _with_early_uploads(session, record).but(
        initialization=running,
        episodes=_episodes(running, record),
        host_candidates=tuple(token.lower() for token in record.get("hostCandidates", ())),
    )
    _require_fit_candidates(session)
    for (at, _), member in zip(_members(record), session.members, strict=False):
        _require_fit_episode(session, member, (*at, "initializationEpisode"))
        _require_fit_failure(session, member, (*at, "initializationFailure"))
        _require_fit_upload(session, member, (*at, "measuredEarly"))
    _require_lasting_stage(session)
    return session


def dumped_initialization(session: Session) -> JsonObject:
    """The fields of a session about its initialization."""
    running = session.initialization
    return {
        "initializing": running
        and {"stage": running.stage, "episode": running.episode, "stageStartTime": timestamp(running.stage_started)},
        "episodes": session.episodes or None,
        "hostCandidates": list(session.host_candidates),
    }


def dumped_progress(member: Member) -> JsonObject:
    """The fields of a member about their initialization."""
    progress = {"initializationEpisode": member.episode, "initializationFailure": member.failure}
    return present({**progress, "measuredEarly": member.measured_early or None})


def usual_initialization(session: Session) -> JsonObject:
    """The values of these fields in a seed that leaves them out."""
    running = session.initialization
    least = 1 if plan(session) else None
    return {"initializing": None, "episodes": running.episode if running else least, "hostCandidates": []}


def _members(record: JsonObject) -> list[tuple[Parts, Json]]:
    """The place and the record of each member; none if they are only named."""
    members = record.get("members", ())
    return [(("members", name), it) for name, it in members.items()] if isinstance(members, dict) else []


def _with_early_uploads(session: Session, record: JsonObject) -> Session:
    early = [isinstance(it, dict) and it.get("measuredEarly", False) for _, it in _members(record)]
    if not any(early):
        return session
    members = zip(session.members, early, strict=True)
    return session.but(members=Few(it.but(measured_early=True) if said else it for it, said in members))


def _require_no_initialization(record: JsonObject) -> None:
    places = [((), OF_SESSION, record), *((at, OF_MEMBER, it) for at, it in _members(record) if isinstance(it, dict))]
    for at, names, part in places:
        for name in names:
            if name in part:
                what = f"The session has no memberInitialization, so it cannot have {name}."
                raise Refusal(400, what, where=(*at, name), rule="INIT-1")


def _running(world: World, session: Session, record: JsonObject) -> Initialization | None:
    if "initializing" not in record:
        return None
    given, at = record["initializing"], ("initializing",)
    given = {"stage": given} if isinstance(given, str) else given
    started = past(world, given, "stageStartTime", at) or world.now
    if started < session.started:
        what = "A stage begins when the session is made, or later: stageStartTime is before startTime."
        raise Refusal(400, what, where=(*at, "stageStartTime"), rule="INIT-1")
    episode = given.get("episode", 1)
    if given["stage"] == "failed" and episode > 1:
        what = f"Only the first episode fails for good; a later one, such as {episode}, just ends."
        raise Refusal(400, what, where=(*at, "episode"), rule="INIT-5")
    return Initialization(episode, given["stage"], started)


def _episodes(running: Initialization | None, record: JsonObject) -> int:
    """The number of episodes that have begun."""
    least = running.episode if running else 1
    episodes: int = record.get("episodes", least)
    if episodes < least or (running and episodes > least):
        what = f"The episodes that have begun are {least}{'' if running else ' or more'}, not {episodes}."
        raise Refusal(400, what, where=("episodes",), rule="INIT-1")
    return episodes


def _require_fit_candidates(session: Session) -> None:
    running, candidates = session.initialization, session.host_candidates
    for n, token in enumerate(candidates):
        if not token or token in candidates[:n]:
            what = f"A candidate is named by a device token, each once; got {brief(token)}."
            raise Refusal(400, what, where=("hostCandidates", n), rule="INIT-7")
    if not candidates:
        return
    if "peerToHostRequirements" not in session.constants.system:
        what = "Only a session with peerToHostRequirements has candidates for its host."
    elif "host" in session.properties.system:
        what = "A session that has a host no longer has candidates for it."
    elif running and running.episode == 1 and running.stage != "evaluating":
        what = f"Candidates are found after measuring in episode 1, and not while it is {running.stage}."
    else:
        return
    raise Refusal(400, what, where=("hostCandidates",), rule="INIT-7")


def _require_fit_episode(session: Session, member: Member, at: Parts) -> None:
    if member.episode is None:
        return
    running = session.initialization
    if running is None or running.stage == "failed":
        what = "No episode is running, so no member can be in one; `initializing` says which one is running."
        raise Refusal(400, what, where=at, rule="INIT-1")
    if member.episode not in (running.episode, running.episode + 1):
        what = f"Episode {running.episode} is running; a member is in it or waits for the next, not {member.episode}."
        raise Refusal(400, what, where=at, rule="INIT-1")
    if not is_initialized(member.constants):
        what = "Only a member who was added with initialize: true is in an episode."
        raise Refusal(400, what, where=at, rule="INIT-1")
    if member.status == "reserved" and member.episode == running.episode and running.stage != "joining":
        what = f"Once episode {running.episode} is {running.stage}, no member of it is reserved any more."
        raise Refusal(400, what, where=at, rule="INIT-3")


def _require_fit_failure(session: Session, member: Member, at: Parts) -> None:
    if member.failure is None:
        return
    if not is_initialized(member.constants):
        what = "Only a member who was added with initialize: true has failed."
        raise Refusal(400, what, where=at, rule="INIT-4")
    if member.status == "reserved":
        what = "A member who is reserved has not failed: they fail after they have joined, or are removed."
        raise Refusal(400, what, where=at, rule="INIT-4")
    running = session.initialization
    if running and running.stage != "failed" and (member.episode or running.episode == 1):
        _require_possible(member, running, at)


def _require_possible(member: Member, running: Initialization, at: Parts) -> None:
    """Refuse a failure that comes only later in the running episode, or after it."""
    possible = FAILURES[running.stage] if member.episode == running.episode else ()
    if member.failure in possible:
        return
    who = f"a member of episode {member.episode}" if member.episode else "a member of no episode"
    can = f"can have only the failure {' or '.join(possible)}" if possible else "cannot have failed"
    what = f"While episode {running.episode} is {running.stage}, {who} {can}; got {member.failure}."
    raise Refusal(400, what, where=at, rule="INIT-4")


def _require_fit_upload(session: Session, member: Member, at: Parts) -> None:
    running = session.initialization
    if not member.measured_early:
        return
    measures = running and running.stage in ("measuring", "evaluating") and member.episode == running.episode
    if not measures or "measurements" not in member.system:
        what = "measuredEarly is for a member with measurements, whose episode is measuring or evaluating."
        raise Refusal(400, what, where=at, rule="INIT-3")


def _require_lasting_stage(session: Session) -> None:
    running = session.initialization
    if running is None:
        return
    if running.stage == "failed":
        _require_somebody_failed(session)
        return
    if all(member.episode != running.episode for member in session.members):
        what = f"Episode {running.episode} has no members: give them an initializationEpisode."
        raise Refusal(400, what, where=("initializing",), rule="INIT-1")
    if awaited(session):
        what = f"The stage {running.stage} would end at once: {OVER[running.stage]}."
        raise Refusal(400, what, where=("initializing",), rule="INIT-3")


def _require_somebody_failed(session: Session) -> None:
    """Refuse a failed episode of which all are there, and none has failed."""
    if all(member.failure is None for member in session.members) and session.next_index == len(session.members):
        what = "The first episode has failed, and so its members have: give them an initializationFailure."
        raise Refusal(400, what, where=("initializing",), rule="INIT-5")
