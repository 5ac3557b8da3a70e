"""Names, connections and TLS handshakes of this process, led to the fake (HOST-1).

Every client of Python's ends in a few functions of `socket` and `ssl`, whatever its options are and whenever it was
made.
A name of Xbox Live becomes an address at which nobody listens, a connection to that address goes to the gate, and a
context that is about to shake hands with such a host trusts the session's authority from then on.
A child process loads this module where nothing else may be installed, so it imports the standard library only.
"""

from __future__ import annotations

import _socket
import socket
import ssl
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial, wraps
from types import ModuleType
from typing import Any, NamedTuple, Protocol, TypeAlias
from weakref import WeakSet

from pytest_xbl.hosts.known import ANY_PORT, is_address, is_xbox_live, name_of
from pytest_xbl.hosts.libraries import LIBRARIES, AfterImport, replacements_in

Address: TypeAlias = tuple[str, int]
PLACE = "127.88.76.1"
"""The address that stands for all hosts of Xbox Live from the look-up of a name to the connection."""


SOCKET = next((kind for kind in ssl.SSLSocket.__mro__ if kind.__module__ == "socket"), socket.socket)
"""The class of sockets of the standard library, also while a guard has put one of its own at `socket.socket`."""


class Guide(Protocol):
    """Decides where the names and the connections of a process lead."""

    def require_reachable(self, host: str, port: int) -> None:
        """Refuse a host that a test may not reach.

        Raises:
            OSError: with a text that says why.
        """

    def knows(self, host: str) -> bool:
        """Whether a host is the machine itself, or is allowed."""

    def gate(self) -> Address:
        """The address at which the hosts of Xbox Live are served."""

    def certificate(self) -> str | None:
        """The certificate of the authority that vouches for them, as PEM; None if there is none."""


class Patch(NamedTuple):
    """A function that is replaced, and how.

    Args:
        owner: the module or the class whose attribute it is.
        around: makes the replacement of whatever function is there.
    """

    owner: Any
    name: str
    around: Callable[[Callable[..., Any]], Callable[..., Any]]


class Patches:
    """The replaced functions of a process.

    Args:
        guide: decides where they lead.
    """

    def __init__(self, guide: Guide) -> None:
        self._guide = guide
        self._patches = [*self._of_sockets(), *self._of_tls()]
        self._standing: list[tuple[Mapping[str, Any], str, Callable[..., Any]]] = []
        """Where each replacement was put last: the attributes of its owner, its name, and the replacement."""
        self._ours: WeakSet[Callable[..., Any]] = WeakSet()
        """Every replacement that was ever made; somebody may have kept one and put it back."""
        self._taught: WeakSet[ssl.SSLContext] = WeakSet()
        self._resolved: set[str] = set()
        """The addresses of names that every test may reach."""
        self._libraries: list[ModuleType] = []
        self._finder = AfterImport(self._add_library)

    def arm(self) -> None:
        """Replace the functions, also those that somebody has put back or replaced in the meantime."""
        if self._finder not in sys.meta_path:
            sys.meta_path.insert(0, self._finder)
            for name in LIBRARIES:
                if name in sys.modules:
                    self._add_library(sys.modules[name])
        if not self._stand():
            self._standing = [self._put(patch) for patch in self._patches]

    def _stand(self) -> bool:
        """Whether every replacement is where it was put; every test asks."""
        for there, name, ours in self._standing:
            if there.get(name) is not ours:
                return False
        return len(self._standing) == len(self._patches)

    def disarm(self) -> None:
        """Put back what was there, but for what somebody else has replaced since."""
        if self._finder in sys.meta_path:
            sys.meta_path.remove(self._finder)
        for owner, name, _ in self._patches:
            ours = vars(owner).get(name)
            if ours in self._ours:
                delattr(owner, name)
                if getattr(owner, name, None) is not ours.__wrapped__:  # else it is inherited
                    setattr(owner, name, ours.__wrapped__)

    def _put(self, patch: Patch) -> tuple[Mapping[str, Any], str, Callable[..., Any]]:
        """Replace a function unless it is one of ours, or has to stay; where that was."""
        there = getattr(patch.owner, patch.name)
        if there not in self._ours and not _has_to_stay(patch.owner, there):
            replacement = wraps(there)(patch.around(there))
            self._ours.add(replacement)
            setattr(patch.owner, patch.name, replacement)
            there = replacement
        return vars(patch.owner), patch.name, there

    def _add_library(self, module: ModuleType) -> None:
        """Replace the functions of a library that has ways of its own, once it is imported."""
        if module not in self._libraries:
            self._libraries.append(module)
            patches = [Patch(*parts) for parts in replacements_in(module, self)]
            self._patches += patches
            self._standing += map(self._put, patches)

    def led(self, host: object, port: object = ANY_PORT) -> bool:
        """Whether a name leads to the fake.

        Raises:
            OSError: for a host that may not be reached.
        """
        name = name_of(host)
        if name and not is_address(name):
            self._guide.require_reachable(name, _number(port))
        return is_xbox_live(name)

    def target(self, address: Any, kind: int = socket.SOCK_STREAM, family: int = socket.AF_INET) -> Any:
        """The address to which a connection goes that was meant for this one.

        Raises:
            OSError: for a host that may not be reached.
        """
        if family not in (socket.AF_INET, socket.AF_INET6) or not _is_host_and_port(address):
            return address
        name, port = name_of(address[0]), _number(address[1])
        if name == PLACE or self.led(name, port):
            host, port = self._guide.gate()
            return (host, port) if family == socket.AF_INET else (f"::ffff:{host}", port)
        if kind == socket.SOCK_STREAM and is_address(name) and name not in self._resolved:
            self._guide.require_reachable(name, port)
        return address

    def teach(self, context: ssl.SSLContext, hostname: object) -> None:
        """Let a context that is about to shake hands with a host of Xbox Live trust the session's authority."""
        if not is_xbox_live(name_of(hostname)) or context in self._taught or context.verify_mode == ssl.CERT_NONE:
            return
        if certificate := self._guide.certificate():
            context.load_verify_locations(cadata=certificate)
            self._taught.add(context)

    def _remember(self, host: object, addresses: Iterable[object]) -> None:
        """Remember the addresses of a name that every test may reach; an address by itself says nothing of that."""
        name = name_of(host)
        if not is_address(name) and self._guide.knows(name):
            self._resolved.update(map(name_of, addresses))

    def _of_sockets(self) -> Iterator[Patch]:
        yield Patch(socket, "getaddrinfo", self._getaddrinfo)
        # That of `socket` calls this one, also for modules that have taken it from there before the first test.
        yield Patch(_socket, "getaddrinfo", self._getaddrinfo)
        yield Patch(socket, "gethostbyname", self._gethostbyname)
        yield Patch(socket, "gethostbyname_ex", self._gethostbyname_ex)
        yield Patch(SOCKET, "connect", self._connecting)
        yield Patch(SOCKET, "connect_ex", self._connecting)

    def _of_tls(self) -> Iterator[Patch]:
        yield Patch(ssl.SSLContext, "wrap_socket", partial(self._wrapping, place=4))
        yield Patch(ssl.SSLContext, "wrap_bio", partial(self._wrapping, place=3))

    def _getaddrinfo(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def getaddrinfo(host: Any, port: Any, *args: Any, **hints: Any) -> Any:
            if self.led(host, port):
                return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (PLACE, _number(port)))]
            found = original(host, port, *args, **hints)
            self._remember(host, (one[4][0] for one in found))
            return found

        return getaddrinfo

    def _gethostbyname(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def gethostbyname(host: Any) -> Any:
            if self.led(host):
                return PLACE
            found = original(host)
            self._remember(host, [found])
            return found

        return gethostbyname

    def _gethostbyname_ex(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def gethostbyname_ex(host: Any) -> Any:
            if self.led(host):
                return host, [], [PLACE]
            found = original(host)
            self._remember(host, found[2])
            return found

        return gethostbyname_ex

    def _connecting(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def connect(this: socket.socket, address: Any) -> Any:
            return original(this, self.target(address, this.type, this.family))

        return connect

    def _wrapping(self, original: Callable[..., Any], *, place: int) -> Callable[..., Any]:
        """The replacement of `wrap_socket` or `wrap_bio`.

        Args:
            place: of the name of the server among the arguments.
        """

        def wrap(this: ssl.SSLContext, *args: Any, **kwargs: Any) -> Any:
            self.teach(this, kwargs.get("server_hostname") or (args[place] if len(args) > place else None))
            return original(this, *args, **kwargs)

        return wrap


def _has_to_stay(owner: object, there: object) -> bool:
    """Whether a function must not be wrapped: pytest-socket takes a look-up away again only if it is its very own."""
    return owner is socket and getattr(there, "__module__", None) == "pytest_socket"


def _is_host_and_port(address: object) -> bool:
    """Whether `connect` takes an address of IPv4 or IPv6 like this one; it says itself what is wrong with another."""
    return isinstance(address, tuple) and len(address) > 1


def _number(port: object) -> int:
    """The number of a port, which may have a name or none; `ANY_PORT` for a name that no port has."""
    if port is None or isinstance(port, int):
        return port or ANY_PORT
    text = port.decode(errors="replace") if isinstance(port, bytes) else str(port)
    if text.isdecimal():
        return int(text)
    try:
        return socket.getservbyname(text)
    except OSError:
        return ANY_PORT
