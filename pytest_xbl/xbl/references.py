"""References to sessions, as a test gives them."""

from __future__ import annotations

from pytest_xbl.errors import XblError, hides_frames, shown
from pytest_xbl.mpsd.model import SessionRef
from pytest_xbl.world.world import World

__tracebackhide__ = hides_frames


def reference_in(world: World, session: object, *, where: str) -> SessionRef:
    """The reference of a session that is given in one of these ways, and is no session of another world.

    Args:
        where: the argument that names it.

    Raises:
        XblError: for anything else.
    """
    if getattr(session, "_world", world) is not world:
        what = f"The session {getattr(session, 'ref', '')} belongs to another world, not to this one."
        raise XblError(what, where=where, rule="SEED-2")
    return reference(session, where=where)


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
