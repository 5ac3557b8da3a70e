"""Questions about whole worlds."""

from __future__ import annotations

from pytest_xbl import XboxLive


def state_of(xbl: XboxLive) -> object:
    """Everything that a world remembers, to compare it with what it remembers later."""
    return xbl.snapshot().state
