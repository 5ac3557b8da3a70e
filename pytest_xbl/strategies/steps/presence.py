"""Steps in which time passes, and people come, go, and get to know each other."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from pytest_xbl.mpsd.devices import device_token
from pytest_xbl.strategies.steps.stage import PLACES, USERS, Place, Stage
from pytest_xbl.strategies.usual import address, me, properties

LEAVES = {"members": {"me": None}}
SUBSCRIPTION = "81a3266d-3066-4d55-9a16-2034ee70a850"


class Presence(Stage):
    """Time, presence, connections, and whom somebody follows or blocks."""

    @rule(seconds=st.sampled_from([1, 6, 31, 61, 3600]))
    def time_passes(self, seconds: int) -> None:
        """The clock moves."""
        self.xbl.clock.advance(seconds=seconds)

    @rule(caller=USERS, present=st.booleans())
    def somebody_comes_or_goes(self, caller: int, present: bool) -> None:  # noqa: FBT001 -- hypothesis names it
        """Somebody starts the title, or leaves it."""
        self.xbl.set_presence(self.person(caller), present=present)

    @rule(caller=USERS, place=PLACES)
    def somebody_connects(self, caller: int, place: Place) -> None:
        """Somebody is active on a connection of real-time activity, and wants to hear of every change."""
        subscription = {"id": SUBSCRIPTION, "changeTypes": ["everything"]}
        connection = self.person(caller).connection
        self.put(caller, place, me(active=True, connection=connection, subscription=subscription))

    @rule(caller=USERS, place=st.sampled_from([("lobby", "one"), ("room", "one")]))
    def a_host_goes(self, caller: int, place: Place) -> None:
        """Somebody becomes the host, and leaves (PROP-4, MEMB-14)."""
        host = device_token(address(caller))
        for body in (me(active=True, secureDeviceAddress=address(caller)), properties(host=host), LEAVES):
            self.put(caller, place, body)

    @rule(caller=USERS)
    def somebody_loses_a_connection(self, caller: int) -> None:
        """Somebody's connection ends, if they have one; they get another when they ask for one."""
        if self.state.connected.get(self.person(caller).xuid, (0, False))[1]:
            self.xbl.rta.drop(self.person(caller))

    @rule(caller=USERS, group=st.sampled_from(["a", "b"]))
    def somebody_meets_others(self, caller: int, group: str) -> None:
        """Somebody plays in a group of a large session, and meets another group (BIG-3)."""
        self.put(caller, ("large", "l"), me(active=True, groups=[group], encounters=["c"]))

    @rule(caller=USERS, other=USERS, how=st.sampled_from(["follow", "block"]))
    def somebody_gets_to_know_another(self, caller: int, other: int, how: str) -> None:
        """Somebody follows another, or blocks them."""
        if caller != other:
            getattr(self.xbl, how)(self.person(caller), self.person(other))
