"""Steps in which something goes wrong, and what holds after each (FAULT, RATE)."""

from __future__ import annotations

from contextlib import suppress
from typing import Literal

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from pytest_xbl.strategies.invariants import hold
from pytest_xbl.strategies.steps.stage import CALLERS, PLACES, USERS, Place, Stage
from pytest_xbl.strategies.usual import USUAL
from pytest_xbl.xbl.faults import Faults

WRITES = st.sampled_from(sorted(USUAL))
FAILURES = st.sampled_from([401, 408, 429, 500, 502, 503, 504])
LOSSES: st.SearchStrategy[Literal["close"] | int] = st.sampled_from(("close", 504))
OVERTAKEN = (400, 403, 404, 412)
"""The answers to a write for an old version: a wrong body, and rights, come before the version (CALL-16)."""
PUT = "put-session"
is_wanted = precondition(lambda machine: machine.with_faults)


class _FaultsOfSteps(Faults):
    """Faults whose place is the machine, as no line of a test arms them."""

    def _place(self) -> str:
        return "WorldMachine"


class Trouble(Stage):
    """Faults of each kind that needs no socket, races and rate limits."""

    @property
    def faults(self) -> Faults:
        """The faults that steps arm."""
        return _FaultsOfSteps(self.xbl.app)

    @is_wanted
    @rule(caller=CALLERS, place=PLACES, status=FAILURES, wait=st.sampled_from([None, 1]))
    def a_write_fails(self, caller: int, place: Place, status: int, wait: int | None) -> None:
        """The service answers a write with an error, and nothing has changed (FAULT-2)."""
        before = self.xbl._world.snapshot()
        with self.faults.fail(PUT, status, retry_after=wait):
            answer = self.client_of(caller).put(self.path(place), json=USUAL["active"])
        told = answer.status_code, answer.headers.get("Retry-After")
        hold(told == (status, wait and str(wait)), f"the fault {status} gave {told}")
        self.require_unchanged(before, answer.text)

    @is_wanted
    @rule(caller=CALLERS, place=PLACES)
    def nobody_answers(self, caller: int, place: Place) -> None:
        """The service is down, and nothing has changed (FAULT-4)."""
        before, refused = self.xbl._world.snapshot(), False
        with self.faults.down():
            try:
                self.client_of(caller).put(self.path(place), json=USUAL["active"])
            except ConnectionRefusedError:
                refused = True
        hold(refused, "a service that is down took a request")
        self.require_unchanged(before, "nobody was there")

    @is_wanted
    @rule(caller=CALLERS, place=PLACES, what=WRITES, how=LOSSES)
    def an_answer_gets_lost(self, caller: int, place: Place, what: str, how: Literal["close"] | int) -> None:
        """The write has happened all the same (FAULT-3)."""

        def lose() -> None:
            with self.faults.lose(PUT, how), suppress(ConnectionResetError):
                self._write(caller, place, what)

        self.require_alike(lambda: self._write(caller, place, what), lose)

    @is_wanted
    @rule(caller=CALLERS, rival=USERS, place=PLACES, what=WRITES, before=WRITES)
    def a_rival_is_first(self, caller: int, rival: int, place: Place, what: str, before: str) -> None:
        """A race is the same as one write after the other (FAULT-5)."""

        def race() -> None:
            with self.faults.race(PUT, lambda: self._write(rival, place, before)):
                self._write(caller, place, what)

        def one_by_one() -> None:
            self._write(rival, place, before)
            self._write(caller, place, what)

        self.require_alike(one_by_one, race)

    @is_wanted
    @rule(caller=CALLERS, rival=USERS, place=PLACES, what=WRITES, before=WRITES)
    def a_careful_write_meets_a_rival(self, caller: int, rival: int, place: Place, what: str, before: str) -> None:
        """A write for a version that a rival has overtaken changes nothing (PUT-8, FAULT-5)."""
        self.settle(place)
        etag = self.client_of(4).get(self.path(place)).headers.get("ETag")
        if etag is None:
            return
        self._write(rival, place, before)
        self.settle(place)
        state, now = self.xbl._world.snapshot(), self.client_of(4).get(self.path(place)).headers.get("ETag")
        answer = self.send(caller, "PUT", self.path(place), json=USUAL[what], headers={"If-Match": etag})
        if now != etag:
            hold(answer.status_code in OVERTAKEN, f"an old version got {answer.status_code}: {answer.text}")
            self.require_unchanged(state, answer.text)

    @is_wanted
    @rule(caller=CALLERS, place=PLACES, what=WRITES, seconds=st.sampled_from([1, 40]))
    def an_answer_takes_long(self, caller: int, place: Place, what: str, seconds: int) -> None:
        """A delay is the same as time that passes before (FAULT-4)."""

        def delayed() -> None:
            with self.faults.delay(PUT, seconds):
                self._write(caller, place, what)

        def later() -> None:
            self.xbl.clock.advance(seconds=seconds)
            self._write(caller, place, what)

        self.require_alike(later, delayed)

    @is_wanted
    @rule(caller=CALLERS, place=PLACES, what=WRITES)
    def somebody_asks_too_often(self, caller: int, place: Place, what: str) -> None:
        """The request over the limit is answered with 429, and changes nothing (RATE-1, CODE-429)."""
        self.xbl.limits.set("sessiondirectory", burst=1)
        self._write(caller, place, what)
        self.settle(place)
        before = self.xbl._world.snapshot()
        answer = self.client_of(caller).put(self.path(place), json=USUAL[what])
        self.xbl.limits.off()
        hold(answer.status_code == 429, f"the second request of one is {answer.status_code}")  # noqa: PLR2004 -- the rule's
        hold(answer.headers.get("Retry-After", "").isdigit(), "429 comes without the seconds to wait")
        self.require_unchanged(before, answer.text)

    def _write(self, caller: int, place: Place, what: str) -> None:
        self.client_of(caller).put(self.path(place), json=USUAL[what])
