"""Loading a seed as a whole: the clock, templates, ids that were given out, and nothing of it if a part is wrong."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from bodies import ACTIVE, SCID, ref
from pytest_xbl import Seed, SessionRef, XblError, XboxLive
from pytest_xbl.mpsd.schema import OLD_SESSION_CONSTANTS, SESSION_CONSTANTS
from pytest_xbl.world.state import START
from seeds import (
    EARLIER,
    EARLIEST,
    HANDLE_ID,
    LATER,
    OTHER,
    Row,
    SeedDict,
    refusals,
    refused,
    row_of,
    template,
    with_session,
    world,
)
from tables import cases

# The whole


def test_nothing_is_as_every_world_begins() -> None:
    """Ready-made templates, noon, and nobody (SEED-1)."""
    xbl = world({})
    assert (xbl.dump(), xbl.clock.now) == (XboxLive().dump(), START)
    assert (list(xbl.scenario), xbl.scenario.users) == ([], ())


def test_a_loaded_seed_knows_what_it_has_made() -> None:
    """People, sessions and handles, by the names that it gives them, and what it expects (SEED-10)."""
    invite = {"type": "invite", "session": "one", "owner": "Ana", "invited": "Cid", "id": HANDLE_ID}
    document = with_session(
        {"members": ["Ana"], "name": "first"},
        handles={"go": invite},
        services={"server": {}},
        expected={"sessions": {"one": None}},
    )
    loaded = Seed(document)._load(Path())
    assert loaded.people == ("Ana", "Bob", "Cid", "server")
    assert loaded.sessions == {"one": SessionRef(SCID, "slow", "first")}
    assert (loaded.handles, loaded.expected) == ({"go": HANDLE_ID}, {"sessions": {"one": None}})
    assert loaded.state.handles[HANDLE_ID].invited == "13"


def test_a_seed_is_loaded_once_however_many_worlds_begin_with_it() -> None:
    """And a request in one of them changes no other (SEED-6)."""
    seed = Seed(with_session({"members": ["Ana"]}))
    one, other = XboxLive(seed=seed), XboxLive(seed=seed)
    one.client(one.scenario["Bob"]).put(one.sessions["one"].ref.path, json=ACTIVE)
    worlds = (one, other, XboxLive(seed=seed))
    assert [len(xbl.sessions["one"].document["members"]) for xbl in worlds] == [2, 1, 1]
    assert seed._load(Path()) is seed._load(Path())


@pytest.fixture
def collector() -> Iterator[None]:
    """The collector of garbage, put back afterwards."""
    was_on = gc.isenabled()
    yield
    gc.unfreeze()
    (gc.enable if was_on else gc.disable)()


@pytest.mark.usefixtures("collector")
@pytest.mark.parametrize("was_on", [True, False])
@pytest.mark.parametrize("who", ["Ana", "Zoe"], ids=["_load", "refused"])
def test_the_collector_of_garbage_is_as_it_was(was_on: bool, who: str) -> None:
    """Loading lets it rest, whether the seed is refused or not."""
    (gc.enable if was_on else gc.disable)()
    with nullcontext() if who == "Ana" else pytest.raises(XblError):
        world(with_session({"members": [who]}))
    assert gc.isenabled() is was_on


@pytest.mark.usefixtures("collector")
@pytest.mark.parametrize("frozen", [True, False])
def test_objects_that_somebody_has_frozen_stay_frozen(frozen: bool) -> None:
    """And nothing else is frozen after a seed was loaded."""
    gc.enable()
    gc.unfreeze()
    if frozen:
        gc.freeze()
    before = gc.get_freeze_count()
    world({"users": ["Ana"]})
    after = gc.get_freeze_count()
    assert (before > 0, after > 0) == (frozen, frozen)
    assert after <= before  # others may go meanwhile


@pytest.mark.usefixtures("collector")
@pytest.mark.parametrize("members", [1, 2_000])
def test_only_a_large_seed_makes_its_objects_old(monkeypatch: pytest.MonkeyPatch, members: int) -> None:
    """A suite with a small one in each test would never get rid of its garbage."""
    gc.enable()
    gc.unfreeze()
    gc.collect()
    frozen: list[bool] = []
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(True))
    names = [f"P{number}" for number in range(members)]
    world({"users": names, "sessions": {"one": {"template": "large", "members": names}}})
    assert bool(frozen) is (members > 1)


DOT: SeedDict = {"users": ["Dot"], "sessions": {"two": {"template": "slow", "members": ["Dot"]}}}
ACTIVITY = {"type": "activity", "owner": "Dot", "session": "two"}
FINE = {"now": LATER, "users": {"Dot": {"present": False, "follows": ["Ana"]}}, "given": {"handles": 9}}
REFUSED_LATE: dict[str, tuple[SeedDict, str]] = {
    # Seeds of which everything is fine but the last thing, and its place.
    "users": ({"users": {"Dot": {}, "Ana": {}}}, "/users/Ana"),
    "relations": ({"users": {"Dot": {"present": False}, "Eve": {"follows": ["Zoe"]}}}, "/users/Eve/follows"),
    "templates": ({"users": ["Dot"], "templates": {"duel": {}, "slow": {}}}, "/templates/slow/name"),
    "sessions": ({**DOT, "sessions": {**DOT["sessions"], "three": {"template": "x"}}}, "/sessions/three/template"),
    "handles": ({**DOT, "handles": {"go": ACTIVITY, "on": {"type": "invite", "session": "two"}}}, "/handles/on"),
    "statistics": (
        {**FINE, "statistics": {"values": "strings", "users": {"Zoe": {"wins": 1}}}},
        "/statistics/users/Zoe",
    ),
    "a field that is missing": ({"users": ["Dot"], "sessions": {"two": {}}}, "/sessions/two"),
    "a file that is missing": ({"users": ["Dot"], "extends": "none.json"}, "/extends"),
}


@cases("document place", REFUSED_LATE)
def test_a_seed_that_is_refused_changes_nothing(document: SeedDict, place: str) -> None:
    """It is loaded as a whole, or not at all (SEED-9)."""
    xbl = world(with_session({"members": ["Ana"]}))
    before, scenario = xbl._world.snapshot(), list(xbl.scenario)
    assert row_of(lambda: xbl.seed(document))[1] == f"{place} in the seed"
    assert (xbl._world.snapshot(), list(xbl.scenario)) == (before, scenario)
    xbl.user("Eve")
    xbl.reset()
    assert xbl._world.snapshot() == before


# The clock


@pytest.mark.parametrize("now", [LATER, EARLIER, datetime(2031, 5, 1, tzinfo=timezone(timedelta(hours=2)))])
def test_the_clock_shows_the_time_of_the_seed(now: Any) -> None:
    """Earlier or later than noon, and in UTC (TIME-1)."""
    xbl = world({"now": now})
    meant = now if isinstance(now, datetime) else datetime.fromisoformat(now.replace("Z", "+00:00"))
    assert (xbl.clock.now, xbl.clock.now.utcoffset()) == (meant, timedelta())


def test_the_clock_does_not_run_backwards_where_sessions_or_handles_are() -> None:
    """A world that has none may begin earlier (TIME-1)."""
    text = "The clock shows 2026-01-01 11:00:00+00:00 and does not run backwards to 2026-01-01 10:00:00+00:00."
    invite = {"type": "invite", "session": ref("later"), "invited": {"xuid": "9"}}
    for more in ({"sessions": {"one": {"template": "lobby", "members": ["Ana"]}}}, {"handles": {"go": invite}}):
        xbl = world({"users": ["Ana"]})
        xbl.seed({"now": EARLIER})
        xbl.seed(more)
        xbl.seed({"now": EARLIER, "users": ["Bob"]})
        found = row_of(lambda xbl=xbl: xbl.seed({"now": EARLIEST}))  # type: ignore[misc]
        assert found == (text, "/now in the seed", "TIME-1")


# Templates


def test_templates_come_with_constants_and_role_types() -> None:
    """In any service configuration, by label or by name (TMPL-1, TMPL-2)."""
    duel = {**template(maxMembersCount=2), "roleTypes": {"team": {"roles": {"red": {"max": 2}}}}}
    duel["constants"]["custom"] = {"a": 1}
    xbl = world({"templates": {"duel": duel, "theirs": {"name": "duel", "scid": OTHER}}})
    assert xbl.templates["duel"] == {"contractVersion": 107, **duel}
    assert xbl.templates[OTHER, "duel"]["constants"] == {"system": {}, "custom": {}}
    assert "theirs" not in xbl.templates


@pytest.mark.parametrize("contract", [104, 105])
def test_a_template_may_be_written_for_an_older_contract(contract: int) -> None:
    """The contract decides names and defaults (TMPL-7, TMPL-12)."""
    old = {"contract": contract, **template(timeouts={"reserved": 1})}
    xbl = world(
        {"users": ["Ana"], "templates": {"old": old}, "sessions": {"one": {"template": "old", "members": ["Ana"]}}}
    )
    assert xbl.templates["old"]["constants"]["system"] == {"reservedRemovalTimeout": 1}
    assert xbl.sessions["one"].document["constants"]["system"]["inactiveRemovalTimeout"] == 7_200_000


CONSTANTS = {107: SESSION_CONSTANTS, 105: OLD_SESSION_CONSTANTS, 104: OLD_SESSION_CONSTANTS}
NO_CONSTANT = 'The field "sessionEmptyTimeout" is not known here; it is a field of constants.system under contract 107.'
# Templates that are refused, by the place, the rule and the text.
REFUSED_TEMPLATES: dict[str, list[SeedDict]] = {
    '/a~1b/name CALL-15: Expected a name of 1 to 99 printable characters, no slash; got "a/b".': [{"a/b": {}}],
    "/other/name SEED-1: The seed has two templates called DUEL.": [{"duel": {}, "other": {"name": "DUEL"}}],
    f"/duel/constants/system/sessionEmptyTimeout CALL-6: {NO_CONSTANT}": [
        {"duel": {"contract": 105, **template(sessionEmptyTimeout=1)}}
    ],
    "/duel/constants/system/capabilities/team CONST-8: The capabilities gameplay and team exclude each other.": [
        {"duel": template(capabilities={"gameplay": True, "team": True})}
    ],
    "/duel/roleTypes/team/roles/red/target ROLE-1: A role's target cannot be above its max.": [
        {"duel": {"roleTypes": {"team": {"roles": {"red": {"max": 1, "target": 2}}}}}}
    ],
}


@refusals(REFUSED_TEMPLATES)
def test_templates_obey_the_rules(given: SeedDict, row: Row) -> None:
    """A seed cannot have a template that the service would not take (SEED-5)."""
    what, place, rule = row
    assert refused({"templates": given}) == (what, f"/templates{place}", rule)


NULLS = [(c, name) for c, table in CONSTANTS.items() for name in table]


@pytest.mark.parametrize(("contract", "constant"), NULLS)
def test_a_constant_that_a_template_leaves_unset_is_unset_in_every_session(contract: int, constant: str) -> None:
    """However the session is made: by a seed, by a call, by a request (TMPL-5, TMPL-11, SEED-12)."""
    bare = {"contract": contract, **template(**{constant: None})}
    seeded = {"template": "bare", "members": ["Ana"]}
    more = {**seeded, "constants": {"custom": {"a": 1}}}
    xbl = world({"users": ["Ana"], "templates": {"bare": bare}, "sessions": {"seeded": seeded, "more": more}})
    ana = xbl.scenario["Ana"]
    xbl.sessions.create("bare", name="called", members=[ana])
    path = xbl.sessions["seeded"].ref.path.replace("seeded", "put")
    assert xbl.client(ana).put(path, json=ACTIVE).status_code == 201
    shown = [xbl.sessions[name].document["constants"]["system"] for name in ("seeded", "more", "called", "put")]
    assert constant not in shown[0]
    assert all(other == shown[0] for other in shown)
    assert world(xbl.dump()).dump() == xbl.dump()


@pytest.mark.parametrize("constant", SESSION_CONSTANTS)
def test_a_session_may_leave_a_constant_unset(constant: str) -> None:
    """Where its template says nothing of it (TMPL-5)."""
    one = {"template": "bare", "members": ["Ana"], "constants": {"system": {constant: None}}}
    xbl = world({"users": ["Ana"], "templates": {"bare": {}}, "sessions": {"one": one}})
    assert constant not in xbl.sessions["one"].document["constants"]["system"]
    assert world(xbl.dump()).dump() == xbl.dump()


# What has been given out


def test_ids_go_on_from_those_of_the_seed() -> None:
    """So that a world that goes on from a dump gives out the same ones (SEED-7)."""
    invite = {"type": "invite", "session": "one", "owner": "Ana", "invited": "Cid"}
    document = with_session({"members": ["Ana"]}, handles={"go": invite})
    fresh, worn = world(document), world({**document, "given": {"sessions": 3, "handles": 9}})
    assert [xbl._world.given() for xbl in (fresh, worn)] == [(0, 1), (3, 9)]
    made = [xbl.sessions.create("lobby", members=xbl.scenario.users).ref.name for xbl in (fresh, worn)]
    assert made[0] != made[1]
    fresh.seed({"given": {"handles": 5}})
    assert fresh._world.given() == (1, 5)
