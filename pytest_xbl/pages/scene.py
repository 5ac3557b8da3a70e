"""A world as the explorer shows it: its names, its addresses, and where it is served."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pytest_xbl.mpsd.model import SessionRef
from pytest_xbl.pages.addresses import Addresses
from pytest_xbl.pages.links import Links
from pytest_xbl.pages.reading import NO_HISTORIES, Histories, Reading, reading
from pytest_xbl.pages.timers import Sight, Timers
from pytest_xbl.wire.app import App
from pytest_xbl.wire.entry import Entry
from pytest_xbl.wire.journal import Journal
from pytest_xbl.world.activity import taps_of
from pytest_xbl.world.people import account_of, users
from pytest_xbl.world.world import World


class Names(Mapping[str, str]):
    """The names of the users of a world, by xuid, each looked up when a page needs it."""

    def __init__(self, world: World) -> None:
        self._world = world

    def __getitem__(self, xuid: str) -> str:
        account = account_of(self._world, xuid)
        if account is None:
            raise KeyError(xuid)
        return account.caller.name

    def __iter__(self) -> Iterator[str]:
        return (account.key for account in users(self._world))

    def __len__(self) -> int:
        return len(users(self._world))


class Scene:
    """A world, and all that its pages need besides.

    Args:
        url: of the server, without a slash at the end.
        moves: whether its clock may be moved from the pages now.
        is_alone: whether no other world is served.
        sight: of its sessions; it looks at them once.
    """

    def __init__(self, app: App, *, url: str, moves: bool, is_alone: bool, sight: Sight) -> None:
        self.app = app
        self.sight = sight
        sight.look(app.world)
        self.url = url
        self.moves = moves
        self.is_alone = is_alone
        self.at = Addresses(app.name)

    @property
    def timers(self) -> Timers:
        """The timeouts of its sessions."""
        return self.sight.timers

    @property
    def world(self) -> World:
        """The world itself."""
        return self.app.world

    @property
    def journal(self) -> Journal:
        """Its requests."""
        return self.app.journal

    @property
    def names(self) -> Names:
        """The names of its users."""
        return Names(self.world)

    def name_of(self, xuid: str) -> str:
        """The name of a user, or the xuid of whoever else has it."""
        account = account_of(self.world, xuid)
        return account.caller.name if account else xuid

    def reading(
        self, *, links: Links | None = None, entries: Sequence[Entry] = (), histories: Histories = NO_HISTORIES
    ) -> Reading:
        """The reading of some requests and sessions of this world.

        Args:
            links: of the page; to other pages unless given.
        """
        taps = taps_of(self.world) if self.world.has_connections else ()
        links = links or self.at
        return reading(self.names, self.world.scid, links=links, entries=entries, histories=histories, taps=taps)

    def histories(self, refs: Sequence[SessionRef]) -> Histories:
        """The versions of sessions."""
        return {ref: self.world.history(ref) for ref in refs}
