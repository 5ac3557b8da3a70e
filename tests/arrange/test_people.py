"""The people of a seed: users, services, and how they relate to each other (CALL-3, CALL-4)."""

from __future__ import annotations

from typing import Any

import pytest

from errors import error_of
from pytest_xbl import Seed, XblError, XboxLive
from seeds import PEOPLE, Row, SeedDict, refusals, refused, with_session, world


def test_a_user_has_the_claims_that_the_seed_gives() -> None:
    """All of them (CALL-3, CALL-4, CALL-10)."""
    claims = {"xuid": "77", "gamertag": "Ana Bee", "deviceId": "F7", "titleId": "7", "token": "her-token"}
    more = {"userhash": "hash", "privileges": [], "sandbox": "XDKS.1"}
    ana = world({"users": {"Ana": {**claims, **more}}}).scenario["Ana"]
    caller = ana._caller
    assert (ana.name, ana.xuid, ana.gamertag, ana.authorization) == ("Ana", "77", "Ana Bee", "XBL3.0 x=hash;her-token")
    assert (caller.device_id, caller.title_id, caller.privileges, caller.sandbox) == ("F7", "7", frozenset(), "XDKS.1")
    assert caller.server is False


@pytest.mark.parametrize("users", [["Ana", "Bob"], {"Ana": {}, "Bob": {}}])
def test_users_are_as_a_call_makes_them(users: Any) -> None:
    """With the same claims by default as `xbl.users` gives (CALL-4, SEED-12)."""
    by_call = XboxLive()
    by_call.users("Ana", "Bob")
    assert world({"users": users}).dump() == by_call.dump()


def test_a_gamertag_may_be_missing() -> None:
    """As in a token without that claim (CALL-4)."""
    ana = world({"users": {"Ana": {"gamertag": ""}}}).scenario["Ana"]
    assert (ana.gamertag, ana._caller.gamertag) == ("", None)


def test_a_free_xuid_is_one_that_nobody_has() -> None:
    """Also if somebody has chosen the one that would be next (CALL-10)."""
    xbl = world({"users": {"Ana": {"xuid": "2533274790000002"}, "Bob": {}, "Cid": {}}})
    assert [user.xuid for user in xbl.scenario.users] == ["2533274790000002", "2533274790000003", "2533274790000004"]


def test_users_follow_favor_and_block_each_other() -> None:
    """Also people who come later in the seed, or were there before, and strangers (JOIN-2, HAND-10, OWN-4)."""
    nine = {"xuid": "9"}
    xbl = world(
        {
            "users": {
                "Ana": {"xuid": "1", "follows": ["Bob", nine], "favorites": [nine], "blocks": ["Cid"]},
                "Bob": {"xuid": "2", "follows": []},
                "Cid": {"xuid": "3", "follows": ["Ana"]},
            }
        }
    )
    xbl.seed({"users": {"Dot": {"xuid": "4", "follows": ["Ana"], "favorites": ["Ana"]}}})
    state = xbl._world._state
    assert state.follows == {"1": {"2", "9"}, "3": {"1"}, "4": {"1"}}
    assert [state.favorites, state.blocks] == [{"1": {"9"}, "4": {"1"}}, {"1": {"3"}}]


def test_everybody_is_in_the_title_by_default() -> None:
    """Whoever is not becomes inactive at the next access (TIME-7)."""
    users = {"Ana": {"present": False}, "Bob": {"present": True}, "Cid": {}}
    xbl = world({**with_session({"members": ["Ana", "Bob", "Cid"]}), "users": users})
    assert [user.present for user in xbl.scenario.users] == [False, True, True]


def test_services_act_for_nobody_or_for_a_user() -> None:
    """Their keys are the next free ones (CALL-4)."""
    xbl = world({"users": PEOPLE, "services": {"server": {}, "helper": {"onBehalfOf": "Bob"}}})
    server, helper = xbl.scenario["server"], xbl.scenario["helper"]
    shown = [(one.name, one.xuid, one._caller.server, one.token) for one in (server, helper)]
    assert shown == [("server", "", True, "world.service-1"), ("helper", "12", True, "world.service-2")]


def test_a_person_named_by_the_xuid_of_a_user_is_that_user() -> None:
    """Wherever a seed names people (SEED-2)."""
    locked = {"system": {"closed": True, "locked": True}}
    document = with_session({"members": ["Ana"], "away": [{"xuid": "12"}], "properties": locked})
    document["users"] = {**PEOPLE, "Cid": {"follows": [{"xuid": "11"}]}}
    document["handles"] = {"go": {"type": "activity", "session": "one", "owner": {"xuid": "11"}}}
    xbl = world(document)
    assert xbl.scenario["Ana"].activity == xbl.scenario["go"]
    assert xbl.scenario["go"].title_id == xbl.scenario["Ana"].title_id
    dumped = xbl.dump()
    assert (dumped["users"]["Cid"]["follows"], dumped["sessions"]["one"]["away"]) == (["Ana"], ["Bob"])


def test_a_dump_lists_whom_somebody_follows_by_xuid() -> None:
    """In the same order each time, though a set has none (SEED-7)."""
    others = [{"xuid": xuid} for xuid in "75986"]
    graphs = dict.fromkeys(("follows", "favorites", "blocks"), others)
    dumped = world({"users": {"Ana": {"xuid": "1", **graphs}}}).dump()["users"]["Ana"]
    assert [[one["xuid"] for one in dumped[graph]] for graph in graphs] == [[*"56789"]] * 3


def test_a_dump_has_the_people_who_left_a_locked_session_in_their_order() -> None:
    """Whatever their xuids are (SEED-7)."""
    away = [{"xuid": "99"}, "Bob"]
    locked = {"system": {"closed": True, "locked": True}}
    xbl = world({**with_session({"members": ["Ana"], "away": away, "properties": locked}), "users": PEOPLE})
    assert xbl.dump()["sessions"]["one"]["away"] == away


NAMELESS = "The name of a caller is not empty."
NO_BOB = 'There is no user "Bob"; there are: Ana.'
# Seeds that are refused, by the place in them, the rule and the text.
REFUSED: dict[str, list[SeedDict]] = {
    f"/users/ SEED-1: {NAMELESS}": [{"users": [""]}],
    f"/services/ SEED-1: {NAMELESS}": [{"services": {"": {}}}],
    "/services/Ana SEED-11: The name 'Ana' is taken; every caller needs a unique name.": [
        {"users": ["Ana"], "services": {"Ana": {}}}
    ],
    "/users/Bob/xuid SEED-11: The xuid 1 is Ana's already.": [{"users": {"Ana": {"xuid": "1"}, "Bob": {"xuid": "1"}}}],
    "/users/a~1b~0/token SEED-11: The token is Ana's already.": [
        {"users": {"Ana": {"token": "t"}, "a/b~": {"token": "t"}}}
    ],
    **{
        f"/users/Ana/{graph} SEED-2: {NO_BOB}": [{"users": {"Ana": {graph: ["Bob"]}}}]
        for graph in ("follows", "favorites", "blocks")
    },
    '/users/Ana/follows SEED-2: There is no user "server"; there are: Ana, Bob.': [
        {"users": {"Ana": {"follows": ["server"]}, "Bob": {}}, "services": {"server": {}}}
    ],
    **{
        f"/users/Ana/{graph} SEED-2: Ana cannot {verb} themselves.": [
            {"users": {"Ana": {"xuid": "1", "follows": [], graph: [{"xuid": "1"}]}}}
        ]
        for graph, verb in (("follows", "follow"), ("favorites", "favor"), ("blocks", "block"))
    },
    "/users/Ana/favorites HAND-10: Favorites are among the people whom a user follows; name them under follows, too.": [
        {"users": {"Ana": {"favorites": ["Bob"]}, "Bob": {}}}
    ],
    '/services/server/onBehalfOf SEED-2: There is no user "Ana"; there are: none.': [
        {"services": {"server": {"onBehalfOf": "Ana"}}}
    ],
    '/services/server/actingFor/1 SEED-2: There is no user "Bob"; there are: Ana.': [
        {"users": ["Ana"], "services": {"server": {"actingFor": ["Ana", "Bob"]}}}
    ],
    "/services/s/actingFor/1 S2S-1: A service acts for one title in a call, but Ana plays 7, and Bob plays 8.": [
        {"users": {"Ana": {"titleId": "7"}, "Bob": {"titleId": "8"}}, "services": {"s": {"actingFor": ["Ana", "Bob"]}}}
    ],
    '/services/b/onBehalfOf SEED-2: There is no user "a"; there are: none.': [
        {"services": {"a": {}, "b": {"onBehalfOf": "a"}}}
    ],
}


@refusals(REFUSED)
def test_people_who_cannot_be_are_refused(given: SeedDict, row: Row) -> None:
    """With their place (SEED-1, SEED-2, SEED-11)."""
    assert refused(given) == row


@pytest.mark.parametrize("names", [("Ana", "Bob", "Ana"), ("Ana", "")])
def test_several_users_are_made_together_or_not_at_all(names: tuple[str, ...]) -> None:
    """A call makes nobody if one of them cannot be (SEED-11)."""
    xbl = XboxLive()
    before = xbl.dump()
    with pytest.raises(XblError):
        xbl.users(*names)
    assert xbl.dump() == before


def test_a_text_does_not_list_very_many_people() -> None:
    """Two hundred characters of names will do (SEED-2)."""
    names = ["n" * 98, "m" * 98]
    assert refused({"users": names, "services": {"s": {"onBehalfOf": "x"}}})[0].endswith(f"{'m' * 98}.")
    names.append("l")
    listed = f"{', '.join(names)[:197]}..."
    assert refused({"users": names, "services": {"s": {"onBehalfOf": "x"}}})[0].endswith(f"there are: {listed}.")


@pytest.mark.parametrize(("token", "whose"), [("mine.12", "Bob"), ("mine.service-1", "server")])
def test_a_token_is_not_one_that_another_has_in_the_world_of_that_name(token: str, whose: str) -> None:
    """Tokens that nobody has chosen begin with the name of the world, which a seed does not know (CALL-3, SEED-11)."""
    seed = Seed({"users": {"Ana": {"token": token}, "Bob": {"xuid": "12"}}, "services": {"server": {}}})
    text = f"The token of Ana is {whose}'s already.\nwhere: seed/users/Ana/token\nrule: SEED-11"
    assert error_of(lambda: XboxLive(name="mine", seed=seed)) == text
    assert XboxLive(name="another", seed=seed).scenario["Ana"].token == token
    text = f"The token is Ana's already.\nwhere: /{'users' if whose == 'Bob' else 'services'}/{whose}/token in the seed"
    assert error_of(lambda: XboxLive(name="mine").seed(seed)) == f"{text}\nrule: SEED-11"


@pytest.mark.parametrize("token", ["mine", "mine.", "mine.99", "world.12", "mine.1"])
def test_a_token_that_nobody_else_has_is_fine(token: str) -> None:
    """Also if it looks like one, or is the one that its owner would have (CALL-3)."""
    users = {"Ana": {"token": token, "xuid": "1"}, "Bob": {"xuid": "12"}}
    xbl = XboxLive(name="mine", seed={"users": users})
    assert [user.token for user in xbl.scenario.users] == [token, "mine.12"]
