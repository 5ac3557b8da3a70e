"""`xbl_recording`: the world in which a recording ends, as the beginning of another (REPL-6)."""

from __future__ import annotations

from pathlib import Path

import pytest

from archives import har_of
from errors import error_of
from pytest_xbl import XboxLive
from pytest_xbl.xbl.recorded import Recorded
from recorded import ONE_LOBBY


def test_a_recording_becomes_a_seed_once(tmp_path: Path) -> None:
    """With its people, sessions and handles (REPL-6)."""
    (tmp_path / "lobby.har").write_bytes(har_of(ONE_LOBBY))
    seeds = Recorded(tmp_path)
    seed = seeds("lobby.har")
    assert seeds(tmp_path / "lobby.har") is seed
    assert repr(seed) == "<seed lobby>"
    world = XboxLive(seed=seed)
    [session] = world.sessions
    assert session.document["members"]["0"]["gamertag"] == "Player Two"
    assert [user.gamertag for user in world.scenario.users] == ["Player Two"]
    assert [handle.type for handle in world.handles] == ["activity"]


def test_a_name_has_to_be_one(tmp_path: Path) -> None:
    """As that of a seed (REPL-1)."""
    wanted = "Expected the name of a recording; got 7.\nwhere: recording\nrule: REPL-1"
    assert error_of(lambda: Recorded(tmp_path)(7)) == wanted  # type: ignore[arg-type]


def test_the_fixture_makes_seeds_for_tests(pytester: pytest.Pytester) -> None:
    """Relative to the root directory (REPL-6)."""
    (pytester.path / "lobby.har").write_bytes(har_of(ONE_LOBBY))
    pytester.makepyfile(
        """
        import pytest

        @pytest.fixture
        def xbl_seed(xbl_recording):
            return xbl_recording("lobby.har")

        def test_it(xbl):
            [session] = xbl.sessions
            assert session.ref.name.endswith("CC")
        """
    )
    pytester.runpytest_inprocess("-p", "no:randomly").assert_outcomes(passed=1)
