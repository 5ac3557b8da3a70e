"""If-Match and If-None-Match (PUT-8, CODE-304, CODE-412), and If-Modified-Since (STAT-15)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import partial

from errors import refusal_of, told
from pytest_xbl.mpsd.preconditions import Preconditions, require_preconditions
from tables import cases

NOW = f'"{"a" * 16}{2:016x}"'
CURRENT, ANY, OTHERS = frozenset({NOW}), frozenset({"*"}), frozenset({'"2"', '"3"'})
BEFORE = frozenset({'"3"', f'"{"a" * 16}{1:016x}"'})
CHANGED, MISSING = "The session has changed since.", "There is no such session to update."
STRANGE = "This session never had the ETag in If-Match."
THERE = "The session exists already."
BARE = "If-Match holds * or ETags in their quotes; no version matches {}."
WEAK = f"If-Match takes no weak ETags; no version matches W/{NOW}."

TABLE: dict[str, tuple[Preconditions, str | None, str | None]] = {
    # preconditions; the refusal where the session is there, and where it is not
    "no matter": (Preconditions(), None, None),
    "only update": (Preconditions(ANY), None, MISSING),
    "only if current": (Preconditions(CURRENT), None, MISSING),
    "not current": (Preconditions(BEFORE), CHANGED, MISSING),
    "of another session": (Preconditions(OTHERS), STRANGE, MISSING),
    "weak": (Preconditions(frozenset({f"W/{NOW}"})), WEAK, MISSING),
    "no ETag": (Preconditions(frozenset({"1"})), BARE.format("1"), MISSING),
    "nothing": (Preconditions(frozenset({""})), BARE.format(""), MISSING),
    "several, of which the text has the first": (
        Preconditions(frozenset(str(number) for number in range(10))),
        BARE.format("0"),
        MISSING,
    ),
    "half an ETag": (Preconditions(frozenset({'"' + "1" * 99})), BARE.format('"' + "1" * 79), MISSING),
    "another that is no ETag": (Preconditions(None, frozenset({"1"})), None, None),
    "only create": (Preconditions(None, ANY), THERE, None),
    "only if another": (Preconditions(None, CURRENT), THERE, None),
    "another": (Preconditions(None, OTHERS), None, None),
    "current, and no other": (Preconditions(CURRENT, OTHERS), None, MISSING),
    "neither": (Preconditions(OTHERS, ANY), STRANGE, MISSING),
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


NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
SINCE_NOON = Preconditions(if_modified_since=NOON)


@cases(
    "preconditions changed now up_to_date",
    {
        # conditions; seconds after noon at which something changed, and at which it is asked for
        "no date": (Preconditions(), -1, 1, False),
        "changed before": (SINCE_NOON, -0.000001, 0, True),
        "changed in that second": (SINCE_NOON, 0, 1, False),
        "changed after": (SINCE_NOON, 0.5, 1, False),
        "a date that has not come": (SINCE_NOON, -2, -0.000001, False),
        "an ETag besides": (SINCE_NOON._replace(if_none_match=OTHERS), -1, 1, False),
        "another condition besides": (SINCE_NOON._replace(if_match=CURRENT), -1, 1, True),
    },
)
def test_a_client_is_up_to_date_if_nothing_has_changed_since(
    preconditions: Preconditions, changed: float, now: float, up_to_date: bool
) -> None:
    """Not within the second that it names: HTTP counts no fractions of it (STAT-15)."""
    times = (NOON + timedelta(seconds=seconds) for seconds in (changed, now))
    assert preconditions.are_up_to_date(*times) is up_to_date
