"""A world with a server of its own (CMD-1)."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from pytest_httpserver import HTTPServerError

from pytest_xbl.command.board import Board
from pytest_xbl.command.documents import ENVIRON, WORLD, Documents
from pytest_xbl.command.log import Log
from pytest_xbl.command.real_hosts import RealHosts
from pytest_xbl.command.real_time import RealTime
from pytest_xbl.command.settings import Settings
from pytest_xbl.errors import XblError
from pytest_xbl.mpsd.model import Json
from pytest_xbl.wire.server import XblServer
from pytest_xbl.world.sign_in import repeat_sign_ins
from pytest_xbl.xbl.xbox_live import XboxLive

NAME = "serve"
"""The name of the world, with which its tokens begin at every start."""
PATIENCE = 5.0
"""The seconds that a connection has to end."""
NO_WAY: Json = {"gate": None}
"""The document of a world whose real hosts are not served."""


class Served:
    """A world, its server, and its log.

    Raises:
        XblError: for a seed that cannot be.
    """

    def __init__(self, settings: Settings) -> None:
        self.xbl = XboxLive(url=lambda: self.server.url, name=NAME, seed=settings.seed, keep=settings.keep)
        self.xbl.app.title = settings.title
        self.hosts: RealHosts | None = None
        self._settings = settings
        self._log = Log(self.xbl.app, is_quiet=settings.is_quiet)
        time = RealTime(self.xbl.clock) if settings.follows else None
        self._board = Board(settings.address["host"], self._log, time)
        self.server = XblServer(self._board, opened=self._board.runs.opened, **settings.address)
        documents = {WORLD: self.xbl.dump, ENVIRON: self._way}
        self._board.explorer = Documents(self._board, documents, url=lambda: self.server.url)
        repeat_sign_ins(self.xbl.app.world)

    @contextmanager
    def running(self) -> Iterator[None]:
        """A with-block in which the world is served; after it, no thread and no file is left.

        Raises:
            XblError: if the server cannot listen there, or real hosts cannot be served.
        """
        with ExitStack() as ending:
            ending.callback(_join_threads_since, threading.enumerate())
            self._start(ending)
            if self._settings.allowed is not None:
                self.hosts = RealHosts(self._board, self._settings.allowed)
                ending.callback(self.hosts.stop)
                self._log.checks.append(self.hosts.check)
            ending.enter_context(self._board.connected(self.xbl.app))
            yield

    def beat(self) -> None:
        """Do what no request asks for: let time go on, and log what came by a websocket."""
        self._board.catch_up()
        self._log.write_news()

    def _start(self, ending: ExitStack) -> None:
        try:
            ending.enter_context(self.server)
        except HTTPServerError as error:
            raise XblError(f"{error}; --host and --port name another address.") from None
        self._log.checks.append(self.server.check)

    def _way(self) -> Json:
        return self.hosts.way() if self.hosts else NO_WAY


def _join_threads_since(before: Sequence[threading.Thread]) -> None:
    """Wait for the threads of connections, which end when their server is closed."""
    for thread in threading.enumerate():
        if thread not in before:
            thread.join(PATIENCE)
