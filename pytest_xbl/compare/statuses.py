"""The status of a member of a session document (MEMB-8), and whether they are initialized (INIT-1, INIT-4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias, get_args

from pytest_xbl.mpsd.model import STATUSES, JsonObject, Status

Progress: TypeAlias = Literal["initializing", "failed"]
MemberStatus: TypeAlias = Status | Progress
MEMBER_STATUSES: tuple[MemberStatus, ...] = (*STATUSES, *get_args(Progress))
"""The statuses that a test may expect; a member has one of MEMB-8, and may be initializing or have failed besides."""


def status_of(member: JsonObject) -> Status:
    """The status of a member (MEMB-8)."""
    if member.get("reserved"):
        return "reserved"
    properties = member.get("properties")
    system = properties.get("system") if isinstance(properties, dict) else None
    flags = system if isinstance(system, dict) else {}
    if flags.get("active"):
        return "active"
    return "ready" if flags.get("ready") else "inactive"


def progress_of(member: JsonObject) -> Progress | None:
    """Whether a member is being initialized, or waits for it, or has failed; None for neither."""
    if member.get("initializationFailure"):
        return "failed"
    return "initializing" if member.get("initializationEpisode") else None


def status_text(member: JsonObject, document: Mapping[str, Any]) -> str:
    """The status of a member in words, with their failure, or with their episode and its stage."""
    progress = progress_of(member)
    if progress is None:
        return status_of(member)
    reason = member["initializationFailure"] if progress == "failed" else _stage(member, document)
    return f"{status_of(member)} and {progress} ({reason})"


def _stage(member: JsonObject, document: Mapping[str, Any]) -> str:
    """The episode of a member, and its stage; they wait if another one is running."""
    episode, running = member["initializationEpisode"], document.get("initializing", {})
    return f"episode {episode}, {running.get('stage') if running.get('episode') == episode else 'waiting'}"
