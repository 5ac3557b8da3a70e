"""The pytest plugin: fixtures, markers, options and hooks.

Every pytest run with the plugin installed pays for the imports of this module, so it imports next to nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_xbl.arrange.markers import Named
    from pytest_xbl.arrange.seed import Seed
    from pytest_xbl.reporting.failure import When
    from pytest_xbl.wire.server import XblServer
    from pytest_xbl.wire.switchboard import Switchboard
    from pytest_xbl.xbl.scenario import ScenarioView
    from pytest_xbl.xbl.worlds import Strays, Worlds
    from pytest_xbl.xbl.xbox_live import XboxLive

MARKERS = (
    "xbl(*, seed, scenario, now, scid, values, loose, **parameters): the seed and the settings of a test's world.",
    "xbl_scenarios(*names): run a test once for each scenario, file (patterns too) or Seed.",
)

MISTAKES = "unknown-route, unknown-service, bad-body, late-call"
"""The kinds of mistakes, for the help; to import them would cost every run."""


class XblPlugin:
    """The fixtures and hooks of one test session that share its state."""

    item: pytest.Item
    """The test that runs; the fixture `request` knows it, too, and costs as much as all the rest."""
    test_id = ""
    """The id of that test; "" before the first."""
    fake: XboxLive | None = None
    """The fake of the test that runs."""
    used: Worlds | None = None
    """The worlds of the session, as soon as a test has asked for them."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def worlds(self) -> Worlds:
        """The worlds of the session; no property, which pytest 8.0 would read to see whether it is a fixture."""
        if self.used is None:
            from pytest_xbl.xbl.worlds import Worlds

            self.used = Worlds(self.config)
            self.used.switchboard.runs.begin(self.test_id)
        return self.used

    @pytest.fixture
    def xbl(self, xbl_seed: Named) -> Iterator[XboxLive]:
        """A fake Xbox Live with a world of its own, served at `xbl.url`."""
        item, worlds = self.item, self.worlds()
        fake = self.fake = worlds.begin(item, xbl_seed)
        try:
            yield fake
            self._check(item, "teardown")
        finally:
            worlds.end(fake, item)

    @pytest.fixture
    def xbl_scenario(self, xbl: XboxLive) -> ScenarioView:  # noqa: ARG002 -- it may be overridden, and is needed first
        """The people, sessions and handles of the seed of the test, by name."""
        if self.fake is None:
            pytest.fail("xbl_scenario needs the fixture xbl of the plugin, which has been overridden.", pytrace=False)
        return self.fake.scenario

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Make a test case of each seed that the marker `xbl_scenarios` names."""
        if metafunc.definition.get_closest_marker("xbl_scenarios"):
            seeds = self.worlds().cases(metafunc)
            if seeds:
                metafunc.parametrize("xbl_seed", seeds, ids=[seed.name for seed in seeds])

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, object, object]:
        """Remember which test runs, and show its world if its setup fails."""
        self.item, self.test_id, self.fake = item, item.nodeid, None
        if self.used:
            self.used.switchboard.runs.begin(item.nodeid)
        try:
            result = yield
            if "xbl_scenarios" in item.keywords or "xbl_scenario" in item.keywords:
                self.worlds().require_possible(item)
        except (pytest.skip.Exception, pytest.xfail.Exception):
            raise
        except BaseException:
            self._show(item, "setup")
            raise
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Fail a test for a bug of its fake or a mistake of its client, unless it fails by itself."""
        try:
            result = yield
        except (pytest.skip.Exception, pytest.xfail.Exception):
            self._check(item, "call")
            raise
        except BaseException:
            self._show(item, "call")
            raise
        self._check(item, "call")
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Show the world of a subtest that fails."""
        report = yield
        if self.fake and report.failed and report.when == "call":
            from pytest_xbl.reporting.failure import show_in

            show_in(report, self.fake, item)
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self) -> Generator[None, object, object]:
        """Raise the exceptions of the server."""
        try:
            return (yield)
        finally:
            if self.used:
                self.used.check_server()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self) -> Generator[None, object, object]:
        """Report calls that came too late, as errors of the tests that they belong to, once for each."""
        try:
            return (yield)
        finally:
            if self.used and (calls := self.used.take_late_calls()):
                from pytest_xbl.reporting.late_calls import report_late_calls

                report_late_calls(self.config, calls)

    def pytest_unconfigure(self) -> None:
        """Stop the server."""
        if self.used:
            self.used.stop_server()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        """Report the late calls of a worker of pytest-xdist."""
        from pytest_xbl.reporting.late_calls import report_late_calls_of_worker

        report_late_calls_of_worker(self.config, node)

    def pytest_assertrepr_compare(self, op: str, left: object, right: object) -> list[str] | None:
        """Explain why two session documents are not equal."""
        if op != "==" or "SessionDocument" not in (type(left).__name__, type(right).__name__):
            return None
        from pytest_xbl.compare.assertions import explain_unequal

        return explain_unequal(left, right)

    def _check(self, item: pytest.Item, when: When) -> None:
        fake, strays = self.fake, self._strays(item)
        if strays or (fake and (fake.app.crashes or fake.app.journal)):
            from pytest_xbl.reporting.failure import fail_for

            fail_for(fake, item, when, strays=strays)

    def _show(self, item: pytest.Item, when: When) -> None:
        strays = self._strays(item)
        if self.fake or strays:
            from pytest_xbl.reporting.failure import show

            show(self.fake, item, when, strays=strays)

    def _strays(self, item: pytest.Item) -> Strays:
        """The calls of a test that belong to other tests."""
        used = self.used
        return used.take_strays(item, self.fake) if used and used.switchboard.runs.strays else {}


def session_fixtures(plugin: XblPlugin) -> type:
    """The fixtures of session scope, as functions of a class: pytest accepts no methods of an object there.

    An argument such as `pytestconfig` would lead to the plugin as well, but cost every test as much as its world.
    """

    @pytest.fixture(scope="session")
    def xbl_server() -> XblServer[Switchboard]:
        """The server that all `xbl` fixtures of a test session share; `.url` is its address."""
        return plugin.worlds().server

    @pytest.fixture(scope="session")
    def xbl_seed() -> Seed:
        """The seed of tests whose markers name none: that of the setting `xbl_seed`; meant to be overridden."""
        return plugin.worlds().usual_seed()

    return type("SessionFixtures", (), {"xbl_server": xbl_server, "xbl_seed": xbl_seed})


class OwnModules:
    """Finds the modules of the package as Python itself does.

    Pytest would look for asserts in the source of each module of a plugin, in every run.
    There are none, and the search takes as long as all else that the first test with `xbl` does.
    """

    def find_spec(self, name: str, path: Sequence[str] | None, _target: object = None) -> ModuleSpec | None:
        """Find a module below the package; None for any other."""
        return PathFinder.find_spec(name, path) if name.startswith("pytest_xbl.") else None


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Find the modules of the package without pytest from here on: a conftest may import some."""
    finder = OwnModules()
    sys.meta_path.insert(0, finder)
    early_config.add_cleanup(lambda: sys.meta_path.remove(finder))


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options and settings of the plugin."""
    group = parser.getgroup("xbl", "the fake Xbox Live")
    group.addoption("--xbl-scenarios", action="store_true", help="list the scenarios that a test can start from")
    group.addoption("--xbl-artifacts", metavar="DIR", help="write the requests and the world of each failing test here")
    parser.addini("xbl_loose", f"kinds of mistakes of a client that do not fail a test: {MISTAKES}", type="args")
    parser.addini("xbl_scid", "the service configuration of every world, unless the test has its own")
    parser.addini("xbl_seed", "the file or the scenario that every test starts from, unless it says otherwise")


def pytest_configure(config: pytest.Config) -> None:
    """Give this test session a plugin of its own, so that two in one process share nothing."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    plugin = XblPlugin(config)
    config.pluginmanager.register(plugin, "xbl_plugin")
    config.pluginmanager.register(session_fixtures(plugin), "xbl_session_fixtures")


def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """List the scenarios instead of running tests, if that is asked for."""
    if not config.getoption("xbl_scenarios"):
        return None
    from pytest_xbl.arrange.scenarios import listing

    print(listing())  # noqa: T201 -- it is what was asked for
    return 0
