"""`xbl.seed`, `snapshot`, `restore`, `sandbox`, `reset`, `dump`, presence and blocks: how a world comes to be."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from pytest_xbl import Seed, XblError, XboxLive
from pytest_xbl.arrange import extending, files, markers, scenarios, seed
from pytest_xbl.errors import hides_frames
from pytest_xbl.xbl import scenario, xbox_live

SCID = XboxLive.scid
ONE = f"/serviceconfigs/{SCID}/sessiontemplates/lobby/sessions/one"
ACTIVE = {"members": {"me": {"properties": {"system": {"active": True}}}}}
NOON = "2026-01-01T12:00:00.0000000Z"
STACY: dict[str, Any] = {"users": ["Stacy"], "sessions": {"one": {"template": "lobby", "members": ["Stacy"]}}}


def error_of(action: Callable[[], object]) -> str:
    """The text of the error that an action raises."""
    with pytest.raises(XblError) as error:
        action()
    return str(error.value)


def people(xbl: XboxLive) -> list[str]:
    """Who is in a world."""
    return list(xbl._world._state.names)


# A world that begins with a seed


def test_a_world_begins_with_a_seed(tmp_path: Path) -> None:
    """Files that it extends are relative to the directory that is given (SEED-3)."""
    (tmp_path / "base.json").write_text(json.dumps(STACY), encoding="utf-8")
    xbl = XboxLive(seed=Seed({"extends": "base.json", "users": ["Ana"]}), directory=tmp_path)
    assert (people(xbl), [session.ref.name for session in xbl.sessions]) == (["Stacy", "Ana"], ["one"])
    assert (xbl.scenario.one.ref, xbl.directory) == (xbl.sessions["one"].ref, tmp_path)
    answers = [xbl.client(caller).get(ONE).status_code for caller in (xbl.scenario.Stacy, None)]
    assert answers == [200, 401]


def test_a_world_begins_with_a_seed_however_it_is_named(tmp_path: Path) -> None:
    """The same ways as in a marker: a dict, a `Seed`, a scenario, a file by its name or its path (SEED-6)."""
    (tmp_path / "ana.json").write_text('{"users": ["host"]}', encoding="utf-8")
    named: list[Any] = [
        {"users": ["host"]},
        Seed().users("host"),
        "lobby",
        "ana.json",
        Path("ana.json"),
        tmp_path / "ana.json",
    ]
    assert [people(XboxLive(seed=one, directory=tmp_path))[:1] for one in named] == [["host"]] * 6
    none = "A seed is a dict, a Seed, or the name of a file or a scenario; 0 is none."
    assert error_of(lambda: XboxLive(seed=0)) == none  # type: ignore[arg-type]


def test_worlds_of_one_seed_share_nothing() -> None:
    """What is done in one is not in the other (SEED-6)."""
    begun = Seed(STACY)
    first, second = XboxLive(seed=begun), XboxLive(seed=begun)
    first.client(first.user("Ana")).put(ONE, json=ACTIVE)
    first.follow(first.scenario.Stacy, first._world.user(first._world._state.names["Ana"]))
    first.stats.set(first.scenario.Stacy, {"wins": 1})
    first.clock.advance(seconds=1)
    assert second.dump() == XboxLive(seed=Seed(STACY)).dump()


def test_a_world_does_not_begin_with_what_cannot_be() -> None:
    """The error names the place (SEED-9)."""
    text = 'There is no user "Bea"; there are: Stacy.\nwhere: /sessions/one/members in the seed\nrule: SEED-2'
    wrong = Seed(STACY) | {"sessions": {"one": {"members": ["Bea"]}}}
    assert error_of(lambda: XboxLive(seed=wrong)) == text


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
    assert view.Ana.lives_in(xbl._world)
    assert xbl.client(view.Ana).put(view.two.ref.path, json=ACTIVE).status_code == 200
    assert [session.ref.name for session in xbl.sessions] == ["one", "two"]
    assert xbl.clock.now == datetime(2026, 1, 1, 13, tzinfo=timezone.utc)
    assert view.two.history[0].time == xbl.clock.now


def test_a_seed_is_given_in_any_way(tmp_path: Path) -> None:
    """As a dict, a `Seed`, or the name of a file or a scenario (SEED-6)."""
    (tmp_path / "ana.json").write_text('{"users": ["Ana"]}', encoding="utf-8")
    xbl = XboxLive(directory=tmp_path)
    given: list[Any] = [{"users": ["a"]}, Seed().users("b"), "ana.json", tmp_path / "ana.json", "lobby"]
    names = []
    for one in given:
        with xbl.sandbox():
            names.append([user.name for user in xbl.seed(one).users][:1])
    assert names == [["a"], ["b"], ["Ana"], ["Ana"], ["host"]]


def test_nothing_of_a_seed_comes_if_anything_in_it_is_wrong() -> None:
    """Not even what stands before it (SEED-9)."""
    xbl = XboxLive(seed=Seed(STACY))
    before, view = xbl._world._state.copy(), list(xbl.scenario)
    wrong: dict[str, Any] = {
        "now": "2026-02-01T00:00:00Z",
        "users": {"Ana": {"follows": ["Stacy"]}},
        "templates": {"room": {}},
        "sessions": {"two": {"template": "room", "members": ["Ana"]}},
        "handles": {"h": {"type": "activity", "session": "two", "owner": "Stacy"}},
        "statistics": {"users": {"Stacy": {"wins": 1}}},
    }
    assert error_of(lambda: xbl.seed(wrong)) == (
        "Stacy is no active member of that session, so it cannot be their activity.\n"
        "where: /handles/h/session in the seed\nrule: HAND-2"
    )
    assert (xbl._world._state, list(xbl.scenario)) == (before, view)
    xbl.reset()
    assert (xbl._world._state, list(xbl.scenario)) == (before, view)


@pytest.mark.parametrize(
    ("more", "text"),
    [
        (
            {"users": ["Stacy"]},
            (
                "There is somebody called 'Stacy' already; every caller needs a name of their own.\n"
                "where: /users/Stacy in the seed\nrule: SEED-1"
            ),
        ),
        (
            {"sessions": {"one": {"template": "lobby", "members": ["Stacy"]}}},
            f"There is a session {SCID}~lobby~one already.\nwhere: /sessions/one/name in the seed\nrule: PUT-8",
        ),
        (
            {"templates": {"lobby": {}}},
            (
                "The template lobby cannot be replaced: a session has been made from it.\n"
                "where: /templates/lobby in the seed\nrule: TMPL-4"
            ),
        ),
        (
            {"now": "2025-01-01T00:00:00Z"},
            (
                "The clock shows 2026-01-01 12:00:00+00:00, and does not run backwards where there are sessions "
                "already.\nwhere: /now in the seed\nrule: TIME-1"
            ),
        ),
        (7, "A seed is a dict, a Seed, or the name of a file or a scenario; 7 is none."),
    ],
)
def test_a_seed_does_not_fit_what_is_there(more: Any, text: str) -> None:
    """Then the error says where (SEED-2, SEED-9)."""
    xbl = XboxLive(seed=Seed(STACY))
    assert error_of(lambda: xbl.seed(more)) == text


# Snapshots


def test_a_world_goes_back_to_a_snapshot_again_and_again() -> None:
    """To everything in it: people, sessions with their histories, handles, statistics, presence, the clock."""
    xbl = XboxLive(seed=Seed(STACY))
    stacy = xbl.scenario.Stacy
    xbl.stats.set(stacy, {"wins": 1})
    snapshot, before = xbl.snapshot(), xbl.dump()
    for _ in range(3):
        ana = xbl.user("Ana")
        xbl.client(ana).put(ONE, json=ACTIVE)
        xbl.handles.create("activity", xbl.sessions["one"], owner=ana)
        xbl.sessions["one"].invite(ana)
        xbl.follow(stacy, ana)
        xbl.block(stacy, ana)
        xbl.set_presence(stacy, present=False)
        xbl.stats.add(stacy, "wins")
        xbl.stats.values = "strings"
        xbl.templates.add("room", {})
        xbl.service("server")
        xbl.clock.advance(days=1)
        assert xbl.client(ana).get(ONE).status_code == 200
        assert xbl.dump() != before
        xbl.restore(snapshot)
        assert (xbl.dump(), len(xbl.sessions["one"].history)) == (before, 1)
        assert (len(xbl.handles), stacy.present, stacy.activity) == (0, True, None)


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


def test_a_snapshot_does_not_change_with_its_world() -> None:
    """Nor by being restored: what is done afterwards is not in it."""
    xbl = XboxLive()
    empty = xbl.snapshot()
    xbl.users("a", "b")
    two = xbl.snapshot()
    xbl.user("c")
    for snapshot, expected in ((two, ["a", "b"]), (empty, []), (two, ["a", "b"])):
        xbl.restore(snapshot)
        assert people(xbl) == expected
        xbl.user("d")


def test_a_snapshot_is_one_of_this_world() -> None:
    """Tokens of another would mean nobody here."""
    xbl, other = XboxLive(), XboxLive()
    assert error_of(lambda: xbl.restore(other.snapshot())) == "The snapshot is one of another world."
    none = "The world goes back to a snapshot, as xbl.snapshot makes them; {} is none."
    assert error_of(lambda: xbl.restore({})) == none.format("{}")  # type: ignore[arg-type]
    assert error_of(lambda: xbl.restore(None)) == none.format("None")  # type: ignore[arg-type]


def test_what_happens_in_a_sandbox_stays_there() -> None:
    """Sandboxes may lie in each other."""
    xbl = XboxLive(seed=Seed(STACY))
    with xbl.sandbox():
        xbl.user("a")
        with xbl.sandbox():
            xbl.user("b")
            xbl.clock.advance(days=400)
            assert people(xbl) == ["Stacy", "a", "b"]
        assert people(xbl) == ["Stacy", "a"]
        xbl.user("c")
    assert xbl.dump() == XboxLive(seed=Seed(STACY)).dump()


def test_an_exception_leaves_a_sandbox_behind_like_anything_else() -> None:
    """It goes on, and the world is as it was."""
    xbl = XboxLive()

    def fail() -> None:
        with xbl.sandbox():
            xbl.user("a")
            raise KeyError("b")

    with pytest.raises(KeyError):
        fail()
    assert people(xbl) == []


def test_a_world_may_be_put_back_within_a_sandbox() -> None:
    """To whatever; afterwards it is as before the sandbox."""
    xbl = XboxLive(seed=Seed(STACY))
    xbl.user("a")
    with xbl.sandbox():
        xbl.reset()
        assert people(xbl) == ["Stacy"]
        snapshot = xbl.snapshot()
    assert people(xbl) == ["Stacy", "a"]
    xbl.restore(snapshot)
    assert people(xbl) == ["Stacy"]


def test_a_seed_that_came_in_a_sandbox_is_gone_with_it() -> None:
    """Also for `reset`, `scenario` and `assert_state`: they know of the seed before it again."""
    xbl = XboxLive(seed=Seed(STACY).expecting({"users": ["Stacy"]}))
    with xbl.sandbox():
        xbl.seed(Seed({"users": ["Ana"]}).expecting({"users": ["Ana"]}))
        xbl.assert_state()
        assert list(xbl.scenario) == ["Ana"]
    xbl.assert_state()
    assert list(xbl.scenario) == ["Stacy", "one"]
    assert [user.name for user in xbl.scenario.users] == ["Stacy"]
    xbl.reset()
    assert people(xbl) == ["Stacy"]


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
    assert people(xbl) == ["Stacy"]


# Reset


def test_reset_goes_back_to_the_seed() -> None:
    """Again and again, and to what a seed found there if one came later."""
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
    assert people(xbl) == ["Stacy", "b", "c"]


def test_reset_without_a_seed_goes_back_to_nothing() -> None:
    """Four templates, no people, and the clock of every new world."""
    xbl = XboxLive()
    xbl.user("a")
    xbl.templates.add("room", {})
    xbl.clock.advance(hours=1)
    xbl.reset()
    assert xbl.dump() == {"now": NOON}
    assert xbl.user("a").xuid == "2533274790000001"


# Dumps


def test_a_dump_is_written_into_a_file(tmp_path: Path) -> None:
    """JSON, or YAML if the name ends so; relative to the directory of the test (SEED-7)."""
    xbl = XboxLive(seed=Seed(STACY), directory=tmp_path)
    xbl.user("Jos\u00e9")
    paths: list[str | Path] = ["a.json", "b.yaml", "c.yml", tmp_path / "d.json", Path("e")]
    dumped = [xbl.dump(path) for path in paths]
    assert dumped == [xbl.dump()] * 5
    texts = [(tmp_path / path).read_text(encoding="utf-8") for path in paths]
    assert [json.loads(texts[n]) for n in (0, 3, 4)] == [xbl.dump()] * 3
    assert [yaml.safe_load(texts[n]) for n in (1, 2)] == [xbl.dump()] * 2
    assert [list(json.loads(texts[0])), list(yaml.safe_load(texts[1]))] == [list(xbl.dump())] * 2
    assert texts[0].startswith('{\n  "now": "2026-01-01T12:00:00.0000000Z",\n  "users": {\n    "Stacy": {\n')
    assert texts[1].startswith("now: '2026-01-01T12:00:00.0000000Z'\nusers:\n  Stacy:\n    xuid: '2533274790000001'\n")
    assert all(text.isascii() for text in texts)


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


def test_a_dump_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """With the whole path (SEED-7)."""
    xbl = XboxLive(directory=tmp_path)
    assert error_of(lambda: xbl.dump("nowhere/a.json")) == (
        f"The file {tmp_path / 'nowhere/a.json'} cannot be written: No such file or directory."
    )
    assert error_of(lambda: xbl.dump(tmp_path)) == f"The file {tmp_path} cannot be written: Is a directory."


# Presence


def test_whoever_is_not_in_the_title_is_inactive_at_the_next_access() -> None:
    """A test says who is; everybody is until then (TIME-7)."""
    xbl = XboxLive()
    stacy, ana, zoe = xbl.users("Stacy", "Ana", "Zoe")
    session = xbl.sessions.create("lobby", name="one", members=[stacy, ana, zoe])
    assert [user.present for user in (stacy, ana, zoe)] == [True, True, True]
    xbl.set_presence(ana, zoe, present=False)
    xbl.set_presence(zoe, present=True)
    xbl.set_presence(present=False)
    assert [user.present for user in (stacy, ana, zoe)] == [True, False, True]
    flags = [member["properties"]["system"] for member in session.document["members"].values()]
    assert flags == [{"active": True}, {}, {"active": True}]
    assert len(session.history) == 1


def test_presence_is_that_of_a_user_of_this_world() -> None:
    """And of all who are named, or of nobody (TIME-7)."""
    xbl, other = XboxLive(), XboxLive()
    stacy, stranger, server = xbl.user("Stacy"), other.user("Stacy"), xbl.service("server")
    none = "Presence is a user's, as xbl.user makes them; {!r} is none."
    assert error_of(lambda: xbl.set_presence(stacy, "Stacy", present=False)) == none.format("Stacy")  # type: ignore[arg-type]
    assert error_of(lambda: xbl.set_presence(stacy, server, present=False)) == none.format(server)  # type: ignore[arg-type]
    assert error_of(lambda: xbl.set_presence(stacy, stranger, present=False)) == "Stacy is a user of another world."
    assert stacy.present


def test_a_user_of_a_world_that_is_gone_has_no_presence() -> None:
    """There is nobody left to ask (TIME-7)."""
    stacy = XboxLive().user("Stacy")
    text = "The world of Stacy is gone: nobody holds its XboxLive any more."
    assert [error_of(lambda: stacy.present), error_of(lambda: stacy.invites)] == [text, text]


# Blocks


def test_somebody_blocks_somebody() -> None:
    """One way only, and as often as one likes (OWN-4)."""
    xbl = XboxLive()
    stacy, ana, zoe = xbl.users("Stacy", "Ana", "Zoe")
    for _ in range(2):
        xbl.block(stacy, ana)
    xbl.block(stacy, zoe)
    xbl.block(ana, stacy)
    assert xbl._world._state.blocks == {stacy.xuid: {ana.xuid, zoe.xuid}, ana.xuid: {stacy.xuid}}
    assert xbl._world._state.follows == {}


def test_nobody_blocks_themselves() -> None:
    """Nor is anybody blocked who is no user (OWN-4)."""
    xbl = XboxLive()
    stacy, server = xbl.user("Stacy"), xbl.service("server")
    assert error_of(lambda: xbl.block(stacy, stacy)) == "Stacy cannot block themselves."
    none = "Users block each other, as xbl.user makes them; {} is none."
    assert error_of(lambda: xbl.block(stacy, "Ana")) == none.format("'Ana'")  # type: ignore[arg-type]
    assert error_of(lambda: xbl.block(server, stacy)) == none.format(server)  # type: ignore[arg-type]
    assert xbl._world._state.blocks == {}


@pytest.mark.parametrize("relate", ["follow", "block"])
def test_users_of_other_worlds_are_strangers(relate: str) -> None:
    """They are nobody here, and a dump could not name them (JOIN-2, OWN-4)."""
    xbl, other = XboxLive(), XboxLive()
    stacy, bea = xbl.user("Stacy"), other.user("Bea", xuid="9")
    for pair in ((stacy, bea), (bea, stacy)):
        assert error_of(lambda pair=pair: getattr(xbl, relate)(*pair)) == "Bea is a user of another world."  # type: ignore[misc]
    assert xbl.dump() == {"now": NOON, "users": {"Stacy": {"xuid": stacy.xuid, "deviceId": "F000000000000001"}}}


# Errors point at the test


@pytest.mark.parametrize("module", [xbox_live, scenario, seed, markers, files, scenarios, extending])
def test_frames_of_the_fake_are_hidden_where_the_mistake_is_the_tests(module: ModuleType) -> None:
    """Pytest asks each module; what is no `XblError` is shown whole."""
    assert vars(module)["__tracebackhide__"] is hides_frames


MISTAKES: dict[str, Callable[[XboxLive], object]] = {
    "seed": lambda xbl: xbl.seed({"user": {}}),
    "seed of a file": lambda xbl: xbl.seed("missing.json"),
    "scenario": lambda xbl: xbl.scenario["nobody"],
    "restore": lambda xbl: xbl.restore(XboxLive().snapshot()),
    "dump": lambda xbl: xbl.dump("/nowhere/a.json"),
    "assert_state": lambda xbl: xbl.assert_state({"users": ["Bea"]}),
    "expectation": lambda xbl: xbl.assert_state({"user": {}}),
    "presence": lambda xbl: xbl.set_presence(XboxLive().user("a"), present=True),
    "XboxLive": lambda _: XboxLive(seed=Seed({"sessions": {"a": {"template": "b"}}})),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_what_is_shown_of_a_mistake_is_the_test(mistake: Callable[[XboxLive], object]) -> None:
    """No frame of the fake stands between the line in the test and the error."""
    xbl = XboxLive()
    with pytest.raises((XblError, AssertionError)) as error:
        mistake(xbl)
    shown = [Path(str(entry.path)).name for entry in error.traceback if not entry.ishidden(error)]
    assert set(shown) == {Path(__file__).name}
