"""Scenarios of trouble: answers that are lost, a service that throttles or flaps, and players who write at once.

In each a player does one thing, which the description names; `expected` says what the world shows in the end if the
client is right.
"""

from __future__ import annotations

from typing import Annotated, Any

from pytest_xbl.arrange.parameters import Between, names_of
from pytest_xbl.mpsd.model import JsonObject

MOST_TIMES = 10
MOST_IN_A_LOBBY = 7
FIRST_ROUND = 1
RIVALS_STEP = 10
"""The rounds that a rival goes on with each write: a write of what is there already would be no conflict."""


def write_lost(*, players: Annotated[int, Between(1, MOST_IN_A_LOBBY)] = 2) -> JsonObject:
    """A lobby whose host raises `round` by one, once: the write is kept, and its answer is lost."""
    return _rounds(players, expected=FIRST_ROUND + 1, faults=[{"lose": "put-session", "by": "host"}])


def contended_lobby(*, rivals: Annotated[int, Between(1, MOST_TIMES)] = 2) -> JsonObject:
    """A lobby whose host raises `round` by one, while player2 takes it to 10, 20 and so on just before each write."""
    rounds = [RIVALS_STEP * number for number in range(1, rivals + 1)]
    races = [{"race": "put-session", "write": _round(number), "byRival": "player2", "by": "host"} for number in rounds]
    return _rounds(2, expected=rounds[-1] + 1, faults=races)


def throttled(*, times: Annotated[int, Between(1, MOST_TIMES)] = 1) -> JsonObject:
    """An open lobby that a newcomer joins, whose first writes are throttled for 15 seconds each."""
    return _joined({"fail": "put-session", "status": 429, "retryAfter": 15, "by": "newcomer", "times": times})


def flapping_service(*, times: Annotated[int, Between(1, MOST_TIMES)] = 1) -> JsonObject:
    """An open lobby that a newcomer joins: the service is overloaded, then loses an answer, then breaks down."""
    return _joined(
        {"fail": "put-session", "status": 503, "retryAfter": 1, "by": "newcomer", "times": times},
        {"lose": "put-session", "by": "newcomer", "times": times},
        {"fail": "put-session", "status": 500, "by": "newcomer", "times": times},
    )


def _rounds(players: int, *, expected: int, faults: list[JsonObject]) -> JsonObject:
    """A lobby with a number in its custom properties that somebody raises."""
    people = names_of(players)
    lobby: dict[str, Any] = {"template": "lobby", "members": people}
    return {
        "users": people,
        "sessions": {"lobby": {**lobby, **_round(FIRST_ROUND)}},
        "faults": faults,
        "expected": {"sessions": {"lobby": _round(expected)}},
    }


def _round(number: int) -> JsonObject:
    return {"properties": {"custom": {"round": number}}}


def _joined(*faults: JsonObject) -> JsonObject:
    """A lobby that a newcomer joins."""
    people = ["host", "player2"]
    return {
        "users": [*people, "newcomer"],
        "sessions": {"lobby": {"template": "lobby", "members": people}},
        "faults": [*faults],
        "expected": {"sessions": {"lobby": {"members": [*people, "newcomer"]}}},
    }
