"""Filters of queries for search handles (SRCH-4)."""

from __future__ import annotations

import json
import operator
import time as clock
from collections.abc import Callable
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bodies import ACTIVE, PATIENT, Body, can
from errors import told_of
from pytest_xbl.mpsd.filter_paths import PATHS, Subject, find_path, shown_value
from pytest_xbl.mpsd.filters import parse_filter
from pytest_xbl.mpsd.handles import Handle, new_handle, parse_handle
from pytest_xbl.mpsd.model import Session, SessionRef
from pytest_xbl.mpsd.search_attributes import searched

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage

LFG: Body = {"roles": {"confirmed": {"target": 15, "max": 20}, "spare": {"max": 3}}}


def handle_of(stage: Stage, **attributes: Any) -> Handle:
    """A search handle to the session of the stage."""
    asked = parse_handle({"type": "search", "sessionRef": stage.ref.as_json(), "searchAttributes": attributes})
    return new_handle(asked, stage.session, stage.context("Ann"), "1")


def is_true(text: str, handle: Handle, session: Session) -> bool:
    """Whether a filter is true of a handle."""
    subject = Subject(handle, session, frozenset({1719000001.0}))
    return parse_filter(text).finds(subject)


@pytest.fixture
def subject(stage: Stage) -> tuple[Handle, Session]:
    """A handle with all attributes, to a session of five with roles, keywords and times."""
    stage.using({**PATIENT, **can("hasOwners", "searchable"), "maxMembersCount": 10}, role_types={"lfg": LFG})
    stage.join("Ann", "Bob", "Cid", "Dot", "Eve")
    for name in ("Ann", "Bob", "Cid", "Dot", "Eve"):
        stage.put(name, {"members": {"me": {"roles": {"lfg": "confirmed"}}}})
    system = {"keywords": ["Level2", "Straße"], "scheduledTime": "2009-06-15T13:45:30.09Z"}
    stage.put("Ann", {"properties": {"system": system}})
    stage.caller("server", server=True)
    tournament = {"properties": {"system": {"registration": {"state": "Registered"}}}}
    stage.put("server", {"servers": {"tournaments": tournament}})
    handle = handle_of(
        stage,
        tags=["CoolPeopleOnly", "elite"],
        strings={"ForzaCarClass": "ClassB", "clan": "purple"},
        numbers={"forzaskill": 6, "HaloKdRatio": 7.5, "rank": 59},
        achievementIds=["123456"],
        locale="en-US",
    )
    return handle, stage.held


XBOX_APP = (
    "tolower(session / templateName) eq 'global(lfg)' or (tolower(session/templateName) eq 'quick' and "
    "tolower(session/scid) eq '5c1d0000-0000-4000-8000-000000000001')"
)
"""As a client of the Xbox app's queries sends it."""
ROWS: dict[str, tuple[list[str], list[str]]] = {
    # A row of the browse page's table, and clauses that find the handle, or just do not.
    "a member": (["session/memberXuids/any(d:d eq '1000')"], ["session/memberXuids/any(d:d eq '7')"]),
    "an owner": (["session/ownerXuids/any(d:d eq '1000')"], ["session/ownerXuids/any(d:d eq '1001')"]),
    "a string": (["tolower(strings/forzacarclass) eq 'classb'"], ["tolower(strings/forzacarclass) eq 'classa'"]),
    "a number": (["numbers/forzaskill eq 6"], ["numbers/forzaskill eq 6.5", "numbers/other eq 6"]),
    "a greater number": (["numbers/halokdratio gt 1.5"], ["numbers/halokdratio gt 7.5", "numbers/other gt 1"]),
    "a tag": (["tags/any(d:tolower(d) eq 'coolpeopleonly')"], ["tags/any(d:tolower(d) eq 'cool')"]),
    "no tag": (["tags/any(d:tolower(d) ne 'cursingallowed')"], ["tags/any(d:tolower(d) ne 'elite')"]),
    "no number": (["numbers/rank ne 0", "numbers/other ne 0"], ["numbers/rank ne 59"]),
    "no string": (
        ["tolower(strings/forzacarclass) ne 'classa'", "tolower(strings/other) ne 'classa'"],
        ["tolower(strings/forzacarclass) ne 'classb'"],
    ),
    "a tag and a number": (
        ["tags/any(d:tolower(d) eq 'coolpeopleonly') eq true and numbers/halokdratio eq 7.5"],
        ["tags/any(d:tolower(d) eq 'coolpeopleonly') eq true and numbers/halokdratio eq 7"],
    ),
    "three numbers": (
        ["numbers/halokdratio ge 1.5 and numbers/rank lt 60 and numbers/forzaskill le 6"],
        ["numbers/halokdratio ge 7.6 and numbers/rank lt 60", "numbers/rank lt 59", "numbers/forzaskill le 5"],
    ),
    "an achievement": (["achievementIds/any(d:d eq '123456')"], ["achievementIds/any(d:d eq '12345')"]),
    "the language": (["language eq 'en'"], ["language eq 'de'", "language eq 'en-us'"]),
    "the scheduled time": (
        ["session/scheduledTime le '2009-06-15T13:45:30.0900000Z'"],
        ["session/scheduledTime lt '2009-06-15T13:45:30.0900000Z'"],
    ),
    "the posted time": (
        ["session/postedTime lt '2026-01-01T12:00:01Z'"],
        ["session/postedTime lt '2009-06-15T13:45:30.0900000Z'"],
    ),
    "registration": (["session/registrationState eq 'registered'"], ["session/registrationState eq 'pending'"]),
    "members": (["session/membersCount eq 5"], ["session/membersCount eq 4"]),
    "the target": (["session/targetMembersCount gt 1"], ["session/targetMembersCount gt 15"]),
    "the maximum": (["session/maxMembersCount lt 11"], ["session/maxMembersCount lt 3"]),
    "missing to the target": (
        ["session/targetMembersCountRemaining le 10"],
        ["session/targetMembersCountRemaining le 5"],
    ),
    "missing to the maximum": (
        ["session/maxMembersCountRemaining gt 2"],
        ["session/maxMembersCountRemaining gt 5"],
    ),
    "needs": (["session/needs le 15", "session/needs eq 10"], ["session/needs le 9"]),
    "the count of a role": (
        ["session/roles/lfg/confirmed/count eq 5", "session/roles/lfg/spare/count eq 0"],
        ["session/roles/lfg/confirmed/count eq 4", "session/roles/lfg/no/count eq 0", "session/roles/x/y/count eq 0"],
    ),
    "the target of a role": (
        ["session/roles/lfg/confirmed/target gt 1", "session/roles/lfg/spare/target eq 3"],
        ["session/roles/lfg/confirmed/target gt 15", "session/roles/lfg/no/target gt 0"],
    ),
    "the needs of a role": (
        ["session/roles/lfg/confirmed/needs le 15", "session/roles/lfg/spare/needs eq 3"],
        ["session/roles/lfg/confirmed/needs le 9", "session/roles/lfg/no/needs ge 0"],
    ),
    "a keyword": (
        ["session/keywords/any(d:tolower(d) eq 'level2')", "session/keywords/any(d:tolower(d) eq 'straße')"],
        ["session/keywords/any(d:tolower(d) eq 'level')"],
    ),
    "the service configuration": (
        ["session/scid eq '5C1D0000-0000-4000-8000-000000000001'"],
        ["session/scid eq '151512315'"],
    ),
    "the template": (["session/templateName eq 'Quick'"], ["session/templateName eq 'mytemplate1'"]),
    "either": (
        [
            "tags/any(a:tolower(a) eq 'elite') or number/guns gt 15 and string/clan eq 'purple'",
            "tags/any(a:tolower(a) eq 'no') or number/rank gt 15 and string/clan eq 'purple'",
        ],
        ["tags/any(a:tolower(a) eq 'no') or number/guns gt 15 and string/clan eq 'purple'"],
    ),
    # What clients send beside it.
    "the title": (["session/titleId eq 1719000001", "session/titleId ne 7"], ["session/titleId eq 1828326430"]),
    "at the root": (
        ["MemberXuids/any(d:d eq '1001')", "OwnerXuids/any(d:d eq '1000')"],
        ["OwnerXuids/any(d:d eq '1001')"],
    ),
    "any case": (
        ["Tags/ANY(X:ToLower(X) EQ 'elite') EQ TRUE AND NUMBERS/Rank GE 59 Or Language eq 'DE'"],
        ["Strings/Clan NE 'purple'"],
    ),
    "parentheses and blanks": (
        [
            XBOX_APP,
            "((numbers/rank eq 59) and (numbers/forzaskill eq 6))",
            "(numbers/rank eq 1 or numbers/rank eq 59)",
            "",
            "  ",
        ],
        ["(numbers/rank eq 59 and numbers/forzaskill eq 7)"],
    ),
    "without tolower": (["strings/clan eq 'purple'", "tags/any(d:d eq 'elite')"], ["strings/clan eq 'Purple'"]),
    "a quote in a text": ([], ["strings/clan eq 'it''s'"]),
    "all that is missing": (
        ["session/scheduledTime ne '2026-01-01T12:00:00Z'", "strings/none ne ''"],
        ["numbers/none lt 1", "numbers/none ge -1", "strings/none eq ''"],
    ),
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (text, found)
        for rows in ROWS.values()
        for found, texts in zip((True, False), rows, strict=True)
        for text in texts
    ],
)
def test_a_filter_finds_what_it_says(subject: tuple[Handle, Session], text: str, found: bool) -> None:
    """Each row of the browse page, what clients send beside it, and what just misses (SRCH-4, SRCH-9)."""
    assert is_true(text, *subject) is found


def test_every_path_is_in_the_rows() -> None:
    """A path that comes into the table comes here, too (SRCH-4)."""
    texts = " ".join(text for rows in ROWS.values() for text in (*rows[0], *rows[1])).lower()
    for path in PATHS:
        assert all(part in texts for part in path.lower().split("*")), path
    assert find_path(["session", "Roles", "LFG", "x", "Count"]) == (PATHS["session/roles/*/*/count"], ("lfg", "x"))


def test_without_targets_needs_counts_from_the_maximum(stage: Stage) -> None:
    """And there is no target to compare with (SRCH-9)."""
    stage.using({**can("searchable"), "maxMembersCount": 8})
    stage.put("Ann", ACTIVE)
    handle = handle_of(stage)
    assert is_true("session/needs eq 7 and session/targetMembersCount ne 0", handle, stage.held)
    assert not is_true("session/targetMembersCountRemaining lt 100", handle, stage.held)
    assert not is_true("session/registrationState eq 'x'", handle, stage.held)
    assert is_true("language ne 'en'", handle, stage.held)


def test_values_are_shown_as_json() -> None:
    """For explanations (SRCH-4)."""
    noon = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
    values = (frozenset("ba"), frozenset({17.0}), noon, 1.5, 2.0, None)
    assert json.dumps(list(map(shown_value, values))) == (
        '[["a", "b"], [17], "2026-01-01T12:00:00.0000000Z", 1.5, 2, null]'
    )


@pytest.mark.parametrize(
    ("text", "finds_nothing"),
    [("tags/any(d:d eq 'Elite')", True), ("strings/a eq 'b'", False), ("strings/a ne 'B'", False), ("", False)],
)
def test_capitals_find_nothing(text: str, finds_nothing: bool) -> None:
    """Tags and strings are compared in lower case (SRCH-2)."""
    assert any(clause.finds_nothing for clause in parse_filter(text).clauses) is finds_nothing


KNOWN = ", ".join(PATHS)
WRONG = {
    # A filter, the number of the character, and what is wrong there.
    "tag/any(d:d eq 'x')": (1, f'There is no path "tag"; there are {KNOWN}. Did you mean tags?'),
    "numbers eq 1": (1, f'There is no path "numbers"; there are {KNOWN}. Did you mean numbers/*?'),
    "tags eq 'x'": (1, "tags is a collection; write tags/any(d:d eq '…')."),
    "strings/a/any(d:d eq 'x')": (1, "strings/a is no collection, so it takes no any."),
    "numbers/a/any(d:d eq 'x')": (1, "numbers/a is no collection, so it takes no any."),
    "language/any(d:d eq 'x')": (1, "language is no collection, so it takes no any."),
    "tolower(numbers/a) eq 1": (9, "tolower is for texts, and numbers/a is a number."),
    "tolower(session/titleId) eq 1": (9, "tolower is for texts, and session/titleId is a number."),
    "numbers/a eq '1'": (14, "Expected a number; got \"'1'\"."),
    "numbers/a eq x": (14, 'Expected a number; got "x".'),
    "numbers/a eq 1e9": (14, 'Expected a number; got "1e9".'),
    "strings/a eq 1": (14, 'Expected a text in single quotes; got "1".'),
    "session/postedTime lt 'noon'": (
        23,
        "Expected a time in single quotes, as '2026-01-01T12:00:00Z'; got \"'noon'\".",
    ),
    "session/postedTime lt 2026": (23, "Expected a time in single quotes, as '2026-01-01T12:00:00Z'; got \"2026\"."),
    "strings/a gt 'x'": (11, "strings/a is compared by eq and ne only, not by gt."),
    "session/titleId gt 5": (17, "session/titleId is compared by eq and ne only, not by gt."),
    "tags/any(d:d lt 'x')": (14, "tags is compared by eq and ne only, not by lt."),
    "numbers/a is 1": (11, 'Expected one of eq, ne, gt, ge, lt, le; got "is".'),
    "numbers/a": (10, "Expected one of eq, ne, gt, ge, lt, le; got the end."),
    "numbers/a eq": (13, "Expected a value; got the end."),
    "numbers/a eq (": (14, 'Expected a value; got "(".'),
    "numbers/": (9, "Expected a name; got the end."),
    "numbers/a eq 1 numbers/b eq 2": (16, 'Expected and, or, or the end; got "numbers".'),
    "numbers/a eq 1)": (15, 'Expected and, or, or the end; got ")".'),
    "numbers/a eq 1 and": (19, "Expected a path, as tags or session/membersCount; got the end."),
    "not numbers/a eq 1": (5, 'Expected one of eq, ne, gt, ge, lt, le; got "numbers".'),
    "(numbers/a eq 1": (16, "Expected ); got the end."),
    "tolower(strings/a eq 'x'": (19, 'Expected ); got "eq".'),
    "tags/any(d:tolower(d eq 'x')": (22, 'Expected ); got "eq".'),
    "tags/any(d:e eq 'x')": (12, 'Expected the variable d; got "e".'),
    "tags/any(d eq 'x')": (12, 'Expected :; got "eq".'),
    "tags/any(:d eq 'x')": (10, 'Expected the name of a variable, as d; got ":".'),
    "tags/any(d:d eq 'x'": (20, "Expected ); got the end."),
    "tags/any(d:d eq 'x') eq false": (25, 'Expected true; got "false".'),
    "strings/a eq 'x": (14, "The text that begins here does not end; a quote in a text is written twice."),
    "strings/a eq 'x''": (14, "The text that begins here does not end; a quote in a text is written twice."),
    "numbers/a eq 1 or numbers/a eq 2 or numbers/a eq 3": (34, "A filter has only one or."),
    "numbers/a eq 1 or (numbers/a eq 2 or numbers/a eq 3)": (35, "A filter has only one or."),
    "(numbers/a eq 1 or numbers/a eq 2) and numbers/b eq 3": (
        17,
        "An or stands at the root of a filter, and this one is inside of and.",
    ),
    "(" * 30: (21, "At most 20 parentheses stand inside each other."),
}


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_filter_is_refused_where_it_is_wrong(text: str) -> None:
    """400, with the number of the character (SRCH-4)."""
    at, what = WRONG[text]
    expected = (400, "/filter", f"Character {at} of the filter: {what}", "SRCH-4")
    assert told_of(lambda: parse_filter(text)) == expected


@pytest.mark.parametrize(
    "text",
    ["x" * 10_000, "(" * 10_000, "'" * 9_999, "a/" * 5_000, "numbers/a eq 1 and " * 600, "x" * 8_000, "'" * 7_999],
    ids=lambda text: f"{len(text)} of {text[:9]}",
)
def test_a_long_filter_is_refused_at_once(text: str) -> None:
    """More than 8,000 characters, and any other that is wrong, in bounded time (SRCH-4)."""
    began = clock.process_time()
    assert told_of(lambda: parse_filter(text))[0] == 400
    assert clock.process_time() - began < 1


def test_a_filter_of_many_clauses_is_read() -> None:
    """As long as it has at most 8,000 characters (SRCH-4)."""
    text = " and ".join(["numbers/a eq 1"] * 400)
    assert len(parse_filter(text).clauses) == 400


REF = SessionRef("5c1d0000-0000-4000-8000-000000000001", "t", "n")
# Few names and values, and no filters of the strategies: each clause comes with a predicate, and often holds.
NAMES = ("a", "b", "c")
NUMBERS = st.dictionaries(st.sampled_from(NAMES), st.integers(-2, 3) | st.sampled_from([0.5, 1.5]), max_size=3)
STRINGS = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["X", "y", "it's"]), max_size=3)
TAGS = st.lists(st.sampled_from(["Fun", "fun", "ranked", "it's"]), max_size=3)
Clause = tuple[str, Callable[[dict[str, Any]], bool]]


def _number_clause(name: str, op: str, value: float) -> Clause:
    def holds(said: dict[str, Any]) -> bool:
        held = said["numbers"].get(name)
        return op == "ne" if held is None else bool(getattr(operator, op)(held, value))

    return f"numbers/{name} {op} {value}", holds


def _text_clause(name: str, op: str, value: str) -> Clause:
    def holds(said: dict[str, Any]) -> bool:
        held = said["strings"].get(name)
        return (held is not None and held.lower() == value) == (op == "eq")

    return f"tolower(strings/{name}) {op} '{value.replace(chr(39), chr(39) * 2)}'", holds


def _tag_clause(op: str, value: str) -> Clause:
    def holds(said: dict[str, Any]) -> bool:
        return (value in [tag.lower() for tag in said["tags"]]) == (op == "eq")

    return f"tags/any(t:tolower(t) {op} '{value.replace(chr(39), chr(39) * 2)}')", holds


EQUAL = st.sampled_from(["eq", "ne"])
CLAUSES = (
    st.builds(
        _number_clause,
        st.sampled_from(NAMES),
        st.sampled_from(["eq", "ne", "gt", "ge", "lt", "le"]),
        st.sampled_from([-1, 0, 0.5, 1, 2]),
    )
    | st.builds(_text_clause, st.sampled_from(NAMES), EQUAL, st.sampled_from(["x", "y", "it's"]))
    | st.builds(_tag_clause, EQUAL, st.sampled_from(["fun", "ranked", "it's"]))
)
BRANCHES = st.lists(st.lists(CLAUSES, min_size=1, max_size=3), min_size=1, max_size=2)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(BRANCHES, st.lists(st.fixed_dictionaries({"numbers": NUMBERS, "strings": STRINGS, "tags": TAGS}), max_size=6))
def test_a_filter_agrees_with_a_plain_predicate(branches: list[list[Clause]], handles: list[dict[str, Any]]) -> None:
    """Whatever the handles are, and the index never leaves out one that is right (SRCH-4)."""
    text = " or ".join(" and ".join(clause for clause, _ in branch) for branch in branches)
    parsed = parse_filter(text)
    for said in handles:
        attributes = searched(REF, said)
        expected = any(all(holds(said) for _, holds in branch) for branch in branches)
        found = [branch.may_be(attributes) for branch in parsed.branches]
        assert any(found) is expected, text
        for branch, right in zip(parsed.branches, found, strict=True):
            indexed = {clause.attribute for clause in branch.clauses if clause.attribute}
            assert not right or indexed <= set(attributes.names())
