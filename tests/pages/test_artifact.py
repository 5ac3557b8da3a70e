"""The page of a failed test as a whole."""

from __future__ import annotations

import json
from functools import partial
from itertools import pairwise

import pytest

from bodies import ACTIVE, LEAVE, ONE, score, session_path, subscribing
from elements import Element, parsed
from pytest_xbl import User, XboxLive
from pytest_xbl.pages import artifact as module
from pytest_xbl.pages.artifact import artifact, evidence
from pytest_xbl.pages.bodies import Bodies
from pytest_xbl.pages.failure import Failure

FAILURE = Failure("call", "assert 1 == 2", "test_x.py:7", "whole")


@pytest.fixture
def stacy(xbl: XboxLive) -> User:
    """The first player."""
    return xbl.user("Stacy")


def page(xbl: XboxLive, *failures: Failure, since: int = 0, title: str = "") -> Element:
    """The page of a test whose requests began after some."""
    found = evidence(xbl, xbl.journal[since:], xbl._world.known())
    seed = json.dumps(xbl.dump())
    return parsed(artifact(found, failures or [FAILURE], test_id="test_x.py::test_<it>", seed=seed, title=title))


def part(tree: Element, name: str) -> Element:
    """A part of a page."""
    return tree.one("section", id=name)


def test_a_page_has_its_parts_in_order(xbl: XboxLive, stacy: User) -> None:
    """Why it failed, what was refused, who asked for what, how sessions came to be, and how to go on (SEEN-8)."""
    xbl.client(stacy).put(ONE, json=ACTIVE)
    xbl.client(stacy).get(f"{ONE}/members/x")
    tree = page(xbl)
    assert tree.one("title").text == "test_x.py::test_<it> failed"
    assert tree.one("h1").text == "test_x.py::test_<it>"
    assert tree.one("header").one(class_="facts").text == (
        "2 requests, 1 refused. The clock of the world shows 2026-01-01 12:00:00."
    )
    assert [it.text for it in tree.all("h2")] == [
        "Why the test failed",
        "Refused, by which rule",
        "Requests, with a lane for each caller",
        "Sessions, and how they came to be",
        "How to go on",
    ]
    landmarks = [it.name for it in tree.one("body").children if isinstance(it, Element)]
    assert landmarks == ["header", "nav", "main", "script"]
    assert part(tree, "failure").one(class_="failure").text == "assert 1 == 2"
    assert [it.text for it in part(tree, "sessions").all("h3")] == ["lobby/one"]


def test_headings_skip_no_level(xbl: XboxLive, stacy: User) -> None:
    """So that a screen reader can lead through them (SEEN-8)."""
    xbl.faults.fail("put-session", 503)
    for body in (ACTIVE, ACTIVE, {"a": 1}):
        xbl.client(stacy).put(ONE, json=body)
    levels = [int(it.name[1]) for it in page(xbl).all() if it.name in ("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


def test_every_link_within_the_page_leads_somewhere(xbl: XboxLive, stacy: User) -> None:
    """And no two things have one id (SEEN-8)."""
    for body in (ACTIVE, score(1), score(1), {"a": 1}, LEAVE):
        xbl.client(stacy).put(ONE, json=body)
    xbl.client(stacy).put(session_path("two"), json=ACTIVE)
    message = f"{xbl.journal[3]}\n/a: expected 1, got 2; since #1 12:00:00 put-session by Stacy"
    tree = page(xbl, FAILURE._replace(message=message))
    ids = [it.attributes["id"] for it in tree.all() if "id" in it.attributes]
    assert len(ids) == len(set(ids))
    targets = {it.attributes["href"] for it in tree.all("a")}
    assert {target.removeprefix("#") for target in targets if target.startswith("#")} <= set(ids)
    assert {target for target in targets if not target.startswith(("#", "data:"))} == set()
    assert {"#request-4", "#rule-call-6", "#session-1-version-0", "#session-2-version-0"} <= targets


def test_a_world_in_which_nothing_happened_says_so(xbl: XboxLive) -> None:
    """Nobody, no request and no session (SEEN-8)."""
    tree = page(xbl)
    assert tree.one("header").one(class_="facts").text.startswith("0 requests, 0 refused.")
    assert part(tree, "refused").one("p").text == "No request was refused."
    assert part(tree, "requests").one("p").text == "The test sent none."
    assert part(tree, "sessions").one("p").text == "There are none."
    assert not tree.all("table")


def test_each_phase_that_failed_is_shown(xbl: XboxLive) -> None:
    """A call and a teardown can both fail (SEEN-8)."""
    tree = page(xbl, FAILURE, Failure("teardown", "assert 3 == 4", "conftest.py:1", "whole"))
    assert [it.text for it in part(tree, "failure").all(class_="failure")] == ["assert 1 == 2", "assert 3 == 4"]
    assert [it.text for it in part(tree, "failure").all(class_="quiet")] == [
        "In the call of the test, at test_x.py:7.",
        "In the teardown of the test, at conftest.py:1.",
    ]


@pytest.mark.parametrize(("title", "kicker"), [("", "A failed test"), ("world 2", "A failed test, world 2")])
def test_a_page_names_its_world(xbl: XboxLive, title: str, kicker: str) -> None:
    """If it is not that of the fixture `xbl` (SEEN-12)."""
    assert page(xbl, title=title).one(class_="kicker").text == kicker


def test_a_page_shows_the_requests_of_its_test(xbl: XboxLive, stacy: User) -> None:
    """In a world that others have used before, versions of theirs have no row between them (SEEN-12)."""
    xbl.client(stacy).put(ONE, json=ACTIVE)
    xbl.client(stacy).put(ONE, json=score(1))
    tree = page(xbl, since=1)
    assert [row.one("th").text for row in part(tree, "requests").one("tbody").all("tr")] == ["#2"]
    versions = part(tree, "sessions").one(class_="versions")
    assert [it.text for it in versions.all(class_="by")] == [
        "Stacy put-session, request #1",
        "Stacy put-session, request #2",
    ]
    assert [it.attributes["href"] for it in versions.all("a")] == ["#request-2"]


def test_faults_of_the_test_stand_before_the_requests(xbl: XboxLive, stacy: User) -> None:
    """Those that did not happen, too (FAULT-6)."""
    xbl.faults.fail("put-session", 503, optional=True)
    requests = part(page(xbl), "requests")
    assert requests.one("h3").text == "Faults that the test armed"
    [fault] = requests.all("li")
    assert fault.text.startswith("put-session: fail with 503, 0 of 1 times (armed at test_artifact.py:")


def test_the_document_of_each_session_is_folded(xbl: XboxLive, stacy: User) -> None:
    """It is that of the last version; a session that is over has none (SEEN-8)."""
    session = xbl.sessions.create("lobby", name="one", members=[stacy])
    xbl.client(stacy).put(session_path("two"), json=ACTIVE)
    xbl.client(stacy).put(session_path("two"), json=LEAVE)
    sessions = part(page(xbl), "sessions")
    [document, people] = [it for it in sessions.children if isinstance(it, Element) and it.name == "details"]
    assert document.one("summary").text == "The document of #1"
    assert json.loads(document.one("pre").raw) == session.document
    assert people.one("summary").text == "People"


def test_people_are_listed(xbl: XboxLive, stacy: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """By name and xuid: documents have only the latter (SEEN-8)."""
    ana = xbl.user("Ana")
    people = part(page(xbl), "sessions").one("details")
    assert [row.text for row in people.one("tbody").all("tr")] == [f"{user.name} {user.xuid}" for user in (stacy, ana)]
    monkeypatch.setattr(module, "MOST_PEOPLE", 1)
    people = part(page(xbl), "sessions").one("details")
    assert people.one(class_="quiet").text == "1 more left out; world.json has them."
    assert len(people.one("tbody").all("tr")) == 1


def test_messages_and_taps_are_there(xbl: XboxLive, stacy: User) -> None:
    """Once somebody is connected (TAP-2)."""
    xbl.client(stacy).put(ONE, json=subscribing(stacy.connection, "everything"))
    xbl.client(xbl.user("Ana")).put(ONE, json=ACTIVE)
    assert part(page(xbl), "requests").one(class_="tapped").text == "Stacy tapped (membersList)"


def test_a_page_has_bounds(xbl: XboxLive, stacy: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says how much it leaves out, and where that is (SEEN-8)."""
    for name in ("artifact.MOST_REQUESTS", "artifact.MOST_SESSIONS", "changes.MOST_VERSIONS"):
        monkeypatch.setattr(f"pytest_xbl.pages.{name}", 2)
    for number in range(3):
        xbl.client(stacy).put(session_path(f"s{number}"), json=ACTIVE)
        xbl.client(stacy).put(session_path("s0"), json=score(number))
    tree = page(xbl)
    requests, sessions = part(tree, "requests"), part(tree, "sessions")
    [note] = [it.text for it in requests.children if isinstance(it, Element) and it.classes == ["quiet"]]
    assert note == "4 earlier requests left out; requests.har beside this page has them."
    assert [row.attributes["id"] for row in requests.one("tbody").all("tr")] == ["request-5", "request-6"]
    assert [it.text for it in sessions.all("h3")] == ["lobby/s0", "lobby/s1"]
    notes = [it.text for it in sessions.children if isinstance(it, Element) and it.classes == ["quiet"]]
    assert notes == ["2 earlier versions left out.", "1 other session left out; world.json has them."]
    assert [row.one("th").text for row in sessions.all(class_="versions")[0].one("tbody").all("tr")] == ["#3", "#4"]


def test_a_page_says_what_was_let_go() -> None:
    """Of the requests of the test, and of the versions of a session (SEEN-8, SEEN-18)."""
    xbl = XboxLive(keep=2)
    client = xbl.client(xbl.user("Stacy"))
    for body in (ACTIVE, score(1), score(2), score(3)):
        client.put(ONE, json=body)
    found = evidence(xbl, xbl.journal, xbl._world.known(), gap="2 earlier requests were let go")
    tree = parsed(artifact(found, [FAILURE], test_id="test_it", seed="{}"))
    notes = [next(it.text for it in part(tree, id_).all(class_="quiet")) for id_ in ("requests", "sessions")]
    assert notes == ["2 earlier requests were let go.", "2 earlier versions were let go (xbl_keep is 2)."]


def test_the_bodies_of_refused_requests_come_before_others(
    xbl: XboxLive, stacy: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If there is no room for all; the document of a session comes first, and the oldest bodies last (SEEN-8)."""
    for letter in "abc":
        xbl.client(stacy).put(ONE, data=f'{{"properties": {{"custom": {{"{letter * 300}": 1}}}}}}')
    xbl.client(stacy).put(ONE, data=f'{{"{"x" * 300}": 1}}')
    xbl.client(stacy).get("/x")
    texts = [(entry.data.decode(), entry.answered) for entry in xbl.journal]
    kept = [texts[2][1], *texts[3], texts[4][1], texts[2][0]]
    monkeypatch.setattr(module, "Bodies", partial(Bodies, most=sum(map(len, kept))))
    requests = part(page(xbl), "requests")
    shown = [block.attributes["id"] for block in requests.all("pre") if "id" in block.attributes]
    assert shown == ["request-3-sent", "request-3-got", "request-4-sent", "request-4-got", "request-5-got"]


def test_what_users_write_is_escaped(xbl: XboxLive) -> None:
    """Names, bodies, paths, ids, texts: nothing of it becomes markup (SEEN-8)."""
    name = "<script>alert(1)</script>\"'&"
    evil = f"{name}\u202e\x00"
    user = xbl.user(name, gamertag=name)
    xbl.client(user).put(session_path("one"), json=ACTIVE)
    xbl.client(user).put(session_path("one"), json={"properties": {"custom": {evil: evil}}})
    xbl.client(user).put(f"/{evil}?{evil}", data=evil, headers={"If-Match": name})
    session = xbl.sessions["one"]
    found = evidence(xbl, xbl.journal, [session.ref])
    failed = Failure("call", evil, evil, evil * 2)
    html = artifact(found, [failed], test_id=evil, title=evil, seed=json.dumps(xbl.dump()))
    tree = parsed(html)
    assert len(tree.all("script")) == 1
    assert "alert(1)" not in tree.one("script").raw
    assert not {"\u202e", "\x00"} & set(html)
    assert tree.one("h1").raw == rf"{name}\u202e\x00"
