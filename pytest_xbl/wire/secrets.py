"""The tokens, codes and passwords in the bodies of sign-ins, which may be real ones and belong into no archive."""

from __future__ import annotations

import re

from pytest_xbl.wire.journal import Entry
from pytest_xbl.wire.routes import ROUTES

WITHOUT_SECRETS = frozenset(route.operation for route in ROUTES)
"""The operations whose bodies hold what a test says of sessions, handles and statistics."""
_FIELDS = "|".join(
    (
        *("access_token", "client_secret", "code", "code_verifier", "device_code", "password", "refresh_token"),
        *("AccessToken", "DeviceToken", "RpsTicket", "TitleToken", "Token"),
    )
)
_IN_JSON = re.compile(rf'("(?:{_FIELDS})"\s*:\s*)"[^"]*"')
_IN_A_LIST = re.compile(r'("UserTokens"\s*:\s*\[)[^\]]*')
_IN_A_FORM = re.compile(rf"((?:^|[?&])(?:{_FIELDS})=)[^&]*")


def without_secrets(text: str, entry: Entry) -> str:
    """A body, or a header, of a request or its response, with `...` for what only the client and the service know."""
    if entry.operation in WITHOUT_SECRETS:
        return text
    return _IN_A_FORM.sub(r"\1...", _IN_A_LIST.sub(r'\1"..."', _IN_JSON.sub(r'\1"..."', text)))
