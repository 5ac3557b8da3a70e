"""Checks of the names of service configurations, templates, sessions and their parts (CALL-5, CALL-15)."""

from __future__ import annotations

import re

from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.model import Json
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.shapes import GUID, Matching, Passing

INDEX = re.compile(r"0|[1-9][0-9]{0,99}")
LONGEST_NAME = 99
"""Characters (CALL-15)."""

FORBIDDEN = frozenset("/\ufffd")
"""A slash separates names, and the other character replaces bytes that are not UTF-8."""


def require_scid(scid: str) -> None:
    """Refuse a service configuration that is not named by a GUID (CALL-5).

    Raises:
        Refusal: 404.
    """
    if not re.fullmatch(GUID, scid):
        what = f"A service configuration is named by a GUID, not {brief(scid)}."
        raise Refusal(404, what, where="the URI", rule="CALL-5")


def require_name(kind: str, name: str) -> None:
    """Refuse a name that is empty, too long, or cannot be printed (CALL-15).

    Args:
        kind: of the thing that has the name, for the text.

    Raises:
        Refusal: 404.
    """
    if not _can_be_name(name):
        what = f"{brief(name)} cannot name a {kind}: a name has 1 to {LONGEST_NAME} printable characters and no slash."
        raise Refusal(404, what, where="the URI", rule="CALL-15")


def require_index(index: str) -> None:
    """Refuse a text that cannot be the index of a member (CODE-404).

    Raises:
        Refusal: 404.
    """
    require_name("member", index)
    if not INDEX.fullmatch(index):
        what = f"A member is named by index, or me; {brief(index)} is neither."
        raise Refusal(404, what, where="the URI", rule="CODE-404")


def require_handle_id(handle_id: str) -> None:
    """Refuse the id of a handle that is not a GUID, or is all zeros (HAND-15).

    Raises:
        Refusal: 400.
    """
    if handle_id_in_body.misfit(handle_id):
        what = f"A handle is named by a GUID that is not all zeros, not {brief(handle_id)}."
        raise Refusal(400, what, where="the URI", rule="HAND-15")


def _can_be_name(name: Json) -> bool:
    return type(name) is str and 0 < len(name) <= LONGEST_NAME and name.isprintable() and FORBIDDEN.isdisjoint(name)


name_in_body = Passing(
    f"a name of 1 to {LONGEST_NAME} printable characters, no slash",
    _can_be_name,
    f"[^/]{{1,{LONGEST_NAME}}}",
)
"""The shape of a template's or a session's name in a body (CALL-15)."""

handle_id_in_body = Matching("a GUID that is not all zeros", f"(?![0-]*$){GUID}")
"""The shape of a handle's id in a body (HAND-15)."""
