"""The explorer as a person meets it: in a browser, by keyboard, with news, and without scripts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

import pytest

import chromium
from bodies import SCID
from chromium import Browser, Page, Scheme
from exploring import lively
from people import person
from pytest_xbl import XblServer, XboxLive
from pytest_xbl.pages.explorer import Explorer
from pytest_xbl.wire.switchboard import Switchboard

pytestmark = pytest.mark.skipif(chromium.found() is None, reason="This machine has no Chromium.")

ONE = f"sessions/{SCID}/lobby/one"
ANA = "people/2533274790000002"
PAGES = ["", "sessions", ONE, "people", ANA, "handles", "statistics", "journal", "clock", "rules/PUT-8"]
VISIBLE = """[...document.querySelectorAll('a[href], button, input, select, summary')]
    .filter(it => it.type !== 'hidden' && it.checkVisibility({contentVisibilityAuto: true}))"""
"""The elements that a person sees and may want to reach."""
NAME = "(it => it.getAttribute('aria-label') || it.id || it.textContent)"
CONTRASTS = """(() => {
    const channel = value => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    const rgb = color => color.match(/[0-9.]+/g).map(Number);
    const light = color => { const [r, g, b] = rgb(color).map(channel); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
    const back = it => { const color = getComputedStyle(it).backgroundColor;
        return rgb(color)[3] === 0 && it.parentElement ? back(it.parentElement) : color; };
    const found = [];
    for (const it of document.querySelectorAll('body *')) {
        const text = [...it.childNodes].filter(node => node.nodeType === 3).map(node => node.data.trim()).join('');
        if (!text || it.localName === 'script' || !it.checkVisibility()) continue;
        const [a, b] = [light(getComputedStyle(it).color), light(back(it))].sort((x, y) => y - x);
        const contrast = (a + 0.05) / (b + 0.05);
        if (contrast < 4.5) found.push(`${contrast.toFixed(1)} ${text}`);
    }
    return found;
})()"""
"""The texts whose color is too near to that behind them (WCAG 2.2, 1.4.3)."""


class Served(NamedTuple):
    """A world that is served, with its pages."""

    world: XboxLive
    server: XblServer[Switchboard]

    def at(self, path: str = "") -> str:
        """The address of a page."""
        return f"{self.server.url}/_xbl/worlds/{self.world.name}/{path}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for all tests of this module."""
    with chromium.browser() as running:
        yield running


@pytest.fixture
def served() -> Iterator[Served]:
    """A world with a bit of everything, on a server of its own."""
    board, world = Switchboard(), lively()
    server = XblServer(board)
    with server, board.connected(world.app):
        board.explorer = Explorer(board, url=lambda: server.url, moves=lambda: True)
        yield Served(world, server)


def wait_until(page: Page, condition: str) -> None:
    """Wait until a condition in JavaScript is true."""
    look = f"const look = () => ({condition}) ? done() : setTimeout(look, 20)"
    page.evaluate(f"new Promise(done => {{ {look}; look(); }})")


def text_of(page: Page, selector: str) -> str:
    """The text that a person reads in the first such element."""
    return str(page.evaluate(f"document.querySelector({json.dumps(selector)}).innerText"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_person_first_sees_the_world(browser: Browser, served: Served, scheme: Scheme) -> None:
    """Its name, its clock, the ways to its parts, and what was refused, without scrolling (SEEN-14)."""
    page = browser.open(f"{served.server.url}/debug", scheme=scheme, height=720)
    assert page.evaluate("location.href") == served.at()
    assert page.evaluate("document.title") == "Overview, lively"
    for selector in ("h1", ".clock-bar", "#parts", "#search", "#refused li"):
        assert page.evaluate(f"document.querySelector('{selector}').getBoundingClientRect().bottom < innerHeight")
    assert text_of(page, "#parts") == "Overview\nSessions 1\nPeople 3\nHandles 2\nStatistics 1\nJournal 10\nClock"
    is_dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 24, 27)"
    assert is_dark == (scheme == "dark")


def every_page(browser: Browser, served: Served, scheme: Scheme = "light", width: int = 1280) -> Iterator[Page]:
    """Each kind of page, with all folds open, in one tab."""
    page = browser.open("about:blank", scheme=scheme, width=width)
    for path in PAGES:
        page.go(served.at(path))
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        yield page


def test_nothing_is_logged_and_nothing_comes_from_elsewhere(browser: Browser, served: Served) -> None:
    """Not even an icon is asked for, so no request of a browser is in the journal (SEEN-14)."""
    for page in every_page(browser, served):
        wait_until(page, "!document.getElementById('live').hidden")
        assert page.logged == []
        assert not [it for it in page.requested if not it.startswith(("data:", f"{served.server.url}/_xbl/"))]
    assert (len(served.world.journal), served.world.app.strangers) == (10, 0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(browser: Browser, served: Served, scheme: Scheme) -> None:
    """Its contrast is enough."""
    for page in every_page(browser, served, scheme):
        assert page.evaluate(CONTRASTS) == [], page.evaluate("location.href")
    page.evaluate("document.getElementById('main').style.color = getComputedStyle(document.body).backgroundColor")
    assert page.evaluate(CONTRASTS)


def test_the_keyboard_reaches_everything(browser: Browser, served: Served) -> None:
    """In the order of the page."""
    for page in every_page(browser, served):
        wanted = page.evaluate(f"{VISIBLE}.map({NAME})")
        assert len(wanted) > 8
        reached = []
        for _ in wanted:
            page.press("Tab")
            reached.append(page.evaluate(f"{NAME}(document.activeElement)"))
        assert reached == wanted, page.evaluate("location.href")


def test_the_keyboard_moves_the_clock(browser: Browser, served: Served) -> None:
    """Enter on a button of the clock moves it, and the same page comes back."""
    page = browser.open(served.at("people"))
    page.evaluate("document.querySelector('.moves button').focus()")
    page.press("Enter")
    page.wait_for("Page.loadEventFired")
    assert text_of(page, "time") == "2026-01-01 12:01:05"
    assert page.evaluate("location.href") == served.at("people")
    assert f"{served.world.clock.now:%H:%M:%S}" == "12:01:05"


def test_no_word_is_broken(browser: Browser, served: Served) -> None:
    """The first cell of a row has room for its longest word."""
    for page in every_page(browser, served):
        lines = "[...document.querySelectorAll('tbody th')].map(it => it.innerText.split(/\\s+/).length)"
        heights = "[...document.querySelectorAll('tbody th')].map(it => { const range = document.createRange(); "
        heights += "range.selectNodeContents(it); return new Set([...range.getClientRects()].map(it => it.top)).size })"
        for words, height in zip(page.evaluate(lines), page.evaluate(heights), strict=True):
            assert height <= words, page.evaluate("location.href")


@pytest.mark.parametrize("width", [320, 1280])
def test_a_page_fits_its_window(browser: Browser, served: Served, width: int) -> None:
    """Only wide tables are moved sideways, and the rest stays where it is."""
    for page in every_page(browser, served, width=width):
        assert page.evaluate("document.documentElement.scrollWidth") == width, page.evaluate("location.href")


def test_news_come_by_themselves(browser: Browser, served: Served) -> None:
    """A request of a client is there without a reload; what a person has unfolded or focused remains so."""
    page = browser.open(served.at("journal"))
    wait_until(page, "!document.getElementById('live').hidden")
    page.evaluate("document.querySelector('#request-1 details').open = true")
    page.evaluate("document.querySelector('#request-2 summary').focus()")
    page.evaluate("window.mine = true")
    served.world.client(person(served.world, "Ana")).get("/late")
    wait_until(page, "document.getElementById('request-11')")
    assert page.evaluate("document.querySelector('#request-1 details').open")
    assert page.evaluate("document.activeElement.closest('tr').id") == "request-2"
    assert text_of(page, "#parts").endswith("Journal 11\nClock")
    assert page.evaluate("window.mine")
    assert text_of(page, "#live") == "live"


def test_news_do_not_disturb_who_types(browser: Browser, served: Served) -> None:
    """The field that somebody fills in remains, while the rest of the page is new."""
    page = browser.open(served.at("people"))
    wait_until(page, "!document.getElementById('live').hidden")
    page.evaluate("document.getElementById('search').focus()")
    page.evaluate("document.getElementById('search').value = 'Zo'")
    served.world.user("Zoe")
    wait_until(page, "document.getElementById('main').innerText.includes('Zoe')")
    assert page.evaluate("[document.activeElement.id, document.activeElement.value]") == ["search", "Zo"]


def test_the_end_of_the_world_is_told(browser: Browser, served: Served) -> None:
    """The page says so, instead of what is no longer true."""
    page = browser.open(served.at("people"))
    wait_until(page, "!document.getElementById('live').hidden")
    served.server.app.disconnect(served.world.app)
    wait_until(page, "document.getElementById('main').innerText.includes('is not served now')")
    served.server.app.connect(served.world.app)


def test_the_end_of_the_server_is_told(browser: Browser, served: Served) -> None:
    """A light says that no news come any more."""
    page = browser.open(served.at("people"))
    wait_until(page, "!document.getElementById('live').hidden")
    served.server.stop()
    wait_until(page, "document.getElementById('live').className === 'lost'")
    assert text_of(page, "#live") == "no news: the server is gone"
    served.server.start()
    wait_until(page, "document.getElementById('live').className === ''")


def test_a_hidden_page_asks_for_no_news(browser: Browser, served: Served) -> None:
    """A browser has few connections to a server, and tabs in the background need none."""
    page = browser.open(served.at("people"))
    wait_until(page, "!document.getElementById('live').hidden")
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    served.world.user("Zoe")
    assert not page.evaluate("document.getElementById('main').innerText.includes('Zoe')")
    page.evaluate("Object.defineProperty(document, 'hidden', {value: false})")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    wait_until(page, "document.getElementById('main').innerText.includes('Zoe')")


def test_pages_work_without_scripts(browser: Browser, served: Served) -> None:
    """Search, filters, comparison and clock are links and forms."""
    page = browser.open("about:blank")
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    page.go(served.at(ONE))
    assert page.evaluate("document.getElementById('live').hidden")
    page.evaluate("document.querySelector('#history button').focus()")
    page.press("Enter")
    page.wait_for("Page.loadEventFired")
    assert page.evaluate("location.href") == f"{served.at(ONE)}?old=4&new=5#compared"
    assert text_of(page, "#compared h3") == "From #5 12:00:00 post-handle by Stacy to #6 12:00:20 put-session by Ana"
    page.evaluate("document.getElementById('search').value = 'ana'")
    page.evaluate("document.querySelector('[role=search] button').focus()")
    page.press("Enter")
    page.wait_for("Page.loadEventFired")
    assert page.evaluate("location.href") == served.at(ANA)
    assert page.logged == []


def test_another_site_gets_nothing(browser: Browser, served: Served) -> None:
    """A page on the web can neither read a page nor move the clock (SEEN-15)."""
    page = browser.open("data:text/html,<title>evil</title>")
    address = json.dumps(served.at("clock"))
    read = f"fetch({address}).then(answer => answer.text(), error => error.name)"
    assert page.evaluate(read) == "TypeError"
    sent = f"fetch({address}, {{method: 'POST', mode: 'no-cors', body: new URLSearchParams('seconds=30')}})"
    page.evaluate(f"{sent}.then(() => '', () => '')")
    assert f"{served.world.clock.now:%H:%M:%S}" == "12:00:35"


def test_a_screen_reader_finds_its_way(browser: Browser, served: Served) -> None:
    """By landmarks, headings and tables, each of which has a name."""
    page = browser.open(served.at(ONE))
    page.call("Accessibility.enable")
    names: dict[str, list[str]] = {}
    for node in page.call("Accessibility.getFullAXTree")["nodes"]:
        if not node["ignored"]:
            role, name = (str(node.get(part, {}).get("value", "")) for part in ("role", "name"))
            names.setdefault(role, []).append(name)
    assert [len(names[role]) for role in ("banner", "main", "search")] == [1, 1, 1]
    assert names["navigation"] == ["Parts of the world"]
    assert names["region"] == ["An access now would find", "Members", "Document", "History", "Handles"]
    assert names["table"] == [
        "Members",
        "Versions of lobby/one, each with its differences from the one before",
        "Handles",
    ]
    for role in ("link", "button", "combobox", "searchbox", "DisclosureTriangle"):
        assert all(names[role]), role
