"""`xbl.journal`: looking through the requests, and asserting about them."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest

from bodies import ACTIVE, ONE
from errors import error_of
from people import person
from pytest_xbl import JournalView, XboxLive
from pytest_xbl.wire.matching import every_route

Assertion = Callable[[JournalView], object]

HUGE, DIGITS = 10**5000, "an integer of thousands of digits"
ARRIVED = """\
#1 Stacy: put-session lobby/one -> 201
#2 Ana: put-session lobby/one -> 200
#3 Stacy: put-session lobby/one -> 200
#4 Stacy: delete-me lobby/one/members/me -> 204
#5 nobody: get-session lobby/one -> 401 CALL-3 at Authorization: \
Expected XBL3.0 x=<userhash>;<token>; got no such header."""
FILTERS = "operation, caller, method, path, status, rule, body"


@pytest.fixture
def played(xbl: XboxLive) -> XboxLive:
    """A world in which five requests have arrived."""
    stacy, ana = (xbl.client(user) for user in xbl.users("Stacy", "Ana", "Bob")[:2])
    stacy.put(ONE, json=ACTIVE)
    ana.put(ONE, json=ACTIVE)
    stacy.put(ONE, json={"properties": {"custom": {"score": 1}}})
    stacy.delete(f"{ONE}/members/me")
    xbl.client().get(ONE)
    return xbl


def failure_of(assertion: Callable[[], object]) -> str:
    """The text with which an assertion fails."""
    with pytest.raises(AssertionError) as error:
        assertion()
    return str(error.value)


# What was let go


FEW = """\
... 3 earlier requests were let go (xbl_keep is 2)
#4 Stacy: get-session lobby/one -> 200
#5 Stacy: get-session lobby/one -> 200"""
CANNOT_TELL = (
    "This cannot be told of the requests that are left: 3 earlier requests were let go (xbl_keep is 2).\nrule: SEEN-18"
)


@pytest.fixture
def few() -> XboxLive:
    """A world that keeps two requests, to which five have come."""
    xbl = XboxLive(keep=2)
    client = xbl.client(xbl.user("Stacy"))
    client.put(ONE, json=ACTIVE)
    for _ in range(4):
        client.get(ONE)
    return xbl


def test_a_journal_says_how_many_requests_were_let_go(few: XboxLive) -> None:
    """Where it is shown, and what is left of it after a filter (SEEN-18)."""
    gap = "3 earlier requests were let go (xbl_keep is 2)"
    assert (str(few.journal), str(few.journal.filter("get-session"))) == (FEW, FEW)
    assert (few.journal.gap, few.journal.filter("get-session").gap) == (gap, gap)
    assert repr(few.journal) == f"<journal of 2 requests, the last is {few.journal[-1]}; {gap}>"
    failed = failure_of(lambda: few.journal.assert_called("put-session"))
    assert failed.startswith(f"Expected a request with operation='put-session'; got 0 of these 2:\n{FEW}\n")
    assert ", requests 5>" in repr(few)


@pytest.mark.parametrize(
    "assertion",
    [
        lambda journal: journal.filter(status=200)[:1] and journal.assert_not_called("put-session"),
        lambda journal: journal.assert_called("get-session", times=2),
        lambda journal: journal.assert_polite(),
        lambda journal: journal.filter(rule="").assert_not_called("put-session"),
    ],
)
def test_nothing_is_asserted_about_requests_that_were_let_go(few: XboxLive, assertion: Assertion) -> None:
    """Or it would pass without having seen them (SEEN-18)."""
    assert error_of(lambda: assertion(few.journal)) == CANNOT_TELL


def test_the_one_request_may_have_been_let_go(few: XboxLive) -> None:
    """With another like it (SEEN-18)."""
    few.client().get("/x")
    assert error_of(lambda: few.journal.one(method="GET", caller="")) == CANNOT_TELL.replace("3", "4", 1)


def test_what_is_left_is_enough_for_some_assertions(few: XboxLive) -> None:
    """That a request has come, and that one has come which should not have (SEEN-18)."""
    few.journal.assert_called("get-session")
    assert failure_of(lambda: few.journal.assert_not_called("get-session")).endswith(FEW)


@pytest.mark.parametrize("put_back", [XboxLive.reset, lambda xbl, **how: xbl.restore(xbl.snapshot(), **how)])
def test_a_journal_is_cleared_if_a_test_asks_for_it(few: XboxLive, put_back: Callable[..., None]) -> None:
    """When it puts the world back; then nothing is missing (SEEN-18)."""
    put_back(few)
    assert str(few.journal) == FEW
    put_back(few, clear_journal=True)
    assert str(few.journal) == "No request has arrived."
    few.journal.assert_not_called()


def test_a_mistake_is_remembered_when_the_journal_is_cleared(few: XboxLive) -> None:
    """It fails the test (SEEN-5, SEEN-18)."""
    few.client().get("/x")
    few.reset(clear_journal=True)
    assert [entry.number for entry in few._strictness.take_mistakes()] == [6]


@pytest.mark.parametrize(
    ("keep", "text"), [(0, "0"), (10**12, "1000000000000"), (True, "True"), ("5", "'5'"), (None, "None")]
)
def test_a_world_keeps_one_or_more(keep: Any, text: str) -> None:
    """Of everything (SEEN-18)."""
    what = f"Expected how much the world keeps, an integer from 1 to 999999999999; got {text}."
    assert error_of(lambda: XboxLive(keep=keep)) == f"{what}\nwhere: keep\nrule: SEEN-18"


# Looking


def numbers(journal: JournalView) -> list[int]:
    """The requests of a journal."""
    return [entry.number for entry in journal]


def test_the_journal_reads_line_by_line(played: XboxLive) -> None:
    """Who called what, and what became of it; requests that come later are in the next journal (SEEN-4)."""
    journal = played.journal
    assert (str(journal), repr(journal), len(journal)) == (
        ARRIVED,
        f"<journal of 5 requests, the last is {journal[4]}>",
        5,
    )
    assert (numbers(journal), journal[-1].status) == ([1, 2, 3, 4, 5], 401)
    played.client().get(ONE)
    assert (len(journal), len(played.journal)) == (5, 6)


def test_the_journal_is_about_clients(xbl: XboxLive) -> None:
    """It is empty in a new world and says so, and what a test does itself is no request (SEEN-4)."""
    stacy, ana = xbl.users("Stacy", "Ana")
    xbl.sessions.create("lobby", members=[stacy]).invite(ana)
    assert (str(xbl.journal), list(xbl.journal)) == ("No request has arrived.", [])
    xbl.journal.assert_not_called()


class Anything:
    """A matcher: equal to everything of a kind."""

    def __init__(self, kind: type) -> None:
        self.kind = kind

    def __eq__(self, other: object) -> bool:
        return isinstance(other, self.kind)

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"operation": "put-session"}, [1, 2, 3]),
        ({"operation": "get-template"}, []),
        ({"caller": "Ana"}, [2]),
        ({"caller": ""}, [5]),
        ({"operation": None}, [1, 2, 3, 4, 5]),
        ({"operation": ""}, []),
        ({"caller": "Bob"}, []),
        ({"method": "PATCH"}, []),
        ({"path": "/batch"}, []),
        ({"method": "DELETE"}, [4]),
        ({"path": f"{ONE}/members/me"}, [4]),
        ({"status": 200}, [2, 3]),
        ({"rule": "CALL-3"}, [5]),
        ({"rule": ""}, [1, 2, 3, 4]),
        ({"body": ACTIVE}, [1, 2]),
        ({"body": None}, [4, 5]),
        ({"operation": "put-session", "caller": "Stacy", "status": 200}, [3]),
        ({"body": {"properties": Anything(dict)}}, [3]),
        ({"status": Anything(int)}, [1, 2, 3, 4, 5]),
        ({"status": HTTPStatus.OK}, [2, 3]),
        ({"caller": Anything(str), "path": Anything(str), "method": Anything(int)}, []),
    ],
)
def test_requests_are_filtered_by_what_they_are(played: XboxLive, wanted: dict[str, object], found: list[int]) -> None:
    """By everything named, each compared with ==, so that matchers may stand anywhere (SEEN-4)."""
    journal = played.journal.filter(**wanted)
    assert (type(journal), numbers(journal)) == (JournalView, found)


def test_callers_are_named_or_given(played: XboxLive) -> None:
    """A user or a service will do as well as its name; a filtered journal can be filtered and asserted about again."""
    server = played.service("server")
    played.client(server).get(ONE)
    own = played.journal.filter(caller=person(played, "Stacy"))
    assert (numbers(own), own.one(status=204).number) == ([1, 3, 4], 4)
    own.assert_called("put-session", times=2)
    assert played.journal.one(caller=server).number == 6


def test_an_operation_needs_no_keyword(played: XboxLive) -> None:
    """In `filter` and `one` as in the assertions (SEEN-4)."""
    assert numbers(played.journal.filter("put-session", caller="Stacy")) == [1, 3]
    assert played.journal.one("delete-me").number == 4


# Asserting


def test_what_has_arrived_was_called(played: XboxLive) -> None:
    """At least once, or just as often as is said; one that should be the only one is given."""
    journal = played.journal
    assert journal.one(caller="Ana") == journal[1]
    journal.assert_called()
    journal.assert_called("put-session")
    journal.assert_called("put-session", times=3)
    journal.assert_called("put-session", caller="Stacy", times=2)
    journal.assert_called("get-template", times=0)
    journal.assert_called(rule="CALL-3", times=1)
    journal.assert_not_called("get-template")
    journal.assert_not_called("grant-token")
    journal.assert_not_called("put-session", status=403)


PUT, NEAR_ANA = "operation='put-session'", "#2, but its status is 200"
FAILURES: list[tuple[Assertion, str, str]] = [
    # An assertion that fails, the wanted requests and how many there are, and the nearest request.
    (
        lambda it: it.one(caller="Ana", status=204),
        "one request with caller='Ana', status=204; got 0",
        "#2, but its status is 200",
    ),
    (lambda it: it.one(status=200), "one request with status=200; got 2", ""),
    (lambda it: it.one(), "one request with anything; got 5", ""),
    (lambda it: it.assert_called("put-session", times=1), f"1 request with {PUT}; got 3", ""),
    (lambda it: it.assert_called("put-session", times=0), f"0 requests with {PUT}; got 3", ""),
    (lambda it: it.assert_called("put-session", times=4), f"4 requests with {PUT}; got 3", ""),
    (
        lambda it: it.assert_called("put-session", caller="Ana", body="x"),
        f"a request with {PUT}, caller='Ana', body='x'; got 0",
        f"#2, but its body is {ACTIVE}",
    ),
    (
        lambda it: it.assert_called(status=409, rule="CALL-4"),
        "a request with status=409, rule='CALL-4'; got 0",
        "#1, but its status is 201, its rule is ''",
    ),
    (
        lambda it: it.assert_called(status=500, times=HUGE),
        f"{DIGITS} requests with status=500; got 0",
        "#1, but its status is 201",
    ),
]


@pytest.mark.parametrize(("assertion", "wanted", "nearest"), FAILURES)
def test_a_failure_lists_what_has_arrived(played: XboxLive, assertion: Assertion, wanted: str, nearest: str) -> None:
    """If there is none, with the nearest request and all that is otherwise about it (SEEN-4)."""
    lines = [f"Expected {wanted} of these 5:", ARRIVED, *([f"Nearest is {nearest}."] if nearest else [])]
    assert failure_of(lambda: assertion(played.journal)) == "\n".join(lines)


def test_what_should_not_have_arrived_is_listed(played: XboxLive) -> None:
    """Only that, and not what else has arrived (SEEN-4)."""
    journal = played.journal
    assert failure_of(lambda: journal.assert_not_called("put-session", caller="Stacy")) == (
        f"Expected no request with {PUT}, caller='Stacy'; got 2:\n"
        f"#1 Stacy: put-session lobby/one -> 201\n#3 Stacy: put-session lobby/one -> 200"
    )
    assert failure_of(lambda: journal.filter(status=204).assert_not_called()) == (
        "Expected no request with anything; got 1:\n#4 Stacy: delete-me lobby/one/members/me -> 204"
    )


def test_an_empty_journal_says_why(played: XboxLive) -> None:
    """No request has arrived at all, or none that the filter lets through (SEEN-4)."""
    filtered, new = played.journal.filter(status=500), XboxLive().journal
    assert (str(new), str(filtered)) == ("No request has arrived.", "The filter leaves none of 5 requests.")
    expected = f"Expected 1 request with {PUT}"
    assert failure_of(lambda: new.assert_called("put-session", times=1)) == f"{expected}; no request has arrived."
    failure = failure_of(lambda: filtered.assert_called("put-session", times=1))
    assert failure == f"{expected}; the filter leaves none of 5 requests."


# What cannot be asked


NO_STATUS = "Expected an HTTP status, an integer from 100 to 599; got"
NO_PATH = "A path begins with a slash, and has neither host nor query string; got"
OPERATIONS = ", ".join(route.operation for route in every_route())
METHODS = "GET, PUT, POST, DELETE, HEAD, PATCH, OPTIONS, TRACE, CONNECT"
IMPOSSIBLE: list[tuple[str, object, str]] = [
    # A filter, a value that no request can have, and the text of the error.
    ("operation", "put-sesion", "There is no operation 'put-sesion'; did you mean 'put-session'?"),
    ("operation", "xyz", f"There is no operation 'xyz'; there are {OPERATIONS}."),
    ("operation", "GET", "There is no operation 'GET'; did you mean method='GET'?"),
    ("operation", 7, 'Expected the name of an operation, or ""; got 7.'),
    ("rule", "PUT8", "There is no rule 'PUT8'; did you mean 'PUT-8'?"),
    ("rule", "put-8", "There is no rule 'put-8'; did you mean 'PUT-8'?"),
    ("rule", "xyz", "There is no rule 'xyz'."),
    ("rule", None, 'Expected the id of a rule, or "" for none; got None.'),
    ("caller", "Stacey", "There is no user or service 'Stacey'; did you mean 'Stacy'?"),
    ("caller", "Zoe", "There is no user or service 'Zoe'; there are Stacy, Ana, Bob."),
    ("caller", None, 'Expected a user, a service, or their name, or "" for nobody; got None.'),
    ("status", "200", f"{NO_STATUS} '200'."),
    ("status", 99, f"{NO_STATUS} 99."),
    ("status", 600, f"{NO_STATUS} 600."),
    ("status", True, f"{NO_STATUS} True."),
    ("status", 200.5, f"{NO_STATUS} 200.5."),
    ("method", "put", "There is no method 'put'; did you mean 'PUT'?"),
    ("method", "xyz", f"There is no method 'xyz'; there are {METHODS}."),
    ("method", re.compile("PUT"), "Expected an HTTP method; got re.compile('PUT')."),
    ("path", f"http://127.0.0.1:80{ONE}", f"{NO_PATH} 'http://127.0.0.1:80{ONE}'; did you mean '{ONE}'?"),
    ("path", "http://h?x", f"{NO_PATH} 'http://h?x'; did you mean '/'?"),
    ("path", "/handles/query?include=x", f"{NO_PATH} '/handles/query?include=x'; did you mean '/handles/query'?"),
    ("path", "batch", f"{NO_PATH} 'batch'; did you mean '/batch'?"),
    ("path", ("/batch",), "Expected a path; got ('/batch',)."),
]


huge = pytest.param("status", HUGE, f"{NO_STATUS} {DIGITS}.", id="huge")


@pytest.mark.parametrize(("name", "value", "text"), [*IMPOSSIBLE, huge])
def test_a_value_that_no_request_has_is_not_asked_for(played: XboxLive, name: str, value: object, text: str) -> None:
    """It is an error that names the nearest: or `assert_not_called` would pass for ever (SEEN-4)."""
    wanted: dict[str, object] = {name: value}
    for ask in (played.journal.filter, played.journal.one, played.journal.assert_not_called):
        assert error_of(lambda ask=ask: ask(**wanted)) == f"{text}\nwhere: {name}"  # type: ignore[misc]


@pytest.mark.parametrize("name", ["user", "uri"])
def test_a_filter_that_there_is_not_is_an_error(xbl: XboxLive, name: str) -> None:
    """It lists those that there are."""
    text = f"Unknown filter {name!r}; known filters: {FILTERS}."
    assert error_of(lambda: xbl.journal.filter(status=200, **{name: ONE})) == text


def test_a_caller_who_is_gone_is_known_to_the_journal(xbl: XboxLive) -> None:
    """Also in a filtered one, and in a world that has been put back; whoever never called is forgotten (SEEN-4)."""
    ana, zoe = xbl.users("Ana", "Zoe")
    xbl.client(ana).get(ONE)
    xbl.reset()
    assert numbers(xbl.journal.filter(status=500).filter(caller="Ana")) == []
    xbl.journal.assert_called(caller="Ana")
    xbl.journal.assert_not_called(caller=zoe)
    text = "There is no user or service 'Zoe'; there are none.\nwhere: caller"
    assert error_of(lambda: xbl.journal.assert_not_called(caller="Zoe")) == text


@pytest.mark.parametrize(("times", "shown"), [("1", "'1'"), (-1, "-1"), (True, "True"), (1.0, "1.0")])
def test_requests_are_counted_in_integers(xbl: XboxLive, times: object, shown: str) -> None:
    """Any other number of times never comes, and is an error (SEEN-4)."""
    text = f"Expected how often, an integer of 0 or more; got {shown}.\nwhere: times"
    assert error_of(lambda: xbl.journal.assert_called(times=times)) == text  # type: ignore[arg-type]
