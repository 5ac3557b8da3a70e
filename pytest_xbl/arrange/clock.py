"""The clock of a test."""

from __future__ import annotations

from pytest_xbl.arrange.times import time_in
from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.world.world import World


def set_clock(world: World, record: JsonObject) -> None:
    """Set the clock to the time under `now`, if there is one.

    Args:
        record: with `now` of the seed form, checked.

    Raises:
        Refusal: for a time before the present one, where there are sessions or handles already (TIME-1).
    """
    time = time_in(record, "now")
    if time:
        try:
            world.set_time(time)
        except Refusal as refusal:
            raise refusal.inside("now") from None
