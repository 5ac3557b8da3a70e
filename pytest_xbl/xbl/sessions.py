"""`xbl.sessions`: make sessions, and find them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from pytest_xbl.arrange.arguments import RefusalsAsErrors
from pytest_xbl.arrange.records import checked, record_of
from pytest_xbl.arrange.sessions import make_session
from pytest_xbl.errors import XblError, hides_frames, shown
from pytest_xbl.mpsd.model import InitializationStage, SessionRef, Status
from pytest_xbl.mpsd.suggesting import nearest, or_meant
from pytest_xbl.world.visit import Visit
from pytest_xbl.world.world import World
from pytest_xbl.xbl.people import User, member_named
from pytest_xbl.xbl.references import reference
from pytest_xbl.xbl.session import THE_TEST, SessionView

__tracebackhide__ = hides_frames

Says: TypeAlias = Status | Mapping[str, Any]
Members: TypeAlias = Iterable[User | str] | Mapping[User, Says] | Mapping[str, Says] | Mapping[User | str, Says]


class Sessions:
    """All sessions of a world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def create(
        self,
        template: str,
        *,
        name: str | None = None,
        members: Members = (),
        constants: Mapping[str, Any] | None = None,
        properties: Mapping[str, Any] | None = None,
        servers: Mapping[str, Any] | None = None,
        role_types: Mapping[str, Any] | None = None,
        owners: Iterable[User | str] | None = None,
        initializing: InitializationStage | Mapping[str, Any] | None = None,
        scid: str | None = None,
    ) -> SessionView:
        """Make a session, as if a service had made it and everybody had taken their seat at the same moment.

        Args:
            template: the name of its template.
            name: of the session; a GUID that is the same in every run unless given.
            members: users or their names, all of them active; or a dict of these to "active", "ready", "inactive" or
                "reserved", or to all that the seed form has to say of a member.
            constants: added to those of the template, `{"system": {...}, "custom": {...}}`, contract 107.
            properties: of the session, `{"system": {...}, "custom": {...}}`.
            servers: by name, with `constants` and `properties`.
            role_types: added to those of the template (ROLE-1).
            owners: the members who own it, users or their names. Default: the first one (OWN-1).
            initializing: the stage of the running or the failed episode of initialization, or a dict with `stage`,
                `episode` and `stageStartTime`. Default: the first episode is over.
            scid: the service configuration. Default: `xbl.scid`.

        Raises:
            XblError: for a session that the service would not make, with the argument and the rule.
        """
        record = record_of(
            {
                "template": template,
                "name": name,
                "members": self._by_name(members),
                "constants": constants,
                "properties": properties,
                "servers": servers,
                "role_types": role_types,
                "owners": None if owners is None else [self._name_of(owner, "owners") for owner in owners],
                "initializing": initializing,
                "scid": scid,
            }
        )
        with RefusalsAsErrors("name"):
            ref = make_session(self._world, None, checked("sessions", record), Visit(THE_TEST, "create"))
        return SessionView(self._world, ref)

    def _by_name(self, members: object) -> Mapping[str, Any] | list[str]:
        if isinstance(members, str) or not isinstance(members, Iterable):
            what = f"Expected users in a list, or in a dict with their statuses; got {shown(members)}."
            raise XblError(what, where="members", rule="MEMB-8")
        names = [self._name_of(member, "members") for member in members]
        if isinstance(members, Mapping) and len(set(names)) == len(names):
            return dict(zip(names, members.values(), strict=True))
        return names  # with somebody who is named twice, it is refused like any other list

    def _name_of(self, member: object, where: str) -> str:
        user = member_named(self._world, member, where=where)
        if isinstance(user, str):
            what = f"Expected users of this world; nobody here has the xuid {user}."
            raise XblError(what, where=where, rule="SEED-2")
        return user.name

    def __getitem__(self, ref: SessionView | SessionRef | tuple[str, str, str] | str) -> SessionView:
        """The session with this reference, or with this name if just one has it; also one that is gone.

        Raises:
            XblError: if there is none, or more than one.
        """
        found = self._found(ref) or self._lost(ref)
        if len(found) == 1:
            return SessionView(self._world, found[0])
        refs = [session.ref for session in self._world.sessions()]
        there_are = ", ".join(ref.within(self._world.scid) for ref in refs) or "none"
        how_many = "more than one" if found else "no"
        near = None if found else nearest(_last_part(ref), [ref.name for ref in refs])
        what = f"There is {how_many} session {ref!r}; there are: {there_are}.{or_meant(near and repr(near))}"
        raise XblError(what, rule="SEED-2")

    def __contains__(self, ref: object) -> bool:
        """Whether an access now would find a session with this reference or name."""
        return bool(self._found(ref))

    def __iter__(self) -> Iterator[SessionView]:
        """Every session that an access now would find, in the order in which they were first made."""
        return (SessionView(self._world, session.ref) for session in self._world.sessions())

    def __len__(self) -> int:
        """The number of sessions that an access now would find."""
        return sum(1 for _ in self._world.sessions())

    def _found(self, name: object) -> list[SessionRef]:
        refs = self._world.sessions_called(name) if isinstance(name, str) else [reference(name, where="session")]
        return [session.ref for ref in refs if (session := self._world.peek(ref))]

    def _lost(self, name: object) -> list[SessionRef]:
        if isinstance(name, str):
            return self._world.sessions_called(name)
        return [version.ref for version in self._world.history(reference(name, where="session"))[-1:]]


def _last_part(session: object) -> str:
    """The name of a session, of a reference to it or of a path that ends with it."""
    return re.split("[/~]", session)[-1] if isinstance(session, str) else reference(session, where="session").name
