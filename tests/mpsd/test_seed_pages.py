"""The two pages that describe a write, PUT of a session and MultiplayerSessionRequest, as tests of the rules.

Their sample bodies stand here as they stand there; what they say is said again, and held against the rules.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bodies import LEAVE, PATIENT, Body, me, properties, reserve
from errors import told_of
from pytest_xbl.mpsd.applying import apply_write
from pytest_xbl.mpsd.effects import (
    MemberJoined,
    MemberLeft,
    MemberReserved,
    SessionCreated,
    SessionDeleted,
)
from pytest_xbl.mpsd.writes import parse_properties
from tables import cases

if TYPE_CHECKING:
    from pytest_xbl.mpsd.model import Session
    from tests.mpsd.conftest import Stage

SAMPLE: Body = json.loads(
    """
    {
      "properties": {
        "custom": {"KANWE": "MGMSY"},
        "system": {}
      },
      "constants": {
        "custom": {},
        "system": {"visibility": "open"}
      },
      "members": {
        "reserve_0": {
        "constants": {
          "custom": {"type": "leader"},
          "system": {"xuid": "5500461"} }}
       }
    }
    """
)
"""The sample request body for creating or joining a session, from the page of PUT."""

STRUCTURE: Body = json.loads(
    """
    {
      "constants": {},
      "properties": {},
      "members": {
        "5": null,
        "reserve_0": {"constants": {"system": {"xuid": "5500461"}}},
        "reserve_1": {"constants": {"system": {"xuid": "5500462"}}},
        "me": {"constants": {}, "properties": {}}
      },
      "servers": {"name": {"constants": {}, "properties": {}}}
    }
    """
)
"""The request structure of MultiplayerSessionRequest, with the least that its bags must hold."""


@pytest.fixture
def lasting(stage: Stage) -> Stage:
    """A stage on which nobody is removed for being inactive, and empty sessions stay."""
    stage.using(PATIENT)
    return stage


def put_properties(stage: Stage, name: str, body: Body) -> Session | None:
    """PUT of the session's `properties` by a caller."""
    write = parse_properties(body, contract=107)
    stage.session, stage.effects = apply_write(stage.settle(), write, stage.context(name))
    return stage.session


def test_the_sample_body_creates_a_session(stage: Stage) -> None:
    """The sample creates a session: the caller is added, then the one that it names (PUT-2, PUT-3, MEMB-3)."""
    stage.put("Ann", SAMPLE)
    document = stage.document(contract=104)
    assert stage.effects == (SessionCreated(), MemberJoined("1000"), MemberReserved("5500461"))
    assert document["contractVersion"] == 104
    assert (document["constants"]["system"]["visibility"], document["constants"]["custom"]) == ("open", {})
    assert document["properties"] == {"system": {"turn": []}, "custom": {"KANWE": "MGMSY"}}
    assert document["membersInfo"] == {"first": 0, "next": 2, "count": 2, "accepted": 1, "active": 0}
    leader = document["members"]["1"]
    assert leader["reserved"] is True
    assert leader["constants"] == {"system": {"xuid": "5500461", "index": 1}, "custom": {"type": "leader"}}
    assert leader["properties"] == {"system": {}, "custom": {}}
    assert document["servers"] == {}


def test_the_sample_body_joins_a_session(lasting: Stage) -> None:
    """The same body, sent to a session that is there, joins it and repeats its constants (PUT-2, PUT-3, TMPL-4)."""
    lasting.put("Ann", {})
    lasting.put("Bob", SAMPLE)
    assert lasting.effects == (MemberJoined("1001"), MemberReserved("5500461"))
    assert lasting.xuids == ["1000", "1001", "5500461"]
    assert lasting.document()["properties"]["custom"] == {"KANWE": "MGMSY"}


def test_the_sample_body_again_changes_nothing(lasting: Stage) -> None:
    """Writes are idempotent: the same body again has no further effect, under any contract (PUT-2, PUT-9, MEMB-4)."""
    created = lasting.put("Ann", SAMPLE)
    for contract in (104, 105, 107):
        assert lasting.put("Ann", SAMPLE, contract=contract) is created
        assert lasting.effects == ()


BAGS: Body = {"custom": {}, "system": {}}


@pytest.mark.parametrize(
    "body", [{}, {"members": {"me": {"properties": BAGS}}}, {"constants": BAGS, "properties": BAGS, "members": {}}]
)
def test_all_fields_and_sub_fields_are_optional(lasting: Stage, body: Body) -> None:
    """Whatever is left out, the write creates, joins, and then changes nothing (PUT-1, PUT-3)."""
    lasting.put("Ann", body)
    joined = lasting.put("Bob", body)
    assert lasting.statuses == {"1000": "inactive", "1001": "inactive"}
    assert lasting.put("Ann", body) is lasting.put("Bob", body) is joined


def test_no_caller_may_send_the_whole_request_structure(lasting: Stage) -> None:
    """It needs a service for "5" and "name", and a user for "me"; a service for a user is both (MEMB-5, MEMB-18)."""
    lasting.caller("service", server=True)
    lasting.caller("both", server=True, xuid="7")
    six = [str(9000 + n) for n in range(6)]
    lasting.put("service", reserve(*six))
    assert lasting.refused("Ann", STRUCTURE) == (403, "/servers", "SERV-1")
    assert lasting.refused("service", STRUCTURE) == (403, "/members/me", "MEMB-18")
    lasting.put("both", STRUCTURE)
    assert lasting.xuids == [*six[:5], "5500461", "5500462", "7"]
    assert lasting.document()["servers"] == {"name": {"constants": {}, "properties": {}}}


def test_me_works_much_like_the_top_level(lasting: Stage) -> None:
    """Properties of `me` are merged, null removing a field (PUT-5)."""
    lasting.put("Ann", me({"hat": {"a": 1, "b": 1}, "level": 1}))
    lasting.put("Ann", me({"hat": {"a": None}, "level": None}))
    assert lasting.member()["properties"]["custom"] == {"hat": {"a": None}}


@pytest.mark.parametrize("key", ["me", "reserve_0"])
def test_constants_of_a_member_that_are_null_are_not_shown(lasting: Stage, key: str) -> None:
    """Null leaves a constant of a member unset, like one of the session; no null is sent (MEMB-6, CALL-10)."""
    lasting.caller("Ann", xuid="11")
    constants = {"system": {"xuid": "11", "initialize": None, "matchmakingResult": None}}
    lasting.put("Ann" if key == "me" else "Bob", {"members": {key: {"constants": constants}}})
    shown = [member["constants"]["system"] for member in lasting.document()["members"].values()]
    assert {"xuid": "11", "index": len(shown) - 1} in shown


def test_me_null_removes_the_member_who_asks(stage: Stage) -> None:
    """And nobody else; the last one takes the session along in the same write (PUT-4, TIME-4, CODE-204)."""
    before = stage.join("Ann", "Bob")
    assert stage.put("Cid", LEAVE) is before
    stage.put("Ann", LEAVE)
    assert stage.document()["membersInfo"] == {"first": 1, "next": 2, "count": 1, "accepted": 1, "active": 1}
    assert stage.put("Bob", LEAVE) is None
    assert stage.effects == (MemberLeft("1001", "left"), SessionDeleted())


@cases(
    "keys order",
    {
        "me first": ("me reserve_0 reserve_1", ["1000", "11", "12"]),
        "me last": ("reserve_0 reserve_1 me", ["11", "12", "1000"]),
        "me between": ("reserve_0 me reserve_1", ["11", "1000", "12"]),
        "me unnamed": ("reserve_0 reserve_1", ["1000", "11", "12"]),
        "by number": ("reserve_1 me reserve_0", ["11", "1000", "12"]),
    },
)
def test_members_are_added_in_the_order_in_which_they_appear(lasting: Stage, keys: str, order: list[str]) -> None:
    """The caller's place among the new members is that in the body; unnamed, the caller is first (PUT-13)."""
    members = {**reserve("11", "12")["members"], "me": {}}
    lasting.put("Ann", {"members": {key: members[key] for key in keys.split()}})
    assert lasting.xuids == order


def test_me_requires_a_user_principal_with_a_xuid(lasting: Stage) -> None:
    """A service on its own is nobody, and cannot be `me`, neither to create nor to leave (MEMB-18)."""
    lasting.caller("service", server=True)
    assert lasting.refused("service", {"members": {"me": {}}}) == (403, "/members/me", "MEMB-18")
    lasting.put("Ann", {})
    assert lasting.refused("service", LEAVE) == (403, "/members/me", "MEMB-18")


def test_servers_are_updated_and_added_by_a_server(lasting: Stage) -> None:
    """Bags of servers are merged like others; null in the place of a server removes it (SERV-1, SERV-2)."""
    lasting.caller("service", server=True)
    constants = {"system": {"a": 1}, "custom": {"b": {}}}
    lasting.put("service", {"servers": {"name": {"constants": constants, **properties({"a": 1, "b": 2})}}})
    lasting.put("service", {"servers": {"name": {"properties": {"custom": {"b": None}}}, "Any other / name": {}}})
    empty: Body = {"constants": {}, "properties": {}}
    name = {"constants": constants, "properties": {"custom": {"a": 1}}}
    assert lasting.document()["servers"] == {"name": name, "Any other / name": empty}
    lasting.put("service", {"servers": {"name": None, "never there": None}})
    assert lasting.document()["servers"] == {"Any other / name": empty}


@pytest.mark.parametrize("servers", [{}, {"name": None}, {"name": {}}], ids=json.dumps)
def test_servers_require_a_server_principal(lasting: Stage, servers: Body) -> None:
    """A user's request that speaks of servers at all is 403, at creation too (SERV-1)."""
    assert lasting.refused("Ann", {"servers": servers}) == (403, "/servers", "SERV-1")
    lasting.put("Ann", {})
    assert lasting.refused("Ann", {"servers": servers}) == (403, "/servers", "SERV-1")


@pytest.mark.parametrize("body", [{"system": {}, "custom": {}}, {"system": {"turn": [0]}, "custom": {"KANWE": None}}])
@pytest.mark.parametrize("name", ["Ann", "Bob"], ids=["member", "stranger"])
def test_putting_properties_is_putting_a_session_with_nothing_but_properties(
    lasting: Stage, name: str, body: Body
) -> None:
    """Both writes leave the same document and the same effects, for members and for those who join by it (PUT-6)."""
    lasting.put("Ann", SAMPLE)
    before = lasting.session
    whole = lasting.put(name, {"properties": body})
    expected = (lasting.document(), lasting.effects, whole is before)
    lasting.session = before
    alone = put_properties(lasting, name, body)
    assert expected == (lasting.document(), lasting.effects, alone is before)


def test_putting_properties_does_not_create_a_session(stage: Stage) -> None:
    """The one difference: without a session it is 404, where the whole body makes one (PUT-6, CODE-404)."""
    what = "There is no such session, and writing one of its elements does not make one."
    expected = (404, "the URI", what, "CODE-404")
    assert told_of(lambda: put_properties(stage, "Ann", {"system": {}, "custom": {}})) == expected
    stage.write("Ann", {"properties": {"system": {}, "custom": {}}})


def test_putting_properties_is_refused_as_a_whole_session_would_be(lasting: Stage) -> None:
    """By the same rule; the path of the refusal is one into the body that was sent (PUT-6, PROP-3, CALL-6)."""
    lasting.put("Ann", SAMPLE)
    status, where, what, rule = lasting.told("Ann", properties(turn=[7]))
    assert (status, where, rule) == (400, "/properties/system/turn", "PROP-3")
    alone = told_of(lambda: put_properties(lasting, "Ann", {"system": {"turn": [7]}}))
    assert alone == (400, "/system/turn", what, "PROP-3")
