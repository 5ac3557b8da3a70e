#!/usr/bin/env python3
"""Writes the reference pages that follow from the code: `python docs/generate.py`."""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pytest_xbl.mpsd import activities, schema
from pytest_xbl.mpsd.activities import ACTIVITY_PARAMETERS, ACTIVITY_QUERY
from pytest_xbl.mpsd.handles import HANDLE, INVITE, NEEDED, TRANSFER
from pytest_xbl.mpsd.queries import BATCH, PARAMETERS
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.rulebook import FAMILIES, RULES, Rule
from pytest_xbl.userstats import requests as statistics
from pytest_xbl.wire.routes import ROUTES, TEMPLATES, Route

DOCS = Path(__file__).parent
sys.path.append(str(DOCS))  # where it is already, unless a test runs this file

from words import describe, describe_parameter, inside, is_list, item_of, names_in, required_in  # noqa: E402

TESTS = DOCS.parent / "tests"

RULE_ID = re.compile(rf"\b(?:{'|'.join(FAMILIES)})-(?:[0-9]+|ALL)\b")
HOW_WE_KNOW = {"D": "documented", "C": "client", "A": "assumed"}
MOST_TESTS = 3
"""How many tests of a rule the page names."""

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
        needed: the fields that may not be left out.
    """

    title: str
    fields: Mapping[str, Field]
    needed: Collection[str]


HANDLE_BODIES = (
    Body("Every handle:", HANDLE, ("type", *NEEDED["activity"])),
    Body("An invite, besides:", INVITE, NEEDED["invite"]),
    Body("A transfer, besides:", TRANSFER, NEEDED["transfer"]),
)
QUERY_BODIES = (Body("", ACTIVITY_QUERY, activities.NEEDED),)
BATCH_BODIES = (Body("", BATCH, tuple(BATCH)),)
STATISTICS_BODIES = (Body("Under contract 1:", statistics.BATCH, tuple(statistics.BATCH)),)
GROUPED_STATISTICS_BODIES = (Body("Under contract 2:", statistics.GROUPED_BATCH, statistics.GROUPED_BATCH_NEEDS),)

SECTIONS = {
    "post-handle": "the-body-of-a-handle",
    "query-handles": "the-body-of-a-query-for-handles",
    "batch-query-sessions": "the-body-of-a-batch",
    "batch-query-template-sessions": "the-body-of-a-batch",
    "batch-statistics": "the-body-of-a-batch-of-statistics",
}
"""Where the page says what the body of an operation holds, if it has a section of its own."""

OPERATIONS = """\
# Operations

What the fake answers, and the fields that it understands.
This page is written by `python docs/generate.py` from the tables that the fake itself runs on.

All operations answer below [`xbl.url`](fixtures.md#the-fake-xbl), at any host name that is not one of Xbox Live's.
A request that names a real host of Xbox Live in its `Host` header gets that host's operations only ({CALL-1}).

Every operation can also answer 400, 401, 403, 404, 405, 412, 413 or 501; [](../how-to/read-a-refusal.md) explains them.
An operation takes the contracts 104, 105 and 107 ({CALL-2}), unless it names others.
Then it takes no header for contract 1, and answers 406 to a contract that it does not name ({STAT-13}).
The words of a path are matched without regard to case ({CALL-5}).
With `nocommit=true`, a write is answered as if it were stored, and is not ({PUT-7}).

## All operations

Here … stands for `{templates}`.
"""

QUERIES = """\
## Parameters of queries

What narrows a query for [sessions](#query-sessions) or [handles](#query-handles).
A [batch](#batch-query-sessions) takes them too, but for `xuid` ({FIND-11}).
[](../how-to/find-a-players-sessions.md) shows what they do.
A parameter that an operation does not take is refused ({CALL-14}).
"""

BODY_OF_HANDLE = """\
## The body of a handle

What [post-handle](#post-handle) takes; [](../how-to/invite-and-join.md) shows what for.
An unknown field is refused ({CALL-6}), and so is a `null`.
The `type` decides which fields there may be; `search` is known and not built yet ({SRCH-1}).
Without a `name` in `sessionRef`, the handle points at a session with a new GUID for a name ({HAND-2}).
"""

BODY_OF_QUERY = """\
## The body of a query for handles

What [query-handles](#query-handles) takes.
`owners` holds either `xuids` or `people`, and not both ({HAND-10}); `search` is known and not built yet ({SRCH-3}).
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
[](../how-to/statistics.md) shows what they do.
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

RULEBOOK = """\
# Rules

Every rule of the service that the fake obeys, or will obey.
This page is written by `python docs/generate.py` from `pytest_xbl.rulebook`.

How we know a rule is one of three:

- **documented**: a public page says so, and its short name may follow.
- **client**: a client that people use relies on it.
- **assumed**: the pages are silent, or contradict each other, and somebody had to decide.

[](../explanation/assumptions.md) says what that means for your tests.
A rule that is *not yet* built is refused with 501 where a request needs it ({CODE-501}), or has no operation at all.
"""


def operations_page() -> str:
    """The text of reference/operations.md."""
    rows = [(f"[{route.operation}](#{route.operation})", _request(route).replace(TEMPLATES, "…")) for route in ROUTES]
    bags = (part for title, tables in BAGS.items() for part in _bag(title, *tables))
    return _page(
        OPERATIONS.replace("{templates}", TEMPLATES),
        _table(("operation", "request"), rows),
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
        *map(_body, (*STATISTICS_BODIES, *GROUPED_STATISTICS_BODIES)),
        FIELDS,
        *bags,
    )


def rules_page() -> str:
    """The text of reference/rules.md."""
    tested = tests_by_rule()
    return _page(RULEBOOK, *(_family(family, title, tested) for family, title in FAMILIES.items()))


def tests_by_rule() -> Mapping[str, list[str]]:
    """The tests whose docstring names a rule, by the rule's id."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        name = path.relative_to(TESTS.parent).as_posix()
        for test, docstring in _tests(ast.parse(path.read_text(encoding="utf-8"))):
            for rule in sorted(set(RULE_ID.findall(docstring))):
                found[rule].append(f"{name}::{test}")
    return found


def _tests(node: ast.Module | ast.ClassDef, prefix: str = "") -> Iterator[tuple[str, str]]:
    for child in node.body:
        match child:
            case ast.ClassDef():
                yield from _tests(child, f"{prefix}{child.name}::")
            case ast.FunctionDef() if child.name.startswith("test_"):
                yield f"{prefix}{child.name}", ast.get_docstring(child) or ""


def _page(*parts: str) -> str:
    text = "\n".join(parts)
    return re.sub(r"\{([A-Z]+-(?:[0-9]+|ALL))\}", lambda match: _link(match[1]), text)


def _link(rule: str) -> str:
    return f"[{rule}](rules.md#{rule.lower()})"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _operation(route: Route) -> str:
    facts = [
        ("answers", ", ".join(map(str, route.statuses))),
        ("contracts", _contracts(route)),
        ("parameters", ", ".join(f"`{name}`" for name in route.parameters)),
        ("body", _body_of(route)),
        ("hosts", ", ".join(f"`{host}`" for host in route.hosts)),
        ("rules", ", ".join(map(_link, route.rules))),
    ]
    lines = "".join(f"- {name}: {fact}\n" for name, fact in facts if fact)
    docstring = (route.run.__doc__ or "").strip()
    return f"### {route.operation}\n\n{docstring}\n\n{_request(route)}\n\n{lines}"


def _request(route: Route) -> str:
    return f"`{route.method} {route.path}`"


def _contracts(route: Route) -> str:
    """The contracts that an operation has, where they are others than those of sessions."""
    match route.contract:
        case partial(keywords={"newest": newest}):
            return ", ".join(map(str, range(1, newest + 1)))
    return ""


def _body_of(route: Route) -> str:
    section = SECTIONS.get(route.operation)
    return f"[a JSON object](#{section})" if section else "a JSON object" if route.has_body else ""


def _parameters() -> Iterator[str]:
    more = {name: field for name, field in ACTIVITY_PARAMETERS.items() if name not in PARAMETERS}
    yield _parameter_table(PARAMETERS)
    yield "Activities only:\n\n" + _parameter_table(more)


def _parameter_table(parameters: Mapping[str, Field]) -> str:
    rows = [
        (f"`{name}`", _code(describe_parameter(field.shape)), _link(field.rule)) for name, field in parameters.items()
    ]
    return _table(("parameter", "holds", "rule"), rows)


def _body(body: Body) -> str:
    rows = [row for name, field in body.fields.items() for row in _deep(name, field, needed=name in body.needed)]
    title = f"{body.title}\n\n" if body.title else ""
    return title + _table(("field", "holds", "needed", "rule"), rows)


def _deep(name: str, field: Field, *, needed: bool) -> Iterator[tuple[str, ...]]:
    """A field, and the fields inside it."""
    yield f"`{name}`", _code(describe(field.shape)), "yes" if needed else "", _link(field.rule)
    holder, dot = (item_of(field.shape), "[].") if is_list(field.shape) else (field.shape, ".")
    required = required_in(holder)
    for inner in names_in(holder):
        yield from _deep(f"{name}{dot}{inner}", Field(inside(holder, inner), field.rule), needed=inner in required)


def _bag(title: str, new: Mapping[str, Field], old: Mapping[str, Field]) -> Iterator[str]:
    yield f"### {title}\n\n{_fields(new)}"
    if other := {name: field for name, field in old.items() if new.get(name) != field}:
        yield f"Under contracts 104 and 105:\n\n{_fields(other)}"


def _fields(fields: Mapping[str, Field]) -> str:
    rows = [(f"`{name}`", _code(describe(field.shape)), _link(field.rule)) for name, field in fields.items()]
    return _table(("field", "holds", "rule"), rows)


def _code(text: str) -> str:
    return re.sub(r'"([^"]*)"', r"`\1`", text)


def _family(family: str, title: str, tested: Mapping[str, list[str]]) -> str:
    rows = (_rule(rule, tested.get(rule.id, [])) for rule in RULES.values() if rule.family == family)
    return f"## {family}: {title}\n\n{_table(('id', 'rule, and where it is tested', 'how we know', 'built'), rows)}"


def _rule(rule: Rule, tests: list[str]) -> Iterator[str]:
    more = len(tests) - MOST_TESTS
    named = [f"`{test}`" for test in tests[:MOST_TESTS]] + [f"and {more} more"] * (more > 0)
    yield f"[{rule.id}]{{#{rule.id.lower()}}}"
    yield "<br>".join([rule.text, *named])
    yield how_we_know(rule.source)
    yield "yes" if rule.built else "not&nbsp;yet"


def how_we_know(source: str) -> str:
    """The source of a rule, with words for its letters."""
    return re.sub(r"\b([DCA])\b( (?=[\w`]))?", lambda found: HOW_WE_KNOW[found[1]] + (": " if found[2] else ""), source)


PAGES = {"reference/operations.md": operations_page, "reference/rules.md": rules_page}


def main() -> None:
    """Write all pages."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
