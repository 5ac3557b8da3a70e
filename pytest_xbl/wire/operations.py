"""The operations on sessions and templates: each asks the world, and makes a response of the outcome."""

from __future__ import annotations

from pytest_xbl.mpsd.acting import check_own_parts, notes_on
from pytest_xbl.mpsd.applying import apply_write, remove_me, remove_member, remove_server
from pytest_xbl.mpsd.effects import Outcome
from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.members import unknown_host
from pytest_xbl.mpsd.model import Context, Session
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.view import (
    render_constants,
    render_member,
    render_properties,
    render_server,
    render_template,
)
from pytest_xbl.mpsd.writes import Write, parse_properties, parse_write
from pytest_xbl.wire.answer import Answer, element_answer, results_answer, session_answer, unless_known
from pytest_xbl.wire.call import Call
from pytest_xbl.world.world import Update


def put_session(call: Call) -> Answer:
    """Create, join or update a session."""
    return written(call, write_of(call))


def put_properties(call: Call) -> Answer:
    """Update the properties of a session that exists."""
    return written(call, parse_properties(call.body, contract=call.contract))


def write_of(call: Call) -> Write:
    """The write in the body of a call, refused here if no session could take it (CALL-16)."""
    write = parse_write(call.body, contract=call.contract)
    check_own_parts(write, call.caller)
    return write


def written(call: Call, write: Write) -> Answer:
    """Let a write meet the session of a call, and respond with the outcome (PUT)."""

    def update(session: Session | None, ctx: Context) -> Outcome:
        return apply_write(session, write, ctx)

    call.visit.notes.extend(notes_on(write, call.caller))
    outcome, created = _changed(call, update)
    if outcome.session is None:
        return Answer(204)
    if write.properties.system and (host := unknown_host(write.properties.system, outcome.session)):
        call.visit.notes.append(f"The host {brief(host)} is not kept: it is no device of a member (PROP-4).")
    stored = "nocommit" not in call.parameters
    return session_answer(outcome.session, contract=call.contract, viewer=call.viewer, created=created, stored=stored)


def get_session(call: Call) -> Answer:
    """Read a session."""
    session = _read(call)
    if session is None:
        return Answer(204)
    return unless_known(session_answer(session, contract=call.contract, viewer=call.viewer), call.preconditions)


def get_constants(call: Call) -> Answer:
    """Read the constants of a session."""
    session = _existing(call)
    return _element(call, session, render_constants(session, contract=call.contract))


def get_properties(call: Call) -> Answer:
    """Read the properties of a session."""
    session = _existing(call)
    return _element(call, session, render_properties(session, contract=call.contract))


def get_member(call: Call) -> Answer:
    """Read one member, by index; a large session shows a caller nobody else (BIG-1)."""
    session = _existing(call)
    index = int(call.names["index"])
    me = session.member(call.caller.xuid) if session.is_large else None
    member = session.member_at(index) if not session.is_large else me if me and me.index == index else None
    return _element(call, session, render_member(session, member, contract=call.contract) if member else None)


def get_me(call: Call) -> Answer:
    """Read the caller's own member."""
    session = _existing(call)
    member = session.member(call.caller.xuid)
    return _element(call, session, render_member(session, member, contract=call.contract) if member else None)


def get_server(call: Call) -> Answer:
    """Read one server."""
    session = _existing(call)
    server = session.servers.get(call.names["server"])
    return _element(call, session, render_server(server) if server else None)


def delete_member(call: Call) -> Answer:
    """Remove a member, by index."""
    return _removed(call, lambda session, ctx: remove_member(session, int(call.names["index"]), ctx))


def delete_me(call: Call) -> Answer:
    """Leave a session."""
    return _removed(call, remove_me)


def delete_server(call: Call) -> Answer:
    """Remove a server."""
    return _removed(call, lambda session, ctx: remove_server(session, call.names["server"], ctx))


def get_template(call: Call) -> Answer:
    """Read a session template."""
    template = call.world.template(call.names["scid"], call.names["template"])
    return Answer(200, render_template(template, contract=call.contract))


def list_templates(call: Call) -> Answer:
    """List the names of a service configuration's session templates."""
    return results_answer([template.name for template in call.world.templates(call.names["scid"])])


def _removed(call: Call, update: Update) -> Answer:
    _changed(call, update)
    return Answer(204)


def _changed(call: Call, update: Update) -> tuple[Outcome, bool]:
    return call.world.change(
        call.ref,
        call.visit,
        update,
        preconditions=call.preconditions,
        commit="nocommit" not in call.parameters,
        handle=call.handle,
    )


def _read(call: Call) -> Session | None:
    return call.world.read(call.ref, call.visit, preconditions=call.preconditions, handle=call.handle)


def _existing(call: Call) -> Session:
    session = _read(call)
    if session is None:
        what = "There is no such session, so it has no elements; GET of the session itself answers 204."
        raise Refusal(404, what, where="the URI", rule="CODE-404")
    return session


def _element(call: Call, session: Session, text: str | None) -> Answer:
    return Answer(204) if text is None else unless_known(element_answer(session, text), call.preconditions)
