"""The operations on handles (HAND)."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection

from pytest_xbl.mpsd.activities import INCLUDES, SEARCH_INCLUDES, included_names, parse_activity_query, type_of_query
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
    """Set the caller's activity, invite to a session, let the members of another in, or let it be searched for."""
    asked = parse_handle(call.body)
    _note_includes(call, SEARCH_INCLUDES if asked.type == "search" else ())
    handle, session = make_handle(call.world, asked, call.visit)
    return Answer(201, _shown(call, handle, session), {"Location": handle.path, "Content-Location": handle.path})


def get_handle(call: Call) -> Answer:
    """Read a handle."""
    return Answer(200, _shown(call, *read_handle(call.world, call.names["id"], call.visit)))


def delete_handle(call: Call) -> Answer:
    """Delete a handle."""
    remove_handle(call.world, call.names["id"], call.visit)
    return Answer(204)


def query_handles(call: Call) -> Answer:
    """Find search handles, or the activities of users or of the people whom a user follows."""
    if type_of_query(call.body) == "search":
        return _search(call)
    asked = parse_activity_query(call.body, call.parameters, contract=call.contract)
    _note_includes(call, INCLUDES)
    return results_answer(find_activities(call.world, asked, call.visit))


def _search(call: Call) -> Answer:
    from pytest_xbl.mpsd.searches import parse_search_query
    from pytest_xbl.world.searches import find_searches

    asked = parse_search_query(call.body, call.parameters, contract=call.contract)
    _note_includes(call, SEARCH_INCLUDES)
    for clause in asked.filter.clauses:
        if clause.finds_nothing:
            what = f"The filter compares with capitals in {brief(clause.text)}, which is true of no handle (SRCH-2)."
            call.visit.notes.append(what)
    return results_answer(find_searches(call.world, asked, call.visit))


def get_session_by_handle(call: Call) -> Answer:
    """Read the session behind a handle."""
    return _behind(call, get_session)


def put_session_by_handle(call: Call) -> Answer:
    """Create, join or update the session behind a handle."""
    write = write_of(call)
    return _behind(call, lambda through: written(through, write))


def _shown(call: Call, handle: Handle, session: Session | None) -> str:
    platforms = platforms_of(call.world, handle.title_id)
    included = included_names(call.parameters)
    if handle.type == "search" and session and included:
        from pytest_xbl.mpsd.search_results import search_as_json

        return json.dumps(search_as_json(handle, session, included, platforms))
    return json.dumps(handle_as_json(handle, session, platforms))


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
