"""News: a browser that shows a page hears when the page would read otherwise."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from elements import parsed
from exploring import Visitor
from pytest_xbl.pages.news import news, tag_of, tagged

STREAM = "text/event-stream"


def event(tag: str) -> str:
    """The event that tells the tag of a page."""
    return f"retry: 100\nid: {tag}\ndata: {tag}\n\n"


def test_a_page_has_a_tag() -> None:
    """Which follows from its text, so that a change is seen, whatever it is."""
    page = '<!doctype html><html lang="en">one</html>'
    assert tagged(page) == f'<!doctype html><html data-tag="{tag_of(page)}" lang="en">one</html>'
    assert tag_of(page) != tag_of(page.replace("one", "two"))


def test_news_come_at_once_to_a_browser_that_knows_nothing() -> None:
    """It compares the tag with that of the page that it shows."""
    assert news(lambda: "one", "") == event(tag_of("one"))


def test_news_wait_for_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page is looked at again and again, with pauses."""
    meanwhile(monkeypatch, lambda: None)
    pages = iter(["one", "one", "one", "two"])
    assert news(lambda: next(pages), tag_of("one")) == event(tag_of("two"))


def test_without_news_the_browser_asks_again() -> None:
    """A response without an end would hold a thread for good."""
    assert news(lambda: "one", tag_of("one"), patience=0) == event(tag_of("one"))


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Let something happen while news are waited for."""
    monkeypatch.setattr("pytest_xbl.pages.news.sleep", lambda _: happens())


def tag_at(visitor: Visitor, path: str) -> str:
    """The tag of a page as a browser shows it."""
    return parsed(visitor.ask(visitor.at(path)).text).one("html").attributes["data-tag"]


def test_a_page_tells_its_news(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """At its own address; a request of a client is news, and so is what a test or the clock does."""
    assert visitor.world
    known = tag_at(visitor, "journal")
    response = visitor.ask(visitor.at("journal"), Accept=STREAM)
    assert (response.content_type, response.text) == (STREAM, event(known))
    meanwhile(monkeypatch, lambda: visitor.world and visitor.world.client().get("/news"))
    response = visitor.ask(visitor.at("journal"), Accept=STREAM, Last_Event_ID=known)
    assert response.text == event(tag_at(visitor, "journal")) != event(known)
    assert len(visitor.world.journal) == 11


def test_the_end_of_a_world_is_news(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser then sees that the world is over."""
    assert visitor.world
    known, app = tag_at(visitor, "people"), visitor.world.app
    meanwhile(monkeypatch, lambda: visitor.board.disconnect(app))
    assert visitor.ask(visitor.at("people"), Accept=STREAM, Last_Event_ID=known).text == event(tag_of(""))


def test_a_page_may_vanish(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A snapshot may bring back a world without what the page shows; the stream says what the page then says."""
    assert visitor.world
    before = visitor.world.snapshot()
    visitor.world.user("Zoe")
    known, at = tag_at(visitor, "people/2533274790000004"), visitor.at("people/2533274790000004")
    meanwhile(monkeypatch, partial(visitor.world.restore, before))
    response = visitor.ask(at, Accept=STREAM, Last_Event_ID=known)
    assert response.status_code == 404


def test_the_list_of_worlds_has_news() -> None:
    """Worlds come and go."""
    response = Visitor().ask("/_xbl/", Accept=STREAM)
    assert response.text.startswith("retry: 100\nid: ")
