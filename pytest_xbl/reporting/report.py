"""The section of a failing test about its world: the requests, and the histories of the sessions."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_xbl.wire.journal import Entry
from pytest_xbl.xbl.xbox_live import XboxLive

MOST_REQUESTS = 12
MOST_SESSIONS = 3
MOST_VERSIONS = 3
"""The most that a report shows, unless all of it is asked for."""


def report(xbl: XboxLive, *, whole: bool) -> str:
    """The section `xbl` of a failing test's report; "" if nothing has happened.

    Args:
        whole: whether to show everything, as under `-vv`.
    """
    return "\n".join([*_requests(xbl.journal, whole=whole), *_sessions(xbl, whole=whole)])


def _requests(entries: Sequence[Entry], *, whole: bool) -> list[str]:
    shown = entries if whole else entries[-MOST_REQUESTS:]
    return [*_left_out(len(entries) - len(shown), "earlier requests"), *map(str, shown)]


def _sessions(xbl: XboxLive, *, whole: bool) -> list[str]:
    sessions = [xbl.sessions[ref] for ref in xbl._world.known()]
    shown = sessions if whole else sessions[-MOST_SESSIONS:]
    lines = _left_out(len(sessions) - len(shown), "other sessions")
    for session in shown:
        versions = str(session.history).splitlines()
        kept = versions if whole else versions[-MOST_VERSIONS:]
        lines += [f"{session.ref}:", *_left_out(len(versions) - len(kept), "earlier versions", "  ")]
        lines += [f"  {line}" for line in kept]
    return lines


def _left_out(count: int, of_what: str, before: str = "") -> list[str]:
    return [f"{before}... {count} {of_what}; -vv shows all"] if count > 0 else []
