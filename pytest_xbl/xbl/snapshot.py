"""`xbl.snapshot`: a state of a world as a value."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_xbl.arrange.loaded import Loaded
from pytest_xbl.world.state import State
from pytest_xbl.world.world import World


@dataclass(eq=False, repr=False)
class Snapshot:
    """A state of a world, to which it can be put back."""

    state: State
    start: Loaded | None
    world: World
