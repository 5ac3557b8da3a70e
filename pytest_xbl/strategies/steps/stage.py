"""The stage of the state machine: the world, the people and the templates, and the checks of each request and step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from werkzeug.test import TestResponse

from pytest_xbl.mpsd.model import JsonObject, SessionRef
from pytest_xbl.mpsd.view import document
from pytest_xbl.strategies.bodies import templates
from pytest_xbl.strategies.documents import require_answer, require_readable, require_same_session
from pytest_xbl.strategies.invariants import hold
from pytest_xbl.strategies.states import require_equal, require_growing, require_indexed, require_tapped
from pytest_xbl.strategies.usual import TEMPLATES
from pytest_xbl.world.state import Record, SessionKey, State
from pytest_xbl.world.visit import Visit
from pytest_xbl.xbl.client import CallerClient
from pytest_xbl.xbl.people import Principal
from pytest_xbl.xbl.xbox_live import XboxLive

OK = range(200, 300)
BUG, NOT_BUILT = 500, 501
CONTRACTS = st.sampled_from(["107", "107", "105", "104"])
USERS = st.integers(0, 3)
CALLERS = st.integers(0, 6)
Place = tuple[str, str]
ANY = "any"
"""The name of the template that may be any."""
EVERYWHERE: tuple[Place, ...] = (
    ("lobby", "one"),
    ("browse", "game"),
    ("room", "one"),
    ("room", "ONE"),
    ("queue", "ticket"),
    ("club", "one"),
    (ANY, "x"),
    ("large", "l"),
)
"""Where sessions are, or may be made: two of the places are the same one."""
CROWD = 3 * len(EVERYWHERE)
"""The weight of the busy place, which gets three of four steps that may go anywhere."""


def _places(machine: Stage) -> st.SearchStrategy[Place]:
    """The places of a step, among which the busy one comes first."""
    crowd = () if machine.busy is None else (machine.busy,) * CROWD
    return st.sampled_from((*crowd, *EVERYWHERE))


PLACES: st.SearchStrategy[Place] = st.runner().flatmap(_places)
"""The places of the machine that takes the step."""

REPORTED = frozenset(("encounters", "measurements"))
"""The properties of a member that report something that has happened, once more each time (BIG-3, INIT-3)."""


class Stage(RuleBasedStateMachine):
    """A world with people and templates, in which each request is checked, and everything after each step.

    `xbl` is the world; `people` are those who call: the users P0 to P3, the service S4, S5 that acts for P0 and P1, and
    S6 that acts on behalf of P2.
    """

    busy: ClassVar[Place | None] = None
    """The template and the name of the session that a subclass wants crowded, where its client plays; None for none."""
    with_faults: ClassVar[bool] = True
    """Whether the machine takes steps with faults, races and rate limits."""

    def __init__(self) -> None:
        super().__init__()
        self.xbl = self.make_world()
        users = self.xbl.users("P0", "P1", "P2", "P3")
        self.people: list[Principal] = [
            *users,
            self.xbl.service("S4"),
            self.xbl.service("S5", acting_for=users[:2]),
            self.xbl.service("S6", on_behalf_of=users[2]),
        ]
        self._clients = [self.xbl.client(one) for one in self.people]
        self._checked: dict[SessionKey, Record] = {}
        """The sessions as they were when they were checked last."""
        self._indexed: tuple[object, ...] = ()
        """The tables as they were when the indexes were checked last."""
        self._taps = 0
        """The number of taps that have been checked."""

    def make_world(self) -> XboxLive:
        """Make the world of a run; a subclass may make another."""
        xbl = XboxLive()
        for name, (template, contract) in TEMPLATES.items():
            xbl.templates.add(name, template, contract=contract)
        return xbl

    @initialize(template=templates())
    def any_template(self, template: JsonObject) -> None:
        """One template may be any."""
        self.xbl.templates.add(ANY, template)

    @invariant()
    def everything_holds_together(self) -> None:
        """Documents are readable, both contracts tell the same, changes are numbered, indexes are right."""
        mistakes = self.xbl._strictness.take_mistakes()
        hold(not mistakes, f"the client made a mistake: {', '.join(map(str, mistakes))}")
        state = self.state
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
                is_idle = record.session.initialization is None
                hold(is_idle == ("initializing" not in new), f"/initializing is {new.get('initializing')}")
        self._check_taps()

    def _check_taps(self) -> None:
        if self.xbl._world.has_connections:
            taps = self.xbl.rta.taps
            require_tapped(taps[self._taps :], self.xbl._world.history)
            self._taps = len(taps)

    @property
    def state(self) -> State:
        """All that the world remembers, which is not to be changed."""
        return self.xbl._world.snapshot()

    def path(self, place: Place) -> str:
        """The path of the session at a place: its template, and its name."""
        template, name = place
        return f"/serviceconfigs/{self.xbl.scid}/sessiontemplates/{template}/sessions/{name}"

    def reference(self, place: Place) -> JsonObject:
        """The reference to the session at a place, as bodies have it."""
        template, name = place
        return {"scid": self.xbl.scid, "templateName": template, "name": name}

    def person(self, number: int) -> Any:
        """One of the users."""
        return self.people[number]

    def client_of(self, caller: int) -> CallerClient:
        """The client of one of the people."""
        return self._clients[caller]

    def send(self, caller: int, method: str, path: str, **sent: Any) -> TestResponse:
        """Send a request; a refusal changes nothing but what timers do, and a response has what clients rely on."""
        answer = self.client_of(caller).open(path, method=method, **sent)
        hold(answer.status_code < BUG or answer.status_code == NOT_BUILT, f"{answer.status_code}: {answer.text}")
        require_answer(answer)
        return answer

    def change(self, caller: int, method: str, path: str, *, at: Place, **sent: Any) -> TestResponse:
        """Send a request that changes a session; refused, it changes nothing (PUT-9).

        Args:
            at: the place whose timeouts are let happen first.
        """
        self.settle(at)
        before = self.xbl._world.snapshot()
        answer = self.send(caller, method, path, **sent)
        if answer.status_code not in OK:
            self.require_unchanged(before, answer.text)
        return answer

    def put(self, caller: int, place: Place, body: JsonObject, *, contract: str = "107") -> TestResponse:
        """Send a write twice: refused, it changes nothing; accepted, it changes nothing the second time (PUT-14)."""
        headers = {"X-Xbl-Contract-Version": contract}
        answer = self.change(caller, "PUT", self.path(place), at=place, json=body, headers=headers)
        if answer.status_code in OK and self.is_at_rest(place) and not does_more_again(body):
            after = self.xbl._world.snapshot()
            again = self.send(caller, "PUT", self.path(place), json=body, headers=headers)
            self.require_unchanged(after, f"sent again: {again.text}")
        return answer

    def settle(self, place: Place) -> None:
        """Let all timeouts happen that are due at a place."""
        while not self.is_at_rest(place):
            visit = Visit(self.people[4]._caller, "get-session")
            self.xbl._world.read(SessionRef(self.xbl.scid, *place), visit)

    def is_at_rest(self, place: Place) -> bool:
        """Whether an access now finds the session as it is stored."""
        session = self.xbl._world.record(SessionRef(self.xbl.scid, *place)).session
        return session is None or self.xbl._world.settled(session).session is session

    def require_unchanged(self, before: State, why: str) -> None:
        """Require that the world is as it was.

        Raises:
            AssertionError: if it is not.
        """
        hold(self.state == before, f"the world has changed. {why}")

    def require_alike(self, one: Callable[[], object], other: Callable[[], object]) -> None:
        """Require that two ways lead from here to the same state; the world goes on from the end of the second.

        Raises:
            AssertionError: if they do not.
        """
        before = self.xbl._world.snapshot()
        one()
        expected = self.xbl._world.snapshot()
        self.xbl._world.restore(before)
        other()
        if self.xbl._world.has_connections:
            self._taps = len(self.xbl.rta.taps)
        require_equal(self.state, expected)


def does_more_again(body: JsonObject) -> bool:
    """Whether a write is one of the exceptions that find something else to do the second time (PUT-14).

    These remove members, and seat others in the same body; or report encounters, or measurements.
    """
    members = body.get("members") or {}
    own = ((members.get("me") or {}).get("properties") or {}).get("system") or {}
    replaces = None in members.values() and any(member is not None for member in members.values())
    return replaces or not REPORTED.isdisjoint(own)
