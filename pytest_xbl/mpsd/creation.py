"""Creation of a session, and the checks on it, except those on its constants (PUT-2)."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_xbl.mpsd.constants import session_constants
from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.model import NEWEST_CONTRACT, Bag, Context, Json, JsonObject, Session, Template, enabled
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.roles import with_settings
from pytest_xbl.mpsd.writes import Write


def new_session(write: Write, ctx: Context) -> Session:
    """The session that a write creates, without members.

    Raises:
        Refusal: 400, 403, 409 or 501 if a rule forbids such a session.
    """
    constants = session_constants(ctx.template, write.constants)
    can = enabled(constants.system.get("capabilities", {}))
    _check_name_and_creator(constants.system, can, write, ctx)
    _check_role_types(ctx.template, write.role_types, can)
    session = empty_session(constants, ctx)
    return session.but(role_types=_role_types(ctx.template, write.role_types)) if write.role_types else session


def empty_session(constants: Bag, ctx: Context) -> Session:
    """A session with these constants, just created and without members."""
    session = Session(
        ref=ctx.ref,
        started=ctx.now,
        constants=constants,
        role_types=ctx.template.role_types,
        incarnation=ctx.incarnation,
        empty_since=ctx.now,
    )
    if session.can("large"):
        session = session.but(is_large=True)
    contract = ctx.template.contract
    return session if contract == NEWEST_CONTRACT else session.but(contract=contract)


def _check_name_and_creator(system: JsonObject, can: set[str], write: Write, ctx: Context) -> None:
    if "arbitration" in can and not (ctx.caller.server and (write.servers or {}).get("arbitration")):
        what = "A session with arbitration is made by a service, in one write with the server arbitration."
        raise Refusal(403, what, where=("constants", "system", "capabilities", "arbitration"), rule="CONST-8")
    if "broadcast" in can and ctx.ref.name != ctx.caller.xuid:
        what = f"A broadcast session is named by its broadcaster's xuid, not {brief(ctx.ref.name)}."
        raise Refusal(400, what, where="the URI", rule="CONST-8")
    initiators = system.get("initiators")
    if initiators is not None and not ctx.caller.server and ctx.caller.xuid not in initiators:
        what = f"Only the initiators may make this session: {', '.join(initiators)}."
        raise Refusal(403, what, where=("constants", "system", "initiators"), rule="CONST-14")


def _role_types(template: Template, asked: Mapping[str, Json]) -> JsonObject:
    """The role types of the template, with the settings that may be others, and those that the creation adds."""
    held = template.role_types
    changes = {name: kind for name, kind in asked.items() if name in held}
    return {**with_settings(held, changes, rule="TMPL-3"), **{name: asked[name] for name in asked if name not in held}}


def _check_role_types(template: Template, asked: Mapping[str, Json], can: set[str]) -> None:
    for name, role_type in {**template.role_types, **asked}.items():
        if role_type.get("ownerManaged") and "hasOwners" not in can:
            what = "A role type that owners manage needs the capability hasOwners."
            raise Refusal(400, what, where=("roleTypes", name, "ownerManaged"), rule="ROLE-1")
