"""Who may read statistics (STAT-6)."""

from __future__ import annotations

from pytest_xbl.mpsd.model import Caller
from pytest_xbl.mpsd.refusal import Place, Refusal
from pytest_xbl.userstats.model import Definition


def require_sandbox(caller: Caller, sandbox: str) -> None:
    """Refuse a user whose token is for another sandbox.

    Raises:
        Refusal: 403.
    """
    if not caller.server and caller.sandbox != sandbox:
        what = f"The statistics are those of the sandbox {sandbox}; the token of {caller.name} is for {caller.sandbox}."
        raise Refusal(403, what, where="Authorization", rule="STAT-6")


def require_access(name: str, definition: Definition, caller: Caller, *, plays_it: bool, where: Place) -> None:
    """Refuse a restricted statistic to those who have no access to its service configuration.

    Args:
        plays_it: whether the title of the caller's token belongs to that service configuration.
        where: it is asked for.

    Raises:
        Refusal: 403.
    """
    if definition.access == "restricted" and not caller.server and not plays_it:
        what = f"The statistic {name} is restricted, and {caller.name} plays no title of its service configuration."
        raise Refusal(403, what, where=where, rule="STAT-6")
