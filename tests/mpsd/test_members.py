"""Members join, change and leave (MEMB)."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from bodies import ACTIVE, LEAVE, PATIENT, Body, can, me, properties, reserve
from errors import told_of
from pytest_xbl.mpsd.acting import check_own_parts, notes_on
from pytest_xbl.mpsd.devices import device_token
from pytest_xbl.mpsd.effects import (
    HostCleared,
    MemberJoined,
    MemberLeft,
    MemberReserved,
    MemberStatusChanged,
)
from pytest_xbl.mpsd.writes import parse_write
from tables import cases

if TYPE_CHECKING:
    from pytest_xbl.mpsd.model import Status
    from tests.mpsd.conftest import Stage

ADDRESS = base64.b64encode(b"console of Ann").decode()
OWN = device_token(ADDRESS)
GUID = "961dc162-3a8c-4982-b58b-0347ed086bc9"
OTHER_GUID = "709fef70-4638-4b94-905b-24cb02706eb5"
MINE = "/members/me/properties/system"
MY_CONSTANTS = "/members/me/constants"


def my_constants(custom: Any = None, /, **system: Any) -> Body:
    """A body that writes constants of the caller's own."""
    return {"members": {"me": {"constants": {"system": system, "custom": {} if custom is None else custom}}}}


def own(stage: Stage, index: int = 0) -> Body:
    """The system properties of a member, as a client receives them."""
    held: Body = stage.member(index)["properties"]["system"]
    return held


@pytest.fixture
def patient(stage: Stage) -> Stage:
    """A stage on which nobody times out, and members have addresses and measurements."""
    stage.using({**PATIENT, **can("connectivity"), "metrics": {"latency": True}})
    return stage


class TestIndices:
    """MEMB-1: an index is given once and never again."""

    def test_a_new_member_gets_the_next_index_and_no_index_comes_back(self, stage: Stage) -> None:
        """Leaving and joining again makes a new index (MEMB-1)."""
        stage.join("Ann", "Bob", "Cid")
        stage.put("Bob", LEAVE)
        stage.join("Bob")
        document = stage.document()
        assert list(document["members"]) == ["0", "2", "3"]
        assert [m["next"] for m in document["members"].values()] == [2, 3, 4]
        assert document["membersInfo"] == {"first": 0, "next": 4, "count": 3, "accepted": 3, "active": 3}

    def test_members_info_counts_all_the_accepted_and_the_active(self, patient: Stage) -> None:
        """Accepted is who is not reserved; with nobody left first equals next, so that no client waits (MEMB-2)."""
        patient.join("Ann")
        patient.put("Bob", {})
        patient.put("Ann", reserve("7"))
        assert patient.document()["membersInfo"] == {"first": 0, "next": 3, "count": 3, "accepted": 2, "active": 1}
        patient.using(PATIENT)
        patient.join("Ann")
        patient.put("Ann", LEAVE)
        assert patient.document()["members"] == {}
        assert patient.document()["membersInfo"] == {"first": 1, "next": 1, "count": 0, "accepted": 0, "active": 0}


TAKEN_UP = {
    # held by the reservation, asked by whoever takes it up; custom afterwards, or the place of the refusal
    "the same": ({"team": "red"}, {"team": "red"}, {"team": "red"}),
    "more": ({"team": "red"}, {"skill": 3}, {"team": "red", "skill": 3}),
    "a string for nothing": ({}, "red", "red"),
    "another value": ({"team": "red"}, {"team": "blue"}, "/custom/team"),
    "another string": ("red", "blue", "/custom"),
}


class TestReservations:
    """MEMB-3, MEMB-4, MEMB-6, MEMB-9, MEMB-17."""

    def test_a_reservation_waits_nameless_and_keeps_its_place(self, patient: Stage) -> None:
        """Gamertag and joinTime are those of the first own PUT, which ends the reservation (MEMB-8, MEMB-9)."""
        patient.join("Ann")
        patient.advance(1000)
        patient.put("Ann", reserve(patient.xuid("Bob"), custom={"team": "red"}))
        rest = {"next": 2, "constants": {"system": {"xuid": "1001", "index": 1}, "custom": {"team": "red"}}}
        reserved = {"joinTime": "2026-01-01T12:00:01.0000000Z", "reserved": True}
        assert patient.member(1) == {**rest, **reserved, "properties": {"system": {}, "custom": {}}}
        assert list(patient.effects) == [MemberReserved("1001")]
        patient.advance(1000)
        patient.join("Bob")
        joined = {"joinTime": "2026-01-01T12:00:02.0000000Z", "gamertag": "BobGT", "activeTitleId": "7"}
        assert patient.member(1) == {**rest, **joined, "properties": {"system": {"active": True}, "custom": {}}}
        assert list(patient.effects) == [MemberJoined("1001"), MemberStatusChanged("1001", "inactive", "active")]

    def test_reserving_for_a_member_changes_nothing(self, patient: Stage) -> None:
        """Neither for one who is in, nor for one who is reserved, nor twice in one body (MEMB-4)."""
        patient.join("Ann")
        before = patient.write("Ann", reserve("71", "71"))
        assert patient.xuids == ["1000", "71"]
        assert patient.put("Ann", reserve("1000", "71", "71")) is before

    @cases("held asked outcome", TAKEN_UP)
    def test_whoever_takes_it_up_may_add_constants_and_change_none(
        self, patient: Stage, held: Any, asked: Any, outcome: Any
    ) -> None:
        """A constant that the reservation left out can be added; one that it has is fixed (MEMB-17)."""
        patient.join("Ann")
        patient.put("Ann", reserve(patient.xuid("Bob"), custom=held))
        body = my_constants(asked, matchmakingResult={})
        if str(outcome).startswith("/"):
            assert patient.refused("Bob", body) == (409, MY_CONSTANTS + outcome, "MEMB-6")
        else:
            patient.put("Bob", body)
            system = {"xuid": "1001", "matchmakingResult": {}, "index": 1}
            assert patient.member(1)["constants"] == {"system": system, "custom": outcome}


class TestConstants:
    """MEMB-6: set when the member is added, and fixed from then on."""

    def test_a_joining_write_sets_them_and_may_be_repeated(self, patient: Stage) -> None:
        """Clients resend their join block; the index is rendered with the constants (MEMB-6, PUT-12)."""
        body = my_constants({"class": "mage"}, xuid="1000", matchmakingResult={})
        body["members"]["me"]["properties"] = {"system": {"active": True}}
        before = patient.put("Ann", body)
        system = {"xuid": "1000", "matchmakingResult": {}, "index": 0}
        assert patient.member()["constants"] == {"system": system, "custom": {"class": "mage"}}
        assert patient.put("Ann", body) is before

    @cases(
        "asked place held value",
        {
            "custom": (my_constants({"class": "thief"}), "custom/class", '"mage"', '"thief"'),
            "one that was not set": (
                *(my_constants(matchmakingResult={}), "system/matchmakingResult", "not set", "{}"),
            ),
            "all custom": (my_constants("thief"), "custom", '{"class": "mage"}', '"thief"'),
        },
    )
    def test_a_member_changes_none_of_them(
        self, patient: Stage, asked: Body, place: str, held: str, value: str
    ) -> None:
        """Not even one that was not set (MEMB-6)."""
        patient.put("Ann", my_constants({"class": "mage"}, xuid="1000"))
        what = f"The constant {place.rpartition('/')[2]} of a member is {held}; it cannot become {value}."
        assert patient.told("Ann", asked) == (409, f"{MY_CONSTANTS}/{place}", what, "MEMB-6")

    def test_the_index_may_be_sent_back_and_not_be_chosen(self, patient: Stage) -> None:
        """The service gives it, and shows it among the constants (MEMB-6, PUT-12)."""
        before = patient.join("Ann", "Bob")
        assert patient.put("Bob", my_constants(xuid="1001", index=1)) is before
        assert patient.refused("Bob", my_constants(index=0)) == (409, f"{MY_CONSTANTS}/system/index", "MEMB-6")
        body = reserve("9")
        seat = body["members"]["reserve_0"]["constants"]["system"]
        seat["index"] = 7
        assert patient.refused("Ann", body) == (409, "/members/reserve_0/constants/system/index", "MEMB-6")
        seat["index"] = 2
        patient.put("Ann", body)
        assert patient.member(2)["constants"]["system"] == {"xuid": "9", "index": 2}

    @pytest.mark.parametrize("xuid", ["1", None])
    def test_the_own_xuid_wins(self, patient: Stage, xuid: str | None) -> None:
        """Over another one that the body names under `me`, joining or later, with a note (MEMB-6)."""
        before = patient.write("Ann", my_constants(xuid=xuid))
        assert patient.member()["constants"]["system"] == {"xuid": "1000", "index": 0}
        assert patient.put("Ann", my_constants(xuid=xuid)) is before
        note = f"members.me names the xuid {json.dumps(xuid)}; the caller's own counts, 1000 (MEMB-6)."
        for body, notes in (
            (my_constants(xuid=xuid), (note,) if xuid else ()),
            (my_constants(xuid="1000"), ()),
            (ACTIVE, ()),
            ({}, ()),
        ):
            assert notes_on(parse_write(body, contract=107), patient.caller("Ann")) == notes

    @pytest.mark.parametrize("system", [{}, {"memberInitialization": {"membersNeededToStart": 0}}])
    def test_initialize_is_kept_where_members_are_initialized(self, stage: Stage, system: Body) -> None:
        """And nowhere else, under `me` and in a reservation; what is not kept is nothing to change, either (MEMB-6)."""
        kept = {"initialize": False} if system else {}
        stage.using({**PATIENT, **system})
        before = stage.put("Ann", {**my_constants(initialize=False)})
        assert stage.member()["constants"]["system"] == {"xuid": "1000", **kept, "index": 0}
        assert (stage.put("Ann", my_constants(initialize=False))) is before
        seat = {"constants": {"system": {"xuid": "9", "initialize": "false"}}}
        stage.put("Ann", {"members": {"reserve_0": seat}})
        assert stage.member(1)["constants"]["system"].get("initialize") == ("false" if system else None)
        if not system:
            assert stage.put("Ann", my_constants(initialize=True)) is stage.session


STATUSES: list[tuple[Status, Body, Status]] = [
    # held, written, becomes
    ("inactive", {"active": True}, "active"),
    ("inactive", {"ready": True}, "ready"),
    ("inactive", {"active": False, "ready": False}, "inactive"),
    ("ready", {"ready": True}, "ready"),
    ("ready", {"active": True, "ready": False}, "active"),
    ("ready", {"active": False}, "ready"),
    ("ready", {"ready": False}, "inactive"),
    ("active", {}, "active"),
    ("active", {"active": True}, "active"),
    ("active", {"ready": True}, "ready"),
    ("active", {"ready": False}, "active"),
    ("active", {"active": None}, "inactive"),
    ("active", {"active": False, "ready": True}, "ready"),
]


@pytest.mark.parametrize(("held", "written", "becomes"), STATUSES)
def test_active_and_ready_make_the_status(patient: Stage, held: Status, written: Body, becomes: Status) -> None:
    """One flag ends the other; false and null are the same as not being there (MEMB-8, MEMB-19)."""
    before = patient.put("Ann", me(**({held: True} if held != "inactive" else {})))
    after = patient.write("Ann", me(**written))
    assert patient.statuses == {"1000": becomes}
    assert (after is before) is (held == becomes)
    assert patient.effects == (() if held == becomes else (MemberStatusChanged("1000", held, becomes),))
    assert own(patient) == ({becomes: True} if becomes != "inactive" else {})
    assert patient.member().get("activeTitleId") == ("7" if becomes == "active" else None)


def test_active_and_ready_at_once_is_refused(stage: Stage) -> None:
    """A member is one or the other (MEMB-8)."""
    assert stage.refused("Ann", me(active=True, ready=True)) == (400, f"{MINE}/ready", "MEMB-8")


def test_a_token_without_a_gamertag_leaves_it_out(stage: Stage) -> None:
    """The gamertag is there if the token had one (MEMB-9)."""
    stage.caller("Ann", gamertag=None)
    stage.join("Ann")
    assert "gamertag" not in stage.member()


def test_the_local_device_is_the_one_somebody_became_active_on(patient: Stage) -> None:
    """Moving to another console counts from the next activation, and no further while inactive (JOIN-2)."""
    patient.put("Ann", {})
    patient.renew("Ann", device_id="another")
    assert next(iter(patient.write("Ann", ACTIVE).members)).device_id == "another"
    patient.renew("Ann", device_id="a third")
    assert next(iter(patient.write("Ann", me(ready=True)).members)).device_id == "another"


class TestSecureDeviceAddress:
    """MEMB-10."""

    def test_it_gives_a_device_token_and_a_v1_address_the_nat_type(self, patient: Stage) -> None:
        """Equal addresses have equal tokens, and V1 addresses tell the NAT type (MEMB-10, MEMB-16)."""
        v1 = base64.b64encode(b"\x01\x02rest").decode()
        for name, address in {"Ann": ADDRESS, "Bob": ADDRESS, "Cid": v1}.items():
            patient.put(name, me(secureDeviceAddress=address))
        assert [patient.member(n)["deviceToken"] for n in range(3)] == [OWN, OWN, device_token(v1)]
        assert [patient.member(n).get("nat") for n in range(3)] == [None, None, "moderate"]

    @pytest.mark.parametrize("nothing", ["", None])
    def test_an_empty_one_is_none_at_all(self, patient: Stage, nothing: str | None) -> None:
        """Empty is absent, and takes token and NAT type with it (MEMB-10)."""
        patient.put("Ann", me(secureDeviceAddress="AQE="))
        assert patient.member()["nat"] == "open"
        patient.put("Ann", me(secureDeviceAddress=nothing))
        assert not {"deviceToken", "nat"} & patient.member().keys()
        assert own(patient) == {}

    def test_it_needs_connectivity(self, stage: Stage) -> None:
        """Without the capability it is refused, and an empty one is not (MEMB-10)."""
        expected = (400, f"{MINE}/secureDeviceAddress", "MEMB-10")
        assert stage.refused("Ann", me(secureDeviceAddress=ADDRESS)) == expected
        assert stage.put("Ann", me(secureDeviceAddress=""))


def test_one_is_active_only_with_a_connection(stage: Stage) -> None:
    """In the same write or before, and keeps it as long as they are active; ready needs none (MEMB-11)."""
    stage.using({**PATIENT, **can("connectionRequiredForActiveMembers")})
    needed = (400, f"{MINE}/connection", "MEMB-11")
    assert stage.refused("Ann", ACTIVE) == needed
    assert stage.put("Ann", me(ready=True))
    assert stage.put("Ann", me(active=True, connection=GUID))
    stage.put("Bob", me(connection=GUID))
    assert stage.refused("Bob", me(connection=None, active=True)) == needed
    assert stage.put("Bob", ACTIVE)
    assert stage.refused("Bob", me(connection=None)) == needed
    assert stage.put("Bob", me(connection=None, active=False))


class TestOtherProperties:
    """MEMB-13, TAP-1, PUT-5."""

    def test_a_group_takes_in_the_member_itself(self, patient: Stage) -> None:
        """And names indices below the next, the joining member counted (MEMB-13)."""
        patient.join("Ann")
        refused = (400, f"{MINE}/initializationGroup/1", "MEMB-13")
        assert patient.refused("Bob", me(initializationGroup=[0, 2])) == refused
        before = patient.put("Bob", me(initializationGroup=[0]))
        assert own(patient, 1)["initializationGroup"] == [0, 1]
        assert patient.put("Bob", me(initializationGroup=[0, 1])) is before
        assert patient.put("Bob", me(initializationGroup=[0])) is before
        assert patient.refused("Bob", me(initializationGroup=[0, 2])) == refused
        assert patient.put("Ann", me(initializationGroup=[1]))

    def test_nobody_measures_themselves(self, patient: Stage) -> None:
        """Nor comes to by taking the address that they measured; without metrics nobody measures (MEMB-13)."""
        expected = (400, f"{MINE}/measurements/{OWN}", "MEMB-13")
        mine = {OWN: {"latency": 1}}
        assert patient.refused("Ann", me(secureDeviceAddress=ADDRESS, measurements=mine)) == expected
        assert patient.put("Ann", me(measurements=mine))
        what = (
            "A member has measured this address, so it is not their own; "
            "new measurements in the same write replace them."
        )
        told = (400, f"{MINE}/secureDeviceAddress", what, "MEMB-13")
        assert patient.told("Ann", me(secureDeviceAddress=ADDRESS)) == told
        assert patient.put("Ann", me(measurements={"abc": {"latency": 1}}, secureDeviceAddress=ADDRESS))
        patient.using({})
        assert patient.refused("Ann", me(measurements={})) == (400, f"{MINE}/measurements", "MEMB-13")

    def test_other_fields_are_kept_as_they_come(self, patient: Stage) -> None:
        """But encounters, which are consumed, and alone change nothing (MEMB-13, TAP-1)."""
        subscription = {"id": GUID, "changeTypes": ["host"]}
        system = {"RolePreference": {"medic": 75}, "serverMeasurements": {"east": {}}, "subscription": subscription}
        before = patient.put("Ann", me(**system, groups=["a"], connection=GUID))
        assert patient.put("Ann", me(encounters=["b"])) is before
        assert own(patient) == {**system, "groups": ["a"], "connection": GUID}

    def test_subscriptions_come_and_go_one_by_one(self, patient: Stage) -> None:
        """Unlike all other fields they are merged by entry, and null removes them all (PUT-5)."""
        party, roster = {GUID: {"profile": "party"}}, {OTHER_GUID: {"profile": "roster"}}
        patient.put("Ann", me(subscriptions=party))
        patient.put("Ann", me(groups=["a"]))
        assert list(own(patient)) == ["subscriptions", "groups"]
        patient.put("Ann", me(groups=None))
        steps: list[tuple[Body | None, Body]] = [
            (roster, {"subscriptions": {**party, **roster}}),
            ({GUID: None}, {"subscriptions": roster}),
            ({OTHER_GUID: None}, {}),
            (party, {"subscriptions": party}),
            (None, {}),
        ]
        for written, held in steps:
            patient.put("Ann", me(subscriptions=written))
            assert own(patient) == held


class TestLeaving:
    """MEMB-14, PUT-4."""

    def test_the_index_goes_from_turn(self, stage: Stage) -> None:
        """Whoever is gone has no turn (MEMB-14)."""
        stage.join("Ann", "Bob")
        stage.put("Ann", properties(turn=[0, 1]))
        assert [stage.member(n)["turn"] for n in range(2)] == [True, True]
        stage.put("Bob", LEAVE)
        assert stage.document()["properties"]["system"]["turn"] == [0]
        assert stage.effects == (MemberLeft("1001", "left"),)

    def test_the_host_is_cleared_with_the_last_member_on_its_device(self, patient: Stage) -> None:
        """Or changes the device; as long as somebody has the token the host stays (MEMB-14, PROP-4)."""
        for name, address in {"Ann": ADDRESS, "Bob": ADDRESS, "Cid": "QQ=="}.items():
            patient.put(name, me(active=True, secureDeviceAddress=address))
        patient.put("Cid", properties(host=OWN.upper()))
        patient.put("Ann", LEAVE)
        assert patient.document()["properties"]["system"]["host"] == OWN.upper()
        patient.put("Bob", LEAVE)
        assert patient.document()["properties"]["system"] == {"turn": []}
        assert patient.effects == (MemberLeft("1001", "left"), HostCleared(OWN.upper()))
        patient.put("Cid", properties(host=device_token("QQ==")))
        patient.put("Cid", me(secureDeviceAddress=ADDRESS))
        assert list(patient.effects) == [HostCleared(device_token("QQ=="))]

    @pytest.mark.parametrize("name", ["Ann", "agent"])
    def test_whoever_leaves_reserves_nothing_for_themselves(self, stage: Stage, name: str) -> None:
        """The two contradict each other, whatever the session is: 400 (PUT-4)."""
        stage.caller("agent", server=True, xuid="9")
        body = {"members": {**LEAVE["members"], **reserve("71", stage.xuid(name))["members"]}}
        what = "The caller leaves the session, and so cannot reserve a place for themselves in the same write."
        told = told_of(lambda: check_own_parts(parse_write(body, contract=107), stage.caller(name)))
        assert told == (400, "/members/reserve_1", what, "PUT-4")

    def test_what_the_leaver_writes_still_counts(self, stage: Stage) -> None:
        """Leaving is the last thing that a write does (PUT-4)."""
        stage.join("Ann", "Bob")
        stage.put("Bob", {**LEAVE, **properties({"winner": "Ann"})})
        assert (stage.xuids, stage.document()["properties"]["custom"]) == (["1000"], {"winner": "Ann"})

    def test_leaving_a_session_that_is_not_there_makes_none(self, stage: Stage) -> None:
        """However long an empty one would stay; a user who says more is refused, a service creates (PUT-4, PROP-1)."""
        stage.using(PATIENT)
        for _ in range(2):
            assert stage.put("Ann", LEAVE) is None
            body = {**LEAVE, **properties({"winner": "Ann"})}
            assert stage.refused("Ann", body) == (403, "/members/me", "PROP-1")
        stage.caller("agent", server=True, xuid="7")
        assert stage.put("agent", LEAVE) is None
        assert stage.write("agent", {**LEAVE, **properties({"winner": "nobody"})}).members == ()


class TestRemovalByIndex:
    """MEMB-5."""

    def test_a_service_removes_members(self, stage: Stage) -> None:
        """One or several, and no user removes anybody; an index that nobody has changes nothing (MEMB-5)."""
        stage.join("Ann", "Bob", "Cid")
        for index in ("0", "1", "5"):
            assert stage.refused("Ann", {"members": {index: None}}) == (403, f"/members/{index}", "MEMB-5")
        stage.caller("service", server=True)
        before = stage.session
        assert stage.put("service", {"members": {"1" * 30: None}}) is before
        stage.put("service", {"members": {"0": None, "2": None, "5": None}})
        assert list(stage.document()["members"]) == ["1"]
        assert stage.effects == (MemberLeft("1000", "removed"), MemberLeft("1002", "removed"))
