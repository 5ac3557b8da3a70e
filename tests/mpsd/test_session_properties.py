"""What members and servers write of the session itself (PROP, SERV)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pytest_xbl.mpsd.refusal import Refusal

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage

GUID = "961dc162-3a8c-4982-b58b-0347ed086bc9"


def properties(system: dict[str, Any] | None = None, custom: dict[str, Any] | None = None) -> dict[str, Any]:
    """A body that writes properties of the session."""
    return {"properties": {"system": system or {}, "custom": custom or {}}}


def system(stage: Stage) -> dict[str, Any]:
    """The system properties of the session, as rendered."""
    held: dict[str, Any] = stage.document()["properties"]["system"]
    return held


@pytest.fixture
def lobby(stage: Stage) -> Stage:
    """An open session of Ann and Bob."""
    stage.join("Ann", "Bob")
    return stage


@pytest.mark.parametrize(
    "written",
    [
        {"keywords": ["Fun", "fun"]},
        {"turn": [1, 0]},
        {"joinRestriction": "followed", "readRestriction": "none"},
        {"serverConnectionStringCandidates": ["b", "a"]},
        {"matchmaking": {"targetSessionConstants": {"a": 1}, "serverConnectionString": "x"}},
        {"matchmakingResubmit": True},
        {"closed": True},
        {"closed": True, "locked": True},
        {"allocateCloudCompute": False},
    ],
    ids="-".join,
)
def test_any_member_writes_them_and_they_are_kept_as_written(lobby: Stage, written: dict[str, Any]) -> None:
    """Properties belong to the session, not to who made it (PROP-1, PROP-2, PROP-3, PROP-5, PROP-7, PROP-8)."""
    lobby.put("Bob", properties(written))
    assert system(lobby) == {"turn": [], **written}


def test_a_service_writes_them_too(lobby: Stage) -> None:
    """Servers write all sessions (PROP-1)."""
    lobby.caller("service", server=True)
    lobby.put("service", properties(custom={"round": 1}))
    assert lobby.document()["properties"]["custom"] == {"round": 1}


def test_every_field_is_replaced_as_a_whole_and_null_removes_it(lobby: Stage) -> None:
    """Objects inside a field are not merged, and a null deeper inside is data (PUT-5)."""
    lobby.put("Ann", properties({"keywords": ["a"]}, {"map": {"name": "dunes", "size": None}, "old": 1}))
    lobby.put("Ann", properties({"keywords": None}, {"map": {"name": "ice"}, "old": None}))
    assert lobby.document()["properties"] == {"system": {"turn": []}, "custom": {"map": {"name": "ice"}}}
    lobby.put("Ann", properties(custom={"map": {"name": None}}))
    assert lobby.document()["properties"]["custom"] == {"map": {"name": None}}


def test_turn_is_there_even_when_it_is_nobodys(lobby: Stage) -> None:
    """An empty list by default, and again after a null (PROP-9)."""
    assert system(lobby) == {"turn": []}
    lobby.put("Ann", properties({"turn": [0]}))
    lobby.put("Ann", properties({"turn": None}))
    assert system(lobby) == {"turn": []}


@pytest.mark.parametrize("nobody", [[], None])
def test_writing_back_that_it_is_nobodys_turn_changes_nothing(lobby: Stage, nobody: list[int] | None) -> None:
    """What a client reads it can write back (PUT-9, PROP-9)."""
    before = lobby.session
    assert lobby.put("Ann", properties({"turn": nobody})) is before
    lobby.put("Ann", properties({"turn": [1]}))
    lobby.put("Bob", {"members": {"me": None}})
    before = lobby.session
    assert lobby.put("Ann", properties({"turn": nobody})) is before


REFUSED = [
    # constants, written, where, rule, text
    (
        {"visibility": "private"},
        {"keywords": ["a"]},
        "keywords",
        "PROP-2",
        "A private session has no keywords.",
    ),
    (
        {},
        {"turn": [2]},
        "turn",
        "PROP-3",
        "It can only be the turn of a member, and there is none with index 2.",
    ),
    (
        {},
        {"turn": [0, 0]},
        "turn",
        "PROP-3",
        "It is the turn of a member or it is not; an index stands in turn once.",
    ),
    (
        {},
        {"initializationSucceeded": True},
        "initializationSucceeded",
        "PROP-6",
        "initializationSucceeded is written while the stage of initialization is evaluating, and only then.",
    ),
    (
        {},
        {"matchmaking": {"clientResult": {"status": "found"}}},
        "matchmaking/clientResult",
        "PROP-7",
        "matchmaking.clientResult needs the capability clientMatchmaking.",
    ),
    (
        {"capabilities": {"userAuthorizationStyle": True}},
        {"joinRestriction": "none"},
        "joinRestriction",
        "CONST-9",
        "With userAuthorizationStyle the joinRestriction cannot be none.",
    ),
    (
        {"capabilities": {"userAuthorizationStyle": True}},
        {"readRestriction": "none"},
        "readRestriction",
        "CONST-9",
        "With userAuthorizationStyle the readRestriction cannot be none.",
    ),
]


@pytest.mark.parametrize(("constants", "written", "where", "rule", "text"), REFUSED, ids=[row[3] for row in REFUSED])
def test_what_does_not_fit_the_session_is_refused(
    stage: Stage, constants: dict[str, Any], written: dict[str, Any], where: str, rule: str, text: str
) -> None:
    """400 with the pointer and the rule, and nothing changes (PROP-2, PROP-3, PROP-6, PROP-7, CONST-9)."""
    stage.using(constants)
    stage.join("Ann")
    with pytest.raises(Refusal) as refused:
        stage.put("Ann", properties(written))
    assert str(refused.value) == f"{text}\nwhere: /properties/system/{where}\nrule: {rule}"
    assert stage.refused("Ann", properties(written)) == (400, f"/properties/system/{where}", rule)


def test_client_matchmaking_lets_members_write_its_result(stage: Stage) -> None:
    """The capability makes the difference (PROP-7)."""
    stage.using({"capabilities": {"clientMatchmaking": True}})
    assert stage.put("Ann", properties({"matchmaking": {"clientResult": {"status": "found"}}}))


def test_a_private_session_may_be_told_to_have_no_keywords(stage: Stage) -> None:
    """Removing what is not there offends nobody (PROP-2)."""
    stage.using({"visibility": "private"})
    assert stage.put("Ann", properties({"keywords": None}))


def test_cloud_compute_is_not_done_yet(lobby: Stage) -> None:
    """Asking for it would have an effect that the fake does not have (PROP-8, CODE-501)."""
    expected = (501, "/properties/system/allocateCloudCompute", "PROP-8")
    assert lobby.refused("Ann", properties({"allocateCloudCompute": True})) == expected


def test_turn_names_members_that_the_same_write_brings(stage: Stage) -> None:
    """Who is in it comes before what is said about them (PROP-3)."""
    stage.put("Ann", {**properties({"turn": [0]}), "members": {"me": {"properties": {"system": {"active": True}}}}})
    assert stage.document()["members"]["0"]["turn"] is True


@pytest.mark.parametrize("host", ["9f4032ba7", ""])
def test_a_host_that_is_nobodys_device_is_dropped(lobby: Stage, host: str) -> None:
    """The write is accepted, and the field is not there; a host before it is gone too (PROP-4)."""
    before = lobby.session
    assert lobby.put("Ann", properties({"host": host})) is before
    assert "host" not in system(lobby)


def test_user_authorization_style_starts_local_and_falls_back_to_local(stage: Stage) -> None:
    """Both restrictions are local by default, and again when removed (CONST-9)."""
    stage.using({"capabilities": {"userAuthorizationStyle": True}})
    stage.join("Ann")
    assert system(stage) == {"turn": [], "joinRestriction": "local", "readRestriction": "local"}
    stage.put("Ann", properties({"joinRestriction": "followed", "readRestriction": "followed"}))
    stage.put("Ann", properties({"joinRestriction": None, "readRestriction": None}))
    assert system(stage) == {"turn": [], "joinRestriction": "local", "readRestriction": "local"}


@pytest.mark.parametrize(
    ("value", "other"), [(True, 1), (1, 1.0), (0, False), ("1", 1), ([1], [True]), ({"a": 1}, {"a": 1.0}), ("", None)]
)
def test_a_change_of_type_is_a_change(lobby: Stage, value: object, other: object) -> None:
    """True, 1 and 1.0 are three values (PUT-9)."""
    lobby.put("Ann", properties(custom={"a": value}))
    before = lobby.session
    assert lobby.put("Ann", properties(custom={"a": value})) is before
    after = lobby.put("Ann", properties(custom={"a": other}))
    assert after
    assert before
    assert after.change_number == before.change_number + 1


class TestServers:
    """SERV."""

    @pytest.fixture
    def served(self, lobby: Stage) -> Stage:
        """The same session, and a service beside it."""
        lobby.caller("service", server=True)
        return lobby

    def test_a_user_writes_none(self, lobby: Stage) -> None:
        """Not even an empty object (SERV-1)."""
        assert lobby.refused("Ann", {"servers": {}}) == (403, "/servers", "SERV-1")
        assert lobby.refused("Ann", {"servers": {"dedicated": None}}) == (403, "/servers", "SERV-1")

    def test_a_user_creates_no_session_with_servers(self, stage: Stage) -> None:
        """The rule holds at creation too (SERV-1)."""
        assert stage.refused("Ann", {"servers": {"dedicated": {}}}) == (403, "/servers", "SERV-1")

    def test_a_service_adds_merges_and_removes_them(self, served: Stage) -> None:
        """Merged like other bags; null removes the entry (SERV-1, SERV-2)."""
        served.put("service", {"servers": {"dedicated": {"constants": {"system": {"a": 1}, "custom": {"b": {}}}}}})
        served.put("service", {"servers": {"dedicated": {"properties": {"custom": {"load": 1, "old": 2}}}, "x": {}}})
        served.put("service", {"servers": {"dedicated": {"properties": {"custom": {"load": 3, "old": None}}}}})
        assert served.document()["servers"] == {
            "dedicated": {
                "constants": {"system": {"a": 1}, "custom": {"b": {}}},
                "properties": {"custom": {"load": 3}},
            },
            "x": {"constants": {}, "properties": {}},
        }
        served.put("service", {"servers": {"dedicated": None, "never there": None}})
        assert list(served.document()["servers"]) == ["x"]

    @pytest.mark.parametrize("body", [{"x": {}}, {"never there": None}, {}])
    def test_a_repeated_write_changes_nothing(self, served: Stage, body: dict[str, Any]) -> None:
        """The same body again leaves the session as it is (PUT-9)."""
        served.put("service", {"servers": {"x": {}}})
        before = served.session
        assert served.put("service", {"servers": body}) is before

    def test_the_matchmaking_server_speaks_of_its_status(self, served: Stage) -> None:
        """lockId, status, statusDetails, typicalWait, targetSessionRef (SERV-3)."""
        told = {
            "lockId": "1",
            "status": "found",
            "statusDetails": "all well",
            "typicalWait": 30,
            "targetSessionRef": {"scid": GUID, "templateName": "game", "name": "one"},
        }
        served.put("service", {"servers": {"matchmaking": {"properties": {"system": told}}}})
        assert served.document()["servers"]["matchmaking"]["properties"] == {"system": told}

    def test_the_matchmaking_server_says_nothing_else(self, served: Stage) -> None:
        """Unknown fields and values are refused (SERV-3)."""
        at = "/servers/matchmaking/properties/system"
        body = {"servers": {"matchmaking": {"properties": {"system": {"status": "lost"}}}}}
        assert served.refused("service", body) == (400, f"{at}/status", "SERV-3")
        body = {"servers": {"matchmaking": {"properties": {"system": {"mood": "good"}}}}}
        assert served.refused("service", body) == (400, f"{at}/mood", "CALL-6")
