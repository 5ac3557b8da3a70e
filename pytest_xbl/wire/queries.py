"""The operations that find sessions (FIND)."""

from __future__ import annotations

from pytest_xbl.mpsd.queries import Query, parse_batch_query, parse_query
from pytest_xbl.wire.answer import Answer, results_answer
from pytest_xbl.wire.call import Call
from pytest_xbl.world.queries import find_sessions


def query_sessions(call: Call) -> Answer:
    """Find the sessions of a user, or those with a keyword, or both."""
    return _found(call, parse_query(call.parameters, contract=call.contract))


def batch_query_sessions(call: Call) -> Answer:
    """Find the sessions of several users."""
    query = parse_query(call.parameters, contract=call.contract, needs_filter=False)
    return _found(call, query._replace(xuids=parse_batch_query(call.body)))


def _found(call: Call, query: Query) -> Answer:
    scid, template = call.names["scid"], call.names.get("template")
    return results_answer(find_sessions(call.world, query, call.visit, scid=scid, template=template))
