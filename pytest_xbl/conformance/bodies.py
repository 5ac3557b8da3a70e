"""Bodies that many tests send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

Body: TypeAlias = dict[str, Any]

JOIN: Body = {"members": {"me": {}}}
"""A write that says nothing of its caller; whoever joins by it is neither active nor ready."""
ACTIVE: Body = {"members": {"me": {"properties": {"system": {"active": True}}}}}
INACTIVE: Body = {"members": {"me": {"properties": {"system": {"active": False}}}}}
LEAVE: Body = {"members": {"me": None}}
PATIENT: Body = {"inactiveRemovalTimeout": None, "reservedRemovalTimeout": None, "sessionEmptyTimeout": None}
"""System constants of a session that keeps its reservations and inactive members, and stays when it is empty."""
ADDRESS = "AQGYo65N"
"""A secure device address of version 1 whose NAT is open; others differ in their last bytes (MEMB-16)."""
GUID = "81a3266d-3066-4d55-9a16-2034ee70a850"


def me(custom: Body | None = None, /, **system: Any) -> Body:
    """A body that writes properties of the caller: custom ones, and system ones by name."""
    return {"members": {"me": {"properties": _bags(system, custom)}}}


def reserve(*xuids: str, first: int = 0, **parts: Any) -> Body:
    """A body that reserves a place for each of these users.

    Args:
        first: the number of the first reservation.
        parts: of each reservation, beside its constants.
    """
    seats = [{"constants": {"system": {"xuid": xuid}}, **parts} for xuid in xuids]
    return {"members": {f"reserve_{number}": seat for number, seat in enumerate(seats, first)}}


def constants(custom: Body | None = None, /, **system: Any) -> Body:
    """A body of constants: custom ones, and system ones by name."""
    return {"constants": _bags(system, custom)}


def properties(custom: Body | None = None, /, **system: Any) -> Body:
    """A body that writes properties of the session: custom ones, and system ones by name."""
    return {"properties": _bags(system, custom)}


def server(custom: Body | None = None, /, *, name: str = "arena", **system: Any) -> Body:
    """A body that writes properties of a server."""
    return {"servers": {name: {"properties": _bags(system, custom)}}}


def both(*bodies: Body) -> Body:
    """One body with the parts of several; of two values of one field the later counts."""
    merged: Body = {}
    for body in bodies:
        for name, value in body.items():
            inner = merged.get(name)
            merged[name] = both(inner, value) if isinstance(inner, dict) and isinstance(value, dict) else value
    return merged


def _bags(system: Mapping[str, Any], custom: Body | None) -> Body:
    return {name: {**bag} for name, bag in (("system", system), ("custom", custom or {})) if bag}
