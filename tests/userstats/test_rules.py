"""Access to statistics: sandboxes and restrictions."""

from __future__ import annotations

import pytest

from errors import told_of
from pytest_xbl.mpsd.model import Caller
from pytest_xbl.userstats.model import Access, Definition
from pytest_xbl.userstats.rules import require_access, require_sandbox

STACY = Caller("Stacy", xuid="7", title_id="1")
TESTER = Caller("Tessa", xuid="8", title_id="1", sandbox="XDKS.1")
SERVER = Caller("server", server=True)
OTHER_SERVER = Caller("other server", server=True, sandbox="XDKS.1")
AGENT = Caller("agent", xuid="7", title_id="1", server=True)


def test_users_read_in_their_own_sandbox_and_services_in_all() -> None:
    """A service that acts for a user is a service (STAT-6, STAT-12)."""
    everywhere = [(server, box) for server in (SERVER, OTHER_SERVER, AGENT) for box in ("RETAIL", "XDKS.1")]
    for caller, sandbox in ((STACY, "RETAIL"), (TESTER, "XDKS.1"), *everywhere):
        require_sandbox(caller, sandbox)


@pytest.mark.parametrize(
    ("caller", "sandbox", "own"),
    [(STACY, "XDKS.1", "RETAIL"), (STACY, "retail", "RETAIL"), (TESTER, "RETAIL", "XDKS.1")],
)
def test_a_user_of_another_sandbox_is_refused(caller: Caller, sandbox: str, own: str) -> None:
    """They are known, and not allowed: 403 (STAT-6, STAT-12)."""
    what = f"The statistics are those of the sandbox {sandbox}; the token of {caller.name} is for {own}."
    assert told_of(lambda: require_sandbox(caller, sandbox)) == (403, "Authorization", what, "STAT-6")


READERS: list[tuple[Caller, bool, Access]] = [
    # who, whether they play a title of the service configuration, and what it says of access
    *((caller, plays_it, "open") for caller in (STACY, SERVER, AGENT) for plays_it in (True, False)),
    *((caller, plays_it, "restricted") for caller in (SERVER, AGENT) for plays_it in (True, False)),
    (STACY, True, "restricted"),
]


@pytest.mark.parametrize(("caller", "plays_it", "access"), READERS)
def test_open_statistics_are_everybodys_and_restricted_ones_those_of_services_and_players(
    caller: Caller, plays_it: bool, access: Access
) -> None:
    """Whether a service acts for a user or not (STAT-6, STAT-12)."""
    require_access("kills", Definition(access=access), caller, plays_it=plays_it, where="the URI")


def test_a_restricted_statistic_is_kept_from_players_of_other_titles() -> None:
    """They are known, and not allowed: 403, which names the statistic where it is asked for (STAT-6, STAT-12)."""
    restricted, where = Definition(access="restricted"), "/stats/0/name"
    refused = told_of(lambda: require_access("kills", restricted, STACY, plays_it=False, where=where))
    what = "The statistic kills is restricted, and Stacy plays no title of its service configuration."
    assert refused == (403, where, what, "STAT-6")


def test_the_type_of_a_statistic_restricts_nobody() -> None:
    """Only its access does (STAT-6)."""
    require_access("kills", Definition("Integer"), STACY, plays_it=False, where="the URI")
