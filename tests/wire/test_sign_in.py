"""Signing in: from nothing to the token of a user, as clients do it (NEAR-2 to NEAR-7)."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import Client, TestResponse

from bodies import ONE, as_json
from errors import error_of, refusal_text
from pytest_xbl import User, XboxLive
from pytest_xbl.wire.switchboard import Switchboard

HERE = "127.0.0.1:8080"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
CONNECT = {"client_id": "app", "scope": "all", "response_type": "device_code"}
KEY = {"kty": "EC"}


class Account:
    """A client that signs in, with nothing but the URLs of the services."""

    def __init__(self, app: Any, host: str = "") -> None:
        self._client = Client(app)
        self._host = host

    def post(self, url: str, **body: Any) -> TestResponse:
        """The response to a form for login.live.com, and to JSON elsewhere."""
        host, _, path = url.partition("/")
        content = {"data": body} if host == "login.live.com" else {"json": body}
        return self._client.post(f"/{path}", headers={"Host": self._host or host}, **content)

    def get(self, url: str) -> TestResponse:
        """The response to a GET."""
        host, _, path = url.partition("/")
        return self._client.get(f"/{path}", headers={"Host": self._host or host})

    def granted(self, kind: str, **form: str) -> dict[str, Any]:
        """The tokens for a code, or for a refresh token."""
        body = {"client_id": "app", "grant_type": kind, **form}
        granted: dict[str, Any] = as_json(self.post("login.live.com/oauth20_token.srf", **body))
        return granted

    def device_code(self) -> str:
        """A device code."""
        code: str = as_json(self.post("login.live.com/oauth20_connect.srf", **CONNECT))["device_code"]
        return code

    def access(self, user: User) -> str:
        """An access token of a user."""
        token: str = self.granted("authorization_code", code=user.sign_in_code)["access_token"]
        return token

    def device(self) -> str:
        """A device token."""
        return token_in(self.post("device.auth.xboxlive.com/device/authenticate", **DEVICE))

    def user(self, user: User) -> str:
        """A user token of a user."""
        return token_in(self.post("user.auth.xboxlive.com/user/authenticate", **ticket(self.access(user))))


DEVICE = {"Properties": {"AuthMethod": "ProofOfPossession", "Id": "{x}", "DeviceType": "Win32", "ProofKey": KEY}}
PARTY = {"RelyingParty": "http://auth.xboxlive.com", "TokenType": "JWT"}


def ticket(access: str, **more: Any) -> dict[str, Any]:
    """The body that asks for a token of an access token."""
    return {**PARTY, "Properties": {"AuthMethod": "RPS", "SiteName": "x", "RpsTicket": f"d={access}", **more}}


def final(*tokens: str, party: str = "http://xboxlive.com", **more: Any) -> dict[str, Any]:
    """The body that asks for the token of services."""
    asked = {"UserTokens": list(tokens), "SandboxId": "RETAIL", **more}
    return {"RelyingParty": party, "TokenType": "JWT", "Properties": asked}


def token_in(response: TestResponse) -> str:
    """The token in a response."""
    token: str = as_json(response)["Token"]
    return token


def told(response: TestResponse) -> tuple[int, str]:
    """The status and the text of a refusal."""
    return response.status_code, response.text


@pytest.fixture
def stacy(xbl: XboxLive) -> User:
    """The first user."""
    return xbl.user("Stacy", userhash="1234")


@pytest.fixture(params=["real hosts", "xbl.url"])
def account(xbl: XboxLive, stacy: User, request: pytest.FixtureRequest) -> Account:
    """A client that signs in, at the real hosts, and at one host for all services (NEAR-1)."""
    return Account(xbl.app, HERE if request.param == "xbl.url" else "")


# The ways in


def test_a_device_code_signs_in_the_next_user(xbl: XboxLive, account: Account, stacy: User) -> None:
    """Without a wait; the token in the end is the one that the test has, too (NEAR-2, NEAR-3, NEAR-4)."""
    connected = account.post("login.live.com/oauth20_connect.srf", **CONNECT)
    shown = as_json(connected)
    assert {**shown, "device_code": ""} == {
        "user_code": "FAKE1234",
        "device_code": "",
        "verification_uri": "https://www.microsoft.com/link",
        "interval": 1,
        "expires_in": 86400,
    }
    assert connected.headers["Set-Cookie"].startswith("uaid=")
    signed_in = [stacy.signed_in]
    granted = account.granted(DEVICE_GRANT, device_code=shown["device_code"], scope="all")
    assert [*signed_in, stacy.signed_in] == [False, True]
    access = granted.pop("access_token")
    assert granted == {
        "token_type": "bearer",
        "expires_in": 86400,
        "scope": "all",
        "refresh_token": f"{xbl.name}.refresh-{stacy.xuid}",
        "user_id": stacy.xuid,
    }
    user = as_json(account.post("user.auth.xboxlive.com/user/authenticate", **ticket(access)))
    made, never = "2026-01-01T12:00:00.0000000Z", "2099-12-31T23:59:59.0000000Z"
    claims = {"xui": [{"uhs": "1234"}]}
    assert {**user, "Token": ""} == {"IssueInstant": made, "NotAfter": never, "Token": "", "DisplayClaims": claims}
    got = as_json(account.post("xsts.auth.xboxlive.com/xsts/authorize", **final(user["Token"])))
    claims = {"xui": [{"uhs": "1234", "xid": stacy.xuid, "gtg": "Stacy"}]}
    assert got == {"IssueInstant": made, "NotAfter": never, "Token": stacy.token, "DisplayClaims": claims}
    headers = {**stacy.headers, "Authorization": f"XBL3.0 x=1234;{got['Token']}"}
    assert Client(xbl.app).get(ONE, headers=headers).status_code == 204
    assert [(entry.caller, entry.status) for entry in xbl.journal] == [*[("Stacy", 200)] * 4, ("Stacy", 204)]


@pytest.mark.parametrize(
    ("redirect", "state", "location"),
    [
        ("http://localhost/back", "", "http://localhost/back?code={}"),
        ("http://localhost/back?a=1", "x%20%26", "http://localhost/back?a=1&code={}&state=x+%26"),
        ("ms-xal-1://auth", "", "ms-xal-1://auth?code={}"),
    ],
)
def test_a_browser_comes_back_with_a_code(
    xbl: XboxLive, account: Account, stacy: User, redirect: str, state: str, location: str
) -> None:
    """To the URI that the client has named, with its state; the user is the next one (NEAR-2, NEAR-3)."""
    query = f"client_id=app&response_type=code&redirect_uri={redirect}" + (f"&state={state}" if state else "")
    response = account.get(f"login.live.com/oauth20_authorize.srf?{query}")
    assert (response.status_code, response.text) == (302, "")
    assert response.headers["Location"] == location.format(stacy.sign_in_code)
    code = parse_qs(urlsplit(response.headers["Location"]).query)["code"][0]
    assert account.granted("authorization_code", code=code)["user_id"] == stacy.xuid


def test_a_refresh_stays_the_user_it_was(xbl: XboxLive, account: Account) -> None:
    """However often it is asked for, and whoever was named to sign in next (NEAR-2)."""
    ana = xbl.user("Ana")
    first = account.granted("authorization_code", code=ana.sign_in_code)
    xbl.signs_in(xbl.user("Bo"))
    for _ in range(2):
        assert account.granted("refresh_token", refresh_token=first["refresh_token"]) == first


def test_whom_the_test_names_signs_in(xbl: XboxLive, account: Account, stacy: User) -> None:
    """By xbl.signs_in, one after the other; then the next in order (NEAR-2)."""
    ana, bo = xbl.users("Ana", "Bo")
    xbl.signs_in(bo)
    xbl.signs_in(ana)
    codes = [account.device_code() for _ in range(3)]
    users = [account.granted(DEVICE_GRANT, device_code=code)["user_id"] for code in codes]
    assert users == [bo.xuid, ana.xuid, stacy.xuid]


def test_only_a_user_of_the_world_is_named(xbl: XboxLive, stacy: User) -> None:
    """Anybody else is a mistake of the test (SEED-2)."""
    other = XboxLive(name="other").user("Bo")
    foreign = "Bo belongs to another world, not to this one.\nwhere: user\nrule: SEED-2"
    assert error_of(lambda: xbl.signs_in(other)) == foreign
    what = "Expected a user of this world; got 'Stacy'."
    assert error_of(lambda: xbl.signs_in("Stacy")) == f"{what}\nwhere: user\nrule: SEED-2"  # type: ignore[arg-type]


def test_a_title_and_a_device_have_tokens_too(xbl: XboxLive, account: Account, stacy: User) -> None:
    """They are asked for by clients of consoles, and given with the user's to get the last one (NEAR-5)."""
    response = account.post("device.auth.xboxlive.com/device/authenticate", **DEVICE)
    assert as_json(response)["DisplayClaims"] == {"xdi": {"did": "{x}"}}
    device = token_in(response)
    response = account.post(
        "title.auth.xboxlive.com/title/authenticate", **ticket(account.access(stacy), DeviceToken=device, ProofKey=KEY)
    )
    assert as_json(response)["DisplayClaims"] == {"xti": {"tid": stacy.title_id}}
    asked = final(account.user(stacy), DeviceToken=device, TitleToken=token_in(response), ProofKey=KEY)
    assert token_in(account.post("xsts.auth.xboxlive.com/xsts/authorize", **asked)) == stacy.token


def test_sisu_gives_all_tokens_at_once(xbl: XboxLive, account: Account, stacy: User) -> None:
    """Those of the title, the user and the services (NEAR-6)."""
    device = account.device()
    got = as_json(account.post("sisu.xboxlive.com/authorize", **sisu(account.access(stacy), device)))
    assert (got["DeviceToken"], got["Sandbox"], got["AuthorizationToken"]["Token"]) == (device, "RETAIL", stacy.token)
    assert got["AuthorizationToken"]["DisplayClaims"]["xui"] == [{"uhs": "1234", "xid": stacy.xuid, "gtg": "Stacy"}]
    asked = final(got["UserToken"]["Token"], DeviceToken=device, TitleToken=got["TitleToken"]["Token"])
    assert token_in(account.post("xsts.auth.xboxlive.com/xsts/authorize", **asked)) == stacy.token


def sisu(access: str, device: str, **more: Any) -> dict[str, Any]:
    """The body that asks for all tokens at once."""
    own = {"AccessToken": f"t={access}", "DeviceToken": device, "AppId": "1", "Sandbox": "RETAIL", "ProofKey": KEY}
    return {**own, "UseModernGamertag": True, "SiteName": "x", "RelyingParty": "http://xboxlive.com", **more}


@pytest.mark.parametrize("title", ["default?type=1", "current", "1719000001"])
def test_tokens_are_good_at_all_hosts_of_xbox_live(account: Account, title: str) -> None:
    """A client that reads where its token is good asks for it whoever it is (NEAR-7)."""
    name, _, query = title.partition("?")
    got = as_json(account.get(f"title.mgt.xboxlive.com/titles/{name}/endpoints?{query}"))
    assert got["EndPoints"] == [
        {
            "Protocol": "https",
            "Host": "*.xboxlive.com",
            "HostType": "wildcard",
            "RelyingParty": "http://xboxlive.com",
            "TokenType": "JWT",
        }
    ]


def test_a_user_without_a_gamertag_signs_in(xbl: XboxLive) -> None:
    """Their token lacks that claim (NEAR-5, CALL-4)."""
    nobody = xbl.user("Nobody", gamertag="", token="chosen")
    account = Account(xbl.app)
    got = as_json(account.post("xsts.auth.xboxlive.com/xsts/authorize", **final(account.user(nobody))))
    assert (got["Token"], got["DisplayClaims"]) == ("chosen", {"xui": [{"uhs": nobody.userhash, "xid": nobody.xuid}]})


def test_json_may_come_as_plain_text(xbl: XboxLive, stacy: User) -> None:
    """Scripts send it so, and without a type (NEAR-5, CALL-13)."""
    for content_type in ("text/plain;charset=UTF-8", ""):
        body = '{"Properties": {"AuthMethod": "ProofOfPossession", "Id": "x", "DeviceType": "Win32", "ProofKey": {}}}'
        headers = {"Host": "device.auth.xboxlive.com"}
        response = Client(xbl.app).post("/device/authenticate", data=body, content_type=content_type, headers=headers)
        assert response.status_code == 200


# What is refused, and changes nothing

LOGIN, AUTH = "login.live.com/oauth20_token.srf", "user.auth.xboxlive.com/user/authenticate"
XSTS, TITLE = "xsts.auth.xboxlive.com/xsts/authorize", "title.auth.xboxlive.com/title/authenticate"
CODE = {"client_id": "app", "grant_type": "authorization_code"}
REFRESH = {"client_id": "app", "grant_type": "refresh_token"}
GRANTS = f'"authorization_code", "{DEVICE_GRANT}", "refresh_token"'
REFUSED: list[tuple[str, dict[str, Any], int, str, str, str]] = [
    (LOGIN, {"client_id": "a"}, 400, "The field grant_type is required here.", "/grant_type", "CALL-6"),
    (LOGIN, CODE, 400, "The field code is required here.", "/code", "NEAR-3"),
    (LOGIN, {**CODE, "code": ""}, 400, 'Expected a string that is not empty; got "".', "/code", "NEAR-3"),
    (
        LOGIN,
        {**CODE, "grant_type": "password"},
        400,
        f'Expected one of {GRANTS}; got "password".',
        "/grant_type",
        "NEAR-3",
    ),
    (LOGIN, {**CODE, "cod": "x"}, 400, 'The field "cod" is not known here; did you mean "code"?', "/cod", "NEAR-3"),
    (
        LOGIN,
        {**CODE, "code": "x"},
        400,
        "Expected an authorization code, as the fake issues it; got a text of 1 characters.",
        "/code",
        "NEAR-4",
    ),
    (
        LOGIN,
        {**REFRESH, "refresh_token": "{world}.code-{xuid}"},
        400,
        "Expected a refresh token, as the fake issues it; got an authorization code.",
        "/refresh_token",
        "NEAR-4",
    ),
    (
        LOGIN,
        {**REFRESH, "refresh_token": "xbl-other-1.refresh-{xuid}"},
        400,
        "This is a refresh token of the world xbl-other-1, and the request has reached {world}; sign in again.",
        "/refresh_token",
        "NEAR-4",
    ),
    (
        LOGIN,
        {**REFRESH, "refresh_token": "{world}.refresh-17"},
        400,
        "This is a refresh token of the user 17, and no user of this world has that xuid.",
        "/refresh_token",
        "NEAR-4",
    ),
    (
        "login.live.com/oauth20_connect.srf",
        {"client_id": "app", "response_type": "code"},
        400,
        'Expected one of "device_code"; got "code".',
        "/response_type",
        "NEAR-3",
    ),
    (AUTH, {**PARTY}, 400, "The field Properties is required here.", "/Properties", "CALL-6"),
    (
        AUTH,
        ticket("x"),
        401,
        "Expected an access token, as the fake issues it; got a text of 1 characters.",
        "/Properties/RpsTicket",
        "NEAR-4",
    ),
    (
        AUTH,
        {**ticket("x"), "RelyingParty": "http://xboxlive.com"},
        400,
        'Expected one of "http://auth.xboxlive.com"; got "http://xboxlive.com".',
        "/RelyingParty",
        "NEAR-5",
    ),
    (
        TITLE,
        ticket("{world}.access-{xuid}"),
        400,
        'Expected an object with "DeviceToken"; got {{"AuthMethod": "RPS", "SiteName": "x", "RpsTicket": "..."}}.',
        "/Properties",
        "NEAR-5",
    ),
    (
        TITLE,
        ticket("{world}.access-{xuid}", DeviceToken="x"),
        401,
        "Expected a device token, as the fake issues it; got a text of 1 characters.",
        "/Properties/DeviceToken",
        "NEAR-4",
    ),
    (
        XSTS,
        final("{world}.user-{xuid}", party="rp://api.minecraftservices.com/"),
        400,
        (
            'Expected "http://xboxlive.com", since the fake has no service of another party; '
            'got "rp://api.minecraftservices.com/".'
        ),
        "/RelyingParty",
        "NEAR-5",
    ),
    (XSTS, final(), 400, "Expected a list that is not empty; got [].", "/Properties/UserTokens", "NEAR-5"),
    (
        XSTS,
        final("{world}.access-{xuid}"),
        401,
        "Expected a user token, as the fake issues it; got an access token.",
        "/Properties/UserTokens/0",
        "NEAR-4",
    ),
    (
        XSTS,
        final("{world}.user-{xuid}", "{world}.user-{xuid}"),
        400,
        "The fake makes a token for one user at a time; got 2 user tokens.",
        "/Properties/UserTokens",
        "NEAR-5",
    ),
    (
        XSTS,
        final("{world}.user-{xuid}", TitleToken="x"),
        401,
        "Expected a title token, as the fake issues it; got a text of 1 characters.",
        "/Properties/TitleToken",
        "NEAR-4",
    ),
    (
        XSTS,
        final("{world}.user-{xuid}", SandboxId="XDKS.1"),
        401,
        'The sandbox of Stacy is RETAIL; got "XDKS.1".',
        "/Properties/SandboxId",
        "NEAR-5",
    ),
    (
        "device.auth.xboxlive.com/device/authenticate",
        {"Properties": {"AuthMethod": "RPS"}},
        400,
        'Expected an object with "Id"; got {{"AuthMethod": "RPS"}}.',
        "/Properties",
        "NEAR-5",
    ),
    (
        "sisu.xboxlive.com/authorize",
        sisu("x", "y"),
        401,
        "Expected an access token, as the fake issues it; got a text of 1 characters.",
        "/AccessToken",
        "NEAR-4",
    ),
    *(
        (
            "sisu.xboxlive.com/authorize",
            {name: value for name, value in sisu("{world}.access-{xuid}", "{world}.device-0").items() if name != field},
            400,
            f"The field {field} is required here.",
            f"/{field}",
            "CALL-6",
        )
        for field in ("AccessToken", "DeviceToken", "Sandbox", "AppId")
    ),
    (
        "sisu.xboxlive.com/authorize",
        sisu("{world}.access-{xuid}", "{world}.device-0", SessionId="x"),
        400,
        (
            'The field "SessionId" is not known here; known here: AccessToken, DeviceToken, Sandbox, AppId, '
            "RelyingParty, UseModernGamertag, ProofKey, SiteName."
        ),
        "/SessionId",
        "NEAR-6",
    ),
]


def filled(value: Any, names: dict[str, str]) -> Any:
    """A body with the names of a world in it."""
    if isinstance(value, dict):
        return {key: filled(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, names) for inner in value]
    return value.format(**names) if isinstance(value, str) and "{x}" not in value else value


@pytest.mark.parametrize(("url", "body", "status", "what", "where", "rule"), REFUSED)
def test_a_wrong_request_says_what_is_wrong(
    xbl: XboxLive, stacy: User, url: str, body: dict[str, Any], status: int, what: str, where: str, rule: str
) -> None:
    """Place and rule are named, and nobody has signed in (NEAR-3, NEAR-4, NEAR-5, NEAR-6)."""
    names = {"world": xbl.name, "xuid": stacy.xuid}
    before = xbl.snapshot().state
    response = Account(xbl.app).post(url, **filled(body, names))
    assert told(response) == (status, refusal_text(what.format(**names), where, rule))
    assert xbl.snapshot().state == before


@pytest.mark.parametrize(
    ("query", "what", "where"),
    [
        ("response_type=code&redirect_uri=x:y", "The parameter client_id is required here.", "?client_id"),
        ("client_id=a&response_type=code", "The parameter redirect_uri is required here.", "?redirect_uri"),
        ("client_id=a&response_type=token", 'Expected one of "code"; got "token".', "?response_type"),
        (
            "client_id=a&response_type=code&redirect_uri=back",
            'Expected an absolute URI without a fragment; got "back".',
            "?redirect_uri",
        ),
        (
            "client_id=a&response_type=code&redirect_uri=x:y%23z",
            'Expected an absolute URI without a fragment; got "x:y#z".',
            "?redirect_uri",
        ),
        (
            "client_id=a&response_type=code&redirect_uri=x:%0d%0aSet-Cookie",
            'Expected an absolute URI without a fragment; got "x:\\r\\nSet-Cookie".',
            "?redirect_uri",
        ),
    ],
)
def test_a_browser_that_is_sent_wrongly_stays(xbl: XboxLive, stacy: User, query: str, what: str, where: str) -> None:
    """400, and nobody has got a code (NEAR-3)."""
    response = Account(xbl.app).get(f"login.live.com/oauth20_authorize.srf?{query}")
    assert told(response) == (400, refusal_text(what, where, "NEAR-3"))
    assert Account(xbl.app).device_code().endswith(stacy.xuid)


@pytest.mark.parametrize(
    ("content_type", "data", "what", "where"),
    [
        (
            "application/json",
            "{}",
            (
                "The body has to be a form, application/x-www-form-urlencoded, and its Content-Type says "
                '"application/json"; with requests or httpx, data= instead of json=.'
            ),
            "Content-Type",
        ),
        (
            "",
            "",
            (
                "The body has to be a form, application/x-www-form-urlencoded, and it has no Content-Type; "
                "with requests or httpx, data= instead of json=."
            ),
            "Content-Type",
        ),
        ("application/x-www-form-urlencoded", b"\xff=1", "The form is not UTF-8.", "the body"),
        ("application/x-www-form-urlencoded", b"a=%ff", "The form is not UTF-8.", "the body"),
        ("application/x-www-form-urlencoded", b"scope=1&scope=2", 'The field "scope" appears twice.', "/scope"),
    ],
)
def test_a_body_that_is_no_form_is_refused(
    xbl: XboxLive, content_type: str, data: str | bytes, what: str, where: str
) -> None:
    """At login.live.com only: elsewhere it has to be JSON (NEAR-3, CALL-13)."""
    headers = {"Host": "login.live.com"}
    response = Client(xbl.app).post("/oauth20_token.srf", data=data, content_type=content_type, headers=headers)
    assert told(response) == (400, refusal_text(what, where, "NEAR-3"))
    assert xbl.journal[0].mistake == "bad-body"


def test_a_title_is_named_as_titles_are(xbl: XboxLive) -> None:
    """404 for any other name (NEAR-7)."""
    response = Account(xbl.app).get("title.mgt.xboxlive.com/titles/mine/endpoints")
    what = 'A title is named default, current or by its id; got "mine".'
    assert told(response) == (404, refusal_text(what, "the URI", "NEAR-7"))


# Hosts


def test_a_neighbour_has_its_own_operations_only(xbl: XboxLive, stacy: User) -> None:
    """Another path is 404 and says where it is, or what may have been meant (NEAR-1, CALL-1)."""
    client = xbl.client(stacy)
    response = client.get(ONE, headers={"Host": "login.live.com"})
    what = f"The fake has no operation GET {ONE} on host login.live.com; it is at sessiondirectory.xboxlive.com."
    assert told(response) == (404, refusal_text(what, "the URI", "CALL-7"))
    response = client.post("/xsts/authorize", json={}, headers={"Host": "user.auth.xboxlive.com"})
    what = (
        "The fake has no operation POST /xsts/authorize on host user.auth.xboxlive.com; "
        "it is at xsts.auth.xboxlive.com."
    )
    assert told(response) == (404, refusal_text(what, "the URI", "CALL-7"))
    response = client.post("/authenticate", json={}, headers={"Host": "sisu.xboxlive.com"})
    what = "The fake has no operation POST /authenticate on host sisu.xboxlive.com"
    assert told(response) == (404, refusal_text(f"{what}.", "the URI", "CALL-7"))
    assert [entry.mistake for entry in xbl.journal] == ["unknown-route"] * 3


# One server, many worlds


def test_a_sign_in_reaches_the_world_that_was_made_last() -> None:
    """It has no token that says whose it is, and counts as one of the running test (NEAR-4, SEEN-10)."""
    board, older, newer = Switchboard(), XboxLive(name="older"), XboxLive(name="newer")
    older.user("Ana")
    stacy = newer.user("Stacy")
    with board.connected(older.app), board.connected(newer.app):
        account = Account(board, HERE)
        refresh = account.granted(DEVICE_GRANT, device_code=account.device_code())["refresh_token"]
    assert (len(older.journal), newer.app.strangers, stacy.signed_in) == (0, 0, True)
    with board.connected(older.app):
        response = account.post(LOGIN, **REFRESH, refresh_token=refresh)
    what = "This is a refresh token of the world newer, and the request has reached older; sign in again."
    assert told(response) == (400, refusal_text(what, "/refresh_token", "NEAR-4"))
    assert (older.app.strangers, older.journal[0].mistake) == (1, None)
