"""A stage on which the pure rules play: one template, one session, some callers, a clock."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from pytest_xbl.mpsd.applying import apply_write
from pytest_xbl.mpsd.constants import parse_template
from pytest_xbl.mpsd.effects import Effect
from pytest_xbl.mpsd.model import Caller, Context, Session, SessionRef, Template
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.timers import settle
from pytest_xbl.mpsd.view import SessionDocument, document
from pytest_xbl.mpsd.writes import parse_write

ACTIVE = {"members": {"me": {"properties": {"system": {"active": True}}}}}


class Stage:
    """Plays writes the way a world does: timers first, then the write, then what came of it is kept."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
        self.ref = SessionRef("5c1d0000-0000-4000-8000-000000000001", "quick", "one")
        self.follows: dict[str, frozenset[str]] = {}
        self.effects: tuple[Effect, ...] = ()
        self.session: Session | None = None
        self.incarnation = 1
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
        """Somebody: a user with xuid 1000, 1001, … and a device of their own; `server=True` for a service."""
        if name not in self._callers:
            number = 1000 + len(self._callers)
            given = {
                "xuid": None if claims.get("server") else str(number),
                "gamertag": f"{name}GT",
                "device_id": f"device of {name}",
                "title_id": "7",
                "privileges": frozenset({"multiplayer"}),
            }
            self._callers[name] = Caller(name, **{**given, **claims})
        return self._callers[name]

    def context(self, name: str) -> Context:
        """What the rules may look at when this caller asks."""
        return Context(self.caller(name), self.now, self.ref, self.template, self.follows, self.incarnation)

    def settle(self) -> Session | None:
        """What an access finds."""
        if self.session:
            outcome = settle(self.session, self.now)
            self.session, self.effects = outcome
        return self.session

    def put(self, name: str, body: dict[str, Any], *, contract: int = 107) -> Session | None:
        """A write by somebody; its effects are in `effects`."""
        before = self.settle()
        outcome = apply_write(before, parse_write(body, contract=contract), self.context(name))
        self.session, self.effects = outcome
        return self.session

    def join(self, *names: str) -> Session:
        """Everybody joins, active."""
        for name in names:
            self.put(name, ACTIVE)
        assert self.session is not None
        return self.session

    def refused(self, name: str, body: dict[str, Any], *, contract: int = 107) -> tuple[int, str, str]:
        """A write by somebody that is refused: status, place and rule; the session is what it was."""
        before = self.settle()
        with pytest.raises(Refusal) as refused:
            self.put(name, body, contract=contract)
        assert self.session is before
        return refused.value.status, refused.value.where, refused.value.rule

    def document(self, *, contract: int = 107) -> SessionDocument:
        """What a client receives."""
        assert self.session is not None
        return document(self.session, contract=contract)

    def advance(self, milliseconds: int) -> None:
        """Let time pass."""
        self.now += timedelta(milliseconds=milliseconds)


@pytest.fixture
def stage() -> Stage:
    """A stage with an open template that sets nothing."""
    return Stage()
