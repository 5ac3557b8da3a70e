"""The pictures of the docs are those that a script takes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import cast

import pytest

import chromium
import screenshots
from chromium import Browser, browser
from screenshots import DOCS, PICTURES, Picture, source_of, take

IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")
PNG = b"\x89PNG\r\n\x1a\n"


def test_every_picture_is_one_of_the_script() -> None:
    """Whoever changes a page can take all pictures anew."""
    assert sorted(path.name for path in DOCS.glob("_static/*.png")) == sorted(picture.name for picture in PICTURES)


@pytest.mark.parametrize("picture", PICTURES, ids=[picture.name for picture in PICTURES])
def test_a_picture_is_on_its_page(picture: Picture) -> None:
    """With words for those who do not see it; it shows a test that the page has."""
    shown = {Path(path).name: text for text, path in IMAGE.findall((DOCS / picture.page).read_text(encoding="utf-8"))}
    assert len(shown[picture.name].split()) > 5
    assert (DOCS / "_static" / picture.name).read_bytes().startswith(PNG)
    assert "def test_" in source_of(picture)


def test_a_picture_of_no_test_is_refused() -> None:
    """The page may have changed."""
    with pytest.raises(ValueError, match=r"index\.md has no file gone\.py"):
        source_of(Picture("x.png", "index.md", "gone.py"))


@pytest.mark.skipif(chromium.found() is None, reason="This machine has no Chromium.")
@pytest.mark.parametrize("picture", [PICTURES[1], PICTURES[-1]], ids=["left", "explored"])
def test_the_script_takes_a_picture(picture: Picture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Of the page that the test leaves, or of one about its world while the run waits."""
    source = source_of(picture)
    (tmp_path / "_static").mkdir()
    (tmp_path / "x.md").write_text(f"```python {picture.file} in=x\n{source}```\n", encoding="utf-8")
    monkeypatch.setattr(screenshots, "DOCS", tmp_path)
    with browser() as running:
        take(picture._replace(page="x.md"), running, tmp_path)
    assert (tmp_path / "_static" / picture.name).read_bytes().startswith(PNG)


def test_a_picture_of_a_test_that_passes_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """There is no world to look at."""
    (tmp_path / "x.md").write_text("```python x.py in=x\ndef test_it(xbl): pass\n```\n", encoding="utf-8")
    monkeypatch.setattr(screenshots, "DOCS", tmp_path)
    picture = PICTURES[-1]._replace(page="x.md", file="x.py")
    with pytest.raises(ValueError, match=r"x\.py has no failing test with a world"):
        take(picture, cast("Browser", None), tmp_path)
