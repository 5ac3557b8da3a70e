"""Matches on a stage: members who are initialized together, their addresses and measurements."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from bodies import Body, can, me, reserve
from pytest_xbl.mpsd.devices import device_token

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage

LATENCY_ONLY: Body = {**can("connectivity"), "metrics": {"latency": True}}
MESH: Body = {**can("connectivity"), "peerToPeerRequirements": {}}
STAR: Body = {**can("connectivity"), "peerToHostRequirements": {}}
GOOD: Body = {"latency": 20, "bandwidthDown": 200_000, "bandwidthUp": 20_000}
"""A measurement that meets the defaults of all requirements."""


def initialization(needed: int = 2, **more: Any) -> Body:
    """System constants of initialization."""
    return {"memberInitialization": {"membersNeededToStart": needed, **more}}


def address(name: str) -> str:
    """The secure device address of a player's device."""
    return base64.b64encode(f"device of {name}".encode()).decode()


def token(name: str) -> str:
    """The device token of a player's device."""
    return device_token(address(name))


def joining(initialize: object = True, **system: Any) -> Body:
    """A body that joins as an active member, to be initialized."""
    body = me(active=True, **system)
    body["members"]["me"]["constants"] = {"system": {"initialize": initialize}}
    return body


def match_of(stage: Stage, *names: str, initialize: object = True) -> Body:
    """A body with reservations for players, who are to be initialized."""
    body = reserve(*map(stage.xuid, names))
    for seat in body["members"].values():
        seat["constants"]["system"]["initialize"] = initialize
    return body


def start(stage: Stage, *names: str) -> None:
    """Let a matchmaker create the session with reservations for these players."""
    stage.caller("matchmaker", server=True)
    stage.write("matchmaker", match_of(stage, *names))


def join(stage: Stage, *names: str) -> None:
    """Let players take up their reservations one by one, active and with their addresses."""
    for name in names:
        connects = stage.held.can("connectivity")
        stage.put(name, me(active=True, **({"secureDeviceAddress": address(name)} if connects else {})))


def measure(stage: Stage, name: str, **measured: Body) -> None:
    """Let a player upload measurements, by the names of the others."""
    stage.put(name, me(measurements={token(other): it for other, it in measured.items()}))


def measure_all(stage: Stage, *names: str, bad: dict[tuple[str, str], Body] | None = None) -> None:
    """Let each player measure all others: as good, except for the pairs in `bad`."""
    for name in names:
        others = [other for other in names if other != name]
        measure(stage, name, **{other: (bad or {}).get((name, other), GOOD) for other in others})


def stage_of(stage: Stage) -> str:
    """The stage that the session shows, with the number of the episode; "" without one."""
    shown = stage.document().get("initializing")
    return f"{shown['stage']} {shown['episode']}" if shown else ""


def failures_of(stage: Stage) -> dict[str, str]:
    """The failure of each member who has one, by gamertag."""
    members = stage.document()["members"].values()
    return {it["gamertag"][:-2]: it["initializationFailure"] for it in members if "initializationFailure" in it}


def episodes_of(stage: Stage) -> list[int | None]:
    """The episode of each member, in order."""
    return [member.get("initializationEpisode") for member in stage.document()["members"].values()]
