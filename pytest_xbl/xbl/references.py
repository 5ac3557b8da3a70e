"""References to sessions, as a test gives them."""

from __future__ import annotations

from pytest_xbl.errors import XblError, hides_frames, shown
from pytest_xbl.mpsd.model import SessionRef

__tracebackhide__ = hides_frames


def reference(session: object, *, where: str) -> SessionRef:
    """The reference of a session that is given as a session of the test, a reference or a tuple of its parts.

    Args:
        where: the argument that names it.

    Raises:
        XblError: for anything else.
    """
    match getattr(session, "ref", session):
        case (str() as scid, str() as template, str() as name):
            return SessionRef(scid, template, name)
    what = f"Expected a session, or its reference (scid, template, name); got {shown(session)}."
    raise XblError(what, where=where, rule="SEED-2")
