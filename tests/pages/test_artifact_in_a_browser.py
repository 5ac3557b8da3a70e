"""The page of a failed test, as a person meets it: in a browser, by keyboard, printed, and read by a screen reader."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import chromium
from bodies import ACTIVE, ONE, me, properties, reserve, score, subscribing
from chromium import Browser, Page, Scheme
from pytest_xbl import XboxLive
from pytest_xbl.pages.failure import Failure
from pytest_xbl.reporting.artifacts import write_artifacts, write_page

pytestmark = pytest.mark.skipif(chromium.found() is None, reason="This machine has no Chromium.")

EVIL = "<img src=x onerror=\"console.log('evil')\"><script>console.log('evil')</script>"
FOCUSABLE = "main summary, main a[href], nav a[href], nav button"
VISIBLE = f"""[...document.querySelectorAll('{FOCUSABLE}')]
    .filter(it => it.checkVisibility({{contentVisibilityAuto: true}}))"""
"""The elements that a person sees and may want to reach."""
FOCUSED = "document.activeElement === document.body ? '' : document.activeElement.textContent"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for all tests of this module."""
    with chromium.browser() as running:
        yield running


@pytest.fixture(scope="module")
def world() -> XboxLive:
    """Three players, one of whom has lost an update, and one who writes nonsense."""
    xbl = XboxLive()
    stacy, ana, bob = xbl.users("Stacy", "Ana", EVIL)
    xbl.sessions.create("lobby", name="one", members=[stacy])
    xbl.client(stacy).put(ONE, json=subscribing(stacy.connection, "everything"))
    xbl.client(ana).put(ONE, json=ACTIVE)
    xbl.client(stacy).put(ONE, json=properties({"map": "harbour", "votes": {"harbour": 1}}))
    xbl.client(ana).put(ONE, json=properties({"map": "canyon", "votes": {"canyon": 1}}))
    xbl.client(bob).put(ONE, json={"properties": {"costum": {EVIL: EVIL}}})
    xbl.client(bob).put(ONE, json=me({"name": EVIL}, active=True))
    xbl.client(stacy).put(ONE, json=reserve("77"))
    xbl.clock.advance(seconds=31)
    for _ in range(2):
        xbl.client(stacy).get(ONE)
    xbl.client(stacy).put(ONE, json=score(1))
    return xbl


@pytest.fixture(scope="module")
def path(world: XboxLive, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page, in a directory with signs that a URL escapes."""
    directory = tmp_path_factory.mktemp("art & ü #1")
    place = directory / write_artifacts(world, 0, directory, "test_x.py::test_votes")
    since = "since #5 12:00:00 put-session by Ana"
    message = (
        f"AssertionError: no:\n/properties/custom/votes/harbour: expected 1, got nothing [customProperty]; {since}"
    )
    failed = Failure("call", message, "test_x.py:7", f"def test_votes(xbl):\n>   assert ...\nE   {message}")
    write_page(world, 0, place, [failed], test_id="test_x.py::test_votes", title="")
    return place / "page.html"


@pytest.fixture
def page(browser: Browser, path: Path) -> Page:
    """The page in a tab."""
    return browser.open(path.as_uri())


def text_of(page: Page, selector: str) -> str:
    """The text that a person reads in the first such element."""
    return str(page.evaluate(f"document.querySelector({json.dumps(selector)}).innerText"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_person_first_sees_why_the_test_failed(browser: Browser, path: Path, scheme: Scheme) -> None:
    """Without scrolling: the test, the failure and who made it so; in light and in dark (SEEN-8)."""
    page = browser.open(path.as_uri(), scheme=scheme, height=720)
    assert page.evaluate("document.title") == "test_x.py::test_votes failed"
    for selector in ("h1", ".failure", "#failure ul li"):
        assert page.evaluate(f"document.querySelector('{selector}').getBoundingClientRect().bottom < innerHeight")
    assert (
        text_of(page, "#failure ul li")
        == "lobby/one #5 12:00:00 put-session by Ana: Stacy tapped (customProperty), request #4"
    )
    is_dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 24, 27)"
    assert is_dark == (scheme == "dark")


def test_nothing_is_logged_and_nothing_is_fetched(page: Page, path: Path) -> None:
    """Also with all folds open; what users wrote does not run (SEEN-8)."""
    page.evaluate("document.getElementById('unfold').click()")
    assert page.evaluate("[...document.querySelectorAll('details')].every(it => it.open)")
    assert page.evaluate("document.querySelectorAll('img, iframe, object, link').length") == 0
    assert (page.logged, page.requested) == ([], [path.as_uri()])


def test_the_policy_stops_what_is_not_of_the_page(page: Page) -> None:
    """Even if something got into it, it would neither run nor be fetched (SEEN-8)."""
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=http://127.0.0.1:9/x onerror=\"window.evil = 1\">')"
    )
    page.evaluate("new Promise(done => setTimeout(done, 100))")
    assert page.evaluate("window.evil") is None
    assert len(page.requested) == 1
    assert "violates the following Content Security Policy directive" in page.logged[0]


def reached(page: Page) -> list[str]:
    """The texts of what the Tab key reaches, from the beginning of the page to its end."""
    texts: list[str] = []
    while True:
        page.press("Tab")
        if not (text := page.evaluate(FOCUSED)):
            return texts
        texts.append(text)


@pytest.mark.parametrize("unfold", [False, True])
def test_the_keyboard_reaches_everything(page: Page, *, unfold: bool) -> None:
    """In the order of the page, folded or not (SEEN-8)."""
    if unfold:
        page.evaluate("document.getElementById('unfold').click()")
    wanted = page.evaluate(f"{VISIBLE}.map(it => it.textContent)")
    assert reached(page) == wanted
    assert {"Refused", "Unfold all" if not unfold else "Fold all", "The whole traceback", "world.json"} <= {*wanted}


def test_the_keyboard_opens_a_fold(page: Page) -> None:
    """With Enter, and closes it with the space bar (SEEN-8)."""
    page.evaluate("document.querySelector('#request-5 summary').focus()")
    page.press("Enter")
    assert page.evaluate("document.querySelector('#request-5 details').open")
    assert text_of(page, "#request-5 .curl").startswith("curl -i -X PUT")
    page.press("Space")
    assert not page.evaluate("document.querySelector('#request-5 details').open")


def test_what_has_the_focus_is_outlined(page: Page) -> None:
    """So that whoever uses the keyboard knows where they are (SEEN-8)."""
    page.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_the_button_says_what_it_will_do(page: Page) -> None:
    """Also after somebody has opened the last fold (SEEN-8)."""
    names = [text_of(page, "#unfold")]
    for script in ("document.getElementById('unfold').click()", "document.querySelector('details').open = false"):
        page.evaluate(f"new Promise(done => {{ {script}; setTimeout(done, 100) }})")
        names.append(text_of(page, "#unfold"))
    assert names == ["Unfold all", "Fold all", "Unfold all"]


def test_a_link_into_a_fold_opens_it(page: Page) -> None:
    """The second of two equal bodies leads to the first (SEEN-8)."""
    page.evaluate("new Promise(done => { location.hash = '#request-8-got'; setTimeout(done, 100) })")
    assert page.evaluate("document.querySelector('#request-8 details').open")
    assert page.evaluate("document.getElementById('request-8-got').getBoundingClientRect().top < innerHeight")
    page.evaluate("new Promise(done => { location.hash = '#nowhere'; setTimeout(done, 100) })")
    assert page.logged == []


def test_a_page_works_without_scripts(browser: Browser, path: Path) -> None:
    """Folds open all the same, and the button that needs one is not there (SEEN-8)."""
    page = browser.open("about:blank")
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    page.go(path.as_uri())
    assert page.evaluate("document.getElementById('unfold').hidden")
    page.evaluate("document.querySelector('#request-5 summary').focus()")
    page.press("Enter")
    assert page.evaluate("document.querySelector('#request-5 details').open")
    assert page.logged == []


@pytest.mark.parametrize("width", [320, 768, 1280, 2560])
def test_a_page_fits_its_window(browser: Browser, path: Path, width: int) -> None:
    """Nothing has to be moved sideways, with all folds open, too (SEEN-8)."""
    page = browser.open(path.as_uri(), width=width)
    page.evaluate("document.getElementById('unfold').click()")
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_on_a_narrow_screen_rows_name_their_callers(browser: Browser, path: Path) -> None:
    """There is no room for lanes (SEEN-8)."""
    page = browser.open(path.as_uri(), width=420)
    assert text_of(page, "#request-2 td:last-child").startswith("Ana 200")
    assert not page.evaluate("document.querySelector('.lane').checkVisibility()")


def test_a_page_can_be_printed(browser: Browser, path: Path) -> None:
    """Dark on white, with lanes, and without what is for the screen (SEEN-8)."""
    page = browser.open(path.as_uri(), scheme="dark", width=700)
    page.call("Emulation.setEmulatedMedia", media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.evaluate("document.querySelector('nav').checkVisibility()")
    assert page.evaluate("document.querySelector('.lane').checkVisibility()")
    assert page.evaluate("document.documentElement.scrollWidth") == 700
    assert base64.b64decode(page.call("Page.printToPDF")["data"]).startswith(b"%PDF")


def test_the_world_can_be_downloaded(browser: Browser, path: Path, world: XboxLive, tmp_path: Path) -> None:
    """It is the seed that lies beside the page (SEED-7)."""
    page = browser.open(path.as_uri())
    page.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path), eventsEnabled=True)
    page.evaluate("document.querySelector('a[download]').click()")
    while page.wait_for("Browser.downloadProgress")["state"] == "inProgress":
        pass
    assert (tmp_path / "world.json").read_text(encoding="utf-8") == (path.parent / "world.json").read_text(
        encoding="utf-8"
    )
    assert XboxLive(seed=tmp_path / "world.json").dump() == world.dump()


def test_a_screen_reader_finds_its_way(page: Page) -> None:
    """By landmarks, headings and heads of rows and columns; each link, button and fold has a name (SEEN-8)."""
    page.call("Accessibility.enable")
    nodes = [node for node in page.call("Accessibility.getFullAXTree")["nodes"] if not node["ignored"]]
    names: dict[str, list[str]] = {}
    for node in nodes:
        names.setdefault(_value(node, "role"), []).append(_value(node, "name"))
    assert (len(names["banner"]), len(names["main"]), names["navigation"]) == (1, 1, ["Parts of this page"])
    assert names["region"] == [
        "Why the test failed",
        "Refused, by which rule",
        "Requests, with a lane for each caller",
        "Sessions, and how they came to be",
        "How to go on",
    ]
    assert names["table"][:2] == [
        "Requests in the order in which they were answered, with a lane for each caller",
        "Versions of lobby/one, each with its differences from the one before",
    ]
    assert {"#", "time", "Stacy", "Ana", "request", "by", "what changed"} <= {*names["columnheader"]}
    assert {"#1", "#10"} <= {*names["rowheader"]}
    assert all(names["link"] + names["button"] + names["DisclosureTriangle"])


def _value(node: dict[str, Any], name: str) -> str:
    return str(node.get(name, {}).get("value", ""))
