"""The pages about sessions: the list, one session, its history, and what an access now would find."""

from __future__ import annotations

import json

import pytest

from bodies import ACTIVE, SCID
from elements import Element
from exploring import Visitor, facts, links, rows
from people import person
from pytest_xbl import XboxLive

ONE = f"sessions/{SCID}/lobby/one"
PATH = f"/serviceconfigs/{SCID}/sessionTemplates/lobby/sessions/one"


def section(page: Element, id_: str) -> Element:
    """A part of a page."""
    return page.one("section", id=id_)


def changes(part: Element) -> list[str]:
    """The lines about differences in a part of a page, with the words for a screen reader."""
    return [line.text for line in part.all("p", class_="change")]


# The list


def test_the_list_shows_what_is_stored(visitor: Visitor) -> None:
    """Bob's place is over, and still there: nobody has asked for the session since (TIME-1)."""
    assert rows(visitor.page("sessions"), "sessions") == [
        [
            "one lobby",
            "#6",
            "3 of 8 Stacy active Ana inactive Bob reserved",
            "visibility open",
            "due",
            "Ana became inactive 12:00:20 put-session by Ana",
        ]
    ]


def test_a_session_that_is_gone_is_in_the_list() -> None:
    """With what ended it."""
    xbl = XboxLive(name="world")
    client = xbl.client(xbl.user("Stacy"))
    client.put(PATH, json=ACTIVE)
    client.delete(f"{PATH}/members/me")
    visitor = Visitor(xbl)
    gone = ["one lobby", "", "gone", "Stacy left, session deleted 12:00:00 delete-me by Stacy"]
    assert rows(visitor.page("sessions"), "sessions") == [gone]
    page = visitor.page(ONE)
    assert page.one("main").all("p", class_="quiet")[0].text == "It is gone."
    assert facts(page) == {"Service configuration": SCID, "Requests": "in the journal"}
    assert [row[0] for row in rows(page, "versions")] == ["#1", "deleted"]


def test_a_row_says_what_is_unusual() -> None:
    """Who can see, read and join a session, how far its initialization is, and where it comes from."""
    xbl = XboxLive(name="world")
    other = "5c1d0000-0000-4000-8000-00000000000f"
    xbl.templates.add("mine", {}, scid=other)
    system = {"closed": True, "joinRestriction": "followed", "readRestriction": "followed"}
    stacy = xbl.user("Stacy")
    xbl.sessions.create("mine", name="two", scid=other, members=[stacy], properties={"system": system})
    members = [f"P{number}" for number in range(10)]
    xbl.users(*members)
    slow: dict[str, object] = {"joinTimeout": 10000, "membersNeededToStart": 99}
    limits = {"system": {"maxMembersCount": None, "memberInitialization": slow}}
    begun = {name: {"status": "active", "initializationEpisode": 1} for name in members}
    begun["P9"]["status"] = "reserved"
    xbl.sessions.create("mine", name="three", scid=other, members=begun, constants=limits, initializing="joining")
    names = " ".join(f"{name} active" for name in members[:8])
    assert [row[:5] for row in rows(Visitor(xbl).page("sessions"), "sessions")] == [
        [
            f"two mine {other}",
            "#1",
            "1 of 100 Stacy active",
            "closed, visibility open, join followed, read followed",
            "",
        ],
        [
            f"three mine {other}",
            "#1",
            f"10 {names} and 2 more",
            "visibility open, episode 1 joining",
            "in 10 s 12:00:10",
        ],
    ]


def test_a_long_list_has_pages() -> None:
    """In the order in which the sessions were first made."""
    xbl = XboxLive(name="world")
    stacy = xbl.user("Stacy")
    for number in range(120):
        xbl.sessions.create("lobby", name=f"s{number}", members=[stacy])
    visitor = Visitor(xbl)
    page = visitor.page("sessions?page=2")
    assert [row[0] for row in rows(page, "sessions")] == [f"s{number} lobby" for number in range(50, 100)]
    pager = page.one("nav", class_="pager")
    assert pager.one("span").text == "51 to 100 of 120"
    assert links(pager) == {str(number): visitor.at(f"sessions?page={number}") for number in (1, 2, 3)}


def test_an_empty_list_says_so() -> None:
    """There may be none."""
    assert Visitor(XboxLive()).page("sessions").one("main").one("p").text == "There is no session yet."


# One session


def test_the_facts_of_a_session(visitor: Visitor) -> None:
    """In few words, and with a way to its requests."""
    page = visitor.page(ONE)
    told = facts(page)
    assert page.one("main").all("h2")[0].text == "lobby/one"
    assert told.pop("Version").startswith('#6 "')
    assert told.pop("Constants").startswith('{"reservedRemovalTimeout": 30000, "inactiveRemovalTimeout": 120000')
    assert told.pop("Branch")
    assert told == {
        "State": "visibility open",
        "Members": "3 of 8",
        "Next timeout": "12:00:30, 5 s ago",
        "Made": "2026-01-01 12:00:00",
        "Custom properties": '{"map": "harbour"}',
        "Service configuration": SCID,
        "Requests": "in the journal",
    }
    there = visitor.open(links(page.one("main"))["in the journal"])
    assert [row[0] for row in rows(there, "requests")] == ["#1", "#2", "#3", "#4", "#5", "#6", "#7", "", "#10"]


def test_an_access_now_would_find(visitor: Visitor) -> None:
    """The effects and the differences of the access that nobody has made (TIME-1)."""
    found = section(visitor.page(ONE), "now")
    assert found.all("p")[0].text == "Bob gone: reservation timed out"
    assert changes(found)[0] == "-removed /members/2 (Bob): a member (reserved)"
    assert found.one("summary").text == "3 derived places"


def test_an_access_may_find_no_session_any_more() -> None:
    """It is over once the last member has gone (TIME-4)."""
    xbl = XboxLive(name="world")
    limits = {"system": {"reservedRemovalTimeout": 1000}}
    xbl.sessions.create("lobby", name="one", members={xbl.user("Stacy"): "reserved"}, constants=limits)
    xbl.clock.advance(seconds=1)
    found = section(Visitor(xbl).page(ONE), "now")
    assert [line.text for line in found.all("p")] == [
        "Stacy gone: reservation timed out, session deleted",
        "The session ends.",
    ]


def test_if_nothing_is_due_an_access_finds_what_is_stored() -> None:
    """Then the page says nothing of it."""
    xbl = XboxLive(name="world")
    xbl.sessions.create("lobby", name="one", members=[xbl.user("Stacy")])
    assert not Visitor(xbl).page(ONE).all("section", id="now")


def test_the_members_of_a_session(visitor: Visitor) -> None:
    """Each with their status, since when, and until when."""
    page = visitor.page(ONE)
    assert rows(page, "members") == [
        ["0", "Stacy 2533274790000001", "active", "12:00:00", "", ""],
        ["1", "Ana 2533274790000002", "inactive", "12:00:20 until 12:02:20, in 1 min 45 s", "", ""],
        ["2", "Bob 2533274790000003", "reserved", "12:00:00 until 12:00:30, 5 s ago", "", ""],
    ]
    assert links(section(page, "members"))["Ana"] == visitor.at("people/2533274790000002")


def test_what_a_member_has_is_shown() -> None:
    """Roles, a connection, the state of initialization, and their own properties and constants."""
    xbl = XboxLive(name="world")
    stacy, ana = xbl.users("Stacy", "Ana")
    roles = {"jobs": {"roles": {"driver": {"max": 1}}, "mutableRoleSettings": []}}
    said = {
        "initializationEpisode": 1,
        "roles": {"jobs": "driver"},
        "properties": {"system": {"connection": stacy.connection}, "custom": {"team": 2}},
        "constants": {"custom": {"level": 9}, "system": {}},
    }
    slow = {"memberInitialization": {"membersNeededToStart": 2}}
    xbl.templates.add("ranked", {"constants": {"system": slow}, "roleTypes": roles})
    waiting = {"status": "reserved", "initializationEpisode": 1}
    xbl.sessions.create("ranked", name="one", members={"Stacy": said, "Ana": waiting}, initializing="joining")
    shown = rows(Visitor(xbl).page(f"sessions/{SCID}/ranked/one"), "members")
    assert [row[2] for row in shown] == ["active episode 1, jobs: driver, connected", "reserved episode 1"]
    assert [row[4] for row in shown] == ['{"team": 2}', ""]
    constants = {"initialize": True, "custom": {"level": 9}}
    assert json.loads(shown[0][5]) == {"connection": stacy.connection, "constants": constants}
    assert ana.name == "Ana"


def test_a_member_who_failed_is_told() -> None:
    """With the reason (INIT-4)."""
    xbl = XboxLive(name="world")
    stacy = xbl.user("Stacy")
    limits: dict[str, dict[str, object]] = {"system": {"memberInitialization": {}}}
    failed = {stacy: {"initializationFailure": "latency"}}
    xbl.sessions.create("lobby", name="one", members=failed, constants=limits)
    assert rows(Visitor(xbl).page(ONE), "members")[0][2] == "active failed: latency"


def test_nobody_in_a_session_is_told() -> None:
    """Such as one that waits for its players."""
    xbl = XboxLive(name="world")
    xbl.templates.add("arena", {"constants": {"system": {"sessionEmptyTimeout": None}}})
    xbl.sessions.create("arena", name="one")
    page = Visitor(xbl).page(f"sessions/{SCID}/arena/one")
    assert section(page, "members").one("p").text == "Nobody is in it."
    assert facts(page)["Next timeout"] == "none to come"


@pytest.mark.parametrize(
    ("form", "title", "names"),
    [
        ("107", "The document, contract 107", {"contractVersion", "membersInfo"}),
        ("105", "The document, contract 105", {"contractVersion", "membersInfo"}),
        ("stored", "The document, as it is stored", {"nextIndex", "incarnation"}),
    ],
)
def test_the_document_is_shown_in_three_forms(visitor: Visitor, form: str, title: str, names: set[str]) -> None:
    """As clients of two contracts receive it, and as the fake keeps it."""
    shown = section(visitor.page(f"{ONE}?form={form}"), "document")
    assert "open" in shown.one("details").attributes
    assert shown.one("summary").text == title
    document = json.loads(shown.one("pre").raw)
    assert names <= set(document)
    assert form == "stored" or document["contractVersion"] == int(form)
    assert form != "stored" or document["members"]["Bob"]["since"] == "2026-01-01T12:00:00.0000000Z"
    assert [a.text for a in shown.all("a", aria_current="true")] == [title.removeprefix("The document, ")]


def test_the_document_is_folded_away_at_first(visitor: Visitor) -> None:
    """Other parts of the page say more at a glance."""
    shown = section(visitor.page(ONE), "document")
    assert "open" not in shown.one("details").attributes
    assert not shown.all("a", aria_current="true")


def test_a_session_of_thousands_shows_some_of_them() -> None:
    """Its page stays short: it shows the first members, no document by itself, and few versions (BIG-1)."""
    xbl = XboxLive(name="world")
    xbl.seed(
        {
            "users": {f"P{number}": {} for number in range(1500)},
            "sessions": {"one": {"template": "large", "members": {f"P{number}": {} for number in range(1500)}}},
        }
    )
    visitor, at = Visitor(xbl), f"sessions/{SCID}/large/one"
    xbl.client(person(xbl, "P7")).put(
        f"/serviceconfigs/{SCID}/sessionTemplates/large/sessions/one", json={"properties": {"custom": {"map": 1}}}
    )
    page = visitor.page(at)
    assert len(rows(page, "members")) == 100
    left = "1,400 more members are left out; a search by gamertag or xuid finds each."
    assert section(page, "members").one("p").text == left
    assert not section(page, "document").all("details")
    assert len(json.loads(section(visitor.page(f"{at}?form=107"), "document").one("pre").raw)["members"]) == 1500
    assert [row[0] for row in rows(page, "versions")] == ["#2"]
    assert [row[0] for row in rows(visitor.page(f"{at}?page=1"), "versions")] == ["#1"]


def test_the_handles_to_a_session(visitor: Visitor) -> None:
    """Its activities, invites, transfers and its search handle."""
    assert [row[0] for row in rows(visitor.page(ONE), "handles")] == ["activity", "invite"]


# The history


def test_each_version_leads_to_its_request(visitor: Visitor) -> None:
    """With who made it, and what changed."""
    page = visitor.page(ONE)
    assert [row[0:3] for row in rows(page, "versions")] == [
        ["#1", "12:00:00", "Stacy put-session, request #1"],
        ["#2", "12:00:00", "Ana put-session, request #2"],
        ["#3", "12:00:00", "Ana put-session, request #3"],
        ["#4", "12:00:00", "Stacy put-session, request #4"],
        ["#5", "12:00:00", "Stacy post-handle, request #7"],
        ["#6", "12:00:20", "Ana put-session, request #10"],
    ]
    shown = section(page, "history")
    assert links(shown)["request #3"] == visitor.at("journal/3")
    assert '+added /properties/custom/map: "harbour"' in changes(shown)


def test_two_versions_can_be_chosen(visitor: Visitor) -> None:
    """The last two, unless others are."""
    form = section(visitor.page(ONE), "history").one("form")
    assert form.attributes["action"] == f"{visitor.at(ONE)}#compared"
    old, new = form.all("select")
    assert [option.text for option in old.all("option")][-2:] == [
        "#5 12:00:00 post-handle by Stacy",
        "#6 12:00:20 put-session by Ana",
    ]
    assert [[option.attributes["value"] for option in it.all("option", selected="")] for it in (old, new)] == [
        ["4"],
        ["5"],
    ]


def test_two_versions_are_compared(visitor: Visitor) -> None:
    """Any two of them, in either direction, with both documents."""
    page = visitor.page(f"{ONE}?old=4&new=0").one("div", id="compared")
    assert page.one("h3").text == "From #5 12:00:00 post-handle by Stacy to #1 12:00:00 put-session by Stacy"
    assert changes(page)[:3] == [
        '-removed /properties/custom/map: "harbour"',
        "-removed /members/1 (Ana): a member (active)",
        "-removed /members/2 (Bob): a member (reserved)",
    ]
    documents = {fold.one("summary").text: json.loads(fold.one("pre").raw) for fold in page.all("details")[-2:]}
    assert {name: document["changeNumber"] for name, document in documents.items()} == {
        "The document of #5 12:00:00 post-handle by Stacy": 5,
        "The document of #1 12:00:00 put-session by Stacy": 1,
    }


def test_a_version_compared_with_itself_is_the_same(visitor: Visitor) -> None:
    """One of the two may be left as it is."""
    page = visitor.page(f"{ONE}?old=5").one("div", id="compared")
    assert page.one("p").text == "They are one and the same."


def test_a_session_that_comes_again_is_compared_with_the_one_before() -> None:
    """A version in which there was no session has no document (TIME-9)."""
    xbl = XboxLive(name="world")
    client = xbl.client(xbl.user("Stacy"))
    for _ in range(2):
        client.put(PATH, json=ACTIVE)
        client.delete(f"{PATH}/members/me")
    visitor = Visitor(xbl)
    texts = [
        visitor.page(f"{ONE}?old={old}&new={new}").one("div", id="compared").all("p")[0].text
        for old, new in ((0, 1), (1, 2), (1, 3), (0, 2))
    ]
    assert texts == [
        "The session ends.",
        "The session begins.",
        "There is no session in either.",
        "The document is as before.",
    ]
    assert not visitor.page(f"{ONE}?old=1&new=3").one("div", id="compared").all("details")


def test_a_single_version_cannot_be_compared() -> None:
    """There is no form for it."""
    xbl = XboxLive(name="world")
    xbl.sessions.create("lobby", name="one", members=[xbl.user("Stacy")])
    assert not section(Visitor(xbl).page(ONE), "history").all("form")


def test_a_long_history_has_pages() -> None:
    """The last versions come first, and a link to a version leads to its page."""
    xbl = XboxLive(name="world")
    client = xbl.client(xbl.user("Stacy"))
    client.put(PATH, json=ACTIVE)
    for number in range(300):
        client.put(PATH, json={"properties": {"custom": {"round": number}}})
    visitor = Visitor(xbl)
    page = visitor.page(ONE)
    assert [row[0] for row in rows(page, "versions")] == [f"#{number}" for number in range(282, 302)]
    pager = section(page, "history").one("nav")
    assert links(pager)["1"] == f"{visitor.at(ONE)}?page=1#history"
    assert [row[0] for row in rows(visitor.page(f"{ONE}?page=1"), "versions")] == ["#1"]
    old, _ = section(visitor.page(f"{ONE}?old=3&new=4"), "history").all("select")
    assert [option.text for option in old.all("option")][:2] == [
        "#4 12:00:00 put-session by Stacy",
        "#102 12:00:00 put-session by Stacy",
    ]
    there = links(visitor.page("journal/40"))["lobby/one #40"]
    assert there == f"{visitor.at(ONE)}?at=39#version-39"
    assert visitor.open(there).one("tr", id="version-39").one("th").text == "#40"
