"""The service at social.xboxlive.com: who follows whom (NEAR-11)."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_xbl.mpsd.checking import check_fields, require_fields
from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import ListOf, NumberInText, OneOf, digits
from pytest_xbl.wire.answer import Answer
from pytest_xbl.wire.call import Call
from pytest_xbl.wire.neighbours.answers import content
from pytest_xbl.wire.neighbours.naming import URI, caller_in, person_in, users_with_xuids
from pytest_xbl.wire.neighbours.relations import Relation, relation_of
from pytest_xbl.world.people import followers, following, is_favorite, relate, unfollow
from pytest_xbl.world.state import Account
from pytest_xbl.world.world import World

MOST = 2**31 - 1
LIST: Mapping[str, Field] = {
    "view": Field(OneOf(("all", "favorite"), any_case=True), "NEAR-11"),
    "startIndex": Field(NumberInText(0, MOST), "NEAR-11"),
    "maxItems": Field(NumberInText(1, MOST), "NEAR-11"),
}
METHOD: Mapping[str, Field] = {"method": Field(OneOf(("add", "remove")), "NEAR-11", needed=True)}
BULK: Mapping[str, Field] = {"xuids": Field(ListOf(digits, filled=True), "NEAR-11", needed=True)}
"""The body that names several people."""


def list_following(call: Call) -> Answer:
    """Read whom the caller follows."""
    owner = caller_in(call).key
    whole = following(call.world, owner)
    if call.parameters.get("view", "").lower() == "favorite":
        whole = [xuid for xuid in whole if is_favorite(call.world, owner, xuid)]
    start = int(call.parameters.get("startIndex", 0))
    shown = whole[start : start + int(call.parameters.get("maxItems", MOST))]
    return content({"people": [_person(call.world, owner, xuid) for xuid in shown], "totalCount": len(whole)})


def get_following(call: Call) -> Answer:
    """Read one of the people whom the caller follows."""
    owner, other = caller_in(call), person_in(call, "person")
    if not relation_of(call.world, owner.key, other.key).follows:
        what = f"{owner.caller.name} does not follow {other.caller.name}."
        raise Refusal(404, what, where=URI, rule="NEAR-11")
    return content(_person(call.world, owner.key, other.key))


def follow(call: Call) -> Answer:
    """Let the caller follow somebody."""
    owner, other = caller_in(call), person_in(call, "person")
    _require_others(owner, [other])
    _follow(call.world, owner, other)
    return Answer(204)


def unfollow_person(call: Call) -> Answer:
    """Let the caller unfollow somebody."""
    unfollow(call.world, caller_in(call).key, person_in(call, "person").key)
    return Answer(204)


def remove_follower(call: Call) -> Answer:
    """Take a follower of the caller away."""
    owner = caller_in(call)
    unfollow(call.world, person_in(call, "person").key, owner.key)
    return Answer(204)


def change_friends(call: Call) -> Answer:
    """Let the caller follow or unfollow several people; all of them, or nobody."""
    owner = caller_in(call)
    if "method" not in call.parameters:
        raise Refusal(400, "The parameter method is required here: add or remove.", where="?method", rule="NEAR-11")
    check_fields(BULK, call.body, removable=False)
    require_fields(BULK, call.body)
    with call.world.exclusively():
        others = users_with_xuids(call.world, call.body["xuids"], "xuids")
        _require_others(owner, others)
        for other in others:
            if call.parameters["method"] == "add":
                _follow(call.world, owner, other)
            else:
                unfollow(call.world, owner.key, other.key)
    return content({"updatedPeople": [other.key for other in others]})


def get_summary(call: Call) -> Answer:
    """Read how many people a user follows and is followed by, and what they are to the caller."""
    account = person_in(call)
    relation = relation_of(call.world, call.viewer, account.key)
    return content(
        {
            "targetFollowingCount": len(following(call.world, account.key)),
            "targetFollowerCount": len(followers(call.world, account.key)),
            "isCallerFollowingTarget": relation.follows,
            "isTargetFollowingCaller": relation.is_followed,
            "hasCallerMarkedTargetAsFavorite": relation.favors,
            "hasCallerMarkedTargetAsKnown": False,
            "hasCallerMarkedTargetAsIdentityShared": False,
            "legacyFriendStatus": STATUSES[relation.follows, relation.is_followed],
            "isFriend": relation.follows and relation.is_followed,
        }
    )


STATUSES = {
    (False, False): "None",
    (True, False): "OutgoingRequest",
    (False, True): "IncomingRequest",
    (True, True): "MutuallyAccepted",
}
"""The words for a relation, by whether the caller follows the other, and the other way round."""


def _follow(world: World, owner: Account, other: Account) -> None:
    nobody: frozenset[str] = frozenset()
    relate(world, owner.key, follows=frozenset({other.key}), favorites=nobody, blocks=nobody)


def _require_others(owner: Account, others: list[Account]) -> None:
    if owner in others:
        raise Refusal(400, f"{owner.caller.name} cannot follow themselves.", where=URI, rule="NEAR-11")


def _person(world: World, owner: str, xuid: str) -> JsonObject:
    relation: Relation = relation_of(world, owner, xuid)
    return {
        "xuid": xuid,
        "isFavorite": relation.favors,
        "isFollowedByCaller": relation.follows,
        "isFollowingCaller": relation.is_followed,
        "isIdentityShared": False,
    }
