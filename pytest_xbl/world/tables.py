"""Tables and indexes of a world's state, whose copies cost nothing, however much is in them."""

from __future__ import annotations

from collections.abc import Collection, Hashable, ItemsView, Iterator, KeysView, MutableMapping, ValuesView
from typing import Generic, TypeVar, overload

Key = TypeVar("Key", bound=Hashable)
Name = TypeVar("Name", bound=Hashable)
Entry = TypeVar("Entry")
Default = TypeVar("Default")


class Table(MutableMapping[Key, Entry]):
    """Entries by key, in the order in which they were added.

    A copy shares the entries with its original until one of the two changes: then that one gets its own, once.
    """

    __slots__ = ("_entries", "_shared")

    def __init__(self, entries: dict[Key, Entry] | None = None, *, shared: bool = False) -> None:
        self._entries = {} if entries is None else entries
        self._shared = shared

    def __getitem__(self, key: Key) -> Entry:
        return self._entries[key]

    def __setitem__(self, key: Key, entry: Entry) -> None:
        self._own()[key] = entry

    def __delitem__(self, key: Key) -> None:
        del self._own()[key]

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[Key]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"Table({self._entries!r})"

    @overload
    def get(self, key: Key) -> Entry | None: ...

    @overload
    def get(self, key: Key, default: Entry | Default) -> Entry | Default: ...

    def get(self, key: Key, default: Entry | Default | None = None) -> Entry | Default | None:
        """The entry of a key, or the default."""
        return self._entries.get(key, default)

    def keys(self) -> KeysView[Key]:
        """All keys."""
        return self._entries.keys()

    def values(self) -> ValuesView[Entry]:
        """All entries."""
        return self._entries.values()

    def items(self) -> ItemsView[Key, Entry]:
        """All keys with their entries."""
        return self._entries.items()

    def copy(self) -> Table[Key, Entry]:
        """A table that changes no more with this one."""
        self._shared = True
        return Table(self._entries, shared=True)

    def _own(self) -> dict[Key, Entry]:
        if self._shared:
            self._entries = self._entries.copy()
            self._shared = False
        return self._entries


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

    def items(self) -> Iterator[tuple[Name, Collection[Key]]]:
        """All names, each with its keys."""
        return ((name, keys.keys()) for name, keys in self._entries.items())

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
