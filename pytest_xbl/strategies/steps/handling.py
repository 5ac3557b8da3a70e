"""Steps with handles, and those in which somebody looks for sessions."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.strategies.invariants import hold
from pytest_xbl.strategies.searching import filters
from pytest_xbl.strategies.steps.stage import CALLERS, OK, PLACES, USERS, Place, Stage
from pytest_xbl.strategies.usual import me

INCLUDE = "?include=relatedInfo,roleInfo,customProperties"
QUERIES = ("keyword=fast", "xuid=2533274790000001", "xuid=2533274790000002&private=true&reservations=true")
WAYS = ("joins", "looks", "reads", "deletes")
MORE: dict[str, JsonObject] = {
    "invite": {"invitedXuid": "2533274790000001"},
    "search": {"searchAttributes": {"tags": ["fun"], "strings": {"map": "dunes"}, "numbers": {"level": 3}}},
}
"""The fields of a body that a kind of handle needs."""


class Handling(Stage):
    """Handles of each kind, and queries."""

    @rule(
        caller=CALLERS,
        place=PLACES,
        kind=st.sampled_from(["activity", "invite", "transfer", "search"]),
        origin=PLACES,
        joins=st.booleans(),
    )
    def somebody_makes_a_handle(self, caller: int, place: Place, kind: str, origin: Place, joins: bool) -> None:  # noqa: FBT001 -- hypothesis names it
        """Somebody makes a handle of any kind, and may join the session before."""
        if joins:
            self.put(caller, place, me(active=True))
        body: JsonObject = {"type": kind, "version": 1, "sessionRef": self.reference(place), **MORE.get(kind, {})}
        if kind == "transfer":
            body["originSessionRef"] = self.reference(origin)
            self.settle(origin)
        self.change(caller, "POST", "/handles", at=place, json=body)

    @rule(caller=CALLERS, which=st.integers(0, 3), how=st.sampled_from(WAYS))
    def somebody_uses_a_handle(self, caller: int, which: int, how: str) -> None:
        """Somebody joins through a handle, or reads or deletes it."""
        known = [*self.state.handles]
        if not known:
            return
        uri = f"/handles/{known[which % len(known)]}"
        match how:
            case "joins":
                self.send(caller, "PUT", f"{uri}/session", json=me(active=True))
            case "looks":
                self.send(caller, "GET", f"{uri}/session")
            case "reads":
                self.send(caller, "GET", uri)
            case _:
                self.send(caller, "DELETE", uri)

    @rule(caller=USERS)
    def somebody_looks_for_players(self, caller: int) -> None:
        """Somebody lets a session be searched for, and takes that back (SRCH-1)."""
        place = ("browse", "game")
        self.put(caller, place, me(active=True))
        body = {"type": "search", "version": 1, "sessionRef": self.reference(place), **MORE["search"]}
        made = self.change(caller, "POST", "/handles", at=place, json=body)
        if made.status_code in OK:
            self.change(caller, "DELETE", made.headers["Location"], at=place)

    @rule(caller=CALLERS, asked=st.sampled_from(QUERIES))
    def somebody_looks_for_sessions(self, caller: int, asked: str) -> None:
        """Somebody queries sessions."""
        self.send(caller, "GET", f"/serviceconfigs/{self.xbl.scid}/sessions?{asked}")

    @rule(caller=CALLERS)
    def somebody_looks_for_activities(self, caller: int) -> None:
        """Somebody queries the activities of all users, and of those whom a user follows."""
        xuids = [self.person(number).xuid for number in range(4)]
        for owners in ({"xuids": xuids}, {"people": {"moniker": "people", "monikerXuid": xuids[0]}}):
            body = {"type": "activity", "scid": self.xbl.scid, "owners": owners}
            self.send(caller, "POST", f"/handles/query{INCLUDE}", json=body)

    @rule(caller=CALLERS, asked=filters())
    def somebody_searches(self, caller: int, asked: str) -> None:
        """Somebody queries search handles."""
        body = {"type": "search", "scid": self.xbl.scid, "filter": asked}
        answer = self.send(caller, "POST", f"/handles/query{INCLUDE}", json=body)
        hold(answer.status_code in (200, 403), f"a filter got {answer.status_code}: {answer.text}")
