"""The lobbies of friends, asked for asynchronously and without a socket: the code keeps the address of production."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest

from lobby_service import Friends, FriendsLobby
from pytest_xbl import SessionView, User, XboxLive

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """The event loop of the game."""
    return "asyncio"


@pytest.fixture
async def friends(xbl: XboxLive) -> AsyncIterator[Friends]:
    """The list under test; its requests reach the fake in process."""
    friends = Friends(xbl.scid, transport=xbl.async_transport)
    yield friends
    await friends.close()


def playing(xbl: XboxLive, players: Sequence[User], *, closed: bool = False) -> SessionView:
    """A lobby with players in it, which is the activity of the first of them."""
    lobby = xbl.sessions.create("lobby", members=players, properties={"system": {"closed": closed}})
    xbl.handles.create("activity", lobby, owner=players[0])
    return lobby


async def test_friends_play(xbl: XboxLive, friends: Friends) -> None:
    """Each friend's lobby is listed with everybody in it, and the lobby of a stranger is not."""
    ana, stacy, bo, stranger = xbl.users("Ana", "Stacy", "Bo", "Stranger")
    xbl.follow(ana, stacy)
    xbl.follow(ana, bo)
    for players in ([stacy, stranger], [bo], [stranger]):
        playing(xbl, players)

    found = await friends.lobbies(ana)

    assert stacy.activity
    assert bo.activity
    assert found == [
        FriendsLobby(stacy.xuid, stacy.activity.id, ["Stacy", "Stranger"]),
        FriendsLobby(bo.xuid, bo.activity.id, ["Bo"]),
    ]
    xbl.journal.assert_called("query-handles", times=1)
    xbl.journal.assert_called("get-session-by-handle", times=2)


async def test_nobody_joins_a_closed_or_full_lobby(xbl: XboxLive, friends: Friends) -> None:
    """Neither is listed, nor asked for."""
    xbl.templates.add("lobby", {"constants": {"system": {"maxMembersCount": 2}}})
    ana, stacy, bo, cy = xbl.users("Ana", "Stacy", "Bo", "Cy")
    for friend in (stacy, bo):
        xbl.follow(ana, friend)
    playing(xbl, [stacy], closed=True)
    playing(xbl, [bo, cy])

    assert await friends.lobbies(ana) == []

    xbl.journal.assert_not_called("get-session-by-handle")
