"""The list of the people of a world: its users, and its services."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from markupsafe import Markup

from pytest_xbl.mpsd.model import Session
from pytest_xbl.pages.asked import Asked
from pytest_xbl.pages.markup import element, joined, link, quiet, table
from pytest_xbl.pages.paging import pager, part_of
from pytest_xbl.pages.scene import Scene
from pytest_xbl.pages.sheet import Sheet
from pytest_xbl.pages.words import listed
from pytest_xbl.world import people
from pytest_xbl.world.state import Account
from pytest_xbl.world.stored import accounts, followed_by, sessions_with

MOST_NAMES = 5
"""The most sessions, and the most people, that a row shows."""
HEAD = ("name", "gamertag and xuid", "presence", "sessions", "follows")
"""The columns of the list."""


def people_list(scene: Scene, asked: Asked) -> Sheet:
    """The page of all users, and all services, in the order in which they came."""
    part = part_of(accounts(scene.world), asked)
    if not part.items:
        return Sheet("People", quiet("There is nobody yet."), "People")
    rows = (_row(scene, account) for account in part.items)
    rest = pager(part, lambda number: scene.at.page("people", page=number))
    shown = element("div", table("People", HEAD, rows, class_="people"), class_="scroll")
    return Sheet("People", joined([shown, rest]), "People")


def _row(scene: Scene, account: Account) -> Markup:
    caller = account.caller
    if caller.server:
        acting = listed(scene.name_of(str(user.xuid)) for user in account.acting_for)
        told = joined(["a service", ", acting for " if acting else None, acting])
        name = link(caller.name, scene.at.service(caller.name))
        return element("tr", element("th", name, scope="row"), element("td", told, colspan=len(HEAD) - 1))
    xuid = account.key
    who = joined([caller.gamertag or "no gamertag", element("br"), element("small", xuid)])
    followed = followed_by(scene.world, xuid)
    cells = (who, presence(scene, xuid), _sessions(scene, xuid), _first(scene, followed))
    name = link(caller.name, scene.at.person(xuid))
    return element("tr", element("th", name, scope="row"), *(element("td", cell) for cell in cells))


def presence(scene: Scene, xuid: str) -> str:
    """Whether somebody is in the title (TIME-7)."""
    return "in the title" if people.is_present(scene.world, xuid) else "away"


def _sessions(scene: Scene, xuid: str) -> Markup:
    held = sessions_with(scene.world, xuid)
    more = [f"{len(held) - MOST_NAMES:,} more"] if len(held) > MOST_NAMES else []
    return listed([*(_in(scene, session, xuid) for session in held[:MOST_NAMES]), *more])


def _in(scene: Scene, session: Session, xuid: str) -> Markup:
    """A session, and the status of somebody in it."""
    member = session.member(xuid)
    status = f" {member.status}" if member else ""
    name = link(session.ref.within(scene.world.scid), scene.at.session(session.ref))
    return joined([name, element("small", status)])


def _first(scene: Scene, xuids: list[str]) -> Markup:
    more = [f"{len(xuids) - MOST_NAMES:,} more"] if len(xuids) > MOST_NAMES else []
    return listed([*linked(scene, islice(xuids, MOST_NAMES)), *more])


def linked(scene: Scene, xuids: Iterable[str]) -> Iterator[Markup]:
    """People, each with a link to their page."""
    return (link(scene.name_of(xuid), scene.at.person(xuid)) for xuid in xuids)
