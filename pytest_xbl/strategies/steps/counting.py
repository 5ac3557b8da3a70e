"""Steps with user statistics (STAT)."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from pytest_xbl.strategies.invariants import hold
from pytest_xbl.strategies.steps.stage import CALLERS, USERS, Stage

NAMES = ("wins", "best", "title")
VALUES = st.one_of(st.integers(-3, 9), st.sampled_from([0.5, "many", ""]))
HEADERS = {"X-Xbl-Contract-Version": "1"}


class Counting(Stage):
    """Statistics that are set, added to, taken away and read."""

    @rule(user=USERS, name=st.sampled_from(NAMES), value=VALUES)
    def a_statistic_is_set(self, user: int, name: str, value: float | str) -> None:
        """The title reports a statistic."""
        self.xbl.stats.set(self.person(user), {name: value})

    @rule(user=USERS)
    def a_win_is_counted(self, user: int) -> None:
        """The title counts one more, or begins anew where there is no number."""
        if isinstance(self.xbl.stats.get(self.person(user), "wins"), str):
            self.xbl.stats.clear(self.person(user), "wins")
        self.xbl.stats.add(self.person(user), "wins")

    @rule(caller=CALLERS, user=USERS)
    def somebody_reads_statistics(self, caller: int, user: int) -> None:
        """A batch of one user tells what is told of the user alone, and reading changes nothing (STAT-1, STAT-2)."""
        before, xuid = self.xbl._world.snapshot(), self.person(user).xuid
        path = f"/users/xuid({xuid})/scids/{self.xbl.scid}/stats/{','.join(NAMES)}"
        alone = self.send(caller, "GET", path, headers=HEADERS)
        scids = [{"scid": self.xbl.scid, "requestedstats": NAMES}]
        body = {"requestedusers": [xuid], "requestedscids": scids}
        batch = self.send(caller, "POST", "/batch", json=body, headers=HEADERS)
        told = batch.get_json()["users"][0]["scids"][0]["stats"]
        read = alone.get_json()["user"]["stats"]
        hold(read == told, f"a batch tells {told}, and alone it is {read}")
        self.require_unchanged(before, alone.text)
