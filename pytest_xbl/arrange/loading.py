"""A seed comes into a world: section by section, in the order in which they need each other."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from pytest_xbl.arrange.handles import add_handle
from pytest_xbl.arrange.people import add_people
from pytest_xbl.arrange.places import each, placed
from pytest_xbl.arrange.sessions import seat_session
from pytest_xbl.arrange.statistics import add_statistics
from pytest_xbl.arrange.times import time_in
from pytest_xbl.mpsd.creation import parse_template
from pytest_xbl.mpsd.model import NEWEST_CONTRACT, NOTHING, JsonObject, SessionRef
from pytest_xbl.mpsd.names import name_in_body
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.schema import check
from pytest_xbl.world.ready_made import DEFAULT_SCID
from pytest_xbl.world.state import State
from pytest_xbl.world.world import World


class Loaded(NamedTuple):
    """What a seed has become.

    Args:
        state: of the world.
        people: the names of its users and services.
        sessions: the references of its sessions, by label.
        handles: the ids of its handles, by label.
        expected: at the end; empty if the seed expects nothing.
    """

    state: State
    people: tuple[str, ...] = ()
    sessions: Mapping[str, SessionRef] = {}
    handles: Mapping[str, str] = {}
    expected: JsonObject = NOTHING


def load(seed: JsonObject, world: World) -> Loaded:
    """Bring a checked seed into a world, which is not used otherwise.

    Raises:
        Refusal: with the place inside the seed (SEED-2, SEED-5).
    """
    _set_clock(world, seed)
    each(seed.get("templates", {}), ("templates",), partial(_add_template, world, set()))
    add_people(world, seed)
    sessions = each(seed.get("sessions", {}), ("sessions",), partial(seat_session, world))
    handles = each(seed.get("handles", {}), ("handles",), lambda _label, it: add_handle(world, it, sessions).id)
    with placed(("statistics",)):
        add_statistics(world, seed.get("statistics", {}))
    given = seed.get("given", {})
    world.state.names_given = given.get("sessions", world.state.names_given)
    world.state.handles_given = given.get("handles", world.state.handles_given)
    people = (*seed.get("users", ()), *seed.get("services", ()))
    return Loaded(world.state, people, sessions, handles, seed.get("expected", NOTHING))


def _set_clock(world: World, seed: JsonObject) -> None:
    now = time_in(seed, "now")
    state = world.state
    if now and now < state.now and state.records:
        what = f"The clock shows {state.now}, and does not run backwards where there are sessions already."
        raise Refusal(400, what, where=("now",), rule="TIME-1")
    state.now = now or state.now


def _add_template(world: World, added: set[tuple[str, str]], label: str, record: JsonObject) -> None:
    name, scid = record.get("name", label), record.get("scid", DEFAULT_SCID)
    check(name_in_body, name, ("name",), "CALL-15")
    if (scid.lower(), name.lower()) in added:
        raise Refusal(400, f"The template {name} stands twice in the seed.", where=("name",), rule="SEED-1")
    added.add((scid.lower(), name.lower()))
    body: JsonObject = {field: record[field] for field in ("constants", "roleTypes") if field in record}
    template = parse_template(scid, name, body, contract=record.get("contract", NEWEST_CONTRACT))
    world.replace_template(template)
