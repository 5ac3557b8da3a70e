"""A state machine of hypothesis over a world: random requests by several callers, and what holds after each."""

from __future__ import annotations

from pytest_xbl.strategies.steps.counting import Counting
from pytest_xbl.strategies.steps.crowding import Crowding
from pytest_xbl.strategies.steps.dumping import Dumping
from pytest_xbl.strategies.steps.handling import Handling
from pytest_xbl.strategies.steps.initializing import Initializing
from pytest_xbl.strategies.steps.owning import Owning
from pytest_xbl.strategies.steps.presence import Presence
from pytest_xbl.strategies.steps.trouble import Trouble
from pytest_xbl.strategies.steps.writing import Writing


class WorldMachine(Writing, Handling, Initializing, Owning, Presence, Counting, Crowding, Trouble, Dumping):
    """Random requests to a world, and its invariants; a subclass adds rules that let a client of its own act.

    `xbl` is the world; `people` are those who call: the users P0 to P3, the service S4, S5 that acts for P0 and P1, and
    S6 that acts on behalf of P2.
    After each step the documents, the histories, the taps and the indexes are checked, and at the end a dump.
    A mistake of a client fails the run as it fails a test with `xbl` (SEEN-5).
    """
