"""The versions of a session, with coloured differences."""

from __future__ import annotations

import pytest

from bodies import ACTIVE, LEAVE, ONE, properties
from elements import Element, parsed
from page_reading import read
from pytest_xbl import User, XboxLive
from pytest_xbl.compare.differences import ABSENT, Difference
from pytest_xbl.pages.links import Links
from pytest_xbl.pages.versions import differences, versions_table


@pytest.fixture
def stacy(xbl: XboxLive) -> User:
    """The first player."""
    return xbl.user("Stacy")


def rows(xbl: XboxLive, *, first: int = 0, links: Links | None = None) -> list[Element]:
    """The rows of the only session."""
    found = read(xbl, links)
    [ref] = found.histories
    return parsed(versions_table(ref, found, first=first)).one("tbody").all("tr")


def test_a_row_is_a_version(xbl: XboxLive, stacy: User) -> None:
    """Number, time, caller, operation and request, effects and differences (SEEN-8)."""
    xbl.sessions.create("lobby", name="one", members=[stacy])
    xbl.clock.advance(seconds=1)
    xbl.client(xbl.user("Ana")).put(ONE, json=ACTIVE)
    found = read(xbl)
    table = parsed(versions_table(xbl.sessions["one"].ref, found)).one("table")
    assert table.one("caption").text == "Versions of lobby/one, each with its differences from the one before"
    assert [head.text for head in table.one("thead").all("th")] == ["#", "time", "by", "what changed"]
    cells = [[cell.text for cell in row.children if isinstance(cell, Element)] for row in rows(xbl)]
    assert cells == [
        ["#1", "12:00:00", "the test create", "session created, Stacy joined"],
        [
            *("#2", "12:00:01", "Ana put-session, request #1"),
            (
                "Ana joined, Ana became active +added /members/1 (Ana): a member (active) 4 derived places"
                " ~changed /membersInfo/next: 1 → 2 ~changed /membersInfo/count: 1 → 2"
                " ~changed /membersInfo/accepted: 1 → 2 ~changed /membersInfo/active: 1 → 2"
            ),
        ],
    ]
    assert [row.attributes["id"] for row in rows(xbl)] == ["session-1-version-0", "session-1-version-1"]
    assert rows(xbl)[1].one("a").attributes["href"] == "#request-1"
    assert [row.one("th").attributes["scope"] for row in rows(xbl)] == ["row", "row"]


def test_derived_places_are_folded(xbl: XboxLive, stacy: User) -> None:
    """Of five lines about a player who joins, four follow from the first (SEEN-2)."""
    xbl.sessions.create("lobby", name="one", members=[stacy])
    xbl.client(xbl.user("Ana")).put(ONE, json=ACTIVE)
    [details] = rows(xbl)[1].all("details")
    assert "open" not in details.attributes
    assert details.one("summary").text == "4 derived places"
    assert len(details.all(class_="change")) == 4
    assert len(rows(xbl)[1].all(class_="change")) == 5


def test_a_session_that_ends_says_so(xbl: XboxLive, stacy: User) -> None:
    """By its number; a timeout has no caller (TIME-3)."""
    xbl.client(stacy).put(ONE, json=ACTIVE)
    xbl.client(stacy).put(ONE, json=LEAVE)
    xbl.client(stacy).put(ONE, json=ACTIVE)
    assert [row.one("th").text for row in rows(xbl)] == ["#1", "deleted", "#1"]
    assert [row.all(class_="change") for row in rows(xbl)] == [[], [], []]
    xbl.set_presence(stacy, present=False)
    xbl.client(stacy).get(ONE)
    assert rows(xbl)[-1].one(class_="by").text == "timers, request #4"


def test_a_version_may_show_no_difference(xbl: XboxLive, stacy: User) -> None:
    """Making an activity is a write that changes no field (HAND-20)."""
    session = xbl.sessions.create("lobby", name="one", members=[stacy])
    body = {"type": "activity", "version": 1, "sessionRef": session.ref.as_json()}
    xbl.client(stacy).post("/handles", json=body)
    assert [it.text for it in rows(xbl)[1].all("p")] == [
        *("Stacy", "post-handle, request #1"),
        *("Stacy made it their activity", "The document is as before."),
    ]


def test_the_first_versions_may_be_left_out(xbl: XboxLive, stacy: User) -> None:
    """Differences are from the one before all the same (SEEN-8)."""
    xbl.client(stacy).put(ONE, json=ACTIVE)
    for name in ("canyon", "harbour"):
        xbl.client(stacy).put(ONE, json=properties({"map": name}))
    [row] = rows(xbl, first=2)
    assert row.one(class_="change").text == '~changed /properties/custom/map: "canyon" → "harbour"'


def test_versions_without_places_have_no_ids(xbl: XboxLive, stacy: User) -> None:
    """Nothing leads to them (SEEN-8)."""
    xbl.client(stacy).put(ONE, json=ACTIVE)
    assert "id" not in rows(xbl, links=Links())[0].attributes


@pytest.mark.parametrize(
    ("was", "is_", "kind", "text"),
    [
        (ABSENT, "<b>", "added", '+added /a: "<b>"'),
        (1, ABSENT, "removed", "-removed /a: 1"),
        (1, [2], "changed", "~changed /a: 1 → [2]"),
    ],
)
def test_a_difference_has_a_sign_a_color_and_a_word(was: object, is_: object, kind: str, text: str) -> None:
    """The word is for a screen reader, and the sign for those who see no color (SEEN-8)."""
    line = parsed(differences([Difference("/a", "", was, is_, ("a",))])).one("p")
    assert (line.classes, line.text) == (["change", kind], text)
    assert line.one(class_="sign").attributes["aria-hidden"] == "true"
    assert line.one(class_="spoken").text == kind


def test_a_member_is_shown_by_status() -> None:
    """And not as a whole (SEEN-2)."""
    member = {"constants": {"system": {"xuid": "25"}}, "properties": {"system": {"ready": True}}}
    line = differences([Difference("/members/0 (Ana)", "membersList", member, ABSENT, ("members", "25"))])
    assert parsed(line).text == "-removed /members/0 (Ana): a member (ready)"


def test_one_derived_place_is_singular() -> None:
    """And alone, a derived place is shown like any other (SEEN-2)."""
    timer, name = Difference("/nextTimer", "", 1, 2, ("nextTimer",)), Difference("/a", "", 1, 2, ("a",))
    assert parsed(differences([timer, name])).one("summary").text == "1 derived place"
    assert not parsed(differences([timer])).all("details")
    assert parsed(differences([])).text == "The document is as before."
