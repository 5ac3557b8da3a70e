"""Properties and servers of a session (PROP, SERV)."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_xbl.mpsd.bags import merged
from pytest_xbl.mpsd.contradictions import check_lock, check_restrictions
from pytest_xbl.mpsd.effects import Effect, MatchStatusChanged
from pytest_xbl.mpsd.large import check_properties
from pytest_xbl.mpsd.members import is_device_of_a_member
from pytest_xbl.mpsd.model import EMPTY_BAG, Bag, JsonObject, Server, Session
from pytest_xbl.mpsd.owners import check_owners
from pytest_xbl.mpsd.qos import CALCULATES, CANDIDATES, server_candidates
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.writes import ServerWrite

AT = ("properties", "system")
ABSENT_UNLESS_FILLED = ("turn", "matchmaking", "closed", "locked", "allocateCloudCompute")
"""The properties that are kept only while they are true or hold something (PROP-7, PROP-8, PROP-9)."""


def with_session_properties(session: Session, changes: Bag) -> Session:
    """The session with changes to its properties merged in, or the very same session (PUT-5).

    Raises:
        Refusal: 400 for properties that this session cannot have; 501 for a feature that is not built yet.
    """
    if changes is EMPTY_BAG:
        return session
    _check_changes(session, changes.system)
    system = _resolved(session, changes.system)
    properties = merged(session.properties, Bag(system, changes.custom))
    if properties is session.properties:
        return session
    check_lock(properties.system, AT)
    _check_style(session, properties.system)
    check_restrictions(properties.system, AT)
    away = session.away if properties.system.get("locked") else ()
    return session.but(properties=properties, away=away)


def with_servers(session: Session, writes: Mapping[str, ServerWrite | None]) -> Session:
    """The session with its servers changed, added or removed, or the very same session (SERV-1, SERV-2)."""
    if not writes:
        return session
    servers = dict(session.servers)
    for name, write in writes.items():
        if write is None:
            servers.pop(name, None)
            continue
        held = servers.get(name, Server())
        server = Server(merged(held.constants, write.constants), merged(held.properties, write.properties))
        if name not in servers or (server.constants, server.properties) != (held.constants, held.properties):
            servers[name] = server
    unchanged = servers.keys() == session.servers.keys() and all(
        server is session.servers[name] for name, server in servers.items()
    )
    return session if unchanged else session.but(servers=servers)


def match_effects(before: Session, after: Session) -> tuple[Effect, ...]:
    """The change of a match that the matchmaking service told a session, if it did (SERV-4)."""
    if before.servers is after.servers:
        return ()
    was, now = _match_of(before), _match_of(after)
    return () if was == now else (now,)


def _match_of(session: Session) -> MatchStatusChanged:
    server = session.servers.get("matchmaking", Server())
    system = server.properties.system
    target = system.get("targetSessionRef")
    named = f"{target['scid']}~{target['templateName']}~{target['name']}" if target else None
    return MatchStatusChanged(system.get("status"), named)


def default_properties(session: Session) -> Bag:
    """The properties that a new session starts with (CONST-9)."""
    if session.can("userAuthorizationStyle"):
        return Bag({"joinRestriction": "local", "readRestriction": "local"})
    return EMPTY_BAG


def _resolved(session: Session, changes: JsonObject) -> JsonObject:
    """The changes as they are kept: no host that no member is, nothing that says nothing, restrictions by default.

    What is acted on at once, or calculated, is not kept (PROP-6, PROP-10).
    """
    left_out = ("initializationSucceeded", *((CANDIDATES,) if session.can(CALCULATES) else ()))
    changes = {name: value for name, value in changes.items() if name not in left_out}
    host = changes.get("host")
    if host is not None and not is_device_of_a_member(session, host):
        changes["host"] = None
    for name in ABSENT_UNLESS_FILLED:
        if not changes.get(name, True):
            changes[name] = None
    for name, value in default_properties(session).system.items():
        if name in changes and changes[name] is None:
            changes[name] = value
    return changes


def _check_changes(session: Session, changes: JsonObject) -> None:
    check_properties(session, changes, AT)
    if changes.get("keywords") and session.constants.system.get("visibility") == "private":
        raise _refused("keywords", "A private session has no keywords.", "PROP-2")
    turn = changes.get("turn") or ()
    known = session.members_at(turn)
    for index in turn:
        if index not in known:
            raise _refused("turn", f"turn names members by their index, and no member has index {index}.", "PROP-3")
    if "owners" in changes:
        check_owners(session, changes["owners"])
    calculated = [*server_candidates(session)]
    if session.can(CALCULATES) and changes.get(CANDIDATES, calculated) not in (calculated, None):
        what = f"This session calculates {CANDIDATES} from serverMeasurements, so nobody writes it."
        raise _refused(CANDIDATES, what, "PROP-10")
    running = session.initialization
    if changes.get("initializationSucceeded") is not None and not (running and running.stage == "evaluating"):
        now = f"it has been {running.stage} since {running.stage_started}" if running else "no episode is running"
        what = f"initializationSucceeded is written while the stage of initialization is evaluating; {now}."
        raise _refused("initializationSucceeded", what, "PROP-6")
    if (changes.get("matchmaking") or {}).get("clientResult") and not session.can("clientMatchmaking"):
        what = "matchmaking.clientResult needs the capability clientMatchmaking."
        raise Refusal(400, what, where=(*AT, "matchmaking", "clientResult"), rule="PROP-7")


def _check_style(session: Session, system: JsonObject) -> None:
    if session.can("userAuthorizationStyle"):
        for name in ("joinRestriction", "readRestriction"):
            if system.get(name, "none") == "none":
                what = f"With userAuthorizationStyle the {name} cannot be none."
                raise _refused(name, what, "CONST-9")


def _refused(name: str, what: str, rule: str) -> Refusal:
    return Refusal(400, what, where=(*AT, name), rule=rule)
