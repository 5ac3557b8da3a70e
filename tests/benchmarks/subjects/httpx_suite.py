"""A whole small suite of tests through `xbl.transport`, beside the same one with canned answers of respx's."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_xbl import XboxLive

from .side_by_side import Result, ratio
from .small_suite import CANNED, PUTS, TESTS, WRITES
from .stage import stage
from .subprocesses import folder, pytest

ADDRESS = "https://sessiondirectory.xboxlive.com"
OURS = f"""
import httpx
import pytest

@pytest.mark.parametrize("number", range({TESTS}))
def test_writes(number, xbl):
    client = httpx.Client(transport=xbl.transport)
    ana, bo = xbl.users("Ana", "Bo")
    url = "{ADDRESS}" + xbl.sessions.create("lobby", members=[ana, bo]).ref.path
    headers = ana.headers
{WRITES}
"""
THEIRS = f"""
import httpx
import pytest
from canned import BODY, HEADERS, PATH

@pytest.fixture(scope="session")
def client():
    with httpx.Client() as client:
        yield client

@pytest.mark.parametrize("number", range({TESTS}))
def test_writes(number, respx_mock, client):
    url = "{ADDRESS}" + PATH
    respx_mock.put(url).respond(content=BODY, content_type="application/json")
    headers = HEADERS
{WRITES}
"""
"""A client without a transport of its own is made once: it reads the certificates of the machine, which takes long."""


def measure() -> Iterator[Result]:
    """Compare the processor time of two runs of pytest, each of which ends before the other begins."""
    with folder(test_all=OURS) as ours, folder(canned=CANNED.format(stage(XboxLive())), test_all=THEIRS) as theirs:
        yield ratio(
            f"{TESTS} tests of {PUTS} PUTs / respx",
            lambda: pytest(cwd=ours)[0],
            lambda: pytest("-p", "respx.plugin", cwd=theirs)[0],
            limit=1.2,
            rounds=9,
        )
