#!/usr/bin/env python3
"""Takes the pictures of pages that the docs show: `python docs/screenshots.py`; it needs Chromium."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

DOCS = Path(__file__).parent
sys.path.append(str(DOCS.parent / "tests/shared"))

from chromium import Browser, Scheme, browser  # noqa: E402 -- it lies beside the tests that use it

WIDTH, HEIGHT = 1000, 520


class Picture(NamedTuple):
    """A picture of the page that a failing test of the docs leaves.

    Args:
        name: of its file.
        page: of the docs, which has the test as a file.
        file: the name of that file.
        part: the selector of what is shown; "" for what a person sees first.
    """

    name: str
    page: str
    file: str
    part: str = ""
    scheme: Scheme = "light"


PICTURES = (
    Picture("failure-top.png", "how-to/look-at-a-failure.md", "broken_votes.py"),
    Picture("failure-requests.png", "how-to/look-at-a-failure.md", "broken_votes.py", "#requests"),
    Picture("failure-sessions.png", "how-to/look-at-a-failure.md", "broken_votes.py", "#sessions", "dark"),
)


def main() -> None:
    """Take all pictures."""
    with browser() as running, tempfile.TemporaryDirectory() as directory:
        for picture in PICTURES:
            take(picture, running, Path(directory))


def take(picture: Picture, running: Browser, directory: Path) -> None:
    """Run the test, open its page, and take the picture."""
    (directory / picture.file).write_text(source_of(picture), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "--xbl-artifacts", picture.name, picture.file]
    subprocess.run(command, cwd=directory, stdout=subprocess.DEVNULL, check=False)  # noqa: S603 -- it has to fail
    [path] = (directory / picture.name).glob("*/page.html")
    page = running.open(path.as_uri(), scheme=picture.scheme, width=WIDTH, height=HEIGHT, scale=2)
    page.screenshot(DOCS / "_static" / picture.name, of=picture.part)


def source_of(picture: Picture) -> str:
    """The text of a file that a page of the docs shows."""
    text = (DOCS / picture.page).read_text(encoding="utf-8")
    found = re.search(rf"^```python {re.escape(picture.file)} .*?\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    if found is None:
        raise ValueError(f"{picture.page} has no file {picture.file}")
    return found[1]


if __name__ == "__main__":
    main()
