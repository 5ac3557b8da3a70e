"""How service configurations, templates, sessions and their parts may be named (CALL-5, CALL-15)."""

from __future__ import annotations

from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.shapes import GUID, brief

LONGEST_NAME = 99
"""Characters (CALL-15)."""

FORBIDDEN = frozenset("/\ufffd")
"""A slash separates names, and the other stands for bytes that are no UTF-8."""


def require_scid(scid: str) -> None:
    """Refuse a service configuration that is not named by a GUID (CALL-5).

    Raises:
        Refusal: 404.
    """
    if not GUID.fullmatch(scid):
        what = f"A service configuration is named by a GUID, not {brief(scid)}."
        raise Refusal(404, what, where="the URI", rule="CALL-5")


def require_name(kind: str, name: str) -> None:
    """Refuse a name that is empty, too long, or cannot be printed (CALL-15).

    Args:
        kind: what is named, for the text.

    Raises:
        Refusal: 404.
    """
    if not (0 < len(name) <= LONGEST_NAME and name.isprintable() and FORBIDDEN.isdisjoint(name)):
        what = f"{brief(name)} cannot name a {kind}: a name has 1 to {LONGEST_NAME} printable characters and no slash."
        raise Refusal(404, what, where="the URI", rule="CALL-15")
