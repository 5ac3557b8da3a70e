"""The addresses of pages, and the parts of long lists."""

from __future__ import annotations

import pytest

from pytest_xbl.mpsd.model import SessionRef
from pytest_xbl.pages.addresses import Addresses, quoted, unquoted
from pytest_xbl.pages.asked import Asked
from pytest_xbl.pages.paging import pager, part_of


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("friday", "friday"),
        ("my lobby?", "my%20lobby%3F"),
        ("é#&", "%C3%A9%23%26"),
        (".", "~."),
        ("..", "~.."),
        ("~.", "~~."),
        ("~~..", "~~~.."),
        ("...", "..."),
        ("~", "~"),
        ("~a.", "~a."),
    ],
)
def test_a_name_is_a_part_of_a_path(name: str, part: str) -> None:
    """Also one of dots alone, which a browser would take for a step up."""
    from urllib.parse import unquote

    assert quoted(name) == part
    assert unquoted(unquote(part)) == name


def test_empty_parameters_are_left_out() -> None:
    """An address says no more than it must."""
    at = Addresses("my world")
    assert at.world == "/_xbl/worlds/my%20world/"
    assert at.page("journal", caller="", rule="PUT-8", page=None) == "/_xbl/worlds/my%20world/journal?rule=PUT-8"
    assert at.version(SessionRef("a", "b", "c"), 3) == "/_xbl/worlds/my%20world/sessions/a/b/c?at=3#version-3"


@pytest.mark.parametrize(
    ("total", "page", "from_end", "at", "shown"),
    [
        (0, "", False, None, range(0)),
        (10, "", False, None, range(10)),
        (25, "", False, None, range(10)),
        (25, "3", False, None, range(20, 25)),
        (25, "", True, None, range(15, 25)),
        (25, "1", True, None, range(5)),
        (25, "2", True, None, range(5, 15)),
        (25, "", True, 4, range(5)),
        (25, "", True, 5, range(5, 15)),
        (25, "", False, 24, range(20, 25)),
        (25, "1", True, 24, range(5)),
        (20, "", True, 9, range(10)),
    ],
)
def test_a_part_of_a_list(total: int, page: str, *, from_end: bool, at: int | None, shown: range) -> None:
    """From its beginning, or its end; the page that is asked for, that of an entry, or the usual one."""
    asked = Asked({"page": page} if page else {}, ("page",))
    part = part_of(range(total), asked, size=10, from_end=from_end, at=at)
    assert (part.items, part.first) == (shown, shown.start)


def test_the_way_to_other_parts_is_short() -> None:
    """The first, the last, and those around the one that is shown; nothing for a list on one page."""
    part = part_of(range(1000), Asked({"page": "50"}, ("page",)), size=10)
    shown = pager(part, lambda number: f"?page={number}")
    assert shown
    text = "491 to 500 of 1,000"
    items = ["1", "…", "48", "49", "50", "51", "52", "…", "100"]
    assert shown.striptags() == f"{text}{''.join(items)}"
    assert '<a href="?page=50" aria-current="page">50</a>' in shown
    assert pager(part_of(range(10), Asked({}), size=10), str) is None
