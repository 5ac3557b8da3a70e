"""The versions of a session, each with its differences from the one before; derived places are folded away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from markupsafe import Markup

from pytest_xbl.compare.alignment import is_member
from pytest_xbl.compare.blame import keyed_document, member_of
from pytest_xbl.compare.derived import parted
from pytest_xbl.compare.differences import ABSENT, Difference, member_text, plain_differences, value_text
from pytest_xbl.compare.log import effect_text
from pytest_xbl.mpsd.model import JsonObject, Session, SessionRef
from pytest_xbl.pages.markup import element, fold, joined, link, spoken, table
from pytest_xbl.pages.reading import Position, Reading, label
from pytest_xbl.world.state import SessionVersion

SAID = ("changeNumber", "branch", "correlationId", "startTime")
"""The fields whose changes say nothing that the row of a version does not say."""
HEAD = ("#", "time", "by", "what happened", "differences", "request")


def versions_table(ref: SessionRef, versions: Sequence[SessionVersion], reading: Reading, *, first: int = 0) -> Markup:
    """A row for each version.

    Args:
        versions: all of the session.
        first: the position of the first one that is shown.
    """
    caption = f"Versions of {ref.within(reading.scid)}, each with its differences from the one before"
    return table(caption, HEAD, _rows(ref, versions, reading, first), class_="versions")


def _rows(ref: SessionRef, versions: Sequence[SessionVersion], reading: Reading, first: int) -> Iterator[Markup]:
    documents = _documents(versions[max(first - 1, 0) :])
    before = next(documents) if first else None
    for position, now in enumerate(documents, first):
        yield _row((ref, position), versions[position], reading, _differences(before, now, reading.names))
        before = now


def _documents(versions: Sequence[SessionVersion]) -> Iterator[JsonObject | None]:
    """The documents of versions, members by xuid; None where the session ended."""
    parse = cache(member_of)
    for version in versions:
        yield keyed_document(version.session, parse) if version.session else None


def _row(place: Position, version: SessionVersion, reading: Reading, changed: Markup) -> Markup:
    address = reading.links.version(*place)
    maker = reading.makers.get(place)
    effects = ", ".join(effect_text(effect, reading.names) for effect in version.effects)
    return element(
        "tr",
        element("th", label(version), scope="row"),
        element("td", f"{version.time:%H:%M:%S}", class_="time"),
        element("td", version.caller, element("br") if version.caller else None, element("small", version.operation)),
        element("td", effects),
        element("td", changed),
        element("td", link(f"#{maker}", reading.links.request(maker)) if maker else None),
        id=address.removeprefix("#") if address.startswith("#") else None,
    )


def _differences(before: JsonObject | None, now: JsonObject | None, names: Mapping[str, str]) -> Markup:
    if now is None:
        return element("p", "The session ends.")
    if before is None:
        return element("p", "The session begins.")
    labels = {**_labels(before, names), **_labels(now, names)}
    return changes([one for one in plain_differences(before, now, labels) if one.path[0] not in SAID])


def _labels(document: JsonObject, names: Mapping[str, str]) -> dict[str, str]:
    """Index and name of each member, by xuid."""
    return {
        xuid: f"{member['constants']['system']['index']} ({names.get(xuid) or member.get('gamertag') or xuid})"
        for xuid, member in document["members"].items()
    }


def changes(differences: Sequence[Difference]) -> Markup:
    """A line for each difference, with a sign and a color; derived ones are folded away."""
    shown, derived = parted(differences)
    if not shown:
        return element("p", "Nothing that the document shows.", class_="quiet")
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


def changed(before: Session | None, after: Session | None, names: Mapping[str, str]) -> Markup:
    """The differences of two versions of a session; None for one in which it was not there.

    Args:
        names: of people, by xuid.
    """
    parse = cache(member_of)
    was, is_ = (keyed_document(session, parse) if session else None for session in (before, after))
    return _differences(was, is_, names)
