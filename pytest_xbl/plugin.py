"""What pytest sees: the fixtures, and the hook that lets no bug of the fake pass unseen.

Every run of every user pays for what this module imports, so it imports next to nothing.
"""

from __future__ import annotations

import zlib
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_xbl.fake import XboxLive
    from pytest_xbl.wire.server import XblServer
    from pytest_xbl.wire.switchboard import Switchboard

XBL = pytest.StashKey["XboxLive"]()


@pytest.fixture(scope="session")
def xbl_server() -> Iterator[XblServer[Switchboard]]:
    """The server that all `xbl` fixtures of a test session share; `.url` is where it listens."""
    from pytest_xbl.wire.server import XblServer
    from pytest_xbl.wire.switchboard import Switchboard

    with XblServer(Switchboard()) as server:
        yield server


@pytest.fixture
def xbl(request: pytest.FixtureRequest, xbl_server: XblServer[Switchboard]) -> Iterator[XboxLive]:
    """A fake Xbox Live with a fresh world, served at `xbl.url`."""
    from pytest_xbl.fake import XboxLive

    fake = XboxLive(url=xbl_server.url, name=f"xbl-{zlib.crc32(request.node.nodeid.encode()):08x}")
    request.node.stash[XBL] = fake
    with xbl_server.app.connected(fake.app):
        yield fake
    _raise_crash(fake)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test in whose fake an exception was raised, and hide no failure of its own by that."""
    try:
        result = yield
    except BaseException:
        _report_crashes(item)
        raise
    fake = item.stash.get(XBL, None)
    if fake:
        _raise_crash(fake)
    return result


def _raise_crash(fake: XboxLive) -> None:
    if fake.app.crashes:
        raise fake.app.crashes.pop(0)


def _report_crashes(item: pytest.Item) -> None:
    fake = item.stash.get(XBL, None)
    if fake and fake.app.crashes:
        item.add_report_section("call", "xbl", "\n".join(f"The fake failed: {crash!r}" for crash in fake.app.crashes))
        fake.app.crashes.clear()
