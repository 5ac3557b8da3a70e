"""The failure of a test: its text, and the versions and requests behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from pytest_xbl.compare.log import log_line, made_by
from pytest_xbl.mpsd.effects import MemberTapped
from pytest_xbl.mpsd.model import SessionRef
from pytest_xbl.pages.markup import block, element, fold, joined, link, quiet, raw
from pytest_xbl.pages.reading import Position, Reading
from pytest_xbl.wire.entry import Entry

LONGEST = 20_000
"""The most characters of a text; of a traceback, its last ones."""
SINCE = re.compile(r"; since (#\d+ \d\d:\d\d:\d\d .+?)(?:; joined in #.*)?$", re.MULTILINE)
"""The end of a line about a difference: the version that made it."""
ABOUT = re.compile(r"^(.+?): expected .+, got ", re.MULTILINE)
"""The beginning of a line about a member."""
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


def failure(failed: Failure, entries: Sequence[Entry], reading: Reading) -> Markup:
    """The text of a failure, who made it so, and the whole traceback folded away.

    Args:
        entries: the requests of the test.
    """
    text = failed.message if len(failed.message) <= LONGEST else f"{failed.message[:LONGEST]}..."
    causes = list(dict.fromkeys([*_named(text, reading), *_about_members(text, reading)]))
    makers = [element("li", *_maker(position, reading)) for position in causes]
    place = [", at ", element("code", failed.place)] if failed.place else []
    return element(
        "div",
        element("pre", joined(_with_links(text, entries, reading)), class_="failure"),
        quiet(f"In the {failed.when} of the test", *place, "."),
        element("h3", "Who made it so") if makers else None,
        element("ul", *makers) if makers else None,
        fold("The whole traceback", block(failed.traceback[-LONGEST:])) if failed.traceback != text else None,
        class_="failed",
    )


def _named(text: str, reading: Reading) -> Iterator[Position]:
    """The versions that a text names: those of any session that read like it."""
    named = dict.fromkeys(SINCE.findall(text))
    if named:
        known = _by_line(reading)
        for line in named:
            yield from known.get(line, ())


def _by_line(reading: Reading) -> Mapping[str, Sequence[Position]]:
    known: dict[str, list[Position]] = {}
    for ref, versions in reading.histories.items():
        for place, version in enumerate(versions):
            known.setdefault(made_by(version), []).append((ref, place))
    return known


def _about_members(text: str, reading: Reading) -> Iterator[Position]:
    """The last version that did anything to each member whom a text is about, in the first session that knows them."""
    xuids = {name: xuid for xuid, name in reading.names.items()}
    for name in ABOUT.findall(text):
        if name in xuids:
            found = (_last_about(xuids[name], ref, reading) for ref in reading.histories)
            yield from [position for position in found if position][:1]


def _last_about(xuid: str, ref: SessionRef, reading: Reading) -> Position | None:
    versions = reading.histories[ref]
    for place in range(len(versions) - 1, -1, -1):
        effects = (effect for effect in versions[place].effects if not isinstance(effect, MemberTapped))
        if any(getattr(effect, "xuid", "") == xuid for effect in effects):
            return ref, place
    return None


def _maker(position: Position, reading: Reading) -> Iterator[object]:
    yield f"{position[0].within(reading.scid)} "
    yield link(log_line(reading.version(position), reading.names), reading.links.version(*position))
    number = reading.makers.get(position)
    if number:
        yield ", "
        yield link(f"request #{number}", reading.links.request(number))


def _with_links(text: str, entries: Iterable[Entry], reading: Reading) -> Iterator[Markup]:
    """A text in which lines about requests lead to these."""
    callers = {str(entry.number): entry._who for entry in entries}
    end = 0
    for found in REQUEST.finditer(text):
        if callers.get(found[1]) == found[2]:
            yield raw(text[end : found.start()])
            yield link(f"#{found[1]}", reading.links.request(int(found[1])))
            end = found.end(1)
    yield raw(text[end:])
