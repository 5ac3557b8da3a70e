"""The proxies of the machine, which would take real names past the fake (HOST-1)."""

from __future__ import annotations

from collections.abc import MutableMapping

from pytest_xbl.wire.hosts import XBOX_LIVE

BYPASSED = ("no_proxy", "NO_PROXY")
ADDED = ",".join(XBOX_LIVE)


class Bypass:
    """Lets the clients of a process connect to hosts of Xbox Live themselves, whatever its proxies are.

    Args:
        environ: the variables of the process.
    """

    def __init__(self, environ: MutableMapping[str, str]) -> None:
        self._environ = environ
        self._before: dict[tuple[str, str | None], str | None] = {}
        """The values that were there, by the name of the variable and the value that took their place."""

    def begin(self, gate: str | None) -> None:
        """Add the hosts to those that clients reach without a proxy, unless they are there; each test does so.

        Args:
            gate: the URL of the gate; while it is the proxy itself, programs must not get past it.
        """
        lower, upper = BYPASSED
        if self._environ.get(lower, "").endswith(ADDED) and self._environ.get(upper, "").endswith(ADDED):
            return
        if gate is None or self._environ.get("HTTPS_PROXY") != gate:
            before = {name: self._environ.get(name) for name in BYPASSED}
            ours = ",".join(filter(None, (*dict.fromkeys(before.values()), ADDED)))
            self._before.update({(name, ours): value for name, value in before.items()})
            self._environ.update(dict.fromkeys(BYPASSED, ours))

    def end(self) -> None:
        """Put back what was there, but for what somebody else has set since."""
        for name in BYPASSED:
            while (ours := (name, self._environ.get(name))) in self._before:
                before = self._before.pop(ours)
                del self._environ[name]
                self._environ.update({name: before} if before is not None else {})
