"""The real hosts of a served world (CMD-3)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from pytest_xbl.errors import XblError
from pytest_xbl.hosts.interception import Interception
from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.wire.switchboard import Switchboard

FOREIGN = "A program may not reach {}, only Xbox Live; the option --allow-host allows other hosts."
"""The refusal of a foreign host."""


class RealHosts:
    """The gate in front of a served world, and a directory for the certificate of its authority.

    Nothing is replaced in this process, which is no client.

    Args:
        switchboard: of the world.
        allowed: the foreign hosts that programs may reach.

    Raises:
        XblError: if real hosts cannot be served here.
    """

    def __init__(self, switchboard: Switchboard, allowed: Sequence[str]) -> None:
        self._directory = TemporaryDirectory(prefix="pytest-xbl-")
        self._hosts = Interception(
            switchboard,
            mode="serve",
            is_strict=False,
            allowed=allowed,
            directory=lambda: Path(self._directory.name),
            foreign=FOREIGN,
        )
        try:
            self._hosts.require_served()
        except XblError as error:
            self._directory.cleanup()
            raise XblError(error.what, where="--hosts", rule=error.rule) from None
        self._hosts.gate()

    def way(self) -> JsonObject:
        """The way of a program to the fake, as JSON."""
        way = self._hosts.way()
        files = [file and str(file) for file in way.files]
        return {"gate": list(way.gate), "files": files, "allowed": list(way.allowed)}

    def check(self) -> None:
        """Raise the exception that the gate has met outside of the world, if it has."""
        self._hosts.check()

    def stop(self) -> None:
        """Stop the gate, and remove the files."""
        self._hosts.stop()
        self._directory.cleanup()
