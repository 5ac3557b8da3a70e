"""The operations on handles (HAND)."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection

from pytest_xbl.mpsd.activities import INCLUDES, included_names, parse_activity_query
from pytest_xbl.mpsd.handles import Handle, handle_as_json, parse_handle
from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.model import Session
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.wire.answer import Answer, results_answer
from pytest_xbl.wire.call import Call
from pytest_xbl.wire.operations import get_session, write_of, written
from pytest_xbl.world.handles import find_activities, find_handle, make_handle, read_handle, remove_handle
from pytest_xbl.world.statistics import platforms_of


def post_handle(call: Call) -> Answer:
    """Set the caller's activity, invite somebody to a session, or let the members of one session into another."""
    _note_includes(call, ())
    handle, session = make_handle(call.world, parse_handle(call.body), call.visit)
    return Answer(201, _shown(call, handle, session), {"Location": handle.path, "Content-Location": handle.path})


def get_handle(call: Call) -> Answer:
    """Read a handle."""
    return Answer(200, _shown(call, *read_handle(call.world, call.names["id"], call.visit)))


def delete_handle(call: Call) -> Answer:
    """Delete a handle."""
    remove_handle(call.world, call.names["id"], call.visit)
    return Answer(204)


def query_handles(call: Call) -> Answer:
    """Find the activities of users, or of the people whom a user follows."""
    asked = parse_activity_query(call.body, call.parameters, contract=call.contract)
    _note_includes(call, INCLUDES)
    return results_answer(find_activities(call.world, asked, call.visit))


def get_session_by_handle(call: Call) -> Answer:
    """Read the session behind a handle."""
    return _behind(call, get_session)


def put_session_by_handle(call: Call) -> Answer:
    """Create, join or update the session behind a handle."""
    write = write_of(call)
    return _behind(call, lambda through: written(through, write))


def _shown(call: Call, handle: Handle, session: Session | None) -> str:
    return json.dumps(handle_as_json(handle, session, platforms_of(call.world, handle.title_id)))


def _note_includes(call: Call, known: Collection[str]) -> None:
    """Note the names in `include` that add nothing here: the list may grow, so they are not refused (HAND-11)."""
    for name in included_names(call.parameters):
        if name not in known:
            adds = f"; {' and '.join(known)} do" if known else ""
            call.visit.notes.append(f"include={brief(name)} adds nothing here{adds} (HAND-11).")


def _behind(call: Call, operation: Callable[[Call], Answer]) -> Answer:
    """Do to the session behind a handle what its own URI would do, and say where that is (HAND-7, CALL-11)."""
    with call.world.exclusively():
        handle = find_handle(call.world, call.names["id"])
        location = {"Content-Location": handle.ref.path}
        try:
            answer = operation(call._replace(handle=handle))
        except Refusal as refusal:
            raise refusal.with_headers(location) if refusal.session else refusal from None
    return answer._replace(headers={**answer.headers, **location})
