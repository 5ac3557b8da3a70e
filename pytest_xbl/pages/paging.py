"""Paging: a part of a long list, and the way to the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from markupsafe import Markup

from pytest_xbl.pages.asked import Asked
from pytest_xbl.pages.markup import element, link
from pytest_xbl.pages.sheet import refuse

Item = TypeVar("Item")
SIZE = 50
"""The entries of a list on one page."""


class Part(NamedTuple, Generic[Item]):
    """The entries of a list that one page shows.

    Args:
        first: the position of the first one.
        number: of this part, counted from 1.
        parts: how many there are.
        total: of all entries.
    """

    items: Sequence[Item]
    first: int
    number: int
    parts: int
    total: int


def part_of(
    items: Sequence[Item], asked: Asked, *, size: int = SIZE, from_end: bool = False, at: int | None = None
) -> Part[Item]:
    """The part of a list that the parameter `page` names.

    Args:
        size: the most entries of a part.
        from_end: whether the last part is the usual one, and the first one may have fewer entries than others.
        at: the position of an entry that the usual part has in it; None for any.

    Raises:
        NoPageError: 400 for a part that there is not.
    """
    total = len(items)
    count = max(1, -(-total // size))
    shift = count * size - total if from_end else 0
    number = asked.number("page")
    if number is None:
        number = (count if from_end else 1) if at is None else (at + shift) // size + 1
    if not 1 <= number <= count:
        refuse(f"The list has the pages 1 to {count}, and no page {number}.")
    first, stop = (max(0, place * size - shift) for place in (number - 1, number))
    return Part(items[first:stop], first, number, count, total)


def pager(part: Part[Item], address: Callable[[int], str]) -> Markup | None:
    """Links to the other parts; None if there are no others.

    Args:
        address: of a part, by its number.
    """
    if part.parts == 1:
        return None
    last = part.first + len(part.items)
    near = [number for number in range(part.number - 2, part.number + 3) if 1 <= number <= part.parts]
    shown = sorted({1, *near, part.parts})
    items: list[Markup] = []
    for before, number in zip((shown[0], *shown), shown, strict=False):
        if number > before + 1:
            items.append(element("li", "…"))
        items.append(element("li", _number(number, part.number, address)))
    text = f"{part.first + 1:,} to {last:,} of {part.total:,}"
    return element("nav", element("span", text), element("ul", *items), class_="pager", aria_label="Pages of the list")


def _number(number: int, shown: int, address: Callable[[int], str]) -> Markup:
    return link(f"{number:,}", address(number), aria_current="page" if number == shown else None)
