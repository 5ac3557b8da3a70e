"""The sessions that a seed cannot have: a service and the members could not have made them (SEED-2, SEED-5)."""

from __future__ import annotations

from bodies import SCID
from seeds import EARLIER, EARLIEST, LATER, OTHER, PEOPLE, SLOW, SeedDict, refused, template, with_session
from tables import cases

LOCKED = {"system": {"closed": True, "locked": True}}
USERS: SeedDict = {**PEOPLE, "Dot": {}, "Eve": {"privileges": []}}
TEMPLATES = {
    "slow": template(**SLOW),
    "brief": template(reservedRemovalTimeout=0),
    "judged": template(capabilities={"gameplay": True, "arbitration": True}),
    "show": template(capabilities={"broadcast": True, "large": True}),
    "party": template(visibility="private"),
}


def unknown(name: str) -> str:
    """The text about somebody who is no user."""
    return f'There is no user "{name}"; there are: Ana, Bob, Cid, Dot, Eve.'


TWICE = "Somebody is named twice among the members; a member has one place."
STRANGER = "Only a stranger has a xuid here; {} is in the world already."
FULL = "The session is full: maxMembersCount is 3, and every slot is taken"
AT_ONCE = (
    "The session would be gone at once: nobody is in it, or nobody who may stay, and its sessionEmptyTimeout is 0. "
    "Give it active members, or a template with longer timeouts; or say since when, by emptySince or since."
)
TIMED_OUT = "The first access would remove {}: the timeout of that status is 0 in this template."
TO_COME = "This time is later than the clock, which shows 2026-01-01 12:00:00+00:00."
JOINED = "A member joins when the session is made, or later, and so not before startTime."
SLOTS = "Slots are kept for people who left; nobody in away is a member, or there twice."
NUMBER = "There have been 2 sessions of that name, so the incarnation is 3 or more."
REFUSED: dict[str, tuple[SeedDict, str, str]] = {
    # A session, the text, and the place in the session with the rule.
    # Template, name and incarnation
    "template": (
        {"template": "duel"},
        f"There is no template duel in {SCID}; it has lobby, game, ticket, large, {', '.join(TEMPLATES)}.",
        "/template TMPL-1",
    ),
    "scid": ({"scid": OTHER}, f"The service configuration {OTHER} is unknown; known are: {SCID}.", "/template TMPL-1"),
    "the template of one that is gone": (
        {"template": "duel", "scid": OTHER, "gone": True},
        f"The service configuration {OTHER} is unknown; known are: {SCID}.",
        "/template TMPL-1",
    ),
    "a name that there is": (
        {"template": "lobby", "name": "THERE", "members": ["Ana"]},
        f"There is a session {SCID}~lobby~THERE already.",
        "/name PUT-8",
    ),
    "an incarnation that there was": (
        {"template": "lobby", "name": "old", "members": ["Ana"], "incarnation": 2},
        NUMBER,
        "/incarnation TIME-9",
    ),
    "gone as an incarnation that there was": (
        {"template": "lobby", "name": "OLD", "gone": True, "incarnation": 2},
        NUMBER,
        "/incarnation TIME-9",
    ),
    "gone though it is there": (
        {"template": "lobby", "name": "THERE", "gone": True},
        f"The session {SCID}~lobby~THERE is there, so it is not gone.",
        "/gone TIME-9",
    ),
    "gone with other fields": (
        {"template": "lobby", "gone": True, "members": ["Ana"], "changeNumber": 4},
        "A session that is gone has no members.",
        "/members SEED-1",
    ),
    # Who is in it
    "too many members": ({"members": ["Ana", "Bob", "Cid", "Dot"]}, f"{FULL}.", "/members JOIN-8"),
    "somebody who may not play with others": (
        {"members": ["Eve"]},
        "Eve lacks the multiplayer privilege, so cannot create or join a session.",
        "/members PUT-11",
    ),
    "somebody who may not play with others, as an object": (
        {"members": {"Ana": {}, "Eve": {}}},
        "Eve lacks the multiplayer privilege, so cannot create or join a session.",
        "/members/Eve PUT-11",
    ),
    "nobody in a list": ({"members": ["Ana", "Zoe"]}, unknown("Zoe"), "/members SEED-2"),
    "nobody with a status": ({"members": {"Zoe": "ready"}}, unknown("Zoe"), "/members/Zoe SEED-2"),
    "nobody as an object": ({"members": {"a/b~": {}}}, unknown("a/b~"), "/members/a~1b~0 SEED-2"),
    "somebody twice": ({"members": ["Ana", "Ana"]}, TWICE, "/members MEMB-1"),
    "a stranger twice": ({"members": {"y": {"xuid": "9"}, "z": {"xuid": "9"}}}, TWICE, "/members MEMB-1"),
    "a stranger with the xuid of a user": (
        {"members": {"zed": {"xuid": "11"}}},
        STRANGER.format("Ana"),
        "/members/zed/xuid SEED-2",
    ),
    "a stranger with the name of a user": (
        {"members": {"Ana": {"xuid": "99"}}},
        STRANGER.format("Ana"),
        "/members/Ana/xuid SEED-2",
    ),
    "a stranger with the name of a service": (
        {"members": {"server": {"xuid": "99"}}},
        STRANGER.format("server"),
        "/members/server/xuid SEED-2",
    ),
    "an index below another": (
        {"members": {"Ana": {"index": 3}, "Bob": {"index": 3}}},
        "Indices rise from member to member; that of Bob is 4 or more, not 3.",
        "/members/Bob/index MEMB-1",
    ),
    "the next index": (
        {"members": {"Ana": {"index": 3}}, "nextIndex": 3},
        "The next index is above those of all members: 4 or more, not 3.",
        "/nextIndex MEMB-1",
    ),
    **{
        f"{claim} of somebody {status}": (
            {"members": {"Ana": "active", "Bob": {"status": status, claim: "7"}}},
            f"A member who is {status} has no {claim}.",
            f"/members/Bob/{claim} MEMB-9",
        )
        for status, claim in (
            ("reserved", "gamertag"),
            ("reserved", "deviceId"),
            ("reserved", "activeTitleId"),
            ("ready", "activeTitleId"),
            ("inactive", "activeTitleId"),
        )
    },
    # Who would be gone at once
    "nobody at all": ({"template": "lobby"}, AT_ONCE, "/members TIME-4"),
    "nobody who may stay": ({"template": "lobby", "members": {"Ana": "inactive"}}, AT_ONCE, "/members TIME-4"),
    "members who may not stay": (
        {"template": "lobby", "members": {"Ana": "active", "Bob": "inactive", "Cid": "inactive"}},
        TIMED_OUT.format("Bob (inactive), Cid (inactive)"),
        "/members TIME-3",
    ),
    "a reservation that does not last": (
        {"template": "brief", "members": {"Ana": "active", "Bob": "reserved"}},
        TIMED_OUT.format("Bob (reserved)"),
        "/members TIME-3",
    ),
    # Times
    **{
        f"{field} is to come": ({"members": {"Ana": {field: LATER}}}, TO_COME, f"/members/Ana/{field} TIME-1")
        for field in ("since", "joinTime")
    },
    **{f"{field} is to come": ({field: LATER}, TO_COME, f"/{field} TIME-1") for field in ("startTime", "emptySince")},
    "since before joinTime": (
        {"members": {"Ana": "active", "Bob": {"since": EARLIEST, "joinTime": EARLIER}}},
        "The status begins when the member joins, or later: since is before joinTime.",
        "/members/Bob/since MEMB-9",
    ),
    **{
        f"{field} before startTime": (
            {"members": {"Ana": {field: EARLIEST}}, "startTime": EARLIER},
            JOINED,
            f"/members/Ana/{field} MEMB-9",
        )
        for field in ("since", "joinTime")
    },
    "emptySince before startTime": (
        {"startTime": EARLIER, "emptySince": EARLIEST},
        "A session is empty when it is made, or later: emptySince is before startTime.",
        "/emptySince TIME-4",
    ),
    "empty with somebody in it": (
        {"members": ["Ana"], "emptySince": EARLIER},
        "A session with members is not empty.",
        "/emptySince TIME-4",
    ),
    # Slots that are kept
    "a member who is away": ({"members": ["Ana", "Bob"], "away": ["Ana"], "properties": LOCKED}, SLOTS, "/away JOIN-5"),
    "somebody who is away twice": (
        {"members": ["Ana"], "away": ["Bob", {"xuid": "12"}], "properties": LOCKED},
        SLOTS,
        "/away JOIN-5",
    ),
    "too many away": (
        {"members": ["Ana", "Bob"], "away": ["Cid", {"xuid": "99"}], "properties": LOCKED},
        f"{FULL}, 2 of them for people who left while it was locked.",
        "/members JOIN-8",
    ),
    "away from a session that is not locked": (
        {"members": ["Ana"], "away": ["Bob"]},
        "Only a locked session keeps the slots of those who left.",
        "/away JOIN-5",
    ),
    "nobody away": ({"members": ["Ana"], "away": ["Bob", "Zoe"]}, unknown("Zoe"), "/away/1 SEED-2"),
    # The bodies of members
    **{
        f"{flag} among the properties": (
            {"members": {"Ana": {"properties": {"system": {flag: False}}}}},
            f"The status says whether a member is {flag}; leave this field out.",
            f"/members/Ana/properties/system/{flag} MEMB-8",
        )
        for flag in ("active", "ready")
    },
    "an unknown property of a member": (
        {"members": {"a~": {"xuid": "9", "properties": {"system": {"grups": []}}}}},
        'The field "grups" is not known here; did you mean "groups"?',
        "/members/a~0/properties/system/grups CALL-6",
    ),
    "properties that are no object": (
        {"members": {"Ana": {"properties": {"system": []}}}},
        "Expected an object; got [].",
        "/members/Ana/properties/system CALL-6",
    ),
    "properties of a reservation": (
        {"members": {"Ana": {"status": "reserved", "properties": {}}}},
        "The properties of a member are written by nobody else.",
        "/members/Ana/properties MEMB-7",
    ),
    "constants of a reservation that are no object": (
        {"members": {"Ana": {"status": "reserved", "constants": {"system": []}}}},
        "Expected an object; got [].",
        "/members/Ana/constants/system CALL-6",
    ),
    "an index among the constants": (
        {"members": {"Ana": {"constants": {"system": {"index": 4}}}}},
        "The index of this member is 0, and the service gives it; it cannot be 4.",
        "/members/Ana/constants/system/index MEMB-6",
    ),
    "the xuid of somebody else among the constants": (
        {"members": {"Ana": {"constants": {"system": {"xuid": "7"}}}}},
        'Under members.me stands the caller, 11; the body names "7".',
        "/members/Ana/constants/system/xuid MEMB-6",
    ),
    "an address without connectivity": (
        {"template": "party", "members": {"Ana": {"properties": {"system": {"secureDeviceAddress": "QUJDRA=="}}}}},
        "A secureDeviceAddress needs the capability connectivity.",
        "/members/Ana/properties/system/secureDeviceAddress MEMB-10",
    ),
    # The bodies of sessions
    "another constant than the template": (
        {"members": ["Ana"], "constants": {"system": {"maxMembersCount": 4}}},
        "The template sets the constant maxMembersCount to 3; it cannot be 4.",
        "/constants/system/maxMembersCount TMPL-3",
    ),
    "a property of nobody": (
        {"members": ["Ana"], "properties": {"system": {"turn": [1]}}},
        "It can only be the turn of a member, and there is none with index 1.",
        "/properties/system/turn PROP-3",
    ),
    "an unknown field of a server": (
        {"members": ["Ana"], "servers": {"a/b": {"address": "x"}}},
        'The field "address" is not known here; known here: constants, properties.',
        "/servers/a~1b/address CALL-6",
    ),
    "role types": (
        {"members": ["Ana"], "roleTypes": {"team": {"roles": {"red": {"max": 0}}}}},
        "Expected an integer of 1 or more; got 0.",
        "/roleTypes/team/roles/red/max ROLE-1",
    ),
    # What the fake does not make, or nobody but the people themselves
    "a capability that is not there yet": (
        {"template": "large", "members": ["Ana"]},
        "A session with the capability large: the fake does not do this yet, so it refuses the request.",
        "/constants/system/capabilities/large BIG-1",
    ),
    "arbitration without its server": (
        {"template": "judged", "members": ["Ana"]},
        "A session with arbitration is made by a service, in one write with the server arbitration.",
        "/constants/system/capabilities/arbitration CONST-8",
    ),
    "a broadcast": (
        {"template": "show", "members": ["Ana"]},
        'A broadcast session is named by its broadcaster\'s xuid, not "one".',
        " CONST-8",
    ),
}


@cases("session what at", REFUSED)
def test_sessions_obey_the_rules(session: SeedDict, what: str, at: str) -> None:
    """The place is the one in the seed, wherever the rule stands (SEED-2, SEED-5)."""
    place, rule = at.rsplit(" ", 1)
    document = with_session(session, users=USERS, services={"server": {}}, templates=TEMPLATES)
    before = {
        "old": {"template": "lobby", "gone": True, "incarnation": 2},
        "there": {"template": "lobby", "members": ["Ana"]},
    }
    found = refused({**document, "sessions": {**before, **document["sessions"]}})
    assert found == (what, f"/sessions/one{place}", rule)


def test_a_label_that_can_be_no_name_needs_one() -> None:
    """The name is checked, wherever it comes from (CALL-15)."""
    assert refused({"users": PEOPLE, "sessions": {"a/b": {"template": "lobby", "members": ["Ana"]}}}) == (
        'Expected a name of 1 to 99 printable characters, no slash; got "a/b".',
        "/sessions/a~1b/name",
        "CALL-15",
    )
