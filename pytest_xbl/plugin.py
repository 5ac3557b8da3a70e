"""The pytest plugin: fixtures, markers, options and hooks.

Every pytest run with the plugin installed pays for the imports of this module, so it imports next to nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterable, Iterator
from typing import TYPE_CHECKING

import pytest

from pytest_xbl.errors import hides_frames
from pytest_xbl.options import MARKERS, OWN_MARKERS, add_options, asks_for_conformance, is_marked
from pytest_xbl.own_modules import OwnModules

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from pytest_xbl.arrange.markers import Named
    from pytest_xbl.arrange.seed import Seed
    from pytest_xbl.reporting.failure import When
    from pytest_xbl.wire.server import XblServer
    from pytest_xbl.wire.switchboard import Switchboard
    from pytest_xbl.xbl.factory import WorldFactory
    from pytest_xbl.xbl.recorded import Recorded
    from pytest_xbl.xbl.scenario import ScenarioView
    from pytest_xbl.xbl.worlds import Worlds
    from pytest_xbl.xbl.xbox_live import XboxLive

__tracebackhide__ = hides_frames

SCOPE_MISMATCH = "ScopeMismatch: You tried to access the function scoped fixture xbl"
OF_ONE_TEST = "xbl and xbl_scenario are of one test; for a fixture of a wider scope, xbl_world() makes a world."


class XblPlugin:
    """The fixtures and hooks of one test session that share its state."""

    item: pytest.Item
    """The test that runs, not yet there while tests are collected.

    The fixture `request` knows it, too, and costs as much as all the rest.
    """
    used: Worlds | None = None
    """The worlds of the session, as soon as a test has asked for them."""
    waits = False
    """Whether the run waits for whoever has started it: in pytest's debugger, or under `--xbl-stay` (SEEN-14)."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def worlds(self) -> Worlds:
        """The worlds of the session; no property, which pytest 8.0 would read to see whether it is a fixture."""
        if self.used is None:
            from pytest_xbl.xbl.worlds import Worlds

            self.used = Worlds(self.config)
            self.used.switchboard.explorer = self._explore
            if hasattr(self, "item"):
                self.used.begin_test(self.item)
        return self.used

    @pytest.fixture
    def xbl(self, xbl_seed: Named) -> Iterator[XboxLive]:
        """A fake Xbox Live with a world of its own, served at `xbl.url`."""
        item, worlds = self.item, self.worlds()
        fake = worlds.begin(item, xbl_seed, is_marked=is_marked(item))
        try:
            yield fake
            self._check(item, "teardown")
        finally:
            worlds.end(fake, item)

    @pytest.fixture
    def xbl_scenario(self, xbl: XboxLive) -> ScenarioView:  # noqa: ARG002 -- it may be overridden, and is needed first
        """The people, sessions and handles of the seed of the test, by name."""
        own = self.worlds().own
        if own is None:
            pytest.fail("xbl_scenario needs the fixture xbl of the plugin, which has been overridden.", pytrace=False)
        return own.scenario

    @pytest.fixture
    def xbl_environ(self) -> Iterator[dict[str, str]]:
        """Lets the programs that a test starts reach its world by the real names of Xbox Live."""
        with pytest.MonkeyPatch.context() as patch:
            variables = self.worlds().environ()
            for name, value in variables.items():
                patch.setenv(name, value)
            yield variables

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Make a test case of each seed that the marker `xbl_scenarios` names."""
        if metafunc.definition.get_closest_marker("xbl_scenarios"):
            seeds = self.worlds().cases(metafunc)
            if seeds:
                metafunc.parametrize("xbl_seed", seeds, ids=[seed.name for seed in seeds])

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, object, object]:
        """Remember which test runs, and show its world if its setup fails."""
        self.item = item
        if self.used:
            self.used.begin_test(item)
        try:
            result = yield
            if self.used:
                self.used.arm()  # a plugin that forbids sockets may have replaced what a shared world needs
                item.addfinalizer(self.used.arm_again)  # and may put back what there was before fixtures are torn down
            if is_marked(item) and not OWN_MARKERS.isdisjoint(item.keywords):
                self.worlds().require_possible(item)
        except (pytest.skip.Exception, pytest.xfail.Exception):
            self._forgive_unmet()
            raise
        except BaseException as error:
            if isinstance(error, pytest.fail.Exception) and SCOPE_MISMATCH in str(error.msg):
                error.msg = f"{error.msg}\n{OF_ONE_TEST}"
            self._forgive_unmet()
            self._show(item, "setup")
            raise
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Fail a test for a bug of its fake or a mistake of its client, unless it fails by itself."""
        try:
            result = yield
        except BaseException as error:
            self._forgive_unmet()
            if _leaves(error):
                self._check(item, "call")
            else:
                self._show(item, "call")
            raise
        if getattr(item, "_excinfo", None):  # a test of unittest that fails or is skipped raises nothing here
            self._forgive_unmet()
        self._check(item, "call")
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Show the worlds of a subtest that fails, and where a failing test is; hide tokens, and leave its page."""
        report = yield
        if self.used and report.failed:
            from pytest_xbl.reporting.failure import locate, show_in

            locate(report, item)
            if report.when == "call":
                show_in(report, self.used, item)
        if self.used and (tokens := self.used.given_tokens()):
            from pytest_xbl.reporting.hiding import hide_tokens

            hide_tokens(report, tokens)
        if self.used and report.failed and self.config.getoption("xbl_artifacts"):
            from pytest_xbl.reporting.leaving import leave_pages

            leave_pages(report, self.used, item)
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, object, object]:
        """Fail a teardown as `pytest_runtest_call` fails a call, and for an exception of the server."""
        try:
            result = yield
        except BaseException:
            self._show(item, "teardown")
            raise
        finally:
            if self.used:
                self.used.check_server()
                self.used.switchboard.runs.take_strays()  # of fixtures that outlast the test
                self.used.arm_again()
        self._check(item, "teardown")
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self) -> Generator[None, object, object]:
        """Report calls that came too late, as errors of the tests that they belong to, once for each."""
        try:
            return (yield)
        finally:
            if self.used and (calls := self.used.take_late_calls()):
                from pytest_xbl.reporting.late_calls import report_late_calls

                report_late_calls(self.config, calls)

    def pytest_enter_pdb(self) -> None:
        """Name the pages of the worlds while a test waits in the debugger."""
        self.waits = True
        if self.used and self.used.switchboard.has_worlds:
            from pytest_xbl.reporting.staying import announce

            announce(self.used, self.config)

    def pytest_leave_pdb(self) -> None:
        """Let the test go on."""
        self.waits = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_exception_interact(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        """Show the worlds of a failing test before the debugger begins: pytest shows no section of it, ever."""
        if self.used and self.config.getoption("usepdb", default=False):
            from pytest_xbl.reporting.staying import show_sections

            show_sections(report, self.config)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, exitstatus: int) -> Generator[None, object, object]:
        """Keep the worlds of failed tests until somebody has looked at them, behind all that pytest says of the run."""
        result = yield
        if self.used and self.used.kept and exitstatus == pytest.ExitCode.TESTS_FAILED:
            from pytest_xbl.reporting.staying import stay

            self.waits = True
            stay(self.used, self.config)
        return result

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

    def _explore(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request for a page; only the first one imports what makes pages."""
        from pytest_xbl.pages.explorer import Explorer

        worlds = self.worlds()
        explorer = Explorer(worlds.switchboard, url=worlds.url, moves=lambda: self.waits)
        worlds.switchboard.explorer = explorer
        return explorer(environ, start_response)

    def _check(self, item: pytest.Item, when: When) -> None:
        if self.used and self.used.has_news:
            from pytest_xbl.reporting.failure import fail_for

            fail_for(self.used, item, when)

    def _forgive_unmet(self) -> None:
        """Expect no fault in a test that has not come to its end (FAULT-6)."""
        if self.used:
            self.used.forgive_unmet()

    def _show(self, item: pytest.Item, when: When) -> None:
        if self.used:
            from pytest_xbl.reporting.failure import show

            show(self.used, item, when)


def _leaves(error: BaseException) -> bool:
    """Whether a test stops without a verdict, by pytest's means or by that of unittest."""
    ways = (pytest.skip.Exception, pytest.xfail.Exception)
    unittest = sys.modules.get("unittest")
    return isinstance(error, ways) or (unittest is not None and isinstance(error, unittest.SkipTest))


def session_fixtures(plugin: XblPlugin) -> type:
    """The fixtures of session scope, as functions of a class: pytest accepts no methods of an object there.

    An argument such as `pytestconfig` would lead to the plugin as well, but cost every test as much as its world.
    """

    @pytest.fixture(scope="session")
    def xbl_server() -> XblServer[Switchboard]:
        """The server that all `xbl` fixtures of a test session share; `.url` is its address."""
        return plugin.worlds().listening_server()

    @pytest.fixture(scope="session")
    def xbl_seed() -> Seed:
        """The seed of tests whose markers name none: that of the setting `xbl_seed`; meant to be overridden."""
        return plugin.worlds().usual_seed()

    @pytest.fixture(scope="session")
    def xbl_world() -> WorldFactory:
        """Makes worlds for a class, a module or a session, or several for one test: `xbl_world(scope="module")`."""
        from pytest_xbl.xbl.factory import WorldFactory

        return WorldFactory(plugin.worlds(), lambda: plugin.item)

    @pytest.fixture(scope="session")
    def xbl_recording() -> Recorded:
        """Makes a seed of a recording of the real service, by its name: the world in which it ends."""
        from pytest_xbl.xbl.recorded import Recorded

        return Recorded(plugin.config.rootpath)

    fixtures = {"xbl_server": xbl_server, "xbl_seed": xbl_seed, "xbl_world": xbl_world, "xbl_recording": xbl_recording}
    return type("SessionFixtures", (), fixtures)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Find the modules of the package without pytest from here on: a conftest may import some."""
    finder = OwnModules()
    sys.meta_path.insert(0, finder)
    early_config.add_cleanup(lambda: sys.meta_path.remove(finder))


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options and settings of the plugin."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Give this test session a plugin of its own, so that two in one process share nothing."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    plugin = XblPlugin(config)
    config.pluginmanager.register(plugin, "xbl_plugin")
    config.pluginmanager.register(session_fixtures(plugin), "xbl_session_fixtures")
    if config.getoption("xbl_stay"):
        from pytest_xbl.reporting.staying import require_possible

        require_possible(config)
    if asks_for_conformance(config):
        from pytest_xbl.conformance.registration import suite_of

        suite_of(config)


def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """List the scenarios instead of running tests, if that is asked for."""
    if not config.getoption("xbl_scenarios"):
        return None
    from pytest_xbl.arrange.scenarios import listing

    print(listing())  # noqa: T201 -- it is what was asked for
    return 0
