"""Complaints about a client: which there are, from which number on, and what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from bodies import ONE, SCID, session_path
from errors import error_of
from people import person
from pytest_xbl import User, XboxLive
from pytest_xbl.arrange.limits_form import PROFILES
from pytest_xbl.trouble.arming import OPERATIONS
from pytest_xbl.trouble.politeness import ADVICE, BATCH_OF, CHECKS, USERS_OF, complaints
from pytest_xbl.trouble.thresholds import THRESHOLDS
from tables import cases

PAGE = Path(__file__).parents[2] / "docs/how-to/stay-within-the-rate-limits.md"


OLD = {"X-Xbl-Contract-Version": "1"}
"""The header of a request for statistics."""


class Stage:
    """A world with Stacy, Ana and a session, and what a client does there."""

    def __init__(self, xbl: XboxLive) -> None:
        self.xbl = xbl
        self.stacy, self.ana = xbl.users("Stacy", "Ana")
        xbl.sessions.create("lobby", name="one", members=[self.stacy, self.ana])
        xbl.stats.define("wins")
        self.start = xbl.snapshot()

    def get(self, path: str = ONE, *, by: User | None = None) -> None:
        """Read something, a session unless given."""
        self._send("GET", path, None, by, OLD if path.startswith("/users") else {})

    def put(self, number: int = 0, *, by: User | None = None, if_match: str = "") -> None:
        """Write a number into the session."""
        headers = {"If-Match": if_match} if if_match else {}
        self._send("PUT", ONE, {"properties": {"custom": {"number": number}}}, by, headers)

    def post(self, path: str, body: Any) -> None:
        """Send a body."""
        self._send("POST", path, body, None, OLD if path == "/batch" else {})

    def wait(self, seconds: float) -> None:
        """Move the clock."""
        self.xbl.clock.advance(seconds=seconds)

    def _send(self, method: str, path: str, body: Any, by: User | None, headers: dict[str, str]) -> None:
        with suppress(ConnectionResetError):
            self.xbl.client(by or self.stacy).open(path, method=method, json=body, headers=headers)

    @property
    def told(self) -> list[tuple[str, list[int]]]:
        """The kinds of complaints, each with the numbers of its requests."""
        found = complaints(self.xbl.app.journal)
        return [(complaint.kind, [entry.number for entry in complaint.entries]) for complaint in found]


@pytest.fixture
def stage(xbl: XboxLive) -> Stage:
    """The world of the test."""
    return Stage(xbl)


Do: TypeAlias = Callable[[Stage], None]
"""What a client does."""


def steps(*actions: Do) -> Do:
    """One thing after the other."""

    def do(stage: Stage) -> None:
        for action in actions:
            action(stage)

    return do


def put(number: int = 0) -> Do:
    """A write."""
    return lambda stage: stage.put(number)


def wait(seconds: float) -> Do:
    """A pause."""
    return lambda stage: stage.wait(seconds)


def numbers(first: int, last: int) -> list[int]:
    """The numbers of requests, in a row."""
    return list(range(first, last + 1))


def gets(count: int, *, every: float = 0, by: str = "Stacy") -> Do:
    """Reads of so many sessions, with a pause after each."""

    def do(stage: Stage) -> None:
        for number in range(count):
            stage.get(session_path(f"s{number}"), by=person(stage.xbl, by))
            stage.wait(every)

    return do


def waits(*steps: Any) -> Do:
    """Writes of one number, and pauses of so many seconds between them."""

    def do(stage: Stage) -> None:
        for step in steps:
            stage.put()
            stage.wait(step)
        stage.put()

    return do


def over_another_version(stage: Stage) -> None:
    """A write that meets another one, and the same write again over what is there now."""
    old = stage.xbl.sessions["one"].etag
    stage.put(1, by=stage.ana)
    stage.put(2, if_match=old)
    stage.wait(2)
    stage.put(2, if_match=stage.xbl.sessions["one"].etag)


def failing(do: Do, count: int, **more: Any) -> Do:
    """The same, where the first writes fail."""

    def failed(stage: Stage) -> None:
        stage.xbl.faults.fail("put-session", 503, times=count, **more)
        do(stage)

    return failed


def put_back(stage: Stage) -> None:
    """A world that begins anew."""
    stage.xbl.restore(stage.start)


def lost(stage: Stage) -> None:
    """A write whose answer is lost, and the same at once."""
    stage.xbl.faults.lose("put-session")
    stage.put()
    stage.put()


def statistic(user: str) -> str:
    """The path of a statistic."""
    return f"/users/xuid({user})/scids/{SCID}/stats/wins"


def one_by_one(*users: str, every: float = 0) -> Do:
    """The statistic of each user, with a pause after each."""

    def do(stage: Stage) -> None:
        for user in users:
            stage.get(statistic(user))
            stage.wait(every)

    return do


def batches(*lists: list[str], every: float = 0) -> Do:
    """Statistics of several users at once."""

    def do(stage: Stage) -> None:
        asked = [{"scid": SCID, "requestedstats": ["wins"]}]
        for users in lists:
            stage.post("/batch", {"requestedusers": users, "requestedscids": asked})
            stage.wait(every)

    return do


def posts(path: str, *bodies: Any) -> Do:
    """These bodies, one after the other."""
    return steps(*(lambda stage, body=body: stage.post(path, body) for body in bodies))


def queries(query: str, *values: str, scid: str = SCID) -> Do:
    """Queries for sessions, one after the other."""
    path = f"/serviceconfigs/{scid}/sessions?{query}="
    return steps(*(lambda stage, value=value: stage.get(f"{path}{value}") for value in values))


def owners(*xuids: str) -> dict[str, Any]:
    """A query for the activities of users."""
    return {"type": "activity", "scid": SCID, "owners": {"xuids": list(xuids)}}


@cases(
    "do expected",
    {
        "30 at one instant": (gets(30), []),
        "31 at one instant": (gets(31), [("burst", numbers(1, 31))]),
        "16 each of two users": (steps(gets(16), gets(16, by="Ana")), []),
        "31 in 15 s": (gets(31, every=0.49), [("frequency", numbers(1, 31)), ("rate", numbers(1, 4))]),
        "30 in 15 s": (gets(30, every=0.7), []),
        "301 in 300 s": (gets(301, every=0.99), [("frequency", numbers(1, 301))]),
        "3 in 2 s": (gets(3, every=0.5), []),
        "4 in 2 s": (gets(4, every=0.5), [("rate", numbers(1, 4))]),
        "4 in 3 s": (gets(8, every=0.7), []),
        "the same after 4.9 s": (waits(4.9), [("repeated", [1, 2])]),
        "the same after 5 s": (waits(5), []),
        "the same at one instant": (waits(0, 0, 0), []),
        "the same by another": (steps(put(), wait(1), lambda stage: stage.put(by=stage.ana)), []),
        "the same over another version": (over_another_version, []),
        "another after 1 s": (steps(put(1), wait(1), put(2)), []),
        "a clock that was put back": (steps(wait(9), put(), put_back, wait(1), put()), []),
    },
)
def test_how_often_a_client_may_call(stage: Stage, do: Do, expected: list[Any]) -> None:
    """At one instant by their number, at several by time (RATE-5)."""
    do(stage)
    assert stage.told == expected


@cases(
    "gaps expected",
    {
        "5 at equal intervals": ([10, 10, 10, 10], [("polling", numbers(1, 5))]),
        "4 at equal intervals": ([10, 10, 10], []),
        "almost equal": ([10, 10.05, 10, 9.95], [("polling", numbers(1, 5))]),
        "not quite": ([10, 10.2, 10, 10.2], []),
        "several at each": ([0, 10, 0, 10, 0, 10, 0, 10], [("polling", [2, 3, 4, 6, 8])]),
        "later on": ([7, 10, 10, 10, 10], [("polling", numbers(2, 6))]),
    },
)
def test_a_client_polls(stage: Stage, gaps: list[float], expected: list[Any]) -> None:
    """With equal reads at equal intervals (RATE-5)."""
    stage.get()
    for gap in gaps:
        stage.wait(gap)
        stage.get()
    assert [kind for kind, _ in stage.told] == [kind for kind, _ in expected]
    assert [len(requests) for _, requests in stage.told] == [len(requests) for _, requests in expected]


def test_a_read_that_brings_something_new_is_polite(stage: Stage) -> None:
    """As after a tap or a 412, also at equal intervals; the same answer again is not (RATE-5)."""
    for number in range(5):
        stage.put(number, by=stage.ana)
        stage.get()
        stage.wait(2)
    assert stage.told == []
    stage.get()
    assert stage.told == [("repeated", [10, 11])]


def test_writes_are_no_polling(stage: Stage) -> None:
    """A heartbeat writes the same again and again (RATE-5)."""
    waits(10, 10, 10, 10)(stage)
    assert stage.told == []


@cases(
    "do expected",
    {
        "2, 4, 8 s": (failing(waits(2, 4, 8), 3), []),
        "at once": (failing(waits(0), 1), [("no-backoff", [1, 2])]),
        "2, 2 s": (failing(waits(2, 2), 2), [("no-backoff", [2, 3])]),
        "4, 2 s": (failing(waits(4, 2), 2), [("no-backoff", [2, 3])]),
        "after an answer": (failing(steps(waits(5), wait(5), waits(5)), 1), []),
        "a lost answer at once": (lost, [("no-backoff", [1, 2])]),
        "Retry-After": (failing(waits(5, 5), 2, retry_after=5), []),
        "before Retry-After": (failing(waits(4), 1, retry_after=5), [("retry-after", [1, 2])]),
        "another write before Retry-After": (
            failing(steps(put(1), put(2)), 1, retry_after=5),
            [("retry-after", [1, 2])],
        ),
        "another operation before Retry-After": (
            failing(steps(put(1), gets(1)), 1, retry_after=5),
            [],
        ),
    },
)
def test_how_a_client_retries(stage: Stage, do: Do, expected: list[Any]) -> None:
    """After Retry-After, or after a longer wait each time (RATE-5)."""
    do(stage)
    assert stage.told == expected


def test_a_client_that_ignores_a_rate_limit(stage: Stage) -> None:
    """The Retry-After of a limit counts like that of a fault (RATE-5, RATE-2)."""
    stage.xbl.limits.set("sessiondirectory", burst=1)
    waits(0, 15)(stage)
    assert stage.told == []
    stage.put(1)
    stage.wait(14)
    stage.put(2)
    assert stage.told == [("retry-after", [4, 5])]


@cases(
    "do expected",
    {
        "one user": (one_by_one("1", "1"), []),
        "two users": (one_by_one("1", "2", "3"), [("not-batched", [1, 2])]),
        "two users in 2 s": (one_by_one("1", "2", every=2), []),
        "one batch": (batches(["1", "2"]), []),
        "two batches": (batches(["1", "2"], ["3", "4"]), [("not-batched", [1, 2])]),
        "the same batch": (batches(["1", "2"], ["2", "1"]), []),
        "a batch and one more": (
            steps(batches(["1", "2"]), one_by_one("3")),
            [("not-batched", [1, 2])],
        ),
        "a small batch": (batches(["1"]), [("small-batch", [1])]),
        "queries": (queries("xuid", "1", "2"), [("not-batched", [1, 2])]),
        "queries of two games": (
            steps(queries("xuid", "1"), queries("xuid", "2", scid="5c1d0000-0000-4000-8000-000000000002")),
            [],
        ),
        "a query and a batch of queries": (
            steps(queries("xuid", "1"), posts(f"/serviceconfigs/{SCID}/batch", {"xuids": ["2", "3"]})),
            [("not-batched", [1, 2])],
        ),
        "queries by keyword": (queries("keyword", "a", "b"), []),
        "a batch of queries": (posts(f"/serviceconfigs/{SCID}/batch", {"xuids": ["1"]}), [("small-batch", [1])]),
        "activities": (posts("/handles/query", owners("1", "2")), []),
        "activities of one": (posts("/handles/query", owners("1")), [("small-batch", [1])]),
        "activities of people": (
            posts("/handles/query", {"type": "activity", "owners": {"people": {"moniker": "people"}}}, [7]),
            [],
        ),
    },
)
def test_requests_that_could_be_one(stage: Stage, do: Do, expected: list[Any]) -> None:
    """For several users there is a batch, and for one there may be none (RATE-5)."""
    do(stage)
    assert stage.told == expected


def test_requests_of_nobody_are_nobodys_manners(xbl: XboxLive) -> None:
    """Nor is a path that there is not (RATE-5)."""
    for _ in range(40):
        xbl.client().get(ONE)
    assert complaints(xbl.app.journal) == []


# What a test says and sees

TOLD = """\
The client is not polite, 3 complaints:
repeated: Stacy repeated get-session after 1 s (repeat_interval=5): #1, #2
  Keep the answer: it is no older than a few seconds.
retry-after: Stacy called put-session 2 s after a 503 with Retry-After: 5: #3, #5
  Wait as long as Retry-After says; let the client's sleep move xbl.clock.
burst: Ana sent 31 requests to userstats at one instant (userstats_burst=10): #6, #7, #8, #9, #10 and 26 more
  Spread the requests out, or ask for less."""


def impolite(stage: Stage) -> None:
    """What Stacy and Ana do."""
    stage.xbl.faults.fail("put-session", 503, retry_after=5)
    stage.get()
    stage.wait(1)
    stage.get()
    stage.put()
    stage.wait(2)
    stage.get(session_path("two"))
    stage.put(2)
    for _ in range(31):
        stage.get(statistic("1"), by=stage.ana)


def test_a_client_that_is_not_polite_fails_the_test(stage: Stage) -> None:
    """With each complaint: the numbers, the requests that are meant, and the way out (RATE-5)."""
    impolite(stage)
    with pytest.raises(AssertionError) as failure:
        stage.xbl.journal.assert_polite()
    assert str(failure.value) == TOLD


@pytest.mark.parametrize("who", [lambda stage: stage.ana, lambda _: "Ana"])
def test_one_caller_alone_may_be_asked_about(stage: Stage, who: Callable[[Stage], Any]) -> None:
    """By user or by name, and in any part of the journal (RATE-5)."""
    impolite(stage)
    with pytest.raises(AssertionError, match="client is not polite, a complaint:\nburst: Ana"):
        stage.xbl.journal.assert_polite(who(stage))
    stage.xbl.journal.filter("put-session", caller="Ana").assert_polite()


@cases(
    "user what",
    {
        "unknown": ("Anna", "There is no user or service 'Anna'; did you mean 'Ana'?"),
        "nobody": ("", 'Expected a user, a service, or their name; got "".'),
    },
)
def test_the_manners_of_somebody_who_is_not_there(stage: Stage, user: str, what: str) -> None:
    """Are refused: nothing could be said against them (RATE-5)."""
    text = error_of(lambda: stage.xbl.journal.assert_polite(user))
    assert text == f"{what}\nwhere: user\nrule: RATE-5"


def test_complaints_can_be_ignored(stage: Stage) -> None:
    """By their kinds (RATE-5)."""
    impolite(stage)
    stage.xbl.journal.assert_polite(ignore=("burst", "repeated", "retry-after"))
    stage.xbl.journal.assert_polite(stage.ana, ignore="burst")
    stage.xbl.faults.lose("get-me", optional=True)


@cases(
    "ignore told",
    {
        "unknown": (["bursts"], "Unknown kind 'bursts' in ignore; {known}. Did you mean 'burst'?"),
        "number": ([7], "Unknown kind 7 in ignore; {known}."),
        "no list": (7, "Unknown kind 7 in ignore; {known}."),
    },
)
def test_an_unknown_kind_is_an_error(stage: Stage, ignore: Any, told: str) -> None:
    """With those that there are, and the nearest (RATE-5)."""
    known = f"known kinds: {', '.join(CHECKS)}"
    text = error_of(lambda: stage.xbl.journal.assert_polite(ignore=ignore))
    assert text == f"{told.format(known=known)}\nwhere: ignore\nrule: RATE-5"


def test_each_kind_has_its_advice_and_each_threshold_its_source() -> None:
    """And the operations of the tables exist (RATE-5)."""
    assert CHECKS.keys() == ADVICE.keys()
    assert all(threshold.source and threshold.meaning for threshold in THRESHOLDS.values())
    assert {*USERS_OF, *BATCH_OF, *BATCH_OF.values()} <= set(OPERATIONS)
    for service in ("sessiondirectory", "userstats"):
        limit = PROFILES["trace-analyzer"][service]
        assert (THRESHOLDS[f"{service}_burst"].value, THRESHOLDS[f"{service}_sustain"].value) == limit


def rows() -> Iterable[str]:
    """The rows of the docs' table of thresholds, as the table says it."""
    for name, (value, meaning, source) in THRESHOLDS.items():
        yield f"| `{name}` | {value:g} {meaning} | {source} |"


def test_the_docs_list_every_threshold() -> None:
    """With its number and its source (RATE-5)."""
    page = PAGE.read_text(encoding="utf-8")
    assert [row for row in rows() if row not in page] == []
    assert [kind for kind in CHECKS if f"| `{kind}` |" not in page] == []
