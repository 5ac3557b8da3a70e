"""A reading of a world: the names, links, histories and causes that the parts of a page need to show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from pytest_xbl.mpsd.model import SessionRef
from pytest_xbl.pages.changes import Changes
from pytest_xbl.pages.links import Links
from pytest_xbl.wire.entry import Entry
from pytest_xbl.world.connections import Tap
from pytest_xbl.world.state import SessionVersion

Histories: TypeAlias = Mapping[SessionRef, Sequence[SessionVersion]]
"""The versions of sessions, the oldest first."""
Position: TypeAlias = tuple[SessionRef, int]
"""A version: its session, and its position in the history."""
NO_HISTORIES: Histories = MappingProxyType({})


class Reading(NamedTuple):
    """All that the parts of a page need besides what they show.

    Args:
        names: of people, by xuid.
        scid: the service configuration that needs no name.
        links: the places that the page leads to.
        histories: of the sessions.
        makers: the numbers of the requests that made versions.
        made: the versions that requests made, by their numbers.
        sent: the version that the response to a request shows, by its number.
        taps: the shoulder taps that were sent because of a request, by its number.
        changes: of the versions.
    """

    names: Mapping[str, str]
    scid: str
    links: Links
    histories: Histories
    makers: Mapping[Position, int]
    made: Mapping[int, Sequence[Position]]
    sent: Mapping[int, Position]
    taps: Mapping[int, Sequence[Tap]]
    changes: Changes

    def version(self, position: Position) -> SessionVersion:
        """The version at a position."""
        ref, place = position
        return self.histories[ref][place]

    def label(self, position: Position) -> str:
        """The name of a version: its session and its change number."""
        return f"{position[0].within(self.scid)} {numbered(self.version(position))}"


def reading(
    names: Mapping[str, str],
    scid: str,
    *,
    links: Links,
    entries: Sequence[Entry] = (),
    histories: Histories = NO_HISTORIES,
    taps: Iterable[Tap] = (),
) -> Reading:
    """The reading of some requests and sessions.

    Args:
        entries: which may have made the versions.
        histories: of the sessions.
        taps: all that were sent.
    """
    makers = _makers(entries, histories)
    made: dict[int, list[Position]] = {}
    for position, number in makers.items():
        made.setdefault(number, []).append(position)
    sent, caused = _sent(entries, histories), _caused(taps, histories, makers)
    return Reading(names, scid, links, histories, makers, made, sent, caused, Changes(histories, names))


def numbered(version: SessionVersion) -> str:
    """The change number of a version, as people read it."""
    return "deleted" if version.number is None else f"#{version.number}"


def _makers(entries: Sequence[Entry], histories: Histories) -> dict[Position, int]:
    """The numbers of the requests that made versions.

    An effect of a version is an object that the request which caused it has, too; so is the session that it sent.
    What neither shows, such as that a server has gone, is known by its operation, its caller and its time.
    """
    by_effect = {id(effect): entry.number for entry in reversed(entries) for effect in entry.effects}
    by_session = {(id(_session(entry)), *_call(entry)): entry.number for entry in reversed(entries) if _session(entry)}
    by_time = {_call(entry): entry.number for entry in reversed(entries) if not (entry.refusal or entry.effects)}
    found: dict[Position, int] = {}
    for ref, versions in histories.items():
        for place, version in enumerate(versions):
            call = version.operation, version.caller, version.time
            known = (by_effect.get(id(effect)) for effect in version.effects)
            number = next(filter(None, known), None) or by_session.get((id(version.session), *call))
            if number := number or (by_time.get(call) if _has_no_trace(version) else None):
                found[ref, place] = number
    return found


def _has_no_trace(version: SessionVersion) -> bool:
    """Whether a version has neither effects nor a response with its session."""
    return not version.effects and version.operation.startswith("delete-")


def _session(entry: Entry) -> object:
    """The version of a session that a response shows; None for none."""
    return entry._session or entry._answer.session


def _call(entry: Entry) -> tuple[object, ...]:
    return entry.operation, entry.caller, entry.time


def _sent(entries: Sequence[Entry], histories: Histories) -> dict[int, Position]:
    """The versions that responses show, by the numbers of the requests."""
    positions = {
        id(version.session): (ref, place)
        for ref, versions in histories.items()
        for place, version in enumerate(versions)
        if version.session
    }
    return {entry.number: positions[id(_session(entry))] for entry in entries if id(_session(entry)) in positions}


def _caused(taps: Iterable[Tap], histories: Histories, makers: Mapping[Position, int]) -> dict[int, list[Tap]]:
    """The taps, by the number of the request whose version they tell of."""
    numbers = {
        (ref.key, histories[ref][place].number, histories[ref][place].time): number
        for (ref, place), number in makers.items()
    }
    found: dict[int, list[Tap]] = {}
    for tap in taps:
        number = numbers.get((tap.session.key, tap.number, tap.time))
        if number:
            found.setdefault(number, []).append(tap)
    return found
