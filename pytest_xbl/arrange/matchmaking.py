"""The matchmaking of a test, which plays the service that matches players (SERV-4)."""

from __future__ import annotations

from pytest_xbl.arrange.values import plain
from pytest_xbl.mpsd.applying import apply_write
from pytest_xbl.mpsd.checking import check
from pytest_xbl.mpsd.model import NEWEST_CONTRACT, Json, JsonObject, SessionRef
from pytest_xbl.mpsd.names import name_in_body
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.schema import ticket_status
from pytest_xbl.mpsd.writes import parse_write
from pytest_xbl.world.visit import Visit
from pytest_xbl.world.world import World

TARGET = "targetSessionRef"
OF_SERVER = ("servers", "matchmaking", "properties", "system")
"""The place at which the service says how far a match is."""
OF_CLIENT = ("properties", "system", "matchmaking", "clientResult")
"""The place at which a client that matches players itself says so (PROP-7)."""


def write_match(world: World, ref: SessionRef, said: JsonObject, visit: Visit) -> None:
    """Write fields of the server `matchmaking`, as a PUT of the service would; a None removes one.

    Raises:
        Refusal: with the place inside these fields (SERV-3).
    """
    system = plain(said, times=False)
    check(ticket_status, system["status"], ("status",), "SERV-3")
    if system["status"] == "found" and system[TARGET] is None:
        what = 'A match that is found has a target, so "found" is for session.match_found(target).'
        raise Refusal(400, what, where=("status",), rule="SERV-4")
    if system.get(TARGET):
        _check_target(world, ref, system[TARGET])
    try:
        write = parse_write({"servers": {"matchmaking": {"properties": {"system": system}}}}, contract=NEWEST_CONTRACT)
    except Refusal as refusal:
        raise refusal.at(refusal.place[len(OF_SERVER) :]) from None
    world.change(ref, visit, lambda session, ctx: apply_write(session, write._replace(must_exist=True), ctx))


def _check_target(world: World, ticket: SessionRef, target: JsonObject) -> None:
    """Refuse a target that cannot be a session of this world.

    Raises:
        Refusal: with the place inside the fields of the server.
    """
    named = SessionRef(target["scid"], target["templateName"], target["name"])
    if named.key == ticket.key:
        what = "The target of a match is another session than that of the ticket."
        raise Refusal(400, what, where=(TARGET,), rule="SERV-4")
    check(name_in_body, target["name"], (TARGET, "name"), "CALL-15")
    if named.scid.lower() == world.scid.lower():
        world.template(named.scid, named.template, where=(TARGET, "templateName"))


def with_targets(body: JsonObject, scid: str) -> JsonObject:
    """The body of a session in which the reference of a match has a service configuration (SEED-13).

    Args:
        scid: the one that is meant if it names none.
    """
    for place in (OF_SERVER, OF_CLIENT):
        body = _with_scid(body, (*place, TARGET), scid)
    return body


def _with_scid(part: Json, path: tuple[str, ...], scid: str) -> Json:
    name, *deeper = path
    if not isinstance(part, dict) or name not in part:
        return part
    inner = part[name]
    if deeper:
        return {**part, name: _with_scid(inner, tuple(deeper), scid)}
    return {**part, name: {"scid": scid, **inner}} if isinstance(inner, dict) else part
