"""A world: it finds the session, asks the rules, and remembers what they say."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TypeAlias
from weakref import ref as weak

from pytest_xbl.mpsd.access import read_refusal
from pytest_xbl.mpsd.effects import Effect, Outcome
from pytest_xbl.mpsd.handles import Handle, not_opened, opening, stale
from pytest_xbl.mpsd.model import Caller, Context, Opening, Session, SessionRef, Template
from pytest_xbl.mpsd.preconditions import NO_PRECONDITIONS, Preconditions, require
from pytest_xbl.mpsd.refusal import Place, Refusal
from pytest_xbl.mpsd.seats import JUST_MADE, Seat, Standing, require_everybody, seated_session
from pytest_xbl.mpsd.timers import settle
from pytest_xbl.mpsd.view import guid
from pytest_xbl.mpsd.writes import Write
from pytest_xbl.world.handles import HandleDirectory
from pytest_xbl.world.people import Account, Service, User
from pytest_xbl.world.reactions import react
from pytest_xbl.world.state import NOTHING, Log, Record, State, Version

Change: TypeAlias = Callable[[Session | None, Context], Outcome]


class World:
    """The state of one test, and the one lock around it.

    The lock is held while the rules are asked and their answer is stored, so that under threads every access
    comes wholly before or wholly after every other.

    Args:
        name: tells the tokens of this world from those of others.
        state: what it begins with; nothing unless given.
    """

    def __init__(self, name: str = "world", state: State | None = None) -> None:
        self.name = name
        self.here = threading.local()
        self.state = State() if state is None else state
        self.lock = threading.RLock()

    @property
    def handles(self) -> HandleDirectory:
        """The handles; not kept, so that the world goes as soon as nobody holds it."""
        return HandleDirectory(self)

    def account_with(self, token: str) -> Account | None:
        """Whose token this is; None if it is nobody's."""
        chosen = self.state.tokens.get(token)
        if chosen:
            return chosen
        world, _, key = token.rpartition(".")
        account = self.state.users.get(key) or self.state.services.get(key)
        return account if account and account.token is None and world == self.name else None

    def token_of(self, account: Account) -> str:
        """The token that somebody has in this world."""
        return f"{self.name}.{account.key}" if account.token is None else account.token

    def called(self, name: str) -> User | Service:
        """Who has this name.

        Raises:
            KeyError: if nobody has.
        """
        account = self.state.names[name]
        return self.service(account) if account.caller.server else self.user(account)

    def user(self, account: Account) -> User:
        """A user of this world."""
        return User(account, self.token_of(account), weak(self))

    def service(self, account: Account) -> Service:
        """A service of this world."""
        return Service(account, self.token_of(account), weak(self))

    def template(self, scid: str, name: str, *, where: Place = "the URI") -> Template:
        """The template of this name.

        Args:
            where: it is asked for, for the text of the refusal.

        Raises:
            Refusal: 404 (TMPL-1).
        """
        template = self.state.templates.get((scid.lower(), name.lower()))
        if template is None:
            raise Refusal(404, self._missing_template(scid, name, where), where=where, rule="TMPL-1")
        return template

    def replace_template(self, template: Template) -> None:
        """Remember a template, or replace the one of this name that no session has been made from.

        Raises:
            Refusal: if a session has been made from it (TMPL-4).
        """
        key = (template.scid.lower(), template.name.lower())
        with self.lock:
            if any(record_key[:2] == key for record_key in self.state.records):
                what = f"The template {template.name} cannot be replaced: a session has been made from it."
                raise Refusal(409, what, where="name", rule="TMPL-4")
            self.state.templates[key] = template

    def templates(self, scid: str, *, where: Place = "the URI") -> list[Template]:
        """All templates of a service configuration.

        Args:
            where: it is asked for, for the text of the refusal.

        Raises:
            Refusal: 404 for a service configuration that has none (TMPL-1).
        """
        found = [template for key, template in list(self.state.templates.items()) if key[0] == scid.lower()]
        if not found:
            known = ", ".join(dict.fromkeys(template.scid for template in list(self.state.templates.values())))
            what = f"The service configuration {scid} is unknown; known are: {known}."
            raise Refusal(404, what, where=where, rule="TMPL-1")
        return found

    def read(
        self,
        ref: SessionRef,
        caller: Caller,
        *,
        preconditions: Preconditions = NO_PRECONDITIONS,
        handle: Handle | None = None,
    ) -> Session | None:
        """The session as this caller finds it now, timers settled; None if there is none.

        Args:
            handle: the one through which they come.

        Raises:
            Refusal: 403 if the caller may not read it (JOIN-7); 404; 412.
        """
        with self.lock:
            session, ctx = self._enter(ref, caller, handle)
        try:
            require(preconditions, session, reading=True)
        except Refusal as refusal:
            raise _told(refusal, session, ctx, handle) from None
        if session and (reason := read_refusal(session, ctx)):
            raise _told(reason, session, ctx, handle)
        return session

    def change(
        self,
        ref: SessionRef,
        caller: Caller,
        change: Change,
        *,
        operation: str,
        preconditions: Preconditions = NO_PRECONDITIONS,
        commit: bool = True,
        handle: Handle | None = None,
    ) -> tuple[Outcome, bool]:
        """Let the rules change a session, and store what they answer.

        Args:
            change: asked with the session, timers settled, or None if there is none.
            operation: what the history calls it.
            preconditions: checked first.
            commit: false to store nothing (PUT-7).
            handle: the one through which the caller comes.

        Returns:
            The outcome, and whether the session was made by this change.

        Raises:
            Refusal: with the session to show, where the rules say that the caller gets to see it (CODE-403).
        """
        with self.lock:
            session, ctx = self._enter(ref, caller, handle)
            try:
                require(preconditions, session)
                outcome = change(session, ctx)
            except Refusal as refusal:
                raise _told(refusal, session, ctx, handle) from None
            if commit and outcome.session is not session:
                self._store(ref, outcome, caller.name, operation, ctx.now)
        return outcome, session is None

    def seat(
        self,
        ref: SessionRef,
        caller: Caller,
        write: Write,
        seats: Sequence[Seat],
        standing: Standing = JUST_MADE,
    ) -> Session | None:
        """Make a session with people in it, for a test's set-up; None if the next access would not find it.

        One that is said to have stood for a while may be gone at the next access: timers are lazy (TIME-1).

        Args:
            standing: how it stands, if it was made earlier.

        Raises:
            Refusal: if it exists, or if a service could not make it.
        """
        with self.lock:
            if ref.key in self.state.records and self.arrive(ref, caller)[0]:
                raise Refusal(412, f"There is a session {ref} already.", where="name", rule="PUT-8")
            incarnation = standing.incarnation or self.state.records.get(ref.key, NOTHING).incarnation + 1
            ctx = self.context(ref, caller, incarnation)
            outcome = seated_session(write, seats, ctx, standing)
            if outcome.session is None or not self._stays(outcome.session, seats, standing):
                return None
            self._store(ref, outcome, caller.name, "create", ctx.now)
        return outcome.session

    def peek(self, ref: SessionRef) -> Session | None:
        """The session as an access now would find it, without being one (TIME-1)."""
        record = self.state.records.get(ref.key, NOTHING)
        return record.session and self._settled(record.session).session

    def shown_to(self, ref: SessionRef, caller: Caller) -> Session | None:
        """The session as a read by this caller now would find it, without being one; None if they would get none."""
        session = self.peek(ref)
        return session if session and read_refusal(session, self.context(ref, caller)) is None else None

    def sessions(self) -> Iterator[Session]:
        """All sessions as an access now would find them, in the order in which they were first made."""
        for record in list(self.state.records.values()):
            if record.session and (session := self._settled(record.session).session):
                yield session

    def known(self) -> Iterator[SessionRef]:
        """The references of all sessions that there are or were, in the order in which they were first made."""
        return (record.log.version.ref for record in list(self.state.records.values()) if record.log)

    def history(self, ref: SessionRef) -> list[Version]:
        """All versions of a session, oldest first, also of one that was deleted and made again."""
        versions = []
        log = self.state.records.get(ref.key, NOTHING).log
        while log:
            versions.append(log.version)
            log = log.earlier
        return versions[::-1]

    def arrive(self, ref: SessionRef, caller: Caller) -> tuple[Session | None, Context]:
        """The first step of every access: what was due happens, and is stored (TIME-1, TIME-10).

        The lock must be held.

        Raises:
            Refusal: 404 for an unknown template (TMPL-1).
        """
        now = self.state.now
        record = self.state.records.get(ref.key, NOTHING)
        session = record.session
        if session:
            settled = self._settled(session)
            if settled.session is not session:
                self._store(session.ref, settled, "", "timers", now)
            session = settled.session
        return session, self.context(session.ref if session else ref, caller, record.incarnation + 1)

    def context(self, ref: SessionRef, caller: Caller, incarnation: int = 1) -> Context:
        """What the rules may look at; the reference is written as the template is, and the session as it was made."""
        template = self.template(ref.scid, ref.template)
        ref = SessionRef(template.scid, template.name, ref.name)
        return Context(caller, self.state.now, ref, template, self.state.follows, incarnation)

    def opened_by(self, handle: Handle, session: Session | None, caller: Caller) -> Opening:
        """What a handle opens to a caller now (JOIN-6).

        Args:
            session: the one that it points at, timers settled.
        """
        return opening(handle, caller, session, self.peek(handle.origin) if handle.origin else None)

    def unnamed(self, scid: str, template: str) -> SessionRef:
        """A reference for the next session that nobody names (HAND-2)."""
        number = self.state.names_given + 1
        while (
            ref := SessionRef(scid, template, guid("session", scid, template, str(number)))
        ).key in self.state.records:
            number += 1
        return ref

    def _stays(self, session: Session, seats: Sequence[Seat], standing: Standing) -> bool:
        """Whether the next access finds a new session with everybody in it, unless it is said to have stood so.

        Raises:
            Refusal: for somebody whom it would not find.
        """
        if seats and not self.state.absent and all(seat.status == "active" for seat in seats):
            return True  # nothing is ever due for them
        found = self._settled(session).session
        if found:
            require_everybody(found, seats)
        return bool(found or standing.empty_since or any(seat.since for seat in seats))

    def _settled(self, session: Session) -> Outcome:
        return settle(session, self.state.now, self.state.absent)

    def _enter(self, ref: SessionRef, caller: Caller, handle: Handle | None) -> tuple[Session | None, Context]:
        """Arrive by the session's own URI, or through a handle, which must not be stale (HAND-7)."""
        session, ctx = self.arrive(ref, caller)
        if handle is None:
            return session, ctx
        if handle.incarnation != (session.incarnation if session else ctx.incarnation):
            raise stale(handle, ctx)
        return session, ctx._replace(opens=self.opened_by(handle, session, caller))

    def _store(self, ref: SessionRef, outcome: Outcome, caller: str, operation: str, now: datetime) -> None:
        key = ref.key
        record = self.state.records.get(key, NOTHING)
        session = outcome.session
        react(self.state, key, record.session, outcome)
        noted: tuple[Effect, ...] | None = getattr(self.here, "effects", None)
        if noted is not None:  # a request is being answered in this thread, and its journal wants to know
            self.here.effects = (*noted, *outcome.effects)
        if record.session and session:
            record.session.forget_unlike(session)
        version = Version(session.ref if session else ref, now, caller, operation, outcome.effects, session)
        incarnation = session.incarnation if session else record.incarnation
        self.state.records[key] = Record(session, incarnation, Log(version, record.log))

    def _missing_template(self, scid: str, name: str, where: Place) -> str:
        known = [template.name for template in self.templates(scid, where=where)]
        return f"There is no template {name} in {scid}; it has {', '.join(known)}."


def _told(refusal: Refusal, session: Session | None, ctx: Context, handle: Handle | None) -> Refusal:
    """The refusal with the session, where it shows one and the caller may read it (CODE-403, CODE-412).

    Whom the session keeps out is told why the handle did not help, too (JOIN-11).
    """
    if handle and refusal.rule.startswith("JOIN-"):
        refusal = refusal.adding(not_opened(handle, ctx))
    if session and refusal.shows_session and read_refusal(session, ctx) is None:
        return refusal.showing(session)
    return refusal
