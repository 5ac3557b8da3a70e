"""`xbl`: a fake Xbox Live of one test's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_xbl.arrange.arguments import RefusalsAsErrors
from pytest_xbl.arrange.loaded import Loaded
from pytest_xbl.arrange.markers import Named
from pytest_xbl.arrange.people import add_service, add_users, relate
from pytest_xbl.arrange.records import UserRecord, checked, record_of
from pytest_xbl.errors import XblError, hides_frames, require, shown
from pytest_xbl.wire.app import App
from pytest_xbl.world import people
from pytest_xbl.world.keeping import KEEP
from pytest_xbl.world.sign_in import await_sign_in
from pytest_xbl.xbl.attributes import Attributes
from pytest_xbl.xbl.client import CallerClient, async_httpx_transport, httpx_transport
from pytest_xbl.xbl.keeping import require_keep
from pytest_xbl.xbl.people import (
    Principal,
    Service,
    User,
    names_of_ours,
    relate_user,
    require_ours,
    require_still_ours,
    service_of,
    user_of,
)
from pytest_xbl.xbl.strictness import ExpectedRefusal, Strictness

if TYPE_CHECKING:
    import httpx
    from typing_extensions import Unpack

    from pytest_xbl.xbl.journal import JournalView
    from pytest_xbl.xbl.replay import Replay

__tracebackhide__ = hides_frames


NO_SERVER = "This world has no server, since it was made by hand; xbl_world() makes one that has"


def no_url() -> str:
    """Refuse the URL of a world that nobody serves."""
    raise XblError(f"{NO_SERVER}; xbl.client, xbl.app and xbl.transport need no server.", where="url")


def no_environ() -> dict[str, str]:
    """Refuse the environment of a world that nobody serves."""
    raise XblError(f"{NO_SERVER}.", where="environ")


class XboxLive(Attributes):
    """A world of its own, and everything a test does with it.

    Args:
        url: gives the URL of the server that serves `app`, without a slash at the end; none does unless given.
        environ: gives the variables with which a program reaches it by the real names of Xbox Live.
        name: tells the tokens of this world from those of others.
        seed: what the world begins with; nothing unless given.
        directory: which names of files are relative to; the current one unless given.
        keep: the number of requests, of versions and of taps that it keeps (SEEN-18).

    Raises:
        XblError: for a seed that cannot be, naming the place, or a number that cannot be.
    """

    def __init__(
        self,
        *,
        url: Callable[[], str] = no_url,
        environ: Callable[[], dict[str, str]] = no_environ,
        name: str = "world",
        seed: Named | None = None,
        directory: Path | None = None,
        keep: int = KEEP,
    ) -> None:
        require_keep(keep)
        super().__init__(name=name, seed=seed, directory=directory or Path(), keep=keep)
        self._url = url
        self._environ = environ
        self.app = App(self._world, name)
        self._strictness = Strictness(self.app.journal)
        if self._start:
            self._begin_trouble(self._start)

    def __repr__(self) -> str:
        """The name of the world, its time, and how much is in it."""
        held = f"users {people.count(self._world)}, sessions {len(self.sessions)}, handles {len(self.handles)}"
        return f"<xbl {self.name} at {self.clock.now:%Y-%m-%d %H:%M:%S}: {held}, requests {self.app.journal.arrived}>"

    def _begin_trouble(self, loaded: Loaded) -> None:
        """Switch on the rate limits of a seed, and arm its faults."""
        if loaded.faults:
            from pytest_xbl.xbl.faults import arm_seed

            arm_seed(self.app, loaded)
        if loaded.limits is not None:
            from pytest_xbl.xbl.limits import use_limits

            use_limits(self.app, loaded.limits)

    @property
    def url(self) -> str:
        """The URL of the server, which is started when this is first asked for.

        Raises:
            XblError: for a world that nobody serves.
        """
        return self._url()

    @property
    def environ(self) -> dict[str, str]:
        """The variables with which a program reaches this world by real names (HOST-2).

        Raises:
            XblError: for a world that nobody serves, or if real names are not served.
        """
        return self._environ()

    @property
    def scid(self) -> str:
        """The service configuration of the world, which is meant wherever none is named (SEED-13)."""
        return self._world.scid

    @scid.setter
    def scid(self, scid: object) -> None:
        if isinstance(scid, str) and scid.lower() == self.scid.lower():
            return
        what = f"The scid of this world is {self.scid}, and cannot change to {shown(scid)}."
        ways = "@pytest.mark.xbl(scid=...), the setting xbl_scid, or scid in a seed"
        raise XblError(f"{what} To set it at the start, use {ways}.", where="scid", rule="SEED-13")

    @property
    def journal(self) -> JournalView:
        """Every request that has reached this world, in the order in which they were answered."""
        from pytest_xbl.xbl.journal import JournalView

        entries, gap = self.app.journal.told()
        return JournalView(entries, self._world, gap=gap)

    def replay(self, recording: str | Path) -> Replay:
        """Send the requests of a recording of the real service to this world (REPL-1).

        The people, the templates and the titles that it shows are brought into the world first.

        Args:
            recording: the name of an HTTP archive (`.har`), of an archive of Fiddler's (`.saz`), or of a log of the
                trace analyzer (`.csv`).

        Returns:
            The differences between the recorded responses and those of the fake.

        Raises:
            XblError: for a file that is no recording, or a world that cannot be.
        """
        from pytest_xbl.xbl.replay import replay
        from pytest_xbl.xbl.replaying import Stage

        require(str | Path, recording, "the name of a recording", where="recording", rule="REPL-1")
        return replay(self.directory / recording, Stage(self.app, self.clock, self._strictness, self.seed))

    def expect_refusal(self, reason: str | int, *, match: str | re.Pattern[str] | None = None) -> ExpectedRefusal:
        """A with-block in which at least one refusal of this kind comes, and fails nothing.

        Behind the block, what it gives has the `status`, `rule`, `place` and `text` of the first of them.

        Args:
            reason: the id of a rule, or an HTTP status.
            match: a regular expression, which the text has somewhere in it.

        Raises:
            AssertionError: if none comes.
            XblError: for what is no rule and no status, or no regular expression.
        """
        return self._strictness.expecting(reason, match)

    def user(self, name: str, **claims: Unpack[UserRecord]) -> User:
        """Make a user.

        Args:
            name: what the test calls them.
            claims: `xuid`, `gamertag`, `device_id`, `title_id`, `token`, `userhash`, `privileges`, `sandbox`; and
                besides what a seed can say of a user: `present`, `follows`, `favorites`, `blocks`.
                `UserRecord` says what each is, and what it is unless given.

        Raises:
            XblError: for a name, xuid or token that is taken, or a value that cannot be; then nobody is made.
        """
        require(str, name, "the name of a user", where="name")
        with RefusalsAsErrors("name"):
            [account] = add_users(self._world, [name], checked("users", record_of(claims)))
        return user_of(self._world, account)

    def users(self, *names: str) -> tuple[User, ...]:
        """Make several users; if one of them cannot be made, nobody is.

        Raises:
            XblError: for a name that is taken, or is none.
        """
        for name in names:
            require(str, name, "names one by one, xbl.users('Stacy', 'Ana'), or xbl.users(*names)", where="names")
        with RefusalsAsErrors("names"):
            accounts = add_users(self._world, names)
        return tuple(user_of(self._world, account) for account in accounts)

    def service(
        self, name: str, *, acting_for: Iterable[User] | None = None, on_behalf_of: User | None = None
    ) -> Service:
        """Make a server principal (CALL-4).

        Args:
            name: what the test calls it.
            acting_for: the users that it acts for, all of one title; its `headers` name them (S2S-1).
            on_behalf_of: the user that it acts for, if its token has that claim; its `headers` name nobody.

        Raises:
            XblError: if the name is taken, both are given, or one of them is no user of this world.
        """
        require(str, name, "the name of a service", where="name")
        if on_behalf_of is not None:
            require_ours(self._world, on_behalf_of, where="on_behalf_of")
        names = None if acting_for is None else names_of_ours(self._world, acting_for, where="acting_for")
        with RefusalsAsErrors("name"):
            record = record_of({"acting_for": names, "on_behalf_of": on_behalf_of and on_behalf_of.name})
            return service_of(self._world, add_service(self._world, name, checked("services", record)))

    def follow(self, follower: User, followed: User, *, favorite: bool = False) -> None:
        """Let a user follow another (JOIN-2, HAND-10).

        Args:
            favorite: whether they are also one of the follower's favorites.

        Raises:
            XblError: if they are the same, or no users of this world.
        """
        require_ours(self._world, followed, where="followed")
        require(bool, favorite, "True or False", where="favorite", rule="HAND-10")
        favorites = [followed.name] if favorite else None
        record = {"follows": [followed.name], "favorites": favorites}
        relate_user(self._world, follower, record, who="follower", whom="followed")

    def block(self, blocker: User, blocked: User) -> None:
        """Let a user block another.

        Whom an owner of a session has blocked cannot join it (OWN-4).

        Raises:
            XblError: if they are the same, or no users of this world.
        """
        require_ours(self._world, blocked, where="blocked")
        relate_user(self._world, blocker, {"blocks": [blocked.name]}, who="blocker", whom="blocked")

    def recent_players(self, user: User) -> list[User | str]:
        """The people that a user has played with, starting with those who were with them last (BIG-3, BIG-6).

        In a large session these are the people of the same groups and encounters; in any other, all who were active.
        They are read from the histories of the sessions.

        Returns:
            Users of this world, and the xuids of other members.

        Raises:
            XblError: for somebody who is no user of this world.
        """
        require_ours(self._world, user, where="user")
        from pytest_xbl.world.recent_players import recent_players

        met = [(xuid, people.account_of(self._world, xuid)) for xuid in recent_players(self._world, user.xuid)]
        return [user_of(self._world, account) if account else xuid for xuid, account in met]

    def set_presence(self, *users: User, present: bool) -> None:
        """Say whether users are in the title; everybody is until a test says otherwise (TIME-7).

        An active member who is not in the title becomes inactive at the next access to the session.

        Raises:
            XblError: for somebody who is no user of this world.
        """
        for user in users:
            require_still_ours(self._world, user, where="users")
        with self._world.exclusively(), RefusalsAsErrors("present"):
            record = checked("users", {"present": present})
            for user in users:
                relate(self._world, user.name, record)

    def signs_in(self, user: User) -> None:
        """Say who signs in next, when a client asks for it; after several calls, one after the other (NEAR-2).

        Without a call, the users sign in in the order in which they were made.

        Raises:
            XblError: for somebody who is no user of this world.
        """
        require_still_ours(self._world, user, where="user")
        await_sign_in(self._world, user.xuid)

    def client(self, caller: Principal | None = None) -> CallerClient:
        """Werkzeug's test client on `app`, with the caller's headers; without a caller, with none at all."""
        if caller is not None:
            require_ours(self._world, caller, where="caller", kind=Principal)
        return CallerClient(self.app, caller)

    @property
    def transport(self) -> httpx.BaseTransport:
        """The transport of an `httpx.Client` that reaches this world by any host name, without a server."""
        return httpx_transport(self.app)

    @property
    def async_transport(self) -> httpx.AsyncBaseTransport:
        """The same for an `httpx.AsyncClient`."""
        return async_httpx_transport(self.app)
