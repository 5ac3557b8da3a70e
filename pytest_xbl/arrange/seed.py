"""A seed: how a world begins, given as a Python value or a file, or put together from others."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from pytest_xbl.arrange import scenarios
from pytest_xbl.arrange.builder import Builder
from pytest_xbl.arrange.combining import combined
from pytest_xbl.arrange.files import is_file_name, read
from pytest_xbl.arrange.form import check_form, require_whole
from pytest_xbl.arrange.loading import Loaded, load
from pytest_xbl.arrange.values import plain
from pytest_xbl.errors import XblError, hides_frames
from pytest_xbl.mpsd.model import Json, JsonObject
from pytest_xbl.mpsd.refusal import Parts, Place, Refusal
from pytest_xbl.world.ready_made import beginning
from pytest_xbl.world.state import State
from pytest_xbl.world.world import World

__tracebackhide__ = hides_frames


NOBODYS = "\0"
"""The name of a world like whose tokens none begins that can be chosen."""


class Part(NamedTuple):
    """A seed as somebody wrote it, before it is put together with others.

    Args:
        source: what error texts call it.
        document: of the seed form.
        directory: which relative names of files are relative to; None for the one of the test.
    """

    source: str
    document: JsonObject
    directory: Path | None = None


class Seed(Builder):
    """How a world begins.

    Seeds are combined with `|`; of two that say something else of the same, the right one counts (SEED-4).
    A seed does not change, and is worked out once, however many worlds begin with it.

    Args:
        document: of the seed form; it is copied.
        name: what error texts and test ids call it.

    Raises:
        XblError: for what has not the seed form.
    """

    def __init__(self, document: Mapping[str, Any] | None = None, *, name: str = "the seed") -> None:
        self.name = name
        self._parts: tuple[Part, ...] = (_part(document if document is not None else {}, name, None),)
        self._loaded: dict[Path, Loaded] = {}

    @classmethod
    def read(cls, path: str | Path) -> Seed:
        """The seed that a file holds: JSON, or YAML with the extra `pytest-xbl[yaml]`.

        Raises:
            XblError: for a file that cannot be read, or has not the seed form.
        """
        return cls._of(Path(path).stem, _read_part(Path(path)))

    @classmethod
    def scenario(cls, name: str, **parameters: Any) -> Seed:
        """A scenario, with these parameters.

        Raises:
            XblError: for an unknown scenario or parameter.
        """
        document = scenarios.build(name, parameters)
        told = "-".join((name, *(f"{key}={value}" for key, value in parameters.items())))
        return cls._of(told, _part(document, f"the scenario {name}", None))

    @classmethod
    def _of(cls, name: str, *parts: Part) -> Seed:
        seed = cls(name=name)
        seed._parts = parts
        return seed

    def __or__(self, other: Seed | Mapping[str, Any]) -> Seed:
        """Both seeds, of which the right one counts more."""
        right = other if isinstance(other, Seed) else Seed(other)
        return self._of(self.name, *self._parts, *right._parts)

    def __ror__(self, other: Mapping[str, Any]) -> Seed:
        """The same, with a dict on the left."""
        return Seed(other) | self

    def __repr__(self) -> str:
        return f"<seed {self.name}>"

    @property
    def description(self) -> str:
        """What the seed says of itself; "" if nothing."""
        said = (part.document["description"] for part in reversed(self._parts) if "description" in part.document)
        return next(said, None) or ""

    def loaded(self, directory: Path) -> Loaded:
        """The world that begins with this seed, worked out once.

        Args:
            directory: which names of files in `extends` are relative to, where the seed is not in a file itself.

        Raises:
            XblError: naming the place, and what is wrong there.
        """
        asks = any(part.directory is None and part.document.get("extends") for part in self._parts)
        key = directory if asks else Path()
        if key not in self._loaded:
            self._loaded[key] = self.load_into(beginning(), directory, world=NOBODYS)
        return self._loaded[key]

    def load_into(self, state: State, directory: Path, *, world: str) -> Loaded:
        """What becomes of a state when the seed comes into it; the state itself does not change (SEED-9).

        Args:
            world: the name of the world whose state it is.

        Raises:
            XblError: naming the place, and what is wrong there.
        """
        parts = tuple(_expanded(self._parts, directory))
        document = combined(part.document for part in parts)
        with _collector_paused():
            try:
                require_whole(document)
                return load(document, World(world, state.copy()))
            except Refusal as refusal:
                raise _error(refusal, _source(parts, refusal.place)) from None


def checked_expectation(expected: Mapping[str, Any]) -> JsonObject:
    """What is expected at the end, given in Python.

    Raises:
        XblError: for what is no part of the seed form (SEED-10).
    """
    document: JsonObject = _part({"expected": expected}, "the call", None).document["expected"]
    return document


def _part(document: Json, source: str, directory: Path | None) -> Part:
    try:
        copy = plain(document)
        check_form(copy)
    except Refusal as refusal:
        raise _error(refusal, source) from None
    except RecursionError:
        raise XblError("The seed lies too deep inside itself.", where=source, rule="SEED-1") from None
    return Part(source, copy, directory)


def _read_part(path: Path) -> Part:
    try:
        path = path.resolve()
        shown = str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
        document = read(path)
    except Refusal as refusal:
        raise _error(refusal, shown) from None
    except (RuntimeError, ValueError) as error:
        raise XblError(f"The file {str(path)!r} cannot be read: {error}.") from None
    return _part(document, shown, path.parent)


def _expanded(parts: Sequence[Part], directory: Path, chain: tuple[str, ...] = ()) -> Iterator[Part]:
    """The parts with those before them that they extend (SEED-3).

    Args:
        chain: the files that have led here.
    """
    for part in parts:
        bases = part.document.get("extends")
        bases = () if bases is None else bases
        way = (*chain, part.source) if part.directory else chain
        for base in bases if isinstance(bases, list | tuple) else [bases]:
            found = _base(base, part, directory)
            if found.directory and found.source in way:
                circle = " extends ".join((*way, found.source))
                raise XblError(f"A seed cannot extend itself: {circle}.", rule="SEED-3")
            yield from _expanded((found,), directory, way)
        yield Part(part.source, {name: it for name, it in part.document.items() if name != "extends"}, part.directory)


def _base(base: str | JsonObject, part: Part, directory: Path) -> Part:
    try:
        if isinstance(base, str) and is_file_name(base):
            return _read_part((part.directory or directory) / base)
        asked = {"scenario": base} if isinstance(base, str) else dict(base)
        name = asked.pop("scenario")
        return _part(scenarios.build(name, asked), f"the scenario {name}", None)
    except XblError as error:
        raise XblError(f"{error}\nextended by: {part.source}") from None


def _source(parts: Sequence[Part], place: Place) -> str:
    """The part that says last what stands at a place, or else what the place is in."""
    names = () if isinstance(place, str) else place
    return max(reversed(parts), key=lambda part: _depth(part.document, names)).source


def _depth(document: Json, names: Parts) -> int:
    """How far a document leads along the names."""
    if not names or not isinstance(document, dict | list) or names[0] not in document:
        return 0
    return 1 + _depth(document[names[0]] if isinstance(document, dict) else None, names[1:])


def _error(refusal: Refusal, source: str) -> XblError:
    place = f"{refusal.where} in {source}" if refusal.where else source
    return XblError(refusal.what, where=place, rule=refusal.rule)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """While very many objects come into being that all stay, looking for garbage among them only costs time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
