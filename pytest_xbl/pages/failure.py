"""The failure of a test: its text, and the versions and requests that the text names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from pytest_xbl.compare.log import log_line, made_by
from pytest_xbl.pages.markup import block, element, fold, joined, link, raw
from pytest_xbl.pages.reading import Histories, Position, Reading
from pytest_xbl.wire.journal import Entry

LONGEST = 20_000
"""The most characters of a text; of a traceback, its last ones."""
SINCE = re.compile(r"; since (#\d+ \d\d:\d\d:\d\d .+)$", re.MULTILINE)
"""The end of a line about a difference: the version that made it."""
REQUEST = re.compile(r"^#(\d+) (.+?): ", re.MULTILINE)
"""The beginning of a line about a request."""


class Failure(NamedTuple):
    """The failure of a test, in one of its phases.

    Args:
        when: setup, call or teardown.
        message: the text of the assertion, or of another error.
        place: the file and the line; "" if unknown.
        traceback: the whole text of pytest.
    """

    when: str
    message: str
    place: str
    traceback: str


def failure(failed: Failure, histories: Histories, entries: Sequence[Entry], reading: Reading) -> Markup:
    """The text of a failure, who made it so, and the whole traceback folded away."""
    text = failed.message if len(failed.message) <= LONGEST else f"{failed.message[:LONGEST]}..."
    makers = [_maker(position, histories, reading) for position in named_versions(text, histories)]
    where = element("p", element("code", failed.place), f", in the {failed.when} of the test", class_="quiet")
    return joined(
        [
            element("pre", _with_links(text, entries, reading), class_="failure"),
            where if failed.place else None,
            element("h3", "Who made it so") if makers else None,
            element("ul", *makers) if makers else None,
            fold("The whole traceback", block(failed.traceback[-LONGEST:])) if failed.traceback != text else None,
        ]
    )


def named_versions(text: str, histories: Histories) -> list[Position]:
    """The versions that a text names, each once: those of any session that read like it."""
    named = dict.fromkeys(SINCE.findall(text))
    if not named:
        return []
    known: dict[str, list[Position]] = {}
    for ref, versions in histories.items():
        for position, version in enumerate(versions):
            known.setdefault(made_by(version), []).append((ref, position))
    return [position for line in named for position in known.get(line, ())]


def _maker(position: Position, histories: Histories, reading: Reading) -> Markup:
    ref, place = position
    version = link(log_line(histories[ref][place], reading.names), reading.links.version(ref, place))
    number = reading.makers.get(position)
    request = [", by request ", link(f"#{number}", reading.links.request(number))] if number else []
    return element("li", f"{ref.within(reading.scid)} ", version, *request)


def _with_links(text: str, entries: Iterable[Entry], reading: Reading) -> Markup:
    """A text in which lines about requests lead to these."""
    callers = {str(entry.number): entry._who for entry in entries}
    return joined(_pieces(text, callers, reading))


def _pieces(text: str, callers: dict[str, str], reading: Reading) -> Iterator[Markup]:
    end = 0
    for found in REQUEST.finditer(text):
        if callers.get(found[1]) == found[2]:
            yield raw(text[end : found.start()])
            yield link(f"#{found[1]}", reading.links.request(int(found[1])))
            end = found.start() + len(found[1]) + 1
    yield raw(text[end:])
