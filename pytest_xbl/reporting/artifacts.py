"""The files that a failing test leaves behind: its requests as an HTTP archive, its world as a seed, and a page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_xbl.reporting.har import har
from pytest_xbl.reporting.hiding import hidden
from pytest_xbl.secrets import hiding
from pytest_xbl.world.people import given_tokens
from pytest_xbl.xbl.naming import digest
from pytest_xbl.xbl.xbox_live import XboxLive

if TYPE_CHECKING:
    from pytest_xbl.pages.failure import Failure

PAGE = "page.html"
LONGEST_NAME = 150
"""Characters of the test's id in the name of its directory; file systems have no longer names than 255."""


def write_artifacts(xbl: XboxLive, since: int, directory: Path, test_id: str) -> str:
    """Write the requests of a failing test as an HTTP archive, and its world as a seed, without tokens (SEEN-13).

    Args:
        since: the number of the last request before the test.
        directory: of all artifacts.
        test_id: of pytest.

    Returns:
        The name of the directory of the test, which no other test has.

    Raises:
        OSError: for what cannot be written, or a directory that is a link.
    """
    readable = re.sub(r"[^\w.=-]+", "-", test_id, flags=re.ASCII)[:LONGEST_NAME]
    name = f"{readable}-{digest(test_id)}"  # ids can differ in capitals, or in signs that no file name has
    place = directory / name
    place.mkdir(parents=True, exist_ok=True)
    if place.is_symlink():
        raise OSError(f"{place} is a link, and artifacts are not written through links")
    (entries, gap), hide = xbl.app.journal.told(since), hiding(given_tokens(xbl._world))
    _write(place / "requests.har", har(entries, xbl.app.journal.messages, gap=gap, hide=hide))
    _write(place / "world.json", [f"{json.dumps(hidden(xbl._dump(tokens=False), hide), indent=2)}\n"])
    return name


def write_page(
    xbl: XboxLive, since: int, place: Path, failures: Sequence[Failure], *, test_id: str, title: str
) -> None:
    """Write the page of a failing test beside its other artifacts, without tokens (SEEN-13).

    Args:
        since: the number of the last request before the test.
        place: the directory of the test.
        failures: of the test, in the order of its phases.
        test_id: of pytest.
        title: of the world; "" for that of the fixture `xbl`.

    Raises:
        OSError: for what cannot be written or read.
    """
    from pytest_xbl.pages.artifact import artifact, evidence
    from pytest_xbl.reporting.report import by_last_request

    entries, gap = xbl.app.journal.told(since)
    found = evidence(xbl, entries, by_last_request(xbl), gap=gap)
    seed = (place / "world.json").read_text(encoding="utf-8")
    page = artifact(found, failures, test_id=test_id, title=title, seed=seed)
    _write(place / PAGE, [hiding(given_tokens(xbl._world))(page)])


def _write(path: Path, pieces: Iterable[str]) -> None:
    """Write a new file, and never through a link that has its name."""
    path.unlink(missing_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.writelines(pieces)
