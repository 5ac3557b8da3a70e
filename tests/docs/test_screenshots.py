"""The pictures of the docs are those that a script takes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import chromium
import screenshots
from chromium import browser
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
def test_the_script_takes_a_picture(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Of the page that the test leaves."""
    source = source_of(PICTURES[1])
    (tmp_path / "_static").mkdir()
    (tmp_path / "x.md").write_text(f"```python broken_votes.py in=x\n{source}```\n", encoding="utf-8")
    monkeypatch.setattr(screenshots, "DOCS", tmp_path)
    with browser() as running:
        take(PICTURES[1]._replace(page="x.md"), running, tmp_path)
    assert (tmp_path / "_static" / PICTURES[1].name).read_bytes().startswith(PNG)
