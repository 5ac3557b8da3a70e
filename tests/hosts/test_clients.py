"""Clients in the process of a test that have the real names in their source."""

from __future__ import annotations

import asyncio
import http.client
import socket
import ssl
from collections.abc import Callable
from contextlib import closing

import httpx
import pytest

from pytest_xbl import XboxLive
from real_hosts import HOST, Lobby

MADE_EARLY = httpx.Client(trust_env=False)
"""A client that is older than any fake, and whose context is, too."""
STRICT = ssl.create_default_context()
STRICT.verify_flags |= ssl.VERIFY_X509_STRICT


def by_an_older_httpx(path: str, headers: dict[str, str]) -> int:
    """The client was made when the module was imported."""
    return MADE_EARLY.get(f"https://{HOST}{path}", headers={**headers, "Connection": "close"}).status_code


def by_asyncio(path: str, headers: dict[str, str]) -> int:
    """On asyncio's loop, by its own streams."""

    async def get() -> int:
        reader, writer = await asyncio.open_connection(HOST, 443, ssl=True)
        writer.write(request(path, headers))
        status = (await reader.readline()).split()[1]
        writer.close()
        await writer.wait_closed()
        return int(status)

    return asyncio.run(get())


def by_http_client(path: str, headers: dict[str, str], context: ssl.SSLContext | None = None) -> int:
    """It knows no variables."""
    with closing(http.client.HTTPSConnection(HOST, context=context, timeout=10)) as connection:
        connection.request("GET", path, headers=headers)
        return connection.getresponse().status


def by_a_socket(path: str, headers: dict[str, str], *, family: int = socket.AF_INET, name: str = HOST) -> int:
    """It looks nothing up, but lets `connect` do so."""
    with socket.socket(family, socket.SOCK_STREAM) as plain:
        plain.connect((name, 443))
        with STRICT.wrap_socket(plain, server_hostname=HOST) as connection:
            connection.sendall(request(path, headers))
            return int(connection.recv(100).split()[1])


def by_a_socket_of_ipv6(path: str, headers: dict[str, str]) -> int:
    """The gate has an address of IPv4 only."""
    return by_a_socket(path, headers, family=socket.AF_INET6)


def by_an_old_look_up(path: str, headers: dict[str, str]) -> int:
    """By the functions that are older than `getaddrinfo`."""
    assert socket.gethostbyname_ex(HOST) == (HOST, [], [socket.gethostbyname(HOST)])
    return by_a_socket(path, headers, name=socket.gethostbyname(HOST))


def by_plain_http(path: str, headers: dict[str, str]) -> int:
    """Without TLS, at port 80."""
    with closing(http.client.HTTPConnection(HOST, timeout=10)) as connection:
        connection.request("GET", path, headers=headers)
        return connection.getresponse().status


def request(path: str, headers: dict[str, str]) -> bytes:
    """The bytes of a request."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {HOST}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


@pytest.mark.parametrize(
    "read",
    [
        by_an_older_httpx,
        by_asyncio,
        by_a_socket,
        by_a_socket_of_ipv6,
        by_an_old_look_up,
        by_plain_http,
    ],
)
def test_every_way_to_a_host_leads_to_the_world(
    xbl: XboxLive, lobby: Lobby, read: Callable[[str, dict[str, str]], int]
) -> None:
    """The ways below all libraries, and a client older than the fake; `tests/clients` has others (HOST-1)."""
    assert read(lobby.path, lobby.headers) == 200
    assert str(xbl.journal[0]) == f"#1 Stacy: get-session lobby/friday at {HOST} -> 200"


def test_a_connection_is_kept(xbl: XboxLive, lobby: Lobby) -> None:
    """A real name leads to the same connections as `xbl.url` (HOST-1)."""
    with closing(http.client.HTTPSConnection(HOST, timeout=10)) as connection:
        connection.request("GET", lobby.path, headers=lobby.headers)
        connection.getresponse().read()
        kept = connection.sock
        connection.request("GET", lobby.path, headers=lobby.headers)
        assert connection.getresponse().status == 200
        assert connection.sock is kept


@pytest.mark.parametrize("host", ["privacy.xboxlive.com", "account.live.com", "deep.down.auth.xboxlive.com"])
def test_a_service_that_there_is_not_is_named(xbl: XboxLive, host: str) -> None:
    """404 with the services that there are, and one kind of mistake, from a request without a token, too (CALL-1)."""
    response = httpx.get(f"https://{host}/users/me")

    there_are = "sessiondirectory.xboxlive.com, client-sessiondirectory.xboxlive.com, userstats.xboxlive.com"
    assert response.text.startswith(f"The fake has no service at {host}; it has {there_are}")
    assert (response.status_code, xbl.journal[0].mistake, xbl.journal[0].host) == (404, "unknown-service", host)


def test_the_name_is_verified(xbl: XboxLive, lobby: Lobby) -> None:
    """A client that connects to one name and asks for the certificate of another gets none (HOST-3)."""
    with (
        socket.create_connection((HOST, 443), timeout=10) as plain,
        pytest.raises(ssl.SSLError, match=r"(?i)unrecognized.name"),
    ):
        ssl.create_default_context().wrap_socket(plain, server_hostname="example.com")


def test_a_context_that_verifies_nothing_is_left_alone(xbl: XboxLive, lobby: Lobby) -> None:
    """Nor does one of another host get an authority more (HOST-1)."""
    careless = ssl.create_default_context()
    careless.check_hostname, careless.verify_mode = False, ssl.CERT_NONE
    before = len(careless.get_ca_certs())

    assert by_http_client(lobby.path, lobby.headers, careless) == 200
    assert len(careless.get_ca_certs()) == before


def test_other_connections_stay_as_they_are(xbl: XboxLive, lobby: Lobby) -> None:
    """The machine itself, and sockets that are not of IP (HOST-1)."""
    assert socket.getaddrinfo("localhost", 80, socket.AF_INET)[0][4] == ("127.0.0.1", 80)
    assert socket.gethostbyname("localhost") == "127.0.0.1"
    assert socket.gethostbyname_ex("localhost")[2] == ["127.0.0.1"]
    assert httpx.get(f"{xbl.url}{lobby.path}", headers=lobby.headers).status_code == 200
    with socket.socket(socket.AF_UNIX) as local, pytest.raises(FileNotFoundError):
        local.connect("nobody-listens-here")
    with socket.socket() as other:
        assert other.connect_ex(("127.0.0.1", 1)) != 0


@pytest.mark.parametrize(
    ("port", "number"), [(443, 443), ("443", 443), (b"443", 443), ("https", 443), (None, 0), (0, 0)]
)
def test_a_port_may_have_a_name_or_none(xbl: XboxLive, port: object, number: int) -> None:
    """The look-up of a real name takes what the true one takes (HOST-1)."""
    [(*_, address)] = socket.getaddrinfo(HOST.upper().encode(), port)  # type: ignore[arg-type]  # bytes are allowed
    assert address[1] == number
