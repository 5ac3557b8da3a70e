"""What a served world has below `/_xbl/`: documents for the other commands, and pages for people."""

from __future__ import annotations

import pytest
from werkzeug.test import Client, TestResponse

from programs import get, served
from pytest_xbl.command.documents import ENVIRON, WORLD, Documents
from pytest_xbl.wire.switchboard import Switchboard
from tables import cases

FOREIGN = 'The explorer answers localhost, 127.0.0.1, not "evil.example.com".\nwhere: Host\nrule: SEEN-15\n'
CROSS_SITE = "A page of another site asked for this one; to open it yourself, paste its address into the browser."
METHOD = (
    'This page has the methods GET and HEAD, not "POST": looking changes nothing.\nwhere: the method\nrule: SEEN-15\n'
)


def ask(*, method: str = "GET", **headers: str) -> TestResponse:
    """The response to a request for a document."""
    documents = Documents(Switchboard(), {WORLD: lambda: {"users": {}}}, url=str)
    named = {name.replace("_", "-"): value for name, value in {"Host": "127.0.0.1:8080", **headers}.items()}
    return Client(documents).open(WORLD, method=method, headers=named)


def test_a_document_is_json_that_nobody_keeps() -> None:
    """It says that it is a document of this program; a cache would show a world that is gone (CMD-4)."""
    response = ask()
    assert (response.status_code, response.text) == (200, '{"users": {}}')
    told = ("Content-Type", "Content-Length", "X-Pytest-Xbl", "Cache-Control", "X-Content-Type-Options")
    assert [response.headers[name] for name in told] == ["application/json", "13", "1", "no-store", "nosniff"]


@cases(
    "request_ status text",
    {
        "a name that leads here": ({"Host": "evil.example.com"}, 421, FOREIGN),
        "another site": (
            {"Sec_Fetch_Site": "cross-site"},
            403,
            f"{CROSS_SITE}\nwhere: Sec-Fetch-Site\nrule: SEEN-15\n",
        ),
        "another method": ({"method": "POST"}, 405, METHOD),
    },
)
def test_a_document_is_guarded_like_a_page(request_: dict[str, str], status: int, text: str) -> None:
    """A page on the web would get the tokens of the world (CMD-4, SEEN-15)."""
    response = ask(**request_)
    assert (response.status_code, response.text) == (status, text)


@pytest.mark.parametrize("path", [WORLD, ENVIRON, "/_xbl/worlds/serve/"])
def test_nothing_there_is_a_request_of_a_client(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither the journal nor the log has it (CMD-4, SEEN-14)."""
    with served() as world:
        assert get(world.xbl.url, path).status == 200
        assert get(world.xbl.url, path, Sec_Fetch_Site="cross-site").status == 403
        assert len(world.xbl.journal) == 0
    assert capsys.readouterr().err == ""


@cases(
    "options title",
    {
        "nothing": ((), "four users"),
        "a scenario": (("--scenario", "lobby", "players=2"), "lobby-players=2"),
        "a clock that follows": (("--scenario", "lobby", "--clock", "follow"), "lobby"),
    },
)
def test_people_find_the_explorer(options: tuple[str, ...], title: str) -> None:
    """It calls the world by what it has begun with; `/debug` leads there (CMD-1, SEEN-14)."""
    with served(*options) as world:
        url = world.xbl.url
        assert title in get(url, "/_xbl/worlds/serve/").text
        assert Client(world.server.app).get("/debug").headers["Location"] == f"{url}/_xbl/"


def test_people_move_the_clock() -> None:
    """No test goes on that would be surprised (CMD-4)."""
    with served() as world:
        explorer = world.server.app.explorer
        assert isinstance(explorer, Documents)
        assert explorer._explorer._moves()
