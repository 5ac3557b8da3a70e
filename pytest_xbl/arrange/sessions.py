"""The sessions of a test, with everybody in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from pytest_xbl.arrange.initialization import with_initialization, with_initialize
from pytest_xbl.arrange.matchmaking import with_targets
from pytest_xbl.arrange.ownership import owner_xuids, with_owners
from pytest_xbl.arrange.people import account_called, caller_of, stranger
from pytest_xbl.arrange.seats import JUST_MADE, NO_WRITE, Seat, Standing, require_everybody, seated_session
from pytest_xbl.arrange.times import past
from pytest_xbl.mpsd.checking import check
from pytest_xbl.mpsd.effects import BecameOwner, Outcome
from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.members import unknown_host
from pytest_xbl.mpsd.model import NEWEST_CONTRACT, Context, JsonObject, Session, SessionRef, Status
from pytest_xbl.mpsd.names import name_in_body
from pytest_xbl.mpsd.refusal import Parts, Refusal
from pytest_xbl.mpsd.writes import MemberWrite, Write, parse_write
from pytest_xbl.world import people
from pytest_xbl.world.visit import Visit
from pytest_xbl.world.world import World

BODY = ("constants", "properties", "servers", "roleTypes")
"""The fields of a session that are read as those of a PUT."""
EARLIER = frozenset({"startTime", "changeNumber", "nextIndex", "emptySince", "away", "incarnation"})
"""The fields of a session that was made earlier."""
WITH_GONE = frozenset({"template", "name", "scid", "gone", "incarnation"})
"""The fields of a session that is gone."""
CLAIMS = {"gamertag": "gamertag", "deviceId": "device_id", "activeTitleId": "title_id"}
"""The fields of a member that are claims, and the names of these in `Caller`."""
WOULD_BE_GONE = (
    "The session would be deleted at once: no member may stay in it, and its sessionEmptyTimeout is 0. "
    "Give it active members, or a template with longer timeouts; or set emptySince or since."
)


def make_session(world: World, label: str | None, record: JsonObject, visit: Visit) -> SessionRef:
    """Make a session with everybody in it.

    Args:
        label: its name, unless the record has one; None for a GUID that is the same in every run.
        record: of the seed form, checked.
        visit: the test's or the seed's, as the history shows it.

    Returns:
        Its reference.

    Raises:
        Refusal: if a service could not make it, with the place inside the record (SEED-5).
    """
    with world.exclusively():
        name = record.get("name", label)
        ref = _ref(world, name, record)
        if "gone" in record:
            return _remember_gone(world, ref, record, visit)
        found, ctx = world.arrive(ref, visit, where=("template",))
        if found:
            there = found.ref._replace(name=ref.name)
            raise Refusal(412, f"There is a session {there} already.", where=("name",), rule="PUT-8")
        outcome = _seated(world, record, ctx)
        world.keep(ctx.ref, outcome, visit)
        if name is None:
            world.count_unnamed()
    return ctx.ref


def _ref(world: World, name: str | None, record: JsonObject) -> SessionRef:
    scid, template = record.get("scid", world.scid), record["template"]
    if name is None:
        found = world.template(scid, template, where=("template",))
        return world.unnamed(found.scid, found.name)
    check(name_in_body, name, ("name",), "CALL-15")
    return SessionRef(scid, template, name)


def _seated(world: World, record: JsonObject, ctx: Context) -> Outcome:
    """A session with everybody in it, which the next access finds so.

    Raises:
        Refusal: with the place inside the record.
    """
    body = {field: record[field] for field in record if field in BODY}
    body = with_targets(body, world.scid)
    write = parse_write(body, contract=NEWEST_CONTRACT) if body else NO_WRITE
    standing = JUST_MADE if EARLIER.isdisjoint(record) else _standing(world, record, ctx)
    seats = _seats(world, record.get("members", ()))
    _require_order(standing, seats)
    outcome = seated_session(write, seats, ctx, standing)
    if outcome.session:
        _require_host(write, outcome.session)
        session = with_initialization(world, with_owners(world, outcome.session, record), record)
        outcome = Outcome(session, (*outcome.effects, *map(BecameOwner, owner_xuids(session))))
    if outcome.session is None or not _stays(world, outcome.session, seats, standing):
        raise Refusal(400, WOULD_BE_GONE, where=("members",), rule="TIME-4")
    return outcome


def _require_host(write: Write, session: Session) -> None:
    """Refuse a host that a session would lose at once.

    Raises:
        Refusal: with the place inside the record.
    """
    if host := unknown_host(write.properties.system, session):
        what = f"The host {brief(host)} is no member's device: give one a secureDeviceAddress."
        raise Refusal(400, what, where=("properties", "system", "host"), rule="PROP-4")


def _stays(world: World, session: Session, seats: Sequence[Seat], standing: Standing) -> bool:
    """Whether the next access finds a new session with everybody in it, or the record says since when it may not.

    Raises:
        Refusal: for a member whom it would not find.
    """
    if seats and all(seat.status == "active" and people.is_present(world, str(seat.caller.xuid)) for seat in seats):
        return True  # nothing is ever due for them
    found = world.settled(session).session
    if found:
        require_everybody(found, seats)
    return bool(found or standing.empty_since or any(seat.since for seat in seats))


def _incarnation(record: JsonObject, least: int) -> int:
    incarnation: int = record.get("incarnation", least)
    if incarnation < least:
        what = f"There have been {least - 1} sessions of that name, so the incarnation is {least} or more."
        raise Refusal(400, what, where=("incarnation",), rule="TIME-9")
    return incarnation


def _remember_gone(world: World, ref: SessionRef, record: JsonObject, visit: Visit) -> SessionRef:
    if more := [field for field in record if field not in WITH_GONE]:
        raise Refusal(400, f"A session that is gone has no {more[0]}.", where=(more[0],), rule="SEED-1")
    template = world.template(ref.scid, ref.template, where=("template",))
    ref = SessionRef(template.scid, template.name, ref.name)
    before = world.record(ref)
    if before.session:
        raise Refusal(400, f"The session {ref} is there, so it is not gone.", where=("gone",), rule="TIME-9")
    incarnation = _incarnation(record, before.incarnation + 1)
    world.remember_gone(ref, Visit(visit.caller, "gone"), incarnation=incarnation)
    return ref


def _standing(world: World, record: JsonObject, ctx: Context) -> Standing:
    if record.get("members") and "emptySince" in record:
        raise Refusal(400, "A session with members is not empty.", where=("emptySince",), rule="TIME-4")
    away = [caller_of(world, person, ("away", number)) for number, person in enumerate(record.get("away", ()))]
    return Standing(
        started=past(world, record, "startTime"),
        change_number=record.get("changeNumber", 1),
        next_index=record.get("nextIndex"),
        empty_since=past(world, record, "emptySince"),
        away=tuple(str(caller.xuid) for caller in away),
        incarnation=_incarnation(record, ctx.incarnation),
    )


def _seats(world: World, members: Sequence[str] | dict[str, str | JsonObject]) -> list[Seat]:
    if isinstance(members, dict):
        seats = [_seat_of(world, name, member) for name, member in members.items()]
    else:
        seats = [Seat(account_called(world, name, ("members",)).caller, "active") for name in members]
    if len({seat.caller.xuid for seat in seats}) < len(seats):
        what = "A member is named twice."
        raise Refusal(400, what, where=("members",), rule="MEMB-1")
    return seats


def _seat_of(world: World, name: str, member: str | JsonObject) -> Seat:
    at = ("members", name)
    if isinstance(member, str):
        return Seat(account_called(world, name, at).caller, cast("Status", member))
    caller = _stranger(world, name, member["xuid"], at) if "xuid" in member else account_called(world, name, at).caller
    claims: dict[str, Any] = {CLAIMS[field]: claim or None for field, claim in member.items() if field in CLAIMS}
    status: Status = member.get("status", "active")
    _require_claims_fit(member, status, at)
    member = with_initialize(member)
    return Seat(
        caller=caller._replace(**claims) if claims else caller,
        status=status,
        says=_member_write(str(caller.xuid), status, member, at),
        at_index=member.get("index"),
        since=past(world, member, "since", at),
        join_time=past(world, member, "joinTime", at),
        episode=member.get("initializationEpisode"),
        failure=member.get("initializationFailure"),
    )


def _stranger(world: World, name: str, xuid: str, at: Parts) -> Any:
    """The claims of a member who is no user, and has no user's name either."""
    account = people.account_of(world, xuid) or people.account_called(world, name)
    if account:
        what = f"Only a stranger has a xuid here; {account.caller.name} is in the world already."
        raise Refusal(400, what, where=(*at, "xuid"), rule="SEED-2")
    return stranger(xuid, name)


def _require_claims_fit(member: JsonObject, status: Status, at: Parts) -> None:
    """Refuse claims of a member who has not joined, and a title of one who is not active (MEMB-9)."""
    for claim in CLAIMS:
        if claim in member and (status == "reserved" or (claim == "activeTitleId" and status != "active")):
            raise Refusal(400, f"A member who is {status} has no {claim}.", where=(*at, claim), rule="MEMB-9")


def _require_order(standing: Standing, seats: Sequence[Seat]) -> None:
    """A session begins before its members join, and they join before their status begins (TIME-3, TIME-4)."""
    for seat in seats:
        if seat.since and seat.join_time and seat.since < seat.join_time:
            what = "The status begins when the member joins, or later: since is before joinTime."
            raise Refusal(400, what, where=(*seat.place, "since"), rule="MEMB-9")
        came = seat.join_time or seat.since
        if came and standing.started and came < standing.started:
            what = "A member joins when the session is made, or later, and so not before startTime."
            raise Refusal(400, what, where=(*seat.place, "joinTime" if seat.join_time else "since"), rule="MEMB-9")
    if standing.empty_since and standing.started and standing.empty_since < standing.started:
        what = "A session is empty when it is made, or later: emptySince is before startTime."
        raise Refusal(400, what, where=("emptySince",), rule="TIME-4")


def _member_write(xuid: str, status: str, member: JsonObject, at: Parts) -> MemberWrite:
    """The part of a record that a PUT would hold, read as a PUT by the member, or by whoever reserves for them."""
    part = {field: member[field] for field in ("constants", "properties", "roles") if field in member}
    system = part.get("properties", {}).get("system")
    for flag in ("active", "ready") if isinstance(system, dict) else ():
        if flag in system:
            what = f"The status says whether a member is {flag}; leave this field out."
            raise Refusal(400, what, where=(*at, "properties", "system", flag), rule="MEMB-8")
    _require_own_xuid(xuid, part.get("constants"), at)
    key = "reserve_0" if status == "reserved" else "me"
    if status == "reserved":
        part["constants"] = _with_xuid(part.get("constants", {}), xuid)
    try:
        write = parse_write({"members": {key: part}}, contract=NEWEST_CONTRACT)
    except Refusal as refusal:
        raise refusal.at((*at, *refusal.place[2:])) from None
    return (write.me or write.reservations[0])._replace(at=at)


def _require_own_xuid(xuid: str, constants: object, at: Parts) -> None:
    system = constants.get("system") if isinstance(constants, dict) else None
    named = system.get("xuid", xuid) if isinstance(system, dict) else xuid
    if named != xuid:
        what = f"The xuid of this member is {xuid}; the record names {brief(named)}."
        raise Refusal(400, what, where=(*at, "constants", "system", "xuid"), rule="MEMB-6")


def _with_xuid(constants: object, xuid: str) -> object:
    if not isinstance(constants, dict) or not isinstance(constants.get("system", {}), dict):
        return constants
    return {**constants, "system": {"xuid": xuid, **constants.get("system", {})}}
