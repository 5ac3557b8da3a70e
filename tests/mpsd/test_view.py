"""Rendering of sessions and templates (MEMB-1, CALL-8, CALL-10, TMPL-8, TMPL-11)."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import TYPE_CHECKING
from unittest.mock import ANY

import pytest

from bodies import DEFAULTS, ETAG, LEAVE, Body, me, properties
from pytest_xbl.mpsd import view
from pytest_xbl.mpsd.constants import parse_template
from pytest_xbl.mpsd.document_form import DOCUMENT
from pytest_xbl.mpsd.model import Initialization
from pytest_xbl.mpsd.view import SessionDocument, branch, etag, timestamp, unstored_etag

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage


def test_a_session_renders_whole(stage: Stage) -> None:
    """Every part, under the names and with the defaults of contract 107 (TMPL-6, TMPL-11, MEMB-1, CALL-10)."""
    stage.put("Ann", me({"skill": 7}, active=True))
    document = stage.document()
    assert document == {
        "contractVersion": 107,
        "correlationId": ANY,
        "branch": ANY,
        "changeNumber": 1,
        "startTime": "2026-01-01T12:00:00.0000000Z",
        "constants": {"system": DEFAULTS, "custom": {}},
        "properties": {"system": {"turn": []}, "custom": {}},
        "members": {
            "0": {
                "next": 1,
                "joinTime": "2026-01-01T12:00:00.0000000Z",
                "gamertag": "AnnGT",
                "activeTitleId": "7",
                "constants": {"system": {"xuid": "1000", "index": 0}, "custom": {}},
                "properties": {"system": {"active": True}, "custom": {"skill": 7}},
            }
        },
        "membersInfo": {"first": 0, "next": 1, "count": 1, "accepted": 1, "active": 1},
        "servers": {},
    }
    assert isinstance(document, SessionDocument)


def test_the_same_session_reads_differently_under_105(stage: Stage) -> None:
    """The field contractVersion says which contract the answer is in (TMPL-7, TMPL-8)."""
    stage.using({"memberInitialization": {"membersNeededToStart": 0, "externalEvaluation": False}})
    stage.put("Ann", {**properties(matchmakingResubmit=True), **me(active=True, initializationGroup=[0])})
    new, old = stage.document(contract=107), stage.document(contract=105)
    assert (new["contractVersion"], old["contractVersion"]) == (107, 105)
    assert old["constants"]["system"] == {
        "maxMembersCount": 100,
        "visibility": "open",
        "timeouts": {"reserved": 30000, "inactive": 0, "ready": 180000, "sessionEmpty": 0},
        "managedInitialization": {"membersNeededToStart": 0, "autoEvaluate": True},
    }
    assert new["properties"]["system"] == {"turn": [], "matchmakingResubmit": True}
    assert old["properties"]["system"] == {"turn": [], "matchmaking": {"resubmit": True}}
    assert new["members"]["0"]["properties"]["system"] == {"active": True, "initializationGroup": [0]}
    assert old["members"]["0"]["properties"]["system"] == {"active": True, "group": [0]}
    assert stage.document(contract=104) == {**old, "contractVersion": 104}


def test_elements_read_as_they_stand_in_the_whole(stage: Stage) -> None:
    """Each element is the same JSON alone and in the session (TMPL-8)."""
    stage.caller("service", server=True)
    stage.join("Ann", "Bob", "Cid")
    stage.put("Bob", LEAVE)
    stage.put("Ann", properties(turn=[2]))
    stage.put("service", {"servers": {"dedicated": {"constants": {"custom": {"a": 1}}}}})
    session = stage.held
    for contract in (105, 107):
        whole = stage.document(contract=contract)
        assert json.loads(view.render_constants(session, contract=contract)) == whole["constants"]
        assert json.loads(view.render_properties(session, contract=contract)) == whole["properties"]
        for member in session.members:
            alone = json.loads(view.render_member(session, member, contract=contract))
            assert alone == whole["members"][str(member.index)]
        assert json.loads(view.render_server(session.servers["dedicated"])) == whole["servers"]["dedicated"]


def test_a_rendered_member_is_not_rendered_again(stage: Stage) -> None:
    """A change to one member leaves the others' text as it was, and their place in the whole right (MEMB-1)."""
    stage.join("Ann", "Bob")
    before = stage.document()
    stage.put("Bob", me({"a": 1}))
    stage.join("Cid")
    stage.put("Bob", LEAVE)
    after = stage.document()
    assert after["members"]["0"] == {**before["members"]["0"], "next": 2}


def test_members_have_texts_of_their_own(stage: Stage) -> None:
    """The whole document is rendered from them (MEMB-1)."""
    session = stage.join("Ann", "Bob")
    texts = view.member_texts(session, contract=107)
    assert texts == [f'"{one.index}":{view.render_member(session, one, contract=107)}' for one in session.members]
    whole = view.render(session, contract=107)
    assert whole == view.render(session, contract=107, members="{" + ",".join(texts) + "}")
    assert json.loads(whole) == {**json.loads(view.render(session, contract=107, members="{}")), "members": ANY}


def test_role_types_carry_counts(stage: Stage) -> None:
    """The count of a role that nobody has is 0; fields have an order (ROLE-2, TIME-6, INIT-1, INIT-7)."""
    stage.using(role_types={"team": {"ownerManaged": False, "roles": {"red": {"max": 2}}}, "class": {}})
    held = stage.write("Ann", me(ready=True))
    failed = Initialization(1, "failed", stage.now)
    stage.session = held.but(initialization=failed, host_candidates=("ab",), search_handle="7")
    assert tuple(stage.document()) == tuple(DOCUMENT)
    assert (stage.document()["hostCandidates"], stage.document()["searchHandle"]) == (["ab"], "7")
    team = {"ownerManaged": False, "roles": {"red": {"count": 0, "max": 2}}}
    assert stage.document()["roleTypes"] == {"team": team, "class": {"roles": {}}}


def test_times_have_seven_digits_and_z() -> None:
    """UTC, ISO 8601 (CALL-8)."""
    assert timestamp(datetime(2009, 6, 15, 13, 45, 30, 90000, tzinfo=timezone.utc)) == "2009-06-15T13:45:30.0900000Z"
    assert timestamp(datetime(999, 1, 1, 0, 0, 0, 1, tzinfo=timezone.utc)) == "0999-01-01T00:00:00.0000010Z"


def test_ids_follow_from_what_they_name(stage: Stage) -> None:
    """The same session has the same ids in every run, another one has others (TIME-4, TIME-9)."""
    session = stage.join("Ann")
    document = stage.document()
    assert document["correlationId"] == "bdeba7ba-5728-5a85-18b8-d3738eb96317"
    assert document["branch"] == branch(session) == "c7e3167e-07d2-4c7d-a199-868ecfbbf3a1"
    assert etag(session) == '"35546c32936ee2400000000000000001"'


def test_no_two_versions_share_an_etag(stage: Stage) -> None:
    """Neither two of one session, nor those of two, nor one that is only tried out (CALL-11, PUT-7, TIME-9)."""
    session = stage.join("Ann")
    others = (session.but(incarnation=n, ref=session.ref._replace(name=name)) for n in (1, 2, 11) for name in "ab")
    versions = [other.but(change_number=number) for other in others for number in (1, 2, 11, 12, 2**63 - 1)]
    tags = [tag(version) for version in versions for tag in (etag, unstored_etag)]
    assert len({*tags}) == len(tags) == 60
    assert all(ETAG.fullmatch(tag) for tag in tags)


def test_nothing_is_null_but_what_a_title_wrote(stage: Stage) -> None:
    """Absent is absent; custom data may hold null deeper inside (CALL-10)."""
    stage.using({"version": None, "sessionEmptyTimeout": None}, custom={"gone": None, "kept": {"inside": None}})
    assert view.render(stage.join("Ann"), contract=107).count("null") == 1
    assert stage.document()["constants"]["custom"] == {"kept": {"inside": None}}


NEVER: dict[int, Body] = {105: {"timeouts": {"sessionEmpty": None}}, 107: {"sessionEmptyTimeout": None}}


@pytest.mark.parametrize("contract", [105, 107])
def test_a_template_reads_as_it_was_written(contract: int) -> None:
    """All that it sets, nulls included, no defaults, and no role types if it has none (TMPL-9, TMPL-5, CALL-10)."""
    full = {"system": {"visibility": "private", **NEVER[contract]}, "custom": {"a": 1}}
    bodies: list[Body] = [
        {"constants": full, "roleTypes": {"team": {"roles": {}}}},
        {"constants": {"system": {}, "custom": {}}},
    ]
    for body in bodies:
        rendered = view.render_template(parse_template("s", "t", body, contract=contract), contract=contract)
        assert json.loads(rendered) == {"contractVersion": contract, **body}
