"""The page of the clock: what time it is, which timeouts come next, and what they will do; and its buttons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from markupsafe import Markup

from pytest_xbl.compare.log import effect_text
from pytest_xbl.errors import XblError
from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.pages.asked import Asked
from pytest_xbl.pages.layout import section
from pytest_xbl.pages.markup import counted, element, joined, link, quiet, table
from pytest_xbl.pages.requests import length, moment
from pytest_xbl.pages.scene import Scene
from pytest_xbl.pages.sheet import NoPageError, Sheet
from pytest_xbl.pages.timers import Timeout, found_now, found_then
from pytest_xbl.pages.words import facts, listed
from pytest_xbl.xbl.clock import Clock

MOST = 50
"""The most timeouts of a kind that the page shows."""
MOST_EFFECTS = 5
UNITS = ("seconds", "minutes", "hours", "days")
FIELDS = ("amount", "unit", "seconds", "to", "back")
"""The fields of the forms: how far, or to the next timeout; and where to come back."""
NEXT_TIMER = "next-timer"
HEAD = ("time", "session", "what will happen")
NOT_NOW = (
    "The clock cannot be moved from here now. In a run of tests it can while no test goes on: "
    "in pytest's debugger, and after the last test under --xbl-stay."
)


def clock_page(scene: Scene, _asked: Asked) -> Sheet:
    """The page of the clock."""
    parts = [_advance(scene) if scene.moves else quiet(NOT_NOW), *timeouts(scene, most=MOST)]
    now = facts({"Now": f"{scene.world.now:%Y-%m-%d %H:%M:%S} UTC"})
    return Sheet("Clock", joined([now, *parts]), "Clock")


def move_clock(scene: Scene, sent: Mapping[str, str]) -> str:
    """Move the clock as a form says, and give the address of the page to show next.

    Raises:
        NoPageError: 403 if it cannot be moved now; 400 for a length that no clock moves, or another field.
    """
    if not scene.moves:
        raise NoPageError(NOT_NOW, HTTPStatus.FORBIDDEN)
    asked = Asked(sent, FIELDS)
    try:
        _move(Clock(scene.world), asked)
    except XblError as error:
        raise NoPageError(error.what, HTTPStatus.BAD_REQUEST) from None
    back = asked.text("back")
    is_ours = back.startswith(scene.at.world) and back.isascii() and back.isprintable()  # it becomes a header
    return back if is_ours else scene.at.page("clock")


def _move(clock: Clock, asked: Asked) -> None:
    if asked.text("to"):
        asked.choice("to", (NEXT_TIMER,))
        clock.advance_to_next_timer()
        return
    if asked.text("amount"):
        clock.advance(**_length(asked.choice("unit", UNITS), _amount(asked, "amount")))
        return
    clock.advance(seconds=_amount(asked, "seconds"))


def _length(unit: str, amount: float) -> Any:
    """The argument of `advance`."""
    return {unit: amount}


def _amount(asked: Asked, name: str) -> float:
    text = asked.text(name)
    try:
        return float(text)
    except ValueError:
        what = f"The clock advances by a number, such as 30 or 0.5, not {brief(text)}."
        raise NoPageError(what, HTTPStatus.BAD_REQUEST) from None


def _advance(scene: Scene) -> Markup:
    amount = element("input", name="amount", id="amount", type="number", min="0", step="any", value="1", required=True)
    units = element(
        "select", *(element("option", unit, value=unit) for unit in UNITS), name="unit", id="unit", aria_label="Unit"
    )
    return element(
        "form",
        element("label", "Advance by ", amount),
        units,
        element("button", "Advance"),
        element("input", type="hidden", name="back", value=scene.at.page("clock")),
        method="post",
        action=scene.at.page("clock"),
        class_="choice",
    )


def timeouts(scene: Scene, *, most: int) -> Iterator[Markup]:
    """The timeouts that are due, and those that come next.

    Args:
        most: how many of each.
    """
    found = scene.timers
    if found.due:
        due = found_now(scene.world, found.due[:most])
        yield section("Due: an access now would find", _table(scene, due, len(found.due)), id_="due")
    if found.waiting:
        coming = found_then(scene.world, found, most=most)
        yield section("Next timeouts", _table(scene, coming, len(found.waiting)), id_="coming")
    if not (found.due or found.waiting):
        yield quiet("No timeout is to come.")


def _table(scene: Scene, found: Sequence[Timeout], count: int) -> Markup:
    rows = (_row(scene, one) for one in found)
    left = quiet(f"{counted(count - len(found), 'more session')} left out.") if count > len(found) else None
    return joined([element("div", table("Timeouts", HEAD, rows, class_="timers"), class_="scroll"), left])


def _row(scene: Scene, one: Timeout) -> Markup:
    now, ref = scene.world.now, one.session.ref
    when = [moment(one.time, now), element("br"), element("small", f"in {length(one.time - now)}")]
    shown = [effect_text(effect, scene.names) for effect in one.effects[:MOST_EFFECTS]]
    left = len(one.effects) - len(shown)
    return element(
        "tr",
        element("th", *(when if one.time > now else ["now"]), scope="row"),
        element("td", link(ref.within(scene.world.scid), scene.at.session(ref))),
        element("td", listed([*shown, *([f"{left:,} more"] if left else [])])),
    )
