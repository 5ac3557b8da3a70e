"""The relation of a caller to another person, as the services about people show it (NEAR-10, NEAR-11)."""

from __future__ import annotations

from typing import NamedTuple

from pytest_xbl.world.people import follows, is_favorite
from pytest_xbl.world.world import World


class Relation(NamedTuple):
    """Two people, seen by the first.

    Args:
        follows: whether they follow the other.
        is_followed: whether the other follows them.
        favors: whether the other is one of their favorites.
    """

    follows: bool
    is_followed: bool
    favors: bool


def relation_of(world: World, xuid: str, other: str) -> Relation:
    """The relation of a user to another person, by their xuids."""
    return Relation(follows(world, xuid, other), follows(world, other, xuid), is_favorite(world, xuid, other))
