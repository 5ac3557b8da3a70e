"""A refusal: a value that explains itself, and that nobody changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import pytest

from pytest_xbl.mpsd.model import Bag, Session, SessionRef
from pytest_xbl.mpsd.refusal import Place, Quoted, Refusal, not_yet

if TYPE_CHECKING:
    from pytest_xbl.mpsd.refusal import Parts


def refusal(what: str = "No.", *names: str | Quoted, where: Place = ("a", "b")) -> Refusal:
    """A refusal that shows the session."""
    return Refusal(409, what, *names, where=where, rule="PUT-1", shows_session=True, mistake="bad-body")


SESSION = Session(SessionRef("scid", "quick", "one"), datetime(2026, 1, 1, tzinfo=timezone.utc), Bag())


PLACES: list[tuple[Place, str]] = [
    (("turn", 0), "/turn/0"),
    (("a/~b", ""), "/a~1~0b/"),
    ((), ""),
    ("?a/~b", "?a/~b"),
    (("a\nb\x1b\u2028\ud800",), "/a\\nb\\x1b\\u2028\\ud800"),
    (("x" * 299,), f"/{'x' * 299}"),
    (("x" * 300,), f"/{'x' * 296}..."),
]


@pytest.mark.parametrize(("place", "text"), PLACES)
def test_a_path_is_shown_as_a_json_pointer_and_anything_else_as_it_is(place: Place, text: str) -> None:
    """On one line of at most 300 characters (CALL-6, RFC 6901)."""
    assert refusal(where=place).where == text


@pytest.mark.parametrize(
    ("what", "text"),
    [("Not {}, {a} or }.", "Not {}, {a} or }."), ("a\r\nb\ud800", "a\\r\\nb\\ud800"), ("x" * 1001, f"{'x' * 997}...")],
)
def test_a_sentence_without_names_is_shown_as_it_is(what: str, text: str) -> None:
    """On one line of at most 1000 characters, braces and all (CODE-ALL)."""
    assert refusal(what).what == text


BY_SERVICE = Quoted("memberInitialization", {"externalEvaluation": False})


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("memberInitialization", "managedInitialization", "memberInitialization"),
        ("readyRemovalTimeout", "timeouts.ready", "readyRemovalTimeout"),
        ("externalEvaluation", "autoEvaluate", "externalEvaluation"),
        ("matchmakingResubmit", "matchmaking.resubmit", "matchmakingResubmit"),
        ("initializationGroup", "group", "initializationGroup"),
        ("{visibility}", "{visibility}", "{visibility}"),
        (Quoted("visibility", "{}"), '"{}"', '"{}"'),
        (Quoted("externalEvaluation", value=True), "false", "true"),
        (Quoted("memberInitialization", None), "null", "null"),
        (BY_SERVICE, '{"autoEvaluate": true}', '{"externalEvaluation": false}'),
    ],
)
@pytest.mark.parametrize("contract", [104, 105, 107])
def test_names_and_values_are_those_of_the_contract(name: str | Quoted, old: str, new: str, contract: int) -> None:
    """A field has the name, and a value the form, that the caller knows (TMPL-8)."""
    told = refusal("{} or {}.", name, "else").under(contract)
    assert told.what == f"{new if contract == 107 else old} or else."


@pytest.mark.parametrize(
    ("new", "old"),
    [
        ("/constants/system/readyRemovalTimeout", "/constants/system/timeouts/ready"),
        ("/constants/system/memberInitialization/x", "/constants/system/managedInitialization/x"),
        ("/properties/system/matchmakingResubmit", "/properties/system/matchmaking/resubmit"),
        ("/system/turn/0", "/system/turn/0"),
        ("/constants/custom/memberInitialization", "/constants/custom/memberInitialization"),
        ("the URI", "the URI"),
    ],
)
@pytest.mark.parametrize("contract", [104, 105, 107])
def test_a_place_below_system_is_that_of_the_contract(new: str, old: str, contract: int) -> None:
    """A place elsewhere is called the same in all contracts (TMPL-8)."""
    place: Place = tuple(new.split("/")[1:]) if new.startswith("/") else new
    assert refusal(where=place).under(contract).where == (new if contract == 107 else old)


@pytest.mark.parametrize(
    ("place", "inside"),
    [(("a", 1), ("sessions", 5, "a", 1)), ((), ("sessions", 5)), ("name", ("sessions", 5))],
)
def test_a_refusal_is_seen_from_further_out(place: Place, inside: Parts) -> None:
    """A path gets longer in front; the name of a part of a request gives way to the path (SEED-1)."""
    assert refusal(where=place).inside("sessions", 5).place == inside


CHANGES: dict[str, Callable[[Refusal], Refusal]] = {
    "at": lambda it: it.at("the URI"),
    "inside": lambda it: it.inside("c"),
    "under": lambda it: it.under(105),
    "showing": lambda it: it.showing(SESSION),
    "with_headers": lambda it: it.with_headers({"Allow": "GET"}),
    "adding": lambda it: it.adding("Never {}."),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_whoever_knows_more_makes_another_refusal(change: Callable[[Refusal], Refusal]) -> None:
    """The one that was raised stays as it was (CODE-ALL)."""
    before = refusal("{}.", "memberInitialization")
    held = dict(vars(before))
    after = change(before)
    assert vars(before) == held
    assert vars(after) != held
    assert (after.status, after.rule, after.shows_session, after.mistake) == (409, "PUT-1", True, "bad-body")


def test_a_refusal_takes_along_all_that_is_known() -> None:
    """In whatever order it is learned (CODE-403, JOIN-11, CALL-11)."""
    told = refusal("{}.", "memberInitialization").with_headers({"a": "1"}).adding("So {}.").showing(SESSION)
    told = told.with_headers({"b": "2"}).adding("Really.").under(105).at("the URI")
    assert told.text == "managedInitialization. So {}. Really.\nwhere: the URI\nrule: PUT-1\n"
    assert str(told) == told.text[:-1]
    assert (told.session, told.headers) == (SESSION, {"a": "1", "b": "2"})


def test_what_is_not_built_is_refused_in_the_words_of_the_contract() -> None:
    """501, with the thing as the subject of its sentence (CODE-501, TMPL-8)."""
    told = not_yet("A session with {}", "memberInitialization", where=("x",), rule="INIT-1").under(105)
    what = "A session with managedInitialization: the fake does not do this yet, so it refuses the request."
    assert (told.status, told.what) == (501, what)
