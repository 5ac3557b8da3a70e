"""The frame of the explorer's pages: the world, its clock, a search, and the way to the other pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache

from markupsafe import Markup

from pytest_xbl.pages.guard import policy
from pytest_xbl.pages.layout import hash_of, page
from pytest_xbl.pages.markup import counted, element, joined, link, spoken
from pytest_xbl.pages.requests import length, moment
from pytest_xbl.pages.scene import Scene
from pytest_xbl.pages.sheet import Sheet
from pytest_xbl.wire.switchboard import EXPLORER
from pytest_xbl.world import people
from pytest_xbl.world.stored import stored_handles, stored_statistics

OVERVIEW = "Overview"
"""The title of the first page, which the navigation shows already."""
STYLES = ("page.css", "explorer.css")
SCRIPTS = ("explorer.js",)
ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Crect width='16' height='16' rx='4' fill='%230b57b0'/%3E"
    "%3Cpath d='M4 4.5 12 11.5M12 4.5 4 11.5' stroke='white' stroke-width='2' stroke-linecap='round'/%3E%3C/svg%3E"
)
"""The icon of the pages; without one, a browser would ask the fake for it."""


@cache
def policy_of_pages() -> str:
    """The Content-Security-Policy of these pages."""
    return policy(style=hash_of(*STYLES), script=hash_of(*SCRIPTS))


def framed(scene: Scene, sheet: Sheet, *, back: str) -> str:
    """A whole page about a world.

    Args:
        back: the address to which the buttons of the clock come back.
    """
    kicker = element("p", link("pytest-xbl", f"{EXPLORER}/"), " explorer" if scene.is_alone else None, class_="kicker")
    if not scene.is_alone:
        kicker = element("p", link("All worlds", f"{EXPLORER}/"), class_="kicker")
    top = element("div", kicker, _search(scene), class_="top")
    title = element("h1", link(scene.app.title, scene.at.world))
    header = element("header", top, title, _clock(scene, back), id="frame")
    heading = element("h2", sheet.title, class_="spoken" if sheet.title == OVERVIEW else None)
    main = element("main", heading, sheet.content, id="main", tabindex="-1")
    return _whole(f"{sheet.title}, {scene.app.title}", header, _navigation(scene, sheet.part), main)


def unframed(sheet: Sheet) -> str:
    """A whole page that is about no world."""
    header = element("header", element("p", link("pytest-xbl", f"{EXPLORER}/"), " explorer", class_="kicker"))
    main = element("main", element("h1", sheet.title), sheet.content, id="main")
    return _whole(f"{sheet.title}, pytest-xbl", header, main)


def _whole(title: str, *body: object) -> str:
    return page(title, *body, styles=STYLES, scripts=SCRIPTS, icon=ICON)


def _search(scene: Scene) -> Markup:
    box = element(
        "input",
        type="search",
        name="q",
        id="search",
        placeholder="Session, gamertag, xuid or correlation id",
        aria_label="Search by session, gamertag, xuid or correlation id",
        autocomplete="off",
        spellcheck="false",
    )
    return element("form", box, element("button", "Search"), action=scene.at.page("search"), role="search")


def _clock(scene: Scene, back: str) -> Markup:
    now, found = scene.world.now, scene.timers
    clock = element("time", f"{now:%Y-%m-%d %H:%M:%S}")
    shown = [spoken("The clock shows "), clock, " UTC, ", *_due(scene, len(found.due)), _until(now, found.next)]
    buttons = _buttons(scene, back, has_timer=found.next is not None) if scene.moves else None
    live = element("span", "live", id="live", hidden=True)
    return element("div", element("p", *shown, class_="facts"), buttons, live, class_="clock-bar")


def _due(scene: Scene, count: int) -> list[object]:
    """The number of sessions where something is due."""
    if not count:
        return []
    return [link(f"{counted(count, 'session')} due", scene.at.page("clock"), class_="due"), ", "]


def _until(now: datetime, timer: datetime | None) -> str:
    return f"next timeout in {length(timer - now)}, at {moment(timer, now)}" if timer else "no timeout to come"


def _buttons(scene: Scene, back: str, *, has_timer: bool) -> Markup:
    kept = element("input", type="hidden", name="back", value=back)
    step = element("button", "Advance 30 s", name="seconds", value="30")
    jump = element("button", "To the next timeout", name="to", value="next-timer") if has_timer else None
    return element("form", kept, step, jump, method="post", action=scene.at.page("clock"), class_="moves")


def _navigation(scene: Scene, part: str) -> Markup:
    items = [
        element("li", link(joined([name, *count]), scene.at.page(*path), aria_current="page" if name == part else None))
        for name, path, count in _parts(scene)
    ]
    return element("nav", element("ul", *items), aria_label="Parts of the world", id="parts")


def _parts(scene: Scene) -> Iterator[tuple[str, tuple[str, ...], list[object]]]:
    """The name of each part of a world, its path, and how much is in it."""
    world = scene.world
    yield OVERVIEW, ("",), []
    yield "Sessions", ("sessions",), _count(scene.sight.count)
    yield "People", ("people",), _count(people.count(world))
    yield "Handles", ("handles",), _count(len(stored_handles(world)))
    yield "Statistics", ("statistics",), _count(len(stored_statistics(world)))
    yield "Journal", ("journal",), _count(scene.journal.arrived)
    yield "Clock", ("clock",), []


def _count(number: int) -> list[object]:
    return [" ", element("span", f"{number:,}", class_="count")]
