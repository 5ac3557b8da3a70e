"""The pages about people, handles and statistics."""

from __future__ import annotations

from bodies import SCID
from exploring import Visitor, facts, links, rows
from pytest_xbl import XboxLive
from pytest_xbl.pages.scene import Names

STACY, ANA, BOB = (f"253327479000000{number}" for number in (1, 2, 3))


def texts(visitor: Visitor, path: str) -> list[str]:
    """The texts of the paragraphs of a page."""
    return [line.text for line in visitor.page(path).one("main").all("p")]


# People


def test_the_list_of_people(visitor: Visitor) -> None:
    """Users, then services, with what tells them apart at a glance."""
    page = visitor.page("people")
    assert rows(page, "people") == [
        ["Stacy", f"Stacy {STACY}", "in the title", "lobby/one active", ""],
        ["Ana", f"Ana {ANA}", "in the title", "lobby/one inactive", "Stacy"],
        ["Bob", f"Bob {BOB}", "in the title", "lobby/one reserved", ""],
        ["matchmaker", "a service, acting for Stacy"],
    ]
    there = links(page.one("main"))
    assert there["Bob"] == visitor.at(f"people/{BOB}")
    assert there["matchmaker"] == visitor.at("services?name=matchmaker")
    assert there["lobby/one"] == visitor.at(f"sessions/{SCID}/lobby/one")


def test_a_row_shows_only_the_first_of_many() -> None:
    """Sessions and people, with the number of the others; a gamertag that is not there, and who is away."""
    xbl = XboxLive(name="world")
    stacy = xbl.user("Stacy", gamertag="", follows=[])
    for number in range(7):
        xbl.follow(stacy, xbl.user(f"P{number}"))
        xbl.sessions.create("lobby", name=f"s{number}", members=[stacy])
    xbl.set_presence(stacy, present=False)
    sessions = ", ".join(f"lobby/s{number} active" for number in range(5))
    shown = rows(Visitor(xbl).page("people"), "people")[0]
    followed = "P0, P1, P2, P3, P4, 2 more"
    assert shown == ["Stacy", f"no gamertag {STACY}", "away", f"{sessions}, 2 more", followed]


def test_nobody_is_told() -> None:
    """A new world has no people."""
    assert texts(Visitor(XboxLive()), "people") == ["There is nobody yet."]


def test_the_page_of_a_person(visitor: Visitor) -> None:
    """Who they are and whom they know; where they are, and what they have."""
    page = visitor.page(f"people/{ANA}")
    told = {
        "Gamertag": "Ana",
        "Xuid": ANA,
        "Presence": "in the title",
        "Follows": "Stacy favorite",
        "Title": "1719000001",
        "Device": "F000000000000002",
        "Sandbox": "RETAIL",
        "Requests": "in the journal",
        "To call as them": f"export XBL_TOKEN='XBL3.0 x={ANA};lively.{ANA}'",
    }
    assert facts(page) == told
    assert [row[0] for row in rows(page, "sessions")] == ["one lobby"]
    assert [row[1:4] for row in rows(page, "statistics")] == [["Kills", "7", "Integer"], ["Rate", "1.5", "Double"]]
    assert not page.all("table", class_="handles")
    assert links(page.one("main"))["in the journal"] == visitor.at("journal?caller=Ana")
    assert facts(visitor.page(f"people/{STACY}"))["Followed by"] == "Ana"
    assert [row[0] for row in rows(visitor.page(f"people/{BOB}"), "handles")] == ["invite"]


def test_a_person_who_blocks_and_is_connected() -> None:
    """The page tells whom they block, and the connections of real-time activity."""
    xbl = XboxLive(name="world")
    stacy, ana = xbl.users("Stacy", "Ana")
    xbl.block(stacy, ana)
    told = facts(Visitor(xbl).page(f"people/{STACY}"))
    assert (told["Blocks"], "Connected as" in told) == ("Ana", False)
    id_ = stacy.connection
    assert facts(Visitor(xbl).page(f"people/{STACY}"))["Connected as"] == id_


def test_a_person_with_hundreds_of_friends_shows_some() -> None:
    """Of sessions, handles and people, each a hundred."""
    xbl = XboxLive(name="world")
    stacy = xbl.user("Stacy")
    for number in range(102):
        xbl.follow(stacy, xbl.user(f"P{number}"))
        xbl.sessions.create("lobby", name=f"s{number}", members=[stacy]).invite(xbl.users(f"Q{number}")[0])
    page = Visitor(xbl).page(f"people/{STACY}")
    assert facts(page)["Follows"].endswith("P98, P99, 2 more")
    assert (len(rows(page, "sessions")), len(rows(page, "handles"))) == (100, 100)
    assert [line.text for line in page.one("main").all("p", class_="quiet")] == [
        "2 more sessions left out here.",
        "2 more handles left out here.",
    ]


def test_a_stranger_in_a_session_has_a_page() -> None:
    """A member whom the test does not know is a xuid."""
    xbl = XboxLive(name="world")
    limits = {"system": {"reservedRemovalTimeout": None}}
    client = xbl.client(xbl.user("Stacy"))
    reserved = {"members": {"reserve_0": {"constants": {"system": {"xuid": "77"}}}}, "constants": limits}
    client.put(f"/serviceconfigs/{SCID}/sessionTemplates/lobby/sessions/one", json=reserved)
    visitor = Visitor(xbl)
    page = visitor.page("people/77")
    assert page.one("main").all("h2")[0].text == "77"
    assert page.one("main").one("p").text == "A stranger with the xuid 77: no user of this world."
    assert [row[0] for row in rows(page, "sessions")] == ["one lobby"]


def test_a_person_in_no_session_is_told() -> None:
    """There is a page for every user."""
    xbl = XboxLive(name="world")
    xbl.user("Stacy")
    assert texts(Visitor(xbl), f"people/{STACY}") == ["They are in none."]


def test_the_page_of_a_service(visitor: Visitor) -> None:
    """For whom it acts, and how to call as it does."""
    assert facts(visitor.page("services?name=matchmaker")) == {
        "Kind": "a service",
        "Acts for": "Stacy",
        "Requests": "in the journal",
        "To call as them": "export XBL_TOKEN='XBL3.0 x=service-1;lively.service-1'",
    }


def test_names_are_looked_up_one_by_one() -> None:
    """A page of a world of thousands needs the names of a few."""
    xbl = XboxLive(name="world")
    xbl.users("Stacy", "Ana")
    names = Names(xbl._world)
    assert (dict(names), len(names), names.get("77", "nobody")) == ({STACY: "Stacy", ANA: "Ana"}, 2, "nobody")


# Handles


def test_the_list_of_handles(visitor: Visitor) -> None:
    """With the people and the sessions that they connect, and whether an access finds them."""
    page = visitor.page("handles")
    until = "2026-01-02 12:00:00, in 23 h 59 min 25 s"
    ids = [row[1] for row in rows(page, "handles")]
    assert rows(page, "handles") == [
        ["activity", ids[0], "Stacy", "", "lobby/one", "12:00:00", "yes"],
        [
            "invite",
            ids[1],
            "Stacy",
            "Bob",
            "lobby/one",
            "12:00:00",
            f"yes, until {until}",
        ],
    ]
    assert page.one("tr", id=ids[0]).one("th").text == "activity"
    assert page.one("p", class_="ways").text == "any 2 · activity 1 · invite 1 · transfer 0 · search 0"
    assert [row[0] for row in rows(visitor.page("handles?type=invite"), "handles")] == ["invite"]
    assert texts(visitor, "handles?type=search")[1:] == ["There is none."]


def test_a_handle_that_no_access_finds_is_shown() -> None:
    """It is kept until somebody looks (HAND-9)."""
    xbl = XboxLive(name="world")
    stacy = xbl.user("Stacy")
    limits = {"system": {"inactiveRemovalTimeout": 60000}}
    xbl.sessions.create("lobby", name="one", members=[stacy], constants=limits)
    xbl.handles.create("activity", xbl.sessions["one"], owner=stacy)
    xbl.set_presence(stacy, present=False)
    assert rows(Visitor(xbl).page("handles"), "handles")[0][-1] == "no longer"


def test_what_a_handle_says_is_shown() -> None:
    """The attributes that a search finds, and the origin of a transfer."""
    xbl = XboxLive(name="world")
    stacy = xbl.user("Stacy")
    here = xbl.sessions.create("lobby", name="one", members=[stacy])
    there = xbl.sessions.create("game", name="two", members=[stacy])
    xbl.handles.create("transfer", there, owner=stacy, origin=here)
    browse = xbl.sessions.create("browse", name="three", members=[stacy])
    xbl.handles.create("search", browse, owner=stacy, attributes={"tags": ["duel"]})
    shown = rows(Visitor(xbl).page("handles"), "handles")
    assert shown[0][4] == "game/two from lobby/one"
    assert shown[1][1].endswith(' {"tags": ["duel"]}')


# Statistics


def test_the_list_of_statistics(visitor: Visitor) -> None:
    """Of each user, with type and metadata."""
    assert rows(visitor.page("statistics"), "statistics") == [
        ["Ana", "Kills", "7", "Integer", ""],
        ["Ana", "Rate", "1.5", "Double", ""],
    ]


def test_a_statistic_may_be_of_another_configuration() -> None:
    """Then its service configuration is shown; a time is written as clients receive it."""
    xbl = XboxLive(name="world")
    other = "5c1d0000-0000-4000-8000-00000000000f"
    xbl.stats.set(xbl.user("Stacy"), {"Since": xbl.clock.now}, scid=other, metadata={"Since": {"a": 1}})
    shown = rows(Visitor(xbl).page("statistics"), "statistics")
    assert shown == [["Stacy", f"Since {other}", "2026-01-01T12:00:00.0000000Z", "DateTime", '{"a": 1}']]


def test_without_statistics_the_list_says_so() -> None:
    """A new world has none."""
    assert texts(Visitor(XboxLive()), "statistics") == ["Nobody has reached any."]
