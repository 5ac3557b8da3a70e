"""Inputs of each operation that can be doubled, and how many times as much work that takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bodies import ACTIVE, TEMPLATES, me, properties, reserve
from growing import (
    ALL,
    HEALER,
    QUERY,
    Growth,
    acting,
    activity,
    add_large,
    add_many,
    among_sessions,
    batch,
    by_handle,
    counting,
    crowded_removal,
    expecting,
    in_crowd,
    loading,
    making_roles,
    many,
    measuring,
    of_a_world,
    of_service,
    owners,
    posting,
    reading,
    reserving_to_initialize,
    search,
    searching,
    servers,
    templates,
    writing,
    xuids,
)
from instructions import work
from pytest_xbl.arrange.dumping import session_labels

N, DOUBLINGS = 16, 1
"""The size from which an input is doubled so often, and as often once more."""
MEMBERS, DOUBLINGS_OF_MEMBERS = 2, 4
"""The same of members: four doublings make the tree of a roster deeper by one, and its leaves as full as before."""
LIMIT = 2.3
"""The ratio of work when an input is doubled: 2 for work that grows with it, 4 for work that grows with its square."""
LITTLE = 800
"""Instructions that a doubling may add to work that does not grow with the input."""
OF_MEMBERS = ("members", "reservations", "removals", "users of", "turns", "owners", "roles", "measurements")
"""The beginnings of inputs that are people in one session."""


def ratio(what: str, content: Any) -> float:
    """How many times as much work a doubling adds as the one before; whatever is fixed cancels out.

    Args:
        what: grows, as in `EVERY`.
        content: JSON that a title writes.
    """
    growth, is_of_members = EVERY[what], what.rpartition(": ")[2].startswith(OF_MEMBERS)
    size, doublings = (MEMBERS, DOUBLINGS_OF_MEMBERS) if is_of_members else (N, DOUBLINGS)
    sizes = [size * 2 ** (doublings * times) for times in range(3)]
    growth(sizes[1], content)()  # whatever is imported, compiled or cached by the first call
    small, middle, large = (work(growth(one, content)) for one in sizes)
    if large - middle < LITTLE:
        return 1.0
    added = (large - middle) / max(middle - small, 1)
    return float(added ** (1 / doublings))


GROWTHS: Mapping[str, Mapping[str, Growth]] = {
    "put-session": {
        "members": in_crowd("PUT", lambda _: me({"score": 1})),
        "reservations": writing(lambda size, _: reserve(*(str(2535 * 10**12 + number) for number in range(size)))),
        "removals": crowded_removal,
        "users of a service": acting,
        "servers": of_service("PUT", "", servers),
        "servers of before": of_service("PUT", "", lambda _size, _content: {"servers": {"s0": {"constants": {}}}}),
        "custom properties": writing(lambda size, content: properties(many(size, content))),
        "own properties": writing(lambda size, content: me(many(size, content))),
        "keywords": writing(lambda size, _: properties(keywords=[f"k{number}" for number in range(size)])),
        "turns": in_crowd("PUT", lambda size: properties(turn=[*range(size)]), by=0),
        "owners": in_crowd("PUT", lambda size: properties(owners=[*range(size)]), by=0),
        "roles by index": in_crowd("PUT", lambda size: {"members": dict.fromkeys(map(str, range(size)), HEALER)}, by=0),
        "reservations to be initialized": reserving_to_initialize,
        "measurements": measuring,
        "roles": making_roles,
    },
    "get-session": {"members": in_crowd("GET"), "servers": of_service("GET", ""), "properties": reading("")},
    "put-properties": {
        "members": in_crowd("PUT", lambda _: {"custom": {"a": 1}}, end="/properties"),
        "custom properties": writing(lambda size, content: {"custom": many(size, content)}, "/properties"),
    },
    "get-properties": {"custom properties": reading("/properties")},
    "get-constants": {"custom constants": reading("/constants")},
    "get-me": {"members": in_crowd("GET", end="/members/me")},
    "delete-me": {"members": in_crowd("DELETE", end="/members/me")},
    "get-member": {"members": in_crowd("GET", end="/members/1")},
    "delete-member": {"members": in_crowd("DELETE", end="/members/1", by=0)},
    "get-server": {"servers": of_service("GET", "/servers/s1")},
    "delete-server": {"servers": of_service("DELETE", "/servers/s1")},
    "query-sessions": {
        "sessions of a user": among_sessions("GET", f"{QUERY}/sessions?xuid={{xuid}}"),
        "sessions with a keyword": among_sessions("GET", f"{QUERY}/sessions?keyword=fast"),
    },
    "query-template-sessions": {
        "sessions of a user": among_sessions("GET", f"{TEMPLATES}/browse/sessions?xuid={{xuid}}"),
    },
    "batch-query-sessions": {"users": among_sessions("POST", f"{QUERY}/batch", xuids)},
    "batch-query-template-sessions": {"users": among_sessions("POST", f"{TEMPLATES}/browse/batch", xuids)},
    "post-handle": {
        "handles": among_sessions("POST", "/handles", activity),
        "tags": posting(lambda size: {"tags": [f"t{number}" for number in range(size)]}),
        "numbers": posting(lambda size: {"numbers": {f"n{number}": number for number in range(size)}}),
    },
    "query-handles": {
        "activities": among_sessions("POST", f"/handles/query{ALL}", owners),
        "search handles": among_sessions("POST", f"/handles/query{ALL}", lambda _: search(""), kind="search"),
        "search handles with a filter": among_sessions(
            "POST", f"/handles/query{ALL}", lambda _: search("session/needs ge 0"), kind="search"
        ),
        "clauses": searching(lambda size: " and ".join(f"numbers/n{number} eq {number}" for number in range(size))),
    },
    "get-handle": {"handles": among_sessions("GET", "/handles/{handle}")},
    "delete-handle": {"handles": among_sessions("DELETE", "/handles/{handle}")},
    "get-session-by-handle": {"members": by_handle("GET", "/session")},
    "put-session-by-handle": {"members": by_handle("PUT", "/session", json=ACTIVE)},
    "get-template": {"custom constants": templates("/wide", add_large)},
    "list-templates": {"templates": templates("", add_many)},
    "batch-statistics": {"statistics": counting(batch), "users": counting(batch, users=True)},
}
"""By operation: everything in it that can grow."""
FIXED: Mapping[str, str] = {
    "get-statistics": "it takes at most ten names, of one user (STAT-4)",
    "get-nonce": "it takes nothing, and gives one nonce",
    "connect": "it takes a handshake of a fixed size; what a client says on a connection is no request",
}
"""The operations in which nothing can grow, and why."""
OF_TESTS: Mapping[str, Growth] = {
    "a dump": of_a_world(lambda world: world.dump()),
    "the labels of a dump": of_a_world(lambda world: session_labels(world._world._state)),
    "a seed": loading,
    "an expected state": expecting,
    "the journal": of_a_world(lambda world: str(world.journal)),
}
"""The same of calls that are not requests."""
EVERY: Mapping[str, Growth] = {
    **{f"{operation}: {what}": growth for operation, growths in GROWTHS.items() for what, growth in growths.items()},
    **OF_TESTS,
}
"""Everything that can grow, by operation and input."""
