"""Steps of initialization: joining, measuring, evaluating, to success and to failure (INIT)."""

from __future__ import annotations

from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import rule

from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.strategies.steps.stage import USERS, Place, Stage
from pytest_xbl.strategies.usual import address, properties, seat

INITIALIZED = st.sampled_from([("measured", "one"), ("judged", "one")])
"""Where members measure their connections; in the second place the title evaluates."""
LATENCIES = st.sampled_from([20, 20, 900])
"""Those of a good connection, and of a bad one."""
FAR = st.integers(1, 5)
"""The number of parts of an episode that happen."""


class Initializing(Stage):
    """Episodes of initialization, whole ones and parts."""

    @rule(
        place=INITIALIZED,
        users=st.permutations(range(4)),
        latency=LATENCIES,
        succeeds=st.booleans(),
        far=FAR,
    )
    def an_episode_runs(self, place: Place, users: list[int], latency: int, succeeds: bool, far: int) -> None:  # noqa: FBT001 -- hypothesis names it
        """Two players join a new session, measure and are evaluated; the episode may stop before each of these."""
        self._empty(place)
        first, second = users[:2]
        episode = [
            partial(self.gather, first, second, place),
            partial(self.gather, second, None, place),
            partial(self.measure, first, place, latency),
            partial(self.measure, second, place, latency),
            partial(self.evaluate, first, place, succeeds=succeeds),
        ]
        for part in episode[:far]:
            part()

    @rule(caller=USERS, place=INITIALIZED)
    def somebody_joins_to_be_initialized(self, caller: int, place: Place) -> None:
        """Somebody joins, for this episode or a later one."""
        self.gather(caller, None, place)

    @rule(caller=USERS, place=INITIALIZED, latency=LATENCIES)
    def somebody_measures(self, caller: int, place: Place, latency: int) -> None:
        """Somebody uploads measurements to all others."""
        self.measure(caller, place, latency)

    @rule(caller=USERS, place=INITIALIZED)
    def somebody_leaves_an_initialization(self, caller: int, place: Place) -> None:
        """Somebody leaves, perhaps in the middle of an episode."""
        self.put(caller, place, {"members": {"me": None}})

    @rule(caller=USERS, place=INITIALIZED, succeeds=st.booleans())
    def somebody_evaluates(self, caller: int, place: Place, succeeds: bool) -> None:  # noqa: FBT001 -- as above
        """Somebody says how an episode went, perhaps while nobody asks."""
        self.evaluate(caller, place, succeeds=succeeds)

    def gather(self, caller: int, friend: int | None, place: Place) -> None:
        """Let somebody join to be initialized, and reserve a seat for a friend.

        Args:
            friend: None for nobody.
        """
        own = {
            "constants": {"system": {"initialize": True}},
            "properties": {"system": {"active": True, "secureDeviceAddress": address(caller)}},
        }
        reserved = {} if friend is None else {"reserve_0": seat(self.person(friend).xuid, initialize=True)}
        self.put(caller, place, {"members": {"me": own, **reserved}})

    def measure(self, caller: int, place: Place, latency: int) -> None:
        """Let somebody upload measurements of this latency to all others."""
        others = [one for one in self._members(place).values() if _xuid(one) != self.people[caller].xuid]
        tokens = [one["deviceToken"].lower() for one in others if "deviceToken" in one]
        measured = {token: {"latency": latency, "bandwidthDown": 200_000, "bandwidthUp": 200_000} for token in tokens}
        self.put(caller, place, {"members": {"me": {"properties": {"system": {"measurements": measured}}}}})

    def evaluate(self, caller: int, place: Place, *, succeeds: bool) -> None:
        """Let somebody say how an episode went (PROP-6)."""
        self.put(caller, place, properties(initializationSucceeded=succeeds))

    def _empty(self, place: Place) -> None:
        """Let all of the people leave."""
        inside = {_xuid(one) for one in self._members(place).values()}
        for number in range(4):
            if self.people[number].xuid in inside:
                self.send(number, "DELETE", f"{self.path(place)}/members/me")

    def _members(self, place: Place) -> JsonObject:
        document = self.client_of(4).get(self.path(place)).get_json(silent=True) or {}
        members: JsonObject = document.get("members", {})
        return members


def _xuid(member: JsonObject) -> str:
    xuid: str = member["constants"]["system"]["xuid"]
    return xuid
