"""What a comparison leaves out."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_xbl import VOLATILE, XblError
from pytest_xbl.compare.ignoring import require_all_fit, without

NOTHING_FITS = "Nothing fits '{}', so it cannot be ignored; there is {}."
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
def test_what_fits_a_pattern_is_left_out_and_listed(patterns: list[str], left_out: list[str]) -> None:
    """With all below it; * is any one part, and members go by index or xuid (SEEN-3)."""
    kept, found = without(DOCUMENT, patterns)
    assert found == left_out
    assert (kept == DOCUMENT) is not bool(left_out)


def test_what_is_kept_stays_as_it_is() -> None:
    """And the document is not changed (SEEN-3)."""
    kept, _ = without(DOCUMENT, ["/members/*/joinTime", "/members/1/a~1b", "/turn"])
    members = {"0": {"constants": {"system": {"xuid": "10"}}}, "1": {"constants": {"system": {"xuid": "11"}}}}
    assert kept == {"changeNumber": 3, "members": members}
    assert list(DOCUMENT) == ["changeNumber", "members", "turn"]


def test_the_volatile_may_be_missing() -> None:
    """They are what every run has otherwise, as far as it has them (SEEN-3)."""
    require_all_fit(VOLATILE, [{}])
    expected = {"/branch", "/changeNumber", "/correlationId", "/members/*/joinTime", "/nextTimer", "/startTime"}
    assert set(VOLATILE) == expected


def test_a_pattern_may_fit_in_one_document_of_several() -> None:
    """It need not fit in all (SEEN-3)."""
    require_all_fit(["/changeNumber"], [{}, DOCUMENT])


@pytest.mark.parametrize(
    ("pattern", "document", "told"),
    [
        (
            "changeNumber",
            DOCUMENT,
            "What is to be ignored is named by JSON pointers, as /members/*/joinTime; not 'changeNumber'.",
        ),
        (5, DOCUMENT, "What is to be ignored is named by JSON pointers, as /members/*/joinTime; not 5."),
        (
            "/change",
            DOCUMENT,
            NOTHING_FITS.format("/change", "/changeNumber, /members, /members/0, /members/1, /turn"),
        ),
        (
            "/a",
            {str(number): {"/": 0} for number in range(7)},
            NOTHING_FITS.format("/a", "/0, /0/~1, /1, /1/~1, /2, /2/~1, /3, /3/~1, /4, /4/~1, /5, /5/~1, ..."),
        ),
    ],
    ids=["no pointer", "no text", "fits nothing", "many"],
)
def test_a_pattern_that_can_do_nothing_is_an_error(pattern: Any, document: dict[str, Any], told: str) -> None:
    """Which lists what there is (SEEN-3)."""
    with pytest.raises(XblError) as error:
        require_all_fit([pattern], [document])
    assert str(error.value) == told
