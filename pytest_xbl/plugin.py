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


@pytest.fixture(scope="session")
def xbl_server() -> Iterator[XblServer[Switchboard]]:
    """The server that all `xbl` fixtures of a test session share; `.url` is where it listens."""
    from pytest_xbl.wire.server import XblServer
    from pytest_xbl.wire.switchboard import Switchboard

    with XblServer(Switchboard()) as server:
        yield server
        server.check()


@pytest.fixture
def xbl(xbl_server: XblServer[Switchboard]) -> Iterator[XboxLive]:
    """A fake Xbox Live with a fresh world, served at `xbl.url`."""
    from pytest_xbl.fake import XboxLive

    fake = XboxLive(url=xbl_server.url, name=_name_of_world())
    with xbl_server.app.connected(fake.app):
        yield fake
    _raise_crash(fake)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test in whose fake an exception was raised, and hide no failure of its own by that."""
    fake: XboxLive | None = getattr(item, "funcargs", {}).get("xbl")
    try:
        result = yield
    except (pytest.skip.Exception, pytest.xfail.Exception):
        _raise_crash(fake)
        raise
    except BaseException:
        _report_crashes(item, fake)
        raise
    _raise_crash(fake)
    return result


def _name_of_world() -> str:
    """A name that only the test's id decides, so that its tokens are the same in every run.

    pytest tells the id in the environment too, and asking there costs half of what the fixture `request` costs.
    """
    test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
    return f"xbl-{zlib.crc32(test.encode()):08x}"


def _raise_crash(fake: XboxLive | None) -> None:
    if fake and fake.app.crashes:
        crash = fake.app.crashes[0]
        fake.app.crashes.clear()
        raise crash


def _report_crashes(item: pytest.Item, fake: XboxLive | None) -> None:
    if fake and fake.app.crashes:
        item.add_report_section("call", "xbl", "\n".join(f"The fake failed: {crash!r}" for crash in fake.app.crashes))
        fake.app.crashes.clear()
