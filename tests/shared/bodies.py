"""Bodies, paths and references that many tests send, and the JSON that comes back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pytest_xbl.world.state import DEFAULT_SCID

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from pytest_xbl.wire.route import Route

SCID = DEFAULT_SCID
TEMPLATES = f"/serviceconfigs/{SCID}/sessiontemplates"
ONE = f"{TEMPLATES}/lobby/sessions/one"
REF = {"scid": SCID, "templateName": "lobby", "name": "one"}

NAMES = {
    "scid": SCID,
    "template": "lobby",
    "name": "one",
    "index": "0",
    "server": "x",
    "id": "11111111-ebe0-42da-885f-033860a81801",
    "xuid": "xuid(2533274790000001)",
    "names": "Kills,Rate",
}
"""A name for each part of a path that is one; the xuid is that of the first user of a world."""

READY_MADE = ["lobby", "game", "ticket", "large", "browse", "global(lfg)"]
"""The names of the ready-made templates."""
READY = ", ".join(READY_MADE)
"""The same in a sentence."""

ETAG = re.compile('"[0-9a-f]{32}"')
"""An ETag as the service writes it (CALL-11)."""

Body = dict[str, Any]

ACTIVE: Body = {"members": {"me": {"properties": {"system": {"active": True}}}}}
INACTIVE: Body = {"members": {"me": {"properties": {"system": {"active": False}}}}}
LEAVE: Body = {"members": {"me": None}}

PATIENT: Body = {"inactiveRemovalTimeout": None, "reservedRemovalTimeout": None, "sessionEmptyTimeout": None}
"""System constants of a session that keeps its reservations and inactive members, and stays when it is empty."""

DEFAULTS: Body = {
    "maxMembersCount": 100,
    "visibility": "open",
    "reservedRemovalTimeout": 30_000,
    "inactiveRemovalTimeout": 0,
    "readyRemovalTimeout": 180_000,
    "sessionEmptyTimeout": 0,
}
"""System constants of a session that sets none, under contract 107."""


def session_path(name: str = "one", template: str = "lobby", *, scid: str = SCID) -> str:
    """The path of a session."""
    return f"/serviceconfigs/{scid}/sessiontemplates/{template}/sessions/{name}"


def path_of(route: Route) -> str:
    """A path of an operation, with the names above."""
    return route.path.format(**NAMES)


def ref(name: str = "one", template: str = "lobby", *, scid: str = SCID) -> dict[str, str]:
    """A reference to a session, as handles and queries write it."""
    return {"scid": scid, "templateName": template, "name": name}


def me(custom: Body | None = None, /, **system: Any) -> Body:
    """A body that writes properties of the caller: custom ones, and system ones by name."""
    properties = {"system": system, "custom": custom or {}}
    return {"members": {"me": {"properties": {name: bag for name, bag in properties.items() if bag}}}}


SUBSCRIPTION = "81A3266D-3066-4D55-9A16-2034EE70A850"
"""The id of a subscription, as a client writes it."""


def subscribing(connection: str, *types: str, id_: str = SUBSCRIPTION, **system: Any) -> Body:
    """A body by which the caller is active on a connection, and subscribes to changes of these types."""
    return me(active=True, connection=connection, subscription={"id": id_, "changeTypes": [*types]}, **system)


def score(number: int) -> Body:
    """A body that writes one custom property of the caller."""
    return me({"score": number})


def reserve(*xuids: str, **parts: Any) -> Body:
    """A body that reserves a seat for each of these users, with other parts of their constants besides."""
    seats = [{"constants": {"system": {"xuid": xuid}, **parts}} for xuid in xuids]
    return {"members": {f"reserve_{n}": seat for n, seat in enumerate(seats)}}


def constants(custom: Body | None = None, /, **system: Any) -> Body:
    """A body of constants: custom ones, and system ones by name."""
    return {"constants": {"system": system, "custom": custom or {}}}


def can(*capabilities: str) -> Body:
    """System constants with these capabilities."""
    return {"capabilities": dict.fromkeys(capabilities, True)}


def properties(custom: Body | None = None, /, **system: Any) -> Body:
    """A body that writes properties of the session: custom ones, and system ones by name."""
    return {"properties": {"system": system, "custom": custom or {}}}


def as_json(response: TestResponse) -> Any:
    """The body of a response, which is JSON."""
    assert response.content_type == "application/json", response.text
    return json.loads(response.data)


def results(response: TestResponse) -> list[dict[str, Any]]:
    """The results of a query that found something or nothing, with status 200."""
    assert response.status_code == 200, response.text
    assert "X-Xbl-Refusal" not in response.headers
    body = as_json(response)
    assert list(body) == ["results"]
    found: list[dict[str, Any]] = body["results"]
    return found


def lasting(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The headers that the same request would get again: all but the id of the request (CALL-17)."""
    return {name: value for name, value in headers if name != "X-XblCorrelationId"}
