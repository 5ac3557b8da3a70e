"""News for the clients of other services: statistics, people, presence (TAP-6, TAP-13)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from pytest_xbl.mpsd.model import Caller
from pytest_xbl.userstats.model import Statistic, Values, as_json
from pytest_xbl.world.connections import Connections

DEVICE = "D"
"""The type of every device; no test says another one (NEAR-12, TAP-13)."""


def of_statistics(
    connections: Connections,
    owner: tuple[str, str],
    before: Mapping[str, Statistic],
    after: Mapping[str, Statistic],
    values: Values,
) -> None:
    """Tell of the values that have changed; null for one that is gone.

    Args:
        owner: the xuid of the user, and the service configuration in lower case.
    """
    for name in {**before, **after}:
        was, is_ = (_shown(held.get(name), values) for held in (before, after))
        if was != is_:
            connections.publish(("statistic", *owner, name), is_)


def _shown(held: Statistic | None, values: Values) -> object:
    return held and as_json(held, values)


def of_people(connections: Connections, xuid: str, news: Mapping[str, AbstractSet[str]]) -> None:
    """Tell a user whom they follow now or no more, and who has become a favorite.

    Args:
        news: the xuids of others, by the kind of news.
    """
    for kind, others in news.items():
        if others:
            connections.publish(("friends", xuid), {"NotificationType": kind, "Xuids": sorted(others)})


def of_presence(connections: Connections, user: Caller, *, present: bool) -> None:
    """Tell that a user has begun or ended to play their title."""
    state, xuid = ("Started" if present else "Ended"), str(user.xuid)
    connections.publish(("title", xuid, str(user.title_id)), state)
    connections.publish(("devices", xuid), f"{DEVICE}:{str(present).lower()}")
