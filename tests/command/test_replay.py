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
    """With one line that names it; the other files are replayed all the same (CMD-5, REPL-5)."""
    files = [tmp_path / name for name in ("missing.har", "lobby.har", "cut.har", "other.har")]
    archive = json.loads(har_of(ONE_LOBBY[:1]))
    archive["log"]["entries"][0]["request"]["url"] = "https://profile.xboxlive.com/users/me"
    other = "profile.xboxlive.com"
    for file, content in zip(files[1:], (har_of(ONE_LOBBY), b"[", json.dumps(archive).encode()), strict=True):
        file.write_bytes(content)
    assert main(["replay", *map(str, files)]) == 2
    hosts = "sessiondirectory.xboxlive.com or client-sessiondirectory.xboxlive.com or userstats.xboxlive.com"
    no_json = "Expecting value in line 1, column 2; it may be cut short"
    errors = (
        f"The recording {tmp_path}/missing.har cannot be read: No such file or directory.",
        f"The file is not JSON: {no_json}. (where: {tmp_path}/cut.har)",
        f"No exchange of the recording is with {hosts}; its hosts are {other}. (where: {tmp_path}/other.har)",
    )
    text = "".join(f"pytest-xbl: error: {error}\n" for error in errors)
    assert capsys.readouterr() == (f"{XboxLive().replay(files[1])}\n", text)
