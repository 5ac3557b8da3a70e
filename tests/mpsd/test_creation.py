"""Creation of a session, and the checks on it, except those on its constants."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from bodies import DEFAULTS, SCID, Body, can, constants
from errors import told_of
from pytest_xbl.mpsd.creation import new_session
from pytest_xbl.mpsd.model import SessionRef
from pytest_xbl.mpsd.schema import CAPABILITIES
from pytest_xbl.mpsd.writes import parse_write
from tables import cases

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage


def refused_session(stage: Stage, name: str, body: Body) -> tuple[int, str, str, str]:
    """The refusal of a session that a caller makes with this body."""
    return told_of(lambda: new_session(parse_write(body, contract=107), stage.context(name)))


def test_a_new_session_has_nobody_in_it(stage: Stage) -> None:
    """A session begins empty, now, under its own name, with the constants of its template (TMPL-3, PUT-9)."""
    stage.using({"version": 1}, custom={"map": "dunes"}, role_types={"team": {"roles": {}}})
    stage.ref = SessionRef(SCID, "quick", "two")
    stage.incarnation = 3
    stage.advance(1_000)
    session = new_session(parse_write({}, contract=107), stage.context("Ann"))
    assert (session.ref, session.started, session.empty_since) == (stage.ref, stage.now, stage.now)
    assert (session.change_number, session.incarnation, session.next_index) == (1, 3, 0)
    assert (session.members, dict(session.servers), session.away) == ((), {}, ())
    assert (session.constants.system, session.constants.custom) == ({**DEFAULTS, "version": 1}, {"map": "dunes"})
    assert (session.properties.system, session.properties.custom) == ({}, {})
    assert session.role_types == {"team": {"roles": {}}}


def test_a_broadcast_session_is_named_by_its_broadcaster(stage: Stage) -> None:
    """The name of a broadcast session is the xuid of its broadcaster: 400 otherwise (CONST-8)."""
    body = constants(**can("broadcast", "large"))
    what = 'A broadcast session is named by its broadcaster\'s xuid, not "one".'
    assert refused_session(stage, "Ann", body) == (400, "the URI", what, "CONST-8")
    stage.ref = SessionRef(SCID, "quick", stage.xuid("Ann"))
    assert stage.write("Ann", body).can("broadcast")
    assert refused_session(stage, "Bob", body)[-1] == "CONST-8"


@cases(
    "server servers may",
    {
        "a service with the server": (True, {"servers": {"arbitration": {}}}, True),
        "a user with the server": (False, {"servers": {"arbitration": {}}}, False),
        "a service without servers": (True, {}, False),
        "a service with another server": (True, {"servers": {"game": {}}}, False),
        "a service that removes the server": (True, {"servers": {"arbitration": None}}, False),
    },
)
def test_an_arbitrated_session_is_made_by_a_service_with_its_server(
    stage: Stage, server: bool, servers: Body, may: bool
) -> None:
    """A session with arbitration is made by a service that adds the arbitration server: 403 otherwise (CONST-8)."""
    stage.caller("maker", server=server)
    body = {**constants(**can("arbitration", "gameplay")), **servers}
    if may:
        assert new_session(parse_write(body, contract=107), stage.context("maker")).can("arbitration")
    else:
        what = "A session with arbitration is made by a service, in one write with the server arbitration."
        expected = (403, "/constants/system/capabilities/arbitration", what, "CONST-8")
        assert refused_session(stage, "maker", body) == expected


@cases(
    "claims initiators may",
    {
        "one of them": ({}, ["999", "1000"], True),
        "two others": ({}, ["999", "998"], False),
        "nobody": ({}, [], False),
        "a service": ({"server": True}, ["999"], True),
        "a service for a user": ({"server": True, "xuid": "5"}, ["999"], True),
        "whoever it is": ({}, None, True),
    },
)
def test_a_session_is_made_by_one_of_its_initiators(
    stage: Stage, claims: dict[str, Any], initiators: list[str] | None, may: bool
) -> None:
    """Given by template or request, the creator is one of them or a service: 403 otherwise (CONST-14, TMPL-5)."""
    stage.caller("maker", **claims)
    for by_template in (True, False):
        stage.using({"initiators": initiators} if by_template else {})
        body = {} if by_template else constants(initiators=initiators)
        if may:
            made = new_session(parse_write(body, contract=107), stage.context("maker"))
            assert made.constants.system.get("initiators") == initiators
        else:
            what = f"Only the initiators may make this session: {', '.join(initiators or ())}."
            assert refused_session(stage, "maker", body) == (403, "/constants/system/initiators", what, "CONST-14")


TEAM: dict[str, Any] = {"roles": {"leader": {"max": 1}}}
SQUAD: dict[str, Any] = {"roles": {}, "ownerManaged": False}


@cases("asked", {"none": {}, "the same": {"team": TEAM}, "another": {"squad": SQUAD}})
def test_role_types_are_the_templates_and_the_requests(stage: Stage, asked: Body) -> None:
    """A session has the role types of its template and those that its creation adds (ROLE-1, TMPL-3)."""
    stage.using(role_types={"team": TEAM})
    assert stage.write("Ann", {"roleTypes": deepcopy(asked)}).role_types == {"team": TEAM, **asked}


@pytest.mark.parametrize("by_template", [True, False], ids=["template", "request"])
def test_role_types_that_owners_manage_need_owners(stage: Stage, by_template: bool) -> None:
    """`ownerManaged` is only for a session with hasOwners: 400 (ROLE-1)."""
    role_types = {"squad": {}, "team": {"ownerManaged": True}}
    stage.using(role_types=role_types if by_template else {})
    what = "A role type that owners manage needs the capability hasOwners."
    body = {} if by_template else {"roleTypes": role_types}
    assert refused_session(stage, "Ann", body) == (400, "/roleTypes/team/ownerManaged", what, "ROLE-1")


@pytest.mark.parametrize("capability", sorted({*CAPABILITIES} - {"broadcast", "arbitration"}))
def test_capabilities_are_built(stage: Stage, capability: str) -> None:
    """Every capability makes a session by itself, but those that need more (CONST-6, CONST-8)."""
    assert stage.write("Ann", constants(**can(capability))).can(capability)


def test_capabilities_that_are_off_are_not_refused(stage: Stage) -> None:
    """A capability that is false asks for nothing, so there is nothing to refuse (TMPL-13)."""
    stage.using({"capabilities": dict.fromkeys(CAPABILITIES, False)})
    session = stage.write("Ann", {})
    assert not any(session.can(name) for name in CAPABILITIES)
