"""The statistics of a world: who sees what, and which requests find nothing to answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bodies import SCID
from errors import told_of
from pytest_xbl import User, XboxLive
from pytest_xbl.mpsd.model import Caller
from pytest_xbl.mpsd.refusal import Parts
from pytest_xbl.mpsd.titles import Title
from pytest_xbl.userstats.model import Definition, Statistic
from pytest_xbl.userstats.requests import Named, Wanted
from pytest_xbl.userstats.view import Group, Listed, Lists, Player, Reached
from pytest_xbl.world import statistics
from pytest_xbl.world.state import START
from pytest_xbl.world.world import World

OTHER = "5c1d0000-0000-4000-8000-00000000000b"
TITLE, OTHER_TITLE = "1719000001", "1719000002"
UNKNOWN = "5c1d0000-0000-4000-8000-0000000000ff"
SERVER = Caller("server", server=True)
KILLS, DEATHS, WINS = Statistic("Integer", 7), Statistic("Integer", 3), Statistic("Double", 0.5, '{"a": 1}')
ANAS_KILLS = Statistic("Integer", 9)


def wanted(*names: str, scid: str = SCID, at: Parts = ("requestedscids", 0)) -> Wanted:
    """Statistics of one service configuration."""
    return Wanted(scid, {name: (*at, "requestedstats", n) for n, name in enumerate(names)}, (*at, "scid"))


def by_title(name: str, title: str = TITLE, at: Parts = ("stats", 0)) -> Named:
    """A statistic of a title."""
    return Named(name, title, "", at, "titleId")


def by_scid(name: str, scid: str = SCID, at: Parts = ("stats", 0)) -> Named:
    """A statistic of a service configuration."""
    return Named(name, "", scid, at)


def read(xbl: XboxLive, users: list[str], *parts: Wanted, caller: Caller = SERVER) -> list[Player]:
    """The answer to a request under contract 1."""
    places = {xuid: ("requestedusers", n) for n, xuid in enumerate(users)}
    return statistics.read_statistics(xbl._world, caller, places, parts)


def listed(
    xbl: XboxLive, users: list[str], *stats: Named, groups: tuple[Named, ...] = (), caller: Caller = SERVER
) -> tuple[Lists, list[Group]]:
    """The answer to a request under contract 2: lists, and groups."""
    places = {xuid: ("xuids", n) for n, xuid in enumerate(users)}
    return statistics.list_statistics(xbl._world, caller, places, stats, groups)


@pytest.fixture(autouse=True)
def reached(xbl: XboxLive, stacy: User, ana: User) -> None:
    """Stacy has something in two service configurations, and Ana in one; a title belongs to each of them."""
    xbl.stats.title(OTHER_TITLE, scid=OTHER)
    xbl.stats.set(stacy, {"kills": 7, "deaths": 3})
    xbl.stats.set(ana, {"kills": 9})
    xbl.stats.set(stacy, {"wins": 0.5}, metadata={"wins": {"a": 1}}, scid=OTHER)


# Reading


def test_a_read_follows_the_order_of_the_request(xbl: XboxLive, stacy: User, ana: User) -> None:
    """In users, service configurations and names alike; what nobody has reached is left out (STAT-2, CALL-5)."""
    zoe = xbl.user("Zoe", gamertag="")
    parts = wanted("wins", scid=OTHER.upper()), wanted("deaths", "Kills", "kills")
    assert read(xbl, [ana.xuid, stacy.xuid, zoe.xuid], *parts) == [
        Player(ana.xuid, "Ana", [Reached(OTHER.upper(), []), Reached(SCID, [("kills", ANAS_KILLS)])]),
        Player(
            stacy.xuid,
            "Stacy",
            [Reached(OTHER.upper(), [("wins", WINS)]), Reached(SCID, [("deaths", DEATHS), ("kills", KILLS)])],
        ),
        Player(zoe.xuid, "", [Reached(OTHER.upper(), []), Reached(SCID, [])]),
    ]


def test_a_list_follows_the_order_of_the_request(xbl: XboxLive, stacy: User, ana: User) -> None:
    """Whether a title or a service configuration names them, with what is defined (STAT-2, STAT-3, STAT-10)."""
    xbl.stats.define("deaths", display_name="Deaths")
    wins, deaths, kills = by_title("wins", OTHER_TITLE), by_scid("deaths", SCID.upper()), by_title("kills")
    named = Definition(display_name="Deaths")
    lists, groups = listed(xbl, [ana.xuid, stacy.xuid], wins, deaths, kills)
    assert lists == [
        (ana.xuid, [Listed("kills", SCID, ANAS_KILLS, title=TITLE)]),
        (
            stacy.xuid,
            [
                Listed("wins", OTHER, WINS, title=OTHER_TITLE),
                Listed("deaths", SCID.upper(), DEATHS, named),
                Listed("kills", SCID, KILLS, title=TITLE),
            ],
        ),
    ]
    assert groups == []


def test_a_group_lists_all_of_its_statistics_for_every_user(xbl: XboxLive, stacy: User, ana: User) -> None:
    """Also those that somebody has not reached; ungrouped ones are listed beside it (STAT-2, STAT-10, STAT-14)."""
    xbl.stats.define("kills", type="Integer", group="Hero", ordinal=2)
    xbl.stats.define("deaths", type="Integer", group="Hero", ordinal=1)
    xbl.stats.define("wins", type="Double", group="Hero", scid=OTHER)
    first, second = Definition("Integer", group="Hero", ordinal=1), Definition("Integer", group="Hero", ordinal=2)
    shown = [
        (ana.xuid, [Listed("deaths", SCID, None, first), Listed("kills", SCID, ANAS_KILLS, second)]),
        (stacy.xuid, [Listed("deaths", SCID, DEATHS, first), Listed("kills", SCID, KILLS, second)]),
    ]
    asked = by_title("Hero", at=("groups", 0)), by_scid("Hero", at=("groups", 1)), by_scid("hero", at=("groups", 2))
    lists, groups = listed(xbl, [ana.xuid, stacy.xuid], by_title("kills"), groups=asked)
    assert groups == [Group("Hero", TITLE, shown), Group("Hero", "", shown), Group("hero", "", [])]
    alone = [Listed("kills", SCID, held, second, TITLE) for held in (ANAS_KILLS, KILLS)]
    assert lists == [(ana.xuid, alone[:1]), (stacy.xuid, alone[1:])]


def test_a_title_that_nobody_knows_has_nothing(xbl: XboxLive, stacy: User) -> None:
    """Neither statistics nor anything in a group, and the others of the request are there (STAT-10)."""
    lists, groups = listed(
        xbl, [stacy.xuid], by_title("kills", "7"), by_title("kills"), groups=(by_title("Hero", "7"), by_title("Hero"))
    )
    assert lists == [(stacy.xuid, [Listed("kills", SCID, KILLS, title=TITLE)])]
    assert groups == [Group("Hero", "7", []), Group("Hero", TITLE, [])]


def test_a_restricted_statistic_of_a_group_refuses_the_group(xbl: XboxLive, stacy: User) -> None:
    """The place is that of the group's name (STAT-6, STAT-11)."""
    xbl.stats.define("wins", type="Double", access="restricted", group="Hero", scid=OTHER)
    groups = (by_title("Hero", OTHER_TITLE, ("groups", 0)),)
    refused = told_of(lambda: listed(xbl, [stacy.xuid], groups=groups, caller=stacy._caller))
    what = "The statistic wins is restricted, and Stacy plays no title of its service configuration."
    assert refused == (403, "/groups/0/name", what, "STAT-6")


@pytest.mark.parametrize(
    "make_known",
    [
        lambda xbl, stacy: statistics.reach(xbl._world, UNKNOWN, stacy.xuid, {"kills": (1, None)}),
        lambda xbl, _stacy: statistics.add_scids(xbl._world, [UNKNOWN.upper()]),
        lambda xbl, _stacy: statistics.define(xbl._world, UNKNOWN, "kills"),
        lambda xbl, _stacy: statistics.add_titles(xbl._world, {"5": Title(UNKNOWN.upper())}),
        lambda xbl, _stacy: xbl.templates.add("room", {}, scid=UNKNOWN),
    ],
    ids=["a value", "by itself", "a definition", "a title", "a template"],
)
def test_a_service_configuration_is_known_by_statistics_titles_or_templates(
    xbl: XboxLive, stacy: User, ana: User, make_known: Callable[[XboxLive, User], None]
) -> None:
    """Each of them is enough, and then it has users with nothing in it (STAT-7)."""
    make_known(xbl, stacy)
    for scid in (UNKNOWN, UNKNOWN.upper()):
        [player] = read(xbl, [ana.xuid], wanted("kills", scid=scid))
        assert [part[:2] for part in player.reached] == [(scid, [])]
        assert listed(xbl, [ana.xuid], by_scid("kills", scid)) == ([(ana.xuid, [])], [])


def test_who_reads_a_restricted_statistic_does_not_depend_on_the_case(xbl: XboxLive, stacy: User) -> None:
    """Of its service configuration: a title opens it, or does not, however a request writes it (STAT-6, CALL-5)."""
    xbl.stats.define("wins", access="restricted", scid=OTHER)
    guest, where = xbl.user("Gus", title_id=OTHER_TITLE)._caller, "/requestedscids/0/requestedstats/0"
    for scid in (OTHER, OTHER.upper()):
        asked = wanted("wins", scid=scid)
        shown = Reached(scid, [("wins", WINS)], {"wins": Definition(access="restricted")})
        assert read(xbl, [stacy.xuid], asked, caller=guest)[0].reached == [shown]
        refused = told_of(lambda asked=asked: read(xbl, [stacy.xuid], asked, caller=stacy._caller))  # type: ignore[misc]
        what = "The statistic wins is restricted, and Stacy plays no title of its service configuration."
        assert refused == (403, where, what, "STAT-6")
        refused = told_of(lambda scid=scid: listed(xbl, [stacy.xuid], by_scid("wins", scid), caller=stacy._caller))  # type: ignore[misc]
        assert refused == (403, "/stats/0/name", what, "STAT-6")


# Changing


def test_values_are_reached_all_or_none(world: World, stacy: User) -> None:
    """Others stay as they are; a value that the definition does not allow names its statistic (STAT-5, STAT-11)."""
    statistics.define(world, SCID.upper(), "best", type="Double")
    statistics.reach(world, SCID.upper(), stacy.xuid, {"best": (7, "{}"), "kills": (8, None)})
    expected = {"kills": Statistic("Integer", 8), "deaths": DEATHS, "best": Statistic("Double", 7.0, "{}")}
    assert statistics.reached(world, SCID, stacy.xuid) == expected
    before = world.snapshot()
    refused = told_of(lambda: statistics.reach(world, OTHER, stacy.xuid, {"new": (1, None), "odd": (2**63, None)}))
    assert (refused[0], refused[1], refused[3]) == (400, "/odd", "STAT-5")
    what = "The statistic best is defined as Double; 'x' is String."
    refused = told_of(lambda: statistics.reach(world, SCID, stacy.xuid, {"kills": (9, None), "best": ("x", None)}))
    assert (refused, world.snapshot()) == ((400, "/best", what, "STAT-5"), before)


def test_a_definition_changes_the_values_that_are_there(world: World, stacy: User, ana: User) -> None:
    """Those of its name in its service configuration; what is left out of it stays as it was (STAT-5, STAT-6)."""
    statistics.reach(world, SCID, ana.xuid, {"Kills": ("nine", None), "kills": (9, '{"car": "red"}')})
    statistics.reach(world, OTHER, ana.xuid, {"kills": ("nine", None)})
    statistics.define(world, SCID.upper(), "kills", type="Double", access="restricted", group="Hero")
    statistics.define(world, SCID, "kills", access="open", ordinal=3)
    statistics.define(world, OTHER, "wins")
    assert world.snapshot().definitions == {
        SCID: {"kills": Definition("Double", group="Hero", ordinal=3)},
        OTHER: {"wins": Definition()},
    }
    assert [statistics.reached(world, SCID, it.xuid)["kills"] for it in (stacy, ana)] == [
        Statistic("Double", 7.0),
        Statistic("Double", 9.0, '{"car": "red"}'),
    ]
    assert statistics.reached(world, OTHER, ana.xuid)["kills"].value == "nine"
    before = world.snapshot()
    what = "The statistic Kills is defined as Integer; 'nine' is String."
    refused = told_of(lambda: statistics.define(world, SCID, "Kills", type="Integer", access="restricted"))
    assert ((refused[0], *refused[2:]), world.snapshot()) == ((400, what, "STAT-5"), before)
    refused = told_of(lambda: statistics.define(world, SCID, "Kills", ordinal=1))
    what = "The statistic Kills is in no group, and only a group shows its ordinal."
    assert (refused, world.snapshot()) == ((400, "", what, "STAT-14"), before)


def test_statistics_can_be_forgotten(world: World, stacy: User) -> None:
    """These, in whatever case their service configuration is written; nobody else loses any (STAT-2)."""
    statistics.forget(world, SCID.upper(), stacy.xuid, iter(["kills", "nothing"]))
    assert statistics.reached(world, SCID, stacy.xuid) == {"deaths": DEATHS}
    assert statistics.reached(world, OTHER, stacy.xuid) == {"wins": WINS}
    assert statistics.reached(world, UNKNOWN, stacy.xuid) == {}


def test_a_title_runs_on_platforms(world: World) -> None:
    """On `era` alone, unless a test says where (STAT-16)."""
    pfn = {"pfn": "Contoso.Game_8wekyb3d8bbwe"}
    statistics.add_titles(world, {"5": Title(SCID, {"uwp-desktop": pfn, "era": {}}), "6": Title(SCID, {})})
    shown = [statistics.platforms_of(world, title_id) for title_id in ("5", "6", TITLE, "7")]
    assert shown == [{"uwp-desktop": pfn, "era": {}}, {}, {"era": {}}, {"era": {}}]


# The time of the last change


def at(minute: int) -> datetime:
    """A time, in minutes after the beginning."""
    return START + timedelta(minutes=minute)


OF_A_USER: dict[str, Callable[[XboxLive, User], object]] = {
    "a value": lambda xbl, user: xbl.stats.set(user, {"kills": 8}),
    "a type": lambda xbl, user: xbl.stats.set(user, {"kills": 7.0}),
    "metadata": lambda xbl, user: xbl.stats.set(user, {"kills": 7}, metadata={"kills": {}}),
    "a sum": lambda xbl, user: xbl.stats.add(user, "new"),
    "another service configuration": lambda xbl, user: xbl.stats.set(user, {"kills": 8}, scid=UNKNOWN),
    "nothing left": lambda xbl, user: xbl.stats.clear(user),
}
OF_ALL: dict[str, Callable[[XboxLive, User], object]] = {
    "a definition": lambda xbl, _: xbl.stats.define("kills", type="Double"),
    "a group": lambda xbl, _: xbl.stats.define("fresh", type="Double", group="Hero"),
    "a title": lambda xbl, _: xbl.stats.title("5"),
    "a form of values": lambda xbl, _: setattr(xbl.stats, "values", "strings"),
    "a seed": lambda xbl, _: xbl.seed({"users": ["Zoe"]}),
    "a service configuration": lambda xbl, _: xbl.templates.add("quick", {}, scid=UNKNOWN),
}
OF_NOBODY: dict[str, Callable[[XboxLive, User], object]] = {
    "a look": lambda xbl, user: xbl.stats.get(user),
    "a sandbox": lambda xbl, _: setattr(xbl.stats, "sandbox", "XDKS.1"),
    "a user": lambda xbl, _: xbl.user("Zoe"),
    "a snapshot": lambda xbl, _: xbl.snapshot(),
}
CHANGES = [
    *((change, 1, 0) for change in OF_A_USER.values()),
    *((change, 1, 1) for change in OF_ALL.values()),
    *((change, 0, 0) for change in OF_NOBODY.values()),
]


@pytest.mark.parametrize(("change", "of_stacy", "of_ana"), CHANGES, ids=[*OF_A_USER, *OF_ALL, *OF_NOBODY])
def test_a_world_knows_when_the_statistics_of_a_user_last_changed(
    xbl: XboxLive, stacy: User, ana: User, change: Callable[[XboxLive, User], object], of_stacy: int, of_ana: int
) -> None:
    """By the world's clock; to take them away, or to define one, is a change as well (STAT-15)."""
    xbl.clock.advance(minutes=1)
    change(xbl, stacy)
    xbl.clock.advance(minutes=1)
    last = [statistics.last_change(xbl._world, xuids) for xuids in ([stacy.xuid], [ana.xuid], [ana.xuid, stacy.xuid])]
    assert last == [at(of_stacy), at(of_ana), at(of_stacy)]


def test_a_user_who_has_come_is_a_change_for_those_who_ask_about_them(xbl: XboxLive, stacy: User) -> None:
    """Before, there was no such user (STAT-15)."""
    xbl.clock.advance(minutes=1)
    zoe = xbl.user("Zoe")
    assert [statistics.last_change(xbl._world, [user.xuid]) for user in (stacy, zoe)] == [at(0), at(1)]


@pytest.mark.parametrize("back", ["restore", "sandbox", "reset", "set"])
def test_time_that_goes_back_does_not_hide_a_change(back: str) -> None:
    """A response of the time that is undone is never taken for the newest (STAT-15)."""
    xbl = XboxLive()
    stacy = xbl.user("Stacy")
    kept = xbl.snapshot()
    with xbl.sandbox():
        xbl.clock.advance(minutes=5)
        xbl.stats.set(stacy, {"kills": 8})
        if back == "restore":
            xbl.restore(kept)
        elif back == "reset":
            xbl.reset()
        elif back == "set":
            xbl.clock.move_to(START)
            xbl.stats.set(stacy, {"kills": 9})
    assert (xbl.clock.now, statistics.last_change(xbl._world, [stacy.xuid])) == (START, at(5))
