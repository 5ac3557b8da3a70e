"""The tokens, codes and passwords in the bodies of sign-ins, which may be real ones and belong into no archive."""

from __future__ import annotations

from pytest_xbl.secrets import without_fields, without_parameters
from pytest_xbl.wire.entry import Entry
from pytest_xbl.wire.routes import ROUTES

WITHOUT_SECRETS = frozenset(route.operation for route in ROUTES)
"""The operations whose bodies hold what a test says of sessions, handles and statistics."""


def without_secrets(text: str, entry: Entry) -> str:
    """A body, or a header, of a request or its response, with `...` for what only the client and the service know."""
    return text if entry.operation in WITHOUT_SECRETS else without_parameters(without_fields(text))
