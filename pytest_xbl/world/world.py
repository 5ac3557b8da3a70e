"""A world: it finds the session, asks the rules, and remembers what they say."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING, TypeAlias

from pytest_xbl.mpsd.effects import Outcome
from pytest_xbl.mpsd.handle_access import opening, stale, unknown
from pytest_xbl.mpsd.handles import Handle
from pytest_xbl.mpsd.model import NO_OPENING, Caller, Context, Opening, Session, SessionRef, Template
from pytest_xbl.mpsd.preconditions import NO_PRECONDITIONS, Preconditions, require_preconditions
from pytest_xbl.mpsd.refusal import Place, Refusal
from pytest_xbl.mpsd.timers import settle
from pytest_xbl.mpsd.view import etag, guid
from pytest_xbl.world import templates
from pytest_xbl.world.changes import Changes
from pytest_xbl.world.explanations import explained, unreadable
from pytest_xbl.world.histories import Versions, never_made, remember, versions_of
from pytest_xbl.world.keeping import KEEP
from pytest_xbl.world.reactions import react
from pytest_xbl.world.state import Record, SessionVersion, State
from pytest_xbl.world.visit import Visit

if TYPE_CHECKING:
    from pytest_xbl.world.connections import Connections

Update: TypeAlias = Callable[[Session | None, Context], Outcome]
"""A change by the rules: of a session, or of None where there is none."""


class World:
    """The state of one test behind one door: whoever wants to read or change it asks by name.

    A lock is held while the rules are asked and their answer is stored, so that under threads every access comes
    wholly before or wholly after every other.
    Templates and sessions are asked for here; people, handles, queries and statistics in the modules of these names.

    Args:
        name: tells the tokens of this world from those of others.
        state: the beginning; empty unless given.
        keep: the number of versions, of requests and of taps that are kept of it (SEEN-18).
    """

    def __init__(self, name: str = "world", state: State | None = None, *, keep: int = KEEP) -> None:
        self.name = name
        self.most_kept = keep
        self._state = State() if state is None else state
        self._lock = threading.RLock()
        self._changes = Changes(self._state.now)
        self._tokens_before: set[str] = set()
        """The chosen tokens of states that it has had (SEEN-13)."""
        self._connections: Connections | None = None  # most worlds have none, and import nothing for them
        self._repeats_sign_ins = False

    def exclusively(self) -> AbstractContextManager[bool]:
        """A with-block during which nobody else gets at the world."""
        return self._lock

    @property
    def has_connections(self) -> bool:
        """Whether anything has asked for real-time activity."""
        return self._connections is not None

    def snapshot(self) -> State:
        """A copy of all that the world remembers."""
        with self._lock:
            return self._state.copy()

    def restore(self, state: State) -> None:
        """Put the world into a state, which itself stays as it is."""
        with self._lock:
            self._changes.add(max(self._state.now, state.now))
            self._tokens_before |= self._state.chosen_tokens
            self._state = state.copy()
            if self._connections:
                self._connections.restored(self._state)

    @property
    def now(self) -> datetime:
        """The time that the clock shows, UTC."""
        return self._state.now

    def set_time(self, time: datetime) -> None:
        """Set the clock; it runs forward only as soon as there are sessions or handles.

        Raises:
            Refusal: for an earlier time (TIME-1).
        """
        with self._lock:
            state = self._state
            if time < state.now and (state.records or state.handles):
                what = f"The clock shows {state.now} and does not run backwards to {time}."
                raise Refusal(400, what, where=(), rule="TIME-1")
            if time < state.now:
                self._changes.add(state.now)
            if self._connections:
                self._connections.pass_time(self, state, time)
            state.now = time

    def set_given(self, *, sessions: int, handles: int) -> None:
        """Say how many sessions without a name and how many handles have been made; the next ids follow from that."""
        with self._lock:
            self._state.names_given, self._state.handles_given = sessions, handles

    def given(self) -> tuple[int, int]:
        """The numbers of sessions without a name and of handles that have been made."""
        return self._state.names_given, self._state.handles_given

    def template(self, scid: str, name: str, *, where: Place = "the URI") -> Template:
        """The template of this name.

        Args:
            where: the place that names it.

        Raises:
            Refusal: 404 (TMPL-1).
        """
        return templates.template(self._state, scid, name, where)

    def templates(self, scid: str, *, where: Place = "the URI") -> list[Template]:
        """All templates of a service configuration.

        Args:
            where: the place that names it.

        Raises:
            Refusal: 404 for a service configuration that has none (TMPL-1).
        """
        return templates.templates(self._state, scid, where)

    def has_template(self, scid: str, name: str) -> bool:
        """Whether there is a template of this name."""
        return (scid.lower(), name.lower()) in self._state.templates

    def add_template(self, template: Template) -> None:
        """Remember a template, or replace the one of this name that no session has been made from.

        Raises:
            Refusal: if a session has been made from it (TMPL-4).
        """
        with self._lock:
            templates.add_template(self._state, template)
            self._changes.add(self.now)  # a service configuration may have become known by it

    def read(
        self,
        ref: SessionRef,
        visit: Visit,
        *,
        preconditions: Preconditions = NO_PRECONDITIONS,
        handle: Handle | None = None,
    ) -> Session | None:
        """The session as this caller finds it now, timers settled; None if there is none.

        Args:
            handle: the one through which they come.

        Raises:
            Refusal: 403 if the caller may not read it (JOIN-7); 404; 409 (BIG-8); 412.
        """
        with self._lock:
            session, ctx = self._enter(ref, visit, handle)
            try:
                require_preconditions(preconditions, _tag(session), reading=True)
            except Refusal as refusal:
                raise explained(refusal, session, ctx, handle) from None
            if session and (reason := unreadable(session, ctx)):
                raise explained(reason, session, ctx, handle)
        return session

    def change(
        self,
        ref: SessionRef,
        visit: Visit,
        update: Update,
        *,
        preconditions: Preconditions = NO_PRECONDITIONS,
        commit: bool = True,
        handle: Handle | None = None,
    ) -> tuple[Outcome, bool]:
        """Let the rules change a session, and store the outcome.

        Args:
            update: called with the session, timers settled, or with None if there is none.
            preconditions: checked first.
            commit: false to store nothing (PUT-7).
            handle: the one through which the caller comes.

        Returns:
            The outcome, and whether there was no session before.

        Raises:
            Refusal: with the session to show, where the rules say that the caller gets to see it (CODE-403).
        """
        with self._lock:
            session, ctx = self._enter(ref, visit, handle)
            try:
                require_preconditions(preconditions, _tag(session))
                outcome = update(session, ctx)
            except Refusal as refusal:
                raise explained(refusal, session, ctx, handle) from None
            if commit and outcome.session is not session:
                self._store(ref, outcome, visit, visit.caller.name, visit.operation)
        return outcome, session is None

    def keep(self, ref: SessionRef, outcome: Outcome, visit: Visit) -> None:
        """Remember a version of a session, and what came of it.

        Args:
            ref: where the visit has arrived.
            outcome: with the session.
        """
        with self._lock:
            self._store(ref, outcome, visit, visit.caller.name, visit.operation)

    def remember_gone(self, ref: SessionRef, visit: Visit, *, incarnation: int) -> None:
        """Remember a session as one that was deleted (TIME-9)."""
        with self._lock:
            version = SessionVersion(ref, self.now, visit.caller.name, visit.operation, (), None)
            remember(self._state, version, incarnation=incarnation, keep=self.most_kept)

    @property
    def scid(self) -> str:
        """The service configuration that a test means if it names none (SEED-13)."""
        return self._state.scid

    def record(self, ref: SessionRef) -> Record:
        """All that is kept of a session as it was stored last, or of none."""
        return self._state.records.get(ref.key) or never_made(self._state, ref)

    def peek(self, ref: SessionRef) -> Session | None:
        """The session as an access now would find it, without being one (TIME-1)."""
        session = self.record(ref).session
        return session and self.settled(session).session

    def settled(self, session: Session) -> Outcome:
        """The outcome of settling a session now, as an access would."""
        return settle(session, self._state.now, self._state.absent)

    def shown_to(self, ref: SessionRef, caller: Caller) -> Session | None:
        """The session as a read by this caller now would find it, without being one; None if they would get none."""
        session = self.peek(ref)
        return session if session and unreadable(session, self.context(ref, caller)) is None else None

    def sessions(self) -> Iterator[Session]:
        """All sessions as an access now would find them, in the order in which they were first made."""
        for record in list(self._state.records.values()):
            if record.session and (session := self.settled(record.session).session):
                yield session

    def sessions_called(self, name: str) -> list[SessionRef]:
        """The references of all sessions of this name that there are or were (CALL-5)."""
        return [record.ref for key, record in list(self._state.records.items()) if key[2] == name.lower()]

    def known(self) -> list[SessionRef]:
        """The references of all sessions that there are or were, in the order in which they were first made."""
        return [record.ref for record in list(self._state.records.values())]

    def history(self, ref: SessionRef) -> Versions:
        """All versions of a session, oldest first, also of one that was deleted and made again."""
        return versions_of(self.record(ref), self.most_kept)

    def arrive(self, ref: SessionRef, visit: Visit, *, where: Place = "the URI") -> tuple[Session | None, Context]:
        """The first step of every access: what was due happens, and is stored (TIME-1, TIME-10).

        Args:
            where: the place that names the template.

        Raises:
            Refusal: 404 for an unknown template (TMPL-1).
        """
        with self._lock:
            record = self.record(ref)
            session = record.session
            if session:
                settled = self.settled(session)
                if settled.session is not session:
                    self._store(session.ref, settled, visit, "", "timers")
                session = settled.session
            ref = session.ref if session else ref
            return session, self.context(ref, visit.caller, record.incarnation + 1, where=where)

    def context(self, ref: SessionRef, caller: Caller, incarnation: int = 1, *, where: Place = "the URI") -> Context:
        """All that the rules may look at; the reference is spelt as the template and the session were.

        Args:
            where: the place that names the template.

        Raises:
            Refusal: 404 for an unknown template (TMPL-1).
        """
        template = self.template(ref.scid, ref.template, where=where)
        ref = SessionRef(template.scid, template.name, ref.name)
        state, open_ = self._state, self._connections.known if self._connections else None
        return Context(caller, state.now, ref, template, state.follows, incarnation, NO_OPENING, state.blocks, open_)

    def opened_by(self, handle: Handle, session: Session | None, caller: Caller) -> Opening:
        """The ways in that a handle opens to a caller now (JOIN-6).

        Args:
            session: the one that it points at, timers settled.
        """
        return opening(handle, caller, session, self.peek(handle.origin) if handle.origin else None)

    def count_unnamed(self) -> None:
        """Count a session that has been made without a name, so that the next one gets another."""
        with self._lock:
            self._state.names_given += 1

    def unnamed(self, scid: str, template: str) -> SessionRef:
        """A reference for the next session that nobody names (HAND-2)."""
        numbers = count(self._state.names_given + 1)
        refs = (SessionRef(scid, template, guid("session", scid, template, str(number))) for number in numbers)
        return next(ref for ref in refs if ref.key not in self._state.records)

    def _enter(self, ref: SessionRef, visit: Visit, handle: Handle | None) -> tuple[Session | None, Context]:
        """Arrive by the session's own URI, or through a handle, which must not be stale (HAND-7)."""
        session, ctx = self.arrive(ref, visit)
        if handle is None:
            return session, ctx
        if handle.incarnation != (session.incarnation if session else ctx.incarnation):
            raise stale(handle, ctx)
        if handle.id not in self._state.handles:  # the access itself has ended it (HAND-9)
            raise unknown()
        return session, ctx._replace(opens=self.opened_by(handle, session, visit.caller))

    def _store(self, ref: SessionRef, outcome: Outcome, visit: Visit, caller: str, operation: str) -> None:
        key, session = ref.key, outcome.session
        record = self.record(ref)
        if self._connections:
            outcome = self._connections.note(self._state, ref, outcome, caller=caller, operation=operation)
        react(self._state, key, record.session, outcome)
        visit.effects.extend(outcome.effects)
        if record.session and session:
            record.session.forget_unlike(session)
        ref = session.ref if session else record.ref
        version = SessionVersion(ref, self._state.now, caller, operation, outcome.effects, session)
        incarnation = session.incarnation if session else record.incarnation
        remember(self._state, version, incarnation=incarnation, keep=self.most_kept)
        if self._connections:
            self._connections.deliver(self._state.now)


def _tag(session: Session | None) -> str | None:
    return etag(session) if session else None
