"""The handles of a seed: made now as by a request, or earlier (HAND, SEED-8)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from bodies import ACTIVE, READY, SCID, ref
from pytest_xbl import Seed, SessionRef, XboxLive
from pytest_xbl.mpsd.effects import MemberStatusChanged
from pytest_xbl.world.state import START
from seeds import EARLIER, HANDLE_ID, LATER, PEOPLE, Row, SeedDict, refusals, refused, world
from tables import cases

HOUR = timedelta(hours=1)
LONG_AGO = datetime(2025, 12, 1, 12, tzinfo=timezone.utc)
NOON = "2026-01-01T12:00:00.0000000Z"
INVITE = {"type": "invite", "session": "one", "owner": "Ana", "invited": "Cid"}
TITLE = "1719000001"


def with_handle(handle: SeedDict, **more: Any) -> SeedDict:
    """A seed with a session with Ana and Bob in it, a ticket with Ana in it, a session that is gone, and a handle."""
    sessions = {
        "one": {"template": "lobby", "members": ["Ana", "Bob"]},
        "ticket": {"template": "ticket", "members": ["Ana"]},
        "old": {"template": "lobby", "gone": True, "incarnation": 4},
    }
    return {"users": PEOPLE, "sessions": sessions, "handles": {"go": {"session": "one", **handle}}, **more}


SHOWN: dict[str, tuple[SeedDict, SeedDict]] = {
    # A handle, and the fields that a client gets of it, besides those that all have.
    "activity": ({"type": "activity", "owner": "Ana"}, {"ownerXuid": "11", "titleId": TITLE}),
    "invite": (
        {"type": "invite", "owner": "Bob", "invited": "Cid", "attributes": {"contextString": "c"}},
        {
            "ownerXuid": "12",
            "senderXuid": "12",
            "titleId": TITLE,
            "invitedXuid": "13",
            "expiration": "2026-01-02T12:00:00.0000000Z",
            "inviteAttributes": {"contextString": "c"},
        },
    ),
    "invite of nobody for a stranger": (
        {"type": "invite", "invited": {"xuid": "99"}},
        {"invitedXuid": "99", "expiration": "2026-01-02T12:00:00.0000000Z"},
    ),
    "transfer": (
        {"type": "transfer", "owner": "Ana", "origin": "ticket"},
        {"originSessionRef": ref("ticket", "ticket")},
    ),
    "transfer by references": (
        {"type": "transfer", "origin": {"scid": SCID.upper(), "templateName": "TICKET", "name": "Ticket"}},
        {"originSessionRef": ref("ticket", "ticket")},
    ),
}


@cases("handle shown", SHOWN)
def test_handles_are_as_a_request_would_have_made_them(handle: SeedDict, shown: SeedDict) -> None:
    """By a user, or by a service that acts for nobody (HAND-1 to HAND-4)."""
    xbl = world(with_handle({**handle, "id": HANDLE_ID.upper()}))
    found = xbl.client(xbl.service("server")).get(f"/handles/{HANDLE_ID}").get_json()
    pointer = {"id": HANDLE_ID, "type": handle["type"], "version": 1, "sessionRef": ref()}
    more = {"createTime": NOON, "inviteProtocol": "game", "gameTypes": found.get("gameTypes")}
    assert found == {**pointer, **({} if handle["type"] == "transfer" else more), **shown}


def test_handles_have_the_next_free_ids() -> None:
    """The same in every run (HAND-1)."""
    document = {**with_handle(INVITE), "handles": {"go": INVITE, "on": INVITE}}
    one, other = Seed(document)._load(Path()), Seed(document)._load(Path())
    assert one.handles == other.handles
    assert one.handles["go"] != one.handles["on"]
    assert one.state.handles_given == 2


def test_a_handle_may_point_at_a_session_that_is_not_in_the_seed() -> None:
    """By a whole reference: one that was there before, or one that is still to come (HAND-1, HAND-17)."""
    xbl = world({"users": PEOPLE, "sessions": {"one": {"template": "lobby", "members": ["Ana"]}}})
    handles = {
        "now": {"type": "activity", "owner": "Ana", "session": ref()},
        "later": {"type": "invite", "owner": "Bob", "invited": "Cid", "session": ref("two")},
    }
    found = xbl.seed({"handles": handles}).handles.values()
    shown = [(str(handle.ref), handle.ahead) for handle in found]
    assert shown == [(f"{SCID}~lobby~one", False), (f"{SCID}~lobby~two", True)]


def test_an_invite_of_a_seed_lets_in() -> None:
    """As every invite does (JOIN-6)."""
    document = with_handle(INVITE)
    document["sessions"]["one"]["properties"] = {"system": {"joinRestriction": "followed"}}
    xbl = world(document)
    cid = xbl.client(xbl.scenario["Cid"])
    assert cid.put(xbl.sessions["one"].ref.path, json=ACTIVE).status_code == 403
    assert cid.put(f"{xbl.scenario['go'].path}/session", json=ACTIVE).status_code == 200


def test_making_a_handle_is_an_access() -> None:
    """The timers of the session behind it that are due act, and the history shows it (TIME-1, SEED-12)."""
    invite = {"type": "invite", "session": "lobby", "owner": "host", "invited": "left1"}
    orphaned = Seed.scenario("orphaned_session")
    settled = XboxLive(seed=orphaned | {"handles": {"invite": invite}})
    versions = settled.scenario.lobby.history
    assert [version.operation for version in versions] == ["create", "timers"]
    assert isinstance(versions[1].effects[0], MemberStatusChanged)
    earlier = XboxLive(seed=orphaned | {"handles": {"invite": {**invite, "created": NOON}}})
    assert [version.operation for version in earlier.scenario.lobby.history] == ["create"]


def test_an_earlier_activity_may_be_one_of_somebody_who_has_dropped_out() -> None:
    """They are active until somebody looks, and so is their activity there (TIME-7, HAND-9)."""
    users = {**PEOPLE, "Ana": {"present": False}}
    found = Seed(with_handle({"type": "activity", "owner": "Ana", "created": NOON}, users=users))._load(Path())
    assert list(found.state.handles) == [found.handles["go"]]
    assert refused(with_handle({"type": "activity", "owner": "Ana"}, users=users)) == (
        "Ana is no active member of that session, so it cannot be their activity.",
        "/handles/go/session",
        "HAND-2",
    )


@pytest.mark.parametrize("more", [{}, {"created": EARLIER}], ids=["now", "earlier"])
def test_an_owner_has_one_activity_in_a_title(more: SeedDict) -> None:
    """In a seed the first would be lost unseen; one in another title is fine (HAND-2)."""
    document = with_handle({"type": "activity", "owner": "Ana"})
    go = document["handles"]["go"]
    document["handles"]["on"] = {**go, **more}
    text = "The owner has an activity in that title already; a second one would replace it."
    assert refused(document) == (text, "/handles/on/owner", "HAND-2")
    document["handles"]["on"] = {**go, "created": EARLIER, "titleId": "7"}
    assert len(world(document).scenario.handles) == 2


def invite(**more: Any) -> SeedDict:
    """An invite for Ana."""
    return {"type": "invite", "invited": "Ana", **more}


EARLIER_HANDLES: dict[str, tuple[SeedDict, SeedDict]] = {
    # A handle that was made earlier, and what is known of it.
    "activity": (
        {"type": "activity", "owner": "Ana"},
        {"owner": "11", "title_id": TITLE, "incarnation": 1, "expires": None, "ahead": False},
    ),
    "activity in another title": (
        {"type": "activity", "owner": "Ana", "titleId": "7", "incarnation": 1},
        {"owner": "11", "title_id": "7", "incarnation": 1},
    ),
    "activity in no title": ({"type": "activity", "owner": "Ana", "titleId": ""}, {"owner": "11", "title_id": None}),
    "invite": (
        invite(owner="Cid", attributes={"context": "c"}),
        {"owner": "13", "invited": "11", "expires": START + 23 * HOUR, "ahead": False, "attributes": {"context": "c"}}
        | {"origin": None, "origin_incarnation": None},
    ),
    "activity that outlives its session": (
        {"type": "activity", "owner": "Cid", "session": "old"},
        {"incarnation": 4, "ref": SessionRef(SCID, "lobby", "old")},
    ),
    "invite of its own time, ahead": (
        invite(owner={"xuid": "99"}, expires=LATER, ahead=True, incarnation=2),
        {"owner": "99", "title_id": None, "expires": START + HOUR, "ahead": True, "incarnation": 2},
    ),
    "invite that is over": (
        invite(created="2025-12-01T12:00:00Z"),
        {"owner": None, "created": LONG_AGO, "expires": LONG_AGO + 24 * HOUR},
    ),
    "invite to the session before": (invite(session="old", incarnation=4), {"incarnation": 4}),
    "invite to the session after": (invite(session="old"), {"incarnation": 5}),
    "transfer": (
        {"type": "transfer", "origin": "ticket"},
        {"owner": None, "incarnation": 1, "origin": SessionRef(SCID, "ticket", "ticket"), "origin_incarnation": 1},
    ),
    "transfer from one that is gone": (
        {"type": "transfer", "origin": "old", "originIncarnation": 3},
        {"origin": SessionRef(SCID, "lobby", "old"), "origin_incarnation": 3},
    ),
    "transfer from one that is to come": ({"type": "transfer", "origin": "old"}, {"origin_incarnation": 5}),
}


@cases("handle known", EARLIER_HANDLES)
def test_a_handle_may_have_been_made_earlier(handle: SeedDict, known: SeedDict) -> None:
    """Whether somebody might make it was decided then (SEED-8)."""
    found = Seed(with_handle({"created": EARLIER, **handle}))._load(Path())
    made = found.state.handles[found.handles["go"]]
    known = {"created": START - HOUR, **known}
    assert {name: getattr(made, name) for name in known} == known
    assert found.state.handles_given == 1


NO_TEMPLATE = f"There is no template duel in {SCID}; it has {READY}."
NO_SESSION = 'Unknown session "two"; this seed has: one, ticket, old. Name an existing one by its full reference.'
NO_ZOE = 'There is no user "Zoe"; there are: Ana, Bob, Cid.'
NOT_ACTIVE = "{} is no active member of that session, so it cannot be their activity."


def needs(kind: str) -> SeedDict:
    """The fields that a handle of a type needs, besides its session."""
    more: dict[str, SeedDict] = {"invite": {"invited": "Cid"}, "transfer": {"origin": "ticket"}}
    return {"type": kind, "owner": "Ana", **more.get(kind, {})}


BOTH: tuple[SeedDict, ...] = ({}, {"created": EARLIER})
"""The further fields of a handle that is made now, or was made earlier."""
# Handles that are refused, by the place in them, the rule and the text.
REFUSED: dict[str, list[SeedDict]] = {
    f"/session SEED-2: {NO_SESSION}": [{**needs("activity"), "session": "two"}],
    f"/origin SEED-2: {NO_SESSION}": [{"type": "transfer", "origin": "two"}],
    f"/owner SEED-2: {NO_ZOE}": [{"type": "activity", "owner": "Zoe"}],
    f"/invited SEED-2: {NO_ZOE}": [{**needs("invite"), "invited": "Zoe"}],
    "SEED-1: The field origin is required here.": [{"type": "transfer"}],
    "SEED-1: The field invited is required here.": [{"type": "invite", "owner": "Ana"}],
    **{
        f"/{name} SEED-1: Only a handle of type {theirs} has {name}.": [
            {**needs(kind), name: value, **more}
            for kind in ("activity", "invite", "transfer")
            for more in BOTH
            if kind != theirs
        ]
        for name, value, theirs in (
            ("invited", "Cid", "invite"),
            ("expires", LATER, "invite"),
            ("ahead", True, "invite"),
            ("origin", "ticket", "transfer"),
            ("originIncarnation", 1, "transfer"),
        )
    },
    "/attributes SEED-1: Only a handle of type invite or search has attributes.": [
        {**needs(kind), "attributes": {}, **more} for kind in ("activity", "transfer") for more in BOTH
    ],
    **{
        f"/{name} SEED-8: Only a handle with created has {name}.": [{**needs(kind), name: value}]
        for name, value, kind in (
            ("titleId", "7", "activity"),
            ("incarnation", 1, "activity"),
            ("expires", LATER, "invite"),
            ("ahead", True, "invite"),
            ("originIncarnation", 1, "transfer"),
        )
    },
    "/attributes/context HAND-3: Expected a string of at most 256 characters, URI-encoded; got 7.": [
        {**needs("invite"), "attributes": {"context": 7}}
    ],
    '/session/name HAND-1: Expected a name of 1 to 99 printable characters, no slash; got "a/b".': [
        {**needs("invite"), "session": ref("a/b")}
    ],
    **{
        f"/{field} TMPL-1: {NO_TEMPLATE}": [{**needs("transfer"), field: ref("a", "duel"), **more} for more in BOTH]
        for field in ("session", "origin")
    },
    f"/session HAND-2: {NOT_ACTIVE.format('Cid')}": [{"type": "activity", "owner": "Cid"}],
    f"/session HAND-2: {NOT_ACTIVE.format('the seed')}": [{"type": "activity"}],
    f"/owner HAND-2: {NOT_ACTIVE.format('The owner')}": [
        {"type": "activity", "created": EARLIER, **of}
        for of in ({"owner": "Cid"}, {}, {"session": "old"}, {"owner": "Ana", "incarnation": 2})
    ],
    "/origin HAND-17: The session whose members the transfer lets in does not exist.": [
        {"type": "transfer", "origin": "old"}
    ],
    f"/id HAND-1: There is a handle {HANDLE_ID} already.": [
        {**needs("invite"), "id": HANDLE_ID.upper()},
        {**needs("invite"), "id": HANDLE_ID, "created": EARLIER},
    ],
    "/created TIME-1: This time is later than the clock, which shows 2026-01-01 12:00:00+00:00.": [
        {**needs("activity"), "created": LATER}
    ],
}


@refusals(REFUSED)
def test_handles_obey_the_rules(given: SeedDict, row: Row) -> None:
    """With the names that a seed has for the fields of a request (SEED-2, SEED-5, SEED-8)."""
    document = with_handle({})
    document["handles"] = {"first": {**INVITE, "id": HANDLE_ID}, "a/b": {"session": "one", **given}}
    what, place, rule = row
    assert refused(document) == (what, f"/handles/a~1b{place}", rule)


def test_a_seed_without_sessions_says_so() -> None:
    """There is none that a handle could mean (SEED-2)."""
    document = {"users": PEOPLE, "handles": {"go": INVITE}}
    text = 'Unknown session "one"; this seed has: none. Name an existing one by its full reference.'
    assert refused(document) == (text, "/handles/go/session", "SEED-2")
