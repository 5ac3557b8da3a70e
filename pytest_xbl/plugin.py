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


class XblPlugin:
    """The fixture and the hook that have to know of each other, for one test session."""

    switchboard: Switchboard | None = None

    @pytest.fixture
    def xbl(self, xbl_server: XblServer[Switchboard]) -> Iterator[XboxLive]:
        """A fake Xbox Live with a fresh world, served at `xbl.url`."""
        from pytest_xbl.fake import XboxLive

        # pytest tells the test's id in the environment too; asking the fixture `request` costs as much as all the rest.
        test_id = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
        fake = XboxLive(url=xbl_server.url, name=_name_of_world(test_id))
        self.switchboard = xbl_server.app
        with xbl_server.app.connected(fake.app):
            yield fake
            _raise_first(xbl_server.app.take_crashes(fake.name))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Fail a test in whose fake an exception was raised, and hide no failure of its own by that."""
        try:
            result = yield
        except (pytest.skip.Exception, pytest.xfail.Exception):
            _raise_first(self._crashes(item))
            raise
        except BaseException:
            if crashes := self._crashes(item):
                item.add_report_section("call", "xbl", "\n".join(f"The fake failed: {crash!r}" for crash in crashes))
            raise
        _raise_first(self._crashes(item))
        return result

    def _crashes(self, item: pytest.Item) -> list[Exception]:
        return self.switchboard.take_crashes(_name_of_world(item.nodeid)) if self.switchboard else []


def pytest_configure(config: pytest.Config) -> None:
    """Give this test session a plugin of its own, so that two in one process share nothing."""
    config.pluginmanager.register(XblPlugin(), "xbl_plugin")


def _name_of_world(test_id: str) -> str:
    """A name that only the test's id decides, so that its tokens are the same in every run."""
    return f"xbl-{zlib.crc32(test_id.encode()):08x}"


def _raise_first(crashes: list[Exception]) -> None:
    if crashes:
        raise crashes[0]
