"""Finding sessions in a world, by the people in them or by keyword."""

from __future__ import annotations

from collections.abc import Iterable

from pytest_xbl.mpsd.access import read_refusal
from pytest_xbl.mpsd.model import JsonObject, Session, SessionRef
from pytest_xbl.mpsd.queries import Query, in_order, matches, require_right, result, takes_part
from pytest_xbl.world.state import SessionKey
from pytest_xbl.world.visit import Visit
from pytest_xbl.world.world import World


def find_sessions(
    world: World, query: Query, visit: Visit, *, scid: str, template: str | None = None
) -> list[JsonObject]:
    """The results of a query: user by user in its order (FIND-7, FIND-8).

    Args:
        template: the one that they are made from; None for any.

    Raises:
        Refusal: 404 for an unknown service configuration or template (TMPL-1).
    """
    with world.exclusively():
        place = _place(world, scid, template)
        require_right(query, visit.caller)
        candidates = {xuid: _candidates(world, query, xuid, place) for xuid in query.xuids or (None,)}
        seen = _seen(world, dict.fromkeys(key for keys in candidates.values() for key in keys), visit)
        found = [
            (session, xuid)
            for xuid, keys in candidates.items()
            for session in in_order(seen[key] for key in keys if key in seen)
            if matches(session, query) and (xuid is None or takes_part(session, xuid, query))
        ]
    return [result(session, xuid) for session, xuid in found[: query.take]]


def _place(world: World, scid: str, template: str | None) -> tuple[str, ...]:
    """The beginning of the keys of all sessions that may be found."""
    if template is None:
        world.templates(scid)
        return (scid.lower(),)
    world.template(scid, template)
    return (scid.lower(), template.lower())


def _candidates(world: World, query: Query, xuid: str | None, place: tuple[str, ...]) -> list[SessionKey]:
    """The sessions that an index knows of, in this service configuration, or of this template in it."""
    state = world._state
    keys = state.keywords[place[0], query.keyword] if xuid is None else state.memberships[xuid]
    return [key for key in keys if key[: len(place)] == place]


def _seen(world: World, keys: Iterable[SessionKey], visit: Visit) -> dict[SessionKey, Session]:
    """Those sessions that the caller may read; a query is one access to each that it looks at (FIND-9, TIME-2)."""
    arrived = {key: world.arrive(SessionRef(*key), visit) for key in keys}
    return {key: session for key, (session, ctx) in arrived.items() if session and read_refusal(session, ctx) is None}
