"""Runs of pytest at a terminal, with somebody in front of it who reads and types."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

PATIENCE = 60  # seconds; only ever used up by a test that fails
COLORS = re.compile(r"\x1b\[[0-9;]*m")


ALONE = ("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
"""The variable under which pytest loads no plugins but those that it is told: others take longer than the run."""


class Terminal:
    """A run of pytest at a terminal of its own.

    Args:
        directory: where it is started.
        arguments: for pytest.
    """

    def __init__(self, directory: Path, *arguments: str) -> None:
        self.seen = ""
        self._here, there = pty.openpty()
        command = [sys.executable, "-m", "pytest", "-p", "xbl", "-p", "no:cacheprovider", *arguments]
        ends: Any = {"stdin": there, "stdout": there, "stderr": there, "env": {**os.environ, ALONE[0]: ALONE[1]}}
        self._run = subprocess.Popen(command, cwd=directory, start_new_session=True, **ends)
        os.close(there)

    def __enter__(self) -> Terminal:  # noqa: PYI034 -- typing has no Self before 3.11
        return self

    def __exit__(self, _type: object, _error: BaseException | None, _traceback: TracebackType | None) -> None:
        self._run.kill()
        self._run.wait()
        os.close(self._here)

    def read_until(self, text: str) -> str:
        """Everything that the terminal shows, as soon as that has this text in it."""
        assert text in self.read_to(text), self.seen
        return self.seen

    def read_to(self, text: str) -> str:
        """Everything that the terminal shows up to this text, or up to the end of the run."""
        until = time.monotonic() + PATIENCE
        while text not in self.seen and time.monotonic() < until and self._read():
            pass
        return self.seen

    def type(self, text: str) -> None:
        """Type something."""
        os.write(self._here, text.encode())

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self._run.send_signal(signal.SIGINT)

    def end(self) -> int:
        """The status of the run, when it has ended."""
        while self._read():
            pass
        return self._run.wait(PATIENCE)

    def _read(self) -> bool:
        """Read more of what the run shows; False if it has ended."""
        ready, _, _ = select.select([self._here], [], [], PATIENCE)
        found = b""
        with suppress(OSError):  # on Linux, the end
            found = os.read(self._here, 65536) if ready else b""
        self.seen += COLORS.sub("", found.decode(errors="replace").replace("\r\n", "\n"))
        return bool(found)
