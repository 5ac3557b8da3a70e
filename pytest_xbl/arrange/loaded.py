"""The outcome of loading a seed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pytest_xbl.mpsd.model import EMPTY, Json, JsonObject, SessionRef
from pytest_xbl.world.state import State


class Loaded(NamedTuple):
    """The state of a world after a seed was loaded, and the names that the seed gives to what is in it.

    Args:
        state: of the world.
        people: the names of the seed's users and services.
        sessions: the references of its sessions, by label.
        handles: the ids of its handles, by label.
        expected: at the end; empty if the seed expects nothing.
        limits: the rate limits that it switches on; None for none.
        faults: what goes wrong in it, in order.
        sources: the part of the seed, such as a file, that each of these sections comes from.
    """

    state: State
    people: tuple[str, ...] = ()
    sessions: Mapping[str, SessionRef] = {}
    handles: Mapping[str, str] = {}
    expected: JsonObject = EMPTY
    limits: Json = None
    faults: tuple[JsonObject, ...] = ()
    sources: Mapping[str, str] = {}
