"""`xbl_scenario`: the people, sessions and handles of the seed that a test starts from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pytest_xbl.arrange.loaded import Loaded
from pytest_xbl.errors import XblError, hides_frames, shown
from pytest_xbl.mpsd.handles import Handle
from pytest_xbl.world.people import account_called
from pytest_xbl.world.world import World
from pytest_xbl.xbl.people import Service, User, principal_of
from pytest_xbl.xbl.session import SessionView

__tracebackhide__ = hides_frames


class ScenarioView:
    """The people, sessions and handles of a seed, by the names that the seed gives them.

    Whoever has a name that Python can write is an attribute, too: `scenario.host` is `scenario["host"]`.
    """

    def __init__(self, world: World, loaded: Loaded) -> None:
        self._world = world
        self._loaded = loaded

    def __repr__(self) -> str:
        """The names in it."""
        return f"<scenario of {', '.join(self) or 'nothing'}>"

    @property
    def users(self) -> tuple[User, ...]:
        """The users, in the order of the seed."""
        people = map(self._person, self._loaded.people)
        return tuple(person for person in people if isinstance(person, User))

    @property
    def sessions(self) -> Mapping[str, SessionView]:
        """The sessions by label, in the order of the seed."""
        return {label: SessionView(self._world, ref) for label, ref in self._loaded.sessions.items()}

    @property
    def handles(self) -> Mapping[str, Handle]:
        """The handles by label, in the order of the seed, as they were when the test began."""
        return {label: self._loaded.state.handles[it] for label, it in self._loaded.handles.items()}

    def __getitem__(self, name: str) -> Any:
        """The person, session or handle that the seed calls so.

        Raises:
            XblError: if there is nothing of that name, or more than one thing.
        """
        found: list[object] = [self._person(name)] if name in self._loaded.people else []
        if name in tuple(self._loaded.sessions):  # also a name that has no hash is in none of them
            found.append(SessionView(self._world, self._loaded.sessions[name]))
        if name in tuple(self._loaded.handles):
            found.append(self._loaded.state.handles[self._loaded.handles[name]])
        if len(found) == 1:
            return found[0]
        how_many = "more than one thing" if found else "nothing"
        what = f"The seed has {how_many} called {shown(name)}; it has: {', '.join(self) or 'nothing'}."
        raise XblError(what, rule="SEED-2")

    def _person(self, name: str) -> User | Service:
        account = account_called(self._world, name)
        if account is None:
            raise XblError(f"{name} is not in the world any more: it has been put back.", rule="SEED-2")
        return principal_of(self._world, account)

    def __getattr__(self, name: str) -> Any:
        """The same for a name that Python can write."""
        __tracebackhide__ = True
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self[name]
        except XblError as error:
            raise AttributeError(str(error)) from None

    def __iter__(self) -> Iterator[str]:
        """All names: people, sessions, handles."""
        return iter((*self._loaded.people, *self._loaded.sessions, *self._loaded.handles))

    def __contains__(self, name: object) -> bool:
        """Whether the seed has something of that name."""
        return name in tuple(self)
