"""One server, many worlds: each request reaches the world whose caller it comes from."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from werkzeug.test import Client

from pytest_xbl import XboxLive
from pytest_xbl.wire.switchboard import Switchboard

if TYPE_CHECKING:
    from pytest_xbl.world.people import User

SCID = XboxLive.scid
TEMPLATES = f"/serviceconfigs/{SCID}/sessiontemplates"
ONE = f"{TEMPLATES}/lobby/sessions/one"
ACTIVE = {"members": {"me": {"properties": {"system": {"active": True}}}}}


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


def status_of(board: Switchboard, user: User) -> int:
    """What comes back from asking for a session, which is 204 in a world that knows the user."""
    return Client(board).get(ONE, headers=user.headers).status_code


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


@pytest.mark.parametrize("authorization", ["XBL3.0 x=a;b", "Bearer b", ""])
def test_a_caller_whom_no_world_knows_reaches_the_newest(
    board: Switchboard, worlds: tuple[XboxLive, XboxLive], authorization: str
) -> None:
    """With one test at a time that is the test, and its refusal names its own people (CALL-3)."""
    worlds[0].user("Stacy")
    worlds[1].user("Ana")
    answer = Client(board).get(ONE, headers={"Authorization": authorization})
    assert answer.status_code == 401
    assert "Stacy" not in answer.text
    known = Client(board).get(ONE, headers={"Authorization": "XBL3.0 x=a;b"}).text
    assert "those of this test are: Ana." in known


def test_a_token_that_two_worlds_know_reaches_the_newest(board: Switchboard, worlds: tuple[XboxLive, XboxLive]) -> None:
    """A test may choose tokens, and a nested world then comes first."""
    older, newer = (world.user("Stacy", token="secret", userhash=world.name) for world in worlds)
    assert status_of(board, newer) == 204
    assert status_of(board, older) == 401


def test_a_single_world_gets_everything(board: Switchboard) -> None:
    """Strangers are then refused by the one test there is (CALL-3)."""
    world, other = XboxLive(name="only"), XboxLive(name="other")
    stacy = other.user("Stacy")
    world.user("Ana")
    with board.connected(world.app):
        answer = Client(board).get(ONE, headers=stacy.headers)
    assert (answer.status_code, answer.text) == (
        401,
        (
            "No user or service of this test has this token; those of this test are: Ana.\n"
            "where: Authorization\nrule: CALL-3\n"
        ),
    )


def test_a_world_is_connected_for_a_while(board: Switchboard, worlds: tuple[XboxLive, XboxLive]) -> None:
    """When its test is over, its callers are strangers to the others."""
    third = XboxLive(name="third")
    stacy = third.user("Stacy")
    with board.connected(third.app):
        assert status_of(board, stacy) == 204
    assert status_of(board, stacy) == 401


def test_a_world_is_disconnected_when_its_test_fails(board: Switchboard) -> None:
    """However the test ends."""
    world = XboxLive()
    stacy = world.user("Stacy")
    with pytest.raises(RuntimeError, match="the test failed"), board.connected(world.app):
        raise RuntimeError("the test failed")
    assert status_of(board, stacy) == 503


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


def test_a_call_outside_of_any_test_is_told_so(board: Switchboard) -> None:
    """A client that outlives its test gets 503 in plain text."""
    answer = Client(board).get(ONE)
    assert (answer.status, answer.text, answer.content_type, answer.content_length) == (
        "503 Service Unavailable",
        "No test that uses the fake is running.\n",
        "text/plain",
        39,
    )


def test_worlds_come_and_go_while_others_are_served(board: Switchboard) -> None:
    """Connecting and answering in many threads at once mixes nothing up."""
    mistakes: list[str] = []

    def live(name: str) -> None:
        for number in range(20):
            world = XboxLive(name=f"{name}-{number}")
            stacy = world.user("Stacy", gamertag=world.name)
            with board.connected(world.app):
                answer = Client(board).put(ONE, json=ACTIVE, headers=stacy.headers)
            if f'"gamertag":"{world.name}"' not in answer.text or len(world.sessions) != 1:
                mistakes.append(answer.text)

    threads = [threading.Thread(target=live, args=(name,)) for name in "abcdefgh"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert mistakes == []
