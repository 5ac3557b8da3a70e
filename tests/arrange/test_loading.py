"""What becomes of a seed: people, templates, sessions, handles, statistics and the clock."""

from __future__ import annotations

import gc
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from pytest_xbl.world._state import START

from people import person
from pytest_xbl import Seed, SessionRef, XblError, XboxLive
from pytest_xbl.mpsd.devices import device_token

SCID = XboxLive.scid
OTHER = "5c1d0000-0000-4000-8000-00000000000A"
HANDLE_ID = "0a0b0c0d-0000-4000-a000-00000000000f"
EARLIER = "2026-01-01T11:00:00Z"
EARLIEST = "2026-01-01T10:00:00Z"
LATER = "2026-01-01T13:00:00Z"
HOUR = timedelta(hours=1)
ADDRESS = "QUJDRA=="
PEOPLE = {"Ana": {"xuid": "11"}, "Bob": {"xuid": "12"}, "Cid": {"xuid": "13"}}
ACTIVE = {"members": {"me": {"properties": {"system": {"active": True}}}}}
TEMPLATES: dict[str, Any] = {
    "slow": {
        "constants": {
            "system": {
                "maxMembersCount": 3,
                "inactiveRemovalTimeout": 7_200_000,
                "reservedRemovalTimeout": 7_200_000,
                "readyRemovalTimeout": 7_200_000,
                "sessionEmptyTimeout": 7_200_000,
                "capabilities": {"connectivity": True},
            }
        }
    },
    "party": {"constants": {"system": {"visibility": "private"}}},
    "brief": {"constants": {"system": {"readyRemovalTimeout": 0, "reservedRemovalTimeout": 0}}},
}


def loaded(document: dict[str, Any]) -> XboxLive:
    """The world that begins with a seed."""
    return XboxLive(seed=Seed(document))


def with_session(session: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A seed with three people, some templates and a session called one."""
    return {"users": PEOPLE, "templates": TEMPLATES, "sessions": {"one": {"template": "slow", **session}}, **more}


def with_handle(handle: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A seed with a session with Ana and Bob in it, a ticket with Ana in it, a session that is gone, and a handle."""
    sessions = {
        "one": {"template": "lobby", "members": ["Ana", "Bob"]},
        "ticket": {"template": "ticket", "members": ["Ana"]},
        "old": {"template": "lobby", "gone": True, "incarnation": 4},
    }
    return {"users": PEOPLE, "sessions": sessions, "handles": {"go": {"session": "one", **handle}}, **more}


def error_of(document: dict[str, Any]) -> str:
    """The text of the error with which a seed is not loaded; it has the seed form."""
    seed = Seed(document)
    with pytest.raises(XblError) as error:
        seed.loaded(Path())
    return str(error.value)


def members(xbl: XboxLive) -> dict[str, Any]:
    """The members of the session called one, as they are shown, by index."""
    found: dict[str, Any] = xbl.sessions["one"].document["members"]
    return found


# The whole


def test_nothing_is_as_every_world_begins() -> None:
    """Ready-made templates, noon, and nobody (SEED-1)."""
    xbl = loaded({})
    assert (xbl.dump(), xbl.clock.now) == (XboxLive().dump(), START)
    assert (list(xbl.scenario), xbl.scenario.users) == ([], ())


def test_a_seed_tells_what_it_has_made() -> None:
    """People, sessions and handles, by the names that it gives them."""
    found = Seed(
        {
            **with_handle({"type": "invite", "owner": "Ana", "invited": "Cid", "id": HANDLE_ID}),
            "services": {"server": {}},
            "expected": {"sessions": {"one": None}},
        }
    ).loaded(Path())
    assert found.people == ("Ana", "Bob", "Cid", "server")
    assert found.sessions == {name: SessionRef(SCID, where, name) for name, where in SESSIONS.items()}
    assert (found.handles, found.expected) == ({"go": HANDLE_ID}, {"sessions": {"one": None}})
    assert found.state.handles[HANDLE_ID].invited == "13"


SESSIONS = {"one": "lobby", "ticket": "ticket", "old": "lobby"}


def test_a_seed_is_loaded_once_however_many_worlds_begin_with_it() -> None:
    """What happens in one of them does not happen in the others."""
    seed = Seed(with_session({"members": ["Ana"]}))
    one, other = XboxLive(seed=seed), XboxLive(seed=seed)
    one.client(one.scenario["Bob"]).put(one.sessions["one"].ref.path, json=ACTIVE)
    assert (len(members(one)), len(members(other))) == (2, 1)
    assert seed.loaded(Path()) is seed.loaded(Path())
    assert len(members(XboxLive(seed=seed))) == 1


@pytest.mark.parametrize("was_on", [True, False])
def test_the_collector_of_garbage_is_as_it_was(was_on: bool) -> None:
    """Loading lets it rest, whether the seed is refused or not."""
    before = gc.isenabled()
    (gc.enable if was_on else gc.disable)()
    try:
        loaded(with_session({"members": ["Ana"]}))
        after = [gc.isenabled()]
        error_of(with_session({"members": ["Zoe"]}))
        after.append(gc.isenabled())
    finally:
        (gc.enable if before else gc.disable)()
    assert after == [was_on, was_on]


def test_a_seed_comes_on_top_of_what_is_there() -> None:
    """It may name whom and what the world had before (SEED-2)."""
    xbl = loaded({"users": PEOPLE, "templates": TEMPLATES})
    scenario = xbl.seed({"users": ["Dot"], "sessions": {"one": {"template": "slow", "members": ["Ana", "Dot"]}}})
    assert [user.name for user in scenario.users] == ["Dot"]
    assert [member["gamertag"] for member in members(xbl).values()] == ["Ana", "Dot"]


REFUSED_LATE: dict[str, dict[str, Any]] = {
    # Seeds of which everything is fine but the last section.
    "users": {"users": {"Dot": {}, "Ana": {}}},
    "templates": {"users": ["Dot"], "templates": {"duel": {}, "slow": {"constants": {"system": {"version": 0}}}}},
    "sessions": {
        "users": ["Dot"],
        "sessions": {"two": {"template": "slow", "members": ["Dot"]}, "three": {"template": "x"}},
    },
    "handles": {
        "users": ["Dot"],
        "sessions": {"two": {"template": "slow", "members": ["Dot"]}},
        "handles": {
            "go": {"type": "activity", "owner": "Dot", "session": "two"},
            "on": {"type": "invite", "session": "one"},
        },
    },
    "statistics": {
        "now": LATER,
        "users": {"Dot": {"present": False, "follows": ["Ana"]}},
        "statistics": {"values": "strings", "users": {"Dot": {"wins": 1}, "Zoe": {"wins": 1}}},
    },
    "a part of it": {"users": ["Dot"], "sessions": {"two": {}}},
    "a file": {"users": ["Dot"], "extends": "none.json"},
}


@pytest.mark.parametrize("document", REFUSED_LATE.values(), ids=REFUSED_LATE)
def test_a_seed_that_is_refused_changes_nothing(document: dict[str, Any]) -> None:
    """It is loaded as a whole, or not at all (SEED-9)."""
    xbl = loaded(with_session({"members": ["Ana"]}))
    before, scenario = xbl._world._state.copy(), list(xbl.scenario)
    with pytest.raises(XblError):
        xbl.seed(document)
    assert (xbl._world._state, list(xbl.scenario)) == (before, scenario)
    xbl.user("Eve")
    xbl.reset()
    assert xbl._world._state == before


# The clock


@pytest.mark.parametrize("now", [LATER, EARLIER, datetime(2031, 5, 1, tzinfo=timezone(timedelta(hours=2)))])
def test_the_clock_shows_what_the_seed_says(now: Any) -> None:
    """Earlier or later than noon, and in UTC (TIME-1)."""
    xbl = loaded({"now": now})
    meant = now if isinstance(now, datetime) else datetime.fromisoformat(now.replace("Z", "+00:00"))
    assert (xbl.clock.now, xbl.clock.now.utcoffset()) == (meant, timedelta())


def test_the_clock_does_not_run_backwards_where_sessions_are() -> None:
    """A world that has none may begin earlier (TIME-1)."""
    xbl = loaded({"users": ["Ana"]})
    xbl.seed({"now": EARLIER})
    xbl.seed({"sessions": {"one": {"template": "lobby", "members": ["Ana"]}}})
    xbl.seed({"now": EARLIER, "users": ["Bob"]})
    with pytest.raises(XblError) as error:
        xbl.seed({"now": EARLIEST})
    assert str(error.value) == (
        "The clock shows 2026-01-01 11:00:00+00:00, and does not run backwards where there are sessions already.\n"
        "where: /now in the seed\nrule: TIME-1"
    )


# People


def test_a_user_has_the_claims_that_the_seed_gives() -> None:
    """All of them (CALL-3, CALL-4, CALL-10)."""
    xbl = loaded(
        {
            "users": {
                "Ana": {
                    "xuid": "77",
                    "gamertag": "Ana Bee",
                    "deviceId": "F7",
                    "titleId": "7",
                    "token": "her-token",
                    "userhash": "hash",
                    "privileges": [],
                    "sandbox": "XDKS.1",
                }
            }
        }
    )
    ana = xbl.scenario["Ana"]
    caller = ana._caller
    assert (ana.name, ana.xuid, ana.gamertag, ana.authorization) == ("Ana", "77", "Ana Bee", "XBL3.0 x=hash;her-token")
    assert (caller.device_id, caller.title_id, caller.privileges, caller.sandbox) == ("F7", "7", frozenset(), "XDKS.1")
    assert caller.server is False


@pytest.mark.parametrize("users", [["Ana", "Bob"], {"Ana": {}, "Bob": {}}])
def test_users_are_as_the_fake_makes_them_unless_the_seed_says_otherwise(users: Any) -> None:
    """The same as `xbl.users` makes (CALL-4)."""
    by_hand = XboxLive()
    by_hand.users("Ana", "Bob")
    assert loaded({"users": users}).dump() == by_hand.dump()


def test_a_gamertag_may_be_missing() -> None:
    """A token without that claim (CALL-4)."""
    xbl = loaded({"users": {"Ana": {"gamertag": ""}}})
    assert (xbl.scenario["Ana"].gamertag, xbl.scenario["Ana"].caller.gamertag) == ("", None)


def test_a_free_xuid_is_one_that_nobody_has() -> None:
    """Also if somebody has chosen the one that would be next (CALL-10)."""
    xbl = loaded({"users": {"Ana": {"xuid": "2533274790000002"}, "Bob": {}, "Cid": {}}})
    assert [user.xuid for user in xbl.scenario.users] == ["2533274790000002", "2533274790000003", "2533274790000004"]


def test_users_follow_favor_and_block_each_other() -> None:
    """Also those who come later in the seed, and strangers; on top of what was there (JOIN-2, HAND-10, OWN-4)."""
    xbl = loaded(
        {
            "users": {
                "Ana": {
                    "xuid": "1",
                    "follows": ["Bob", {"xuid": "9"}],
                    "favorites": [{"xuid": "9"}],
                    "blocks": ["Cid"],
                },
                "Bob": {"xuid": "2", "follows": []},
                "Cid": {"xuid": "3", "follows": ["Ana"]},
            }
        }
    )
    xbl.seed({"users": {"Dot": {"xuid": "4", "follows": ["Ana"], "favorites": ["Ana"]}}})
    state = xbl._world._state
    assert state.follows == {"1": {"2", "9"}, "3": {"1"}, "4": {"1"}}
    assert [state.favorites, state.blocks] == [{"1": {"9"}, "4": {"1"}}, {"1": {"3"}}]


def test_presence_is_in_the_title_unless_the_seed_says_otherwise() -> None:
    """Whoever is not there becomes inactive at the next access (TIME-7)."""
    xbl = loaded(
        {
            "users": {"Ana": {"xuid": "1", "present": False}, "Bob": {"present": True}, "Cid": {}},
            "templates": TEMPLATES,
            "sessions": {"one": {"template": "slow", "members": ["Ana", "Bob", "Cid"]}},
        }
    )
    assert xbl._world._state.absent == {"1"}
    assert [member["properties"]["system"] for member in members(xbl).values()] == [
        {},
        {"active": True},
        {"active": True},
    ]


def test_services_act_for_nobody_or_for_a_user() -> None:
    """A user of the seed, or one who was there (CALL-4)."""
    xbl = loaded({"users": PEOPLE, "services": {"server": {}, "helper": {"onBehalfOf": "Bob"}}})
    server, helper = xbl.scenario["server"], xbl.scenario["helper"]
    assert [(one.name, one.xuid, one.caller.server) for one in (server, helper)] == [
        ("server", "", True),
        ("helper", "12", True),
    ]
    by_hand = XboxLive()
    by_hand.user("Bob", xuid="12")
    assert by_hand.service("server").account == server.account


REFUSED_PEOPLE: dict[str, tuple[dict[str, Any], str]] = {
    "no name": ({"users": [""]}, "A caller's name is not empty.\nwhere: /users/ in the seed\nrule: SEED-1"),
    "no name of a service": (
        {"services": {"": {}}},
        "A caller's name is not empty.\nwhere: /services/ in the seed\nrule: SEED-1",
    ),
    "a name twice": (
        {"users": ["Ana"], "services": {"Ana": {}}},
        (
            "There is somebody called 'Ana' already; every caller needs a name of their own.\n"
            "where: /services/Ana in the seed\nrule: SEED-1"
        ),
    ),
    "a xuid twice": (
        {"users": {"Ana": {"xuid": "1"}, "Bob": {"xuid": "1"}}},
        "The xuid 1 is Ana's already.\nwhere: /users/Bob in the seed\nrule: SEED-1",
    ),
    "a token twice": (
        {"users": {"Ana": {"token": "t"}, "Bob": {"token": "t"}}},
        "The token 't' is Ana's already (CALL-3).\nwhere: /users/Bob in the seed\nrule: SEED-1",
    ),
    "follows nobody": (
        {"users": {"Ana": {"follows": ["Bob"]}}},
        'There is no user "Bob"; there are: Ana.\nwhere: /users/Ana/follows in the seed\nrule: SEED-2',
    ),
    "blocks nobody": (
        {"users": {"Ana": {"blocks": ["Bob"]}}},
        'There is no user "Bob"; there are: Ana.\nwhere: /users/Ana/blocks in the seed\nrule: SEED-2',
    ),
    "a favorite who is nobody": (
        {"users": {"Ana": {"favorites": ["Bob"]}}},
        'There is no user "Bob"; there are: Ana.\nwhere: /users/Ana/favorites in the seed\nrule: SEED-2',
    ),
    "follows a service": (
        {"users": {"Ana": {"follows": ["server"]}, "Bob": {}}, "services": {"server": {}}},
        'There is no user "server"; there are: Ana, Bob.\nwhere: /users/Ana/follows in the seed\nrule: SEED-2',
    ),
    "follows themselves": (
        {"users": {"Ana": {"follows": ["Ana"]}}},
        "Ana stands among those whom they name.\nwhere: /users/Ana/follows in the seed\nrule: SEED-2",
    ),
    "blocks themselves by xuid": (
        {"users": {"Ana": {"xuid": "1", "blocks": [{"xuid": "1"}]}}},
        "Ana stands among those whom they name.\nwhere: /users/Ana/blocks in the seed\nrule: SEED-2",
    ),
    "a favorite whom they do not follow": (
        {"users": {"Ana": {"favorites": ["Bob"]}, "Bob": {}}},
        (
            "Favorites are some of those whom somebody follows; name them under follows, too.\n"
            "where: /users/Ana/favorites in the seed\nrule: HAND-10"
        ),
    ),
    "a service for nobody that there is": (
        {"services": {"server": {"onBehalfOf": "Ana"}}},
        'There is no user "Ana"; there are: none.\nwhere: /services/server/onBehalfOf in the seed\nrule: SEED-2',
    ),
    "a service for a service": (
        {"services": {"a": {}, "b": {"onBehalfOf": "a"}}},
        'There is no user "a"; there are: none.\nwhere: /services/b/onBehalfOf in the seed\nrule: SEED-2',
    ),
}


def test_a_person_named_by_the_xuid_of_a_user_is_that_user() -> None:
    """Wherever a seed names people (SEED-2)."""
    ana, bob = {"xuid": "11"}, {"xuid": "12"}
    document = with_session(
        {"members": ["Ana"], "away": [bob], "properties": {"system": {"closed": True, "locked": True}}}
    )
    document["users"] = {**PEOPLE, "Cid": {"follows": [ana]}}
    document["handles"] = {"go": {"type": "activity", "session": "one", "owner": ana}}
    xbl = loaded(document)
    assert xbl.scenario["Ana"].activity == xbl.scenario["go"]
    assert xbl.scenario["go"].title_id == xbl.scenario["Ana"].title_id
    dumped = xbl.dump()
    assert (dumped["users"]["Cid"]["follows"], dumped["sessions"]["one"]["away"]) == (["Ana"], ["Bob"])


@pytest.mark.parametrize(("token", "whose"), [("mine.12", "Bob"), ("mine.service-1", "server")])
def test_a_token_is_not_that_of_somebody_else_in_the_world_of_that_name(token: str, whose: str) -> None:
    """Tokens that nobody has chosen begin with the name of the world, which a seed does not know (CALL-3)."""
    seed = Seed({"users": {"Ana": {"token": token}, "Bob": {"xuid": "12"}}, "services": {"server": {}}})
    with pytest.raises(XblError) as error:
        XboxLive(name="mine", seed=seed)
    assert str(error.value) == f"The token {token!r} of Ana is {whose}'s already (CALL-3)."
    assert XboxLive(name="another", seed=seed).scenario["Ana"].token == token
    with pytest.raises(XblError) as error:
        XboxLive(name="mine").seed(seed)
    assert str(error.value).splitlines()[0] == f"The token {token!r} is Ana's already (CALL-3)."


@pytest.mark.parametrize("token", ["mine", "mine.", "mine.99", "world.12", "mine.1"])
def test_a_token_that_nobody_else_has_is_fine(token: str) -> None:
    """Also if it looks like one, or is the one that its owner would have (CALL-3)."""
    users = {"Ana": {"token": token, "xuid": "1"}, "Bob": {"xuid": "12"}}
    xbl = XboxLive(name="mine", seed={"users": users})
    assert [user.token for user in xbl.scenario.users] == [token, "mine.12"]


@pytest.mark.parametrize(("document", "said"), REFUSED_PEOPLE.values(), ids=REFUSED_PEOPLE)
def test_people_who_cannot_be_are_refused(document: dict[str, Any], said: str) -> None:
    """With their place, and the rule (SEED-1, SEED-2)."""
    assert error_of(document) == said


def test_a_text_does_not_list_very_many_people() -> None:
    """The first of them will do (SEED-2)."""
    names = [f"player{n}" for n in range(100)]
    said = error_of({"users": names, "sessions": {"one": {"template": "lobby", "members": ["Ana"]}}}).splitlines()[0]
    listed = ", ".join(names)[:197]
    assert said == f'There is no user "Ana"; there are: {listed}....'


# Templates


def test_templates_come_with_constants_and_role_types() -> None:
    """In any service configuration, by label or by name (TMPL-1, TMPL-2)."""
    xbl = loaded(
        {
            "templates": {
                "duel": {
                    "constants": {"system": {"maxMembersCount": 2}, "custom": {"a": 1}},
                    "roleTypes": {"team": {"roles": {"red": {"max": 2}}}},
                },
                "theirs": {"name": "duel", "scid": OTHER},
            }
        }
    )
    assert xbl.templates["duel"] == {
        "contractVersion": 107,
        "constants": {"system": {"maxMembersCount": 2}, "custom": {"a": 1}},
        "roleTypes": {"team": {"roles": {"red": {"max": 2}}}},
    }
    assert xbl.templates[OTHER, "duel"]["constants"] == {"system": {}, "custom": {}}
    assert "theirs" not in xbl.templates


@pytest.mark.parametrize("contract", [104, 105])
def test_a_template_may_be_written_for_an_older_contract(contract: int) -> None:
    """The contract decides names and defaults (TMPL-7, TMPL-12)."""
    template = {"contract": contract, "constants": {"system": {"timeouts": {"reserved": 1}}}}
    xbl = loaded(
        {"users": ["Ana"], "templates": {"old": template}, "sessions": {"one": {"template": "old", "members": ["Ana"]}}}
    )
    assert xbl.templates["old"]["constants"]["system"] == {"reservedRemovalTimeout": 1}
    assert xbl.sessions["one"].document["constants"]["system"]["inactiveRemovalTimeout"] == 7_200_000


def test_a_ready_made_template_can_be_replaced() -> None:
    """In this world, and in no other (TMPL-4)."""
    xbl = loaded({"templates": {"lobby": {"constants": {"system": {"version": 7}}}}})
    assert xbl.templates["lobby"]["constants"]["system"] == {"version": 7}
    assert XboxLive().templates["lobby"]["constants"]["system"]["version"] == 1


REFUSED_TEMPLATES: dict[str, tuple[dict[str, Any], str]] = {
    "the label is no name": (
        {"a/b": {}},
        (
            'Expected a name of 1 to 99 printable characters, no slash; got "a/b".\n'
            "where: /templates/a~1b/name in the seed\nrule: CALL-15"
        ),
    ),
    "a name twice": (
        {"duel": {}, "other": {"name": "DUEL"}},
        "The template DUEL stands twice in the seed.\nwhere: /templates/other/name in the seed\nrule: SEED-1",
    ),
    "an unknown constant": (
        {"duel": {"constants": {"system": {"maxMemberCount": 2}}}},
        (
            'The field "maxMemberCount" is not known here; did you mean "maxMembersCount"?\n'
            "where: /templates/duel/constants/system/maxMemberCount in the seed\nrule: CALL-6"
        ),
    ),
    "a constant of another contract": (
        {"duel": {"contract": 105, "constants": {"system": {"sessionEmptyTimeout": 1}}}},
        (
            'The field "sessionEmptyTimeout" is not known here; it is a field of constants.system under contract 107.\n'
            "where: /templates/duel/constants/system/sessionEmptyTimeout in the seed\nrule: CALL-6"
        ),
    ),
    "a constant that cannot be": (
        {"duel": {"constants": {"system": {"maxMembersCount": 0}}}},
        (
            "Expected an integer from 1 to 10000; got 0.\n"
            "where: /templates/duel/constants/system/maxMembersCount in the seed\nrule: CONST-2"
        ),
    ),
    "an unknown capability": (
        {"duel": {"constants": {"system": {"capabilities": {"flying": True}}}}},
        (
            "Expected no such field; known are connectivity, suppressPresenceActivityCheck, gameplay, large, "
            "connectionRequiredForActiveMembers, cloudCompute, autoPopulateServerCandidates, userAuthorizationStyle, "
            "crossPlay, broadcast, team, arbitration, hasOwners, searchable, clientMatchmaking; got true.\n"
            "where: /templates/duel/constants/system/capabilities/flying in the seed\nrule: CONST-6"
        ),
    ),
    "capabilities that exclude each other": (
        {"duel": {"constants": {"system": {"capabilities": {"gameplay": True, "team": True}}}}},
        (
            "The capabilities gameplay and team exclude each other.\n"
            "where: /templates/duel/constants/system/capabilities/team in the seed\nrule: CONST-8"
        ),
    ),
    "role types": (
        {"duel": {"roleTypes": {"team": {"roles": {"red": {"max": 1, "target": 2}}}}}},
        (
            "A role's target cannot be above its max.\n"
            "where: /templates/duel/roleTypes/team/roles/red/target in the seed\nrule: ROLE-1"
        ),
    ),
}


@pytest.mark.parametrize(("templates", "said"), REFUSED_TEMPLATES.values(), ids=REFUSED_TEMPLATES)
def test_templates_obey_the_rules(templates: dict[str, Any], said: str) -> None:
    """What the service would not take, a seed cannot have (SEED-5)."""
    assert error_of({"templates": templates}) == said


def test_a_template_in_use_cannot_be_replaced() -> None:
    """A session has been made from it (TMPL-4)."""
    xbl = loaded(with_session({"members": ["Ana"]}))
    with pytest.raises(XblError) as error:
        xbl.seed({"templates": {"faster": {"name": "SLOW"}}})
    assert str(error.value) == (
        "The template SLOW cannot be replaced: a session has been made from it.\n"
        "where: /templates/faster in the seed\nrule: TMPL-4"
    )


# Sessions


@pytest.mark.parametrize(
    "people", [["Ana", "Bob"], {"Ana": "active", "Bob": {}}, {"Ana": {"status": "active"}, "Bob": {}}]
)
def test_members_are_active_unless_the_seed_says_otherwise(people: Any) -> None:
    """The same as `xbl.sessions.create` makes (SEED-5, MEMB-8)."""
    xbl = loaded(with_session({"members": people}))
    by_hand = loaded({"users": PEOPLE, "templates": TEMPLATES})
    by_hand.sessions.create("slow", name="one", members=[person(by_hand.xbl, name) for name in ("Ana", "Bob")])  # type: ignore[misc]
    assert xbl.sessions["one"].document == by_hand.sessions["one"].document
    assert xbl.sessions["one"].etag == by_hand.sessions["one"].etag


def test_members_may_be_in_every_status() -> None:
    """With what follows from each (MEMB-8, MEMB-9)."""
    xbl = loaded(
        with_session(
            {
                "template": "slow",
                "members": {"Ana": "ready", "Bob": "inactive", "zed": {"status": "reserved", "xuid": "99"}},
            }
        )
    )
    shown = [
        (one["constants"]["system"], one["properties"]["system"], one.get("gamertag"), one.get("reserved"))
        for one in members(xbl).values()
    ]
    assert shown == [
        ({"xuid": "11", "index": 0}, {"ready": True}, "Ana", None),
        ({"xuid": "12", "index": 1}, {}, "Bob", None),
        ({"xuid": "99", "index": 2}, {}, None, True),
    ]


def test_a_member_may_have_been_so_for_a_while() -> None:
    """Timeouts count from then (TIME-3, MEMB-9)."""
    xbl = loaded(
        with_session(
            {
                "startTime": EARLIEST,
                "members": {
                    "Ana": {"joinTime": EARLIEST},
                    "Bob": {"status": "ready", "since": EARLIER, "joinTime": EARLIEST},
                    "Cid": {"status": "reserved", "since": EARLIEST, "joinTime": EARLIEST},
                },
            }
        )
    )
    document = xbl.sessions["one"].document
    assert document["startTime"] == "2026-01-01T10:00:00.0000000Z"
    assert {one["joinTime"] for one in document["members"].values()} == {"2026-01-01T10:00:00.0000000Z"}
    assert "Cid" not in str(document)
    assert (len(document["members"]), document["nextTimer"]) == (2, "2026-01-01T13:00:00.0000000Z")


def test_what_is_not_said_of_times_follows_from_what_is() -> None:
    """They joined when their status began, and the session was made when the first of them joined (TIME-4, MEMB-9)."""
    xbl = loaded(
        with_session({"members": {"Ana": {"since": EARLIER}, "Bob": {"since": EARLIEST}, "Cid": {"joinTime": EARLIER}}})
    )
    document = xbl.sessions["one"].document
    assert document["startTime"] == "2026-01-01T10:00:00.0000000Z"
    assert [one["joinTime"][11:13] for one in document["members"].values()] == ["11", "10", "11"]
    assert loaded(with_session({"members": ["Ana"]})).sessions["one"].document["startTime"][11:13] == "12"


def test_a_member_may_say_what_a_member_can_write() -> None:
    """Constants and properties, as under `members.me` (MEMB-6, MEMB-7)."""
    xbl = loaded(
        with_session(
            {
                "members": {
                    "Ana": {
                        "constants": {"system": {"xuid": "11", "index": 0}, "custom": {"a": 1}},
                        "properties": {"system": {"groups": ["g"], "secureDeviceAddress": ADDRESS}, "custom": {"b": 2}},
                    },
                    "Bob": {"status": "inactive", "properties": {"custom": {"c": 3}}},
                    "Cid": {"status": "reserved", "constants": {"custom": {"d": 4}}},
                },
                "properties": {"system": {"host": device_token(ADDRESS), "turn": [0, 2]}, "custom": {"map": "dunes"}},
            }
        )
    )
    shown = members(xbl)
    assert shown["0"]["constants"] == {"system": {"xuid": "11", "index": 0}, "custom": {"a": 1}}
    assert shown["0"]["properties"] == {
        "system": {"active": True, "groups": ["g"], "secureDeviceAddress": ADDRESS},
        "custom": {"b": 2},
    }
    assert (shown["1"]["properties"], shown["2"]["constants"]["custom"]) == (
        {"system": {}, "custom": {"c": 3}},
        {"d": 4},
    )
    assert shown["0"]["deviceToken"] == device_token(ADDRESS)
    assert xbl.sessions["one"].document["properties"] == {
        "system": {"host": device_token(ADDRESS), "turn": [0, 2]},
        "custom": {"map": "dunes"},
    }
    assert xbl.sessions["one"].document["changeNumber"] == 1


def test_a_member_may_have_joined_with_other_claims() -> None:
    """With a gamertag, a device and a title that are not theirs any more (MEMB-9, JOIN-2)."""
    claims = {"gamertag": "Ana of old", "deviceId": "F9", "activeTitleId": "9"}
    xbl = loaded(with_session({"members": {"Ana": claims, "Bob": {"gamertag": ""}}}))
    session = xbl._world.peek(SessionRef(SCID, "slow", "one"))
    assert session
    shown = [(member.gamertag, member.device_id, member.active_title_id) for member in session.members]
    bob = xbl.scenario["Bob"].caller
    assert shown == [("Ana of old", "F9", "9"), (None, bob.device_id, bob.title_id)]
    assert [members(xbl)[index].get("activeTitleId") for index in ("0", "1")] == ["9", bob.title_id]


def test_a_member_may_play_no_title() -> None:
    """A token without that claim (CALL-4, MEMB-9)."""
    xbl = loaded(with_session({"members": {"Ana": {"activeTitleId": ""}}}))
    assert ["activeTitleId" in member for member in members(xbl).values()] == [False]


def test_somebody_may_have_lost_the_privilege_since_they_joined() -> None:
    """Whether they may join was decided then (PUT-11)."""
    document = with_session({"members": {"Eve": {"since": EARLIER}}})
    xbl = loaded({**document, "users": {"Eve": {"privileges": []}}})
    assert [member["gamertag"] for member in members(xbl).values()] == ["Eve"]


ARBITRATION = {"constants": {"system": {"capabilities": {"gameplay": True, "arbitration": True}}}}


def test_a_session_with_arbitration_is_made_with_its_server() -> None:
    """One that has been written since may have lost it (CONST-8)."""
    document = with_session({"template": "judged", "members": ["Ana"]})
    document["templates"] = {"judged": ARBITRATION}
    assert error_of(document) == (
        "A session with arbitration is made by a service, in one write with the server arbitration.\n"
        "where: /sessions/one/constants/system/capabilities/arbitration in the seed\nrule: CONST-8"
    )
    for more, servers in (
        ({"servers": {"arbitration": {}}}, ["arbitration"]),
        ({"changeNumber": 2}, []),
        ({"changeNumber": 2, "servers": {"dedicated": {}}}, ["dedicated"]),
    ):
        document["sessions"]["one"] = {"template": "judged", "members": ["Ana"], **more}
        assert list(loaded(document).sessions["one"].document["servers"]) == servers


def test_no_seed_has_a_broadcast() -> None:
    """Whoever broadcasts makes such a session, which has the name of their xuid (CONST-8)."""
    document = with_session({"template": "show", "members": ["Ana"]})
    document["templates"] = {"show": {"constants": {"system": {"capabilities": {"broadcast": True, "large": True}}}}}
    assert error_of(document) == (
        'A broadcast session is named by its broadcaster\'s xuid, not "one".\n'
        "where: /sessions/one in the seed\nrule: CONST-8"
    )


def test_a_stranger_may_be_a_member() -> None:
    """Of whom the seed says just the xuid; the label names them (MEMB-3)."""
    xbl = loaded(with_session({"members": {"zed": {"xuid": "99"}, "yan": {"xuid": "98", "gamertag": "Yan"}}}))
    assert [member.get("gamertag") for member in members(xbl).values()] == [None, "Yan"]
    assert [member["constants"]["system"]["xuid"] for member in members(xbl).values()] == ["99", "98"]
    assert "99" not in xbl._world._state.users


def test_indices_may_have_gaps() -> None:
    """And whoever comes next has the one that the seed says, or the next one (MEMB-1)."""
    people = {"Ana": {"index": 2}, "Bob": {}}
    for more, comes_next in (({}, 4), ({"nextIndex": 4}, 4), ({"nextIndex": 9}, 9)):
        xbl = loaded(with_session({"members": people, **more}))
        assert (list(members(xbl)), xbl.sessions["one"].document["membersInfo"]["next"]) == (["2", "3"], comes_next)
        xbl.client(xbl.scenario["Cid"]).put(xbl.sessions["one"].ref.path, json=ACTIVE)
        assert list(members(xbl))[-1] == str(comes_next)


def test_a_session_may_have_been_changed_and_made_before() -> None:
    """The change number and the branch tell (PUT-9, TIME-9)."""
    one = loaded(with_session({"members": ["Ana"], "changeNumber": 7, "incarnation": 3})).sessions["one"].document
    other = loaded(with_session({"members": ["Ana"]})).sessions["one"].document
    assert (one["changeNumber"], other["changeNumber"]) == (7, 1)
    assert (one["branch"] != other["branch"], one["correlationId"] == other["correlationId"]) == (True, True)


def test_a_session_has_its_label_as_its_name_unless_it_has_another() -> None:
    """In any service configuration that has the template, without regard to case (CALL-5, TMPL-1)."""
    xbl = loaded(
        {
            "users": ["Ana"],
            "templates": {"Duel": {"scid": OTHER}},
            "sessions": {
                "one": {"template": "LOBBY", "members": ["Ana"]},
                "two": {"template": "duel", "scid": OTHER.lower(), "name": "One", "members": ["Ana"]},
            },
        }
    )
    assert [str(view.ref) for view in xbl.scenario.sessions.values()] == [f"{SCID}~lobby~one", f"{OTHER}~Duel~One"]


def test_a_session_may_add_constants_role_types_and_servers() -> None:
    """As a service could when it makes one (TMPL-3, SERV-2, ROLE-1)."""
    xbl = loaded(
        with_session(
            {
                "members": ["Ana"],
                "constants": {"system": {"inviteProtocol": "game", "maxMembersCount": 3}, "custom": {"mode": "duel"}},
                "roleTypes": {"team": {"roles": {"red": {"max": 1}}}},
                "servers": {"dedicated": {"constants": {"custom": {"id": 1}}, "properties": {"custom": {"at": "x"}}}},
            }
        )
    )
    document = xbl.sessions["one"].document
    assert document["constants"]["system"]["inviteProtocol"] == "game"
    assert document["constants"]["custom"] == {"mode": "duel"}
    assert list(document["roleTypes"]) == ["team"]
    assert document["servers"] == {
        "dedicated": {
            "constants": {"custom": {"id": 1}},
            "properties": {"custom": {"at": "x"}},
        }
    }


def test_nobody_needs_to_be_in_a_session_that_may_be_empty() -> None:
    """It may have been empty for a while, or be gone at the next access (TIME-4)."""
    assert loaded(with_session({})).sessions["one"].document["members"] == {}
    xbl = loaded(with_session({"emptySince": EARLIER}))
    assert xbl.sessions["one"].document["nextTimer"] == "2026-01-01T13:00:00.0000000Z"
    gone = loaded({"sessions": {"one": {"template": "lobby", "emptySince": EARLIER}}})
    assert ("one" in gone.sessions, list(gone.scenario.sessions)) == (False, ["one"])


def test_somebody_may_be_gone_at_the_first_access_if_the_seed_says_since_when() -> None:
    """Timers are lazy, so they are still there (TIME-1, SEED-5)."""
    xbl = loaded(
        {
            "users": PEOPLE,
            "sessions": {"one": {"template": "lobby", "members": {"Ana": {"status": "inactive", "since": EARLIER}}}},
        }
    )
    assert "one" not in xbl.sessions
    assert [version.operation for version in xbl._world.history(SessionRef(SCID, "lobby", "one"))] == ["create"]


def test_a_locked_session_keeps_the_slots_of_those_who_left() -> None:
    """They may come back though it is closed, and nobody else comes in (JOIN-5)."""
    xbl = loaded(
        with_session(
            {
                "members": ["Ana"],
                "properties": {"system": {"closed": True, "locked": True}},
                "away": ["Bob", {"xuid": "99"}],
            }
        )
    )
    path = xbl.sessions["one"].ref.path
    assert xbl.client(xbl.scenario["Cid"]).put(path, json=ACTIVE).status_code == 403
    assert xbl.client(xbl.scenario["Bob"]).put(path, json=ACTIVE).status_code == 200


def test_a_session_may_be_gone() -> None:
    """Then it is remembered how often there was one of its name (TIME-9)."""
    gone = {"template": "lobby", "gone": True}
    for sessions, incarnation in (
        ({"old": gone}, 1),
        ({"old": {**gone, "incarnation": 4}}, 4),
        ({"old": {**gone, "incarnation": 4}, "older": {**gone, "name": "OLD"}}, 5),
    ):
        xbl = loaded({"users": ["Ana"], "sessions": sessions})
        assert "old" not in xbl.sessions
        assert [record.incarnation for record in xbl._world._state.records.values()] == [incarnation]
        again = {"again": {"template": "lobby", "name": "old", "members": ["Ana"]}}
        xbl.seed({"sessions": again})
        session = xbl._world.peek(SessionRef(SCID, "lobby", "old"))
        assert session
        assert session.incarnation == incarnation + 1


def test_a_session_that_is_gone_is_in_the_history() -> None:
    """As one that the seed knows to be gone; one of the same name begins after it (TIME-9)."""
    xbl = loaded({"users": ["Ana"], "sessions": {"old": {"template": "lobby", "gone": True}}})
    xbl.seed({"sessions": {"old": {"template": "lobby", "members": ["Ana"]}}})
    told = [(one.operation, one.caller, one.document is None) for one in xbl.sessions["old"].history]
    assert told == [("gone", "the seed", True), ("create", "the seed", False)]


AT_ONCE = (
    "The session would be gone at once: nobody is in it, or nobody who may stay, and its sessionEmptyTimeout is 0. "
    "Give it active members, or a template with longer timeouts, or say since when it stands so.\n"
    "where: /sessions/one/members in the seed\nrule: TIME-4"
)
LOCKED = {"system": {"closed": True, "locked": True}}
REFUSED_SESSIONS: dict[str, tuple[dict[str, Any], str]] = {
    # What of a session cannot be, and the text; {} is the place of the session.
    "template": (
        {"template": "duel"},
        (
            "There is no template duel in {scid}; it has lobby, game, ticket, large, slow, party, brief.\n"
            "where: {}/template in the seed\nrule: TMPL-1"
        ),
    ),
    "scid": (
        {"scid": OTHER},
        (
            "The service configuration {other} is unknown; known are: {scid}.\n"
            "where: {}/template in the seed\nrule: TMPL-1"
        ),
    ),
    "too many members": (
        {"members": ["Ana", "Bob", "Cid", "Dot"]},
        (
            "The session is full: maxMembersCount is 3, and every slot is taken.\n"
            "where: {}/members in the seed\nrule: JOIN-8"
        ),
    ),
    "somebody who may not play with others": (
        {"members": ["Eve"]},
        (
            "Eve lacks the multiplayer privilege, so cannot create or join a session.\n"
            "where: {} in the seed\nrule: PUT-11"
        ),
    ),
    "nobody that there is": (
        {"members": ["Ana", "Zoe"]},
        'There is no user "Zoe"; there are: Ana, Bob, Cid, Dot, Eve.\nwhere: {}/members in the seed\nrule: SEED-2',
    ),
    "nobody that there is, with a status": (
        {"members": {"Ana": "active", "Zoe": "ready"}},
        'There is no user "Zoe"; there are: Ana, Bob, Cid, Dot, Eve.\nwhere: {}/members/Zoe in the seed\nrule: SEED-2',
    ),
    "nobody that there is, as an object": (
        {"members": {"a/b": {}}},
        'There is no user "a/b"; there are: Ana, Bob, Cid, Dot, Eve.\nwhere: {}/members/a~1b in the seed\nrule: SEED-2',
    ),
    "somebody twice": (
        {"members": ["Ana", "Ana"]},
        "Somebody stands twice among the members; a member has one place.\nwhere: {}/members in the seed\nrule: MEMB-1",
    ),
    "a stranger twice": (
        {"members": {"y": {"xuid": "9"}, "z": {"xuid": "9"}}},
        "Somebody stands twice among the members; a member has one place.\nwhere: {}/members in the seed\nrule: MEMB-1",
    ),
    "nobody at all": ({"template": "lobby"}, AT_ONCE),
    "nobody in a list": ({"template": "lobby", "members": []}, AT_ONCE),
    "nobody who may stay": ({"template": "lobby", "members": {"Ana": "inactive"}}, AT_ONCE),
    "somebody who may not stay": (
        {"template": "lobby", "members": {"Ana": "active", "Bob": "inactive", "Cid": "inactive"}},
        (
            "Gone at once would be Bob (inactive), Cid (inactive): the timeout of that status is 0 in this template.\n"
            "where: {}/members in the seed\nrule: TIME-3"
        ),
    ),
    "a reservation that does not last": (
        {"template": "brief", "members": {"Ana": "active", "Bob": "reserved"}},
        (
            "Gone at once would be Bob (reserved): the timeout of that status is 0 in this template.\n"
            "where: {}/members in the seed\nrule: TIME-3"
        ),
    ),
    "a stranger with the xuid of a user": (
        {"members": {"zed": {"xuid": "11"}}},
        (
            "There is the user Ana with the xuid 11; xuid is for somebody who is none.\n"
            "where: {}/members/zed/xuid in the seed\nrule: SEED-2"
        ),
    ),
    "a stranger with the name of a user": (
        {"members": {"Ana": {"xuid": "99"}}},
        (
            "There is the user Ana with the xuid 11; xuid is for somebody who is none.\n"
            "where: {}/members/Ana/xuid in the seed\nrule: SEED-2"
        ),
    ),
    **{
        f"{claim} of somebody {status}": (
            {"members": {"Ana": "active", "Bob": {"status": status, claim: "7"}}},
            f"A member who is {status} has no {claim}.\nwhere: {{}}/members/Bob/{claim} in the seed\nrule: MEMB-9",
        )
        for status, claim in (
            ("reserved", "gamertag"),
            ("reserved", "deviceId"),
            ("reserved", "activeTitleId"),
            ("ready", "activeTitleId"),
            ("inactive", "activeTitleId"),
        )
    },
    "a since before the joinTime": (
        {"members": {"Ana": "active", "Bob": {"since": EARLIEST, "joinTime": EARLIER}}},
        "Nobody has a status before they joined.\nwhere: {}/members/Bob/since in the seed\nrule: MEMB-9",
    ),
    "a joinTime before the startTime": (
        {"members": {"Ana": {"joinTime": EARLIEST}}, "startTime": EARLIER},
        "Nobody joins before the session was made.\nwhere: {}/members/Ana/joinTime in the seed\nrule: MEMB-9",
    ),
    "a since before the startTime": (
        {"members": {"Ana": {"since": EARLIEST}}, "startTime": EARLIER},
        "Nobody joins before the session was made.\nwhere: {}/members/Ana/joinTime in the seed\nrule: MEMB-9",
    ),
    "an emptySince before the startTime": (
        {"startTime": EARLIER, "emptySince": EARLIEST},
        "The session is not empty before it was made.\nwhere: {}/emptySince in the seed\nrule: TIME-4",
    ),
    "a member who is away": (
        {"members": ["Ana", "Bob"], "away": ["Ana"], "properties": LOCKED},
        "Whose slot is kept is not in the session, and stands there once.\nwhere: {}/away in the seed\nrule: JOIN-5",
    ),
    "somebody who is away twice": (
        {"members": ["Ana"], "away": ["Bob", {"xuid": "12"}], "properties": LOCKED},
        "Whose slot is kept is not in the session, and stands there once.\nwhere: {}/away in the seed\nrule: JOIN-5",
    ),
    "too many away": (
        {"members": ["Ana", "Bob"], "away": ["Cid", {"xuid": "99"}], "properties": LOCKED},
        (
            "The session is full: maxMembersCount is 3, and every slot is taken, 2 of them for people who left while "
            "it was locked.\nwhere: {}/members in the seed\nrule: JOIN-8"
        ),
    ),
    "an index below another": (
        {"members": {"Ana": {"index": 3}, "Bob": {"index": 3}}},
        (
            "Indices rise from member to member; Bob cannot have 3 after others.\n"
            "where: {}/members/Bob/index in the seed\nrule: MEMB-1"
        ),
    ),
    "the next index": (
        {"members": {"Ana": {"index": 3}}, "nextIndex": 3},
        "The next index is above those of all members, so 4 or more.\nwhere: {}/nextIndex in the seed\nrule: MEMB-1",
    ),
    "a status among the properties": (
        {"members": {"Ana": {"properties": {"system": {"active": True}}}}},
        (
            "Whether a member is active is said by their status.\n"
            "where: {}/members/Ana/properties/system/active in the seed\nrule: MEMB-8"
        ),
    ),
    "another status among the properties": (
        {"members": {"Ana": {"properties": {"system": {"ready": False}}}}},
        (
            "Whether a member is ready is said by their status.\n"
            "where: {}/members/Ana/properties/system/ready in the seed\nrule: MEMB-8"
        ),
    ),
    "an unknown property of a member": (
        {"members": {"a~": {"xuid": "9", "properties": {"system": {"group": []}}}}},
        (
            'The field "group" is not known here; it is a field of a member\'s properties.system under contracts 104 '
            "and 105.\nwhere: {}/members/a~0/properties/system/group in the seed\nrule: CALL-6"
        ),
    ),
    "properties that are none": (
        {"members": {"Ana": {"properties": {"system": []}}}},
        "Expected an object; got [].\nwhere: {}/members/Ana/properties/system in the seed\nrule: CALL-6",
    ),
    "properties of a reservation": (
        {"members": {"Ana": {"status": "reserved", "properties": {}}}},
        (
            "The properties of a member are written by nobody else.\n"
            "where: {}/members/Ana/properties in the seed\nrule: MEMB-7"
        ),
    ),
    "constants of a reservation that are none": (
        {"members": {"Ana": {"status": "reserved", "constants": {"system": []}}}},
        "Expected an object; got [].\nwhere: {}/members/Ana/constants/system in the seed\nrule: CALL-6",
    ),
    "an index among the constants": (
        {"members": {"Ana": {"constants": {"system": {"index": 4}}}}},
        (
            "The index of this member is 0, and the service gives it; it cannot be 4.\n"
            "where: {}/members/Ana/constants/system/index in the seed\nrule: MEMB-6"
        ),
    ),
    "a since that is to come": (
        {"members": {"Ana": {"since": LATER}}},
        (
            "That is later than the clock, which shows 2026-01-01 12:00:00+00:00.\n"
            "where: {}/members/Ana/since in the seed\nrule: TIME-1"
        ),
    ),
    "a joinTime that is to come": (
        {"members": {"Ana": {"joinTime": LATER}}},
        (
            "That is later than the clock, which shows 2026-01-01 12:00:00+00:00.\n"
            "where: {}/members/Ana/joinTime in the seed\nrule: TIME-1"
        ),
    ),
    "a startTime that is to come": (
        {"members": ["Ana"], "startTime": LATER},
        (
            "That is later than the clock, which shows 2026-01-01 12:00:00+00:00.\n"
            "where: {}/startTime in the seed\nrule: TIME-1"
        ),
    ),
    "an emptySince that is to come": (
        {"emptySince": LATER},
        (
            "That is later than the clock, which shows 2026-01-01 12:00:00+00:00.\n"
            "where: {}/emptySince in the seed\nrule: TIME-1"
        ),
    ),
    "empty with somebody in it": (
        {"members": ["Ana"], "emptySince": EARLIER},
        "Somebody is in the session, so it is not empty.\nwhere: {}/emptySince in the seed\nrule: TIME-4",
    ),
    "an incarnation that was": (
        {"template": "lobby", "name": "old", "members": ["Ana"], "incarnation": 2},
        (
            "There have been 2 sessions of that name, so this is number 3 or a later one.\n"
            "where: {}/incarnation in the seed\nrule: TIME-9"
        ),
    ),
    "away from a session that is not locked": (
        {"members": ["Ana"], "away": ["Bob"]},
        "Only a locked session keeps the slots of those who left.\nwhere: {}/away in the seed\nrule: JOIN-5",
    ),
    "nobody away": (
        {"members": ["Ana"], "away": ["Bob", "Zoe"]},
        'There is no user "Zoe"; there are: Ana, Bob, Cid, Dot, Eve.\nwhere: {}/away/1 in the seed\nrule: SEED-2',
    ),
    "locked without closed": (
        {"members": ["Ana"], "properties": {"system": {"locked": True}}},
        (
            "Only a closed session can be locked; closed must be true too.\n"
            "where: {}/properties/system/locked in the seed\nrule: JOIN-5"
        ),
    ),
    "keywords in a private session": (
        {"template": "party", "members": ["Ana"], "properties": {"system": {"keywords": ["a"]}}},
        "A private session has no keywords.\nwhere: {}/properties/system/keywords in the seed\nrule: PROP-2",
    ),
    "a turn of nobody": (
        {"members": ["Ana"], "properties": {"system": {"turn": [1]}}},
        (
            "It can only be the turn of a member, and there is none with index 1.\n"
            "where: {}/properties/system/turn in the seed\nrule: PROP-3"
        ),
    ),
    "restrictions that do not go together": (
        {"members": ["Ana"], "properties": {"system": {"readRestriction": "local"}}},
        (
            "Whoever may join may read: readRestriction local is stricter than joinRestriction none.\n"
            "where: {}/properties/system/readRestriction in the seed\nrule: JOIN-3"
        ),
    ),
    "a result without the capability": (
        {"members": ["Ana"], "properties": {"system": {"matchmaking": {"clientResult": {"status": "found"}}}}},
        (
            "matchmaking.clientResult needs the capability clientMatchmaking.\n"
            "where: {}/properties/system/matchmaking/clientResult in the seed\nrule: PROP-7"
        ),
    ),
    "an unknown property": (
        {"members": ["Ana"], "properties": {"system": {"close": True}}},
        (
            'The field "close" is not known here; did you mean "closed"?\n'
            "where: {}/properties/system/close in the seed\nrule: CALL-6"
        ),
    ),
    "properties and something else": (
        {"members": ["Ana"], "properties": {"map": "dunes"}},
        (
            'The field "map" is not known here; known here: system, custom.\n'
            "where: {}/properties/map in the seed\nrule: CALL-6"
        ),
    ),
    "another constant than the template": (
        {"members": ["Ana"], "constants": {"system": {"maxMembersCount": 4}}},
        (
            "The template sets the constant maxMembersCount to 3; it cannot be 4.\n"
            "where: {}/constants/system/maxMembersCount in the seed\nrule: TMPL-3"
        ),
    ),
    "a capability that is not there yet": (
        {"template": "large", "members": ["Ana"]},
        (
            "A session with the capability large: the fake does not do this yet, so it refuses the request.\n"
            "where: {}/constants/system/capabilities/large in the seed\nrule: BIG-1"
        ),
    ),
    "an unknown capability": (
        {"members": ["Ana"], "constants": {"system": {"capabilities": {"gamplay": True}}}},
        (
            "Expected no such field; known are connectivity, suppressPresenceActivityCheck, gameplay, large, "
            "connectionRequiredForActiveMembers, cloudCompute, autoPopulateServerCandidates, userAuthorizationStyle, "
            "crossPlay, broadcast, team, arbitration, hasOwners, searchable, clientMatchmaking; got true.\n"
            "where: {}/constants/system/capabilities/gamplay in the seed\nrule: CONST-6"
        ),
    ),
    "a capability without another": (
        {"members": ["Ana"], "constants": {"system": {"ownershipPolicies": {"migration": "oldest"}}}},
        (
            "ownershipPolicies needs the capability hasOwners.\n"
            "where: {}/constants/system/ownershipPolicies in the seed\nrule: CONST-13"
        ),
    ),
    "a server": (
        {"members": ["Ana"], "servers": {"dedicated": {"address": "x"}}},
        (
            'The field "address" is not known here; known here: constants, properties.\n'
            "where: {}/servers/dedicated/address in the seed\nrule: CALL-6"
        ),
    ),
    "a name that there is": (
        {"template": "lobby", "name": "THERE", "members": ["Ana"]},
        "There is a session {scid}~lobby~THERE already.\nwhere: {}/name in the seed\nrule: PUT-8",
    ),
    "gone with members": (
        {"template": "lobby", "gone": True, "members": ["Ana"]},
        "A session that is gone has no members.\nwhere: {}/members in the seed\nrule: SEED-1",
    ),
    "gone with a change number": (
        {"template": "lobby", "gone": True, "changeNumber": 4, "startTime": EARLIER},
        "A session that is gone has no changeNumber.\nwhere: {}/changeNumber in the seed\nrule: SEED-1",
    ),
    "gone as one that was": (
        {"template": "lobby", "name": "OLD", "gone": True, "incarnation": 2},
        (
            "There have been 2 sessions of that name, so this is number 3 or a later one.\n"
            "where: {}/incarnation in the seed\nrule: TIME-9"
        ),
    ),
    "gone though there is one": (
        {"template": "lobby", "name": "there", "gone": True},
        "There is a session {scid}~lobby~there; it is not gone.\nwhere: {}/gone in the seed\nrule: TIME-9",
    ),
}


@pytest.mark.parametrize(("session", "said"), REFUSED_SESSIONS.values(), ids=REFUSED_SESSIONS)
def test_sessions_obey_the_rules(session: dict[str, Any], said: str) -> None:
    """What a service and the members could not have made, a seed cannot have (SEED-2, SEED-5)."""
    document = {
        "users": {**PEOPLE, "Dot": {}, "Eve": {"privileges": []}},
        "templates": TEMPLATES,
        "sessions": {
            "old": {"template": "lobby", "gone": True, "incarnation": 2},
            "there": {"template": "lobby", "members": ["Ana"]},
            "one": {"template": "slow", **session},
        },
    }
    text = said.replace("{}", "/sessions/one").replace("{scid}", SCID).replace("{other}", OTHER)
    assert error_of(document) == text


def test_a_label_that_can_be_no_name_needs_one() -> None:
    """The name is checked, wherever it comes from (CALL-15)."""
    assert error_of({"users": PEOPLE, "sessions": {"a/b": {"template": "lobby", "members": ["Ana"]}}}) == (
        'Expected a name of 1 to 99 printable characters, no slash; got "a/b".\n'
        "where: /sessions/a~1b/name in the seed\nrule: CALL-15"
    )
    xbl = loaded({"users": PEOPLE, "sessions": {"a/b": {"template": "lobby", "name": "ab", "members": ["Ana"]}}})
    assert xbl.scenario["a/b"].ref.name == "ab"


def test_a_place_may_be_kept_for_somebody_who_may_not_play_with_others() -> None:
    """They could not have joined, and did not (PUT-11)."""
    xbl = loaded({**with_session({"members": {"Eve": "reserved"}}), "users": {"Eve": {"privileges": []}}})
    assert [member["reserved"] for member in members(xbl).values()] == [True]


def test_active_members_have_the_connection_that_the_session_requires() -> None:
    """Their own, or the one that the seed says (MEMB-11)."""
    template = {"constants": {"system": {"capabilities": {"connectionRequiredForActiveMembers": True}}}}
    own = {"properties": {"system": {"connection": OTHER}}}
    xbl = loaded(
        {
            "users": PEOPLE,
            "templates": {"connected": template},
            "sessions": {"one": {"template": "connected", "members": {"Ana": "active", "Bob": own, "Cid": "ready"}}},
        }
    )
    connections = [member["properties"]["system"].get("connection") for member in members(xbl).values()]
    assert connections[1:] == [OTHER, None]
    assert connections[0] is not None


# Handles


@pytest.mark.parametrize(
    ("handle", "shown"),
    [
        (
            {"type": "activity", "owner": "Ana"},
            {"ownerXuid": "11", "titleId": "1719000001"},
        ),
        (
            {"type": "invite", "owner": "Bob", "invited": "Cid", "attributes": {"contextString": "c"}},
            {
                "ownerXuid": "12",
                "senderXuid": "12",
                "titleId": "1719000001",
                "invitedXuid": "13",
                "expiration": "2026-01-02T12:00:00.0000000Z",
                "inviteAttributes": {"contextString": "c"},
            },
        ),
        (
            {"type": "invite", "invited": {"xuid": "99"}},
            {"invitedXuid": "99", "expiration": "2026-01-02T12:00:00.0000000Z"},
        ),
        (
            {"type": "transfer", "owner": "Ana", "origin": "ticket"},
            {
                "ownerXuid": "11",
                "titleId": "1719000001",
                "originSessionRef": {"scid": SCID, "templateName": "ticket", "name": "ticket"},
            },
        ),
        (
            {"type": "transfer", "origin": {"scid": SCID.upper(), "templateName": "TICKET", "name": "Ticket"}},
            {"originSessionRef": {"scid": SCID, "templateName": "ticket", "name": "ticket"}},
        ),
    ],
)
def test_handles_are_as_a_request_would_have_made_them(handle: dict[str, Any], shown: dict[str, Any]) -> None:
    """By a user, or by a service that acts for nobody (HAND-1 to HAND-4)."""
    xbl = loaded(with_handle({**handle, "id": HANDLE_ID.upper()}))
    server = xbl.service("server")
    found = xbl.client(server).get(f"/handles/{HANDLE_ID}").get_json()
    assert found == {
        "id": HANDLE_ID,
        "type": handle["type"],
        "version": 1,
        "sessionRef": {"scid": SCID, "templateName": "lobby", "name": "one"},
        "createTime": "2026-01-01T12:00:00.0000000Z",
        "inviteProtocol": "game",
        "gameTypes": {},
        **shown,
    }


def test_handles_have_the_next_free_ids() -> None:
    """The same in every run (HAND-1)."""
    go = {"type": "invite", "session": "one", "owner": "Ana", "invited": "Cid"}
    document = {**with_handle(go), "handles": {"go": go, "on": go}}
    one, other = Seed(document).loaded(Path()), Seed(document).loaded(Path())
    assert one.handles == other.handles
    assert one.handles["go"] != one.handles["on"]
    assert one.state.handles_given == 2


def test_a_handle_may_point_at_a_session_that_is_not_in_the_seed() -> None:
    """By a whole reference: one that was there before, or one that is still to come (HAND-1, HAND-17)."""
    xbl = loaded({"users": PEOPLE, "sessions": {"one": {"template": "lobby", "members": ["Ana"]}}})
    one = {"scid": SCID, "templateName": "lobby", "name": "one"}
    scenario = xbl.seed(
        {
            "handles": {
                "now": {"type": "activity", "owner": "Ana", "session": one},
                "later": {"type": "invite", "owner": "Bob", "invited": "Cid", "session": {**one, "name": "two"}},
            }
        }
    )
    assert [(str(it.ref), it.ahead) for it in scenario.handles.values()] == [
        (f"{SCID}~lobby~one", False),
        (f"{SCID}~lobby~two", True),
    ]


def test_an_invite_of_a_seed_lets_in() -> None:
    """As every invite does (JOIN-6)."""
    restricted = {"joinRestriction": "followed", "readRestriction": "followed"}
    document = with_handle({"type": "invite", "owner": "Ana", "invited": "Cid"})
    document["sessions"]["one"]["properties"] = {"system": restricted}
    xbl = loaded(document)
    cid = xbl.client(xbl.scenario["Cid"])
    assert cid.put(xbl.sessions["one"].ref.path, json=ACTIVE).status_code == 403
    assert cid.put(f"{xbl.scenario['go'].path}/session", json=ACTIVE).status_code == 200


def test_nothing_settles_while_a_seed_is_loaded() -> None:
    """A handle of a seed is no access to its session, which stands as the seed says (TIME-1, SEED-5)."""
    invite = {"type": "invite", "session": "lobby", "owner": "host", "invited": "newcomer"}
    xbl = XboxLive(seed=Seed.scenario("orphaned_session") | {"handles": {"invite": invite}})
    ref = SessionRef(SCID, "lobby", "lobby")
    there = {"scid": SCID, "templateName": "lobby", "name": "lobby"}
    xbl.seed({"handles": {"again": {**invite, "session": there}}})
    session = xbl._world._state.records[ref.key].session
    assert session
    assert ([member.status for member in session.members], session.change_number) == (["active", "active"], 1)
    assert [version.operation for version in xbl._world.history(ref)] == ["create"]


@pytest.mark.parametrize("more", [{}, {"created": EARLIER}], ids=["now", "earlier"])
def test_an_activity_may_be_one_of_somebody_who_has_dropped_out(more: dict[str, Any]) -> None:
    """They are active until somebody looks, and so is their activity there (TIME-7, HAND-9)."""
    found = Seed(
        {
            **with_handle({"type": "activity", "owner": "Ana", **more}),
            "users": {**PEOPLE, "Ana": {"present": False}},
        }
    ).loaded(Path())
    assert list(found.state.handles) == [found.handles["go"]]


@pytest.mark.parametrize("more", [{}, {"created": EARLIER}], ids=["now", "earlier"])
def test_an_owner_has_one_activity_in_a_title(more: dict[str, Any]) -> None:
    """And one in another title besides (HAND-2)."""
    document = with_handle({"type": "activity", "owner": "Ana"})
    go = document["handles"]["go"]
    document["handles"]["on"] = {**go, **more}
    assert error_of(document) == (
        "The owner has an activity in that title already, and has one only.\n"
        "where: /handles/on/owner in the seed\nrule: HAND-2"
    )
    document["handles"]["on"] = {**go, "created": EARLIER, "titleId": "7"}
    assert len(loaded(document).scenario.handles) == 2


EARLIER_HANDLES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    # A handle that was made earlier, and what is known of it.
    "activity": (
        {"type": "activity", "owner": "Ana"},
        {"owner": "11", "title_id": "1719000001", "incarnation": 1, "expires": None, "ahead": False},
    ),
    "activity in another title": (
        {"type": "activity", "owner": "Ana", "titleId": "7", "incarnation": 1},
        {"owner": "11", "title_id": "7", "incarnation": 1},
    ),
    "activity in no title": ({"type": "activity", "owner": "Ana", "titleId": ""}, {"owner": "11", "title_id": None}),
    "invite": (
        {"type": "invite", "owner": "Cid", "invited": "Ana", "attributes": {"context": "c"}},
        {
            "owner": "13",
            "invited": "11",
            "expires": START + 23 * HOUR,
            "ahead": False,
            "attributes": {"context": "c"},
            "origin": None,
            "origin_incarnation": None,
        },
    ),
    "invite of its own time, ahead": (
        {
            "type": "invite",
            "owner": {"xuid": "99"},
            "invited": "Ana",
            "expires": LATER,
            "ahead": True,
            "incarnation": 2,
        },
        {"owner": "99", "title_id": None, "expires": START + HOUR, "ahead": True, "incarnation": 2},
    ),
    "invite that is over": (
        {"type": "invite", "invited": "Ana", "created": "2025-12-01T12:00:00Z"},
        {"owner": None, "expires": datetime(2025, 12, 2, 12, tzinfo=timezone.utc)},
    ),
    "invite to the session before": (
        {"type": "invite", "invited": "Ana", "session": "old", "incarnation": 4},
        {"incarnation": 4},
    ),
    "invite to the session after": ({"type": "invite", "invited": "Ana", "session": "old"}, {"incarnation": 5}),
    "transfer": (
        {"type": "transfer", "origin": "ticket"},
        {"owner": None, "incarnation": 1, "origin": SessionRef(SCID, "ticket", "ticket"), "origin_incarnation": 1},
    ),
    "transfer from what is gone": (
        {"type": "transfer", "origin": "old", "originIncarnation": 3},
        {"origin": SessionRef(SCID, "lobby", "old"), "origin_incarnation": 3},
    ),
    "transfer from what is to come": ({"type": "transfer", "origin": "old"}, {"origin_incarnation": 5}),
}


@pytest.mark.parametrize(("handle", "known"), EARLIER_HANDLES.values(), ids=EARLIER_HANDLES)
def test_a_handle_may_have_been_made_earlier(handle: dict[str, Any], known: dict[str, Any]) -> None:
    """Whether somebody might make it was decided then (SEED-8)."""
    found = Seed(with_handle({"created": EARLIER, **handle})).loaded(Path())
    made = found.state.handles[found.handles["go"]]
    assert made.created == (START - HOUR if "created" not in handle else datetime(2025, 12, 1, 12, tzinfo=timezone.utc))
    assert {name: getattr(made, name) for name in known} == known
    assert found.state.handles_given == 1


NO_SESSION = (
    'The seed has no session "two"; it has: one, ticket, old. One of before needs its whole reference.\n'
    "where: /handles/go/{} in the seed\nrule: SEED-2"
)
NO_ZOE = 'There is no user "Zoe"; there are: Ana, Bob, Cid.\nwhere: /handles/go/{} in the seed\nrule: SEED-2'
REFUSED_HANDLES: dict[str, tuple[dict[str, Any], str]] = {
    "session": ({"type": "activity", "owner": "Ana", "session": "two"}, NO_SESSION.format("session")),
    "origin": ({"type": "transfer", "origin": "two"}, NO_SESSION.format("origin")),
    "owner": ({"type": "activity", "owner": "Zoe"}, NO_ZOE.format("owner")),
    "invited": ({"type": "invite", "owner": "Ana", "invited": "Zoe"}, NO_ZOE.format("invited")),
    "no origin": (
        {"type": "transfer"},
        "The field origin is required here.\nwhere: /handles/go in the seed\nrule: SEED-1",
    ),
    "nobody invited": (
        {"type": "invite", "owner": "Ana"},
        "The field invited is required here.\nwhere: /handles/go in the seed\nrule: SEED-1",
    ),
    **{
        f"{name} of {kind}": (
            {"type": kind, "owner": "Ana", name: value, **more},
            f"Only a handle of type {theirs} has {name}.\nwhere: /handles/go/{name} in the seed\nrule: SEED-1",
        )
        for name, value, theirs, others in (
            ("invited", "Cid", "invite", ("activity", "transfer")),
            ("attributes", {}, "invite", ("activity", "transfer")),
            ("expires", LATER, "invite", ("activity", "transfer")),
            ("ahead", True, "invite", ("activity", "transfer")),
            ("origin", "ticket", "transfer", ("activity", "invite")),
            ("originIncarnation", 1, "transfer", ("activity", "invite")),
        )
        for kind in others
        for more in ({"invited": "Cid"} if kind == "invite" else {"origin": "ticket"} if kind == "transfer" else {},)
    },
    "attributes": (
        {"type": "invite", "owner": "Ana", "invited": "Cid", "attributes": {"context": 7}},
        (
            "Expected a string of at most 256 characters, URI-encoded; got 7.\n"
            "where: /handles/go/attributes/context in the seed\nrule: HAND-3"
        ),
    ),
    "a name of a session": (
        {"type": "invite", "invited": "Cid", "session": {"scid": SCID, "templateName": "lobby", "name": "a/b"}},
        (
            'Expected a name of 1 to 99 printable characters, no slash; got "a/b".\n'
            "where: /handles/go/session/name in the seed\nrule: HAND-1"
        ),
    ),
    "a template of a session": (
        {"type": "invite", "invited": "Cid", "session": {"scid": SCID, "templateName": "duel", "name": "a"}},
        (
            f"There is no template duel in {SCID}; it has lobby, game, ticket, large.\n"
            "where: /handles/go/session in the seed\nrule: TMPL-1"
        ),
    ),
    "a template of an origin": (
        {"type": "transfer", "origin": {"scid": SCID, "templateName": "duel", "name": "a"}},
        (
            f"There is no template duel in {SCID}; it has lobby, game, ticket, large.\n"
            "where: /handles/go/origin in the seed\nrule: TMPL-1"
        ),
    ),
    "an activity of somebody else": (
        {"type": "activity", "owner": "Cid"},
        (
            "Cid is no active member of that session, so it cannot be their activity.\n"
            "where: /handles/go/session in the seed\nrule: HAND-2"
        ),
    ),
    "an activity of nobody": (
        {"type": "activity"},
        (
            "the seed is no active member of that session, so it cannot be their activity.\n"
            "where: /handles/go/session in the seed\nrule: HAND-2"
        ),
    ),
    "an invite by somebody else": (
        {"type": "invite", "owner": "Cid", "invited": "Ana"},
        (
            "Cid is no member of that session, so cannot let others in.\n"
            "where: /handles/go/session in the seed\nrule: HAND-17"
        ),
    ),
    "a transfer to nowhere": (
        {"type": "transfer", "session": "old", "origin": "ticket"},
        "The session that the transfer leads to does not exist.\nwhere: /handles/go/session in the seed\nrule: HAND-4",
    ),
    "a transfer from nowhere": (
        {"type": "transfer", "origin": "old"},
        (
            "The session whose members the transfer lets in does not exist.\n"
            "where: /handles/go/origin in the seed\nrule: HAND-17"
        ),
    ),
    "an id twice": (
        {"type": "invite", "owner": "Ana", "invited": "Cid", "id": HANDLE_ID.upper()},
        f"There is a handle {HANDLE_ID} already.\nwhere: /handles/go/id in the seed\nrule: HAND-1",
    ),
    "an id twice, earlier": (
        {"type": "invite", "owner": "Ana", "invited": "Cid", "id": HANDLE_ID, "created": EARLIER},
        f"There is a handle {HANDLE_ID} already.\nwhere: /handles/go/id in the seed\nrule: HAND-1",
    ),
    **{
        f"{name} without created": (
            {"type": kind, "owner": "Ana", **more, name: value},
            f"Only a handle with created has {name}.\nwhere: /handles/go/{name} in the seed\nrule: SEED-8",
        )
        for name, value, kind, more in (
            ("titleId", "7", "activity", {}),
            ("incarnation", 1, "activity", {}),
            ("expires", LATER, "invite", {"invited": "Cid"}),
            ("ahead", True, "invite", {"invited": "Cid"}),
            ("originIncarnation", 1, "transfer", {"origin": "ticket"}),
        )
    },
    "an activity that expires": (
        {"type": "activity", "owner": "Ana", "created": EARLIER, "expires": LATER},
        "Only a handle of type invite has expires.\nwhere: /handles/go/expires in the seed\nrule: SEED-1",
    ),
    "a transfer ahead": (
        {"type": "transfer", "origin": "ticket", "created": EARLIER, "ahead": True},
        "Only a handle of type invite has ahead.\nwhere: /handles/go/ahead in the seed\nrule: SEED-1",
    ),
    "an invite with an origin": (
        {"type": "invite", "invited": "Cid", "created": EARLIER, "originIncarnation": 1},
        (
            "Only a handle of type transfer has originIncarnation.\n"
            "where: /handles/go/originIncarnation in the seed\nrule: SEED-1"
        ),
    ),
    "created later": (
        {"type": "activity", "owner": "Ana", "created": LATER},
        (
            "That is later than the clock, which shows 2026-01-01 12:00:00+00:00.\n"
            "where: /handles/go/created in the seed\nrule: TIME-1"
        ),
    ),
    "a template, earlier": (
        {
            "type": "invite",
            "invited": "Cid",
            "session": {"scid": SCID, "templateName": "duel", "name": "a"},
            "created": EARLIER,
        },
        (
            f"There is no template duel in {SCID}; it has lobby, game, ticket, large.\n"
            "where: /handles/go/session in the seed\nrule: TMPL-1"
        ),
    ),
    "a template of an origin, earlier": (
        {
            "type": "transfer",
            "origin": {"scid": SCID, "templateName": "duel", "name": "a"},
            "created": EARLIER,
        },
        (
            f"There is no template duel in {SCID}; it has lobby, game, ticket, large.\n"
            "where: /handles/go/origin in the seed\nrule: TMPL-1"
        ),
    ),
    **{
        f"an earlier activity {name}": (
            {"type": "activity", "created": EARLIER, **more},
            (
                "The owner is no active member of that session, so it cannot be their activity.\n"
                "where: /handles/go/owner in the seed\nrule: HAND-2"
            ),
        )
        for name, more in (
            ("of somebody else", {"owner": "Cid"}),
            ("of nobody", {}),
            ("in what is gone", {"owner": "Ana", "session": "old"}),
            ("in the one before", {"owner": "Ana", "incarnation": 2}),
        )
    },
}


@pytest.mark.parametrize(("handle", "said"), REFUSED_HANDLES.values(), ids=REFUSED_HANDLES)
def test_handles_obey_the_rules(handle: dict[str, Any], said: str) -> None:
    """With the names that a seed has for what a request calls otherwise (SEED-2, SEED-5, SEED-8)."""
    document = with_handle({})
    first = {"type": "invite", "session": "one", "owner": "Ana", "invited": "Cid", "id": HANDLE_ID}
    assert error_of({**document, "handles": {"first": first, "go": {"session": "one", **handle}}}) == said


def test_a_seed_without_sessions_says_so() -> None:
    """There is none that a handle could mean (SEED-2)."""
    said = error_of({"users": PEOPLE, "handles": {"go": {"type": "activity", "session": "one", "owner": "Ana"}}})
    assert said.splitlines()[0] == (
        'The seed has no session "one"; it has: none. One of before needs its whole reference.'
    )


# Statistics


def test_users_have_reached_what_the_seed_says() -> None:
    """Values of every type, alone or as an object (STAT-4, STAT-5)."""
    noon = "2026-01-01T12:00:00Z"
    xbl = loaded(
        {
            "users": PEOPLE,
            "statistics": {
                "users": {
                    "Ana": {
                        "wins": 3,
                        "rating": 1.5,
                        "map": "dunes",
                        "seen": START,
                        "first": {"value": noon, "type": "DateTime"},
                        "told": {"value": noon},
                        "best": {"value": 7, "metadata": {"map": "hills"}},
                        "there": {"value": 8, "name": "wins", "scid": OTHER},
                        "nothing": None,
                    },
                    "Cid": {},
                }
            },
        }
    )
    held = {
        scid: {name: tuple(one) for name, one in values.items()}
        for (scid, xuid), values in xbl._world._state.statistics.items()
    }
    assert held == {
        SCID: {
            "wins": ("Integer", 3, None),
            "rating": ("Double", 1.5, None),
            "map": ("String", "dunes", None),
            "seen": ("DateTime", START, None),
            "first": ("DateTime", START, None),
            "told": ("String", noon, None),
            "best": ("Integer", 7, '{"map": "hills"}'),
        },
        OTHER.lower(): {"wins": ("Integer", 8, None)},
    }


def test_titles_say_what_the_seed_says() -> None:
    """Types, access, titles, service configurations, and how values are shown (STAT-5 to STAT-8)."""
    xbl = loaded(
        {
            "users": PEOPLE,
            "statistics": {
                "definitions": {
                    "rating": {"type": "Double"},
                    "coins": {"access": "restricted"},
                    "there": {"name": "rating", "scid": OTHER, "type": "String"},
                },
                "titles": {"7": OTHER},
                "scids": [OTHER.replace("A", "B")],
                "values": "strings",
                "sandbox": "XDKS.1",
                "users": {"Ana": {"rating": 3}},
            },
        }
    )
    state = xbl._world._state
    assert {scid: {name: tuple(one) for name, one in said.items()} for scid, said in state.definitions.items()} == {
        SCID: {"rating": ("Double", "open"), "coins": (None, "restricted")},
        OTHER.lower(): {"rating": ("String", "open")},
        OTHER.replace("A", "b"): {},
    }
    assert (dict(state.titles), state.values, state.sandbox) == ({"1719000001": SCID, "7": OTHER}, "strings", "XDKS.1")
    assert tuple(state.reached(SCID, "11")["rating"]) == ("Double", 3.0, None)


def test_what_a_seed_does_not_say_of_statistics_stays() -> None:
    """On top of what was there (STAT-6, STAT-8)."""
    xbl = loaded({"users": PEOPLE, "statistics": {"values": "strings", "sandbox": "X", "users": {"Ana": {"wins": 1}}}})
    xbl.seed({"statistics": {"users": {"Ana": {"rank": 2}}, "scids": [SCID.upper()]}})
    state = xbl._world._state
    assert (state.values, state.sandbox, list(state.reached(SCID, "11"))) == ("strings", "X", ["wins", "rank"])


REFUSED_STATISTICS: dict[str, tuple[dict[str, Any], str]] = {
    "nobody": (
        {"users": {"Zoe": {"wins": 1}}},
        'There is no user "Zoe"; there are: Ana, Bob, Cid.\nwhere: {}/users/Zoe in the seed\nrule: SEED-2',
    ),
    "a service": (
        {"users": {"server": {"wins": 1}}},
        'There is no user "server"; there are: Ana, Bob, Cid.\nwhere: {}/users/server in the seed\nrule: SEED-2',
    ),
    "no value": (
        {"users": {"Ana": {"wins": {"name": "x"}}}},
        "The field value is required here.\nwhere: {}/users/Ana/wins in the seed\nrule: SEED-1",
    ),
    "no time": (
        {"users": {"Ana": {"seen": {"value": "noon", "type": "DateTime"}}}},
        (
            'Expected a time with its zone, as "2026-01-01T12:00:00Z".\n'
            "where: {}/users/Ana/seen/value in the seed\nrule: STAT-5"
        ),
    ),
    "too large": (
        {"users": {"Ana": {"wins": 2**63}}},
        (
            "9223372036854775808 is no statistic: an integer of 64 bits, a finite float, a string or a datetime in a "
            "time zone.\nwhere: {}/users/Ana/wins in the seed\nrule: STAT-5"
        ),
    ),
    "a name twice": (
        {"users": {"Ana": {"wins": 1, "victories": {"value": 2, "name": "wins", "scid": SCID.upper()}}}},
        "The statistic wins stands twice.\nwhere: {}/users/Ana/victories/name in the seed\nrule: SEED-1",
    ),
    "not as defined": (
        {"definitions": {"wins": {"type": "Integer"}}, "users": {"Ana": {"wins": "many"}}},
        (
            "The statistic wins is defined as Integer; 'many' is String.\n"
            "where: {}/users/Ana/wins in the seed\nrule: STAT-5"
        ),
    ),
    **{
        f"a name {kind}": (
            {"users": {"Ana": {label: 1}}},
            (
                "A statistic has a name without commas and slashes.\n"
                f"where: {{}}/users/Ana/{label.replace('/', '~1')} in the seed\nrule: STAT-4"
            ),
        )
        for kind, label in (("that is empty", ""), ("with a comma", "a,b"), ("with a slash", "a/b"))
    },
    "a name in an object": (
        {"users": {"Ana": {"wins": {"value": 1, "name": "a,b"}}}},
        "A statistic has a name without commas and slashes.\nwhere: {}/users/Ana/wins in the seed\nrule: STAT-4",
    ),
    "a name in a definition": (
        {"definitions": {"a/b": {}}},
        "A statistic has a name without commas and slashes.\nwhere: {}/definitions/a~1b in the seed\nrule: STAT-4",
    ),
}


@pytest.mark.parametrize(("statistics", "said"), REFUSED_STATISTICS.values(), ids=REFUSED_STATISTICS)
def test_statistics_obey_the_rules(statistics: dict[str, Any], said: str) -> None:
    """What a title could not say, a seed cannot (SEED-2, STAT-4, STAT-5)."""
    document = {"users": PEOPLE, "services": {"server": {}}, "statistics": statistics}
    assert error_of(document) == said.replace("{}", "/statistics")


def test_a_definition_that_contradicts_what_was_reached_is_refused() -> None:
    """What was there before counts, too (STAT-5)."""
    xbl = loaded({"users": PEOPLE, "statistics": {"users": {"Ana": {"wins": "many"}}}})
    with pytest.raises(XblError) as error:
        xbl.seed({"statistics": {"definitions": {"wins": {"type": "Integer"}}}})
    assert str(error.value) == (
        "The statistic wins is defined as Integer; 'many' is String.\n"
        "where: /statistics/definitions/wins in the seed\nrule: STAT-5"
    )


# What has been given out


def test_ids_go_on_from_what_the_seed_says() -> None:
    """So that a world that goes on from a dump gives out the same ones (SEED-7)."""
    document = with_handle({"type": "invite", "owner": "Ana", "invited": "Cid"})
    fresh, worn = loaded(document), loaded({**document, "given": {"sessions": 3, "handles": 9}})
    state = worn.world._state
    assert (state.names_given, state.handles_given) == (3, 9)
    assert (fresh.world._state.names_given, fresh.world._state.handles_given) == (0, 1)
    made = [xbl.sessions.create("lobby", members=xbl.scenario.users).ref.name for xbl in (fresh, worn)]
    assert made[0] != made[1]


def test_a_statistic_is_defined_once() -> None:
    """Two labels of one name would leave it to their order what the title says (SEED-1)."""
    twice = {"a": {"type": "Integer"}, "b": {"name": "a", "type": "Double"}}
    with pytest.raises(XblError) as error:
        XboxLive(seed={"statistics": {"definitions": twice}})
    where = "where: /statistics/definitions/b/name in the seed"
    assert str(error.value) == f"The statistic a stands twice.\n{where}\nrule: SEED-1"


def test_a_session_that_is_empty_was_made_before() -> None:
    """Its start is not later than the moment at which it emptied, so its dump is a seed again (SEED-7, TIME-4)."""
    slow = {"constants": {"system": {"sessionEmptyTimeout": 72_000_000}}}
    one = {"template": "slow", "emptySince": "2026-01-01T10:00:00Z"}
    xbl = XboxLive(seed={"templates": {"slow": slow}, "sessions": {"one": one}})
    assert XboxLive(seed=xbl.dump()).dump() == xbl.dump()
    assert xbl.sessions["one"].document["startTime"] == "2026-01-01T10:00:00.0000000Z"


@pytest.mark.parametrize("name", ["a\0.json", "\ud800.json"])
def test_a_name_that_no_file_has_is_an_error(name: str) -> None:
    """Wherever it is named, to read it or to write it."""
    with pytest.raises(XblError, match=r"No file can be called|cannot be read"):
        XboxLive(seed=name)
    with pytest.raises(XblError, match="No file can be called"):
        XboxLive().dump(name)
