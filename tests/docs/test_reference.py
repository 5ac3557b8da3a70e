"""The page of fixtures mentions every public name."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

import pytest_xbl
from pytest_xbl import Seed, Tap, WorldFactory, XboxLive, diff_sessions, options, plugin
from pytest_xbl.xbl.replay import Replay
from pytest_xbl.xbl.replaying import Played

PAGE = (Path(__file__).parents[2] / "docs/reference/fixtures.md").read_text(encoding="utf-8")

CONTAINER = {
    "__getitem__": "{}[",
    "__contains__": "in {}`",
    "__iter__": "in {}`",
    "__len__": "len({})",
}
"""How the page spells what a container can do."""


def fixtures() -> Iterator[str]:
    """The fixtures of the plugin, wherever they stand in it."""
    for node in ast.walk(ast.parse(inspect.getsource(plugin))):
        if isinstance(node, ast.FunctionDef) and any("fixture" in ast.unparse(by) for by in node.decorator_list):
            yield f"`{node.name}`"


def markers() -> Iterator[str]:
    """The markers of the plugin, and the keywords that they take."""
    for marker in options.MARKERS:
        name, _, arguments = marker.partition(":")[0].partition("(")
        yield f"`@pytest.mark.{name}("
        yield from (f"`{keyword}`" for keyword in arguments.rstrip(")").split(", ") if not keyword.startswith("*"))


class Asked:
    """The options and settings that the plugin registers."""

    def __init__(self) -> None:
        self.names: list[str] = []
        plugin.pytest_addoption(cast("pytest.Parser", self))

    def getgroup(self, *_: str) -> Asked:
        """The group is of no account."""
        return self

    def addoption(self, name: str, **_: Any) -> None:
        """An option of the command line."""
        self.names.append(f"`{name}`")

    def addini(self, name: str, *_: str, **__: str) -> None:
        """A setting, whose row says what it is; a fixture of the same name has another row."""
        self.names.append(f"| `{name}` | the ")


def held() -> dict[str, object]:
    """Everything that a test can hold, as the page spells it."""
    xbl = XboxLive()
    session = xbl.sessions.create("lobby", members=[xbl.user("Stacy")])
    xbl.client().get("/")
    diff = diff_sessions(session, {**session.document, "roleTypes": {"driver": {}}})
    parts = ("sessions", "templates", "handles", "stats", "clock", "journal", "limits", "faults", "rta")
    tap = Tap("", session.ref, 1, frozenset(), "", "", xbl.clock.now, "", "", "", "")
    return {
        "xbl": xbl,
        **{f"xbl.{name}": getattr(xbl, name) for name in parts},
        "entry": xbl.journal[0],
        "session": session,
        "session.history": session.history,
        "diff": diff,
        "difference": diff[0],
        "handle": session.invite(xbl.user("Bo")),
        "ref": session.ref,
        "version": session.history[0],
        "tap": tap,
        "user": xbl.user("Ana"),
        "fault": xbl.faults.down(),
        "service": xbl.service("referee"),
        "xbl_scenario": xbl.scenario,
        "Seed": Seed(),
        "result": Replay(Path("lobby.har"), Played((), {}, 0, ())),
    }


HELD = held()


def attributes() -> Iterator[str]:
    """The public attributes of everything that a test can hold."""
    for spelling, value in HELD.items():
        inherited = {name for kind in (tuple, list, Sequence) if isinstance(value, kind) for name in dir(kind)}
        for name in dir(value):
            if not name.startswith("_") and name not in inherited and f"{spelling}.{name}" not in HELD:
                yield f"{spelling}.{name}"
        if spelling in {"xbl.sessions", "xbl.templates", "xbl.handles", "xbl.journal", "xbl_scenario"}:
            yield from (how.format(spelling) for name, how in CONTAINER.items() if hasattr(value, name))


NAMES = [
    *fixtures(),
    *markers(),
    *Asked().names,
    *(f"pytest_xbl.{name}" for name in pytest_xbl.__all__),
    *attributes(),
]


@pytest.mark.parametrize("name", NAMES)
def test_name_is_mentioned(name: str) -> None:
    """Nothing public is left out of the reference."""
    end = r"\b" if name[-1].isalnum() else ""
    if not re.search(rf"(?<![\w.]){re.escape(name)}{end}", PAGE):
        pytest.fail(f"docs/reference/fixtures.md does not mention {name}", pytrace=False)


CALLS = [
    (name, re.findall(r"\w+", re.sub(r"=[^,)]+", "", arguments)))
    for name, arguments in re.findall(r"^\| `([\w.]+\.\w+)\(([^`]*)\)`", PAGE, re.MULTILINE)
    if name != "xbl.stats.get"  # it has a row for each way to call it
]
"""The methods whose rows name their parameters."""


@pytest.mark.parametrize(("name", "parameters"), CALLS, ids=[name for name, _ in CALLS])
def test_a_row_names_every_parameter(name: str, parameters: list[str]) -> None:
    """In the order of the signature."""
    owner, _, method = name.rpartition(".")
    assert parameters == list(inspect.signature(getattr(HELD[owner], method)).parameters)


TABLES = [
    (name, re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`[^|]*)", rows, re.MULTILINE))))
    for name, rows in re.findall(r"^The arguments of `([\w.]+)`:\n\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
]
"""The methods with a table of their arguments."""


@pytest.mark.parametrize(("name", "arguments"), TABLES, ids=[name for name, _ in TABLES])
def test_a_table_has_every_argument(name: str, arguments: list[str]) -> None:
    """In the order of the signature."""
    owner, _, method = name.rpartition(".")
    called = getattr(HELD[owner], method) if owner else WorldFactory.__call__
    assert arguments == [name for name in inspect.signature(called).parameters if name not in ("self", "args")]
