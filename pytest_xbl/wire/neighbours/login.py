"""The service at login.live.com, where an account signs in (NEAR-3)."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from pytest_xbl.mpsd.checking import check_fields, missing_field, require_fields
from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import Matching, OneOf, text
from pytest_xbl.wire.answer import Answer
from pytest_xbl.wire.call import Call
from pytest_xbl.wire.neighbours.answers import content
from pytest_xbl.wire.neighbours.tokens import Kind, issue, user_with
from pytest_xbl.world.sign_in import begin_sign_in, finish_sign_in

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
GRANTS: Mapping[str, tuple[str, Kind]] = {
    "authorization_code": ("code", "code"),
    DEVICE_CODE: ("device_code", "device_code"),
    "refresh_token": ("refresh_token", "refresh"),
}
"""The field that each grant is about, and the kind of token that it holds."""
ANSWERED_AT_ONCE = 1
"""Seconds between two requests of a client that waits for the user."""
LIFETIME = 86_400
"""Seconds that a client may count on; the tokens of the fake do not expire (NEAR-4)."""
USER_CODE = "FAKE1234"
COOKIE = "uaid=0; Domain=login.live.com; Path=/; Secure; HttpOnly"

filled = Matching("a string that is not empty", r"[\s\S]+")
uri = Matching("an absolute URI without a fragment", r"[A-Za-z][A-Za-z0-9+.-]*:[!\"$-~]+")  # RFC 6749, 3.1.2

_CLIENT: Mapping[str, Field] = {
    "client_id": Field(filled, "NEAR-3", needed=True),
    "scope": Field(text, "NEAR-3"),
}
CONNECT: Mapping[str, Field] = {**_CLIENT, "response_type": Field(OneOf(("device_code",)), "NEAR-3", needed=True)}
"""The form that asks for a device code."""
TOKEN: Mapping[str, Field] = {
    "grant_type": Field(OneOf(tuple(GRANTS)), "NEAR-3", needed=True),
    **_CLIENT,
    "code": Field(filled, "NEAR-3"),
    "device_code": Field(filled, "NEAR-3"),
    "refresh_token": Field(filled, "NEAR-3"),
    **{name: Field(text, "NEAR-3") for name in ("client_secret", "code_verifier", "redirect_uri", "response_type")},
}
"""The form that asks for an access token."""
TOKEN_QUERY: Mapping[str, Field] = {"client_id": Field(filled, "NEAR-3")}
AUTHORIZE: Mapping[str, Field] = {
    "client_id": Field(filled, "NEAR-3", needed=True),
    "response_type": Field(OneOf(("code",)), "NEAR-3", needed=True),
    "redirect_uri": Field(uri, "NEAR-3", needed=True),
    **{
        name: Field(text, "NEAR-3")
        for name in (
            "scope",
            "state",
            "approval_prompt",
            "prompt",
            "display",
            "code_challenge",
            "code_challenge_method",
        )
    },
}
"""The parameters with which a browser is sent to sign in."""


def connect_device(call: Call) -> Answer:
    """Give the device code of the user who signs in next."""
    _check(CONNECT, call.body)
    account = begin_sign_in(call.world, where="the body")
    call.visit.caller = account.caller
    answer = content(
        {
            "user_code": USER_CODE,
            "device_code": issue(call.world, "device_code", account.key),
            "verification_uri": "https://www.microsoft.com/link",
            "interval": ANSWERED_AT_ONCE,
            "expires_in": LIFETIME,
        }
    )
    return answer._replace(headers={"Set-Cookie": COOKIE})


def authorize_login(call: Call) -> Answer:
    """Send the browser of the user who signs in next back to the client, with an authorization code."""
    for name, field in AUTHORIZE.items():
        if field.needed and name not in call.parameters:
            raise Refusal(400, f"The parameter {name} is required here.", where=f"?{name}", rule="NEAR-3")
    account = begin_sign_in(call.world, where="the URI")
    call.visit.caller = account.caller
    parameters = {"code": issue(call.world, "code", account.key)}
    if "state" in call.parameters:
        parameters["state"] = call.parameters["state"]
    target = urlsplit(call.parameters["redirect_uri"])
    query = "&".join(filter(None, (target.query, urlencode(parameters))))
    return Answer(302, headers={"Location": target._replace(query=query).geturl()})


def grant_token(call: Call) -> Answer:
    """Sign a user in, or let one who has signed in stay so: an access token for a code or a refresh token."""
    form = {**call.parameters, **call.body}
    _check(TOKEN, form)
    name, kind = GRANTS[form["grant_type"]]
    if name not in form:
        raise missing_field(name, (name,), rule="NEAR-3")
    account = user_with(call.world, form[name], kind, where=(name,), status=400)
    finish_sign_in(call.world, account.key)
    call.visit.caller = account.caller
    return content(
        {
            "token_type": "bearer",
            "expires_in": LIFETIME,
            "scope": form.get("scope", ""),
            "access_token": issue(call.world, "access", account.key),
            "refresh_token": issue(call.world, "refresh", account.key),
            "user_id": account.key,
        }
    )


def _check(table: Mapping[str, Field], form: JsonObject) -> None:
    check_fields(table, form, removable=False, unknown="NEAR-3")
    require_fields(table, form)
