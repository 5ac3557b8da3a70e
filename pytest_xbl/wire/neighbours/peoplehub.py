"""The service at peoplehub.xboxlive.com: people with their relation to the caller (NEAR-10)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from pytest_xbl.mpsd.checking import check_fields, require_fields
from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import ListOf, digits
from pytest_xbl.mpsd.suggesting import did_you_mean, nearest
from pytest_xbl.wire.answer import Answer
from pytest_xbl.wire.call import Call
from pytest_xbl.wire.neighbours.answers import content
from pytest_xbl.wire.neighbours.naming import URI, caller_in, person_in, user_with_xuid, users_with_xuids
from pytest_xbl.wire.neighbours.relations import Relation, relation_of
from pytest_xbl.world.people import account_of, followers, following, is_present
from pytest_xbl.world.world import World


def _friends(world: World, xuid: str) -> list[str]:
    followed = set(following(world, xuid))
    return [other for other in followers(world, xuid) if other in followed]


def _received(world: World, xuid: str) -> list[str]:
    followed = set(following(world, xuid))
    return [other for other in followers(world, xuid) if other not in followed]


def _sent(world: World, xuid: str) -> list[str]:
    following_them = set(followers(world, xuid))
    return [other for other in following(world, xuid) if other not in following_them]


GROUPS: Mapping[str, Callable[[World, str], list[str]]] = {
    "social": following,
    "followers": followers,
    "friends": _friends,
    "friendrequests(received)": _received,
    "friendrequests(sent)": _sent,
}
"""The people of a user, by the names of their lists."""
XUIDS = re.compile(r"(?i)xuids\(([0-9]{1,20}(?:,[0-9]{1,20})*)\)")
DECORATIONS = (
    *("detail", "preferredColor", "multiplayerSummary", "presenceDetail", "presenceTitleIds", "titlePresence"),
    *("titleSummary", "titleHistory", "suggestion", "recentPlayer", "follower", "communityManagerTitles"),
    *("socialManager", "broadcast", "tournamentSummary", "avatar", "linkedAccounts"),
)
"""The names of further parts of a person, of which the fake has only the first."""
KNOWN_DECORATIONS = {name.lower() for name in DECORATIONS}
BATCH: Mapping[str, Field] = {"xuids": Field(ListOf(digits, filled=True), "NEAR-10", needed=True)}
"""The body of a batch."""
USUAL: JsonObject = {
    "colorTheme": "",
    "displayPicRaw": "",
    "gamerScore": "0",
    "isBroadcasting": False,
    "isIdentityShared": False,
    "isQuarantined": False,
    "isXbox360Gamerpic": False,
    "modernGamertagSuffix": "",
    "preferredFlag": "",
    "preferredPlatforms": [],
    "presenceText": "",
    "realName": "",
    "showUserAsAvatar": "0",
    "xboxOneRep": "GoodPlayer",
}
"""The fields of a person that are the same for everybody."""
USUAL_DETAIL: JsonObject = {
    "accountTier": "Silver",
    "bio": "",
    "blocked": False,
    "canBeFollowed": True,
    "canBeFriended": True,
    "hasGamePass": False,
    "isFriendListShared": True,
    "isVerified": False,
    "location": "",
    "mute": False,
    "tenure": "0",
    "watermarks": [],
}


def require_group(part: str) -> None:
    """Refuse a list of people that there is not.

    Raises:
        Refusal: 404.
    """
    if part.lower() not in GROUPS and not XUIDS.fullmatch(part):
        what = f"The lists of people are {', '.join(GROUPS)} and xuids(<xuids with commas between them>)"
        raise Refusal(404, f"{what}; got {brief(part)}.", where=URI, rule="NEAR-10")


def require_decorations(part: str) -> None:
    """Refuse a part of a person that there is not.

    Raises:
        Refusal: 404.
    """
    for name in part.split(","):
        if name.lower() not in KNOWN_DECORATIONS:
            near = nearest(name, DECORATIONS)
            hint = did_you_mean(near, otherwise=f"; there are {', '.join(DECORATIONS)}.")
            raise Refusal(404, f"There is no decoration {brief(name)}{hint}", where=URI, rule="NEAR-10")


def list_social(call: Call) -> Answer:
    """Read the people whom a user follows, with what they are to the caller."""
    return _group(call, "social")


def list_followers(call: Call) -> Answer:
    """Read the people who follow a user, with what they are to the caller."""
    return _group(call, "followers")


def list_friends(call: Call) -> Answer:
    """Read the people whom a user follows and who follow them, with what they are to the caller."""
    return _group(call, "friends")


def list_received_requests(call: Call) -> Answer:
    """Read the people who follow a user and whom they do not follow, with what they are to the caller."""
    return _group(call, "friendrequests(received)")


def list_sent_requests(call: Call) -> Answer:
    """Read the people whom a user follows and who do not follow them, with what they are to the caller."""
    return _group(call, "friendrequests(sent)")


def list_people(call: Call) -> Answer:
    """Read one of these lists, or people by their xuids, with further parts of each."""
    group = call.names["group"]
    match = XUIDS.fullmatch(group)
    if match:
        caller_in(call)
        found = dict.fromkeys(user_with_xuid(call.world, xuid, where=URI).key for xuid in match[1].split(","))
        return _people(call, list(found))
    return _group(call, group.lower())


def look_up_people(call: Call) -> Answer:
    """Read several people by their xuids, with what they are to the caller; a read, although it is a POST."""
    caller_in(call)
    check_fields(BATCH, call.body, removable=False)
    require_fields(BATCH, call.body)
    return _people(call, [account.key for account in users_with_xuids(call.world, call.body["xuids"], "xuids")])


def _group(call: Call, name: str) -> Answer:
    return _people(call, GROUPS[name](call.world, person_in(call).key))


def _people(call: Call, xuids: list[str]) -> Answer:
    detailed = "detail" in call.names.get("decorations", "").lower().split(",")
    return content({"people": [_person(call, xuid, detailed=detailed) for xuid in xuids]})


def _person(call: Call, xuid: str, *, detailed: bool) -> JsonObject:
    account = account_of(call.world, xuid)
    gamertag = account.caller.gamertag or "" if account else ""
    relation = relation_of(call.world, call.viewer, xuid)
    names = dict.fromkeys(("displayName", "gamertag", "modernGamertag", "uniqueModernGamertag"), gamertag)
    state = "Online" if account and is_present(call.world, xuid) else "Offline"
    person: JsonObject = {"xuid": xuid, **names, **_flags(relation), "presenceState": state, **USUAL}
    return {**person, "detail": _detail(call.world, xuid, relation)} if detailed else person


def _detail(world: World, xuid: str, relation: Relation) -> JsonObject:
    counts = {"followerCount": followers, "followingCount": following, "friendCount": _friends}
    return {
        **USUAL_DETAIL,
        **{name: len(people(world, xuid)) for name, people in counts.items()},
        **_flags(relation),
    }


def _flags(relation: Relation) -> JsonObject:
    return {
        "isFavorite": relation.favors,
        "isFollowedByCaller": relation.follows,
        "isFollowingCaller": relation.is_followed,
        "isFriend": relation.follows and relation.is_followed,
        "isFriendRequestReceived": relation.is_followed and not relation.follows,
        "isFriendRequestSent": relation.follows and not relation.is_followed,
    }
