"""The settings of a served world: what it begins with, and when."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path

import pytest

from errors import error_of
from programs import NOW, settings
from pytest_xbl import XboxLive
from pytest_xbl.arrange.scenarios import SCENARIOS
from pytest_xbl.command.main import main
from pytest_xbl.world.keeping import KEEP
from tables import cases

THEN = "2026-01-01T12:00:00Z"


def world(*options: str) -> XboxLive:
    """The world that begins with some options."""
    return XboxLive(seed=settings(*options).seed)


def test_a_world_keeps_as_much_as_the_option_says() -> None:
    """As much as in tests unless it is given (CMD-1, SEEN-18)."""
    assert (settings().keep, settings("--keep", "5").keep) == (KEEP, 5)
    what = "--keep is a number of 1 or more, such as 10000; not '0'."
    assert error_of(lambda: settings("--keep", "0")) == f"{what}\nrule: SEEN-18"


@pytest.fixture
def seed_file(tmp_path: Path) -> str:
    """A seed that names a time."""
    file = tmp_path / "world.json"
    file.write_text(json.dumps({"now": THEN, "users": ["Stacy"]}), encoding="utf-8")
    return str(file)


def names(xbl: XboxLive) -> list[str]:
    """The names of the users of a world."""
    return list(xbl.dump().get("users", {}))


def test_a_world_of_which_nothing_is_said_has_four_users() -> None:
    """So that somebody can call it (CMD-1)."""
    assert names(world()) == ["player1", "player2", "player3", "player4"]


def test_a_world_begins_with_a_seed(seed_file: str) -> None:
    """With all that is in it, and nobody else (CMD-1)."""
    assert names(world("--seed", seed_file)) == ["Stacy"]


def test_a_world_begins_with_a_scenario() -> None:
    """And with the parameters behind its name (CMD-1)."""
    assert names(world("--scenario", "lobby", "players=2")) == ["host", "player2", "newcomer"]
    assert len(names(world("--scenario", "lobby"))) == 5


@cases(
    "clock from_file begins",
    {
        "it follows": ("follow", False, f"{NOW:%Y-%m-%d %H:%M}"),
        "it follows, from the time of the seed": ("follow", True, "2026-01-01 12:00"),
        "it stands": ("stand", False, "2026-01-01 12:00"),
    },
)
def test_a_clock_that_follows_begins_now_unless_the_seed_says_when(
    clock: str, from_file: bool, begins: str, seed_file: str
) -> None:
    """One that stands begins as in a test (CMD-2)."""
    options = ["--seed", seed_file] if from_file else []
    asked = settings("--clock", clock, *options)
    assert asked.follows == (clock == "follow")
    assert f"{XboxLive(seed=asked.seed).clock.now:%Y-%m-%d %H:%M}" == begins


def test_a_clock_follows_unless_it_is_told_to_stand() -> None:
    """Whoever starts a service expects that time passes (CMD-2)."""
    assert settings().follows


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_scenario_begins_at_any_time(scenario: str) -> None:
    """None holds a time by itself, so nothing is over before it has begun (CMD-2)."""
    follows, stands = (world("--scenario", scenario, "--clock", clock) for clock in ("follow", "stand"))
    assert (follows.clock.now, stands.clock.now) == (NOW, datetime(2026, 1, 1, 12, tzinfo=timezone.utc))
    found = [
        [session.document and len(session.document["members"]) for session in w.sessions] for w in (follows, stands)
    ]
    assert found[0] == found[1]


@cases(
    "options allowed",
    {
        "no real names": ("", None),
        "real names": ("--hosts", ()),
        "and others": ("--hosts --allow-host API.example.com --allow-host 10.0.0.7", ("api.example.com", "10.0.0.7")),
    },
)
def test_foreign_hosts_may_be_allowed(options: str, allowed: tuple[str, ...] | None) -> None:
    """For programs that need other services as well (CMD-3)."""
    assert settings(*options.split()).allowed == allowed


def test_the_address_is_that_of_the_options() -> None:
    """A free port of the machine itself, unless given."""
    assert settings().address == {"host": "127.0.0.1", "port": 0}
    assert settings("--host", "localhost", "--port", "08080").address == {"host": "localhost", "port": 8080}


def test_a_scenario_is_no_seed_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever takes one for the other is told so (CMD-5)."""
    monkeypatch.chdir(tmp_path)
    text = f"The file {tmp_path / 'lobby'} cannot be read: No such file or directory."
    assert error_of(lambda: settings("--seed", "lobby")) == f"{text} The scenario of this name is --scenario lobby."
    text = text.replace("/lobby ", "/lobi ")
    assert error_of(lambda: settings("--seed", "lobi")) == text


def test_a_file_may_be_called_like_a_scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--seed` is always a file."""
    monkeypatch.chdir(tmp_path)
    Path("lobby").write_text('{"users": ["Stacy"]}', encoding="utf-8")
    assert names(world("--seed", "lobby")) == ["Stacy"]


def test_a_seed_that_cannot_be_is_refused_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As everywhere, but in one line (CMD-5)."""
    file = tmp_path / "world.json"
    file.write_text('{"users": {"Stacy": {"xuid": "x"}}}', encoding="utf-8")
    assert main(["serve", "--seed", str(file)]) == 2
    what = 'Expected a string of decimal digits; got "x".'
    assert capsys.readouterr() == (
        "",
        f"pytest-xbl: error: {what} (where: /users/Stacy/xuid in {file}; rule: CALL-10)\n",
    )
