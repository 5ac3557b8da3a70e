"""A request that is wrong in one known way, and the names that such requests use."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from bodies import NAMES, SCID, path_of, session_path
from pytest_xbl.wire.routes import ROUTES

HIDDEN, SHOWN, FULL = (session_path(template=template) for template in ("hidden", "shown", "full"))
MISSING, BARE = session_path("missing"), session_path("missing", "hidden")
XUID = "2533274790000001"
GUID = "00000000-0000-4000-8000-000000000000"
HANDLE, EARLY = NAMES["id"], "11111111-ebe0-42da-885f-033860a81800"
"""Handles to the session `one`, and to one that is missing."""
STATISTICS = f"/users/{NAMES['xuid']}/scids/{SCID}/stats/{NAMES['names']}"

EVERY_ROUTE = [(route.method, path_of(route)) for route in ROUTES]
BODIED = [(route.method, path_of(route)) for route in ROUTES if route.has_body]
PATHS = sorted({path for _method, path in EVERY_ROUTE})
USES_OF_A_HANDLE = (("GET", ""), ("DELETE", ""), ("GET", "/session"), ("PUT", "/session"))


class Bad(NamedTuple):
    """A request that is wrong.

    Args:
        status: that the response has.
        target: percent-encoded, with the query string.
        caller: a name, or "" for no Authorization.
        rule: that the refusal names; "" for any.
        where: the beginning of the place that the refusal names.
    """

    status: int
    method: str
    target: str
    body: bytes = b""
    headers: Mapping[str, str] = {}
    caller: str = "Stacy"
    rule: str = ""
    where: str = ""


Kind: TypeAlias = Callable[[], Iterator[Bad]]


def under(contract: str | int) -> dict[str, str]:
    """The header that names a contract."""
    return {"X-Xbl-Contract-Version": str(contract)}


def as_bytes(body: Any) -> bytes:
    """A body as a client sends it."""
    return json.dumps(body).encode()


def is_of_sessions(path: str) -> bool:
    """Whether a path belongs to the session directory, which alone has services that act for users."""
    return not is_of_statistics(path) and not is_of_activity(path)


def is_of_activity(path: str) -> bool:
    """Whether a path belongs to real-time activity, which has no contract."""
    return path in ("/nonce", "/connect")


def is_of_statistics(path: str) -> bool:
    """Whether a path belongs to the user statistics, which count their contracts from 1."""
    return path.startswith(("/batch", "/users/"))
