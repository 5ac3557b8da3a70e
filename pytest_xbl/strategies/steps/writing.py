"""Steps in which somebody reads or writes a session."""

from __future__ import annotations

from typing import TypeAlias

from hypothesis import strategies as st
from hypothesis.stateful import rule

from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.strategies.bodies import Contract, invalid_writes, writes
from pytest_xbl.strategies.invariants import hold
from pytest_xbl.strategies.steps.stage import CALLERS, CONTRACTS, PLACES, Place, Stage
from pytest_xbl.strategies.usual import OF_SERVICES, USUAL

Sent: TypeAlias = "tuple[Contract, JsonObject]"
EVERY: tuple[Contract, ...] = (107, 105, 104)
VALID: st.SearchStrategy[Sent] = st.one_of([st.tuples(st.just(one), writes(contract=one)) for one in EVERY])
INVALID: st.SearchStrategy[Sent] = st.one_of([st.tuples(st.just(one), invalid_writes(contract=one)) for one in EVERY])
FOR_THEMSELVES = st.integers(0, 4)
"""Those who act for nobody else; whoever does may not write every body that is right on first sight (S2S-4)."""
ELEMENTS = st.sampled_from(["/members/me", "/members/0", "/members/1", "/servers/a"])
REFUSED = (400, 401, 403, 404)


class Writing(Stage):
    """Writes, usual ones and any; deletions; and reading by another spelling."""

    @rule(caller=CALLERS, place=PLACES, contract=CONTRACTS, what=st.sampled_from(sorted(USUAL)))
    def somebody_writes(self, caller: int, place: Place, contract: str, what: str) -> None:
        """Somebody sends a usual write, and perhaps sends it again."""
        self.put(caller, place, USUAL[what], contract=contract)

    @rule(caller=CALLERS, place=PLACES)
    def somebody_joins(self, caller: int, place: Place) -> None:
        """Somebody joins, as without members the rest is idle."""
        self.put(caller, place, USUAL["active"])

    @rule(place=PLACES, what=st.sampled_from(sorted(OF_SERVICES)))
    def a_service_writes_for_users(self, place: Place, what: str) -> None:
        """A service sends a write for each of the users that it acts for (S2S-2)."""
        self.put(5, place, OF_SERVICES[what])

    @rule(caller=FOR_THEMSELVES, place=PLACES, sent=VALID)
    def somebody_writes_anything(self, caller: int, place: Place, sent: Sent) -> None:
        """Somebody sends any write that is right on first sight, under any contract."""
        contract, body = sent
        self.put(caller, place, body, contract=str(contract))

    @rule(caller=CALLERS, place=PLACES, sent=INVALID)
    def somebody_writes_nonsense(self, caller: int, place: Place, sent: Sent) -> None:
        """Somebody sends a wrong body, which changes nothing (CODE-400)."""
        contract, body = sent
        before = self.xbl._world.snapshot()
        headers = {"X-Xbl-Contract-Version": str(contract)}
        answer = self.send(caller, "PUT", self.path(place), json=body, headers=headers)
        self.xbl._strictness.excuse(self.xbl.app.journal[-1])
        hold(answer.status_code in REFUSED, f"a wrong body got {answer.status_code}: {answer.text}")
        self.require_unchanged(before, answer.text)

    @rule(caller=CALLERS, place=PLACES, end=ELEMENTS)
    def somebody_deletes(self, caller: int, place: Place, end: str) -> None:
        """Somebody deletes a member or a server."""
        self.change(caller, "DELETE", f"{self.path(place)}{end}", at=place)

    @rule(caller=CALLERS, place=PLACES)
    def somebody_spells_otherwise(self, caller: int, place: Place) -> None:
        """A path in capitals leads to the same session (CALL-2)."""
        template, name = place
        capitals = self.path((template.upper(), name.upper()))
        self.settle(place)
        told, again = (self.send(caller, "GET", path) for path in (self.path(place), capitals))
        same = (told.status_code, told.text) == (again.status_code, again.text)
        hold(same or told.status_code in REFUSED, f"{self.path(place)} in capitals is {again.text}, not {told.text}")

    @rule(caller=CALLERS, place=PLACES, what=st.sampled_from(sorted(USUAL)))
    def somebody_tries_out(self, caller: int, place: Place, what: str) -> None:
        """A write with `nocommit` stores nothing, and is answered as the write itself is (PUT-7)."""
        self.settle(place)
        before = self.xbl._world.snapshot()
        path, body = self.path(place), USUAL[what]
        tried = self.send(caller, "PUT", f"{path}?nocommit=true", json=body)
        self.require_unchanged(before, tried.text)
        told = self.send(caller, "PUT", path, json=body)
        hold(told.status_code == tried.status_code, f"tried out: {tried.text}; then {told.status_code}: {told.text}")
