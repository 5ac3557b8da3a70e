"""The documents of a served world: who may have them."""

from __future__ import annotations

import pytest
from werkzeug.test import Client, TestResponse

from programs import get, served
from pytest_xbl.command.documents import WORLD, Documents
from tables import cases

OTHER_SITE = "This is not for the pages of other sites.\n"


def ask(*, listening: str = "127.0.0.1", method: str = "GET", path: str = WORLD, **headers: str) -> TestResponse:
    """The response to a request for a document, as if the server listened at some host."""
    documents = Documents(listening, {WORLD: lambda: {"users": {}}})
    named = {name.replace("_", "-"): value for name, value in {"Host": "127.0.0.1:8080", **headers}.items()}

    def app(environ: object, start_response: object) -> object:
        answer = documents.answer(environ, start_response)  # type: ignore[arg-type]  # it is WSGI
        if answer is None:
            start_response("418 I'm a teapot", [])  # type: ignore[operator]
        return answer or []

    return Client(app).open(path, method=method, headers=named)  # type: ignore[arg-type]


def test_a_document_is_json_that_nobody_keeps() -> None:
    """It says that it is a document of this program; a cache would show a world that is gone (CMD-4)."""
    response = ask()
    assert (response.status_code, response.text) == (200, '{"users": {}}')
    assert dict(response.headers) == {
        "Content-Type": "application/json",
        "Content-Length": "13",
        "X-Pytest-Xbl": "1",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }


@cases(
    "listening host status",
    {
        "the machine": ("127.0.0.1", "127.0.0.1:8080", 200),
        "the machine by name": ("127.0.0.1", "localhost:8080", 200),
        "the machine under IPv6": ("127.0.0.1", "[::1]:8080", 200),
        "no host": ("127.0.0.1", "", 200),
        "an address, at the machine only": ("127.0.0.1", "192.0.2.7:8080", 403),
        "another name": ("127.0.0.1", "evil.example.com", 403),
        "the host of --host": ("fake.local", "FAKE.local:8080", 200),
        "another than that of --host": ("fake.local", "evil.example.com", 403),
        "an address, at all": ("0.0.0.0", "192.0.2.7:8080", 200),  # noqa: S104 -- nobody listens
        "an address of IPv6, at all": ("::", "[2001:db8::7]:8080", 200),
        "a name that may lead here, at all": ("0.0.0.0", "evil.example.com", 403),  # noqa: S104 -- as above
        "a name of the machine, at all": ("0.0.0.0", "localhost", 200),  # noqa: S104 -- as above
        "a real host": ("127.0.0.1", "sessiondirectory.xboxlive.com", 403),
    },
)
def test_a_document_is_for_hosts_that_no_other_site_has(listening: str, host: str, status: int) -> None:
    """A page whose name is made to lead to this machine does not get the tokens of a world (CMD-4)."""
    response = ask(listening=listening, Host=host)
    assert response.status_code == status
    if status == 403:
        text = f'This is for the machine itself and for the host of --host, not for "{host}".\n'
        assert (response.text, response.headers["X-Pytest-Xbl"]) == (text, "1")


@cases(
    "headers status",
    {
        "typed by a person": ({"Sec_Fetch_Site": "none"}, 200),
        "a page of its own": ({"Sec_Fetch_Site": "same-origin"}, 200),
        "another site": ({"Sec_Fetch_Site": "cross-site"}, 403),
        "another port of the machine": ({"Sec_Fetch_Site": "same-site"}, 403),
        "an old browser": ({"Origin": "https://evil.example.com"}, 403),
    },
)
def test_a_document_is_not_for_other_pages(headers: dict[str, str], status: int) -> None:
    """A page on the web must not reach it (CMD-4)."""
    response = ask(**headers)
    assert response.status_code == status
    assert (response.text == OTHER_SITE) == (status == 403)


@pytest.mark.parametrize(("method", "path"), [("POST", WORLD), ("GET", "/_xbl/other.json")])
def test_other_requests_are_not_for_documents(method: str, path: str) -> None:
    """They reach the world, which refuses them."""
    assert ask(method=method, path=path).status_code == 418


def test_a_document_is_no_request_of_the_world(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither the journal nor the log has it: no client of the game has sent it (CMD-4)."""
    with served() as world:
        assert get(world.xbl.url, WORLD, Host="evil.example.com").status == 403
        assert len(world.xbl.journal) == 0
    assert capsys.readouterr().err == ""
