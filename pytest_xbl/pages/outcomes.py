"""The lines about what came of a request: refusal, faults, the versions that it made, taps and notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from pytest_xbl.compare.log import effect_text
from pytest_xbl.mpsd.effects import Effect, MemberTapped
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.view import etag
from pytest_xbl.pages.markup import element, link
from pytest_xbl.pages.overwriting import Overwritten
from pytest_xbl.pages.reading import Position, Reading
from pytest_xbl.wire.entry import Entry
from pytest_xbl.world.connections import Tap

CONDITIONS = ("If-Match", "If-None-Match")


def outcome(entry: Entry, reading: Reading, over: Sequence[Overwritten] = ()) -> Iterator[Markup]:
    """The lines, those first that say the most.

    Args:
        over: the versions that the request wrote over.
    """
    for name, value in entry._request.headers:
        if name in CONDITIONS:
            yield _line("condition", f"{name}: ", _tagged(value, reading))
    if entry.fault:
        yield _line("fault", "Fault: ", entry.fault)
    if entry.refusal:
        yield _line("refused", *_refusal(entry.refusal, reading))
    if entry.mistake:
        yield _line("refused", mistake_text(entry))
    yield from _made(entry, reading)
    for one in over:
        yield _line("fault", *_over(one, entry, reading))
    for tap in reading.taps.get(entry.number, ()):
        yield _line("tapped", _tap_text(tap))
    for note in entry.notes:
        yield _line("note", "Note: ", note)


def _refusal(refusal: Refusal, reading: Reading) -> Iterator[object]:
    """Rule, place and sentence of a refusal."""
    yield element("b", link(refusal.rule, reading.links.rule(refusal.rule)))
    yield " at "
    yield element("code", refusal.where)
    yield f": {refusal.what}"


def mistake_text(entry: Entry) -> str:
    """The kind of a mistake of the client."""
    return f"A mistake of the client: {entry.mistake}."


def effects_text(effects: Sequence[Effect], reading: Reading) -> str:
    """Effects in words, without taps, which have lines of their own; "" for none."""
    return ", ".join(effect_text(effect, reading.names) for effect in effects if not isinstance(effect, MemberTapped))


def _tap_text(tap: Tap) -> str:
    """A tap in words: whom it told of what, and the fault that it met."""
    kinds = f" ({', '.join(sorted(tap.kinds))})" if tap.kinds else ""
    copies = {0: ", but it got lost", 1: ""}.get(tap.copies, f", {tap.copies} times")
    return f"{tap.user} tapped{kinds}{copies}{f'. Fault: {tap.fault}' if tap.fault else ''}"


def _line(kind: str, *content: object) -> Markup:
    return element("p", *content, class_=kind)


def _tagged(value: str, reading: Reading) -> object:
    """The value of a precondition; the ETag of a version is shown as its name."""
    return next(
        (_link(position, reading) for position in _positions(reading) if _etag(position, reading) == value), value
    )


def _positions(reading: Reading) -> Iterator[Position]:
    for ref, versions in reading.histories.items():
        yield from ((ref, place) for place in range(len(versions)))


def _etag(position: Position, reading: Reading) -> str:
    session = reading.version(position).session
    return etag(session) if session else ""


def _link(position: Position, reading: Reading) -> Markup:
    return link(reading.label(position), reading.links.version(*position))


def _made(entry: Entry, reading: Reading) -> Iterator[Markup]:
    """The versions that a request made, each with its effects; effects of versions that are not known by themselves."""
    positions = reading.made.get(entry.number, ())
    for position in positions:
        text = effects_text(reading.version(position).effects, reading)
        yield _line("made", _link(position, reading), f": {text}" if text else None)
    if not positions and (text := effects_text(entry.effects, reading)):
        yield _line("made", text)


def _over(one: Overwritten, entry: Entry, reading: Reading) -> Iterator[object]:
    """The sentence about a version that a request wrote over."""
    yield "Wrote over "
    yield _link(one.position, reading)
    yield f" by {reading.version(one.position).caller}, which {entry.caller} had not read: "
    for place, pointer in enumerate(one.pointers):
        yield ", " if place else None
        yield element("code", pointer)
