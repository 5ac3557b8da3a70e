"""Requests for statistics, and every way in which they can be malformed."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from functools import partial
from typing import Any

import pytest

from errors import parts, refusal_of, told, told_of
from pytest_xbl.mpsd.checking import check
from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.refusal import Place
from pytest_xbl.userstats.requests import (
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
XUID = "a xuid, a number of at most 64 bits or its digits in a string"
TITLE = "a title id, a number of at most 64 bits or its digits in a string"
NAME = "a name without a comma"
WITHOUT = object()
"""Stands for a field that is taken away."""

NO_XUIDS: tuple[Any, ...] = (
    *(None, True, -1, 1.0, "", "-1", "1.0", " 1", "me", "xuid(1)", "\u0661", "1" * 21, [1], {}),
)
NO_NAMES: tuple[Any, ...] = (None, 7, True, "", ",", "a,b", ["a"])
NO_GUIDS: tuple[Any, ...] = (None, 7, "", "123456789", f"{{{SCID}}}")
NO_LISTS: tuple[Any, ...] = (None, {}, "1", 1)
NO_OBJECTS: tuple[Any, ...] = (None, "kills", [])


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


def placed(*values: str, at: str) -> dict[str, Place]:
    """Values that stand in a list, and where."""
    return {value: (*parts(at), number) for number, value in enumerate(values)}


def test_a_batch_names_users_and_statistics() -> None:
    """In the order of the request, users as strings whatever they came as, scids as they came (STAT-1, STAT-2)."""
    first, second = "/requestedscids/0", "/requestedscids/1"
    kills = placed("Test4FirefightKills", "Test4FirefightHeadshots", at=f"{first}/requestedstats")
    others = placed("OverallTestKills", "TestHeadshots", at=f"{second}/requestedstats")
    assert parse_batch(PAGE) == Batch(
        users=placed("1234567890123460", "1234567890123234", at="/requestedusers"),
        wanted=(Wanted(SCID, kills, parts(f"{first}/scid")), Wanted(OTHER, others, parts(f"{second}/scid"))),
    )


def test_what_stands_twice_in_a_batch_counts_once() -> None:
    """Where it stood first; names differ by case (STAT-11)."""
    asked = {"scid": SCID, "requestedstats": ["b", "a", "b", "B"]}
    batch = parse_batch({"requestedusers": ["7", 8, 7, "8", 0], "requestedscids": [asked]})
    assert batch.users == {xuid: ("requestedusers", place) for xuid, place in (("7", 0), ("8", 1), ("0", 4))}
    at = ("requestedscids", 0, "requestedstats")
    assert [part.names for part in batch.wanted] == [{"b": (*at, 0), "a": (*at, 1), "B": (*at, 3)}]


def test_a_service_configuration_that_asks_twice_for_the_same_counts_once() -> None:
    """In whatever case it is written; other names are another wish, though of the same one (STAT-11)."""
    asked = [(OTHER, ["a", "b"]), (SCID, ["a"]), (OTHER.lower(), ["a", "b", "a"]), (OTHER, ["a"])]
    body = {**PAGE, "requestedscids": [{"scid": scid, "requestedstats": names} for scid, names in asked]}
    assert [(part.scid, tuple(part.names), part.at) for part in parse_batch(body).wanted] == [
        (OTHER, ("a", "b"), parts("/requestedscids/0/scid")),
        (SCID, ("a",), parts("/requestedscids/1/scid")),
        (OTHER, ("a",), parts("/requestedscids/3/scid")),
    ]


def test_a_xuid_is_a_number_or_digits() -> None:
    """As the page has it, or as clients send it (STAT-1)."""
    for xuid in (0, 2**64 - 1, "0", "007", "18446744073709551615"):
        assert parse_batch(changed(PAGE, "/requestedusers", [xuid])).users == {str(xuid): parts("/requestedusers/0")}


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
        users=placed("7", "8", at="/xuids"),
        groups=(Named("hero", "1", "", parts("/groups/0"), "titleId"), Named("best", "", SCID, parts("/groups/1"))),
        stats=(
            Named("MinutesPlayed", "2", "", parts("/stats/0"), "titleid"),
            Named("kills", "", OTHER, parts("/stats/1")),
            Named("kills", "0", "", parts("/stats/2"), "titleId"),
        ),
    )


def test_users_that_stand_twice_in_a_grouped_batch_count_once() -> None:
    """Where they stood first (STAT-11)."""
    batch = parse_grouped_batch({**GROUPED, "xuids": [9, "7", "9", 7]})
    assert batch.users == placed("9", "7", at="/xuids")


@pytest.mark.parametrize("field", ["groups", "stats"])
def test_what_stands_twice_in_a_grouped_batch_counts_once(field: str) -> None:
    """However the title is spelt, and in whatever case the service configuration is; names differ by case (STAT-11)."""
    first = [{"name": "b", "titleId": 1}, {"name": "a", "scid": OTHER}]
    again = [{"titleid": "1", "name": "b"}, {"name": "a", "scid": OTHER.lower()}]
    others = [{"name": "B", "titleId": 1}, {"name": "b", "titleId": 2}, {"name": "a", "scid": SCID}]
    batch = parse_grouped_batch({"arrangebyfield": "xuid", "xuids": [7], field: [*first, *again, *others]})
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


# Bodies of another form

STATS = "/requestedscids/1/requestedstats"
LISTS = {1: ("/requestedusers", "/requestedscids", STATS), 2: ("/xuids", "/groups", "/stats")}
MALFORMED: list[tuple[int, str, str, tuple[Any, ...]]] = [
    # the contract, a place in its body, what is expected there, and what is there instead
    *((contract, place, "a list", NO_LISTS) for contract, places in LISTS.items() for place in places),
    *((1, place, "a list that is not empty", ([],)) for place in LISTS[1]),
    (1, "/requestedusers/1", XUID, NO_XUIDS),
    (1, "/requestedscids/1", "an object", NO_OBJECTS),
    (1, "/requestedscids/1/scid", "a GUID", NO_GUIDS),
    (1, f"{STATS}/0", NAME, NO_NAMES),
    (1, "/requestedscids/0", 'an object with "scid"', ({}, {"requestedstats": ["a"]})),
    (1, "/requestedscids/0", 'an object with "requestedstats"', ({"scid": "a"},)),
    (2, "/arrangebyfield", 'one of "xuid"', (None, "", "XUID", "name", ["xuid"])),
    (2, "/xuids", "a list that is not empty", ([],)),
    (2, "/xuids/1", XUID, NO_XUIDS),
    *((2, f"/{field}/1", "an object", NO_OBJECTS) for field in ("groups", "stats")),
    *((2, f"/{field}/1", 'an object with "name"', ({"scid": "a"},)) for field in ("groups", "stats")),
    *((2, f"/{field}/1/name", NAME, NO_NAMES) for field in ("groups", "stats")),
    *((2, f"/{field}/1/scid", "a GUID", NO_GUIDS) for field in ("groups", "stats")),
    *((2, place, TITLE, NO_XUIDS) for place in ("/groups/0/titleId", "/stats/0/titleid")),
]
DIALECTS: dict[int, tuple[Callable[[JsonObject], object], JsonObject, str]] = {
    1: (parse_batch, PAGE, "STAT-1"),
    2: (parse_grouped_batch, GROUPED, "STAT-3"),
}
"""By contract: the parser, a good body, and the rule about values."""


@pytest.mark.parametrize(
    ("contract", "place", "hint"),
    [
        (1, "/requestedscids/1/stats", "known here: scid, requestedstats."),
        (2, "/stats/0/title", 'did you mean "titleid"?'),
        (2, "/groups/0/members", "known here: name, titleId, titleid, scid."),
    ],
)
def test_a_field_that_there_is_not_is_named(contract: int, place: str, hint: str) -> None:
    """With the nearest one, or all that there are (STAT-1, STAT-3, CALL-6)."""
    parse, body, rule = DIALECTS[contract]
    what = f'The field "{place.rpartition("/")[2]}" is not known here; {hint}'
    assert told(refusal_of(partial(parse, changed(body, place, "1")))) == (400, place, what, rule)


@pytest.mark.parametrize(("contract", "place", "expected", "values"), MALFORMED)
def test_a_malformed_batch_is_refused_where_it_is_malformed(
    contract: int, place: str, expected: str, values: tuple[Any, ...]
) -> None:
    """With the JSON pointer of the innermost place that does not fit (STAT-1, STAT-3, STAT-11, CALL-6)."""
    parse, body, rule = DIALECTS[contract]
    for value in values:
        refusal = refusal_of(partial(parse, changed(body, place, value)))
        assert told(refusal) == (400, place, f"Expected {expected}; got {json.dumps(value)}.", rule)


@pytest.mark.parametrize(
    ("contract", "field"), [(1, "requestedusers"), (1, "requestedscids"), (2, "arrangebyfield"), (2, "xuids")]
)
def test_a_batch_needs_its_users_and_statistics(contract: int, field: str) -> None:
    """The other fields of contract 2 may be left out (STAT-1, STAT-3, CALL-6)."""
    parse, body, _ = DIALECTS[contract]
    refused = told_of(lambda: parse(changed(body, f"/{field}", WITHOUT)))
    assert refused == (400, f"/{field}", f"The field {field} is required here.", "CALL-6")


@pytest.mark.parametrize(
    ("contract", "field", "hint"),
    [
        (1, "requestedUsers", 'did you mean "requestedusers"?'),
        (1, "zzz", "known here: requestedusers, requestedscids."),
        (2, "arrangeByField", 'did you mean "arrangebyfield"?'),
        (2, "group", "it is a field of a member's properties.system under contracts 104 and 105."),
        (2, "zzz", "known here: arrangebyfield, xuids, groups, stats."),
    ],
)
def test_a_batch_has_no_other_field(contract: int, field: str, hint: str) -> None:
    """One that is misspelt is not ignored (STAT-1, STAT-3, CALL-6)."""
    parse, body, _ = DIALECTS[contract]
    refused = told_of(lambda: parse({**body, field: []}))
    assert refused == (400, f"/{field}", f'The field "{field}" is not known here; {hint}', "CALL-6")


def test_a_body_of_the_other_contract_is_recognized() -> None:
    """A client that forgot the header, or sent another one, learns it (STAT-13)."""
    text = "This request is of contract 1, and arrangebyfield is a field of contract 2."
    assert told_of(lambda: parse_batch(GROUPED)) == (400, "/arrangebyfield", text, "STAT-13")
    text = "This request is of contract 2, and requestedusers is a field of contract 1."
    assert told_of(lambda: parse_grouped_batch(PAGE)) == (400, "/requestedusers", text, "STAT-13")


@pytest.mark.parametrize("groups", [[], WITHOUT])
@pytest.mark.parametrize("stats", [[], WITHOUT])
def test_a_grouped_batch_that_asks_for_nothing_is_refused(groups: Any, stats: Any) -> None:
    """It needs one of the two (STAT-3)."""
    body = changed(changed(GROUPED, "/groups", groups), "/stats", stats)
    what = "A batch asks for stats, or for groups of them."
    assert told_of(lambda: parse_grouped_batch(body)) == (400, "/stats", what, "STAT-3")


@pytest.mark.parametrize("field", ["groups", "stats"])
def test_a_statistic_in_a_grouped_batch_has_one_home(field: str) -> None:
    """Two homes might contradict each other (STAT-3, STAT-10)."""
    homes = {"titleId": 1, "titleid": 1, "scid": SCID}
    for names in ([], ["titleId", "scid"], ["titleid", "scid"], ["titleId", "titleid", "scid"]):
        body = changed(GROUPED, f"/{field}/1", {"name": "a", **{name: homes[name] for name in reversed(names)}})
        what = f"Expected either titleId or scid; got {' and '.join(names) or 'neither'}."
        assert told_of(partial(parse_grouped_batch, body)) == (400, f"/{field}/1", what, "STAT-3")


# The path and the query string of a GET


def test_names_are_parted_by_commas() -> None:
    """In their order, each of them once, up to ten of them and 600 characters (STAT-2, STAT-4, STAT-11)."""
    for names in (["kills"], ["b", "a", "c"], [" a ", " b "], [*"abcdefghij"], ["a" * 600], ["a" * 299, "b" * 300]):
        assert list(parse_names(",".join(names)).items()) == [(name, "the URI") for name in names]
    assert list(parse_names("b,a,b,B")) == ["b", "a", "B"]


MOST = "At most 10 names, of 600 characters with their commas; got {} of {} characters."


@pytest.mark.parametrize(
    ("names", "what"),
    [
        ("a,b,c,d,e,f,g,h,i,j,k", MOST.format(11, 21)),
        ("," * 10, MOST.format(11, 10)),
        ("a," * 10 + "a", MOST.format(11, 21)),
        ("a" * 601, MOST.format(1, 601)),
        (",".join(["a" * 300, "b" * 300]), MOST.format(2, 601)),
        *(
            (names, f"A statistic has a printable name; got {json.dumps(names)}.")
            for names in ("", ",", "a,", ",a", "a,,b", "a\nb", "a\ufffd")
        ),
    ],
)
def test_too_many_names_and_empty_ones_are_refused(names: str, what: str) -> None:
    """The commas count, and so does a name that is there twice (STAT-4)."""
    assert told_of(lambda: parse_names(names)) == (400, "the URI", what, "STAT-4")


def test_a_user_is_named_by_their_xuid_in_parentheses() -> None:
    """In whatever case (STAT-4)."""
    named = {"xuid(7)": "7", "XUID(7)": "7", "Xuid(007)": "007", f"xuid({2**64 - 1})": str(2**64 - 1)}
    assert {part: parse_user(part) for part in named} == named


ODD = ("xuid(7)\n", "xuid(\u0667)", f"xuid({2**64})", f"xuid({'9' * 21})")


@pytest.mark.parametrize("user", ["7", "me", "gt(Stacy)", "xuid()", "xuid(7", "xuid7", "xuid(-7)", "xuid(7) ", *ODD])
def test_a_user_who_is_named_otherwise_is_refused(user: str) -> None:
    """There is one form (STAT-4)."""
    what = f"A user is named as xuid(<decimal digits, at most 64 bits>), not {json.dumps(user)}."
    assert told_of(lambda: parse_user(user)) == (400, "the URI", what, "STAT-4")


@pytest.mark.parametrize(
    ("table", "name", "value", "rule"),
    [(OPERATION, "operation", "read", "STAT-1"), (INCLUDE, "include", "valuemetadata", "STAT-4")],
)
def test_a_query_parameter_has_one_value(table: Any, name: str, value: str, rule: str) -> None:
    """The one that clients send, in that case (STAT-1, STAT-4)."""
    assert list(table) == [name]
    check(table[name].shape, value, f"?{name}", table[name].rule)
    for other in ("", value.upper(), f"{value} ", "all"):
        refusal = refusal_of(partial(check, table[name].shape, other, f"?{name}", table[name].rule))
        assert told(refusal) == (400, f"?{name}", f'Expected one of "{value}"; got "{other}".', rule)
