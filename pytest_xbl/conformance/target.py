"""The service that a run tests, and the options that name it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any

from pytest_xbl.conformance.checking import require_as_said
from pytest_xbl.conformance.fake import FakeWorld
from pytest_xbl.conformance.sandbox import SandboxWorld
from pytest_xbl.conformance.secrets import masked
from pytest_xbl.conformance.service import Service
from pytest_xbl.conformance.settings import Settings, checked_url, read_settings
from pytest_xbl.conformance.ways import REAL, InProcess, OverHttp, Patient, UnavailableError
from pytest_xbl.conformance.world import World
from pytest_xbl.errors import XblError
from pytest_xbl.mpsd.suggesting import nearest, or_meant

if TYPE_CHECKING:
    from pytest_xbl.xbl.xbox_live import XboxLive

OPTIONS = ("service", "settings", "way", "report")
WAYS = ("socket", "process", "hosts")
"""The ways to the fake: through its socket, in the process, and by the real host names."""


class Target:
    """The service of a run, and the connections to it, which stay open between its tests.

    Args:
        options: those that were given, such as `--xbl-way`.
        way: to the fake.
        url: the address of the session directory of a sandbox; "" for the fake.
        settings: of the sandbox.
    """

    def __init__(
        self,
        options: Sequence[str] = (),
        *,
        way: str = "socket",
        url: str = "",
        settings: Settings | None = None,
    ) -> None:
        self.options = options
        self.settings = settings
        self._way = way
        self._url = url
        self._run = uuid.uuid4().hex[:8] if settings else ""
        self._worlds = count(1)
        self._connections: OverHttp | None = None

    @property
    def name(self) -> str:
        """The service in words."""
        return self._url or f"the fake ({self._way})"

    def masked(self, text: str) -> str:
        """A text without any real token."""
        return masked(text, self.settings.tokens) if self.settings else text

    def world(self, fake: Callable[[], XboxLive]) -> World:
        """The world of one test.

        Args:
            fake: makes one, if the fake is the target.
        """
        return self._sandbox(self.settings) if self.settings else self._fake(fake())

    def _fake(self, xbl: XboxLive) -> World:
        if self._way == "process":
            return FakeWorld(xbl, InProcess(xbl.client()))
        return FakeWorld(xbl, self._over_http(REAL if self._way == "hosts" else dict.fromkeys(REAL, xbl.url)))

    def _sandbox(self, settings: Settings) -> World:
        bases = {"sessiondirectory": self._url, "userstats": settings.user_statistics}
        bases = {service: base for service, base in bases.items() if base}
        way = Patient(self._over_http(bases), sleep)
        return SandboxWorld(settings, way, services=bases, sleep=sleep, word=f"{self._run}-{next(self._worlds)}")

    def _over_http(self, bases: Mapping[str, str]) -> OverHttp:
        if self._connections is None:
            self._connections = OverHttp(bases)
        return self._connections

    def close(self) -> None:
        """Close the connections."""
        if self._connections:
            self._connections.close()

    def require_there(self) -> None:
        """Look whether a sandbox is there, and as its settings say.

        Raises:
            XblError: with the reason; the fake is always there.
        """
        if not self.settings:
            return
        try:
            require_as_said(self.settings, Service(self._sandbox(self.settings)))
        except UnavailableError as error:
            raise XblError(f"The service is not available: {error}.") from None
        finally:
            self.close()


def target_of(given: Mapping[str, Any]) -> Target:
    """The target that the options name.

    Args:
        given: the value of each option, None for those that were not given.

    Raises:
        XblError: for options that do not go together, or settings that cannot be.
    """
    options = [f"--xbl-{name}" for name in OPTIONS if given.get(name) is not None]
    url, settings, way = (given.get(name) for name in ("service", "settings", "way"))
    if url is None and settings is None:
        return Target(options, way=_checked_way("socket" if way is None else way))
    if url is None or settings is None:
        raise XblError("A sandbox needs both --xbl-service URL and --xbl-settings FILE.")
    if way is not None:
        raise XblError(f"--xbl-way {way} is for the fake, and --xbl-service for a sandbox; give one of them.")
    return Target(options, url=checked_url(url, "--xbl-service"), settings=read_settings(Path(settings)))


def _checked_way(way: str) -> str:
    if way not in WAYS:
        near = nearest(way, WAYS)
        raise XblError(
            f"Unknown way {way!r}; the ways to the fake are {', '.join(WAYS)}.{or_meant(near and repr(near))}"
        )
    if way == "hosts" and find_spec("trustme") is None:
        raise XblError("--xbl-way hosts needs an extra: pip install 'pytest-xbl[hosts]'.")
    return way


def checked_report(path: str | None) -> Path | None:
    """The file of the report, in a directory that is there.

    Raises:
        XblError: for one that cannot be written.
    """
    if path is None:
        return None
    file = Path(path)
    if not file.parent.is_dir() or file.is_dir():
        raise XblError(f"The report {path} cannot be written: expected a file in a directory that is there.")
    return file
