"""The first page of a world: what was refused, what came last, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from pytest_xbl.pages.asked import Asked
from pytest_xbl.pages.clock_page import timeouts
from pytest_xbl.pages.frame import OVERVIEW
from pytest_xbl.pages.journal_page import requests, session_named
from pytest_xbl.pages.layout import section
from pytest_xbl.pages.markup import counted, element, joined, let_go, link
from pytest_xbl.pages.refusals import refusals
from pytest_xbl.pages.scene import Scene
from pytest_xbl.pages.seed_file import NAME
from pytest_xbl.pages.session_list import session_table
from pytest_xbl.pages.sheet import Sheet
from pytest_xbl.world.state import Record
from pytest_xbl.world.stored import records

MOST_REFUSED = 20
MOST_REQUESTS = 10
MOST_SESSIONS = 8
MOST_TIMEOUTS = 5
"""The most of each kind that the page shows."""
MOST_LOOKED_AT = 100
"""The most requests among which it looks for the sessions that matter."""


def overview(scene: Scene, _asked: Asked) -> Sheet:
    """The page about a world as a whole."""
    return Sheet(OVERVIEW, joined(_parts(scene)), OVERVIEW)


def _parts(scene: Scene) -> Iterator[Markup]:
    refused = [entry for entry in scene.journal[:] if entry.refusal]
    if refused:
        shown = refusals(refused[-MOST_REFUSED:], scene.reading())
        more = element(
            "p", link(f"All {counted(len(refused), 'refused request')}", scene.at.page("journal", show="refused"))
        )
        yield section("Refused, by which rule", shown, more if len(refused) > MOST_REFUSED else None, id_="refused")
    last = scene.journal[-MOST_REQUESTS:]
    _, gap = scene.journal.told()
    if note := let_go(gap):
        yield note
    if last:
        rest = _all(scene, "journal", len(scene.journal), "request", len(last))
        yield section("Last requests", requests(scene, last), rest, id_="requests")
    yield _sessions(scene)
    yield from timeouts(scene, most=MOST_TIMEOUTS)
    kept = link(NAME, scene.at.page(NAME), download=NAME)
    marker = element("code", f'@pytest.mark.xbl(seed="{NAME}")', class_="copied")
    yield section("Keep the world", element("p", kept, ", for a test that starts from it: ", marker), id_="keep")


def _sessions(scene: Scene) -> Markup:
    known = records(scene.world)
    shown = last_asked_for(scene, known)
    more = _all(scene, "sessions", len(known), "session", len(shown))
    return section("Sessions", session_table(scene, shown), more, id_="sessions")


def last_asked_for(scene: Scene, known: list[Record]) -> list[Record]:
    """The sessions of the last requests, and then those that were made last."""
    entries = scene.journal[-MOST_LOOKED_AT:]
    asked = [scene.world.record(ref) for entry in reversed(entries) if (ref := session_named(entry))]
    found = {record.ref: record for record in (*asked, *reversed(known[-MOST_SESSIONS:])) if record.log}
    return [*found.values()][:MOST_SESSIONS]


def _all(scene: Scene, page: str, count: int, what: str, shown: int) -> Markup | None:
    """The way to all of a kind, if some are left out."""
    return element("p", link(f"All {counted(count, what)}", scene.at.page(page))) if count > shown else None
