"""A reading of a world: the names, links and origins that the parts of a page need to show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from pytest_xbl.mpsd.model import SessionRef
from pytest_xbl.pages.links import Links
from pytest_xbl.wire.journal import Entry
from pytest_xbl.world.connections import Tap
from pytest_xbl.world.state import SessionVersion

Histories: TypeAlias = Mapping[SessionRef, Sequence[SessionVersion]]
"""The versions of sessions, the oldest first."""
NONE: Histories = MappingProxyType({})
Position: TypeAlias = tuple[SessionRef, int]
"""A version: its session, and its position in the history."""


class Reading(NamedTuple):
    """All that the parts of a page need besides what they show.

    Args:
        names: of people, by xuid.
        scid: the service configuration that needs no name.
        links: the places that the page leads to.
        makers: the numbers of the requests that made versions.
        made: the versions that requests made, by their numbers.
        taps: the shoulder taps that were sent because of a request, by its number.
        labels: the change numbers of versions, as people read them.
    """

    names: Mapping[str, str]
    scid: str
    links: Links
    makers: Mapping[Position, int]
    made: Mapping[int, Sequence[Position]]
    taps: Mapping[int, Sequence[Tap]]
    labels: Mapping[Position, str]


def reading(
    names: Mapping[str, str],
    scid: str,
    *,
    links: Links,
    entries: Iterable[Entry] = (),
    histories: Histories = NONE,
    taps: Iterable[Tap] = (),
) -> Reading:
    """The reading of some requests and sessions.

    Args:
        entries: which may have made the versions.
        histories: of the sessions.
        taps: all that were sent.
    """
    makers = _makers([*entries], histories)
    made: dict[int, list[Position]] = {}
    for position, number in makers.items():
        made.setdefault(number, []).append(position)
    labels = {
        (ref, position): label(version)
        for ref, versions in histories.items()
        for position, version in enumerate(versions)
    }
    return Reading(names, scid, links, makers, made, _caused(taps, histories, makers), labels)


def label(version: SessionVersion) -> str:
    """The change number of a version, as people read it."""
    return "deleted" if version.number is None else f"#{version.number}"


def _makers(entries: Sequence[Entry], histories: Histories) -> dict[Position, int]:
    """The numbers of the requests that made versions.

    An effect of a version is an object that the request which caused it has, too; so is the session that it sent.
    """
    by_effect = {id(effect): entry.number for entry in reversed(entries) for effect in entry.effects}
    by_session = {_sent(entry): entry.number for entry in reversed(entries) if _session(entry)}
    found: dict[Position, int] = {}
    for ref, versions in histories.items():
        for position, version in enumerate(versions):
            written = (id(version.session), version.operation, version.caller)
            causes = [by_effect[id(effect)] for effect in version.effects if id(effect) in by_effect]
            number = next(iter(causes), by_session.get(written))
            if number:
                found[ref, position] = number
    return found


def _session(entry: Entry) -> object:
    """The version of a session that a request has sent; None for none."""
    return entry._session or entry._answer.session


def _sent(entry: Entry) -> tuple[int, str, str]:
    return id(_session(entry)), entry.operation, entry.caller


def _caused(taps: Iterable[Tap], histories: Histories, makers: Mapping[Position, int]) -> dict[int, list[Tap]]:
    """The taps by the number of the request whose version they tell of."""
    numbers = {
        (ref.key, version.number, version.time): makers[ref, position]
        for ref, versions in histories.items()
        for position, version in enumerate(versions)
        if (ref, position) in makers
    }
    found: dict[int, list[Tap]] = {}
    for tap in taps:
        number = numbers.get((tap.session.key, tap.number, tap.time))
        if number:
            found.setdefault(number, []).append(tap)
    return found
