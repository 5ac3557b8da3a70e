"""A stage on which the pure rules play: one template, one session, some callers, a clock."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from bodies import ACTIVE, reserve
from errors import told_of
from pytest_xbl.mpsd.acting import acting_for
from pytest_xbl.mpsd.applying import apply_write
from pytest_xbl.mpsd.constants import parse_template
from pytest_xbl.mpsd.effects import Effect
from pytest_xbl.mpsd.model import Caller, Context, Session, SessionRef, Template
from pytest_xbl.mpsd.timers import settle
from pytest_xbl.mpsd.view import SessionDocument, document
from pytest_xbl.mpsd.writes import parse_write


def _acting(caller: Caller) -> Caller:
    return acting_for(caller, (caller._replace(server=False),)) if caller.server and caller.xuid else caller


class Stage:
    """Plays writes the way a world does: timers first, then the write; the outcome is kept."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
        self.ref = SessionRef("5c1d0000-0000-4000-8000-000000000001", "quick", "one")
        self.follows: dict[str, frozenset[str]] = {}
        self.blocks: dict[str, frozenset[str]] = {}
        self.effects: tuple[Effect, ...] = ()
        self.session: Session | None = None
        self.incarnation = 1
        self.connections: dict[str, set[tuple[str, str, str]]] | None = None
        self._callers: dict[str, Caller] = {}
        self.template: Template = self.using({})

    def using(
        self,
        system: dict[str, Any] | None = None,
        *,
        custom: dict[str, Any] | None = None,
        role_types: dict[str, Any] | None = None,
        contract: int = 107,
    ) -> Template:
        """Play with a template of these constants, and no session yet."""
        body = {"constants": {"system": system or {}, "custom": custom or {}}, "roleTypes": role_types or {}}
        self.template = parse_template(self.ref.scid, self.ref.template, body, contract=contract)
        self.session = None
        return self.template

    def caller(self, name: str, **claims: Any) -> Caller:
        """A caller: a user with xuid 1000, 1001, … and a device of their own; `server=True` for a service.

        A service with a xuid acts for that user.
        """
        if name not in self._callers:
            number = 1000 + len(self._callers)
            given: dict[str, Any] = {
                "xuid": None if claims.get("server") else str(number),
                "gamertag": f"{name}GT",
                "device_id": f"device of {name}",
                "title_id": "7",
                "privileges": frozenset({"multiplayer"}),
            }
            self._callers[name] = _acting(Caller(name, **{**given, **claims}))
        return self._callers[name]

    def play(self, caller: Caller) -> None:
        """Let a caller be known by their name."""
        self._callers[caller.name] = caller

    def renew(self, name: str, **claims: Any) -> Caller:
        """The same caller, whose new token has other claims."""
        self._callers[name] = self.caller(name)._replace(**claims)
        return self._callers[name]

    def xuid(self, name: str) -> str:
        """The xuid of a user."""
        return str(self.caller(name).xuid)

    def seat(self, *names: str) -> dict[str, Any]:
        """A body that reserves a slot for each of these users."""
        return reserve(*map(self.xuid, names))

    def context(self, name: str) -> Context:
        """The context of a request by this caller."""
        ctx = Context(self.caller(name), self.now, self.ref, self.template, self.follows, self.incarnation)
        return ctx._replace(connections=self.connections, blocks=self.blocks)

    def settle(self) -> Session | None:
        """The session that an access finds."""
        if self.session:
            outcome = settle(self.session, self.now)
            self.session, self.effects = outcome
        return self.session

    def put(self, name: str, body: dict[str, Any], *, contract: int = 107) -> Session | None:
        """A write; its effects are in `effects`."""
        before = self.settle()
        outcome = apply_write(before, parse_write(body, contract=contract), self.context(name))
        self.session, self.effects = outcome
        return self.session

    def write(self, name: str, body: dict[str, Any], *, contract: int = 107) -> Session:
        """A write after which there is a session."""
        self.put(name, body, contract=contract)
        return self.held

    def join(self, *names: str) -> Session:
        """Join the session, active, one after the other."""
        for name in names:
            self.put(name, ACTIVE)
        return self.held

    def told(self, name: str, body: dict[str, Any], *, contract: int = 107) -> tuple[int, str, str, str]:
        """A write that is refused: status, place, text and rule; the session is what it was."""
        before = self.settle()
        said = told_of(lambda: self.put(name, body, contract=contract))
        assert self.session is before
        return said

    def refused(self, name: str, body: dict[str, Any], *, contract: int = 107) -> tuple[int, str, str]:
        """The same without the text."""
        status, where, _, rule = self.told(name, body, contract=contract)
        return status, where, rule

    @property
    def held(self) -> Session:
        """The session, which exists."""
        assert self.session is not None
        return self.session

    @property
    def xuids(self) -> list[str]:
        """The members, in order."""
        return [member.xuid for member in self.held.members]

    @property
    def statuses(self) -> dict[str, str]:
        """The status of each member."""
        return {member.xuid: member.status for member in self.held.members}

    def document(self, *, contract: int = 107) -> SessionDocument:
        """The session as a client receives it."""
        return document(self.held, contract=contract)

    def member(self, index: int = 0) -> dict[str, Any]:
        """A member as a client receives them."""
        found: dict[str, Any] = self.document()["members"][str(index)]
        return found

    def advance(self, milliseconds: int) -> None:
        """Let time pass."""
        self.now += timedelta(milliseconds=milliseconds)


@pytest.fixture
def stage() -> Stage:
    """A stage with an open template that sets nothing."""
    return Stage()
