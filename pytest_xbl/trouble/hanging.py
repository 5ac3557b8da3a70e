"""Connections that are kept silent, until the client goes or the test is over (FAULT-3)."""

from __future__ import annotations

import select
import socket
import threading

GLANCE = 0.02  # seconds between two looks at the end of the test
PATIENCE = 5.0  # seconds that a thread may take to end; only ever used up by a bug


class Hanging:
    """The connections of one world on which a client waits in vain; each is held by the thread that serves it."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self._threads: set[threading.Thread] = set()

    def wait(self, connection: socket.socket) -> None:
        """Keep a connection silent until its client goes, or `end` is called."""
        self._threads.add(threading.current_thread())
        while not (self._over.is_set() or _has_gone(connection)):
            pass

    def end(self) -> None:
        """End all connections, and wait until their threads are over."""
        self._over.set()
        while self._threads:
            self._threads.pop().join(PATIENCE)


def _has_gone(connection: socket.socket) -> bool:
    """Whether the client has closed the connection; it takes a moment to look, and ignores what the client sends."""
    try:
        readable, _, _ = select.select([connection], [], [], GLANCE)
        return bool(readable) and not connection.recv(65536)
    except OSError:  # the client has reset it
        return True
