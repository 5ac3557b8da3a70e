"""Notes on a recording that does not show all of the world in which it was made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import unquote

from pytest_xbl.mpsd.refusal import LONGEST_PLACE, on_one_line
from pytest_xbl.replay.beginning import SESSION, is_xuid
from pytest_xbl.replay.places import at
from pytest_xbl.replay.recording import Exchange

FOUND = 200
"""The recorded status of a request to a session that is there."""
NOT_FOUND = (201, 204, 404)
"""The statuses of the fake for a request to a session that is not there: created, empty, refused."""
UNAUTHORIZED = 401


def notes_on_callers(exchanges: Sequence[Exchange]) -> Iterator[str]:
    """Say that callers cannot be told apart: without `Authorization`, or with the same one for several (REPL-3)."""
    if not any(exchange.caller for exchange in exchanges):
        if any(exchange.status != UNAUTHORIZED for exchange in exchanges):
            yield "no request has an Authorization header, so callers cannot be told apart"
        return
    names: dict[int, dict[str, None]] = {}
    for exchange in exchanges:
        own = at(exchange.request.json, "members", "me", "constants", "system", "xuid")
        if exchange.caller and is_xuid(own):
            names.setdefault(exchange.caller, {})[str(own)] = None
    for xuids in names.values():
        if len(xuids) > 1:
            yield f"{' and '.join(xuids)} have the same Authorization header, so they cannot be told apart"


def notes_on_sessions(played: Iterable[tuple[Exchange, int]], *, whole: bool) -> Iterator[str]:
    """Name each session that the recording finds at its first request, and the fake does not (REPL-2).

    Args:
        played: exchanges, and the statuses of the fake's responses.
        whole: whether the recording has no exchange that was left out.
    """
    seen: set[tuple[str, ...]] = set()
    for exchange, status in played:
        path = SESSION.match(exchange.url.path)
        if path is None:
            continue
        ref = tuple(unquote(name) for name in path.groups())
        key = tuple(name.lower() for name in ref)
        if key not in seen and exchange.status == FOUND and status in NOT_FOUND:
            name = on_one_line("/".join(ref[1:]), LONGEST_PLACE)
            why = "" if whole else ", or its creation was left out"
            yield f"session {name} was there before the recording{why}"
        seen.add(key)
