"""Worlds that the explorer shows."""

from __future__ import annotations

import pytest

from exploring import Visitor, lively


@pytest.fixture
def visitor() -> Visitor:
    """Somebody who looks at a world with a bit of everything."""
    return Visitor(lively())
