"""The hosts that a test may not reach, and the refusals that fail it (HOST-4, HOST-5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from importlib.util import find_spec
from typing import Literal, TypeAlias

from pytest_xbl.hosts.known import Known, authority, is_xbox_live, why_not_at
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.wire.switchboard import Switchboard

Mode: TypeAlias = Literal["serve", "block", "off"]
NOTHING: Mapping[str, object] = {}
BLOCKED = "is blocked by the setting xbl_hosts = block; xbl.url is the address of the fake."
LEFT_ALONE = "is left alone by the setting xbl_hosts = off."
FOREIGN = "A test may not reach {}, only Xbox Live; the setting xbl_allow_hosts allows other hosts."
"""The refusal of a foreign host in a test session."""
NEEDS_EXTRA = "is not served, because that needs trustme: pip install pytest-xbl[hosts]"


class Egress:
    """The hosts that the tests of a session may reach.

    Args:
        switchboard: of the worlds, to the newest of which a refusal is charged.
        mode: whether the hosts of Xbox Live are served, blocked or left alone.
        is_strict: whether foreign hosts are refused in the process of the tests, too.
        allowed: the foreign hosts that may be reached.
        foreign: the text that refuses any other, with `{}` for the host and its port.
    """

    def __init__(
        self,
        switchboard: Switchboard,
        *,
        mode: Mode,
        is_strict: bool,
        allowed: Iterable[str],
        foreign: str = FOREIGN,
    ) -> None:
        self.mode = mode
        self._foreign = foreign
        self._switchboard = switchboard
        self._is_strict = is_strict
        self._known = Known(allowed)

    @cached_property
    def why_blocked(self) -> str:
        """The reason why no host of Xbox Live is served, as the end of a sentence; "" if they are."""
        if self.mode == "block":
            return BLOCKED
        return "" if find_spec("trustme") else NEEDS_EXTRA

    def knows(self, host: str) -> bool:
        """Whether a host is the machine itself, or is allowed, and so may be reached by every test."""
        return self._known.lets_reach(host)

    def refuse_here(self, host: str, port: int) -> Refusal | None:
        """The refusal of a host in the process of the tests, which is charged; None if it may be reached.

        While there is no world, foreign hosts are left alone: the test does not use the fake.
        """
        if is_xbox_live(host) or (self._is_strict and self._switchboard.has_worlds):
            return self.refuse(host, port)
        return None

    def refuse(self, host: str, port: int, environ: Mapping[str, object] = NOTHING) -> Refusal | None:
        """The refusal of a host in a process that a test has started; it is charged to the newest world.

        Args:
            environ: that which is known of the connection, if there is one.

        Returns:
            None if the host may be reached.
        """
        refusal = self._refusal(host, port)
        if refusal:
            asked = {"REQUEST_METHOD": "CONNECT", "PATH_INFO": authority(host, port), **environ}
            self._switchboard.charge(asked, refusal)
        return refusal

    def _refusal(self, host: str, port: int) -> Refusal | None:
        if not is_xbox_live(host):
            if self.knows(host):
                return None
            return _refusal(self._foreign.format(authority(host, port)), "HOST-4")
        if why := self.why_blocked:
            return _refusal(f"{host} {why}", "HOST-5")
        why = why_not_at(host, port)
        return _refusal(why, "HOST-4") if why else None


def _refusal(what: str, rule: str) -> Refusal:
    return Refusal(403, what, where="the host", rule=rule, mistake="egress")


def text_of(refusal: Refusal) -> str:
    """The words of a refusal for the reason phrase of a proxy, or an `OSError`, which say nothing of who refuses."""
    return f"pytest-xbl: {refusal.what} ({refusal.rule})"
