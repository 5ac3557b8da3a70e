"""The sessions that a seed cannot have: a service and the members could not have made them (SEED-2, SEED-5)."""

from __future__ import annotations

from bodies import READY, SCID
from seeds import (
    EARLIER,
    EARLIEST,
    LATER,
    OTHER,
    PEOPLE,
    SLOW,
    Row,
    SeedDict,
    refusals,
    refused,
    template,
    with_session,
)

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


TWICE = "A member is named twice."
STRANGER = "Only a stranger has a xuid here; {} is in the world already."
FULL = "The session is full: maxMembersCount is 3, and every slot is taken"
AT_ONCE = (
    "The session would be deleted at once: no member may stay in it, and its sessionEmptyTimeout is 0. "
    "Give it active members, or a template with longer timeouts; or set emptySince or since."
)
TIMED_OUT = "The first access would remove {}: the timeout of that status is 0 in this template."
TO_COME = "This time is later than the clock, which shows 2026-01-01 12:00:00+00:00."
JOINED = "A member joins when the session is made, or later, and so not before startTime."
SLOTS = "away names players who left: none may be a member, or appear twice."
NUMBER = "There have been 2 sessions of that name, so the incarnation is 3 or more."
NO_TEMPLATE = f"There is no template duel in {SCID}; it has {READY}, {', '.join(TEMPLATES)}."
STATUS = "The status says whether a member is {}; leave this field out."
INDEX = "The index of this member is 0, and the service gives it; it cannot be 4."
ADDRESS = "A secureDeviceAddress needs the capability connectivity."
LARGE = "A large session takes no reservations: each member joins by themselves."
SUBSCRIBED = {"11111111-ebe0-42da-885f-033860a81801": {"profile": "party"}}
ARBITRATION = "A session with arbitration is made by a service, in one write with the server arbitration."
# Sessions that are refused, by the place in them, the rule and the text.
REFUSED: dict[str, list[SeedDict]] = {
    f"/template TMPL-1: {NO_TEMPLATE}": [{"template": "duel"}],
    f"/template TMPL-1: The service configuration {OTHER} is unknown; known are: {SCID}.": [
        {"scid": OTHER},
        {"template": "duel", "scid": OTHER, "gone": True},
    ],
    f"/name PUT-8: There is a session {SCID}~lobby~THERE already.": [
        {"template": "lobby", "name": "THERE", "members": ["Ana"]}
    ],
    f"/incarnation TIME-9: {NUMBER}": [
        {"template": "lobby", "name": "old", "members": ["Ana"], "incarnation": 2},
        {"template": "lobby", "name": "OLD", "gone": True, "incarnation": 2},
    ],
    f"/gone TIME-9: The session {SCID}~lobby~THERE is there, so it is not gone.": [
        {"template": "lobby", "name": "THERE", "gone": True}
    ],
    "/members SEED-1: A session that is gone has no members.": [
        {"template": "lobby", "gone": True, "members": ["Ana"], "changeNumber": 4}
    ],
    f"/members JOIN-8: {FULL}.": [{"members": ["Ana", "Bob", "Cid", "Dot"]}],
    "/members PUT-11: Eve lacks the multiplayer privilege, so cannot create or join a session.": [{"members": ["Eve"]}],
    "/members/Eve PUT-11: Eve lacks the multiplayer privilege, so cannot create or join a session.": [
        {"members": {"Ana": {}, "Eve": {}}}
    ],
    f"/members SEED-2: {unknown('Zoe')}": [{"members": ["Ana", "Zoe"]}],
    f"/members/Zoe SEED-2: {unknown('Zoe')}": [{"members": {"Zoe": "ready"}}],
    f"/members/a~1b~0 SEED-2: {unknown('a/b~')}": [{"members": {"a/b~": {}}}],
    f"/members MEMB-1: {TWICE}": [{"members": ["Ana", "Ana"]}, {"members": {"y": {"xuid": "9"}, "z": {"xuid": "9"}}}],
    f"/members/zed/xuid SEED-2: {STRANGER.format('Ana')}": [{"members": {"zed": {"xuid": "11"}}}],
    f"/members/Ana/xuid SEED-2: {STRANGER.format('Ana')}": [{"members": {"Ana": {"xuid": "99"}}}],
    f"/members/server/xuid SEED-2: {STRANGER.format('server')}": [{"members": {"server": {"xuid": "99"}}}],
    "/members/Bob/index MEMB-1: Indices rise from member to member; that of Bob is 4 or more, not 3.": [
        {"members": {"Ana": {"index": 3}, "Bob": {"index": 3}}}
    ],
    "/nextIndex MEMB-1: The next index is above those of all members: 4 or more, not 3.": [
        {"members": {"Ana": {"index": 3}}, "nextIndex": 3}
    ],
    **{
        f"/members/Bob/{claim} MEMB-9: A member who is {status} has no {claim}.": [
            {"members": {"Ana": "active", "Bob": {"status": status, claim: "7"}}}
        ]
        for claim, statuses in {
            "gamertag": ["reserved"],
            "deviceId": ["reserved"],
            "activeTitleId": ["reserved", "ready", "inactive"],
        }.items()
        for status in statuses
    },
    f"/members TIME-4: {AT_ONCE}": [{"template": "lobby"}, {"template": "lobby", "members": {"Ana": "inactive"}}],
    f"/members TIME-3: {TIMED_OUT.format('Bob (inactive), Cid (inactive)')}": [
        {"template": "lobby", "members": {"Ana": "active", "Bob": "inactive", "Cid": "inactive"}}
    ],
    f"/members TIME-3: {TIMED_OUT.format('Bob (reserved)')}": [
        {"template": "brief", "members": {"Ana": "active", "Bob": "reserved"}}
    ],
    **{
        f"/members/Ana/{field} TIME-1: {TO_COME}": [{"members": {"Ana": {field: LATER}}}]
        for field in ("since", "joinTime")
    },
    **{f"/{field} TIME-1: {TO_COME}": [{field: LATER}] for field in ("startTime", "emptySince")},
    "/members/Bob/since MEMB-9: The status begins when the member joins, or later: since is before joinTime.": [
        {"members": {"Ana": "active", "Bob": {"since": EARLIEST, "joinTime": EARLIER}}}
    ],
    **{
        f"/members/Ana/{field} MEMB-9: {JOINED}": [{"members": {"Ana": {field: EARLIEST}}, "startTime": EARLIER}]
        for field in ("since", "joinTime")
    },
    "/emptySince TIME-4: A session is empty when it is made, or later: emptySince is before startTime.": [
        {"startTime": EARLIER, "emptySince": EARLIEST}
    ],
    "/emptySince TIME-4: A session with members is not empty.": [{"members": ["Ana"], "emptySince": EARLIER}],
    f"/away JOIN-5: {SLOTS}": [
        {"members": ["Ana", "Bob"], "away": ["Ana"], "properties": LOCKED},
        {"members": ["Ana"], "away": ["Bob", {"xuid": "12"}], "properties": LOCKED},
    ],
    f"/members JOIN-8: {FULL}, 2 of them for people who left while it was locked.": [
        {"members": ["Ana", "Bob"], "away": ["Cid", {"xuid": "99"}], "properties": LOCKED}
    ],
    "/away JOIN-5: Only a locked session keeps the slots of those who left.": [{"members": ["Ana"], "away": ["Bob"]}],
    f"/away/1 SEED-2: {unknown('Zoe')}": [{"members": ["Ana"], "away": ["Bob", "Zoe"]}],
    **{
        f"/members/Ana/properties/system/{flag} MEMB-8: {STATUS.format(flag)}": [
            {"members": {"Ana": {"properties": {"system": {flag: False}}}}}
        ]
        for flag in ("active", "ready")
    },
    '/members/a~0/properties/system/grups CALL-6: The field "grups" is not known here; did you mean "groups"?': [
        {"members": {"a~": {"xuid": "9", "properties": {"system": {"grups": []}}}}}
    ],
    "/members/Ana/properties/system CALL-6: Expected an object; got [].": [
        {"members": {"Ana": {"properties": {"system": []}}}}
    ],
    "/members/Ana/properties MEMB-7: Only the member may write their properties.": [
        {"members": {"Ana": {"status": "reserved", "properties": {}}}}
    ],
    "/members/Ana/constants/system CALL-6: Expected an object; got [].": [
        {"members": {"Ana": {"status": "reserved", "constants": {"system": []}}}}
    ],
    f"/members/Ana/constants/system/index MEMB-6: {INDEX}": [
        {"members": {"Ana": {"constants": {"system": {"index": 4}}}}}
    ],
    '/members/Ana/constants/system/xuid MEMB-6: The xuid of this member is 11; the record names "7".': [
        {"members": {"Ana": {"constants": {"system": {"xuid": "7"}}}}}
    ],
    f"/members/Ana/properties/system/secureDeviceAddress MEMB-10: {ADDRESS}": [
        {"template": "party", "members": {"Ana": {"properties": {"system": {"secureDeviceAddress": "QUJDRA=="}}}}}
    ],
    "/constants/system/maxMembersCount TMPL-3: The template sets the constant maxMembersCount to 3; it cannot be 4.": [
        {"members": ["Ana"], "constants": {"system": {"maxMembersCount": 4}}}
    ],
    '/properties/system/host PROP-4: The host "ab" is no member\'s device: give one a secureDeviceAddress.': [
        {"members": ["Ana"], "properties": {"system": {"host": "ab"}}}
    ],
    "/properties/system/turn PROP-3: turn names members by their index, and no member has index 1.": [
        {"members": ["Ana"], "properties": {"system": {"turn": [1]}}}
    ],
    '/servers/a~1b/address CALL-6: The field "address" is not known here; known here: constants, properties.': [
        {"members": ["Ana"], "servers": {"a/b": {"address": "x"}}}
    ],
    "/roleTypes/team/roles/red/max ROLE-1: Expected an integer of 1 or more; got 0.": [
        {"members": ["Ana"], "roleTypes": {"team": {"roles": {"red": {"max": 0}}}}}
    ],
    f"/members BIG-2: {LARGE}": [{"template": "large", "members": {"Ana": "reserved"}}],
    "/properties/system/turn BIG-2: A large session has no turn.": [
        {"template": "large", "members": ["Ana"], "properties": {"system": {"turn": [0]}}}
    ],
    "/members/Ana/properties/system/subscriptions BIG-2: A member of a large session has no subscriptions.": [
        {"template": "large", "members": {"Ana": {"properties": {"system": {"subscriptions": SUBSCRIBED}}}}}
    ],
    f"/constants/system/capabilities/arbitration CONST-8: {ARBITRATION}": [{"template": "judged", "members": ["Ana"]}],
    'CONST-8: A broadcast session is named by its broadcaster\'s xuid, not "one".': [
        {"template": "show", "members": ["Ana"]}
    ],
}


@refusals(REFUSED)
def test_sessions_obey_the_rules(given: SeedDict, row: Row) -> None:
    """The place is the one in the seed, wherever the rule stands (SEED-2, SEED-5)."""
    what, place, rule = row
    document = with_session(given, users=USERS, services={"server": {}}, templates=TEMPLATES)
    before = {
        "old": {"template": "lobby", "gone": True, "incarnation": 2},
        "there": {"template": "lobby", "members": ["Ana"]},
    }
    found = refused({**document, "sessions": {**before, **document["sessions"]}})
    assert found == (what, f"/sessions/one{place}", rule)
