"""`xbl.stats`: set the values of users, and define the statistics of titles."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, cast, overload

from pytest_xbl.arrange.arguments import RefusalsAsErrors
from pytest_xbl.arrange.records import checked, checked_scid, checked_statistics, record_of
from pytest_xbl.arrange.statistics import add_statistics, statistic_name
from pytest_xbl.errors import XblError, hides_frames, require, shown
from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.refusal import Parts
from pytest_xbl.userstats.model import NUMBERS, Access, Statistic, StatisticType, Value, Values
from pytest_xbl.world import statistics
from pytest_xbl.world.world import World
from pytest_xbl.xbl.people import User, require_still_ours

__tracebackhide__ = hides_frames

NO_METADATA: Mapping[str, Any] = MappingProxyType({})


def _inside(place: Parts) -> Parts:
    """The place inside a record of statistics, by label."""
    return place[2:]


def _argument(place: Parts) -> Parts:
    """The place in the arguments of `set`, of a place in a record by user and name of statistic."""
    match place[2:]:
        case (name, "metadata", *inside):
            return ("metadata", name, *inside)
        case (name, *_):
            return ("values", name)
    return ()


class Stats:
    """The user statistics of a world."""

    __slots__ = ("_world",)

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def values(self) -> Values:
        """The form in which `user` and `users` show values: "numbers", or "strings" for native clients (STAT-8).

        With strings the root of a GET's answer, too, has what these clients read there (STAT-9).
        """
        return statistics.shown_values(self._world)

    @values.setter
    def values(self, values: Values) -> None:
        self._add({"values": values}, whole="values")

    @property
    def sandbox(self) -> str:
        """The sandbox whose statistics these are; users of others are refused (STAT-6)."""
        return statistics.sandbox_of(self._world)

    @sandbox.setter
    def sandbox(self, sandbox: str) -> None:
        self._add({"sandbox": sandbox}, whole="sandbox")

    def define(
        self,
        name: str,
        *,
        type: StatisticType | None = None,  # noqa: A002 -- the field has this name
        access: Access | None = None,
        group: str | None = None,
        ordinal: int | None = None,
        sort_order: str | None = None,
        display_name: str | None = None,
        display_format: str | None = None,
        display_semantic: str | None = None,
        scid: str | None = None,
    ) -> None:
        """Define a statistic of a title; without a definition it is open, and of the type of its value.

        Arguments that are left out leave the definition as it was.

        Args:
            type: "Integer", "Double", "String" or "DateTime".
            access: "open", or "restricted" to services and to users of the titles of the service configuration.
            group: the group that shows it, such as "Hero" (STAT-14); it needs a type then.
            ordinal: its place in the group.
            sort_order: such as "Descending"; only in a group, like the ordinal.
            display_name: its name for players, in a group or not.
            display_format: such as "Integer"; only in a group.
            display_semantic: such as "Best"; only in a group.
            scid: the service configuration. Default: `xbl.scid`.

        Raises:
            XblError: for another type or access, values that are there already and do not fit, a group without a type,
                or something that only a group shows without a group.
        """
        _require_name(name)
        definition = record_of(
            {
                "type": type,
                "access": access,
                "group": group,
                "ordinal": ordinal,
                "sort_order": sort_order,
                "display_name": display_name,
                "display_format": display_format,
                "display_semantic": display_semantic,
                "scid": scid,
            }
        )
        self._add({"definitions": {name: definition}}, whole="name")

    def title(
        self,
        title_id: str,
        *,
        scid: str | None = None,
        platforms: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        """Say that a title belongs to a service configuration: its players read what is restricted there (STAT-6).

        The title that users play by default belongs to `xbl.scid`.

        Args:
            scid: the service configuration. Default: `xbl.scid`.
            platforms: those that it runs on, by name, such as `{"uwp-desktop": {"pfn": "Contoso.Game_8wekyb3d8bbwe"}}`
                (STAT-16). Default: `{"era": {}}`.

        Raises:
            XblError: for something else than a title id, a GUID or platforms.
        """
        with RefusalsAsErrors("title_id"):
            title = checked("users", {"titleId": title_id})["titleId"]
        self._add({"titles": {title: record_of({"scid": scid, "platforms": platforms})}}, whole="title_id")

    def set(
        self,
        user: User,
        values: Mapping[str, Value],
        *,
        metadata: Mapping[str, dict[str, Any]] = NO_METADATA,
        scid: str | None = None,
    ) -> None:
        """Set values of a user; other statistics of theirs stay as they are.

        Args:
            values: by name; the type follows from the value: int, float, str, datetime (STAT-5).
            metadata: by name: a JSON object about a value (STAT-4).
            scid: the service configuration. Default: `xbl.scid`.

        Raises:
            XblError: for a value that no statistic has, or this one cannot have; then nothing is set.
        """
        require_still_ours(self._world, user, where="user")
        require(Mapping, values, "a dict of values by the names of statistics", where="values")
        require(Mapping, metadata, "a dict of metadata by the names of statistics", where="metadata")
        if lost := [name for name in metadata if name not in values]:
            raise XblError(f"There is metadata for {lost[0]!r}, and no value.", where="metadata", rule="STAT-4")
        self._set(user, values, metadata, scid, turned=_argument)

    def _set(
        self,
        user: User,
        values: Mapping[str, Value],
        metadata: Mapping[str, Any],
        scid: str | None,
        *,
        turned: Callable[[Parts], Parts],
    ) -> None:
        home = _scid(self._world, scid)
        about = {name: {"metadata": metadata[name]} if name in metadata else {} for name in values}
        records = {name: {"value": value, "scid": home, **about[name]} for name, value in values.items()}
        self._add({"users": {user.name: records}, "scids": [home]}, whole="values", turned=turned)

    def _add(self, section: JsonObject, *, whole: str, turned: Callable[[Parts], Parts] = _inside) -> None:
        """Bring statistics into the world.

        Args:
            whole: the argument that most of it came from.
            turned: turns a place in the section into one in the arguments.
        """
        with RefusalsAsErrors(whole, turned):
            add_statistics(self._world, checked_statistics(section))

    def add(self, user: User, name: str, amount: float = 1, *, scid: str | None = None) -> Value:
        """Add to a number, which is 0 until somebody sets it, and give the sum.

        An Integer to which a float is added becomes a Double, unless the title has defined it otherwise.

        Raises:
            XblError: for a statistic that is not a number.
        """
        _require_name(name)
        with self._world.exclusively():
            held = self._held(user, scid).get(name)
            if held and held.type not in NUMBERS:
                what = f"The statistic {name} of {user.name} is {held.value!r}, not a number to add to."
                raise XblError(what, where="name", rule="STAT-5")
            if type(amount) not in (int, float):
                raise XblError(
                    f"Expected a number to add to {name}; got {shown(amount)}.", where="amount", rule="STAT-5"
                )
            total = _sum(cast("float", held.value) if held else 0, amount)
            metadata = {name: json.loads(held.metadata)} if held and held.metadata else NO_METADATA
            self._set(user, {name: total}, metadata, scid, turned=lambda _: ("amount",))
            return self.get(user, scid=scid)[name]

    @overload
    def get(self, user: User, *, scid: str | None = None) -> dict[str, Value]: ...

    @overload
    def get(self, user: User, name: str, *, scid: str | None = None) -> Value | None: ...

    def get(self, user: User, name: str | None = None, *, scid: str | None = None) -> dict[str, Value] | Value | None:
        """The value of one statistic of a user, or None; or without a name all of them, by name."""
        held = self._held(user, scid)
        if name is None:
            return {each: one.value for each, one in held.items()}
        _require_name(name)
        return held[name].value if name in held else None

    def clear(self, user: User, *names: str, scid: str | None = None) -> None:
        """Take statistics from a user: these, or without names all of them.

        Raises:
            XblError: for one that they do not have.
        """
        for name in names:
            require(str, name, "the names of statistics one by one", where="names", rule="STAT-4")
        with self._world.exclusively():
            held = self._held(user, scid)
            if lost := [name for name in names if name not in held]:
                has = ", ".join(held) or "none"
                what = f"{user.name} has no statistic {lost[0]!r}; they have: {has}."
                raise XblError(what, where="names", rule="STAT-5")
            statistics.forget(self._world, _scid(self._world, scid), user.xuid, names or tuple(held))

    def _held(self, user: User, scid: str | None) -> Mapping[str, Statistic]:
        require_still_ours(self._world, user, where="user")
        return statistics.reached(self._world, _scid(self._world, scid), user.xuid)


def _sum(one: float, other: float) -> float:
    try:
        return one + other
    except OverflowError as error:
        raise XblError(f"The sum is too large: {error}.", where="amount", rule="STAT-5") from None


def _scid(world: World, scid: object) -> str:
    if scid is None:
        return world.scid
    with RefusalsAsErrors("scid"):
        return checked_scid(scid)


def _require_name(name: object) -> None:
    require(str, name, "the name of a statistic", where="name", rule="STAT-4")
    with RefusalsAsErrors("name"):
        statistic_name(str(name))
