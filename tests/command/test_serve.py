"""`pytest-xbl serve` as a program: it begins, is called by other programs, and ends."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bodies import SCID
from programs import PROGRAM, get, serving
from pytest_xbl.command import serve
from pytest_xbl.command.main import main
from pytest_xbl.command.served import Served
from pytest_xbl.command.signals import ENDING, asked_to_end

LOBBY = ("--scenario", "lobby", "players=1", "--clock", "stand")
PATH = f"/serviceconfigs/{SCID}/sessiontemplates/lobby/sessions/lobby"
HOST = {"Authorization": "XBL3.0 x=2533274790000001;serve.2533274790000001", "X-Xbl-Contract-Version": "107"}
SHELL = shutil.which("sh") or ""
GREETING = f"""\
To look at: {{}}/_xbl/
Clock: 2026-01-01 12:00:00 UTC, stands still
Service configuration: {SCID}

Every request needs X-Xbl-Contract-Version: 107, and the header of its caller:
  host      Authorization: XBL3.0 x=2533274790000001;serve.2533274790000001
  newcomer  Authorization: XBL3.0 x=2533274790000002;serve.2533274790000002
"""


@pytest.mark.parametrize("number", ENDING, ids=lambda number: number.name)
def test_a_signal_ends_it(number: signal.Signals) -> None:
    """With the exit code 0, and without a traceback, although a client keeps its connection (CMD-1)."""
    with serving(*LOBBY) as (process, url):
        assert get(url, PATH, **{name.replace("-", "_"): value for name, value in HOST.items()}).status == 200
        process.send_signal(number)
        assert process.stdout
        assert process.stderr
        assert (process.stdout.read(), process.stderr.read()) == (GREETING.format(url), "")
        assert process.wait(30) == 0


def test_it_stops_to_log_where_nobody_reads() -> None:
    """And goes on to serve; then it ends as usual (CMD-1)."""
    with serving(*LOBBY) as (process, url):
        assert process.stderr
        process.stderr.close()
        assert [get(url, "/").status for _ in range(2)] == [404, 404]
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_time_goes_on_by_itself(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """There is a beat again and again, although nobody asks, until a signal comes (CMD-2)."""
    beats = []

    def beat(world: Served) -> None:
        beats.append(world.xbl.name)
        if len(beats) == 3:
            signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(serve, "BEAT", 0)
    monkeypatch.setattr(Served, "beat", beat)
    assert main(["serve"]) == 0
    assert beats == ["serve"] * 3
    assert "follows the real time" in capsys.readouterr().out


@pytest.mark.skipif(not (SHELL and shutil.which("curl")), reason="needs a shell, and curl")
def test_a_program_of_a_shell_reaches_it_by_the_real_name() -> None:
    """`eval "$(pytest-xbl env URL)"` is all that the shell needs (CMD-3)."""
    with serving(*LOBBY, "--hosts") as (_, url):
        headers = " ".join(f"-H '{name}: {value}'" for name, value in HOST.items())
        read = f"curl -sS {headers} https://sessiondirectory.xboxlive.com{PATH}"
        script = f'eval "$({sys.executable} -m pytest_xbl env {url})"; {read}'
        result = subprocess.run([SHELL, "-c", script], capture_output=True, text=True, check=True)
    assert result.stderr == ""
    assert json.loads(result.stdout)["members"]["0"]["gamertag"] == "host"


def test_a_dump_is_a_seed_to_serve(tmp_path: Path) -> None:
    """The same world goes on where it was left (SEED-7)."""
    seed = tmp_path / "world.json"
    with serving("--scenario", "invited_friend") as (_, url), seed.open("w", encoding="utf-8") as file:
        subprocess.run([*PROGRAM, "dump", url], stdout=file, check=True)
    with serving("--seed", str(seed), "--clock", "stand") as (_, url):
        again = subprocess.run([*PROGRAM, "dump", url], stdout=subprocess.PIPE, text=True, check=True).stdout
    assert json.loads(again) == json.loads(seed.read_text(encoding="utf-8"))


def test_signals_mean_what_they_did_before() -> None:
    """Once the world is over; so does one that is to be ignored (CMD-1)."""
    before = [signal.getsignal(number) for number in ENDING]
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with asked_to_end() as asked:
            signal.raise_signal(signal.SIGHUP)
            assert not asked.is_set()
            signal.raise_signal(signal.SIGTERM)
            assert asked.is_set()
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before[ENDING.index(signal.SIGHUP)])
    assert [signal.getsignal(number) for number in ENDING] == before
