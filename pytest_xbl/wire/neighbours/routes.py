"""The table of the operations of neighbours (NEAR)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from pytest_xbl.mpsd.schema import Field
from pytest_xbl.wire.forms import FORM_BODY
from pytest_xbl.wire.neighbours import authentication, login, title_management
from pytest_xbl.wire.neighbours.answers import any_contract, anybody
from pytest_xbl.wire.route import Route

_Neighbour = partial(Route, contract=any_contract)
_SignIn = partial(_Neighbour, identify=anybody)
_Form = partial(_SignIn, hosts=("login.live.com",), has_body=True, body=FORM_BODY)

SIGN_IN = (
    _Form("connect-device", "POST", "/oauth20_connect.srf", login.connect_device, (200,), ("NEAR-2", "NEAR-3")),
    _SignIn(
        "authorize-login",
        "GET",
        "/oauth20_authorize.srf",
        login.authorize_login,
        (302,),
        ("NEAR-2", "NEAR-3"),
        hosts=("login.live.com",),
        parameters=login.AUTHORIZE,
    ),
    _Form(
        "grant-token",
        "POST",
        "/oauth20_token.srf",
        login.grant_token,
        (200,),
        ("NEAR-2", "NEAR-3", "NEAR-4"),
        parameters=login.TOKEN_QUERY,
    ),
    *(
        _SignIn(operation, "POST", path, run, (200,), (rule, "NEAR-4"), hosts=(host,), has_body=True)
        for operation, host, path, run, rule in (
            (
                "authenticate-user",
                "user.auth.xboxlive.com",
                "/user/authenticate",
                authentication.authenticate_user,
                "NEAR-5",
            ),
            (
                "authenticate-device",
                "device.auth.xboxlive.com",
                "/device/authenticate",
                authentication.authenticate_device,
                "NEAR-5",
            ),
            (
                "authenticate-title",
                "title.auth.xboxlive.com",
                "/title/authenticate",
                authentication.authenticate_title,
                "NEAR-5",
            ),
            ("authorize-xsts", "xsts.auth.xboxlive.com", "/xsts/authorize", authentication.authorize_xsts, "NEAR-5"),
            ("authorize-sisu", "sisu.xboxlive.com", "/authorize", authentication.authorize_sisu, "NEAR-6"),
        )
    ),
    _SignIn(
        "get-endpoints",
        "GET",
        "/titles/{title}/endpoints",
        title_management.get_endpoints,
        (200,),
        ("NEAR-7",),
        hosts=("title.mgt.xboxlive.com",),
        parameters=title_management.TYPE,
        checks={"title": title_management.require_title},
    ),
)

ROUTES: tuple[Route, ...] = SIGN_IN

BODIES: Mapping[str, Mapping[str, Field]] = {
    "connect-device": login.CONNECT,
    "grant-token": login.TOKEN,
    "authenticate-user": authentication.USER,
    "authenticate-device": authentication.DEVICE,
    "authenticate-title": authentication.TITLE,
    "authorize-xsts": authentication.XSTS,
    "authorize-sisu": authentication.SISU,
}
"""The tables of what the bodies hold, by operation, for the documentation."""
