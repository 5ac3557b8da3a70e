"""`xbl`: a fake Xbox Live of one test's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from contextlib import AbstractContextManager, contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pytest_xbl.arrange.dumping import dump
from pytest_xbl.arrange.expecting import state_differences
from pytest_xbl.arrange.files import write
from pytest_xbl.arrange.loading import Loaded
from pytest_xbl.arrange.markers import Named, Starts
from pytest_xbl.arrange.seed import checked_expectation
from pytest_xbl.errors import XblError, hides_frames, require
from pytest_xbl.mpsd.model import RETAIL
from pytest_xbl.wire.app import App
from pytest_xbl.world.accounts import PRIVILEGES, add_service, add_user, require_free_tokens
from pytest_xbl.world.clock import Clock
from pytest_xbl.world.people import Principal, Service, User
from pytest_xbl.world.ready_made import DEFAULT_SCID, beginning
from pytest_xbl.world.state import State
from pytest_xbl.world.world import World
from pytest_xbl.xbl.client import CallerClient
from pytest_xbl.xbl.handles import Handles
from pytest_xbl.xbl.journal import JournalView
from pytest_xbl.xbl.scenario import ScenarioView
from pytest_xbl.xbl.sessions import Sessions
from pytest_xbl.xbl.stats import Stats
from pytest_xbl.xbl.strictness import Strictness
from pytest_xbl.xbl.templates import Templates

__tracebackhide__ = hides_frames


@dataclass(frozen=True, eq=False, repr=False)
class Snapshot:
    """A state of a world, to which it can be put back."""

    state: State
    start: Loaded | None
    world: World


class XboxLive:
    """A world of its own, and everything a test does with it.

    Args:
        url: of the server that serves `app`, without a slash at the end; "" if none does.
        name: tells the tokens of this world from those of others.
        seed: what the world begins with; nothing unless given.
        directory: which names of files are relative to; the current one unless given.

    Raises:
        XblError: for a seed that cannot be, naming the place.
    """

    scid = DEFAULT_SCID
    """The default service configuration."""

    def __init__(
        self, *, url: str = "", name: str = "world", seed: Named | None = None, directory: Path | None = None
    ) -> None:
        self.url = url
        self.name = name
        self.directory = directory or Path()
        self._start = None if seed is None else Starts().named(seed, self.directory).loaded(self.directory)
        self.world = World(name, self._start.state.copy() if self._start else beginning())
        if self._start:
            require_free_tokens(self.world)
        self.app = App(self.world, name)
        self.strictness = Strictness(self.app.journal)

    @property
    def journal(self) -> JournalView:
        """Every request that has reached this world, in the order in which they were answered."""
        return JournalView(self.app.journal)

    def expect_refusal(self, reason: str | int) -> AbstractContextManager[None]:
        """A with-block in which at least one refusal of this kind comes, and fails nothing.

        Args:
            reason: the id of a rule, or an HTTP status.

        Raises:
            AssertionError: if none comes.
            XblError: for what is no rule and no status.
        """
        return self.strictness.expecting(reason)

    @cached_property
    def templates(self) -> Templates:
        """The session templates."""
        return Templates(self.world)

    @cached_property
    def sessions(self) -> Sessions:
        """The sessions."""
        return Sessions(self.world)

    @cached_property
    def handles(self) -> Handles:
        """The handles."""
        return Handles(self.world)

    @cached_property
    def stats(self) -> Stats:
        """The user statistics."""
        return Stats(self.world)

    @cached_property
    def clock(self) -> Clock:
        """The time, which stands still until it is moved."""
        return Clock(self.world)

    def user(
        self,
        name: str,
        *,
        xuid: str | None = None,
        gamertag: str | None = None,
        device_id: str | None = None,
        title_id: str | None = None,
        token: str | None = None,
        userhash: str | None = None,
        privileges: Iterable[str] = PRIVILEGES,
        sandbox: str = RETAIL,
    ) -> User:
        """Make a user.

        Args:
            name: what the test calls them.
            xuid: decimal digits; the next free one unless given.
            gamertag: their name unless given; "" for a token without that claim.
            device_id: the device they play on; one of their own unless given.
            title_id: the title they play, decimal digits; the same for all unless given.
            token: what stands behind the semicolon of their Authorization header.
            userhash: what stands before it.
            privileges: what their account may do; leave `multiplayer` out for somebody who may not join (PUT-11).
            sandbox: the one that their token is for; statistics are read from within the same one (STAT-6).

        Raises:
            XblError: for a name, xuid or token that is taken, or a value that cannot be.
        """
        account = add_user(
            self.world,
            name,
            xuid=xuid,
            gamertag=gamertag,
            device_id=device_id,
            title_id=title_id,
            token=token,
            userhash=userhash,
            privileges=privileges,
            sandbox=sandbox,
        )
        return self.world.user(account)

    def users(self, *names: str) -> tuple[User, ...]:
        """Make several users."""
        for name in names:
            require(str, name, "xbl.users takes names one by one, xbl.users('Stacy', 'Ana'), or xbl.users(*names)")
        return tuple(self.user(name) for name in names)

    def service(self, name: str, *, on_behalf_of: User | None = None) -> Service:
        """Make a server principal (CALL-4).

        Args:
            name: what the test calls it.
            on_behalf_of: the user that it acts for; `members.me` is then that user.

        Raises:
            XblError: if the name is taken.
        """
        return self.world.service(add_service(self.world, name, on_behalf_of=on_behalf_of))

    def follow(self, follower: User, followed: User, *, favorite: bool = False) -> None:
        """Record that somebody follows somebody (JOIN-2, HAND-10).

        Args:
            favorite: whether they are also one of the follower's favorites.

        Raises:
            XblError: if they are the same, or no users.
        """
        self._require_ours("Users follow each other, as xbl.user makes them", follower, followed)
        if follower == followed:
            raise XblError(f"{follower.name} cannot follow themselves.")
        with self.world.lock:
            state = self.world.state
            _add(state.follows, follower.xuid, followed.xuid)
            if favorite:
                _add(state.favorites, follower.xuid, followed.xuid)

    def block(self, blocker: User, blocked: User) -> None:
        """Record that somebody has blocked somebody.

        It is kept, and no rule that is built asks for it: owners do, and a session with owners is refused (OWN-4).

        Raises:
            XblError: if they are the same, or no users.
        """
        self._require_ours("Users block each other, as xbl.user makes them", blocker, blocked)
        if blocker == blocked:
            raise XblError(f"{blocker.name} cannot block themselves.")
        with self.world.lock:
            _add(self.world.state.blocks, blocker.xuid, blocked.xuid)

    def set_presence(self, *users: User, present: bool) -> None:
        """Say whether the presence of users is in the title; everybody's is until a test says otherwise (TIME-7).

        An active member whose presence is not becomes inactive at the next access to the session.

        Raises:
            XblError: for somebody who is no user of this world.
        """
        self._require_ours("Presence is a user's, as xbl.user makes them", *users)
        with self.world.lock:
            state = self.world.state
            xuids = {user.xuid for user in users}
            state.absent = state.absent - xuids if present else state.absent | xuids

    def seed(self, seed: Named) -> ScenarioView:
        """Bring a seed into the world, besides what is there; `reset` comes back to what is there then.

        It adds, and changes nobody and nothing that is there already.

        Args:
            seed: a dict of the seed form, a `Seed`, or the name of a file or of a scenario.

        Returns:
            Its people, sessions and handles, by the names that it gives them.

        Raises:
            XblError: for a seed that cannot be, naming the place; then nothing of it is there (SEED-9).
        """
        named = Starts().named(seed, self.directory)
        with self.world.lock:
            self._start = named.load_into(self.world.state, self.directory, world=self.name)
            self.world.state = self._start.state.copy()
        return self.scenario

    @property
    def scenario(self) -> ScenarioView:
        """The people, sessions and handles of the seed that came last, by the names that it gives them."""
        return ScenarioView(self.world, self._start or Loaded(beginning()))

    def snapshot(self) -> Snapshot:
        """The state of the world as it is now, for `restore`."""
        with self.world.lock:
            return Snapshot(self.world.state.copy(), self._start, self.world)

    def restore(self, snapshot: Snapshot) -> None:
        """Put the world back to a snapshot; it can be restored more than once.

        Raises:
            XblError: for a snapshot of another world.
        """
        require(Snapshot, snapshot, "The world goes back to a snapshot, as xbl.snapshot makes them")
        if snapshot.world is not self.world:
            raise XblError("The snapshot is one of another world.")
        with self.world.lock:
            self.world.state = snapshot.state.copy()
            self._start = snapshot.start

    @contextmanager
    def sandbox(self) -> Iterator[None]:
        """A with-block after which the world is as it was before, whatever happens in it."""
        before = self.snapshot()
        try:
            yield
        finally:
            self.restore(before)

    def reset(self) -> None:
        """Put the world back to what the seed made of it; without a seed, to nothing."""
        with self.world.lock:
            self.world.state = self._start.state.copy() if self._start else beginning()

    def dump(self, path: str | Path | None = None) -> dict[str, Any]:
        """The world as a seed; whoever loads it has an equal world (SEED-7).

        Args:
            path: a file to write it to besides; YAML if it ends so, else JSON.

        Raises:
            XblError: for a file that cannot be written.
        """
        with self.world.lock:
            document = deepcopy(dump(self.world.state))
        if path is not None:
            write(self.directory / path, document)
        return document

    def assert_state(self, expected: Mapping[str, Any] | None = None) -> None:
        """Fail unless the world, as an access now would find it, is as expected (SEED-10).

        Args:
            expected: a part of the seed form; what the seed says under `expected` unless given.

        Raises:
            AssertionError: with a line for every place that is otherwise.
            XblError: for what is no part of the seed form, or if nothing is expected.
        """
        __tracebackhide__ = True
        start = self._start or Loaded(beginning())
        if expected is None and not start.expected:
            raise XblError("Nothing is expected: neither the seed says what, nor the call.")
        wanted = start.expected if expected is None else checked_expectation(expected)
        found = state_differences(wanted, self.world, start.sessions, start.handles)
        if found:
            raise AssertionError("\n".join(("The state is not as expected:", *found)))

    def _require_ours(self, what: str, *users: User) -> None:
        for user in users:
            require(User, user, what)
            if not user.lives_in(self.world):
                raise XblError(f"{user.name} is a user of another world.")

    def client(self, caller: Principal | None = None) -> CallerClient:
        """Werkzeug's test client on `app`, with the caller's headers; without a caller, with none at all."""
        if caller is not None:
            require(Principal, caller, "A caller is a user or a service of this world")
        return CallerClient(self.app, caller)


def _add(graph: MutableMapping[str, frozenset[str]], follower: str, followed: str) -> None:
    graph[follower] = graph.get(follower, frozenset()) | {followed}
