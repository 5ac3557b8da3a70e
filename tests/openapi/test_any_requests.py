"""Requests that Schemathesis makes of the description: each is answered as described, and none with a bug.

The variable XBL_EXAMPLES asks for more of them, as in `tox -e fuzz`: it is the number for each operation.
"""

from __future__ import annotations

import copy
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from described import description, operations
from pytest_xbl import XboxLive
from pytest_xbl.openapi.examples import FRIEND, PLAYER
from pytest_xbl.world.ready_made import TITLE_ID

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

schemathesis = pytest.importorskip("schemathesis", reason="the group openapi is not installed")

EXAMPLES = int(os.environ.get("XBL_EXAMPLES", "0"))
FEW = 4
SAME_BODY = ("put-session-by-handle",)
"""The operation whose body, with hundreds of cases at its limits, another one has, too."""
SEED = 20_260_101
ACTING = ("HTTP_X_XBL_ONBEHALFOF_USERS", "HTTP_X_XBL_ONBEHALFOF_TITLE", "HTTP_X_XBL_DENY_SCOPE")
CHECKS = {
    "not_a_server_error": {"expected-statuses": ["2xx", "3xx", "4xx", 501]},
    # A rule may refuse a request that has the schema, and the fake ignores what the service ignores.
    "positive_data_acceptance": {"enabled": False},
    "negative_data_rejection": {"enabled": False},
    # The token of a test is not the description's.
    "ignored_auth": {"enabled": False},
}


class Fresh:
    """An app that meets every request in the same world, mostly as a player and now and then as a service."""

    def __init__(self, xbl: XboxLive) -> None:
        self.xbl = xbl
        self.player, self.service = (xbl.scenario[name].authorization for name in ("Stacy", "referee"))
        self._beginning = xbl.snapshot()
        self._numbers = count()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, as WSGI has it."""
        self.xbl.restore(self._beginning)
        is_for_service = next(self._numbers) % 4 == 0 or not environ.keys().isdisjoint(ACTING)
        if environ.get("HTTP_AUTHORIZATION") == self.player and is_for_service:
            environ["HTTP_AUTHORIZATION"] = self.service
        return self.xbl.app(environ, start_response)


def leading(xbl: XboxLive) -> dict[str, Any]:
    """The description with names and headers of what is in the world, as random ones lead nowhere."""
    known = copy.deepcopy(description())
    session = xbl.client(xbl.scenario["referee"]).get(xbl.sessions["friday"].ref.path)
    values = {
        "scid": [xbl.scid],
        "template": ["lobby", "game"],
        "name": ["friday", "new"],
        "index": ["0", "1", "7"],
        "id": [handle.id for handle in xbl.handles],
        "who": ["me", f"xuid({PLAYER})", f"xuid({FRIEND})"],
        "person": [f"xuid({FRIEND})", "gt(Ana)"],
        "server": ["game", "new"],
        "If-Match": ["*", session.headers["ETag"], '"old"'],
        "If-None-Match": ['"old"', session.headers["ETag"], "*"],
        "X-Xbl-OnBehalfOf-Users": [PLAYER, f"{PLAYER};priv=multiplayer,{FRIEND}"],
        "X-Xbl-OnBehalfOf-Title": [TITLE_ID],
    }
    for name, choices in values.items():
        known["components"]["parameters"][name]["schema"] = _one_of(*choices)
    for properties in _properties_in(known["components"]["schemas"]):
        if "scheduledTime" in properties:  # a pattern does not say which days there are
            properties["scheduledTime"] = _one_of("2026-01-01T12:00:00Z")
    if not EXAMPLES:
        _lead_further(known)
    for item in known["paths"].values():
        del item["servers"]
    return known


def _lead_further(known: dict[str, Any]) -> None:
    """Leave out what is refused whatever else is asked for, as few requests should lead far."""
    parameters, schemas = known["components"]["parameters"], known["components"]["schemas"]
    parameters["X-Xbl-Contract-Version"]["schema"] = _one_of("107")
    for name in ("SessionWrite", "PropertiesWrite"):
        schemas[name] = {"$ref": f"#/components/schemas/{name}107"}
    for properties in _properties_in({name: schema for name, schema in schemas.items() if "Write" in name}):
        for refused in ("allocateCloudCompute", "arbitration", "owners"):
            properties.pop(refused, None)


def _one_of(*choices: str) -> dict[str, Any]:
    return {"type": "string", "enum": [*choices]}


def _properties_in(part: object) -> Iterator[dict[str, Any]]:
    """The properties of all objects in a schema."""
    if isinstance(part, dict):
        if isinstance(part.get("properties"), dict):
            yield part["properties"]
        for inner in part.values():
            yield from _properties_in(inner)


def faults_of(app: Fresh, phase: str, *, without: tuple[str, ...] = ()) -> Iterator[str]:
    """The failed checks of all operations, and the errors of Schemathesis itself.

    Args:
        phase: `coverage` for values at the limits of each schema (and, if more is asked for, beyond), `fuzzing` for
            random ones.
        without: operations that are left out.
    """
    from schemathesis.config import SchemathesisConfig
    from schemathesis.engine import events, from_schema

    config = SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "workers": 1,
            "continue-on-failure": True,
            "headers": {"Authorization": app.player},
            "generation": {"deterministic": True, "database": "none", "max-examples": EXAMPLES or FEW},
            "phases": {name: {"enabled": name == phase} for name in ("examples", "fuzzing", "stateful")}
            | {"coverage": {"enabled": phase == "coverage", "generation": {"mode": "all" if EXAMPLES else "positive"}}},
            "checks": CHECKS,
        }
    )
    schema = schemathesis.openapi.from_dict(leading(app.xbl), config=config).exclude(operation_id=[*without])
    schema.app = app
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            yield repr(getattr(event, "value", event))
        if isinstance(event, events.ScenarioFinished):
            checks = (check for case in event.recorder.checks.values() for check in case)
            for check in checks:
                if check.failure_info:
                    failure = check.failure_info.failure
                    yield f"{event.label}: {failure.title}: {failure.message}"


def unlisted(app: Fresh) -> Counter[str]:
    """The refusals by rules that the description does not list for their operations."""
    listed = {operation.id: operation.said["x-refusals"] for operation in operations()}
    return Counter(
        f"{entry.operation} -> {entry.status} {entry.rule}"
        for entry in app.xbl.journal
        if entry.operation and entry.refusal and entry.rule not in listed[entry.operation].get(str(entry.status), ())
    )


@pytest.mark.parametrize("phase", ["coverage", "fuzzing"])
def test_every_request_is_answered_as_described(xbl: XboxLive, phase: str) -> None:
    """Status, headers, type and schema of the body, and the rule that refuses (CODE-200, CODE-400)."""
    app = Fresh(xbl)
    without = SAME_BODY if phase == "coverage" and not EXAMPLES else ()
    assert [*dict.fromkeys(faults_of(app, phase, without=without))] == []
    assert unlisted(app) == {}
    assert xbl.app.crashes == []
    assert {entry.operation for entry in xbl.journal} >= {each.id for each in operations() if each.id not in without}
