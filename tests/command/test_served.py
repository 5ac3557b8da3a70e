"""A served world, in the process of the tests: who may call, what is logged, and what is left at the end."""

from __future__ import annotations

import os
import threading
from contextlib import ExitStack, closing
from datetime import timedelta
from errno import EADDRINUSE
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import ConnectionClosed

from bodies import SCID
from errors import error_of
from programs import NOW, get, served, settings
from pytest_xbl.command.greeting import greeting
from pytest_xbl.command.served import Served
from pytest_xbl.wire.app import App
from rta_client import RtaClient
from tables import cases

LOBBY = ("--scenario", "lobby", "players=1")
PATH = f"/serviceconfigs/{SCID}/sessiontemplates/lobby/sessions/lobby"
HOST = {"Authorization": "XBL3.0 x=2533274790000001;serve.2533274790000001", "X_Xbl_Contract_Version": "107"}
DEVICE = {"client_id": "game", "scope": "all", "response_type": "device_code"}
CALLERS = """
Every request needs X-Xbl-Contract-Version: 107, and the header of its caller:
  host      Authorization: XBL3.0 x=2533274790000001;serve.2533274790000001
  newcomer  Authorization: XBL3.0 x=2533274790000002;serve.2533274790000002"""


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The lines that have been logged."""
    printed, logged = capsys.readouterr()
    assert printed == ""
    return logged.splitlines()


def test_whoever_has_the_token_of_a_user_calls(capsys: pytest.CaptureFixture[str]) -> None:
    """The tokens are the same at every start, so that a client can keep them; what works is not logged (CMD-1)."""
    with served(*LOBBY) as world:
        assert get(world.xbl.url, PATH, **HOST).status == 200
        assert [str(entry) for entry in world.xbl.journal] == ["#1 host: get-session lobby/lobby -> 200"]
    assert lines(capsys) == []


def test_a_refused_request_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """It has the rule, and comes at once; so no mistake of a client goes unseen (CMD-1)."""
    with served(*LOBBY) as world:
        assert get(world.xbl.url, PATH, **{**HOST, "Authorization": "x"}).status == 401
        [line] = lines(capsys)
        assert line.startswith("#1 nobody: get-session lobby/lobby -> 401 CALL-3 at Authorization: ")
        assert get(world.xbl.url, "/a%1Bb", **HOST).status == 404
        [line] = lines(capsys)
        assert line.startswith(
            "#2 host: GET /a\\x1bb -> 404 CALL-7 at the URI: The fake has no operation GET /a\\x1bb "
        )


def test_a_request_for_another_host_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """It reaches no world, and so no journal; the response names the option (CMD-1, SEEN-11)."""
    with served() as world:
        response = get(world.xbl.url, "/", Host="fake:8080")
        assert response.status == 421
        assert "The option --host names another." in response.text
    assert lines(capsys) == ['A request for the Host "fake:8080" -> 421 SEEN-11: it reaches no world.']


def test_refusals_are_not_logged_if_nobody_wants_to_see_them(capsys: pytest.CaptureFixture[str]) -> None:
    """With `--quiet`; the journal has them all the same (CMD-1)."""
    with served("--quiet") as world:
        get(world.xbl.url, "/")
        get(world.xbl.url, "/", Host="fake")
        assert len(world.xbl.journal) == 1
    assert lines(capsys) == []


@cases("options", {"with a log": (), "quiet": ("--quiet",)})
def test_a_bug_of_the_fake_is_logged(
    options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its traceback, once, so that it can be reported (CMD-1)."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(App, "_answer", broken)
    with served(*options) as world:
        assert get(world.xbl.url, "/").status == 500
        world.beat()
    first, second, *_, last = lines(capsys)
    assert (first, last) == ("The fake itself has failed, which is a bug in it:", "ZeroDivisionError: a bug")
    assert second == "Traceback (most recent call last):"


def test_a_bug_of_the_server_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    """One outside of the world (CMD-1)."""
    with served() as world:
        world.server.handler_errors.append(ZeroDivisionError("a bug"))
        world.beat()
        assert lines(capsys)[-1] == "ZeroDivisionError: a bug"
        world.beat()
        assert lines(capsys) == []


def test_a_log_that_nobody_reads_disturbs_no_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as that of a terminal that is gone."""

    class Gone:
        def write(self, _text: str) -> None:
            raise BrokenPipeError

    with served() as world:
        monkeypatch.setattr("sys.stderr", Gone())
        assert [get(world.xbl.url, "/").status for _ in range(2)] == [404, 404]


def test_the_clock_moves_with_each_request_and_each_beat() -> None:
    """As timers need an access, or a connection (CMD-2)."""
    with served("--clock", "follow") as world:
        seen = [world.xbl.clock.now]
        get(world.xbl.url, "/")
        seen.append(world.xbl.clock.now)
        world.beat()
        seen.append(world.xbl.clock.now)
        assert NOW <= seen[0] < seen[1] < seen[2] < NOW + timedelta(hours=1)


def test_a_clock_that_stands_moves_with_nothing() -> None:
    """Until somebody moves it (CMD-2)."""
    with served() as world:
        before = world.xbl.clock.now
        get(world.xbl.url, "/")
        world.beat()
        assert world.xbl.clock.now == before


def test_everybody_signs_in_again_and_again() -> None:
    """One after the other, and after the last one the first: a game is started more than once (CMD-3)."""
    with served(*LOBBY) as world:
        client = world.xbl.client()
        ids = []
        for _ in range(5):
            code = client.post("/oauth20_connect.srf", data=DEVICE).get_json()["device_code"]
            grant = "urn:ietf:params:oauth:grant-type:device_code"
            form = {"client_id": "game", "grant_type": grant, "device_code": code}
            ids.append(client.post("/oauth20_token.srf", data=form).get_json()["user_id"][-1])
        assert ids == ["1", "2", "1", "2", "1"]


def test_without_users_nobody_signs_in(tmp_path: Path) -> None:
    """However often it is tried (NEAR-2)."""
    empty = tmp_path / "empty.json"
    empty.write_text("{}")
    with served("--seed", str(empty)) as world:
        assert world.xbl.client().post("/oauth20_connect.srf", data=DEVICE).status_code == 403


def test_nothing_is_left_at_the_end() -> None:
    """No thread, not even of a connection that a client keeps, and nobody who listens (CMD-1)."""
    before = threading.enumerate()
    with served(*LOBBY) as world, closing(HTTPConnection(urlsplit(world.xbl.url).netloc)) as connection:
        connection.request("GET", PATH)
        connection.getresponse().read()
        assert len(threading.enumerate()) == len(before) + 2
        url = world.xbl.url
    assert threading.enumerate() == before
    with pytest.raises(ConnectionRefusedError):
        get(url, PATH)


def test_a_page_that_waits_for_news_ends_with_the_world() -> None:
    """A browser with the explorer in it does not hold the end back (CMD-1)."""
    before = threading.enumerate()
    with ExitStack() as ending:
        world = ending.enter_context(served())
        browser = ending.enter_context(closing(HTTPConnection(urlsplit(world.xbl.url).netloc)))
        browser.request("GET", f"/_xbl/worlds/{world.xbl.name}/", headers={"Accept": "text/event-stream"})
        while len(threading.enumerate()) < len(before) + 2:
            pass
    assert threading.enumerate() == before


class Slow(threading.Thread):
    """A thread that ends no earlier than somebody waits for that."""

    def __init__(self) -> None:
        super().__init__()
        self._awaited = threading.Event()

    def run(self) -> None:
        """Wait for whoever waits."""
        self._awaited.wait()

    def join(self, timeout: float | None = None) -> None:
        """End, and wait for that."""
        self._awaited.set()
        super().join(timeout)


def test_a_connection_that_takes_its_time_is_waited_for() -> None:
    """Python would not, and could print a line about it at its end (CMD-1)."""
    slow = Slow()
    with served():
        slow.start()
    assert not slow.is_alive()


def test_a_websocket_ends_with_the_world(capsys: pytest.CaptureFixture[str]) -> None:
    """What a client says wrongly on it is a line of the next beat, since no request comes with it (CMD-1)."""
    before = threading.enumerate()
    with served(*LOBBY) as world:
        client = RtaClient(world.xbl, world.xbl.scenario["host"])
        assert client.ask(1, 0, "https://sessiondirectory.xboxlive.com/nothing")[:3] == [1, 0, 1]
        world.beat()
        [line] = lines(capsys)
        assert line.startswith("#2 host: GET /connect -> 404 TAP-3 at ")
    with pytest.raises(ConnectionClosed):
        client.read()
    client.close()
    assert threading.enumerate() == before


def test_a_request_that_hangs_ends_with_the_world() -> None:
    """A fault may let it hang (FAULT-3)."""
    before = threading.enumerate()
    with ExitStack() as ending:
        world = ending.enter_context(served(*LOBBY))
        world.xbl.faults.lose("get-session", "hang")
        connection = ending.enter_context(closing(HTTPConnection(urlsplit(world.xbl.url).netloc)))
        connection.request("GET", PATH, headers={name.replace("_", "-"): value for name, value in HOST.items()})
        while not world.xbl.journal:
            pass
    assert threading.enumerate() == before


def test_a_port_that_is_taken_is_refused() -> None:
    """With the options that name another; nothing is left then, either (CMD-5)."""
    before = threading.enumerate()
    with served() as world:
        port = str(world.server.port)
        error = error_of(lambda: Served(settings("--port", port)).running().__enter__())
    what = f"The server cannot listen at 127.0.0.1:{port}: [Errno {EADDRINUSE}] {os.strerror(EADDRINUSE)}"
    assert error == f"{what}; --host and --port name another address."
    assert threading.enumerate() == before


def test_the_greeting_names_all_that_a_client_needs() -> None:
    """The address is the last word of the first line (CMD-1)."""
    with served(*LOBBY) as world:
        assert greeting(world.xbl, follows=False, has_hosts=False) == (
            f"Xbox Live is served, until Ctrl+C, at {world.xbl.url}\n"
            f"To look at: {world.xbl.url}/_xbl/\n"
            "Clock: 2026-01-01 12:00:00 UTC, stands still\n"
            f"Service configuration: {SCID}\n"
            f"{CALLERS}"
        )


def test_the_greeting_says_what_is_different() -> None:
    """Real names, and a clock that follows the real time (CMD-2, CMD-3)."""
    with served() as world:
        text = greeting(world.xbl, follows=True, has_hosts=True)
        assert f'Real host names: eval "$(pytest-xbl env {world.xbl.url})"' in text.splitlines()
        assert "Clock: 2026-01-01 12:00:00 UTC, follows the real time" in text.splitlines()


def test_a_service_is_greeted_with_its_further_headers() -> None:
    """Those that say for whom it acts (S2S-1)."""
    with served(*LOBBY) as world:
        world.xbl.service("referee", acting_for=[world.xbl.users("Stacy")[0]])
        assert greeting(world.xbl, follows=False, has_hosts=False).splitlines()[-3:] == [
            "  referee   Authorization: XBL3.0 x=service-1;serve.service-1",
            "            X-Xbl-OnBehalfOf-Users: 2533274790000003;priv=multiplayer",
            "            X-Xbl-OnBehalfOf-Title: 1719000001",
        ]


def test_only_some_of_many_callers_are_listed(tmp_path: Path) -> None:
    """And how many there are besides."""
    file = tmp_path / "many.json"
    file.write_text(f'{{"users": {[f"user{n}" for n in range(10_000)]}}}'.replace("'", '"'), encoding="utf-8")
    with served("--seed", str(file)) as world:
        *_, last, more = greeting(world.xbl, follows=False, has_hosts=False).splitlines()
        assert last.split()[0] == "user19"
        assert more == "  ... and 9980 more"


def test_a_long_name_is_cut() -> None:
    """One that would push the headers of all others out of the window; a name holds no control characters (SEED-1)."""
    with served() as world:
        world.xbl.user("b" * 50)
        assert greeting(world.xbl, follows=False, has_hosts=False).splitlines()[-1].split()[0] == f"{'b' * 37}..."


def test_a_world_without_users_says_so(tmp_path: Path) -> None:
    """Nobody could call it."""
    file = tmp_path / "empty.json"
    file.write_text("{}", encoding="utf-8")
    with served("--seed", str(file)) as world:
        text = greeting(world.xbl, follows=False, has_hosts=False)
        assert text.splitlines()[-1] == "Nobody can call: the world has no users."
