"""Who asks for a shared world, a fixture or a test, and when that is over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from traceback import walk_stack
from typing import Any, Literal, TypeAlias, get_args

import pytest

from pytest_xbl.errors import XblError, hides_frames, shown

__tracebackhide__ = hides_frames

Scope: TypeAlias = Literal["function", "class", "module", "package", "session"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
"""The scopes of pytest, the narrowest first."""
COLLECTORS: dict[Scope, type[pytest.Collector]] = {
    "class": pytest.Class,
    "module": pytest.Module,
    "package": pytest.Package,
    "session": pytest.Session,
}


def fixture_in_set_up() -> pytest.FixtureDef[Any] | None:
    """The fixture that is being set up in this thread, the innermost one; None in a test, and in a teardown.

    It is the argument of pytest's own hook, which is on the stack: a hook of this plugin would cost every fixture of
    every run.
    """
    hooks = (frame for frame, _ in walk_stack(None) if frame.f_code.co_name == "pytest_fixture_setup")
    found = (frame.f_locals.get("fixturedef") for frame in hooks)
    return next((fixture for fixture in found if isinstance(fixture, pytest.FixtureDef)), None)


class Asker:
    """A fixture that is being set up, or else a test.

    Args:
        item: the test that runs.
        fixture: None for the test itself.
    """

    def __init__(self, item: pytest.Item, fixture: pytest.FixtureDef[Any] | None) -> None:
        self._item = item
        self._fixture = fixture
        self._scope: Scope = fixture.scope if fixture else "function"
        self.name = fixture.argname if fixture else ""
        """The name of the fixture."""

    @property
    def directory(self) -> Path:
        """The directory of its file."""
        if self._fixture is None:
            return self._item.path.parent
        path = self._item.config.rootpath / self._fixture.baseid.partition("::")[0]
        return path if path.is_dir() else path.parent

    def require_scope(self, asked: object) -> Scope:
        """The scope that it asks for; its own unless given.

        Raises:
            XblError: for one that there is not, or that ends before the fixture itself.
        """
        if asked is None:
            return self._scope
        if asked not in SCOPES:
            raise XblError(f"A scope is one of {', '.join(SCOPES)}, not {shown(asked)}.", where="scope")
        if SCOPES.index(asked) < SCOPES.index(self._scope):
            what = f"A world of scope {asked} ends before this fixture of scope {self._scope}"
            raise XblError(f"{what}: use scope={self._scope!r} or a wider one.", where="scope")
        return asked

    def call_at_the_end_of(self, scope: Scope, action: Callable[[], None]) -> None:
        """Call a function when the scope is over; if it is that of the fixture, after the fixture's own teardown.

        Raises:
            XblError: if it is over already.
        """
        if self._fixture and scope == self._scope:
            self._fixture.addfinalizer(action)
            return
        try:
            self._node(scope).addfinalizer(action)
        except AssertionError:  # pytest says no more
            raise XblError("The test is over, and no world can be made for it; make it before the yield.") from None

    def place(self, scope: Scope) -> str:
        """The id of the scope, which does not depend on the test that comes first; "" for the session."""
        if scope in ("package", "session"):
            return self._fixture.baseid if self._fixture else ""
        return self._node(scope).nodeid

    def _node(self, scope: Scope) -> pytest.Item | pytest.Collector:
        """The scope in pytest's tree; where there is no such class or package, what pytest takes for a fixture."""
        if scope == "function":
            return self._item
        return self._item.getparent(COLLECTORS[scope]) or (self._item.session if scope == "package" else self._item)
