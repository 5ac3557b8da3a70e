"""A fake that breaks a rule is caught by the suite: each of these rules, broken on purpose, is different."""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple

import pytest

from pytest_xbl.mpsd.effects import Outcome
from pytest_xbl.mpsd.handle_access import OPENINGS
from pytest_xbl.mpsd.model import NO_OPENING
from pytest_xbl.wire.answer import CHECKED_AGAIN
from tests.conformance.conftest import Runner


class Wrong(NamedTuple):
    """A rule, and how the fake breaks it.

    Args:
        module: of the suite, with the tests of the rule.
        place: the function or the table of the fake that is replaced, behind its module.
        instead: what replaces it.
    """

    module: str
    place: str
    instead: Any


def yes(*_: object, **__: object) -> bool:
    """Answer every question with true."""
    return True


def nothing(*_: object, **__: object) -> None:
    """Refuse nothing, do nothing."""


def same(value: Any, *_: object, **__: object) -> Any:
    """Leave everything as it is."""
    return value


def merge_deeply(held: Any, changes: Any) -> Any:
    """Merge objects inside of fields, too."""
    inner = {
        name: {**held[name], **value}
        for name, value in changes.items()
        if isinstance(value, dict) and isinstance(held.get(name), dict)
    }
    return {name: value for name, value in {**held, **changes, **inner}.items() if value is not None}


WRONG = {
    "CALL-17": Wrong("test_calling", "wire.answer.NEVER_KEPT", CHECKED_AGAIN),
    "CALL-12": Wrong("test_calling", "wire.body.LARGEST_BODY", 1 << 30),
    "CALL-15": Wrong("test_calling", "mpsd.names.LONGEST_NAME", 200),
    "CODE-304": Wrong("test_statuses", "wire.operations.unless_known", same),
    "TMPL-4": Wrong("test_templates", "mpsd.constants.deviations", lambda *_: ()),
    "PUT-5": Wrong("test_writing", "mpsd.bags.merged_fields", merge_deeply),
    "PUT-8": Wrong("test_writing", "mpsd.preconditions._names", yes),
    "PROP-8": Wrong("test_writing", "mpsd.session_properties.ABSENT_UNLESS_FILLED", ("turn", "matchmaking")),
    "MEMB-12": Wrong("test_members", "mpsd.applying.has_room", yes),
    "JOIN-2": Wrong("test_access", "mpsd.access._passes", yes),
    "JOIN-4": Wrong("test_access", "mpsd.access._closed_to", nothing),
    "JOIN-11": Wrong("test_access", "mpsd.handle_access.OPENINGS", dict.fromkeys(OPENINGS, NO_OPENING)),
    "TIME-3": Wrong("test_time", "mpsd.timers.TIMEOUTS", {}),
    "TIME-4": Wrong("test_time", "mpsd.timers.without_empty", lambda session, _: Outcome(session)),
    "INIT-3": Wrong("test_initialization", "mpsd.timers.stage_timed_out", lambda session, _: (session, ())),
    "OWN-3": Wrong("test_owners", "mpsd.owners.oldest_member", nothing),
    "OWN-4": Wrong("test_owners", "mpsd.access.blocked_refusal", nothing),
    "ROLE-5": Wrong("test_owners", "mpsd.roles._check_room", nothing),
    "BIG-2": Wrong("test_large", "mpsd.session_properties.check_properties", nothing),
    "FIND-4": Wrong("test_finding", "mpsd.queries._are_own", yes),
    "FIND-8": Wrong("test_finding", "world.queries.in_order", list),
    "HAND-8": Wrong("test_handles", "world.handles.require_may_delete", nothing),
    "HAND-16": Wrong("test_activities", "world.handles._owners", lambda _, owners: owners[::-1]),
    "HAND-18": Wrong("test_handles", "mpsd.handles.INVITE_LIFETIME", 1 << 40),
    "SRCH-7": Wrong("test_searching", "world.searches.in_order", lambda found, _: list(found)),
    "STAT-4": Wrong("test_statistics", "userstats.requests.MOST_NAMES", 100),
    "STAT-6": Wrong("test_statistics", "world.statistics.require_access", nothing),
    "S2S-5": Wrong("test_acting", "world.handles.require_may_make", nothing),
}


@pytest.mark.parametrize("rule", WRONG)
def test_a_broken_rule_is_different(runner: Runner, monkeypatch: pytest.MonkeyPatch, rule: str) -> None:
    """And the run fails; the evidence names a request and its status."""
    wrong = WRONG[rule]
    module, _, name = wrong.place.rpartition(".")
    monkeypatch.setattr(import_module(f"pytest_xbl.{module}"), name, wrong.instead)
    run = runner.run("--xbl-way", "process", "-k", rule, module=wrong.module)
    assert run.result.ret == pytest.ExitCode.TESTS_FAILED
    assert rule in run.of("different")
    assert " -> " in run.row(rule)
