"""`xbl.scenario` and `xbl_scenario`: the people, sessions and handles of a seed, by the names that it gives them."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from bodies import SCID
from errors import error_of
from pytest_xbl import Handle, ScenarioView, Seed, SessionRef, SessionView, XboxLive
from pytest_xbl.xbl.people import Service, User

SEED: dict[str, Any] = {
    "users": ["host", "a guest", "users", "same", "thrice"],
    "services": {"server": {}},
    "sessions": {
        "lobby": {"template": "lobby", "name": "one", "members": ["host"]},
        "same": {"template": "game", "members": ["host"]},
        "thrice": {"template": "lobby", "members": ["host"]},
        "over": {"template": "lobby", "gone": True},
    },
    "handles": {
        "invite": {"type": "invite", "session": "lobby", "owner": "host", "invited": "a guest"},
        "activity": {"type": "activity", "session": "lobby", "owner": "host"},
        "thrice": {"type": "invite", "session": "lobby", "owner": "host", "invited": "users"},
    },
}
EVERY_NAME = "host, a guest, users, same, thrice, server, lobby, same, thrice, over, invite, activity, thrice"


@pytest.fixture
def world() -> XboxLive:
    """A world that begins with a seed in which some names stand for more than one thing."""
    return XboxLive(seed=Seed(SEED))


@pytest.fixture
def view(world: XboxLive) -> ScenarioView:
    """Its scenario."""
    return world.scenario


def test_everything_has_the_name_that_the_seed_gives_it(view: ScenarioView) -> None:
    """People by their names, sessions and handles by their labels; `users` are the users, whoever is called so."""
    assert [user.name for user in view.users] == ["host", "a guest", "users", "same", "thrice"]
    assert all(type(user) is User for user in view.users)
    assert {label: session.ref for label, session in view.sessions.items()} == {
        "lobby": SessionRef(SCID, "lobby", "one"),
        "same": SessionRef(SCID, "game", "same"),
        "thrice": SessionRef(SCID, "lobby", "thrice"),
        "over": SessionRef(SCID, "lobby", "over"),
    }
    types = {label: handle.type for label, handle in view.handles.items()}
    assert types == {"invite": "invite", "activity": "activity", "thrice": "invite"}


def test_a_name_gives_what_it_stands_for(view: ScenarioView) -> None:
    """In brackets, or as an attribute where Python can write it so."""
    assert (view["host"].name, view.host) == ("host", view["host"])
    assert (view["a guest"].name, view["users"].name) == ("a guest", "users")
    assert view["lobby"].ref == view.lobby.ref == SessionRef(SCID, "lobby", "one")
    assert view["over"].ref.name == "over"
    assert view.invite is view["invite"] is view.handles["invite"]
    assert [type(view[name]) for name in ("host", "server", "lobby", "invite")] == [User, Service, SessionView, Handle]


@pytest.mark.parametrize("name", ["nobody", "", "HOST", "one", 7, ["host"], "same", "thrice"])
def test_a_name_stands_for_one_thing(view: ScenarioView, name: Any) -> None:
    """Otherwise the error says what there is; `users`, `sessions` and `handles` tell apart what has one name."""
    what = "more than one thing" if name in ("same", "thrice") else "nothing"
    text = f"The seed has {what} called {name!r}; it has: {EVERY_NAME}.\nrule: SEED-2"
    assert error_of(lambda: view[name]) == text


@pytest.mark.parametrize("name", ["nobody", "same", "_", "_ipython_display_"])
def test_an_attribute_that_stands_for_nothing_is_an_attribute_error(view: ScenarioView, name: str) -> None:
    """With the same text, so that `hasattr` and `getattr` work as with any object."""
    with pytest.raises(AttributeError) as error:
        getattr(view, name)
    assert str(error.value) == error_of(lambda: view[name])
    assert not hasattr(view, name)


def test_a_name_that_python_looks_for_is_no_name_of_the_seed() -> None:
    """So that copying and printing work, whatever the seed calls its people."""
    xbl = XboxLive(seed=Seed({"users": ["__deepcopy__", "__len__"]}))
    assert (hasattr(xbl.scenario, "__deepcopy__"), xbl.scenario["__len__"].name) == (False, "__len__")
    assert copy.copy(xbl.scenario)["__len__"].name == "__len__"
    with pytest.raises(AttributeError, match=r"^__deepcopy__$"):
        _ = xbl.scenario.__deepcopy__


def test_all_names_can_be_listed(view: ScenarioView) -> None:
    """People first, then sessions, then handles."""
    assert list(view) == EVERY_NAME.split(", ")
    assert ["host" in view, "invite" in view, "one" in view, 7 in view] == [True, True, False, False]
    assert repr(view) == f"<scenario of {EVERY_NAME}>"


def test_the_scenario_of_a_world_without_a_seed_is_empty() -> None:
    """It has no names, and says so."""
    xbl = XboxLive()
    xbl.user("Stacy")
    assert (xbl.scenario.users, dict(xbl.scenario.sessions), dict(xbl.scenario.handles)) == ((), {}, {})
    assert repr(xbl.scenario) == "<scenario of nothing>"
    text = "The seed has nothing called 'Stacy'; it has: nothing.\nrule: SEED-2"
    assert error_of(lambda: xbl.scenario["Stacy"]) == text


def test_handles_are_as_they_were_and_sessions_as_they_are(world: XboxLive, view: ScenarioView) -> None:
    """A test asks with the ids of handles, also when they are gone; a session shows what an access now would find."""
    client = world.client(view.host)
    assert client.delete(view.invite.path).status_code == 204
    assert (view.invite in world.handles, view.invite.type) == (False, "invite")
    client.delete(f"{view.lobby.ref.path}/members/me")
    assert "is gone: it was deleted" in error_of(lambda: view.lobby.document)


def test_a_person_who_is_not_there_any_more_is_named(xbl: XboxLive) -> None:
    """After the world was put back to before the seed came, nothing of the seed is there."""
    before = xbl.snapshot()
    view = xbl.seed({"users": ["Stacy"], "services": {"server": {}}})
    xbl.restore(before)
    assert xbl.scenario.users == ()
    text = "Stacy is not in the world any more: it has been put back.\nrule: SEED-2"
    assert error_of(lambda: view["Stacy"]) == error_of(lambda: view.users) == text
