#!/usr/bin/env python3
"""Writes the reference pages that follow from the code: `python docs/generate.py`."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from pytest_xbl import Seed, XblError, XboxLive
from pytest_xbl.arrange import form
from pytest_xbl.arrange.combining import combined
from pytest_xbl.arrange.scenarios import SCENARIOS, bounds_of, defaults_of, description_of
from pytest_xbl.mpsd import schema
from pytest_xbl.mpsd.activities import ACTIVITY_PARAMETERS, ACTIVITY_QUERY
from pytest_xbl.mpsd.handles import HANDLE, INVITE, TRANSFER
from pytest_xbl.mpsd.queries import BATCH_QUERY, PARAMETERS
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import ListOf, Record
from pytest_xbl.rulebook import FAMILIES, RULES, Rule, Source
from pytest_xbl.userstats import requests as statistics
from pytest_xbl.wire.routes import ROUTES, TEMPLATES, Route

DOCS = Path(__file__).parent
sys.path.append(str(DOCS))  # where it is already, unless a test runs this file

from words import describe  # noqa: E402

TESTS = DOCS.parent / "tests"

RULE_ID = re.compile(rf"\b(?:{'|'.join(FAMILIES)})-(?:[0-9]+|ALL)\b")
MOST_TESTS = 3
"""How many tests of a rule the page names."""
WIDTH = 80
"""Of the lines of an example."""
ARTICLES = {"activity": "an", "invite": "an", "transfer": "a"}

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
)
QUERY_BODIES = (Body("", ACTIVITY_QUERY),)
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

Every rule of the service that the fake obeys, or will obey, and at the end those of the fake itself.
This page is written by `python docs/generate.py` from `pytest_xbl.rulebook`.

How we know a rule of the service is one of three:

- **documented**: a public page says so, and its short name may follow.
- **client**: a client that people use relies on it.
- **assumed**: the pages are silent, or contradict each other, and somebody had to decide.

A fourth kind, **the fake's own**, is about what tests do with the fake, such as [seeds](seeds.md).
The service knows nothing of it, and no client will ever meet it.

[](../explanation/assumptions.md) says what that means for your tests.
A rule that is *not yet* built is refused with 501 where a request needs it ({CODE-501}), or has no operation at all.
"""

SEEDS = """\
# Seeds

A seed says how the world of a test begins: who is there, which sessions they are in, and what time it is.
This page is written by `python docs/generate.py` from the tables that check seeds, and from the scenarios.

[](../how-to/seed-a-world.md) shows how a test names a seed.
[](../how-to/one-test-many-scenarios.md) shows what to do with scenarios.

## The form

This is a whole seed, in a file `seed.json`:

```json seed.json
{example}
```

In Python a seed is such a dict, or a [`pytest_xbl.Seed`](fixtures.md#seeds).
In a file it is JSON, or YAML with the extra `pytest-xbl[yaml]`.

A seed is an object of these sections, and may leave out any of them.
Any other field is refused, here and everywhere below ({SEED-1}).
"""

AFTER_SECTIONS = """\
Most sections hold records by *label*: what the seed calls them, and what the test finds them by.
The label of a user or a service is their name; that of a session or a template is its name unless the record has one.

Whom or what a seed names is in the seed, or was in the world before it ({SEED-2}).
Times are strings, or datetimes in Python; they have a zone, and none but `now` and `expires` is later than the clock.
A `null` in place of a record or a field says that there is none ({SEED-4}).
"""

SEED_SECTIONS = {
    "users": """\
## Users

By name: what the test calls them.
Where there is no more to say of anybody, a list of names will do.
Xuids and devices are given out in the order of the seed.
""",
    "services": """\
## Services

By name: servers and other services, which may write what no user may.
""",
    "templates": """\
## Templates

By label, besides the [ready-made ones](fixtures.md#ready-made-templates).
A template of the same name takes the place of a ready-made one.
""",
    "sessions": """\
## Sessions

By label.
A session comes out as if a service had made it, and everybody had taken their seat at the time of the clock ({SEED-5}).
What `system` may hold is under [operations](operations.md#fields-of-system), by the names of contract 107.

The fields from `startTime` on are for a session that was made earlier.
A [dump](../how-to/seed-a-world.md#make-a-seed-of-a-world) has them.
""",
    "members": """\
### Members

By name, in the order in which they came.
A status may stand in place of an object.

Whom the first access would not find any more is refused, unless `since` says when their status began ({SEED-5}).
""",
    "handles": """\
## Handles

By label.
With `created`, a handle was made earlier, and nobody asks any more whether its owner may make it ({SEED-8}).
Without it, they make it now, and have to be where such a handle is made.
""",
    "statistics": """\
## Statistics

What players have reached, and what their titles say about it; [](../how-to/statistics.md) explains the words.
""",
    "values": """\
### Values of statistics

By name of user, and there by label.
Where there is nothing but a value, the value may stand alone.
""",
    "definitions": """\
### Definitions

By label.
A statistic that nobody defines is open, and of the type that its value has.
""",
    "given": """\
## Given

The ids that the fake chooses follow from how many it has chosen before.
A dump says how many, so that whoever loads it goes on where it stopped ({SEED-7}); a seed of yours hardly needs it.
""",
}
"""What stands above each table."""
SEED_TABLES = {
    "users": form.USER,
    "services": form.SERVICE,
    "templates": form.TEMPLATE,
    "sessions": form.SESSION,
    "members": form.MEMBER,
    "handles": form.HANDLE,
    "statistics": form.STATISTICS,
    "values": form.REACHED,
    "definitions": form.DEFINITION,
    "given": form.GIVEN,
}

COMBINING = """\
## How seeds combine

Of two seeds, one comes later and counts more:

- a seed comes after those that it `extends`, and of several in a list the last one counts most ({SEED-3});
- `one | other`: the right one counts more; each is a `Seed`, and one of them may be a dict;
- with `seed` and `scenario` in one marker, the `seed` counts more;
- `now` and `values` in a marker count more than any seed.

They are put together record by record, and a record field by field ({SEED-4}):

- A record or a field that only one of them has is there.
- Of a field in both, the later one counts as a whole, however much is in it: `members` are those of the later seed.
- A `null` takes out what an earlier seed says.
- A list of users adds these users, and says nothing else of them.
- Statistics are put together value by value, and definitions field by field; `titles` and `given` one by one.

When this comes first:

```json
{first}
```

and this comes later:

```json
{later}
```

then the world begins with:

```json
{both}
```

The name of a file in `extends` is relative to the file that names it, or in Python to the directory of the test's file.
It ends with `.json`, `.yaml` or `.yml`; any other name is that of a scenario.
A seed that extends itself, be it through others, is refused.

## Which seed counts

The first of these counts, alone ({SEED-6}):

1. what the closest marker `xbl` with a `seed` or a `scenario` names;
2. the scenario of the test case, where the marker `xbl_scenarios` made one of it;
3. what the fixture `xbl_seed` gives;
4. what the setting `xbl_seed` names.

A test that has the first cannot have the second besides.
To have one on top of another, name both: with `extends`, with `|`, or with `scenario` and `seed` in one marker.
With none of them, the world holds the four ready-made templates, and nothing else.

## What an error looks like

A seed is checked when the test that needs it is set up, and a mistake in it is the test's failure, in three lines:
what is wrong, where, and by which [rule](rules.md).
The place is a JSON pointer into the seed, and the file or whatever else the seed came from.

```text
{error}
```

A seed is loaded as a whole: if anything in it is wrong, nothing of it comes into the world ({SEED-9}).
`xbl.seed` then raises an [`XblError`](fixtures.md#errors) with the same text.

## Scenarios

Scenarios are seeds with a name and parameters; `pytest --xbl-scenarios` lists them.
A parameter is a whole number; its bounds are those with the other parameters as they are unless given.
Who and what is in a scenario is said for the parameters unless given.
"""

EXAMPLE = {
    "now": "2026-03-01T18:00:00Z",
    "users": {"Stacy": {"follows": ["Ana"]}, "Ana": {}, "Bo": {"privileges": []}},
    "sessions": {
        "friday": {
            "template": "lobby",
            "members": {"Stacy": "active", "Ana": "reserved"},
            "properties": {"custom": {"map": "harbour"}},
        }
    },
    "handles": {"invite": {"type": "invite", "session": "friday", "owner": "Stacy", "invited": "Bo"}},
    "statistics": {"users": {"Stacy": {"wins": 7}}},
}
FIRST = {
    "users": {"Stacy": {"gamertag": "Frost", "titleId": "7"}, "Ana": {}, "Bo": {}},
    "sessions": {
        "friday": {"template": "lobby", "members": ["Stacy", "Ana"], "properties": {"custom": {"map": "bay"}}}
    },
}
LATER = {
    "users": {"Stacy": {"gamertag": None}, "Bo": None, "Cas": {}},
    "sessions": {"friday": {"members": ["Ana"]}},
}
MISTAKEN = {
    "users": ["Stacy", "Bo"],
    "sessions": {"friday": {"template": "lobby", "members": ["Stacy", "Ana"]}},
}


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
        *map(_body, STATISTICS_BODIES),
        FIELDS,
        *bags,
    )


def rules_page() -> str:
    """The text of reference/rules.md."""
    tested = tests_by_rule()
    return _page(RULEBOOK, *(_family(family, title, tested) for family, title in FAMILIES.items()))


def seeds_page() -> str:
    """The text of reference/seeds.md."""
    sections = (part for name, text in SEED_SECTIONS.items() for part in (text, _meanings(SEED_TABLES[name])))
    examples = {"first": _json(FIRST), "later": _json(LATER), "both": _json(combined((FIRST, LATER)))}
    return _page(
        _filled(SEEDS, example=_json(EXAMPLE)),
        _meanings(form.SEED),
        AFTER_SECTIONS,
        *sections,
        _filled(COMBINING, **examples, error=_error_of(MISTAKEN)),
        *map(_scenario, SCENARIOS),
    )


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
    rows = [(f"`{name}`", _code(field.shape.expected), _link(field.rule)) for name, field in parameters.items()]
    return _table(("parameter", "holds", "rule"), rows)


def _body(body: Body) -> str:
    rows = [row for name, field in body.fields.items() for row in _deep(name, field)]
    title = f"{body.title}\n\n" if body.title else ""
    return title + _table(("field", "holds", "needed", "rule"), rows)


def _deep(name: str, field: Field) -> Iterator[tuple[str, ...]]:
    """A field, and the fields inside it."""
    yield f"`{name}`", _code(describe(field.shape)), "yes" if field.needed else "", _link(field.rule)
    holder, dot = (field.shape.item, "[].") if isinstance(field.shape, ListOf) else (field.shape, ".")
    if isinstance(holder, Record):
        for inner, shape in holder.fields.items():
            yield from _deep(f"{name}{dot}{inner}", Field(shape, field.rule, needed=inner in holder.needed))


def _bag(title: str, new: Mapping[str, Field], old: Mapping[str, Field]) -> Iterator[str]:
    yield f"### {title}\n\n{_fields(new)}"
    if other := {name: field for name, field in old.items() if new.get(name) != field}:
        yield f"Under contracts 104 and 105:\n\n{_fields(other)}"


def _fields(fields: Mapping[str, Field]) -> str:
    rows = [(f"`{name}`", _code(describe(field.shape)), _link(field.rule)) for name, field in fields.items()]
    return _table(("field", "holds", "rule"), rows)


def _code(text: str) -> str:
    """What is quoted, and what is an object, as code."""
    return re.sub(r'(\{[^}]*\})|"([^"]*)"', lambda found: f"`{found[1] or found[2]}`", text)


def _meanings(fields: Mapping[str, Field]) -> str:
    rows = [
        (f"`{name}`", _code(describe(each.shape)), _meaning(each), _link(each.rule)) for name, each in fields.items()
    ]
    return _table(("field", "holds", "what it is", "rule"), rows)


def _meaning(field: Field) -> str:
    return f"{field.meaning}; required" if field.needed else field.meaning


def _filled(text: str, **parts: str) -> str:
    for name, part in parts.items():
        text = text.replace(f"{{{name}}}", part)
    return text


def _json(document: Mapping[str, object]) -> str:
    """A document with an object on one line wherever it fits there."""
    return _broken(document, "", 0)


def _broken(value: object, indent: str, before: int) -> str:
    """A value in JSON.

    Args:
        before: how many characters stand before it on its line.
    """
    text = json.dumps(value)
    if not isinstance(value, dict) or (indent and before + len(text) < WIDTH):
        return text
    deeper = f"{indent}  "
    heads = [f"{deeper}{json.dumps(name)}: " for name in value]
    lines = [head + _broken(inner, deeper, len(head)) for head, inner in zip(heads, value.values(), strict=True)]
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"


def _error_of(seed: Mapping[str, object]) -> str:
    try:
        XboxLive(seed=Seed(seed, name="friday.json"))
    except XblError as error:
        return str(error)
    raise AssertionError("the seed is as it should be, and was to show an error")


def _scenario(name: str) -> str:
    """What a scenario is, and who and what is in it."""
    xbl = XboxLive(seed=Seed.scenario(name))
    dumped = xbl.dump()
    facts: dict[str, Iterable[str]] = {
        "parameters": _parameters_of(name),
        "users": map(_quoted, dumped["users"]),
        "services": map(_quoted, dumped.get("services", ())),
        "sessions": [_members(label, one) for label, one in dumped.get("sessions", {}).items()],
        "handles": [f"`{label}`, {ARTICLES[it.type]} {it.type}" for label, it in xbl.scenario.handles.items()],
        "statistics": map(_quoted, sorted({it for held in _reached(dumped).values() for it in held})),
    }
    lines = "".join(f"- {title}: {listed}\n" for title, items in facts.items() if (listed := "; ".join(items)))
    return f"### {name}\n\n{description_of(name)}\n\n{lines}"


def _members(label: str, session: Mapping[str, Any]) -> str:
    """A session of a scenario, and who is in it."""
    who = (
        _quoted(name) + (f" ({it['status']})" if it["status"] != "active" else "")
        for name, it in session["members"].items()
    )
    return f"`{label}`, from the template `{session['template']}`, with {', '.join(who)}"


def _quoted(name: str) -> str:
    return f"`{name}`"


def _reached(dumped: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    users: Mapping[str, Mapping[str, Any]] = dumped.get("statistics", {}).get("users", {})
    return users


def _parameters_of(scenario: str) -> Iterator[str]:
    """The parameters of a scenario: each with its default, and its bounds beside the defaults of the others."""
    defaults = defaults_of(scenario)
    for name, bounds in bounds_of(scenario).items():
        low, high, _ = bounds.within(defaults)
        yield f"`{name}={defaults[name]}`, from {low} to {high}"


def _family(family: str, title: str, tested: Mapping[str, list[str]]) -> str:
    rows = (_rule(rule, tested.get(rule.id, [])) for rule in RULES.values() if rule.family == family)
    return f"## {family}: {title}\n\n{_table(('id', 'rule, and where it is tested', 'how we know', 'built'), rows)}"


def _rule(rule: Rule, tests: list[str]) -> Iterator[str]:
    more = len(tests) - MOST_TESTS
    named = [f"`{test}`" for test in tests[:MOST_TESTS]] + [f"and {more} more"] * (more > 0)
    yield f"[{rule.id}]{{#{rule.id.lower()}}}"
    yield "<br>".join([rule.text, *named])
    yield "; ".join(map(_source, rule.sources))
    yield "yes" if rule.built else "not&nbsp;yet"


def _source(source: Source) -> str:
    known = f"{source.part} {source.kind}" if source.part else source.kind
    return f"{known}: {source.detail}" if source.detail else known


PAGES = {
    "reference/operations.md": operations_page,
    "reference/rules.md": rules_page,
    "reference/seeds.md": seeds_page,
}


def main() -> None:
    """Write all pages."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
