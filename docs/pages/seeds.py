"""The page of seeds: the seed form, how seeds combine, and the scenarios."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from pages.markdown import code, filled, link, page, table
from pytest_xbl import Seed, XblError, XboxLive
from pytest_xbl.arrange import faults_form, form, statistics_form
from pytest_xbl.arrange.combining import combined
from pytest_xbl.arrange.scenarios import SCENARIOS, bounds_of, defaults_of, description_of
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.openapi.json_block import json_block
from pytest_xbl.openapi.words import describe

ARTICLES = {"activity": "an", "invite": "an", "transfer": "a", "search": "a"}
MOST_LISTED = 10
"""The longest run of members that is listed in full."""

SEEDS = """\
# Seeds

A seed says how the world of a test begins: who is there, which sessions they are in, and what time it is.
This page is written by `python docs/generate.py` from the tables that check seeds, and from the scenarios.

[Seed a world](../how-to/seed-a-world.md) shows how a test names a seed.
[One test, many scenarios](../how-to/one-test-many-scenarios.md) shows what to do with scenarios.
[seed.schema.json](seed.schema.json) says the same [to an editor](../how-to/seed-a-world.md#let-an-editor-complete-it).

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

A seed can refer only to what it defines itself, or what the world already holds ({SEED-2}).
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

A member whose timeout is already over is refused, unless `since` says when their status began ({SEED-5}).
""",
    "handles": """\
## Handles

By label.
With `created`, a handle was made earlier, and nobody asks any more whether its owner may make it ({SEED-8}).
Without it, they make it now, and have to be where such a handle is made.
""",
    "statistics": """\
## Statistics

What players have reached, and what their titles say about it.
[Read a player's statistics](../how-to/statistics.md) explains the words.
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
    "titles": """\
### Titles

By id.
The GUID of its service configuration may stand alone.
""",
    "faults": """\
## Faults

What goes wrong, in order, as the calls of [`xbl.faults`](fixtures.md#faults) say it in Python ({FAULT-7}).
Each fault is an object, whose kind is the one of `fail`, `lose`, `twice`, `cut`, `delay`, `down` and `race` in it.
These are followed here by the fields of their own:
""",
    "every fault": """\
All kinds have these fields, but that `down` has no `session`:
""",
    "given": """\
## Given

The ids that the fake chooses follow from how many it has chosen before.
A dump says how many, so that whoever loads it goes on where it stopped ({SEED-7}); a seed of yours hardly needs it.
""",
}
"""The text above each table."""
SEED_TABLES = {
    "users": form.USER,
    "services": form.SERVICE,
    "templates": form.TEMPLATE,
    "sessions": form.SESSION,
    "members": form.MEMBER,
    "handles": form.HANDLE,
    "statistics": statistics_form.STATISTICS,
    "values": statistics_form.REACHED,
    "definitions": statistics_form.DEFINITION,
    "titles": statistics_form.TITLE,
    "faults": {
        name: field
        for fields in faults_form.KINDS.values()
        for name, field in fields.items()
        if name not in faults_form.COMMON
    },
    "every fault": faults_form.COMMON,
    "given": form.GIVEN,
}

COMBINING = """\
## How seeds combine

Of two seeds, one comes later and counts more:

- a seed comes after those that it `extends`, and of several in a list the last one counts most ({SEED-3});
- `one | other`: the right one counts more; each is a `Seed`, and one of them may be a dict;
- with `seed` and `scenario` in one marker, the `seed` counts more;
- `now`, `values`, `limits` and `faults` in a marker count more than any seed.

They are put together record by record, and a record field by field ({SEED-4}):

- A record or a field that only one of them has is there.
- Of a field in both, the later one counts as a whole, however much is in it: `members` are those of the later seed.
- A `null` takes out what an earlier seed says.
- A list of users adds these users, and says nothing else of them; a list of `faults` takes the place of an earlier one.
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
Parameters are integers.
Bounds and contents are listed for the default values of the others.
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


def seeds_page() -> str:
    """The text of reference/seeds.md."""
    sections = (part for name, text in SEED_SECTIONS.items() for part in (text, _meanings(SEED_TABLES[name])))
    examples = {"first": json_block(FIRST), "later": json_block(LATER), "both": json_block(combined((FIRST, LATER)))}
    return page(
        filled(SEEDS, example=json_block(EXAMPLE)),
        _meanings(form.SEED),
        AFTER_SECTIONS,
        *sections,
        filled(COMBINING, **examples, error=_error_of(MISTAKEN)),
        *map(_scenario, SCENARIOS),
    )


def _meanings(fields: Mapping[str, Field]) -> str:
    rows = [(f"`{name}`", code(describe(each.shape)), _meaning(each), link(each.rule)) for name, each in fields.items()]
    return table(("field", "holds", "what it is", "rule"), rows)


def _meaning(field: Field) -> str:
    return f"{field.meaning}; required" if field.needed else field.meaning


def _error_of(seed: Mapping[str, object]) -> str:
    try:
        XboxLive(seed=Seed(seed, name="friday.json"))
    except XblError as error:
        return str(error)
    raise AssertionError("the seed is as it should be, and was to show an error")


def _scenario(name: str) -> str:
    """The description of a scenario, and who and what is in it."""
    xbl = XboxLive(seed=Seed.scenario(name))
    dumped = xbl.dump()
    facts: dict[str, Iterable[str]] = {
        "parameters": _parameters_of(name),
        "users": map(_quoted, dumped["users"]),
        "services": map(_quoted, dumped.get("services", ())),
        "sessions": [_members(label, one) for label, one in dumped.get("sessions", {}).items()],
        "handles": [f"`{label}`, {ARTICLES[it.type]} {it.type}" for label, it in xbl.scenario.handles.items()],
        "faults": [line.partition(", 0")[0] for line in str(xbl.app.trouble or "").splitlines()],
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
    return f"`{label}`, from the template `{session['template']}`, with {', '.join(_shortened(who))}"


def _shortened(names: Iterable[str]) -> Iterator[str]:
    """The names, with only the first and the last of a long run of names that differ only in their numbers."""
    for _, alike in groupby(names, key=lambda name: re.sub(r"\d+", "", name)):
        run = list(alike)
        yield from run if len(run) <= MOST_LISTED else [f"{run[0]} … {run[-1]}"]


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
