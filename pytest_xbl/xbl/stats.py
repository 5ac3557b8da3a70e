"""`xbl.stats`: set what users have reached, and say what a title has to say of its statistics."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast, overload

from pytest_xbl.errors import XblError, hides_frames, require
from pytest_xbl.mpsd.names import require_scid
from pytest_xbl.mpsd.shapes import DIGITS
from pytest_xbl.userstats.model import (
    NUMBERS,
    TYPES,
    Access,
    StatisticType,
    Value,
    Values,
)
from pytest_xbl.world.people import User
from pytest_xbl.world.ready_made import DEFAULT_SCID
from pytest_xbl.world.statistics import define, reach
from pytest_xbl.world.world import World
from pytest_xbl.xbl.refused import RefusalsAsErrors, as_json

__tracebackhide__ = hides_frames

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Stats:
    """The user statistics of a world."""

    __slots__ = ("_world",)

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def values(self) -> Values:
        """How `user` and `users` show values: "numbers", as the page, or "strings", as native clients parse (STAT-8).

        With strings a GET says at its root, too, what these clients read there (STAT-9).
        """
        return self._world.state.values

    @values.setter
    def values(self, values: Values) -> None:
        if values not in ("numbers", "strings"):
            raise XblError(f'Values are "numbers" or "strings"; not {values!r} (STAT-8).')
        self._world.state.values = values

    @property
    def sandbox(self) -> str:
        """The sandbox whose statistics these are; users of others are refused (STAT-6)."""
        return self._world.state.sandbox

    @sandbox.setter
    def sandbox(self, sandbox: str) -> None:
        require(str, sandbox, "A sandbox is a string")
        self._world.state.sandbox = sandbox

    def define(
        self,
        name: str,
        *,
        type: StatisticType | None = None,  # noqa: A002 -- the field has this name
        access: Access | None = None,
        scid: str | None = None,
    ) -> None:
        """Say what a title says of a statistic; without this it is open, and of the type of its value.

        What is left out stays as it was.

        Args:
            type: "Integer", "Double", "String" or "DateTime".
            access: "open", or "restricted" to services and to users of the titles of the service configuration.
            scid: the service configuration. Default: `xbl.scid`.

        Raises:
            XblError: for another type or access, or values that are there already and do not fit.
        """
        _name(name)
        if type not in (None, *TYPES.values()):
            raise XblError(f"A statistic is of type {', '.join(TYPES.values())}; not {type!r} (STAT-5).")
        if access not in (None, "open", "restricted"):
            raise XblError(f'The access to a statistic is "open" or "restricted"; not {access!r} (STAT-6).')
        with self._world.lock, RefusalsAsErrors():
            define(self._world.state, _scid(scid), name, kind=type, access=access)

    def title(self, title_id: str, *, scid: str | None = None) -> None:
        """Say that a title belongs to a service configuration: its players read what is restricted there (STAT-6).

        The title that users play unless a test says otherwise belongs to `xbl.scid`.

        Raises:
            XblError: for no title id.
        """
        require(str, title_id, "A title id is a string of decimal digits")
        if not DIGITS.fullmatch(title_id):
            raise XblError(f"A title id is a string of decimal digits; {title_id!r} is none.")
        with self._world.lock:
            self._world.state.titles[title_id] = _scid(scid)

    def set(
        self,
        user: User,
        values: Mapping[str, Value],
        *,
        metadata: Mapping[str, dict[str, Any]] = NOTHING,
        scid: str | None = None,
    ) -> None:
        """Set what a user has reached; other statistics of theirs stay as they are.

        Args:
            values: by name; the type follows from the value: int, float, str, datetime (STAT-5).
            metadata: by name: a JSON object about a value (STAT-4).
            scid: the service configuration. Default: `xbl.scid`.

        Raises:
            XblError: for a value that no statistic has, or this one cannot have; then nothing is set.
        """
        self._require_ours(user)
        require(Mapping, values, "Values are a dict by the names of statistics")
        require(Mapping, metadata, "Metadata is a dict by the names of statistics")
        if lost := [name for name in metadata if name not in values]:
            raise XblError(f"There is metadata for {lost[0]!r}, and no value.")
        new = {_name(name): (value, _metadata(name, metadata)) for name, value in values.items()}
        with self._world.lock, RefusalsAsErrors():
            reach(self._world.state, _scid(scid), user.xuid, new)

    def add(self, user: User, name: str, amount: float = 1, *, scid: str | None = None) -> Value:
        """Add to a number, which is 0 as long as nobody has set it, and give what it is then.

        An Integer to which a float is added becomes a Double, unless the title has defined it otherwise.

        Raises:
            XblError: for a statistic that is no number.
        """
        with self._world.lock:
            self._require_ours(user)
            held = self._world.state.reached(_scid(scid), user.xuid).get(_name(name))
            if held and held.type not in NUMBERS:
                raise XblError(f"The statistic {name} of {user.name} is {held.value!r}, and no number to add to.")
            if type(amount) not in (int, float):
                raise XblError(f"One adds a number to {name}; {amount!r} is none.")
            total = _sum(cast("float", held.value) if held else 0, amount)
            metadata = {name: json.loads(held.metadata)} if held and held.metadata else NOTHING
            self.set(user, {name: total}, metadata=metadata, scid=scid)
            return self.get(user, scid=scid)[name]

    def _require_ours(self, user: User) -> None:
        require(User, user, "Statistics are a user's, as xbl.user makes them")
        if not user.lives_in(self._world):
            raise XblError(f"{user.name} is a user of another world than these statistics.")

    @overload
    def get(self, user: User, *, scid: str | None = None) -> dict[str, Value]: ...

    @overload
    def get(self, user: User, name: str, *, scid: str | None = None) -> Value | None: ...

    def get(self, user: User, name: str | None = None, *, scid: str | None = None) -> dict[str, Value] | Value | None:
        """The value of one statistic of a user, None if there is none; or without a name all of them, by name."""
        self._require_ours(user)
        held = self._world.state.reached(_scid(scid), user.xuid)
        if name is None:
            return {each: one.value for each, one in held.items()}
        return held[name].value if _name(name) in held else None

    def clear(self, user: User, *names: str, scid: str | None = None) -> None:
        """Take statistics from a user: these, or without names all of them.

        Raises:
            XblError: for one that they have not.
        """
        self._require_ours(user)
        key = _scid(scid).lower()
        with self._world.lock:
            held = self._world.state.reached(key, user.xuid)
            if lost := [name for name in names if _name(name) not in held]:
                has = ", ".join(held) or "none"
                raise XblError(f"{user.name} has no statistic {lost[0]!r}; they have: {has}.")
            left = {name: one for name, one in held.items() if names and name not in names}
            self._world.state.statistics[key, user.xuid] = left


def _sum(one: float, other: float) -> float:
    try:
        return one + other
    except OverflowError as error:
        raise XblError(f"The sum is too large: {error}.") from None


def _name(name: Any) -> str:
    if not isinstance(name, str) or not name or "," in name or "/" in name:
        raise XblError(f"A statistic has a name without commas and slashes; {name!r} is none.")
    return name


def _scid(scid: str | None) -> str:
    if scid is None:
        return DEFAULT_SCID
    require(str, scid, "A scid is a string")
    with RefusalsAsErrors("scid"):
        require_scid(scid)
    return scid


def _metadata(name: str, metadata: Mapping[str, dict[str, Any]]) -> str | None:
    return json.dumps(as_json(f"metadata of {name}", metadata[name])) if name in metadata else None
