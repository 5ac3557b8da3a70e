"""One server, many worlds: each request reaches the world whose caller it comes from."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from werkzeug.test import Client

from bodies import ACTIVE, ONE, TEMPLATES
from errors import refusal_text
from pytest_xbl import XboxLive
from pytest_xbl.wire.switchboard import Switchboard

if TYPE_CHECKING:
    from pytest_xbl import User


@pytest.fixture
def board() -> Switchboard:
    """A switchboard with nobody on it."""
    return Switchboard()


@pytest.fixture
def worlds(board: Switchboard) -> Iterator[tuple[XboxLive, XboxLive]]:
    """Two worlds, `first` and `second`, connected in this order."""
    first, second = XboxLive(name="first"), XboxLive(name="second")
    with board.connected(first.app), board.connected(second.app):
        yield first, second


def status_of(board: Switchboard, user: User | str) -> int:
    """The status of reading a session, which is 204 in a world that knows the user, or whoever has the token."""
    headers = under_token(user) if isinstance(user, str) else user.headers
    return Client(board).get(ONE, headers=headers).status_code


def under_token(token: str) -> dict[str, str]:
    """The headers of somebody with this token."""
    return {"Authorization": f"XBL3.0 x=a;{token}", "X-Xbl-Contract-Version": "107"}


def in_threads(count: int, action: Callable[[int], None]) -> None:
    """Do something in many threads at once, and wait for them."""
    threads = [threading.Thread(target=action, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_request_reaches_the_world_of_its_caller(board: Switchboard, worlds: tuple[XboxLive, XboxLive]) -> None:
    """Two tests on one server tell themselves apart by their tokens."""
    for world in worlds:
        stacy = world.user("Stacy", gamertag=world.name)
        assert Client(board).put(ONE, json=ACTIVE, headers=stacy.headers).status_code == 201
    tags = [world.sessions["one"].document["members"]["0"]["gamertag"] for world in worlds]
    assert tags == ["first", "second"]


def test_worlds_do_not_see_each_other(board: Switchboard, worlds: tuple[XboxLive, XboxLive]) -> None:
    """Sessions, templates, people and clocks of two worlds at the same time have nothing to do with each other."""
    first, second = worlds
    stacy, ana = first.user("Stacy"), second.user("Ana")
    first.templates.add("mine", {})
    first.clock.advance(hours=1)
    Client(board).put(ONE.replace("lobby", "mine"), json=ACTIVE, headers=stacy.headers)
    assert (len(first.sessions), len(second.sessions)) == (1, 0)
    answer = Client(board).get(TEMPLATES, headers=ana.headers)
    assert answer.get_json() == {"results": ["lobby", "game", "ticket", "large"]}
    assert answer.headers["Date"] == "Thu, 01 Jan 2026 12:00:00 GMT"
    assert "Stacy" not in Client(board).get(ONE, headers={"Authorization": "XBL3.0 x=a;b"}).text


def test_a_caller_whom_no_world_knows_reaches_the_newest(board: Switchboard, worlds: tuple[XboxLive, XboxLive]) -> None:
    """With one test at a time that is the test, and its refusal names its own people (CALL-3)."""
    worlds[0].user("Stacy")
    worlds[1].user("Ana")
    for authorization in ("Bearer b", "", "XBL3.0 x=a;b"):
        answer = Client(board).get(ONE, headers={"Authorization": authorization})
        assert answer.status_code == 401
    assert len(worlds[1].journal) == 3
    assert "those of this test are: Ana." in answer.text


def test_a_token_that_two_worlds_know_reaches_the_newest(board: Switchboard, worlds: tuple[XboxLive, XboxLive]) -> None:
    """A test may choose tokens, and a nested world then comes first."""
    older, newer = (world.user("Stacy", token="secret", userhash=world.name) for world in worlds)
    assert status_of(board, newer) == 204
    assert status_of(board, older) == 401


def test_a_world_is_disconnected_when_its_test_fails(board: Switchboard) -> None:
    """However the test ends."""
    world = XboxLive()
    with pytest.raises(RuntimeError, match="the test failed"), board.connected(world.app):
        raise RuntimeError("the test failed")
    assert status_of(board, world.user("Stacy")) == 503


def test_worlds_may_leave_in_any_order(board: Switchboard) -> None:
    """Fixtures of two threads end when they end."""
    worlds = [XboxLive(name=name) for name in ("a", "b", "c")]
    users = [world.user("Stacy") for world in worlds]
    stacks = [ExitStack() for _ in worlds]
    for world, stack in zip(worlds, stacks, strict=True):
        stack.enter_context(board.connected(world.app))
    stacks[1].close()
    assert [status_of(board, user) for user in users] == [204, 401, 204]
    stacks[2].close()
    assert [status_of(board, user) for user in users] == [204, 401, 401]
    stacks[0].close()
    assert [status_of(board, user) for user in users] == [503, 503, 503]


# Late calls


def play_and_end(board: Switchboard, name: str = "first") -> User:
    """A user of a test that is over by now."""
    world = XboxLive(name=name)
    with board.connected(world.app, f"test_{name}"):
        return world.user("Stacy")


def late_call(board: Switchboard, token: str) -> tuple[int, str]:
    """The response to a request with this token, now that the test is over."""
    answer = Client(board).get(ONE, headers=under_token(token))
    return answer.status_code, answer.text


def over(test: str) -> tuple[int, str]:
    """The response to late calls of a test."""
    return 410, refusal_text(f"The test to which this token belongs is over: {test}.", "Authorization", "SEEN-6")


def test_a_call_of_a_test_that_is_over_is_answered_with_410(board: Switchboard) -> None:
    """By the name of its world, which stands in each token; the test that runs does not see the call (SEEN-6)."""
    first, second = XboxLive(name="first"), XboxLive(name="second")
    stacy = first.user("Stacy")
    with board.connected(first.app, "test_x.py::test_first"):
        assert status_of(board, stacy) == 204
    with board.connected(second.app, "test_x.py::test_second"):
        answer = Client(board).get(ONE, headers=stacy.headers)
        assert late_call(board, "first.nobody") == over("test_x.py::test_first")
        assert [status_of(board, token) for token in ("second.nobody", "strange")] == [401, 401]
    assert (answer.status, answer.text) == ("410 Gone", over("test_x.py::test_first")[1])
    assert (answer.content_type, answer.content_length) == ("text/plain", len(answer.data))
    assert [[entry.status for entry in world.journal] for world in (first, second)] == [[204], [401, 401]]


def test_a_late_call_is_known_by_a_token_that_the_test_had_chosen(board: Switchboard) -> None:
    """A chosen token names no world, so it is remembered itself (SEEN-6)."""
    first, second = XboxLive(name="first"), XboxLive(name="second")
    first.user("Stacy", token="secret")
    with board.connected(first.app, "test_first"):
        assert status_of(board, "secret") == 401  # the userhash is another
    with board.connected(second.app, "test_second"):
        assert late_call(board, "secret") == over("test_first")
        assert status_of(board, second.user("Stacy", token="secret")) == 204


def test_a_late_call_may_come_when_no_test_runs(board: Switchboard) -> None:
    """It is known all the same; a stranger is told that no test runs (SEEN-6)."""
    assert status_of(board, play_and_end(board)) == 410
    assert late_call(board, "strange.x") == (503, "No test that uses the fake is running.\n")
    assert board.take_late_calls() == [("test_first", f"GET {ONE}")]


def test_a_test_that_runs_again_is_not_over(board: Switchboard) -> None:
    """Its world has the same name each time, and whose token nobody knows is a stranger (CALL-3, SEEN-6)."""
    for _ in range(2):
        world = XboxLive(name="again")
        with board.connected(world.app, "test_again"):
            assert status_of(board, world.user("Stacy")) == 204
            assert status_of(board, "again.user-9") == 401
    assert board.take_late_calls() == []


def test_late_calls_are_reported_once(board: Switchboard) -> None:
    """With the test to which each belongs, in the order in which they came (SEEN-6)."""
    first, second = play_and_end(board), play_and_end(board, "second")
    third = XboxLive(name="third")
    with board.connected(third.app, "test_third"):
        assert [status_of(board, second), status_of(board, third.user("Stacy"))] == [410, 204]
        Client(board).put(f"{ONE}/properties", json={}, headers=first.headers)
    assert board.take_late_calls() == [("test_second", f"GET {ONE}"), ("test_first", f"PUT {ONE}/properties")]
    assert board.take_late_calls() == []


def test_a_call_that_has_no_such_token_is_no_late_one(board: Switchboard) -> None:
    """Nothing says to which test it belongs, so it reaches the one that runs (CALL-3, SEEN-6)."""
    play_and_end(board)
    with board.connected(XboxLive(name="second").app, "test_second"):
        for authorization in ("", "Bearer first.x", "XBL3.0 x=a;firstx"):
            assert Client(board).get(ONE, headers={"Authorization": authorization}).status_code == 401
    assert board.take_late_calls() == []


def test_late_calls_of_many_threads_are_all_reported(board: Switchboard) -> None:
    """However many clients outlive their test (SEEN-6)."""
    stacy = play_and_end(board)
    taken: list[tuple[str, str]] = []

    def call(_: int) -> None:
        for _ in range(25):
            status_of(board, stacy)
            taken.extend(board.take_late_calls())

    with board.connected(XboxLive(name="second").app, "test_second"):
        in_threads(4, call)
    assert [*taken, *board.take_late_calls()] == [("test_first", f"GET {ONE}")] * 100


def test_a_call_outside_of_any_test_is_told_so(board: Switchboard) -> None:
    """A client that outlives its test gets 503 in plain text."""
    answer = Client(board).get(ONE)
    assert (answer.status, answer.text) == ("503 Service Unavailable", "No test that uses the fake is running.\n")
    assert dict(answer.headers) == {"Content-Type": "text/plain", "Content-Length": "39", "Retry-After": "1"}


def test_worlds_come_and_go_while_others_are_served(board: Switchboard) -> None:
    """Connecting and answering in many threads at once mixes nothing up."""
    mistakes: list[str] = []

    def live(thread: int) -> None:
        for number in range(20):
            world = XboxLive(name=f"{thread}-{number}")
            stacy = world.user("Stacy", gamertag=world.name)
            with board.connected(world.app):
                answer = Client(board).put(ONE, json=ACTIVE, headers=stacy.headers)
            if f'"gamertag":"{world.name}"' not in answer.text or len(world.sessions) != 1:
                mistakes.append(answer.text)

    in_threads(8, live)
    assert mistakes == []
