"""The statistics of a world: who sees what, and which requests find nothing to answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bodies import SCID
from errors import told_of
from pytest_xbl import User, XboxLive
from pytest_xbl.mpsd.model import Caller
from pytest_xbl.mpsd.refusal import Parts
from pytest_xbl.userstats.model import Definition, Statistic
from pytest_xbl.userstats.requests import Named, Wanted
from pytest_xbl.userstats.view import Listed, Player, Reached
from pytest_xbl.world import statistics
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
) -> list[tuple[str, list[Listed]]]:
    """The answer to a request under contract 2."""
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
    """Whether a title or a service configuration names them; a group brings none (STAT-2, STAT-3, STAT-10)."""
    wins, deaths, kills = by_title("wins", OTHER_TITLE), by_scid("deaths", SCID.upper()), by_title("kills")
    groups = (by_title("kills", at=("groups", 0)),)
    assert listed(xbl, [ana.xuid, stacy.xuid], wins, deaths, kills, groups=groups) == [
        (ana.xuid, [Listed(kills, SCID, ANAS_KILLS)]),
        (stacy.xuid, [Listed(wins, OTHER, WINS), Listed(deaths, SCID.upper(), DEATHS), Listed(kills, SCID, KILLS)]),
    ]
    assert listed(xbl, [stacy.xuid], groups=groups) == [(stacy.xuid, [])]


@pytest.mark.parametrize(
    "make_known",
    [
        lambda xbl, stacy: statistics.reach(xbl._world, UNKNOWN, stacy.xuid, {"kills": (1, None)}),
        lambda xbl, _stacy: statistics.add_scids(xbl._world, [UNKNOWN.upper()]),
        lambda xbl, _stacy: statistics.define(xbl._world, UNKNOWN, "kills", kind=None, access=None),
        lambda xbl, _stacy: statistics.add_titles(xbl._world, {"5": UNKNOWN.upper()}),
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
        assert read(xbl, [ana.xuid], wanted("kills", scid=scid)) == [Player(ana.xuid, "Ana", [Reached(scid, [])])]
        assert listed(xbl, [ana.xuid], by_scid("kills", scid)) == [(ana.xuid, [])]


def test_who_reads_a_restricted_statistic_does_not_depend_on_the_case(xbl: XboxLive, stacy: User) -> None:
    """Of its service configuration: a title opens it, or does not, however a request writes it (STAT-6, CALL-5)."""
    xbl.stats.define("wins", access="restricted", scid=OTHER)
    guest, where = xbl.user("Gus", title_id=OTHER_TITLE)._caller, "/requestedscids/0/requestedstats/0"
    for scid in (OTHER, OTHER.upper()):
        asked = wanted("wins", scid=scid)
        assert read(xbl, [stacy.xuid], asked, caller=guest)[0].reached == [Reached(scid, [("wins", WINS)])]
        refused = told_of(lambda asked=asked: read(xbl, [stacy.xuid], asked, caller=stacy._caller))  # type: ignore[misc]
        what = "The statistic wins is restricted, and Stacy plays no title of its service configuration."
        assert refused == (403, where, what, "STAT-6")
        refused = told_of(lambda scid=scid: listed(xbl, [stacy.xuid], by_scid("wins", scid), caller=stacy._caller))  # type: ignore[misc]
        assert refused == (403, "/stats/0/name", what, "STAT-6")


# Changing


def test_values_are_reached_all_or_none(world: World, stacy: User) -> None:
    """Others stay as they are; a value that the definition does not allow names its statistic (STAT-5, STAT-11)."""
    statistics.define(world, SCID.upper(), "best", kind="Double", access=None)
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
    statistics.define(world, SCID.upper(), "kills", kind="Double", access="restricted")
    statistics.define(world, SCID, "kills", kind=None, access="open")
    statistics.define(world, OTHER, "wins", kind=None, access=None)
    assert world.snapshot().definitions == {SCID: {"kills": Definition("Double")}, OTHER: {"wins": Definition()}}
    assert [statistics.reached(world, SCID, it.xuid)["kills"] for it in (stacy, ana)] == [
        Statistic("Double", 7.0),
        Statistic("Double", 9.0, '{"car": "red"}'),
    ]
    assert statistics.reached(world, OTHER, ana.xuid)["kills"].value == "nine"
    before = world.snapshot()
    what = "The statistic Kills is defined as Integer; 'nine' is String."
    refused = told_of(lambda: statistics.define(world, SCID, "Kills", kind="Integer", access="restricted"))
    assert ((refused[0], *refused[2:]), world.snapshot()) == ((400, what, "STAT-5"), before)


def test_statistics_can_be_forgotten(world: World, stacy: User) -> None:
    """These, in whatever case their service configuration is written; nobody else loses any (STAT-2)."""
    statistics.forget(world, SCID.upper(), stacy.xuid, iter(["kills", "nothing"]))
    assert statistics.reached(world, SCID, stacy.xuid) == {"deaths": DEATHS}
    assert statistics.reached(world, OTHER, stacy.xuid) == {"wins": WINS}
    assert statistics.reached(world, UNKNOWN, stacy.xuid) == {}
