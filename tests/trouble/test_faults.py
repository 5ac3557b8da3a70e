"""Faults in the process: which requests meet them, in which order, and what is told of those that did not happen."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from bodies import ACTIVE, ONE, SCID, as_json, score, session_path
from errors import error_of
from pytest_xbl import ArmedFault, Seed, SessionView, User, XblError, XboxLive
from pytest_xbl.trouble.meeting import WorldTrouble
from tables import cases

MAP = {"properties": {"custom": {"map": "harbour"}}}


@pytest.fixture
def users(xbl: XboxLive) -> tuple[User, ...]:
    """Stacy and Ana, who are in a session `one`."""
    users = xbl.users("Stacy", "Ana")
    xbl.sessions.create("lobby", name="one", members=users)
    return users


@pytest.fixture
def stacy(users: tuple[User, ...]) -> User:
    """The first member of the session."""
    return users[0]


@pytest.fixture
def ana(users: tuple[User, ...]) -> User:
    """The second one."""
    return users[1]


@pytest.fixture
def lobby(xbl: XboxLive, stacy: User) -> SessionView:
    """The session."""
    return xbl.sessions["one"]


def statuses(xbl: XboxLive, *callers: User, path: str = ONE) -> list[int]:
    """The statuses of a PUT of each caller, one after the other."""
    return [xbl.client(caller).put(path, json={}).status_code for caller in callers]


# Which requests meet a fault


def test_a_fault_is_met_by_the_requests_that_it_waits_for(xbl: XboxLive, stacy: User, ana: User) -> None:
    """Of its operation and its caller, as often as it says, and then no more (FAULT-1)."""
    fault = xbl.faults.fail("put-session", 503, times=2, by=ana)
    assert xbl.client(ana).get(ONE).status_code == 200
    assert statuses(xbl, ana, stacy, ana, ana) == [503, 200, 503, 200]
    assert fault.fired == 2


def test_a_fault_lets_requests_pass_before(xbl: XboxLive, stacy: User) -> None:
    """As many as it says, of those that would meet it (FAULT-1)."""
    xbl.faults.fail("put-session", 503, skip=2)
    assert statuses(xbl, *[stacy] * 4) == [200, 200, 503, 200]


def test_a_fault_without_a_number_is_met_by_every_request(xbl: XboxLive, stacy: User) -> None:
    """Until it is disarmed (FAULT-1)."""
    fault = xbl.faults.fail("put-session", 503, times=None)
    assert statuses(xbl, *[stacy] * 3) == [503] * 3
    fault.disarm()
    assert statuses(xbl, stacy) == [200]
    assert (fault.fired, len(xbl.faults)) == (3, 0)


@pytest.mark.parametrize(
    "named", [lambda lobby: lobby, lambda lobby: lobby.ref, lambda _: "one", lambda lobby: (*lobby.ref,)]
)
def test_a_fault_of_one_session(xbl: XboxLive, lobby: SessionView, stacy: User, named: Callable[[Any], Any]) -> None:
    """By whatever way a request names it: its own URI, or a handle (FAULT-1)."""
    handle = xbl.handles.create("activity", lobby, owner=stacy)
    xbl.faults.fail("put-session", 503, session=named(lobby))
    xbl.faults.fail("get-session-by-handle", 502, session=named(lobby))
    assert xbl.client(stacy).put(session_path("two"), json=ACTIVE).status_code == 201
    assert statuses(xbl, stacy, path=ONE.replace("lobby", "LOBBY")) == [503]
    other = xbl.handles.create("invite", xbl.sessions["two"], owner=xbl.service("s"), invited=stacy)
    client = xbl.client(stacy)
    assert client.get(f"/handles/{other.id}/session").status_code == 200
    assert client.get(f"/handles/{handle.id}/session").status_code == 502


def test_a_handle_that_is_nobodys_meets_no_fault_of_a_session(xbl: XboxLive, lobby: SessionView, stacy: User) -> None:
    """It leads to none (FAULT-1)."""
    xbl.faults.fail("get-handle", 503, session=lobby, optional=True)
    assert xbl.client(stacy).get(f"/handles/{SCID}").status_code == 404


def test_faults_are_met_in_the_order_of_their_lines(xbl: XboxLive, stacy: User) -> None:
    """The next one when the first is used up; a skip counts the requests that reach it (FAULT-1)."""
    xbl.faults.fail("put-session", 429, times=2)
    xbl.faults.lose("put-session", 504)
    xbl.faults.fail("put-session", 500, skip=1)
    assert statuses(xbl, *[stacy] * 6) == [429, 429, 504, 200, 500, 200]


def test_a_request_meets_a_delay_a_race_and_an_answer(xbl: XboxLive, stacy: User, lobby: SessionView) -> None:
    """One of each, in this order, whatever the order of the lines (FAULT-1)."""
    before = xbl.clock.now
    times: list[object] = []
    xbl.faults.fail("put-session", 500)
    xbl.faults.race("put-session", lambda: times.append(xbl.clock.now))
    xbl.faults.delay("put-session", 7)
    xbl.faults.delay("put-session", 5)
    assert statuses(xbl, stacy, stacy) == [500, 200]
    assert [(time - before).seconds for time in (times[0], xbl.clock.now)] == [7, 12]  # type: ignore[operator]
    assert len(lobby.history) == 1


@cases(
    "ask status",
    {
        "path": (lambda client: client.get("/x"), 404),
        "verb": (lambda client: client.patch(ONE), 405),
        "caller": (lambda client: client.put(ONE, headers={"Authorization": "x"}), 401),
    },
)
def test_a_request_that_nobody_recognizes_meets_no_fault(
    xbl: XboxLive, stacy: User, ask: Callable[[Any], Any], status: int
) -> None:
    """It is refused for its path, its verb or its caller (FAULT-1)."""
    with xbl.faults.down(optional=True) as down:
        assert ask(xbl.client(stacy)).status_code == status
    assert down.fired == 0


def test_neighbours_have_faults_as_well(xbl: XboxLive, stacy: User) -> None:
    """They count toward no limit (FAULT-1, NEAR-1)."""
    xbl.limits.set("sessiondirectory", burst=1)
    fault = xbl.faults.fail("authenticate-user", 503)
    answers = [xbl.client().post("/user/authenticate", json={}).status_code for _ in range(2)]
    assert (answers, fault.fired) == ([503, 400], 1)


def test_a_request_beyond_a_limit_meets_no_fault(xbl: XboxLive, stacy: User) -> None:
    """And one that meets a fault counts (FAULT-1, RATE-1)."""
    xbl.limits.set("sessiondirectory", burst=1)
    fault = xbl.faults.fail("put-session", 503, times=2, optional=True)
    assert statuses(xbl, stacy, stacy) == [503, 429]
    assert fault.fired == 1


def test_under_threads_as_many_requests_meet_it_as_it_says(xbl: XboxLive, stacy: User) -> None:
    """Each use of a fault is one request's (FAULT-1)."""
    fault = xbl.faults.fail("put-session", 503, times=25, skip=5)
    with ThreadPoolExecutor(8) as threads:
        answers = [status for [status] in threads.map(lambda _: statuses(xbl, stacy), range(60))]
    assert (answers.count(503), answers.count(200), fault.fired) == (25, 35, 25)


# What a fault does


@cases(
    "status retry_after body content_type",
    {
        "throttled": (
            429,
            7,
            '{"version": 1, "currentRequests": 31, "maxRequests": 30, "periodInSeconds": 15, "limitType": "rate"}',
            "application/json",
        ),
        "overloaded": (503, 0, "", "text/plain; charset=utf-8"),
        "broken": (500, None, "xbl.faults answers 500 in place of the service.\n", "text/plain; charset=utf-8"),
    },
)
def test_a_request_that_fails_is_not_handled(
    xbl: XboxLive, stacy: User, lobby: SessionView, status: int, retry_after: int | None, body: str, content_type: str
) -> None:
    """Its answer is that of the fault, and the journal says so (FAULT-2, CODE-503)."""
    xbl.faults.fail("put-session", status, retry_after=retry_after)
    response = xbl.client(stacy).put(ONE, json=MAP)
    assert (response.status_code, response.text, response.content_type) == (status, body, content_type)
    assert response.headers.get("Retry-After") == (None if retry_after is None else str(retry_after))
    assert "X-Xbl-Refusal" not in response.headers
    assert len(lobby.history) == 1
    [entry] = xbl.journal
    assert (entry.status, entry.caller, entry.operation, entry.body) == (status, "Stacy", "put-session", MAP)
    assert entry.answered == body
    assert entry.fault.startswith(f"fail with {status}, armed at test_faults.py:")
    assert str(entry) == f"#1 Stacy: put-session lobby/one -> {status} (fault: {entry.fault})"


def test_a_lost_answer_was_kept(xbl: XboxLive, stacy: User, lobby: SessionView) -> None:
    """What the request changed stays, and the journal has the true answer (FAULT-3)."""
    xbl.faults.lose("put-session")
    with pytest.raises(ConnectionResetError, match="closed without an answer"):
        xbl.client(stacy).put(ONE, json=MAP)
    assert lobby.document["properties"]["custom"] == {"map": "harbour"}
    [entry] = xbl.journal
    assert entry.status == 200
    assert json.loads(entry.answered) == lobby.document
    assert entry.fault.startswith("lose the answer (close), armed at test_faults.py:")


def test_a_lost_refusal_changes_nothing(xbl: XboxLive, stacy: User, lobby: SessionView) -> None:
    """The answer that gets lost is whatever the service would have said (FAULT-3)."""
    xbl.faults.lose("put-session", 504)
    response = xbl.client(stacy).put(ONE, json=MAP, headers={"If-Match": '"x"'})
    assert (response.status_code, response.text) == (504, "")
    assert xbl.journal[0].status == 412
    assert len(lobby.history) == 1


def test_a_head_request_loses_its_answer_too(xbl: XboxLive, stacy: User) -> None:
    """405 has no body for it, and it does not matter (FAULT-3)."""
    xbl.faults.lose("get-session", 502)
    assert xbl.client(stacy).get(ONE).status_code == 502


@cases(
    "arm error",
    {
        "lost": (lambda xbl: xbl.faults.lose("put-session"), httpx.RemoteProtocolError),
        "down": (lambda xbl: xbl.faults.down(times=1), httpx.ConnectError),
    },
)
def test_the_transport_raises_what_httpx_does(
    xbl: XboxLive, stacy: User, arm: Callable[[XboxLive], ArmedFault], error: type[httpx.TransportError]
) -> None:
    """An answer that is lost, or nobody who answers (FAULT-3, FAULT-4)."""
    fault = arm(xbl)
    with httpx.Client(transport=xbl.transport, base_url="http://fake") as client, pytest.raises(error) as raised:
        client.put(ONE, headers=stacy.headers, json={})
    assert raised.value.request.url.path == ONE
    assert fault.fired == 1


def test_a_service_that_is_down_takes_no_request(xbl: XboxLive, stacy: User, lobby: SessionView) -> None:
    """Of any operation, until the end of the block; none of them is in the journal (FAULT-4)."""
    with xbl.faults.down() as down:
        for ask in (xbl.client(stacy).get, xbl.client(stacy).put):
            with pytest.raises(ConnectionRefusedError, match="Nobody answers"):
                ask(ONE)
    assert (down.fired, len(xbl.journal), len(lobby.history)) == (2, 0, 1)
    assert statuses(xbl, stacy) == [200]


def test_a_delay_moves_the_worlds_clock(xbl: XboxLive, stacy: User, ana: User, lobby: SessionView) -> None:
    """Before the request is handled, so that a reservation may be over by then (FAULT-4)."""
    xbl.sessions.create("lobby", name="two", members={stacy: "active", ana: "reserved"})
    before = xbl.clock.now
    xbl.faults.delay("put-session", 30.5)
    response = xbl.client(stacy).put(session_path("two"), json={})
    assert (xbl.clock.now - before).total_seconds() == 30.5
    assert as_json(response)["membersInfo"]["count"] == 1
    assert "wait 30.5 s, armed at" in xbl.journal[0].fault


def test_a_real_delay_takes_its_time(xbl: XboxLive, stacy: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the clock of the world stands still (FAULT-4)."""
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    before = xbl.clock.now
    xbl.faults.delay("put-session", 0.25, real=True)
    assert statuses(xbl, stacy) == [200]
    assert (slept, xbl.clock.now) == ([0.25], before)


def test_a_delay_ends_before_the_calendar(xbl: XboxLive, stacy: User) -> None:
    """The call that meets it says so (FAULT-4, TIME-1)."""
    xbl.clock.move_to("9999-12-31T23:59:59Z")
    xbl.faults.delay("put-session", 1)
    with pytest.raises(XblError, match=r"ends with the year 9999, before xbl.faults.delay ends: wait 1 s"):
        xbl.client(stacy).put(ONE, json={})


# Races


def test_a_rival_acts_just_before(xbl: XboxLive, stacy: User, ana: User, lobby: SessionView) -> None:
    """So a write of what was read before is 412, and the next one is not (FAULT-5)."""
    client = xbl.client(ana)
    with xbl.faults.race("put-session", lambda: xbl.client(stacy).put(ONE, json=MAP), by=ana) as race:
        first = client.put(ONE, json=score(1), headers={"If-Match": lobby.etag})
        second = client.put(ONE, json=score(1), headers={"If-Match": lobby.etag})
    assert (first.status_code, second.status_code, race.fired) == (412, 200, 1)
    assert [(entry.caller, entry.status) for entry in xbl.journal] == [("Stacy", 200), ("Ana", 412), ("Ana", 200)]
    assert "be overtaken by a rival, armed at" in xbl.journal[1].fault


@pytest.mark.parametrize("rival", [lambda stacy: stacy, lambda stacy: stacy.name])
def test_a_rival_who_writes(
    xbl: XboxLive, stacy: User, ana: User, lobby: SessionView, rival: Callable[[User], User | str]
) -> None:
    """The same session that the request names, as the user that the test says (FAULT-5)."""
    xbl.faults.race("put-session", write=MAP, by_rival=rival(stacy), by=ana)
    assert xbl.client(ana).put(ONE, json={}, headers={"If-Match": lobby.etag}).status_code == 412
    assert lobby.document["properties"]["custom"] == {"map": "harbour"}
    assert xbl.journal[0].caller == "Stacy"


def test_a_rival_meets_no_race_of_its_own(xbl: XboxLive, stacy: User) -> None:
    """Neither the one that it is the rival of, though that waits for every request, nor a second time (FAULT-5)."""
    race = xbl.faults.race("put-session", write=MAP, by_rival=stacy, times=None)
    assert statuses(xbl, stacy, stacy) == [200, 200]
    assert (race.fired, len(xbl.journal)) == (2, 4)


@cases(
    "rival told",
    {
        "refused": (
            {"write": {"x": 1}, "by_rival": "Ana"},
            "The rival's write was refused: #1 Ana: put-session lobby/one -> 400 CALL-6 at /x: ",
        ),
        "raises": ({"rival": lambda: 1 / 0}, "division by zero"),
    },
)
def test_a_rival_who_fails_fails_the_test(xbl: XboxLive, stacy: User, rival: dict[str, Any], told: str) -> None:
    """The request gets 500, and the test the exception (FAULT-5)."""
    xbl.faults.race("put-session", **rival, by=stacy)
    response = xbl.client(stacy).put(ONE, json={})
    assert (response.status_code, response.text[:38]) == (
        500,
        "The rival of xbl.faults.race failed: " + response.text[37],
    )
    [crash], xbl.app.crashes = xbl.app.crashes, []
    assert str(crash).startswith(told)


def test_a_rival_without_a_session_has_nothing_to_write(xbl: XboxLive, stacy: User) -> None:
    """A handle that is unknown leads to none (FAULT-5)."""
    xbl.faults.race("get-session-by-handle", write=MAP, by_rival=stacy)
    assert xbl.client(stacy).get(f"/handles/{SCID}/session").status_code == 500
    [crash], xbl.app.crashes = xbl.app.crashes, []
    assert str(crash) == "The rival has nothing to write: the request names no session.\nrule: FAULT-5"


@pytest.mark.parametrize("stop", [KeyboardInterrupt])
def test_a_run_can_be_stopped_while_a_rival_acts(xbl: XboxLive, stacy: User, stop: type[BaseException]) -> None:
    """Nobody keeps that for later (FAULT-5)."""

    def rival() -> None:
        raise stop

    xbl.faults.race("put-session", rival)
    with pytest.raises(stop):
        xbl.client(stacy).put(ONE, json={})


def test_a_rival_who_is_asynchronous_after_all_fails_the_test(xbl: XboxLive, stacy: User) -> None:
    """It would never act (FAULT-5)."""
    xbl.faults.race("put-session", lambda: asynchronous())  # noqa: PLW0108 -- the function itself is refused
    assert statuses(xbl, stacy) == [500]
    [crash], xbl.app.crashes = xbl.app.crashes, []
    assert str(crash) == wrong(ASYNCHRONOUS.format("what this one returns"), "rival", "FAULT-5")


def test_a_rival_may_return_what_it_likes_but_a_promise(xbl: XboxLive, stacy: User) -> None:
    """An object that can be awaited, and is no coroutine, is refused as well (FAULT-5)."""

    class Promise:
        def __await__(self) -> Iterator[None]:
            yield

    xbl.faults.race("put-session", Promise)
    xbl.faults.race("put-session", dict)
    assert statuses(xbl, stacy, stacy) == [500, 200]
    [_], xbl.app.crashes = xbl.app.crashes, []


def test_the_write_of_a_rival_meets_no_fault(xbl: XboxLive, stacy: User, ana: User, lobby: SessionView) -> None:
    """Neither the next race nor a failure gets in its way: they are the requests' of the client (FAULT-5)."""
    xbl.faults.race("put-session", write=score(1), by_rival=stacy)
    xbl.faults.race("put-session", write=score(2), by_rival=stacy)
    xbl.faults.fail("put-session", 503, times=2, skip=2)
    client = xbl.client(ana)
    got = [client.put(ONE, json=MAP, headers={"If-Match": lobby.etag}).status_code for _ in range(5)]
    assert got == [412, 412, 503, 503, 200]


# Faults that did not happen

NOT_MET = """\
A fault did not happen: put-session by Ana of lobby/one: fail with 503, 1 of 2 times (armed at test_faults.py:{line})
came instead:
#1 Ana: put-session lobby/one -> 503 (fault: fail with 503, armed at test_faults.py:{line})
#2 Stacy: put-session lobby/one -> 200
optional=True lets it fail to happen, and disarm() takes it back."""


def test_a_block_whose_fault_did_not_happen_fails(xbl: XboxLive, stacy: User, ana: User, lobby: SessionView) -> None:
    """With where it was armed and what came instead; afterwards nothing is armed (FAULT-6)."""
    with pytest.raises(AssertionError) as failure, xbl.faults.fail("put-session", 503, times=2, by=ana, session=lobby):
        statuses(xbl, ana, stacy)
    line = failure.traceback[0].lineno + 1
    assert str(failure.value) == NOT_MET.format(line=line)
    assert statuses(xbl, ana) == [200]


def test_what_came_is_cut_after_some_requests(xbl: XboxLive, stacy: User) -> None:
    """A reader wants to see the first of them (FAULT-6)."""
    fault = xbl.faults.delay("get-session", 3, times=None)
    statuses(xbl, *[stacy] * 8)
    told = trouble(xbl).take_owed().splitlines()
    assert told[0].startswith("A fault did not happen: get-session: wait 3 s, 0 times (armed at test_faults.py:")
    assert told[2].startswith("#1 Stacy")
    assert told[-2] == "... and 2 more requests"
    assert (trouble(xbl).take_owed(), fault.fired) == ("", 0)


def test_several_faults_that_did_not_happen(xbl: XboxLive, stacy: User) -> None:
    """Each has a line; one that is optional, disarmed or met has none (FAULT-6)."""
    xbl.faults.cut("get-session", after=3)
    xbl.faults.lose("put-session", "reset", skip=1)
    xbl.faults.down(optional=True, skip=1)
    xbl.faults.fail("get-me", 503).disarm()
    met = xbl.faults.fail("put-session", 503)
    assert trouble(xbl).owes
    statuses(xbl, stacy)
    assert met.fired == 1
    told = trouble(xbl).take_owed()
    assert [line.partition(" (armed")[0] for line in told.splitlines()[:3]] == [
        "2 faults did not happen: get-session: cut the answer after 3 bytes, 0 of 1 times",
        "put-session: lose the answer (reset), 0 of 1 times",
        "came instead:",
    ]
    assert not trouble(xbl).owes


def test_a_block_that_fails_by_itself_fails_so(xbl: XboxLive) -> None:
    """Its own failure is not hidden, and the fault is gone (FAULT-6)."""
    with pytest.raises(ZeroDivisionError), xbl.faults.fail("put-session", 503):
        raise ZeroDivisionError
    assert len(xbl.faults) == 0


def test_a_block_may_disarm_its_fault(xbl: XboxLive) -> None:
    """Nothing is expected of it then (FAULT-6)."""
    with xbl.faults.fail("put-session", 503) as fault:
        fault.disarm()


def test_a_fault_that_is_disarmed_has_no_block(xbl: XboxLive, stacy: User) -> None:
    """It could not happen there, and nothing would tell (FAULT-6)."""
    fault = xbl.faults.fail("put-session", 503)
    with fault:
        statuses(xbl, stacy)
    with pytest.raises(XblError, match="This fault is disarmed, and cannot happen in a with-block: put-session"), fault:
        pass


def trouble(xbl: XboxLive) -> WorldTrouble:
    """The trouble of a world that has some."""
    assert isinstance(xbl.app.trouble, WorldTrouble)
    return xbl.app.trouble


# Arming


def test_faults_can_be_listed(xbl: XboxLive, ana: User) -> None:
    """With how often each has happened (FAULT-1)."""
    assert (str(xbl.faults), repr(xbl.faults)) == ("No fault is armed.", "<faults 0>")
    fault = xbl.faults.fail("put-session", 503, by=ana, optional=True)
    xbl.faults.down(optional=True, by="Ana")
    assert repr(fault).startswith("<fault put-session by Ana: fail with 503, 0 of 1 times (armed at test_faults.py:")
    assert [line.partition(" (")[0] for line in str(xbl.faults).splitlines()] == [
        "put-session by Ana: fail with 503, 0 of 1 times",
        "any operation by Ana: be down, 0 times",
    ]
    assert repr(xbl.faults) == "<faults 2>"


def wrong(what: str, where: str, rule: str) -> str:
    """The text of an error."""
    return f"{what}\nwhere: {where}\nrule: {rule}"


def _elsewhere() -> SessionView:
    """A session of another world."""
    world = XboxLive()
    return world.sessions.create("lobby", name="one", members=[world.user("Ana")])


async def asynchronous() -> None:
    """What no race can wait for."""


ASYNCHRONOUS = "The rival of a race is an ordinary function, which acts at once; {} is asynchronous."
OPPONENT = as_json
"""A function that needs an argument."""
BOTH = "A race has a rival, a function; or write= and by_rival=, what somebody writes; got {}."
TOGETHER = "write= and by_rival= go together: who writes what."
HOW = 'Expected "close", "reset", "hang" or the status of an error; got "clos". Did you mean "close"?'
STATUS = "Expected an HTTP status of an error, such as 503; got {}."


@cases(
    "action text",
    {
        "operation": (
            lambda f: f.fail("putsession", 503),
            wrong('There is no operation "putsession"; did you mean "put-session"?', "operation", "FAULT-1"),
        ),
        "no operation": (lambda f: f.fail(3, 503), wrong("Expected a string; got 3.", "operation", "FAULT-2")),
        "nothing": (lambda f: f.fail(None, 503), wrong("Expected a string; got null.", "operation", "FAULT-2")),
        "status": (lambda f: f.fail("get-me", 200), wrong(STATUS.format(200), "status", "FAULT-2")),
        "unknown status": (lambda f: f.fail("get-me", 599), wrong(STATUS.format(599), "status", "FAULT-2")),
        "times": (
            lambda f: f.fail("get-me", 503, times=0),
            wrong("Expected an integer of 1 or more, or null; got 0.", "times", "FAULT-1"),
        ),
        "skip": (
            lambda f: f.fail("get-me", 503, skip=-1),
            wrong("Expected an integer of 0 or more; got -1.", "skip", "FAULT-1"),
        ),
        "retry_after": (
            lambda f: f.fail("get-me", 503, retry_after=-1),
            wrong("Expected an integer of 0 or more; got -1.", "retry_after", "FAULT-2"),
        ),
        "optional": (
            lambda f: f.fail("get-me", 503, optional=1),
            wrong("Expected true or false; got 1.", "optional", "FAULT-6"),
        ),
        "by": (
            lambda f: f.fail("get-me", 503, by="Anna"),
            wrong('There is no user or service "Anna"; did you mean "Ana"?', "by", "FAULT-1"),
        ),
        "another world": (
            lambda f: f.fail("get-me", 503, by=XboxLive().user("Ana")),
            wrong("Ana belongs to another world, not to this one.", "by", "SEED-2"),
        ),
        "session": (
            lambda f: f.fail("get-me", 503, session="once"),
            wrong('There is no session "once"; did you mean "one"?', "session", "FAULT-1"),
        ),
        "session of another world": (
            lambda f: f.fail("get-me", 503, session=_elsewhere()),
            wrong(f"The session {SCID}~lobby~one belongs to another world, not to this one.", "session", "SEED-2"),
        ),
        "no session": (
            lambda f: f.fail("get-me", 503, session=7),
            wrong("Expected a session, or its reference (scid, template, name); got 7.", "session", "SEED-2"),
        ),
        "how": (lambda f: f.lose("get-me", "clos"), wrong(HOW, "how", "FAULT-3")),
        "lost connection": (
            lambda f: f.lose("connect"),
            wrong(
                "The answer to connect is no longer HTTP, so it cannot be lost or cut; it can fail, or be down.",
                "operation",
                "FAULT-3",
            ),
        ),
        "after": (
            lambda f: f.cut("get-me", after=-1),
            wrong("Expected an integer of 0 or more; got -1.", "after", "FAULT-3"),
        ),
        "seconds": (
            lambda f: f.delay("get-me", -1),
            wrong("Expected a number of seconds, at most a day; got -1.", "seconds", "FAULT-4"),
        ),
        "neither": (lambda f: f.race("put-session"), wrong(BOTH.format("neither"), "rival", "FAULT-5")),
        "both": (lambda f: f.race("put-session", print, write={}), wrong(BOTH.format("both"), "rival", "FAULT-5")),
        "who": (lambda f: f.race("put-session", write={}), wrong(TOGETHER, "by_rival", "FAULT-5")),
        "what": (lambda f: f.race("put-session", print, by_rival="Ana"), wrong(TOGETHER, "by_rival", "FAULT-5")),
        "no function": (
            lambda f: f.race("put-session", 7),
            wrong("Expected a function without arguments; got 7.", "rival", "FAULT-5"),
        ),
        "asynchronous": (
            lambda f: f.race("put-session", asynchronous),
            wrong(ASYNCHRONOUS.format("this one"), "rival", "FAULT-5"),
        ),
        "arguments": (
            lambda f: f.race("put-session", OPPONENT),
            wrong(f"The rival of a race is called without arguments, and {OPPONENT!r} needs some.", "rival", "FAULT-5"),
        ),
        "no rival": (
            lambda f: f.race("put-session", write={}, by_rival="Cy"),
            wrong('There is no user or service "Cy"; there are Stacy, Ana.', "by_rival", "FAULT-1"),
        ),
        "no JSON": (
            lambda f: f.race("put-session", write={"x": {1}}, by_rival="Ana"),
            wrong("Expected JSON; got {1}.", "write/x", "SEED-1"),
        ),
    },
)
def test_a_fault_that_cannot_be_is_refused(
    xbl: XboxLive, users: tuple[User, ...], action: Callable[[Any], object], text: str
) -> None:
    """At the line that arms it, with the nearest thing that can be; then nothing is armed (FAULT-1)."""
    assert error_of(lambda: action(xbl.faults)) == text
    assert len(xbl.faults) == 0


@pytest.mark.parametrize(
    "arm",
    [
        lambda faults: faults.fail("query-sessions", 503, session="one"),
        lambda faults: faults.race("post-handle", write={}, by_rival="Ana"),
    ],
)
def test_an_operation_of_no_session_is_not_of_one(
    xbl: XboxLive, users: tuple[User, ...], arm: Callable[[Any], object]
) -> None:
    """It cannot have a fault of one; the error lists the operations whose path names a session (FAULT-1)."""
    text = error_of(lambda: arm(xbl.faults))
    assert "names no session; those that do: put-session, get-session, put-properties, " in text


def test_two_sessions_of_one_name_need_a_reference(xbl: XboxLive, lobby: SessionView) -> None:
    """As everywhere else (FAULT-1)."""
    xbl.sessions.create("game", name="one", members=xbl.users("Bo"))
    text = error_of(lambda: xbl.faults.fail("get-session", 503, session="one"))
    assert text.startswith('There is more than one session "one"')


@pytest.mark.parametrize(
    "arm",
    [
        lambda faults: faults.lose("put-session", "reset"),
        lambda faults: faults.lose("put-session", "hang"),
        lambda faults: faults.cut("put-session", after=1),
    ],
)
def test_a_fault_that_needs_a_socket_is_an_error_without_one(
    xbl: XboxLive, stacy: User, lobby: SessionView, arm: Callable[[Any], ArmedFault]
) -> None:
    """Raised by the call that meets it, which is not handled; no fault is used up (FAULT-3)."""
    fault = arm(xbl.faults)
    others = xbl.faults.delay("put-session", 5), xbl.faults.race("put-session", lambda: None)
    with pytest.raises(XblError, match="The fault needs a socket, and the request came in the process: put-session: "):
        xbl.client(stacy).put(ONE, json=MAP)
    assert (fault.fired, len(lobby.history)) == (0, 1)
    fault.disarm()
    assert statuses(xbl, stacy) == [200]
    assert [other.fired for other in others] == [1, 1]


# Seeds


@pytest.mark.xbl(
    scenario="lobby",
    faults=[
        {"fail": "put-session", "status": 503, "by": "newcomer", "retryAfter": 1},
        {"lose": "put-session", "session": "lobby"},
        {"race": "get-session", "write": MAP, "byRival": "host", "times": None},
        {"delay": "get-me", "seconds": 5},
        {"down": True, "by": "player2", "times": 1},
    ],
)
def test_a_marker_arms_faults(xbl: XboxLive, xbl_scenario: Any) -> None:
    """In the words of the calls, with the labels of the seed; the place is where they were armed (FAULT-7)."""
    path, newcomer = xbl_scenario.lobby.ref.path, xbl.client(xbl_scenario.newcomer)
    assert newcomer.put(path, json=ACTIVE).headers["Retry-After"] == "1"
    with pytest.raises(ConnectionResetError):
        newcomer.put(path, json=ACTIVE)
    assert as_json(newcomer.get(path))["properties"]["custom"] == {"map": "harbour"}
    newcomer.get(f"{path}/members/me")
    with pytest.raises(ConnectionRefusedError):
        xbl.client(xbl_scenario.player2).get(path)
    assert xbl.journal[0].fault == "fail with 503, armed at /faults/0 in the seed"
    assert "faults" not in xbl.dump()


def test_a_seed_that_comes_later_arms_its_faults(xbl: XboxLive, stacy: User) -> None:
    """And none of them, nor anything else of it, if one cannot be (FAULT-7, SEED-9)."""
    fine = {"fail": "get-session", "status": 503, "by": "Bo", "optional": True}
    document = {"users": ["Bo"], "faults": [fine, {"fail": "get-sesion", "status": 503}]}
    assert error_of(lambda: xbl.seed(document)) == (
        wrong(
            'There is no operation "get-sesion"; did you mean "get-session"?', "/faults/1/fail in the seed", "FAULT-1"
        )
    )
    assert ("Bo" in xbl._world._state.names, len(xbl.faults)) == (False, 0)
    xbl.seed({"users": ["Bo"], "faults": [fine]})
    assert len(xbl.faults) == 1


ONE_OF = "A fault has one of fail, lose, twice, cut, delay, down, race; this one has {}."
HWO = 'The field "hwo" is not known here; did you mean "how"?'


@cases(
    "fault what place rule",
    {
        "no kind": ({"status": 503}, ONE_OF.format('none of them: {"status": 503}'), "", "FAULT-7"),
        "two kinds": ({"fail": "get-me", "lose": "get-me"}, ONE_OF.format("fail and lose"), "", "FAULT-7"),
        "field": ({"lose": "get-me", "hwo": "close"}, HWO, "/hwo", "FAULT-7"),
        "needed": ({"fail": "get-me"}, "The field status is required here.", "", "FAULT-2"),
        "value": ({"cut": "get-me", "after": None}, "Expected an integer of 0 or more; got null.", "/after", "FAULT-3"),
        "down": ({"down": False}, "Expected true; got false.", "/down", "FAULT-4"),
    },
)
def test_a_fault_of_a_seed_has_its_form(fault: dict[str, Any], what: str, place: str, rule: str) -> None:
    """With the place of what is wrong (FAULT-7)."""
    assert error_of(lambda: XboxLive(seed={"faults": [fault]})) == wrong(what, f"/faults/0{place} in the seed", rule)


def test_a_builder_has_faults_and_limits() -> None:
    """The faults of a later seed take the place of all earlier ones, as any list does (FAULT-7, RATE-3)."""
    down = {"down": True, "optional": True}
    seed = Seed().faults(down).faults(down, down).limits("documented")
    world = XboxLive(seed=seed)
    assert len(world.faults) == 2
    assert "sessiondirectory 30/300" in repr(world.limits)


def test_nothing_waits_when_a_world_ends(xbl: XboxLive, stacy: User) -> None:
    """Faults may hold on to the world by their rivals, so they go with it (FAULT-6)."""
    xbl.faults.race("put-session", lambda: None, optional=True)
    trouble(xbl).end()
    trouble(xbl).forget()
    assert len(xbl.faults) == 0
