"""The list of the worlds that are served."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from pytest_xbl.pages.markup import element, link, quiet, table
from pytest_xbl.pages.scene import Scene
from pytest_xbl.pages.sheet import Sheet
from pytest_xbl.world import people

HEAD = ("world", "clock", "sessions", "people", "requests", "refused")


def world_list(scenes: Sequence[Scene]) -> Sheet:
    """The page of all worlds, the newest last."""
    if not scenes:
        return Sheet("Worlds", quiet("No world is served now: no test that uses the fake is running."))
    rows = (_row(scene) for scene in scenes)
    return Sheet("Worlds", element("div", table("Worlds", HEAD, rows, class_="worlds"), class_="scroll"))


def _row(scene: Scene) -> Markup:
    refused = sum(1 for entry in scene.journal[:] if entry.refusal)
    numbers = (scene.sight.count, people.count(scene.world), scene.journal.arrived, refused)
    return element(
        "tr",
        element("th", link(scene.app.title, scene.at.world), scope="row"),
        element("td", f"{scene.world.now:%Y-%m-%d %H:%M:%S}", class_="when"),
        *(element("td", f"{number:,}", class_="number") for number in numbers),
    )
