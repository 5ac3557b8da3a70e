"""The histories of sessions: each version is remembered, and let go of when many others have come (SEEN-18).

To let go takes a look at all histories, so it is done for many versions at once: a world keeps the last versions of
all its sessions together, and at times up to as many before these, or as many as it has sessions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile

from pytest_xbl.mpsd.model import SessionRef
from pytest_xbl.world.keeping import gap_of
from pytest_xbl.world.state import Log, Record, SessionVersion, State


class Versions(list[SessionVersion]):
    """The versions of a session that are kept, the oldest first.

    Args:
        gap: the words for older versions that were let go; "" if there are none.
    """

    def __init__(self, versions: Iterable[SessionVersion] = (), *, gap: str = "") -> None:
        super().__init__(versions)
        self.gap = gap


def gap_in(versions: Sequence[SessionVersion]) -> str:
    """The words for versions that were let go before these; "" if there are none, or nobody knows of any."""
    return versions.gap if isinstance(versions, Versions) else ""


def versions_of(record: Record, keep: int) -> Versions:
    """The versions of a session, also of one that was deleted and made again."""
    kept = record.log.versions() if record.log else []
    return Versions(kept, gap=gap_of(record.versions - len(kept), "version", keep))


def never_made(state: State, ref: SessionRef) -> Record:
    """The record of a session that there never was, as far as the world remembers."""
    return Record(ref, None, state.forgotten)


def remember(state: State, version: SessionVersion, *, incarnation: int, keep: int) -> None:
    """Remember a version of a session, and let go of old ones when it is time.

    Args:
        incarnation: of the session; of the last one, if the version is its end.
        keep: the number of versions that are kept in any case.
    """
    key = version.ref.key
    record = state.records.get(key) or never_made(state, version.ref)
    state.versions += 1
    log = Log(version, record.log, state.versions)
    state.records[key] = Record(version.ref, version.session, incarnation, log, record.versions + 1)
    if state.versions - state.looked_at >= max(keep, len(state.records)):
        state.looked_at = state.versions
        _let_go(state, state.versions - keep)


def _let_go(state: State, oldest: int) -> None:
    """Let go of versions up to a number: of the last one of a session only if it has ended, and no handle leads there.

    An ended session is forgotten with its last version; if it is made again, no ETag of before is that of the new one.
    """
    pointed_at = {ref.key for handle in state.handles.values() for ref in (handle.ref, handle.origin) if ref}
    for key, record in [*state.records.items()]:
        log = record.log and _since(record.log, oldest)
        if log is None and record.session is None and key not in pointed_at:
            del state.records[key]
            state.forgotten = max(state.forgotten, record.incarnation)
        elif log is not record.log:
            last = record.log and record.log._replace(earlier=None)
            state.records[key] = record._replace(log=log or last)


def _since(log: Log, oldest: int) -> Log | None:
    """The part of a history after a number; the same one, if that is all of it."""
    kept = [*takewhile(lambda one: one.number > oldest, log.chain())]
    if kept and kept[-1].earlier is None:
        return log
    part: Log | None = None
    for one in reversed(kept):
        part = one._replace(earlier=part)
    return part
