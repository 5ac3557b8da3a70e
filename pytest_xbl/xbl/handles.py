"""`xbl.handles`: make handles for a test's set-up, and look at those that there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pytest_xbl.arrange.arguments import RefusalsAsErrors
from pytest_xbl.arrange.handles import add_handle
from pytest_xbl.arrange.records import checked, record_of
from pytest_xbl.errors import XblError, hides_frames, shown
from pytest_xbl.mpsd.handles import Handle, HandleType
from pytest_xbl.mpsd.model import NEWEST_CONTRACT, SessionRef
from pytest_xbl.mpsd.refusal import Parts
from pytest_xbl.world.handles import all_handles, peek_handle
from pytest_xbl.world.world import World
from pytest_xbl.xbl.people import Principal, User, require_ours
from pytest_xbl.xbl.references import reference_in
from pytest_xbl.xbl.session import THE_TEST, SessionView

if TYPE_CHECKING:
    from pytest_xbl.xbl.explanation import Explanation

__tracebackhide__ = hides_frames


class Handles:
    """All handles of a world: activities, invites, transfers and search handles."""

    def __init__(self, world: World) -> None:
        self._world = world

    def create(
        self,
        type: HandleType,  # noqa: A002 -- the field has this name
        session: SessionView | SessionRef | tuple[str, str, str],
        *,
        owner: Principal,
        invited: User | None = None,
        origin: SessionView | SessionRef | tuple[str, str, str] | None = None,
        attributes: dict[str, Any] | None = None,
    ) -> Handle:
        """Make a handle, as if its owner had posted it.

        Args:
            type: "activity", "invite", "transfer" or "search".
            session: where it points; there need not be such a session yet.
            owner: whose activity it is, who invites, or who lets others in.
            invited: the user whom an invite is for.
            origin: of a transfer: the session whose members it lets in.
            attributes: of an invite: `titleId`, `context`, `contextString`, `senderString`; or of a search handle:
                `tags`, `strings`, `numbers`, `achievementIds`, `locale`.

        Raises:
            XblError: for a handle that the service would not make, with the argument and the rule.
        """
        require_ours(self._world, owner, where="owner", kind=Principal)
        if invited is not None:
            require_ours(self._world, invited, where="invited")
        record = record_of(
            {
                "type": type,
                "session": reference_in(self._world, session, where="session").as_json(),
                "invited": {"xuid": invited.xuid} if invited else None,
                "origin": reference_in(self._world, origin, where="origin").as_json() if origin is not None else None,
                "attributes": attributes,
            }
        )
        with RefusalsAsErrors("type"):
            return add_handle(self._world, checked("handles", record), {}, owner._caller)

    def search(
        self,
        filter: str = "",  # noqa: A002 -- the field has this name
        *,
        caller: Principal | None = None,
        order_by: str = "",
        template: str | None = None,
        scid: str | None = None,
    ) -> list[Handle]:
        """The search handles that a query would find now; unlike a query, this is no access to their sessions.

        Sessions that are scheduled for later are among them, as with `includeScheduled` (SRCH-8).

        Args:
            filter: as a client sends it (SRCH-4); all handles unless given.
            caller: who asks; a service unless given. Services also find private sessions, as with `private=true`.
            order_by: as a client sends it; by the time when they were made unless given (SRCH-7).
            template: of the sessions; any unless given.
            scid: of the sessions; any unless given.

        Raises:
            XblError: for what the service would refuse, with the argument and the rule.
        """
        from pytest_xbl.mpsd.searches import parse_search_query
        from pytest_xbl.world.searches import peek_searches

        if caller is not None:
            require_ours(self._world, caller, where="caller", kind=Principal)
        body = {"type": "search", "filter": filter, "orderBy": order_by, "templateName": template, "scid": scid}
        given = {name: value for name, value in body.items() if value is not None}
        asker = caller._caller if caller else THE_TEST
        parameters = {"private": "true"} if asker.manages else {}
        with RefusalsAsErrors("filter", _of_search):
            asked = parse_search_query({**given, "includeScheduled": True}, parameters, contract=NEWEST_CONTRACT)
            return peek_searches(self._world, asked, asker)

    def explain(self, handle: Handle | str, filter: str) -> Explanation:  # noqa: A002 -- as above
        """Each clause of a filter with the value that it has for a search handle, and whether it is true.

        Args:
            handle: a search handle of this world, or its id.
            filter: as a client sends it (SRCH-4).

        Raises:
            XblError: for a filter that the service would refuse, or a handle that no query can find.
        """
        from pytest_xbl.mpsd.filters import parse_filter
        from pytest_xbl.world.searches import peek_subject
        from pytest_xbl.xbl.explanation import explanation

        found = self[handle.id] if isinstance(handle, Handle) else self[handle]
        subject = peek_subject(self._world, found) if found.type == "search" else None
        if subject is None:
            what = f"Only a search handle is found by a filter; {found!r} is none."
            raise XblError(what, where="handle", rule="SRCH-3")
        with RefusalsAsErrors("filter", _of_search):
            return explanation(parse_filter(filter), subject)

    def __getitem__(self, handle_id: str) -> Handle:
        """The handle with this id.

        Raises:
            XblError: if there is none, or not any more.
        """
        found = self._found(handle_id)
        if found is None:
            there_are = ", ".join(map(repr, self)) or "none"
            raise XblError(f"There is no handle {shown(handle_id)}; there are: {there_are}.", rule="HAND-7")
        return found

    def __contains__(self, handle: object) -> bool:
        """Whether an access now would find this handle, or one with this id."""
        return self._found(handle.id if isinstance(handle, Handle) else handle) is not None

    def __iter__(self) -> Iterator[Handle]:
        """Every handle that an access now would find, in the order in which they were made."""
        return iter(all_handles(self._world))

    def __len__(self) -> int:
        """The number of handles that an access now would find."""
        return len(all_handles(self._world))

    def _found(self, handle_id: object) -> Handle | None:
        return peek_handle(self._world, handle_id) if isinstance(handle_id, str) else None


def _of_search(place: Parts) -> Parts:
    return ("template",) if place[:1] == ("templateName",) else place
