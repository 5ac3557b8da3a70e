"""Sessions of several members: active, ready, inactive, and reserved, with roles, servers and custom properties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from hypothesis import strategies as st

from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.strategies.usual import seat, seats, template
from pytest_xbl.strategies.values import json_objects

ROLE_TYPES: JsonObject = {"lfg": {"roles": {"healer": {"max": 4}, "tank": {"target": 2}}}}
TEMPLATE = template(role_types=ROLE_TYPES, inactiveRemovalTimeout=None)
"""A template in which nobody loses a seat for being inactive."""
STANDINGS: Mapping[str, JsonObject] = {"active": {"active": True}, "ready": {"ready": True}, "inactive": {}}
"""The system properties with which a player joins."""
RESERVED = "reserved"
MOST = 4
"""The most players."""
CUSTOM = st.one_of(st.just({}), st.builds(lambda score: {"score": score}, st.integers(0, 99)), json_objects)


class Player(NamedTuple):
    """A player of a crowd.

    Args:
        standing: one of `STANDINGS`, or "reserved".
        role: of the role type `lfg`; None for none.
    """

    standing: str
    role: str | None
    custom: JsonObject


class Crowd(NamedTuple):
    """A session of several players, the first of whom creates it, and of a service that adds the servers.

    Args:
        custom: of the session.
        servers: by name, with their custom properties.
    """

    players: Sequence[Player]
    custom: JsonObject
    servers: Mapping[str, JsonObject]

    def writes(self, xuids: Sequence[str]) -> list[tuple[int, JsonObject]]:
        """The writes that lead to the session, each with the number of its caller; the service comes after the users.

        Args:
            xuids: of the users, the players first.
        """
        servers = {name: {"properties": {"custom": custom}} for name, custom in self.servers.items()}
        joins = [_join(number, *it) for number, it in enumerate(zip(self.players, xuids, strict=False))]
        extras: JsonObject = {"properties": {"custom": self.custom}, "servers": servers}
        return [*joins, (len(xuids), extras)]


def crowds() -> st.SearchStrategy[Crowd]:
    """Crowds of one to four players."""
    roles = st.sampled_from((None, "healer", "tank"))
    creator = st.builds(Player, st.sampled_from(tuple(STANDINGS)), roles, CUSTOM)
    other = st.builds(Player, st.sampled_from((*STANDINGS, RESERVED, RESERVED)), roles, CUSTOM)
    servers = st.one_of(st.just({}), st.dictionaries(st.sampled_from("ab"), CUSTOM, min_size=1))
    players = st.builds(lambda first, others: (first, *others), creator, st.lists(other, max_size=MOST - 1))
    return st.builds(Crowd, players, CUSTOM, servers)


def _join(number: int, player: Player, xuid: str) -> tuple[int, JsonObject]:
    """The write by which a player gets into the session, with the number of its caller."""
    roles = {"roles": {"lfg": player.role}} if player.role else {}
    if player.standing == RESERVED:
        return 0, seats({**seat(xuid), **roles})
    own = {"properties": {"system": STANDINGS[player.standing], "custom": player.custom}, **roles}
    return number, {"members": {"me": own}}
