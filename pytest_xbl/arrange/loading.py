"""Loading a seed into a world: section by section, in the order in which they need each other."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from pytest_xbl.arrange.clock import set_clock
from pytest_xbl.arrange.handles import add_handle, require_one_activity
from pytest_xbl.arrange.loaded import Loaded
from pytest_xbl.arrange.people import GRAPHS, add_service, add_user, relate
from pytest_xbl.arrange.places import each
from pytest_xbl.arrange.sessions import make_session
from pytest_xbl.arrange.statistics import add_statistics
from pytest_xbl.arrange.templates import add_template, require_new_template
from pytest_xbl.mpsd.model import EMPTY, Caller, JsonObject, SessionRef
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.world.people import set_presence
from pytest_xbl.world.visit import Visit
from pytest_xbl.world.world import World

THE_SEED = Caller("the seed", server=True)


def load(seed: JsonObject, world: World) -> Loaded:
    """Bring a checked seed into a world that nobody else uses.

    Raises:
        Refusal: with the place inside the seed (SEED-2, SEED-5, SEED-13).
    """
    _require_scid(world, seed)
    set_clock(world, seed)
    each(seed.get("templates", {}), ("templates",), partial(_add_template, world, set()))
    _add_people(world, seed.get("users", {}), seed.get("services", {}))
    visit = Visit(THE_SEED, "create")
    sessions = each(seed.get("sessions", {}), ("sessions",), partial(make_session, world, visit=visit))
    handles = each(seed.get("handles", {}), ("handles",), partial(_add_handle, world, sessions))
    each({"statistics": seed.get("statistics", {})}, (), lambda _name, section: add_statistics(world, section))
    _set_given(world, seed.get("given", {}))
    people = (*seed.get("users", ()), *seed.get("services", ()))
    expected, limits, faults = seed.get("expected", EMPTY), seed.get("limits"), tuple(seed.get("faults", ()))
    return Loaded(world.snapshot(), people, sessions, handles, expected, limits, faults)


def _require_scid(world: World, seed: JsonObject) -> None:
    """Refuse to change the service configuration of a world that has begun."""
    asked = seed.get("scid", world.scid)
    if asked.lower() != world.scid.lower():
        what = f"The service configuration of this world is {world.scid} since it began; it cannot become {asked}."
        raise Refusal(400, what, where=("scid",), rule="SEED-13")


def _add_people(world: World, users: Mapping[str, JsonObject], services: Mapping[str, JsonObject]) -> None:
    """Users come before services that act for them, and all users before those who follow them."""
    accounts = each(users, ("users",), partial(add_user, world))
    each(services, ("services",), partial(add_service, world))
    told = {name: record for name, record in users.items() if record}  # of very many, mostly only the names
    relations = {name: {graph: record[graph] for graph in GRAPHS if graph in record} for name, record in told.items()}
    each({name: record for name, record in relations.items() if record}, ("users",), partial(relate, world))
    absent = [accounts[name].key for name, record in told.items() if not record.get("present", True)]
    set_presence(world, *absent, present=False)  # all at once: one by one would cost the square of their number


def _add_template(world: World, added: set[tuple[str, str]], label: str, record: JsonObject) -> None:
    require_new_template(add_template(world, label, record), added)


def _add_handle(world: World, sessions: Mapping[str, SessionRef], _label: str, record: JsonObject) -> str:
    require_one_activity(world, record)
    return add_handle(world, record, sessions, THE_SEED).id


def _set_given(world: World, given: JsonObject) -> None:
    sessions, handles = world.given()
    world.set_given(sessions=given.get("sessions", sessions), handles=given.get("handles", handles))
