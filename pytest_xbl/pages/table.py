"""The table of the pages about a world: their paths, the functions that make them, and their parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.model import SessionRef
from pytest_xbl.mpsd.suggesting import nearest, or_meant
from pytest_xbl.pages import handle_list, journal_page, search_page, session_page
from pytest_xbl.pages.asked import Asked
from pytest_xbl.pages.clock_page import clock_page
from pytest_xbl.pages.overview import overview
from pytest_xbl.pages.people_list import people_list
from pytest_xbl.pages.person_page import person_page, service_page
from pytest_xbl.pages.request_page import request_page
from pytest_xbl.pages.rule_page import rule_page
from pytest_xbl.pages.scene import Scene
from pytest_xbl.pages.session_list import session_list
from pytest_xbl.pages.sheet import NoPageError, Sheet
from pytest_xbl.pages.statistic_list import statistic_list

LIST = ("page",)


class Page(NamedTuple):
    """A kind of page.

    Args:
        make: takes the world, the parameters, and the further parts of the path.
        parameters: the names that it knows.
    """

    make: Callable[..., Sheet]
    parameters: Sequence[str] = ()


def _session(scene: Scene, asked: Asked, *ref: str) -> Sheet:
    return session_page.session_page(scene, asked, SessionRef(*ref))


PAGES: Mapping[tuple[str, int], Page] = {
    ("", 0): Page(overview),
    ("sessions", 0): Page(session_list, LIST),
    ("sessions", 3): Page(_session, session_page.PARAMETERS),
    ("people", 0): Page(people_list, LIST),
    ("people", 1): Page(person_page),
    ("services", 0): Page(service_page, ("name",)),
    ("handles", 0): Page(handle_list.handle_list, handle_list.PARAMETERS),
    ("statistics", 0): Page(statistic_list, LIST),
    ("journal", 0): Page(journal_page.journal_page, journal_page.PARAMETERS),
    ("journal", 1): Page(request_page),
    ("clock", 0): Page(clock_page),
    ("search", 0): Page(search_page.search_page, search_page.PARAMETERS),
    ("rules", 1): Page(rule_page),
}
"""The pages by the first part of their paths, and the number of further ones."""


def page_at(scene: Scene, path: Sequence[str], given: Mapping[str, str]) -> Sheet:
    """The page at a path below that of its world.

    Args:
        given: parameters.

    Raises:
        NoPageError: 404 for a path that no page has; 400 for parameters that it cannot have.
    """
    first, *rest = path
    page = PAGES.get((first, len(rest)))
    if page is None:
        names = dict.fromkeys(name for name, _ in PAGES if name)
        near = nearest(first, names)
        raise NoPageError(f"There is no page {brief('/'.join(path))} of this world.{or_meant(near)}")
    return page.make(scene, Asked(given, page.parameters), *rest)
