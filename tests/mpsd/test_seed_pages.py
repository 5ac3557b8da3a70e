"""The two pages that describe a write, PUT of a session and MultiplayerSessionRequest, as tests of the rules.

Their sample bodies stand here as they stand there; what they say is said again, and held against the rules.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pytest_xbl.mpsd.applying import apply_write
from pytest_xbl.mpsd.effects import MemberJoined, MemberReserved, MemberStatusChanged, SessionCreated
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.writes import parse_properties, parse_write

if TYPE_CHECKING:
    from pytest_xbl.mpsd.model import Session
    from tests.mpsd.conftest import Stage

SAMPLE: dict[str, Any] = json.loads(
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

STRUCTURE: dict[str, Any] = json.loads(
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
    stage.using({"inactiveRemovalTimeout": None, "reservedRemovalTimeout": None, "sessionEmptyTimeout": None})
    return stage


def reserved(*xuids: str) -> dict[str, Any]:
    """Reservations for some people, in this order."""
    return {f"reserve_{n}": {"constants": {"system": {"xuid": xuid}}} for n, xuid in enumerate(xuids)}


def xuids(stage: Stage) -> list[str]:
    """The xuids of the members by index."""
    assert stage.session is not None
    return [member.xuid for member in stage.session.members]


def put_properties(stage: Stage, name: str, body: dict[str, Any]) -> Session | None:
    """PUT of the session's `properties` by somebody."""
    write = parse_properties(body, contract=107)
    stage.session, stage.effects = apply_write(stage.settle(), write, stage.context(name))
    return stage.session


# --- the sample body


def test_the_sample_body_creates_a_session(stage: Stage) -> None:
    """The sample creates a session: the caller is added, then the one that it names (PUT-2, PUT-3, MEMB-3)."""
    stage.put("Ann", SAMPLE)
    document = stage.document(contract=104)
    assert stage.effects == (SessionCreated(), MemberJoined("1000"), MemberReserved("5500461"))
    assert document["contractVersion"] == 104
    assert document["constants"]["system"]["visibility"] == "open"
    assert document["constants"]["custom"] == {}
    assert document["properties"] == {"system": {"turn": []}, "custom": {"KANWE": "MGMSY"}}
    assert document["membersInfo"] == {"first": 0, "next": 2, "count": 2, "accepted": 1, "active": 0}
    assert document["members"]["1"]["reserved"] is True
    assert document["members"]["1"]["constants"] == {
        "system": {"xuid": "5500461", "index": 1},
        "custom": {"type": "leader"},
    }
    assert document["members"]["1"]["properties"] == {"system": {}, "custom": {}}
    assert document["servers"] == {}


def test_the_sample_body_joins_a_session(lasting: Stage) -> None:
    """The same body, sent to a session that is there, joins it and repeats its constants (PUT-2, PUT-3, TMPL-4)."""
    lasting.put("Ann", {})
    lasting.put("Bob", SAMPLE)
    assert lasting.effects == (MemberJoined("1001"), MemberReserved("5500461"))
    assert xuids(lasting) == ["1000", "1001", "5500461"]
    assert lasting.document()["properties"]["custom"] == {"KANWE": "MGMSY"}


def test_the_sample_body_again_changes_nothing(lasting: Stage) -> None:
    """Writes are idempotent: the same body again has no further effect, under any contract (PUT-2, PUT-9, MEMB-4)."""
    created = lasting.put("Ann", SAMPLE)
    for contract in (104, 105, 107):
        assert lasting.put("Ann", SAMPLE, contract=contract) is created
        assert lasting.effects == ()


def test_who_is_reserved_may_send_the_sample_body_too(lasting: Stage) -> None:
    """The one that the sample names takes up the reservation with it (MEMB-8, MEMB-4)."""
    lasting.put("Ann", SAMPLE)
    lasting.caller("Leader", xuid="5500461")
    lasting.put("Leader", SAMPLE)
    assert lasting.effects == (MemberJoined("5500461"),)
    assert lasting.document()["membersInfo"]["accepted"] == 2
    assert lasting.document()["members"]["1"]["constants"]["custom"] == {"type": "leader"}


@pytest.mark.parametrize(
    ("template", "status"),
    [({}, None), ({"visibility": "open"}, None), ({"visibility": "private"}, 409), ({"visibility": None}, 409)],
    ids=["left out", "the same", "another", "kept unset"],
)
def test_constants_are_merged_with_the_template(stage: Stage, template: dict[str, Any], status: int | None) -> None:
    """The constants of the sample are merged with the template, not put in its place (TMPL-3, TMPL-5)."""
    stage.using({**template, "maxMembersCount": 8})
    if status:
        assert stage.refused("Ann", SAMPLE) == (status, "/constants/system/visibility", "TMPL-3")
    else:
        stage.put("Ann", SAMPLE)
        system = stage.document()["constants"]["system"]
        assert (system["visibility"], system["maxMembersCount"]) == ("open", 8)


# --- the form of the body


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"members": {}},
        {"members": {"me": {}}},
        {"members": {"me": {"constants": {}, "properties": {}}}},
        {"members": {"me": {"properties": {"system": {}, "custom": {}}}}},
        {"constants": {}, "properties": {}},
        {"constants": {"custom": {}, "system": {}}, "properties": {"custom": {}, "system": {}}, "members": {}},
    ],
    ids=json.dumps,
)
def test_all_fields_and_sub_fields_are_optional(lasting: Stage, body: dict[str, Any]) -> None:
    """Whatever is left out, the write creates, joins, and then changes nothing (PUT-1, PUT-3)."""
    lasting.put("Ann", body)
    joined = lasting.put("Bob", body)
    assert xuids(lasting) == ["1000", "1001"]
    assert lasting.put("Ann", body) is joined
    assert lasting.put("Bob", body) is joined


@pytest.mark.parametrize("name", ["contractVersion", "membersInfo", "initializing", "hostCandidates", "nextTimer"])
def test_all_other_possible_members_are_prohibited(stage: Stage, name: str) -> None:
    """What stands in a response and is not in the form of a request is refused: 400 (PUT-1, CALL-6)."""
    assert stage.refused("Ann", {**SAMPLE, name: {}}) == (400, f"/{name}", "CALL-6")


def test_the_request_structure_is_read() -> None:
    """Every part of the request structure has its place in a write (PUT-1, MEMB-3, MEMB-5, SERV-1)."""
    write = parse_write(STRUCTURE, contract=104)
    assert write.removals == (5,)
    assert [one.constants.system["xuid"] for one in write.reservations] == ["5500461", "5500462"]
    assert write.me is not None
    assert write.before_me == 2
    assert list(write.servers or {}) == ["name"]


def test_no_caller_may_send_the_whole_request_structure(lasting: Stage) -> None:
    """It needs a service for "5" and "name", and a user for "me"; a service for a user is both (MEMB-5, MEMB-18)."""
    lasting.caller("service", server=True)
    lasting.caller("both", server=True, xuid="7")
    six = {"members": reserved(*(str(9000 + n) for n in range(6)))}
    lasting.put("service", six)
    assert lasting.refused("Ann", STRUCTURE) == (403, "/servers", "SERV-1")
    assert lasting.refused("service", STRUCTURE) == (403, "/members/me", "MEMB-18")
    lasting.put("both", STRUCTURE)
    assert xuids(lasting) == ["9000", "9001", "9002", "9003", "9004", "5500461", "5500462", "7"]
    assert lasting.document()["servers"] == {"name": {"constants": {}, "properties": {}}}


# --- members


def test_any_put_requires_membership_and_adds_the_user_if_necessary(lasting: Stage) -> None:
    """A write about something else altogether joins too, once (PUT-3)."""
    lasting.put("Ann", {"properties": {"custom": {"round": 1}}})
    lasting.put("Bob", {"properties": {"custom": {"round": 2}}})
    lasting.put("Ann", {"properties": {"custom": {"round": 3}}})
    assert xuids(lasting) == ["1000", "1001"]
    assert lasting.document()["properties"]["custom"] == {"round": 3}


def test_me_works_much_like_the_top_level(lasting: Stage) -> None:
    """Constants of `me` are fixed from then on; its properties are merged, null removing a field (MEMB-6, PUT-5)."""
    me = {"constants": {"custom": {"type": "leader"}}, "properties": {"custom": {"hat": "red", "level": 1}}}
    lasting.put("Ann", {"members": {"me": me}})
    lasting.put("Ann", {"members": {"me": {**me, "properties": {"custom": {"hat": None}}}}})
    member = lasting.document()["members"]["0"]
    assert member["constants"]["custom"] == {"type": "leader"}
    assert member["properties"]["custom"] == {"level": 1}
    changed = {"members": {"me": {"constants": {"custom": {"type": "medic"}}}}}
    assert lasting.refused("Ann", changed) == (409, "/members/me/constants/custom/type", "MEMB-6")


@pytest.mark.parametrize("key", ["me", "reserve_0"])
def test_constants_of_a_member_that_are_null_are_not_shown(lasting: Stage, key: str) -> None:
    """Null leaves a constant of a member unset, like one of the session; no null is sent (MEMB-6, CALL-10)."""
    lasting.caller("Ann", xuid="11")
    constants = {"system": {"xuid": "11", "initialize": None, "matchmakingResult": None}}
    lasting.put("Ann" if key == "me" else "Bob", {"members": {key: {"constants": constants}}})
    shown = [member["constants"]["system"] for member in lasting.document()["members"].values()]
    assert {"xuid": "11", "index": len(shown) - 1} in shown


@pytest.mark.parametrize(("held", "asked"), [({}, "red"), (0, "red"), ("", {"type": "leader"})], ids=json.dumps)
def test_custom_constants_of_a_member_are_fixed_even_if_there_are_none(lasting: Stage, held: Any, asked: Any) -> None:
    """A member who has joined cannot add custom constants: 409, and not silently ignored (MEMB-6)."""
    lasting.put("Ann", {"members": {"me": {"constants": {"custom": held}}}})
    status, _, rule = lasting.refused("Ann", {"members": {"me": {"constants": {"custom": asked}}}})
    assert (status, rule) == (409, "MEMB-6")


def test_me_null_removes_the_member_who_asks(lasting: Stage) -> None:
    """The member who writes `me: null` is removed, and nobody else is (PUT-4)."""
    lasting.put("Ann", {})
    lasting.put("Bob", {})
    lasting.put("Ann", {"members": {"me": None}})
    assert xuids(lasting) == ["1001"]
    assert lasting.document()["membersInfo"] == {"first": 1, "next": 2, "count": 1, "accepted": 1, "active": 0}


def test_me_null_from_somebody_else_changes_nothing(lasting: Stage) -> None:
    """A caller who is no member and writes `me: null` is not added, and nothing changes (PUT-4)."""
    created = lasting.put("Ann", {})
    assert lasting.put("Bob", {"members": {"me": None}}) is created


def test_me_null_from_the_last_member_ends_the_session(stage: Stage) -> None:
    """With a `sessionEmptyTimeout` of 0 the session is gone in the same write (PUT-4, TIME-4, CODE-204)."""
    stage.join("Ann")
    assert stage.put("Ann", {"members": {"me": None}}) is None


def test_reservations_start_with_0_even_if_the_session_holds_members(lasting: Stage) -> None:
    """The numbers are those of the request, and new members come at the end of the list (MEMB-3, MEMB-1)."""
    lasting.put("Ann", {"members": reserved("11", "12")})
    lasting.put("Ann", {"members": reserved("13", "14")})
    assert xuids(lasting) == ["1000", "11", "12", "13", "14"]
    assert lasting.refused("Ann", {"members": {"reserve_5": reserved("15")["reserve_0"]}}) == (
        400,
        "/members",
        "MEMB-3",
    )


def test_reservations_are_added_in_the_order_of_their_numbers(lasting: Stage) -> None:
    """JSON does not order the members of an object, so the numbers do (MEMB-3)."""
    members = reserved("11", "12", "13")
    lasting.put("Ann", {"members": {key: members[key] for key in ("reserve_2", "reserve_0", "reserve_1")}})
    assert xuids(lasting) == ["1000", "11", "12", "13"]


@pytest.mark.parametrize(
    ("keys", "order"),
    [
        (("me", "reserve_0", "reserve_1"), ["1000", "11", "12"]),
        (("reserve_0", "reserve_1", "me"), ["11", "12", "1000"]),
        (("reserve_0", "me", "reserve_1"), ["11", "1000", "12"]),
        (("reserve_0", "reserve_1"), ["1000", "11", "12"]),
    ],
    ids=["me first", "me last", "me between", "me unnamed"],
)
def test_members_are_added_in_the_order_in_which_they_appear(
    lasting: Stage, keys: tuple[str, ...], order: list[str]
) -> None:
    """The caller's place among the new members is that in the body; unnamed, the caller is first (PUT-13)."""
    members = {**reserved("11", "12"), "me": {}}
    lasting.put("Ann", {"members": {key: members[key] for key in keys}})
    assert xuids(lasting) == order


def test_member_properties_are_set_only_by_the_user_to_whom_they_belong(lasting: Stage) -> None:
    """A reservation says nothing of the properties of the one whom it is for: 400 (MEMB-7)."""
    member = {**reserved("11")["reserve_0"], "properties": {"custom": {"hat": "red"}}}
    body = {"members": {"reserve_0": member}}
    assert lasting.refused("Ann", body) == (400, "/members/reserve_0/properties", "MEMB-7")


def test_existing_members_are_deleted_by_index_by_a_service(lasting: Stage) -> None:
    """It takes a service: a user gets 403, whomever they would remove, themselves included (MEMB-5)."""
    lasting.caller("service", server=True)
    lasting.put("Ann", {"members": reserved("11")})
    for index in ("0", "1", "5"):
        assert lasting.refused("Ann", {"members": {index: None}}) == (403, f"/members/{index}", "MEMB-5")
    lasting.put("service", {"members": {"0": None}})
    assert xuids(lasting) == ["11"]


def test_me_requires_a_user_principal_with_a_xuid(lasting: Stage) -> None:
    """A service on its own is nobody, and cannot be `me`, not even to leave (MEMB-18)."""
    lasting.caller("service", server=True)
    lasting.put("Ann", {})
    assert lasting.refused("service", {"members": {"me": {}}}) == (403, "/members/me", "MEMB-18")
    assert lasting.refused("service", {"members": {"me": None}}) == (403, "/members/me", "MEMB-18")


# --- servers


def test_servers_are_updated_and_added_by_a_server(lasting: Stage) -> None:
    """`servers` updates and adds; null in the place of a server removes it (SERV-1, SERV-2)."""
    lasting.caller("service", server=True)
    lasting.put("Ann", {})
    lasting.put("service", {"servers": {"name": {"constants": {}, "properties": {"custom": {"a": 1, "b": 2}}}}})
    lasting.put("service", {"servers": {"name": {"properties": {"custom": {"b": None}}}, "Any other / name": {}}})
    assert lasting.document()["servers"] == {
        "name": {"constants": {}, "properties": {"custom": {"a": 1}}},
        "Any other / name": {"constants": {}, "properties": {}},
    }
    lasting.put("service", {"servers": {"name": None}})
    assert list(lasting.document()["servers"]) == ["Any other / name"]


@pytest.mark.parametrize("servers", [{}, {"name": None}, {"name": {}}], ids=json.dumps)
def test_servers_require_a_server_principal(lasting: Stage, servers: dict[str, Any]) -> None:
    """A user's request that speaks of servers at all is 403 (SERV-1)."""
    lasting.put("Ann", {})
    assert lasting.refused("Ann", {"servers": servers}) == (403, "/servers", "SERV-1")


# --- PUT of the properties alone


@pytest.mark.parametrize(
    "properties",
    [
        pytest.param({"system": {}, "custom": {}}, id="the body of the page"),
        pytest.param({}, id="nothing"),
        pytest.param({"system": {"closed": True, "keywords": ["duel"]}}, id="system"),
        pytest.param({"custom": {"KANWE": None, "round": {"n": 2}}}, id="custom"),
        pytest.param({"system": {"turn": [0]}, "custom": {"round": None}}, id="both"),
    ],
)
@pytest.mark.parametrize("name", ["Ann", "Bob"], ids=["member", "stranger"])
def test_putting_properties_is_putting_a_session_with_nothing_but_properties(
    lasting: Stage, name: str, properties: dict[str, Any]
) -> None:
    """Both writes leave the same document and the same effects, for members and for those who join by it (PUT-6)."""
    lasting.put("Ann", SAMPLE)
    before = lasting.session
    whole = lasting.put(name, {"properties": properties})
    expected = (lasting.document(), lasting.effects, whole is before)
    lasting.session = before
    alone = put_properties(lasting, name, properties)
    assert expected == (lasting.document(), lasting.effects, alone is before)


def test_putting_properties_does_not_create_a_session(stage: Stage) -> None:
    """The one difference: without a session it is 404, where the whole body makes one (PUT-6, CODE-404)."""
    write = parse_properties({"system": {}, "custom": {}}, contract=107)
    with pytest.raises(Refusal) as refused:
        apply_write(None, write, stage.context("Ann"))
    assert refused.value.text == (
        "There is no such session, and writing one of its elements does not make one.\nwhere: the URI\nrule: CODE-404\n"
    )
    assert refused.value.status == 404
    assert stage.put("Ann", {"properties": {"system": {}, "custom": {}}}) is not None


def test_putting_properties_is_refused_as_a_whole_session_would_be(lasting: Stage) -> None:
    """What a member may not write is refused in either form, by the same rule (PUT-6, PROP-3)."""
    lasting.put("Ann", SAMPLE)
    properties = {"system": {"turn": [7]}}
    status, _, rule = lasting.refused("Ann", {"properties": properties})
    with pytest.raises(Refusal) as refused:
        put_properties(lasting, "Ann", properties)
    assert (refused.value.status, refused.value.rule) == (status, rule) == (400, "PROP-3")


def test_a_refusal_of_properties_alone_points_into_their_body(lasting: Stage) -> None:
    """The JSON path of a refusal is one into the body that was sent, which has no `properties` here (PUT-6, CALL-6)."""
    lasting.put("Ann", SAMPLE)
    with pytest.raises(Refusal) as refused:
        put_properties(lasting, "Ann", {"system": {"turn": [7]}})
    assert refused.value.where == "/system/turn"


# --- blind updates


def test_updates_are_applied_blindly(lasting: Stage) -> None:
    """An update does not ask what is there: the last one wins, field by field (PUT-5)."""
    lasting.put("Ann", {"properties": {"custom": {"map": {"name": "dunes", "size": 1}}}})
    lasting.put("Bob", {"properties": {"custom": {"map": {"name": "moor"}}}})
    assert lasting.document()["properties"]["custom"] == {"map": {"name": "moor"}}


def test_the_response_may_differ_from_what_was_passed_in(lasting: Stage) -> None:
    """Nulls are gone from the answer, and so is a host that is nobody's device (PUT-5, PROP-4)."""
    body = {"properties": {"system": {"host": "ab90a362", "closed": None}, "custom": {"KANWE": None, "x": {"y": None}}}}
    lasting.put("Ann", {**body, "members": {"me": {"properties": {"system": {"active": True, "ready": False}}}}})
    assert lasting.effects == (
        SessionCreated(),
        MemberJoined("1000"),
        MemberStatusChanged("1000", "inactive", "active"),
    )
    document = lasting.document()
    assert document["properties"] == {"system": {"turn": []}, "custom": {"x": {"y": None}}}
    assert document["members"]["0"]["properties"]["system"] == {"active": True}
