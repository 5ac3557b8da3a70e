"""Writing a session: the body, its properties, its servers."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_xbl.conformance.bodies import (
    ACTIVE,
    ADDRESS,
    INACTIVE,
    JOIN,
    LEAVE,
    PATIENT,
    both,
    constants,
    me,
    properties,
    reserve,
    server,
)
from pytest_xbl.conformance.person import Person
from pytest_xbl.conformance.service import Service

ETAG = "ETag"


def test_one_form_serves_every_write(service: Service, stacy: Person, ana: Person) -> None:
    """Create, join and update; `{}` changes nothing; unknown members are 400 (PUT-1)."""
    room = service.room()
    stacy.put(room, room.made_by(ACTIVE, properties({"a": 1}))).says(201)
    ana.put(room, both(ACTIVE, properties({"b": 2}))).says(200)
    same = stacy.put(room, properties({"a": 3})).says(200)
    stacy.put(room, {}).says(200).shows("", same.json)
    stacy.put(room, {"more": {}}).says(400)


def test_a_write_merges_into_what_is_there(service: Service, stacy: Person) -> None:
    """And the same body again changes nothing more (PUT-2, PUT-14)."""
    room = service.room()
    stacy.creates(room, both(ACTIVE, properties({"a": 1})))
    body = both(properties({"b": 2}), me({"c": 3}))
    once = stacy.put(room, body).says(200).shows("/properties/custom", {"a": 1, "b": 2})
    stacy.put(room, body).says(200).shows("", once.json)


@pytest.mark.parametrize("body", [{}, JOIN], ids=["nothing", "me"])
def test_whoever_writes_joins(service: Service, stacy: Person, ana: Person, body: dict[str, Any]) -> None:
    """Any write by a user adds them (PUT-3)."""
    room = service.room(**PATIENT)
    stacy.creates(room)
    ana.put(room, body).says(200).shows("/members/1/constants/system/xuid", ana.xuid)


def test_a_service_does_not_join(service: Service, stacy: Person) -> None:
    """A write by a server adds nobody (PUT-3)."""
    room, arena = service.room(), service.server()
    stacy.creates(room)
    arena.put(room, properties({"a": 1})).says(200).shows("/membersInfo/count", 1)


def test_a_null_for_me_leaves(service: Service, stacy: Person, ana: Person) -> None:
    """A caller who is not there changes nothing by it, makes no session, and may write nothing more (PUT-4)."""
    room = service.room()
    stacy.put(room, room.made_by(LEAVE)).says(204)
    stacy.get(room).says(204)
    stacy.creates(room)
    ana.joins(room)
    ana.put(room, LEAVE).says(200).shows("/membersInfo/count", 1)
    ana.put(room, LEAVE).says(200).shows("/membersInfo/count", 1)
    ana.put(room, both(LEAVE, properties({"a": 1}))).says(403)
    stacy.put(room, both(LEAVE, reserve(stacy.xuid))).says(400)


def test_a_field_is_replaced_as_a_whole(service: Service, stacy: Person) -> None:
    """Null removes it; objects inside are not merged; a null deeper inside is data (PUT-5)."""
    room = service.room()
    stacy.creates(room, both(ACTIVE, properties({"map": {"a": 1, "b": 2}, "gone": 1})))
    changed = stacy.put(room, properties({"map": {"c": None}, "gone": None})).says(200)
    changed.shows("/properties/custom", {"map": {"c": None}})


def test_properties_have_a_path_of_their_own(service: Service, stacy: Person) -> None:
    """It is like a PUT of the session with them; 404 without a session; it honours `If-Match` (PUT-6)."""
    room = service.room()
    stacy.put(room.at("properties"), {"custom": {"a": 1}}).says(404)
    etag = stacy.creates(room).etag
    stacy.put(room.at("properties"), {"custom": {"a": 1}}).says(200)
    stacy.get(room).shows("/properties/custom/a", 1)
    stacy.put(room.at("properties"), {"custom": {"a": 2}}, headers={"If-Match": etag}).says(412)
    stacy.put(room.at("properties"), {"members": {}}).says(400)


def test_nocommit_stores_nothing(service: Service, stacy: Person) -> None:
    """It answers with the merged result (PUT-7)."""
    room = service.room()
    before = stacy.creates(room)
    stacy.put(f"{room.path}?nocommit=true", properties({"a": 1})).says(200).shows("/properties/custom/a", 1)
    stacy.get(room).shows("", before.json).has_header(ETAG, before.etag)


def test_no_session_has_the_etag_of_nocommit(service: Service, stacy: Person) -> None:
    """Not even after the same write (PUT-7)."""
    room = service.room()
    stacy.creates(room)
    merged = stacy.put(f"{room.path}?nocommit=true", properties({"a": 1})).says(200)
    written = stacy.put(room, properties({"a": 1})).says(200)
    assert merged.etag, f"{merged.exchange}: no ETag"
    assert merged.etag != written.etag, f"{written.exchange}: ETag {written.etag} is that of nocommit"


def test_nocommit_makes_nothing(service: Service, stacy: Person) -> None:
    """Neither does it make a session (PUT-7)."""
    room = service.room()
    stacy.put(f"{room.path}?nocommit=true", room.made_by(ACTIVE)).says(201)
    stacy.get(room).says(204)


def test_preconditions_decide(service: Service, stacy: Person) -> None:
    """`If-None-Match: *` only creates; `If-Match` only updates, what is current (PUT-8)."""
    room = service.room()
    stacy.put(room, room.made_by(ACTIVE), headers={"If-Match": "*"}).says(412)
    made = stacy.put(room, room.made_by(ACTIVE), headers={"If-None-Match": "*"}).says(201)
    stacy.put(room, {}, headers={"If-None-Match": "*"}).says(412)
    changed = stacy.put(room, properties({"a": 1}), headers={"If-Match": made.etag}).says(200)
    stacy.put(room, properties({"a": 2}), headers={"If-Match": made.etag}).says(412)
    stacy.put(room, properties({"a": 3}), headers={"If-Match": "*"}).says(200)
    assert changed.etag != made.etag, f"{changed.exchange}: the ETag is the same after a change"


def test_what_is_no_etag_matches_nothing(service: Service, stacy: Person) -> None:
    """Without its quotes, or weak: 412 for `If-Match`; `If-None-Match` lets it go on (PUT-8)."""
    room = service.room()
    etag = stacy.creates(room).etag
    stacy.put(room, {}, headers={"If-Match": etag.strip('"')}).says(412)
    stacy.put(room, {}, headers={"If-Match": f"W/{etag}"}).says(412)
    stacy.get(room, headers={"If-None-Match": etag.strip('"')}).says(200)


def test_the_change_number_counts_changes(service: Service, stacy: Person) -> None:
    """It begins at 1; a write that changes nothing keeps it, and the ETag (PUT-9)."""
    room = service.room()
    made = stacy.creates(room).shows("/changeNumber", 1)
    stacy.put(room, ACTIVE).says(200).shows("/changeNumber", 1).has_header(ETAG, made.etag)
    changed = stacy.put(room, properties({"a": 1})).says(200).shows("/changeNumber", 2)
    assert changed.etag != made.etag, f"{changed.exchange}: the ETag is the same after a change"


def test_a_write_happens_whole_or_not_at_all(service: Service, stacy: Person) -> None:
    """Its good parts do not happen if one is refused (PUT-10)."""
    room = service.room(maxMembersCount=5)
    before = stacy.creates(room)
    stacy.put(room, both(properties({"a": 1}), constants(maxMembersCount=6))).says(409)
    stacy.get(room).shows("", before.json)


def test_only_users_with_the_privilege_play(service: Service, stacy: Person) -> None:
    """403 for creating and joining without `multiplayer` (PUT-11)."""
    loner, room = service.newcomer(privileges=[]), service.room()
    loner.put(room, room.made_by(ACTIVE)).says(403)
    stacy.creates(room)
    loner.put(room, ACTIVE).says(403)
    loner.get(room).says(200)


def test_joining_again_is_no_mistake(service: Service, stacy: Person) -> None:
    """A write that repeats what the session holds of the caller changes nothing (PUT-12)."""
    room = service.room()
    member = {"constants": {"system": {"xuid": stacy.xuid}, "custom": {"a": 1}}}
    join = both({"members": {"me": member}}, ACTIVE)
    made = stacy.creates(room, join)
    stacy.put(room, join).says(200).shows("", made.json)


def test_indices_are_given_in_the_order_of_the_body(service: Service, stacy: Person, ana: Person) -> None:
    """A caller whom the body does not name comes first (PUT-13)."""
    room = service.room(**PATIENT)
    stacy.creates(room, reserve(ana.xuid)).shows("/members/0/constants/system/xuid", stacy.xuid)
    other = service.room("other", **PATIENT)
    body = {"members": {**reserve(ana.xuid)["members"], "me": {}}}
    stacy.creates(other, body).shows("/members/0/constants/system/xuid", ana.xuid)


def test_requests_that_are_sent_again_are_answered_alike(service: Service, stacy: Person, ana: Person) -> None:
    """But for what the first has made, ended or overtaken (PUT-14)."""
    room = service.room()
    create = room.made_by(ACTIVE)
    stacy.put(room, create).says(201)
    stacy.put(room, create).says(200)
    ana.joins(room)
    ana.delete(room.at("members", "me")).says(204)
    ana.delete(room.at("members", "me")).says(204)
    stacy.put(room, LEAVE).says(204)
    stacy.delete(room.at("members", "me")).says(404)


def test_every_member_writes_properties(service: Service, stacy: Person, ana: Person) -> None:
    """And whoever is in no session cannot without joining (PROP-1)."""
    room = service.room()
    stacy.creates(room)
    ana.put(room, both(LEAVE, properties({"a": 0}))).says(403)
    ana.joins(room)
    ana.put(room, properties({"a": 1})).says(200).shows("/properties/custom/a", 1)


def test_keywords_are_strings_without_commas(service: Service, stacy: Person) -> None:
    """Not on private sessions (PROP-2)."""
    room = service.room()
    stacy.creates(room)
    stacy.put(room, properties(keywords=["Arena", "x y"])).says(200)
    stacy.put(room, properties(keywords=["a,b"])).says(400)
    private = service.room("private", visibility="private")
    stacy.creates(private)
    stacy.put(private, properties(keywords=["a"])).says(400)


def test_a_turn_is_of_members(service: Service, stacy: Person) -> None:
    """An unknown index, or one twice, is 400; members show that it is their turn (PROP-3, MEMB-9)."""
    room = service.room()
    stacy.creates(room)
    stacy.put(room, properties(turn=[1])).says(400)
    stacy.put(room, properties(turn=[0, 0])).says(400)
    stacy.put(room, properties(turn=[0])).says(200).shows("/members/0/turn", expected=True)
    stacy.put(room, properties(turn=[])).says(200).lacks("/members/0/turn")


def test_a_host_is_a_device_of_a_member(service: Service, stacy: Person) -> None:
    """One that matches nobody is dropped (PROP-4)."""
    room = service.room(can=("connectivity",))
    made = stacy.creates(room, me(active=True, secureDeviceAddress=ADDRESS))
    token = made["/members/0/deviceToken"]
    stacy.put(room, properties(host=token)).says(200).shows("/properties/system/host", token)
    stacy.put(room, properties(host="nobody")).says(200).lacks("/properties/system/host")
    stacy.put(room, properties(host=1)).says(400)


def test_restrictions_are_three(service: Service, stacy: Person) -> None:
    """`none`, `local` or `followed`; on large sessions only `none` (PROP-5)."""
    room, large = service.room(), service.room("large", can=("large",))
    stacy.creates(room)
    stacy.creates(large)
    stacy.put(room, properties(joinRestriction="friends")).says(400)
    stacy.put(room, properties(joinRestriction="local")).says(200)
    stacy.put(large, properties(joinRestriction="local")).says(400)


def test_initialization_succeeds_only_while_it_is_judged(service: Service, stacy: Person) -> None:
    """400 in any other stage (PROP-6)."""
    room = service.room()
    stacy.creates(room)
    stacy.put(room, properties(initializationSucceeded=True)).says(400)


def test_candidates_and_matchmaking_have_their_forms(service: Service, stacy: Person) -> None:
    """`clientResult` needs `clientMatchmaking`; an empty `matchmaking` is not shown (PROP-7)."""
    room = service.room()
    stacy.creates(room)
    stacy.put(room, properties(serverConnectionStringCandidates=[1])).says(400)
    good = stacy.put(room, properties(serverConnectionStringCandidates=["b", "a"])).says(200)
    good.shows("/properties/system/serverConnectionStringCandidates", ["b", "a"])
    stacy.put(room, properties(matchmaking={"clientResult": {"status": "found"}})).says(400)
    stacy.put(room, properties(matchmaking={})).says(200).lacks("/properties/system/matchmaking")


def test_a_false_flag_is_not_shown(service: Service, stacy: Person) -> None:
    """`closed` is true, or not there (PROP-8)."""
    room = service.room()
    stacy.creates(room, both(ACTIVE, properties(closed=False))).lacks("/properties/system/closed")
    stacy.put(room, properties(closed=True)).says(200).shows("/properties/system/closed", expected=True)
    stacy.put(room, properties(closed=False)).says(200).lacks("/properties/system/closed")
    stacy.put(room, properties(closed="yes")).says(400)


def test_a_turn_is_always_there(service: Service, stacy: Person) -> None:
    """`[]` when it is nobody's, but not on a large session (PROP-9)."""
    stacy.creates(service.room()).shows("/properties/system/turn", [])
    stacy.creates(service.room("large", can=("large",))).lacks("/properties/system/turn")


def test_a_session_calculates_its_servers(service: Service, stacy: Person) -> None:
    """From the measurements of its members, the best first; nobody writes another list (PROP-10)."""
    room = service.room(can=("autoPopulateServerCandidates",))
    stacy.creates(room).lacks("/properties/system/serverConnectionStringCandidates")
    stacy.put(room, properties(serverConnectionStringCandidates=["us"])).says(400)
    measured = me(serverMeasurements={"us": {"latency": 90}, "eu": {"latency": 20}})
    stacy.put(room, measured).says(200).shows("/properties/system/serverConnectionStringCandidates", ["eu", "us"])


def test_users_write_no_servers(service: Service, stacy: Person) -> None:
    """403 (SERV-1)."""
    room = service.room()
    stacy.creates(room)
    stacy.put(room, server({"a": 1})).says(403)
    stacy.delete(room.at("servers", "arena")).says(403, 404)


def test_a_service_writes_and_removes_servers(service: Service, stacy: Person) -> None:
    """They are shown as constants and properties, and merged; null or DELETE removes one (SERV-1, SERV-2)."""
    room, arena = service.room(), service.server()
    stacy.creates(room)
    arena.put(room, {"servers": {"arena": 1}}).says(400)
    arena.put(room, server({"a": 1})).says(200).shows("/servers/arena/properties/custom", {"a": 1})
    arena.put(room, server({"b": 2})).says(200).shows("/servers/arena/properties/custom", {"a": 1, "b": 2})
    shown = stacy.get(room.at("servers", "arena")).says(200)
    assert {"constants", "properties"} <= shown.json.keys(), f"{shown.exchange}: {sorted(shown.json)}"
    arena.put(room, {"servers": {"arena": None}}).says(200).lacks("/servers/arena")
    arena.put(room, server({"a": 1}))
    arena.delete(room.at("servers", "arena")).says(204)
    stacy.get(room).lacks("/servers/arena")


def test_a_matchmaking_server_has_its_fields(service: Service, stacy: Person) -> None:
    """An unknown status is 400; a match that is found names its target (SERV-3, SERV-4)."""
    room, arena = service.room(), service.server()
    stacy.creates(room)
    arena.put(room, server(name="matchmaking", status="lost")).says(400)
    arena.put(room, server(name="matchmaking", status="searching", typicalWait=30)).says(200)
    found = arena.put(room, server(name="matchmaking", status="found", targetSessionRef=room.ref)).says(200)
    shown = found["/servers/matchmaking/properties/system"]
    assert (shown["status"], shown["typicalWait"]) == ("found", 30), f"{found.exchange}: {shown}"


def test_an_inactive_write_says_nothing(service: Service, stacy: Person) -> None:
    """False is not shown (PUT-5, MEMB-19)."""
    room = service.room(**PATIENT)
    stacy.creates(room)
    stacy.put(room, INACTIVE).says(200).lacks("/members/0/properties/system/active")
