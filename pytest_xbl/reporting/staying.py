"""The pages of a run's worlds: where somebody finds them in the debugger, and how `--xbl-stay` waits (SEEN-16)."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from pytest_xbl.errors import XblError
from pytest_xbl.wire.switchboard import EXPLORER
from pytest_xbl.xbl.worlds import Worlds

if TYPE_CHECKING:
    from pytest_xbl.xbl.xbox_live import XboxLive

STDIN = 0
INSTEAD = "--xbl-artifacts DIR writes a page for each failed test instead"


def require_possible(config: pytest.Config) -> None:
    """Refuse `--xbl-stay` where nobody could press Enter.

    Raises:
        pytest.UsageError: for a run in workers of pytest-xdist, without a terminal, or without output.
    """
    if config.getoption("dist", "no") != "no":
        what = "--xbl-stay keeps worlds in this process, and those of pytest-xdist are in its workers: run without -n"
        raise pytest.UsageError(f"{what}. {INSTEAD}.")
    if config.pluginmanager.is_blocked("terminal"):
        raise pytest.UsageError(f"--xbl-stay names an address, and nobody sees it under -p no:terminal. {INSTEAD}.")
    with _uncaptured(config):
        is_terminal = os.isatty(STDIN)
    if not is_terminal:
        what = "--xbl-stay waits until you press Enter, and the standard input is no terminal"
        raise pytest.UsageError(f"{what}. {INSTEAD}.")


def keep(worlds: Worlds, world: XboxLive) -> str:
    """Keep the world of a failing test, and say where it can be looked at."""
    try:
        address = _address(worlds)
    except XblError as error:  # or it would hide why the test fails
        return f"Not kept: {error}"
    worlds.kept[world.name] = world
    return f"To look at: {address}worlds/{world.name}/"


def announce(worlds: Worlds, config: pytest.Config) -> None:
    """Name the address of the pages, while a test waits in the debugger."""
    with suppress(XblError):  # nobody has asked for the server
        config.get_terminal_writer().line(f"To look at: {_address(worlds)}")


def show_sections(report: pytest.TestReport | pytest.CollectReport, config: pytest.Config) -> None:
    """Show the sections of the worlds of a failing test."""
    writer = config.get_terminal_writer()
    for title, text in report.sections:
        if title.startswith("Captured xbl"):
            writer.sep(">", title)
            writer.line(text)


def stay(worlds: Worlds, config: pytest.Config) -> None:
    """Serve the worlds of failed tests until somebody presses Enter."""
    worlds.serve_kept()
    count = len(worlds.kept)
    kept = "The world of a failed test is" if count == 1 else f"{count} worlds of failed tests are"
    writer = config.get_terminal_writer()
    writer.line(f"{kept} to look at: {_address(worlds)}")
    with suppress(KeyboardInterrupt), _uncaptured(config):  # somebody may press Ctrl-C as soon as they read this
        writer.line("Press Enter to end.")
        sys.stdin.readline()


def _address(worlds: Worlds) -> str:
    """The address of the pages.

    Raises:
        XblError: for a host or a port at which the server cannot listen.
    """
    return f"{worlds.url()}{EXPLORER}/"


@contextmanager
def _uncaptured(config: pytest.Config) -> Iterator[None]:
    """Give the standard input back, which pytest keeps while it captures, in this block."""
    capturing = config.pluginmanager.getplugin("capturemanager")
    if capturing is None:
        yield
        return
    capturing.suspend_global_capture(in_=True)
    try:
        yield
    finally:
        capturing.resume_global_capture()
        capturing.suspend_global_capture()
