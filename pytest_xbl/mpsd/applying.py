"""Application of a write to a session: the checks of rights, and the steps in their order (PUT).

The removal of one element by its own URI is such a write, too (MEMB-15, SERV-2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from pytest_xbl.mpsd.access import (
    first_refusal,
    full_refusal,
    has_room,
    join_refusal,
    privilege_refusal,
    read_refusal,
)
from pytest_xbl.mpsd.acting import DENY_SCOPE, MANAGE, OwnPart, may_not_name, not_when_existing, own_parts
from pytest_xbl.mpsd.constants import require_same_constants
from pytest_xbl.mpsd.creation import new_session
from pytest_xbl.mpsd.effects import Effect, Outcome, RolesChanged, SessionCreated, Step
from pytest_xbl.mpsd.initialization import decided
from pytest_xbl.mpsd.large import check_others
from pytest_xbl.mpsd.members import LEFT, REMOVED, reserve, take_part, with_member, without_lost_host, without_member
from pytest_xbl.mpsd.model import MULTIPLAYER, Caller, Context, Session
from pytest_xbl.mpsd.owners import (
    acts_as_owner,
    blocked_refusal,
    check_system_properties,
    has_owners,
    with_first_owner,
)
from pytest_xbl.mpsd.refusal import Place, Refusal
from pytest_xbl.mpsd.roles import check_counts, with_changed_settings, with_roles
from pytest_xbl.mpsd.session_properties import default_properties, match_effects, with_servers, with_session_properties
from pytest_xbl.mpsd.timers import without_over
from pytest_xbl.mpsd.writes import MemberWrite, Write


def apply_write(session: Session | None, write: Write, ctx: Context) -> Outcome:
    """Apply a write, and return the session after it, or None if it is gone or never was.

    If nothing changed, the session is the very same object, with the same change number and ETag (PUT-9).
    A refused write raises and so changes nothing (PUT-10).

    Args:
        session: as it is now, timers settled; None if there is none.
        write: to apply.
        ctx: the caller, the time and the template.

    Raises:
        Refusal: of the first rule that forbids it.
    """
    try:
        return _applied(session, write, ctx)
    except Refusal as refusal:
        raise _as_asked(refusal, write) from None


def remove_me(session: Session | None, ctx: Context) -> Outcome:
    """Remove the caller from the session; without effect for a user who is not in it, or not any more (MEMB-15)."""
    session = _existing(session)
    if ctx.caller.xuid and session.member(ctx.caller.xuid) is None:
        return Outcome(session)
    return apply_write(session, Write(leaves=True, must_exist=True), ctx)


def remove_member(session: Session | None, index: int, ctx: Context) -> Outcome:
    """Remove the member with an index; without effect if there is none (MEMB-5, MEMB-15)."""
    session = _existing(session)
    if not acts_as_owner(session, ctx.caller):
        raise _forbidden(_no_removal(session, ctx.caller, "DELETE of members/me"), "the URI", "MEMB-5")
    return apply_write(session, Write(removals=(index,), must_exist=True), ctx)


def remove_server(session: Session | None, name: str, ctx: Context) -> Outcome:
    """Remove a server; without effect if there is none (SERV-1, SERV-2)."""
    return apply_write(_existing(session), Write(servers={name: None}, must_exist=True), ctx)


def _existing(session: Session | None) -> Session:
    if session is None:
        raise Refusal(404, "There is no such session.", where="the URI", rule="CODE-404")
    return session


def _as_asked(refusal: Refusal, write: Write) -> Refusal:
    """The refusal with its place inside the body of the write, and in the words of its contract."""
    depth = len(write.body_at)
    is_inside = refusal.place[:depth] == write.body_at
    return (refusal.at(refusal.place[depth:]) if is_inside else refusal).under(write.contract)


def _applied(session: Session | None, write: Write, ctx: Context) -> Outcome:
    _check_principal(session, write, ctx)
    write = _leaving_by_index(session, write, ctx.caller)
    if session is None:
        return _created(write, ctx)
    _check_may_write(session, write, ctx)
    require_same_constants(session, write.constants)
    outcome = _changed(session, write, ctx)
    if outcome.session is None or outcome.session is session:
        return outcome
    return Outcome(outcome.session.but(change_number=session.change_number + 1), outcome.effects)


def _created(write: Write, ctx: Context) -> Outcome:
    """A new session, or None if the write would end it at once, or leaves what is not there (CODE-204, PUT-4)."""
    if write.must_exist:
        what = "There is no such session, and writing one of its elements does not make one."
        raise Refusal(404, what, where="the URI", rule="CODE-404")
    parts = own_parts(write, None, ctx.caller)
    if parts and all(part.write is None for part in parts):
        _check_only_leaves(write, parts[0], ctx)
        if not _says_more(write):
            return Outcome(None)
    if not ctx.caller.manages:
        _check_privileges([part.user for part in parts if part.write] or ctx.caller.users)
    session = new_session(write, ctx)
    outcome = _changed(session.but(properties=default_properties(session)), write, ctx)
    return Outcome(outcome.session, (SessionCreated(), *outcome.effects)) if outcome.session else Outcome(None)


def _leaving_by_index(session: Session | None, write: Write, caller: Caller) -> Write:
    """The write of an owner who removes themselves by index, which is to leave (MEMB-5)."""
    member = session.member(caller.xuid) if session and write.removals and not caller.server else None
    if member is None or member.index not in write.removals:
        return write
    return write._replace(leaves=True, me=None, removals=tuple(it for it in write.removals if it != member.index))


def _check_principal(session: Session | None, write: Write, ctx: Context) -> None:
    """Some parts of a body need a certain kind of caller (SERV-1, MEMB-5, MEMB-18, S2S-2)."""
    caller = ctx.caller
    if write.servers is not None and not caller.server:
        raise _forbidden("Servers are written by a service only.", ("servers",), "SERV-1")
    if write.removals and not (acts_as_owner(session, caller) if session else caller.manages):
        what = _no_removal(session, caller, "members.me: null")
        raise _forbidden(what, ("members", write.removals[0]), "MEMB-5")
    if write.given_roles and not (acts_as_owner(session, caller) if session else caller.manages):
        what = f"Only an owner of the session, or a service, gives roles by index; {caller.name} is none."
        raise _forbidden(what, ("members", next(iter(write.given_roles))), "ROLE-4")
    if reason := may_not_name(write, caller):
        raise reason


def _no_removal(session: Session | None, caller: Caller, leaving: str) -> str:
    """The sentence for a caller who may not remove members by index, and how a user leaves instead (MEMB-5, S2S-3)."""
    if session and has_owners(session):
        return f"Members are removed by index by an owner or a service only; one leaves with {leaving}."
    if caller.denied:
        return f"Members are removed by index by a service with {MANAGE} only, which this one denies itself."
    return f"Members are removed by index by a service only; one leaves with {leaving}."


def _forbidden(what: str, where: Place, rule: str) -> Refusal:
    return Refusal(403, what, where=where, rule=rule, shows_session=True)


def _check_may_write(session: Session, write: Write, ctx: Context) -> None:
    """Members write, servers write, others join if they may (JOIN-1)."""
    member = None if ctx.caller.server else session.member(ctx.caller.xuid)
    if member and member.accepted:
        return  # nearly every write is one of a member, and nothing below is about them
    if reason := not_when_existing(write, session, ctx.caller):
        raise reason
    if ctx.caller.manages:
        return
    parts = {part.user.xuid: part for part in reversed(own_parts(write, session, ctx.caller))}
    if reason := first_refusal(partial(_write_refusal, parts), session, ctx):
        raise reason
    absent = [part for part in parts.values() if part.write is None and session.member(part.user.xuid) is None]
    if absent:
        _check_only_leaves(write, absent[0], ctx)
    joins = any(part.write for part in parts.values())
    if _says_more(write) and not joins and not any(session.member(user.xuid) for user in ctx.caller.users):
        what = "Only members write a session, and of the users that the service acts for none is or becomes one."
        raise _forbidden(what, DENY_SCOPE, "PROP-1")


def _write_refusal(parts: Mapping[str | None, OwnPart], session: Session, ctx: Context) -> Refusal | None:
    """The refusal of a user who may not write a session, or None.

    To leave it, or not to be named in the body, needs only the right to read (PUT-4, S2S-2).

    Args:
        parts: of the body, by the xuid of their users; the first of each.
    """
    part = parts.get(ctx.caller.xuid)
    if part is None or part.write is None:
        return read_refusal(session, ctx)
    member = session.member(ctx.caller.xuid)
    if member is None:
        return join_refusal(session, ctx, where=("members", part.key))
    if member.status != "reserved":
        return None
    if MULTIPLAYER not in ctx.caller.privileges:
        return privilege_refusal(ctx.caller)
    return blocked_refusal(session, ctx)


def _check_privileges(users: Iterable[Caller]) -> None:
    for user in users:
        if MULTIPLAYER not in user.privileges:
            raise privilege_refusal(user)


def _check_only_leaves(write: Write, part: OwnPart, ctx: Context) -> None:
    """Nobody but a service says more than that it leaves a session in which it is not (PROP-1)."""
    if _says_more(write) and not ctx.caller.manages:
        who = part.user.name if ctx.caller.server else "the caller"
        raise _forbidden(f"Only members write a session, and {who} leaves it.", ("members", part.key), "PROP-1")


def _says_more(write: Write) -> bool:
    said = (write.reservations, write.properties.system, write.properties.custom, write.servers, write.given_roles)
    return any(said)


def _changed(session: Session, write: Write, ctx: Context) -> Outcome:
    """The steps of a write, in their order.

    A role has its new max before a member takes it, and members join before properties refer to them.
    """
    check_others(session, write, ctx.caller)
    before = session
    effects: tuple[Effect, ...] = ()
    steps = (_remove_by_index, _change_settings, _add_members, _give_roles, _change_properties, _leave)
    for step in (*steps, _settle_host, _initialize):
        session, happened = step(session, write, ctx)
        effects += happened
    ended = without_over(before, session, ctx.now)
    return Outcome(ended.session, effects + ended.effects)


def _remove_by_index(session: Session, write: Write, ctx: Context) -> Step:
    effects: tuple[Effect, ...] = ()
    removed = session.members_at(write.removals)
    for index in write.removals:
        member = removed.get(index)
        if member:  # one who is gone already is removed once more without effect (MEMB-5)
            session, happened = without_member(session, member, reason=REMOVED, now=ctx.now)
            effects += happened
    return Step(session, effects)


def _add_members(session: Session, write: Write, ctx: Context) -> Step:
    """The users whose call it is, and the reservations, in the order of the body (PUT-13).

    A closed session takes both (JOIN-9).
    """
    effects: tuple[Effect, ...] = ()
    for user, part in _in_order(write, own_parts(write, session, ctx.caller)):
        xuid = str(user.xuid) if user else part.constants.system["xuid"]
        if session.member(xuid) is None and not has_room(session, xuid):
            raise full_refusal(session)
        session, happened = take_part(session, part, ctx.of(user)) if user else reserve(session, part, ctx)
        effects += happened
    return Step(with_first_owner(session), effects)


def _in_order(write: Write, own: Iterable[OwnPart]) -> list[tuple[Caller | None, MemberWrite]]:
    """The parts of the users whose call it is, each with its user, and the reservations with None (PUT-13)."""
    ordered: list[tuple[Caller | None, MemberWrite]] = []
    done = 0
    for user, key, part in own:
        if write.reservations:
            before = write.before.get(key, 0)
            ordered += [(None, place) for place in write.reservations[done:before]]
            done = max(done, before)
        if part:
            ordered.append((user, part))
    return [*ordered, *((None, place) for place in write.reservations[done:])] if write.reservations else ordered


def _change_settings(session: Session, write: Write, ctx: Context) -> Step:
    """The settings of roles, which hold for the roles that the same write gives (ROLE-3)."""
    return Step(with_changed_settings(session, write.role_types, ctx.caller) if write.role_types else session)


def _give_roles(session: Session, write: Write, ctx: Context) -> Step:
    """The roles of members that the body names by index (ROLE-4)."""
    effects: tuple[Effect, ...] = ()
    named = session.members_at(write.given_roles)
    for index, roles in write.given_roles.items():
        member = named.get(index)
        if member is None:
            what = f"Roles are given to members, and none of them has index {index}."
            raise Refusal(400, what, where=("members", index), rule="ROLE-4")
        changed = with_roles(session, member, roles, ("members", index), ctx.caller)
        if changed is not member:
            session = with_member(session, changed)
            effects += (RolesChanged(member.xuid, changed.roles),)
    check_counts(session, write.role_types)
    return Step(session, effects)


def _change_properties(session: Session, write: Write, ctx: Context) -> Step:
    after = with_session_properties(session, write.properties)
    if write.properties.system:
        check_system_properties(session, after, write.properties.system, ctx.caller)
    after = with_servers(after, write.servers or {})
    return Step(after, match_effects(session, after))


def _leave(session: Session, write: Write, ctx: Context) -> Step:
    effects: tuple[Effect, ...] = ()
    for part in own_parts(write, session, ctx.caller) if write.leaves or write.acting else ():
        member = session.member(part.user.xuid) if part.write is None else None
        if member:
            session, happened = without_member(session, member, reason=LEFT, now=ctx.now)
            effects += happened
    return Step(session, effects)


def _settle_host(session: Session, _write: Write, _ctx: Context) -> Step:
    return without_lost_host(session)


def _initialize(session: Session, write: Write, ctx: Context) -> Step:
    return decided(session, ctx.now, succeeded=write.properties.system.get("initializationSucceeded"))
