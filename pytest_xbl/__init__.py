"""A pytest plugin with a stateful fake of Xbox Live's Multiplayer Session Directory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_xbl.errors import XblError

if TYPE_CHECKING:
    from pytest_xbl.arrange.seed import Seed
    from pytest_xbl.compare.assertions import SessionDiff, assert_matches, assert_session, diff_sessions
    from pytest_xbl.compare.differences import Difference
    from pytest_xbl.compare.ignoring import VOLATILE
    from pytest_xbl.compare.matchers import any_guid, any_time
    from pytest_xbl.mpsd.devices import device_token
    from pytest_xbl.mpsd.handles import Handle
    from pytest_xbl.mpsd.model import SessionRef, Status
    from pytest_xbl.mpsd.view import SessionDocument
    from pytest_xbl.trouble.faults import ArmedFault
    from pytest_xbl.wire.server import XblServer
    from pytest_xbl.world.connections import Tap
    from pytest_xbl.world.state import SessionVersion
    from pytest_xbl.xbl.clock import Clock
    from pytest_xbl.xbl.factory import WorldFactory
    from pytest_xbl.xbl.faults import Faults
    from pytest_xbl.xbl.history import SessionHistory
    from pytest_xbl.xbl.journal import JournalView
    from pytest_xbl.xbl.limits import Limits
    from pytest_xbl.xbl.people import Service, User
    from pytest_xbl.xbl.rta import OpenConnection
    from pytest_xbl.xbl.scenario import ScenarioView
    from pytest_xbl.xbl.session import SessionView
    from pytest_xbl.xbl.strictness import ExpectedRefusal
    from pytest_xbl.xbl.xbox_live import XboxLive

__all__ = [
    "VOLATILE",
    "ArmedFault",
    "Clock",
    "Difference",
    "ExpectedRefusal",
    "Faults",
    "Handle",
    "JournalView",
    "Limits",
    "OpenConnection",
    "ScenarioView",
    "Seed",
    "Service",
    "SessionDiff",
    "SessionDocument",
    "SessionHistory",
    "SessionRef",
    "SessionVersion",
    "SessionView",
    "Status",
    "Tap",
    "User",
    "WorldFactory",
    "XblError",
    "XblServer",
    "XboxLive",
    "any_guid",
    "any_time",
    "assert_matches",
    "assert_session",
    "device_token",
    "diff_sessions",
]

_HOMES = {
    "VOLATILE": "pytest_xbl.compare.ignoring",
    "ArmedFault": "pytest_xbl.trouble.faults",
    "Clock": "pytest_xbl.xbl.clock",
    "Difference": "pytest_xbl.compare.differences",
    "JournalView": "pytest_xbl.xbl.journal",
    "SessionDiff": "pytest_xbl.compare.assertions",
    "any_guid": "pytest_xbl.compare.matchers",
    "any_time": "pytest_xbl.compare.matchers",
    "assert_matches": "pytest_xbl.compare.assertions",
    "assert_session": "pytest_xbl.compare.assertions",
    "device_token": "pytest_xbl.mpsd.devices",
    "diff_sessions": "pytest_xbl.compare.assertions",
    "ExpectedRefusal": "pytest_xbl.xbl.strictness",
    "Faults": "pytest_xbl.xbl.faults",
    "Handle": "pytest_xbl.mpsd.handles",
    "Limits": "pytest_xbl.xbl.limits",
    "OpenConnection": "pytest_xbl.xbl.rta",
    "ScenarioView": "pytest_xbl.xbl.scenario",
    "Seed": "pytest_xbl.arrange.seed",
    "SessionDocument": "pytest_xbl.mpsd.view",
    "SessionHistory": "pytest_xbl.xbl.history",
    "SessionRef": "pytest_xbl.mpsd.model",
    "SessionVersion": "pytest_xbl.world.state",
    "Service": "pytest_xbl.xbl.people",
    "SessionView": "pytest_xbl.xbl.session",
    "Status": "pytest_xbl.mpsd.model",
    "Tap": "pytest_xbl.world.connections",
    "User": "pytest_xbl.xbl.people",
    "WorldFactory": "pytest_xbl.xbl.factory",
    "XblServer": "pytest_xbl.wire.server",
    "XboxLive": "pytest_xbl.xbl.xbox_live",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that pytest runs that do not use it do not pay."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
