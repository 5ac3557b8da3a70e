"""Refusals of hosts, and the world that they are charged to."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from pytest_xbl import XboxLive
from pytest_xbl.hosts.egress import Egress, text_of
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.wire.switchboard import Switchboard
from real_hosts import HOST

FOREIGN = "A test may not reach {}, only Xbox Live; the setting xbl_allow_hosts allows other hosts."
Made = Callable[..., Egress]


@pytest.fixture
def board() -> Switchboard:
    """A switchboard with nobody on it."""
    return Switchboard()


@pytest.fixture
def made(board: Switchboard) -> Made:
    """Makes the rules of a session."""

    def make(mode: str = "serve", *, is_strict: bool = True) -> Egress:
        return Egress(board, mode=mode, is_strict=is_strict, allowed=["db.example.com"])  # type: ignore[arg-type]

    return make


@pytest.mark.parametrize(
    ("host", "port", "what", "rule"),
    [
        ("example.com", 443, FOREIGN.format("example.com:443"), "HOST-4"),
        ("example.com", 0, FOREIGN.format("example.com"), "HOST-4"),
        ("2001:db8::1", 80, FOREIGN.format("[2001:db8::1]:80"), "HOST-4"),
        (HOST, 8443, f"{HOST} is served at the ports 80 and 443, and not at 8443.", "HOST-4"),
        (HOST, 443, None, None),
        (HOST, 0, None, None),
        ("profile.xboxlive.com", 80, None, None),
        ("db.example.com", 5432, None, None),
        ("127.0.0.1", 8080, None, None),
    ],
)
def test_a_refusal_says_what_may_be_reached(
    made: Made, host: str, port: int, what: str | None, rule: str | None
) -> None:
    """And which setting allows more (HOST-4)."""
    refusal = made().refuse(host, port)
    assert (refusal and refusal.what, refusal and refusal.rule) == (what, rule)


@pytest.mark.parametrize(
    ("mode", "why"),
    [
        ("block", "is blocked by the setting xbl_hosts = block; xbl.url is the address of the fake."),
        ("serve", "is not served, because that needs trustme: pip install pytest-xbl[hosts]"),
    ],
)
def test_a_blocked_host_says_why(made: Made, mode: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a setting, or for want of the extra; foreign hosts are as they are (HOST-5)."""
    monkeypatch.setitem(sys.modules, "trustme", None)
    refusal = made(mode).refuse_here(HOST, 443)
    assert isinstance(refusal, Refusal)
    assert text_of(refusal) == f"pytest-xbl: {HOST} {why} (HOST-5)"
    assert made(mode).refuse("db.example.com", 443) is None


def test_a_refusal_is_charged_to_the_world_that_was_made_last(made: Made, board: Switchboard) -> None:
    """It is a mistake in its journal (HOST-4, SEEN-5)."""
    first, second = XboxLive(name="first"), XboxLive(name="second")
    with board.connected(first.app), board.connected(second.app):
        made().refuse_here("example.com", 443)
    [entry] = second.journal
    assert (str(entry.mistake), entry.method, entry.path, entry.status) == ("egress", "CONNECT", "example.com:443", 403)
    assert entry.answered == f"{entry.refusal}\n"
    assert len(first.journal) == 0


def test_the_process_of_a_test_may_reach_others_unless_it_is_strict(made: Made, board: Switchboard) -> None:
    """Nor is a test refused anything that has no world; a program always is (HOST-4)."""
    assert made().refuse_here("example.com", 443) is None
    with board.connected(XboxLive().app):
        assert made(is_strict=False).refuse_here("example.com", 443) is None
        assert made().refuse_here("example.com", 443)
    assert made(is_strict=False).refuse("example.com", 443)
