"""A world with a beginning: what a seed brings into it, how it is put back, and how it is written down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_xbl.arrange.arguments import RefusalsAsErrors
from pytest_xbl.arrange.files import write
from pytest_xbl.arrange.loaded import Loaded
from pytest_xbl.arrange.markers import Named, Seeds
from pytest_xbl.arrange.seed import checked_expectation
from pytest_xbl.arrange.values import plain
from pytest_xbl.errors import XblError, hides_frames, require
from pytest_xbl.world.keeping import KEEP
from pytest_xbl.world.people import require_own_tokens
from pytest_xbl.world.ready_made import beginning
from pytest_xbl.world.state import State
from pytest_xbl.world.world import World

if TYPE_CHECKING:
    from pytest_xbl.xbl.scenario import ScenarioView

__tracebackhide__ = hides_frames

MOST_LINES = 100
"""The most differences that a failure lists."""


@dataclass(eq=False, repr=False)
class Snapshot:
    """A state of a world, to which it can be put back."""

    state: State
    start: Loaded | None
    world: World


class SeededWorld:
    """A world that begins with a seed, or empty.

    Args:
        name: tells the tokens of this world from those of others.
        seed: what it begins with; nothing unless given.
        directory: which names of files are relative to.
        keep: the number of versions and of taps that it keeps.

    Raises:
        XblError: for a seed that cannot be, naming the place.
    """

    def __init__(self, *, name: str, seed: Named | None, directory: Path, keep: int = KEEP) -> None:
        self.name = name
        self.directory = directory
        self._start = None if seed is None else Seeds().named(seed, directory)._load(directory)
        self._world = World(name, self._start.state.copy() if self._start else beginning(), keep=keep)
        if self._start:
            with RefusalsAsErrors("seed", lambda place: ("seed", *place)):
                require_own_tokens(self._world)

    def seed(self, seed: Named) -> ScenarioView:
        """Bring a seed into the world, besides what is there; `reset` comes back to what is there then.

        It adds, and changes nobody and nothing that is there already.

        Args:
            seed: a dict of the seed form, a `Seed`, or the name of a file or of a scenario.

        Returns:
            Its people, sessions and handles, by the names that it gives them.

        Raises:
            XblError: for a seed that cannot be, naming the place; then nothing of it is there (SEED-9).
        """
        named = Seeds().named(seed, self.directory)
        with self._world.exclusively():
            before = self._world.snapshot()
            loaded = named._load_into(before, self.directory, world=self.name, keep=self._world.most_kept)
            self._world.restore(loaded.state)
            try:
                self._begin_trouble(loaded)
            except XblError:
                self._world.restore(before)
                raise
            self._start = loaded
        return self.scenario

    def _begin_trouble(self, loaded: Loaded) -> None:
        """Begin what a seed says of trouble, besides the state of the world."""

    @property
    def scenario(self) -> ScenarioView:
        """The people, sessions and handles of the seed that came last, by the names that it gives them."""
        from pytest_xbl.xbl.scenario import ScenarioView

        return ScenarioView(self._world, self._start or Loaded(beginning()))

    def snapshot(self) -> Snapshot:
        """The state of the world as it is now, for `restore`."""
        with self._world.exclusively():
            return Snapshot(self._world.snapshot(), self._start, self._world)

    def restore(self, snapshot: Snapshot, *, clear_journal: bool = False) -> None:
        """Put the world back to a snapshot; it can be restored more than once.

        Args:
            clear_journal: whether the requests so far are of no interest any more; mistakes fail the test all the same.

        Raises:
            XblError: for a snapshot of another world.
        """
        require(Snapshot, snapshot, "a snapshot of xbl.snapshot()", where="snapshot")
        if snapshot.world is not self._world:
            raise XblError("The snapshot belongs to another world.", where="snapshot", rule="SEED-2")
        with self._world.exclusively():
            self._world.restore(snapshot.state)
            self._start = snapshot.start
            self._put_back(clear_journal=clear_journal)

    @contextmanager
    def sandbox(self) -> Iterator[None]:
        """A with-block after which the world is as it was before, whatever happens in it."""
        before = self.snapshot()
        try:
            yield
        finally:
            self.restore(before)

    def reset(self, *, clear_journal: bool = False) -> None:
        """Put the world back to what the seed made of it; without a seed, to nothing.

        Args:
            clear_journal: whether the requests so far are of no interest any more; mistakes fail the test all the same.
        """
        with self._world.exclusively():
            self._world.restore(self._start.state if self._start else beginning())
            self._put_back(clear_journal=clear_journal)

    def _put_back(self, *, clear_journal: bool) -> None:
        """Put back what belongs to a world besides its state."""

    def dump(self, path: str | Path | None = None) -> dict[str, Any]:
        """The world as a seed; whoever loads it has an equal world (SEED-7).

        Args:
            path: a file to write it to besides; YAML if it ends so, else JSON.

        Raises:
            XblError: for a file that cannot be written.
        """
        require(str | Path | None, path, "the name of a file", where="path")
        document = self._dump(tokens=True)
        if path is not None:
            write(self.directory / path, document)
        return document

    def _dump(self, *, tokens: bool) -> dict[str, Any]:
        """The world as a seed, with or without the tokens that the test has chosen (SEEN-13)."""
        from pytest_xbl.arrange.dumping import dump

        document: dict[str, Any] = plain(dump(self._world.snapshot(), tokens=tokens))
        return document

    def assert_state(self, expected: Mapping[str, Any] | None = None) -> None:
        """Fail unless the world, as an access now would find it, is as expected (SEED-10).

        Args:
            expected: a part of the seed form; what the seed says under `expected` unless given.

        Raises:
            AssertionError: with a line for every place that is otherwise.
            XblError: for what is no part of the seed form, or if nothing is expected.
        """
        __tracebackhide__ = True
        from pytest_xbl.arrange.expecting import state_differences
        from pytest_xbl.compare.listing import shortened

        start = self._start or Loaded(beginning())
        if expected is None and not start.expected:
            raise XblError("Nothing is expected: neither the seed says what, nor the call.")
        wanted = start.expected if expected is None else checked_expectation(expected)
        found = state_differences(wanted, self._world, start.sessions, start.handles)
        if found:
            raise AssertionError("\n".join(("The state is not as expected:", *shortened(found, MOST_LINES))))
