"""Requests as a table with a lane for each caller, in which races can be seen, with faults and taps in their places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from markupsafe import Markup

from pytest_xbl.pages.bodies import Bodies
from pytest_xbl.pages.curl import ANYWHERE
from pytest_xbl.pages.exchanges import exchange
from pytest_xbl.pages.lanes import Lanes, lane_name
from pytest_xbl.pages.links import request_id
from pytest_xbl.pages.markup import column, counted, element, fold, link, spoken, table
from pytest_xbl.pages.outcomes import effects_text, outcome
from pytest_xbl.pages.overwriting import overwritten
from pytest_xbl.pages.reading import Reading
from pytest_xbl.pages.timeline import Event, Move, Own, timeline
from pytest_xbl.wire.entry import Entry
from pytest_xbl.world.keeping import Kept

ERROR = 400
CAPTION = "Requests in the order in which they were answered, with a lane for each caller"
EMPTY = element("td", class_="lane")
NO_MESSAGES: Mapping[int, Kept[Any]] = MappingProxyType({})


def requests_table(
    entries: Sequence[Entry],
    reading: Reading,
    bodies: Bodies,
    *,
    url: str = ANYWHERE,
    messages: Mapping[int, Kept[Any]] = NO_MESSAGES,
    is_whole: bool = True,
    is_open: bool = False,
) -> Markup:
    """A row for each request, for each version between that no request made, and for each move of the clock.

    Args:
        bodies: that the page has shown so far.
        url: the address of the fake, for commands.
        messages: on websockets, by the numbers of the requests that opened them.
        is_whole: whether these are all requests; among some, versions without a request have no place.
        is_open: whether the bodies are shown, and not folded away.
    """
    lanes = Lanes(entries, reading.taps)
    over = overwritten(entries, reading)

    def what(entry: Entry) -> Iterator[Markup]:
        said = messages.get(entry.number)
        shown = exchange(entry, bodies, url=url, messages=said)
        yield fold(_summary(entry), shown, open=is_open, id=f"exchange-{entry.number}")
        yield from outcome(entry, reading, over.get(entry.number, ()))

    head = ("#", column("time", "time"), *(column(name, "lane") for name in lanes.names), "request")
    events = timeline(entries, reading, is_whole=is_whole)
    return table(CAPTION, head, _rows(events, reading, lanes, what), class_="requests")


def _rows(
    events: Iterable[Event], reading: Reading, lanes: Lanes, what: Callable[[Entry], Iterator[Markup]]
) -> Iterator[Markup]:
    width = len(lanes.names)
    for event in events:
        match event:
            case Move():
                yield _move_row(event, width)
            case Own():
                yield _own_row(event, reading, width)
            case _:
                yield _row(event, reading, lanes, what(event))


def _move_row(move: Move, width: int) -> Markup:
    text = f"The clock moved {length(move.now - move.before)}, to {moment(move.now, move.before)}."
    return element("tr", element("td"), element("td", text, colspan=width + 2), class_="aside")


def _own_row(own: Own, reading: Reading, width: int) -> Markup:
    """The row of a version that no request made."""
    version = reading.version(own.position)
    who = f"{version.operation} by {version.caller}" if version.caller else version.operation
    text = effects_text(version.effects, reading)
    skipped = f"{counted(own.skipped, 'version')} before without a request left out. " if own.skipped else None
    shown = link(reading.label(own.position), reading.links.version(*own.position))
    content = [skipped, "Without a request, ", who, ": ", shown, f": {text}" if text else None]
    return element("tr", element("td"), element("td", *content, colspan=width + 2), class_="aside")


def _row(entry: Entry, reading: Reading, lanes: Lanes, what: Iterator[Markup]) -> Markup:
    mine, status = lanes.of(entry.caller), status_pill(entry)
    tapped = Counter(lanes.of(tap.user) for tap in reading.taps.get(entry.number, ()))
    # the caller and the status once more, for screens that are too narrow for lanes
    who = element("span", f"{lane_name(entry.caller)} ", status, class_="who")
    return element(
        "tr",
        element("th", f"#{entry.number}", scope="row"),
        element("td", f"{entry.time:%H:%M:%S}", class_="time"),
        *(_cell(status if lane == mine else None, tapped[lane]) for lane in lanes.names),
        element("td", who, *what),
        id=request_id(entry.number),
        class_="mistake" if entry.mistake else None,
    )


def _cell(status: Markup | None, taps: int) -> Markup:
    """The cell of a lane: the status in that of the caller, a sign in those of members who were told of the change."""
    if not (status or taps):
        return EMPTY
    tap = element("span", "tap" if taps == 1 else f"{taps} taps", class_="pill tap") if taps else None
    return element("td", status, " " if status and tap else None, tap, class_="lane")


def status_pill(entry: Entry) -> Markup:
    """The status of a request, and whether it was refused or its answer was lost."""
    kind = "bad" if entry.status >= ERROR else "good"
    refused = spoken(" refused") if entry.refusal else None
    return element("span", str(entry.status), refused, " lost" if entry.lost else None, class_=f"pill {kind}")


def _summary(entry: Entry) -> Markup:
    acting = f" for {', '.join(entry.acting_for)}" if entry.acting_for else None
    return element("code", entry._request_line(whole=False), acting)


def length(time: timedelta) -> str:
    """A length of time in words, such as `1 h 30 s`."""
    seconds = time.total_seconds()
    minutes, rest = divmod(abs(seconds), 60)
    hours, minutes = divmod(int(minutes), 60)
    parts = [f"{hours} h" * bool(hours), f"{minutes} min" * bool(minutes), f"{rest:g} s" * bool(rest)]
    return ("back " if seconds < 0 else "") + " ".join(filter(None, parts))


def moment(time: datetime, before: datetime) -> str:
    """The time of day, and the day if it is another."""
    return f"{time:%H:%M:%S}" if time.date() == before.date() else f"{time:%Y-%m-%d %H:%M:%S}"
