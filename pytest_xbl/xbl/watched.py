"""The worlds that are watched while a test runs, and the stacks of the mistakes in them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from traceback import walk_stack
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from pytest_xbl.mpsd.refusal import Mistake
    from pytest_xbl.xbl.strictness import Strictness
    from pytest_xbl.xbl.xbox_live import XboxLive

INSTALLED = {"site-packages", "dist-packages", "pytest_xbl"}
"""The names of directories whose code is not the project's, though they may lie in it."""


class Watched:
    """A world whose crashes and mistakes fail the test that runs.

    Args:
        world: it is served, or was until it ended during this test.
        title: of its section in the report of a failing test.
        fixture: the name of the one that made it, if other tests may use it as well.
        is_shared: whether it may last longer than the test.
    """

    __slots__ = ("artifacts", "before", "fixture", "is_shared", "over", "shown", "title", "world")

    def __init__(self, world: XboxLive, title: str, fixture: str, *, is_shared: bool) -> None:
        self.world = world
        self.title = title
        self.fixture = fixture
        self.is_shared = is_shared
        self.before = 0
        """The number of requests that had reached it when the test began."""
        self.shown = ""
        """The phase of the test in whose report it was shown last."""
        self.artifacts: Path | None = None
        """The directory of what the running test has left behind, as the option gives it; None for nothing yet."""
        self.over = False

    def begin_test(self) -> None:
        """Begin the next test."""
        self.before, self.shown, self.artifacts = self.world.app.journal.total, "", None
        self.world.app.journal.mistakes.stacks.clear()

    @property
    def has_news(self) -> bool:
        """Whether anything has reached it that nobody has looked at, or has not reached it that should have."""
        app = self.world.app
        return bool(app.crashes) or self.world._strictness.has_news or (app.trouble is not None and self.owes)

    @property
    def owes(self) -> bool:
        """Whether a fault should have happened by now: in a world that others use as well it may until that ends."""
        trouble = self.world.app.trouble
        return trouble is not None and (self.over or not self.is_shared) and trouble.owes

    def take_unmet(self) -> str:
        """The complaint about faults that should have happened by now, which comes once; "" for none."""
        trouble = self.world.app.trouble
        return trouble.take_owed() if trouble and self.owes else ""

    def concerns(self, item: pytest.Item) -> bool:
        """Whether a test has called it, or uses the fixture that made it."""
        called = self.world.app.journal.total > self.before
        return called or not self.fixture or self.fixture in getattr(item, "fixturenames", ())


def witness(strictness: Strictness, project: str) -> Callable[[Mistake], TracebackType | None]:
    """The function that an app asks for the stack of a mistake; it gives one if the mistake may fail a test.

    It holds on to no world, so that a world goes as soon as nobody holds it.

    Args:
        project: the directory of the test's project, with a separator at its end.
    """
    return partial(_stack, strictness, project)


def _stack(strictness: Strictness, project: str, kind: Mistake) -> TracebackType | None:
    """The frames in the project's files that led here, the outermost first; None if there are none."""
    found: TracebackType | None = None
    if kind not in strictness.loose:
        for frame, line in walk_stack(None):
            file = frame.f_code.co_filename
            if file.startswith(project) and not INSTALLED & {*Path(file).parts}:
                found = TracebackType(found, frame, frame.f_lasti, line)
    return found
