"""Refused requests, grouped by the rule that refused them, with what the rule says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from pytest_xbl.compare.listing import shortened
from pytest_xbl.pages.links import rule_id
from pytest_xbl.pages.markup import coded, element, joined, link
from pytest_xbl.pages.outcomes import mistake_text
from pytest_xbl.pages.reading import Reading
from pytest_xbl.pages.requests import ERROR
from pytest_xbl.rulebook import RULES
from pytest_xbl.wire.entry import Entry

MOST = 5
"""The most requests that a group lists."""


def refused_rules(entries: Iterable[Entry]) -> list[str]:
    """The rules that refused requests: those of mistakes first, then those that refused last."""
    refused = [entry for entry in entries if entry.refusal]
    mistakes = [entry.rule for entry in refused if entry.mistake]
    return list(dict.fromkeys([*mistakes[::-1], *(entry.rule for entry in reversed(refused))]))


def has_failed(entry: Entry) -> bool:
    """Whether a fault of the test has failed a request, or lost its answer."""
    return bool(entry.fault) and not entry.refusal and (entry.status >= ERROR or entry.lost)


def refusals(entries: Sequence[Entry], reading: Reading) -> Markup:
    """A group for each rule that refused requests, and one for those that faults of the test failed."""
    groups = [
        _group(rule, [entry for entry in entries if entry.rule == rule], reading) for rule in refused_rules(entries)
    ]
    failed = [entry for entry in entries if has_failed(entry)]
    if failed:
        groups.append(joined([element("h3", "By faults that the test armed"), _rows(failed, reading)]))
    return joined(groups)


def _group(rule: str, entries: Sequence[Entry], reading: Reading) -> Markup:
    known = RULES.get(rule)
    text = element("p", coded(known.text), class_="rule") if known else None
    return joined([element("h3", rule, id=rule_id(rule)), text, _rows(entries, reading)])


def _rows(entries: Sequence[Entry], reading: Reading) -> Markup:
    """The last requests of a group."""
    rows = [element("li", *_told(entry, reading)) for entry in reversed(entries)]
    shown = shortened(rows, MOST, rest="earlier")
    return element("ul", *(row if isinstance(row, Markup) else element("li", row) for row in shown))


def _told(entry: Entry, reading: Reading) -> Iterable[object]:
    yield link(f"#{entry.number}", reading.links.request(entry.number))
    yield f" {entry._who}: "
    yield element("code", entry._request_line(whole=False))
    yield f" → {entry.status}"
    if entry.refusal:
        yield joined([" at ", element("code", entry.refusal.where), ": ", entry.refusal.what])
    else:
        yield f": {entry.fault}"
    if entry.mistake:
        yield element("b", f" {mistake_text(entry)}")
