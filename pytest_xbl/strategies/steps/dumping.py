"""Steps in which the world is written down and begun again (SEED-7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.stateful import initialize
from werkzeug.test import TestResponse

from pytest_xbl.strategies.invariants import hold
from pytest_xbl.strategies.states import require_equal
from pytest_xbl.strategies.steps.stage import CALLERS, PLACES, Place, Stage
from pytest_xbl.strategies.usual import USUAL
from pytest_xbl.world.activity import connections_of
from pytest_xbl.xbl.client import CallerClient
from pytest_xbl.xbl.xbox_live import XboxLive


class Ask(NamedTuple):
    """A request that comes after the dump: a usual write, or a read if there is none.

    Args:
        wait: the seconds that pass before.
    """

    caller: int
    place: Place
    what: str | None
    wait: int


ASKED = st.builds(
    Ask, CALLERS, PLACES, st.one_of(st.none(), st.sampled_from(sorted(USUAL))), st.sampled_from([0, 0, 31])
)


class Dumping(Stage):
    """The dump at the end, and what comes of it."""

    asked: Sequence[Ask] = ()
    """The requests that are sent after the dump."""

    @initialize(asked=st.lists(ASKED, min_size=2, max_size=6))
    def the_end_is_known(self, asked: list[Ask]) -> None:
        """The requests that come after the dump."""
        self.asked = asked

    def teardown(self) -> None:
        """A dump loads to an equal world with the same dump, in which the same requests get the same responses."""
        dump = self.xbl.dump()
        other = XboxLive(seed=dump)
        hold(other.dump() == dump, "a dump loads to a world with another dump")
        self._connect_in(other)
        require_equal(other._world.snapshot(), self.state)
        people = [other.client(other.scenario[one.name]) for one in self.people]
        for ask in self.asked:
            mine = self._told(self.xbl, self.client_of(ask.caller), ask)
            theirs = self._told(other, people[ask.caller], ask)
            hold(mine == theirs, f"{ask} gets {mine}, and in the world of the dump {theirs}")
        require_equal(other._world.snapshot(), self.state)

    def _connect_in(self, other: XboxLive) -> None:
        """Open the connections of this world in another, as a dump does not hold them."""
        if self.state.connected:
            state = other._world.snapshot()
            state.connected = self.state.connected
            connections_of(other._world)
            other._world.restore(state)

    def _told(self, xbl: XboxLive, client: CallerClient, ask: Ask) -> tuple[Any, ...]:
        if ask.wait:
            xbl.clock.advance(seconds=ask.wait)
        path = self.path(ask.place)
        return _parts(client.get(path) if ask.what is None else client.put(path, json=USUAL[ask.what]))


def _parts(answer: TestResponse) -> tuple[Any, ...]:
    return answer.status_code, answer.get_json() if answer.is_json else answer.text, answer.headers.get("ETag")
