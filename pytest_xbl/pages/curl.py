"""Requests as commands for a shell."""

from __future__ import annotations

import shlex
from urllib.parse import quote

from pytest_xbl.pages.markup import seen
from pytest_xbl.secrets import without_parameters
from pytest_xbl.wire.entry import Entry
from pytest_xbl.wire.hosts import is_real
from pytest_xbl.wire.secrets import without_secrets

LONGEST = 400
"""The most characters of a body that a command repeats."""
ANYWHERE = '"$XBL_URL"'
"""The address of a fake, in a command for one that runs elsewhere."""
LEFT_OUT = ("Host", "Content-Encoding")
"""Headers that curl sends itself, or that no longer fit the body, which is decompressed."""


def curl(entry: Entry, url: str = ANYWHERE) -> str:
    """The command that sends a request once more; the shell has the Authorization header of the caller.

    Args:
        url: the beginning of the address, as a shell reads it.
    """
    target = f"{quote(entry.path, safe=SAFE)}{_query(entry)}"
    method = "" if entry.method == "GET" and not entry.data else f"-X {shlex.quote(entry.method)} "
    token = ['-H "Authorization: $XBL_TOKEN"'] if entry.caller else []
    headers = [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in _headers(entry)]
    return " \\\n  ".join([f"curl -i {method}{url}{shlex.quote(target)}", *token, *headers, *_data(entry)])


SAFE = "/:;,@!$&'()*+=~"
"""The characters of a path that need no escape in a URL."""


def _query(entry: Entry) -> str:
    query = entry._request.query
    return f"?{without_parameters(query)}" if query else ""


def _headers(entry: Entry) -> list[tuple[str, str]]:
    """The headers that the fake reads; a host only if it is a real one."""
    sent = entry._request.headers
    return [(name, seen(value)) for name, value in sent if name not in LEFT_OUT or (name == "Host" and is_real(value))]


def _data(entry: Entry) -> list[str]:
    if not entry.data:
        return []
    text = without_secrets(entry.data.decode(errors="replace"), entry)
    return [f"--data-raw {shlex.quote(text)}" if len(text) <= LONGEST else "--data-binary @body.json"]
