"""A whole small suite of tests, beside the same one with canned answers of pytest-httpserver's."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_xbl import XboxLive

from .side_by_side import Result, ratio
from .stage import stage
from .subprocesses import folder, pytest

TESTS = 200
PUTS = 10
CONFTEST = """
import httpx
import pytest

@pytest.fixture(scope="session")
def client():
    with httpx.Client() as client:
        yield client
"""
"""All tests of a suite share a client, which keeps its connection if the server does."""
WRITES = f"""
    for score in range({PUTS}):
        body = {{"members": {{"me": {{"properties": {{"custom": {{"score": score}}}}}}}}}}
        assert client.put(url, headers=headers, json=body).status_code == 200
"""
OURS = f"""
import pytest

@pytest.mark.parametrize("number", range({TESTS}))
def test_writes(number, xbl, client):
    ana, bo = xbl.users("Ana", "Bo")
    url = xbl.url + xbl.sessions.create("lobby", members=[ana, bo]).ref.path
    headers = ana.headers
{WRITES}
"""
THEIRS = f"""
import pytest
from canned import BODY, HEADERS, PATH

@pytest.mark.parametrize("number", range({TESTS}))
def test_writes(number, httpserver, client):
    httpserver.expect_request(PATH, method="PUT").respond_with_data(BODY, content_type="application/json")
    url = httpserver.url_for(PATH)
    headers = HEADERS
{WRITES}
"""
CANNED = "BODY = {0.text!r}\nHEADERS = {0.user.headers!r}\nPATH = {0.path!r}\n"
"""The answer to every write is as long as one of ours, and so are the path and the headers."""


def measure() -> Iterator[Result]:
    """Compare the processor time of two runs of pytest, each of which ends before the other begins."""
    canned = CANNED.format(stage(XboxLive()))
    with (
        folder(conftest=CONFTEST, test_all=OURS) as ours,
        folder(conftest=CONFTEST, canned=canned, test_all=THEIRS) as theirs,
    ):
        yield ratio(
            f"{TESTS} tests of {PUTS} PUTs / pytest-httpserver",
            lambda: pytest(cwd=ours)[0],
            lambda: pytest(cwd=theirs)[0],
            limit=0.85,
            rounds=9,
        )
