"""Processes that start with everything imported that does not change: a fork takes no time, imports take seconds."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import signal
import time
from collections.abc import Callable

LIBRARIES = ("hypothesis.strategies", "httpx", "jsonschema", "trustme", "werkzeug.test", "werkzeug.serving", "yaml")
"""Imports of the tests and of the package, without those that pytest would rewrite."""

STEP = 0.02


def in_fork(work: Callable[[], int], limit: float) -> int | None:
    """The exit code of work in a process of its own; None if it takes more seconds, and is killed with its children."""
    _prepare()
    process = os.fork()
    if not process:
        _work(work)
    end = time.monotonic() + limit
    while time.monotonic() < end:
        done, status = os.waitpid(process, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(STEP)
    os.killpg(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return None


def _work(work: Callable[[], int]) -> None:
    """Work in silence, and end without the cleaning up of the first process."""
    code = 3
    with contextlib.suppress(BaseException):
        os.setsid()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        code = work()
    os._exit(code)


def _prepare() -> None:
    for name in LIBRARIES:
        importlib.import_module(name)
    gc.freeze()
