"""Access to a session, by its own URI and through a handle (JOIN, HAND).

The table of all cases is worked out twice: by the rules of the fake, and below by walls: each kind of session has
some around it, people pass some of them by what they are, and handles open some to those whom they are for.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

from bodies import ACTIVE, PATIENT, Body, properties
from errors import told_of
from pytest_xbl.mpsd.access import read_refusal
from pytest_xbl.mpsd.acting import acting_for
from pytest_xbl.mpsd.applying import apply_write
from pytest_xbl.mpsd.handle_access import opening
from pytest_xbl.mpsd.handles import new_handle, parse_handle
from pytest_xbl.mpsd.model import NO_OPENING, Caller, Context, Opening, Session
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.writes import parse_write

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage

VISIBILITIES = ("open", "visible", "private")
RESTRICTIONS = [
    # joinRestriction, readRestriction: whoever may join may read (JOIN-3)
    ("none", "none"),
    ("followed", "none"),
    ("followed", "followed"),
    ("local", "none"),
    ("local", "followed"),
    ("local", "local"),
]
HANDLES = (
    "no handle",
    "activity",
    "invite for Bob",
    "invite for another",
    "transfer from Bob's session",
    "transfer from another's session",
)
RELATIONS = ("stranger", "followed", "same device")
PLACES = ("", "reserved")


def set_up(
    stage: Stage,
    system: Body,
    visibility: str = "open",
    *,
    relation: str = "stranger",
    place: str = "",
    most: int = 10,
) -> Session:
    """A session of Ann's, and Bob in a certain relation to it."""
    stage.using({"visibility": visibility, "maxMembersCount": most, **PATIENT})
    stage.caller("Ann")
    stage.caller("Bob", device_id=stage.caller("Ann").device_id if relation == "same device" else "Bob's")
    stage.caller("Zoe")
    if relation == "followed":
        stage.follows["1000"] = frozenset({"1001"})
    seats = stage.seat(*(["Bob"] if place == "reserved" else []))["members"]
    return stage.write("Ann", {**properties(**system), "members": {**ACTIVE["members"], **seats}})


def opened(stage: Stage, handle: str) -> Opening:
    """The opening of a handle for Bob that Ann made; `handle` says of which kind."""
    if handle == "no handle":
        return NO_OPENING
    here = stage.held.ref.as_json()
    kind, *whose = handle.split()
    body: Body = {"type": kind, "sessionRef": here}
    if kind == "invite":
        body["invitedXuid"] = "1001" if whose == ["for", "Bob"] else "1002"
    origin = None
    if kind == "transfer":
        body["originSessionRef"] = {**here, "name": "origin"}
        elsewhere = type(stage)()
        for name in ("Ann", "Bob", "Zoe"):
            elsewhere.caller(name)
        origin = elsewhere.join("Bob" if whose == ["from", "Bob's", "session"] else "Zoe")
    made = new_handle(parse_handle(body), stage.held, stage.context("Ann"), stage.ref.scid, origin=origin)
    return opening(made, stage.caller("Bob"), stage.held, origin)


def through(stage: Stage, handle: str) -> Context:
    """The context of a request by Bob that comes through a handle."""
    return stage.context("Bob")._replace(opens=opened(stage, handle))


def found(session: Session, ctx: Context) -> str:
    """The outcome of Bob's reading and joining: the rules that keep him from the one and the other, or yes."""
    reading = read_refusal(session, ctx)
    joining = "yes"
    try:
        joined = apply_write(session, parse_write(ACTIVE, contract=107), ctx).session
        assert joined
        member = joined.member("1001")
        assert member
        assert member.status == "active"
    except Refusal as refusal:
        joining = refusal.rule
    return f"reads: {reading.rule if reading else 'yes'}, joins: {joining}"


READING_WALLS = {"open": (), "visible": (), "private": ("visibility",)}
"""Anyone reads open and visible sessions (JOIN-1)."""
JOINING_WALLS = {"open": (), "visible": ("visibility",), "private": ("visibility",)}
"""Only open ones are joined without a reservation (JOIN-1, JOIN-8)."""
LETS_IN = {
    "none": {"stranger", "followed", "same device"},
    "followed": {"followed", "same device"},
    "local": {"same device"},
}
"""Local is part of followed (JOIN-2, JOIN-3)."""
OPENS: dict[str, set[str]] = {
    "no handle": set(),
    "activity": {"read"},
    "invite for Bob": {"read", "join"},
    "invite for another": set(),
    "transfer from Bob's session": {"read", "join", "visibility"},
    "transfer from another's session": set(),
}
"""Nothing opens a closed session (JOIN-4, JOIN-6, JOIN-11)."""
NAMED_FIRST = (("visibility", "JOIN-8"), ("closed", "JOIN-4"), ("join", "JOIN-2"))
"""The obstacles in the order in which they are named (JOIN-10)."""


def expected(*, visibility: str, closed: bool, join: str, read: str, relation: str, place: str, handle: str) -> str:
    """The outcome of a case by the rules: whoever has a reservation is in already, and others climb no walls."""
    reading, joining = set(READING_WALLS[visibility]), set(JOINING_WALLS[visibility])
    if closed:
        joining.add("closed")
    if relation not in LETS_IN[read]:
        reading.add("read")
    if relation not in LETS_IN[join]:
        joining.add("join")
    if place == "reserved":
        reading, joining = set(), set()
    in_the_way = [rule for wall, rule in NAMED_FIRST if wall in joining - OPENS[handle]]
    reads = "JOIN-7" if reading - OPENS[handle] else "yes"
    return f"reads: {reads}, joins: {[*in_the_way, 'yes'][0]}"


@pytest.mark.parametrize("handle", HANDLES)
@pytest.mark.parametrize(("join", "read"), RESTRICTIONS, ids=[f"join {j}, read {r}" for j, r in RESTRICTIONS])
@pytest.mark.parametrize("closed", [False, True], ids=["", "closed"])
@pytest.mark.parametrize("visibility", VISIBILITIES)
def test_who_gets_in(stage: Stage, visibility: str, closed: bool, join: str, read: str, handle: str) -> None:
    """Visibility, closed, restrictions, reservation, follow, handle (JOIN-1 to JOIN-4, JOIN-6, JOIN-8, JOIN-11)."""
    system = {"closed": closed, "joinRestriction": join, "readRestriction": read}
    outcomes, right = {}, {}
    for relation, place in product(RELATIONS, PLACES):
        other = type(stage)()
        session = set_up(other, system, visibility, relation=relation, place=place)
        case = f"{place} {relation}".strip()
        outcomes[case] = found(session, through(other, handle))
        right[case] = expected(
            visibility=visibility, closed=closed, join=join, read=read, relation=relation, place=place, handle=handle
        )
    assert outcomes == right


FREE = "reads: yes, joins: yes"


@pytest.mark.parametrize("handle", HANDLES)
def test_nothing_opens_a_full_session(stage: Stage, handle: str) -> None:
    """400, whatever one comes with; a reservation is a slot (JOIN-8, JOIN-11)."""
    session = set_up(stage, {}, most=1)
    ctx = through(stage, handle)
    assert found(session, ctx) == "reads: yes, joins: JOIN-8"
    status, where, _, _ = told_of(lambda: apply_write(session, parse_write(ACTIVE, contract=107), ctx))
    assert (status, where) == (400, "/members")
    assert found(set_up(stage, {}, place="reserved", most=2), through(stage, handle)) == FREE


@pytest.mark.parametrize("handle", HANDLES)
def test_no_handle_gives_the_privilege(stage: Stage, handle: str) -> None:
    """Whoever may not play with others joins nothing, and reads as everybody does (PUT-11, JOIN-10)."""
    stage.caller("Ann")
    stage.caller("Bob", privileges=frozenset())
    assert found(set_up(stage, {}), through(stage, handle)) == "reads: yes, joins: PUT-11"


WRITE = parse_write(properties({"a": 1}), contract=107)


@pytest.mark.parametrize("handle", ["no handle", "activity", "invite for Bob", "invite for another"])
def test_whoever_writes_through_a_handle_joins(stage: Stage, handle: str) -> None:
    """Every write by a user is one of a member, so it needs all that joining needs (PUT-3, JOIN-6)."""
    session = set_up(stage, {"joinRestriction": "local"})
    ctx = through(stage, handle)
    if handle == "invite for Bob":
        changed = apply_write(session, WRITE, ctx).session
        assert changed
        assert [member.xuid for member in changed.members] == ["1000", "1001"]
    else:
        status, _, _, rule = told_of(lambda: apply_write(session, WRITE, ctx))
        assert (status, rule) == (403, "JOIN-2")


@pytest.mark.parametrize(("joined", "opens"), [(("Bob", "Zoe"), True), (("Bob",), False), ((), False)])
def test_a_transfer_opens_to_a_service_whose_users_have_all_joined_its_origin(
    stage: Stage, joined: tuple[str, ...], opens: bool
) -> None:
    """A service that acts for several comes from there with each of them (JOIN-11, S2S-3)."""
    target = set_up(stage, {"closed": True})
    elsewhere = type(stage)()
    for name in ("Ann", "Bob", "Zoe"):
        elsewhere.caller(name)
    origin = elsewhere.join("Ann", *joined)
    here = target.ref.as_json()
    body = {"type": "transfer", "sessionRef": here, "originSessionRef": {**here, "name": "origin"}}
    made = new_handle(parse_handle(body), target, stage.context("Ann"), stage.ref.scid, origin=origin)
    users = (stage.caller("Bob"), stage.caller("Zoe"))
    service = acting_for(Caller("service", server=True), users, denied=False)
    assert (opening(made, service, target, origin) != NO_OPENING) is opens


def test_services_need_no_handle(stage: Stage) -> None:
    """They read and write all (JOIN-1)."""
    session = set_up(stage, {"closed": True, "joinRestriction": "local", "readRestriction": "local"}, "private")
    stage.caller("service", server=True)
    ctx = stage.context("service")
    assert read_refusal(session, ctx) is None
    changed = apply_write(session, WRITE, ctx).session
    assert changed
    assert changed.properties.custom == {"a": 1}
