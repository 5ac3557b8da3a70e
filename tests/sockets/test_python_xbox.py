"""A client that others wrote, nothing of it replaced: python-xbox signs in, and reads people and statistics."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx
import pytest

from bodies import SCID
from pytest_xbl import User, XboxLive

pytest.importorskip("pythonxbox", reason="it wants Python 3.11")

from pythonxbox.api.client import XboxLiveClient
from pythonxbox.authentication.manager import AuthenticationManager
from pythonxbox.authentication.models import OAuth2TokenResponse, XAUResponse, XSTSResponse

if TYPE_CHECKING:
    from pythonxbox.api.provider.userstats.models import UserStatsResponse

KILLS_AND_RATE = ["Kills", "Rate"]


class ToTheFake(httpx.AsyncBaseTransport):
    """Brings requests to the app of a world, real host names and all, and remembers which."""

    def __init__(self, xbl: XboxLive) -> None:
        self._app = httpx.WSGITransport(app=xbl.app)
        self.asked: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        self.asked.append(f"{request.method} {request.url} {request.headers.get('X-Xbl-Contract-Version')}")
        answer = self._app.handle_request(request)
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.read())


class Table(NamedTuple):
    """A world, Stacy and Ana who have statistics, and what Stacy's client has asked."""

    xbl: XboxLive
    stacy: User
    ana: User
    transport: ToTheFake

    def ask(self, call: Callable[[XboxLiveClient], Coroutine[Any, Any, UserStatsResponse]]) -> UserStatsResponse:
        """The result of a call of Stacy's client."""

        async def asked() -> UserStatsResponse:
            async with httpx.AsyncClient(transport=self.transport) as session:
                return await call(XboxLiveClient(signed_in(session, self.stacy)))

        return asyncio.run(asked())


def signed_in(session: httpx.AsyncClient, user: User) -> AuthenticationManager:
    """The authentication that python-xbox holds after it has signed a user in."""
    now = datetime.now(timezone.utc)
    claims: dict[str, Any] = {"xui": [{"xid": user.xuid, "uhs": user.userhash, "gtg": user.gamertag}]}
    lasting: dict[str, Any] = {"issue_instant": now, "not_after": now + timedelta(days=1), "display_claims": claims}
    manager = AuthenticationManager(session, "client id", "client secret", "http://localhost")
    manager.oauth = OAuth2TokenResponse(
        token_type="bearer", expires_in=86_400, scope="", access_token="access", user_id="user"
    )
    manager.user_token = XAUResponse(token="user", **lasting)
    manager.xsts_token = XSTSResponse(token=user.token, **lasting)
    return manager


@pytest.fixture
def table(xbl: XboxLive) -> Table:
    """Two users with statistics of several types."""
    stacy, ana = xbl.users("Stacy", "Ana")
    xbl.stats.set(stacy, {"Kills": 7, "Rate": 0.5, "MinutesPlayed": 90}, metadata={"Kills": {"map": "dunes"}})
    xbl.stats.set(ana, {"Kills": 3})
    return Table(xbl, stacy, ana, ToTheFake(xbl))


def read(answer: UserStatsResponse) -> dict[str, list[tuple[str, str, str, str, str]]]:
    """A response as the client reads it, by xuid."""
    return {
        one.arrange_by_field_id: [(stat.xuid, stat.scid, stat.name, stat.type, stat.value) for stat in one.stats]
        for one in answer.statlistscollection
        if one.arrange_by_field == "xuid"
    }


def of(user: User, *stats: tuple[str, str, str]) -> list[tuple[str, str, str, str, str]]:
    """Statistics of one user as `read` shows them."""
    return [(user.xuid, SCID, *stat) for stat in stats]


@pytest.mark.parametrize("values", ["numbers", "strings"])
def test_get_stats_reads_one_user(table: Table, values: Any) -> None:
    """A GET under contract 2 to the real host, whatever contract 1 shows native clients (STAT-4, STAT-8, STAT-9)."""
    table.xbl.stats.values = values
    answer = table.ask(lambda client: client.userstats.get_stats(table.stacy.xuid, SCID, [*KILLS_AND_RATE, "Deaths"]))
    assert read(answer) == {table.stacy.xuid: of(table.stacy, ("Kills", "Integer", "7"), ("Rate", "Double", "0.5"))}
    assert answer.groups is None
    path = f"/users/xuid({table.stacy.xuid})/scids/{SCID}/stats/Kills,Rate,Deaths"
    assert table.transport.asked == [f"GET https://userstats.xboxlive.com{path} 2"]


def test_get_stats_asks_for_the_minutes_played_by_itself(table: Table) -> None:
    """Somebody who has not played has none of them, and is still there (STAT-2)."""
    for user, stats in ((table.stacy, [("MinutesPlayed", "Integer", "90")]), (table.ana, [])):
        answer = table.ask(lambda client, user=user: client.userstats.get_stats(user.xuid, SCID))  # type: ignore[misc]
        assert read(answer) == {user.xuid: of(user, *stats)}


def test_get_stats_with_metadata_reads_one_user(table: Table) -> None:
    """A GET under contract 3; the client of this version lets the metadata go (STAT-4, STAT-9)."""
    answer = table.ask(lambda client: client.userstats.get_stats_with_metadata(table.stacy.xuid, SCID, ["Kills"]))
    assert read(answer) == {table.stacy.xuid: of(table.stacy, ("Kills", "Integer", "7"))}
    path = f"/users/xuid({table.stacy.xuid})/scids/{SCID}/stats/Kills?include=valuemetadata"
    assert table.transport.asked == [f"GET https://userstats.xboxlive.com{path} 3"]


def test_get_stats_batch_reads_several_users_by_title(table: Table) -> None:
    """A POST under contract 2, in the order of the users; it asks for a group besides (STAT-3, STAT-10, STAT-14)."""
    said: dict[str, Any] = {"sort_order": "Descending", "display_format": "Integer", "display_semantic": "Best"}
    table.xbl.stats.define("Kills", type="Integer", group="Hero", ordinal=1, display_name="Foes defeated", **said)
    xuids = [table.ana.xuid, table.stacy.xuid]
    answer = table.ask(lambda client: client.userstats.get_stats_batch(xuids, table.stacy.title_id, KILLS_AND_RATE))
    assert list(read(answer).items()) == [
        (table.ana.xuid, of(table.ana, ("Kills", "Integer", "3"))),
        (table.stacy.xuid, of(table.stacy, ("Kills", "Integer", "7"), ("Rate", "Double", "0.5"))),
    ]
    assert answer.groups is not None
    [group] = answer.groups
    assert (group.name, group.title_id) == ("Hero", table.stacy.title_id)
    stats = {one.arrange_by_field_id: one.stats for one in group.statlistscollection}
    assert [(xuid, [it.value for it in held]) for xuid, held in stats.items()] == [(xuids[0], ["3"]), (xuids[1], ["7"])]
    [kills] = stats[table.ana.xuid]
    assert kills.properties.display_name == "Foes defeated"
    assert kills.group_properties is not None
    assert kills.group_properties.model_dump() == {"ordinal": "1", "display_name": "Foes defeated", **said}
    assert table.transport.asked == ["POST https://userstats.xboxlive.com/batch 2"]


def test_get_stats_batch_by_scid_reads_several_users(table: Table) -> None:
    """The same by service configuration; the group then has no title (STAT-3, STAT-10)."""
    xuids = [table.stacy.xuid, table.ana.xuid]
    answer = table.ask(lambda client: client.userstats.get_stats_batch_by_scid(xuids, SCID, ["Rate"]))
    assert read(answer) == {table.stacy.xuid: of(table.stacy, ("Rate", "Double", "0.5")), table.ana.xuid: []}
    groups = answer.groups or ()
    assert [(group.name, group.title_id, group.statlistscollection) for group in groups] == [("Hero", None, [])]


def test_the_client_hears_of_a_refusal(table: Table) -> None:
    """It raises what httpx makes of the status (STAT-7)."""
    with pytest.raises(httpx.HTTPStatusError) as refused:
        table.ask(lambda client: client.userstats.get_stats("7", SCID, ["Kills"]))
    assert refused.value.response.status_code == 404
    assert refused.value.response.text == "There is no user with the xuid 7.\nwhere: the URI\nrule: STAT-7\n"


# Signing in, and the services beside


def test_it_signs_in_and_stays(xbl: XboxLive) -> None:
    """By a code and then by a refresh token; its header is the one that the test has (NEAR-3, NEAR-4, NEAR-5)."""
    stacy, ana = xbl.users("Stacy", "Ana")

    async def header() -> list[str]:
        async with httpx.AsyncClient(transport=ToTheFake(xbl)) as session:
            manager = AuthenticationManager(session, "id", "secret", "http://localhost/back")
            asked = await session.get(manager.generate_authorization_url("here"))
            await manager.request_tokens(httpx.URL(asked.headers["Location"]).params["code"])
            first = manager.xsts_token
            xbl.signs_in(ana)
            asked = await session.get(manager.generate_authorization_url())
            await manager.request_tokens(httpx.URL(asked.headers["Location"]).params["code"])
            manager.oauth.expires_in = 0
            manager.user_token = manager.xsts_token = None
            await manager.refresh_tokens()
            return [token.authorization_header_value for token in (first, manager.xsts_token)]

    assert asyncio.run(header()) == [user.authorization for user in (stacy, ana)]
    assert not [entry for entry in xbl.journal if entry.refusal]


def test_it_reads_people_profiles_presence_and_achievements(xbl: XboxLive) -> None:
    """Every field that its models ask for is there (NEAR-9, NEAR-10, NEAR-11, NEAR-12, NEAR-13)."""
    stacy, ana, bo = xbl.users("Stacy", "Ana", "Bo")
    xbl.follow(stacy, ana)
    xbl.follow(ana, stacy)
    xbl.set_presence(bo, present=False)

    async def read() -> list[object]:
        async with httpx.AsyncClient(transport=ToTheFake(xbl)) as session:
            client = XboxLiveClient(signed_in(session, stacy))
            people, profile, presence = client.people, client.profile, client.presence
            achievements = await client.achievements.get_achievements_xboxone_gameprogress(ana.xuid, "1")
            return [
                [one.gamertag for one in (await people.get_friends_own()).people],
                [one.detail.is_friend for one in (await people.get_friends_own_batch([ana.xuid, bo.xuid])).people],
                [one.gamertag for one in (await people.get_friend_by_xuid(bo.xuid)).people],
                (await people.get_friends_summary_by_gamertag("ana")).legacy_friend_status,
                (await profile.get_profile_by_gamertag("Bo")).profile_users[0].id,
                (await profile.get_profile_by_xuid(bo.xuid)).profile_users[0].settings[0].value,
                len((await profile.get_profiles([ana.xuid, bo.xuid])).profile_users),
                [one.state for one in await presence.get_presence_batch([ana.xuid, bo.xuid])],
                (await presence.get_presence_own()).state,
                achievements.achievements,
            ]

    assert asyncio.run(read()) == [
        ["Ana"],
        [True, False],
        ["Bo"],
        "MutuallyAccepted",
        bo.xuid,
        "Bo",
        2,
        ["Online", "Offline"],
        "Online",
        [],
    ]
