"""The switchboard of a served world."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pytest_xbl.command.log import Log
from pytest_xbl.command.real_time import RealTime
from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.wire.switchboard import Switchboard

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Board(Switchboard):
    """A switchboard that moves the clock before each request, and logs behind it.

    Args:
        host: at which the server in front of it listens.
        log: of the world.
        time: that the clock of the world follows; None if it stands still.
    """

    host_is = "The option --host"

    def __init__(self, host: str, log: Log, time: RealTime | None) -> None:
        super().__init__(host)
        self._log = log
        self._time = time

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, as WSGI has it."""
        self.catch_up()
        try:
            return super().__call__(environ, start_response)
        finally:
            self._log.write_news()

    def charge(self, environ: WSGIEnvironment, refusal: Refusal) -> None:
        """Charge the refusal of a connection to the world."""
        super().charge(environ, refusal)
        self._log.write_news()

    def catch_up(self) -> None:
        """Let the clock of the world follow the real time, if it does."""
        if self._time:
            self._time.follow()

    def _misdirected(self, start_response: StartResponse, host: str) -> list[bytes]:
        self._log.write_refusal(f"A request for the Host {brief(host)} -> 421 SEEN-11: it reaches no world.")
        return super()._misdirected(start_response, host)
