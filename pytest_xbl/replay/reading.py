"""Reading a recording from a file, by its kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from pytest_xbl.errors import XblError, hides_frames
from pytest_xbl.replay.recording import Exchange, Recording

__tracebackhide__ = hides_frames

Reader: TypeAlias = Callable[[bytes], tuple[list[Exchange], Counter[str]]]


def read_recording(path: Path) -> Recording:
    """Read a recording: an HTTP archive (.har), a Fiddler archive (.saz), or a log of the trace analyzer (.csv).

    Raises:
        XblError: for a file that cannot be read, or is no recording.
    """
    reader = _reader(path)
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        raise XblError(f"The recording {path} cannot be read: {getattr(error, 'strerror', None) or error}.") from None
    try:
        exchanges, left_out = reader(data)
    except XblError as error:
        raise XblError(error.what, where=f"{error.where} in {path}" if error.where else str(path)) from None
    return Recording(tuple(sorted(exchanges, key=lambda one: one.number)), left_out, str(path))


def _reader(path: Path) -> Reader:
    match path.suffix.lower():
        case ".har" | ".json":
            from pytest_xbl.replay.har import read_har

            return read_har
        case ".saz":
            from pytest_xbl.replay.saz import read_saz

            return read_saz
        case ".csv":
            from pytest_xbl.replay.trace import read_trace

            return read_trace
    raise XblError(f"{path} is no recording; known are .har, .saz of Fiddler, and .csv of the trace analyzer.")
