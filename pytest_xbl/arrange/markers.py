"""The markers `xbl` and `xbl_scenarios`, and the seeds that tests name (SEED-6)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from glob import glob
from os.path import abspath
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_xbl.arrange.arguments import RefusalsAsErrors
from pytest_xbl.arrange.files import is_file_name
from pytest_xbl.arrange.form import check_form
from pytest_xbl.arrange.seed import Seed
from pytest_xbl.arrange.values import plain
from pytest_xbl.errors import XblError, hides_frames, shown
from pytest_xbl.mpsd.suggesting import did_you_mean, nearest
from pytest_xbl.userstats.model import Values

if TYPE_CHECKING:
    import pytest

__tracebackhide__ = hides_frames

Named: TypeAlias = Seed | Mapping[str, Any] | str | Path
"""A seed, a dict of the seed form, or the name of a file or a scenario."""


class Marker:
    """The options of one marker `xbl`, or of one call of `xbl_world`.

    Args:
        seed: a seed, a dict of the seed form, or the name of a scenario or a file, relative to the file of the test.
        scenario: the name of a scenario, which the seed adds to.
        now: the time that the clock shows.
        scid: the service configuration of the world, a GUID.
        values: the form in which contract 1 shows the values of statistics (STAT-8).
        loose: the kinds of mistakes that do not fail the test.
        limits: the rate limits: a profile, or a dict of the limits of services (RATE-3).
        faults: what goes wrong, in the form of seeds (FAULT-7).
        parameters: of the scenario.

    Raises:
        XblError: for an argument without a name, or an unknown option.
    """

    taker = "The marker xbl"
    """The name of what takes the options, in an error."""
    options: tuple[str, ...] = ("seed", "scenario", "now", "scid", "values", "loose", "limits", "faults")

    def __init__(
        self,
        *args: object,
        seed: Named | None = None,
        scenario: str | None = None,
        now: datetime | str | None = None,
        scid: str | None = None,
        values: Values | None = None,
        loose: Iterable[str] = (),
        limits: str | Mapping[str, Any] | None = None,
        faults: Sequence[Mapping[str, Any]] | None = None,
        **parameters: Any,
    ) -> None:
        if args:
            named = ", ".join(f"{name}=" for name in self.options)
            raise XblError(f"{self.taker} takes keywords only: {named}.")
        _require_options(parameters, scenario, self)
        self.seed = seed
        self.scenario = scenario
        self.now = now
        self.scid = scid
        self.values = values
        self.loose = loose
        self.limits = limits
        self.faults = faults
        self.parameters = parameters

    @property
    def names_a_seed(self) -> bool:
        """Whether it sets the seed or the scenario of the test."""
        return self.seed is not None or self.scenario is not None

    @property
    def settings(self) -> dict[str, Any]:
        """Its other options, in the seed form."""
        statistics = None if self.values is None else {"values": self.values}
        trouble = {"limits": self.limits, "faults": self.faults}
        settings = {"now": self.now, "scid": self.scid, "statistics": statistics, **trouble}
        return {name: value for name, value in settings.items() if value is not None}


def _require_options(parameters: Collection[str], scenario: object, marker: Marker) -> None:
    """Refuse keywords that are no parameters of the scenario, and may be misspelt options.

    Raises:
        XblError: with the nearest option.
    """
    if not parameters:
        return
    from pytest_xbl.arrange.scenarios import SCENARIOS, defaults_of

    known = defaults_of(scenario) if isinstance(scenario, str) and scenario in SCENARIOS else {}
    for name in parameters:
        near = nearest(name, (*marker.options, *known))
        if name not in known and (scenario is None or near in marker.options):
            raise XblError(f"{marker.taker} has no option {name!r}{_hint(name, near, marker.options)}")


def _hint(name: str, near: str | None, options: Iterable[str]) -> str:
    from pytest_xbl.arrange.scenarios import SCENARIOS, defaults_of

    if any(name in defaults_of(scenario) for scenario in SCENARIOS):
        what = "; it is a parameter of a scenario, which scenario= names."
    else:
        what = did_you_mean(near and f"{near}=")
    return f"{what} Options: {', '.join(options)}, and parameters of a scenario."


def _checked(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """Settings of the seed form, once each of them can be.

    Raises:
        XblError: naming the argument, and not its place in the form.
    """
    with RefusalsAsErrors("seed", lambda place: place[place[:1] == ("statistics",) :]):
        check_form(plain(settings))
    return settings


def markers_of(item: pytest.Item) -> list[Marker]:
    """The markers `xbl` of a test, the closest one first.

    Raises:
        XblError: for an argument without a name, or an unknown option.
    """
    return [Marker(*mark.args, **mark.kwargs) for mark in item.iter_markers("xbl")]


def seeds_of_cases(test: pytest.Item, fixtures: Collection[str], seeds: Seeds) -> list[Seed]:
    """The seeds that the marker `xbl_scenarios` of a test names, one for each test case.

    Args:
        fixtures: the names of those that the test uses.

    Raises:
        XblError: for a marker that cannot be, or a test that cannot have one, naming the test.
    """
    name = getattr(test, "originalname", None) or test.name
    (mark, *_) = test.iter_markers("xbl_scenarios")
    if "xbl_seed" not in fixtures:
        raise XblError(f"{name} is marked with xbl_scenarios, but does not use the fixture xbl.")
    if any(marker.names_a_seed for marker in markers_of(test)):
        raise XblError(f"{name} is marked with xbl_scenarios, but another marker names its seed.")
    if mark.kwargs or not mark.args:
        raise XblError(f"{name}: xbl_scenarios takes the names of scenarios or files, or Seeds, and no keywords.")
    try:
        return seeds.cases(mark.args, test.path.parent)
    except XblError as error:
        raise XblError(f"{error}\nnamed by: the marker xbl_scenarios of {name}") from None


def require_possible(test: pytest.Item, seeds: Seeds) -> None:
    """Refuse a test with a marker that makes no test cases of it.

    Raises:
        XblError: with the reason.
    """
    if test.get_closest_marker("xbl_scenario"):
        what = f"{test.name} is marked with xbl_scenario, which is a fixture; did you mean the marker xbl_scenarios?"
        raise XblError(f"{what} One scenario is named by xbl(scenario=...).")
    case = getattr(test, "callspec", None)
    if test.get_closest_marker("xbl_scenarios") and not (case and "xbl_seed" in case.params):
        seeds_of_cases(test, getattr(test, "fixturenames", ()), seeds)
        what = f"{test.name} is marked with xbl_scenarios, but a test of unittest.TestCase cannot have test cases."
        raise XblError(what)


class Seeds:
    """The seeds that the tests of a session name; files and scenarios are read once."""

    def __init__(self) -> None:
        self.empty = Seed()
        """The seed of a test that names none."""
        self._files: dict[Path, Seed] = {}
        self._variants: dict[tuple[Seed, str], Seed] = {}
        self._scenarios: dict[str, Seed] = {}

    def named(self, named: Named, directory: Path) -> Seed:
        """The seed for a seed, a dict, or the name of a file or a scenario.

        Args:
            directory: which the name of a file is relative to.

        Raises:
            XblError: for any other value, an unknown scenario, or a file that cannot be read.
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
        raise XblError(f"A seed is a dict, a Seed, or the name of a file or a scenario, not {shown(named)}.")

    def usual(self, setting: str, directory: Path) -> Seed:
        """The seed that a setting names; the empty one if it names none.

        Raises:
            XblError: for a name without a seed.
        """
        return self.named(setting, directory) if setting else self.empty

    def scenario(self, name: str, parameters: Mapping[str, Any]) -> Seed:
        """A scenario with these parameters.

        Raises:
            XblError: for an unknown scenario or parameter.
        """
        key = repr((name, sorted(parameters.items())))
        if key not in self._scenarios:
            self._scenarios[key] = Seed.scenario(name, **parameters)
        return self._scenarios[key]

    def of_test(self, markers: Sequence[Marker], usual: Named, directory: Path) -> Seed:
        """The seed of a test.

        Args:
            markers: of the test, the closest one first.
            usual: its seed if no marker names one.

        Raises:
            XblError: for a value that is not a seed, or an option that cannot be.
        """
        named = next((marker for marker in markers if marker.names_a_seed), None)
        seed = self.named(usual, directory) if named is None else self._of(named, directory)
        settings = {name: value for marker in reversed(markers) for name, value in marker.settings.items()}
        return self._kept((seed, repr(settings)), lambda: seed | _checked(settings)) if settings else seed

    def upon(self, usual: Mapping[str, Any], seed: Seed) -> Seed:
        """A seed on top of what is usual.

        Raises:
            XblError: for something usual that has not the seed form.
        """
        return self._kept((seed, f"upon {usual!r}"), lambda: _checked(usual) | seed)

    def _kept(self, key: tuple[Seed, str], combine: Callable[[], Seed]) -> Seed:
        """A seed with more, combined once for all tests that have both."""
        if key not in self._variants:
            self._variants[key] = combine()
        return self._variants[key]

    def cases(self, named: Iterable[Named], directory: Path) -> list[Seed]:
        """The seeds of test cases; names of files may be patterns.

        Raises:
            XblError: for a pattern that no file matches, or a value that is not a seed.
        """
        return [seed for name in named for seed in self._cases(name, directory)]

    def _cases(self, named: Named, directory: Path) -> Iterator[Seed]:
        if not isinstance(named, str) or not is_file_name(named):
            yield self.named(named, directory)
            return
        if (directory / named).is_file():
            yield self.named(named, directory)
            return
        paths = sorted(glob(named, root_dir=directory, recursive=True))  # noqa: PTH207 -- Path.glob takes no absolute pattern
        if not paths:
            raise XblError(f"No file in {directory} matches {named!r}.")
        for path in paths:
            yield self.named(path, directory)

    def _of(self, marker: Marker, directory: Path) -> Seed:
        if marker.scenario is None:
            return self.named({} if marker.seed is None else marker.seed, directory)
        seed = self.scenario(marker.scenario, marker.parameters)
        return seed if marker.seed is None else seed | self.named(marker.seed, directory)
