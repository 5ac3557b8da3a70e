"""How a page reads a world as it is now."""

from __future__ import annotations

from pytest_xbl import XboxLive
from pytest_xbl.pages.links import Anchors, Links
from pytest_xbl.pages.reading import Reading, reading
from pytest_xbl.world.people import users


def read(xbl: XboxLive, links: Links | None = None) -> Reading:
    """The reading of all requests and sessions, with links to all that there is."""
    histories = {ref: xbl.sessions[ref].history for ref in xbl._world.known()}
    numbers = [entry.number for entry in xbl.journal]
    return reading(
        {account.key: account.caller.name for account in users(xbl._world)},
        xbl.scid,
        links=links or Anchors(numbers, [*histories], {entry.rule for entry in xbl.journal}),
        entries=xbl.journal,
        histories=histories,
        taps=xbl.rta.taps,
    )
