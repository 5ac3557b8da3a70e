"""Work, counted in instructions of Python: it is not timed, so that a busy machine changes nothing.

It does not include loops inside functions written in C, such as `in` of a list; the benchmark `doubling` times those.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeAlias

Run: TypeAlias = Callable[[], object]
"""A call whose work is counted."""


def work(run: Run) -> int:
    """The number of instructions of Python that a call takes."""
    count = 0

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal count
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(before)
    return count
