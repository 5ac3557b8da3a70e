"""What is replaced in a process, and how it meets what others replace there."""

from __future__ import annotations

import _socket
import errno
import inspect
import socket
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pytest_xbl.hosts.patches import PLACE, Patches
from real_hosts import HOST, Nowhere

OWNERS: list[tuple[Any, str]] = [
    (socket, "getaddrinfo"),
    (_socket, "getaddrinfo"),
    (socket, "gethostbyname"),
    (socket, "gethostbyname_ex"),
    (socket.socket, "connect"),
    (socket.socket, "connect_ex"),
    (ssl.SSLContext, "wrap_socket"),
    (ssl.SSLContext, "wrap_bio"),
]


@pytest.fixture
def patches(guide: Nowhere) -> Iterator[Patches]:
    """The functions to be replaced; only a test itself replaces them on top of those of its own run."""
    patches = Patches(guide)
    yield patches
    patches.disarm()


def test_nothing_is_replaced_but_names_connections_and_handshakes(guide: Nowhere) -> None:
    """And all of it is put back, so that it is as if nothing had been there (HOST-1)."""
    before = [dict(inspect.getmembers(owner)) for owner, _ in OWNERS]
    patches = Patches(guide)
    patches.arm()
    changed = {name for (owner, _), old in zip(OWNERS, before, strict=True) for name in changes(owner, old)}
    patches.disarm()
    patches.disarm()

    assert changed == {name for _, name in OWNERS}
    assert not [name for (owner, _), old in zip(OWNERS, before, strict=True) for name in changes(owner, old)]


def changes(owner: object, before: dict[str, object]) -> set[str]:
    """The functions that are others than before."""
    return {name for name, there in inspect.getmembers(owner, inspect.isroutine) if there != before[name]}


def test_a_name_becomes_an_address_and_the_address_a_connection(patches: Patches, guide: Nowhere) -> None:
    """The address stands for all names between the two (HOST-1)."""
    patches.arm()
    [(family, kind, protocol, _, address)] = socket.getaddrinfo(HOST, 443)
    assert (family, kind, protocol, address) == (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, (PLACE, 443))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        guide.place = listening.getsockname()
        with socket.create_connection((HOST, 443), timeout=10) as connection:
            assert connection.getpeername() == guide.place
    assert {*guide.asked} == {(HOST, 443)}


def test_a_look_up_may_have_been_taken_before(patches: Patches) -> None:
    """As Twisted has it: from socket import getaddrinfo (HOST-1)."""
    taken = inspect.unwrap(socket.getaddrinfo)
    patches.arm()
    assert taken(HOST, 443)[0][4] == (PLACE, 443)


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (lambda: socket.socket().connect(("localhost",)), TypeError),
        (lambda: socket.socket().connect("localhost"), TypeError),
        (lambda: socket.getaddrinfo("localhost", "no-such-service"), socket.gaierror),
        (lambda: socket.getaddrinfo("localhost", b"\xff"), socket.gaierror),
    ],
)
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_what_is_no_address_gets_the_usual_error(
    patches: Patches, ask: Callable[[], object], error: type[Exception]
) -> None:
    """That of Python, and none of ours (HOST-1)."""
    patches.arm()
    with pytest.raises(error):
        ask()


@pytest.mark.parametrize(
    "reach",
    [
        lambda: socket.getaddrinfo("example.com", 443),
        lambda: socket.gethostbyname("example.com"),
        lambda: socket.gethostbyname_ex("EXAMPLE.com."),
        lambda: socket.create_connection(("example.com", 443)),
        lambda: socket.socket().connect(("example.com", 443)),
        lambda: socket.socket().connect(("192.0.2.1", 443)),
        lambda: socket.socket().connect_ex(("192.0.2.1", 443)),
    ],
)
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_a_foreign_host_is_refused_before_it_is_looked_up(patches: Patches, reach: Callable[[], object]) -> None:
    """By its name or its address, with an errno and a text, since some clients show but one of them (HOST-4)."""
    patches.arm()
    with pytest.raises(PermissionError, match="no way to "):
        reach()


def test_what_sends_nothing_is_not_refused(patches: Patches, guide: Nowhere) -> None:
    """An address may be looked up as one, and a socket of UDP that connects sends no packet (HOST-4)."""
    patches.arm()
    assert socket.getaddrinfo("192.0.2.1", 80, type=socket.SOCK_STREAM)[0][4] == ("192.0.2.1", 80)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        assert datagrams.connect_ex(("192.0.2.1", 9)) in {0, errno.ENETUNREACH}
    assert guide.asked == []


def test_the_address_of_a_name_that_may_be_reached_may_be_reached(patches: Patches, guide: Nowhere) -> None:
    """The name is what is allowed; its address is only known when it has been looked up (HOST-4)."""
    patches.arm()
    address = socket.gethostbyname("localhost")
    guide.asked.clear()
    with socket.socket() as connection:
        connection.connect_ex((address, 1))
    assert guide.asked == []


def test_the_address_of_a_name_that_was_left_alone_is_still_foreign(
    patches: Patches, guide: Nowhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A test without a world may look up what the next one, which has a world, must not reach (HOST-4)."""
    monkeypatch.setattr(socket, "gethostbyname", lambda _: "192.0.2.1")
    patches.arm()
    assert socket.gethostbyname("foreign.invalid") == "192.0.2.1"
    with socket.socket() as connection, pytest.raises(PermissionError, match=r"no way to 192\.0\.2\.1"):
        connection.connect(("192.0.2.1", 443))
    assert guide.asked == [("foreign.invalid", 0), ("192.0.2.1", 443)]


def test_a_look_up_without_a_name_is_left_alone(patches: Patches, guide: Nowhere) -> None:
    """As a server asks for the address at which it is to listen (HOST-1)."""
    patches.arm()
    assert socket.getaddrinfo(None, 80, socket.AF_INET, socket.SOCK_STREAM)[0][4] == ("127.0.0.1", 80)
    assert guide.asked == []


def test_without_an_authority_a_context_learns_nothing(patches: Patches) -> None:
    """The handshake then fails as it would without the fake (HOST-5)."""
    patches.arm()
    context = ssl.create_default_context()
    before = len(context.get_ca_certs())
    patches.teach(context, HOST)
    assert len(context.get_ca_certs()) == before


def test_what_others_put_in_its_place_is_wrapped_again(patches: Patches, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin that guards `connect` and puts the true one back after each test, such as pytest-socket (HOST-1)."""
    patches.arm()
    true = vars(socket.socket)["connect"].__wrapped__
    guarded = []

    def guard(this: socket.socket, address: Any) -> Any:
        guarded.append(address)
        return true(this, address)

    with monkeypatch.context() as patch:
        patch.setattr(socket.socket, "connect", guard)
        patches.arm()
        with socket.socket() as connection, pytest.raises(ConnectionRefusedError):
            connection.connect((HOST, 443))
        assert guarded == [("127.0.0.1", 1)]
        patch.setattr(socket.socket, "connect", true)
        patches.arm()
        with socket.socket() as connection, pytest.raises(ConnectionRefusedError):
            connection.connect((HOST, 443))
    assert len(guarded) == 1


def test_a_class_that_stands_in_for_sockets_changes_nothing(guide: Nowhere, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even in the first test, such as one in which pytest-socket forbids them: a later one allows them (HOST-1)."""
    with monkeypatch.context() as patch:
        patch.setattr(socket, "socket", type("Guarded", (socket.socket,), {}))
        patches = Patches(guide)
        patches.arm()
    try:
        with socket.socket() as connection, pytest.raises(ConnectionRefusedError):
            connection.connect((HOST, 443))
        assert guide.asked == [(HOST, 443)]
    finally:
        patches.disarm()


def test_a_look_up_of_pytest_socket_stays_as_it_is(patches: Patches, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes that away again only if it finds the very same there; ours is back at the next test (HOST-1)."""

    def guard(*_: object) -> None:
        """Refuse."""

    guard.__module__ = "pytest_socket"
    patches.arm()
    with monkeypatch.context() as patch:
        patch.setattr(socket, "gethostbyname", guard)
        patches.arm()
        patches.arm()
        there: Any = socket.gethostbyname
        assert there is guard
        patch.setattr(socket, "gethostbyname", lambda name: f"found {name}")
        patches.arm()
        assert (socket.gethostbyname(HOST), socket.gethostbyname("localhost")) == (PLACE, "found localhost")


def test_what_was_put_back_by_others_is_not_wrapped_twice(patches: Patches, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that patches `connect` puts our own back afterwards; a thousand such tests make no chain (HOST-1)."""
    patches.arm()
    ours = socket.socket.connect
    for _ in range(3):
        with monkeypatch.context() as patch:
            patch.setattr(socket.socket, "connect", lambda this, address: ours(this, tuple(address)))
            patches.arm()
        patches.arm()
    assert socket.socket.connect is ours


def test_what_others_have_put_on_top_stays(guide: Nowhere, monkeypatch: pytest.MonkeyPatch) -> None:
    """They will put back themselves what they have found (HOST-1)."""
    patches = Patches(guide)
    patches.arm()
    with monkeypatch.context() as patch:
        theirs = socket.getaddrinfo
        patch.setattr(socket, "getaddrinfo", lambda host, port: theirs(host, port, 0))
        there = socket.getaddrinfo
        patches.disarm()
        assert socket.getaddrinfo is there
    monkeypatch.setattr(socket, "getaddrinfo", vars(theirs)["__wrapped__"])
