"""Faults: what goes wrong on purpose, in the order of the lines that arm it, and what did not happen (FAULT-1)."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pytest_xbl.arrange.faults_form import TAP
from pytest_xbl.compare.listing import shortened
from pytest_xbl.errors import XblError, hides_frames
from pytest_xbl.mpsd.model import SessionRef
from pytest_xbl.trouble.kinds import STAGES, Kind, Race, Stage, TapFault
from pytest_xbl.wire.answer import Answer
from pytest_xbl.wire.app import Met
from pytest_xbl.wire.journal import Journal
from pytest_xbl.wire.runs import OPENED
from pytest_xbl.world.handles import peek_handle

if TYPE_CHECKING:
    from pytest_xbl.world.connections import Tap

__tracebackhide__ = hides_frames

RIVAL = "pytest_xbl.rival"
"""The key in an environ of the write of a rival, which meets no fault (FAULT-5)."""
MOST_REQUESTS = 6
"""The most requests that a complaint lists."""


class Fault(NamedTuple):
    """Trouble of one kind, for the requests that meet it.

    Args:
        operation: which meets it; "" for any.
        armed_at: the line of the test, or the place in a seed.
        times: how many requests meet it; None for every one.
        skip: how many it lets pass before.
        by: the name of the caller; "" for anybody.
        session: which is called; None for any.
        optional: whether it may fail to happen.
        to: the name of the user who is tapped; "" for anybody.
    """

    kind: Kind
    operation: str
    armed_at: str
    times: int | None = 1
    skip: int = 0
    by: str = ""
    session: SessionRef | None = None
    optional: bool = False
    to: str = ""

    def __str__(self) -> str:
        who = (f" to {self.to}" if self.to else "") + (f" by {self.by}" if self.by else "")
        where = f" of {self.session.template}/{self.session.name}" if self.session else ""
        return f"{self.operation or 'any operation'}{who}{where}: {self.kind}"


class ArmedFault:
    """A fault that waits for its requests; as a with-block it is disarmed at the end, and has to have happened.

    Args:
        queue: in which it waits.
        since: the number of requests that came before it.
    """

    def __init__(self, fault: Fault, queue: FaultQueue, since: int) -> None:
        self._fault = fault
        self._queue = queue
        self._since = since
        self._skipped = 0
        self._fired = 0
        self._rivals = 0
        """The number of its rivals that act at the moment, whose own requests do not meet it again."""
        self._is_settled = False
        """Whether it has been complained about, or forgiven."""

    def __repr__(self) -> str:
        """The fault, and the number of requests that have met it."""
        return f"<fault {self._told}>"

    @property
    def fired(self) -> int:
        """The number of requests that have met it."""
        return self._fired

    def disarm(self) -> None:
        """Let no more requests meet it, and expect none."""
        self._queue.remove(self)

    def __enter__(self) -> ArmedFault:  # noqa: PYI034 -- typing has no Self before 3.11
        """Begin a block at whose end it has to have happened.

        Raises:
            XblError: if it is disarmed already, as after an earlier block: it could not happen.
        """
        if self not in self._queue:
            what = f"This fault is disarmed, and cannot happen in a with-block: {self._told}; arm another."
            raise XblError(what, rule="FAULT-6")
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        """Disarm it.

        Raises:
            AssertionError: if it has not happened, with what came instead.
        """
        __tracebackhide__ = True
        waits = self._queue.remove(self)
        if error is None and waits and self._is_owed:
            raise AssertionError(self._queue.complaint([self]))

    @property
    def _told(self) -> str:
        of = "" if self._fault.times is None else f" of {self._fault.times}"
        return f"{self._fault}, {self._fired}{of} times (armed at {self._fault.armed_at})"

    @property
    def _is_owed(self) -> bool:
        """Whether it has to happen once more (FAULT-6)."""
        may_be_missing = self._fault.optional or self._is_settled
        return not may_be_missing and self._fired < (self._fault.times or 1)

    def _fits(self, request: Met, session: SessionRef | None) -> bool:
        """Whether it waits for such a request."""
        return (
            not self._rivals
            and self._fault.operation in ("", request.route.operation)
            and self._waits_for(request.account.caller.name, session)
        )

    def _fits_tap(self, tap: Tap) -> bool:
        """Whether it waits for such a tap."""
        fault = self._fault
        return fault.operation == TAP and fault.to in ("", tap.user) and self._waits_for(tap.caller, tap.session)

    def _waits_for(self, caller: str, session: SessionRef | None) -> bool:
        """Whether it waits for anything more of such a caller."""
        fault = self._fault
        return (
            (fault.times is None or self._fired < fault.times)
            and fault.by in ("", caller)
            and (fault.session is None or (session is not None and session.key == fault.session.key))
        )

    def _use(self) -> None:
        """Use it up for a request."""
        self._fired += 1
        self._rivals += isinstance(self._fault.kind, Race)

    def _lets_pass(self) -> bool:
        """Whether it lets a request pass that it waits for; this is counted."""
        passes = self._skipped < self._fault.skip
        self._skipped += passes
        return passes

    @property
    def _mark(self) -> str:
        return f"{self._fault.kind}, armed at {self._fault.armed_at}"

    def _happen(self, request: Met, session: SessionRef | None) -> Answer | None:
        request.seen.fault = "; ".join(filter(None, (request.seen.fault, self._mark)))
        try:
            return self._fault.kind.happen(request, session)
        finally:
            self._queue.release(self)


class FaultQueue:
    """The faults of a world, in the order of the lines that armed them.

    Args:
        journal: of the world.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._armed: list[ArmedFault] = []
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """The number of faults that are armed, those that have happened included."""
        return len(self._armed)

    def __contains__(self, armed: object) -> bool:
        """Whether a fault is armed."""
        return armed in self._armed

    def __str__(self) -> str:
        return "\n".join(armed._told for armed in self._armed)

    def add(self, fault: Fault) -> ArmedFault:
        """Arm a fault."""
        armed = ArmedFault(fault, self, self._journal.total)
        with self._lock:
            self._armed.append(armed)
        return armed

    def remove(self, armed: ArmedFault) -> bool:
        """Disarm a fault; whether it was still armed."""
        with self._lock:
            is_here = armed in self._armed
            self._armed = [other for other in self._armed if other is not armed]
        return is_here

    def clear(self) -> None:
        """Disarm all faults."""
        with self._lock:
            self._armed = []

    def meet(self, request: Met) -> Answer | None:
        """Let a request meet its faults, and give the answer if they decide it (FAULT-1).

        Raises:
            XblError: for a fault that needs a socket, where there is none.
            NobodyThereError: if the service is down.
        """
        if RIVAL in request.environ:
            return None
        session = session_of(request)
        for armed in self._taken(request, session):
            answer = armed._happen(request, session)
            if answer:
                return answer
        return None

    def _taken(self, request: Met, session: SessionRef | None) -> Iterable[ArmedFault]:
        """The faults that a request uses up: at each stage the first that waits for it."""
        taken: dict[Stage, ArmedFault] = {}
        with self._lock:
            for armed in self._armed:
                stage = armed._fault.kind.stage
                if stage not in taken and armed._fits(request, session) and not armed._lets_pass():
                    taken[stage] = armed
            for armed in taken.values():
                _require_socket(armed, request)
            for armed in taken.values():
                armed._use()
        return [taken[stage] for stage in STAGES if stage in taken]

    def meet_tap(self, tap: Tap) -> Tap:
        """Let a tap meet the first fault that waits for it; gives it as it arrives (FAULT-8)."""
        with self._lock:
            for armed in self._armed:
                kind = armed._fault.kind
                if isinstance(kind, TapFault) and armed._fits_tap(tap) and not armed._lets_pass():
                    armed._use()
                    return tap._replace(copies=kind.copies, fault=armed._mark)
        return tap

    def release(self, armed: ArmedFault) -> None:
        """Let requests meet a race again, once its rival has acted."""
        with self._lock:
            armed._rivals -= isinstance(armed._fault.kind, Race)

    def take_owed(self) -> str:
        """The complaint about faults that did not happen, which are owed no longer; "" for none."""
        owed = [armed for armed in self._armed if armed._is_owed]
        for armed in owed:
            armed._is_settled = True
        return self.complaint(owed) if owed else ""

    @property
    def owes(self) -> bool:
        """Whether a fault has yet to happen."""
        return any(armed._is_owed for armed in self._armed)

    def complaint(self, owed: Sequence[ArmedFault]) -> str:
        """The text of a failure: the faults that did not happen, and what came instead (FAULT-6).

        The first line names the first fault: a summary of many failures shows no other.
        """
        count = "A fault did" if len(owed) == 1 else f"{len(owed)} faults did"
        first, *others = (armed._told for armed in owed)
        lines = [f"{count} not happen: {first}", *others]
        came = self._journal.came(min(armed._since for armed in owed))
        if came:
            lines += ["came instead:", *shortened(came, MOST_REQUESTS, rest="more requests")]
        else:
            lines.append("no request has come since.")
        lines.append("optional=True lets it fail to happen, and disarm() takes it back.")
        return "\n".join(lines)


def session_of(request: Met) -> SessionRef | None:
    """The session that the path of a request names, or that its handle points at; None for neither."""
    names = request.names
    if "template" in names and "name" in names:
        return SessionRef(names["scid"], names["template"], names["name"])
    handle = peek_handle(request.app.world, names["id"]) if "id" in names else None
    return handle.ref if handle else None


def _require_socket(armed: ArmedFault, request: Met) -> None:
    """Refuse a fault that the way of a request into the fake cannot have.

    Raises:
        XblError: naming the fault.
    """
    if armed._fault.kind.needs_socket and OPENED not in request.environ:
        what = f"The fault needs a socket, and the request came in the process: {armed._told}"
        raise XblError(f"{what}; let the client call xbl.url.", rule="FAULT-3")
