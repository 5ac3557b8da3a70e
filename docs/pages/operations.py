"""The page of operations: requests, parameters, bodies, and the fields of `system`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from pages.markdown import code, link, page, table
from pytest_xbl.mpsd import schema
from pytest_xbl.mpsd.activities import ACTIVITY_PARAMETERS, ACTIVITY_QUERY
from pytest_xbl.mpsd.handles import HANDLE, INVITE, SEARCH, TRANSFER
from pytest_xbl.mpsd.queries import BATCH_QUERY, PARAMETERS
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.searches import SEARCH_QUERY
from pytest_xbl.mpsd.shapes import ListOf, Record
from pytest_xbl.openapi.parameters import SESSION_CONTRACTS, contracts_of
from pytest_xbl.openapi.refusals import refusals_of
from pytest_xbl.openapi.words import describe
from pytest_xbl.userstats import requests as statistics
from pytest_xbl.wire.forms import FORM_BODY
from pytest_xbl.wire.neighbours.answers import anybody
from pytest_xbl.wire.neighbours.routes import BODIES as NEIGHBOUR_FIELDS
from pytest_xbl.wire.neighbours.routes import ROUTES as NEIGHBOURING
from pytest_xbl.wire.route import Route
from pytest_xbl.wire.routes import ROUTES, TEMPLATES

BAGS = {
    "Session constants": (schema.SESSION_CONSTANTS, schema.OLD_SESSION_CONSTANTS),
    "Session properties": (schema.SESSION_PROPERTIES, schema.OLD_SESSION_PROPERTIES),
    "Member constants": (schema.MEMBER_CONSTANTS, schema.MEMBER_CONSTANTS),
    "Member properties": (schema.MEMBER_PROPERTIES, schema.OLD_MEMBER_PROPERTIES),
    "Properties of the server `matchmaking`": (schema.MATCHMAKING_SERVER, schema.MATCHMAKING_SERVER),
}


class Body(NamedTuple):
    """A table of what the body of an operation may hold.

    Args:
        title: above the table; "" where the title of the section says it all.
    """

    title: str
    fields: Mapping[str, Field]


HANDLE_BODIES = (
    Body("Every handle:", HANDLE),
    Body("An invite, besides:", INVITE),
    Body("A transfer, besides:", TRANSFER),
    Body("A search handle, besides:", SEARCH),
)
QUERY_BODIES = (Body("For activities:", ACTIVITY_QUERY), Body("For search handles:", SEARCH_QUERY))
BATCH_BODIES = (Body("", BATCH_QUERY),)
STATISTICS_BODIES = (
    Body("Under contract 1:", statistics.BATCH),
    Body("Under contract 2:", statistics.GROUPED_BATCH),
)

SECTIONS = {
    "post-handle": "the-body-of-a-handle",
    "query-handles": "the-body-of-a-query-for-handles",
    "batch-query-sessions": "the-body-of-a-batch",
    "batch-query-template-sessions": "the-body-of-a-batch",
    "batch-statistics": "the-body-of-a-batch-of-statistics",
}
"""The link to what the body of an operation holds, if that has a section of its own."""

BODIES = {f"The body of {operation}": fields for operation, fields in NEIGHBOUR_FIELDS.items()}
"""The tables of what the bodies of neighbours hold, by their titles."""
OPERATIONS = """\
# Operations

What the fake answers, and the fields that it understands.
This page is written by `python docs/generate.py` from the tables that the fake itself runs on.

All operations answer below [`xbl.url`](fixtures.md#the-fake-xbl), at any host name that is not one of Xbox Live's.
A request that names a real host of Xbox Live in its `Host` header gets that host's operations only ({CALL-1}).

[Read a refusal](../how-to/read-a-refusal.md) explains the statuses with which an operation refuses a request.
429 is one of them only where a test has switched on rate limits ({RATE-1}).
Another verb for one of these paths is refused with 405, and any other path with 404 ({CALL-7}).
An operation takes the contracts 104, 105 and 107 ({CALL-2}), unless it names others.
Then it takes no header for contract 1, and answers 406 to a contract that it does not name ({STAT-13}).
The words of a path are matched without regard to case ({CALL-5}).
With `nocommit=true`, a write is answered as if it were stored, and is not ({PUT-7}).

## OpenAPI

[openapi.json](openapi.json) says the same as OpenAPI 3.1, which tools read.
It has the schema of each body and each answer; `x-refusals` lists the rules that can refuse a request, by status.
`operationId` is the name that an operation has here and in [the journal](../how-to/read-the-journal.md).
Each request with a body has an example.

Use it for instance:

- to generate a client: point its base URL at [`xbl.url`](fixtures.md#the-fake-xbl), and let it send `user.headers`;
- to look at the operations in a viewer such as Swagger UI;
- to compare a mock of your own with the fake: `x-refusals` says what the mock lacks.

A description cannot say everything.
A body whose schema depends on the contract version, which is a header, is `anyOf` the schemas of all contracts.
[Neighbours](#neighbours) answer with an object that is not described any further.

The tests of the fake send the requests that [Schemathesis](https://schemathesis.io) makes of this description.
Each response has to be one that it allows.

## All operations

Here … stands for `{templates}`.
"""

QUERIES = """\
## Parameters of queries

What narrows a query for [sessions](#query-sessions) or [handles](#query-handles).
A [batch](#batch-query-sessions) takes them too, but for `xuid` ({FIND-11}).
[Find a player's sessions](../how-to/find-a-players-sessions.md) shows what they do.
A parameter that an operation does not take is refused ({CALL-14}).
A query for activities takes a flag that is `false` as one that is left out ({HAND-12}).
"""

BODY_OF_HANDLE = """\
## The body of a handle

What [post-handle](#post-handle) takes; [Invite and join](../how-to/invite-and-join.md) shows what for.
An unknown field is refused ({CALL-6}, inside of the others by their own rules), and so is a `null`.
The `type` decides which fields there may be.
Without a `name` in `sessionRef`, the handle points at a session with a new GUID for a name ({HAND-2}).
"""

BODY_OF_QUERY = """\
## The body of a query for handles

What [query-handles](#query-handles) takes.
`owners` holds either `xuids` or `people`, and not both ({HAND-10}).
[Test session browse](../how-to/test-session-browse.md) shows how to search, and what a filter is made of ({SRCH-4}).
"""

BODY_OF_BATCH = """\
## The body of a batch

What a batch takes, whether it asks for [all sessions](#batch-query-sessions)
or for those [of one template](#batch-query-template-sessions).
It names at least one user ({FIND-11}).
"""

STATISTICS = """\
## Parameters of statistics

What a [batch](#batch-statistics) or [one user's statistics](#get-statistics) can be asked for with.
`operation` is for the batch, and says nothing new; `include` is for one user, under contract 3 ({STAT-4}).
[Read a player's statistics](../how-to/statistics.md) shows what they do.
"""

BODY_OF_STATISTICS = """\
## The body of a batch of statistics

What [batch-statistics](#batch-statistics) takes; the contract decides which of the two it is.
A user or a title can be a number or a string.
Under contract 2 each statistic and each group names either its title or its `scid` ({STAT-10}).
It asks for one of them at least.
"""

FIELDS = """\
## Fields of `system`

These are the fields that the service understands; any other field of a `system` bag is refused ({CALL-6}).
A `null` in place of a value removes the field ({PUT-5}), or keeps a constant unset ({TMPL-5}).
What lies in `custom` is yours: the fake keeps it as it is.

The names are those of contract 107.
Where 104 and 105 have other names, these follow in a table of their own ({TMPL-7}).
"""


NEIGHBOURS = """\
## Neighbours

The services that clients need to start ({NEAR-1}).
[Let a client sign in](../how-to/let-a-client-sign-in.md) shows how they are used.
Their operations look at no contract version.
Those that need no token are marked; a request for one of them reaches the world that was made last ({NEAR-4}).
"""

NEIGHBOUR_BODIES = """\
## The bodies of neighbours

What the operations of neighbours take; an unknown field is refused.
"""


def operations_page() -> str:
    """The text of reference/operations.md."""
    bags = (part for title, tables in BAGS.items() for part in _bag(title, *tables))
    return page(
        OPERATIONS.replace("{templates}", TEMPLATES),
        _requests(ROUTES),
        *map(_operation, ROUTES),
        QUERIES,
        *_parameters(),
        BODY_OF_HANDLE,
        *map(_body, HANDLE_BODIES),
        BODY_OF_QUERY,
        *map(_body, QUERY_BODIES),
        BODY_OF_BATCH,
        *map(_body, BATCH_BODIES),
        STATISTICS,
        _parameter_table({**statistics.OPERATION, **statistics.INCLUDE}),
        BODY_OF_STATISTICS,
        *map(_body, STATISTICS_BODIES),
        FIELDS,
        *bags,
        NEIGHBOURS,
        _requests(NEIGHBOURING),
        *map(_operation, NEIGHBOURING),
        NEIGHBOUR_BODIES,
        *(f"### {title}\n\n{_body(Body('', fields))}" for title, fields in BODIES.items()),
    )


def _requests(routes: Iterable[Route]) -> str:
    rows = [(f"[{route.operation}](#{route.operation})", _request(route).replace(TEMPLATES, "…")) for route in routes]
    return table(("operation", "request"), rows)


def _operation(route: Route) -> str:
    facts = [
        ("answers", ", ".join(map(str, route.statuses))),
        ("refuses with", ", ".join(map(str, refusals_of(route)))),
        ("token", "none is needed" if route.identify is anybody else ""),
        ("contracts", _contracts(route)),
        ("parameters", ", ".join(f"`{name}`" for name in route.parameters)),
        ("body", _body_of(route)),
        ("hosts", ", ".join(f"`{host}`" for host in route.hosts)),
        ("rules", ", ".join(map(link, route.rules))),
    ]
    lines = "".join(f"- {name}: {fact}\n" for name, fact in facts if fact)
    docstring = (route.run.__doc__ or "").strip()
    return f"### {route.operation}\n\n{docstring}\n\n{_request(route)}\n\n{lines}"


def _request(route: Route) -> str:
    return f"`{route.method} {route.path}`"


def _contracts(route: Route) -> str:
    """The contracts that an operation has, where they are others than those of sessions."""
    contracts = contracts_of(route)
    return "" if contracts == SESSION_CONTRACTS else ", ".join(map(str, contracts))


def _body_of(route: Route) -> str:
    if not route.has_body:
        return ""
    kind = "a form" if route.body is FORM_BODY else "a JSON object"
    section = f"the-body-of-{route.operation}" if _title(route) in BODIES else SECTIONS.get(route.operation)
    return f"[{kind}](#{section})" if section else kind


def _title(route: Route) -> str:
    """The title of the section about the body of a neighbour's operation."""
    return f"The body of {route.operation}"


def _parameters() -> Iterator[str]:
    more = {name: field for name, field in ACTIVITY_PARAMETERS.items() if name not in PARAMETERS}
    yield _parameter_table(PARAMETERS)
    yield "Activities only:\n\n" + _parameter_table(more)


def _parameter_table(parameters: Mapping[str, Field]) -> str:
    rows = [(f"`{name}`", code(field.shape.expected), link(field.rule)) for name, field in parameters.items()]
    return table(("parameter", "holds", "rule"), rows)


def _body(body: Body) -> str:
    rows = [row for name, field in body.fields.items() for row in _deep(name, field)]
    title = f"{body.title}\n\n" if body.title else ""
    return title + table(("field", "holds", "needed", "rule"), rows)


def _deep(name: str, field: Field) -> Iterator[tuple[str, ...]]:
    """A field, and the fields inside it."""
    yield f"`{name}`", code(describe(field.shape)), "yes" if field.needed else "", link(field.rule)
    holder, dot = (field.shape.item, "[].") if isinstance(field.shape, ListOf) else (field.shape, ".")
    if isinstance(holder, Record):
        for inner, shape in holder.fields.items():
            yield from _deep(f"{name}{dot}{inner}", Field(shape, field.rule, needed=inner in holder.needed))


def _bag(title: str, new: Mapping[str, Field], old: Mapping[str, Field]) -> Iterator[str]:
    yield f"### {title}\n\n{_fields(new)}"
    if other := {name: field for name, field in old.items() if new.get(name) != field}:
        yield f"Under contracts 104 and 105:\n\n{_fields(other)}"


def _fields(fields: Mapping[str, Field]) -> str:
    rows = [(f"`{name}`", code(describe(field.shape)), link(field.rule)) for name, field in fields.items()]
    return table(("field", "holds", "rule"), rows)
