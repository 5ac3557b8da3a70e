#!/usr/bin/env python3
"""Writes the reference pages that follow from the code: `python docs/generate.py`."""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pytest_xbl.mpsd import schema
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import Shape
from pytest_xbl.rulebook import FAMILIES, RULES, Rule
from pytest_xbl.wire.routes import ROUTES, TEMPLATES, Route

DOCS = Path(__file__).parent
TESTS = DOCS.parent / "tests"

RULE_ID = re.compile(rf"\b(?:{'|'.join(FAMILIES)})-(?:[0-9]+|ALL)\b")
HOW_WE_KNOW = {"D": "documented", "C": "client", "A": "assumed"}
MOST_TESTS = 3
"""How many tests of a rule the page names."""

NOTHING = object()
"""Something that cannot be JSON, so that every shape but one refuses it."""
ANYTHING = "anything"
REQUIRED = "an object with "

BAGS = {
    "Session constants": (schema.SESSION_CONSTANTS, schema.OLD_SESSION_CONSTANTS),
    "Session properties": (schema.SESSION_PROPERTIES, schema.OLD_SESSION_PROPERTIES),
    "Member constants": (schema.MEMBER_CONSTANTS, schema.MEMBER_CONSTANTS),
    "Member properties": (schema.MEMBER_PROPERTIES, schema.OLD_MEMBER_PROPERTIES),
    "Properties of the server `matchmaking`": (schema.MATCHMAKING_SERVER, schema.MATCHMAKING_SERVER),
}

OPERATIONS = """\
# Operations

What the fake answers, and the fields that it understands.
This page is written by `python docs/generate.py` from the tables that the fake itself runs on.

All operations answer below [`xbl.url`](fixtures.md#the-fake-xbl), at any host name that is not one of Xbox Live's.
A request that names a real host of Xbox Live in its `Host` header gets that host's operations only ({CALL-1}).

Every operation can also answer 400, 401, 403, 404, 405, 412, 413 or 501; [](../how-to/read-a-refusal.md) explains them.
The words of a path are matched without regard to case ({CALL-5}).

## All operations

Here … stands for `{templates}`.
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
A rule that is *not yet* built is refused with 501 where a write would need it ({CODE-501}), or has no operation at all.
"""


def operations_page() -> str:
    """The text of reference/operations.md."""
    rows = [(f"[{route.operation}](#{route.operation})", _request(route).replace(TEMPLATES, "…")) for route in ROUTES]
    bags = (part for title, tables in BAGS.items() for part in _bag(title, *tables))
    return _page(
        OPERATIONS.replace("{templates}", TEMPLATES),
        _table(("operation", "request"), rows),
        *map(_operation, ROUTES),
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
        ("parameters", ", ".join(f"`{name}`" for name in route.parameters)),
        ("body", "a JSON object" if route.has_body else ""),
        ("hosts", ", ".join(f"`{host}`" for host in route.hosts)),
        ("rules", ", ".join(map(_link, route.rules))),
    ]
    lines = "".join(f"- {name}: {fact}\n" for name, fact in facts if fact)
    docstring = (route.run.__doc__ or "").strip()
    return f"### {route.operation}\n\n{docstring}\n\n{_request(route)}\n\n{lines}"


def _request(route: Route) -> str:
    return f"`{route.method} {route.path}`"


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


def describe(shape: Shape) -> str:
    """What a shape asks for, in the words with which it refuses what cannot be JSON."""
    expected = _expected(shape, NOTHING)
    if expected == "a list":
        return f"a list; each item {_expected(shape, [NOTHING])}"
    return _object(shape) if expected == "an object" else expected


def _object(shape: Shape) -> str:
    probe = {"": NOTHING}
    while (inside := _expected(shape, probe)).startswith(REQUIRED):
        probe[json.loads(inside.removeprefix(REQUIRED))] = NOTHING
    _, closed, names = inside.partition("known are ")
    if closed:
        return "an object of " + ", ".join(f"`{name}`" for name in names.split(", "))
    if inside.startswith("a key that is "):
        return f"an object; each key {inside.removeprefix('a key that is ')}"
    return "an object" if inside == ANYTHING else f"an object; each value {inside}"


def _expected(shape: Shape, value: object) -> str:
    misfit = shape(value)
    return misfit.expected if misfit else ANYTHING


PAGES = {"reference/operations.md": operations_page, "reference/rules.md": rules_page}


def main() -> None:
    """Write all pages."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
