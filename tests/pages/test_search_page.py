"""The search: it leads to what a word names, or lists what it may mean."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from bodies import SCID
from exploring import Visitor, links, lively
from pytest_xbl import XboxLive

ANA = "2533274790000002"
ONE = f"sessions/{SCID}/lobby/one"


def found(visitor: Visitor, word: str) -> str:
    """The address that a search leads to."""
    response = visitor.ask(visitor.at(f"search?q={quote(word)}"))
    assert response.status_code == 302, response.text
    return response.headers["Location"].removeprefix(visitor.at(""))


@pytest.mark.parametrize(
    ("word", "page"),
    [
        ("one", ONE),
        (" ONE ", ONE),
        ("Ana", f"people/{ANA}"),
        ("aNA", f"people/{ANA}"),
        (ANA, f"people/{ANA}"),
        ("matchmaker", "services?name=matchmaker"),
        ("#5", "journal/5"),
        ("5", "journal/5"),
        ("ca110000-0000-4000-8000-000000000005", "journal/5"),
        ("CA110000-0000-4000-8000-000000000005", "journal/5"),
    ],
)
def test_a_name_leads_to_what_it_names(visitor: Visitor, word: str, page: str) -> None:
    """A session, a gamertag, a xuid, a request by its number, and the correlation id of a response (CALL-17)."""
    assert found(visitor, word) == page


def test_a_correlation_id_of_a_document_leads_to_its_session(visitor: Visitor) -> None:
    """Documents have one, too, which is that of the session (CALL-8)."""
    assert visitor.world
    assert found(visitor, visitor.world.sessions["one"].document["correlationId"].upper()) == ONE


def test_an_id_leads_to_its_handle(visitor: Visitor) -> None:
    """On the page of the session that it points at."""
    assert visitor.world
    [activity, _] = visitor.world.handles
    assert found(visitor, activity.id) == f"{ONE}#{activity.id}"


def test_a_gamertag_is_another_name() -> None:
    """And a stranger is found by their xuid."""
    xbl = lively()
    xbl.user("Zoe", gamertag="ZoeTheGreat")
    reserved = {"members": {"reserve_0": {"constants": {"system": {"xuid": "77"}}}}}
    client = xbl.client(xbl.user("Ben"))
    client.put(f"/serviceconfigs/{SCID}/sessionTemplates/lobby/sessions/two", json=reserved)
    visitor = Visitor(xbl)
    assert found(visitor, "zoethegreat") == "people/2533274790000004"
    assert found(visitor, "77") == "people/77"


@pytest.mark.parametrize(
    "word", ["77", "99", "ca110000-0000-4000-8000-000000000099", "0", "35cd8a7f-7627-47e0-a002-03af062dcd48"]
)
def test_a_word_that_names_nothing_says_so(visitor: Visitor, word: str) -> None:
    """Nor is it a part of a name."""
    word = f"{word}x" if word == "0" else word
    assert visitor.page(f"search?q={word}").one("main").one("p").text == f"Nothing here is named like {word}."


def test_a_part_of_a_name_lists_all_that_have_it() -> None:
    """Sessions and people, the first of many."""
    xbl = XboxLive(name="world")
    xbl.service("lobby keeper")
    for number in range(60):
        xbl.sessions.create("lobby", name=f"lobby-{number}", members=[xbl.user(f"Lobby fan {number}")])
    page = Visitor(xbl).page("search?q=LOBBY")
    assert page.one("main").all("h2")[0].text == "Search for LOBBY"
    sessions, people = page.all("section")
    assert [item.text for item in sessions.all("li")] == [f"lobby/lobby-{number}" for number in range(50)]
    assert sessions.one("p").text == "10 more are named like this."
    assert links(people)["Lobby fan 7"].endswith("/people/2533274790000008")
    assert people.one("p").text == "11 more are named like this."


@pytest.mark.parametrize(("word", "title"), [("on", "Sessions"), ("stac", "People")])
def test_a_part_of_one_kind_of_names_lists_that_kind(visitor: Visitor, word: str, title: str) -> None:
    """And no empty list of the other."""
    assert [part.one("h2").text for part in visitor.page(f"search?q={word}").all("section")] == [title]


def test_two_of_a_name_are_listed() -> None:
    """A word may name a session and a person."""
    xbl = XboxLive(name="world")
    xbl.sessions.create("lobby", name="Stacy", members=[xbl.user("Stacy")])
    page = Visitor(xbl).page("search?q=stacy")
    assert [list(links(part)) for part in page.all("section")] == [["lobby/Stacy"], ["Stacy"]]


def test_an_empty_search_explains_itself(visitor: Visitor) -> None:
    """It says what can be searched for."""
    text = "Search for the name of a session, a gamertag, a xuid, or a correlation id."
    assert visitor.page("search").one("main").one("p").text == text
    assert visitor.page("search?q=+").one("main").one("p").text == text
