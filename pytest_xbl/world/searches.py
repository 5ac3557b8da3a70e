"""Finding search handles in a world (SRCH-3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet

from pytest_xbl.mpsd.access import read_refusal
from pytest_xbl.mpsd.activities import Group
from pytest_xbl.mpsd.filter_paths import Subject
from pytest_xbl.mpsd.filters import Filter, is_any_true
from pytest_xbl.mpsd.handles import Handle, points_at
from pytest_xbl.mpsd.model import Caller, JsonObject, Session
from pytest_xbl.mpsd.queries import MOST_RESULTS, require_right
from pytest_xbl.mpsd.search_results import Seeker, in_order, is_found, search_as_json
from pytest_xbl.mpsd.searches import SearchQuery
from pytest_xbl.mpsd.timers import is_quiet
from pytest_xbl.world.statistics import platforms_of
from pytest_xbl.world.visit import Visit
from pytest_xbl.world.world import World

NO_TITLES: frozenset[float] = frozenset()


def find_searches(world: World, asked: SearchQuery, visit: Visit) -> list[JsonObject]:
    """The results of a query, which is an access to the sessions behind all handles with fitting attributes (SRCH-10).

    Raises:
        Refusal: 403; 400 (FIND-10); 404 for an unknown service configuration or template (TMPL-1).
    """
    require_right(asked.query, visit.caller)
    with world.exclusively():
        _require_place(world, asked)
        found = _found(world, asked, visit.caller, visit)
    return [
        search_as_json(it.handle, it.session, asked.included, platforms_of(world, it.handle.title_id))
        for it in found[: asked.query.take]
    ]


def peek_searches(world: World, asked: SearchQuery, caller: Caller) -> list[Handle]:
    """The handles that a query would find now, without an access to their sessions."""
    with world.exclusively():
        _require_place(world, asked)
        found = _found(world, asked, caller, None)
    return [it.handle for it in found[:MOST_RESULTS]]


def peek_subject(world: World, handle: Handle) -> Subject | None:
    """A search handle with its session, as a query now would find it, without being one; None if that is gone."""
    session = _session_of(world, handle, None)
    titles = _titles(world).get(handle.searched.key[0], NO_TITLES)
    return Subject(handle, session, titles) if session else None


def _found(world: World, asked: SearchQuery, caller: Caller, visit: Visit | None) -> list[Subject]:
    """The handles that a query asks for and the caller may see, in its order (SRCH-7, SRCH-10).

    Args:
        visit: of the caller; None for no access to the sessions.
    """
    seeker, titles = _seeker(world, asked, caller), _titles(world)
    anywhere, branches = asked.place == ("", ""), asked.filter.branches
    is_own = any(branch.own for branch in branches)
    found = []
    for handle in _candidates(world, asked.filter):
        searched = handle.searched
        possible = asked.filter.possible(searched) if is_own else branches
        if not possible or not (anywhere or asked.is_at(searched)):
            continue
        session = _session_of(world, handle, visit)
        if session is None:
            continue
        subject = Subject(handle, session, titles.get(searched.key[0], NO_TITLES))
        if is_any_true(possible, subject) and is_found(subject, asked, seeker):
            found.append(subject)
    return in_order([it for it in found if _is_visible(world, it, caller)], asked.order)


def _titles(world: World) -> dict[str, frozenset[float]]:
    """The ids of titles, by service configuration in lower case."""
    found: dict[str, frozenset[float]] = {}
    for title_id, title in world._state.titles.items():
        scid = title.scid.lower()
        found[scid] = found.get(scid, NO_TITLES) | {float(title_id)}
    return found


def _candidates(world: World, asked: Filter) -> Iterable[Handle]:
    """The handles that may satisfy a filter: those with an attribute that each of its alternatives needs, or all."""
    state = world._state
    ids: dict[str, None] = {}
    for branch in asked.branches:
        indexed = [state.attributes[clause.attribute] for clause in branch.own if clause.attribute]
        if not indexed:
            return list(state.searches.values())
        fewest: Collection[str] = min(indexed, key=len)
        ids.update(dict.fromkeys(fewest))
    return [state.searches[handle_id] for handle_id in ids]


def _session_of(world: World, handle: Handle, visit: Visit | None) -> Session | None:
    """The session behind a handle, timers settled; None if it is gone.

    An access for which nothing is due need not be stored (TIME-1).
    """
    state = world._state
    session = state.records[handle.searched.key].session
    if session and (state.absent or not is_quiet(session, state.now)):
        settled = world.settled(session).session
        if settled is not session and visit:
            settled = world.arrive(handle.ref, visit)[0]
        session = settled
    return session if points_at(handle, session) else None


def _is_visible(world: World, it: Subject, caller: Caller) -> bool:
    """Whether a caller may see a session through its search handle: not a private one (SRCH-10)."""
    if it.session.constants.system.get("visibility") != "private" or caller.manages:
        return True
    return read_refusal(it.session, world.context(it.handle.ref, caller)) is None


def _require_place(world: World, asked: SearchQuery) -> None:
    scid, template = asked.place
    if scid and template:
        world.template(scid, template, where=("templateName",))
    elif scid:
        world.templates(scid, where=("scid",))


def _seeker(world: World, asked: SearchQuery, caller: Caller) -> Seeker:
    state = world._state
    return Seeker(
        caller.xuid,
        state.now,
        members=_xuids(world, asked.members),
        owners=_xuids(world, asked.owners),
        follows=state.follows.get(caller.xuid or "", frozenset()) if asked.followed else None,
        blocks=state.blocks if asked.may_talk else None,
    )


def _xuids(world: World, people: Collection[str] | Group | None) -> AbstractSet[str] | None:
    if not isinstance(people, Group):
        return None if people is None else frozenset(people)
    graph = world._state.follows if people.moniker == "people" else world._state.favorites
    return graph.get(people.xuid, frozenset())
