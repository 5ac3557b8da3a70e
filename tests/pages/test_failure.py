"""The failure of a test, and who made it so."""

from __future__ import annotations

import pytest

from bodies import ACTIVE, LEAVE, ONE, properties, reserve
from elements import Element, parsed
from page_reading import read
from pytest_xbl import User, XboxLive, assert_session
from pytest_xbl.pages.failure import LONGEST, Failure, failure


@pytest.fixture
def stacy(xbl: XboxLive) -> User:
    """The first player."""
    return xbl.user("Stacy")


def shown(xbl: XboxLive, message: str, *, place: str = "test_x.py:7", traceback: str = "whole") -> Element:
    """A failure with this message, in the world as it is."""
    failed = Failure("call", message, place, traceback)
    return parsed(failure(failed, xbl.journal, read(xbl)))


def makers(xbl: XboxLive, message: str) -> list[str]:
    """The versions and requests behind it."""
    lists = shown(xbl, message).all("ul")
    return [item.text for item in lists[0].all("li")] if lists else []


def test_the_text_comes_first_and_the_traceback_is_folded(xbl: XboxLive) -> None:
    """With the phase and the place between (SEEN-8)."""
    page = shown(xbl, "AssertionError: <b>\nassert 1 == 2", traceback="def test_it():\n>   assert 1 == 2")
    assert page.one(class_="failure").raw == "AssertionError: <b>\nassert 1 == 2"
    assert page.one(class_="quiet").text == "In the call of the test, at test_x.py:7."
    assert page.one("details").one("summary").text == "The whole traceback"
    assert page.one("details").one("pre").raw == "def test_it():\n>   assert 1 == 2"
    assert not page.all("h3")


def test_a_failure_without_traceback_has_its_text_only(xbl: XboxLive) -> None:
    """One by the plugin has neither place nor traceback (SEEN-5)."""
    page = shown(xbl, "no", place="", traceback="no")
    assert (page.text, page.all("details")) == ("no In the call of the test.", [])


def test_a_long_text_is_cut(xbl: XboxLive) -> None:
    """Of a traceback the end remains, where the failure is (SEEN-8)."""
    page = shown(xbl, "x" * (LONGEST + 1), traceback="y" + "z" * LONGEST)
    assert page.one(class_="failure").raw == "x" * LONGEST + "..."
    assert page.one("details").one("pre").raw == "z" * LONGEST


def test_a_difference_leads_to_the_version_that_made_it(xbl: XboxLive, stacy: User) -> None:
    """And to the request; each version once (SEEN-2)."""
    session = xbl.sessions.create("lobby", name="one", members=[stacy], properties={"custom": {"map": "canyon"}})
    before = session.document
    xbl.client(stacy).put(ONE, json=properties({"map": "harbour", "round": 2}))
    with pytest.raises(AssertionError) as error:
        assert_session(session, before, ignore=["/changeNumber"])
    assert makers(xbl, str(error.value)) == ["lobby/one #2 12:00:00 put-session by Stacy, request #1"]
    page = shown(xbl, str(error.value))
    assert page.one("h3").text == "Who made it so"
    assert [it.attributes["href"] for it in page.one("ul").all("a")] == ["#session-1-version-1", "#request-1"]


def test_a_version_that_the_test_made_has_no_request(xbl: XboxLive, stacy: User) -> None:
    """So nothing leads to one (SEEN-2)."""
    xbl.sessions.create("lobby", name="one", members=[stacy])
    text = "/a: expected 1, got 2; since #1 12:00:00 create by the test; joined in #1 (why)"
    assert makers(xbl, text) == ["lobby/one #1 12:00:00 create by the test: session created, Stacy joined"]
    assert makers(xbl, "/a: expected 1, got 2; since #7 12:00:00 create by the test") == []


def test_a_line_about_a_member_leads_to_what_happened_to_them_last(xbl: XboxLive, stacy: User) -> None:
    """A timeout, too, by the request that met it (TIME-3)."""
    ana = xbl.user("Ana")
    xbl.client(stacy).put(ONE, json=ACTIVE)
    xbl.client(stacy).put(ONE, json=reserve(ana.xuid))
    xbl.clock.advance(seconds=31)
    xbl.client(stacy).put(ONE, json=properties({"map": "canyon"}))
    with pytest.raises(AssertionError) as error:
        xbl.sessions["one"].assert_members({stacy: "ready", ana: "reserved"})
    assert makers(xbl, str(error.value)) == [
        "lobby/one #1 12:00:00 put-session by Stacy: session created, Stacy joined, Stacy became active, request #1",
        "lobby/one #3 12:00:31 timers: Ana gone: reservation timed out, request #3",
    ]


def test_a_member_to_whom_nothing_happened_leads_nowhere(xbl: XboxLive, stacy: User) -> None:
    """Nor does somebody whom nobody knows (SEEN-2)."""
    xbl.user("Ana")
    xbl.client(stacy).put(ONE, json=ACTIVE)
    xbl.client(stacy).put(ONE, json=LEAVE)
    assert makers(xbl, "Ana: expected ready, got nobody\nBo: expected ready, got nobody") == []


def test_a_line_about_a_request_leads_there(xbl: XboxLive, stacy: User) -> None:
    """If there is such a request by this caller (SEEN-5)."""
    xbl.client(stacy).put(ONE, json={"a": 1})
    text = f"The client made a mistake:\n{xbl.journal[0]}\n#1 Bo: no such\n#2 Stacy: no such\n  #1 Stacy: no line"
    page = shown(xbl, text)
    [link] = page.one(class_="failure").all("a")
    assert (link.text, link.attributes["href"]) == ("#1", "#request-1")
    assert page.one(class_="failure").raw == text
