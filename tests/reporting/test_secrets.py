"""What an archive leaves out of the bodies of sign-ins."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from bodies import ONE
from pytest_xbl import XboxLive
from pytest_xbl.reporting.har import har

HOST = "user.auth.xboxlive.com"
LOGIN = {"Host": "login.live.com", "Content-Type": "application/x-www-form-urlencoded"}


def test_the_secrets_of_a_sign_in_are_left_out(xbl: XboxLive) -> None:
    """A developer's own client may send real ones to the fake (SEEN-4)."""
    stacy = xbl.user("Stacy")
    client = xbl.client()
    form = {"grant_type": "authorization_code", "client_id": "id", "client_secret": "HUSH", "code": stacy.sign_in_code}
    signed_in = client.post("/oauth20_token.srf", data=urlencode(form), headers=LOGIN).get_json()
    asked = {"RelyingParty": "http://auth.xboxlive.com", "TokenType": "JWT"}
    ticket = {"AuthMethod": "RPS", "RpsTicket": f"d={signed_in['access_token']}"}
    user = client.post("/user/authenticate", json={**asked, "Properties": ticket}, headers={"Host": HOST}).get_json()
    tokens = {"UserTokens": [user["Token"]], "SandboxId": "RETAIL"}
    party = {"RelyingParty": "http://xboxlive.com", "TokenType": "JWT", "Properties": tokens}
    client.post("/xsts/authorize", json=party, headers={"Host": "xsts.auth.xboxlive.com"})
    xbl.signs_in(stacy)
    redirected = {"client_id": "id", "response_type": "code", "redirect_uri": "http://localhost/"}
    client.get(f"/oauth20_authorize.srf?{urlencode(redirected)}", headers={"Host": "login.live.com"})

    text = "".join(har(xbl.journal))

    assert [entry.status for entry in xbl.journal] == [200, 200, 200, 302]
    secrets = ("HUSH", stacy.sign_in_code, signed_in["access_token"], signed_in["refresh_token"], user["Token"])
    assert [secret for secret in (*secrets, stacy.token) if secret in text] == []
    assert "client_secret=...&code=..." in text


def test_a_refused_secret_is_left_out_too(xbl: XboxLive) -> None:
    """Also where no operation has been found, and in the text of a refusal (NEAR-4)."""
    with xbl.expect_refusal("CALL-1"):
        xbl.client().post("/token?code=HUSH", data="refresh_token=HUSH", headers={**LOGIN, "Host": "graph.live.com"})
    form = {"grant_type": "refresh_token", "client_id": "id", "refresh_token": "M.R3_HUSH"}
    refused = xbl.client().post("/oauth20_token.srf", data=urlencode(form), headers=LOGIN)

    assert refused.status_code == 400
    assert "HUSH" not in refused.text
    assert "HUSH" not in "".join(har(xbl.journal))
    assert "HUSH" not in str(xbl.journal)


def test_the_bodies_of_sessions_are_kept(xbl: XboxLive) -> None:
    """What a test says of a session is no secret, whatever its name (SEEN-4)."""
    stacy = xbl.user("Stacy")
    xbl.client(stacy).put(ONE, json={"properties": {"custom": {"code": "up"}}})
    [entry] = json.loads("".join(har(xbl.journal)))["log"]["entries"]
    assert json.dumps({"code": "up"}) in entry["request"]["postData"]["text"]
