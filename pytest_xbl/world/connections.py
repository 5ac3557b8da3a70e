"""The open connections of a world: who is told of what on them, and what losing one brings about (TAP)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple, Protocol, TypeAlias

from pytest_xbl.mpsd.connections import disconnected, named
from pytest_xbl.mpsd.effects import MemberTapped, Outcome
from pytest_xbl.mpsd.model import Caller, Context, Json, Session, SessionRef
from pytest_xbl.mpsd.taps import Subscription, told
from pytest_xbl.mpsd.view import branch, guid
from pytest_xbl.world.keeping import KEEP, Kept
from pytest_xbl.world.state import Account, SessionKey, State
from pytest_xbl.world.visit import Visit

Resource: TypeAlias = tuple[str, ...]
"""Something that can be subscribed to on a connection: its kind, and the names in its URI."""
LONGEST = timedelta(hours=2)
"""The time after which the service ends a connection (TAP-14)."""
NO_TIME = timedelta()


class Tap(NamedTuple):
    """A shoulder tap that was sent.

    Args:
        user: the name of the member who was told.
        session: that changed.
        number: its change number; None if the session has ended (TAP-9).
        kinds: the types of the change, or of all changes since the tap before.
        caller: who made the change; "" for a timeout.
        operation: by which they made it.
        time: of the change.
        connection: the ConnectionId on which the member was told.
        subscription: the id of the subscription, in lower case.
        branch: of the session.
        xuid: of the member.
        fault: that it has met, and where that was armed; "" for none (FAULT-8).
        copies: the number of times that it arrives; 0 for one that gets lost.
    """

    user: str
    session: SessionRef
    number: int | None
    kinds: frozenset[str]
    caller: str
    operation: str
    time: datetime
    connection: str
    subscription: str
    branch: str
    xuid: str
    fault: str = ""
    copies: int = 1

    def __str__(self) -> str:
        """One line: whom, about which version, and why."""
        number = "its end" if self.number is None else f"#{self.number}"
        kinds = f" ({', '.join(sorted(self.kinds))})" if self.kinds else ""
        who = f"{self.operation} by {self.caller}" if self.caller else self.operation
        fault = f" (fault: {self.fault})" if self.fault else ""
        return f"{self.user} tapped about {self.session.template}/{self.session.name} {number}{kinds}: {who}{fault}"


_Why: TypeAlias = tuple[SessionRef, int | None, frozenset[str], str, str, datetime]
"""The parts of a tap that all who are told of a change share."""


class Line(Protocol):
    """The way to the client of a connection. No call waits for the client."""

    @property
    def listens(self) -> bool:
        """Whether the client wants to hear of changes to sessions."""

    def tap(self, taps: Sequence[Tap], *, again: bool = False) -> None:
        """Tell of changes to sessions.

        Args:
            again: whether this is a copy of the event before.
        """

    def publish(self, resource: Resource, data: Json) -> None:
        """Tell of something new, if the client has subscribed to it."""

    def resync(self) -> None:
        """Ask the client to read everything anew."""

    def close(self, reason: str) -> None:
        """End the connection with a word."""

    def cut(self) -> None:
        """End the connection without a word."""

    def wait(self) -> None:
        """Wait until the thread of the ended connection is gone."""


class Home(Protocol):
    """The world, as far as its connections change it."""

    def change(self, ref: SessionRef, visit: Visit, update: Callable[[Session | None, Context], Outcome]) -> object:
        """Let the rules change a session, and store the outcome."""


@dataclass(eq=False, repr=False)
class Connection:
    """An open connection.

    Args:
        id: the ConnectionId, in lower case.
        account: of the user whose connection it is.
        opened: when it was opened, by the world's clock.
        line: None for a connection without a client, which a test has asked for.
        held: taps that wait for the end of the service's delay, by subscription and session.
        free: the time from which the next tap may be sent.
    """

    id: str
    account: Account
    opened: datetime
    line: Line | None = None
    held: dict[tuple[str, str, SessionKey], Tap] = field(default_factory=dict)
    free: datetime | None = None


class Connections:
    """The connections of one world; its lock is held by whoever calls.

    Sessions name connections.
    Who names which is kept by connection, so that losing one finds its sessions, and the rules can count them.

    Args:
        keep: the number of taps that are kept (SEEN-18).
    """

    def __init__(self, keep: int = KEEP) -> None:
        self.live: dict[str, Connection] = {}
        """By id."""
        self.taps: Kept[Tap] = Kept("tap", keep)
        """The last that were sent."""
        self.grace = NO_TIME
        """The time for which a member stays active without a connection (TAP-4)."""
        self.delay = NO_TIME
        """The time between two taps of a connection; between these, taps are merged (TAP-8)."""
        self.meet: Callable[[Tap], Tap] | None = None
        """The function that lets a tap meet the faults that are armed for it; None for no faults (FAULT-8)."""
        self.nonces: dict[str, Account] = {}
        self._made: Counter[tuple[str, str]] = Counter()
        """The number of sockets, and of nonces, that each user has had."""
        self._due: list[tuple[Connection, list[Tap]]] = []
        """The taps of the version that is about to be stored."""
        self._lost: list[tuple[datetime, Connection]] = []
        """Those that were lost, and when, whose members stay active until the end of the grace; the earliest first."""
        self._sessions: dict[str, set[SessionKey]] = {}
        """The sessions that name a connection, open or not."""
        self._known: dict[str, AbstractSet[SessionKey]] = {}
        """The same of the open ones."""
        self._had_sockets = self._is_strict = False

    def restored(self, state: State) -> None:
        """Follow a state that the world has been put into: sockets stay open, and all else is as the state has it."""
        self.live = {id_: connection for id_, connection in self.live.items() if connection.line}
        for connection in self.live.values():
            connection.free, connection.held = None, {}
        for xuid, (number, is_open) in state.connected.items():
            if is_open:
                id_ = given_id(xuid, number)
                self.live[id_] = Connection(id_, state.users[xuid], state.now)
        self._lost = [(min(since, state.now), lost) for since, lost in self._lost if lost.id not in self.live]
        self._is_strict = self._had_sockets or bool(state.connected)
        self._sessions = {}
        for key, record in state.records.items():
            for id_ in named(record.session):
                self._sessions.setdefault(id_, set()).add(key)
        self._known = {id_: self._sessions.setdefault(id_, set()) for id_ in self.live}

    @property
    def known(self) -> Mapping[str, AbstractSet[SessionKey]] | None:
        """The sessions that name each open connection; None while any GUID counts as one (TAP-15)."""
        return self._known if self._is_strict else None

    def counted(self, account: Account, what: str) -> str:
        """An id for the next connection, or what else is counted, of a user."""
        self._made[what, account.key] += 1
        return guid(what, account.key, str(self._made[what, account.key]))

    def add(self, connection: Connection) -> None:
        """Let a connection be open."""
        self.live[connection.id] = connection
        self._known[connection.id] = self._sessions.setdefault(connection.id, set())
        self._is_strict = True
        self._had_sockets = self._had_sockets or connection.line is not None

    def of(self, xuid: str) -> list[Connection]:
        """The open connections of a user, the newest last."""
        return [connection for connection in self.live.values() if connection.account.key == xuid]

    def end(self, connection: Connection, world: Home, now: datetime) -> None:
        """Let a connection be lost; without effect if it is not open any more."""
        if self.live.pop(connection.id, None) is None:
            return
        if not self._known.pop(connection.id):
            del self._sessions[connection.id]
        self._lost.append((now, connection))
        self.let_go(world, now)

    def forget(self) -> list[Line]:
        """Let all connections go without consequences, as at the end of a test; gives those that have a client."""
        lines = [connection.line for connection in self.live.values() if connection.line]
        self.live, self._known = {}, {}
        return lines

    def pass_time(self, world: Home, state: State, time: datetime) -> None:
        """Let the clock of a world stop at each moment up to a time at which something is due, and let it happen."""
        while (due := self._next_due()) and due <= time:
            state.now = max(due, state.now)
            self._happen(world, state.now)

    def _next_due(self) -> datetime | None:
        """The earliest time at which a connection ends, a member is inactive without one, or held taps are sent."""
        ends = (connection.opened + LONGEST for connection in self.live.values() if connection.line)
        frees = (connection.free for connection in self.live.values() if connection.free)
        losses = (since + self.grace for since, _ in self._lost)
        return min((*ends, *frees, *losses), default=None)

    def _happen(self, world: Home, now: datetime) -> None:
        self.send_held(now)
        for connection in [*self.live.values()]:
            if connection.line and connection.opened + LONGEST <= now:
                connection.line.close("A connection ends after two hours.")
                self.end(connection, world, now)
        self.let_go(world, now)

    def let_go(self, world: Home, now: datetime) -> None:
        """Let members be inactive whose connection was lost before the grace."""
        while self._lost and self._lost[0][0] + self.grace <= now:
            _, connection = self._lost.pop(0)
            who = connection.account.caller
            for key in sorted(self._sessions.get(connection.id, ())):
                update = partial(disconnected, connection=connection.id)
                world.change(SessionRef(*key), Visit(Caller(who.name, who.xuid), "connection-lost"), update)

    def publish(self, resource: Resource, data: Json) -> None:
        """Tell all who have subscribed to something that there is news of it."""
        for connection in [*self.live.values()]:
            if connection.line:
                connection.line.publish(resource, data)

    def note(self, state: State, ref: SessionRef, outcome: Outcome, *, caller: str, operation: str) -> Outcome:
        """Note a version of a session before it is stored; `deliver` then tells its subscribers.

        Args:
            state: with the version before.
            ref: of the session.
            outcome: with the new version.

        Returns:
            The outcome, with an effect for each member who is told.
        """
        record = state.records.get(ref.key)
        before, after = record.session if record else None, outcome.session
        self._note_names(ref.key, before, after)
        if before is None or not self.live:
            return outcome
        subscribers, changed = told(before, after)
        if not subscribers:
            return outcome
        number = after.change_number if after else None
        why = (before.ref, number, changed, caller, operation, state.now)
        tapped = set(self._due_for(subscribers, partial(_tap, state, why, branch(before))))
        types = tuple(sorted(changed))
        effects = [MemberTapped(one.xuid, types) for one in subscribers if one in tapped]
        return outcome._replace(effects=(*outcome.effects, *effects))

    def deliver(self, now: datetime) -> None:
        """Tell the subscribers of the version that has been stored."""
        due, self._due = self._due, []
        for connection, taps in due:
            self._tell(connection, taps, now)

    def _due_for(self, subscribers: list[Subscription], tap: Callable[[Subscription], Tap]) -> Iterator[Subscription]:
        """Prepare the taps for subscribers, those of each connection at once; gives those who listen."""
        by_connection: dict[str, list[Subscription]] = {}
        for one in subscribers:
            by_connection.setdefault(one.connection, []).append(one)
        for id_, some in by_connection.items():
            connection = self.live.get(id_)
            if connection and (connection.line is None or connection.line.listens):
                self._due.append((connection, [tap(one) for one in some]))
                yield from some

    def _note_names(self, key: SessionKey, before: Session | None, after: Session | None) -> None:
        if before and after and before.members is after.members:
            return
        had, has = named(before), named(after)
        for id_ in had - has:
            self._sessions[id_].discard(key)
            if id_ not in self.live and not self._sessions[id_]:  # nothing can come of it any more
                del self._sessions[id_]
        for id_ in has - had:
            self._sessions.setdefault(id_, set()).add(key)

    def _tell(self, connection: Connection, taps: list[Tap], now: datetime) -> None:
        """Send taps on a connection, or hold them back."""
        if connection.free and connection.free > now:
            for tap in taps:
                key = (tap.xuid, tap.subscription, tap.session.key)
                earlier = connection.held.pop(key, None)
                connection.held[key] = tap._replace(kinds=tap.kinds | earlier.kinds) if earlier else tap
            return
        if self.meet:
            taps = [self.meet(tap) for tap in taps]
        if connection.line:
            _send(connection.line, taps)
        if self.delay:
            connection.free = now + self.delay
        for tap in taps:
            self.taps.append(tap)

    def send_held(self, now: datetime) -> None:
        """Send the taps that have been held back long enough, or all of them if there is no delay any more."""
        for connection in [*self.live.values()]:
            if connection.free and (connection.free <= now or not self.delay):
                connection.free = None
                taps, connection.held = [*connection.held.values()], {}
                if taps:
                    self._tell(connection, taps, now)


def given_id(xuid: str, number: int) -> str:
    """The id of a connection that a test has asked for; the first is the one that set-up gives to active members."""
    return guid("connection", xuid) if number == 1 else guid("connection", xuid, str(number))


def _send(line: Line, taps: Sequence[Tap]) -> None:
    """Send the taps that do not get lost, and once more those that arrive twice (FAULT-8)."""
    for copy in (1, 2):
        if arriving := [tap for tap in taps if tap.copies >= copy]:
            line.tap(arriving, again=copy > 1)


def _tap(state: State, why: _Why, branch_: str, one: Subscription) -> Tap:
    account = state.users.get(one.xuid)
    name = account.caller.name if account else one.xuid
    return Tap(name, *why, one.connection, one.id, branch_, one.xuid)
