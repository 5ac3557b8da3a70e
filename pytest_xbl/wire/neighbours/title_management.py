"""The service at title.mgt.xboxlive.com, which says where a title's tokens are good (NEAR-7)."""

from __future__ import annotations

import re

from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import OneOf
from pytest_xbl.wire.answer import Answer
from pytest_xbl.wire.call import Call
from pytest_xbl.wire.neighbours.answers import content
from pytest_xbl.wire.neighbours.authentication import XBOX_LIVE

TYPE = {"type": Field(OneOf(("1",)), "NEAR-7")}
EVERYWHERE = {
    "Protocol": "https",
    "Host": "*.xboxlive.com",
    "HostType": "wildcard",
    "RelyingParty": XBOX_LIVE,
    "TokenType": "JWT",
}


def require_title(title: str) -> None:
    """Refuse what is no title.

    Raises:
        Refusal: 404.
    """
    if not re.fullmatch("(?i)default|current|[0-9]{1,10}", title):
        what = f"A title is named default, current or by its id; got {brief(title)}."
        raise Refusal(404, what, where="the URI", rule="NEAR-7")


def get_endpoints(_call: Call) -> Answer:
    """Read where the tokens of a title are good: at all hosts of Xbox Live."""
    return content({"EndPoints": [EVERYWHERE], "SignaturePolicies": [], "Certs": [], "RootCerts": []})
