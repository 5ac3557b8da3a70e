"""The players that somebody has met, told from the histories of the sessions (BIG-3, BIG-6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from typing import NamedTuple, TypeAlias

from pytest_xbl.mpsd.effects import Encountered
from pytest_xbl.mpsd.large import companies, is_playing
from pytest_xbl.world.histories import gap_in
from pytest_xbl.world.state import SessionVersion
from pytest_xbl.world.world import World

ENCOUNTER = timedelta(seconds=30)
"""The time that an encounter counts for."""

Moment: TypeAlias = tuple[datetime, int]
"""A time and the number of a version, because the clock of a test may stand still."""


STILL_THERE: Moment = (datetime.max.replace(tzinfo=timezone.utc), 0)
"""The end of a stay that has not ended: later than any that has, even if that was at this very moment."""


class Stay(NamedTuple):
    """The time that somebody spends in a company, both moments included; an encounter is one, too."""

    xuid: str
    began: Moment
    ended: Moment


def recent_players(world: World, xuid: str) -> list[str]:
    """The xuids of those whom a user has played with, starting with those who were with them last.

    Those who were with them at the same time are in the order in which they came.
    """
    with world.exclusively():
        histories = [world.history(ref) for ref in world.known()]
    met: dict[str, datetime] = {}
    for company in (company for history in histories for company in _companies(history)):
        for other, last in _met_by(xuid, company):
            met[other] = max(last, met.get(other, last))
    return sorted(met, key=lambda other: met[other], reverse=True)


def _met_by(xuid: str, company: Sequence[Stay]) -> Iterator[tuple[str, datetime]]:
    """The others who have been in a company with a user, and when the two were last there together."""
    own = [stay for stay in company if stay.xuid == xuid]
    for other in company if own else ():
        together = [min(one.ended, other.ended) for one in own if one.began <= other.ended and other.began <= one.ended]
        if together and other.xuid != xuid:
            time, _ = max(together)
            yield other.xuid, time


def _companies(history: Sequence[SessionVersion]) -> list[list[Stay]]:
    """The stays in each company of a session, in the order in which they began."""
    companies: dict[str, list[Stay]] = {}
    for company, stay in sorted(_stays(history), key=lambda found: found[1].began):
        companies.setdefault(company, []).append(stay)
    return [*companies.values()]


def _stays(history: Sequence[SessionVersion]) -> Iterator[tuple[str, Stay]]:
    """Each stay in a company, and the company."""
    there: dict[tuple[str, str], Moment] = {}
    before = None
    for number, version in enumerate(history):
        moment = (version.time, number)
        for xuid in dict.fromkeys((*_known_before(history, number), *_touched(version))):
            was, is_now = companies(before, xuid), companies(version.session, xuid)
            there |= {(company, xuid): moment for company in is_now - was}
            yield from ((company, Stay(xuid, there.pop((company, xuid)), moment)) for company in was - is_now)
        yield from _encounters(version, moment)
        before = version.session
    for (company, xuid), began in there.items():
        yield company, Stay(xuid, began, STILL_THERE)


def _touched(version: SessionVersion) -> Iterator[str]:
    """The xuids of those of whom the effects of a version tell."""
    return (getattr(effect, "xuid", "") for effect in version.effects)


def _known_before(history: Sequence[SessionVersion], number: int) -> Iterable[str]:
    """The xuids of members of the first version that is left: they may have come in one that was let go (SEEN-18)."""
    session = history[number].session
    is_late = number == 0 and gap_in(history)
    return [member.xuid for member in session.members] if is_late and session else ()


def _encounters(version: SessionVersion, moment: Moment) -> Iterator[tuple[str, Stay]]:
    """The encounters that a version reports, of members who play."""
    for effect in version.effects:
        if isinstance(effect, Encountered) and is_playing(version.session, effect.xuid):
            yield effect.name.casefold(), Stay(effect.xuid, (version.time - ENCOUNTER, -1), moment)
