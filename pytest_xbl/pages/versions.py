"""The versions of a session, each with its differences from the one before; derived places are folded away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from pytest_xbl.compare.alignment import is_member
from pytest_xbl.compare.derived import parted
from pytest_xbl.compare.differences import ABSENT, Difference, member_text, value_text
from pytest_xbl.compare.log import effect_text
from pytest_xbl.mpsd.model import SessionRef
from pytest_xbl.pages.markup import column, element, fold, joined, link, spoken, table
from pytest_xbl.pages.reading import Position, Reading, numbered

HEAD = ("#", column("time", "time"), "by", "what changed")


def versions_table(ref: SessionRef, reading: Reading, *, first: int = 0) -> Markup:
    """A row for each version of a session.

    Args:
        first: the position of the first one that is shown.
    """
    caption = f"Versions of {ref.within(reading.scid)}, each with its differences from the one before"
    rows = (_row((ref, place), reading) for place in range(first, len(reading.histories[ref])))
    return table(caption, HEAD, rows, class_="versions")


def _row(position: Position, reading: Reading) -> Markup:
    version, address = reading.version(position), reading.links.version(*position)
    return element(
        "tr",
        element("th", numbered(version), scope="row"),
        element("td", f"{version.time:%H:%M:%S}", class_="time"),
        element("td", *_who(position, reading), class_="by"),
        element("td", *_what(position, reading)),
        id=address.removeprefix("#") if address.startswith("#") else None,
    )


def _who(position: Position, reading: Reading) -> Iterator[Markup]:
    """The caller and the operation, and the request that it was."""
    version, maker = reading.version(position), reading.makers.get(position)
    if version.caller:
        yield element("p", version.caller)
    request = [", ", link(f"request #{maker}", reading.links.request(maker))] if maker else []
    yield element("p", version.operation, *request, class_="quiet small")


def _what(position: Position, reading: Reading) -> Iterator[Markup]:
    """The effects and the differences of a version."""
    version = reading.version(position)
    texts = [effect_text(effect, reading.names) for effect in version.effects]
    if texts:
        yield element("p", ", ".join(texts))
    if version.session and not reading.changes.begins(*position):
        yield differences(reading.changes.of(*position))


def differences(found: Sequence[Difference]) -> Markup:
    """A line for each difference, with a sign and a color; derived ones are folded away."""
    shown, derived = parted(found)
    if not shown:
        return element("p", "The document is as before.", class_="quiet")
    lines = [_line(difference) for difference in shown]
    if derived:
        word = "place" if len(derived) == 1 else "places"
        lines.append(fold(f"{len(derived)} derived {word}", *map(_line, derived), class_="derived"))
    return joined(lines)


def _line(difference: Difference) -> Markup:
    """A difference: + for what came, - for what went, ~ for what changed, and these words for a screen reader."""
    text = member_text if is_member(difference.path) else value_text
    was, is_ = text(difference.expected), text(difference.got)
    if difference.expected is ABSENT:
        kind, sign, told = "added", "+", is_
    elif difference.got is ABSENT:
        kind, sign, told = "removed", "-", was
    else:
        kind, sign, told = "changed", "~", f"{was} → {is_}"
    mark = element("span", sign, aria_hidden="true", class_="sign")
    place = element("code", f"{difference.pointer}: {told}")
    return element("p", mark, spoken(f"{kind} "), place, class_=f"change {kind}")
