"""The page of a failed test: one file that says why it failed, without anything beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from markupsafe import Markup

from pytest_xbl.mpsd.model import NEWEST_CONTRACT, SessionRef
from pytest_xbl.mpsd.view import render
from pytest_xbl.pages.bodies import Bodies, texts
from pytest_xbl.pages.changes import first_shown
from pytest_xbl.pages.continuing import continuing
from pytest_xbl.pages.failure import Failure, failure
from pytest_xbl.pages.layout import navigation, page, policy, section
from pytest_xbl.pages.links import Anchors
from pytest_xbl.pages.markup import counted, element, fold, let_go, quiet, table
from pytest_xbl.pages.reading import Reading, numbered, reading
from pytest_xbl.pages.refusals import has_failed, refusals, refused_rules
from pytest_xbl.pages.requests import requests_table
from pytest_xbl.pages.versions import versions_table
from pytest_xbl.wire.entry import Entry
from pytest_xbl.world.histories import gap_in
from pytest_xbl.world.keeping import Kept
from pytest_xbl.world.people import users
from pytest_xbl.xbl.xbox_live import XboxLive

MOST_REQUESTS = 1000
MOST_SESSIONS = 20
MOST_PEOPLE = 100
"""The most that a page shows: the last requests and sessions, and the first people."""
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
        more_sessions: the number of sessions that have no room on a page.
        faults: that the test armed, one a line.
        messages: on websockets, by the numbers of the requests that opened them.
        now: the time that the clock of the world shows.
        reading: of the requests, and of the sessions in the order in which they matter.
        gap: the words for requests of the test that are not kept any more.
    """

    requests: Sequence[Entry]
    more_sessions: int
    faults: Sequence[str]
    messages: Mapping[int, Kept[Any]]
    now: datetime
    reading: Reading
    gap: str = ""

    @property
    def shown(self) -> Sequence[Entry]:
        """The requests that have room on a page."""
        return self.requests[-MOST_REQUESTS:]


def evidence(xbl: XboxLive, requests: Sequence[Entry], sessions: Sequence[SessionRef], *, gap: str = "") -> Evidence:
    """The evidence in a world.

    Args:
        requests: of the test.
        sessions: all of the world, in the order in which they matter.
        gap: the words for requests of the test that are not kept any more.
    """
    histories = {ref: xbl.sessions[ref].history for ref in sessions[:MOST_SESSIONS]}
    numbers = {entry.number for entry in requests[-MOST_REQUESTS:]}
    read = reading(
        {account.key: account.caller.name for account in users(xbl._world)},
        xbl.scid,
        links=Anchors(numbers, [*histories], refused_rules(requests)),
        entries=xbl.app.journal,
        histories=histories,
        taps=xbl.rta.taps if xbl._world.has_connections else (),
    )
    faults, messages = str(xbl.app.trouble or "").splitlines(), xbl.app.journal.messages
    return Evidence(requests, len(sessions) - len(histories), faults, messages, xbl.clock.now, read, gap)


def artifact(found: Evidence, failures: Sequence[Failure], *, test_id: str, seed: str, title: str = "") -> str:
    """The page.

    Args:
        failures: of the test, in the order of its phases.
        test_id: of pytest.
        seed: the world as the text of a seed.
        title: of the world; "" for that of the fixture `xbl`.
    """
    known = cache(texts)
    bodies = Bodies(_wanted(found, known), rest=REST, texts=known)
    kicker = element("p", f"A failed test, {title}" if title else "A failed test", class_="kicker")
    header = element("header", kicker, element("h1", test_id), _facts(found))
    main = element(
        "main",
        section("Why the test failed", *(failure(one, found.shown, found.reading) for one in failures), id_="failure"),
        section("Refused, by which rule", _refused(found), id_="refused"),
        section("Requests, with a lane for each caller", *_requests(found, bodies), id_="requests"),
        section("Sessions, and how they came to be", *_sessions(found, bodies), id_="sessions"),
        section("How to go on", continuing(seed, test_id), id_="continue"),
    )
    return page(f"{test_id} failed", header, navigation(PARTS), main, allowed=policy())


def _wanted(found: Evidence, texts: Callable[[Entry], tuple[str, str]]) -> Iterator[str]:
    """The bodies: the documents of sessions first, then those of refused requests, then those of the newest."""
    for versions in found.reading.histories.values():
        yield _document(versions)
    for entry in sorted(found.shown, key=lambda entry: (entry.refusal is None, -entry.number)):
        yield from texts(entry)


def _facts(found: Evidence) -> Markup:
    refused = sum(1 for entry in found.requests if entry.refusal)
    failed = sum(1 for entry in found.requests if has_failed(entry))
    asked = f"{counted(len(found.requests), 'request')}, {refused:,} refused"
    asked += f", {failed:,} failed by faults" if failed else ""
    return element("p", f"{asked}. The clock of the world shows {found.now:%Y-%m-%d %H:%M:%S}.", class_="facts")


def _refused(found: Evidence) -> Markup:
    return refusals(found.requests, found.reading) or quiet("No request was refused.")


def _requests(found: Evidence, bodies: Bodies) -> Iterator[Markup]:
    if found.faults:
        yield element("h3", "Faults that the test armed")
        yield element("ul", *(element("li", fault) for fault in found.faults))
    if note := let_go(found.gap):
        yield note
    if left := len(found.requests) - len(found.shown):
        yield quiet(f"{counted(left, 'earlier request')} left out; {REST}.")
    if not found.shown:
        yield quiet("The test sent none.")
        return
    yield requests_table(found.shown, found.reading, bodies, messages=found.messages)


def _sessions(found: Evidence, bodies: Bodies) -> Iterator[Markup]:
    read = found.reading
    for number, (ref, versions) in enumerate(read.histories.items(), 1):
        yield element("h3", ref.within(read.scid), id=f"session-{number}")
        first = first_shown(versions)
        if note := let_go(gap_in(versions)):
            yield note
        if first:
            yield quiet(f"{counted(first, 'earlier version')} left out.")
        yield versions_table(ref, read, first=first)
        if document := _document(versions):
            name, id_ = f"the document of {ref.within(read.scid)}", f"session-{number}-document"
            yield fold(f"The document of {numbered(versions[-1])}", bodies.show(document, name=name, id_=id_))
    if found.more_sessions:
        yield quiet(f"{counted(found.more_sessions, 'other session')} left out; world.json has them.")
    elif not read.histories:
        yield quiet("There are none.")
    if read.names:
        yield fold("People", *_people(read.names))


def _document(versions: Sequence[Any]) -> str:
    """The document of the last version, as clients receive it; "" if that ended the session."""
    session = versions[-1].session
    return render(session, contract=NEWEST_CONTRACT) if session else ""


def _people(names: Mapping[str, str]) -> Iterator[Markup]:
    shown = [*names.items()][:MOST_PEOPLE]
    rows = (element("tr", element("th", name, scope="row"), element("td", xuid)) for xuid, name in shown)
    yield table("People, by the names that the test gives them", ("name", "xuid"), rows)
    if left := len(names) - len(shown):
        yield quiet(f"{left:,} more left out; world.json has them.")
