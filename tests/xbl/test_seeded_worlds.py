"""`xbl.seed`, `snapshot`, `restore`, `sandbox`, `reset` and `dump`: the states of a world as a whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml

import pytest_xbl
from bodies import ACTIVE, ONE, session_path
from errors import error_of
from people import person
from pytest_xbl import Seed, SessionView, XblError, XboxLive
from pytest_xbl.mpsd.schema import SESSION_CONSTANTS
from pytest_xbl.world import people

NOON = "2026-01-01T12:00:00.0000000Z"


STACY: dict[str, Any] = {"users": ["Stacy"], "sessions": {"one": {"template": "lobby", "members": ["Stacy"]}}}


def names(xbl: XboxLive) -> list[str]:
    """The names of the people of a world."""
    return people.names(xbl._world)


# A world that begins with a seed


def test_a_world_begins_with_a_seed(tmp_path: Path) -> None:
    """Files, also those that it extends, are relative to the directory that is given (SEED-3, SEED-6)."""
    (tmp_path / "base.json").write_text(json.dumps(STACY), encoding="utf-8")
    xbl = XboxLive(seed=Seed({"extends": "base.json", "users": ["Ana"]}), directory=tmp_path)
    assert (names(xbl), [session.ref.name for session in xbl.sessions]) == (["Stacy", "Ana"], ["one"])
    assert (xbl.scenario.one.ref, xbl.directory) == (xbl.sessions["one"].ref, tmp_path)
    assert names(XboxLive(seed="base.json", directory=tmp_path)) == ["Stacy"]
    answers = [xbl.client(caller).get(ONE).status_code for caller in (xbl.scenario.Stacy, None)]
    assert answers == [200, 401]


def test_worlds_of_one_seed_share_nothing() -> None:
    """A change of one is no change of the other (SEED-6)."""
    begun = Seed(STACY)
    first, second = XboxLive(seed=begun), XboxLive(seed=begun)
    first.client(first.user("Ana")).put(ONE, json=ACTIVE)
    first.follow(first.scenario.Stacy, person(first, "Ana"))
    first.stats.set(first.scenario.Stacy, {"wins": 1})
    first.clock.advance(seconds=1)
    assert second.dump() == XboxLive(seed=Seed(STACY)).dump()


# The service configuration of a world

OWN = "4FC10100-5f7a-4470-899b-280835760c07"


def test_a_world_has_a_service_configuration_of_its_own() -> None:
    """It has the usual title and the ready-made templates there, and means it wherever none is named (SEED-13)."""
    xbl = XboxLive(seed=Seed({"users": ["Stacy"]}).scid(OWN))
    stacy = xbl.scenario.Stacy
    assert (xbl.scid, list(xbl.templates), len(xbl.templates)) == (OWN, list(XboxLive().templates), 6)
    lobby = xbl.sessions.create("lobby", members=[stacy])
    assert lobby.ref.scid == OWN
    assert xbl.client(stacy).get(lobby.ref.path.replace(OWN, XboxLive().scid)).status_code == 404
    xbl.stats.define("wins", access="restricted")
    xbl.stats.set(stacy, {"wins": 1})
    path = f"/users/xuid({stacy.xuid})/scids/{OWN}/stats/wins"
    answer = xbl.client(stacy).get(path, headers={"X-Xbl-Contract-Version": "1"})
    assert answer.status_code == 200, "the usual title belongs to it, so its users may read what is restricted"


def test_a_world_of_another_service_configuration_is_dumped_with_it() -> None:
    """And with nothing that follows from it (SEED-7, SEED-13)."""
    xbl = XboxLive(seed={"scid": OWN, **STACY})
    xbl.stats.set(xbl.scenario.Stacy, {"wins": 1})
    xbl.stats.define("wins", type="Integer")
    xbl.stats.title("7", platforms={"era": {}, "uwp": {}})
    xbl.templates.add("duel", {})
    dumped = xbl.dump()
    assert (dumped["scid"], json.dumps(dumped).count(OWN.lower()), json.dumps(dumped).count(OWN)) == (OWN, 0, 1)
    again = XboxLive(seed=dumped)
    assert (again.dump(), again.scid) == (dumped, OWN)
    xbl.reset()
    assert (xbl.scid, xbl.sessions["one"].ref.scid) == (OWN, OWN)


def test_a_service_configuration_in_another_case_is_the_same() -> None:
    """A dump writes it as the world does, and only where it has to (SEED-7, SEED-13)."""
    other = OWN.lower()
    invite = {"type": "invite", "session": {"scid": other, "templateName": "duel", "name": "one"}, "invited": "Stacy"}
    seed: dict[str, Any] = {
        "scid": OWN,
        "users": ["Stacy"],
        "templates": {"duel": {"scid": other}},
        "sessions": {
            "one": {"template": "duel", "scid": other, "members": ["Stacy"]},
            "gone": {"template": "lobby", "scid": other, "gone": True},
        },
        "handles": {"invite": {**invite, "owner": "Stacy"}},
        "statistics": {
            "titles": {"1719000001": other, "7": {"scid": other, "platforms": {"uwp": {}}}, "8": other},
            "users": {"Stacy": {"wins": {"value": 1, "scid": other}}},
            "definitions": {"wins": {"scid": other}},
        },
    }
    xbl = XboxLive(seed=seed)
    xbl.stats.title("9", scid=other)
    xbl.templates.add("race", {}, scid=other)
    dumped = xbl.dump()
    assert (dumped["scid"], json.dumps(dumped).count(other), json.dumps(dumped).count(OWN)) == (OWN, 0, 3)
    assert dumped["statistics"]["titles"] == {"7": {"platforms": {"uwp": {}}}, "8": OWN, "9": OWN}
    assert XboxLive(seed=dumped).dump() == dumped


def test_a_world_keeps_its_service_configuration(xbl: XboxLive) -> None:
    """A seed that comes later cannot change it, nor can an assignment; both may name it, in any case (SEED-13)."""
    before = xbl.scid
    xbl.seed({"scid": xbl.scid.upper(), "users": ["Ana"]})
    xbl.scid = xbl.scid.upper()
    assert xbl.scid == before
    what = f"The service configuration of this world is {xbl.scid} since it began; it cannot become {OWN}."
    assert error_of(lambda: xbl.seed({"scid": OWN})) == f"{what}\nwhere: /scid in the seed\nrule: SEED-13"
    what = (
        f"The scid of this world is {xbl.scid}, and cannot change to '{OWN}'. "
        "To set it at the start, use @pytest.mark.xbl(scid=...), the setting xbl_scid, or scid in a seed."
    )
    assert error_of(lambda: setattr(xbl, "scid", OWN)) == f"{what}\nwhere: scid\nrule: SEED-13"


def test_a_match_is_in_the_service_configuration_of_the_world() -> None:
    """Unless its reference names another one (SEED-13)."""
    xbl = XboxLive(seed=Seed.scenario("found_match") | {"scid": OWN})
    found = xbl.scenario.ticket.document["properties"]["system"]["matchmaking"]["clientResult"]
    assert found["targetSessionRef"] == xbl.scenario.match.ref.as_json()
    elsewhere = {"scid": XboxLive().scid, "templateName": "game", "name": "match"}
    result = {"matchmaking": {"clientResult": {"status": "found", "targetSessionRef": elsewhere}}}
    other = xbl.sessions.create("ticket", members=[xbl.user("Ana")], properties={"system": result})
    assert other.document["properties"]["system"]["matchmaking"]["clientResult"]["targetSessionRef"] == elsewhere


# xbl.seed


def test_a_seed_comes_on_top_of_what_is_there() -> None:
    """And may name it; it gives the people, sessions and handles that it has brought (SEED-2)."""
    xbl = XboxLive(seed=Seed(STACY))
    xbl.clock.advance(hours=1)
    more = {
        "users": {"Ana": {"follows": ["Stacy"]}},
        "sessions": {"two": {"template": "game", "members": {"Stacy": "active", "Ana": "reserved"}}},
        "handles": {"invite": {"type": "invite", "session": "two", "owner": "Stacy", "invited": "Ana"}},
    }
    view = xbl.seed(more)
    assert list(view) == ["Ana", "two", "invite"]
    assert xbl.client(view.Ana).put(view.two.ref.path, json=ACTIVE).status_code == 200
    assert [session.ref.name for session in xbl.sessions] == ["one", "two"]
    assert xbl.clock.now == datetime(2026, 1, 1, 13, tzinfo=timezone.utc)
    assert view.two.history[0].time == xbl.clock.now


# Snapshots


def test_views_and_people_of_before_go_on(xbl: XboxLive) -> None:
    """`xbl.sessions`, `xbl.clock` and clients are of the world, whichever state it is in."""
    stacy = xbl.user("Stacy")
    session = xbl.sessions.create("lobby", name="one", members=[stacy])
    client, clock, snapshot = xbl.client(stacy), xbl.clock, xbl.snapshot()
    client.delete(f"{ONE}/members/me")
    clock.advance(seconds=5)
    xbl.restore(snapshot)
    assert (client.get(ONE).status_code, session.document["changeNumber"]) == (200, 1)
    assert clock.now == xbl.clock.now == datetime(2026, 1, 1, 12, tzinfo=timezone.utc)


def test_what_happens_in_a_sandbox_stays_there() -> None:
    """Sandboxes may lie in each other, and an exception leaves them behind like anything else: it goes on."""
    xbl = XboxLive(seed=Seed(STACY))
    with xbl.sandbox():
        xbl.user("a")
        with xbl.sandbox():
            xbl.user("b")
            xbl.clock.advance(days=400)
            assert names(xbl) == ["Stacy", "a", "b"]
        with pytest.raises(KeyError), xbl.sandbox():
            raise KeyError(xbl.user("b"))
        assert names(xbl) == ["Stacy", "a"]
        xbl.user("c")
    assert xbl.dump() == XboxLive(seed=Seed(STACY)).dump()


def test_a_snapshot_knows_of_the_seed_that_came_last() -> None:
    """Whichever came later: `scenario`, `assert_state` and `reset` are as they were then."""
    xbl = XboxLive()
    nothing = xbl.snapshot()
    xbl.seed(Seed(STACY).expecting({"users": ["Stacy"]}))
    stacy = xbl.snapshot()
    xbl.restore(nothing)
    assert list(xbl.scenario) == []
    assert error_of(xbl.assert_state) == "Nothing is expected: neither the seed says what, nor the call."
    xbl.restore(stacy)
    xbl.assert_state()
    assert list(xbl.scenario) == ["Stacy", "one"]
    xbl.user("Ana")
    xbl.reset()
    assert names(xbl) == ["Stacy"]


# Reset


def test_reset_goes_back_to_the_seed() -> None:
    """Again and again, to what a seed found there if one came later, and to nothing without a seed."""
    xbl = XboxLive(seed=Seed(STACY))
    for _ in range(2):
        xbl.user("a")
        xbl.client(xbl.scenario.Stacy).delete(f"{ONE}/members/me")
        xbl.reset()
        assert xbl.dump() == XboxLive(seed=Seed(STACY)).dump()
        assert len(xbl.sessions["one"].history) == 1
    xbl.user("b")
    xbl.seed({"users": ["c"]})
    xbl.user("d")
    xbl.reset()
    assert names(xbl) == ["Stacy", "b", "c"]
    bare = XboxLive()
    bare.user("a")
    bare.templates.add("room", {})
    bare.clock.advance(hours=1)
    bare.reset()
    assert (bare.dump(), bare.user("a").xuid) == ({"now": NOON}, "2533274790000001")


# Dumps


def test_a_dump_is_written_into_a_file(tmp_path: Path) -> None:
    """JSON, or YAML if the name ends so; relative to the directory of the test (SEED-7)."""
    xbl = XboxLive(seed=Seed(STACY), directory=tmp_path)
    xbl.user("Jos\u00e9")
    paths: list[str | Path] = ["a.json", "b.yaml", tmp_path / "d.json", Path("e")]
    assert [xbl.dump(path) for path in paths] == [xbl.dump()] * 4
    texts = [(tmp_path / path).read_text(encoding="utf-8") for path in paths]
    assert [text[0] for text in texts] == ["{", "n", "{", "{"]
    assert [yaml.safe_load(text) for text in texts] == [xbl.dump()] * 4


def test_a_dump_is_its_callers_own() -> None:
    """Changing it changes no world, and the next dump knows nothing of it (SEED-7)."""
    xbl = XboxLive()
    data = {"system": {"keywords": ["a"]}, "custom": {"list": [1, {"a": 2}]}}
    xbl.sessions.create("lobby", name="one", members=xbl.users("Stacy"), properties=data)
    xbl.templates.add("room", {"constants": {"custom": {"list": [1]}}})
    dumped = xbl.dump()
    text = json.dumps(dumped)
    dumped["sessions"]["one"]["properties"]["custom"]["list"][1]["a"] = 3
    dumped["sessions"]["one"]["properties"]["system"]["keywords"].append("b")
    dumped["templates"]["room"]["constants"]["custom"]["list"].clear()
    assert json.dumps(xbl.dump()) == text
    assert xbl.sessions["one"].document["properties"]["custom"] == {"list": [1, {"a": 2}]}


# Errors point at the test


MISTAKES: list[Callable[[XboxLive, Any], object]] = [
    # Calls in each module that a test calls; `no` is 7, which none of them takes.
    lambda xbl, _: xbl.assert_state({"users": ["Ana"]}),
    lambda xbl, _: xbl.assert_state({"user": {}}),
    lambda xbl, _: xbl.assert_state(),
    lambda xbl, _: xbl.user(""),
    lambda xbl, _: xbl.service(""),
    lambda xbl, no: xbl.users(no),
    lambda xbl, no: xbl.follow(no, no),
    lambda xbl, no: xbl.set_presence(no, present=True),
    lambda xbl, _: xbl.set_presence(XboxLive().user("a"), present=True),
    lambda xbl, _: xbl.sessions.create("none"),
    lambda xbl, _: xbl.sessions["none"],
    lambda xbl, no: xbl.handles.create("invite", no, owner=no),
    lambda xbl, _: xbl.handles["none"],
    lambda xbl, _: xbl.templates.add("", {}),
    lambda xbl, no: xbl.clock.move_to(no),
    lambda xbl, no: xbl.clock.advance(no),
    lambda xbl, no: xbl.stats.set(no, {"wins": 1}),
    lambda xbl, _: xbl.seed({"user": {}}),
    lambda xbl, _: xbl.seed({"sessions": {"s": {"template": "none"}}}),
    lambda xbl, _: xbl.seed("missing.json"),
    lambda xbl, _: xbl.seed({"extends": "missing.json"}),
    lambda xbl, _: xbl.seed("none"),
    lambda xbl, no: xbl.restore(no),
    lambda xbl, _: xbl.restore(XboxLive().snapshot()),
    lambda xbl, _: xbl.dump("/nowhere/a.json"),
    lambda xbl, no: xbl.client(no),
    lambda xbl, _: xbl.scenario["nobody"],
    lambda xbl, _: xbl.scenario.nobody,
    lambda _, no: Seed().user("Ana", xuid=no),
    lambda _, __: Seed.read("missing.json"),
    lambda _, __: Seed.scenario("none"),
    lambda _, __: Seed.scenario("lobby", seats=1),
    lambda _, __: XboxLive(seed=Seed({"sessions": {"a": {"template": "b"}}})),
]


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("inside", [nullcontext, XboxLive.sandbox], ids=["alone", "in a sandbox"])
def test_what_is_shown_of_a_mistake_is_the_test(
    xbl: XboxLive,
    inside: Callable[[XboxLive], AbstractContextManager[object]],
    mistake: Callable[[XboxLive, Any], object],
) -> None:
    """No frame of the fake stands between the line in the test and the error."""
    with pytest.raises((XblError, AssertionError, AttributeError)) as error, inside(xbl):
        mistake(xbl, 7)
    shown = [Path(str(entry.path)) for entry in error.traceback if not entry.ishidden(error)]
    assert shown[0] == Path(__file__)
    assert not [path for path in shown if path.is_relative_to(Path(pytest_xbl.__file__).parent)]


def _by_request(xbl: XboxLive) -> SessionView:
    assert xbl.client(xbl.scenario["Ana"]).put(session_path("one", "t"), json=ACTIVE).status_code == 201
    return xbl.sessions["one"]


def _by_seed(xbl: XboxLive) -> SessionView:
    xbl.seed({"sessions": {"one": {"template": "t", "members": ["Ana"]}}})
    return xbl.sessions["one"]


WAYS: dict[str, Callable[[XboxLive], SessionView]] = {
    "a request": _by_request,
    "a call": lambda xbl: xbl.sessions.create("t", name="one", members=[xbl.scenario["Ana"]]),
    "a seed": _by_seed,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", SESSION_CONSTANTS)
def test_a_null_constant_hinders_nothing(name: str, way: str) -> None:
    """Whichever a template keeps unset, a session is made in every way, dumped and loaded (TMPL-5, SEED-7)."""
    template = {"constants": {"system": {name: None}}}
    xbl = XboxLive(seed={"users": ["Ana"], "templates": {"t": template}})
    made = WAYS[way](xbl)
    again = XboxLive(seed=xbl.dump()).sessions["one"]
    assert again.document == made.document
    assert name not in made.document["constants"]["system"]
    assert made.document["membersInfo"]["active"] == 1
