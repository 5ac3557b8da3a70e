"""Recordings in the files of other tools, replayed whole (REPL-1)."""

from __future__ import annotations

from pathlib import Path

import pytest

from archives import STORIES_IN_FILES
from errors import error_of
from pytest_xbl import XboxLive
from pytest_xbl.reporting.har import har
from recorded import STORIES

WHOLE = [name for name, story in STORIES.items() if all(exchange.whole for exchange in story)]


@pytest.mark.parametrize("suffix", STORIES_IN_FILES)
@pytest.mark.parametrize("story", WHOLE)
def test_a_recording_of_the_service_replays_without_a_difference(tmp_path: Path, story: str, suffix: str) -> None:
    """From every kind of file, with nothing told of its world but what it shows (REPL-1, REPL-2)."""
    path = tmp_path / f"recording{suffix}"
    path.write_bytes(STORIES_IN_FILES[suffix](STORIES[story]))
    found = XboxLive().replay(path)
    assert found.differences == []
    assert len(found.exchanges) == len(STORIES[story])
    assert found.left_out == {}


def test_a_recording_is_beside_the_test(tmp_path: Path) -> None:
    """Its name is relative to where those of seeds are (REPL-1)."""
    (tmp_path / "lobby.har").write_bytes(STORIES_IN_FILES[".har"](STORIES["one lobby"]))
    XboxLive(directory=tmp_path).replay("lobby.har").assert_same()
    for name in (7, None, b"lobby.har"):
        wanted = f"Expected the name of a recording; got {name!r}.\nwhere: recording\nrule: REPL-1"
        assert error_of(lambda name=name: XboxLive().replay(name)) == wanted  # type: ignore[misc]


def test_the_fakes_own_archives_can_be_replayed(tmp_path: Path) -> None:
    """With the names of the callers in place of their tokens, at the address of the fake (REPL-1)."""
    xbl = XboxLive()
    path = f"/serviceconfigs/{xbl.scid}/sessiontemplates/lobby/sessions/one"
    for user in xbl.users("Stacy", "Ana"):
        constants = {"system": {"xuid": user.xuid}}
        body = {"members": {"me": {"constants": constants, "properties": {"system": {"active": True}}}}}
        xbl.client(user).put(path, json=body)
    xbl.client().get("/nowhere")
    (tmp_path / "requests.har").write_text("".join(har(xbl.journal)))
    found = XboxLive().replay(tmp_path / "requests.har")
    assert [line for line in found.differences if "x-xbl" not in line] == []
    assert [one.entry.caller for one in found.exchanges] == ["user 1", "user 2"]
    assert found.left_out == {"at other hosts": 1}
