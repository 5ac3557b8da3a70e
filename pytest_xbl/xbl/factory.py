"""`xbl_world`: worlds that last longer than a test, and several worlds for one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from traceback import walk_stack
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

    _ender: ExitStack
    """It ends the world when it is closed, once."""
    _is_over = False

    def __enter__(self) -> ScopedWorld:  # noqa: PYI034 -- typing has no Self before 3.11
        if self._is_over:
            raise XblError("This world is over; xbl_world() makes another.")
        return self

    def __exit__(self, *_error: object) -> None:
        """End the world; its later calls are late."""
        self._ender.close()

    async def __aenter__(self) -> ScopedWorld:  # noqa: PYI034 -- as above
        return self.__enter__()

    async def __aexit__(self, *_error: object) -> None:
        """The same."""
        self._ender.close()


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
            seed: what it begins with; files are relative to the file of the fixture that asks, or of the test.
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
        item, fixture, ender = self._running(), _fixture_in_set_up(), ExitStack()
        own: Scope = fixture.scope if fixture else "function"
        scope = _require_scope(scope, own)
        node = _node(item, scope)
        if fixture and scope == own:
            fixture.addfinalizer(ender.close)
        else:
            _add_finalizer(node, ender.close)
        name = fixture.argname if fixture else ""
        whose = _id(node, scope, fixture)
        world = self._worlds.serve(
            ScopedWorld,
            f"{whose} {name or 'xbl_world'}",
            [settings],
            self._worlds.usual_seed(),
            directory=_directory(item, fixture),
            title=f"xbl_world {name}{' ' if name else ''}of {whose or 'the session'}",
            fixture=name,
        )
        world._ender = ender
        ender.callback(self._end, world)
        return world

    def _end(self, world: ScopedWorld) -> None:
        world._is_over = True
        self._worlds.end(world, self._running())


def _fixture_in_set_up() -> pytest.FixtureDef[Any] | None:
    """The fixture that is being set up in this thread, the innermost one; None in a test, and in a teardown.

    It is the argument of pytest's own hook, which is on the stack: a hook of this plugin would cost every fixture of
    every run.
    """
    hooks = (frame for frame, _ in walk_stack(None) if frame.f_code.co_name == "pytest_fixture_setup")
    found = (frame.f_locals.get("fixturedef") for frame in hooks)
    return next((fixture for fixture in found if isinstance(fixture, pytest.FixtureDef)), None)


def _require_scope(asked: object, own: Scope) -> Scope:
    """The scope of a world.

    Args:
        own: the scope of whatever asks for it.

    Raises:
        XblError: for one that there is not, or that ends before the fixture that asks.
    """
    if asked is None:
        return own
    if asked not in SCOPES:
        raise XblError(f"A scope is one of {', '.join(SCOPES)}, not {shown(asked)}.", where="scope")
    if SCOPES.index(asked) < SCOPES.index(own):
        what = f"A world of scope {asked} ends before this fixture of scope {own}"
        raise XblError(f"{what}: use scope={own!r} or a wider one.", where="scope")
    return asked


def _node(item: pytest.Item, scope: Scope) -> Node:
    """What has to be over when a world of this scope is; as with a fixture, where there is no class or package.

    Raises:
        XblError: for a class, if the test is in none.
    """
    wider = item.session if scope == "package" else item
    return (item.getparent(COLLECTORS[scope]) if scope in COLLECTORS else item) or wider


def _add_finalizer(node: Node, finalizer: Callable[[], None]) -> None:
    """Have pytest call a function when a test, a class or a module is over.

    Raises:
        XblError: if it is over already.
    """
    try:
        node.addfinalizer(finalizer)
    except AssertionError:
        raise XblError("The test is over, and no world can be made for it; make it before the yield.") from None


def _id(node: Node, scope: Scope, fixture: pytest.FixtureDef[Any] | None) -> str:
    """What the tokens of a world follow from, besides the name of the fixture: nothing that depends on other tests."""
    if scope in ("package", "session"):
        return fixture.baseid if fixture else ""
    return node.nodeid


def _directory(item: pytest.Item, fixture: pytest.FixtureDef[Any] | None) -> Path:
    """What names of files are relative to: the file of the fixture that makes a world, or that of the test."""
    if fixture is None:
        return item.path.parent
    path = item.config.rootpath / fixture.baseid.partition("::")[0]
    return path if path.is_dir() else path.parent
