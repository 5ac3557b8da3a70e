"""Merging of bags: field by field, each as a whole (PUT-5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pytest_xbl.mpsd.json_values import same
from pytest_xbl.mpsd.model import EMPTY_BAG, Bag, Json, JsonObject


def merged(held: Bag, changes: Bag) -> Bag:
    """A bag with changes merged in, or the very same bag if they change nothing.

    Every field is replaced as a whole, and null removes it; deeper objects are data (PUT-5).
    """
    if changes is EMPTY_BAG:
        return held
    system = merged_fields(held.system, changes.system)
    custom = merged_fields(held.custom, changes.custom)
    return held if system is held.system and custom is held.custom else Bag(system, custom)


def merged_fields(held: JsonObject, changes: JsonObject) -> JsonObject:
    """An object with changes merged in, or the very same object if they change nothing."""
    for name, value in changes.items():
        if differs(held, name, value):
            break
    else:
        return held
    return {name: value for name, value in {**held, **changes}.items() if value is not None or name not in changes}


def differs(held: JsonObject, name: str, value: Json) -> bool:
    """Whether a change to a field would change anything; null asks for the field to be gone."""
    if value is None:
        return held.get(name) is not None
    return name not in held or not same(held[name], value)


def joined(held: Bag, added: Bag) -> Bag:
    """A bag of constants with others added; a null leaves a constant unset."""
    if added is EMPTY_BAG:
        return held
    system = merged_fields(held.system, added.system)
    if isinstance(held.custom, dict) and isinstance(added.custom, dict):
        return Bag(system, merged_fields(held.custom, added.custom))
    return Bag(system, held.custom if added.custom == {} else added.custom)


class Deviation(NamedTuple):
    """A field whose value a write asks to change; `name` is None where `custom` as a whole is not an object."""

    part: str
    name: str | None
    held: Json
    asked: Json

    @property
    def adds(self) -> bool:
        """Whether the field has no value yet."""
        return self.held is None or (self.name is None and self.held == {})

    @property
    def path(self) -> tuple[str, ...]:
        """Its path inside the bag."""
        return (self.part,) if self.name is None else (self.part, self.name)


def deviations(held: Bag, asked: Bag) -> Iterator[Deviation]:
    """The fields in which the constants of a write deviate from those held."""
    if asked is EMPTY_BAG:
        return
    for part, ours, theirs in (("system", held.system, asked.system), ("custom", held.custom, asked.custom)):
        if isinstance(ours, dict) and isinstance(theirs, dict):
            for name, value in theirs.items():
                if differs(ours, name, value):
                    yield Deviation(part, name, ours.get(name), value)
        elif theirs != {} and not same(ours, theirs):
            yield Deviation(part, None, ours, theirs)
