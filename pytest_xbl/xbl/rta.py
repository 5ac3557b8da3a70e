"""`xbl.rta`: the connections of real-time activity, and the shoulder taps that were sent (TAP)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from pytest_xbl.errors import XblError, hides_frames, shown
from pytest_xbl.mpsd.model import SessionRef
from pytest_xbl.mpsd.schema import CHANGE_TYPES
from pytest_xbl.mpsd.suggesting import nearest, or_meant
from pytest_xbl.world import activity
from pytest_xbl.world.connections import Connection, Tap
from pytest_xbl.world.world import World
from pytest_xbl.xbl.people import User, require_still_ours
from pytest_xbl.xbl.references import reference_in
from pytest_xbl.xbl.session import SessionView

__tracebackhide__ = hides_frames

KINDS = tuple(type_ for type_ in CHANGE_TYPES if type_ != "everything")
MOST_TAPS = 20
"""The most taps that a failure lists."""


class OpenConnection(NamedTuple):
    """An open connection.

    Args:
        user: the name of the user whose connection it is.
        id: the ConnectionId.
        opened: when, by the world's clock.
        has_client: whether a client has opened it; else a test has asked for `user.connection`.
    """

    user: str
    id: str
    opened: datetime
    has_client: bool


class Rta:
    """Real-time activity in one world."""

    __slots__ = ("_world",)

    def __init__(self, world: World) -> None:
        self._world = world

    def __repr__(self) -> str:
        """The number of connections and of taps."""
        return f"<rta: connections {len(self.connections)}, taps {activity.count_taps(self._world)}>"

    @property
    def connections(self) -> list[OpenConnection]:
        """The connections that are open, in the order in which they were opened."""
        return [_view(connection) for connection in activity.open_connections(self._world)]

    @property
    def taps(self) -> list[Tap]:
        """Every shoulder tap that was sent, in order; of very many the last ones (SEEN-18).

        Each has `user`, `session`, `number`, `kinds`, `caller`, `operation`, `time`, `connection`, `subscription` and
        `fault`, and reads as one line.
        """
        return activity.taps_of(self._world)

    @property
    def grace(self) -> timedelta:
        """The time for which members stay active after they have lost their connection; 0 unless a test sets it."""
        return activity.connections_of(self._world).grace

    @grace.setter
    def grace(self, grace: timedelta) -> None:
        activity.set_grace(self._world, _length(grace, "grace", "TAP-4"))

    @property
    def delay(self) -> timedelta:
        """The time between two taps on a connection; 0 unless a test sets it (TAP-8)."""
        return activity.connections_of(self._world).delay

    @delay.setter
    def delay(self, delay: timedelta) -> None:
        activity.set_delay(self._world, _length(delay, "delay", "TAP-8"))

    def drop(self, user: User) -> None:
        """Let a user lose their connections, as if the network were gone (TAP-4).

        Raises:
            XblError: if they have none.
        """
        require_still_ours(self._world, user, where="user")
        if not activity.drop(self._world, user.xuid):
            raise XblError(f"{user.name} has no connection, having lost the last one.", where="user", rule="TAP-4")

    def resync(self) -> int:
        """Ask the clients on all connections to read everything anew, and give their number (TAP-3)."""
        return activity.resync(self._world)

    def assert_tapped(
        self, user: User, session: SessionView | SessionRef | tuple[str, str, str], kind: str | None = None
    ) -> None:
        """Fail unless a user was tapped about a session.

        Args:
            session: a session, or its reference.
            kind: the type of change that they were told of; any unless given.

        Raises:
            AssertionError: with the taps that were sent.
            XblError: for somebody who is no user of this world, what is no session, or an unknown kind.
        """
        __tracebackhide__ = True
        require_still_ours(self._world, user, where="user")
        ref = reference_in(self._world, session, where="session")
        _require_kind(kind)
        about = [tap for tap in self.taps if tap.copies and tap.xuid == user.xuid and tap.session.key == ref.key]
        if not any(kind is None or kind in tap.kinds for tap in about):
            of_kind = f" of {kind}" if kind else ""
            expected = f"Expected {user.name} to be tapped about {ref.within(self._world.scid)}{of_kind}"
            raise AssertionError(f"{expected}; {_sent(self.taps, activity.gap_in_taps(self._world))}")


def _view(connection: Connection) -> OpenConnection:
    name, has_client = connection.account.caller.name, connection.line is not None
    return OpenConnection(name, connection.id, connection.opened, has_client)


def _sent(taps: list[Tap], gap: str) -> str:
    if not taps:
        return "no tap was sent."
    lines = [f"... {gap}"] if gap else []
    lines += [f"... {len(taps) - MOST_TAPS} earlier ones"] if len(taps) > MOST_TAPS else []
    return "\n".join(("the taps were:", *lines, *map(str, taps[-MOST_TAPS:])))


def _length(length: object, where: str, rule: str) -> timedelta:
    if not isinstance(length, timedelta) or length < timedelta():
        raise XblError(f"Expected a timedelta of 0 or more; got {shown(length)}.", where=where, rule=rule)
    return length


def _require_kind(kind: object) -> None:
    if kind is not None and kind not in KINDS:
        near = or_meant(nearest(kind, KINDS)) if isinstance(kind, str) else ""
        what = f"Unknown kind of change {shown(kind)}; known kinds: {', '.join(KINDS)}.{near}"
        raise XblError(what, where="kind", rule="TAP-5")
