"""`xbl`: people, clients, what is public, and that every world is like every other."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

import pytest_xbl
from pytest_xbl import Handle, ScenarioView, Seed, SessionDocument, SessionRef, SessionView, XblError, XboxLive
from pytest_xbl.xbl.people import Service, User

SCID = "5c1d0000-0000-4000-8000-000000000001"
ONE = f"/serviceconfigs/{SCID}/sessiontemplates/lobby/sessions/one"
ACTIVE = {"members": {"me": {"properties": {"system": {"active": True}}}}}


def error_of(action: Callable[[], object]) -> str:
    """The text of the error that an action raises."""
    with pytest.raises(XblError) as error:
        action()
    return str(error.value)


# What is public


def test_the_package_names_what_is_public() -> None:
    """These names are promised, and each is found at the top of the package."""
    assert pytest_xbl.__all__ == [
        "VOLATILE",
        "Difference",
        "Handle",
        "JournalView",
        "ScenarioView",
        "Seed",
        "SessionDiff",
        "SessionDocument",
        "SessionRef",
        "SessionView",
        "XblError",
        "XboxLive",
        "any_guid",
        "any_time",
        "assert_session",
        "diff_sessions",
    ]
    found = {name: getattr(pytest_xbl, name) for name in pytest_xbl.__all__}
    classes = [name for name, thing in found.items() if isinstance(thing, type)]
    assert [found[name].__name__ for name in classes] == classes
    assert set(found) - set(classes) == {"VOLATILE", "any_guid", "any_time", "assert_session", "diff_sessions"}


def test_the_public_names_are_the_classes_of_what_a_test_gets(xbl: XboxLive) -> None:
    """They are there for annotations, so they are the very classes."""
    session = xbl.sessions.create("lobby", members=xbl.users("Stacy"))
    handle = session.invite(xbl.user("Ana"))
    things = (handle, xbl.scenario, session.document, session.ref, session, xbl)
    assert [type(thing) for thing in things] == [
        Handle,
        ScenarioView,
        SessionDocument,
        SessionRef,
        SessionView,
        XboxLive,
    ]
    assert isinstance(Seed() | {}, Seed)
    assert issubclass(XblError, Exception)


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
    """Then no server serves it, and its tokens begin with `world`."""
    world = XboxLive()
    stacy = world.user("Stacy")
    assert (world.url, world.name, world.scid, stacy.token) == ("", "world", SCID, "world.2533274790000001")
    assert world.client(stacy).put(ONE, json=ACTIVE).status_code == 201


def test_a_world_keeps_what_hangs_on_it() -> None:
    """`templates`, `sessions` and `clock` are the same object each time."""
    world = XboxLive()
    assert world.templates is world.templates
    assert world.sessions is world.sessions
    assert world.clock is world.clock


def test_a_world_starts_with_its_templates_and_nothing_else() -> None:
    """Four templates, no sessions, no people."""
    world = XboxLive()
    assert (list(world.templates), list(world.sessions)) == (["lobby", "game", "ticket", "large"], [])
    assert world.world._state.names == {}


# Users


def test_a_user_is_made_of_a_name() -> None:
    """Everything else follows: the first two users of any world (CALL-4)."""
    stacy, ana = XboxLive().users("Stacy", "Ana")
    for number, name, user in ((1, "Stacy", stacy), (2, "Ana", ana)):
        expected = {
            "name": name,
            "token": f"world.253327479000000{number}",
            "userhash": f"253327479000000{number}",
            "xuid": f"253327479000000{number}",
            "gamertag": name,
            "device_id": f"F00000000000000{number}",
            "title_id": "1719000001",
            "privileges": frozenset({"multiplayer"}),
            "sandbox": "RETAIL",
        }
        assert {known: getattr(user, known) for known in expected} == expected


def test_a_user_has_the_headers_that_every_request_needs() -> None:
    """Authorization, and the newest contract (CALL-2, CALL-3)."""
    stacy = XboxLive().user("Stacy")
    assert stacy.authorization == "XBL3.0 x=2533274790000001;world.2533274790000001"
    assert stacy.headers == {"Authorization": stacy.authorization, "X-Xbl-Contract-Version": "107"}


def test_headers_may_be_changed_by_the_test() -> None:
    """They are a new dict each time."""
    stacy = XboxLive().user("Stacy")
    stacy.headers.clear()
    assert len(stacy.headers) == 2


def test_everything_about_a_user_can_be_chosen() -> None:
    """For clients that bring their own token, and for tests about devices, titles and privileges (CALL-4)."""
    world = XboxLive()
    chosen: dict[str, Any] = {
        "xuid": "77",
        "gamertag": "Stacy GT",
        "device_id": "console",
        "title_id": "99",
        "token": "secret!",
        "userhash": "hash",
    }
    stacy = world.user("Stacy", **chosen, privileges=())
    assert {name: getattr(stacy, name) for name in chosen} == chosen
    assert stacy.privileges == frozenset()
    caller = stacy._caller
    assert (caller.name, caller.xuid, caller.gamertag, caller.device_id) == ("Stacy", "77", "Stacy GT", "console")
    assert (caller.title_id, caller.privileges, caller.server) == ("99", frozenset(), False)


def test_a_token_without_a_gamertag_lacks_the_claim() -> None:
    """`gamertag=""` (CALL-4)."""
    stacy = XboxLive().user("Stacy", gamertag="")
    assert (stacy.gamertag, stacy._caller.gamertag) == ("", None)


def test_each_user_has_a_device_of_their_own() -> None:
    """Unless the test puts two on one (JOIN-2)."""
    world = XboxLive()
    devices = [user.device_id for user in world.users(*"abcdefghij")]
    assert len(set(devices)) == 10
    assert world.user("k", device_id=devices[0]).device_id == devices[0]


def test_a_privilege_may_be_named_alone() -> None:
    """A string is one privilege, not its letters (PUT-11)."""
    assert XboxLive().user("Stacy", privileges="multiplayer").privileges == {"multiplayer"}


def test_a_free_xuid_is_found_past_those_that_are_chosen() -> None:
    """Chosen and given xuids never meet."""
    world = XboxLive()
    world.user("a", xuid="2533274790000002")
    assert [user.xuid for user in world.users("b", "c", "d")] == [
        "2533274790000003",
        "2533274790000004",
        "2533274790000005",
    ]


def test_users_are_told_apart_and_shown_without_their_secrets() -> None:
    """The representation is for reports, and equality for dicts of members."""
    world = XboxLive()
    stacy, ana = world.users("Stacy", "Ana")
    assert {stacy: 1, ana: 2}[ana] == 2
    assert repr(stacy) == "<user Stacy 2533274790000001>"
    assert repr(world.service("server")) == "<service server>"
    assert repr(world.service("for Ana", on_behalf_of=ana)) == "<service for Ana>"


USER_ERRORS: dict[str, tuple[Callable[[XboxLive], object], str]] = {
    "name taken": (
        lambda world: world.user("Stacy"),
        "There is somebody called 'Stacy' already; every caller needs a name of their own.",
    ),
    "name of a service": (
        lambda world: world.user("server"),
        "There is somebody called 'server' already; every caller needs a name of their own.",
    ),
    "name empty": (lambda world: world.user(""), "A caller's name is not empty."),
    "name no string": (
        lambda world: world.user(7),  # type: ignore[arg-type]
        "A caller's name is a string; 7 is none.",
    ),
    "xuid taken": (
        lambda world: world.user("Ana", xuid="2533274790000001"),
        "The xuid 2533274790000001 is Stacy's already.",
    ),
    "xuid of letters": (
        lambda world: world.user("Ana", xuid="12ab"),
        "A xuid is a string of decimal digits, not '12ab' (CALL-10).",
    ),
    "xuid a number": (
        lambda world: world.user("Ana", xuid=77),  # type: ignore[arg-type]
        "A xuid is a string of decimal digits, not 77 (CALL-10).",
    ),
    "xuid empty": (
        lambda world: world.user("Ana", xuid=""),
        "A xuid is a string of decimal digits, not '' (CALL-10).",
    ),
    "title id": (
        lambda world: world.user("Ana", title_id="0x7"),
        "A title_id is a string of decimal digits, not '0x7' (CALL-10).",
    ),
    "token taken": (
        lambda world: world.user("Ana", token="world.2533274790000001"),
        "The token 'world.2533274790000001' is Stacy's already (CALL-3).",
    ),
    "token of a service": (
        lambda world: world.user("Ana", token="world.service-1"),
        "The token 'world.service-1' is server's already (CALL-3).",
    ),
    "token with a space": (
        lambda world: world.user("Ana", token="a b"),
        "A token is printable ASCII without spaces and semicolons, not 'a b' (CALL-3).",
    ),
    "token with a semicolon": (
        lambda world: world.user("Ana", token="a;b"),
        "A token is printable ASCII without spaces and semicolons, not 'a;b' (CALL-3).",
    ),
    "token empty": (
        lambda world: world.user("Ana", token=""),
        "A token is printable ASCII without spaces and semicolons, not '' (CALL-3).",
    ),
    "token of bytes": (
        lambda world: world.user("Ana", token=b"x"),  # type: ignore[arg-type]
        "A token is printable ASCII without spaces and semicolons, not b'x' (CALL-3).",
    ),
    "userhash not ASCII": (
        lambda world: world.user("Ana", userhash="é"),
        "A userhash is printable ASCII without spaces and semicolons, not 'é' (CALL-3).",
    ),
    "privileges": (
        lambda world: world.user("Ana", privileges=["flying", "multiplayer", "communications"]),
        "The privileges are multiplayer; unknown: communications, flying.",
    ),
}


@pytest.mark.parametrize(("action", "text"), USER_ERRORS.values(), ids=USER_ERRORS)
def test_a_user_that_cannot_be_is_refused(action: Callable[[XboxLive], object], text: str) -> None:
    """The text says what is wrong, and nobody is made by the attempt (CALL-3, CALL-10)."""
    world = XboxLive()
    world.user("Stacy")
    world.service("server")
    before = world.world._state.copy()
    assert error_of(lambda: action(world)) == text
    assert world.world._state == before


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
    assert (first.caller.server, first.caller.xuid, first.xuid, first.gamertag) == (True, None, "", "")


def test_a_service_may_act_for_a_user() -> None:
    """It has the user's claims, and a name and token of its own (CALL-4)."""
    world = XboxLive()
    stacy = world.user("Stacy", gamertag="GT", device_id="console", title_id="9")
    service = world.service("for Stacy", on_behalf_of=stacy)
    caller = service._caller
    assert (service.name, service.xuid, service.gamertag) == ("for Stacy", stacy.xuid, "GT")
    assert (caller.server, caller.xuid, caller.gamertag, caller.device_id) == (True, stacy.xuid, "GT", "console")
    assert (caller.name, caller.title_id, service.token) == ("for Stacy", "9", "world.service-1")


def test_a_service_that_cannot_be_is_refused() -> None:
    """By name, or by whom it acts for (CALL-4)."""
    world = XboxLive()
    world.user("Stacy")
    server = world.service("server")
    taken = "There is somebody called {!r} already; every caller needs a name of their own."
    assert error_of(lambda: world.service("Stacy")) == taken.format("Stacy")
    assert error_of(lambda: world.service("server")) == taken.format("server")
    assert error_of(lambda: world.service("x", on_behalf_of="Stacy")) == (  # type: ignore[arg-type]
        "A service acts for a user, as xbl.user makes them; 'Stacy' is none."
    )
    assert error_of(lambda: world.service("x", on_behalf_of=server)) == (  # type: ignore[arg-type]
        "A service acts for a user, as xbl.user makes them; <service server> is none."
    )


# Following


def test_somebody_follows_somebody() -> None:
    """Following goes one way, and favorites are among those followed (JOIN-2)."""
    world = XboxLive()
    stacy, ana, bea = world.users("Stacy", "Ana", "Bea")
    world.follow(stacy, ana)
    world.follow(stacy, bea, favorite=True)
    world.follow(stacy, bea)
    world.follow(ana, stacy)
    assert world.world._state.follows == {stacy.xuid: {ana.xuid, bea.xuid}, ana.xuid: {stacy.xuid}}
    assert world.world._state.favorites == {stacy.xuid: {bea.xuid}}


def test_following_opens_sessions_that_are_for_the_followed(xbl: XboxLive) -> None:
    """`followed` lets in whom a member follows, and not who follows a member (JOIN-2)."""
    stacy, ana, bea = xbl.users("Stacy", "Ana", "Bea")
    xbl.follow(stacy, ana)
    xbl.follow(bea, stacy)
    properties = {"system": {"joinRestriction": "followed"}}
    xbl.sessions.create("lobby", name="one", members=[stacy], properties=properties)
    statuses = {user.name: xbl.client(user).put(ONE, json=ACTIVE).status_code for user in (ana, bea)}
    assert statuses == {"Ana": 200, "Bea": 403}


def test_nobody_follows_themselves() -> None:
    """Nor is anybody followed who is no user (JOIN-2)."""
    world = XboxLive()
    stacy, server = world.user("Stacy"), world.service("server")
    assert error_of(lambda: world.follow(stacy, stacy)) == "Stacy cannot follow themselves."
    none = "Users follow each other, as xbl.user makes them; {} is none."
    assert error_of(lambda: world.follow(stacy, "Ana")) == none.format("'Ana'")  # type: ignore[arg-type]
    assert error_of(lambda: world.follow(server, stacy)) == none.format(server)  # type: ignore[arg-type]
    assert world.world._state.follows == {}


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


def test_the_same_calls_give_the_same_answers() -> None:
    """Ids, times, tokens and ETags follow from what a test does and from nothing else."""
    assert play(XboxLive()) == play(XboxLive())


def test_the_same_calls_give_the_same_answers_in_a_world_of_another_name(xbl: XboxLive) -> None:
    """The name of a world is in its tokens only, which no answer shows."""
    assert play(xbl) == play(XboxLive(name="other", url="http://127.0.0.1:1"))


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
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "1")
    }
    assert len(outputs) == 1


def test_a_session_is_the_same_whichever_is_made_first() -> None:
    """correlationId, branch and ETag of a session follow from its reference (TIME-9)."""

    def made(*names: str) -> dict[str, tuple[SessionDocument, str]]:
        world = XboxLive()
        stacy = world.user("Stacy")
        for name in names:
            world.client(stacy).put(ONE.replace("one", name), json=ACTIVE)
        return {session.ref.name: (session.document, session.etag) for session in world.sessions}

    forth, back = made("one", "two", "three"), made("three", "two", "one")
    assert forth == back
    assert len({document["correlationId"] for document, _ in forth.values()}) == 3
    assert len({document["branch"] for document, _ in forth.values()}) == 3


def test_a_session_made_again_keeps_its_correlation_and_gets_a_branch() -> None:
    """Deleted and made again it has the old `correlationId`, and a new `branch` and `startTime` (TIME-4, TIME-9)."""
    world = XboxLive()
    client = world.client(world.user("Stacy"))
    documents = []
    for _ in range(3):
        documents.append(client.put(ONE, json=ACTIVE).get_json())
        client.delete(f"{ONE}/members/me")
        world.clock.advance(seconds=1)
    assert len({document["correlationId"] for document in documents}) == 1
    assert len({document["branch"] for document in documents}) == 3
    assert [document["startTime"][17:19] for document in documents] == ["00", "01", "02"]
    assert [document["changeNumber"] for document in documents] == [1, 1, 1]


def test_worlds_share_nothing() -> None:
    """What one world learns the other does not know."""
    first, second = XboxLive(), XboxLive()
    before = second._world._state.copy()
    play(first)
    assert second._world._state == before
    assert len(second.templates) == 4


def test_users_are_of_the_class_that_annotations_need(xbl: XboxLive) -> None:
    """`users` gives as many as were named."""
    assert [type(user) for user in xbl.users("Stacy", "Ana")] == [User, User]
    assert xbl.users() == ()


def test_a_caller_has_a_name(xbl: XboxLive) -> None:
    """A string that is not empty; several names are several arguments."""
    for make in (xbl.user, xbl.service):
        with pytest.raises(XblError, match=r"^A caller's name is not empty\.$"):
            make("")
        with pytest.raises(XblError, match=r"^A caller's name is a string; 3 is none\.$"):
            make(3)  # type: ignore[arg-type]
    with pytest.raises(XblError, match=r"^xbl\.users takes names one by one"):
        xbl.users(["Stacy", "Ana"])  # type: ignore[arg-type]
    with pytest.raises(XblError, match=r"^A gamertag is a string; 12 is none\.$"):
        xbl.user("Stacy", gamertag=12)  # type: ignore[arg-type]
    assert xbl._world._state.names == {}
