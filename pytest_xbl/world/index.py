"""An index: what belongs to a name, so that nobody has to look through everything."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import Generic, TypeVar

from pytest_xbl.world.table import Table

Name = TypeVar("Name", bound=Hashable)
Key = TypeVar("Key", bound=Hashable)


class Index(Generic[Name, Key]):
    """Keys by name, those of one name in the order in which they were added.

    A copy shares each name's keys with its original until one of the two changes them: then those of that name are
    copied, once.
    """

    def __init__(self, entries: Table[Name, dict[Key, None]] | None = None) -> None:
        self._entries = Table() if entries is None else entries
        self._own: set[Name] = set()
        """The names whose keys nobody else shares."""

    def __getitem__(self, name: Name) -> Collection[Key]:
        """The keys of a name, none if there is no such name."""
        return self._entries.get(name, {}).keys()

    def __repr__(self) -> str:
        return f"Index({self._entries!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Index) and self._entries == other._entries

    __hash__ = None  # type: ignore[assignment]

    def add(self, name: Name, key: Key) -> None:
        """Give a name another key; nothing changes if it has it already."""
        keys = self._entries[name] if name in self._own else self._unshare(name)
        keys[key] = None

    def discard(self, name: Name, key: Key) -> None:
        """Take a key from a name; nothing changes if it has no such key."""
        if key not in self._entries.get(name, ()):
            return
        keys = self._entries[name] if name in self._own else self._unshare(name)
        del keys[key]
        if not keys:
            del self._entries[name]
            self._own.discard(name)

    def copy(self) -> Index[Name, Key]:
        """An index that changes no more with this one."""
        self._own.clear()
        return Index(self._entries.copy())

    def _unshare(self, name: Name) -> dict[Key, None]:
        shared = self._entries.get(name)
        own = self._entries[name] = shared.copy() if shared else {}
        self._own.add(name)
        return own
