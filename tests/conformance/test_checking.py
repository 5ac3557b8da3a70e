"""A sandbox whose settings are wrong: one error says so before the first test."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pytest_httpserver import HTTPServer

from errors import error_of
from tables import cases
from tests.conformance.conftest import Sandbox, account

LISTED = "lobby, game, ticket, large, browse, global(lfg), Mybare, Myfixed, Mycapable, Myold"
FIXED = "The template 'Mybare' has nothing at /constants/system/version; tests need 1."


def swap(sandbox: Sandbox) -> None:
    """Give the first two users each other's xuid."""
    one, two, *_ = sandbox.settings["users"]
    one["xuid"], two["xuid"] = two["xuid"], one["xuid"]


def tell_service(sandbox: Sandbox) -> None:
    """Name a service by a wrong token."""
    sandbox.settings["service"] = {**account(sandbox.xbl.service("server")), "token": "not-a-token"}


def template(kind: str, name: str) -> Callable[[Sandbox], None]:
    """A change of the settings: this name for a template."""
    return lambda sandbox: sandbox.settings["templates"].update({kind: name})


def user(number: int, **fields: Any) -> Callable[[Sandbox], None]:
    """A change of the settings: these fields of a user."""
    return lambda sandbox: sandbox.settings["users"][number].update(fields)


@cases(
    "mistake text place",
    {
        "a template that is not there": (
            template("bare", "Nope"),
            f"The service has no template 'Nope'; it has {LISTED}.",
            "/templates/bare",
        ),
        "a name that is nearly one": (
            template("old", "Myolt"),
            f"The service has no template 'Myolt'; it has {LISTED}. Did you mean 'Myold'?",
            "/templates/old",
        ),
        "a template with other constants": (template("fixed", "Mybare"), FIXED, "/templates/fixed"),
        "capabilities that it does not have": (
            template("hasOwners", "Mycapable"),
            (
                "The template 'Mycapable' has {} at /constants/system/capabilities; "
                'tests need {"hasOwners": true, "suppressPresenceActivityCheck": true}.'
            ),
            "/templates/hasOwners",
        ),
        "two users' xuids swapped": (
            swap,
            'The service shows the xuid "{0.xuid}" for the token …{0.end}, not "{1.xuid}".',
            "/users/0/xuid",
        ),
        "another gamertag": (
            user(1, gamertag="Anna"),
            'The service shows the gamertag "Ana" for the token …{1.end}, not "Anna".',
            "/users/1/gamertag",
        ),
        "a token that is unknown": (
            user(2, token="not-a-token"),
            "The service refuses the token …oken: 401.",
            "/users/2/token",
        ),
        "a service's token that is unknown": (
            tell_service,
            "The service refuses the token …oken: 401.",
            "/service/token",
        ),
        "a service configuration that is not there": (
            lambda sandbox: sandbox.settings.update(scid="00000000-0000-0000-0000-000000000000"),
            "The service does not know the service configuration 00000000-0000-0000-0000-000000000000: 404.",
            "/scid",
        ),
    },
)
def test_wrong_settings_are_said(sandbox: Sandbox, mistake: Callable[[Sandbox], None], text: str, place: str) -> None:
    """With the place and the file."""
    mistake(sandbox)
    for number, person in enumerate(sandbox.users):
        text = text.replace(f"{{{number}.xuid}}", person.xuid).replace(f"{{{number}.end}}", person.token[-4:])
    assert error_of(sandbox.check) == f"{text}\nwhere: {place} in {sandbox.file}"


def test_the_sessions_of_the_check_are_left(sandbox: Sandbox) -> None:
    """Also if a mistake is found."""
    swap(sandbox)
    error_of(sandbox.check)
    assert [entry.status for entry in sandbox.xbl.journal if entry.operation == "put-session"] == [201]
    assert len(sandbox.xbl.sessions) == 0


def test_a_user_who_cannot_make_a_session_is_said(sandbox: Sandbox) -> None:
    """Nearly every test would fail to begin."""
    sandbox.settings["users"][0] = account(sandbox.xbl.user("Max", privileges=()))
    text = error_of(sandbox.check)
    assert text.startswith("This user cannot make a session: PUT …/Mybare/sessions/room-")
    assert text.endswith(f"\nwhere: /users/0 in {sandbox.file}")


@cases(
    "body kind said",
    {
        "plain text": ("It works!", "text/plain", "body: expected JSON, got 'It works!'"),
        "no list": ('{"results": "none"}', "application/json", '/results: expected a list of names, got "none"'),
        "no names": ('{"results": [1]}', "application/json", "/results: expected a list of names, got [1]"),
        "an object without a list": ("[]", "application/json", "/results: expected a list of names, got nothing"),
    },
)
def test_a_service_of_another_kind_is_said(
    sandbox: Sandbox, httpserver: HTTPServer, body: str, kind: str, said: str
) -> None:
    """It answers 200, but to the first question already as no session directory does."""
    httpserver.expect_request(re.compile(".*")).respond_with_data(body, content_type=kind)
    path = f"/serviceconfigs/{sandbox.xbl.scid}/sessiontemplates"
    text = f"The service does not answer as a session directory does: GET {path} -> 200: {said}."
    assert error_of(lambda: sandbox.check(url=httpserver.url_for(""))) == f"{text}\nwhere: --xbl-service"


def test_a_service_without_templates_has_none(sandbox: Sandbox, httpserver: HTTPServer) -> None:
    """The text says so."""
    httpserver.expect_request(re.compile(".*")).respond_with_json({"results": []})
    where = f"/templates/bare in {sandbox.file}"
    text = error_of(lambda: sandbox.check(url=httpserver.url_for("")))
    assert text == f"The service has no template 'Mybare'; it has none.\nwhere: {where}"
