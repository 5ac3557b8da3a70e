"""The guard of the explorer: it refuses requests by foreign names, of other sites, and with methods that a page lacks.

A page on the web can make a browser send requests to this machine, and by a name that resolves to it even read the
responses.
So a page is shown only by a name of the machine itself, and only to a request that no other site has caused (SEEN-15).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.wire.hosts import LOOPBACK, LOOPBACK_OF, host_name

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

RULE = "SEEN-15"
ADDRESS = re.compile(r"[0-9]+(?:\.[0-9]+){3}|\[[0-9a-f:.]+\]")
"""An address instead of a name: no server of names can lead it elsewhere."""
OWN_SITE = ("same-origin", "none")
"""The values of `Sec-Fetch-Site` of a request that comes from a page of ours, or from the person in front of it."""
HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",  # without any, a browser would hide the origin of a form
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""The headers of every response, by which a browser keeps it from other sites."""


class Refused(NamedTuple):
    """The reason why a request gets no page.

    Args:
        what: a sentence.
        where: the header, or other place, that is wrong.
    """

    status: HTTPStatus
    what: str
    where: str

    @property
    def text(self) -> str:
        """The sentence, the place and the rule, as in other refusals."""
        return f"{self.what}\nwhere: {self.where}\nrule: {RULE}\n"


def refusal(environ: WSGIEnvironment, *, host: str) -> Refused | None:
    """The reason to refuse a request; None for none.

    Args:
        host: at which the server listens.
    """
    return _foreign_name(environ, host) or _other_site(environ)


def require_method(environ: WSGIEnvironment, methods: Sequence[str]) -> Refused | None:
    """The reason to refuse the method of a request; None for none.

    Args:
        methods: those that its page has.
    """
    method = environ["REQUEST_METHOD"]
    if method in methods:
        return None
    what = f"This page has the methods {' and '.join(methods)}, not {brief(method)}: looking changes nothing."
    return Refused(HTTPStatus.METHOD_NOT_ALLOWED, what, "the method")


def policy(*, style: str, script: str) -> str:
    """The content security policy of a page, which loads nothing and runs nothing but what stands in it.

    Args:
        style: the hash of its style sheet, such as `sha256-...`.
        script: the hash of its script.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{style}'",
            f"script-src '{script}'",
            "img-src data:",
            "connect-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


def _foreign_name(environ: WSGIEnvironment, own: str) -> Refused | None:
    """The reason to refuse a `Host` that is neither the machine itself nor the host at which the server listens."""
    host = environ.get("HTTP_HOST", "")
    name = host_name(host)
    if not name or LOOPBACK.fullmatch(name) or name.strip("[]") == own.lower():
        return None
    if own in LOOPBACK_OF and ADDRESS.fullmatch(name):
        return None
    names = "localhost, 127.0.0.1"
    if own in LOOPBACK_OF:
        names += " and addresses of this machine"
    elif own not in names:
        names += f" and {own}"
    what = f"The explorer answers {names}, not {brief(host)}."
    return Refused(HTTPStatus.MISDIRECTED_REQUEST, what, "Host")


def _other_site(environ: WSGIEnvironment) -> Refused | None:
    """The reason to refuse a request that a page of another site has caused."""
    site = environ.get("HTTP_SEC_FETCH_SITE", "none")
    if site not in OWN_SITE:
        what = "A page of another site asked for this one; to open it yourself, paste its address into the browser."
        return Refused(HTTPStatus.FORBIDDEN, what, "Sec-Fetch-Site")
    origin = environ.get("HTTP_ORIGIN", "")
    if origin and origin != f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST', '')}":
        what = f"A page of {brief(origin)} asked for this one, and only the explorer's own pages may."
        return Refused(HTTPStatus.FORBIDDEN, what, "Origin")
    return None
