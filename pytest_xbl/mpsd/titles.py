"""Titles, as far as sessions and statistics ask about them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from pytest_xbl.mpsd.model import JsonObject

ERA_ALONE: Mapping[str, JsonObject] = MappingProxyType({"era": {}})
"""The platforms of a title of which a test says nothing (STAT-16)."""


class Title(NamedTuple):
    """A title, as far as sessions and statistics ask about it.

    Args:
        scid: the service configuration that it belongs to.
        platforms: the platforms it runs on, by name; each may have a `pfn` (STAT-16).
    """

    scid: str
    platforms: Mapping[str, JsonObject] = ERA_ALONE
