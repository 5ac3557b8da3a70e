"""The explorer as a whole: its addresses, its headers, and that looking changes nothing."""

from __future__ import annotations

import hashlib
from base64 import b64encode

import pytest

from bodies import SCID
from elements import Element, parsed
from errors import refusal_text
from exploring import URL, Visitor, lively, rows
from pytest_xbl import XboxLive
from worlds import state_of

ONE = f"sessions/{SCID}/lobby/one"
UGLY = "</title><script>alert(1)</script>'\"&"
"""A name that would break a page that does not escape it."""


# Addresses


@pytest.mark.parametrize("address", ["/debug", "/_xbl", "/_xbl/", "/_xbl/worlds", "/_xbl/worlds/"])
def test_all_ways_lead_to_the_only_world(visitor: Visitor, address: str) -> None:
    """Whoever looks for the pages finds the world that is there."""
    for _ in range(3):
        response = visitor.ask(address)
        if response.status_code != 302:
            break
        address = response.headers["Location"].removeprefix(URL)
    assert address == "/_xbl/worlds/lively/"
    assert parsed(response.text).one("h1").text == "lively"


def test_debug_of_the_session_directory_leads_to_the_server(visitor: Visitor) -> None:
    """A browser that comes by the real host goes on at the address of the server, which it can reach by itself."""
    response = visitor.client.get("/debug", headers={"Host": "sessiondirectory.xboxlive.com"})
    assert (response.status_code, response.headers["Location"]) == (302, f"{URL}/_xbl/")


def test_several_worlds_are_listed() -> None:
    """Each with its clock, and how much is in it."""
    other = XboxLive(name="other")
    other.app.title = "test_it.py::test_other"
    page = Visitor(lively(), other).open("/_xbl/")
    assert page.one("h1").text == "Worlds"
    assert rows(page, "worlds") == [
        ["lively", "2026-01-01 12:00:35", "1", "3", "10", "3"],
        ["test_it.py::test_other", "2026-01-01 12:00:00", "0", "0", "0", "0"],
    ]


def test_a_page_leads_back_to_the_list_of_worlds() -> None:
    """If there are others."""
    page = Visitor(lively(), XboxLive(name="other")).page()
    assert page.one("p", class_="kicker").one("a").attributes["href"] == "/_xbl/"
    assert page.one("p", class_="kicker").text == "All worlds"


def test_without_a_world_the_pages_say_so() -> None:
    """As between two tests."""
    page = Visitor().open("/_xbl/")
    assert page.one("main").one("p").text == "No world is served now: no test that uses the fake is running."


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("/_xbl/world", "There is no such page; the worlds are at /_xbl/."),
        ("/_xbl/worlds/x", "The world x is not served now: its test is over, or there never was one."),
        ("/_xbl/worlds/lively/sesions", 'There is no page "sesions" of this world. Did you mean sessions?'),
        ("/_xbl/worlds/lively/people/1/2", 'There is no page "people/1/2" of this world. Did you mean people?'),
        ("/_xbl/worlds/lively/people/1", "Nobody in this world has the xuid 1."),
        ("/_xbl/worlds/lively/services?name=Ana", 'No service of this world has the name "Ana".'),
        ("/_xbl/worlds/lively/journal/11", "There is no request 11; the journal has 10."),
        ("/_xbl/worlds/lively/journal/0", "There is no request 0; the journal has 10."),
        ("/_xbl/worlds/lively/rules/put8", 'No rule has the id "put8". Did you mean PUT-8?'),
        (f"/_xbl/worlds/lively/sessions/{SCID}/lobby/x", "There is no session lobby/x, and there never was."),
    ],
)
def test_a_page_that_there_is_not_says_so(visitor: Visitor, address: str, text: str) -> None:
    """404, with the nearest name where there is one."""
    response = visitor.ask(address)
    assert response.status_code == 404
    assert parsed(response.text).one("main").one("p").text == text


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("sessions?pge=2", 'This page has no parameter "pge"; it has page. Did you mean "page"?'),
        ("?page=2", 'This page has no parameter "page"; it has none.'),
        ("people?page=2", "The list has the pages 1 to 1, and no page 2."),
        ("people?page=0", "The list has the pages 1 to 1, and no page 0."),
        ("people?page=-1", 'page is a number of 0 or more, not "-1".'),
        ("journal?show=refusd", 'show is all or refused or mistakes, not "refusd". Did you mean "refused"?'),
        (
            "journal?session=one",
            "session is named by its service configuration, template and name, with slashes between them.",
        ),
        ("handles?type=invit", None),
        (f"{ONE}?at=9", "This history has the versions 0 to 5, and no version 9."),
        (f"{ONE}?old=0&new=9", "This history has the versions 0 to 5, and no version 9."),
        (f"{ONE}?form=106", 'form is 107 or 105 or stored, not "106". Did you mean "107"?'),
    ],
)
def test_a_parameter_that_cannot_be_is_refused(visitor: Visitor, path: str, text: str | None) -> None:
    """400, and not another page than the one that was meant."""
    text = text or 'type is any or activity or invite or transfer or search, not "invit". Did you mean "invite"?'
    assert visitor.refused(path) == (400, text)


def test_the_world_is_there_as_a_seed(visitor: Visitor) -> None:
    """Another world can begin with it (SEED-7)."""
    response = visitor.ask(visitor.at("world.json"))
    assert response.mimetype == "application/json"
    assert XboxLive(seed=response.get_json()).sessions["one"].document["changeNumber"] == 7


# The guard


def test_a_page_is_guarded(visitor: Visitor) -> None:
    """By a foreign name, or for another site, there is no page, and not a word about a world (SEEN-15)."""
    response = visitor.client.get(visitor.at(""), headers={"Host": "evil.example"})
    assert response.status_code == 421
    response = visitor.ask(visitor.at(""), Sec_Fetch_Site="cross-site")
    what = "A page of another site asked for this one; to open it yourself, paste its address into the browser."
    assert (response.status_code, response.text) == (403, refusal_text(what, "Sec-Fetch-Site", "SEEN-15"))
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("path", ["", "sessions", "journal/1", "search"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_a_page_can_only_be_read(visitor: Visitor, method: str, path: str) -> None:
    """405: but for the clock, there is nothing to send (SEEN-14)."""
    response = visitor.ask(visitor.at(path), method)
    assert response.status_code == 405


def test_a_browser_keeps_a_page_to_itself(visitor: Visitor) -> None:
    """No other site can frame, read or store it, and it runs only its own script."""
    response = visitor.ask(visitor.at(""))
    page = parsed(response.text)
    [style], [script] = page.all("style"), page.all("script")
    assert dict(response.headers) == {
        "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Content-Security-Policy": (
            f"default-src 'none'; style-src '{hash_of(style)}'; script-src '{hash_of(script)}'; img-src data:; "
            "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        ),
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(response.data)),
    }


def hash_of(part: Element) -> str:
    """The hash by which a policy allows a style or a script."""
    digest = hashlib.sha256(part.raw.encode()).digest()
    return f"sha256-{b64encode(digest).decode()}"


def test_the_head_of_a_page_is_there_alone(visitor: Visitor) -> None:
    """HEAD gives the headers of GET, without a body."""
    head, page = visitor.ask(visitor.at("people"), "HEAD"), visitor.ask(visitor.at("people"))
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers == page.headers


# Looking


def test_looking_changes_nothing(visitor: Visitor) -> None:
    """No page settles a timer, and none is in the journal, though much is due (SEEN-14)."""
    world = visitor.world
    assert world
    before, requests = state_of(world), [*world.journal]
    pages = [*visitor.everything()]
    assert len(pages) > 60
    assert (state_of(world), [*world.journal], world.app.strangers, world.app.crashes) == (before, requests, 0, [])


def test_every_page_is_well_formed(visitor: Visitor) -> None:
    """Each has one first heading, no id twice, a name for each field, and a script of its own only."""
    for address, html in visitor.everything():
        page = parsed(html)
        ids = [it.attributes["id"] for it in page.all() if "id" in it.attributes]
        assert len(ids) == len(set(ids)), address
        assert len(page.all("h1")) == len(page.all("main")) == len(page.all("script")) == 1, address
        labelled = {it.attributes["id"] for label in page.all("label") for it in label.all() if "id" in it.attributes}
        for field in [*page.all("input"), *page.all("select")]:
            is_hidden = field.attributes.get("type") == "hidden"
            assert is_hidden or "aria-label" in field.attributes or field.attributes["id"] in labelled, address


def test_what_users_write_is_escaped() -> None:
    """No name, header or body becomes markup, wherever it is shown."""
    xbl = XboxLive(name="ugly")
    xbl.app.title = UGLY
    stacy = xbl.user(UGLY, gamertag=UGLY)
    xbl.service(f"{UGLY} too")
    name = UGLY.replace("/", "")
    xbl.stats.set(stacy, {name: UGLY})
    lobby = xbl.sessions.create("lobby", name=name, members=[stacy], properties={"custom": {UGLY: UGLY}})
    lobby.invite(xbl.user("Ana"), attributes={"context": UGLY})
    xbl.client(stacy).put(lobby.ref.path, json={"properties": {"custom": {UGLY: [UGLY]}}}, headers={"If-Match": UGLY})
    xbl.client(stacy).put(lobby.ref.path, json={UGLY: 1})
    xbl.client(stacy).get(f"/{name}?{name}")
    visitor = Visitor(xbl)
    shown = 0
    for address, html in visitor.everything():
        page = parsed(html)
        assert len(page.all("script")) == 1, address
        assert "alert(1)" not in page.one("script").raw, address
        assert not [it for it in page.all() if any(attribute.startswith("on") for attribute in it.attributes)], address
        shown += name in page.one("body").raw
    assert shown > 20
    page = parsed(visitor.ask(visitor.at("search?q=%3Cscript%3E%22'x")).text)
    assert page.one("main").one("p").text == "Nothing here is named like <script>\"'x."


def test_a_chosen_token_is_on_no_page() -> None:
    """It may be a real one: its last four characters are shown, and nothing of a short one."""
    xbl = XboxLive(name="secret")
    stacy = xbl.user("Stacy", token="real-token-of-someone", userhash="real-hash")
    xbl.user("Ana", token="short", userhash="1")
    path = f"/serviceconfigs/{xbl.scid}/sessiontemplates/lobby/sessions/one"
    custom = {"mine": "real-token-of-someone"}
    xbl.client(stacy).put(path, json={"properties": {"custom": custom}, "members": {"me": {}}})
    visitor = Visitor(xbl)
    pages = dict(visitor.everything())
    assert not [address for address, html in pages.items() if "real-token" in html or "real-hash" in html]
    told = "which the test has chosen, so that it is not shown whole"
    assert f"...eone {told}" in parsed(pages[visitor.at(f"people/{stacy.xuid}")]).one("main").text
    assert f"... {told}" in visitor.page("people/2533274790000002").one("main").text
    assert "real" not in visitor.ask(visitor.at("world.json")).text


def test_a_bug_in_a_page_fails_no_test(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is answered with 500, in a browser where it can be seen."""
    monkeypatch.setattr("pytest_xbl.pages.explorer.page_at", lambda *_: 1 / 0)
    response = visitor.ask(visitor.at(""))
    assert (response.status_code, response.content_type) == (500, "text/plain; charset=utf-8")
    assert response.text == "The page failed, which is a bug in the fake: ZeroDivisionError('division by zero')\n"
    assert visitor.world
    assert visitor.world.app.crashes == []


def test_a_page_that_is_over_says_so(visitor: Visitor) -> None:
    """When its test ends, its world is gone."""
    assert visitor.world
    visitor.board.disconnect(visitor.world.app)
    response = visitor.ask(visitor.at("people"))
    assert response.status_code == 404
    assert visitor.ask("/_xbl/").status_code == 200
