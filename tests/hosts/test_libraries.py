"""Libraries that resolve and connect by themselves."""

from __future__ import annotations

import asyncio
import socket
import ssl
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from types import ModuleType
from typing import Any

import pytest

from pytest_xbl.hosts.patches import PLACE, Patches
from real_hosts import HOST, Nowhere

LIBRARIES = {
    "uvloop": """
        class Base:
            async def getaddrinfo(self, host, port, *, family=0, type=0, proto=0, flags=0):
                return [("looked up", host, port)]

            async def create_connection(self, factory, host=None, port=None, **options):
                return host, port, options

            async def start_tls(self, transport, protocol, sslcontext, *, server_side=False, server_hostname=None):
                return server_hostname

            async def sock_connect(self, sock, address):
                return address

        class Loop(Base):
            pass
    """,
    "aiodns": """
        class DNSResolver:
            async def getaddrinfo(self, host, family=0, port=None, proto=0, type=0, flags=0):
                return "looked up", host, port
    """,
}
"""Stand-ins with the functions of the true ones."""
GATE = ("127.0.0.1", 1)


@pytest.fixture(params=["before", "after"])
def patches(
    request: pytest.FixtureRequest, guide: Nowhere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Patches]:
    """The functions to be replaced in libraries, which are imported before that or after it; a test replaces them."""
    for name, text in LIBRARIES.items():
        (tmp_path / f"{name}.py").write_text(dedent(text))
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    patches = Patches(guide)
    if request.param == "before":
        imported()
    yield patches
    patches.disarm()
    for name in LIBRARIES:
        sys.modules.pop(name, None)


def imported() -> tuple[Any, Any]:
    """The libraries."""
    import aiodns
    import uvloop

    return uvloop.Loop(), aiodns.DNSResolver()


def result_of(awaitable: Any) -> Any:
    """What comes of it, on a loop."""

    async def waiting() -> Any:
        return await (awaitable() if callable(awaitable) else awaitable)

    return asyncio.run(waiting())


def test_the_loop_of_uvloop_looks_real_names_up_here(patches: Patches) -> None:
    """Others are looked up as before (HOST-1)."""
    patches.arm()
    loop, _ = imported()
    assert result_of(loop.getaddrinfo(HOST, 443, type=socket.SOCK_STREAM))[0][4] == (PLACE, 443)
    assert result_of(loop.getaddrinfo("localhost", 80)) == [("looked up", "localhost", 80)]


def test_the_loop_of_uvloop_connects_to_the_gate(patches: Patches) -> None:
    """With the name that the client asked for, which it verifies; a socket that is there already, too (HOST-1)."""
    patches.arm()
    loop, _ = imported()
    context = ssl.create_default_context()
    *address, options = result_of(loop.create_connection(None, HOST, 443, ssl=context))
    assert (tuple(address), options) == (GATE, {"ssl": context, "server_hostname": HOST})
    *address, options = result_of(loop.create_connection(None, HOST, 80))
    assert (tuple(address), options) == (GATE, {})
    *address, options = result_of(loop.create_connection(None, "localhost", 443, ssl=True))
    assert (tuple(address), options) == (("localhost", 443), {"ssl": True})
    *address, options = result_of(loop.create_connection(None, sock="there already"))
    assert (tuple(address), options) == ((None, None), {"sock": "there already"})
    assert result_of(loop.sock_connect("there already", (PLACE, 443))) == GATE


def test_the_loop_of_uvloop_teaches_a_context(patches: Patches, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it begins TLS in a tunnel (HOST-1)."""
    patches.arm()
    loop, _ = imported()
    taught = []
    monkeypatch.setattr(patches, "teach", lambda _context, name: taught.append(name))
    assert result_of(loop.start_tls(None, None, ssl.create_default_context(), server_hostname=HOST)) == HOST
    assert taught == [HOST]


def test_aiodns_looks_real_names_up_here(patches: Patches) -> None:
    """In the form that aiodns has; others are looked up as before (HOST-1)."""
    patches.arm()
    _, resolver = imported()
    [node] = result_of(lambda: resolver.getaddrinfo(HOST, port=443, type=socket.SOCK_STREAM)).nodes
    assert (node.family, node.addr) == (socket.AF_INET, (PLACE.encode(), 443))
    assert result_of(lambda: resolver.getaddrinfo("localhost", port=80)) == ("looked up", "localhost", 80)


def test_the_loop_of_windows_connects_to_the_gate(guide: Nowhere, monkeypatch: pytest.MonkeyPatch) -> None:
    """It connects by a function of Windows, to addresses only (HOST-1)."""
    module: Any = ModuleType("asyncio.windows_events")
    module.IocpProactor = type("IocpProactor", (), {"connect": lambda _self, _conn, address: address})
    monkeypatch.setitem(sys.modules, module.__name__, module)
    patches = Patches(guide)
    patches.arm()
    assert module.IocpProactor().connect(None, (PLACE, 443)) == GATE
    patches.disarm()
    assert module.IocpProactor().connect(None, (PLACE, 443)) == (PLACE, 443)


def test_a_library_that_is_not_there_is_not_found(patches: Patches, monkeypatch: pytest.MonkeyPatch) -> None:
    """The finder finds nothing that the others do not, and only the libraries that it knows (HOST-1)."""
    patches.arm()
    monkeypatch.setattr(sys, "path", [])
    assert patches._finder.find_spec("uvloop") is None
    assert patches._finder.find_spec("json") is None


def test_the_loader_of_a_library_is_like_its_own(patches: Patches) -> None:
    """Whoever reads its source or its resources notices nothing (HOST-1)."""
    patches.arm()
    imported()
    import uvloop

    assert "class Loop" in uvloop.__loader__.get_source("uvloop")


def test_a_library_is_replaced_once(patches: Patches) -> None:
    """Also if somebody has thrown out the finder, and it is put back (HOST-1)."""
    patches.arm()
    loop, _ = imported()
    there = type(loop).getaddrinfo
    sys.meta_path.remove(patches._finder)
    patches.arm()
    assert patches._finder in sys.meta_path
    assert type(loop).getaddrinfo is there


def test_two_fakes_in_one_process_both_see_a_library(guide: Nowhere, patches: Patches) -> None:
    """As when pytest runs in a test of pytest: the inner one leads, and leaves the outer one as it was (HOST-1)."""
    patches.arm()
    inner = Nowhere()
    inner.place = ("127.0.0.1", 2)
    others = Patches(inner)
    others.arm()
    loop, _ = imported()
    assert result_of(loop.create_connection(None, HOST, 80))[:2] == ("127.0.0.1", 2)
    others.disarm()
    assert result_of(loop.create_connection(None, HOST, 80))[:2] == GATE
