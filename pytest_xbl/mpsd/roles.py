"""Roles: the types that a session has, the roles of its members, and the limits of both (ROLE)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from pytest_xbl.mpsd import schema
from pytest_xbl.mpsd.checking import check
from pytest_xbl.mpsd.json_values import brief, same
from pytest_xbl.mpsd.model import Caller, Json, JsonObject, Member, Session
from pytest_xbl.mpsd.owners import acts_as_owner, nobody_owns
from pytest_xbl.mpsd.refusal import Parts, Refusal, bad_body

Holders: TypeAlias = Mapping[tuple[str, str], tuple[str, ...]]
"""The xuids of those who have a role, by its type and its name."""

SETTLED = ("ownerManaged", "mutableRoleSettings")
"""The fields of a role type that never change."""


class Setting(NamedTuple):
    """One setting of a role that a write asks for: `max` or `target`."""

    type: str
    role: str
    name: str
    value: int

    @property
    def at(self) -> Parts:
        """Its place in the body."""
        return ("roleTypes", self.type, "roles", self.role, self.name)


def parse_role_types(body: JsonObject) -> JsonObject:
    """Read `roleTypes` of a session or a template (ROLE-1).

    Raises:
        Refusal: 400.
    """
    role_types: JsonObject = body.get("roleTypes", {})
    check(schema.ROLE_TYPES, role_types, ("roleTypes",), "ROLE-1")
    _check_targets(role_types)
    return role_types


def with_settings(held: JsonObject, asked: Mapping[str, Json], *, rule: str) -> JsonObject:
    """Role types with the settings that a write asks for, or the very same ones if it changes none (ROLE-3).

    Args:
        held: the role types as they are.
        rule: against changes to what is settled: that of templates while a session is made.

    Raises:
        Refusal: 409 for a change to what is settled; 400 for a target above its max.
    """
    changed = settings_that_differ(held, asked, rule=rule)
    for setting in changed:
        if setting.name not in held[setting.type].get("mutableRoleSettings", ()):
            now = held[setting.type]["roles"][setting.role].get(setting.name)
            what = (
                f"The {setting.name} of the role {setting.role} is {'not set' if now is None else now}, and "
                f"mutableRoleSettings of {setting.type} does not let it change; it cannot become {setting.value}."
            )
            raise Refusal(409, what, where=setting.at, rule=rule)
    if not changed:
        return held
    after = {name: {**kind, "roles": dict(kind.get("roles", {}))} for name, kind in held.items()}
    for setting in changed:
        roles = after[setting.type]["roles"]
        roles[setting.role] = {**roles[setting.role], setting.name: setting.value}
    _check_targets(after)
    return after


def settings_that_differ(held: JsonObject, asked: Mapping[str, Json], *, rule: str) -> list[Setting]:
    """The settings that a write asks for and that are others now.

    Raises:
        Refusal: 409 for a type or a role that there is not, or another value of what never changes (ROLE-3).
    """
    for name, kind in asked.items():
        _require_alike(held, name, kind, rule)
    return [
        setting
        for name, kind in asked.items()
        for setting in _settings(name, kind)
        if held[name]["roles"][setting.role].get(setting.name) != setting.value
    ]


def with_changed_settings(session: Session, asked: Mapping[str, Json], caller: Caller) -> Session:
    """A session with other settings of its roles, or the very same session (ROLE-3).

    Raises:
        Refusal: 403 for a caller who is no owner; 409; 400 for a target above its max.
    """
    changed = settings_that_differ(session.role_types, asked, rule="ROLE-3")
    if not changed:
        return session
    if not _may_as_owner(session, caller):
        what = f"Only an owner of the session, or a service, changes its roles; {caller.name} is none."
        raise Refusal(403, what, where=changed[0].at, rule="ROLE-3", shows_session=True)
    return session.but(role_types=with_settings(session.role_types, asked, rule="ROLE-3"))


def check_counts(session: Session, asked: Mapping[str, Json]) -> None:
    """Refuse a max below the number of those who have the role once the whole write is done (ROLE-3).

    Args:
        asked: the role types as the write has them.

    Raises:
        Refusal: 400.
    """
    have = holders(session) if asked else {}
    for setting in (setting for name, kind in asked.items() for setting in _settings(name, kind)):
        count = len(have.get((setting.type, setting.role), ()))
        if setting.name == "max" and setting.value < count:
            what = f"{count} members have the role {setting.role}, so its max cannot become {setting.value}."
            raise Refusal(400, what, where=setting.at, rule="ROLE-3")


def with_roles(session: Session, member: Member, asked: Mapping[str, str | None], at: Parts, caller: Caller) -> Member:
    """A member with the roles that a write gives them, and without those that it takes away, or the very same member.

    Args:
        session: without the changes of this write to the member.
        asked: roles by type; None takes away the one of that type.
        at: the place of the member in the body.

    Raises:
        Refusal: 400 for a role that there is not (ROLE-2), or that is full (ROLE-5); 403 (ROLE-4).
    """
    roles = dict(member.roles)
    have = holders(session) if asked else {}
    for kind, role in asked.items():
        where = (*at, "roles", kind)
        if kind not in session.role_types:
            raise Refusal(400, f"The session has no role type {brief(kind)}.", where=where, rule="ROLE-2")
        if role is not None and role not in session.role_types[kind].get("roles", {}):
            what = f"The session has no role {brief(role)} of type {brief(kind)}."
            raise Refusal(400, what, where=where, rule="ROLE-2")
        if roles.get(kind) == role:
            continue
        _check_may_give(session, kind, where, caller)
        if role is None:
            del roles[kind]
        else:
            _check_room(session, (kind, role), len(have.get((kind, role), ())), where)
            roles[kind] = role
    return member if roles == dict(member.roles) else member.but(roles=tuple(roles.items()))


def holders(session: Session) -> Holders:
    """Who has which role, reservations included (ROLE-5)."""
    return session.members.fold("roles", _holders_among, _holders_in)


def rendered_role_types(session: Session) -> JsonObject:
    """The role types as a document shows them: each role with its count, and who has it (ROLE-2)."""
    have = holders(session)
    return {
        name: {
            **kind,
            "roles": {
                role: _rendered(limits, have.get((name, role), ())) for role, limits in kind.get("roles", {}).items()
            },
        }
        for name, kind in session.role_types.items()
    }


def _rendered(limits: JsonObject, xuids: Sequence[str]) -> JsonObject:
    return {"count": len(xuids), **limits, **({"memberXuids": xuids} if xuids else {})}


def _holders_among(members: Iterable[Member]) -> Holders:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for member in members:
        for held in member.roles:
            found[held] = (*found.get(held, ()), member.xuid)
    return found


def _holders_in(parts: Sequence[Holders]) -> Holders:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for part in parts:
        for held, xuids in part.items():
            found[held] = (*found.get(held, ()), *xuids)
    return found


def _may_as_owner(session: Session, caller: Caller) -> bool:
    """Whether a caller owns a session, or will: whoever joins one that nobody owns is its owner (OWN-1)."""
    return nobody_owns(session) or acts_as_owner(session, caller)


def _check_may_give(session: Session, kind: str, where: Parts, caller: Caller) -> None:
    """Roles of a type that owners manage are given by them."""
    if session.role_types[kind].get("ownerManaged") and not _may_as_owner(session, caller):
        what = f"Owners of the session give roles of type {kind}; {caller.name} is none."
        raise Refusal(403, what, where=where, rule="ROLE-4", shows_session=True)


def _check_room(session: Session, held: tuple[str, str], count: int, where: Parts) -> None:
    kind, role = held
    most = session.role_types[kind]["roles"][role].get("max")
    if most is not None and count >= most:
        what = f"The role {role} of type {kind} is full: its max is {most}, and as many members have it."
        raise Refusal(400, what, where=where, rule="ROLE-5")


def _settings(name: str, kind: JsonObject) -> Iterator[Setting]:
    """The settings of the roles of a type, as a write has them."""
    for role, settings in kind.get("roles", {}).items():
        for setting, value in settings.items():
            yield Setting(name, role, setting, value)


def _require_alike(held: JsonObject, name: str, kind: JsonObject, rule: str) -> None:
    """Refuse a role type with other roles, or other settled fields, than the one of that name has."""
    if name not in held:
        what = f"There is no role type {name}, and none is added after the session was made."
        raise Refusal(409, what, where=("roleTypes", name), rule=rule)
    now: JsonObject = held[name]
    for field in SETTLED:
        if field in kind and not _alike(now.get(field), kind[field]):
            what = f"{field} of the role type {name} is {brief(now.get(field))}; it cannot become {brief(kind[field])}."
            raise Refusal(409, what, where=("roleTypes", name, field), rule=rule)
    for role in kind.get("roles", {}):
        if role not in now.get("roles", {}):
            what = f"The role type {name} has no role {role}, and none is added later."
            raise Refusal(409, what, where=("roleTypes", name, "roles", role), rule=rule)


def _alike(now: Json, asked: Json) -> bool:
    """Whether two values of a settled field are the same; nothing is the same as false, or an empty list."""
    if isinstance(asked, list):
        return set(now or ()) == set(asked)
    return same(bool(now), bool(asked))


def _check_targets(role_types: JsonObject) -> None:
    for name, kind in role_types.items():
        for role, settings in kind.get("roles", {}).items():
            if "max" in settings and settings.get("target", 1) > settings["max"]:
                at = ("roleTypes", name, "roles", role, "target")
                raise bad_body("A role's target cannot be above its max.", where=at, rule="ROLE-1")
