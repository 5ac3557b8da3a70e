"""`xbl_world`: worlds that last longer than a test, and several worlds for one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from typing import Any, NoReturn

import pytest

from pytest_xbl.arrange.markers import Marker, Named
from pytest_xbl.errors import XblError, hides_frames
from pytest_xbl.userstats.model import Values
from pytest_xbl.xbl.asking import Asker, Scope, fixture_in_set_up
from pytest_xbl.xbl.worlds import Worlds
from pytest_xbl.xbl.xbox_live import XboxLive

__tracebackhide__ = hides_frames


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
    """The value of the fixture `xbl_world`, which makes a world with each call.

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
        limits: str | Mapping[str, Any] | None = None,
        faults: Sequence[Mapping[str, Any]] | None = None,
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
            limits: the rate limits: a profile, or a dict of the limits of services (RATE-3).
            faults: what goes wrong, in the form of seeds (FAULT-7).
            parameters: of the scenario.

        Raises:
            XblError: for a scope or a seed that cannot be, an argument without a name, or an unknown option.
        """
        options: dict[str, Any] = {"now": now, "scid": scid, "values": values, "loose": loose}
        settings = _Settings(*args, seed=seed, scenario=scenario, limits=limits, faults=faults, **options, **parameters)
        asker, ender = Asker(self._running(), fixture_in_set_up()), ExitStack()
        scope = asker.require_scope(scope)
        asker.call_at_the_end_of(scope, ender.close)
        world = self._worlds.serve(
            ScopedWorld,
            f"{asker.place(scope)} {asker.name or 'xbl_world'}",
            [settings],
            self._worlds.usual_seed(),
            directory=asker.directory,
            title=f"xbl_world {asker.name}{' ' if asker.name else ''}of {asker.place(scope) or 'the session'}",
            fixture=asker.name,
            is_shared=scope != "function",
        )
        world._ender = ender
        ender.callback(self._end, world)
        return world

    def _end(self, world: ScopedWorld) -> None:
        world._is_over = True
        self._worlds.end(world, self._running())
