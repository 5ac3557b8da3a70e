"""A conversation on a websocket: requests of the client, and what the world tells it (TAP)."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from pytest_xbl.mpsd.model import Json
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.wire import activity
from pytest_xbl.wire.activity import Code, Message, Subscribe, Unreadable
from pytest_xbl.wire.resources import beginning
from pytest_xbl.wire.websocket import Handshake, Received, WebSocket
from pytest_xbl.world.activity import lose, open_connection
from pytest_xbl.world.connections import Connection, Resource, Tap
from pytest_xbl.world.keeping import Kept
from pytest_xbl.world.state import Account
from pytest_xbl.world.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

HEADERS = {
    "Host": "HTTP_HOST",
    "Upgrade": "HTTP_UPGRADE",
    "Connection": "HTTP_CONNECTION",
    "Sec-WebSocket-Key": "HTTP_SEC_WEBSOCKET_KEY",
    "Sec-WebSocket-Version": "HTTP_SEC_WEBSOCKET_VERSION",
    "Sec-WebSocket-Protocol": "HTTP_SEC_WEBSOCKET_PROTOCOL",
}
"""The headers of a handshake, and their keys in an environ; no extension is accepted."""
SESSIONS: Resource = ("sessions",)
GOING_AWAY = 1001
LONGEST_REASON = 123
"""Bytes of the reason in the message that ends a connection (RFC 6455, 5.5)."""
PATIENCE = 10.0
"""The seconds after which nobody waits any longer for the thread of a connection that has been cut."""


class Said(NamedTuple):
    """A message, as the archive shows it.

    Args:
        is_sent: whether the client has sent it.
        time: by the world's clock.
    """

    is_sent: bool
    time: datetime
    text: str


def begin(world: World, account: Account, environ: WSGIEnvironment) -> Conversation:
    """Open a connection for a user, whose client talks on it as soon as the server hands it over.

    Raises:
        Refusal: 400 for a request that is not the handshake of a websocket.
    """
    headers = {name: environ[key] for name, key in HEADERS.items() if key in environ}
    try:
        handshake = Handshake(environ.get("PATH_INFO", "/"), headers, longest=activity.LONGEST)
    except ValueError as error:
        what = f"This is not the handshake of a websocket: {error}."
        raise Refusal(400, what, where="the headers", rule="TAP-11", mistake="bad-body") from None
    conversation = Conversation(world, handshake)
    open_connection(world, account, conversation.on)
    return conversation


class Conversation:
    """The messages to and from one client.

    Args:
        world: in which the client lives.
        handshake: that has succeeded.
    """

    connection: Connection

    def __init__(self, world: World, handshake: Handshake) -> None:
        self.headers = handshake.headers
        self.said: Kept[Said] = Kept("message", world.most_kept)
        self.report: Callable[[Refusal, bytes], None] = _ignore
        """The function that writes a mistake of the client down."""
        self._world = world
        self._handshake = handshake
        self._socket: WebSocket | None = None
        self._early: list[str] = []
        """The messages from before there was a websocket: the client may have its response already."""
        self._resources: dict[int, Resource] = {}
        self._next = self._events = 0
        self._is_cut = False
        self._thread: threading.Thread | None = None

    def on(self, connection: Connection) -> Conversation:
        """The conversation on this connection."""
        self.connection = connection
        return self

    # Of the connection's own thread

    def talk(self, connection: socket.socket, received: bytes) -> None:
        """Answer the client until the connection ends."""
        self._thread = threading.current_thread()
        try:
            websocket = self._begun(WebSocket(connection, self._handshake, received))
            for message in websocket.messages():
                if not self._receive(message, websocket):
                    return
            if websocket.broken_rule:
                mistake = activity.unreadable(0, f"These bytes are not those of a websocket: {websocket.broken_rule}.")
                self.report(mistake.refusal, b"")
        finally:
            lose(self._world, self.connection)

    def _begun(self, websocket: WebSocket) -> WebSocket:
        """The websocket, after all that has happened to the connection before it was there."""
        with self._world.exclusively():
            self._socket = websocket
            for text in self._early:
                websocket.send(text)
            if self._is_cut:
                websocket.cut()
        return websocket

    def _receive(self, message: Received, websocket: WebSocket) -> bool:
        """Answer a message; false after one that ends the connection."""
        self.said.append(Said(is_sent=True, time=self._world.now, text=message.data.decode(errors="replace")))
        try:
            request = activity.parse_message(message.data, is_text=message.is_text)
        except Unreadable as mistake:
            self.report(mistake.refusal, message.data)
            reason = mistake.refusal.what.encode()[:LONGEST_REASON].decode(errors="ignore")
            websocket.close(mistake.code, reason)
            return False
        with self._world.exclusively():  # so that no news come between the beginning and the reply
            self._send(self._answer(request, message.data))
        return True

    def _answer(self, request: Message, data: bytes) -> list[Json]:
        if not isinstance(request, Subscribe):
            known = self._resources.pop(request.id, None)
            return activity.reply(request, Code.UNKNOWN_ID if known is None else Code.DONE)
        try:
            resource, beginning_ = beginning(self._world, self.connection, activity.parse_uri(request.uri))
        except Refusal as refusal:
            if refusal.mistake:
                self.report(refusal, data)
                return activity.reply(request, Code.UNKNOWN_RESOURCE, refusal.what)
            return activity.reply(request, Code.NO_DATA, refusal.what)
        if too_many := self._too_many(resource[0]):
            return activity.reply(request, Code.TOO_MANY, too_many)
        number, self._next = self._next, self._next + 1
        self._resources[number] = resource
        return activity.reply(request, Code.DONE, number, beginning_)

    def _too_many(self, kind: str) -> str:
        """The reason why there can be no more subscriptions of a kind; "" if there can (TAP-14)."""
        most = activity.MOST.get(kind)
        if most is None or sum(resource[0] == kind for resource in self._resources.values()) < most:
            return ""
        return f"A connection has at most {most} subscriptions of this kind."

    # Of whoever changes the world, which is locked

    @property
    def listens(self) -> bool:
        """Whether the client wants to hear of changes to sessions."""
        return SESSIONS in self._resources.values()

    def tap(self, taps: Sequence[Tap], *, again: bool = False) -> None:
        """Tell of changes to sessions; again with the id of the event before."""
        self._events += not again
        self.publish(SESSIONS, activity.taps_as_json(taps, activity.ncid(self.connection.id, self._events)))

    def publish(self, resource: Resource, data: Json) -> None:
        """Tell of something new, if the client has subscribed to it."""
        for number, known in self._resources.items():
            if known == resource:
                self._send(activity.event(number, data))

    def resync(self) -> None:
        """Ask the client to read everything anew."""
        self._send(activity.RESYNC)

    def close(self, reason: str) -> None:
        """End the connection with a word."""
        if self._socket:
            self._socket.close(GOING_AWAY, reason)
        self.cut()

    def cut(self) -> None:
        """End the connection without a word."""
        self._is_cut = True
        if self._socket:
            self._socket.cut()

    def wait(self) -> None:
        """Wait until the thread of the ended connection is gone, if it has begun."""
        if self._thread:
            self._thread.join(PATIENCE)

    def _send(self, message: list[Json]) -> None:
        text = activity.rendered(message)
        self.said.append(Said(is_sent=False, time=self._world.now, text=text))
        if self._socket:
            self._socket.send(text)
        else:
            self._early.append(text)


def _ignore(_refusal: Refusal, _data: bytes) -> None:
    """Write nothing down."""
