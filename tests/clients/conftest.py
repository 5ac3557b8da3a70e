"""Programs that write real host names, and run beside the test."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_xbl import User, XboxLive

HERE = Path(__file__).parent
PATIENCE = 60  # seconds; only ever used up by a test that fails


@pytest.fixture
def stacy(xbl: XboxLive) -> User:
    """The user whose client it is."""
    return xbl.user("Stacy")


@pytest.fixture
def run(xbl: XboxLive, tmp_path: Path) -> Callable[..., str]:
    """Runs a program that is to meet the fake, and gives what it prints; keywords are variables of its environment."""

    def running(*command: str | Path, **variables: str | Path) -> str:
        if shutil.which(command[0]) is None:
            pytest.skip(f"This machine has no {command[0]}.")
        beside = {"PYTHONSAFEPATH": ""}  # a program in Python finds what lies beside it
        environ = {**os.environ, **xbl.environ, **beside, **variables}
        done = subprocess.run(
            command, env=environ, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout

    return running


@pytest.fixture(scope="session")
def _packages() -> None:
    """The packages of npm."""
    if not (HERE / "node/node_modules/xbox-webapi").is_dir():
        pytest.skip("The packages of npm are not installed; `tox -e clients` installs them.")
