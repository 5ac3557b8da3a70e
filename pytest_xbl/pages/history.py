"""The history of a session: its versions, each with the request that made it, and any two of them compared."""

from __future__ import annotations

import json
from collections.abc import Sequence

from markupsafe import Markup

from pytest_xbl.compare.log import made_by
from pytest_xbl.mpsd.model import NEWEST_CONTRACT, Session, SessionRef
from pytest_xbl.mpsd.view import render
from pytest_xbl.pages.addresses import OnThePage
from pytest_xbl.pages.asked import Asked
from pytest_xbl.pages.changes import Changes
from pytest_xbl.pages.markup import block, element, fold, joined, let_go, quiet
from pytest_xbl.pages.paging import Part, pager, part_of
from pytest_xbl.pages.scene import Scene
from pytest_xbl.pages.sheet import refuse
from pytest_xbl.pages.versions import differences, versions_table
from pytest_xbl.wire.entry import Entry
from pytest_xbl.world.state import SessionVersion

MOST_VERSIONS = 20
MOST_MEMBERS = 2000
"""The most versions on a page, and the most members that these have together."""
MOST_CHOICES = 200
"""The most versions that a list to choose from has."""


def history(scene: Scene, asked: Asked, ref: SessionRef) -> Markup:
    """The versions of a session, a way to compare two of them, and the comparison.

    Raises:
        NoPageError: 400 for a version that there is not.
    """
    versions = scene.world.history(ref)
    part = _part(versions, asked)
    positions = range(part.first, part.first + len(part.items))
    links = OnThePage(scene.app.name, ref=ref, positions=positions)
    shown = versions[: positions.stop]
    reading = scene.reading(links=links, entries=_makers(scene, ref), histories={ref: shown})
    table = versions_table(ref, reading, first=part.first)
    rest = pager(part, lambda number: scene.at.page("sessions", *ref, page=number) + "#history")
    gone, scroll = let_go(versions.gap), element("div", table, class_="scroll")
    return joined([_comparison(scene, asked, ref, versions), gone, scroll, rest])


def _makers(scene: Scene, ref: SessionRef) -> list[Entry]:
    """The requests that may have made versions of a session: they were answered with it, or had effects."""
    return [
        entry
        for entry in scene.journal[:]
        if entry.effects or ((session := entry._session or entry._answer.session) and session.ref == ref)
    ]


def _part(versions: Sequence[SessionVersion], asked: Asked) -> Part[SessionVersion]:
    """The versions on the page: those that are asked for, or the last ones."""
    last = next((version.session for version in reversed(versions) if version.session), None)
    size = max(1, min(MOST_VERSIONS, MOST_MEMBERS // (len(last.members) + 1 if last else 1)))
    return part_of(versions, asked, size=size, from_end=True, at=_position(versions, asked, "at"))


def _position(versions: Sequence[SessionVersion], asked: Asked, name: str) -> int | None:
    """The position of a version in the history.

    Raises:
        NoPageError: 400 for one that there is not.
    """
    position = asked.number(name)
    if position is not None and position >= len(versions):
        refuse(f"This history has the versions 0 to {len(versions) - 1}, and no version {position}.")
    return position


def _comparison(scene: Scene, asked: Asked, ref: SessionRef, versions: Sequence[SessionVersion]) -> Markup | None:
    """A form in which two versions can be chosen, and what changed from the one to the other."""
    if len(versions) == 1:
        return None
    old, new = _position(versions, asked, "old"), _position(versions, asked, "new")
    chosen = (len(versions) - 2 if old is None else old, len(versions) - 1 if new is None else new)
    form = element(
        "form",
        element("label", "From ", _choice("old", versions, chosen[0])),
        element("label", " to ", _choice("new", versions, chosen[1])),
        element("button", "Compare"),
        action=scene.at.page("sessions", *ref) + "#compared",
        class_="choice",
    )
    if old is None and new is None:
        return form
    return joined([form, _compared(scene, versions[chosen[0]], versions[chosen[1]])])


def _choice(name: str, versions: Sequence[SessionVersion], chosen: int) -> Markup:
    first = max(0, len(versions) - MOST_CHOICES)
    positions = dict.fromkeys((*([chosen] if chosen < first else []), *range(first, len(versions))))
    options = [
        element("option", made_by(versions[position]), value=position, selected=position == chosen)
        for position in positions
    ]
    return element("select", *options, name=name, id=f"choose-{name}")


def _compared(scene: Scene, old: SessionVersion, new: SessionVersion) -> Markup:
    title = element("h3", f"From {made_by(old)} to {made_by(new)}")
    folds = [
        fold(f"The document of {made_by(version)}", block(_text(version.session)), id=f"{side}-document")
        for side, version in (("old", old), ("new", new))
        if version.session
    ]
    found = quiet("They are one and the same.") if old is new else changed(scene, old, new)
    return element("div", title, found, *folds, id="compared", class_="compared")


def changed(scene: Scene, old: SessionVersion, new: SessionVersion) -> Markup:
    """The differences of two versions of a session."""
    if old.session is None or new.session is None:
        text = {(True, True): "There is no session in either.", (True, False): "The session begins."}
        return quiet(text.get((old.session is None, new.session is None), "The session ends."))
    return differences(Changes({new.ref: [old, new]}, scene.names).of(new.ref, 1))


def _text(session: Session) -> str:
    return json.dumps(json.loads(render(session, contract=NEWEST_CONTRACT)), indent=1, ensure_ascii=False)
