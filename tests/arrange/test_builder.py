"""A seed, put together by calls: each stands for a dict."""

from __future__ import annotations

import inspect
from datetime import datetime, timezone
from typing import Any

import pytest

from pytest_xbl import Seed, XblError, XboxLive
from pytest_xbl.arrange.builder import Builder

NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
NUMBER: Any = 7
SCID = "5c1d0000-0000-4000-8000-00000000000A"
BASE: dict[str, Any] = {
    "users": {"Ana": {"xuid": "11"}, "Bob": {"xuid": "12"}},
    "sessions": {"one": {"template": "lobby", "members": ["Ana"]}},
}
START = Seed(BASE)
CASES: dict[str, tuple[Seed, dict[str, Any]]] = {
    # What is called, and the dict that it stands for.
    "now": (START.now(NOON), {"now": NOON}),
    "now, as a text": (START.now("2026-05-01T10:00:00Z"), {"now": "2026-05-01T10:00:00Z"}),
    "user": (START.user("Cid"), {"users": {"Cid": {}}}),
    "user with everything": (
        START.user(
            "Cid",
            xuid="13",
            gamertag="",
            device_id="F9",
            title_id="7",
            token="t",
            userhash="h",
            privileges=(),
            sandbox="X",
            present=False,
            follows=("Ana", "Bob"),
            favorites=iter(["Bob"]),
            blocks={"Ana": 1},
        ),
        {
            "users": {
                "Cid": {
                    "xuid": "13",
                    "gamertag": "",
                    "deviceId": "F9",
                    "titleId": "7",
                    "token": "t",
                    "userhash": "h",
                    "privileges": [],
                    "sandbox": "X",
                    "present": False,
                    "follows": ["Ana", "Bob"],
                    "favorites": ["Bob"],
                    "blocks": ["Ana"],
                }
            }
        },
    ),
    "more of a user": (START.user("Ana", follows=["Bob"]), {"users": {"Ana": {"follows": ["Bob"]}}}),
    "users": (START.users("Cid", "Dot"), {"users": {"Cid": {}, "Dot": {}}}),
    "users who are there": (START.users("Ana", "Cid"), {"users": ["Ana", "Cid"]}),
    "no users": (START.users(), {"users": {}}),
    "service": (START.service("server"), {"services": {"server": {}}}),
    "service for a user": (
        START.service("server", on_behalf_of="Ana"),
        {"services": {"server": {"onBehalfOf": "Ana"}}},
    ),
    "template": (START.template("duel", {}), {"templates": {"duel": {}}}),
    "template with everything": (
        START.template(
            "duel",
            {"constants": {"system": {"timeouts": {"reserved": 1}}}, "roleTypes": {"team": {}}},
            scid=SCID,
            contract=105,
        ),
        {
            "templates": {
                "duel": {
                    "constants": {"system": {"timeouts": {"reserved": 1}}},
                    "roleTypes": {"team": {}},
                    "scid": SCID,
                    "contract": 105,
                }
            }
        },
    ),
    "session": (
        START.session("two", "lobby", members=("Ana", "Bob")),
        {"sessions": {"two": {"template": "lobby", "members": ["Ana", "Bob"]}}},
    ),
    "session with everything": (
        START.template("lobby", {}, scid=SCID).session(
            "two",
            "lobby",
            members={"Ana": "ready", "Bob": {"status": "active", "index": 3}},
            constants={"custom": {"a": 1}},
            properties={"custom": {"b": 2}},
            servers={"dedicated": {}},
            scid=SCID,
        ),
        {
            "templates": {"lobby": {"scid": SCID}},
            "sessions": {
                "two": {
                    "template": "lobby",
                    "members": {"Ana": "ready", "Bob": {"status": "active", "index": 3}},
                    "constants": {"custom": {"a": 1}},
                    "properties": {"custom": {"b": 2}},
                    "servers": {"dedicated": {}},
                    "scid": SCID,
                }
            },
        },
    ),
    "handle": (
        START.handle("go", "activity", "one", owner="Ana"),
        {"handles": {"go": {"type": "activity", "session": "one", "owner": "Ana"}}},
    ),
    "invite": (
        START.handle("go", "invite", "one", owner="Ana", invited="Bob", attributes={"context": "c"}),
        {
            "handles": {
                "go": {
                    "type": "invite",
                    "session": "one",
                    "owner": "Ana",
                    "invited": "Bob",
                    "attributes": {"context": "c"},
                }
            }
        },
    ),
    "transfer": (
        START.handle("go", "transfer", "one", origin="one"),
        {"handles": {"go": {"type": "transfer", "session": "one", "origin": "one"}}},
    ),
    "statistics": (
        START.statistics("Ana", {"wins": 1, "rating": {"value": 1.5, "metadata": {"a": 1}}, "seen": NOON}),
        {"statistics": {"users": {"Ana": {"wins": 1, "rating": {"value": 1.5, "metadata": {"a": 1}}, "seen": NOON}}}},
    ),
    "definition": (
        START.definition("wins", type="Integer", access="restricted"),
        {"statistics": {"definitions": {"wins": {"type": "Integer", "access": "restricted"}}}},
    ),
    "definition of nothing": (START.definition("wins"), {"statistics": {"definitions": {"wins": {}}}}),
}


@pytest.mark.parametrize(("built", "document"), CASES.values(), ids=CASES)
def test_a_call_stands_for_a_dict(built: Seed, document: dict[str, Any]) -> None:
    """The worlds that begin with both are equal (SEED-4, SEED-7)."""
    assert XboxLive(seed=built).dump() == XboxLive(seed=START | document).dump()


def test_what_is_expected_is_a_call_too() -> None:
    """The last one counts (SEED-10)."""
    built = START.expecting({"now": NOON}).expecting({"sessions": {"one": None}})
    assert XboxLive(seed=built).scenario._loaded.expected == {"sessions": {"one": None}}


def test_these_tests_know_every_call() -> None:
    """A call that comes to the builder comes here, too."""
    calls = {name for name, _ in inspect.getmembers(Builder, inspect.isfunction) if not name.startswith("_")}
    assert calls == {
        "now",
        "user",
        "users",
        "service",
        "template",
        "session",
        "handle",
        "statistics",
        "definition",
        "expecting",
    }


def test_a_call_gives_another_seed() -> None:
    """With the same name, and the first one does not change (SEED-4)."""
    first = Seed(name="mine")
    second = first.users("Ana").user("Bob").now(NOON)
    assert (repr(second), XboxLive(seed=first).scenario.users) == ("<seed mine>", ())
    assert [user.name for user in XboxLive(seed=second).scenario.users] == ["Ana", "Bob"]


def test_calls_go_on_from_any_seed() -> None:
    """A scenario, too (SEED-3)."""
    xbl = XboxLive(seed=Seed.scenario("lobby", players=2).user("Zoe", follows=["host"]))
    assert list(xbl.scenario) == ["host", "player2", "newcomer", "Zoe", "lobby"]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: START.now("noon"), 'Expected a time with its zone, as "2026-01-01T12:00:00Z"; got "noon".'),
        (lambda: START.user("Cid", xuid="x"), 'Expected a string of decimal digits; got "x".'),
        (lambda: START.user("Cid", follows="Ana"), 'Expected a list; got "Ana".'),
        (lambda: START.user("Cid", privileges="multiplayer"), 'Expected a list; got "multiplayer".'),
        (lambda: START.users("Ana", NUMBER), "Names are strings, and 7 is none: put it in quotes."),
        (
            lambda: START.session("two", "lobby", members="Ana"),
            'Expected a list of names, or an object of members by name; got "Ana".',
        ),
        (
            lambda: START.template("duel", {"members": {}}),
            'The field "members" is not known here; known here: name, scid, contract, constants, roleTypes.',
        ),
        (
            lambda: START.handle("go", "search", "one"),
            'Expected one of "activity", "invite", "transfer"; got "search".',
        ),
        (lambda: START.definition("wins", access="closed"), 'Expected one of "open", "restricted"; got "closed".'),
        (
            lambda: START.expecting({"templates": {}}),
            "This is not compared; what is: now, users, sessions, handles, statistics.",
        ),
    ],
)
def test_a_call_that_cannot_be_is_refused_at_once(call: Any, said: str) -> None:
    """In the line of the test that is wrong (SEED-1)."""
    with pytest.raises(XblError) as error:
        call()
    assert str(error.value).splitlines()[0] == said


@pytest.mark.parametrize("template", [None, "lobby", []])
def test_a_template_is_a_dict(template: Any) -> None:
    """Anything else is refused like in `xbl.templates.add` (SEED-1)."""
    with pytest.raises(XblError) as error:
        START.template("duel", template)
    assert str(error.value) == f"A template is a dict of constants and roleTypes; {template!r} is none."
