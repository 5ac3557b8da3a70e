"""The parts that a seed is put together from: dicts, files and scenarios, and those that they extend (SEED-3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeAlias

from pytest_xbl.arrange import files
from pytest_xbl.arrange.form import check_form
from pytest_xbl.arrange.values import plain, require_size
from pytest_xbl.errors import XblError, hides_frames
from pytest_xbl.mpsd.model import Json, JsonObject
from pytest_xbl.mpsd.refusal import Parts, Place, Refusal

__tracebackhide__ = hides_frames


MOST_PARTS = 1_000
"""The number of parts from which a seed is put together."""


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


Reader: TypeAlias = Callable[[Path], Part]


def part_of(document: Json, source: str, directory: Path | None) -> Part:
    """A document as a part of a seed: a copy of it, checked.

    Raises:
        XblError: for what has not the seed form (SEED-1).
    """
    try:
        require_size(document)
        copy = plain(document)
        check_form(copy)
    except Refusal as refusal:
        raise error_in(refusal, source) from None
    return Part(source, copy, directory)


def read_part(path: Path) -> Part:
    """The part of a seed that a file holds.

    Raises:
        XblError: for a file that cannot be read, or has not the seed form (SEED-1).
    """
    try:
        path = path.resolve()
        shown = str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
        document = files.read(path)
    except Refusal as refusal:
        raise error_in(refusal, shown) from None
    except (RuntimeError, ValueError) as error:
        raise XblError(f"The file {str(path)!r} cannot be read: {error}.") from None
    return part_of(document, shown, path.parent)


def expanded(parts: Sequence[Part], directory: Path) -> list[Part]:
    """The parts with those before them that they extend (SEED-3).

    Raises:
        XblError: for a seed that extends itself, or too many others (SEED-15).
    """
    found = list(islice(_expanded(parts, cache(read_part), directory, ()), MOST_PARTS + 1))
    if len(found) > MOST_PARTS:
        what = f"A seed is put together from at most {MOST_PARTS:,} parts, each counted as often as it is extended."
        raise XblError(what, where=f"/extends in {parts[-1].source}", rule="SEED-15")
    return found


def _expanded(parts: Sequence[Part], read: Reader, directory: Path, chain: tuple[str, ...]) -> Iterator[Part]:
    """The same, one part after the other.

    Args:
        read: reads a file, each once.
        chain: the files that have led here.
    """
    for part in parts:
        way = (*chain, part.source) if part.directory else chain
        for at, base in _bases(part.document.get("extends")):
            found = _base(base, part, read, directory, at)
            if found.directory and found.source in way:
                circle = " extends ".join((*way, found.source))
                what = f"A seed cannot extend itself: {circle}."
                raise XblError(what, where=f"{at} in {part.source}", rule="SEED-3")
            yield from _expanded((found,), read, directory, way)
        yield Part(part.source, {name: it for name, it in part.document.items() if name != "extends"}, part.directory)


def _bases(extends: Json) -> list[tuple[str, Json]]:
    """The seeds that a seed extends, each with its place."""
    if isinstance(extends, list):
        return [(f"/extends/{number}", base) for number, base in enumerate(extends)]
    return [] if extends is None else [("/extends", extends)]


def _base(base: str | JsonObject, part: Part, read: Reader, directory: Path, at: str) -> Part:
    try:
        if isinstance(base, str) and files.is_file_name(base):
            return read((part.directory or directory) / base)
        from pytest_xbl.arrange import scenarios

        asked = {"scenario": base} if isinstance(base, str) else dict(base)
        name = asked.pop("scenario")
        return part_of(scenarios.build(name, asked), f"the scenario {name}", None)
    except XblError as error:
        by = f"{at} in {part.source}"
        where = f"{error.where}, by {by}" if error.where else by
        raise XblError(error.what, where=where, rule=error.rule or "SEED-3") from None


def source_of(parts: Sequence[Part], place: Place) -> str:
    """The source of a place: the last part that holds it, or else what it is in."""
    names = () if isinstance(place, str) else place
    return max(reversed(parts), key=lambda part: _depth(part.document, names)).source


def _depth(document: Json, names: Parts) -> int:
    """The number of these names along which a document leads."""
    if not names or not isinstance(document, dict | list) or names[0] not in document:
        return 0
    return 1 + _depth(document[names[0]] if isinstance(document, dict) else None, names[1:])


def error_in(refusal: Refusal, source: str) -> XblError:
    """The error of a test author whose seed was refused, with the place in its source."""
    place = f"{refusal.where} in {source}" if refusal.where else source
    return XblError(refusal.what, where=place, rule=refusal.rule)
