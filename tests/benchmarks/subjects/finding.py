"""Finding sessions and activities in a world of 100,000 sessions, beside one of 100 in which as many are found.

Both are in one process, so whatever the garbage collector has to go through strikes both alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from werkzeug.test import TestResponse

from pytest_xbl import User, XboxLive
from pytest_xbl.world.state import DEFAULT_SCID
from pytest_xbl.xbl.client import CallerClient

from .side_by_side import Batch, Result, ratio, seconds_per_call

MANY, FEW = 100_000, 100
FRIENDS = 100
LIMIT = 2
QUERY = f"/serviceconfigs/{DEFAULT_SCID}/sessions"


class Crowd(NamedTuple):
    """A world of many sessions, each with two members, a keyword and an activity of its own.

    Args:
        client: of somebody who is in no session, and follows the friends.
        friends: members of as many sessions, which lie evenly among all of them.
        keywords: those of these sessions.
    """

    client: CallerClient
    xuid: str
    friends: Sequence[User]
    keywords: Sequence[str]


Ask: TypeAlias = Callable[[Crowd, int], TestResponse]
"""One query; another number, another user or keyword."""


def measure() -> Iterator[Result]:
    """Compare them, through `xbl.client`."""
    many, few = crowd(MANY), crowd(FEW)
    yield _compared("a user's sessions, among 100,000 / 100", _user, many, few, found=1, times=FRIENDS)
    yield _compared("a keyword's sessions, among 100,000 / 100", _keyword, many, few, found=1, times=FRIENDS)
    yield _compared("activities of 100 friends, likewise", _activities, many, few, found=FRIENDS, times=2)


def crowd(sessions: int) -> Crowd:
    """Make a world of so many sessions."""
    fake = XboxLive()
    asker = fake.user("Stacy")
    friends, keywords = [], []
    for number in range(sessions):
        members, keyword = fake.users(f"Host {number}", f"Guest {number}"), f"word-{number}"
        session = fake.sessions.create("lobby", members=members, properties={"system": {"keywords": [keyword]}})
        fake.handles.create("activity", session, owner=members[0])
        if number % (sessions // FRIENDS) == 0:
            fake.follow(asker, members[0])
            friends.append(members[0])
            keywords.append(keyword)
    return Crowd(fake.client(asker), asker.xuid, friends, keywords)


def _user(world: Crowd, number: int) -> TestResponse:
    return world.client.get(QUERY, query_string={"xuid": world.friends[number % FRIENDS].xuid})


def _keyword(world: Crowd, number: int) -> TestResponse:
    return world.client.get(QUERY, query_string={"keyword": world.keywords[number % FRIENDS]})


def _activities(world: Crowd, _number: int) -> TestResponse:
    people = {"moniker": "people", "monikerXuid": world.xuid}
    return world.client.post("/handles/query", json={"type": "activity", "owners": {"people": people}})


def _compared(what: str, ask: Ask, many: Crowd, few: Crowd, *, found: int, times: int) -> Result:
    for world in (many, few):
        for number in range(FRIENDS):
            assert len(ask(world, number).get_json()["results"]) == found
    return ratio(what, _batch(ask, many, times), _batch(ask, few, times), limit=LIMIT, rounds=50)


def _batch(ask: Ask, world: Crowd, times: int) -> Batch:
    return lambda: seconds_per_call(lambda number: ask(world, number), times=times)
