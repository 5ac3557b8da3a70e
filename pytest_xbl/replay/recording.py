"""A recording: the exchanges that a tool has seen between clients and the service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from pytest_xbl.mpsd.json_text import parse_json
from pytest_xbl.mpsd.model import Json
from pytest_xbl.mpsd.refusal import LONGEST_PLACE, Refusal, on_one_line
from pytest_xbl.secrets import without_parameters
from pytest_xbl.wire.hosts import LOOPBACK
from pytest_xbl.wire.matching import match


class Message(NamedTuple):
    """A request or a response.

    Args:
        headers: by name, in lower case; those that hold credentials are not among them.
        body: decompressed.
    """

    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def json(self) -> Json:
        """The body as JSON; None if it is empty or no JSON."""
        return self._read[0]

    @property
    def form(self) -> str:
        """The words for a body that is no JSON; "" for JSON."""
        return self._read[1]

    @property
    def _read(self) -> tuple[Json, str]:
        if not self.body.strip():
            return None, NO_BODY
        try:
            return parse_json(self.body.decode("utf-8-sig"), deepest=DEEPEST), ""
        except UnicodeDecodeError:
            size = len(self.body)
            return None, f"{size} bytes that are no JSON" if size > 1 else "a byte that is no JSON"
        except Refusal:
            return None, "a text"


class Exchange(NamedTuple):
    """A request, and the response of the service.

    Args:
        number: in the recording, as its tool counts.
        time: when the request was sent.
        url: with host, path and query.
        caller: a number for each caller, in the order of their first requests; 0 for nobody.
        xuid: of the caller, if the recording names it; "" if not.
    """

    number: int
    time: datetime
    method: str
    url: SplitResult
    caller: int
    xuid: str
    request: Message
    status: int
    response: Message

    def __repr__(self) -> str:
        """One line with the request and the status, without secrets in the query string (SEEN-13)."""
        uri = on_one_line(without_parameters(self.uri), LONGEST_PLACE)
        return f"<exchange #{self.number} {self.method} {uri} at {self.host} -> {self.status}>"

    @property
    def host(self) -> str:
        """The host of the service, in lower case; of a request to the fake itself, the one that has its path."""
        host = (self.url.hostname or "").lower()
        return _home(self.method, self.url.path) or host if LOOPBACK.fullmatch(host) else host

    @property
    def uri(self) -> str:
        """The path, and the query string if there is one."""
        return f"{self.url.path}?{self.url.query}" if self.url.query else self.url.path


def _home(method: str, path: str) -> str:
    """The first real host that has an operation; "" if none has."""
    try:
        return match(method, path, "")[0].hosts[0]
    except Refusal:
        return ""


class Recording(NamedTuple):
    """The exchanges of a recording in the order of their numbers, and how many were left out.

    Args:
        left_out: the number of exchanges that cannot be replayed, by reason.
        source: the name of the file, as error texts have it.
    """

    exchanges: tuple[Exchange, ...]
    left_out: Mapping[str, int]
    source: str = "the recording"


def omissions(left_out: Mapping[str, int]) -> str:
    """The exchanges of a recording that were left out, in one line; "" if there are none."""
    counted = ", ".join(f"{count} {reason}" for reason, count in left_out.items())
    return f"left out: {counted}" if counted else ""


INCOMPLETE = "incomplete"


class IncompleteError(ValueError):
    """An exchange that cannot be replayed; its text says what is missing or malformed."""


def incomplete(error: Exception) -> str:
    """The reason for which an exchange is left out whose reading has raised this."""
    return f"{INCOMPLETE}: {error}" if isinstance(error, IncompleteError) else INCOMPLETE


NO_BODY = "no body"
DEEPEST = 200
"""The levels of a recorded body."""
UPGRADED = 101
"""The status of a response after which a connection is no longer HTTP."""
CREDENTIALS = frozenset({"authorization", "cookie", "set-cookie", "signature", "x-xbl-token", "proxy-authorization"})
"""The headers that are read for nothing but telling callers apart."""


class Callers:
    """The numbers of the callers of a recording; what their tokens are is not kept."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}

    def number(self, *, authorization: str, xuid: str = "") -> int:
        """The number of the caller with this `Authorization` header, or else with this xuid; 0 for nobody.

        A token is renewed, and the user hash before its semicolon stays, so that is enough to tell callers apart.
        """
        who = authorization.partition(";")[0] or xuid
        return self._numbers.setdefault(hash(who), len(self._numbers) + 1) if who else 0


def headers_of(pairs: Iterable[tuple[str, str]]) -> tuple[dict[str, str], str]:
    """The headers of a message without credentials, and the value of `Authorization`; "" without it."""
    named = {name.strip().lower(): value.strip() for name, value in pairs}
    authorization = named.get("authorization", "")
    return {name: value for name, value in named.items() if name not in CREDENTIALS}, authorization


def url_of(text: str) -> SplitResult:
    """A URL of a recording, which may be cut short.

    Raises:
        ValueError: for a text that is no URL with a host.
    """
    url = urlsplit(text)
    if not url.hostname:
        raise ValueError
    return url
