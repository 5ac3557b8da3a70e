"""Documents, users, sessions and handles where other tools take them: YAML, pickle and copies."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from errors import error_of
from pytest_xbl import Handle, Service, SessionDocument, SessionView, User, XboxLive
from pytest_xbl.compare.assertions import explain_unequal


@pytest.fixture
def things(xbl: XboxLive) -> dict[str, Any]:
    """A user, a service, a session that they have written to, its document, and an invite with attributes."""
    stacy, ana = xbl.users("Stacy", "Ana")
    lobby = xbl.sessions.create("lobby", name="one", members=[stacy], properties={"custom": {"maps": ["a", {"b": 1}]}})
    xbl.client(stacy).put(f"{lobby.ref.path}", json={"properties": {"custom": {"round": 2}}})
    invite = lobby.invite(ana, attributes={"context": "x"})
    service = xbl.service("agent", on_behalf_of=stacy)
    return {"user": stacy, "service": service, "session": lobby, "document": lobby.document, "handle": invite}


def pickled(thing: Any) -> Any:
    """The thing, written and read again."""
    return pickle.loads(pickle.dumps(thing))  # noqa: S301 -- written just now


@pytest.mark.parametrize("dump", [yaml.safe_dump, yaml.dump])
def test_a_document_goes_to_yaml_as_a_plain_dict(things: dict[str, Any], dump: Callable[[object], str]) -> None:
    """Whoever has written it, alone or inside of others (SEEN-1)."""
    document = things["document"]
    assert dump(document) == dump(dict(document))
    assert yaml.safe_load(dump({"sessions": [document]})) == {"sessions": [document]}


def test_yaml_is_not_needed_for_that() -> None:
    """It is an extra, which nobody imports before a seed is read from it, and may be imported after the document."""
    code = (
        "import sys\nfrom pytest_xbl import XboxLive\nxbl = XboxLive()\n"
        "document = xbl.sessions.create('lobby', members=xbl.users('Ana')).document\n"
        "assert 'yaml' not in sys.modules\nimport yaml\n"
        "assert yaml.safe_load(yaml.safe_dump(document)) == document\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_a_document_is_a_dict_all_the_same(things: dict[str, Any]) -> None:
    """Of a class of its own, equal to the plain dict of the same content, and JSON."""
    document = things["document"]
    assert isinstance(document, SessionDocument)
    assert isinstance(document, dict)
    assert issubclass(SessionDocument, dict)
    assert json.loads(json.dumps(document)) == document == dict(document)
    assert repr(document) == repr(dict(document))


def test_a_copy_of_a_document_is_ones_own(things: dict[str, Any]) -> None:
    """It can be written in, and still knows the versions of its session (SEEN-2)."""
    document = things["document"]
    own = copy.deepcopy(document)
    own["properties"]["custom"]["round"] = 3
    assert document["properties"]["custom"]["round"] == 2
    assert (type(own), own.versions) == (SessionDocument, document.versions)
    lines = explain_unequal(own, dict(document))
    assert lines
    assert lines[1].startswith("/properties/custom/round: expected 2, got 3 [customProperty]")


def test_a_pickled_document_has_no_versions(things: dict[str, Any]) -> None:
    """They hold everything that has happened in the session; the content is the same."""
    again = pickled(things["document"])
    assert (again, type(again), again.versions) == (things["document"], SessionDocument, ())


@pytest.mark.parametrize("name", ["user", "service", "session", "handle"])
def test_a_copy_of_what_never_changes_is_the_thing_itself(things: dict[str, Any], name: str) -> None:
    """A user, a service and a handle are values, and two views of a session see the same."""
    for copied in (copy.copy, copy.deepcopy):
        assert copied(things[name]) is things[name]
        assert copied([things[name]])[0] is things[name]


@pytest.mark.parametrize("name", ["user", "service"])
def test_a_pickled_caller_has_all_but_a_world(things: dict[str, Any], name: str) -> None:
    """Another process can call as them; what asks the world says that it is gone (CALL-3)."""
    caller = things[name]
    again: User | Service = pickled(caller)
    assert (again, type(again), again.headers, again.xuid) == (caller, type(caller), caller.headers, caller.xuid)


def test_an_unpickled_user_belongs_to_no_world(xbl: XboxLive, things: dict[str, Any]) -> None:
    """Not even to the one that they came from (SEED-2)."""
    user = pickled(things["user"])
    what = "Stacy is an unpickled copy, which has data and no world; use the original."
    assert error_of(lambda: user.present) == what
    for world in (xbl, XboxLive()):
        said = error_of(lambda world=world: world.sessions.create("lobby", members=[user]))  # type: ignore[misc]
        assert said == f"{what}\nwhere: members\nrule: SEED-2"


def test_a_pickled_session_has_its_reference(things: dict[str, Any]) -> None:
    """What asks its world says that this has stayed behind (SEED-2)."""
    session: SessionView = pickled(things["session"])
    assert session.ref == things["session"].ref
    assert repr(session) == repr(pickled(session)) == f"<session {session.ref}, unpickled>"
    text = "The session has been unpickled, and its world has stayed behind: only its ref is here."
    for ask in (
        lambda: session.document,
        lambda: session.etag,
        lambda: session.history,
        lambda: session.assert_members({"Stacy": "active"}),
        lambda: pickled(session).document,
    ):
        assert error_of(ask) == text


def test_a_pickled_handle_has_all_its_fields(things: dict[str, Any]) -> None:
    """Also the attributes of an invite (HAND-3)."""
    handle: Handle = pickled(things["handle"])
    assert vars(handle) == {**vars(things["handle"]), "attributes": {"context": "x"}}
