"""The status of a member of a session document (MEMB-8, INIT-1)."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_xbl.compare.statuses import progress_of, status_of, status_text

MEASURING = {"initializing": {"stage": "measuring", "episode": 1}}


@pytest.mark.parametrize(
    ("member", "status"),
    [
        ({"reserved": True}, "reserved"),
        ({"properties": {"system": {"active": True}}}, "active"),
        ({"properties": {"system": {"ready": True}}}, "ready"),
        ({"properties": {"system": {"active": False}}}, "inactive"),
        ({"properties": {"system": {}}}, "inactive"),
        ({"properties": {}}, "inactive"),
        ({"properties": ...}, "inactive"),
        ({"properties": {"system": ...}}, "inactive"),
        ({}, "inactive"),
    ],
)
def test_a_member_has_a_status(member: dict[str, Any], status: str) -> None:
    """As their document says (MEMB-8)."""
    assert status_of(member) == status


@pytest.mark.parametrize(
    ("member", "progress", "text"),
    [
        ({}, None, "inactive"),
        ({"reserved": True}, None, "reserved"),
        ({"initializationEpisode": 1}, "initializing", "inactive and initializing (episode 1, measuring)"),
        ({"initializationEpisode": 2}, "initializing", "inactive and initializing (episode 2, waiting)"),
        ({"initializationFailure": "latency"}, "failed", "inactive and failed (latency)"),
        ({"initializationFailure": "group", "initializationEpisode": 1}, "failed", "inactive and failed (group)"),
    ],
)
def test_a_member_may_be_initializing_or_have_failed(member: dict[str, Any], progress: str | None, text: str) -> None:
    """Besides their status; in words with the episode and its stage, or with the failure (INIT-1, INIT-4)."""
    assert progress_of(member) == progress
    assert status_text(member, MEASURING) == text
