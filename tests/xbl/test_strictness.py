"""Mistakes of a client: which there are, how they are expected, and how they are let pass."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from people import person
from pytest_xbl import XblError, XboxLive
from pytest_xbl.xbl.strictness import MISTAKES, complaint

SCID = XboxLive.scid
ONE = f"/serviceconfigs/{SCID}/sessiontemplates/lobby/sessions/one"
ACTIVE = {"members": {"me": {"properties": {"system": {"active": True}}}}}
KINDS = "unknown-route, unknown-service, bad-body, late-call"

route = pytest.param(lambda world: world.client().get("/x"), "unknown-route", "CALL-7", id="unknown-route")
service = pytest.param(
    lambda world: world.client().get("/x", headers={"Host": "rta.xboxlive.com"}),
    "unknown-service",
    "CALL-1",
    id="unknown-service",
)
body = pytest.param(
    lambda world: world.client(person(world, "Stacy")).put(ONE, json={"x": 1}), "bad-body", "CALL-6", id="bad-body"
)
every_mistake = pytest.mark.parametrize(("make", "kind", "rule"), [route, service, body])


@pytest.fixture
def world() -> XboxLive:
    """A strict world with Stacy in it; its own test is not to fail for what is done there."""
    world = XboxLive()
    world.user("Stacy")
    return world


def numbers(world: XboxLive) -> list[int]:
    """Which requests fail the test, that have not been asked for yet."""
    return [entry.number for entry in world._strictness.take_mistakes()]


# Mistakes


@every_mistake
def test_a_mistake_is_one_unless_it_is_let_pass(
    world: XboxLive, make: Callable[[XboxLive], object], kind: str, rule: str
) -> None:
    """By its own name and by no other (SEEN-5)."""
    make(world)
    world._strictness.loosen([other for other in MISTAKES if other != kind])
    assert numbers(world) == [1]
    assert world.journal[0].rule == rule
    world._strictness.loosen([kind])
    make(world)
    assert numbers(world) == []
    assert world._strictness.loose == MISTAKES.keys()


def test_a_mistake_is_told_once(world: XboxLive) -> None:
    """A test fails once for it (SEEN-5)."""
    world.client().get("/x")
    assert numbers(world) == [1]
    assert numbers(world) == []
    world.client().get("/x")
    assert numbers(world) == [2]


def test_what_a_session_forbids_is_no_mistake(world: XboxLive) -> None:
    """A client may well ask for it (SEEN-5)."""
    client = world.client(person(world, "Stacy"))
    client.put(ONE, json=ACTIVE)
    assert client.put(ONE, json=ACTIVE, headers={"If-Match": '"x"'}).status_code == 412
    assert world.client().get(ONE).status_code == 401
    assert client.get(ONE.replace("lobby", "x")).status_code == 404
    assert numbers(world) == []


@pytest.mark.parametrize("names", ["bad-body", ["bad-body"], ("bad-body",), iter(["bad-body"])])
def test_what_is_let_pass_is_named_once_or_in_a_list(world: XboxLive, names: str | list[str]) -> None:
    """A single name needs no list."""
    world._strictness.loosen(names)
    assert world._strictness.loose == {"bad-body"}


@pytest.mark.parametrize(("names", "odd"), [("x", "'x'"), (["bad-body", "bad_body"], "'bad_body'"), ([3], "3")])
def test_an_unknown_kind_is_not_let_pass(world: XboxLive, names: str | list[str], odd: str) -> None:
    """The error lists those that there are, and nothing is let pass (SEEN-5)."""
    with pytest.raises(XblError) as error:
        world._strictness.loosen(names)
    assert str(error.value) == f"One cannot be loose about {odd}, but about {KINDS}."
    assert world._strictness.loose == frozenset()


# Expecting


@every_mistake
def test_a_mistake_that_is_expected_by_its_rule_fails_nothing(
    world: XboxLive, make: Callable[[XboxLive], object], kind: str, rule: str
) -> None:
    """Those before and after are mistakes all the same (SEEN-7)."""
    make(world)
    with world.expect_refusal(rule):
        make(world)
        make(world)
    make(world)
    assert numbers(world) == [1, 4]


def test_a_refusal_is_expected_by_its_status(world: XboxLive) -> None:
    """Whatever the rule; one of another status is a mistake (SEEN-7)."""
    client = world.client(person(world, "Stacy"))
    with world.expect_refusal(404):
        client.get("/x")
        client.get("/x", headers={"Host": "rta.xboxlive.com"})
        client.put(ONE, json={"x": 1})
    assert numbers(world) == [3]


def test_a_refusal_that_is_no_mistake_can_be_expected(world: XboxLive) -> None:
    """It has to come then (SEEN-7)."""
    with world.expect_refusal("CALL-3"), world.expect_refusal(401):
        world.client().get(ONE)


def test_a_refusal_that_is_expected_has_to_come(world: XboxLive) -> None:
    """The failure lists what did come in the block (SEEN-7)."""
    client = world.client(person(world, "Stacy"))
    client.get("/x")

    def play() -> None:
        with world.expect_refusal("PUT-8"):
            client.put(ONE, json=ACTIVE)
            client.get("/x")

    with pytest.raises(AssertionError) as failure:
        play()
    assert str(failure.value) == (
        f"Expected a refusal by PUT-8; got:\n#2 Stacy: PUT {ONE} -> 201\n"
        "#3 Stacy: GET /x -> 404 CALL-7 at the URI: The fake has no operation GET /x on host localhost."
    )
    assert numbers(world) == [1, 3]


def test_a_block_in_which_nothing_comes_fails(world: XboxLive) -> None:
    """It says so (SEEN-7)."""
    with pytest.raises(AssertionError) as failure, world.expect_refusal(412):
        pass
    assert str(failure.value) == "Expected a refusal by 412; got:\nNo request has arrived."


def test_blocks_may_lie_inside_each_other(world: XboxLive) -> None:
    """Each is met by what comes in it, also by what another is met by (SEEN-7)."""
    client = world.client(person(world, "Stacy"))
    with world.expect_refusal("CALL-6"):
        with world.expect_refusal(404), world.expect_refusal("CALL-7"):
            client.get("/x")
        client.put(ONE, json={"x": 1})
    assert numbers(world) == []


def test_what_comes_after_an_inner_block_does_not_meet_it(world: XboxLive) -> None:
    """A block looks at its own requests only (SEEN-7)."""
    client = world.client(person(world, "Stacy"))
    with world.expect_refusal(404):
        client.get("/x")
        with pytest.raises(AssertionError, match="No request has arrived"), world.expect_refusal(404):
            pass


def test_a_client_may_raise_an_error_of_its_own(world: XboxLive) -> None:
    """The refusal was expected all the same, and the error is not hidden (SEEN-7)."""
    with pytest.raises(RuntimeError, match="404"), world.expect_refusal("CALL-7"):
        raise RuntimeError(world.client().get("/x").status)
    assert numbers(world) == []


def test_an_error_is_not_hidden_by_a_refusal_that_did_not_come(world: XboxLive) -> None:
    """What went wrong in the block comes first (SEEN-7, SEEN-8)."""
    with pytest.raises(RuntimeError, match="own"), world.expect_refusal("CALL-7"):
        raise RuntimeError("own")


@pytest.mark.parametrize("reason", ["PUT8", "", "404", 399, 200, 0, True, None, 404.0])
def test_a_refusal_is_expected_by_a_rule_or_a_status(world: XboxLive, reason: object) -> None:
    """Anything else is an error at once (SEEN-7)."""
    with pytest.raises(XblError) as error, world.expect_refusal(reason):  # type: ignore[arg-type]
        pytest.fail("the block was entered")
    assert str(error.value) == (
        f"A refusal is expected by the id of its rule, or by its status; {reason!r} is neither."
    )


def test_a_bug_of_the_fake_is_no_refusal(world: XboxLive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its 500 does not meet what was expected (SEEN-7)."""
    monkeypatch.delattr(type(world._world), "read")
    with pytest.raises(AssertionError, match="Expected a refusal by 500"), world.expect_refusal(500):
        world.client(person(world, "Stacy")).get(ONE)


# Complaining


def test_one_mistake_is_complained_about(world: XboxLive) -> None:
    """With the request, and how to let it pass (SEEN-5)."""
    world.client().get("/x")
    assert complaint(world._strictness.take_mistakes()) == (
        "The client made a mistake:\n"
        "#1 nobody: GET /x -> 404 CALL-7 at the URI: The fake has no operation GET /x on host localhost.\n"
        "Expect it by `with xbl.expect_refusal('CALL-7')`, or let it pass: "
        "@pytest.mark.xbl(loose=['unknown-route'])."
    )


def test_several_mistakes_are_complained_about_together(world: XboxLive) -> None:
    """Each rule and each kind is named once, in a form that can be copied (SEEN-5)."""
    client = world.client(person(world, "Stacy"))
    for _ in range(2):
        client.get("/x")
    client.put(ONE, json={"members": 1})
    blocks = "xbl.expect_refusal('CALL-7'), xbl.expect_refusal('CALL-6')"
    assert complaint(world._strictness.take_mistakes()).splitlines() == [
        "The client made 3 mistakes:",
        *map(str, world.journal),
        f"Expect it by `with {blocks}`, or let it pass: @pytest.mark.xbl(loose=['unknown-route', 'bad-body']).",
    ]
