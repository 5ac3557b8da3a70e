"""Answers that get lost on purpose, and what a client meets then: an exception in process, the end of a connection."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias

from pytest_xbl.errors import XblError
from pytest_xbl.wire.answer import STATUS_LINES, TEXT, Answer

How: TypeAlias = Literal["close", "reset", "hang", "cut"]
Headers: TypeAlias = list[tuple[str, str]]
Whole: TypeAlias = Callable[[str, Headers, bytes], bytes]
"""Makes the bytes of a response from its status line, its headers and its body."""
AT_ONCE = struct.pack("ii", 1, 0)
"""The value of SO_LINGER with which closing a connection resets it."""


class Loss(NamedTuple):
    """The way in which an answer gets lost after the request was handled.

    Args:
        how: the connection is closed, reset or kept silent, the body is cut, or a gateway answers with a status.
        after: the number of bytes of the body that arrive, if it is cut.
        wait: waits until the client or the test is over, if the connection is kept silent.
        may_be_whole: whether a body that is no longer than what arrives of it is fine.
    """

    how: How | int
    after: int = 0
    wait: Callable[[socket.socket], None] = lambda _connection: None
    may_be_whole: bool = False

    def sent_for(self, answer: Answer) -> Answer:
        """The answer that is sent in place of the true one."""
        return Answer(self.how, content_type=TEXT) if isinstance(self.how, int) else answer

    def take(self, answer: Answer, headers: Headers, body: bytes) -> None:
        """Lose an answer that has been written down.

        Raises:
            AnswerLostError: unless another answer is sent in its place, or nothing can be cut.
            XblError: if nothing can be cut, and something should be (FAULT-3).
        """
        if self.how == "cut" and self.after >= len(body):
            if self.may_be_whole:
                return
            what = f"xbl.faults.cut has nothing to cut after {self.after} bytes: the body has {len(body)}"
            raise XblError(f"{what}; give a smaller after=, or optional=True.", where="after", rule="FAULT-3")
        if not isinstance(self.how, int):
            raise AnswerLostError(self, STATUS_LINES[answer.status], headers, body)


class LostConnectionError(ConnectionError):
    """A connection that gives no answer, as `xbl.faults` asks for."""

    text = ""
    """The words for people."""

    def __init__(self) -> None:
        super().__init__(self.text)

    def end(self, connection: socket.socket, whole: Whole) -> None:  # noqa: ARG002 -- for one that sends a part
        """Let the connection of the client end so."""
        reset(connection)


class AnswerLostError(LostConnectionError, ConnectionResetError):
    """The request was handled, and its answer gets lost."""

    text = "The connection was closed without an answer, as xbl.faults asks for."

    def __init__(self, loss: Loss, status: str, headers: Headers, body: bytes) -> None:
        super().__init__()
        self._loss = loss
        self._answer = status, headers, body

    def end(self, connection: socket.socket, whole: Whole) -> None:
        """Close, reset or hold the connection, or send a part of the response first."""
        match self._loss.how:
            case "reset":
                reset(connection)
            case "hang":
                self._loss.wait(connection)
                reset(connection)
            case "cut":
                status, headers, body = self._answer
                response = whole(status, headers, body)
                connection.sendall(response[: len(response) - len(body) + self._loss.after])


class NobodyThereError(LostConnectionError, ConnectionRefusedError):
    """Nobody takes the request: the service is down."""

    text = "Nobody answers: xbl.faults.down."


def reset(connection: socket.socket) -> None:
    """Reset a connection, as the crash of a service does; other references to the socket do not keep it open."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
    socket.close(connection.detach())
