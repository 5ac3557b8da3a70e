"""The text of a failure by mistakes of the client, and where in the test they were made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from pytest_xbl.wire.entry import Entry
from pytest_xbl.wire.mistakes import MOST_MISTAKES

if TYPE_CHECKING:
    import pytest

MOST_OTHERS = 10
"""The most kinds of mistakes that a text lists besides the first."""


def complaint(mistakes: Sequence[Entry], places: Mapping[int, str]) -> str:
    """The text of a failure: the mistakes of the client, and the ways to expect them or let them pass.

    The first line says what the first mistake is: a summary of many failures shows no other.

    Args:
        places: in the test, by the numbers of entries, as far as they are known.
    """
    first, *others = _alike(mistakes)
    lines = [f"The client made {_count(mistakes)}: {first[0].status} {first[0]._why}"]
    lines.append(f"{first[0]._asked(whole=False)}{_besides(first, places)}")
    lines += [f"{some[0]}{_besides(some, places)}" for some in others[:MOST_OTHERS]]
    if len(others) > MOST_OTHERS:
        lines.append(f"... {len(others) - MOST_OTHERS} more kinds; the section xbl shows the requests, and -vv all")
    kinds = list(dict.fromkeys(str(entry.mistake) for entry in mistakes))
    blocks = ", ".join(dict.fromkeys(f"xbl.expect_refusal({entry.rule!r})" for entry in mistakes))
    lines.append(f"Expect it by `with {blocks}`, or let it pass: @pytest.mark.xbl(loose={kinds}).")
    return "\n".join(lines)


def _count(mistakes: Sequence[Entry]) -> str:
    """The number of mistakes; not all of many are kept."""
    if len(mistakes) == 1:
        return "a mistake"
    most = max(Counter(entry.mistake for entry in mistakes).values())
    return f"{len(mistakes)} mistakes{' or more' if most >= MOST_MISTAKES else ''}"


def _alike(mistakes: Sequence[Entry]) -> list[list[Entry]]:
    """The mistakes, those together that were refused for the same reason."""
    found: dict[tuple[int, str], list[Entry]] = {}
    for entry in mistakes:
        found.setdefault((entry.status, entry._why), []).append(entry)
    return list(found.values())


def _besides(alike: Sequence[Entry], places: Mapping[int, str]) -> str:
    """The place of the first of some mistakes, and how many more there are."""
    more = f"and {len(alike) - 1} more like it, up to #{alike[-1].number}" if len(alike) > 1 else ""
    told = ", ".join(filter(None, (places.get(alike[0].number), more)))
    return f" ({told})" if told else ""


def place(stack: TracebackType) -> str:
    """The file and the line of the innermost frame, such as `test_lobby.py:7`."""
    [*_, last] = _entries(stack)
    return f"{Path(last.tb_frame.f_code.co_filename).name}:{last.tb_lineno}"


def in_the_test(stack: TracebackType, item: pytest.Item) -> TracebackType:
    """The frames of a stack that are in the file of a test; all of them, if there are none, as in a task.

    Args:
        stack: the frames in the files of the project, the outermost first.
    """
    found: TracebackType | None = None
    for entry in reversed([*_entries(stack)]):
        if entry.tb_frame.f_code.co_filename == str(item.path):
            found = TracebackType(found, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return found or stack


def _entries(stack: TracebackType | None) -> Iterator[TracebackType]:
    while stack:
        yield stack
        stack = stack.tb_next
