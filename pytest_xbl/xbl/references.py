"""How a test names a session: by what it holds of it."""

from __future__ import annotations

from pytest_xbl.errors import XblError, hides_frames
from pytest_xbl.mpsd.model import SessionRef

__tracebackhide__ = hides_frames


def reference(session: object) -> SessionRef:
    """The reference of a session that is given as a view, a reference or a tuple of its parts.

    Raises:
        XblError: for anything else.
    """
    match getattr(session, "ref", session):
        case (str() as scid, str() as template, str() as name):
            return SessionRef(scid, template, name)
    raise XblError(f"A session is named by its reference; {session!r} is none.")
