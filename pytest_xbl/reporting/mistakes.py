"""The text of a failure by mistakes of the client, and where in the test they were made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from pytest_xbl.wire.journal import Entry

if TYPE_CHECKING:
    import pytest


def complaint(mistakes: Sequence[Entry], places: Mapping[int, str]) -> str:
    """The text of a failure: the mistakes of the client, and the ways to expect them or let them pass.

    The first line says what the first mistake is: a summary of many failures shows no other.

    Args:
        places: in the test, by the numbers of entries, as far as they are known.
    """
    first, *others = _alike(mistakes)
    count = "a mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
    lines = [f"The client made {count}: {first[0].status} {first[0]._why}"]
    lines.append(f"{first[0]._asked(whole=False)}{_besides(first, places)}")
    lines += [f"{some[0]}{_besides(some, places)}" for some in others]
    kinds = list(dict.fromkeys(str(entry.mistake) for entry in mistakes))
    blocks = ", ".join(dict.fromkeys(f"xbl.expect_refusal({entry.rule!r})" for entry in mistakes))
    lines.append(f"Expect it by `with {blocks}`, or let it pass: @pytest.mark.xbl(loose={kinds}).")
    return "\n".join(lines)


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


def stacks_in_the_test(stacks: Mapping[int, TracebackType], item: pytest.Item) -> dict[int, TracebackType]:
    """The parts of stacks that are the test's own: the frames in its file, or else in a `conftest.py`.

    Args:
        stacks: the outermost frames first; those that have no such frame, as in a thread, are left out.
    """
    found = {number: _in_the_test(stack, str(item.path)) for number, stack in stacks.items()}
    return {number: stack for number, stack in found.items() if stack}


def _in_the_test(stack: TracebackType, own: str) -> TracebackType | None:
    return _frames(stack, lambda file: file == own) or _frames(stack, lambda file: Path(file).name == "conftest.py")


def place(stack: TracebackType) -> str:
    """The file and the line of the innermost frame, such as `test_lobby.py:7`."""
    [*_, last] = _entries(stack)
    return f"{Path(last.tb_frame.f_code.co_filename).name}:{last.tb_lineno}"


def _frames(stack: TracebackType, is_wanted: Callable[[str], bool]) -> TracebackType | None:
    """The frames in wanted files, as a stack of their own."""
    found: TracebackType | None = None
    for entry in reversed([*_entries(stack)]):
        if is_wanted(entry.tb_frame.f_code.co_filename):
            found = TracebackType(found, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return found


def _entries(stack: TracebackType | None) -> Iterator[TracebackType]:
    while stack:
        yield stack
        stack = stack.tb_next
