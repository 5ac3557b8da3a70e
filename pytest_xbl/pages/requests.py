"""Requests as a table with a lane for each caller, in which races can be seen, with faults and taps in their places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from markupsafe import Markup

from pytest_xbl.compare.log import effect_text
from pytest_xbl.mpsd.effects import MemberTapped
from pytest_xbl.pages.bodies import Bodies
from pytest_xbl.pages.curl import ANYWHERE
from pytest_xbl.pages.exchanges import exchange
from pytest_xbl.pages.lanes import NOBODY, Lanes
from pytest_xbl.pages.links import request_id
from pytest_xbl.pages.markup import element, fold, joined, link, spoken, table
from pytest_xbl.pages.reading import Reading
from pytest_xbl.wire.journal import Entry
from pytest_xbl.world.connections import Tap

ERROR = 400
NO_MESSAGES: Mapping[int, Sequence[Any]] = MappingProxyType({})
CAPTION = "Requests in the order in which they were answered, with a lane for each caller"


def requests_table(
    entries: Sequence[Entry],
    reading: Reading,
    bodies: Bodies,
    *,
    url: str = ANYWHERE,
    messages: Mapping[int, Sequence[Any]] = NO_MESSAGES,
    is_open: bool = False,
) -> Markup:
    """A row for each request, and for each time that the clock was moved between two.

    Args:
        bodies: that the page has shown so far.
        url: the address of the fake, for commands.
        messages: on websockets, by the numbers of the requests that opened them.
        is_open: whether the bodies are shown, and not folded away.
    """
    lanes = Lanes(entries)
    head = ["#", "time", *(element("th", name, scope="col", class_="lane") for name in lanes.names), "request"]
    rows = _rows(entries, reading, lanes, lambda entry: _details(entry, bodies, url, messages, is_open=is_open))
    return table(CAPTION, head, rows, class_="requests")


def _rows(entries: Sequence[Entry], reading: Reading, lanes: Lanes, details: Any) -> Iterator[Markup]:
    before: datetime | None = None
    for entry in entries:
        if before and entry.time != before:
            yield _clock_row(before, entry.time, len(lanes.names))
        yield _row(entry, reading, lanes, details(entry))
        before = entry.time


def _clock_row(before: datetime, now: datetime, lanes: int) -> Markup:
    text = f"The clock moved {length(now - before)}, to {moment(now, before)}."
    return element("tr", element("td"), element("td", text, colspan=lanes + 2), class_="clock")


def _row(entry: Entry, reading: Reading, lanes: Lanes, details: Markup) -> Markup:
    mine, taps = lanes.of(entry.caller), reading.taps.get(entry.number, ())
    tapped = {lanes.of(tap.user): tap for tap in taps}
    what = [details, *_came(entry, reading, taps)]
    return element(
        "tr",
        element("th", f"#{entry.number}", scope="row"),
        element("td", f"{entry.time:%H:%M:%S}", class_="time"),
        *(_cell(entry, tapped.get(lane), is_mine=lane == mine) for lane in lanes.names),
        element("td", _who(entry), *what),
        id=request_id(entry.number),
        class_="mistake" if entry.mistake else None,
    )


def _cell(entry: Entry, tap: Tap | None, *, is_mine: bool) -> Markup:
    """The cell of a lane: the status in that of the caller, a sign in those of members who were told of the change."""
    shown = [status_pill(entry)] if is_mine else []
    if tap:
        shown.append(element("span", "tap lost" if not tap.copies else "tap", class_="pill tap"))
    return element("td", *shown, class_="lane")


def status_pill(entry: Entry) -> Markup:
    """The status of a request, and whether it was refused, failed by a fault, or lost its answer."""
    kind = "bad" if entry.status >= ERROR else "good"
    words = " refused" if entry.refusal else ""
    sign = element("span", " lost", class_="sign") if entry.lost else None
    return element("span", str(entry.status), spoken(words) if words else None, sign, class_=f"pill {kind}")


def _who(entry: Entry) -> Markup:
    """The caller and the status, for screens that are too narrow for lanes."""
    return element("span", f"{entry.caller or NOBODY} ", status_pill(entry), class_="who", aria_hidden="true")


def _details(entry: Entry, bodies: Bodies, url: str, messages: Mapping[int, Sequence[Any]], *, is_open: bool) -> Markup:
    said = messages.get(entry.number, ())
    acting = f" for {', '.join(entry.acting_for)}" if entry.acting_for else ""
    summary = element("code", entry._request_line(whole=False), acting)
    return fold(summary, exchange(entry, bodies, url=url, messages=said), open=is_open, id=f"exchange-{entry.number}")


def _came(entry: Entry, reading: Reading, taps: Sequence[Tap]) -> Iterator[Markup]:
    """The lines about what came of a request."""
    if entry.fault:
        yield line("fault", "Fault: ", entry.fault)
    if entry.refusal:
        yield line("refused", refusal_text(entry, reading))
    if entry.mistake:
        yield line("refused", f"A mistake of the client ({entry.mistake}).")
    if made := [_version_link(position, reading) for position in reading.made.get(entry.number, ())]:
        yield line("made", *_listed(made), *_effects(entry, reading))
    elif effects := [*_effects(entry, reading)]:
        yield line("made", *effects)
    for tap in taps:
        yield line("tapped", str(tap))
    for note in entry.notes:
        yield line("note", "Note: ", note)


def line(kind: str, *content: object) -> Markup:
    """A line about what came of a request."""
    return element("p", *content, class_=kind)


def refusal_text(entry: Entry, reading: Reading) -> Markup:
    """Rule, place and sentence of a refusal."""
    refusal = entry.refusal
    if refusal is None:
        return Markup()
    rule = link(refusal.rule, reading.links.rule(refusal.rule))
    return joined([element("b", rule), " at ", element("code", refusal.where), ": ", refusal.what])


def _version_link(position: tuple[Any, int], reading: Reading) -> Markup:
    ref, place = position
    return link(f"{ref.within(reading.scid)} {reading.labels.get(position, '')}", reading.links.version(ref, place))


def _effects(entry: Entry, reading: Reading) -> Iterator[str]:
    texts = [effect_text(effect, reading.names) for effect in entry.effects if not isinstance(effect, MemberTapped)]
    if texts:
        yield f": {', '.join(texts)}"


def _listed(parts: Iterable[Markup]) -> list[object]:
    listed: list[object] = []
    for part in parts:
        listed += [", ", part] if listed else [part]
    return listed


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
