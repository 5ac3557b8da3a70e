"""The sessions of a seed, with everybody in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from pytest_xbl.arrange.form import SESSION
from pytest_xbl.arrange.people import account_of, caller_named, stranger
from pytest_xbl.arrange.times import past
from pytest_xbl.mpsd.model import NEWEST_CONTRACT, Caller, JsonObject, SessionRef, Status
from pytest_xbl.mpsd.names import name_in_body
from pytest_xbl.mpsd.refusal import Parts, Refusal
from pytest_xbl.mpsd.schema import check
from pytest_xbl.mpsd.seats import JUST_MADE, NO_WRITE, Seat, Standing
from pytest_xbl.mpsd.writes import MemberWrite, parse_write
from pytest_xbl.world.ready_made import DEFAULT_SCID
from pytest_xbl.world.state import NOTHING, Log, Record, Version
from pytest_xbl.world.world import World

THE_SEED = Caller("the seed", server=True)
BODY = ("constants", "properties", "servers", "roleTypes")
"""The fields of a session that are read as those of a PUT."""
STANDS = frozenset({"startTime", "changeNumber", "nextIndex", "emptySince", "away", "incarnation"})
"""The fields of a session that was made earlier."""
WITH_GONE = frozenset({"template", "name", "scid", "gone", "incarnation"})
CLAIMS = {"gamertag": "gamertag", "deviceId": "device_id", "activeTitleId": "title_id"}
"""The fields of a member that are claims, and what Python calls them."""
WOULD_BE_GONE = (
    "The session would be gone at once: nobody is in it, or nobody who may stay, and its sessionEmptyTimeout is 0. "
    "Give it active members, or a template with longer timeouts, or say since when it stands so."
)


def seat_session(world: World, label: str, record: JsonObject) -> SessionRef:
    """A session comes into the world.

    Returns:
        Its reference.

    Raises:
        Refusal: if a service could not make it, with the place inside the record (SEED-5).
    """
    name = record.get("name", label)
    check(name_in_body, name, ("name",), "CALL-15")
    template = world.template(record.get("scid", DEFAULT_SCID), record["template"], where=("template",))
    ref = SessionRef(template.scid, template.name, name)
    if "gone" in record:
        _remember_gone(world, ref, record)
        return ref
    said = {field: record[field] for field in BODY if field in record}
    write = parse_write(said, contract=NEWEST_CONTRACT) if said else NO_WRITE
    standing = JUST_MADE if STANDS.isdisjoint(record) else _standing(world, ref, record)
    seats = _seats(world, record.get("members", ()))
    _require_order(standing, seats)
    try:
        session = world.seat(ref, THE_SEED, write, seats, standing)
    except Refusal as refusal:
        is_field = isinstance(refusal.place, str) and refusal.place in SESSION
        raise refusal.inside(str(refusal.place)) if is_field else refusal from None
    if session is None:
        raise Refusal(400, WOULD_BE_GONE, where=("members",), rule="TIME-4")
    return session.ref


def _incarnation(world: World, ref: SessionRef, record: JsonObject) -> int:
    before = world.state.records.get(ref.key, NOTHING).incarnation
    incarnation: int = record.get("incarnation", before + 1)
    if incarnation <= before:
        what = f"There have been {before} sessions of that name, so this is number {before + 1} or a later one."
        raise Refusal(400, what, where=("incarnation",), rule="TIME-9")
    return incarnation


def _remember_gone(world: World, ref: SessionRef, record: JsonObject) -> None:
    if odd := [field for field in record if field not in WITH_GONE]:
        raise Refusal(400, f"A session that is gone has no {odd[0]}.", where=(odd[0],), rule="SEED-1")
    held = world.state.records.get(ref.key, NOTHING)
    if held.session:
        raise Refusal(400, f"There is a session {ref}; it is not gone.", where=("gone",), rule="TIME-9")
    version = Version(ref, world.state.now, THE_SEED.name, "gone", (), None)
    world.state.records[ref.key] = Record(None, _incarnation(world, ref, record), Log(version, held.log))


def _standing(world: World, ref: SessionRef, record: JsonObject) -> Standing:
    if record.get("members") and "emptySince" in record:
        raise Refusal(400, "Somebody is in the session, so it is not empty.", where=("emptySince",), rule="TIME-4")
    away = [caller_named(world, one, ("away", number)) for number, one in enumerate(record.get("away", ()))]
    return Standing(
        started=past(world, record, "startTime"),
        change_number=record.get("changeNumber", 1),
        next_index=record.get("nextIndex"),
        empty_since=past(world, record, "emptySince"),
        away=tuple(str(caller.xuid) for caller in away),
        incarnation=_incarnation(world, ref, record),
    )


def _seats(world: World, members: list[str] | Mapping[str, str | JsonObject]) -> list[Seat]:
    if isinstance(members, Mapping):
        seats = [_seat(world, name, said) for name, said in members.items()]
    else:
        seats = [Seat(account_of(world, name, ("members",)).caller, "active") for name in members]
    if len({seat.caller.xuid for seat in seats}) < len(seats):
        what = "Somebody stands twice among the members; a member has one place."
        raise Refusal(400, what, where=("members",), rule="MEMB-1")
    return seats


def _seat(world: World, name: str, said: str | JsonObject) -> Seat:
    at = ("members", name)
    if isinstance(said, str):
        return Seat(account_of(world, name, at).caller, cast("Status", said))
    caller = _stranger(world, name, said["xuid"], at) if "xuid" in said else account_of(world, name, at).caller
    claims: dict[str, Any] = {CLAIMS[field]: it or None for field, it in said.items() if field in CLAIMS}
    status: Status = said.get("status", "active")
    _require_claims_fit(said, status, at)
    return Seat(
        caller=replace(caller, **claims) if claims else caller,
        status=status,
        says=_says(caller, status, said, at),
        at_index=said.get("index"),
        since=past(world, said, "since", at),
        join_time=past(world, said, "joinTime", at),
    )


def _stranger(world: World, name: str, xuid: str, at: Parts) -> Caller:
    """Somebody who is no user, and is not called like one either."""
    account = world.state.users.get(xuid) or world.state.names.get(name)
    if account:
        what = f"There is the user {account.caller.name} with the xuid {account.key}; xuid is for somebody who is none."
        raise Refusal(400, what, where=(*at, "xuid"), rule="SEED-2")
    return stranger(xuid, name)


def _require_claims_fit(said: JsonObject, status: Status, at: Parts) -> None:
    """Who has not joined has brought no claims, and who is not active plays no title (MEMB-9)."""
    for claim in CLAIMS:
        if claim in said and (status == "reserved" or (claim == "activeTitleId" and status != "active")):
            raise Refusal(400, f"A member who is {status} has no {claim}.", where=(*at, claim), rule="MEMB-9")


def _require_order(standing: Standing, seats: Sequence[Seat]) -> None:
    """First comes the session, then a member, then the status that they have (TIME-3, TIME-4)."""
    for seat in seats:
        at = seat.says.at if seat.says else ("members",)
        if seat.since and seat.join_time and seat.since < seat.join_time:
            raise Refusal(400, "Nobody has a status before they joined.", where=(*at, "since"), rule="MEMB-9")
        came = seat.join_time or seat.since
        if came and standing.started and came < standing.started:
            raise Refusal(400, "Nobody joins before the session was made.", where=(*at, "joinTime"), rule="MEMB-9")
    if standing.empty_since and standing.started and standing.empty_since < standing.started:
        what = "The session is not empty before it was made."
        raise Refusal(400, what, where=("emptySince",), rule="TIME-4")


def _says(caller: Caller, status: str, said: JsonObject, at: Parts) -> MemberWrite:
    """What is said of a member, read as the part of a PUT in which they say it, or somebody who reserves for them."""
    part = {field: said[field] for field in ("constants", "properties") if field in said}
    system = part.get("properties", {}).get("system")
    for flag in ("active", "ready") if isinstance(system, dict) else ():
        if flag in system:
            what = f"Whether a member is {flag} is said by their status."
            raise Refusal(400, what, where=(*at, "properties", "system", flag), rule="MEMB-8")
    key = "reserve_0" if status == "reserved" else "me"
    if status == "reserved":
        part["constants"] = _with_xuid(part.get("constants", {}), caller)
    try:
        write = parse_write({"members": {key: part}}, contract=NEWEST_CONTRACT)
    except Refusal as refusal:
        raise refusal.at(refusal.place[2:]).inside(*at) from None
    parsed = write.me or write.reservations[0]
    return parsed._replace(at=at)


def _with_xuid(constants: object, caller: Caller) -> object:
    if not isinstance(constants, dict) or not isinstance(constants.get("system", {}), dict):
        return constants
    return {**constants, "system": {"xuid": caller.xuid, **constants.get("system", {})}}
