"""Which hosts are foreign."""

from __future__ import annotations

import socket

import pytest

from pytest_xbl.hosts.known import Known, authority, is_address, is_xbox_live, name_of

KNOWN = Known(["db.example.com", "10.0.0.7", "2001:db8::1"])


@pytest.mark.parametrize(
    ("name", "is_known"),
    [
        ("localhost", True),
        ("game.localhost", True),
        ("localhost.localdomain", True),
        ("ip6-localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("0.0.0.0", True),  # noqa: S104 -- a table of names
        ("::", True),
        ("", True),
        (socket.gethostname().lower(), True),
        ("db.example.com", True),
        ("two.db.example.com", True),
        ("10.0.0.7", True),
        ("2001:db8::1", True),
        ("example.com", False),
        ("notdb.example.com", False),
        ("110.0.0.7", False),
        ("x.10.0.0.7", False),
        ("128.0.0.1", False),
        ("localhost.example.com", False),
        ("::ffff:8.8.8.8", False),
    ],
)
def test_the_machine_and_what_is_allowed_may_be_reached(name: str, is_known: bool) -> None:
    """All names below an allowed one, too; addresses are as they are (HOST-4)."""
    assert KNOWN.lets_reach(name) is is_known


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("Example.COM.", "example.com"),
        (b"example.com", "example.com"),
        (bytearray(b"example.com"), "example.com"),
        (b"\xff", "\ufffd"),
        ("B\u00dccher.example.com.", "xn--bcher-kva.example.com"),
        ("\u00fc" * 64, "\u00fc" * 64),
        ("[::1]", "::1"),
        ("fe80::1%eth0", "fe80::1"),
        (None, ""),
        (7, ""),
    ],
)
def test_a_host_has_one_spelling(host: object, name: str) -> None:
    """Capitals, a dot at the end, brackets and zones do not count, nor does how letters are written (HOST-4)."""
    assert name_of(host) == name


@pytest.mark.parametrize(
    ("name", "is_ours"),
    [
        ("sessiondirectory.xboxlive.com", True),
        ("title.mgt.xboxlive.com", True),
        ("login.live.com", True),
        ("xboxlive.com", False),
        ("notxboxlive.com", False),
        ("xboxlive.com.example.com", False),
        ("login.microsoftonline.com", False),
    ],
)
def test_names_of_xbox_live_are_known_by_their_ends(name: str, is_ours: bool) -> None:
    """Whether or not the fake has the service (HOST-1)."""
    assert is_xbox_live(name) is is_ours


@pytest.mark.parametrize(("name", "is_one"), [("10.0.0.7", True), ("::1", True), ("a1.example.com", False)])
def test_an_address_is_no_name(name: str, is_one: bool) -> None:
    """No top-level domain ends in a digit (HOST-4)."""
    assert is_address(name) is is_one


@pytest.mark.parametrize(
    ("name", "port", "text"),
    [("a.example.com", 443, "a.example.com:443"), ("a.example.com", 0, "a.example.com"), ("::1", 80, "[::1]:80")],
)
def test_a_host_and_a_port_are_named_as_in_a_url(name: str, port: int, text: str) -> None:
    """A name that is looked up may have no port yet (HOST-4)."""
    assert authority(name, port) == text
