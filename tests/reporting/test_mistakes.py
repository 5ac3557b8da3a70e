"""The text of a failure by mistakes of the client, and where in the test they were made."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from bodies import ONE
from people import person
from pytest_xbl import XboxLive
from pytest_xbl.reporting.mistakes import complaint
from pytest_xbl.wire.mistakes import MOST_MISTAKES, MOST_STACKS
from pytest_xbl.xbl.watched import witness


@pytest.fixture
def world() -> XboxLive:
    """A strict world with Stacy in it; its own test is not to fail for what is done there."""
    world = XboxLive()
    world.user("Stacy")
    return world


def test_one_mistake_is_complained_about(world: XboxLive) -> None:
    """With the request, and how to let it pass (SEEN-5)."""
    world.client().get("/x")
    assert complaint(world._strictness.take_mistakes(), {}) == (
        "The client made a mistake: 404 CALL-7 at the URI: The fake has no operation GET /x on host localhost.\n"
        "#1 nobody: GET /x -> 404\n"
        "Expect it by `with xbl.expect_refusal('CALL-7')`, or let it pass: "
        "@pytest.mark.xbl(loose=['unknown-route'])."
    )


def test_several_mistakes_are_complained_about_together(world: XboxLive) -> None:
    """Those that are alike in one line, with the place of the first (SEEN-5).

    Each rule and kind is named once, in a form that can be copied.
    """
    client = world.client(person(world, "Stacy"))
    for _ in range(2):
        client.get("/x")
    client.put(ONE, json={"members": 1})
    client.delete("/y")
    blocks = "xbl.expect_refusal('CALL-7'), xbl.expect_refusal('CALL-6')"
    places = {1: "test_it.py:7", 3: "test_it.py:8"}
    assert complaint(world._strictness.take_mistakes(), places).splitlines() == [
        "The client made 4 mistakes: 404 CALL-7 at the URI: The fake has no operation GET /x on host localhost.",
        "#1 Stacy: GET /x -> 404 (test_it.py:7, and 1 more like it, up to #2)",
        f"{world.journal[2]} (test_it.py:8)",
        str(world.journal[3]),
        f"Expect it by `with {blocks}`, or let it pass: @pytest.mark.xbl(loose=['unknown-route', 'bad-body']).",
    ]


def test_mistakes_of_many_kinds_are_counted(world: XboxLive) -> None:
    """Eleven are listed (SEEN-5)."""
    for number in range(13):
        world.client().get(f"/{number}")
    lines = complaint(world._strictness.take_mistakes(), {}).splitlines()
    assert (lines[1], lines[11]) == ("#1 nobody: GET /0 -> 404", str(world.journal[10]))
    assert lines[12:-1] == ["... 2 more kinds; the section xbl shows the requests, and -vv all"]


def test_of_very_many_mistakes_of_a_kind_the_first_are_kept(world: XboxLive) -> None:
    """Those of another kind are kept besides; the count says that there may be more (SEEN-5)."""
    client = world.client(person(world, "Stacy"))
    for _ in range(MOST_MISTAKES + 1):
        client.get("/x")
    client.put(ONE, json={"members": 1})
    kept = world._strictness.take_mistakes()
    assert [entry.number for entry in kept] == [*range(1, MOST_MISTAKES + 1), MOST_MISTAKES + 2]
    assert complaint(kept, {}).startswith("The client made 101 mistakes or more: 404 CALL-7")
    client.get("/x")
    assert [entry.number for entry in world._strictness.take_mistakes()] == [MOST_MISTAKES + 3]


def test_many_mistakes_of_few_of_each_kind_are_all_there_are(world: XboxLive) -> None:
    """Then their number is exact (SEEN-5)."""
    client = world.client(person(world, "Stacy"))
    for _ in range(MOST_MISTAKES - 1):
        client.get("/x")
        client.put(ONE, json={"members": 1})
    count = 2 * (MOST_MISTAKES - 1)
    assert complaint(world._strictness.take_mistakes(), {}).startswith(f"The client made {count} mistakes: 404 ")


def test_mistakes_that_were_excused_make_room_for_others(world: XboxLive) -> None:
    """However many a replay has had (SEEN-5, REPL-1)."""
    client = world.client(person(world, "Stacy"))
    for _ in range(MOST_MISTAKES + 1):
        client.get("/x")
        world._strictness.excuse(world.app.journal[-1])
        world._strictness.excuse(world.app.journal[-1])
    client.get("/y")
    assert [entry.path for entry in world._strictness.take_mistakes()] == ["/y"]


def numbers_of_stacks(world: XboxLive) -> list[int]:
    """The requests whose stacks are kept."""
    return list(world.app.journal.mistakes.stacks)


def test_only_mistakes_that_may_fail_a_test_keep_what_was_in_hand(world: XboxLive) -> None:
    """And only the first ones of many, since each keeps all frames of the project alive that led to it (SEEN-5)."""
    world.app.witness = witness(world._strictness, f"{Path(__file__).parent}{os.sep}")
    client = world.client(person(world, "Stacy"))
    client.get(ONE)
    client.get(ONE, headers={"X-Xbl-Contract-Version": "x"})
    with world.expect_refusal("CALL-7"):
        client.get("/expected")
    assert numbers_of_stacks(world) == []
    for _ in range(MOST_STACKS + 1):
        client.get("/x")
    assert numbers_of_stacks(world) == [*range(4, MOST_STACKS + 4)]
    world.app.journal.mistakes.stacks.clear()
    world._strictness.loosen(["unknown-route"])
    client.get("/x")
    assert numbers_of_stacks(world) == []


def test_a_stack_has_the_frames_of_the_project(world: XboxLive) -> None:
    """None of an installed package, nor of the fake; without any, it is not known (SEEN-5)."""
    world.app.witness = witness(world._strictness, f"{Path(__file__).parent}{os.sep}")
    world.client().get("/x")
    stack = world.app.journal.mistakes.stacks[1]
    here = sys._getframe()
    assert (stack.tb_frame, stack.tb_next, stack.tb_lineno) == (here, None, here.f_lineno - 3)
    world.app.witness = witness(world._strictness, f"{Path(__file__).parent}{os.sep}elsewhere{os.sep}")
    world.client().get("/x")
    assert numbers_of_stacks(world) == [1]


def test_a_world_that_was_made_by_hand_keeps_none(world: XboxLive) -> None:
    """Nobody reads them, and it is to go as soon as nobody holds it (SEEN-5)."""
    world.client().get("/x")
    assert numbers_of_stacks(world) == []
