"""The guide of a Python process that a test has started: it leads to the gate of the test run (HOST-2, HOST-4).

Such a process loads this module where nothing else may be installed, so it imports the standard library only.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from pytest_xbl.hosts.known import HTTPS, Known, authority, is_xbox_live, why_not_at
from pytest_xbl.hosts.patches import Address, Patches

GATE = "PYTEST_XBL_GATE"
"""The variable with the URL of the gate."""
CERTIFICATE = "PYTEST_XBL_CA"
"""The variable with the file of the authority's certificate."""
ALLOWED = "PYTEST_XBL_ALLOW_HOSTS"
"""The variable with the hosts that the setting xbl_allow_hosts names, separated by commas."""
_PATIENCE = 10.0  # seconds that the gate has for a refusal
_LONGEST = 65536


class Child:
    """The guide of such a process.

    Args:
        environ: its environment.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._gate = urlsplit(environ[GATE])
        self._file = environ[CERTIFICATE]
        self._known = Known(filter(None, environ.get(ALLOWED, "").split(",")))

    def require_reachable(self, host: str, port: int) -> None:
        """Let the gate refuse a host that a test may not reach: so the test hears of it.

        Raises:
            OSError: with the text of the gate.
        """
        is_reachable = not why_not_at(host, port) if is_xbox_live(host) else self.knows(host)
        if not is_reachable:
            raise OSError(errno.EACCES, self._ask(host, port))

    def knows(self, host: str) -> bool:
        """Whether a host is the machine itself, or is allowed."""
        return self._known.lets_reach(host)

    def gate(self) -> Address:
        """The address of the gate."""
        return str(self._gate.hostname), int(self._gate.port or 0)

    def certificate(self) -> str:
        """The certificate of the authority, as PEM."""
        return Path(self._file).read_text(encoding="ascii")

    def _ask(self, host: str, port: int) -> str:
        """The text with which the gate refuses a host."""
        named = authority(host, port or HTTPS)  # CONNECT has no form for a name that is only looked up
        with socket.create_connection(self.gate(), timeout=_PATIENCE) as connection:
            connection.sendall(f"CONNECT {named} HTTP/1.1\r\nHost: {named}\r\n\r\n".encode("ascii", "replace"))
            with connection.makefile("rb") as answer:
                line = answer.readline(_LONGEST).decode("latin-1")
        return line.partition(" ")[2].partition(" ")[2].strip()


def lead(environ: Mapping[str, str]) -> None:
    """Lead the real names of Xbox Live to the gate, in this process and till its end."""
    if environ.get(GATE):
        Patches(Child(environ)).arm()
