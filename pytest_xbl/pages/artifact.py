"""The page of a failed test: one file that says why it failed, without anything beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from markupsafe import Markup

from pytest_xbl.mpsd.model import SessionRef
from pytest_xbl.pages.bodies import Bodies
from pytest_xbl.pages.continuing import continuing
from pytest_xbl.pages.exchanges import texts
from pytest_xbl.pages.failure import Failure, failure
from pytest_xbl.pages.layout import navigation, page, policy, section
from pytest_xbl.pages.links import Anchors
from pytest_xbl.pages.markup import element
from pytest_xbl.pages.reading import Histories, Reading, reading
from pytest_xbl.pages.refusals import refusals, refused_rules
from pytest_xbl.pages.requests import requests_table
from pytest_xbl.pages.versions import versions_table
from pytest_xbl.wire.journal import Entry
from pytest_xbl.world.people import users
from pytest_xbl.xbl.xbox_live import XboxLive

MOST_REQUESTS = 1000
MOST_SESSIONS = 20
MOST_VERSIONS = 100
"""The most that a page shows: the last requests and sessions, and the last versions of each."""
REST = "requests.har beside this page has them"
PARTS = (
    ("Failure", "#failure"),
    ("Refused", "#refused"),
    ("Requests", "#requests"),
    ("Sessions", "#sessions"),
    ("How to go on", "#continue"),
)


class Evidence(NamedTuple):
    """All that there is to show about a failed test.

    Args:
        requests: of the test.
        histories: of the sessions that are shown, in the order in which they matter.
        more_sessions: the number of sessions that are not.
        faults: that the test armed, one a line.
        messages: on websockets, by the numbers of the requests that opened them.
        now: the time that the clock of the world shows.
        reading: of all this.
    """

    requests: Sequence[Entry]
    histories: Histories
    more_sessions: int
    faults: Sequence[str]
    messages: Mapping[int, Sequence[Any]]
    now: datetime
    reading: Reading

    @property
    def shown(self) -> Sequence[Entry]:
        """The requests that have room on a page."""
        return self.requests[-MOST_REQUESTS:]


def evidence(xbl: XboxLive, requests: Sequence[Entry], sessions: Sequence[SessionRef]) -> Evidence:
    """The evidence in a world.

    Args:
        requests: of the test.
        sessions: all of the world, in the order in which they matter.
    """
    histories = {ref: xbl.sessions[ref].history for ref in sessions[:MOST_SESSIONS]}
    names = {account.key: account.caller.name for account in users(xbl._world)}
    numbers = {entry.number for entry in requests[-MOST_REQUESTS:]}
    return Evidence(
        requests,
        histories,
        len(sessions) - len(histories),
        str(xbl.app.trouble or "").splitlines(),
        xbl.app.journal.messages,
        xbl.clock.now,
        reading(
            names,
            xbl.scid,
            links=Anchors(numbers, [*histories], refused_rules(requests)),
            entries=requests,
            histories=histories,
            taps=xbl.rta.taps if xbl._world.has_connections else (),
        ),
    )


def artifact(found: Evidence, failures: Sequence[Failure], *, test_id: str, seed: str, title: str = "") -> str:
    """The page.

    Args:
        failures: of the test, in the order of its phases.
        test_id: of pytest.
        title: of the world; "" for that of the fixture `xbl`.
        seed: the world as the text of a seed.
    """
    bodies = Bodies(_wanted(found.shown), rest=REST)
    kicker = element("p", f"A failed test, {title or 'the world of xbl'}", class_="kicker")
    header = element("header", kicker, element("h1", test_id), _facts(found))
    failed = [failure(one, found.histories, found.shown, found.reading) for one in failures]
    main = element(
        "main",
        section("Why the test failed", *failed, id_="failure"),
        section("Refused, by which rule", _refused(found), id_="refused"),
        section("Requests, with a lane for each caller", *_requests(found, bodies), id_="requests"),
        section("Sessions, and how they came to be", *_sessions(found), id_="sessions"),
        section("How to go on", continuing(seed, test_id), id_="continue"),
    )
    return page(f"{test_id} failed", header, navigation(PARTS), main, allowed=policy())


def _wanted(entries: Sequence[Entry]) -> Iterator[str]:
    """The bodies, those of refused requests first, then the newest."""
    for entry in sorted(entries, key=lambda entry: (entry.refusal is None, -entry.number)):
        yield from texts(entry)


def _facts(found: Evidence) -> Markup:
    refused = sum(1 for entry in found.requests if entry.refusal)
    asked = f"{counted(len(found.requests), 'request')}, {refused} refused"
    return element("p", f"{asked}. The clock of the world shows {found.now:%Y-%m-%d %H:%M:%S}.", class_="facts")


def _refused(found: Evidence) -> Markup:
    return refusals(found.requests, found.reading) or quiet("No request was refused.")


def _requests(found: Evidence, bodies: Bodies) -> Iterator[Markup]:
    if found.faults:
        yield element("h3", "Faults that the test armed")
        yield element("ul", *(element("li", fault) for fault in found.faults))
    if left := len(found.requests) - len(found.shown):
        yield quiet(f"{counted(left, 'earlier request')} left out; {REST}.")
    if not found.shown:
        yield quiet("The test sent none.")
        return
    table = requests_table(found.shown, found.reading, bodies, messages=found.messages)
    yield element("div", table, class_="scroll")


def _sessions(found: Evidence) -> Iterator[Markup]:
    for place, (ref, versions) in enumerate(found.histories.items(), 1):
        yield element("h3", ref.within(found.reading.scid), id=f"session-{place}")
        first = max(len(versions) - MOST_VERSIONS, 0)
        if first:
            yield quiet(f"{counted(first, 'earlier version')} left out.")
        yield element("div", versions_table(ref, versions, found.reading, first=first), class_="scroll")
    if found.more_sessions:
        yield quiet(f"{counted(found.more_sessions, 'other session')} left out; world.json has them.")
    elif not found.histories:
        yield quiet("There are none.")


def quiet(text: str) -> Markup:
    """A sentence in the place of something that is not there."""
    return element("p", text, class_="quiet")


def counted(number: int, what: str) -> str:
    """A number of things."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
