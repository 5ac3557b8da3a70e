"""A table: a dict whose copy costs nothing, however much is in it."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, KeysView, MutableMapping, ValuesView
from typing import TypeVar, overload

Key = TypeVar("Key")
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
