"""The real hosts of Xbox Live, served to the tests of a session and to the programs that they start (HOST-1)."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_xbl.errors import XblError
from pytest_xbl.hosts.egress import FOREIGN, LEFT_ALONE, Egress, Mode, text_of
from pytest_xbl.hosts.patches import Address, Patches
from pytest_xbl.hosts.proxies import Bypass
from pytest_xbl.wire.switchboard import Switchboard

if TYPE_CHECKING:
    from pytest_xbl.hosts.authority import Authority
    from pytest_xbl.hosts.environ import Files, Way
    from pytest_xbl.hosts.gate import Gate

FORKED = (
    "pytest-xbl: this process was forked before the fake served real hosts; "
    "let the test use the fixture xbl_environ, or start a new process."
)


class Interception:
    """Leads the real hosts to the worlds of a session.

    The gate starts with the first connection to such a host, the authority is made with the first handshake, and its
    files are written when a test first asks for the environment of a program.

    Args:
        switchboard: of the worlds.
        mode: whether the hosts are served, blocked or left alone.
        is_strict: whether foreign hosts are refused in this process.
        allowed: the foreign hosts that may be reached.
        directory: makes the directory of the files.
        foreign: the text that refuses a foreign host.
    """

    def __init__(
        self,
        switchboard: Switchboard,
        *,
        mode: Mode,
        is_strict: bool,
        allowed: Sequence[str],
        directory: Callable[[], Path],
        foreign: str = FOREIGN,
    ) -> None:
        self._switchboard = switchboard
        self._egress = Egress(switchboard, mode=mode, is_strict=is_strict, allowed=allowed, foreign=foreign)
        self._allowed = allowed
        self._directory = directory
        self._patches = Patches(self)
        self._bypass = Bypass(os.environ)
        self._lock = threading.RLock()
        self._process = os.getpid()
        self._gate: Gate | None = None
        self._authority: Authority | None = None
        self._files: Files | None = None

    def arm(self) -> None:
        """Lead the names here, also if somebody has undone that; a test that reaches no such host pays for no more."""
        if self._egress.mode != "off":
            self._bypass.begin(self._gate.url if self._gate else None)
            self._patches.arm()

    def arm_again(self) -> None:
        """Do the same later in a test, when guards of other plugins come and go; its variables are seen to already."""
        if self._egress.mode != "off":
            self._patches.arm()

    def stop(self) -> None:
        """Lead the names here no longer."""
        self._patches.disarm()
        self._bypass.end()
        if self._gate:
            self._gate.stop()

    def check(self) -> None:
        """Raise the exception that the gate has met outside of any world, if it has."""
        if self._gate:
            self._gate.check()

    def require_reachable(self, host: str, port: int) -> None:
        """Refuse a host that a test may not reach (HOST-4, HOST-5).

        Raises:
            OSError: with the reason, which the test hears of, too.
        """
        if refusal := self._egress.refuse_here(host, port):
            raise OSError(errno.EACCES, text_of(refusal))

    def knows(self, host: str) -> bool:
        """Whether a host is the machine itself, or is allowed."""
        return self._egress.knows(host)

    def gate(self) -> Address:
        """The address of the gate, which is started when this is first asked for."""
        with self._lock:
            if self._gate is None:
                self._require_same_process()
                from pytest_xbl.hosts.gate import Gate

                gate = Gate(
                    self._switchboard,
                    opened=self._switchboard.runs.opened,
                    egress=self._egress,
                    context=lambda: self._vouching().context,
                )
                gate.start()
                self._gate = gate
            return self._gate.host, self._gate.port

    def certificate(self) -> str | None:
        """The certificate of the authority; None if the hosts are not served."""
        return None if self._egress.why_blocked else self._vouching().pem

    def environ(self) -> dict[str, str]:
        """The variables with which a program reaches the real hosts here (HOST-2).

        Raises:
            XblError: if they are not served.
        """
        from pytest_xbl.hosts.environ import variables

        return variables(self.way(), os.environ)

    def way(self) -> Way:
        """The way of a program to the fake; its files are written when this is first asked for.

        Raises:
            XblError: if the real hosts are not served.
        """
        self.require_served()
        from pytest_xbl.hosts.environ import Way, write_files

        with self._lock:
            if self._files is None:
                self._files = write_files(self._vouching(), self._directory())
            return Way(self.gate(), self._files, tuple(self._allowed))

    def require_served(self) -> None:
        """Refuse to lead programs to real hosts that are not served.

        Raises:
            XblError: with the reason.
        """
        if why := LEFT_ALONE if self._egress.mode == "off" else self._egress.why_blocked:
            raise XblError(f"No program can be led to the fake: Xbox Live {why}", where="environ", rule="HOST-5")

    def _vouching(self) -> Authority:
        """The authority, which is made when this is first asked for."""
        with self._lock:
            if self._authority is None:
                self._require_same_process()
                from pytest_xbl.hosts.authority import Authority

                self._authority = Authority()
            return self._authority

    def _require_same_process(self) -> None:
        """Refuse to serve in a copy of the process, whose worlds no test would ever see."""
        if os.getpid() != self._process:
            raise OSError(errno.EACCES, FORKED)
