"""The people that a user has played with, as `xbl.recent_players` tells them."""

from __future__ import annotations

import pytest

from bodies import ACTIVE, INACTIVE, LEAVE, can, me
from errors import error_of
from pytest_xbl import Seed, SessionView, User, XboxLive
from tables import cases

NAMES = ("Ann", "Bob", "Cid")


class Game:
    """A large session, whose members a story moves."""

    def __init__(self, xbl: XboxLive) -> None:
        self.xbl = xbl
        lasting = {"inactiveRemovalTimeout": None, "sessionEmptyTimeout": 60_000}
        for name, capabilities in {"world": ("large", "gameplay"), "game": ("gameplay",), "lobby": ()}.items():
            xbl.templates.add(f"my {name}", {"constants": {"system": {**can(*capabilities), **lasting}}})
        self.users: dict[str, User] = dict(zip(NAMES, xbl.users(*NAMES), strict=True))
        self.session: SessionView = xbl.sessions.create("my world", name="world", members=xbl.users("Somebody"))

    def play(self, story: str) -> None:
        """Let things happen, separated by semicolons: `Ann in raid`, `Ann met trade`, `Ann leaves`, `29 seconds`."""
        for step in filter(None, story.split("; ")):
            who, what, *names = step.split(" ")
            if what == "seconds":
                self.xbl.clock.advance(seconds=int(who))
                continue
            body = {
                "in": me(active=True, groups=names),
                "met": me(active=True, encounters=names),
                "plays": ACTIVE,
                "rests": INACTIVE,
                "reports": me(active=False, encounters=names),
                "leaves": LEAVE,
            }[what]
            response = self.xbl.client(self.users[who]).put(self.session.ref.path, json=body)
            assert response.status_code in (200, 204), response.text

    def met(self, name: str) -> list[str]:
        """The names of those whom somebody has played with."""
        return [other if isinstance(other, str) else other.name for other in self.xbl.recent_players(self.users[name])]


@pytest.fixture
def game(xbl: XboxLive) -> Game:
    """The session, with somebody in it whom nobody meets."""
    return Game(xbl)


@cases(
    "story ann bob",
    {
        "in one group": ("Ann in raid; Bob in raid", ["Bob"], ["Ann"]),
        "whatever its capitals": ("Ann in Raid; Bob in rAID", ["Bob"], ["Ann"]),
        "in one of several groups": ("Ann in a b; Bob in b c", ["Bob"], ["Ann"]),
        "in other groups": ("Ann in a; Bob in b", [], []),
        "in no group": ("Ann plays; Bob plays", [], []),
        "one after the other": ("Ann in raid; Ann in; Bob in raid", [], []),
        "long ago": ("Ann in raid; Bob in raid; Bob in; 9999 seconds", ["Bob"], ["Ann"]),
        "one has left": ("Ann in raid; Bob in raid; Ann leaves", ["Bob"], ["Ann"]),
        "after one has left": ("Ann in raid; Ann leaves; Bob in raid", [], []),
        "one came back": ("Ann in raid; Ann leaves; Bob in raid; Ann in raid", ["Bob"], ["Ann"]),
        "one rests": ("Ann in raid; Ann rests; Bob in raid", [], []),
        "one plays again": ("Ann in raid; Ann rests; Bob in raid; Ann plays", ["Bob"], ["Ann"]),
        "in and out at another time": ("Bob in raid; Ann in raid; Ann in; Ann in raid", ["Bob"], ["Ann"]),
    },
)
def test_those_who_are_in_a_group_together_have_met(game: Game, story: str, ann: list[str], bob: list[str]) -> None:
    """While both of them are active, and then for good (BIG-3)."""
    game.play(story)
    assert (game.met("Ann"), game.met("Bob")) == (ann, bob)


@cases(
    "story met",
    {
        "both at once": ("Ann met trade; Bob met trade", True),
        "in time": ("Ann met trade; 30 seconds; Bob met trade", True),
        "too late": ("Ann met trade; 31 seconds; Bob met trade", False),
        "whatever the capitals": ("Ann met Trade; Bob met tRADE", True),
        "other encounters": ("Ann met trade; Bob met duel", False),
        "one of several": ("Ann met trade duel; Bob met duel", True),
        "one reports again": ("Ann met trade; 20 seconds; Ann met trade; 20 seconds; Bob met trade", True),
        "with a group": ("Ann in raid; 9999 seconds; Bob met raid", True),
        "with a group just left": ("Ann in raid; Ann in; 30 seconds; Bob met raid", True),
        "with a group left before": ("Ann in raid; Ann in; 31 seconds; Bob met raid", False),
        "with a group joined later": ("Bob met raid; Ann in raid", False),
        "one has left": ("Ann met trade; Ann leaves; Bob met trade", True),
        "nobody plays": ("Ann reports trade; Bob met trade", False),
    },
)
def test_an_encounter_counts_as_half_a_minute_in_the_group(game: Game, story: str, met: bool) -> None:
    """Which ends when it is reported, for each of those who report it (BIG-3, BIG-6)."""
    game.play(story)
    assert (game.met("Ann"), game.met("Bob")) == ((["Bob"], ["Ann"]) if met else ([], []))


@cases(
    "template met",
    {"a game": ("my game", ["Bob", "Cid"]), "a lobby": ("my lobby", []), "a large one": ("my world", [])},
)
def test_all_who_play_have_met_in_a_session_that_is_not_large(game: Game, template: str, met: list[str]) -> None:
    """If it is for playing, and with those who were active (BIG-6)."""
    game.xbl.sessions.create(template, name="other", members=[game.users["Ann"], game.users["Bob"]])
    game.session = game.xbl.sessions["other"]
    game.play("Bob leaves; 1 seconds; Cid plays; 1 seconds")
    assert sorted(game.met("Ann")) == met
    assert ("Bob" in game.met("Cid")) is False


def test_the_last_one_comes_first(game: Game) -> None:
    """By when they were last together, in whatever session; those who still are, in the order they came (BIG-7)."""
    game.play("Ann in raid; Bob in raid; 5 seconds; Bob in; Cid in raid; 5 seconds; Cid in")
    assert game.met("Ann") == ["Cid", "Bob"]
    game.xbl.clock.advance(seconds=5)
    game.xbl.sessions.create("my game", members=[game.users["Ann"], game.users["Bob"]])
    assert game.met("Ann") == ["Bob", "Cid"]
    game.play("Cid in raid; Ann in raid")
    assert game.met("Ann") == ["Bob", "Cid"]


def test_the_same_group_of_another_session_is_another_one(game: Game) -> None:
    """A group belongs to its session (BIG-3)."""
    game.play("Ann in raid")
    game.session = game.xbl.sessions.create("my world", name="elsewhere", members=game.xbl.users("Else"))
    game.play("Bob in raid")
    assert game.met("Ann") == []


def test_those_who_are_together_from_the_beginning_have_met(game: Game) -> None:
    """Also somebody who is no user, as their xuid; and an encounter of a seed counts (BIG-7, SEED-5)."""
    raid = {"properties": {"system": {"groups": ["raid"]}}}
    came = {"properties": {"system": {"encounters": ["raid"]}}}
    game.xbl.seed({"sessions": {"s": {"template": "my world", "members": {"Ann": raid, "X": {"xuid": "7", **raid}}}}})
    assert game.met("Ann") == ["7"]
    again = {"sessions": {"t": {"template": "my world", "members": {"Ann": raid, "Bob": came}}}}
    game.xbl.seed(again)
    assert sorted(game.met("Ann")) == ["7", "Bob"]


def test_a_restored_world_forgets_whom_somebody_met_since(game: Game) -> None:
    """And a dump holds only those who are together in it (BIG-7)."""
    game.play("Ann in raid; Bob in raid; Bob in")
    before = game.xbl.snapshot()
    game.play("Cid in raid")
    other = XboxLive(seed=Seed(game.xbl.dump()))
    game.xbl.restore(before)
    assert game.met("Ann") == ["Bob"]
    names = [one.name for one in other.recent_players(other.scenario["Ann"]) if isinstance(one, User)]
    assert names == ["Cid"]


def test_a_session_that_is_gone_is_remembered(game: Game) -> None:
    """With all who were in it, also if another has its name (BIG-7, TIME-9)."""
    path = game.xbl.sessions.create("game", name="short", members=[game.users["Ann"], game.users["Bob"]]).ref.path
    for name in ("Ann", "Bob"):
        game.xbl.client(game.users[name]).put(path, json=LEAVE)
    game.xbl.client(game.users["Cid"]).put(path, json=ACTIVE)
    assert (game.met("Ann"), game.met("Cid")) == (["Bob"], [])


def test_the_history_tells_of_groups_and_encounters(game: Game) -> None:
    """In words (SEEN-2)."""
    game.play("Ann in raid; Ann in; Ann met trade")
    _created, *lines = str(game.session.history).splitlines()
    assert [line.partition("Ann: ")[2] for line in lines] == [
        "Ann joined, Ann became active, Ann is in the group raid",
        "Ann is in no group",
        "Ann had the encounter trade",
    ]


@pytest.mark.parametrize("somebody", ["Ann", None])
def test_only_a_user_has_recent_players(game: Game, somebody: object) -> None:
    """A name is no user (SEED-2)."""
    expected = f"Expected a user of this world; got {somebody!r}.\nwhere: user\nrule: SEED-2"
    assert error_of(lambda: game.xbl.recent_players(somebody)) == expected  # type: ignore[arg-type]


def test_those_who_are_still_together_come_first(game: Game) -> None:
    """Also before those from whom the user has parted at this very moment (BIG-7)."""
    game.play("Ann in one; Bob in one; Cid in two; 9 seconds; Ann in two")
    assert game.met("Ann") == ["Cid", "Bob"]
