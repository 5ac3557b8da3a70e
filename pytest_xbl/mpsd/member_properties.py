"""A member's own properties: status, address, groups, measurements (MEMB-8 to MEMB-13)."""

from __future__ import annotations

from pytest_xbl.mpsd.bags import merged_fields
from pytest_xbl.mpsd.connections import require_connection, require_room
from pytest_xbl.mpsd.contradictions import check_measurements
from pytest_xbl.mpsd.devices import device_token, nat_type
from pytest_xbl.mpsd.large import check_member_properties
from pytest_xbl.mpsd.model import Bag, Context, Json, JsonObject, Member, Session, Status
from pytest_xbl.mpsd.refusal import Parts, Refusal

KEPT_ELSEWHERE = ("active", "ready", "encounters")
"""Fields that are not kept like the others: two make the status, and one is consumed."""


def with_own_properties(member: Member, changes: Bag, at: Parts, session: Session, ctx: Context) -> Member:
    """The member with changes to their own properties merged in, or the very same member.

    Args:
        changes: as the body has them; None removes a field.
        at: the place of the member in the body.
        session: that they are in, or are about to join.

    Raises:
        Refusal: 400 if the session does not allow it.
    """
    custom = merged_fields(member.custom, changes.custom)
    if not changes.system:
        return member if custom is member.custom else member.but(custom=custom)
    at = (*at, "properties", "system")
    system = _merged_system(member, changes.system)
    _check_against_session(member, system, changes.system, session, at)
    require_room(system, changes.system, session, at, ctx)
    if system is not member.system or custom is not member.custom:
        member = member.but(system=system, custom=custom, device_token=_token(system), nat=_nat(system))
    if member.measured_early and "measurements" in changes.system:
        member = member.but(measured_early=False)
    return _with_status(member, changes.system, session, at, ctx)


def _merged_system(member: Member, changes: JsonObject) -> JsonObject:
    kept = {name: _kept(member, name, value) for name, value in changes.items() if name not in KEPT_ELSEWHERE}
    return merged_fields(member.system, kept)


def _kept(member: Member, name: str, value: Json) -> Json:
    """The value that a field gets; None for none."""
    if name in ("secureDeviceAddress", "groups"):  # an empty one is none
        return value or None
    if name == "initializationGroup" and value is not None and member.index not in value:
        return [*value, member.index]
    if name == "subscriptions" and value is not None:  # they come and go one by one (PUT-5)
        return merged_fields(member.system.get("subscriptions", {}), value) or None
    return value


def _token(system: JsonObject) -> str | None:
    address = system.get("secureDeviceAddress")
    return device_token(address) if address else None


def _nat(system: JsonObject) -> str | None:
    address = system.get("secureDeviceAddress")
    return nat_type(address) if address else None


def _with_status(member: Member, changes: JsonObject, session: Session, at: Parts, ctx: Context) -> Member:
    status = _status_asked(member.status, changes)
    if status == "active":
        require_connection(member, changes, session, at, ctx)
    if status == member.status:
        return member
    active = status == "active"
    return member.but(
        status=status,
        since=ctx.now,
        active_title_id=ctx.caller.title_id if active else None,
        device_id=ctx.caller.device_id if active else member.device_id,
    )


def _status_asked(held: Status, changes: JsonObject) -> Status:
    """The status that `active` and `ready` ask for; false and null count as absent (MEMB-8, MEMB-19)."""
    if changes.get("active"):
        return "active"
    if changes.get("ready"):
        return "ready"
    return "inactive" if held in changes else held


def _check_against_session(
    member: Member, system: JsonObject, changes: JsonObject, session: Session, at: Parts
) -> None:
    check_member_properties(session, changes, at)
    if changes.get("secureDeviceAddress") and not session.can("connectivity"):
        what = "A secureDeviceAddress needs the capability connectivity."
        raise Refusal(400, what, where=(*at, "secureDeviceAddress"), rule="MEMB-10")
    after = max(session.next_index, member.index + 1)
    for n, index in enumerate(changes.get("initializationGroup") or ()):
        if index >= after:
            what = f"A member of a group is named by an index below {after}, not {index}."
            raise Refusal(400, what, where=(*at, "initializationGroup", n), rule="MEMB-13")
    if changes.get("measurements") is not None and "metrics" not in session.constants.system:
        raise Refusal(400, "Measurements need a session with metrics.", where=(*at, "measurements"), rule="MEMB-13")
    check_measurements(system, changes, at)
