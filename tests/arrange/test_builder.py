"""A seed, put together by calls: each stands for a dict."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from pytest_xbl import Seed, XboxLive
from seeds import OTHER, SeedDict, row_of
from tables import cases

NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
NUMBER: Any = 7
START = Seed(
    {
        "users": {"Ana": {"xuid": "11"}, "Bob": {"xuid": "12"}},
        "sessions": {"one": {"template": "lobby", "members": ["Ana"]}},
    }
)
TEMPLATE = {"constants": {"system": {"timeouts": {"reserved": 1}}}, "roleTypes": {"team": {}}}
MEMBERS = {"Ana": "ready", "Bob": {"status": "active", "index": 3}}
BODY: SeedDict = {"constants": {"custom": {"a": 1}}, "properties": {"custom": {"b": 2}}, "servers": {"dedicated": {}}}
MATCH: SeedDict = {"constants": {"system": {"memberInitialization": {}}}}
RESERVED: SeedDict = {"Ana": {"status": "reserved", "initializationEpisode": 1}}
VALUES = {"wins": 1, "rating": {"value": 1.5, "metadata": {"a": 1}}, "seen": NOON}
CLAIMS: SeedDict = {"xuid": "13", "gamertag": "", "token": "t", "userhash": "h", "sandbox": "X", "present": False}
IN_PYTHON: SeedDict = {"device_id": "F9", "title_id": "7", "privileges": (), "follows": ("Ana", "Bob")}
IN_JSON: SeedDict = {"deviceId": "F9", "titleId": "7", "privileges": [], "follows": ["Ana", "Bob"]}
INVITE = {"type": "invite", "session": "one"}


CASES: dict[str, tuple[Seed, SeedDict]] = {
    # A seed with a call, and the dict that the call stands for.
    "now": (START.now(NOON), {"now": NOON}),
    "now, as a text": (START.now("2026-05-01T10:00:00Z"), {"now": "2026-05-01T10:00:00Z"}),
    "user": (START.user("Cid"), {"users": {"Cid": {}}}),
    "user with everything": (
        START.user("Cid", **CLAIMS, **IN_PYTHON, favorites=iter(["Bob"]), blocks={"Ana": 1}.keys()),
        {"users": {"Cid": {**CLAIMS, **IN_JSON, "favorites": ["Bob"], "blocks": ["Ana"]}}},
    ),
    "more of a user": (START.user("Ana", follows=["Bob"]), {"users": {"Ana": {"follows": ["Bob"]}}}),
    "users": (START.users("Ana", "Cid", "Dot"), {"users": ["Ana", "Cid", "Dot"]}),
    "no users": (START.users(), {"users": {}}),
    "service": (START.service("server"), {"services": {"server": {}}}),
    "service for a user": (
        START.service("server", on_behalf_of="Ana"),
        {"services": {"server": {"onBehalfOf": "Ana"}}},
    ),
    "service for several users": (
        START.service("server", acting_for=("Ana", "Bob")),
        {"services": {"server": {"actingFor": ["Ana", "Bob"]}}},
    ),
    "template": (START.template("duel", {}), {"templates": {"duel": {}}}),
    "template with everything": (
        START.template("duel", TEMPLATE, scid=OTHER, contract=105),
        {"templates": {"duel": {**TEMPLATE, "scid": OTHER, "contract": 105}}},
    ),
    "session": (
        START.session("two", "lobby", members=("Ana", "Bob")),
        {"sessions": {"two": {"template": "lobby", "members": ["Ana", "Bob"]}}},
    ),
    "session with everything": (
        START.template("lobby", {}, scid=OTHER).session("two", "lobby", members=MEMBERS, scid=OTHER, **BODY),
        {
            "templates": {"lobby": {"scid": OTHER}},
            "sessions": {"two": {"template": "lobby", "members": MEMBERS, "scid": OTHER, **BODY}},
        },
    ),
    "session in its initialization": (
        START.template("match", MATCH).session("two", "match", members=RESERVED, initializing="joining"),
        {
            "templates": {"match": MATCH},
            "sessions": {"two": {"template": "match", "members": RESERVED, "initializing": "joining"}},
        },
    ),
    "handle": (
        START.handle("go", "activity", "one", owner="Ana"),
        {"handles": {"go": {"type": "activity", "session": "one", "owner": "Ana"}}},
    ),
    "invite": (
        START.handle("go", "invite", "one", owner="Ana", invited="Bob", attributes={"context": "c"}),
        {"handles": {"go": {**INVITE, "owner": "Ana", "invited": "Bob", "attributes": {"context": "c"}}}},
    ),
    "transfer": (
        START.handle("go", "transfer", "one", origin="one"),
        {"handles": {"go": {"type": "transfer", "session": "one", "origin": "one"}}},
    ),
    "statistics": (START.statistics("Ana", VALUES), {"statistics": {"users": {"Ana": VALUES}}}),
    "definition": (
        START.definition("wins", type="Integer", access="restricted"),
        {"statistics": {"definitions": {"wins": {"type": "Integer", "access": "restricted"}}}},
    ),
    "definition of nothing": (START.definition("wins"), {"statistics": {"definitions": {"wins": {}}}}),
}


@cases("built document", CASES)
def test_a_call_stands_for_a_dict(built: Seed, document: SeedDict) -> None:
    """The worlds that begin with both are equal (SEED-4, SEED-12)."""
    assert XboxLive(seed=built).dump() == XboxLive(seed=START | document).dump()


def test_an_expectation_is_a_call_too() -> None:
    """The last one counts (SEED-10)."""
    built = START.expecting({"now": NOON}).expecting({"sessions": {"one": None}})
    assert XboxLive(seed=built).scenario._loaded.expected == {"sessions": {"one": None}}


def test_a_call_gives_another_seed() -> None:
    """With the same name, and the first one does not change (SEED-4)."""
    first = Seed(name="mine")
    second = first.users("Ana").user("Bob").now(NOON)
    assert (repr(second), XboxLive(seed=first).scenario.users) == ("<seed mine>", ())
    assert [user.name for user in XboxLive(seed=second).scenario.users] == ["Ana", "Bob"]


REFUSED: dict[str, tuple[Callable[[], object], str, str]] = {
    # A call, the text, and the place with the rule.
    "a field": (
        lambda: START.user("Cid", follows="Ana"),
        'Expected a list; got "Ana".',
        "/users/Cid/follows in the seed JOIN-2",
    ),
    "a name": (lambda: START.users("Ana", NUMBER), "Expected the name of a user; got 7.", "names SEED-1"),
    "a template": (
        lambda: START.template("duel", NUMBER),
        "Expected a dict of constants and roleTypes; got 7.",
        "template TMPL-2",
    ),
}


@cases("call what at", REFUSED)
def test_a_call_that_cannot_be_is_refused_at_once(call: Callable[[], object], what: str, at: str) -> None:
    """In the line of the test that is wrong (SEED-1)."""
    place, rule = at.rsplit(" ", 1)
    assert row_of(call) == (what, place, rule)
