"""The way from HTTP to a websocket: what a server offers, and the operations that take it (TAP-11)."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from pytest_xbl.mpsd.model import NEWEST_CONTRACT
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import text
from pytest_xbl.wire.answer import Answer
from pytest_xbl.wire.call import Call
from pytest_xbl.wire.hosts import is_for, is_real
from pytest_xbl.wire.requests import account_of
from pytest_xbl.world.people import account_of as user_with
from pytest_xbl.world.state import Account
from pytest_xbl.world.world import World

if TYPE_CHECKING:
    import socket

    from _typeshed.wsgi import WSGIEnvironment

SWITCHING = 101
UPGRADE = "pytest_xbl.upgrade"
"""The key in an environ of the offer to hand over the connection."""
PARAMETERS = {"nonce": Field(text, "TAP-11")}
EXTRA = "pip install 'pytest-xbl[rta]'"


class Talk(Protocol):
    """The use of a connection after the request."""

    report: Callable[[Refusal, bytes], None]
    """The function that writes down a mistake of the client, with its message."""

    @property
    def said(self) -> Sequence[Any]:
        """The messages so far, to which more may come."""

    def talk(self, connection: socket.socket, received: bytes) -> None:
        """Use the connection until it ends; some bytes may have been received already."""

    def cut(self) -> None:
        """End the connection without a word, at the latest when it begins."""


class Upgrade:
    """The offer of a server to hand over the connection of a request (RFC 9110, 7.8).

    Whoever takes it sets the conversation, which the server then begins instead of sending the response.
    """

    conversation: Talk | None = None


def no_contract(_environ: WSGIEnvironment) -> int:
    """The contract of an operation that has none: texts are in the words of the newest."""
    return NEWEST_CONTRACT


def get_nonce(call: Call) -> Answer:
    """A nonce by which the caller can open one connection."""
    from pytest_xbl.world.activity import make_nonce

    return Answer(200, json.dumps({"nonce": make_nonce(call.world, _user_of(call))}))


def account_at_connect(environ: WSGIEnvironment, world: World) -> Account:
    """The caller who connects, by their token or by a nonce.

    Raises:
        Refusal: 401.
    """
    nonce = nonce_in(environ)
    if not nonce:
        return account_of(environ, world)
    from pytest_xbl.world.activity import take_nonce

    account = take_nonce(world, nonce)
    if account is None:
        what = "Unknown nonce, or one that has been used: GET /nonce gives one for each connection."
        raise Refusal(401, what, where="?nonce", rule="TAP-11")
    return account


def nonce_in(environ: WSGIEnvironment) -> str:
    """The nonce of a request that has no token; "" for any other request."""
    query = environ.get("QUERY_STRING", "")
    if "HTTP_AUTHORIZATION" in environ or "nonce=" not in query:
        return ""
    from urllib.parse import parse_qs

    return str(parse_qs(query).get("nonce", [""])[0])


def connect(call: Call) -> Answer:
    """Open a connection, and leave HTTP."""
    environ = call.environ
    upgrade = _offer_in(environ)
    account = _user_of(call)
    _require_origin(environ)
    try:
        from pytest_xbl.wire import conversation
    except ImportError as error:
        if not (error.name or "").startswith("websockets"):
            raise
        what = f"Real-time activity needs the package websockets: {EXTRA}."
        raise Refusal(501, what, where="Upgrade", rule="TAP-11") from None
    begun = upgrade.conversation = conversation.begin(call.world, account, environ)
    return Answer(SWITCHING, None, begun.headers)


def _offer_in(environ: WSGIEnvironment) -> Upgrade:
    """The offer of the server.

    Raises:
        Refusal: 426 for a request that asks for no websocket; 501 for one that comes without a socket.
    """
    if environ.get("HTTP_UPGRADE", "").lower() != "websocket":
        what = "A connection is a websocket: the request needs Upgrade: websocket."
        refusal = Refusal(426, what, where="Upgrade", rule="TAP-11")
        raise refusal.with_headers({"Upgrade": "websocket"})
    offer = environ.get(UPGRADE)
    if isinstance(offer, Upgrade):
        return offer
    what = "A websocket needs a socket: connect to the server at xbl.url, and not through the app."
    raise Refusal(501, what, where="Upgrade", rule="TAP-11")


def _user_of(call: Call) -> Account:
    """The account of the user who calls.

    Raises:
        Refusal: 403 for a service.
    """
    account = None if call.caller.server else user_with(call.world, str(call.caller.xuid))
    if account is None:
        what = f"Real-time activity is for users, and {call.caller.name} is a service."
        raise Refusal(403, what, where="Authorization", rule="TAP-11")
    return account


def _require_origin(environ: WSGIEnvironment) -> None:
    """Refuse a web page of another host, which a browser would let connect."""
    origin = environ.get("HTTP_ORIGIN", "")
    host = origin.rpartition("//")[2]
    if origin and not (is_real(host) or (host and is_for(host, ""))):
        what = f"A page of {origin} may not connect; pages of this machine and of Xbox Live may."
        raise Refusal(403, what, where="Origin", rule="TAP-11")
