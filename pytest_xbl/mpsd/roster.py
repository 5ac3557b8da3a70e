"""Rosters: the members of a session, in a form that its versions share.

The roster of few members is a tuple, that of many is a tree.
A write to a tree makes the parts anew that lead to one member, and shares all others with the version before.
So nothing that a write does grows with the number of members.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from operator import attrgetter
from typing import Any, Generic, Protocol, TypeAlias, TypeVar
from zlib import crc32

MOST_IN_A_TUPLE = 128
"""The most members in one tuple; every session that is not large has only one."""
BITS = 4
"""The bits of a hash that say in which part of a tree somebody is."""
PARTS = 1 << BITS
DEEPEST = 8
"""The level at which a hash of 32 bits has no more bits."""


class Person(Protocol):
    """Somebody on a roster, such as a member."""

    @property
    def index(self) -> int:
        """Given once, and rising."""

    @property
    def xuid(self) -> str:
        """Unique within the roster."""

    def forget(self) -> None:
        """Drop all that is kept of them."""


Somebody = TypeVar("Somebody", bound=Person)
Folded = TypeVar("Folded")


class Few(tuple[Somebody, ...]):
    """A roster as a tuple: people in the order of their indices."""

    __slots__ = ()

    def get(self, xuid: str | None) -> Somebody | None:
        """The one with this xuid."""
        for person in self:
            if person.xuid == xuid:
                return person
        return None

    def those(self, xuids: AbstractSet[str]) -> Iterable[Somebody]:
        """All with one of these xuids, in any order."""
        return (person for person in self if person.xuid in xuids)

    def within(self, is_worth_it: Callable[[Roster[Somebody]], bool]) -> Iterable[Somebody]:
        """All of them, if they are worth looking at."""
        return self if is_worth_it(self) else ()

    def including(self, person: Somebody) -> Roster[Somebody]:
        """The roster with somebody added, who has the highest index, or with another version of somebody."""
        for place, held in enumerate(self):
            if held.xuid == person.xuid:
                return Few((*self[:place], person, *self[place + 1 :]))
        return roster_of((*self, person))

    def without(self, xuid: str) -> Few[Somebody]:
        """The roster without somebody."""
        return Few([person for person in self if person.xuid != xuid])

    def fold(self, _name: str, of_people: Callable[[Sequence[Somebody]], Folded], _of_parts: object) -> Folded:
        """Work something out about all of them."""
        return of_people(self)

    def forget_unlike(self, after: Roster[Somebody]) -> None:
        """Drop all that is kept of those whom the next version has otherwise."""
        for held, now in zip(self, after, strict=False) if self is not after else ():
            if held is not now:
                held.forget()


class Tree(Generic[Somebody]):
    """A roster of many people, or a part of one; nobody changes it.

    Args:
        few: the people, if it has no parts.
        parts: by the hash of a xuid.
        level: the depth of this part, counted from 0.
    """

    __slots__ = ("_kept", "_level", "_size", "few", "parts")

    def __init__(self, few: Iterable[Somebody] = (), *, parts: tuple[Tree[Somebody], ...] = (), level: int = 0) -> None:
        held = Few(few)
        if len(held) > MOST_IN_A_TUPLE and level < DEEPEST:
            held, parts = Few(), _divided(held, level)
        self.few: Few[Somebody] = held
        self.parts = parts
        self._level = level
        self._size = len(held) + sum(map(len, parts))
        self._kept: dict[str, Any] = {}

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Somebody]:
        return iter(sorted(self.within(lambda _: True), key=attrgetter("index")))

    def get(self, xuid: str | None) -> Somebody | None:
        """The one with this xuid."""
        return self.around(xuid).get(xuid) if xuid else None

    def those(self, xuids: AbstractSet[str]) -> Iterable[Somebody]:
        """All with one of these xuids, in any order."""
        return (person for xuid in xuids if (person := self.get(xuid)))

    def within(self, is_worth_it: Callable[[Roster[Somebody]], bool]) -> Iterator[Somebody]:
        """The people in all parts that are worth looking into, in any order.

        Args:
            is_worth_it: asked about the whole, and then about its parts.
        """
        if is_worth_it(self):
            yield from self.few
            for part in self.parts:
                yield from part.within(is_worth_it)

    def including(self, person: Somebody) -> Tree[Somebody]:
        """The roster with somebody added, who has the highest index, or with another version of somebody."""
        return self.changed(person.xuid, lambda few: few.including(person))

    def without(self, xuid: str) -> Tree[Somebody]:
        """The roster without somebody."""
        return self.changed(xuid, lambda few: few.without(xuid))

    def fold(
        self,
        name: str,
        of_people: Callable[[Sequence[Somebody]], Folded],
        of_parts: Callable[[Sequence[Folded]], Folded],
    ) -> Folded:
        """Work something out about all of them; each part keeps its own result.

        Args:
            name: of the result, under which it is kept.
            of_people: the result for people.
            of_parts: the result for a whole, from those for its parts.
        """
        if name not in self._kept:
            parts = [part.fold(name, of_people, of_parts) for part in self.parts]
            self._kept[name] = of_parts(parts) if parts else of_people(self.few)
        folded: Folded = self._kept[name]
        return folded

    def forget_unlike(self, after: Roster[Somebody]) -> None:
        """Drop all that is kept of this version, but not of what the next one shares with it."""
        if isinstance(after, Tree) and self is not after:
            self._kept = {}
            self.few.forget_unlike(after.few)
            for part, other in zip(self.parts, after.parts, strict=False):
                part.forget_unlike(other)

    def around(self, xuid: str) -> Few[Somebody]:
        """The few among whom the one with this xuid is or would be."""
        return self.parts[_part_of(xuid, self._level)].around(xuid) if self.parts else self.few

    def changed(self, xuid: str, change: Callable[[Few[Somebody]], Iterable[Somebody]]) -> Tree[Somebody]:
        """The same tree with a change to the few around this xuid."""
        if not self.parts:
            return Tree(change(self.few), level=self._level)
        place = _part_of(xuid, self._level)
        part = self.parts[place].changed(xuid, change)
        return Tree(parts=(*self.parts[:place], part, *self.parts[place + 1 :]), level=self._level)


Roster: TypeAlias = Few[Somebody] | Tree[Somebody]


def roster_of(people: Sequence[Somebody]) -> Roster[Somebody]:
    """The roster of these people, who are in the order of their indices."""
    return Tree(people) if len(people) > MOST_IN_A_TUPLE else Few(people)


def _part_of(xuid: str, level: int) -> int:
    return crc32(xuid.encode()) >> BITS * level & PARTS - 1


def _divided(people: Iterable[Somebody], level: int) -> tuple[Tree[Somebody], ...]:
    parts: list[list[Somebody]] = [[] for _ in range(PARTS)]
    for person in people:
        parts[_part_of(person.xuid, level)].append(person)
    return tuple(Tree(part, level=level + 1) for part in parts)
