"""`xbl.journal`: looking through the requests, and asserting about them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bodies import ACTIVE, ONE
from errors import error_of
from people import person
from pytest_xbl import JournalView, XboxLive
from pytest_xbl.wire.routes import ROUTES

SCORE = {"properties": {"custom": {"score": 1}}}
ARRIVED = f"""\
#1 Stacy: PUT {ONE} -> 201
#2 Ana: PUT {ONE} -> 200
#3 Stacy: PUT {ONE} -> 200
#4 Stacy: DELETE {ONE}/members/me -> 204
#5 nobody: GET {ONE} -> 401 CALL-3 at Authorization: Expected XBL3.0 x=<userhash>;<token>; got no such header."""
FILTERS = "operation, caller, method, path, status, rule, body"


@pytest.fixture
def played(xbl: XboxLive) -> XboxLive:
    """A world in which five requests have arrived."""
    stacy, ana = (xbl.client(user) for user in xbl.users("Stacy", "Ana"))
    stacy.put(ONE, json=ACTIVE)
    ana.put(ONE, json=ACTIVE)
    stacy.put(ONE, json=SCORE)
    stacy.delete(f"{ONE}/members/me")
    xbl.client().get(ONE)
    return xbl


def failure_of(assertion: Callable[[], object]) -> str:
    """The text with which an assertion fails."""
    with pytest.raises(AssertionError) as error:
        assertion()
    return str(error.value)


# Looking


def test_the_journal_reads_line_by_line(played: XboxLive) -> None:
    """Who called what, and what became of it (SEEN-4)."""
    assert str(played.journal) == ARRIVED
    assert repr(played.journal) == "<journal of 5 requests>"
    assert len(played.journal) == 5
    assert [entry.number for entry in played.journal] == [1, 2, 3, 4, 5]
    assert played.journal[-1].status == 401


def test_a_journal_is_as_it_was_when_it_was_asked_for(played: XboxLive) -> None:
    """Requests that come later are in the next one."""
    before = played.journal
    played.client().get(ONE)
    assert (len(before), len(played.journal)) == (5, 6)


def test_an_empty_journal_says_so(xbl: XboxLive) -> None:
    """Nothing has arrived in a world that is new."""
    assert (str(xbl.journal), list(xbl.journal)) == ("No request has arrived.", [])


def test_what_a_test_does_itself_is_no_request(xbl: XboxLive) -> None:
    """The journal is about clients (SEEN-4)."""
    stacy, ana = xbl.users("Stacy", "Ana")
    xbl.sessions.create("lobby", members=[stacy]).invite(ana)
    assert len(xbl.journal) == 0


class Anything:
    """A matcher: equal to everything of a kind."""

    def __init__(self, kind: type) -> None:
        self.kind = kind

    def __eq__(self, other: object) -> bool:
        return isinstance(other, self.kind)

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"operation": "put-session"}, [1, 2, 3]),
        ({"operation": "get-template"}, []),
        ({"caller": "Ana"}, [2]),
        ({"caller": ""}, [5]),
        ({"caller": None}, []),
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
    ],
)
def test_requests_are_filtered_by_what_they_are(
    played: XboxLive, wanted: dict[str, object], numbers: list[int]
) -> None:
    """By everything named, each compared with ==, so that matchers may stand anywhere (SEEN-4)."""
    found = played.journal.filter(**wanted)
    assert isinstance(found, JournalView)
    assert [entry.number for entry in found] == numbers


def test_callers_are_named_or_given(played: XboxLive) -> None:
    """A user or a service will do as well as its name."""
    server = played.service("server")
    played.client(server).get(ONE)
    assert [entry.number for entry in played.journal.filter(caller=person(played, "Stacy"))] == [1, 3, 4]
    assert played.journal.one(caller=server).number == 6


def test_filters_follow_each_other(played: XboxLive) -> None:
    """A filtered journal can be filtered and asserted about again."""
    own = played.journal.filter(caller="Stacy")
    assert own.one(status=204).number == 4
    own.assert_called("put-session", times=2)


# Asserting


def test_one_request_is_the_only_one(played: XboxLive) -> None:
    """One gives it."""
    assert played.journal.one(caller="Ana") == played.journal[1]


def test_none_is_not_one(played: XboxLive) -> None:
    """The failure lists what did arrive, and what was nearest to it."""
    assert failure_of(lambda: played.journal.one(caller="Ana", status=204)) == (
        f"Expected one request with caller='Ana', status=204; got 0 of these 5:\n{ARRIVED}\n"
        "Nearest is #2, but its status is 200."
    )


def test_two_are_not_one(played: XboxLive) -> None:
    """The failure lists what did arrive."""
    assert failure_of(lambda: played.journal.one(status=200)) == (
        f"Expected one request with status=200; got 2 of these 5:\n{ARRIVED}"
    )
    assert failure_of(played.journal.one) == (f"Expected one request with anything; got 5 of these 5:\n{ARRIVED}")


def test_what_has_arrived_was_called(played: XboxLive) -> None:
    """At least once, or just as often as is said."""
    journal = played.journal
    journal.assert_called()
    journal.assert_called("put-session")
    journal.assert_called("put-session", times=3)
    journal.assert_called("put-session", caller="Stacy", times=2)
    journal.assert_called("get-template", times=0)
    journal.assert_called(rule="CALL-3", times=1)


def test_what_has_not_arrived_was_not_called(played: XboxLive) -> None:
    """The failure says so, with the nearest one and all that is otherwise about it."""
    assert failure_of(lambda: played.journal.assert_called("put-session", caller="Ana", body=SCORE)) == (
        "Expected a request with operation='put-session', caller='Ana', "
        f"body={SCORE}; got 0 of these 5:\n{ARRIVED}\nNearest is #2, but its body is {ACTIVE}."
    )
    assert failure_of(lambda: played.journal.assert_called("get-template", method="PUT")) == (
        f"Expected a request with operation='get-template', method='PUT'; got 0 of these 5:\n{ARRIVED}\n"
        "Nearest is #1, but its operation is 'put-session'."
    )
    assert failure_of(lambda: played.journal.assert_called(status=409, rule="CALL-4")) == (
        f"Expected a request with status=409, rule='CALL-4'; got 0 of these 5:\n{ARRIVED}\n"
        "Nearest is #1, but its status is 201, its rule is ''."
    )


@pytest.mark.parametrize(
    ("times", "expected"), [(2, "2 requests"), (1, "1 request"), (0, "0 requests"), (4, "4 requests")]
)
def test_how_often_is_counted(played: XboxLive, times: int, expected: str) -> None:
    """Neither more nor less."""
    assert failure_of(lambda: played.journal.assert_called("put-session", times=times)) == (
        f"Expected {expected} with operation='put-session'; got 3 of these 5:\n{ARRIVED}"
    )


def test_in_an_empty_journal_nothing_is_nearest(xbl: XboxLive) -> None:
    """It says that nothing has arrived."""
    assert failure_of(lambda: xbl.journal.assert_called("put-session")) == (
        "Expected a request with operation='put-session'; got 0 of these 0:\nNo request has arrived."
    )


def test_what_should_not_have_arrived_is_listed(played: XboxLive) -> None:
    """Only that, and not what else has arrived."""
    played.journal.assert_not_called("get-template")
    played.journal.assert_not_called("put-session", status=403)
    assert failure_of(lambda: played.journal.assert_not_called("put-session", caller="Stacy")) == (
        "Expected no request with operation='put-session', caller='Stacy'; got 2:\n"
        f"#1 Stacy: PUT {ONE} -> 201\n#3 Stacy: PUT {ONE} -> 200"
    )
    assert failure_of(lambda: played.journal.filter(status=204).assert_not_called()) == (
        f"Expected no request with anything; got 1:\n#4 Stacy: DELETE {ONE}/members/me -> 204"
    )


def test_nothing_at_all_has_arrived(xbl: XboxLive) -> None:
    """A test may say that a client was not even asked."""
    xbl.journal.assert_not_called()


# What cannot be asked


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ({"user": "Stacy"}, f"Requests are not told apart by 'user', but by {FILTERS}."),
        ({"status": 200, "uri": ONE}, f"Requests are not told apart by 'uri', but by {FILTERS}."),
        ({"operation": "put-sesion"}, "There is no operation 'put-sesion'; did you mean 'put-session'?"),
        (
            {"operation": "xyz"},
            f"There is no operation 'xyz'; there are {', '.join(route.operation for route in ROUTES)}.",
        ),
        ({"rule": "PUT8"}, "There is no rule 'PUT8'; did you mean 'PUT-8'?"),
        ({"rule": "xyz"}, "There is no rule 'xyz'."),
    ],
)
def test_what_cannot_be_is_not_asked_for(xbl: XboxLive, wanted: dict[str, object], text: str) -> None:
    """A misspelt name is an error that lists what is possible, whatever has arrived."""
    journal = xbl.journal
    assert error_of(lambda: journal.filter(**wanted)) == text
    assert error_of(lambda: journal.one(**wanted)) == text
    assert error_of(lambda: journal.assert_called(**wanted)) == text  # type: ignore[arg-type]
    assert error_of(lambda: journal.assert_not_called(**wanted)) == text  # type: ignore[arg-type]
