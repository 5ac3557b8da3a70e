"""The worlds of the tests of one session: their server, names, seeds and settings, and what tests did to them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeAlias, TypeVar

import pytest
from pytest_httpserver import HTTPServerError

from pytest_xbl.arrange.markers import Marker, Named, Seeds, markers_of, require_possible, seeds_of_cases
from pytest_xbl.arrange.seed import Seed
from pytest_xbl.errors import XblError, hides_frames, shown
from pytest_xbl.wire.journal import Entry, Journal
from pytest_xbl.wire.runs import Stray
from pytest_xbl.wire.server import XblServer
from pytest_xbl.wire.switchboard import Switchboard
from pytest_xbl.xbl.strictness import Strictness
from pytest_xbl.xbl.xbox_live import XboxLive

__tracebackhide__ = hides_frames

Location: TypeAlias = tuple[str, int | None, str]
LateCalls: TypeAlias = tuple[str, Location, dict[str, int], list[str]]
"""The id of a test that is over, its location, how often each call came, and the tests that ran meanwhile.

A worker of pytest-xdist can send no other types.
"""
Strays: TypeAlias = Mapping[Stray, int]
"""The calls of a test that belong to others, and how often each came."""
Given = ParamSpec("Given")
Made = TypeVar("Made")
AnyWorld = TypeVar("AnyWorld", bound=XboxLive)
MAX_PORT = 65535


def _failing_by_text(action: Callable[Given, Made]) -> Callable[Given, Made]:
    """Let an `XblError`, which is a mistake of the test's author, fail the test by its text alone, without frames."""

    @wraps(action)
    def act(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        try:
            return action(*args, **kwargs)
        except XblError as mistake:
            raise pytest.fail.Exception(str(mistake), pytrace=False) from None

    return act


class Watched:
    """A world whose crashes and mistakes fail the test that runs.

    Args:
        world: it is served, or was until it ended during this test.
        title: of its section in the report of a failing test.
    """

    __slots__ = ("before", "over", "shown", "title", "world")

    def __init__(self, world: XboxLive, title: str) -> None:
        self.world = world
        self.title = title
        self.before = 0
        """The number of requests that had reached it when the test began."""
        self.shown = ""
        """The phase of the test in whose report it was shown last."""
        self.over = False

    @property
    def has_news(self) -> bool:
        """Whether anything has reached it since the test began."""
        return bool(self.world.app.crashes) or len(self.world.app.journal) > self.before


class Worlds:
    """The worlds of a session, made from markers, fixtures and settings; settings and seeds are read once.

    A marker, a setting or a seed that cannot be fails the test.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.own: XboxLive | None = None
        """The world of the fixture `xbl` in the test that runs."""
        self.watched: list[Watched] = []
        self.seeds = Seeds()
        self._host: str = config.getini("xbl_host")
        self._port: str = config.getini("xbl_port")
        self.switchboard = Switchboard(self._host)
        self._loose: list[str] = config.getini("xbl_loose")
        self._usual: str = config.getini("xbl_seed")
        self._scid: str = config.getini("xbl_scid")
        self._directory = config.inipath.parent if config.inipath else config.rootpath
        self._runs: Counter[str] = Counter()
        """How many worlds each test, class or module has had."""
        self._over: dict[str, tuple[Location, frozenset[str]]] = {}
        """The location of each test that is over, and the kinds of mistakes that do not fail it."""

    @cached_property
    def server(self) -> XblServer[Switchboard]:
        """The server of the session, started when it is first used.

        Raises:
            XblError: for a host or a port that cannot be.
        """
        try:
            server = XblServer(
                self.switchboard, opened=self.switchboard.runs.opened, **_address(self._host, self._port)
            )
            server.start()
        except (XblError, HTTPServerError) as error:
            raise XblError(f"{error}\nnamed by: the settings xbl_host and xbl_port") from None
        return server

    def url(self) -> str:
        """The address of the server."""
        return self.server.url

    def check_server(self) -> None:
        """Raise the exception that the server has met outside of any world, if it has."""
        if "server" in vars(self):
            self.server.check()

    def stop_server(self) -> None:
        """Stop the server if it has been started."""
        if "server" in vars(self):
            self.server.stop()

    @_failing_by_text
    def usual_seed(self) -> Seed:
        """The seed that the setting `xbl_seed` names, or the empty one."""
        try:
            return self.seeds.usual(self._usual, self._directory)
        except XblError as error:
            raise XblError(f"{error}\nnamed by: the setting xbl_seed") from None

    def cases(self, metafunc: pytest.Metafunc) -> list[Seed]:
        """The seeds that the marker `xbl_scenarios` of a test names; none if it fails that test, at its setup."""
        try:
            return seeds_of_cases(metafunc.definition, metafunc.fixturenames, self.seeds)
        except XblError:
            return []

    @_failing_by_text
    def require_possible(self, item: pytest.Item) -> None:
        """Fail a test with a marker that makes no test cases of it."""
        require_possible(item, self.seeds)

    @_failing_by_text
    def begin(self, item: pytest.Item, usual_seed: Named) -> XboxLive:
        """Make the fake for a test, and serve it as soon as somebody asks for its URL.

        Args:
            usual_seed: the seed of a test whose markers name none.
        """
        if "xbl_scenarios" in item.keywords or "xbl_scenario" in item.keywords:
            require_possible(item, self.seeds)
        markers = markers_of(item) if "xbl" in item.keywords else []
        directory = _parent(item.path)
        self.own = self.serve(XboxLive, item.nodeid, markers, usual_seed, directory=directory, title="xbl")
        return self.own

    def serve(
        self,
        kind: type[AnyWorld],
        node_id: str,
        markers: Sequence[Marker],
        usual_seed: Named,
        *,
        directory: Path,
        title: str,
    ) -> AnyWorld:
        """Make a world, serve it as soon as somebody asks for its URL, and watch it.

        Args:
            node_id: of the test, the class or the module that it is for.
            markers: its settings, those that count most first.
            usual_seed: its seed if no marker names one.
            directory: which names of files are relative to.
            title: of its section in the report of a failing test.

        Raises:
            XblError: for a seed or a setting that cannot be.
        """
        is_empty = usual_seed is self.seeds.empty and not markers and not self._scid
        seed = None if is_empty else self._with_scid(self.seeds.of_test(markers, usual_seed, directory))
        self._runs[node_id] += 1
        name = name_of_world(node_id, run=self._runs[node_id])
        world = kind(url=self.url, name=name, seed=seed, directory=directory)
        if self._loose:
            self._loosen(world)
        for marker in markers:
            world._strictness.loosen(marker.loose)
        world.app.keeps_stacks = True
        self.switchboard.connect(world.app)
        self.watched.append(Watched(world, title))
        return world

    def end(self, world: XboxLive, item: pytest.Item) -> None:
        """Serve a world no longer; its later calls are late.

        Args:
            item: the test that runs, the last one that could reach it.
        """
        watched = next((watched for watched in self.watched if watched.world is world), None)
        if watched is None or watched.over:
            return
        watched.over = True
        _, loose = self._over.get(item.nodeid, ((), frozenset()))
        self._over[item.nodeid] = (item.location, loose | world._strictness.loose)
        self.switchboard.disconnect(world.app, item.nodeid)

    def begin_test(self, item: pytest.Item) -> None:
        """Begin a test, whether or not it has a world."""
        self.own = None
        self.switchboard.runs.begin(item.nodeid)
        for watched in self.watched:
            watched.world.app.journal.stacks.clear()
        self.watched = [watched for watched in self.watched if not watched.over]
        for watched in self.watched:
            watched.before, watched.shown = len(watched.world.app.journal), ""

    def directory_of(self, node: pytest.Item | pytest.Collector) -> Path:
        """What names of files are relative to, for a test, a class, a module, a package or the session."""
        if isinstance(node, pytest.Session):
            return self._directory
        return node.path if node.path.is_dir() else node.path.parent

    @property
    def has_news(self) -> bool:
        """Whether anything has come since the test began that might fail it."""
        return bool(self.switchboard.runs.strays) or any(watched.has_news for watched in self.watched)

    def take_crashes(self) -> list[Exception]:
        """The exceptions inside of the worlds; each is given once."""
        taken = [crash for watched in self.watched for crash in watched.world.app.crashes]
        for watched in self.watched:
            watched.world.app.crashes = []
        return taken

    def take_mistakes(self, item: pytest.Item) -> dict[XboxLive, list[Entry]]:
        """The mistakes of the client that should fail the test, by the worlds that have any; each is given once."""
        loose = self._loose_of(item)
        changed = [watched.world for watched in self.watched if watched.has_news]
        found = {world: world._strictness.take_mistakes(loose) for world in changed}
        return {world: mistakes for world, mistakes in found.items() if mistakes}

    def take_late_calls(self) -> list[LateCalls]:
        """The late calls since the last time, but for those that their tests let pass."""
        late = self.switchboard.runs.take_late_calls()
        return [
            (test, self._over[test][0], dict(calls), list(meanwhile))
            for test, (calls, meanwhile) in late.items()
            if not self._lets_pass(test)
        ]

    def take_strays(self, item: pytest.Item) -> Strays:
        """The calls of a test that belong to others, but for those that it lets pass, or they do."""
        strays = self.switchboard.runs.take_strays()
        if strays and "late-call" in self._loose_of(item):
            return {}
        return {stray: count for stray, count in strays.items() if not self._lets_pass(stray.test)}

    def _lets_pass(self, test: str) -> bool:
        """Whether a test that is over lets its late calls pass."""
        _, loose = self._over[test]
        return "late-call" in loose

    def _loose_of(self, item: pytest.Item) -> frozenset[str]:
        """The kinds of mistakes that do not fail a test, which may have no world."""
        if self.own:
            return self.own._strictness.loose
        strictness = Strictness(Journal())
        with suppress(XblError):  # or it would hide why the test fails
            for names in (self._loose, *(marker.loose for marker in markers_of(item))):
                strictness.loosen(names)
        return strictness.loose

    def _with_scid(self, seed: Seed) -> Seed:
        """A seed in the service configuration of the setting `xbl_scid`, unless it has its own."""
        try:
            return self.seeds.upon({"scid": self._scid}, seed) if self._scid else seed
        except XblError as error:
            raise XblError(f"{error}\nnamed by: the setting xbl_scid") from None

    def _loosen(self, fake: XboxLive) -> None:
        try:
            fake._strictness.loosen(self._loose)
        except XblError as error:
            raise XblError(f"{error}\nnamed by: the setting xbl_loose") from None


def _address(host: str, port: str) -> dict[str, Any]:
    """Where the server listens, as the settings say.

    Raises:
        XblError: for what is no host, or no port.
    """
    if "/" in host or not host:
        raise XblError(f"xbl_host is an address or a name of this machine, such as 0.0.0.0, not {shown(host)}.")
    if not port.isdecimal() or int(port) > MAX_PORT:
        raise XblError(f"xbl_port is a number up to {MAX_PORT}, or 0 for a free port, not {shown(port)}.")
    return {"host": host, "port": int(port)}


@lru_cache
def _parent(path: Path) -> Path:
    return path.parent


def name_of_world(test_id: str, *, run: int) -> str:
    """A name that depends on the test and on nothing else, so that its tokens are the same whatever else runs.

    Args:
        run: counted from 1; a test that is repeated has other tokens each time (SEEN-9).
    """
    return f"xbl-{digest(test_id)}-{run}"


def digest(test_id: str) -> str:
    """A short text that no other test has."""
    return hashlib.blake2b(test_id.encode(), digest_size=8).hexdigest()
