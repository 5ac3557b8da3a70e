"""The world as a seed, for the next test or program that starts from it."""

from __future__ import annotations

import json

from pytest_xbl.arrange.dumping import dump
from pytest_xbl.world.world import World

NAME = "world.json"
"""The name of the file."""


def seed_text(world: World) -> str:
    """The world as the text of a seed, without the tokens that a test has chosen (SEEN-13)."""
    return f"{json.dumps(dump(world.snapshot(), tokens=False), indent=2)}\n"
