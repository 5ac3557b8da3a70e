"""The guard of the explorer: who gets to see a page, and what a browser may do with it."""

from __future__ import annotations

import pytest
from werkzeug.test import EnvironBuilder

from errors import refusal_text
from pytest_xbl.pages.guard import policy, refusal, require_method

SEEN_BY = [
    ("127.0.0.1", "127.0.0.1:8080"),
    ("127.0.0.1", "localhost"),
    ("127.0.0.1", "LOCALHOST.:8080"),
    ("127.0.0.1", "friday.localhost:8080"),
    ("127.0.0.1", "127.8.8.8"),
    ("127.0.0.1", "[::1]:8080"),
    ("build-box", "build-box:8080"),
    ("Build-Box", "BUILD-BOX"),
    ("10.0.0.7", "10.0.0.7:80"),
    ("fd00::7", "[fd00::7]:80"),
    ("0.0.0.0", "10.0.0.7"),  # noqa: S104 -- nobody listens
    ("::", "[fd00::7]:80"),
]
"""The host at which a server listens, and a `Host` that names it."""

REFUSED = [
    ("127.0.0.1", "evil.example", 'The explorer answers localhost, 127.0.0.1, not "evil.example".'),
    ("127.0.0.1", "127.0.0.1.evil.example", 'The explorer answers localhost, 127.0.0.1, not "127.0.0.1.evil.example".'),
    ("127.0.0.1", "10.0.0.7:80", 'The explorer answers localhost, 127.0.0.1, not "10.0.0.7:80".'),
    (
        "127.0.0.1",
        "sessiondirectory.xboxlive.com",
        'The explorer answers localhost, 127.0.0.1, not "sessiondirectory.xboxlive.com".',
    ),
    ("build-box", "other-box", 'The explorer answers localhost, 127.0.0.1 and build-box, not "other-box".'),
    (
        "0.0.0.0",  # noqa: S104 -- as above
        "evil.example",
        'The explorer answers localhost, 127.0.0.1 and addresses of this machine, not "evil.example".',
    ),
]
"""The host at which a server listens, a foreign `Host`, and the text of the refusal."""


def environ(host: str = "127.0.0.1:8080", method: str = "GET", **headers: str) -> dict[str, object]:
    """The environ of a request for a page."""
    named = [("Host", host), *((name.replace("_", "-"), value) for name, value in headers.items())]
    return EnvironBuilder("/_xbl/", method=method, headers=named).get_environ()


@pytest.mark.parametrize(("own", "host"), SEEN_BY)
def test_a_page_is_shown_by_a_name_of_the_machine(own: str, host: str) -> None:
    """A browser on the machine, or one that asks for the host that was given, sees the page (SEEN-15)."""
    assert refusal(environ(host), host=own) is None


@pytest.mark.parametrize(("own", "host", "text"), REFUSED)
def test_a_foreign_host_is_refused(own: str, host: str, text: str) -> None:
    """421: a name that a web page has made to resolve to the machine shows nothing (SEEN-15)."""
    refused = refusal(environ(host), host=own)
    assert refused
    assert (refused.status, refused.text) == (421, refusal_text(text, "Host", "SEEN-15"))


def test_a_request_without_a_host_is_none_of_a_browser() -> None:
    """HTTP/1.0 needs no `Host`, and no browser speaks it."""
    asked = environ()
    del asked["HTTP_HOST"]
    assert refusal(asked, host="127.0.0.1") is None


@pytest.mark.parametrize("site", ["none", "same-origin"])
def test_a_person_and_our_own_pages_may_ask(site: str) -> None:
    """An address that a person types, a bookmark, and a link on a page of ours lead to the page."""
    assert refusal(environ(Sec_Fetch_Site=site), host="127.0.0.1") is None


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
def test_a_request_of_another_site_is_refused(site: str) -> None:
    """403: neither a page on the web nor another program's page on this machine reaches it (SEEN-15)."""
    refused = refusal(environ(Sec_Fetch_Site=site), host="127.0.0.1")
    assert refused
    what = "A page of another site asked for this one; to open it yourself, paste its address into the browser."
    assert (refused.status, refused.text) == (403, refusal_text(what, "Sec-Fetch-Site", "SEEN-15"))


def test_a_form_of_our_own_page_may_be_sent() -> None:
    """A browser names the origin of each form that it sends."""
    assert refusal(environ(method="POST", Origin="http://127.0.0.1:8080"), host="127.0.0.1") is None


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9090", "https://127.0.0.1:8080"])
def test_a_form_of_another_page_is_refused(origin: str) -> None:
    """403: also in a browser that sends no `Sec-Fetch-Site`, as to an address that is not the machine itself."""
    refused = refusal(environ(method="POST", Origin=origin), host="127.0.0.1")
    assert refused
    what = f'A page of "{origin}" asked for this one, and only the explorer\'s own pages may.'
    assert (refused.status, refused.text) == (403, refusal_text(what, "Origin", "SEEN-15"))


def test_a_page_has_its_methods_only() -> None:
    """405: a page can be read, and nothing else (SEEN-14)."""
    assert require_method(environ(method="HEAD"), ("GET", "HEAD")) is None
    refused = require_method(environ(method="DELETE"), ("GET", "HEAD"))
    assert refused
    what = 'This page has the methods GET and HEAD, not "DELETE": looking changes nothing.'
    assert (refused.status, refused.text) == (405, refusal_text(what, "the method", "SEEN-15"))


def test_a_page_loads_nothing() -> None:
    """A browser runs and shows only what stands in the page itself."""
    assert policy(style="sha256-a", script="sha256-b") == (
        "default-src 'none'; style-src 'sha256-a'; script-src 'sha256-b'; img-src data:; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
