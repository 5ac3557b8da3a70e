"""What a request for statistics asks for, and every way in which it can be malformed."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.refusal import Parts, Refusal
from pytest_xbl.mpsd.schema import check
from pytest_xbl.userstats.requests import (
    BATCH,
    GROUPED_BATCH,
    INCLUDE,
    OPERATION,
    Batch,
    GroupedBatch,
    Named,
    Wanted,
    parse_batch,
    parse_grouped_batch,
    parse_names,
    parse_user,
)

SCID = "5c1d0000-0000-4000-8000-00000000000a"
OTHER = "5C1D0000-0000-4000-8000-00000000000B"
XUID = "a xuid, as a number or a string of decimal digits"
TITLE = "a title id, as a number or a string of decimal digits"
NAME = "a name without a comma"
FILLED = "a list that is not empty"
WITHOUT = object()
"""Stands for a field that is taken away."""

NO_XUIDS: list[tuple[Any, str]] = [
    (None, "null"),
    (True, "true"),
    (False, "false"),
    (-1, "-1"),
    (1.0, "1.0"),
    ("", '""'),
    ("-1", '"-1"'),
    ("1.0", '"1.0"'),
    (" 1", '" 1"'),
    ("me", '"me"'),
    ("xuid(1)", '"xuid(1)"'),
    ("\u0661", '"\\u0661"'),
    ("1" * 21, '"111111111111111111111"'),
    ([1], "[1]"),
    ({}, "{}"),
]
NO_NAMES: list[tuple[Any, str]] = [
    (None, "null"),
    (7, "7"),
    (True, "true"),
    ("", '""'),
    (",", '","'),
    ("a,b", '"a,b"'),
    (["a"], '["a"]'),
]
NO_GUIDS: list[tuple[Any, str]] = [
    (None, "null"),
    (7, "7"),
    ("", '""'),
    ("123456789", '"123456789"'),
    (f"{{{SCID}}}", f'"{{{SCID}}}"'),
]
NO_LISTS: list[tuple[Any, str]] = [(None, "null"), ({}, "{}"), ("1", '"1"'), (1, "1")]
NO_OBJECTS: list[tuple[Any, str]] = [(None, "null"), ("kills", '"kills"'), ([], "[]")]


def told(refusal: Refusal) -> tuple[int, str, str, str]:
    """All that a refusal says."""
    return refusal.status, refusal.what, refusal.where, refusal.rule


def changed(body: JsonObject, place: str, value: Any) -> JsonObject:
    """A body with another value at a JSON pointer, or without it."""
    body = deepcopy(body)
    *way, last = (int(part) if part.isdecimal() else part for part in place.split("/")[1:])
    inside: Any = body
    for part in way:
        inside = inside[part]
    if value is WITHOUT:
        del inside[last]
    else:
        inside[last] = value
    return body


# Contract 1

PAGE: JsonObject = {
    "requestedusers": [1234567890123460, "1234567890123234"],
    "requestedscids": [
        {"scid": SCID, "requestedstats": ["Test4FirefightKills", "Test4FirefightHeadshots"]},
        {"scid": OTHER, "requestedstats": ["OverallTestKills", "TestHeadshots"]},
    ],
}


def placed(*values: str, at: Parts) -> dict[str, Parts]:
    """Values that stand in a list, and where."""
    return {value: (*at, number) for number, value in enumerate(values)}


def test_a_batch_names_users_and_statistics() -> None:
    """In the order of the request, users as strings whatever they came as, scids as they came (STAT-1, STAT-2)."""
    assert parse_batch(PAGE) == Batch(
        users=placed("1234567890123460", "1234567890123234", at=("requestedusers",)),
        wanted=(
            Wanted(
                SCID,
                placed("Test4FirefightKills", "Test4FirefightHeadshots", at=("requestedscids", 0, "requestedstats")),
                ("requestedscids", 0, "scid"),
            ),
            Wanted(
                OTHER,
                placed("OverallTestKills", "TestHeadshots", at=("requestedscids", 1, "requestedstats")),
                ("requestedscids", 1, "scid"),
            ),
        ),
    )


def test_what_stands_twice_in_a_batch_counts_once() -> None:
    """Where it stood first; names differ by case (STAT-11)."""
    body = {
        "requestedusers": ["7", 8, 7, "8", 0],
        "requestedscids": [{"scid": SCID, "requestedstats": ["b", "a", "b", "B"]}],
    }
    batch = parse_batch(body)
    assert batch.users == {"7": ("requestedusers", 0), "8": ("requestedusers", 1), "0": ("requestedusers", 4)}
    at = ("requestedscids", 0, "requestedstats")
    assert [part.names for part in batch.wanted] == [{"b": (*at, 0), "a": (*at, 1), "B": (*at, 3)}]


def test_a_service_configuration_that_asks_twice_for_the_same_counts_once() -> None:
    """In whatever case it is written; other names are another wish, though of the same one (STAT-11)."""
    asked = [(OTHER, ["a", "b"]), (SCID, ["a"]), (OTHER.lower(), ["a", "b", "a"]), (OTHER, ["a"])]
    body = {**PAGE, "requestedscids": [{"scid": scid, "requestedstats": names} for scid, names in asked]}
    assert [(part.scid, tuple(part.names), part.at) for part in parse_batch(body).wanted] == [
        (OTHER, ("a", "b"), ("requestedscids", 0, "scid")),
        (SCID, ("a",), ("requestedscids", 1, "scid")),
        (OTHER, ("a",), ("requestedscids", 3, "scid")),
    ]


@pytest.mark.parametrize("xuid", [0, 2**64 - 1, "0", "007", "18446744073709551615"])
def test_a_xuid_is_a_number_or_digits(xuid: str | int) -> None:
    """As the page has it, or as clients send it (STAT-1)."""
    assert parse_batch(changed(PAGE, "/requestedusers", [xuid])).users == {str(xuid): ("requestedusers", 0)}


STATS = "/requestedscids/1/requestedstats"
BAD_BATCHES: list[tuple[str, Any, str, str]] = [
    # where; what is put there; what is expected, or the whole sentence; how the value is shown
    *(("/requestedusers/1", value, XUID, got) for value, got in NO_XUIDS),
    *(("/requestedusers", value, "a list", got) for value, got in NO_LISTS),
    ("/requestedusers", [], FILLED, "[]"),
    *(("/requestedscids", value, "a list", got) for value, got in NO_LISTS),
    ("/requestedscids", [], FILLED, "[]"),
    *(("/requestedscids/1", value, "an object", got) for value, got in NO_OBJECTS),
    *(("/requestedscids/1/scid", value, "a GUID", got) for value, got in NO_GUIDS),
    *((STATS, value, "a list", got) for value, got in NO_LISTS),
    (STATS, [], FILLED, "[]"),
    *((f"{STATS}/0", value, NAME, got) for value, got in NO_NAMES),
    ("/requestedscids/1/stats", ["a"], "no such field; known are scid, requestedstats", '["a"]'),
]


@pytest.mark.parametrize(("place", "value", "expected", "got"), BAD_BATCHES)
def test_a_malformed_batch_is_refused_where_it_is_malformed(place: str, value: Any, expected: str, got: str) -> None:
    """With the JSON pointer of the innermost place that does not fit (STAT-1, STAT-11, CALL-6)."""
    with pytest.raises(Refusal) as refused:
        parse_batch(changed(PAGE, place, value))
    assert told(refused.value) == (400, f"Expected {expected}; got {got}.", place, "STAT-1")


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ({"scid": SCID}, f'Expected an object with "requestedstats"; got {{"scid": "{SCID}"}}.'),
        ({"requestedstats": ["a"]}, 'Expected an object with "scid"; got {"requestedstats": ["a"]}.'),
        ({}, 'Expected an object with "scid"; got {}.'),
    ],
)
def test_a_service_configuration_in_a_batch_needs_both_fields(entry: JsonObject, what: str) -> None:
    """Neither says anything without the other (STAT-1)."""
    with pytest.raises(Refusal) as refused:
        parse_batch(changed(PAGE, "/requestedscids/0", entry))
    assert told(refused.value) == (400, what, "/requestedscids/0", "STAT-1")


@pytest.mark.parametrize("field", ["requestedusers", "requestedscids"])
def test_a_batch_needs_each_of_its_fields(field: str) -> None:
    """There are two (STAT-1, CALL-6)."""
    assert set(BATCH) == set(PAGE)
    with pytest.raises(Refusal) as refused:
        parse_batch(changed(PAGE, f"/{field}", WITHOUT))
    assert told(refused.value) == (400, f"The field {field} is required here.", f"/{field}", "CALL-6")


@pytest.mark.parametrize(
    ("field", "hint"),
    [
        ("requestedUsers", 'did you mean "requestedusers"?'),
        ("requestedscid", 'did you mean "requestedscids"?'),
        ("zzz", "known here: requestedusers, requestedscids."),
    ],
)
def test_a_batch_has_no_other_field(field: str, hint: str) -> None:
    """One that is misspelt is not ignored (STAT-1, CALL-6)."""
    with pytest.raises(Refusal) as refused:
        parse_batch({**PAGE, field: []})
    assert told(refused.value) == (400, f'The field "{field}" is not known here; {hint}', f"/{field}", "CALL-6")


# Contract 2

GROUPED: JsonObject = {
    "arrangebyfield": "xuid",
    "xuids": ["7", 8],
    "groups": [{"name": "hero", "titleId": "1"}, {"name": "best", "scid": SCID}],
    "stats": [
        {"name": "MinutesPlayed", "titleid": 2},
        {"name": "kills", "scid": OTHER},
        {"name": "kills", "titleId": 0},
    ],
}


def test_a_grouped_batch_names_each_statistic_with_its_home() -> None:
    """A title, however it is spelt and written, or a service configuration (STAT-3, STAT-10)."""
    assert parse_grouped_batch(GROUPED) == GroupedBatch(
        users=placed("7", "8", at=("xuids",)),
        groups=(Named("hero", "1", "", ("groups", 0), "titleId"), Named("best", "", SCID, ("groups", 1))),
        stats=(
            Named("MinutesPlayed", "2", "", ("stats", 0), "titleid"),
            Named("kills", "", OTHER, ("stats", 1)),
            Named("kills", "0", "", ("stats", 2), "titleId"),
        ),
    )


def test_users_that_stand_twice_in_a_grouped_batch_count_once() -> None:
    """Where they stood first (STAT-11)."""
    assert parse_grouped_batch({**GROUPED, "xuids": [9, "7", "9", 7]}).users == {"9": ("xuids", 0), "7": ("xuids", 1)}


@pytest.mark.parametrize("field", ["groups", "stats"])
def test_what_stands_twice_in_a_grouped_batch_counts_once(field: str) -> None:
    """However the title is spelt, and in whatever case the service configuration is; names differ by case (STAT-11)."""
    entries = [
        {"name": "b", "titleId": 1},
        {"name": "a", "scid": OTHER},
        {"titleid": "1", "name": "b"},
        {"name": "a", "scid": OTHER.lower()},
        {"name": "B", "titleId": 1},
        {"name": "b", "titleId": 2},
        {"name": "a", "scid": SCID},
    ]
    batch = parse_grouped_batch({"arrangebyfield": "xuid", "xuids": [7], field: entries})
    assert getattr(batch, field) == (
        Named("b", "1", "", (field, 0), "titleId"),
        Named("a", "", OTHER, (field, 1)),
        Named("B", "1", "", (field, 4), "titleId"),
        Named("b", "2", "", (field, 5), "titleId"),
        Named("a", "", SCID, (field, 6)),
    )


@pytest.mark.parametrize(("field", "other"), [("groups", "stats"), ("stats", "groups")])
@pytest.mark.parametrize("value", [[], WITHOUT])
def test_a_grouped_batch_asks_for_groups_or_for_statistics(field: str, other: str, value: Any) -> None:
    """One of the two is enough, and clients leave the other empty (STAT-3)."""
    batch = parse_grouped_batch(changed(GROUPED, f"/{field}", value))
    assert getattr(batch, field) == ()
    assert getattr(batch, other) == getattr(parse_grouped_batch(GROUPED), other)


@pytest.mark.parametrize("groups", [[], WITHOUT])
@pytest.mark.parametrize("stats", [[], WITHOUT])
def test_a_grouped_batch_that_asks_for_nothing_is_refused(groups: Any, stats: Any) -> None:
    """It needs one of the two (STAT-3)."""
    with pytest.raises(Refusal) as refused:
        parse_grouped_batch(changed(changed(GROUPED, "/groups", groups), "/stats", stats))
    assert told(refused.value) == (400, "A batch asks for stats, or for groups of them.", "/stats", "STAT-3")


BAD_GROUPED_BATCHES: list[tuple[str, Any, str, str]] = [
    # where; what is put there; what is expected; how the value is shown
    *(
        ("/arrangebyfield", value, 'one of "xuid"', got)
        for value, got in ((None, "null"), ("", '""'), ("XUID", '"XUID"'), ("name", '"name"'), (["xuid"], '["xuid"]'))
    ),
    *(("/xuids/1", value, XUID, got) for value, got in NO_XUIDS),
    *(("/xuids", value, "a list", got) for value, got in NO_LISTS),
    ("/xuids", [], FILLED, "[]"),
    *((f"/{field}", value, "a list", got) for field in ("groups", "stats") for value, got in NO_LISTS),
    *((f"/{field}/1", value, "an object", got) for field in ("groups", "stats") for value, got in NO_OBJECTS),
    *((f"/{field}/1/name", value, NAME, got) for field in ("groups", "stats") for value, got in NO_NAMES),
    *((f"/{field}/1/scid", value, "a GUID", got) for field in ("groups", "stats") for value, got in NO_GUIDS),
    *(("/groups/0/titleId", value, TITLE, got) for value, got in NO_XUIDS),
    *(("/stats/0/titleid", value, TITLE, got) for value, got in NO_XUIDS),
    *(
        (f"/{field}/0/title", "1", "no such field; known are name, titleId, titleid, scid", '"1"')
        for field in ("groups", "stats")
    ),
]


@pytest.mark.parametrize(("place", "value", "expected", "got"), BAD_GROUPED_BATCHES)
def test_a_malformed_grouped_batch_is_refused_where_it_is_malformed(
    place: str, value: Any, expected: str, got: str
) -> None:
    """With the JSON pointer of the innermost place that does not fit (STAT-3, STAT-11, CALL-6)."""
    with pytest.raises(Refusal) as refused:
        parse_grouped_batch(changed(GROUPED, place, value))
    assert told(refused.value) == (400, f"Expected {expected}; got {got}.", place, "STAT-3")


@pytest.mark.parametrize("field", ["groups", "stats"])
@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ({"scid": SCID}, f'Expected an object with "name"; got {{"scid": "{SCID}"}}.'),
        ({"name": "a"}, "Expected either titleId or scid; got neither."),
        ({"name": "a", "titleId": 1, "scid": SCID}, "Expected either titleId or scid; got titleId and scid."),
        ({"name": "a", "scid": SCID, "titleid": 1}, "Expected either titleId or scid; got titleid and scid."),
        ({"name": "a", "titleid": 1, "titleId": 1}, "Expected either titleId or scid; got titleId and titleid."),
        (
            {"name": "a", "titleid": 1, "titleId": 1, "scid": SCID},
            "Expected either titleId or scid; got titleId and titleid and scid.",
        ),
    ],
)
def test_a_statistic_in_a_grouped_batch_has_a_name_and_one_home(field: str, entry: JsonObject, what: str) -> None:
    """Two homes might contradict each other (STAT-3, STAT-10)."""
    with pytest.raises(Refusal) as refused:
        parse_grouped_batch(changed(GROUPED, f"/{field}/1", entry))
    assert told(refused.value) == (400, what, f"/{field}/1", "STAT-3")


@pytest.mark.parametrize("field", ["arrangebyfield", "xuids"])
def test_a_grouped_batch_needs_users_and_their_arrangement(field: str) -> None:
    """The rest can be left out (STAT-3, CALL-6)."""
    with pytest.raises(Refusal) as refused:
        parse_grouped_batch(changed(GROUPED, f"/{field}", WITHOUT))
    assert told(refused.value) == (400, f"The field {field} is required here.", f"/{field}", "CALL-6")


@pytest.mark.parametrize(
    ("field", "hint"),
    [
        ("arrangeByField", 'did you mean "arrangebyfield"?'),
        ("group", "it is a field of a member's properties.system under contracts 104 and 105."),
        ("stat", 'did you mean "stats"?'),
        ("zzz", "known here: arrangebyfield, xuids, groups, stats."),
    ],
)
def test_a_grouped_batch_has_no_other_field(field: str, hint: str) -> None:
    """One that is misspelt is not ignored (STAT-3, CALL-6)."""
    assert set(GROUPED_BATCH) == set(GROUPED)
    with pytest.raises(Refusal) as refused:
        parse_grouped_batch({**GROUPED, field: []})
    assert told(refused.value) == (400, f'The field "{field}" is not known here; {hint}', f"/{field}", "CALL-6")


def test_a_body_of_the_other_contract_is_recognized() -> None:
    """Whoever forgets the header, or has another one, is told so (STAT-13)."""
    with pytest.raises(Refusal) as refused:
        parse_batch(GROUPED)
    text = "This request is of contract 1, and arrangebyfield is a field of contract 2."
    assert told(refused.value) == (400, text, "/arrangebyfield", "STAT-13")
    with pytest.raises(Refusal) as refused:
        parse_grouped_batch(PAGE)
    text = "This request is of contract 2, and requestedusers is a field of contract 1."
    assert told(refused.value) == (400, text, "/requestedusers", "STAT-13")


# The path and the query string of a GET


@pytest.mark.parametrize(
    ("names", "parsed"),
    [
        ("kills", ("kills",)),
        ("b,a,c", ("b", "a", "c")),
        ("b,a,b,B", ("b", "a", "B")),
        (" a , b ", (" a ", " b ")),
        ("a,b,c,d,e,f,g,h,i,j", tuple("abcdefghij")),
        ("a" * 600, ("a" * 600,)),
        (",".join(["a" * 299, "b" * 300]), ("a" * 299, "b" * 300)),
    ],
)
def test_names_are_parted_by_commas(names: str, parsed: tuple[str, ...]) -> None:
    """In their order, each of them once, up to ten of them and 600 characters (STAT-2, STAT-4, STAT-11)."""
    assert parse_names(names) == dict.fromkeys(parsed, "the URI")


@pytest.mark.parametrize(
    ("names", "what"),
    [
        (
            "a,b,c,d,e,f,g,h,i,j,k",
            "At most 10 names, of 600 characters with their commas; got 11 of 21 characters.",
        ),
        ("," * 10, "At most 10 names, of 600 characters with their commas; got 11 of 10 characters."),
        ("a," * 10 + "a", "At most 10 names, of 600 characters with their commas; got 11 of 21 characters."),
        ("a" * 601, "At most 10 names, of 600 characters with their commas; got 1 of 601 characters."),
        (
            ",".join(["a" * 300, "b" * 300]),
            "At most 10 names, of 600 characters with their commas; got 2 of 601 characters.",
        ),
        ("", 'A statistic has a printable name; got "".'),
        (",", 'A statistic has a printable name; got ",".'),
        ("a,", 'A statistic has a printable name; got "a,".'),
        (",a", 'A statistic has a printable name; got ",a".'),
        ("a,,b", 'A statistic has a printable name; got "a,,b".'),
        ("a\nb", 'A statistic has a printable name; got "a\\nb".'),
        ("a\ufffd", 'A statistic has a printable name; got "a\\ufffd".'),
    ],
)
def test_too_many_names_and_empty_ones_are_refused(names: str, what: str) -> None:
    """The commas count, and so does what stands there twice (STAT-4)."""
    with pytest.raises(Refusal) as refused:
        parse_names(names)
    assert told(refused.value) == (400, what, "the URI", "STAT-4")


@pytest.mark.parametrize(
    ("part", "xuid"), [("xuid(7)", "7"), ("XUID(7)", "7"), ("Xuid(007)", "007"), (f"xuid({'9' * 20})", "9" * 20)]
)
def test_a_user_is_named_by_their_xuid_in_parentheses(part: str, xuid: str) -> None:
    """In whatever case (STAT-4)."""
    assert parse_user(part) == xuid


@pytest.mark.parametrize(
    ("part", "got"),
    [
        ("7", '"7"'),
        ("me", '"me"'),
        ("gt(Stacy)", '"gt(Stacy)"'),
        ("xuid()", '"xuid()"'),
        ("xuid(7", '"xuid(7"'),
        ("xuid7", '"xuid7"'),
        ("xuid(-7)", '"xuid(-7)"'),
        ("xuid(7) ", '"xuid(7) "'),
        ("xuid(7)\n", '"xuid(7)\\n"'),
        ("xuid(\u0667)", '"xuid(\\u0667)"'),
        (f"xuid({'9' * 21})", f'"xuid({"9" * 21})"'),
    ],
)
def test_a_user_who_is_named_otherwise_is_refused(part: str, got: str) -> None:
    """There is one form (STAT-4)."""
    with pytest.raises(Refusal) as refused:
        parse_user(part)
    what = f"A user is named as xuid(<decimal digits>), not {got}."
    assert told(refused.value) == (400, what, "the URI", "STAT-4")


@pytest.mark.parametrize(
    ("table", "name", "value", "rule"),
    [(OPERATION, "operation", "read", "STAT-1"), (INCLUDE, "include", "valuemetadata", "STAT-4")],
)
def test_a_query_parameter_has_one_value(table: Any, name: str, value: str, rule: str) -> None:
    """The one that clients send, in that case (STAT-1, STAT-4)."""
    assert list(table) == [name]
    check(table[name].shape, value, f"?{name}", table[name].rule)
    for other in ("", value.upper(), f"{value} ", "all"):
        with pytest.raises(Refusal) as refused:
            check(table[name].shape, other, f"?{name}", table[name].rule)
        assert told(refused.value) == (400, f'Expected one of "{value}"; got "{other}".', f"?{name}", rule)
