"""How tests name what they start from, and what of that is read once for all of them (SEED-6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from glob import glob
from os.path import abspath
from pathlib import Path
from typing import Any, TypeAlias

from pytest_xbl.arrange.files import is_file_name
from pytest_xbl.arrange.seed import Seed
from pytest_xbl.errors import XblError, hides_frames, shown
from pytest_xbl.userstats.model import Values

__tracebackhide__ = hides_frames

Named: TypeAlias = Seed | Mapping[str, Any] | str | Path


class Start:
    """What the marker `xbl` says; its keywords are these arguments, and the parameters of the scenario.

    Args:
        seed: a seed, a dict of the seed form, or the name of a scenario or a file, relative to the one of the test.
        scenario: the name of a scenario; a seed besides counts more.
        now: what the clock shows.
        values: how contract 1 shows the values of statistics (STAT-8).
        loose: the kinds of mistakes that do not fail the test.

    Raises:
        TypeError: for a keyword that is none of them.
    """

    def __init__(
        self,
        *,
        seed: Named | None = None,
        scenario: str | None = None,
        now: datetime | str | None = None,
        values: Values | None = None,
        loose: Iterable[str] = (),
        **parameters: Any,
    ) -> None:
        if parameters and scenario is None:
            raise TypeError(f"xbl() got an unexpected keyword argument {next(iter(parameters))!r}")
        self.seed = seed
        self.scenario = scenario
        self.now = now
        self.values = values
        self.loose = loose
        self.parameters = parameters

    @property
    def names_a_seed(self) -> bool:
        """Whether it says what the test starts from, and not just how."""
        return self.seed is not None or self.scenario is not None

    @property
    def settings(self) -> dict[str, Any]:
        """What it says besides, of the seed form."""
        settings: dict[str, Any] = {} if self.now is None else {"now": self.now}
        return settings if self.values is None else {**settings, "statistics": {"values": self.values}}


class Starts:
    """The seeds of one test session: files and scenarios are read once."""

    def __init__(self) -> None:
        self.nothing = Seed()
        """What a test starts from that nobody has named anything for."""
        self._files: dict[Path, Seed] = {}
        self._variants: dict[tuple[Seed, str], Seed] = {}
        self._scenarios: dict[str, Seed] = {}

    def named(self, named: Named, directory: Path) -> Seed:
        """The seed that is meant by a seed, a dict, the name of a file or of a scenario.

        Args:
            directory: which the name of a file is relative to.

        Raises:
            XblError: if none can be meant.
        """
        match named:
            case Seed():
                return named
            case Mapping():
                return Seed(named)
            case str() if not is_file_name(named):
                return self.scenario(named, {})
            case str() | Path():
                path = Path(abspath(directory / named))  # noqa: PTH100 -- resolve() fails where links go in circles
                if path not in self._files:
                    self._files[path] = Seed.read(path)
                return self._files[path]
        raise XblError(f"A seed is a dict, a Seed, or the name of a file or a scenario; {shown(named)} is none.")

    def usual(self, setting: str, directory: Path) -> Seed:
        """What a setting names; nothing if it is empty.

        Raises:
            XblError: if no seed can be meant.
        """
        return self.named(setting, directory) if setting else self.nothing

    def scenario(self, name: str, parameters: Mapping[str, Any]) -> Seed:
        """A scenario with these parameters.

        Raises:
            XblError: for an unknown scenario or parameter.
        """
        key = repr((name, sorted(parameters.items())))
        if key not in self._scenarios:
            self._scenarios[key] = Seed.scenario(name, **parameters)
        return self._scenarios[key]

    def start(self, markers: Iterable[Start], otherwise: Named, directory: Path) -> Seed:
        """What a test starts from.

        Args:
            markers: what its markers say, the closest one first.
            otherwise: what it starts from if none of them names a seed.

        Raises:
            XblError: for what cannot be a seed.
        """
        said = list(markers)
        named = next((marker for marker in said if marker.names_a_seed), None)
        seed = self.named(otherwise, directory) if named is None else self._of(named, directory)
        settings = {name: it for marker in reversed(said) for name, it in marker.settings.items()}
        return self._variant(seed, settings) if settings else seed

    def _variant(self, seed: Seed, settings: Mapping[str, Any]) -> Seed:
        """A seed with settings, put together once for all tests that have both."""
        key = (seed, repr(settings))
        if key not in self._variants:
            self._variants[key] = seed | settings
        return self._variants[key]

    def cases(self, named: Iterable[Named], directory: Path) -> list[Seed]:
        """The seeds of which each makes a test case; names of files may be patterns.

        Raises:
            XblError: for a pattern that no file fits, or what cannot be a seed.
        """
        return [seed for one in named for seed in self._cases(one, directory)]

    def _cases(self, named: Named, directory: Path) -> Iterator[Seed]:
        if not isinstance(named, str) or not is_file_name(named):
            yield self.named(named, directory)
            return
        if (directory / named).is_file():
            yield self.named(named, directory)
            return
        paths = sorted(glob(named, root_dir=directory, recursive=True))  # noqa: PTH207 -- Path.glob takes no absolute pattern
        if not paths:
            raise XblError(f"No file fits {named!r} in {directory}.")
        for path in paths:
            yield self.named(path, directory)

    def _of(self, marker: Start, directory: Path) -> Seed:
        if marker.scenario is None:
            return self.named({} if marker.seed is None else marker.seed, directory)
        seed = self.scenario(marker.scenario, marker.parameters)
        return seed if marker.seed is None else seed | self.named(marker.seed, directory)
