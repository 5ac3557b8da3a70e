"""Bounds of the parameters of scenarios, and the names and templates that scenarios share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pytest_xbl.mpsd.model import JsonObject

MOST_PLAYERS = 100


class Between(NamedTuple):
    """The bounds of a parameter, both of them allowed.

    Args:
        shared_with: another parameter, whose value counts toward `high`, too; "" for none.
    """

    low: int
    high: int
    shared_with: str = ""

    def within(self, parameters: Mapping[str, Any]) -> Between:
        """The bounds that are left beside the other parameters."""
        return Between(self.low, self.high - parameters[self.shared_with]) if self.shared_with else self


def names_of(players: int) -> list[str]:
    """The names of that many players: the first one is the host."""
    return ["host", *(f"player{n}" for n in range(2, players + 1))]


def template_of(**system: Any) -> JsonObject:
    """A template with these system constants."""
    return {"constants": {"system": {"version": 1, **system}}}
