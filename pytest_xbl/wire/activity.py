"""The messages of real-time activity, as values: parsed, answered and rendered without a connection (TAP-3)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple, TypeAlias

from pytest_xbl.mpsd.json_text import parse_json
from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.model import Json, JsonObject
from pytest_xbl.mpsd.refusal import Refusal, bad_body
from pytest_xbl.mpsd.view import guid, timestamp
from pytest_xbl.world.connections import Resource, Tap

LONGEST = 64 * 1024
"""The longest message of a client, in bytes (TAP-12)."""
LONGEST_SHOWN = 400
"""The characters of a URI that a text shows."""
KINDS = "[1, seq, uri] to subscribe or [2, seq, id] to unsubscribe"
NOT_TEXT, NOT_JSON, NO_MESSAGE, TOO_LONG = 1003, 1007, 1008, 1009
"""The codes that end a connection after a message that cannot be read (TAP-12; RFC 6455, 7.4.1)."""


class Code(IntEnum):
    """The outcome of a request, as its reply says it (TAP-3)."""

    DONE = 0
    UNKNOWN_RESOURCE = 1
    TOO_MANY = 2
    NO_DATA = 3
    UNKNOWN_ID = 5


class Subscribe(NamedTuple):
    """The request for everything new about a resource."""

    seq: int
    uri: str


class Unsubscribe(NamedTuple):
    """The request to hear no more of it."""

    seq: int
    id: int


Message: TypeAlias = Subscribe | Unsubscribe


class Unreadable(Exception):  # noqa: N818 -- it is a mistake of the client, not an error of the program
    """A message that cannot be read.

    Args:
        code: that ends the connection.
        refusal: the reason.
    """

    def __init__(self, code: int, refusal: Refusal) -> None:
        super().__init__(code, refusal)
        self.code = code
        self.refusal = refusal


def unreadable(code: int, what: str) -> Unreadable:
    """The mistake of sending a message that cannot be read (TAP-12)."""
    return Unreadable(code, bad_body(what, where="the message", rule="TAP-12"))


def parse_message(data: bytes, *, is_text: bool) -> Message:
    """Parse a message of a client.

    Args:
        is_text: whether it came as text.

    Raises:
        Unreadable: for anything but a text with a JSON array of a known kind (TAP-12).
    """
    if not is_text:
        raise unreadable(NOT_TEXT, "A message is text, and this one is binary.")
    try:
        value = parse_json(data.decode(), of="The message")
    except UnicodeDecodeError:
        raise unreadable(NOT_JSON, "The message is not UTF-8.") from None
    except Refusal as refusal:
        raise unreadable(NOT_JSON, refusal.what) from None
    match value:
        case [1, int() as seq, str() as uri] if _are_numbers(value[0], seq):
            return Subscribe(seq, uri)
        case [2, int() as seq, int() as id_] if _are_numbers(value[0], seq, id_):
            return Unsubscribe(seq, id_)
    raise unreadable(NO_MESSAGE, f"Expected {KINDS}; got {brief(value)}.")


def _are_numbers(*values: Json) -> bool:
    """Whether none of these is true, false, or a number with a fraction, which Python takes for integers."""
    return all(type(value) is int and value >= 0 for value in values)


def reply(request: Message, code: Code, *details: Json) -> list[Json]:
    """The reply to a request.

    Args:
        details: the id and the data of a new subscription, or the text of a refusal.
    """
    kind = 1 if isinstance(request, Subscribe) else 2
    return [kind, request.seq, int(code), *details]


def event(subscription: int, data: Json) -> list[Json]:
    """The message that tells of something new."""
    return [3, subscription, data]


RESYNC: list[Json] = [4]
"""The message that asks to read everything anew."""


rendered = json.JSONEncoder(separators=(",", ":")).encode
"""Give a message as it is sent."""


def taps_as_json(taps: Sequence[Tap], ncid: str) -> JsonObject:
    """The data of an event that tells of changes to sessions (TAP-2)."""
    return {"ncid": ncid, "shoulderTaps": [_tap_as_json(tap) for tap in taps]}


def _tap_as_json(tap: Tap) -> JsonObject:
    number = {} if tap.number is None else {"changeNumber": tap.number}
    return {
        "timestamp": timestamp(tap.time),
        "subscription": tap.subscription,
        "resourceType": "mpsd/session",
        "resource": str(tap.session).lower(),
        "branch": tap.branch,
        **number,
    }


def ncid(connection: str, number: int) -> str:
    """The id of an event about sessions.

    Args:
        number: of the event on its connection.
    """
    return guid("ncid", connection, str(number))


class Kind(NamedTuple):
    """A kind of resources.

    Args:
        name: that begins a resource.
        uri: of one, for the refusal of an unknown one.
        pattern: of the URIs; its groups are the names in it.
        most: the most subscriptions that a connection can have; None for any number (TAP-14).
    """

    name: str
    uri: str
    pattern: re.Pattern[str]
    most: int | None = None


def _kind(name: str, uri: str, most: int | None = None, *, ending: str = "/?") -> Kind:
    """A kind, by the URI of one with its names in braces."""
    escaped = re.escape(uri).replace(r"\{xuid\}", "([0-9]{1,20})")
    pattern = re.sub(r"\\\{\w+\\\}", "([^/?#,]+)", escaped)  # one name: lists and queries are of HTTP
    return Kind(name, f"https://{uri}", re.compile(f"https?://{pattern}{ending}", re.IGNORECASE), most)


KINDS_OF_RESOURCES: tuple[Kind, ...] = (
    _kind("sessions", "sessiondirectory.xboxlive.com/connections/", ending="[^/]*"),
    _kind("statistic", "userstats.xboxlive.com/users/xuid({xuid})/scids/{scid}/stats/{name}", 1000),
    _kind("friends", "social.xboxlive.com/users/xuid({xuid})/friends"),
    _kind("title", "userpresence.xboxlive.com/users/xuid({xuid})/titles/{titleId}", 2500),
    _kind("devices", "userpresence.xboxlive.com/users/xuid({xuid})/devices", 2500),
)
"""The resources that the fake has (TAP-6, TAP-13)."""
MOST: Mapping[str, int] = {kind.name: kind.most for kind in KINDS_OF_RESOURCES if kind.most}


def parse_uri(uri: str) -> Resource:
    """The resource that a URI names.

    Raises:
        Refusal: 404 for one that the fake does not have.
    """
    for kind in KINDS_OF_RESOURCES:
        if found := kind.pattern.fullmatch(uri):
            return (kind.name, *found.groups())
    known = ", ".join(kind.uri for kind in KINDS_OF_RESOURCES)
    shown = json.dumps(uri[:LONGEST_SHOWN])
    what = f"The fake has no resource {shown}; it has {known}."
    raise Refusal(404, what, where="the message", rule="TAP-3", mistake="unknown-route")
