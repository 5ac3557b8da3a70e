"""`xbl_world`: worlds that last longer than a test, and several worlds for one."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from datetime import datetime
from typing import Any, Literal, NoReturn, TypeAlias, get_args

import pytest

from pytest_xbl.arrange.markers import Marker, Named
from pytest_xbl.errors import XblError, hides_frames, shown
from pytest_xbl.userstats.model import Values
from pytest_xbl.xbl.worlds import Worlds
from pytest_xbl.xbl.xbox_live import XboxLive

__tracebackhide__ = hides_frames

Scope: TypeAlias = Literal["function", "class", "module", "package", "session"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
"""The scopes of pytest, the narrowest first."""
Node: TypeAlias = pytest.Item | pytest.Collector
COLLECTORS: dict[Scope, type[pytest.Collector]] = {
    "class": pytest.Class,
    "module": pytest.Module,
    "package": pytest.Package,
    "session": pytest.Session,
}


class _Settings(Marker):
    taker = "xbl_world"
    options = ("scope", *Marker.options)


class ScopedWorld(XboxLive):
    """A world that ends with its scope, or with a with-block before."""

    _end: Callable[[], None]

    def __enter__(self) -> ScopedWorld:  # noqa: PYI034 -- typing has no Self before 3.11
        return self

    def __exit__(self, *_error: object) -> None:
        """End the world; its later calls are late."""
        self._end()

    async def __aenter__(self) -> ScopedWorld:  # noqa: PYI034 -- as above
        return self

    async def __aexit__(self, *_error: object) -> None:
        """The same."""
        self._end()


class WorldFactory:
    """What the fixture `xbl_world` gives: it makes a world with each call.

    A world is served, strict, reported and checked for late calls like that of `xbl`.
    Whatever goes wrong in it fails the test that runs at the time.

    Args:
        worlds: of the session.
        running: gives the test that runs.
    """

    def __init__(self, worlds: Worlds, running: Callable[[], pytest.Item]) -> None:
        self._worlds = worlds
        self._running = running
        self._fixtures: list[Scope] = []
        """The scopes of the fixtures that are being set up, the innermost last."""

    def __enter__(self) -> NoReturn:
        """Refuse a with-block on the fixture itself.

        Raises:
            XblError: with the call that was forgotten.
        """
        raise XblError("xbl_world makes a world when it is called: with xbl_world() as world.")

    def __exit__(self, *_error: object) -> None:
        """Without this, Python would not ask `__enter__`."""

    __aenter__, __aexit__ = __enter__, __exit__

    def __call__(
        self,
        *args: object,
        scope: Scope | None = None,
        seed: Named | None = None,
        scenario: str | None = None,
        now: datetime | str | None = None,
        scid: str | None = None,
        values: Values | None = None,
        loose: str | Iterable[str] = (),
        **parameters: Any,
    ) -> ScopedWorld:
        """A new world, which lasts as long as the scope, or a with-block on it.

        Args:
            scope: "function", "class", "module", "package" or "session"; that of the fixture that asks unless given.
            seed: what it begins with; files are relative to the file of the scope, or to that of pytest's settings.
            scenario: the name of a scenario, which the seed adds to.
            now: the time that the clock shows.
            scid: the service configuration, a GUID.
            values: the form in which contract 1 shows the values of statistics (STAT-8).
            loose: the kinds of mistakes that fail no test.
            parameters: of the scenario.

        Raises:
            XblError: for a scope or a seed that cannot be, an argument without a name, or an unknown option.
        """
        options: dict[str, Any] = {"now": now, "scid": scid, "values": values, "loose": loose, **parameters}
        settings = _Settings(*args, seed=seed, scenario=scenario, **options)
        item = self._running()
        node = _node(item, self._scope(scope))
        worlds = self._worlds
        world = worlds.serve(
            ScopedWorld,
            node.nodeid,
            [settings],
            worlds.usual_seed(),
            directory=worlds.directory_of(node),
            title=self._title(node),
        )
        world._end = lambda: worlds.end(world, self._running())
        node.addfinalizer(world._end)
        return world

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, object, object]:
        """Remember the scope of a fixture while it is set up."""
        self._fixtures.append(fixturedef.scope)
        try:
            return (yield)
        finally:
            self._fixtures.pop()

    def _scope(self, asked: object) -> Scope:
        """The scope of a world.

        Raises:
            XblError: for one that there is not, or that ends before the fixture that asks.
        """
        fixture = self._fixtures[-1] if self._fixtures else "function"
        if asked is None:
            return fixture
        if asked not in SCOPES:
            raise XblError(f"A scope is one of {', '.join(SCOPES)}, not {shown(asked)}.", where="scope")
        if SCOPES.index(asked) < SCOPES.index(fixture):
            what = f"A world of scope {asked} ends before this fixture of scope {fixture}"
            raise XblError(f"{what}: say scope={fixture!r} or a wider one.", where="scope")
        return asked

    def _title(self, node: Node) -> str:
        whose = "the session" if isinstance(node, pytest.Session) else node.nodeid
        count = sum(watched.title.endswith(f" of {whose}") for watched in self._worlds.watched)
        return f"xbl_world{f' {count + 1}' if count else ''} of {whose}"


def _node(item: pytest.Item, scope: Scope) -> Node:
    """What has to be over when a world of this scope is.

    Raises:
        XblError: for a class, if the test is in none.
    """
    if scope == "function":
        return item
    node = item.getparent(COLLECTORS[scope])
    if node is None and scope == "class":
        raise XblError(f"{item.nodeid} is in no class, so no world can have scope='class' there.", where="scope")
    return node or item.session  # as with a fixture, where there is no package
