"""What pytest sees: fixtures, markers, settings, and the hook that lets no bug of the fake pass unseen.

Every run of every user pays for what this module imports, so it imports next to nothing.
"""

from __future__ import annotations

import zlib
from collections.abc import Generator, Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from pytest_xbl.errors import XblError

if TYPE_CHECKING:
    from pytest_xbl.fake import ScenarioView, XboxLive
    from pytest_xbl.seeding.seed import Seed
    from pytest_xbl.seeding.starts import Named, Start, Starts
    from pytest_xbl.wire.server import XblServer
    from pytest_xbl.wire.switchboard import Switchboard

MISTAKES = (XblError, pytest.UsageError)
"""What is raised where a test's author names no seed that could be."""
MARKERS = (
    "xbl(*, seed, scenario, now, values, **parameters): what the world of a test begins with.",
    "xbl_scenarios(*names): run a test once for each scenario, file (patterns too) or Seed.",
)


@pytest.fixture(scope="session")
def xbl_server() -> Iterator[XblServer[Switchboard]]:
    """The server that all `xbl` fixtures of a test session share; `.url` is where it listens."""
    from pytest_xbl.wire.server import XblServer
    from pytest_xbl.wire.switchboard import Switchboard

    with XblServer(Switchboard()) as server:
        yield server
        server.check()


class XblPlugin:
    """The fixtures and the hooks that have to know of each other, for one test session."""

    switchboard: Switchboard | None = None
    item: pytest.Item
    """The test that runs; asking the fixture `request` for it costs as much as all the rest."""
    fake: XboxLive | None = None
    """The one of the test that runs."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self._starts: Starts | None = None

    def starts(self) -> Starts:
        """The seeds that tests name, read once."""
        if self._starts is None:
            from pytest_xbl.seeding.starts import Starts

            self._starts = Starts()
        return self._starts

    def usual_seed(self) -> Seed:
        """What the setting `xbl_seed` names, or an empty seed."""
        named = self.config.getini("xbl_seed")
        try:
            return self.starts().usual(named, _directory_of_settings(self.config))
        except XblError as error:
            raise XblError(f"{error}\nnamed by: the setting xbl_seed") from None

    @pytest.fixture
    def xbl(self, xbl_server: XblServer[Switchboard], xbl_seed: Named) -> Iterator[XboxLive]:
        """A fake Xbox Live with a world of its own, served at `xbl.url`."""
        from pytest_xbl.fake import XboxLive

        name, directory = _name_of_world(self.item.nodeid), self.item.path.parent
        try:
            seed = self._start(xbl_seed, directory)
        except MISTAKES as mistake:
            raise _failure(mistake) from None
        try:
            fake = self.fake = XboxLive(url=xbl_server.url, name=name, seed=seed, directory=directory)
        except XblError as mistake:
            raise _failure(mistake) from None
        self.switchboard = xbl_server.app
        with xbl_server.app.connected(fake.app):
            yield fake
            _raise_first(xbl_server.app.take_crashes(fake.name))

    @pytest.fixture
    def xbl_scenario(self, xbl: XboxLive) -> ScenarioView:  # noqa: ARG002 -- it may be overridden, and is needed first
        """The people, sessions and handles of the seed that the test starts from, by name."""
        if self.fake is None:
            raise _failure(XblError("xbl_scenario needs the fixture xbl of the plugin, which has been overridden."))
        return self.fake.scenario

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Remember which test runs."""
        self.item, self.fake = item, None
        if item.get_closest_marker("xbl_scenarios") and not hasattr(item, "callspec"):
            what = f"{item.name} is marked with xbl_scenarios, and pytest makes no test cases of a unittest.TestCase."
            raise _failure(XblError(what))

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Make a test case of each seed that the marker `xbl_scenarios` names."""
        marker = metafunc.definition.get_closest_marker("xbl_scenarios")
        if marker is None:
            return
        try:
            seeds = self._cases(metafunc, marker)
        except MISTAKES as mistake:
            raise _failure(mistake) from None
        metafunc.parametrize("xbl_seed", seeds, ids=[seed.name for seed in seeds])

    def _cases(self, metafunc: pytest.Metafunc, marker: pytest.Mark) -> list[Seed]:
        name = metafunc.definition.name
        if "xbl_seed" not in metafunc.fixturenames:
            raise pytest.UsageError(f"{name} is marked with xbl_scenarios and does not use the fixture xbl.")
        if any(start.names_a_seed for start in _starts_in(metafunc.definition)):
            raise pytest.UsageError(f"{name} is marked with xbl_scenarios, and with a seed of its own besides.")
        if marker.kwargs or not marker.args:
            raise pytest.UsageError(f"{name}: xbl_scenarios takes names, one by one, and nothing else.")
        return self.starts().cases(marker.args, metafunc.definition.path.parent)

    def _start(self, xbl_seed: Named, directory: Path) -> Seed | None:
        markers = _starts_in(self.item) if self.item.get_closest_marker("xbl") else ()
        if not markers and xbl_seed is self.starts().nothing:
            return None
        return self.starts().start(markers, xbl_seed, directory)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Fail a test in whose fake an exception was raised, and hide no failure of its own by that."""
        try:
            result = yield
        except (pytest.skip.Exception, pytest.xfail.Exception):
            _raise_first(self._crashes(item))
            raise
        except BaseException:
            if crashes := self._crashes(item):
                item.add_report_section("call", "xbl", "\n".join(f"The fake failed: {crash!r}" for crash in crashes))
            raise
        _raise_first(self._crashes(item))
        return result

    def _crashes(self, item: pytest.Item) -> list[Exception]:
        return self.switchboard.take_crashes(_name_of_world(item.nodeid)) if self.switchboard else []


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options and settings of the plugin."""
    group = parser.getgroup("xbl", "the fake Xbox Live")
    group.addoption("--xbl-scenarios", action="store_true", help="list the scenarios that a test can start from")
    parser.addini("xbl_seed", "the file or the scenario that every test starts from, unless it says otherwise")


def pytest_configure(config: pytest.Config) -> None:
    """Give this test session a plugin of its own, so that two in one process share nothing."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    plugin = XblPlugin(config)
    config.pluginmanager.register(plugin, "xbl_plugin")
    config.pluginmanager.register(_module_of_session_fixtures(plugin), "xbl_session_plugin")


def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """List the scenarios instead of running tests, if that is asked for."""
    if not config.getoption("xbl_scenarios"):
        return None
    from pytest_xbl.seeding.scenarios import listing

    print(listing())  # noqa: T201 -- it is what was asked for
    return 0


def _module_of_session_fixtures(plugin: XblPlugin) -> ModuleType:
    """A module with the fixture that has to know the plugin.

    pytest allows no method for this scope, and a fixture that took an argument would cost every test.
    """

    @pytest.fixture(scope="session")
    def xbl_seed() -> Seed:
        """What tests start from if no marker says otherwise: the setting `xbl_seed`; meant to be overridden."""
        try:
            return plugin.usual_seed()
        except MISTAKES as mistake:
            raise _failure(mistake) from None

    module = ModuleType("xbl_session_plugin")
    vars(module)["xbl_seed"] = xbl_seed
    return module


def _starts_in(item: pytest.Item) -> list[Start]:
    """What the markers `xbl` of a test say, the closest one first."""
    from pytest_xbl.seeding.starts import Start

    markers = list(item.iter_markers("xbl"))
    if any(marker.args for marker in markers):
        raise pytest.UsageError("The marker xbl takes keywords only: seed=, scenario=, now=, values=.")
    try:
        return [Start(**marker.kwargs) for marker in markers]
    except TypeError as error:  # as that of any call with a keyword that there is not
        raise pytest.UsageError(str(error)) from None


def _directory_of_settings(config: pytest.Config) -> Path:
    return config.inipath.parent if config.inipath else config.rootpath


def _failure(mistake: Exception) -> BaseException:
    """What a test's author got wrong fails the test with its text alone; the plugin's own frames are of no help."""
    return pytest.fail.Exception(str(mistake), pytrace=False)


def _name_of_world(test_id: str) -> str:
    """A name that only the test's id decides, so that its tokens are the same in every run."""
    return f"xbl-{zlib.crc32(test_id.encode()):08x}"


def _raise_first(crashes: list[Exception]) -> None:
    if crashes:
        raise crashes[0]
