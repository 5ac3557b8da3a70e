"""One session of a world, as a test sees it, without touching it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from pytest_xbl.arrange.arguments import RefusalsAsErrors
from pytest_xbl.arrange.handles import add_handle
from pytest_xbl.arrange.matchmaking import write_match
from pytest_xbl.arrange.records import checked, record_of
from pytest_xbl.errors import XblError, hides_frames
from pytest_xbl.mpsd.handles import Handle
from pytest_xbl.mpsd.model import NEWEST_CONTRACT, Caller, JsonObject, MatchStatus, Session, SessionRef
from pytest_xbl.mpsd.owners import may_invite, owners_of
from pytest_xbl.mpsd.roles import holders
from pytest_xbl.mpsd.unchanging import Unchanging
from pytest_xbl.mpsd.view import SessionDocument, document, etag
from pytest_xbl.world.people import account_of, users
from pytest_xbl.world.stored import has_forgotten
from pytest_xbl.world.visit import Visit
from pytest_xbl.world.world import World
from pytest_xbl.xbl.history import SessionHistory
from pytest_xbl.xbl.people import Principal, User, member_named, require_ours, user_of
from pytest_xbl.xbl.references import reference_in

if TYPE_CHECKING:
    from pytest_xbl.compare.statuses import MemberStatus

__tracebackhide__ = hides_frames

TARGET = "targetSessionRef"
THE_TEST = Caller("the test", server=True)
MOST_SHOWN = 8
"""The most members that the `repr` of a session names."""


class NoWorld:
    """The world of a session that has been unpickled."""

    def __getattr__(self, name: str) -> Any:
        """Nothing of it is there.

        Raises:
            XblError: whatever is asked for.
        """
        raise XblError("The session has been unpickled, and its world has stayed behind: only its ref is here.")


class SessionView(Unchanging):
    """One session, seen by the test: always as an access now would find it, and never moved by being looked at.

    Args:
        ref: the session's reference, with the parts `.scid`, `.template`, `.name` and the `.path` of its URI.
    """

    def __init__(self, world: World, ref: SessionRef) -> None:
        self._world = world
        self.ref = ref

    def __reduce__(self) -> tuple[Callable[[SessionRef], SessionView], tuple[SessionRef]]:
        """The reference for pickle; the world stays behind."""
        return UnpickledSession, (self.ref,)

    def __repr__(self) -> str:
        """The names of template and session, the change number, and who is in it."""
        session, name = self._world.peek(self.ref), self.ref.within(self._world.scid)
        if session is None:
            return f"<session {name}, not there>"
        shown = islice(session.members, MOST_SHOWN)
        members = [f"{_name(self._world, member.xuid)} {member.status}" for member in shown]
        more = [f"{len(session.members) - MOST_SHOWN} more"] if len(session.members) > MOST_SHOWN else []
        return f"<session {name} #{session.change_number}: {', '.join((*members, *more)) or 'nobody'}>"

    @property
    def document(self) -> SessionDocument:
        """The session as a member with contract 107 would receive it now.

        Of a large session it shows all members, by their indices, which no client ever sees (BIG-1).

        Raises:
            XblError: if there is no such session, or not any more.
        """
        shown = document(self._now(), contract=NEWEST_CONTRACT)
        shown.versions = self._world.history(self.ref)
        return shown

    @property
    def etag(self) -> str:
        """The ETag that GET would carry now, quotes and all (CALL-11).

        Raises:
            XblError: if there is no such session, or not any more.
        """
        return etag(self._now())

    @property
    def history(self) -> SessionHistory:
        """Every version, oldest first: number, time, caller, operation, effects, and the document."""
        names = {account.key: account.caller.name for account in users(self._world)}
        return SessionHistory(self._world.history(self.ref), names)

    @property
    def owners(self) -> tuple[User | str, ...]:
        """The owners of the session, each as a user, or by xuid if they are no user of this world (OWN-1).

        Raises:
            XblError: if there is no such session, or not any more.
        """
        return tuple(self._user(member.xuid) for member in owners_of(self._now()))

    @property
    def roles(self) -> dict[str, dict[str, tuple[User | str, ...]]]:
        """Who has each role, by type and role: users, or the xuids of those who are no users of this world (ROLE-2).

        Raises:
            XblError: if there is no such session, or not any more.
        """
        session = self._now()
        have = holders(session)
        return {
            kind: {role: tuple(map(self._user, have.get((kind, role), ()))) for role in said.get("roles", {})}
            for kind, said in session.role_types.items()
        }

    def assert_matches(self, partial: Mapping[str, Any]) -> None:
        """Fail unless the session has what a part of a document says; what that does not name is not compared.

        Args:
            partial: by the names of a document; members by user, name, xuid or index; a None says that nothing is
                there.

        Raises:
            AssertionError: with a line for every difference.
            XblError: for what can be no part of a session document, a member who is no user of this world, or if there
                is no such session.
        """
        __tracebackhide__ = True
        from pytest_xbl.compare.assertions import assert_part

        assert_part(self.document, partial, member=self._naming("partial/members"))

    def assert_members(self, expected: Mapping[User | str, MemberStatus]) -> None:
        """Fail unless just these people are in the session, each with this status.

        Args:
            expected: users, their names or their xuids, and "active", "ready", "inactive", "reserved", "initializing"
                or "failed".

        Raises:
            AssertionError: with a line for everybody who is not as expected.
            XblError: for what is no user of this world or no status, or if there is no such session.
        """
        __tracebackhide__ = True
        from pytest_xbl.compare.assertions import assert_members

        assert_members(self.document, expected, member=self._naming("expected"))

    def as_seen_by(self, caller: Principal) -> SessionDocument | None:
        """The session as this caller would receive it now; None if they would get none (JOIN-1, JOIN-3)."""
        require_ours(self._world, caller, where="caller", kind=Principal)
        session = self._world.shown_to(self.ref, caller._caller)
        return document(session, contract=NEWEST_CONTRACT, viewer=caller.xuid) if session else None

    def invite(
        self, user: User, *, sender: Principal | None = None, attributes: dict[str, Any] | None = None
    ) -> Handle:
        """Invite a user to this session, as if a member had (HAND-3).

        Args:
            sender: who invites; the first active member who may unless given.
            attributes: `titleId`, `context`, `contextString`, `senderString`.

        Raises:
            XblError: if there is no such session, or nobody in it to send the invite.
        """
        session = self._now()
        require_ours(self._world, user, where="user")
        if sender is None:
            sender = self._first_active(session)
        require_ours(self._world, sender, where="sender", kind=Principal)
        record = {"type": "invite", "session": self.ref.as_json(), "invited": {"xuid": user.xuid}}
        record |= record_of({"attributes": attributes})
        with RefusalsAsErrors("user", lambda place: ("sender",) if place == ("session",) else place):
            return add_handle(self._world, checked("handles", record), {}, sender._caller)

    def match_status(
        self, status: MatchStatus, *, status_details: str | None = None, typical_wait: float | None = None
    ) -> None:
        """Write how far a match is, as the matchmaking service writes it to the session of a ticket (SERV-4).

        Args:
            status: "searching", "expired", "failed" or "canceled"; `match_found` is for a match that is found.
            status_details: any text; that of before unless given.
            typical_wait: in seconds; that of before unless given.

        Raises:
            XblError: for another status, or if there is no such session.
        """
        if isinstance(typical_wait, int | float) and typical_wait < 0:
            what = f"typical_wait is in seconds, 0 or more; got {typical_wait}."
            raise XblError(what, where="typical_wait", rule="SERV-4")
        said = record_of({"status_details": status_details, "typical_wait": typical_wait})
        self._write_match("match-status", {"status": status, "targetSessionRef": None, **said})

    def match_found(self, target: SessionView | SessionRef | tuple[str, str, str]) -> None:
        """Write that a match is found, as the matchmaking service writes it to the session of a ticket (SERV-4).

        Args:
            target: the session in which the players meet; there need not be such a session yet.

        Raises:
            XblError: for anything but a session, or if there is no session of the ticket.
        """
        ref = reference_in(self._world, target, where="target").as_json()
        self._write_match("match-found", {"status": "found", "targetSessionRef": ref})

    def _write_match(self, operation: str, said: JsonObject) -> None:
        self._now()
        with RefusalsAsErrors("status", lambda place: ("target", *place[1:]) if place[0] == TARGET else place):
            write_match(self._world, self.ref, said, Visit(THE_TEST, operation))

    def _first_active(self, session: Session) -> User:
        active = (member.xuid for member in session.members if member.status == "active")
        may = (account_of(self._world, xuid) for xuid in active if may_invite(session, xuid))
        sender = next((account for account in may if account), None)
        if sender is None:
            what = f"No active member of {self.ref} can send the invite; pass sender=."
            raise XblError(what, where="sender", rule="HAND-17")
        return user_of(self._world, sender)

    def _user(self, xuid: str) -> User | str:
        """A user by their xuid, which is all that there is of a stranger."""
        account = account_of(self._world, xuid)
        return user_of(self._world, account) if account else xuid

    def _naming(self, where: str) -> Callable[[object], User | str]:
        """The function that finds members by user, name or xuid.

        Args:
            where: the argument that names them.
        """
        return lambda name: member_named(self._world, name, where=where)

    def _now(self) -> Session:
        session = self._world.peek(self.ref)
        if session is None:
            raise self._gone()
        return session

    def _gone(self) -> XblError:
        """The error about a session that is not there, with its last version."""
        name = self.ref.within(self._world.scid)
        if not self.history:
            why = "it was never made, or the world has been put back since"
            why += ", or it is over and forgotten (SEEN-18)" if has_forgotten(self._world) else ""
            return XblError(f"There is no session {name}: {why}.")
        last = self.history[-1]
        how = "an access now finds that its timeouts are over (TIME-3, TIME-4)"
        if last.session is None:
            how = f"it was deleted at {last.time} by {last.caller or 'a timeout'}"
        check = f"assert {self.ref.name!r} not in xbl.sessions"
        return XblError(f"The session {name} is gone: {how}. A test that expects this says: {check}.", rule="TIME-4")


class UnpickledSession(SessionView):
    """The reference of a session whose world has stayed behind."""

    def __init__(self, ref: SessionRef) -> None:
        super().__init__(cast("World", NoWorld()), ref)

    def __repr__(self) -> str:
        return f"<session {self.ref}, unpickled>"


def _name(world: World, xuid: str) -> str:
    account = account_of(world, xuid)
    return account.caller.name if account else xuid
