"""Profiles, people, presence and achievements, as clients need them to start (NEAR-8 to NEAR-13)."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from bodies import ACTIVE, ONE, as_json
from errors import refusal_text
from people import person
from pytest_xbl import SessionView, XboxLive
from pytest_xbl.rulebook import RULES
from pytest_xbl.wire.matching import every_route, match
from pytest_xbl.wire.neighbours.answers import anybody
from pytest_xbl.wire.neighbours.routes import SIGN_IN
from pytest_xbl.wire.route import Route
from pytest_xbl.wire.routes import ROUTES as CORE
from worlds import state_of

PROFILE, HUB, SOCIAL = "profile.xboxlive.com", "peoplehub.xboxlive.com", "social.xboxlive.com"
PRESENCE, ACHIEVEMENTS = "userpresence.xboxlive.com", "achievements.xboxlive.com"
STACY, ANA, BO, ZOE, STRANGER = (f"253327479000000{number}" for number in (1, 2, 3, 4, 9))
"""The xuids of the users of the world, and of somebody who is none of them."""
TITLE = f"/users/xuid({STACY})/devices/current/titles/current"


class Caller:
    """Stacy's client, which names the real hosts."""

    def __init__(self, xbl: XboxLive, name: str = "Stacy") -> None:
        self._client = xbl.client(person(xbl, name))

    def ask(self, method: str, host: str, path: str, body: Any = None) -> TestResponse:
        """The response to a request; neighbours need no contract version."""
        headers = {"Host": host, "X-Xbl-Contract-Version": "5"}
        more = {} if body is None else {"json": body}
        return self._client.open(path, method=method, headers=headers, **more)

    def read(self, host: str, path: str, body: Any = None) -> Any:
        """The JSON that is read by GET, or by POST of a body."""
        response = self.ask("GET" if body is None else "POST", host, path, body)
        assert response.status_code == 200, response.text
        return as_json(response)

    def xuids(self, path: str) -> list[str]:
        """The xuids of the people in a list."""
        return [one["xuid"] for one in self.read(HUB, path)["people"]]


@pytest.fixture
def stacy(xbl: XboxLive) -> Caller:
    """The client of Stacy, who favors Ana, and follows Bo and a stranger; Ana and Zoe follow her."""
    users = xbl.users("Stacy", "Ana", "Bo", "Zoe")
    xbl.follow(users[0], users[2])
    xbl.follow(users[0], users[1], favorite=True)
    xbl.user("Kim", xuid="77", gamertag="")
    for follower in (users[1], users[3]):
        xbl.follow(follower, users[0])
    return Caller(xbl)


def told(response: TestResponse) -> tuple[int, str]:
    """The status and the text of a refusal."""
    return response.status_code, response.text


# Who is named


@pytest.mark.parametrize("name", ["me", f"xuid({STACY})", f"XUIDS({STACY})", "gt(Stacy)", "gt(sTACY)"])
def test_a_person_is_named_in_several_ways(stacy: Caller, name: str) -> None:
    """As the caller, by xuid and by gamertag (NEAR-8)."""
    assert stacy.read(PROFILE, f"/users/{name}/settings")["profileUsers"][0]["id"] == STACY


@pytest.mark.parametrize(("name", "whose"), [("gt(Ana)", 0), ("gt(ANA)", 1), ("gt(ana)", 0)])
def test_gamertags_that_differ_in_case_alone_are_told_apart(xbl: XboxLive, name: str, whose: int) -> None:
    """The person whose gamertag is spelt so, else the one who was made first (NEAR-8)."""
    users = xbl.users("Ana", "ANA")
    read = Caller(xbl, "Ana").read(PROFILE, f"/users/{name}/settings")
    assert read["profileUsers"][0]["id"] == users[whose].xuid


NAMED = "A person is named as me, xuid(<decimal digits, at most 64 bits>) or gt(<gamertag>); got"


@pytest.mark.parametrize(
    ("name", "status", "what"),
    [
        (STACY, 400, f'{NAMED} "{STACY}".'),
        ("xuid()", 400, f'{NAMED} "xuid()".'),
        (f"xuid({'9' * 20})", 400, f'{NAMED} "xuid({"9" * 20})".'),
        (f"xuid({STRANGER})", 404, f"No user of this world has the xuid {STRANGER}."),
        ("gt(Anna)", 404, 'No user of this world has the gamertag "Anna". Did you mean "Ana"?'),
        ("gt(x)", 404, 'No user of this world has the gamertag "x".'),
    ],
)
@pytest.mark.parametrize(
    ("method", "host", "path"),
    [
        ("GET", PROFILE, "/users/{}/settings"),
        ("GET", HUB, "/users/{}/people/social"),
        ("PUT", SOCIAL, "/users/me/people/{}"),
        ("DELETE", SOCIAL, "/users/me/people/{}"),
        ("GET", PRESENCE, "/users/{}"),
        ("GET", ACHIEVEMENTS, "/users/{}/achievements"),
    ],
)
def test_nobody_is_refused(
    xbl: XboxLive, stacy: Caller, method: str, host: str, path: str, name: str, status: int, what: str
) -> None:
    """By every service in the same words (NEAR-8)."""
    before = state_of(xbl)
    assert told(stacy.ask(method, host, path.format(name))) == (status, refusal_text(what, "the URI", "NEAR-8"))
    assert state_of(xbl) == before


@pytest.mark.parametrize(
    ("method", "host", "path", "body"),
    [
        ("GET", SOCIAL, "/users/xuid({})/people", None),
        ("PUT", SOCIAL, f"/users/xuid({{}})/people/xuid({ZOE})", None),
        ("DELETE", SOCIAL, f"/users/xuid({{}})/people/xuid({STACY})", None),
        ("DELETE", SOCIAL, f"/users/xuid({{}})/people/follower/xuid({STACY})", None),
        ("POST", SOCIAL, "/bulk/users/xuid({})/people/friends/v2?method=add", {"xuids": [STACY]}),
        ("POST", PRESENCE, "/users/xuid({})/devices/current/titles/current", {}),
        ("DELETE", PRESENCE, "/users/xuid({})/devices/current/titles/current", None),
        ("GET", HUB, f"/users/xuid({{}})/people/xuids({STACY})/decoration/detail", None),
    ],
)
def test_what_is_somebodys_own_is_theirs_alone(
    xbl: XboxLive, stacy: Caller, method: str, host: str, path: str, body: Any
) -> None:
    """403 for anybody else, and nothing changes (NEAR-8)."""
    before = state_of(xbl)
    what = "This is for Ana alone, and the caller is Stacy."
    response = stacy.ask(method, host, path.format(ANA), body)
    assert told(response) == (403, refusal_text(what, "the URI", "NEAR-8"))
    assert state_of(xbl) == before


def test_a_service_is_nobody(xbl: XboxLive, stacy: Caller) -> None:
    """It reads the profiles of others, and has none; one that acts for a user is that user (NEAR-8)."""
    xbl.service("referee")
    referee = Caller(xbl, "referee")
    assert referee.read(PROFILE, "/users/gt(Ana)/settings")["profileUsers"][0]["id"] == ANA
    what = "referee is a service, and nobody is me for it."
    assert told(referee.ask("GET", PROFILE, "/users/me/settings")) == (403, refusal_text(what, "the URI", "NEAR-8"))
    xbl.service("proxy", on_behalf_of=person(xbl, "Ana"))
    assert Caller(xbl, "proxy").read(PROFILE, "/users/me/settings")["profileUsers"][0]["id"] == ANA


def test_a_caller_is_needed(xbl: XboxLive) -> None:
    """401 without a token of a test, as at the session directory (NEAR-8, CALL-3)."""
    response = xbl.client().get("/users/me/settings", headers={"Host": PROFILE})
    assert response.status_code == 401


# Profiles


@pytest.mark.parametrize("path", ["settings", "profile/settings"])
def test_the_settings_of_a_profile(stacy: Caller, path: str) -> None:
    """Those that are asked for, each once, in that order; without any, none (NEAR-9)."""
    got = stacy.read(PROFILE, f"/users/gt(Ana)/{path}?settings=Gamertag,Gamerscore,GameDisplayName,Gamertag,Bio")
    values = {"Gamertag": "Ana", "Gamerscore": "0", "GameDisplayName": "Ana", "Bio": ""}
    settings = [{"id": name, "value": value} for name, value in values.items()]
    assert got == {"profileUsers": [{"id": ANA, "hostId": ANA, "settings": settings, "isSponsoredUser": False}]}
    assert stacy.read(PROFILE, f"/users/me/{path}")["profileUsers"][0]["settings"] == []


def test_a_profile_has_sixteen_settings_beside_the_names(stacy: Caller) -> None:
    """They are the same for everybody (NEAR-9)."""
    values = {
        **dict.fromkeys(("AppDisplayPicRaw", "GameDisplayPicRaw", "PublicGamerpic", "PreferredColor"), ""),
        **dict.fromkeys(("Bio", "Location", "RealName", "RealNameOverride", "ModernGamertagSuffix", "Watermarks"), ""),
        **dict.fromkeys(("Gamerscore", "IsQuarantined", "ShowUserAsAvatar", "TenureLevel"), "0"),
        "AccountTier": "Silver",
        "XboxOneRep": "GoodPlayer",
    }
    got = stacy.read(PROFILE, f"/users/me/settings?settings={','.join(values)}")
    assert got["profileUsers"][0]["settings"] == [{"id": name, "value": value} for name, value in values.items()]


def test_the_profiles_of_several_users(stacy: Caller) -> None:
    """A user without a gamertag has an empty one; each comes once (NEAR-9)."""
    got = stacy.read(
        PROFILE, "/users/batch/profile/settings", {"userIds": [ANA, "77", ANA], "settings": ["ModernGamertag"]}
    )
    assert [(one["id"], one["settings"]) for one in got["profileUsers"]] == [
        (ANA, [{"id": "ModernGamertag", "value": "Ana"}]),
        ("77", [{"id": "ModernGamertag", "value": ""}]),
    ]


# People


def test_lists_of_people_follow_from_who_follows_whom(stacy: Caller) -> None:
    """Users come in the order in which they were made (NEAR-10)."""
    lists = ("social", "followers", "friends", "friendrequests(received)", "FriendRequests(sent)")
    assert [stacy.xuids(f"/users/me/people/{name}") for name in lists] == [[ANA, BO], [ANA, ZOE], [ANA], [ZOE], [BO]]
    assert stacy.xuids("/users/me/people/friends/decoration/preferredColor,DETAIL") == [ANA]
    assert stacy.xuids(f"/users/xuid({ANA})/people/friends") == [STACY]
    assert stacy.xuids(f"/users/me/people/xuids({ZOE},{BO},{ZOE})/decoration/detail") == [ZOE, BO]


def test_a_stranger_who_is_followed_is_listed(xbl: XboxLive, stacy: Caller) -> None:
    """A seed can name people who are no users; they come last, by number, and have no name (NEAR-10)."""
    xbl.seed({"users": {"Max": {"follows": [{"xuid": "1000"}, "Ana", {"xuid": "999"}]}}})
    people = Caller(xbl, "Max").read(HUB, "/users/me/people/social")["people"]
    assert [(one["xuid"], one["gamertag"], one["presenceState"]) for one in people] == [
        (ANA, "Ana", "Online"),
        ("999", "", "Offline"),
        ("1000", "", "Offline"),
    ]


RELATIONS = {
    ANA: {"isFavorite": True, "isFollowedByCaller": True, "isFollowingCaller": True, "isFriend": True},
    BO: {"isFollowedByCaller": True, "isFriendRequestSent": True},
    ZOE: {"isFollowingCaller": True, "isFriendRequestReceived": True},
    "77": {},
}
FLAGS = ("isFavorite", "isFollowedByCaller", "isFollowingCaller", "isFriend", "isFriendRequestReceived")


@pytest.mark.parametrize(("xuid", "relation"), RELATIONS.items())
def test_a_person_is_shown_with_what_they_are_to_the_caller(
    stacy: Caller, xuid: str, relation: dict[str, bool]
) -> None:
    """Beside their name; `detail` adds a part, and other decorations nothing (NEAR-10)."""
    path = "/users/me/people/batch/decoration/"
    [shown] = stacy.read(HUB, f"{path}detail,multiplayerSummary", {"xuids": [xuid, xuid]})["people"]
    [plain] = stacy.read(HUB, f"{path}preferredcolor", {"xuids": [xuid]})["people"]
    flags = dict.fromkeys((*FLAGS, "isFriendRequestSent"), False) | relation
    detail = shown.pop("detail")
    assert shown == plain
    assert {name: value for name, value in shown.items() if name in flags} == flags
    assert {name: value for name, value in detail.items() if name in flags} == flags
    assert shown["displayName"] == shown["gamertag"] == {ANA: "Ana", BO: "Bo", ZOE: "Zoe", "77": ""}[xuid]


def test_a_detail_counts_people(xbl: XboxLive, stacy: Caller) -> None:
    """Whom they follow, who follows them, and both (NEAR-10)."""
    xbl.set_presence(person(xbl, "Stacy"), present=False)
    [shown] = stacy.read(HUB, f"/users/me/people/xuids({STACY})/decoration/detail")["people"]
    counts = [shown["detail"][name] for name in ("followingCount", "followerCount", "friendCount")]
    assert (counts, shown["presenceState"]) == ([2, 2, 1], "Offline")


# Following


def test_following_and_unfollowing_decide_who_may_join(xbl: XboxLive, stacy: Caller) -> None:
    """The next request sees it; twice is the same as once (NEAR-11, JOIN-2)."""
    constants = {"system": {"visibility": "open"}}
    restricted = {"system": {"joinRestriction": "followed", "readRestriction": "followed"}}
    xbl.sessions.create("lobby", name="one", members=[person(xbl, "Stacy")], constants=constants, properties=restricted)
    zoe = xbl.client(person(xbl, "Zoe"))
    statuses = []
    for method in ("PUT", "PUT", "DELETE", "DELETE"):
        changed = stacy.ask(method, SOCIAL, f"/users/me/people/xuid({ZOE})")
        statuses.append((changed.status_code, changed.text, zoe.put(f"{ONE}?nocommit=true", json=ACTIVE).status_code))
    assert statuses == [*[(204, "", 200)] * 2, *[(204, "", 403)] * 2]


def test_who_is_unfollowed_is_no_favorite(xbl: XboxLive, stacy: Caller) -> None:
    """And is none when they are followed again (NEAR-11, HAND-10)."""
    path = f"/users/me/people/xuid({ANA})"
    assert stacy.read(SOCIAL, path) == {
        "xuid": ANA,
        "isFavorite": True,
        "isFollowedByCaller": True,
        "isFollowingCaller": True,
        "isIdentityShared": False,
    }
    assert stacy.ask("DELETE", SOCIAL, path).status_code == 204
    what = "Stacy does not follow Ana."
    assert told(stacy.ask("GET", SOCIAL, path)) == (404, refusal_text(what, "the URI", "NEAR-11"))
    assert stacy.ask("PUT", SOCIAL, path).status_code == 204
    assert stacy.read(SOCIAL, path)["isFavorite"] is False


def test_a_follower_is_removed(xbl: XboxLive, stacy: Caller) -> None:
    """They follow the caller no more (NEAR-11)."""
    assert stacy.ask("DELETE", SOCIAL, f"/users/me/people/follower/xuid({ZOE})").status_code == 204
    assert stacy.xuids("/users/me/people/followers") == [ANA]


@pytest.mark.parametrize(
    ("query", "xuids"),
    [
        ("", [ANA, BO]),
        ("?view=All", [ANA, BO]),
        ("?view=Favorite", [ANA]),
        ("?startIndex=1", [BO]),
        ("?maxItems=1", [ANA]),
        ("?startIndex=1&maxItems=5", [BO]),
        ("?startIndex=7", []),
    ],
)
def test_the_people_whom_the_caller_follows(stacy: Caller, query: str, xuids: list[str]) -> None:
    """All, the favorites, or a part of them; the count is of all (NEAR-11)."""
    got = stacy.read(SOCIAL, f"/users/me/people{query}")
    assert [one["xuid"] for one in got["people"]] == xuids
    assert got["totalCount"] == (1 if "Favorite" in query else 2)


def test_several_people_are_followed_at_once(stacy: Caller) -> None:
    """Or unfollowed; as those do who accept the requests of others (NEAR-11)."""
    path = "/bulk/users/me/people/friends/v2?method="
    assert stacy.read(SOCIAL, f"{path}add", {"xuids": [ZOE, ANA, ZOE]}) == {"updatedPeople": [ZOE, ANA]}
    assert stacy.xuids("/users/me/people/friends") == [ANA, ZOE]
    assert stacy.read(SOCIAL, f"{path}remove", {"xuids": [ANA, BO]}) == {"updatedPeople": [ANA, BO]}
    assert stacy.xuids("/users/me/people/social") == [ZOE]


@pytest.mark.parametrize(
    ("name", "status", "counts"),
    [("me", "None", (2, 2)), ("gt(ana)", "MutuallyAccepted", (1, 1)), ("gt(Bo)", "OutgoingRequest", (0, 1))],
)
def test_a_summary_of_people(stacy: Caller, name: str, status: str, counts: tuple[int, int]) -> None:
    """How many follow whom, and the word for what they are to the caller (NEAR-11)."""
    got = stacy.read(SOCIAL, f"/users/{name}/summary")
    assert (got["targetFollowingCount"], got["targetFollowerCount"]) == counts
    follows = status in {"MutuallyAccepted", "OutgoingRequest"}
    assert (got["legacyFriendStatus"], got["isCallerFollowingTarget"]) == (status, follows)
    assert (got["isFriend"], got["hasCallerMarkedTargetAsFavorite"]) == (status == "MutuallyAccepted",) * 2


# Presence


@pytest.fixture
def lobby(xbl: XboxLive, stacy: Caller) -> SessionView:
    """A lobby with Stacy in it, who is active."""
    patient = {"system": {"inactiveRemovalTimeout": None}}
    return xbl.sessions.create("lobby", members=[person(xbl, "Stacy")], constants=patient)


@pytest.mark.parametrize(
    ("method", "body", "status"),
    [
        ("DELETE", None, 204),
        ("POST", {"state": "inactive"}, 200),
        ("POST", {"id": 1719000001, "state": "Inactive"}, 200),
    ],
)
def test_who_leaves_the_title_becomes_inactive(
    xbl: XboxLive, stacy: Caller, lobby: SessionView, method: str, body: Any, status: int
) -> None:
    """At the next access to the session; who says that they are there again is present (NEAR-12, TIME-7)."""
    user = person(xbl, "Stacy")
    assert (stacy.ask(method, PRESENCE, TITLE, body).status_code, user.present) == (status, False)
    lobby.assert_members({user: "inactive"})
    response = stacy.ask("POST", PRESENCE, TITLE, {"state": "active", "placement": "full"})
    assert (response.status_code, response.headers["X-Heartbeat-After"], response.text) == (200, "300", "")
    assert person(xbl, "Stacy").present
    assert xbl.journal[-1].notes == ()


def test_rich_presence_is_noted(xbl: XboxLive, stacy: Caller) -> None:
    """It passes without effect, so the journal says so (NEAR-12)."""
    assert stacy.ask("POST", PRESENCE, TITLE, {"activity": {"richPresence": {"id": "x"}}}).status_code == 200
    assert xbl.journal[-1].notes == ("The activity is not kept: the fake has no rich presence (NEAR-12).",)


TITLES = [{"id": "1719000001", "placement": "Full", "state": "Active"}]


@pytest.mark.parametrize(
    ("level", "devices"),
    [
        ("?level=user", {}),
        ("?level=device", {"devices": [{"type": "D"}]}),
        ("?level=title", {"devices": [{"type": "D", "titles": TITLES}]}),
        ("?level=all", {"devices": [{"type": "D", "titles": TITLES}]}),
        ("", {"devices": [{"type": "D", "titles": TITLES}]}),
    ],
)
def test_presence_is_read_in_several_depths(xbl: XboxLive, stacy: Caller, level: str, devices: dict[str, Any]) -> None:
    """The title is the one that the user plays; whoever is in none is offline (NEAR-12)."""
    assert stacy.read(PRESENCE, f"/users/gt(Ana){level}") == {"xuid": ANA, "state": "Online", **devices}
    xbl.set_presence(person(xbl, "Ana"), present=False)
    assert stacy.read(PRESENCE, f"/users/xuid({ANA}){level}") == {"xuid": ANA, "state": "Offline"}


def test_the_presence_of_several_users(xbl: XboxLive, stacy: Caller) -> None:
    """In the order of the request; those who are offline can be left out (NEAR-12)."""
    xbl.set_presence(person(xbl, "Bo"), present=False)
    asked = {"users": [BO, ANA, BO], "level": "user"}
    both = [{"xuid": BO, "state": "Offline"}, {"xuid": ANA, "state": "Online"}]
    assert stacy.read(PRESENCE, "/users/batch", asked) == both
    assert stacy.read(PRESENCE, "/users/batch", {**asked, "onlineOnly": True}) == both[1:]


# Achievements


def test_nobody_has_achievements(stacy: Caller) -> None:
    """Whatever is asked for (NEAR-13)."""
    got = stacy.read(ACHIEVEMENTS, "/users/me/achievements?titleId=1&maxItems=32&unlockedOnly=true&orderBy=UnlockTime")
    assert got == {"achievements": [], "pagingInfo": {"continuationToken": None, "totalRecords": 0}}


# What is refused, and changes nothing

LISTS = "social, followers, friends, friendrequests(received), friendrequests(sent) and xuids(<xuids with commas"
DECORATIONS = (
    "detail, preferredColor, multiplayerSummary, presenceDetail, presenceTitleIds, titlePresence, titleSummary, "
    "titleHistory, suggestion, recentPlayer, follower, communityManagerTitles, socialManager, broadcast, "
    "tournamentSummary, avatar, linkedAccounts"
)
BULK, FOLLOW = "/bulk/users/me/people/friends/v2", "/users/me/people"
BATCH, PROFILES = "/users/me/people/batch/decoration/detail", "/users/batch/profile/settings"
REFUSED: list[tuple[str, str, str, Any, tuple[int, str, str, str]]] = [
    (
        "GET",
        HUB,
        "/users/me/people/recommendations/decoration/detail",
        None,
        (404, f'The lists of people are {LISTS} between them>); got "recommendations".', "the URI", "NEAR-10"),
    ),
    (
        "GET",
        HUB,
        "/users/me/people/social/decoration/details",
        None,
        (404, 'There is no decoration "details"; did you mean detail?', "the URI", "NEAR-10"),
    ),
    (
        "GET",
        HUB,
        "/users/me/people/social/decoration/detail,zzz",
        None,
        (404, f'There is no decoration "zzz"; there are {DECORATIONS}.', "the URI", "NEAR-10"),
    ),
    (
        "GET",
        HUB,
        f"/users/me/people/xuids({STRANGER})/decoration/detail",
        None,
        (404, f"No user of this world has the xuid {STRANGER}.", "the URI", "NEAR-8"),
    ),
    (
        "POST",
        HUB,
        BATCH,
        {"xuids": [ANA, STRANGER, STRANGER]},
        (404, f"No user of this world has the xuid {STRANGER}.", "/xuids/1", "NEAR-8"),
    ),
    ("POST", HUB, BATCH, {"xuids": []}, (400, "Expected a list that is not empty; got [].", "/xuids", "NEAR-10")),
    ("POST", HUB, BATCH, {}, (400, "The field xuids is required here.", "/xuids", "CALL-6")),
    ("POST", HUB, BATCH, {"xuids": None}, (400, "Expected a list; got null.", "/xuids", "NEAR-10")),
    (
        "POST",
        PROFILE,
        PROFILES,
        {"userIds": [ANA, "x"], "settings": []},
        (400, 'Expected a string of decimal digits; got "x".', "/userIds/1", "NEAR-9"),
    ),
    (
        "POST",
        PROFILE,
        PROFILES,
        {"userIds": [ANA, STRANGER], "settings": []},
        (404, f"No user of this world has the xuid {STRANGER}.", "/userIds/1", "NEAR-8"),
    ),
    (
        "PUT",
        SOCIAL,
        f"{FOLLOW}/me",
        None,
        (400, "Stacy cannot follow themselves.", "the URI", "NEAR-11"),
    ),
    (
        "POST",
        SOCIAL,
        f"{BULK}?method=add",
        {"xuids": [ZOE, STACY]},
        (400, "Stacy cannot follow themselves.", "the URI", "NEAR-11"),
    ),
    (
        "POST",
        SOCIAL,
        f"{BULK}?method=add",
        {},
        (400, "The field xuids is required here.", "/xuids", "CALL-6"),
    ),
    (
        "POST",
        SOCIAL,
        BULK,
        {"xuids": [ZOE]},
        (400, "The parameter method is required here: add or remove.", "?method", "NEAR-11"),
    ),
    (
        "POST",
        SOCIAL,
        f"{BULK}?method=add",
        {"xuids": [ZOE, STRANGER]},
        (404, f"No user of this world has the xuid {STRANGER}.", "/xuids/1", "NEAR-8"),
    ),
    (
        "POST",
        PRESENCE,
        TITLE,
        {"state": "away"},
        (400, 'Expected one of "active", "inactive"; got "away".', "/state", "NEAR-12"),
    ),
    (
        "POST",
        PRESENCE,
        "/users/batch",
        {"users": [STRANGER]},
        (404, f"No user of this world has the xuid {STRANGER}.", "/users/0", "NEAR-8"),
    ),
    *(
        (
            "POST",
            PRESENCE,
            "/users/batch",
            {"users": [ANA], name: ["1"]},
            (
                501,
                f"What {name} asks for: the fake does not do this yet, so it refuses the request.",
                f"/{name}",
                "NEAR-12",
            ),
        )
        for name in ("titles", "deviceTypes")
    ),
]


@pytest.mark.parametrize(("method", "host", "path", "body", "refusal"), REFUSED)
def test_a_wrong_request_says_what_is_wrong(
    xbl: XboxLive,
    stacy: Caller,
    method: str,
    host: str,
    path: str,
    body: Any,
    refusal: tuple[int, str, str, str],
) -> None:
    """Place and rule are named, and nothing has changed (NEAR-8 to NEAR-12)."""
    before = state_of(xbl)
    status, *text = refusal
    assert told(stacy.ask(method, host, path, body)) == (status, refusal_text(*text))
    assert state_of(xbl) == before


def test_an_unknown_setting_is_refused(xbl: XboxLive, stacy: Caller) -> None:
    """400 with all that there are, and the nearest; it fails no test by itself (NEAR-9, SEEN-5)."""
    response = stacy.ask("GET", PROFILE, "/users/me/settings?settings=Gamertag,GamerTags")
    assert response.status_code == 400
    assert response.text.startswith('Expected one of "Gamertag", "ModernGamertag", ')
    assert response.text.endswith('got "GamerTags". Did you mean "Gamertag"?\nwhere: ?settings\nrule: NEAR-9\n')
    assert xbl.journal[-1].mistake is None


# One URL for all


@pytest.mark.parametrize(
    ("path", "operation"),
    [
        ("/users/me/people/followers", "list-followers"),
        (f"/users/me/people/xuid({ANA})", "get-following"),
        ("/users/me/people/social/decoration/detail", "list-people"),
        ("/users/me/people", "list-following"),
        ("/users/me", "get-presence"),
        ("/users/me/settings", "get-settings"),
        (f"/users/xuid({STACY})/scids/5c1d0000-0000-4000-8000-000000000001/stats/Kills", "get-statistics"),
    ],
)
def test_at_one_url_each_path_has_one_operation(xbl: XboxLive, stacy: Caller, path: str, operation: str) -> None:
    """Those of sessions, handles and statistics come first, and no neighbour hides another (NEAR-1)."""
    stacy.ask("GET", "127.0.0.1:8080", path)
    assert xbl.journal[0].operation == operation


# Anything at all

ROUTES = every_route()[len(CORE) :]
NAMES = {"who": "me", "person": f"xuid({ANA})", "group": "social", "decorations": "detail", "title": "default"}
JUNK = [b"", b"[]", b"null", b"\xff", b"{", b'{"x": 1}', b"a=1&a=2", b"%ff=", b"{}" * 600_000]


@pytest.mark.parametrize("content_type", ["application/json", "application/x-www-form-urlencoded", "text/plain", "x/y"])
@pytest.mark.parametrize("route", [pytest.param(route, id=route.operation) for route in ROUTES if route.has_body])
def test_a_strange_body_is_refused(xbl: XboxLive, stacy: Caller, route: Route, content_type: str) -> None:
    """400 or 413, never a bug of the fake, and nothing has changed (NEAR-1, CALL-6, CALL-12)."""
    client, before = xbl.client(person(xbl, "Stacy")), state_of(xbl)
    path = route.path.format(**NAMES)
    for body in JUNK:
        response = client.open(path, method=route.method, data=body, content_type=content_type)
        assert response.status_code in (400, 413), body[:9]
        assert response.text.endswith("\n"), body[:9]
    assert state_of(xbl) == before


@pytest.mark.parametrize("route", [pytest.param(route, id=route.operation) for route in ROUTES])
def test_a_neighbour_names_rules_that_there_are(route: Route) -> None:
    """The documentation links each operation to its rules; only people who sign in need no token (NEAR-1)."""
    assert set(route.rules) <= RULES.keys()
    assert route.has_body <= (route.method == "POST")
    assert (route.identify is anybody) == (route in SIGN_IN)


def test_every_neighbour_is_found_at_its_host(stacy: Caller) -> None:
    """By its path, and by the same one at one URL for all services (NEAR-1)."""
    for route in ROUTES:
        for host in (*route.hosts, "127.0.0.1:8080"):
            assert match(route.method, route.path.format(**NAMES), host)[0] is route
