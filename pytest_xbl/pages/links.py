"""Links: where a page leads for a request, a session, a version or a rule."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pytest_xbl.mpsd.model import SessionRef
from pytest_xbl.world.state import SessionKey


class Links:
    """The addresses of what a page shows elsewhere; each is "" where there is no such place.

    These lead nowhere; whoever has places for such things says so.
    """

    def request(self, number: int) -> str:  # noqa: ARG002 -- for those who lead somewhere
        """The address of a request."""
        return ""

    def session(self, ref: SessionRef) -> str:  # noqa: ARG002
        """The address of a session."""
        return ""

    def version(self, ref: SessionRef, position: int) -> str:  # noqa: ARG002
        """The address of a version of a session, by its position in the history."""
        return ""

    def rule(self, rule: str) -> str:  # noqa: ARG002
        """The address of what a rule says."""
        return ""


class Anchors(Links):
    """The places within one page.

    Args:
        requests: the numbers of those that the page shows.
        sessions: that the page shows.
        rules: the ids of those whose text the page shows.
    """

    def __init__(self, requests: Collection[int], sessions: Sequence[SessionRef], rules: Collection[str]) -> None:
        self._requests = requests
        self._sessions: dict[SessionKey, int] = {ref.key: place for place, ref in enumerate(sessions, 1)}
        self._rules = rules

    def request(self, number: int) -> str:
        """The row of a request."""
        return f"#{request_id(number)}" if number in self._requests else ""

    def session(self, ref: SessionRef) -> str:
        """The heading of a session."""
        place = self._sessions.get(ref.key)
        return f"#session-{place}" if place else ""

    def version(self, ref: SessionRef, position: int) -> str:
        """The row of a version."""
        session = self.session(ref)
        return f"{session}-version-{position}" if session else ""

    def rule(self, rule: str) -> str:
        """The heading of a rule."""
        return f"#{rule_id(rule)}" if rule in self._rules else ""


def request_id(number: int) -> str:
    """The id of the row of a request."""
    return f"request-{number}"


def rule_id(rule: str) -> str:
    """The id of the heading of a rule."""
    return f"rule-{rule.lower()}"
