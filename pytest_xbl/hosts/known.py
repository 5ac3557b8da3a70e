"""The hosts that a process may reach: those of Xbox Live, the machine itself, and those that a setting allows.

A child process loads this module where nothing else may be installed, so it imports the standard library only.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable

from pytest_xbl.wire.hosts import LOOPBACK, XBOX_LIVE

HTTP, HTTPS = PORTS = (80, 443)
"""The ports at which the hosts of Xbox Live are served."""
ANY_PORT = 0
"""The port of a name that is looked up for a connection to come."""
_ADDRESS = re.compile(r".*[0-9]|.*:.*")
_EVERYWHERE = ("", "0.0.0.0", "::", "::1")  # noqa: S104 -- who connects there, connects to the machine
_LOCAL = ("localhost.localdomain", "localhost6", "localhost6.localdomain6", "ip6-localhost", "ip6-loopback")
"""Further names of the machine in the hosts files of Linux distributions."""
_MAPPED = "::ffff:"


def name_of(host: object) -> str:
    """The host that a program has named, in one spelling and in ASCII; "" if it has named none."""
    if isinstance(host, (bytes, bytearray)):
        host = host.decode("ascii", "replace")
    name = host.lower().rstrip(".").strip("[]").partition("%")[0] if isinstance(host, str) else ""
    return name if name.isascii() else _as_looked_up(name)


def _as_looked_up(name: str) -> str:
    """A name with other letters than those of ASCII as it is looked up (RFC 5890); as it is if it cannot be."""
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


def is_xbox_live(name: str) -> bool:
    """Whether it is a host of Xbox Live, which leads to the fake whether or not the fake has its service (HOST-1)."""
    return name.endswith(XBOX_LIVE)


def is_address(name: str) -> bool:
    """Whether it is an address and no name; no top-level domain ends in a digit."""
    return _ADDRESS.fullmatch(name) is not None


def authority(name: str, port: int) -> str:
    """A host and a port, as a URL has them; without the port of a name that is only looked up."""
    name = f"[{name}]" if ":" in name else name
    return name if port == ANY_PORT else f"{name}:{port}"


class Known:
    """The hosts that are not foreign.

    Args:
        allowed: names and addresses; a name stands for all names below it, too.
    """

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._own = {*_EVERYWHERE, *_LOCAL, socket.gethostname().lower()}
        self._allowed = frozenset(allowed)
        self._below = tuple(f".{name}" for name in self._allowed if not is_address(name))

    def lets_reach(self, name: str) -> bool:
        """Whether a host is the machine itself, or is allowed (HOST-4)."""
        if name in self._own or name in self._allowed or name.endswith(self._below):
            return True
        return LOOPBACK.fullmatch(name.removeprefix(_MAPPED)) is not None


def why_not_at(name: str, port: int) -> str:
    """The reason why a host of Xbox Live cannot be reached at a port; "" if it can."""
    if port in (ANY_PORT, *PORTS):
        return ""
    return f"{name} is served at the ports {PORTS[0]} and {PORTS[1]}, and not at {port}."
