"""Libraries that do not go through the module `socket`, and what is replaced in them.

They are looked at when they are imported, which may be long before or after the first test.
A child process loads this module where nothing else may be installed, so it imports the standard library only.
"""

from __future__ import annotations

import socket
import ssl
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib.machinery import ModuleSpec
from types import ModuleType, SimpleNamespace
from typing import Any, Protocol, TypeAlias

Function: TypeAlias = Callable[..., Any]


class Leading(Protocol):
    """The ways in which names, connections and handshakes lead, as a replacement asks for them."""

    def led(self, host: object, port: object = 0, /) -> bool:
        """Whether a name leads to the fake."""

    def target(self, address: Any, /) -> Any:
        """The address to which a connection goes that was meant for this one."""

    def teach(self, context: ssl.SSLContext, hostname: object, /) -> None:
        """Let a context trust the session's authority, if the host is one of Xbox Live."""


def _look_up(leading: Leading, original: Function) -> Function:
    """The look-up of uvloop, which is in C."""

    async def getaddrinfo(loop: Any, host: Any, port: Any, **hints: Any) -> Any:
        if leading.led(host, port):
            return socket.getaddrinfo(host, port, **hints)
        return await original(loop, host, port, **hints)

    return getaddrinfo


def _connect(leading: Leading, original: Function) -> Function:
    """The way in which uvloop makes a connection, and TLS on it if that is wanted."""

    async def create_connection(loop: Any, factory: Any, host: Any = None, port: Any = None, **options: Any) -> Any:
        context = options.get("ssl")
        if host is not None:
            if context and leading.led(host, port):
                options.setdefault("server_hostname", host)
            host, port = leading.target((host, port))[:2]
        if isinstance(context, ssl.SSLContext):
            leading.teach(context, options.get("server_hostname"))
        return await original(loop, factory, host, port, **options)

    return create_connection


def _shake_hands(leading: Leading, original: Function) -> Function:
    """The way in which uvloop begins TLS on a connection, such as a tunnel."""

    async def start_tls(loop: Any, transport: Any, protocol: Any, sslcontext: Any, **options: Any) -> Any:
        leading.teach(sslcontext, options.get("server_hostname"))
        return await original(loop, transport, protocol, sslcontext, **options)

    return start_tls


def _connect_socket(leading: Leading, original: Function) -> Function:
    """The way in which uvloop, and asyncio on Windows, connect a socket that is there already."""

    def sock_connect(loop: Any, sock: Any, address: Any) -> Any:
        return original(loop, sock, leading.target(address))

    return sock_connect


def _ask_servers(leading: Leading, original: Function) -> Function:
    """The look-up of aiodns, which asks the servers of names itself; aiohttp prefers it where it is installed."""

    def getaddrinfo(resolver: Any, host: Any, family: int = 0, port: Any = None, *args: Any, **hints: Any) -> Any:
        if not leading.led(host, port):
            return original(resolver, host, family, port, *args, **hints)
        import asyncio

        [(family, kind, protocol, _, address)] = socket.getaddrinfo(host, port)
        raw = (str(address[0]).encode(), address[1])
        node = SimpleNamespace(family=family, socktype=kind, protocol=protocol, addr=raw, flags=0)
        found: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        found.set_result(SimpleNamespace(nodes=[node], cnames=[]))
        return found

    return getaddrinfo


LIBRARIES: Mapping[str, tuple[str, Mapping[str, Callable[[Leading, Function], Function]]]] = {
    "uvloop": (
        "Loop",
        {
            "getaddrinfo": _look_up,
            "create_connection": _connect,
            "start_tls": _shake_hands,
            "sock_connect": _connect_socket,
        },
    ),
    "aiodns": ("DNSResolver", {"getaddrinfo": _ask_servers}),
    "asyncio.windows_events": ("IocpProactor", {"connect": _connect_socket}),
}
"""The class of each module whose methods are replaced, and what makes the replacements."""


def replacements_in(module: ModuleType, leading: Leading) -> Iterator[tuple[Any, str, Callable[[Function], Function]]]:
    """The class and the name of each method that is replaced in a library, and what makes the replacement."""
    name, methods = LIBRARIES[module.__name__]
    owner = getattr(module, name)
    for method, around in methods.items():
        yield owner, method, partial(around, leading)


class AfterImport:
    """A finder of modules that says when one of the libraries has been imported.

    Args:
        imported: is called with the module.
    """

    def __init__(self, imported: Callable[[ModuleType], None]) -> None:
        self._imported = imported

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec that the finders behind this one have for a library; None for any other module."""
        if name not in LIBRARIES:
            return None
        finders = sys.meta_path[sys.meta_path.index(self) + 1 :]
        specs = (finder.find_spec(name, path, target) for finder in finders)
        spec = next(filter(None, specs), None)
        if spec:
            spec.loader = _Loader(spec.loader, self._imported)  # type: ignore[assignment]  # it has what a loader has
        return spec


class _Loader:
    """The loader of a library, and a call when it has done its work."""

    def __init__(self, loader: Any, imported: Callable[[ModuleType], None]) -> None:
        self._loader = loader
        self._imported = imported

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def exec_module(self, module: ModuleType) -> None:
        """Run the module."""
        self._loader.exec_module(module)
        self._imported(module)
