"""The list of the statistics that the users of a world have reached."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from markupsafe import Markup

from pytest_xbl.mpsd.view import timestamp
from pytest_xbl.pages.asked import Asked
from pytest_xbl.pages.markup import element, joined, link, quiet, table
from pytest_xbl.pages.paging import pager, part_of
from pytest_xbl.pages.scene import Scene
from pytest_xbl.pages.sheet import Sheet
from pytest_xbl.userstats.model import Statistic
from pytest_xbl.world.statistics import reached
from pytest_xbl.world.stored import stored_statistics

HEAD = ("user", "statistic", "value", "type", "metadata")


def statistic_list(scene: Scene, asked: Asked) -> Sheet:
    """The page of all statistics, user by user."""
    part = part_of(stored_statistics(scene.world), asked)
    rows = [row for scid, xuid in part.items for row in _rows(scene, scid, xuid)]
    if not rows:
        return Sheet("Statistics", quiet("Nobody has reached any."), "Statistics")
    shown = element("div", table("Statistics", HEAD, rows, class_="statistics"), class_="scroll")
    rest = pager(part, lambda number: scene.at.page("statistics", page=number))
    return Sheet("Statistics", joined([shown, rest]), "Statistics")


def statistics_of(scene: Scene, xuid: str) -> Markup | None:
    """The statistics of one user; None for none."""
    rows = [row for scid, who in stored_statistics(scene.world) if who == xuid for row in _rows(scene, scid, xuid)]
    return element("div", table("Statistics", HEAD, rows, class_="statistics"), class_="scroll") if rows else None


def _rows(scene: Scene, scid: str, xuid: str) -> Iterator[Markup]:
    for name, statistic in reached(scene.world, scid, xuid).items():
        shown = joined([name, *_configuration(scene, scid)])
        cells = (shown, _value(statistic), statistic.type, _metadata(statistic))
        who = link(scene.name_of(xuid), scene.at.person(xuid))
        yield element("tr", element("th", who, scope="row"), *(element("td", cell) for cell in cells))


def _configuration(scene: Scene, scid: str) -> list[Markup]:
    """The service configuration, if it is another than that of the world."""
    return [] if scid == scene.world.scid.lower() else [element("br"), element("small", scid)]


def _value(statistic: Statistic) -> Markup:
    held = statistic.value
    return element("code", timestamp(held) if isinstance(held, datetime) else str(held))


def _metadata(statistic: Statistic) -> Markup | None:
    return element("code", statistic.metadata) if statistic.metadata else None
