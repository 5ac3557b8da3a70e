"""The list of the handles of a world, also of those that an access would no longer find."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from pytest_xbl.mpsd.handles import TYPES, Handle
from pytest_xbl.pages.asked import Asked
from pytest_xbl.pages.markup import element, joined, link, quiet, table
from pytest_xbl.pages.paging import pager, part_of
from pytest_xbl.pages.scene import Scene
from pytest_xbl.pages.sheet import Sheet
from pytest_xbl.pages.words import listed, until, value
from pytest_xbl.world.handles import peek_handle
from pytest_xbl.world.stored import stored_handles

PARAMETERS = ("type", "page")
ANY = "any"
HEAD = ("type", "id", "owner", "for", "session", "made", "found by an access")


def handle_list(scene: Scene, asked: Asked) -> Sheet:
    """The page of all handles, in the order in which they were made, or of those of a type."""
    kind = asked.choice("type", (ANY, *TYPES))
    kept = stored_handles(scene.world)
    count: Counter[str] = Counter(handle.type for handle in kept)
    ways = [
        link(
            f"{name} {len(kept) if name == ANY else count[name]:,}",
            scene.at.page("handles", type=name),
            aria_current="true" if name == kind else None,
        )
        for name in (ANY, *TYPES)
    ]
    part = part_of([handle for handle in kept if kind in (ANY, handle.type)], asked)
    rest = pager(part, lambda number: scene.at.page("handles", type=kind, page=number))
    chosen = element("p", listed(ways, " · "), class_="ways")
    return Sheet("Handles", joined([chosen, handle_table(scene, part.items), rest]), "Handles")


def handle_table(scene: Scene, handles: Sequence[Handle]) -> Markup:
    """A row for each handle."""
    if not handles:
        return quiet("There is none.")
    rows = (_row(scene, handle) for handle in handles)
    return element("div", table("Handles", HEAD, rows, class_="handles"), class_="scroll")


def _row(scene: Scene, handle: Handle) -> Markup:
    session = [link(handle.ref.within(scene.world.scid), scene.at.session(handle.ref))]
    if handle.origin:
        origin = link(handle.origin.within(scene.world.scid), scene.at.session(handle.origin))
        session += [element("br"), element("small", "from ", origin)]
    shown = joined([element("code", handle.id), *_attributes(handle)])
    cells = (shown, _person(scene, handle.owner), _person(scene, handle.invited), joined(session))
    made = f"{handle.created:%H:%M:%S}"
    last = (element("td", made, class_="when"), element("td", _found(scene, handle)))
    first = element("th", handle.type, scope="row")
    return element("tr", first, *(element("td", cell) for cell in cells), *last, id=handle.id)


def _attributes(handle: Handle) -> Sequence[object]:
    shown = value(dict(handle.attributes))
    return [element("br"), shown] if shown else []


def _person(scene: Scene, xuid: str | None) -> Markup | None:
    return link(scene.name_of(xuid), scene.at.person(xuid)) if xuid else None


def _found(scene: Scene, handle: Handle) -> Markup:
    """Whether an access now would find a handle, and until when an invite lasts."""
    if peek_handle(scene.world, handle.id) is None:
        return element("b", "no longer", class_="due")
    if handle.expires:
        return joined(["yes, ", element("small", f"until {until(handle.expires, scene.world.now)}")])
    return joined(["yes"])
