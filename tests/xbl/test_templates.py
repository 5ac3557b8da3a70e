"""`xbl.templates`: the session templates of a world."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from pytest_xbl import XblError, XboxLive

OTHER = "5c1d0000-0000-4000-8000-00000000000A"
PATIENT = {"constants": {"system": {"sessionEmptyTimeout": 60_000}}}


def error_of(action: Callable[[], object]) -> str:
    """The text of the error that an action raises."""
    with pytest.raises(XblError) as error:
        action()
    return str(error.value)


READY_MADE = {
    "lobby": {
        "version": 1,
        "maxMembersCount": 8,
        "visibility": "open",
        "inviteProtocol": "game",
        "capabilities": {"connectivity": True},
    },
    "game": {
        "version": 1,
        "maxMembersCount": 16,
        "visibility": "open",
        "inviteProtocol": "game",
        "capabilities": {"connectivity": True, "gameplay": True},
    },
    "ticket": {
        "version": 1,
        "maxMembersCount": 8,
        "visibility": "visible",
        "capabilities": {"clientMatchmaking": True},
    },
    "large": {
        "version": 1,
        "maxMembersCount": 1000,
        "visibility": "open",
        "capabilities": {"large": True},
    },
}


@pytest.mark.parametrize(("name", "system"), READY_MADE.items(), ids=READY_MADE)
def test_a_few_templates_are_ready_made(xbl: XboxLive, name: str, system: dict[str, Any]) -> None:
    """What each sets, and no defaults (TMPL-6, TMPL-9)."""
    assert xbl.templates[name] == {"contractVersion": 107, "constants": {"system": system, "custom": {}}}


def test_ready_made_templates_are_the_same_in_all_worlds_and_belong_to_none() -> None:
    """What a test does to one that it read, or replaces, is its own business."""
    world = XboxLive()
    world.templates["lobby"]["constants"]["system"]["version"] = 7
    world.templates.add("lobby", {})
    assert world.templates["lobby"]["constants"]["system"] == {}
    assert XboxLive().templates["lobby"]["constants"]["system"] == READY_MADE["lobby"]


def test_a_template_is_added_and_read(xbl: XboxLive) -> None:
    """It comes back as GET would give it under contract 107 (TMPL-9)."""
    xbl.templates.add("Patient", {**PATIENT, "roleTypes": {"team": {"roles": {"red": {"max": 2}}}}})
    assert xbl.templates["patient"] == {
        "contractVersion": 107,
        "constants": {"system": {"sessionEmptyTimeout": 60_000}, "custom": {}},
        "roleTypes": {"team": {"roles": {"red": {"max": 2}}}},
    }
    client = xbl.client(xbl.user("Stacy"))
    path = f"/serviceconfigs/{xbl.scid}/sessiontemplates/patient"
    assert client.get(path).get_json() == xbl.templates["Patient"]


def test_a_template_may_be_empty(xbl: XboxLive) -> None:
    """Then its sessions have the defaults (TMPL-6)."""
    xbl.templates.add("empty", {})
    session = xbl.sessions.create("empty", members=xbl.users("Stacy"))
    assert session.document["constants"]["system"] == {
        "maxMembersCount": 100,
        "visibility": "open",
        "reservedRemovalTimeout": 30_000,
        "inactiveRemovalTimeout": 0,
        "readyRemovalTimeout": 180_000,
        "sessionEmptyTimeout": 0,
    }


@pytest.mark.parametrize("contract", [104, 105])
def test_a_template_may_be_written_for_an_older_contract(xbl: XboxLive, contract: int) -> None:
    """The contract decides names and defaults (TMPL-7, TMPL-12)."""
    system = {"timeouts": {"reserved": 1}, "managedInitialization": {"membersNeededToStart": 0, "autoEvaluate": True}}
    xbl.templates.add("old", {"constants": {"system": system}}, contract=contract)
    assert xbl.templates["old"]["constants"]["system"] == {
        "reservedRemovalTimeout": 1,
        "memberInitialization": {
            "joinTimeout": 5_000,
            "measurementTimeout": 5_000,
            "membersNeededToStart": 0,
            "externalEvaluation": False,
        },
    }
    session = xbl.sessions.create("old", members=xbl.users("Stacy"))
    assert session.document["constants"]["system"]["inactiveRemovalTimeout"] == 7_200_000


def test_a_template_is_the_tests_own_no_more(xbl: XboxLive) -> None:
    """What the test does to its dict afterwards changes nothing."""
    template: dict[str, Any] = {"constants": {"custom": {"maps": ["dunes"]}}}
    xbl.templates.add("maps", template)
    template["constants"]["custom"]["maps"].append("hills")
    xbl.templates["maps"]["constants"]["custom"]["maps"].append("hills")
    assert xbl.templates["maps"]["constants"]["custom"] == {"maps": ["dunes"]}


def test_a_template_can_be_replaced_until_a_session_has_been_made_from_it(xbl: XboxLive) -> None:
    """Also one that is gone again was made from it (TMPL-4)."""
    stacy = xbl.user("Stacy")
    xbl.templates.add("mine", {"constants": {"custom": {"a": 1}}})
    xbl.templates.add("MINE", {"constants": {"custom": {"a": 2}}})
    assert xbl.templates["mine"]["constants"]["custom"] == {"a": 2}
    assert list(xbl.templates)[4:] == ["MINE"]
    session = xbl.sessions.create("mine", members=[stacy])
    text = "The template Mine cannot be replaced: a session has been made from it.\nwhere: name\nrule: TMPL-4"
    assert error_of(lambda: xbl.templates.add("Mine", {})) == text
    xbl.client(stacy).delete(f"{session.ref.path}/members/me")
    assert error_of(lambda: xbl.templates.add("Mine", {})) == text
    xbl.templates.add("Mine", {}, scid=OTHER)


def test_templates_are_counted_listed_and_looked_up_by_name(xbl: XboxLive) -> None:
    """In the default service configuration, without regard to case (CALL-5)."""
    xbl.templates.add("Mine", {})
    xbl.templates.add("theirs", {}, scid=OTHER)
    assert list(xbl.templates) == ["lobby", "game", "ticket", "large", "Mine"]
    assert len(xbl.templates) == 5
    assert [name in xbl.templates for name in ("mine", "LOBBY", "theirs", "nothing")] == [True, True, False, False]


def test_templates_of_another_service_configuration_are_looked_up_with_its_scid(xbl: XboxLive) -> None:
    """A SCID becomes known by its first template (TMPL-1)."""
    xbl.templates.add("theirs", PATIENT, scid=OTHER)
    assert xbl.templates[OTHER.lower(), "Theirs"]["constants"]["system"] == {"sessionEmptyTimeout": 60_000}
    assert (OTHER, "THEIRS") in xbl.templates
    assert (OTHER, "lobby") not in xbl.templates


NO_NAME = " cannot name a template: a name has 1 to 99 printable characters and no slash.\nwhere: name\nrule: CALL-15"
ERRORS: dict[str, tuple[Callable[[XboxLive], object], str]] = {
    "no such template": (
        lambda xbl: xbl.templates["nothing"],
        (
            "There is no template nothing in 5c1d0000-0000-4000-8000-000000000001; it has lobby, game, ticket, large.\n"
            "where: name\nrule: TMPL-1"
        ),
    ),
    "no such service configuration": (
        lambda xbl: xbl.templates[OTHER, "lobby"],
        f"The service configuration {OTHER} is unknown; known are: {XboxLive.scid}.\nwhere: name\nrule: TMPL-1",
    ),
    "scid": (
        lambda xbl: xbl.templates.add("x", {}, scid="mine"),
        'A service configuration is named by a GUID, not "mine".\nwhere: scid\nrule: CALL-5',
    ),
    "name empty": (
        lambda xbl: xbl.templates.add("", {}),
        f'""{NO_NAME}',
    ),
    "name with a slash": (
        lambda xbl: xbl.templates.add("a/b", {}),
        f'"a/b"{NO_NAME}',
    ),
    "name too long": (
        lambda xbl: xbl.templates.add("x" * 100, {}),
        f'"{"x" * 56}...{NO_NAME}',
    ),
    "name no string": (
        lambda xbl: xbl.templates.add(7, {}),  # type: ignore[arg-type]
        "A template is named by a string; 7 is none.",
    ),
    "contract": (
        lambda xbl: xbl.templates.add("x", {}, contract=106),
        "A template is written for contract 104, 105 or 107, not 106 (CALL-2).",
    ),
    "no dict": (
        lambda xbl: xbl.templates.add("x", []),  # type: ignore[arg-type]
        "A template is a dict of JSON values, not [].",
    ),
    "no JSON": (
        lambda xbl: xbl.templates.add("x", {"constants": {"custom": {"a": {1}}}}),
        "A template holds what JSON cannot say: Object of type set is not JSON serializable.",
    ),
    "keys no strings": (
        lambda xbl: xbl.templates.add("x", {"constants": {"custom": {"a": [{7: 1}]}}}),
        "A template holds what JSON cannot say: keys are strings, and 7 is none.",
    ),
    "looked up by a number": (
        lambda xbl: xbl.templates[7],  # type: ignore[index]
        "A template is named by its name, or by (scid, name); not by 7.",
    ),
    "looked up by three names": (
        lambda xbl: ("a", "b", "c") in xbl.templates,  # type: ignore[operator]
        "A template is named by its name, or by (scid, name); not by ('a', 'b', 'c').",
    ),
    "members": (
        lambda xbl: xbl.templates.add("x", {"members": {}}),
        "A template holds constants and roleTypes; members belong to a session.\nwhere: /members\nrule: TMPL-2",
    ),
    "unknown field": (
        lambda xbl: xbl.templates.add("x", {"constant": {}}),
        'The field "constant" is not known here; did you mean "constants"?\nwhere: /constant\nrule: CALL-6',
    ),
    "wrong type": (
        lambda xbl: xbl.templates.add("x", {"constants": {"system": {"maxMembersCount": 0}}}),
        ("Expected an integer from 1 to 10000; got 0.\nwhere: /constants/system/maxMembersCount\nrule: CONST-2"),
    ),
    "name of another contract": (
        lambda xbl: xbl.templates.add("x", {"constants": {"system": {"sessionEmptyTimeout": 0}}}, contract=105),
        'The field "sessionEmptyTimeout" is not known here; ',
    ),
}


@pytest.mark.parametrize(("action", "text"), ERRORS.values(), ids=ERRORS)
def test_a_template_that_cannot_be_is_refused(xbl: XboxLive, action: Callable[[XboxLive], object], text: str) -> None:
    """The text is the service's own, and nothing is added by the attempt (TMPL-1, TMPL-2, CALL-5, CALL-15)."""
    before = xbl._world._state.copy()
    said = error_of(lambda: action(xbl))
    assert said == text or (text.endswith("; ") and said.startswith(text))
    assert xbl._world._state == before


def test_a_template_holds_what_json_can_say(xbl: XboxLive) -> None:
    """NaN is no JSON, though Python would write it (CALL-6)."""
    said = error_of(lambda: xbl.templates.add("x", {"constants": {"custom": {"a": math.nan}}}))
    assert said.startswith("A template holds what JSON cannot say: Out of range float values are not JSON compliant")


def test_tuples_are_lists_in_json(xbl: XboxLive) -> None:
    """A template is kept as a client would have sent it, so constants compare equal later (TMPL-3)."""
    xbl.templates.add("x", {"constants": {"custom": {"maps": ("dunes", "hills")}}})
    client = xbl.client(xbl.user("Stacy"))
    path = f"/serviceconfigs/{xbl.scid}/sessiontemplates/x/sessions/one"
    assert client.put(path, json={"constants": {"custom": {"maps": ["dunes", "hills"]}}}).status_code == 201


@pytest.mark.parametrize("name", [7, None, ("a",), ("a", 5), ["a", "b"][:1]])
def test_a_template_is_named_by_its_name_or_with_its_scid(xbl: XboxLive, name: Any) -> None:
    """Anything else is a mistake, and said to be one."""
    text = f"A template is named by its name, or by (scid, name); not by {name!r}."
    with pytest.raises(XblError) as error:
        xbl.templates[name]
    assert str(error.value) == text


@pytest.mark.parametrize(
    ("custom", "why"),
    [
        ({1: 2}, "keys are strings, and 1 is none"),
        ({"a": [({None: 1},)]}, "keys are strings, and None is none"),
        ({"a": {1, 2}}, "Object of type set is not JSON serializable"),
    ],
)
def test_what_json_cannot_say_is_refused(xbl: XboxLive, custom: Any, why: str) -> None:
    """What a test gives is what a service would have been sent."""
    with pytest.raises(XblError) as error:
        xbl.templates.add("mine", {"constants": {"custom": custom}})
    assert str(error.value) == f"A template holds what JSON cannot say: {why}."
