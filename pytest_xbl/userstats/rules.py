"""The rules about reading statistics: who may, and of whom (STAT-6, STAT-7)."""

from __future__ import annotations

from collections.abc import Container, Iterable

from pytest_xbl.mpsd.model import Caller
from pytest_xbl.mpsd.refusal import Place, Refusal
from pytest_xbl.userstats.model import Definition
from pytest_xbl.userstats.requests import Places


def require_sandbox(caller: Caller, sandbox: str) -> None:
    """Refuse a user whose token is for another sandbox.

    Raises:
        Refusal: 403.
    """
    if not caller.server and caller.sandbox != sandbox:
        what = f"The statistics are those of the sandbox {sandbox}; the token of {caller.name} is for {caller.sandbox}."
        raise Refusal(403, what, where="Authorization", rule="STAT-6")


def require_access(name: str, definition: Definition, caller: Caller, *, plays_it: bool, where: Place) -> None:
    """Refuse a restricted statistic to a caller without access to its service configuration.

    Args:
        plays_it: whether the title of the caller's token belongs to that service configuration.
        where: the place in the request.

    Raises:
        Refusal: 403.
    """
    if definition.access == "restricted" and not caller.server and not plays_it:
        what = f"The statistic {name} is restricted, and {caller.name} plays no title of its service configuration."
        raise Refusal(403, what, where=where, rule="STAT-6")


def require_users(asked: Places, known: Container[str]) -> None:
    """Refuse a request about a user whom nobody knows.

    Args:
        asked: by xuid, with the places where they are named.

    Raises:
        Refusal: 404 (STAT-7).
    """
    for xuid, where in asked.items():
        if xuid not in known:
            raise Refusal(404, f"There is no user with the xuid {xuid}.", where=where, rule="STAT-7")


def require_known_scid(scid: str, known: Iterable[str], *, where: Place) -> None:
    """Refuse a service configuration that nobody knows.

    Args:
        known: in lower case.

    Raises:
        Refusal: 404 (STAT-7).
    """
    if scid.lower() not in known:
        what = f"The service configuration {scid} is unknown: it has no statistics, no titles and no templates."
        raise Refusal(404, what, where=where, rule="STAT-7")
