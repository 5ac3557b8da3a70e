#!/usr/bin/env python3
"""Takes the pictures of pages that the docs show: `python docs/screenshots.py`; it needs Chromium."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

DOCS = Path(__file__).parent
sys.path.append(str(DOCS.parent / "tests/shared"))

from chromium import Browser, Scheme, browser  # noqa: E402 -- it lies beside the tests that use it
from terminals import Terminal  # noqa: E402 -- so does this

WIDTH, HEIGHT = 1000, 520
EXPLORE = "how-to/explore-a-world.md"
LOBBY = "sessions/5c1d0000-0000-4000-8000-000000000001/lobby/friday"


class Picture(NamedTuple):
    """A picture of a page about the world of a failing test of the docs.

    Args:
        name: of its file.
        page: of the docs, which has the test as a file.
        file: the name of that file.
        part: the selector of what is shown; "" for what a person sees first.
        path: of the page of the explorer, below that of the world; None for the page that the test leaves.
        height: of the window.
    """

    name: str
    page: str
    file: str
    part: str = ""
    scheme: Scheme = "light"
    path: str | None = None
    height: int = HEIGHT


PICTURES = (
    Picture("failure-top.png", "how-to/look-at-a-failure.md", "broken_votes.py"),
    Picture("failure-requests.png", "how-to/look-at-a-failure.md", "broken_votes.py", "#requests"),
    Picture("failure-sessions.png", "how-to/look-at-a-failure.md", "broken_votes.py", "#sessions", "dark"),
    Picture("explorer-overview.png", EXPLORE, "broken_lobby.py", path="", height=640),
    Picture("explorer-session.png", EXPLORE, "broken_lobby.py", path=LOBBY, height=1100),
    Picture("explorer-journal.png", EXPLORE, "broken_lobby.py", scheme="dark", path="journal", height=640),
)


def main() -> None:
    """Take all pictures."""
    with browser() as running, tempfile.TemporaryDirectory() as directory:
        for picture in PICTURES:
            take(picture, running, Path(directory))


def take(picture: Picture, running: Browser, directory: Path) -> None:
    """Run the test, open its page, and take the picture."""
    (directory / picture.file).write_text(source_of(picture), encoding="utf-8")
    with left(picture, directory) if picture.path is None else explored(picture, directory) as address:
        page = running.open(address, scheme=picture.scheme, width=WIDTH, height=picture.height, scale=2)
        page.screenshot(DOCS / "_static" / picture.name, of=picture.part)


@contextmanager
def left(picture: Picture, directory: Path) -> Iterator[str]:
    """The address of the page that a failing test leaves."""
    command = [sys.executable, "-m", "pytest", "-q", "--xbl-artifacts", picture.name, picture.file]
    subprocess.run(command, cwd=directory, stdout=subprocess.DEVNULL, check=False)  # noqa: S603 -- it has to fail
    [path] = (directory / picture.name).glob("*/page.html")
    yield path.as_uri()


@contextmanager
def explored(picture: Picture, directory: Path) -> Iterator[str]:
    """The address of a page of the explorer, while the test waits under `--xbl-stay`."""
    with Terminal(directory, "--xbl-stay", picture.file) as run:
        found = re.search(r"To look at: (\S+)", run.read_to("Press Enter to end."))
        if found is None:
            raise ValueError(f"{picture.file} has no failing test with a world")
        yield f"{found[1]}{picture.path}"


def source_of(picture: Picture) -> str:
    """The text of a file that a page of the docs shows."""
    text = (DOCS / picture.page).read_text(encoding="utf-8")
    found = re.search(rf"^```python {re.escape(picture.file)} .*?\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    if found is None:
        raise ValueError(f"{picture.page} has no file {picture.file}")
    return found[1]


if __name__ == "__main__":
    main()
