"""How to go on after a failure."""

from __future__ import annotations

import json
from base64 import b64decode

import pytest

from elements import parsed
from pytest_xbl import XboxLive
from pytest_xbl.pages.continuing import LONGEST, continuing, download


def test_the_ways_to_go_on_are_a_list() -> None:
    """The world, the marker that starts from it, and two commands (SEEN-8)."""
    shown = parsed(continuing("{}", "tests/test_x.py::test_it[a 'b']"))
    names, values = shown.all("dt"), shown.all("dd")
    assert [(name.text, value.text) for name, value in zip(names, values, strict=True)] == [
        ("Keep the world", "world.json"),
        ("Start a test from it", '@pytest.mark.xbl(seed="world.json")'),
        ("Run the test again", """python -m pytest 'tests/test_x.py::test_it[a '"'"'b'"'"']'"""),
        ("Look around in it", "pytest-xbl serve --seed world.json"),
    ]


def test_the_download_is_a_seed(xbl: XboxLive) -> None:
    """It is in the link itself, so that the page needs nothing beside it (SEED-7)."""
    xbl.user("Stäcy <b>")
    link = parsed(download(json.dumps(xbl.dump()))).one("a")
    assert link.attributes["download"] == "world.json"
    kind, _, data = link.attributes["href"].partition(",")
    assert kind == "data:application/json;base64"
    assert XboxLive(seed=json.loads(b64decode(data))).dump() == xbl.dump()


@pytest.mark.parametrize(("length", "beside"), [(LONGEST, False), (LONGEST + 1, True)])
def test_a_long_seed_lies_beside_the_page(length: int, *, beside: bool) -> None:
    """The link leads to the file (SEEN-8)."""
    shown = parsed(download("x" * length))
    assert (shown.one("a").attributes["href"] == "world.json") == beside
    assert shown.text == "world.json" + " beside this page, which is too long to be in it" * beside
