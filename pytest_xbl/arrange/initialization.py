"""The initialization of a session that a test sets up: the running episode, and who is in it (SEED-14)."""

from __future__ import annotations

from pytest_xbl.arrange.initialization_form import OF_MEMBER, OF_SESSION
from pytest_xbl.arrange.times import past
from pytest_xbl.mpsd.initialization import awaited, plan
from pytest_xbl.mpsd.members import is_initialized
from pytest_xbl.mpsd.model import Initialization, Json, JsonObject, Member, Session
from pytest_xbl.mpsd.refusal import Parts, Refusal
from pytest_xbl.mpsd.view import timestamp
from pytest_xbl.world.world import World

OVER = {
    "joining": "everybody of the episode has joined",
    "measuring": "everybody of the episode has measured what there is to measure",
    "evaluating": "there is nothing for the title to decide",
}
"""The reasons why a stage would be over at once."""


def with_initialize(member: JsonObject) -> JsonObject:
    """The record of a member, who was added to be initialized if it names their episode (INIT-1)."""
    if "initializationEpisode" not in member:
        return member
    constants = member.get("constants", {})
    system = constants.get("system", {})
    if not isinstance(system, dict):
        return member
    return {**member, "constants": {**constants, "system": {"initialize": True, **system}}}


def with_initialization(world: World, session: Session, record: JsonObject) -> Session:
    """The session with what its record says of its initialization; without a word the first episode is over.

    Raises:
        Refusal: if no service could have such a session, with the place inside the record.
    """
    members = record.get("members", ())
    told: list[tuple[Parts, Json]] = []
    if isinstance(members, dict):
        told = [(("members", name), member) for name, member in members.items()]
    if not plan(session):
        _require_nothing(record, told)
        return session
    running = _running(world, session, record)
    least = running.episode if running else 1
    episodes = record.get("episodes", least)
    if episodes != least and (running or episodes < least):
        what = f"The episodes that have begun are {least}{'' if running else ' or more'}, not {episodes}."
        raise Refusal(400, what, where=("episodes",), rule="INIT-1")
    candidates = tuple(token.lower() for token in record.get("hostCandidates", ()))
    session = session.but(initialization=running, episodes=episodes, host_candidates=candidates)
    _require_no_host(session)
    for (at, _), member in zip(told, session.members, strict=False):
        _require_episode_fits(session, member, (*at, "initializationEpisode"))
    _require_stage_lasts(session)
    return session


def dumped_initialization(session: Session) -> JsonObject:
    """The fields of a session that say how far its initialization has come."""
    running = session.initialization
    return {
        "initializing": running
        and {"stage": running.stage, "episode": running.episode, "stageStartTime": timestamp(running.stage_started)},
        "episodes": session.episodes or None,
        "hostCandidates": list(session.host_candidates),
    }


def usual_initialization(session: Session) -> JsonObject:
    """The values that a seed takes for granted where it leaves these fields out."""
    running = session.initialization
    least = 1 if plan(session) else None
    return {"initializing": None, "episodes": running.episode if running else least, "hostCandidates": []}


def _require_nothing(record: JsonObject, told: list[tuple[Parts, Json]]) -> None:
    places = [((), OF_SESSION, record), *((at, OF_MEMBER, it) for at, it in told if isinstance(it, dict))]
    for at, names, part in places:
        for name in names:
            if name in part:
                what = f"Without memberInitialization nobody is initialized, and there is no {name}."
                raise Refusal(400, what, where=(*at, name), rule="INIT-1")


def _running(world: World, session: Session, record: JsonObject) -> Initialization | None:
    if "initializing" not in record:
        return None
    told, at = record["initializing"], ("initializing",)
    told = {"stage": told} if isinstance(told, str) else told
    started = past(world, told, "stageStartTime", at) or world.now
    if started < session.started:
        what = "A stage begins when the session is made, or later: stageStartTime is before startTime."
        raise Refusal(400, what, where=(*at, "stageStartTime"), rule="INIT-1")
    episode = told.get("episode", 1)
    if told["stage"] == "failed" and episode > 1:
        what = f"Only the first episode fails for good; a later one, such as {episode}, just ends."
        raise Refusal(400, what, where=(*at, "episode"), rule="INIT-5")
    return Initialization(episode, told["stage"], started)


def _require_no_host(session: Session) -> None:
    if not session.host_candidates:
        return
    if "peerToHostRequirements" not in session.constants.system:
        what = "Only a session with peerToHostRequirements has candidates for its host."
        raise Refusal(400, what, where=("hostCandidates",), rule="INIT-7")
    if "host" in session.properties.system:
        what = "A session that has a host has no candidates for it any more."
        raise Refusal(400, what, where=("hostCandidates",), rule="INIT-7")


def _require_episode_fits(session: Session, member: Member, at: Parts) -> None:
    if member.episode is None:
        return
    running = session.initialization
    if running is None or running.stage == "failed":
        what = "No episode is running: a member waits for one only while `initializing` says which one is."
        raise Refusal(400, what, where=at, rule="INIT-1")
    if member.episode not in (running.episode, running.episode + 1):
        what = (
            f"A member is in the episode {running.episode}, which is running, or waits for {running.episode + 1}; "
            f"not {member.episode}."
        )
        raise Refusal(400, what, where=at, rule="INIT-1")
    if not is_initialized(member.constants):
        what = "A member is initialized who was added with initialize: true."
        raise Refusal(400, what, where=at, rule="INIT-1")
    if member.status == "reserved" and member.episode == running.episode and running.stage != "joining":
        what = f"Nobody of the episode {running.episode} is reserved any more once it is {running.stage}."
        raise Refusal(400, what, where=at, rule="INIT-3")


def _require_stage_lasts(session: Session) -> None:
    running = session.initialization
    if running is None or running.stage == "failed":
        return
    if all(member.episode != running.episode for member in session.members):
        what = f"Nobody is in the episode {running.episode}: give its members an initializationEpisode."
        raise Refusal(400, what, where=("initializing",), rule="INIT-1")
    if awaited(session):
        what = f"The stage {running.stage} would be over at once: {OVER[running.stage]}."
        raise Refusal(400, what, where=("initializing",), rule="INIT-3")
