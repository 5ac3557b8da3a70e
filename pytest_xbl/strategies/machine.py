"""A state machine of hypothesis over a world: random requests by several callers, and what holds after each."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from werkzeug.test import TestResponse

from pytest_xbl.mpsd.model import JsonObject, SessionRef
from pytest_xbl.mpsd.view import document
from pytest_xbl.strategies.bodies import invalid_writes, templates, writes
from pytest_xbl.strategies.invariants import (
    hold,
    require_growing,
    require_indexed,
    require_readable,
    require_same_session,
)
from pytest_xbl.strategies.searching import filters
from pytest_xbl.world.state import Record, SessionKey, State
from pytest_xbl.xbl.client import CallerClient
from pytest_xbl.xbl.people import Principal
from pytest_xbl.xbl.xbox_live import XboxLive

OK = range(200, 300)
REFUSED = (400, 401, 403, 404)
BUG, NOT_BUILT = 500, 501
CONTRACTS = st.sampled_from(["107", "107", "105", "104"])
CALLERS = st.integers(0, 4)
PLACES = st.sampled_from(
    [
        ("lobby", "one"),
        ("browse", "game"),
        ("room", "one"),
        ("room", "ONE"),
        ("queue", "ticket"),
        ("any", "x"),
        ("large", "l"),
    ]
)
"""Where sessions are, or may be made: two of the places are the same one."""
ROOM: JsonObject = {
    "constants": {
        "system": {
            "maxMembersCount": 4,
            "inactiveRemovalTimeout": 45_000,
            "sessionEmptyTimeout": 60_000,
            "ownershipPolicies": {"migration": "oldest"},
            "capabilities": {
                "connectivity": True,
                "hasOwners": True,
                "searchable": True,
                "userAuthorizationStyle": True,
            },
        }
    },
    "roleTypes": {"lfg": {"ownerManaged": False, "roles": {"healer": {"max": 1}, "tank": {"max": 2, "target": 1}}}},
}
QUEUE: JsonObject = {
    "constants": {"system": {"memberInitialization": {"membersNeededToStart": 2, "joinTimeout": 5_000}}}
}


def me(**properties: Any) -> JsonObject:
    """A write of the caller's own system properties."""
    return {"members": {"me": {"properties": {"system": properties}}}}


def properties(**system: Any) -> JsonObject:
    """A write of the session's system properties."""
    return {"properties": {"system": system}}


USUAL: dict[str, JsonObject] = {
    "active": me(active=True),
    "ready": me(ready=True),
    "inactive": me(active=False),
    "joins": {"members": {"me": {}}},
    "joins and initializes": {"members": {"me": {"constants": {"system": {"initialize": True}}}}},
    "leaves": {"members": {"me": None}},
    "custom": {"properties": {"custom": {"map": "harbour"}}},
    "more custom": {"properties": {"custom": {"map": None, "score": 1}}},
    "own custom": {"members": {"me": {"properties": {"custom": {"score": 1}}}}},
    "keywords": properties(keywords=["Fast", "fun"]),
    "other keywords": properties(keywords=["slow"]),
    "closed": properties(closed=True),
    "open": properties(closed=False, joinRestriction="none"),
    "followed": properties(joinRestriction="followed", readRestriction="followed"),
    "turn": properties(turn=[0]),
    "owners": properties(owners=[1]),
    "healer": {"members": {"me": {"roles": {"lfg": "healer"}}}},
    "no role": {"members": {"me": {"roles": {"lfg": None}}}},
    "reserve": {"members": {"reserve_0": {"constants": {"system": {"xuid": "2533274790000099"}}}}},
    "reserve a friend": {"members": {"reserve_0": {"constants": {"system": {"xuid": "2533274790000002"}}}}},
    "removes": {"members": {"0": None}},
    "server": {"servers": {"a": {"properties": {"custom": {"n": 1}}}}},
    "groups": me(groups=["a"], encounters=["b"]),
}
"""Writes that lead somewhere, by what they do."""


class WorldMachine(RuleBasedStateMachine):
    """Random requests to a world, and its invariants; a subclass adds rules that let a client of its own act.

    `xbl` is the world, `people` are those who call: the users P0 to P3, and the service S4.
    After each step the documents, the histories and the indexes are checked, and at the end a dump.
    A mistake of a client fails the run as it fails a test with `xbl` (SEEN-5).
    """

    def __init__(self) -> None:
        super().__init__()
        self.xbl = self.make_world()
        self._checked: dict[SessionKey, Record] = {}
        """The sessions as they were when they were checked last."""
        self.people: list[Principal] = [*self.xbl.users("P0", "P1", "P2", "P3"), self.xbl.service("S4")]

    def make_world(self) -> XboxLive:
        """Make the world of a run; a subclass may make another."""
        xbl = XboxLive()
        xbl.templates.add("room", ROOM)
        xbl.templates.add("queue", QUEUE)
        return xbl

    @initialize(template=templates())
    def any_template(self, template: JsonObject) -> None:
        """One template may be any."""
        self.xbl.templates.add("any", template)

    @rule(caller=CALLERS, place=PLACES, contract=CONTRACTS, what=st.sampled_from(sorted(USUAL)))
    def somebody_writes(self, caller: int, place: tuple[str, str], contract: str, what: str) -> None:
        """Somebody sends a usual write, and perhaps sends it again."""
        self._put(caller, place, USUAL[what], contract)

    @rule(caller=CALLERS, place=PLACES, body=writes())
    def somebody_writes_anything(self, caller: int, place: tuple[str, str], body: JsonObject) -> None:
        """Somebody sends any write that is right on first sight."""
        self._put(caller, place, body, "107")

    @rule(caller=CALLERS, place=PLACES, body=invalid_writes(contract=105))
    def somebody_writes_nonsense(self, caller: int, place: tuple[str, str], body: JsonObject) -> None:
        """Somebody sends a wrong body, which changes nothing (CODE-400)."""
        before = self.xbl._world.snapshot()
        answer = self._client(caller).put(self.path(place), json=body, headers={"X-Xbl-Contract-Version": "105"})
        self.xbl._strictness.excuse(self.xbl.app.journal[-1])
        hold(answer.status_code in REFUSED, f"a wrong body got {answer.status_code}: {answer.text}")
        self._require_unchanged(before, answer.text)

    @rule(caller=CALLERS, place=PLACES, end=st.sampled_from(["/members/me", "/members/0", "/members/1", "/servers/a"]))
    def somebody_deletes(self, caller: int, place: tuple[str, str], end: str) -> None:
        """Somebody deletes a member or a server."""
        self._settle(place)
        before = self.xbl._world.snapshot()
        self._check(self._client(caller).delete(f"{self.path(place)}{end}"), before)

    @rule(
        caller=CALLERS,
        place=PLACES,
        kind=st.sampled_from(["activity", "invite", "transfer", "search"]),
        tag=st.sampled_from(["fun", "hard"]),
    )
    def somebody_makes_a_handle(self, caller: int, place: tuple[str, str], kind: str, tag: str) -> None:
        """Somebody makes a handle of any kind."""
        body: JsonObject = {"type": kind, "version": 1, "sessionRef": self._ref(place)}
        more: dict[str, JsonObject] = {
            "invite": {"invitedXuid": "2533274790000001"},
            "transfer": {"originSessionRef": self._ref(("lobby", "one"))},
            "search": {"searchAttributes": {"tags": [tag], "numbers": {"level": 3}}},
        }
        body |= more.get(kind, {})
        self._settle(place)
        before = self.xbl._world.snapshot()
        self._check(self._client(caller).post("/handles", json=body), before)

    @rule(caller=CALLERS, which=st.integers(0, 3), joins=st.booleans())
    def somebody_uses_a_handle(self, caller: int, which: int, joins: bool) -> None:  # noqa: FBT001 -- hypothesis names it
        """Somebody joins through a handle, or deletes it."""
        known = [*self.xbl._world.snapshot().handles]
        if known:
            uri = f"/handles/{known[which % len(known)]}"
            client = self._client(caller)
            answer = client.put(f"{uri}/session", json=me(active=True)) if joins else client.delete(uri)
            self._require_answered(answer)

    @rule(
        caller=CALLERS,
        asked=st.sampled_from(["keyword=fast", "xuid=2533274790000001", "xuid=2533274790000002&private=true"]),
    )
    def somebody_looks_for_sessions(self, caller: int, asked: str) -> None:
        """Somebody queries sessions."""
        answer = self._client(caller).get(f"/serviceconfigs/{self.xbl.scid}/sessions?{asked}")
        self._require_answered(answer)

    @rule(caller=CALLERS, asked=filters())
    def somebody_searches(self, caller: int, asked: str) -> None:
        """Somebody queries search handles."""
        body = {"type": "search", "scid": self.xbl.scid, "filter": asked}
        answer = self._client(caller).post("/handles/query?include=relatedInfo,roleInfo", json=body)
        hold(answer.status_code in (200, 403), f"a filter got {answer.status_code}: {answer.text}")

    @rule(seconds=st.sampled_from([1, 6, 31, 61, 3600]))
    def time_passes(self, seconds: int) -> None:
        """The clock moves."""
        self.xbl.clock.advance(seconds=seconds)

    @rule(caller=st.integers(0, 3), present=st.booleans())
    def somebody_comes_or_goes(self, caller: int, present: bool) -> None:  # noqa: FBT001 -- as above
        """Somebody starts the title, or leaves it."""
        user: Any = self.people[caller]
        self.xbl.set_presence(user, present=present)

    @rule(caller=st.integers(0, 3))
    def somebody_loses_a_connection(self, caller: int) -> None:
        """Somebody's connection of real-time activity ends, and they get another."""
        user: Any = self.people[caller]
        self._client(caller).put(self.path(("lobby", "one")), json=me(active=True, connection=user.connection))
        self.xbl.rta.drop(user)

    @rule(caller=CALLERS, place=PLACES)
    def a_write_fails(self, caller: int, place: tuple[str, str]) -> None:
        """The service answers a write with 503, and nothing has changed (FAULT-2)."""
        before = self.xbl._world.snapshot()
        with self.xbl.faults.fail("put-session", 503):
            answer = self._client(caller).put(self.path(place), json=USUAL["active"])
        self._require_unchanged(before, answer.text)

    @invariant()
    def everything_holds_together(self) -> None:
        """Documents are readable, both contracts tell the same, changes are numbered, indexes are right."""
        mistakes = self.xbl._strictness.take_mistakes()
        hold(not mistakes, f"the client made a mistake: {', '.join(map(str, mistakes))}")
        state = self.xbl._world.snapshot()
        require_indexed(state)
        changed = [record for key, record in state.records.items() if record is not self._checked.get(key)]
        self._checked = dict(state.records)
        for record in changed:
            require_growing(self.xbl._world.history(record.ref))
            if record.session:
                old, new = (document(record.session, contract=contract) for contract in (105, 107))
                require_readable(old)
                require_readable(new)
                require_same_session(old, new)

    def teardown(self) -> None:
        """A dump loads to a world whose dump is the same (SEED-7)."""
        dump = self.xbl.dump()
        hold(XboxLive(seed=dump).dump() == dump, "a dump loads to a world with another dump")

    def path(self, place: tuple[str, str]) -> str:
        """The path of the session at a place: its template, and its name."""
        template, name = place
        return f"/serviceconfigs/{self.xbl.scid}/sessiontemplates/{template}/sessions/{name}"

    def _ref(self, place: tuple[str, str]) -> JsonObject:
        template, name = place
        return {"scid": self.xbl.scid, "templateName": template, "name": name}

    def _client(self, caller: int) -> CallerClient:
        return self.xbl.client(self.people[caller])

    def _settle(self, place: tuple[str, str]) -> None:
        """Let all timeouts happen that are due at a place."""
        reader, number = self.xbl.client(self.people[-1]), 0
        while (document := reader.get(self.path(place)).get_json(silent=True)) and document["changeNumber"] != number:
            number = document["changeNumber"]

    def _is_at_rest(self, place: tuple[str, str]) -> bool:
        """Whether an access now finds the session as it is stored."""
        session = self.xbl._world.record(SessionRef(self.xbl.scid, *place)).session
        return session is None or self.xbl._world.settled(session).session is session

    def _put(self, caller: int, place: tuple[str, str], body: JsonObject, contract: str) -> None:
        """Send a write twice: refused, it changes nothing; accepted, it changes nothing the second time."""
        self._settle(place)
        before = self.xbl._world.snapshot()
        headers = {"X-Xbl-Contract-Version": contract}
        answer = self._client(caller).put(self.path(place), json=body, headers=headers)
        self._check(answer, before)
        if answer.status_code in OK and self._is_at_rest(place):
            after = self.xbl._world.snapshot()
            again = self._client(caller).put(self.path(place), json=body, headers=headers)
            self._require_unchanged(after, f"sent again: {again.text}")

    def _check(self, answer: TestResponse, before: State) -> None:
        self._require_answered(answer)
        if answer.status_code not in OK:
            self._require_unchanged(before, answer.text)

    def _require_answered(self, answer: TestResponse) -> None:
        hold(answer.status_code < BUG or answer.status_code == NOT_BUILT, f"{answer.status_code}: {answer.text}")

    def _require_unchanged(self, before: State, why: str) -> None:
        hold(self.xbl._world.snapshot() == before, f"the world has changed. {why}")
