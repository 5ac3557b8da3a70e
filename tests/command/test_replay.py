"""`pytest-xbl replay`: recordings, from the command line (REPL-5)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archives import SECRET, har_of
from pytest_xbl import XboxLive
from pytest_xbl.command.main import main
from recorded import LOBBY_AND_GAME, ONE_LOBBY


def test_recordings_are_replayed_each_in_a_world_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And told one after the other; without a difference the exit code is 0 (REPL-5)."""
    files = [tmp_path / "lobby.har", tmp_path / "game.har"]
    for file, story in zip(files, (ONE_LOBBY, LOBBY_AND_GAME), strict=True):
        file.write_bytes(har_of(story))
    assert main(["replay", *map(str, files)]) == 0
    expected = [str(XboxLive().replay(file)) for file in files]
    assert capsys.readouterr() == ("\n".join([*expected, ""]), "")


def test_a_difference_makes_the_exit_code_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And no token is printed (REPL-3, REPL-5)."""
    archive = json.loads(har_of(ONE_LOBBY))
    archive["log"]["entries"][1]["response"]["status"] = 200
    right, wrong = tmp_path / "right.har", tmp_path / "wrong.har"
    right.write_bytes(har_of(ONE_LOBBY))
    wrong.write_text(json.dumps(archive))
    assert main(["replay", str(wrong), str(right)]) == 1
    out = capsys.readouterr().out
    assert "    status: recorded 200, here 201" in out.splitlines()
    assert SECRET not in out


def test_a_file_that_is_no_recording_makes_it_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With one line (CMD-5)."""
    assert main(["replay", str(tmp_path / "missing.har")]) == 2
    text = f"pytest-xbl: error: The recording {tmp_path}/missing.har cannot be read: No such file or directory.\n"
    assert capsys.readouterr() == ("", text)
