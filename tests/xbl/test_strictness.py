"""Mistakes of a client: which there are, how they are expected, and how they are let pass."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from bodies import ACTIVE, ONE
from errors import error_of
from people import person
from pytest_xbl import XboxLive
from pytest_xbl.xbl.strictness import MISTAKES

HUGE, DIGITS = 10**5000, "an integer of thousands of digits"
NEITHER: list[object] = ["", "200", 399, 600, 0, True, None, 404.0, []]
KINDS = "unknown-route, unknown-service, bad-body, late-call, egress"

route = pytest.param(lambda world: world.client().get("/x"), "unknown-route", "CALL-7", id="unknown-route")
service = pytest.param(
    lambda world: world.client().get("/x", headers={"Host": "clubhub.xboxlive.com"}),
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
    """By its own name and by no other; a test fails once for it (SEEN-5)."""
    make(world)
    world._strictness.loosen([other for other in MISTAKES if other != kind])
    assert (numbers(world), numbers(world)) == ([1], [])
    assert world.journal[0].rule == rule
    world._strictness.loosen([kind])
    make(world)
    assert numbers(world) == []
    assert world._strictness.loose == MISTAKES.keys()


def test_what_a_session_forbids_is_no_mistake(world: XboxLive) -> None:
    """A client may well ask for it (SEEN-5)."""
    client = world.client(person(world, "Stacy"))
    client.put(ONE, json=ACTIVE)
    assert client.put(ONE, json=ACTIVE, headers={"If-Match": '"x"'}).status_code == 412
    assert world.client().get(ONE).status_code == 401
    assert client.get(ONE.replace("lobby", "x")).status_code == 404
    assert numbers(world) == []


@pytest.mark.parametrize("names", ["bad-body", ["bad-body"], ("bad-body",), iter(["bad-body"])])
def test_kinds_that_are_let_pass_are_named_alone_or_in_a_list(world: XboxLive, names: str | list[str]) -> None:
    """An unknown kind is an error with those that there are and the nearest, and nothing is let pass (SEEN-5)."""
    meant = " Did you mean 'bad-body'?"
    for odd, text, hint in (
        ("x", "'x'", ""),
        (["bad-body", "bad_body"], "'bad_body'", meant),
        ([3], "3", ""),
        ([HUGE], DIGITS, ""),
    ):
        said = error_of(lambda odd=odd: world._strictness.loosen(odd))  # type: ignore[misc]
        what = f"Unknown kind {text} in loose; known kinds: {KINDS}.{hint}"
        assert (said, world._strictness.loose) == (what, frozenset())
    world._strictness.loosen(names)
    assert world._strictness.loose == {"bad-body"}


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
    """Whatever the rule, and though it is no mistake; one of another status is a mistake (SEEN-7)."""
    client = world.client(person(world, "Stacy"))
    with world.expect_refusal(404), world.expect_refusal(401), world.expect_refusal("CALL-3"):
        client.get("/x")
        client.get("/x", headers={"Host": "clubhub.xboxlive.com"})
        client.put(ONE, json={"x": 1})
        world.client().get(ONE)
    assert numbers(world) == [3]


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
        "Expected a refusal by PUT-8; got:\n#2 Stacy: put-session lobby/one -> 201\n"
        "#3 Stacy: GET /x -> 404 CALL-7 at the URI: The fake has no operation GET /x on host localhost."
    )
    assert numbers(world) == [1, 3]


def test_a_failure_says_what_the_journal_has_no_more() -> None:
    """Whether it was let go, or the test has cleared it (SEEN-7, SEEN-18)."""
    world = XboxLive(keep=2)
    client = world.client(world.user("Stacy"))

    def play(*, clear: bool) -> None:
        with world.expect_refusal(404):
            for _ in range(3):
                client.put(ONE, json=ACTIVE)
            if clear:
                world.reset(clear_journal=True)

    gone = "... {} earlier, not in the journal any more"
    lines = [f"#{number} Stacy: put-session lobby/one -> 200" for number in (2, 3)]
    for clear, came in ((False, [gone.format(1), *lines]), (True, [gone.format(3)])):
        with pytest.raises(AssertionError) as failure:
            play(clear=clear)
        assert str(failure.value).splitlines() == ["Expected a refusal with status 404; got:", *came]


def test_blocks_may_lie_inside_each_other(world: XboxLive) -> None:
    """Each is met by what comes in it, also by what another is met by, and by nothing else (SEEN-7)."""
    client = world.client(person(world, "Stacy"))
    with world.expect_refusal("CALL-6"):
        with world.expect_refusal(404), world.expect_refusal("CALL-7"):
            client.get("/x")
        client.put(ONE, json={"x": 1})
        with pytest.raises(AssertionError) as failure, world.expect_refusal(404):
            pass
    assert str(failure.value) == "Expected a refusal with status 404; no request has arrived in the block."
    assert numbers(world) == []


def test_an_error_in_a_block_is_not_hidden(world: XboxLive) -> None:
    """Whether the refusal came, which was expected all the same, or did not come (SEEN-7, SEEN-8)."""
    with pytest.raises(RuntimeError, match="404"), world.expect_refusal("CALL-7"):
        raise RuntimeError(world.client().get("/x").status)
    with pytest.raises(RuntimeError, match="own"), world.expect_refusal("CALL-7"):
        raise RuntimeError("own")
    assert numbers(world) == []


@pytest.mark.parametrize(
    ("reason", "hint"),
    [
        ("PUT8", "; did you mean 'PUT-8'?"),
        ("call-6", "; did you mean 'CALL-6'?"),
        ("404", "; did you mean 404?"),
        *((reason, ".") for reason in NEITHER),
    ],
)
def test_a_refusal_is_expected_by_a_rule_or_a_status(world: XboxLive, reason: object, hint: str) -> None:
    """Anything else is an error at once, with the nearest of both (SEEN-7)."""
    said = error_of(lambda: world.expect_refusal(reason))  # type: ignore[arg-type]
    what = f"A refusal is expected by the id of its rule, or by its status from 400 to 599; {reason!r} is neither{hint}"
    assert said == what


@pytest.mark.parametrize(
    ("reasons", "why"),
    [
        (("SEEN-6", 410), "a request of a test that is over reaches no world; loose=['late-call'] lets it pass"),
        (("SEEN-11", 421), "a request for a foreign Host reaches no world; look at its response instead"),
    ],
)
def test_a_refusal_that_reaches_no_world_cannot_be_expected(
    world: XboxLive, reasons: tuple[str, int], why: str
) -> None:
    """The block would wait for what never comes (SEEN-6, SEEN-7, SEEN-11)."""
    for reason in reasons:
        said = error_of(lambda reason=reason: world.expect_refusal(reason))  # type: ignore[misc]
        named = f"by {reason}" if isinstance(reason, str) else f"with status {reason}"
        assert said == f"A refusal {named} cannot be expected: {why}."


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        ("SEEN-5", "its rules are about what tests see"),
        ("SEED-2", "its rules are about set-up, whose mistakes pytest.raises(XblError) expects"),
    ],
)
def test_a_rule_that_refuses_no_request_cannot_be_expected(world: XboxLive, reason: str, why: str) -> None:
    """Those of tests and of set-up (SEEN-7)."""
    assert error_of(lambda: world.expect_refusal(reason)) == f"No request is refused by {reason}: {why}."


def test_the_block_gives_the_refusal(world: XboxLive) -> None:
    """The first of its kind, with status, rule, place and text, as the client got them (SEEN-7)."""
    client = world.client(person(world, "Stacy"))
    with world.expect_refusal("CALL-6") as refusal:
        client.put(ONE, json=ACTIVE)
        client.put(ONE, json={"properties": {"costum": {}}})
        client.put(ONE, json={"x": 1})
    what = 'The field "costum" is not known here; did you mean "custom"?'
    assert (refusal.status, refusal.rule, refusal.place, refusal.text) == (400, "CALL-6", "/properties/costum", what)
    assert repr(refusal) == f"<refusal {world.journal[1]}>"
    with world.expect_refusal(404, match="costum") as never:
        expected = "a refusal with status 404 whose text matches 'costum'"
        text = f"There is no refusal yet: it is here after the with-block that expects {expected}."
        assert (error_of(lambda: never.text), repr(never)) == (text, f"<expected: {expected}>")
        client.get("/costum")
    assert never.status == 404


def test_a_refusal_is_expected_by_its_text(world: XboxLive) -> None:
    """By a regular expression, which may stand anywhere in it; others of the kind are mistakes (SEEN-7)."""
    client = world.client(person(world, "Stacy"))
    for match in ("costum", re.compile("^the field", re.IGNORECASE)):
        with world.expect_refusal("CALL-6", match=match) as refusal:
            client.put(ONE, json={"properties": {"costum": {}}})
        assert refusal.place == "/properties/costum"

    def play() -> None:
        with world.expect_refusal(400, match="^costum"):
            client.put(ONE, json={"properties": {"costum": {}}})

    with pytest.raises(AssertionError) as failure:
        play()
    head, arrived = str(failure.value).splitlines()
    assert head == "Expected a refusal with status 400 whose text matches '^costum'; got:"
    assert (arrived, numbers(world)) == (str(world.journal[2]), [3])


@pytest.mark.parametrize(
    ("match", "text"),
    [
        (7, "7."),
        (b"x", "b'x'."),
        (re.compile(b"x"), "re.compile(b'x')."),
        ("(", "'(': missing ), unterminated subpattern at position 0."),
    ],
)
def test_a_text_is_matched_by_a_regular_expression(world: XboxLive, match: Any, text: str) -> None:
    """Anything else is an error at once (SEEN-7)."""
    said = error_of(lambda: world.expect_refusal(404, match=match))
    assert said == f"match is a regular expression for the text of a refusal, not {text}"


def test_a_bug_of_the_fake_is_no_refusal(world: XboxLive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its 500 does not meet what was expected (SEEN-7)."""
    monkeypatch.delattr(type(world._world), "read")
    with pytest.raises(AssertionError, match="Expected a refusal with status 500"), world.expect_refusal(500):
        world.client(person(world, "Stacy")).get(ONE)
