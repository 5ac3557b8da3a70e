"""The page of one request: what it was, what came of it, and a command that sends it once more."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from pytest_xbl.pages.asked import Asked
from pytest_xbl.pages.journal_page import requests
from pytest_xbl.pages.markup import element, joined, link
from pytest_xbl.pages.scene import Scene
from pytest_xbl.pages.sheet import NoPageError, Sheet
from pytest_xbl.pages.words import facts, listed
from pytest_xbl.wire.entry import Entry
from pytest_xbl.wire.journal import Journal

MOST_DIGITS = 9


def request_page(scene: Scene, _asked: Asked, number: str) -> Sheet:
    """The page of a request.

    Raises:
        NoPageError: 404 for one that there is not.
    """
    entry = request_numbered(scene, number)
    if entry is None:
        raise NoPageError(f"There is no request {number}; {_those_of(scene.journal)}.")
    ways = element("p", listed(_ways(scene, entry), " · "), class_="ways")
    return Sheet(
        f"Request #{entry.number}", joined([ways, requests(scene, [entry], is_open=True), _about(entry)]), "Journal"
    )


def request_numbered(scene: Scene, number: str) -> Entry | None:
    """The request with a number; None if there is none."""
    is_number = number.isascii() and number.isdecimal() and len(number) <= MOST_DIGITS
    return scene.journal.numbered(int(number)) if is_number else None


def _those_of(journal: Journal) -> str:
    """The words for the requests that there are."""
    first = journal.total - len(journal) + 1
    return f"the journal has {len(journal):,}" + (f", from #{first} on" if len(journal) and first > 1 else "")


def _ways(scene: Scene, entry: Entry) -> Iterator[Markup]:
    """Links to the requests before and after, and to others of the same kind."""
    if scene.journal.numbered(entry.number - 1):
        yield link("Previous", scene.at.request(entry.number - 1))
    if entry.number < scene.journal.total:
        yield link("Next", scene.at.request(entry.number + 1))
    if entry.caller:
        yield link(f"All of {entry.caller}", scene.at.page("journal", caller=entry.caller))
    if entry.rule:
        yield link(f"All refused by {entry.rule}", scene.at.page("journal", show="refused", rule=entry.rule))


def _about(entry: Entry) -> Markup:
    return facts(
        {
            "Operation": entry.operation or "none: no route takes it",
            "Correlation id": element("code", entry.correlation_id),
            "Time": f"{entry.time:%Y-%m-%d %H:%M:%S} by the clock of the world",
            "Took": f"{entry.duration * 1000:.1f} ms",
        }
    )
