"""The form of a session document, by which comparisons of a part check its names (SEEN-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bodies import me, properties
from errors import told_of
from pytest_xbl.mpsd.document_form import DOCUMENT, OLD_DOCUMENT, form_of, require_known

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage


def test_every_document_has_the_form(stage: Stage) -> None:
    """Under each contract, with servers, role types, measurements and initialization (SEEN-1, TMPL-7)."""
    stage.caller("service", server=True)
    network = {"capabilities": {"connectivity": True}, "peerToHostRequirements": {"latencyMaximum": 5}}
    stage.using(
        {**network, "memberInitialization": {"externalEvaluation": True, "membersNeededToStart": 0}},
        role_types={"team": {"ownerManaged": False, "roles": {"red": {"max": 2}}}},
    )
    stage.put("Ann", {**properties(matchmakingResubmit=True, turn=[0], closed=True), **me(active=True, groups=["a"])})
    lobby = {"scid": "5c1d0000-0000-4000-8000-000000000001", "templateName": "lobby", "name": "x"}
    matchmaking = {"properties": {"system": {"status": "found", "targetSessionRef": lobby}}}
    mine = {"constants": {"system": {"a": {"b": 1}}}, "properties": {"custom": {"c": 1}}}
    stage.put("service", {"servers": {"matchmaking": matchmaking, "mine": mine}})
    for contract in (104, 105, 107):
        require_known(form_of(contract), stage.document(contract=contract))


def test_contracts_have_names_of_their_own() -> None:
    """Those of 104 and 105 differ from those of 107 (TMPL-7)."""
    assert (form_of(104), form_of(105), form_of(107)) == (OLD_DOCUMENT, OLD_DOCUMENT, DOCUMENT)
    require_known(OLD_DOCUMENT, {"members": {"0": {"properties": {"system": {"group": None}}}}})
    home = "a member's properties.system under contracts 104 and 105"
    what = f'The field "group" is not known here; it is a field of {home}.'
    place = "/members/0/properties/system/group"
    found = told_of(lambda: require_known(DOCUMENT, {"members": {"0": {"properties": {"system": {"group": None}}}}}))
    assert found == (400, place, what, "SEEN-1")


@pytest.mark.parametrize(
    ("part", "place", "hint"),
    [
        ({"member": None}, "/member", 'did you mean "members"?'),
        ({"closed": None}, "/closed", "it is a field of properties.system."),
        ({"properties": {"sistem": {}}}, "/properties/sistem", 'did you mean "system"?'),
        ({"properties": {"system": {"close": None}}}, "/properties/system/close", 'did you mean "closed"?'),
        ({"membersInfo": {"total": None}}, "/membersInfo/total", "known here: first, next, count, accepted, active."),
        ({"members": {"7": {"reserve": None}}}, "/members/7/reserve", 'did you mean "reserved"?'),
        (
            {"constants": {"system": {"capabilities": {"large ": None}}}},
            "/constants/system/capabilities/large ",
            'did you mean "large"?',
        ),
        (
            {"constants": {"system": {"measurementServerAddresses": {"a": {"secure": None}}}}},
            "/constants/system/measurementServerAddresses/a/secure",
            "known here: secureDeviceAddress.",
        ),
        (
            {"members": {"7": {"properties": {"system": {"subscriptions": {"x": {"profil": None}}}}}}},
            "/members/7/properties/system/subscriptions/x/profil",
            'did you mean "profile"?',
        ),
        ({"servers": {"a": {"custom": None}}}, "/servers/a/custom", "known here: constants, properties."),
        (
            {"servers": {"matchmaking": {"properties": {"system": {"state": None}}}}},
            "/servers/matchmaking/properties/system/state",
            'did you mean "status"?',
        ),
        (
            {"roleTypes": {"a": {"roles": {"b": {"min": None}}}}},
            "/roleTypes/a/roles/b/min",
            "known here: count, max, target, memberXuids.",
        ),
        ({7: None}, "/7", "known here: " + ", ".join(DOCUMENT) + "."),
    ],
)
def test_a_field_that_no_document_has_is_refused(part: Any, place: str, hint: str) -> None:
    """At every depth of what the service knows, whatever is expected of it (SEEN-1)."""
    name = place.rpartition("/")[2]
    what = f'The field "{name}" is not known here; {hint}'
    assert told_of(lambda: require_known(DOCUMENT, part)) == (400, place, what, "SEEN-1")


@pytest.mark.parametrize(
    "part",
    [
        None,
        [],
        {"properties": None, "members": [{"x": 1}]},
        {"properties": {"custom": {"any": {"thing": None}}, "system": {"turn": None, "host": None}}},
        {"members": {"any": {"constants": {"custom": {"x": 1}, "system": {"index": 1}}}}},
        {"servers": {"any": {"properties": {"system": {"any": {"thing": None}}}}}},
    ],
    ids=str,
)
def test_what_a_document_can_have_may_be_named(part: Any) -> None:
    """Titles fill `custom`, and the service does not read `system` of a server of theirs (SEEN-1, SERV-2)."""
    require_known(DOCUMENT, part)
