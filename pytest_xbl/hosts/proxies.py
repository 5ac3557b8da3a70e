"""The proxies of the machine, which would take real names past the fake (HOST-1)."""

from __future__ import annotations

from collections.abc import MutableMapping

from pytest_xbl.wire.hosts import XBOX_LIVE

PROXIES = ("https_proxy", "http_proxy", "all_proxy", "wss_proxy", "ws_proxy")
BYPASSED = ("no_proxy", "NO_PROXY")


class Bypass:
    """Lets the clients of a process connect to hosts of Xbox Live themselves, whatever its proxies are.

    Args:
        environ: the variables of the process.
    """

    def __init__(self, environ: MutableMapping[str, str]) -> None:
        self._environ = environ
        self._before: dict[str, str | None] = {}
        self._ours = ""

    def begin(self) -> None:
        """Add the hosts to those that clients reach without a proxy, if there is a proxy."""
        if any(name.lower() in PROXIES for name in self._environ):
            self._before = {name: self._environ.get(name) for name in BYPASSED}
            self._ours = ",".join(filter(None, (*dict.fromkeys(self._before.values()), *XBOX_LIVE)))
            self._environ.update(dict.fromkeys(BYPASSED, self._ours))

    def end(self) -> None:
        """Put back what was there, but for what somebody else has set since."""
        for name, before in self._before.items():
            if self._environ.get(name) == self._ours:
                del self._environ[name]
                self._environ.update({name: before} if before is not None else {})
        self._before = {}
