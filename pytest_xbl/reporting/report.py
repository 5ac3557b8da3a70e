"""The section of a failing test about its world: the requests, and the histories of the sessions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from urllib.parse import unquote

from pytest_xbl.mpsd.model import SessionRef
from pytest_xbl.wire.journal import Journal
from pytest_xbl.world.activity import gap_in_taps
from pytest_xbl.xbl.session import SessionView
from pytest_xbl.xbl.xbox_live import XboxLive

MOST_REQUESTS = 12
MOST_SESSIONS = 3
MOST_VERSIONS = 3
"""The most that a report shows, unless all of it is asked for."""

SESSION_PARTS = 7
"""The parts of the path of a session, as a slash separates them."""


def report(xbl: XboxLive, *, whole: bool, earlier: int = 0) -> str:
    """The section `xbl` of a failing test's report; "" if nothing has happened.

    Args:
        whole: whether to show everything, as under `-vv`.
        earlier: the number of requests that had arrived when the test began.
    """
    faults = str(xbl.app.trouble or "").splitlines()
    requests = _requests(xbl.app.journal, whole=whole, earlier=earlier)
    return "\n".join([*requests, *_under("faults", faults), *_connections(xbl), *_sessions(xbl, whole=whole)])


def _under(title: str, lines: Sequence[str]) -> list[str]:
    return [f"{title}:", *(f"  {line}" for line in lines)] if lines else []


def _requests(journal: Journal, *, whole: bool, earlier: int) -> list[str]:
    entries, gap = journal.told(0 if whole else earlier)
    shown = entries if whole else entries[-MOST_REQUESTS:]
    lines = [entry._line(whole=whole) for entry in shown]
    left_out = _left_out(len(journal) - len(shown), "earlier requests")
    return [*_let_go(gap), *left_out, *lines]


def _connections(xbl: XboxLive) -> list[str]:
    """The open connections of real-time activity, and how much was told on each."""
    if not xbl._world.has_connections:
        return []
    told = Counter(tap.connection for tap in xbl.rta.taps)
    lines = [f"{one.user} is connected as {one.id}, taps {told[one.id]}" for one in xbl.rta.connections]
    return [*_let_go(gap_in_taps(xbl._world)), *lines] if lines else []


def _sessions(xbl: XboxLive, *, whole: bool) -> list[str]:
    known = by_last_request(xbl)
    shown = known if whole else known[:MOST_SESSIONS]
    lines: list[str] = []
    for ref in shown:
        versions = SessionView(xbl._world, ref).history  # though it may be forgotten by now, by another thread
        count = len(versions) if whole else min(MOST_VERSIONS, len(versions))
        name = str(ref) if whole else ref.within(xbl.scid)
        lines += [f"{name}:", *_let_go(versions.gap, "  ")]
        lines += _left_out(len(versions) - count, "earlier versions", "  ")
        lines += [f"  {line}" for line in versions._last(count)]
    return [*lines, *_left_out(len(known) - len(shown), "other sessions")]


def by_last_request(xbl: XboxLive) -> list[SessionRef]:
    """All sessions that there are or were: those of the last requests first, then those that were made last."""
    known = {ref.key: ref for ref in reversed(xbl._world.known())}
    by_path = {unquote(ref.path).lower(): key for key, ref in known.items()}
    paths = (entry.path.lower() for entry in reversed(xbl.app.journal[:]))
    asked = ("/".join(path.split("/", SESSION_PARTS)[:SESSION_PARTS]) for path in paths)
    first = (known[by_path[path]] for path in asked if path in by_path)
    return list(dict.fromkeys((*first, *known.values())))


def _let_go(gap: str, before: str = "") -> list[str]:
    return [f"{before}... {gap}"] if gap else []


def _left_out(count: int, of_what: str, before: str = "") -> list[str]:
    return [f"{before}... {count} {of_what}; -vv shows all"] if count > 0 else []
