"""The worlds of the tests of one session: their names, seeds and settings."""

from __future__ import annotations

import zlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_xbl.arrange.markers import Named, Seeds, markers_of
from pytest_xbl.arrange.seed import Seed
from pytest_xbl.errors import XblError, hides_frames
from pytest_xbl.xbl.xbox_live import XboxLive

if TYPE_CHECKING:
    import pytest

__tracebackhide__ = hides_frames


class Worlds:
    """The worlds of a session, made from markers, fixtures and settings; settings and seeds are read once."""

    def __init__(self, config: pytest.Config) -> None:
        self.seeds = Seeds()
        self._loose: list[str] = config.getini("xbl_loose")
        self._usual: str = config.getini("xbl_seed")
        self._directory = config.inipath.parent if config.inipath else config.rootpath

    def usual_seed(self) -> Seed:
        """The seed that the setting `xbl_seed` names, or the empty one.

        Raises:
            XblError: for a name without a seed.
        """
        try:
            return self.seeds.usual(self._usual, self._directory)
        except XblError as error:
            raise XblError(f"{error}\nnamed by: the setting xbl_seed") from None

    def world_of(self, item: pytest.Item, url: str, usual_seed: Named) -> XboxLive:
        """The fake for a test.

        Args:
            url: of the server.
            usual_seed: the seed of a test whose markers name none.

        Raises:
            XblError: for a marker, a setting or a seed that cannot be.
        """
        markers = markers_of(item) if "xbl" in item.keywords else []
        directory = _parent(item.path)
        is_empty = usual_seed is self.seeds.empty and not markers
        seed = None if is_empty else self.seeds.of_test(markers, usual_seed, directory)
        fake = XboxLive(url=url, name=name_of_world(item.nodeid), seed=seed, directory=directory)
        if self._loose:
            self._loosen(fake)
        for marker in markers:
            fake._strictness.loosen(marker.loose)
        return fake

    def _loosen(self, fake: XboxLive) -> None:
        try:
            fake._strictness.loosen(self._loose)
        except XblError as error:
            raise XblError(f"{error}\nnamed by: the setting xbl_loose") from None


@lru_cache
def _parent(path: Path) -> Path:
    return path.parent


def name_of_world(test_id: str) -> str:
    """A name that depends on the test's id alone, so that the tokens of its world are the same in every run."""
    return f"xbl-{zlib.crc32(test_id.encode()):08x}"
