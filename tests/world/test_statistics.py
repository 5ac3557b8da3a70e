"""The statistics of a world: who sees what, and which requests find nothing to answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pytest_xbl import User, XboxLive
from pytest_xbl.mpsd.model import Caller
from pytest_xbl.mpsd.refusal import Parts, Refusal
from pytest_xbl.userstats.model import Statistic
from pytest_xbl.userstats.requests import Named, Wanted
from pytest_xbl.userstats.view import Listed, Player, Reached
from pytest_xbl.world.statistics import list_statistics, read_statistics

SCID = XboxLive.scid
OTHER = "5c1d0000-0000-4000-8000-00000000000b"
TITLE = "1719000001"
OTHER_TITLE = "1719000002"
UNKNOWN = "5c1d0000-0000-4000-8000-0000000000ff"
SERVER = Caller("server", server=True)
KILLS, DEATHS, WINS = Statistic("Integer", 7), Statistic("Integer", 3), Statistic("Double", 0.5, '{"a": 1}')
ANAS_KILLS = Statistic("Integer", 9)


def told(refusal: Refusal) -> tuple[int, str, str, str]:
    """All that a refusal says."""
    return refusal.status, refusal.what, refusal.where, refusal.rule


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
    """What a request under contract 1 is answered with."""
    return read_statistics(xbl._world, caller, {xuid: ("requestedusers", n) for n, xuid in enumerate(users)}, parts)


def listed(
    xbl: XboxLive, users: list[str], *stats: Named, groups: tuple[Named, ...] = (), caller: Caller = SERVER
) -> list[tuple[str, list[Listed]]]:
    """What a request under contract 2 is answered with."""
    return list_statistics(xbl._world, caller, {xuid: ("xuids", n) for n, xuid in enumerate(users)}, stats, groups)


def refusal_of(action: Callable[[], object]) -> tuple[int, str, str, str]:
    """All that the refusal of a request says."""
    with pytest.raises(Refusal) as refused:
        action()
    return told(refused.value)


@pytest.fixture(autouse=True)
def reached(xbl: XboxLive, stacy: User, ana: User) -> None:
    """Stacy has something in two service configurations, and Ana in one; a title belongs to each of them."""
    xbl.stats.title(OTHER_TITLE, scid=OTHER)
    xbl.stats.set(stacy, {"kills": 7, "deaths": 3})
    xbl.stats.set(ana, {"kills": 9})
    xbl.stats.set(stacy, {"wins": 0.5}, metadata={"wins": {"a": 1}}, scid=OTHER)


# What is read


def test_a_read_follows_the_order_of_the_request(xbl: XboxLive, stacy: User, ana: User) -> None:
    """In users, service configurations and names alike (STAT-2)."""
    parts = wanted("wins", scid=OTHER), wanted("deaths", "kills")
    assert read(xbl, [ana.xuid, stacy.xuid], *parts) == [
        Player(ana.xuid, "Ana", [Reached(OTHER, []), Reached(SCID, [("kills", ANAS_KILLS)])]),
        Player(
            stacy.xuid,
            "Stacy",
            [Reached(OTHER, [("wins", WINS)]), Reached(SCID, [("deaths", DEATHS), ("kills", KILLS)])],
        ),
    ]


def test_what_nobody_has_reached_is_left_out(xbl: XboxLive, stacy: User) -> None:
    """A name that differs by case is another name; somebody with nothing still appears (STAT-2)."""
    nobody = xbl.user("Zoe", gamertag="")
    assert read(xbl, [stacy.xuid, nobody.xuid], wanted("wins", "Kills", "kills")) == [
        Player(stacy.xuid, "Stacy", [Reached(SCID, [("kills", KILLS)])]),
        Player(nobody.xuid, "", [Reached(SCID, [])]),
    ]


def test_a_service_configuration_is_found_in_any_case_and_shown_as_asked(xbl: XboxLive, stacy: User) -> None:
    """As everywhere (CALL-5)."""
    [player] = read(xbl, [stacy.xuid], wanted("wins", scid=OTHER.upper()))
    assert player.reached == [Reached(OTHER.upper(), [("wins", WINS)])]
    asked = by_scid("wins", OTHER.upper())
    assert listed(xbl, [stacy.xuid], asked) == [(stacy.xuid, [Listed(asked, OTHER.upper(), WINS)])]


def test_a_list_follows_the_order_of_the_request(xbl: XboxLive, stacy: User, ana: User) -> None:
    """In users and statistics, whether a title or a service configuration names them (STAT-2, STAT-3, STAT-10)."""
    wins, deaths, kills = by_title("wins", OTHER_TITLE), by_scid("deaths"), by_title("kills")
    assert listed(xbl, [ana.xuid, stacy.xuid], wins, deaths, kills) == [
        (ana.xuid, [Listed(kills, SCID, ANAS_KILLS)]),
        (stacy.xuid, [Listed(wins, OTHER, WINS), Listed(deaths, SCID, DEATHS), Listed(kills, SCID, KILLS)]),
    ]


def test_a_list_leaves_out_what_nobody_has_reached(xbl: XboxLive, stacy: User) -> None:
    """Somebody with nothing still appears; a group brings no statistics (STAT-2, STAT-10)."""
    zoe = xbl.user("Zoe")
    groups = (by_title("kills", at=("groups", 0)),)
    assert listed(xbl, [zoe.xuid], by_scid("kills"), groups=groups) == [(zoe.xuid, [])]
    assert listed(xbl, [stacy.xuid], groups=groups) == [(stacy.xuid, [])]


@pytest.mark.parametrize(
    ("scid", "name", "held"),
    [(SCID, "kills", KILLS), (OTHER.upper(), "wins", WINS), (SCID, "wins", None), (UNKNOWN, "kills", None)],
)
def test_what_a_user_holds_is_found_by_name(
    xbl: XboxLive, stacy: User, scid: str, name: str, held: Statistic | None
) -> None:
    """None where they have nothing of it (STAT-2)."""
    assert xbl._world._state.reached(scid, stacy.xuid).get(name) == held


# What is unknown

NO_SCID = f"The service configuration {UNKNOWN} is unknown: it has no statistics, no titles and no templates."
NO_USER = "There is no user with the xuid 7."
NO_TITLE = f"The title 5 is unknown; known are {TITLE}, {OTHER_TITLE}."


def test_an_unknown_service_configuration_is_not_found(xbl: XboxLive, stacy: User) -> None:
    """Whether in a batch, a list or a group: 404 (STAT-7)."""
    at = ("requestedscids", 1)
    parts = wanted("kills"), wanted("kills", scid=UNKNOWN, at=at)
    assert refusal_of(lambda: read(xbl, [stacy.xuid], *parts)) == (404, NO_SCID, "/requestedscids/1/scid", "STAT-7")
    stats = by_scid("kills"), by_scid("kills", UNKNOWN, ("stats", 1))
    assert refusal_of(lambda: listed(xbl, [stacy.xuid], *stats)) == (404, NO_SCID, "/stats/1/scid", "STAT-7")
    groups = (by_scid("hero", UNKNOWN, ("groups", 0)),)
    refused = refusal_of(lambda: listed(xbl, [stacy.xuid], by_scid("kills"), groups=groups))
    assert refused == (404, NO_SCID, "/groups/0/scid", "STAT-7")


@pytest.mark.parametrize(
    "make_known",
    [
        lambda xbl, stacy: xbl.stats.set(stacy, {"kills": 1}, scid=UNKNOWN),
        lambda xbl, stacy: xbl.stats.set(stacy, {}, scid=UNKNOWN.upper()),
        lambda xbl, _stacy: xbl.stats.define("kills", scid=UNKNOWN),
        lambda xbl, _stacy: xbl.stats.title("5", scid=UNKNOWN.upper()),
        lambda xbl, _stacy: xbl.templates.add("room", {"constants": {"system": {"version": 1}}}, scid=UNKNOWN),
    ],
    ids=["a value", "no values", "a definition", "a title", "a template"],
)
def test_a_service_configuration_is_known_by_statistics_titles_or_templates(
    xbl: XboxLive, stacy: User, ana: User, make_known: Callable[[XboxLive, User], None]
) -> None:
    """Each of them is enough, and then it has users with nothing in it (STAT-7)."""
    make_known(xbl, stacy)
    for scid in (UNKNOWN, UNKNOWN.upper()):
        assert read(xbl, [ana.xuid], wanted("kills", scid=scid)) == [Player(ana.xuid, "Ana", [Reached(scid, [])])]
        assert listed(xbl, [ana.xuid], by_scid("kills", scid)) == [(ana.xuid, [])]


def test_an_unknown_user_is_not_found(xbl: XboxLive, stacy: User) -> None:
    """One among several refuses all: 404 (STAT-7, STAT-11)."""
    users = [stacy.xuid, "7"]
    assert refusal_of(lambda: read(xbl, users, wanted("kills"))) == (404, NO_USER, "/requestedusers/1", "STAT-7")
    assert refusal_of(lambda: listed(xbl, users, by_scid("kills"))) == (404, NO_USER, "/xuids/1", "STAT-7")


def test_a_read_says_where_its_users_are_named(xbl: XboxLive) -> None:
    """A GET names its user in the URI (STAT-7)."""
    kills = Wanted(SCID, {"kills": "the URI"}, "the URI")
    refused = refusal_of(lambda: read_statistics(xbl._world, SERVER, {"7": "the URI"}, [kills]))
    assert refused == (404, NO_USER, "the URI", "STAT-7")


def test_what_is_named_in_a_uri_is_refused_there(xbl: XboxLive, stacy: User) -> None:
    """Unless a body names it (STAT-6, STAT-7)."""
    asked = Wanted(UNKNOWN, {"kills": "the URI"}, "the URI")
    assert refusal_of(lambda: read(xbl, [stacy.xuid], asked)) == (404, NO_SCID, "the URI", "STAT-7")
    xbl.stats.define("kills", access="restricted", scid=UNKNOWN)
    refused = refusal_of(lambda: read(xbl, [stacy.xuid], asked, caller=stacy._caller))
    assert refused == restriction("kills", "Stacy", "the URI")


def test_an_unknown_title_is_not_found(xbl: XboxLive, stacy: User) -> None:
    """Of a statistic or of a group: 404 with those that are known (STAT-10)."""
    stats = by_title("kills"), by_title("kills", "5", ("stats", 1))
    assert refusal_of(lambda: listed(xbl, [stacy.xuid], *stats)) == (404, NO_TITLE, "/stats/1/titleId", "STAT-7")
    groups = (by_title("hero", "5", ("groups", 0)),)
    assert refusal_of(lambda: listed(xbl, [stacy.xuid], groups=groups)) == (
        404,
        NO_TITLE,
        "/groups/0/titleId",
        "STAT-7",
    )


# Who may see it


@pytest.fixture
def restricted(xbl: XboxLive) -> None:
    """Deaths are restricted in the one service configuration, and wins in the other."""
    xbl.stats.define("deaths", access="restricted")
    xbl.stats.define("wins", access="restricted", scid=OTHER)


def restriction(name: str, caller: str, where: str) -> tuple[int, str, str, str]:
    """All that the refusal of a restricted statistic says."""
    what = f"The statistic {name} is restricted, and {caller} plays no title of its service configuration."
    return 403, what, where, "STAT-6"


@pytest.mark.parametrize("name", ["Stacy", "Zoe"])
def test_one_refused_statistic_refuses_the_whole_read(xbl: XboxLive, restricted: None, stacy: User, name: str) -> None:
    """Even where the user has not reached it, and wherever it stands (STAT-6, STAT-11)."""
    user = stacy if name == "Stacy" else xbl.user(name)
    at = ("requestedscids", 1)
    parts = wanted("kills", "deaths"), wanted("seen", "wins", scid=OTHER, at=at)
    refused = refusal_of(lambda: read(xbl, [user.xuid], *parts, caller=stacy._caller))
    assert refused == restriction("wins", "Stacy", "/requestedscids/1/requestedstats/1")


@pytest.mark.parametrize("wins", [by_title("wins", OTHER_TITLE, ("stats", 1)), by_scid("wins", OTHER, ("stats", 1))])
def test_one_refused_statistic_refuses_the_whole_list(
    xbl: XboxLive, restricted: None, stacy: User, wins: Named
) -> None:
    """However it is named (STAT-6, STAT-11)."""
    refused = refusal_of(lambda: listed(xbl, [stacy.xuid], by_scid("deaths"), wins, caller=stacy._caller))
    assert refused == restriction("wins", "Stacy", "/stats/1/name")


def test_another_case_opens_nothing_that_is_restricted(xbl: XboxLive, restricted: None, stacy: User) -> None:
    """It is the same service configuration (STAT-6, CALL-5)."""
    asked = wanted("wins", scid=OTHER.upper())
    refused = refusal_of(lambda: read(xbl, [stacy.xuid], asked, caller=stacy._caller))
    assert refused == restriction("wins", "Stacy", "/requestedscids/0/requestedstats/0")


def test_a_title_opens_the_service_configuration_that_it_belongs_to(
    xbl: XboxLive, restricted: None, stacy: User
) -> None:
    """And no other; several titles may belong to one, in whatever case it is written (STAT-6, STAT-10, STAT-12)."""
    guest = xbl.user("Gus", title_id=OTHER_TITLE)
    [player] = read(xbl, [stacy.xuid], wanted("wins", scid=OTHER), caller=guest._caller)
    assert player.reached == [Reached(OTHER, [("wins", WINS)])]
    refused = refusal_of(lambda: read(xbl, [stacy.xuid], wanted("deaths"), caller=guest._caller))
    assert refused == restriction("deaths", "Gus", "/requestedscids/0/requestedstats/0")
    xbl.stats.title(OTHER_TITLE, scid=SCID.upper())
    [player] = read(xbl, [stacy.xuid], wanted("deaths"), caller=guest._caller)
    assert player.reached == [Reached(SCID, [("deaths", DEATHS)])]


@pytest.mark.parametrize(
    "caller", [Caller("Nat", xuid="7"), Caller("Nat", xuid="7", title_id=""), Caller("Nat", xuid="7", title_id="5")]
)
def test_a_user_without_a_known_title_reads_what_is_open(
    xbl: XboxLive, restricted: None, stacy: User, caller: Caller
) -> None:
    """And nothing that is restricted (STAT-6, STAT-12)."""
    [player] = read(xbl, [stacy.xuid], wanted("kills"), caller=caller)
    assert player.reached == [Reached(SCID, [("kills", KILLS)])]
    refused = refusal_of(lambda: read(xbl, [stacy.xuid], wanted("deaths"), caller=caller))
    assert refused == restriction("deaths", "Nat", "/requestedscids/0/requestedstats/0")


def test_a_service_reads_everything(xbl: XboxLive, restricted: None, stacy: User) -> None:
    """Whether it acts for somebody or not (STAT-12)."""
    guest = xbl.user("Gus", title_id="5", sandbox="XDKS.1")
    for service in (xbl.service("one"), xbl.service("two", on_behalf_of=guest)):
        [player] = read(xbl, [stacy.xuid], wanted("deaths"), wanted("wins", scid=OTHER), caller=service._caller)
        assert player.reached == [Reached(SCID, [("deaths", DEATHS)]), Reached(OTHER, [("wins", WINS)])]


@pytest.mark.parametrize("xuid", ["2533274790000001", "7"])
@pytest.mark.parametrize("scid", [SCID, UNKNOWN])
def test_a_user_of_another_sandbox_learns_nothing(xbl: XboxLive, stacy: User, xuid: str, scid: str) -> None:
    """Not even who and what is unknown (STAT-6, STAT-12)."""
    tester = xbl.user("Tessa", sandbox="XDKS.1").caller
    what = "The statistics are those of the sandbox RETAIL; the token of Tessa is for XDKS.1."
    refused = (403, what, "Authorization", "STAT-6")
    assert stacy.xuid == "2533274790000001"
    assert refusal_of(lambda: read(xbl, [xuid], wanted("kills", scid=scid), caller=tester)) == refused
    assert refusal_of(lambda: listed(xbl, [xuid], by_scid("kills", scid), caller=tester)) == refused


def test_a_world_can_have_the_statistics_of_another_sandbox(xbl: XboxLive, stacy: User) -> None:
    """Then its users read them, and those of the public one do not (STAT-6, STAT-12)."""
    tester = xbl.user("Tessa", sandbox="XDKS.1").caller
    xbl.stats.sandbox = "XDKS.1"
    [player] = read(xbl, [stacy.xuid], wanted("kills"), caller=tester)
    assert player.reached == [Reached(SCID, [("kills", KILLS)])]
    asked = by_scid("kills")
    assert listed(xbl, [stacy.xuid], asked, caller=tester) == [(stacy.xuid, [Listed(asked, SCID, KILLS)])]
    what = "The statistics are those of the sandbox XDKS.1; the token of Stacy is for RETAIL."
    refused = refusal_of(lambda: read(xbl, [stacy.xuid], wanted("kills"), caller=stacy._caller))
    assert refused == (403, what, "Authorization", "STAT-6")


# Copies


def test_a_copy_of_the_state_shares_no_statistics(xbl: XboxLive, stacy: User) -> None:
    """Whatever is set, defined or taken away later, the copy stays as it was (STAT-11)."""
    copy = xbl._world._state.copy()
    xbl.stats.set(stacy, {"kills": 8, "new": 1}, metadata={"kills": {"b": 2}})
    xbl.stats.clear(stacy, scid=OTHER)
    xbl.stats.define("kills", type="Integer", access="restricted")
    xbl.stats.title("5", scid=OTHER)
    xbl.stats.title(TITLE, scid=OTHER)
    xbl.stats.values = "strings"
    xbl.stats.sandbox = "XDKS.1"
    assert copy.statistics[SCID, stacy.xuid] == {"kills": KILLS, "deaths": DEATHS}
    assert copy.statistics[OTHER, stacy.xuid] == {"wins": WINS}
    assert copy.definitions == {SCID: {}, OTHER: {}}
    assert copy.titles == {TITLE: SCID, OTHER_TITLE: OTHER}
    assert (copy.values, copy.sandbox) == ("numbers", "RETAIL")


def test_what_changes_in_a_copy_does_not_change_its_original(xbl: XboxLive, stacy: User) -> None:
    """The other way round, too."""
    original = xbl._world._state
    xbl._world._state = original.copy()
    xbl.stats.set(stacy, {"kills": 8})
    xbl.stats.define("deaths", access="restricted")
    xbl.stats.title("5")
    assert original.statistics[SCID, stacy.xuid]["kills"] == KILLS
    assert original.definitions[SCID] == {}
    assert original.titles == {TITLE: SCID, OTHER_TITLE: OTHER}
