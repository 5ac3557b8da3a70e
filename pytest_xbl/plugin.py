"""What pytest sees: the fixtures, and the hook that lets no bug of the fake pass unseen.

Every run of every user pays for what this module imports, so it imports next to nothing.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_xbl.fake import XboxLive
    from pytest_xbl.wire.server import XblServer
    from pytest_xbl.wire.switchboard import Switchboard


SWITCHBOARD = pytest.StashKey["Switchboard"]()


@pytest.fixture(scope="session")
def xbl_server(request: pytest.FixtureRequest) -> Iterator[XblServer[Switchboard]]:
    """The server that all `xbl` fixtures of a test session share; `.url` is where it listens."""
    from pytest_xbl.wire.server import XblServer
    from pytest_xbl.wire.switchboard import Switchboard

    with XblServer(Switchboard()) as server:
        request.config.stash[SWITCHBOARD] = server.app
        yield server
        server.check()


@pytest.fixture
def xbl(xbl_server: XblServer[Switchboard]) -> Iterator[XboxLive]:
    """A fake Xbox Live with a fresh world, served at `xbl.url`."""
    from pytest_xbl.fake import XboxLive

    # pytest tells the test's id in the environment too, at half the cost of the fixture `request`.
    fake = XboxLive(
        url=xbl_server.url, name=_name_of_world(os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0])
    )
    with xbl_server.app.connected(fake.app):
        yield fake
        _raise_first(xbl_server.app.take_crashes(fake.name))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test in whose fake an exception was raised, and hide no failure of its own by that."""
    try:
        result = yield
    except (pytest.skip.Exception, pytest.xfail.Exception):
        _raise_first(_crashes(item))
        raise
    except BaseException:
        if crashes := _crashes(item):
            item.add_report_section("call", "xbl", "\n".join(f"The fake failed: {crash!r}" for crash in crashes))
        raise
    _raise_first(_crashes(item))
    return result


def _name_of_world(test_id: str) -> str:
    """A name that only the test's id decides, so that its tokens are the same in every run."""
    return f"xbl-{zlib.crc32(test_id.encode()):08x}"


def _crashes(item: pytest.Item) -> list[Exception]:
    switchboard = item.config.stash.get(SWITCHBOARD, None)
    return switchboard.take_crashes(_name_of_world(item.nodeid)) if switchboard else []


def _raise_first(crashes: list[Exception]) -> None:
    if crashes:
        raise crashes[0]
