"""How members come, change and go (MEMB)."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest

from pytest_xbl.mpsd.devices import device_token
from pytest_xbl.mpsd.effects import (
    HostCleared,
    MemberJoined,
    MemberLeft,
    MemberReserved,
    MemberStatusChanged,
    SessionCreated,
)

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage

ACTIVE: dict[str, Any] = {"members": {"me": {"properties": {"system": {"active": True}}}}}
LEAVE: dict[str, Any] = {"members": {"me": None}}
ADDRESS = base64.b64encode(b"console of Ann").decode()
GUID = "961dc162-3a8c-4982-b58b-0347ed086bc9"
OTHER_GUID = "709fef70-4638-4b94-905b-24cb02706eb5"


def me(system: dict[str, Any] | None = None, custom: dict[str, Any] | None = None) -> dict[str, Any]:
    """A body that writes properties of the caller's own."""
    return {"members": {"me": {"properties": {"system": system or {}, "custom": custom or {}}}}}


def my_constants(system: dict[str, Any], custom: object = None) -> dict[str, Any]:
    """A body that writes constants of the caller's own."""
    return {"members": {"me": {"constants": {"system": system, "custom": {} if custom is None else custom}}}}


def reserve(*xuids: str, **bags: Any) -> dict[str, Any]:
    """A body with reservations, their constants as given."""
    entries = {f"reserve_{n}": {"constants": {"system": {"xuid": xuid}, **bags}} for n, xuid in enumerate(xuids)}
    return {"members": entries}


def member(stage: Stage, index: int = 0) -> dict[str, Any]:
    """A member as rendered."""
    document: dict[str, Any] = stage.document()["members"][str(index)]
    return document


@pytest.fixture
def patient(stage: Stage) -> Stage:
    """A stage on which nobody times out."""
    stage.using(
        {
            "reservedRemovalTimeout": None,
            "inactiveRemovalTimeout": None,
            "readyRemovalTimeout": None,
            "capabilities": {"connectivity": True},
            "metrics": {"latency": True},
        }
    )
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
        """Count has everybody, accepted who is not reserved, active who is active (MEMB-2)."""
        patient.join("Ann")
        patient.put("Bob", {})
        patient.put("Ann", reserve("7"))
        assert patient.document()["membersInfo"] == {"first": 0, "next": 3, "count": 3, "accepted": 2, "active": 1}

    def test_an_empty_session_still_has_members_info(self, stage: Stage) -> None:
        """With nobody left first equals next, so that no client waits for a member that is not there (MEMB-2)."""
        stage.using({"sessionEmptyTimeout": None})
        stage.join("Ann")
        stage.put("Ann", LEAVE)
        document = stage.document()
        assert document["members"] == {}
        assert document["membersInfo"] == {"first": 1, "next": 1, "count": 0, "accepted": 0, "active": 0}


class TestReservations:
    """MEMB-3, MEMB-4, MEMB-6, MEMB-9, MEMB-17."""

    def test_reservations_are_appended_in_the_order_of_their_numbers(self, patient: Stage) -> None:
        """The numbers start at 0 whatever the session holds (MEMB-3)."""
        patient.join("Ann")
        patient.put("Ann", {"members": dict(reversed(reserve("71", "72")["members"].items()))})
        patient.put("Ann", reserve("73"))
        assert patient.session
        assert [m.xuid for m in patient.session.members] == ["1000", "71", "72", "73"]

    def test_a_reservation_is_rendered_reserved_and_nameless(self, patient: Stage) -> None:
        """JoinTime is the time of the reservation; the gamertag waits for the acceptance (MEMB-8, MEMB-9)."""
        patient.join("Ann")
        patient.advance(1000)
        patient.put("Ann", reserve("71", custom={"team": "red"}))
        assert member(patient, 1) == {
            "next": 2,
            "joinTime": "2026-01-01T12:00:01.0000000Z",
            "reserved": True,
            "constants": {"system": {"xuid": "71", "index": 1}, "custom": {"team": "red"}},
            "properties": {"system": {}, "custom": {}},
        }
        assert patient.effects == (MemberReserved("71"),)

    def test_taking_up_a_reservation_keeps_the_place(self, patient: Stage) -> None:
        """The first own PUT ends the reservation; joinTime is then the time of joining (MEMB-8, MEMB-9)."""
        patient.join("Ann")
        patient.put("Ann", reserve(str(patient.caller("Bob").xuid), custom={"team": "red"}))
        patient.advance(2000)
        patient.join("Bob")
        assert member(patient, 1) == {
            "next": 2,
            "joinTime": "2026-01-01T12:00:02.0000000Z",
            "gamertag": "BobGT",
            "activeTitleId": "7",
            "constants": {"system": {"xuid": "1001", "index": 1}, "custom": {"team": "red"}},
            "properties": {"system": {"active": True}, "custom": {}},
        }
        assert patient.effects == (MemberJoined("1001"), MemberStatusChanged("1001", "inactive", "active"))

    def test_reserving_for_a_member_changes_nothing(self, patient: Stage) -> None:
        """Neither for one who is in, nor for one who is reserved, nor twice in one body (MEMB-4)."""
        patient.join("Ann", "Bob")
        patient.put("Ann", reserve("71"))
        before = patient.session
        assert patient.put("Ann", reserve("1001", "71", "71")) is before

    def test_two_reservations_for_one_person_in_a_body_make_one(self, patient: Stage) -> None:
        """The second finds them reserved (MEMB-4)."""
        patient.join("Ann")
        patient.put("Ann", reserve("71", "71"))
        assert patient.session
        assert [m.xuid for m in patient.session.members] == ["1000", "71"]

    @pytest.mark.parametrize(
        ("held", "asked", "refused_at"),
        [
            ({"custom": {"team": "red"}}, {"system": {"xuid": "1001"}, "custom": {"team": "red"}}, None),
            ({"custom": {"team": "red"}}, {"custom": {"skill": 3}}, None),
            ({}, {"system": {"initialize": True}}, None),
            ({"custom": {"team": "red"}}, {"custom": {"team": "blue"}}, "/members/me/constants/custom/team"),
            ({"custom": "red"}, {"custom": "blue"}, "/members/me/constants/custom"),
            ({"custom": "red"}, {"custom": "red"}, None),
            ({}, {"custom": "red"}, None),
            ({"custom": {"team": "red"}}, {"custom": "red"}, "/members/me/constants/custom"),
        ],
    )
    def test_whoever_takes_it_up_may_add_constants_and_change_none(
        self, patient: Stage, held: dict[str, Any], asked: dict[str, Any], refused_at: str | None
    ) -> None:
        """What the reservation left out can be added, what it says is fixed (MEMB-17)."""
        patient.join("Ann")
        patient.put("Ann", reserve(str(patient.caller("Bob").xuid), **held))
        body = {"members": {"me": {"constants": asked}}}
        if refused_at:
            assert patient.refused("Bob", body) == (409, refused_at, "MEMB-6")
            return
        patient.put("Bob", body)
        constants = member(patient, 1)["constants"]
        assert constants["system"] == {"xuid": "1001", "index": 1, **asked.get("system", {})}
        if isinstance(constants["custom"], dict):
            assert constants["custom"] == {**held.get("custom", {}), **asked.get("custom", {})}
        else:
            assert constants["custom"] == "red"


class TestConstants:
    """MEMB-6: set when the member is added, and fixed from then on."""

    def test_a_joining_write_sets_them(self, stage: Stage) -> None:
        """System and custom constants are rendered, with the index (MEMB-6)."""
        stage.put("Ann", my_constants({"xuid": "1000", "initialize": "false"}, {"class": "mage"}))
        assert member(stage)["constants"] == {
            "system": {"xuid": "1000", "initialize": "false", "index": 0},
            "custom": {"class": "mage"},
        }

    def test_repeating_the_joining_write_is_no_error_and_no_change(self, patient: Stage) -> None:
        """Clients resend their join block (PUT-12)."""
        body = my_constants({"xuid": "1000"}, {"class": "mage"})
        body["members"]["me"]["properties"] = {"system": {"active": True}}
        patient.put("Ann", body)
        before = patient.session
        assert patient.put("Ann", body) is before

    @pytest.mark.parametrize(
        ("asked", "where", "text"),
        [
            (
                my_constants({}, {"class": "thief"}),
                "/members/me/constants/custom/class",
                'The constant class of a member is "mage"; it cannot become "thief".',
            ),
            (
                my_constants({"initialize": True}),
                "/members/me/constants/system/initialize",
                "The constant initialize of a member is not set; it cannot become true.",
            ),
            (
                my_constants({}, "thief"),
                "/members/me/constants/custom",
                'The constant custom of a member is {"class": "mage"}; it cannot become "thief".',
            ),
        ],
    )
    def test_a_member_changes_none_of_them(self, patient: Stage, asked: dict[str, Any], where: str, text: str) -> None:
        """Not even one that was not set (MEMB-6)."""
        patient.put("Ann", my_constants({"xuid": "1000"}, {"class": "mage"}))
        with pytest.raises(Exception, match="constant") as refused:
            patient.put("Ann", asked)
        assert str(refused.value) == f"{text}\nwhere: {where}\nrule: MEMB-6"
        assert patient.refused("Ann", asked) == (409, where, "MEMB-6")

    def test_under_me_stands_the_caller(self, stage: Stage) -> None:
        """A user names no other xuid than their own (MEMB-6)."""
        expected = (403, "/members/me/constants/system/xuid", "MEMB-6")
        assert stage.refused("Ann", my_constants({"xuid": "1"})) == expected

    def test_the_index_may_be_sent_back_and_not_be_chosen(self, patient: Stage) -> None:
        """The service gives it, and shows it among the constants (MEMB-6, PUT-12)."""
        patient.join("Ann", "Bob")
        before = patient.session
        assert patient.put("Bob", my_constants({"xuid": "1001", "index": 1})) is before
        where = "/members/me/constants/system/index"
        assert patient.refused("Bob", my_constants({"index": 0})) == (409, where, "MEMB-6")
        body = {"members": {"reserve_0": {"constants": {"system": {"xuid": "9", "index": 7}}}}}
        assert patient.refused("Ann", body) == (409, "/members/reserve_0/constants/system/index", "MEMB-6")
        body["members"]["reserve_0"]["constants"]["system"]["index"] = 2
        patient.put("Ann", body)
        assert member(patient, 2)["constants"]["system"] == {"xuid": "9", "index": 2}

    def test_initialize_without_member_initialization_is_only_kept(self, stage: Stage) -> None:
        """The session asks for no initialization, so there is none (INIT-1)."""
        assert stage.put("Ann", my_constants({"initialize": True}))

    @pytest.mark.parametrize("value", [True, "true"])
    def test_a_member_to_be_initialized_is_not_done_yet(self, stage: Stage, value: object) -> None:
        """With memberInitialization the effect would be an episode, which the fake does not run (INIT-1, CODE-501)."""
        stage.using({"memberInitialization": {"membersNeededToStart": 0}, "inactiveRemovalTimeout": None})
        where = "/members/me/constants/system/initialize"
        assert stage.refused("Ann", my_constants({"initialize": value})) == (501, where, "INIT-1")
        stage.put("Bob", my_constants({"initialize": False}))
        body = {"members": {"reserve_0": {"constants": {"system": {"xuid": "9", "initialize": value}}}}}
        expected = (501, "/members/reserve_0/constants/system/initialize", "INIT-1")
        assert stage.refused("Bob", body) == expected


STATUSES = [
    # held, written, becomes
    ("inactive", {}, "inactive"),
    ("inactive", {"active": True}, "active"),
    ("inactive", {"ready": True}, "ready"),
    ("inactive", {"active": False, "ready": False}, "inactive"),
    ("inactive", {"active": None}, "inactive"),
    ("ready", {}, "ready"),
    ("ready", {"ready": True}, "ready"),
    ("ready", {"active": True}, "active"),
    ("ready", {"active": True, "ready": False}, "active"),
    ("ready", {"active": False}, "ready"),
    ("ready", {"ready": False}, "inactive"),
    ("ready", {"ready": None}, "inactive"),
    ("active", {}, "active"),
    ("active", {"active": True}, "active"),
    ("active", {"ready": True}, "ready"),
    ("active", {"ready": False}, "active"),
    ("active", {"active": False}, "inactive"),
    ("active", {"active": False, "ready": False}, "inactive"),
    ("active", {"active": None}, "inactive"),
    ("active", {"active": False, "ready": True}, "ready"),
]


@pytest.mark.parametrize(("held", "written", "becomes"), STATUSES)
def test_active_and_ready_make_the_status(patient: Stage, held: str, written: dict[str, Any], becomes: str) -> None:
    """One flag ends the other; false and null are the same as not being there (MEMB-8, MEMB-19)."""
    patient.put("Ann", me({held: True} if held != "inactive" else {}))
    before = patient.session
    after = patient.put("Ann", me(written))
    assert after
    assert after.members[0].status == becomes
    assert (after is before) is (held == becomes)
    if held != becomes:
        assert patient.effects == (MemberStatusChanged("1000", held, becomes),)  # type: ignore[arg-type]
    flags = {becomes: True} if becomes != "inactive" else {}
    assert member(patient)["properties"]["system"] == flags
    assert member(patient).get("activeTitleId") == ("7" if becomes == "active" else None)


def test_active_and_ready_at_once_is_refused(stage: Stage) -> None:
    """A member is one or the other (MEMB-8)."""
    expected = (400, "/members/me/properties/system/ready", "MEMB-8")
    assert stage.refused("Ann", me({"active": True, "ready": True})) == expected


def test_a_token_without_a_gamertag_leaves_it_out(stage: Stage) -> None:
    """The gamertag is there if the token had one (MEMB-9)."""
    stage.caller("Ann", gamertag=None)
    stage.join("Ann")
    assert "gamertag" not in member(stage)


def test_the_local_device_is_the_one_somebody_became_active_on(patient: Stage) -> None:
    """Moving to another console while inactive counts from the next activation (JOIN-2)."""
    patient.put("Ann", me())
    patient._callers.clear()
    patient.caller("Ann", device_id="another")
    patient.put("Ann", me({"active": True}))
    assert patient.session
    assert patient.session.members[0].device_id == "another"


class TestSecureDeviceAddress:
    """MEMB-10."""

    def test_it_gives_a_device_token(self, patient: Stage) -> None:
        """Equal addresses have equal tokens (MEMB-10)."""
        patient.put("Ann", me({"secureDeviceAddress": ADDRESS}))
        patient.put("Bob", me({"secureDeviceAddress": ADDRESS}))
        assert member(patient, 0)["deviceToken"] == member(patient, 1)["deviceToken"] == device_token(ADDRESS)
        assert "nat" not in member(patient)

    def test_a_v1_address_gives_the_nat_type_too(self, patient: Stage) -> None:
        """Open, moderate or strict (MEMB-10, MEMB-16)."""
        patient.put("Ann", me({"secureDeviceAddress": base64.b64encode(b"\x01\x02rest").decode()}))
        assert member(patient)["nat"] == "moderate"

    @pytest.mark.parametrize("nothing", ["", None])
    def test_an_empty_one_is_none_at_all(self, patient: Stage, nothing: str | None) -> None:
        """Empty is absent, and takes the token with it (MEMB-10)."""
        patient.put("Ann", me({"secureDeviceAddress": ADDRESS}))
        patient.put("Ann", me({"secureDeviceAddress": nothing}))
        assert "deviceToken" not in member(patient)
        assert member(patient)["properties"]["system"] == {}

    def test_it_needs_connectivity(self, stage: Stage) -> None:
        """Without the capability it is refused, and an empty one is not (MEMB-10)."""
        expected = (400, "/members/me/properties/system/secureDeviceAddress", "MEMB-10")
        assert stage.refused("Ann", me({"secureDeviceAddress": ADDRESS})) == expected
        assert stage.put("Ann", me({"secureDeviceAddress": ""}))


class TestConnection:
    """MEMB-11."""

    @pytest.fixture
    def connected(self, stage: Stage) -> Stage:
        """A session whose active members need a connection."""
        stage.using({"capabilities": {"connectionRequiredForActiveMembers": True}, "inactiveRemovalTimeout": None})
        return stage

    def test_one_becomes_active_only_with_a_connection(self, connected: Stage) -> None:
        """It may come in the same write or have come before (MEMB-11)."""
        expected = (400, "/members/me/properties/system/connection", "MEMB-11")
        assert connected.refused("Ann", ACTIVE) == expected
        assert connected.put("Ann", me({"active": True, "connection": GUID}))
        connected.put("Bob", me({"connection": GUID}))
        assert connected.put("Bob", ACTIVE)

    def test_ready_needs_none(self, connected: Stage) -> None:
        """Only active members need one (MEMB-11)."""
        assert connected.put("Ann", me({"ready": True}))

    def test_a_connection_that_has_served_once_does_not_serve_an_inactive_member_without_it(
        self, connected: Stage
    ) -> None:
        """Removing it and becoming active in one write is refused (MEMB-11)."""
        connected.put("Ann", me({"connection": GUID}))
        body = me({"connection": None, "active": True})
        assert connected.refused("Ann", body) == (400, "/members/me/properties/system/connection", "MEMB-11")

    def test_an_active_member_keeps_a_connection(self, connected: Stage) -> None:
        """Taking it away from an active member is refused too (MEMB-11)."""
        connected.put("Ann", me({"active": True, "connection": GUID}))
        expected = (400, "/members/me/properties/system/connection", "MEMB-11")
        assert connected.refused("Ann", me({"connection": None})) == expected
        assert connected.put("Ann", me({"connection": None, "active": False}))


class TestOtherProperties:
    """MEMB-13, TAP-1, PUT-5."""

    def test_a_group_takes_in_the_member_itself(self, patient: Stage) -> None:
        """The member's own index is added (MEMB-13)."""
        patient.join("Ann", "Bob")
        patient.put("Bob", me({"initializationGroup": [0]}))
        assert member(patient, 1)["properties"]["system"]["initializationGroup"] == [0, 1]
        before = patient.session
        assert patient.put("Bob", me({"initializationGroup": [0, 1]})) is before
        assert patient.put("Bob", me({"initializationGroup": [0]})) is before

    @pytest.mark.parametrize(("index", "fits"), [(0, True), (1, True), (2, False)])
    def test_a_group_names_indices_below_the_next(self, patient: Stage, index: int, fits: bool) -> None:
        """0 ≤ n < next, the joining member counted (MEMB-13)."""
        patient.join("Ann")
        body = me({"initializationGroup": [index]})
        if fits:
            assert patient.put("Bob", body)
        else:
            expected = (400, "/members/me/properties/system/initializationGroup", "MEMB-13")
            assert patient.refused("Bob", body) == expected

    def test_encounters_are_consumed(self, patient: Stage) -> None:
        """They are never rendered, and alone they change nothing; groups stay (MEMB-13)."""
        patient.put("Ann", me({"groups": ["a"]}))
        before = patient.session
        assert patient.put("Ann", me({"encounters": ["b"]})) is before
        assert member(patient)["properties"]["system"] == {"groups": ["a"]}

    def test_measurements_need_metrics(self, stage: Stage) -> None:
        """A session that measures nothing takes none (MEMB-13)."""
        expected = (400, "/members/me/properties/system/measurements", "MEMB-13")
        assert stage.refused("Ann", me({"measurements": {}})) == expected

    def test_nobody_measures_themselves(self, patient: Stage) -> None:
        """Measurements are of other device tokens, also when the address comes in the same write (MEMB-13)."""
        own = device_token(ADDRESS)
        body = me({"secureDeviceAddress": ADDRESS, "measurements": {own: {"latency": 1}}})
        expected = (400, f"/members/me/properties/system/measurements/{own}", "MEMB-13")
        assert patient.refused("Ann", body) == expected
        assert patient.put("Ann", me({"measurements": {"abc": {"latency": 1}}}))

    def test_nobody_comes_to_measure_themselves(self, patient: Stage) -> None:
        """Nor by taking the address that they measured before (MEMB-13)."""
        own = device_token(ADDRESS)
        patient.put("Ann", me({"measurements": {own: {"latency": 1}}}))
        expected = (400, f"/members/me/properties/system/measurements/{own}", "MEMB-13")
        assert patient.refused("Ann", me({"secureDeviceAddress": ADDRESS})) == expected

    def test_other_fields_are_kept_as_they_come(self, patient: Stage) -> None:
        """Role preferences, server measurements, a subscription (MEMB-13, TAP-1)."""
        system = {
            "RolePreference": {"medic": 75},
            "serverMeasurements": {"east": {"latency": 3}},
            "subscription": {"id": GUID, "changeTypes": ["host"]},
            "connection": GUID,
        }
        patient.put("Ann", me(system))
        assert member(patient)["properties"]["system"] == system

    def test_subscriptions_come_and_go_one_by_one(self, patient: Stage) -> None:
        """Other than all other fields they are merged by entry (PUT-5)."""
        patient.put("Ann", me({"subscriptions": {GUID: {"profile": "party"}}}))
        patient.put("Ann", me({"subscriptions": {OTHER_GUID: {"profile": "roster"}}}))
        held = member(patient)["properties"]["system"]["subscriptions"]
        assert held == {GUID: {"profile": "party"}, OTHER_GUID: {"profile": "roster"}}
        patient.put("Ann", me({"subscriptions": {GUID: None}}))
        assert member(patient)["properties"]["system"]["subscriptions"] == {OTHER_GUID: {"profile": "roster"}}
        patient.put("Ann", me({"subscriptions": {OTHER_GUID: None}}))
        assert member(patient)["properties"]["system"] == {}

    def test_all_subscriptions_go_at_once_with_null(self, patient: Stage) -> None:
        """Null removes the field like any other (PUT-5)."""
        patient.put("Ann", me({"subscriptions": {GUID: {"profile": "party"}}}))
        patient.put("Ann", me({"subscriptions": None}))
        assert member(patient)["properties"]["system"] == {}

    def test_custom_properties_are_merged(self, patient: Stage) -> None:
        """Every field as a whole, null removes (PUT-5, MEMB-7)."""
        patient.put("Ann", me(custom={"a": {"b": 1, "c": None}, "d": 1}))
        patient.put("Ann", me(custom={"a": {"b": 2}, "d": None}))
        assert member(patient)["properties"]["custom"] == {"a": {"b": 2}}


class TestLeaving:
    """MEMB-14, PUT-4."""

    def test_the_index_goes_from_turn(self, stage: Stage) -> None:
        """Whoever is gone has no turn (MEMB-14)."""
        stage.join("Ann", "Bob")
        stage.put("Ann", {"properties": {"system": {"turn": [0, 1]}}})
        assert [m.get("turn") for m in stage.document()["members"].values()] == [True, True]
        stage.put("Bob", LEAVE)
        assert stage.document()["properties"]["system"]["turn"] == [0]
        assert stage.effects == (MemberLeft("1001", "left"),)

    def test_the_host_is_cleared_with_the_last_member_on_its_device(self, patient: Stage) -> None:
        """As long as somebody has the token the host stays (MEMB-14)."""
        for name in ("Ann", "Bob", "Cid"):
            patient.put(name, me({"active": True, "secureDeviceAddress": ADDRESS if name != "Cid" else "QQ=="}))
        host = device_token(ADDRESS)
        patient.put("Cid", {"properties": {"system": {"host": host.upper()}}})
        patient.put("Ann", LEAVE)
        assert patient.document()["properties"]["system"]["host"] == host.upper()
        patient.put("Bob", LEAVE)
        assert patient.document()["properties"]["system"] == {"turn": []}
        assert patient.effects == (MemberLeft("1001", "left"), HostCleared(host.upper()))

    def test_the_host_is_cleared_when_its_device_changes(self, patient: Stage) -> None:
        """A host that no member has any more is nobody (MEMB-14, PROP-4)."""
        patient.put("Ann", me({"active": True, "secureDeviceAddress": ADDRESS}))
        patient.put("Ann", {"properties": {"system": {"host": device_token(ADDRESS)}}})
        patient.put("Ann", me({"secureDeviceAddress": "QQ=="}))
        assert "host" not in patient.document()["properties"]["system"]

    def test_what_the_leaver_writes_still_counts(self, stage: Stage) -> None:
        """Leaving is the last thing that a write does (PUT-4)."""
        stage.join("Ann", "Bob")
        stage.put("Bob", {**LEAVE, "properties": {"custom": {"winner": "Ann"}}})
        assert stage.document()["properties"]["custom"] == {"winner": "Ann"}
        assert list(stage.document()["members"]) == ["0"]

    def test_a_creator_can_leave_at_once(self, stage: Stage) -> None:
        """Creating without oneself leaves the reservations (PUT-4)."""
        body = {"members": {"me": None, **reserve("71")["members"]}}
        session = stage.put("Ann", body)
        assert session
        assert [m.xuid for m in session.members] == ["71"]
        assert stage.effects == (SessionCreated(), MemberReserved("71"))


class TestRemovalByIndex:
    """MEMB-5."""

    def test_a_service_removes_members(self, stage: Stage) -> None:
        """One or several, by index (MEMB-5)."""
        stage.join("Ann", "Bob", "Cid")
        stage.caller("service", server=True)
        stage.put("service", {"members": {"0": None, "2": None}})
        assert list(stage.document()["members"]) == ["1"]
        assert stage.effects == (MemberLeft("1000", "removed"), MemberLeft("1002", "removed"))

    def test_a_user_removes_nobody(self, stage: Stage) -> None:
        """Not even themselves (MEMB-5)."""
        stage.join("Ann", "Bob")
        assert stage.refused("Ann", {"members": {"0": None}}) == (403, "/members/0", "MEMB-5")

    def test_an_unknown_index_is_a_conflict(self, stage: Stage) -> None:
        """The body fits the schema, not the session; the other removals do not happen either (MEMB-5, PUT-10)."""
        stage.join("Ann")
        stage.caller("service", server=True)
        assert stage.refused("service", {"members": {"0": None, "7": None}}) == (409, "/members/7", "MEMB-5")


class TestRoles:
    """ROLE-2, as far as the fake goes."""

    @pytest.mark.parametrize(
        ("roles", "status"),
        [({"team": "red"}, 501), ({"team": "blue"}, 400), ({"class": "mage"}, 400)],
    )
    def test_giving_a_role_is_not_done_yet_and_an_unknown_one_is_wrong(
        self, stage: Stage, roles: dict[str, str], status: int
    ) -> None:
        """A known role is refused as not built, an unknown one as not known (ROLE-2, CODE-501)."""
        stage.using(role_types={"team": {"roles": {"red": {"max": 2}}}})
        where = f"roles/{next(iter(roles))}"
        body: dict[str, Any] = {"members": {"me": {"roles": roles}}}
        assert stage.refused("Ann", body) == (status, f"/members/me/{where}", "ROLE-2")
        stage.join("Ann")
        body = {"members": {"reserve_0": {"constants": {"system": {"xuid": "9"}}, "roles": roles}}}
        assert stage.refused("Ann", body) == (status, f"/members/reserve_0/{where}", "ROLE-2")
