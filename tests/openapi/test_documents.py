"""The documents of many sessions, which are as the description says."""

from __future__ import annotations

from typing import Any

import pytest

from described import misfits
from pytest_xbl import XboxLive
from pytest_xbl.arrange.scenarios import SCENARIOS
from pytest_xbl.openapi.examples import PLAYER


def ref(name: str) -> dict[str, Any]:
    """A schema of the description, by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


@pytest.mark.parametrize("contract", [104, 105, 107])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_session_has_the_schema_of_its_contract(scenario: str, contract: int) -> None:
    """Under each contract, whatever has happened to it; and of no other one, where they differ (TMPL-8)."""
    xbl = XboxLive(seed=scenario)
    service = xbl.client(xbl.service("the describer"))
    headers = {"X-Xbl-Contract-Version": str(contract)}
    newest, old = ref("Session107"), ref("Session105")
    for session in xbl.sessions:
        document = service.get(session.ref.path, headers=headers).get_json()
        assert misfits(newest if contract == 107 else old, document) == []
        assert misfits(old if contract == 107 else newest, document) != []
        template = session.ref.path.partition("/sessions/")[0]
        assert misfits(ref("Template"), service.get(template, headers=headers).get_json()) == []


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_handles_have_their_schemas(scenario: str) -> None:
    """Of each type (HAND-5)."""
    xbl = XboxLive(seed=scenario)
    service = xbl.client(xbl.service("the describer"))
    for handle in xbl.handles:
        assert misfits(ref("Handle"), service.get(handle.path).get_json()) == []


@pytest.mark.parametrize("values", ["numbers", "strings"])
def test_statistics_have_their_schemas(values: str) -> None:
    """In each dialect, with and without groups and metadata (STAT-3, STAT-8)."""
    game = {"definitions": {"wins": {"type": "Integer", "group": "best", "ordinal": 1, "displayName": "Wins"}}}
    users = {"Stacy": {"wins": 3, "fastest": {"value": 1.5, "metadata": {"car": "red"}}, "motto": "go"}}
    xbl = XboxLive(
        seed={"users": {"Stacy": {"xuid": PLAYER}}, "statistics": {"values": values, "users": users, **game}}
    )
    client = xbl.client(xbl.scenario["Stacy"])
    one = f"/users/xuid({PLAYER})/scids/{xbl.scid}/stats/wins,fastest,motto"
    for contract, query in ((1, {}), (2, {}), (3, {"include": "valuemetadata"})):
        answer = client.get(one, query_string=query, headers={"X-Xbl-Contract-Version": str(contract)})
        assert misfits(ref("Statistics"), answer.get_json()) == []
    named = {"name": "wins", "scid": xbl.scid}
    batches = {
        1: {"requestedusers": [PLAYER], "requestedscids": [{"scid": xbl.scid, "requestedstats": ["wins", "motto"]}]},
        2: {"arrangebyfield": "xuid", "xuids": [PLAYER], "groups": [{**named, "name": "best"}], "stats": [named]},
    }
    for contract, body in batches.items():
        answer = client.post("/batch", json=body, headers={"X-Xbl-Contract-Version": str(contract)})
        assert misfits(ref("UsersStatistics"), answer.get_json()) == []
        assert misfits(ref(f"StatisticsBatch{contract}"), body) == []
