"""`xbl`: people, clients, what is public, and that every world is like every other."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

import pytest_xbl
from bodies import ACTIVE, ONE, READY_MADE, SCID
from pytest_xbl import Seed, XblError, XboxLive
from pytest_xbl.xbl.people import Service

# What is public


def test_the_public_names_are_the_classes_that_annotations_need(
    xbl: XboxLive, xbl_world: pytest_xbl.WorldFactory
) -> None:
    """These names are promised, each is found at the top of the package, and a test gets things of these classes."""
    found = {name: getattr(pytest_xbl, name) for name in pytest_xbl.__all__}
    classes = {name: thing for name, thing in found.items() if isinstance(thing, type)}
    functions = {"assert_matches", "assert_session", "device_token", "diff_sessions"}
    assert set(found) - set(classes) == {"Status", "VOLATILE", "any_guid", "any_time", *functions}
    assert {name: thing.__name__ for name, thing in classes.items()} == dict(zip(classes, classes, strict=True))
    stacy, ana = xbl.users("Stacy", "Ana")
    session = xbl.sessions.create("lobby", members=[stacy])
    things: list[object] = [stacy, xbl.service("server"), session, session.ref, session.document, session.invite(ana)]
    things += [session.history, session.history[0], xbl, xbl.clock, xbl.scenario, xbl.journal, Seed(), XblError("")]
    with xbl.expect_refusal(404) as refusal:
        xbl.client(stacy).get("/x")
    assert stacy.connection
    things += [refusal, xbl_world, xbl.limits, xbl.faults, xbl.faults.down(optional=True), *xbl.rta.connections]
    names = {type(thing).__name__ for thing in things}
    assert all(isinstance(thing, found[type(thing).__name__]) for thing in things)
    assert set(classes) - names == {"Difference", "SessionDiff", "Tap", "XblServer"}


def test_other_names_are_not_there() -> None:
    """An unknown name is the usual AttributeError."""
    with pytest.raises(AttributeError) as error:
        _ = pytest_xbl.Nothing
    assert str(error.value) == "module 'pytest_xbl' has no attribute 'Nothing'"


def test_everything_public_can_be_imported_at_once() -> None:
    """In a fresh process, and not before it is asked for."""
    code = (
        "import sys, pytest_xbl\n"
        "assert 'werkzeug' not in sys.modules and 'pytest_xbl.xbl' not in sys.modules\n"
        "from pytest_xbl import *\n"
        "print(SessionRef('a', 'b', 'c'), XboxLive.__name__)\n"
    )
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("a~b~c XboxLive\n", "")


# A world


def test_a_world_can_be_made_without_pytest() -> None:
    """It has four templates and nothing else, and its tokens begin with `world`."""
    world = XboxLive()
    beginning = {"now": "2026-01-01T12:00:00.0000000Z"}
    assert (list(world.templates), world.dump()) == (
        READY_MADE,
        beginning,
    )
    stacy = world.user("Stacy")
    assert (world.name, world.scid, stacy.token) == ("world", SCID, "world.2533274790000001")
    assert world.client(stacy).put(ONE, json=ACTIVE).status_code == 201


def test_a_world_that_nobody_serves_has_no_url() -> None:
    """The error names the fixture that makes worlds which are served."""
    with pytest.raises(XblError) as error:
        _ = XboxLive().url
    assert str(error.value) == (
        "This world has no server, since it was made by hand; xbl_world() makes one that has; "
        "xbl.client, xbl.app and xbl.transport need no server.\nwhere: url"
    )


# Users


def test_a_user_is_made_of_a_name() -> None:
    """Everything else follows, also a device of their own: two users of any world (CALL-2, CALL-3, CALL-4, JOIN-2)."""
    world = XboxLive()
    for number, user in enumerate(world.users("Stacy", "Ana"), start=1):
        expected = {
            "token": f"world.253327479000000{number}",
            "userhash": f"253327479000000{number}",
            "xuid": f"253327479000000{number}",
            "gamertag": user.name,
            "device_id": f"F00000000000000{number}",
            "title_id": "1719000001",
            "privileges": frozenset({"multiplayer"}),
            "sandbox": "RETAIL",
            "present": True,
        }
        assert {name: getattr(user, name) for name in expected} == expected
        authorization = f"XBL3.0 x={expected['userhash']};{expected['token']}"
        assert user.headers == {"Authorization": authorization, "X-Xbl-Contract-Version": "107"}
        user.headers.clear()
        assert len(user.headers) == 2


def test_users_are_told_apart_and_shown_without_their_secrets() -> None:
    """The representation is for reports, and equality for dicts of members."""
    world = XboxLive()
    stacy, ana = world.users("Stacy", "Ana")
    assert {stacy: 1, ana: 2}[ana] == 2
    assert repr(stacy) == "<user Stacy 2533274790000001>"
    assert repr(world) == f"<xbl {world.name} at 2026-01-01 12:00:00: users 2, sessions 0, handles 0, requests 0>"
    assert repr(world.service("server")) == "<service server>"
    assert repr(world.service("for Ana", on_behalf_of=ana)) == "<service for Ana>"


# Services


def test_a_service_has_a_token_of_its_own() -> None:
    """Services are counted apart from users (CALL-4)."""
    world = XboxLive()
    first = world.service("first")
    world.users("Stacy", "Ana")
    second = world.service("second")
    assert isinstance(second, Service)
    assert [service.authorization for service in (first, second)] == [
        "XBL3.0 x=service-1;world.service-1",
        "XBL3.0 x=service-2;world.service-2",
    ]
    assert (first.xuid, first.gamertag) == ("", "")


def test_a_service_may_act_for_a_user() -> None:
    """It has the user's claims, and a name and token of its own (CALL-4)."""
    world = XboxLive()
    stacy = world.user("Stacy", gamertag="GT", device_id="console", title_id="9")
    service = world.service("for Stacy", on_behalf_of=stacy)
    assert (service.name, service.xuid, service.gamertag) == ("for Stacy", stacy.xuid, "GT")
    assert service.token == "world.service-1"
    world.client(service).put(ONE, json=ACTIVE)
    [member] = world.sessions["one"].document["members"].values()
    assert (member["gamertag"], member["activeTitleId"]) == ("GT", "9")


def test_a_service_names_the_users_it_acts_for_in_its_headers() -> None:
    """With the privileges of their accounts, and their title; a single one's xuid is its own (S2S-1)."""
    world = XboxLive()
    stacy, child = (
        world.user("Stacy", xuid="1", title_id="9"),
        world.user("Child", xuid="2", title_id="9", privileges=()),
    )
    own = {"X-Xbl-Contract-Version": "107", "X-Xbl-OnBehalfOf-Title": "9"}
    one, both = world.service("one", acting_for=[stacy]), world.service("both", acting_for=(stacy, child))
    assert one.headers == {"Authorization": one.authorization, **own, "X-Xbl-OnBehalfOf-Users": "1;priv=multiplayer"}
    assert both.headers == {**one.headers, "Authorization": both.authorization, **of_users("1;priv=multiplayer,2")}
    assert [(it.xuid, it.gamertag) for it in (one, both)] == [("1", "Stacy"), ("", "")]
    body = {"members": {"me_all": {"properties": {"system": {"active": True}}}}}
    members = world.client(both).put(ONE, json=body).get_json()["members"].values()
    assert [(member["gamertag"], member["activeTitleId"]) for member in members] == [("Stacy", "9"), ("Child", "9")]
    assert world.sessions["one"].invite(child, sender=one).owner == "1"


def of_users(users: str) -> dict[str, str]:
    """The header that names users."""
    return {"X-Xbl-OnBehalfOf-Users": users}


# Every world is like every other


def play(world: XboxLive) -> list[Any]:
    """A bit of everything, and all that comes of it."""
    stacy, ana = world.users("Stacy", "Ana")
    server = world.client(world.service("server"))
    world.templates.add("slow", {"constants": {"system": {"inactiveRemovalTimeout": None}}})
    made = world.sessions.create("lobby", members={stacy: "active", ana: "reserved"})
    answers = [
        world.client(stacy).put(ONE, json=ACTIVE),
        world.client(ana).put(ONE, json=ACTIVE),
        server.put(ONE, json={"servers": {"x": {}}}),
        world.client(ana).delete(f"{ONE}/members/me"),
        world.client(stacy).get(ONE),
        world.client(ana).put(ONE.replace("lobby", "slow"), json={}),
        world.client(ana).get(f"{ONE}/members/9"),
        world.client(ana).put(ONE, json={"x": 1}),
    ]
    world.clock.advance(minutes=1)
    answers.append(world.client(stacy).get(made.ref.path))
    return [
        [(answer.status_code, answer.data, dict(answer.headers)) for answer in answers],
        [(session.ref, session.document, session.etag, len(session.history)) for session in world.sessions],
    ]


def test_the_same_calls_give_the_same_answers(xbl: XboxLive) -> None:
    """Ids, times and ETags follow from what a test does; the name of a world is in its tokens only, which none shows.

    And a request to one world changes nothing in another.
    """
    other = XboxLive()
    before = other._world.snapshot()
    assert play(xbl) == play(XboxLive(name="other", url=lambda: "http://127.0.0.1:1")) == play(XboxLive())
    assert other._world.snapshot() == before


def test_the_same_calls_give_the_same_answers_in_another_process() -> None:
    """Hashing differs between processes, and decides nothing."""
    code = (
        "from pytest_xbl import XboxLive\n"
        "world = XboxLive()\n"
        "stacy, ana = world.users('Stacy', 'Ana')\n"
        "world.follow(stacy, ana)\n"
        "world.follow(stacy, world.user('Bea'))\n"
        "session = world.sessions.create('lobby', members=[stacy, ana])\n"
        "print(session, session.etag, dict(session.document))\n"
    )
    seeds = [{**os.environ, "PYTHONHASHSEED": seed} for seed in "01"]
    outputs = {subprocess.check_output([sys.executable, "-c", code], text=True, env=seed) for seed in seeds}
    assert len(outputs) == 1
