"""If-Match and If-None-Match (PUT-8, CODE-304, CODE-412)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_xbl.mpsd.preconditions import Preconditions, require_preconditions
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.view import etag

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage

CURRENT = "the current ETag"
ANY, OTHER, NONE = frozenset({"*"}), frozenset({'"other"'}), None

# if_match, if_none_match, refused where there is a session, refused where there is none
TABLE = [
    (NONE, NONE, None, None),
    (ANY, NONE, None, "If-Match"),
    (CURRENT, NONE, None, "If-Match"),
    (OTHER, NONE, "If-Match", "If-Match"),
    (NONE, ANY, "If-None-Match", None),
    (NONE, CURRENT, "If-None-Match", None),
    (NONE, OTHER, None, None),
    (CURRENT, OTHER, None, "If-Match"),
    (OTHER, ANY, "If-Match", "If-Match"),
]


def tags(stage: Stage, tag: frozenset[str] | str | None) -> frozenset[str] | None:
    """A cell of the table as ETags."""
    assert stage.session
    return frozenset({etag(stage.session)}) if isinstance(tag, str) else tag


@pytest.mark.parametrize(("if_match", "if_none_match", "existing", "missing"), TABLE)
def test_a_write_asks_for_a_session_or_for_none(
    stage: Stage,
    if_match: frozenset[str] | str | None,
    if_none_match: frozenset[str] | str | None,
    existing: str | None,
    missing: str | None,
) -> None:
    """Only create, only update, only if current, or no matter (PUT-8)."""
    session = stage.join("Ann")
    preconditions = Preconditions(tags(stage, if_match), tags(stage, if_none_match))
    for found, expected in ((etag(session), existing), (None, missing)):
        if expected is None:
            require_preconditions(preconditions, found)
            continue
        with pytest.raises(Refusal) as refused:
            require_preconditions(preconditions, found)
        assert (refused.value.status, refused.value.where, refused.value.rule) == (412, expected, "PUT-8")
        assert refused.value.shows_session is (expected == "If-Match")


def test_a_read_does_not_fail_for_what_it_has_already(stage: Stage) -> None:
    """If-None-Match on a read asks for 304, not for 412 (CODE-304)."""
    tag = etag(stage.join("Ann"))
    preconditions = Preconditions(if_none_match=frozenset({tag}))
    require_preconditions(preconditions, tag, reading=True)
    assert preconditions.know(tag)


@pytest.mark.parametrize(
    ("tags_", "tag"),
    [(None, '"a"'), (frozenset(), '"a"'), (frozenset({'"b"', '"c"'}), '"a"'), (ANY, None)],
)
def test_a_client_may_not_know_a_version(tags_: frozenset[str] | None, tag: str | None) -> None:
    """It names no version, or others, or any, where there is none (CODE-304)."""
    assert not Preconditions(if_none_match=tags_).know(tag)


@pytest.mark.parametrize(
    ("preconditions", "there", "text"),
    [
        (Preconditions(if_match=OTHER), True, "The session has changed since."),
        (Preconditions(if_match=ANY), False, "There is no such session to update."),
        (Preconditions(if_none_match=ANY), True, "The session exists already."),
    ],
)
def test_the_text_says_which_way_it_went(stage: Stage, preconditions: Preconditions, there: bool, text: str) -> None:
    """Changed, missing, or there already (CODE-412)."""
    session = stage.join("Ann")
    with pytest.raises(Refusal) as refused:
        require_preconditions(preconditions, etag(session) if there else None)
    assert refused.value.what == text
