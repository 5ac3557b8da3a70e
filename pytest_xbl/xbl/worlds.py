"""The worlds of the tests of one session: their server, names, seeds and settings, and what tests did to them."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import pytest
from pytest_httpserver import HTTPServerError

from pytest_xbl.arrange.markers import Marker, Named, Seeds, markers_of, require_possible, seeds_of_cases
from pytest_xbl.arrange.seed import Seed
from pytest_xbl.errors import XblError, hides_frames
from pytest_xbl.hosts.interception import Interception
from pytest_xbl.wire.entry import Entry
from pytest_xbl.wire.journal import Journal
from pytest_xbl.wire.runs import Stray
from pytest_xbl.wire.server import XblServer
from pytest_xbl.wire.switchboard import Switchboard
from pytest_xbl.world.people import given_tokens
from pytest_xbl.xbl.failing import failing_by_text
from pytest_xbl.xbl.host_settings import interception_of
from pytest_xbl.xbl.keeping import keep_of
from pytest_xbl.xbl.listening import Address, address_in, why_not
from pytest_xbl.xbl.naming import name_of_world, title_of_world
from pytest_xbl.xbl.strictness import Strictness
from pytest_xbl.xbl.watched import Watched, witness
from pytest_xbl.xbl.xbox_live import XboxLive

__tracebackhide__ = hides_frames

Location: TypeAlias = tuple[str, int | None, str]
LateCalls: TypeAlias = tuple[str, Location, dict[str, int], list[str]]
"""The id of a test that is over, its location, how often each call came, and the tests that ran meanwhile.

A worker of pytest-xdist can send no other types.
"""
Strays: TypeAlias = Mapping[Stray, int]
"""The calls of a test that belong to others, and how often each came."""
AnyWorld = TypeVar("AnyWorld", bound=XboxLive)


class Worlds:
    """The worlds of a session, made from markers, fixtures and settings; settings and seeds are read once.

    A marker, a setting or a seed that cannot be fails the test.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.own: XboxLive | None = None
        """The world of the fixture `xbl` in the test that runs."""
        self.watched: list[Watched] = []
        self.kept: dict[str, XboxLive] = {}
        """The worlds of failed tests, by their names, if the option `--xbl-stay` asks for them (SEEN-16)."""
        self.failures: list[Any] = []
        """The failures of the test that runs, as its page shows them."""
        self.seeds = Seeds()
        self.switchboard = Switchboard()
        self._config = config
        self._address: Address | None = None
        self._server: XblServer[Switchboard] | None = None
        self._starting = threading.Lock()
        self._loose: list[str] = config.getini("xbl_loose")
        self._keep: str = config.getini("xbl_keep")
        self._usual: str = config.getini("xbl_seed")
        self._scid: str = config.getini("xbl_scid")
        self._hosts: Interception | None = None
        self._project = f"{config.rootpath}{os.sep}"
        """The beginning of the names of all files of the project."""
        self._directory = config.inipath.parent if config.inipath else config.rootpath
        self._runs: Counter[str] = Counter()
        """How many worlds there have been for each key, such as the id of a test."""
        self._locations: dict[str, Location] = {}
        """The locations of the tests whose worlds are over."""

    @property
    def server(self) -> XblServer[Switchboard]:
        """The server of the session, started when it is first used.

        Raises:
            XblError: for a host or a port at which nobody can listen.
        """
        with self._starting:  # threads of a test may ask at the same time, and each would start one
            if self._server is None:
                server = XblServer(self.switchboard, opened=self.switchboard.runs.opened, **self._require_address())
                try:
                    server.start()
                except HTTPServerError as error:
                    raise why_not(error, self._config) from None
                self._server = server
            return self._server

    def _require_address(self) -> Address:
        """Where the server listens, or is to listen."""
        if self._address is None:
            self._address = address_in(self._config)
            self.switchboard.host = self._address["host"]
        return self._address

    @failing_by_text
    def listening_server(self) -> XblServer[Switchboard]:
        """The server; a setting that cannot be fails the test."""
        return self.server

    def url(self) -> str:
        """The address of the server."""
        return self.server.url

    def check_server(self) -> None:
        """Raise the exception that the server has met outside of any world, if it has."""
        if self._server:
            self._server.check()
        if self._hosts:
            self._hosts.check()

    def stop_server(self) -> None:
        """Stop the server if it has been started, and lead real names to it no longer."""
        if self._server:
            self._server.stop()
        if self._hosts:
            self._hosts.stop()

    @property
    def hosts(self) -> Interception:
        """The real hosts, as the settings say.

        Raises:
            XblError: for a setting that cannot be.
        """
        if self._hosts is None:
            self._hosts = interception_of(self.switchboard, self._config)
        return self._hosts

    def arm(self) -> None:
        """Lead real names to the worlds, also if another plugin has undone that; only once there has been a world."""
        if self._hosts:
            self._hosts.arm()

    def arm_again(self) -> None:
        """Do the same later in a test."""
        if self._hosts:
            self._hosts.arm_again()

    @failing_by_text
    def environ(self) -> dict[str, str]:
        """The variables for programs that a test starts."""
        return self.hosts.environ()

    @failing_by_text
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

    @failing_by_text
    def require_possible(self, item: pytest.Item) -> None:
        """Fail a test with a marker that cannot be, also if it has no world."""
        require_possible(item, self.seeds)
        for marker in markers_of(item):
            Strictness(Journal()).loosen(marker.loose)

    @failing_by_text
    def begin(self, item: pytest.Item, usual_seed: Named, *, is_marked: bool) -> XboxLive:
        """Make the fake for a test, and serve it as soon as somebody asks for its URL.

        Args:
            usual_seed: the seed of a test whose markers name none.
            is_marked: whether the test has any marker.
        """
        markers = []
        if is_marked:
            require_possible(item, self.seeds)
            markers = markers_of(item)
        self.own = self.serve(XboxLive, item.nodeid, markers, usual_seed, directory=_parent(item.path), title="xbl")
        return self.own

    def serve(
        self,
        kind: type[AnyWorld],
        key: str,
        markers: Sequence[Marker],
        usual_seed: Named,
        *,
        directory: Path,
        title: str,
        fixture: str = "",
        is_shared: bool = False,
    ) -> AnyWorld:
        """Make a world, serve it as soon as somebody asks for its URL, and watch it.

        Args:
            key: what its tokens follow from, such as the id of a test; with a number, if it comes again.
            markers: its settings, those that count most first.
            usual_seed: its seed if no marker names one.
            directory: which names of files are relative to.
            title: of its section in the report of a failing test; with a number for a further one from `xbl_world`.
            fixture: the name of the one that makes it, if other tests may use it as well.
            is_shared: whether it may last longer than the test.

        Raises:
            XblError: for a seed or a setting that cannot be.
        """
        self._require_address()
        if self._hosts:
            self._hosts.arm_again()
        else:
            self.hosts.arm()
        is_empty = usual_seed is self.seeds.empty and not markers and not self._scid
        seed = None if is_empty else self._with_scid(self.seeds.of_test(markers, usual_seed, directory))
        run = self._runs[key] = self._runs[key] + 1
        name = name_of_world(key, run=run)
        keep = keep_of(self._keep, named="xbl_keep")
        world = kind(url=self.url, environ=self.hosts.environ, name=name, seed=seed, directory=directory, keep=keep)
        if self._loose:
            self._loosen(world)
        for marker in markers:
            world._strictness.loosen(marker.loose)
        world.app.witness = witness(world._strictness, self._project)
        self.switchboard.connect(world.app)
        title = title if run == 1 or kind is XboxLive else f"{title}, number {run}"
        world.app.title = title_of_world(key, run=run) if kind is XboxLive else title
        self.watched.append(Watched(world, title, fixture, is_shared=is_shared))
        return world

    def end(self, world: XboxLive, item: pytest.Item) -> None:
        """Serve a world no longer; its later calls are late.

        Args:
            item: the test that runs, the last one that could reach it.
        """
        watched = next(watched for watched in self.watched if watched.world is world)
        watched.over = True
        test = item.nodeid
        self._locations[test] = item.location
        lets_pass = "late-call" in world._strictness.loose | self._loose_of(item)
        self.switchboard.disconnect(world.app, test, lets_pass=lets_pass)
        if world.app.trouble:
            world.app.trouble.end()

    def serve_kept(self) -> None:
        """Serve the worlds of failed tests once more, after the last test."""
        for world in self.kept.values():
            self.switchboard.connect(world.app)

    def begin_test(self, item: pytest.Item) -> None:
        """Begin a test, whether or not it has a world."""
        self.own = None
        self.failures = []
        self.switchboard.runs.begin(item.nodeid)
        for watched in self.watched:
            watched.begin_test()
            if watched.over and watched.world.app.trouble:
                watched.world.app.trouble.forget()
        self.watched = [watched for watched in self.watched if not watched.over]

    @property
    def has_news(self) -> bool:
        """Whether anything has come since the test began that might fail it."""
        return bool(self.switchboard.runs.strays) or any(watched.has_news for watched in self.watched)

    def take_crashes(self) -> list[BaseException]:
        """The exceptions inside of the worlds; each is given once."""
        taken = [crash for watched in self.watched for crash in watched.world.app.crashes]
        for watched in self.watched:
            watched.world.app.crashes = []
        return taken

    def given_tokens(self) -> set[str]:
        """The tokens that the running test and the worlds around it have chosen (SEEN-13)."""
        return {token for watched in self.watched for token in given_tokens(watched.world._world)}

    def take_mistakes(self, item: pytest.Item) -> dict[XboxLive, list[Entry]]:
        """The mistakes of the client that should fail the test, by the worlds that have any; each is given once."""
        loose = self._loose_of(item)
        changed = [watched.world for watched in self.watched if watched.has_news]
        found = {world: world._strictness.take_mistakes(loose) for world in changed}
        return {world: mistakes for world, mistakes in found.items() if mistakes}

    def take_idle(self) -> list[str]:
        """The refusals that are expected outside of a with-block, world by world; each is given once."""
        return [wanted for watched in self.watched for wanted in watched.world._strictness.take_idle()]

    def take_unmet(self) -> list[str]:
        """The complaints about faults that should have happened by now, world by world; each is given once."""
        return [complaint for watched in self.watched if (complaint := watched.take_unmet())]

    def forgive_unmet(self) -> None:
        """Expect no fault any more in a test that has stopped before its end (FAULT-6)."""
        self.take_unmet()

    def take_late_calls(self) -> list[LateCalls]:
        """The late calls since the last time."""
        late = self.switchboard.runs.take_late_calls()
        return [
            (test, self._locations[test], dict(calls), list(meanwhile)) for test, (calls, meanwhile) in late.items()
        ]

    def take_strays(self, item: pytest.Item) -> Strays:
        """The calls of a test that reached no world, unless it lets them pass."""
        strays = self.switchboard.runs.take_strays()
        return {} if strays and "late-call" in self._loose_of(item) else strays

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


@lru_cache
def _parent(path: Path) -> Path:
    return path.parent
