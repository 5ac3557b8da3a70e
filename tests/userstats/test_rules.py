"""Who may read statistics: sandboxes, and what a title has restricted."""

from __future__ import annotations

import pytest

from pytest_xbl.mpsd.model import Caller
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.userstats.model import Access, Definition
from pytest_xbl.userstats.rules import require_access, require_sandbox

STACY = Caller("Stacy", xuid="7", title_id="1")
TESTER = Caller("Tessa", xuid="8", title_id="1", sandbox="XDKS.1")
SERVER = Caller("server", server=True)
OTHER_SERVER = Caller("other server", server=True, sandbox="XDKS.1")
AGENT = Caller("agent", xuid="7", title_id="1", server=True)


def told(refusal: Refusal) -> tuple[int, str, str, str]:
    """All that a refusal says."""
    return refusal.status, refusal.what, refusal.where, refusal.rule


@pytest.mark.parametrize(
    ("caller", "sandbox"),
    [
        (STACY, "RETAIL"),
        (TESTER, "XDKS.1"),
        (SERVER, "RETAIL"),
        (SERVER, "XDKS.1"),
        (OTHER_SERVER, "RETAIL"),
        (AGENT, "RETAIL"),
        (AGENT, "XDKS.1"),
    ],
)
def test_users_read_in_their_own_sandbox_and_services_in_all(caller: Caller, sandbox: str) -> None:
    """A service that acts for a user is a service (STAT-6, STAT-12)."""
    require_sandbox(caller, sandbox)


@pytest.mark.parametrize(
    ("caller", "sandbox", "what"),
    [
        (STACY, "XDKS.1", "The statistics are those of the sandbox XDKS.1; the token of Stacy is for RETAIL."),
        (STACY, "retail", "The statistics are those of the sandbox retail; the token of Stacy is for RETAIL."),
        (TESTER, "RETAIL", "The statistics are those of the sandbox RETAIL; the token of Tessa is for XDKS.1."),
    ],
)
def test_a_user_of_another_sandbox_is_refused(caller: Caller, sandbox: str, what: str) -> None:
    """They are known, and not allowed: 403 (STAT-6, STAT-12)."""
    with pytest.raises(Refusal) as refused:
        require_sandbox(caller, sandbox)
    assert told(refused.value) == (403, what, "Authorization", "STAT-6")


ACCESS: list[tuple[Caller, bool, Access, bool]] = [
    # who; whether they play a title of the service configuration; what it says of access; whether they read
    (STACY, True, "open", True),
    (STACY, False, "open", True),
    (STACY, True, "restricted", True),
    (STACY, False, "restricted", False),
    (SERVER, True, "open", True),
    (SERVER, False, "open", True),
    (SERVER, True, "restricted", True),
    (SERVER, False, "restricted", True),
    (AGENT, True, "open", True),
    (AGENT, False, "open", True),
    (AGENT, True, "restricted", True),
    (AGENT, False, "restricted", True),
]


READERS = [row[:3] for row in ACCESS if row[3]]
OTHERS = [row[:3] for row in ACCESS if not row[3]]


@pytest.mark.parametrize(("caller", "plays_it", "access"), READERS)
def test_open_statistics_are_everybodys_and_restricted_ones_those_of_services_and_players(
    caller: Caller, plays_it: bool, access: Access
) -> None:
    """Whether a service acts for somebody or not (STAT-6, STAT-12)."""
    require_access("kills", Definition(access=access), caller, plays_it=plays_it, where="the URI")


@pytest.mark.parametrize(("caller", "plays_it", "access"), OTHERS)
def test_a_restricted_statistic_is_kept_from_players_of_other_titles(
    caller: Caller, plays_it: bool, access: Access
) -> None:
    """They are known, and not allowed: 403, which names the statistic where it is asked for (STAT-6, STAT-12)."""
    with pytest.raises(Refusal) as refused:
        require_access("kills", Definition(access=access), caller, plays_it=plays_it, where="/stats/0/name")
    what = "The statistic kills is restricted, and Stacy plays no title of its service configuration."
    assert told(refused.value) == (403, what, "/stats/0/name", "STAT-6")


def test_the_type_of_a_statistic_restricts_nobody() -> None:
    """Only its access does (STAT-6)."""
    require_access("kills", Definition("Integer"), STACY, plays_it=False, where="the URI")
