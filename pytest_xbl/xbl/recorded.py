"""`xbl_recording`: the seed of the world in which a recording ends."""

from __future__ import annotations

from pathlib import Path

from pytest_xbl.arrange.seed import Seed
from pytest_xbl.errors import hides_frames, require
from pytest_xbl.xbl.xbox_live import XboxLive

__tracebackhide__ = hides_frames


class Recorded:
    """Makes seeds of recordings; each is replayed once.

    Args:
        directory: which names of files are relative to.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._seeds: dict[Path, Seed] = {}

    def __call__(self, recording: str | Path) -> Seed:
        """The seed of the world in which a recording ends (REPL-6).

        Args:
            recording: the name of an HTTP archive, of an archive of Fiddler's, or of a log of the trace analyzer.

        Raises:
            XblError: for a file that is no recording, or one of a world that cannot be.
        """
        require(str | Path, recording, "the name of a recording", where="recording", rule="REPL-1")
        path = self._directory / recording
        if path not in self._seeds:
            world = XboxLive()
            world.replay(path)
            self._seeds[path] = Seed(world.dump(), name=path.stem)
        return self._seeds[path]
