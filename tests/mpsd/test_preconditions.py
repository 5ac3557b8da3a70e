"""If-Match and If-None-Match (PUT-8, CODE-304, CODE-412)."""

from __future__ import annotations

from functools import partial

from errors import refusal_of, told
from pytest_xbl.mpsd.preconditions import Preconditions, require_preconditions
from tables import cases

NOW = '"1"'
CURRENT, ANY, OTHERS = frozenset({NOW}), frozenset({"*"}), frozenset({'"2"', '"3"'})
CHANGED, MISSING = "The session has changed since.", "There is no such session to update."
THERE = "The session exists already."

TABLE: dict[str, tuple[Preconditions, str | None, str | None]] = {
    # preconditions; the refusal where the session is there, and where it is not
    "no matter": (Preconditions(), None, None),
    "only update": (Preconditions(ANY), None, MISSING),
    "only if current": (Preconditions(CURRENT), None, MISSING),
    "not current": (Preconditions(OTHERS), CHANGED, MISSING),
    "only create": (Preconditions(None, ANY), THERE, None),
    "only if another": (Preconditions(None, CURRENT), THERE, None),
    "another": (Preconditions(None, OTHERS), None, None),
    "current, and no other": (Preconditions(CURRENT, OTHERS), None, MISSING),
    "neither": (Preconditions(OTHERS, ANY), CHANGED, MISSING),
}


@cases("preconditions existing missing", TABLE)
def test_a_write_asks_for_a_session_or_for_none(
    preconditions: Preconditions, existing: str | None, missing: str | None
) -> None:
    """Only create, only update, only if current, or no matter; the text says which way it went (PUT-8, CODE-412)."""
    for tag, text in ((NOW, existing), (None, missing)):
        if text is None:
            require_preconditions(preconditions, tag)
        else:
            refusal = refusal_of(partial(require_preconditions, preconditions, tag))
            where = "If-None-Match" if text == THERE else "If-Match"
            assert told(refusal) == (412, where, text, "PUT-8")
            assert refusal.shows_session is (where == "If-Match")


@cases(
    "tags tag known",
    {
        "current": (CURRENT, NOW, True),
        "any": (ANY, NOW, True),
        "none": (None, NOW, False),
        "no tags": (frozenset(), NOW, False),
        "others": (OTHERS, NOW, False),
        "any, of no session": (ANY, None, False),
    },
)
def test_a_read_does_not_fail_for_what_it_has_already(
    tags: frozenset[str] | None, tag: str | None, known: bool
) -> None:
    """If-None-Match on a read asks for 304, not for 412 (CODE-304)."""
    preconditions = Preconditions(if_none_match=tags)
    require_preconditions(preconditions, tag, reading=True)
    assert preconditions.know(tag) is known
