"""One server, many worlds: each request reaches the world whose caller it comes from."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from werkzeug.test import Client

from bodies import ACTIVE, ONE, READY_MADE, TEMPLATES
from errors import refusal_text
from pytest_xbl import XboxLive
from pytest_xbl.wire.runs import Stray
from pytest_xbl.wire.switchboard import Switchboard

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from pytest_xbl import User


@pytest.fixture
def board() -> Switchboard:
    """A switchboard with nobody on it."""
    return Switchboard()


@pytest.fixture
def worlds(board: Switchboard) -> Iterator[tuple[XboxLive, XboxLive]]:
    """Two worlds, `first` and `second`, connected in this order."""
    first, second = XboxLive(name="first"), XboxLive(name="second")
    with board.connected(first.app), board.connected(second.app):
        yield first, second


def status_of(board: Switchboard, user: User | str) -> int:
    """The status of reading a session, which is 204 in a world that knows the user, or whoever has the token."""
    headers = under_token(user) if isinstance(user, str) else user.headers
    return Client(board).get(ONE, headers=headers).status_code


def under_token(token: str) -> dict[str, str]:
    """The headers of somebody with this token."""
    return {"Authorization": f"XBL3.0 x=a;{token}", "X-Xbl-Contract-Version": "107"}


def in_threads(count: int, action: Callable[[int], None]) -> None:
    """Do something in many threads at once, and wait for them."""
    threads = [threading.Thread(target=action, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_request_reaches_the_world_of_its_caller(board: Switchboard, worlds: tuple[XboxLive, XboxLive]) -> None:
    """Two tests on one server tell themselves apart by their tokens."""
    for world in worlds:
        stacy = world.user("Stacy", gamertag=world.name)
        assert Client(board).put(ONE, json=ACTIVE, headers=stacy.headers).status_code == 201
    tags = [world.sessions["one"].document["members"]["0"]["gamertag"] for world in worlds]
    assert tags == ["first", "second"]


def test_worlds_do_not_see_each_other(board: Switchboard, worlds: tuple[XboxLive, XboxLive]) -> None:
    """Sessions, templates, people and clocks of two worlds at the same time have nothing to do with each other."""
    first, second = worlds
    stacy, ana = first.user("Stacy"), second.user("Ana")
    first.templates.add("mine", {})
    first.clock.advance(hours=1)
    Client(board).put(ONE.replace("lobby", "mine"), json=ACTIVE, headers=stacy.headers)
    assert (len(first.sessions), len(second.sessions)) == (1, 0)
    answer = Client(board).get(TEMPLATES, headers=ana.headers)
    assert answer.get_json() == {"results": READY_MADE}
    assert answer.headers["Date"] == "Thu, 01 Jan 2026 12:00:00 GMT"
    assert "Stacy" not in Client(board).get(ONE, headers={"Authorization": "XBL3.0 x=a;b"}).text


def test_a_caller_whom_no_world_knows_reaches_the_newest(board: Switchboard, worlds: tuple[XboxLive, XboxLive]) -> None:
    """With one test at a time that is the test, and its refusal names its own people (CALL-3)."""
    worlds[0].user("Stacy")
    worlds[1].user("Ana")
    for authorization in ("Bearer b", "", "XBL3.0 x=a;b"):
        answer = Client(board).get(ONE, headers={"Authorization": authorization})
        assert answer.status_code == 401
    assert len(worlds[1].journal) == 3
    assert "those of this world are: Ana." in answer.text


def test_a_token_that_two_worlds_know_reaches_neither(board: Switchboard, worlds: tuple[XboxLive, XboxLive]) -> None:
    """A test may choose tokens; one that stands for two users at the same time is ambiguous (SEEN-12)."""
    for world in worlds:
        world.user("Stacy", token="secret", userhash="a")
    answer = Client(board).get(ONE, headers=under_token("secret"))
    what = "The worlds first and second both have a user with this token; give each another token=."
    assert (answer.status_code, answer.text) == (410, refusal_text(what, "Authorization", "SEEN-12"))
    assert board.runs.take_strays() == {Stray(f"GET {ONE}", "first and second", "chosen"): 1}
    assert [len(world.journal) for world in worlds] == [0, 0]


def test_a_world_is_disconnected_when_its_test_fails(board: Switchboard) -> None:
    """However the test ends."""
    world = XboxLive()
    with pytest.raises(RuntimeError, match="the test failed"), board.connected(world.app):
        raise RuntimeError("the test failed")
    assert status_of(board, world.user("Stacy")) == 503


def test_worlds_may_leave_in_any_order(board: Switchboard) -> None:
    """Fixtures of two threads end when they end."""
    worlds = [XboxLive(name=name) for name in ("a", "b", "c")]
    users = [world.user("Stacy") for world in worlds]
    stacks = [ExitStack() for _ in worlds]
    for world, stack in zip(worlds, stacks, strict=True):
        stack.enter_context(board.connected(world.app))
    stacks[1].close()
    assert [status_of(board, user) for user in users] == [204, 401, 204]
    stacks[2].close()
    assert [status_of(board, user) for user in users] == [204, 401, 401]
    stacks[0].close()
    assert [status_of(board, user) for user in users] == [503, 503, 503]


# Late calls


def play_and_end(board: Switchboard, name: str = "first") -> User:
    """A user of a test that is over by now."""
    world = XboxLive(name=name)
    with board.connected(world.app, f"test_{name}"):
        return world.user("Stacy")


def late_call(board: Switchboard, token: str) -> tuple[int, str]:
    """The response to a request with this token, now that the test is over."""
    answer = Client(board).get(ONE, headers=under_token(token))
    return answer.status_code, answer.text


def late_calls(board: Switchboard) -> dict[str, tuple[dict[str, int], list[str]]]:
    """The late calls that nobody has taken yet and the tests that were on meanwhile, by their own tests."""
    taken = board.runs.take_late_calls()
    return {test: (dict(late.calls), list(late.meanwhile)) for test, late in taken.items()}


def over(test: str) -> tuple[int, str]:
    """The response to late calls of a test."""
    return 410, refusal_text(
        f"This token belongs to a world that is over; its last test was {test}.", "Authorization", "SEEN-6"
    )


def test_a_call_of_a_test_that_is_over_is_answered_with_410(board: Switchboard) -> None:
    """By the name of its world, which stands in each token; the test that runs does not see the call (SEEN-6)."""
    first, second = XboxLive(name="first"), XboxLive(name="second")
    stacy = first.user("Stacy")
    with board.connected(first.app, "test_x.py::test_first"):
        assert status_of(board, stacy) == 204
    with board.connected(second.app, "test_x.py::test_second"):
        answer = Client(board).get(ONE, headers=stacy.headers)
        assert late_call(board, "first.nobody") == over("test_x.py::test_first")
        assert [status_of(board, token) for token in ("second.nobody", "strange")] == [401, 401]
    assert (answer.status, answer.text) == ("410 Gone", over("test_x.py::test_first")[1])
    assert (answer.content_type, answer.content_length) == ("text/plain", len(answer.data))
    assert [[entry.status for entry in world.journal] for world in (first, second)] == [[204], [401, 401]]


def test_a_token_that_a_test_had_chosen_is_unknown_afterwards(board: Switchboard) -> None:
    """As it is if the other test comes first, or not at all (SEEN-9, CALL-3)."""
    first, second = XboxLive(name="first"), XboxLive(name="second")
    first.user("Stacy", token="secret")
    with board.connected(first.app, "test_first"):
        assert status_of(board, "secret") == 401  # the userhash is another
    with board.connected(second.app, "test_second"):
        what = "No user or service of this world has this token; those of this world are: nobody yet."
        assert late_call(board, "secret") == (401, refusal_text(what, "Authorization", "CALL-3"))
        assert status_of(board, second.user("Stacy", token="secret")) == 204
    assert late_calls(board) == {}


def test_a_late_call_may_come_when_no_test_runs(board: Switchboard) -> None:
    """It is known all the same; a stranger is told that no test runs (SEEN-6)."""
    assert status_of(board, play_and_end(board)) == 410
    assert late_call(board, "strange.x") == (503, "No test that uses the fake is running.\n")
    assert late_calls(board) == {"test_first": ({f"GET {ONE}": 1}, [])}


def test_late_calls_are_counted_for_the_test_that_they_belong_to(board: Switchboard) -> None:
    """With the tests that were on meanwhile, until somebody takes them (SEEN-6)."""
    first, second = play_and_end(board), play_and_end(board, "second")
    for test in ("test_third", "test_fourth"):
        board.runs.begin(test)
        assert [status_of(board, second), status_of(board, second)] == [410, 410]
    Client(board).put(f"{ONE}/properties", json={}, headers=first.headers)
    assert late_calls(board) == {
        "test_second": ({f"GET {ONE}": 4}, ["test_third", "test_fourth"]),
        "test_first": ({f"PUT {ONE}/properties": 1}, ["test_fourth"]),
    }
    assert late_calls(board) == {}


def test_a_request_without_a_token_is_counted_and_fails_nothing(board: Switchboard) -> None:
    """It may come from anybody on the machine, so it is no mistake of the test that runs (SEEN-10)."""
    play_and_end(board)
    world = XboxLive(name="second")
    with board.connected(world.app, "test_second"):
        for authorization in ("", "Bearer x", "XBL3.0 x=a;firstx"):
            assert Client(board).get(ONE, headers={"Authorization": authorization}).status_code == 401
        assert Client(board).get("/favicon.ico").status_code == 404
        assert Client(board).options("/handles").status_code == 405
    assert late_calls(board) == {}
    assert world.app.strangers == 5
    assert [(entry.status, entry.mistake) for entry in world.journal] == [
        *[(401, None)] * 3,
        (404, None),
        (405, None),
    ]


REDIRECTED = [
    ("GET", "/x", "clubhub.xboxlive.com", "unknown-service"),
    ("GET", "/x", "sessiondirectory.xboxlive.com:443", "unknown-route"),
    ("POST", "/oauth20_tokens.srf", "login.live.com", "unknown-route"),
    ("POST", "/oauth20_token.srf", "login.microsoftonline.com", "unknown-service"),
    ("CONNECT", "example.com:443", "example.com:443", "unknown-service"),
]


@pytest.mark.parametrize(("method", "path", "host", "mistake"), REDIRECTED)
def test_a_request_for_a_real_host_is_one_of_the_test(
    board: Switchboard, method: str, path: str, host: str, mistake: str
) -> None:
    """No browser or neighbour takes the fake for a real host or for a proxy, with a token or without (SEEN-10)."""
    world = XboxLive()
    with board.connected(world.app):
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "HTTP_HOST": host}
        assert Client(board).get("/", environ_overrides=environ).status_code == 404
    assert ([entry.mistake for entry in world.journal], world.app.strangers) == ([mistake], 0)


def test_a_mistake_under_a_token_of_the_test_is_one_of_the_test(board: Switchboard) -> None:
    """Also under the token of somebody who is gone by now (SEEN-5, SEEN-10)."""
    world = XboxLive(name="first")
    stacy, token = world.user("Stacy"), world.user("Ana").token
    world.reset()
    with board.connected(world.app):
        for headers in (stacy.headers, under_token(token)):
            Client(board).get("/x", headers=headers)
    assert ([entry.mistake for entry in world.journal], world.app.strangers) == (["unknown-route"] * 2, 0)


# Strays: calls of the test that runs which belong to others


def strays(board: Switchboard) -> dict[tuple[str, str], int]:
    """The calls of the test that is on which belong to others."""
    found: Counter[tuple[str, str]] = Counter()
    for (call, whose, _), count in board.runs.take_strays().items():
        found[call, whose] += count
    return found


def opened_now(board: Switchboard) -> dict[str, object]:
    """What the environ of each request says of a connection that is opened now."""
    return dict(board.runs.opened())


@pytest.mark.parametrize(("reused", "count"), [(True, 0), (False, 1)])
def test_a_call_is_a_stray_if_its_connection_is_as_new_as_the_test(
    board: Switchboard, *, reused: bool, count: int
) -> None:
    """On an older one, only a thread of the other test can have sent it (SEEN-6)."""
    board.runs.begin("test_first")
    stacy, connection = play_and_end(board), opened_now(board)
    board.runs.begin("test_second")
    connection = connection if reused else opened_now(board)
    Client(board).get(ONE, headers=stacy.headers, environ_overrides=connection)
    assert strays(board) == ({(f"GET {ONE}", "test_first"): 1} if count else {})
    assert late_calls(board) == {"test_first": ({f"GET {ONE}": 1}, ["test_second"])}
    assert strays(board) == {}


def test_a_call_in_the_process_is_a_stray_if_its_thread_is_as_new_as_the_test(board: Switchboard) -> None:
    """So are all in the thread of the test itself (SEEN-6)."""
    stacy, run_on, refused = play_and_end(board), threading.Event(), list[int]()
    older = threading.Thread(target=lambda: run_on.wait() and status_of(board, stacy))
    older.start()
    board.runs.begin("test_second")
    run_on.set()
    older.join()
    assert strays(board) == {}
    in_threads(2, lambda _: refused.append(status_of(board, stacy)))
    refused.append(status_of(board, stacy))
    assert refused == [410] * 3
    assert strays(board) == {(f"GET {ONE}", "test_first"): 3}


def test_strays_are_those_of_the_test_that_is_on(board: Switchboard) -> None:
    """The next one begins without, and a test whose own teardown is still on has none (SEEN-6)."""
    board.runs.begin("test_first")
    stacy = play_and_end(board)
    assert status_of(board, stacy) == 410
    assert strays(board) == {}
    board.runs.begin("test_second")
    assert status_of(board, stacy) == 410
    board.runs.begin("test_third")
    assert strays(board) == {}


def test_a_call_in_the_process_may_belong_to_a_test_that_is_over(board: Switchboard) -> None:
    """By its token, or because its app is that of such a test; an app of no test answers for ever (SEEN-6)."""
    first, second, nobodys = XboxLive(name="first"), XboxLive(name="second"), XboxLive()
    stacy = first.user("Stacy")
    with board.connected(first.app, "test_first"), board.connected(nobodys.app):
        assert first.client(stacy).get(ONE).status_code == 204
    board.runs.begin("test_second")
    with board.connected(second.app, "test_second"):
        kept = first.client().get(ONE)
        by_token = second.client().get(ONE, headers=stacy.headers)
        second.user("Ana", token="first.chosen", userhash="a")
        assert second.client().get(ONE, headers=under_token("first.chosen")).status_code == 204
        assert second.client().get("/x").status_code == 404
        assert second.journal[-1].mistake == "unknown-route"
        assert nobodys.client(nobodys.user("Ana")).get(ONE).status_code == 204
    what = "This app belongs to a world that is over; its last test was test_first."
    assert (kept.status_code, kept.text) == (410, refusal_text(what, "xbl.app", "SEEN-6"))
    assert (by_token.status_code, by_token.text) == over("test_first")
    assert strays(board) == {(f"GET {ONE}", "test_first"): 2}
    assert (len(first.journal), len(second.journal), second.app.strangers) == (1, 2, 0)


def test_a_client_of_one_world_takes_no_user_of_another(board: Switchboard, worlds: tuple[XboxLive, XboxLive]) -> None:
    """Such a call in the process reaches neither; over the socket the token says which world it is for (SEEN-12)."""
    first, second = worlds
    stacy = second.user("Stacy")
    answer = first.client().get(ONE, headers=stacy.headers)
    what = "This token belongs to the world second, and the client or the transport to first."
    assert (answer.status_code, answer.text) == (410, refusal_text(what, "Authorization", "SEEN-12"))
    assert board.runs.take_strays() == {Stray(f"GET {ONE}", "second", "user"): 1}
    assert (len(first.journal), len(second.journal), late_calls(board)) == (0, 0, {})
    assert status_of(board, stacy) == 204


@pytest.mark.parametrize("form", ["{}", "Bearer {}", "XBL3.0 x={}", "XBL2.0 x=a;{}"])
def test_a_token_is_known_in_whatever_form_it_comes(
    board: Switchboard, worlds: tuple[XboxLive, XboxLive], form: str
) -> None:
    """The world whose it is refuses the form, and the request is nobody else's (SEEN-10, CALL-3)."""
    stacy = worlds[0].user("Stacy")
    answer = Client(board).get(ONE, headers={"Authorization": form.format(stacy.token)})
    assert answer.status_code == 401
    assert (len(worlds[0].journal), worlds[0].app.strangers, worlds[1].app.strangers) == (1, 0, 0)


def test_late_calls_of_many_threads_are_all_counted(board: Switchboard) -> None:
    """However many clients outlive their test (SEEN-6)."""
    stacy = play_and_end(board)
    taken: list[int] = []

    def call(_: int) -> None:
        for _ in range(25):
            status_of(board, stacy)
            taken.extend(count for late in board.runs.take_late_calls().values() for count in late.calls.values())

    with board.connected(XboxLive(name="second").app, "test_second"):
        in_threads(4, call)
    assert sum(taken) == 100


# Hosts


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "LOCALHOST:80", "localhost.", "xbl.localhost:1"),
        *("127.0.0.1", "127.0.0.1:65535", "127.1.2.3", "[::1]", "[::1]:80"),
        *("sessiondirectory.xboxlive.com", "userstats.xboxlive.com:443", "login.live.com", "login.live.com.:443"),
    ],
)
def test_the_machine_itself_and_real_hosts_are_answered(board: Switchboard, host: str) -> None:
    """Whatever the port, and in any case (SEEN-11)."""
    assert Client(board).get(ONE, headers={"Host": host}).status_code == 503


def test_a_request_that_names_no_host_is_answered(board: Switchboard) -> None:
    """HTTP/1.0 knows no Host, and whoever has to be refused sends one (SEEN-11)."""
    assert Client(board).get(ONE, environ_overrides={"HTTP_HOST": ""}).status_code == 503


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "notlocalhost"),
        *("128.0.0.1:80", "[::2]", "xboxlive.com"),
    ],
)
def test_another_host_is_refused(board: Switchboard, host: str) -> None:
    """With 421, whatever its token; a page in a browser whose name leads here reaches no world (SEEN-11)."""
    world = XboxLive()
    with board.connected(world.app, "test_it"):
        answer = Client(board).get(ONE, headers={**world.user("Stacy").headers, "Host": host})
    what = (
        f'The server answers localhost, 127.0.0.1 and the hosts of Xbox Live, not "{host}". '
        "The setting xbl_host names another."
    )
    assert (answer.status, answer.text) == ("421 Misdirected Request", refusal_text(what, "Host", "SEEN-11"))
    assert (len(world.journal), world.app.strangers, late_calls(board)) == (0, 0, {})


@pytest.mark.parametrize(
    ("own", "host"),
    [
        *(("Build-Machine", "build-machine:8080"), ("192.168.0.7", "192.168.0.7"), ("fe80::1", "[fe80::1]:80")),
        *(("0.0.0.0", "host.docker.internal:8080"), ("::", "evil.example")),  # noqa: S104 -- nobody listens
        ("build-machine", "localhost"),
    ],
)
def test_a_server_answers_its_own_name_too(own: str, host: str) -> None:
    """If it listens at all addresses of the machine, whoever set it so has many names for it (SEEN-11)."""
    assert Client(Switchboard(own)).get(ONE, headers={"Host": host}).status_code == 503


def test_the_refusal_of_another_host_lists_its_own() -> None:
    """So that whoever set it sees it (SEEN-11)."""
    answer = Client(Switchboard("build-machine")).get(ONE, headers={"Host": "evil.example"})
    assert answer.text.startswith(
        'The server answers localhost, 127.0.0.1, build-machine and the hosts of Xbox Live, not "evil.example". '
    )


# Pages for people


def page(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    """A page for people."""
    start_response("200 OK", [])
    return [b"a page"]


@pytest.mark.parametrize(
    ("host", "path"),
    [
        *(("localhost", "/_xbl"), ("127.0.0.1:80", "/_xbl/"), ("localhost", "/_xbl/worlds/first"), ("", "/_xbl/")),
        *(("localhost", "/debug"), ("sessiondirectory.xboxlive.com", "/debug")),
    ],
)
@pytest.mark.parametrize("caller", ["Stacy", "nobody"])
def test_pages_are_no_requests_of_a_client(board: Switchboard, host: str, path: str, caller: str) -> None:
    """Whoever asks for them, no world hears of it (SEEN-14)."""
    world = XboxLive()
    stacy = world.user("Stacy")
    board.explorer = page
    with board.connected(world.app, "test_it"):
        answer = Client(board).get(path, headers={"Host": host, **(stacy.headers if caller == "Stacy" else {})})
    assert answer.text == "a page"
    assert (len(world.journal), world.app.strangers, late_calls(board)) == (0, 0, {})


@pytest.mark.parametrize(
    ("method", "host", "path"),
    [
        ("GET", "sessiondirectory.xboxlive.com", "/_xbl/"),
        ("GET", "userstats.xboxlive.com", "/debug"),
        ("GET", "localhost", "/_xblx"),
        ("GET", "localhost", "/debug/"),
        ("PUT", "localhost", "/debug"),
    ],
)
def test_a_request_of_a_client_gets_no_page(board: Switchboard, method: str, host: str, path: str) -> None:
    """At other paths and other hosts of the service there are no pages."""
    world = XboxLive()
    board.explorer = page
    with board.connected(world.app):
        answer = Client(board).open(path, method=method, headers={"Host": host, **world.user("Stacy").headers})
    assert (answer.status_code, len(world.journal)) == (404, 1)


def test_without_pages_their_paths_are_unknown(board: Switchboard) -> None:
    """A switchboard without an explorer has no such operation."""
    world = XboxLive()
    with board.connected(world.app):
        assert Client(board).get("/_xbl/", headers=world.user("Stacy").headers).status_code == 404


def test_pages_are_shown_by_no_foreign_name(board: Switchboard) -> None:
    """421 before anything else (SEEN-11)."""
    board.explorer = page
    assert Client(board).get("/_xbl/", headers={"Host": "evil.example"}).status_code == 421


# Calls when no test runs


def test_a_call_outside_of_any_test_is_told_so(board: Switchboard) -> None:
    """A client that outlives its test gets 503 in plain text."""
    answer = Client(board).get(ONE)
    assert (answer.status, answer.text) == ("503 Service Unavailable", "No test that uses the fake is running.\n")
    assert dict(answer.headers) == {"Content-Type": "text/plain", "Content-Length": "39", "Retry-After": "1"}


def test_worlds_come_and_go_while_others_are_served(board: Switchboard) -> None:
    """Connecting and answering in many threads at once mixes nothing up."""
    mistakes: list[str] = []

    def live(thread: int) -> None:
        for number in range(20):
            world = XboxLive(name=f"{thread}-{number}")
            stacy = world.user("Stacy", gamertag=world.name)
            with board.connected(world.app):
                answer = Client(board).put(ONE, json=ACTIVE, headers=stacy.headers)
            if f'"gamertag":"{world.name}"' not in answer.text or len(world.sessions) != 1:
                mistakes.append(answer.text)

    in_threads(8, live)
    assert mistakes == []
