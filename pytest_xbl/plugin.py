"""What pytest sees: fixtures, markers, settings, and the hook that lets no bug of the fake pass unseen.

Every run of every user pays for what this module imports, so it imports next to nothing.
"""

from __future__ import annotations

import zlib
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Literal, TypeAlias

import pytest

from pytest_xbl.errors import XblError

if TYPE_CHECKING:
    from pytest_xbl.arrange.markers import Named, Start, Starts
    from pytest_xbl.arrange.seed import Seed
    from pytest_xbl.wire.server import XblServer
    from pytest_xbl.wire.switchboard import Switchboard
    from pytest_xbl.xbl import ScenarioView, XboxLive

VERY_VERBOSE = 2
When: TypeAlias = Literal["setup", "call", "teardown"]
LateCall: TypeAlias = "tuple[str, tuple[str, int | None, str], str]"
"""A test that was over, where it is, and the call that came then."""
MISTAKES = (XblError, pytest.UsageError)
"""What is raised where a test's author names no seed that could be."""
MARKERS = (
    "xbl(*, seed, scenario, now, values, loose, **parameters): what the world of a test begins with.",
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
        self.tests: dict[str, tuple[tuple[str, int | None, str], frozenset[str]]] = {}
        """Where each test is that has had a world, and what it lets pass."""
        self._starts: Starts | None = None

    def starts(self) -> Starts:
        """The seeds that tests name, read once."""
        if self._starts is None:
            from pytest_xbl.arrange.markers import Starts

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
        from pytest_xbl.xbl import XboxLive

        name, directory = _name_of_world(self.item.nodeid), self.item.path.parent
        try:
            markers = _starts_in(self.item) if self.item.get_closest_marker("xbl") else ()
            seed = self._start(markers, xbl_seed, directory)
        except MISTAKES as mistake:
            raise _failure(mistake) from None
        try:
            fake = self.fake = XboxLive(url=xbl_server.url, name=name, seed=seed, directory=directory)
            self._loosen(fake, markers)
        except XblError as mistake:
            raise _failure(mistake) from None
        self.switchboard = xbl_server.app
        item = self.item
        with xbl_server.app.connected(fake.app, item.nodeid):
            yield fake
            self.tests[item.nodeid] = (item.location, fake._strictness.loose)
            self._fail(item, when="teardown")

    @pytest.fixture
    def xbl_scenario(self, xbl: XboxLive) -> ScenarioView:  # noqa: ARG002 -- it may be overridden, and is needed first
        """The people, sessions and handles of the seed that the test starts from, by name."""
        if self.fake is None:
            raise _failure(XblError("xbl_scenario needs the fixture xbl of the plugin, which has been overridden."))
        return self.fake.scenario

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, object, object]:
        """Remember which test runs, and show what happened in its world if it does not get further than this."""
        self.item, self.fake = item, None
        try:
            result = yield
            self._require_test_cases(item)
        except (pytest.skip.Exception, pytest.xfail.Exception):
            raise
        except BaseException:
            self._add_to_report(item, [], when="setup")
            raise
        return result

    def _require_test_cases(self, item: pytest.Item) -> None:
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

    def _start(self, markers: Sequence[Start], xbl_seed: Named, directory: Path) -> Seed | None:
        if not markers and xbl_seed is self.starts().nothing:
            return None
        return self.starts().start(markers, xbl_seed, directory)

    def _loosen(self, fake: XboxLive, markers: Sequence[Start]) -> None:
        try:
            fake._strictness.loosen(self.config.getini("xbl_loose"))
        except XblError as error:
            raise XblError(f"{error}\nnamed by: the setting xbl_loose") from None
        for marker in markers:
            fake._strictness.loosen(marker.loose)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Fail a test in whose fake something went wrong unseen, and hide no failure of its own by that."""
        try:
            result = yield
        except (pytest.skip.Exception, pytest.xfail.Exception):
            self._fail(item)
            raise
        except BaseException:
            self._add_to_report(item, self._crashes())
            raise
        self._fail(item)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self) -> Generator[None, object, object]:
        """Report calls that came too late, against the tests to which they belong."""
        try:
            return (yield)
        finally:
            for test, call in self.switchboard.take_late_calls() if self.switchboard else ():
                location, loose = self.tests[test]
                if "late-call" not in loose:
                    self._report_late_call(test, location, call)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        """Report the late calls of a worker of pytest-xdist, which itself can report only on the test that runs."""
        output: dict[str, list[LateCall]] = getattr(node, "workeroutput", {})
        for late_call in output.get("xbl_late_calls", ()):
            self._report_late_call(*late_call)

    def _report_late_call(self, test: str, location: tuple[str, int | None, str], call: str) -> None:
        output: dict[str, list[LateCall]] | None = getattr(self.config, "workeroutput", None)
        if output is not None:
            output.setdefault("xbl_late_calls", []).append((test, location, call))
            return
        text = f"A call came when this test was over, and was answered with 410:\n{call}"
        report = pytest.TestReport(test, location, {}, "failed", text, "teardown")
        self.config.hook.pytest_runtest_logreport(report=report)

    def _fail(self, item: pytest.Item, when: When = "call") -> None:
        """Fail a test that has not failed itself: for a bug of the fake first, else for a mistake of the client's."""
        crashes = self._crashes()
        mistakes = self.fake._strictness.take_mistakes() if self.fake else []
        if crashes or mistakes:
            self._add_to_report(item, [], when)
        _raise_first(crashes)
        if mistakes:
            from pytest_xbl.xbl.strictness import complaint

            raise _failure(XblError(complaint(mistakes))) from None

    def _crashes(self) -> list[Exception]:
        return self.switchboard.take_crashes(self.fake.name) if self.switchboard and self.fake else []

    def _add_to_report(self, item: pytest.Item, crashes: list[Exception], when: When = "call") -> None:
        """Show what happened in the world of a test that fails, and write it down where that is asked for."""
        lines = [f"The fake failed: {crash!r}" for crash in crashes]
        if fake := self.fake:
            fake._strictness.take_mistakes()  # they stand in the report
            from pytest_xbl.reporting.report import report, write_artifacts

            lines += filter(None, [report(fake, whole=self.config.get_verbosity() >= VERY_VERBOSE)])
            if directory := self.config.getoption("xbl_artifacts"):
                try:
                    lines.append(f"Written to {write_artifacts(fake, Path(directory), item.nodeid)}")
                except (OSError, XblError) as error:  # or it would hide why the test fails
                    lines.append(f"Not written: {error}")
        if lines:
            item.add_report_section(when, "xbl", "\n".join(lines))

    def pytest_assertrepr_compare(self, op: str, left: object, right: object) -> list[str] | None:
        """Explain why two session documents are not equal."""
        if op != "==" or "SessionDocument" not in (type(left).__name__, type(right).__name__):
            return None
        from pytest_xbl.compare.assertions import explain_unequal

        return explain_unequal(left, right)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options and settings of the plugin."""
    group = parser.getgroup("xbl", "the fake Xbox Live")
    group.addoption("--xbl-scenarios", action="store_true", help="list the scenarios that a test can start from")
    group.addoption("--xbl-artifacts", metavar="DIR", help="write the requests and the world of each failing test here")
    parser.addini("xbl_loose", "kinds of mistakes of a client that do not fail a test", type="args")
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
    from pytest_xbl.arrange.scenarios import listing

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
    from pytest_xbl.arrange.markers import Start

    markers = list(item.iter_markers("xbl"))
    if any(marker.args for marker in markers):
        raise pytest.UsageError("The marker xbl takes keywords only: seed=, scenario=, now=, values=, loose=.")
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
