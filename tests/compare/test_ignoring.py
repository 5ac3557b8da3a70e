"""The parts of documents that a comparison ignores."""

from __future__ import annotations

from typing import Any

import pytest

from errors import error_of
from pytest_xbl import VOLATILE
from pytest_xbl.compare.ignoring import require_all_fit, without

NOT_THERE = "ignore has '{}', which is not in the documents; {}"
DOCUMENT: dict[str, Any] = {
    "changeNumber": 3,
    "members": {
        "0": {"joinTime": "now", "constants": {"system": {"xuid": "10"}}},
        "1": {"joinTime": "then", "constants": {"system": {"xuid": "11"}}, "a/b": {"c~d": 1}},
    },
    "turn": [0, 1],
}


@pytest.mark.parametrize(
    ("patterns", "left_out"),
    [
        ([], []),
        (["/changeNumber"], ["/changeNumber"]),
        (["/members/*/joinTime"], ["/members/0/joinTime", "/members/1/joinTime"]),
        (["/members/10/joinTime"], ["/members/0/joinTime"]),
        (["/members/1/joinTime"], ["/members/1/joinTime"]),
        (["/members/1/a~1b/c~0d"], ["/members/1/a~1b/c~0d"]),
        (["/*"], ["/changeNumber", "/members", "/turn"]),
        (["/members", "/members/*/joinTime"], ["/members"]),
        (["/members/0", "/changeNumber"], ["/changeNumber", "/members/0"]),
        (["/changeNumber/below", "/nothing", "/turn/0"], []),
    ],
)
def test_parts_that_match_a_pattern_are_left_out_and_listed(patterns: list[str], left_out: list[str]) -> None:
    """In whole; * is any one part, and a member has an index or a xuid (SEEN-3)."""
    kept, found = without(DOCUMENT, patterns)
    assert found == left_out
    assert (kept == DOCUMENT) is not bool(left_out)


def test_other_parts_are_kept() -> None:
    """The document itself is not changed (SEEN-3)."""
    kept, _ = without(DOCUMENT, ["/members/*/joinTime", "/members/1/a~1b", "/turn"])
    members = {"0": {"constants": {"system": {"xuid": "10"}}}, "1": {"constants": {"system": {"xuid": "11"}}}}
    assert kept == {"changeNumber": 3, "members": members}
    assert list(DOCUMENT) == ["changeNumber", "members", "turn"]


def test_the_volatile_may_be_missing() -> None:
    """A document need not have all of them (SEEN-3)."""
    require_all_fit(VOLATILE, [{}])
    expected = {"/branch", "/changeNumber", "/correlationId", "/members/*/joinTime", "/nextTimer", "/startTime"}
    assert set(VOLATILE) == expected


def test_a_pattern_need_match_only_one_of_several_documents() -> None:
    """As a part may be in one of them only (SEEN-3)."""
    require_all_fit(["/members/*/constants"], [{}, DOCUMENT])


NO_POINTER = "ignore takes JSON pointers, such as /members/*/joinTime, not {}."


@pytest.mark.parametrize(
    ("pattern", "document", "text"),
    [
        ("changeNumber", DOCUMENT, NO_POINTER.format("'changeNumber'")),
        (10**5000, DOCUMENT, NO_POINTER.format("an integer of thousands of digits")),
        ("/changeNumbers", DOCUMENT, NOT_THERE.format("/changeNumbers", "did you mean /changeNumber?")),
        (
            "/b",
            DOCUMENT,
            NOT_THERE.format("/b", "known pointers: /changeNumber, /members, /members/0, /members/1, /turn."),
        ),
        (
            "/abc",
            {str(number): {"/": 0} for number in range(7)},
            NOT_THERE.format(
                "/abc", "known pointers: /0, /0/~1, /1, /1/~1, /2, /2/~1, /3, /3/~1, /4, /4/~1, /5, /5/~1, ...."
            ),
        ),
    ],
    ids=["no pointer", "no text", "misspelt", "unknown", "many"],
)
def test_a_pattern_that_matches_nothing_is_an_error(pattern: Any, document: dict[str, Any], text: str) -> None:
    """With the nearest pointer, or those that exist (SEEN-3)."""
    assert error_of(lambda: require_all_fit([pattern], [document])) == text
