"""Mistakes of the client under test, which fail the test unless they are expected or let pass."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pytest_xbl.errors import XblError, hides_frames, shown
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.suggesting import did_you_mean, nearest, or_meant
from pytest_xbl.wire.entry import Entry
from pytest_xbl.wire.journal import Journal

__tracebackhide__ = hides_frames

MISTAKES = {
    "unknown-route": "a request to a path or with a method that the fake does not have",
    "unknown-service": "a request to a real host whose service the fake does not have",
    "bad-body": "a body that is no JSON, or has fields that the service does not know",
    "late-call": "a request of a test that is over",
    "egress": "a connection to a host that a test may not reach",
}
"""The mistakes that fail a test, by the name under which each can be let pass."""


class Strictness:
    """The refusals of a world that fail its test: mistakes that are neither let pass nor expected.

    Args:
        journal: of the world.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._idle: list[ExpectedRefusal] = []
        """What is expected in no with-block yet."""
        self.loose: frozenset[str] = frozenset()

    def loosen(self, names: Iterable[str]) -> None:
        """Let mistakes of these kinds pass.

        Raises:
            XblError: for an unknown kind.
        """
        wanted: list[Any] = [names] if isinstance(names, str) or not isinstance(names, Iterable) else list(names)
        if unknown := [name for name in wanted if name not in tuple(MISTAKES)]:
            near = nearest(unknown[0], MISTAKES) if isinstance(unknown[0], str) else None
            what = f"Unknown kind {shown(unknown[0])} in loose; known kinds: {', '.join(MISTAKES)}."
            raise XblError(f"{what}{or_meant(near and repr(near))}")
        self.loose |= frozenset(wanted)

    def expecting(self, reason: str | int, match: str | re.Pattern[str] | None = None) -> ExpectedRefusal:
        """Expect at least one refusal of this kind in a with-block; those that come there are no mistakes.

        Args:
            reason: the id of a rule, or an HTTP status.
            match: a regular expression, which the text has somewhere in it.

        Raises:
            XblError: for a reason that is neither a rule nor a status, or a match that is no regular expression.
        """
        block = ExpectedRefusal(self, reason, match)
        self._idle.append(block)
        return block

    def enter(self, block: ExpectedRefusal) -> int:
        """Begin a with-block; the number of requests that have arrived before it."""
        self._idle = [other for other in self._idle if other is not block]
        self._journal.mistakes.waiting.append(block.expects)
        return self._journal.total

    def leave(self, block: ExpectedRefusal, before: int) -> str:
        """End a with-block; the text about the requests that have arrived in it.

        Args:
            before: the number of requests that have arrived before it.
        """
        self._journal.mistakes.waiting.remove(block.expects)
        if self._journal.total == before:
            return "no request has arrived in the block."
        return "\n".join(("got:", *self._journal.came(before)))

    def excuse(self, entry: Entry) -> None:
        """Let a request fail nothing, whatever became of it."""
        self._journal.mistakes.excuse(entry)

    def take_idle(self) -> list[str]:
        """The expectations that no with-block has begun with, and that expect nothing so; each is given once."""
        taken, self._idle = self._idle, []
        return [block.wanted for block in taken]

    @property
    def has_news(self) -> bool:
        """Whether there is anything that nobody has looked at."""
        return bool(self._journal.mistakes or self._idle)

    def take_mistakes(self, loose: frozenset[str] = frozenset()) -> list[Entry]:
        """The refusals that should fail the test; each is given once.

        Args:
            loose: the kinds that pass besides those that always do.
        """
        loose |= self.loose
        return [entry for entry in self._journal.mistakes.take() if entry.mistake not in loose]


REFUSALS = range(400, 600)
"""The statuses of refusals."""
LATE = "a request of a test that is over reaches no world; loose=['late-call'] lets it pass"
FOREIGN = "a request for a foreign Host reaches no world; look at its response instead"
OUTSIDE: dict[object, str] = {"SEEN-6": LATE, 410: LATE, "SEEN-11": FOREIGN, 421: FOREIGN}
"""Refusals that never come from a world, by rule and by status, and the reason."""
NO_REQUESTS = {
    "SEEN": "its rules are about what tests see",
    "FAULT": "its rules are about what a test lets go wrong; xbl.faults fails a test whose fault does not happen",
    "REPL": "its rules are about recordings, which fail no test",
    "SEED": "its rules are about set-up, whose mistakes pytest.raises(XblError) expects",
    "CMD": "its rules are about the program pytest-xbl",
}
"""The families of rules that refuse no request, and the reason."""


class ExpectedRefusal:
    """A with-block in which a refusal has to come, and afterwards that refusal, the first one of its kind.

    Args:
        strictness: of the world.
        reason: the id of a rule, or an HTTP status.
        match: a regular expression for the text.

    Raises:
        XblError: for a reason or a match that cannot be.
    """

    def __init__(self, strictness: Strictness, reason: str | int, match: str | re.Pattern[str] | None) -> None:
        _require_reason(reason)
        self._strictness = strictness
        self._reason = reason
        self._match = _pattern(match)
        self._before = 0
        self._met: Entry | None = None

    def __repr__(self) -> str:
        """The refusal, or what is expected."""
        return f"<refusal {self._met}>" if self._met else f"<expected: {self.wanted}>"

    def __enter__(self) -> ExpectedRefusal:  # noqa: PYI034 -- typing has no Self before 3.11
        self._met = None
        self._before = self._strictness.enter(self)
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        """Fail unless such a refusal has come, or a client raises what it was answered with.

        Raises:
            AssertionError: with what came instead.
        """
        __tracebackhide__ = True
        came = self._strictness.leave(self, self._before)
        if error is None and not self._met:
            raise AssertionError(f"Expected {self.wanted}; {came}")

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self._refusal.status

    @property
    def rule(self) -> str:
        """The id of the rule."""
        return self._refusal.rule

    @property
    def place(self) -> str:
        """The wrong place: a JSON pointer into the body, or the name of another part of the request."""
        return self._refusal.where

    @property
    def text(self) -> str:
        """The sentence that says what was wrong, and what would be right."""
        return self._refusal.what

    @property
    def _refusal(self) -> Refusal:
        if not (self._met and self._met.refusal):
            raise XblError(f"There is no refusal yet: it is here after the with-block that expects {self.wanted}.")
        return self._met.refusal

    @property
    def wanted(self) -> str:
        """The words for what is expected."""
        text = f" whose text matches {self._match.pattern!r}" if self._match else ""
        return f"a {_named(self._reason)}{text}"

    def expects(self, entry: Entry) -> bool:
        """Whether a request was refused so; the first one is what is here afterwards."""
        fits = self._fits(entry)
        if fits and not self._met:
            self._met = entry
        return fits

    def _fits(self, entry: Entry) -> bool:
        if entry.refusal is None or self._reason not in (entry.rule, entry.status):
            return False
        return self._match is None or self._match.search(entry.refusal.what) is not None


def _require_reason(reason: object) -> None:
    from pytest_xbl.rulebook import RULES

    if reason in tuple(OUTSIDE):
        raise XblError(f"A {_named(reason)} cannot be expected: {OUTSIDE[reason]}.")
    if type(reason) is int and reason in REFUSALS:
        return
    if not (isinstance(reason, str) and reason in RULES):
        what = f"{shown(reason)} is neither{did_you_mean(_nearest_reason(reason, RULES))}"
        raise XblError(f"A refusal is expected by the id of its rule, or by its status from 400 to 599; {what}")
    if why := NO_REQUESTS.get(RULES[reason].family):
        raise XblError(f"No request is refused by {reason}: {why}.")


def _nearest_reason(reason: object, rules: Iterable[str]) -> str | None:
    """The rule, or the status in a string, that may have been meant."""
    if not isinstance(reason, str):
        return None
    if reason in map(str, REFUSALS):
        return reason
    near = nearest(reason, rules)
    return near and repr(near)


def _named(reason: object) -> str:
    """The words for a refusal by its rule, or with its status."""
    return f"refusal by {reason}" if isinstance(reason, str) else f"refusal with status {reason}"


def _pattern(match: object) -> re.Pattern[str] | None:
    if match is None:
        return None
    text = match.pattern if isinstance(match, re.Pattern) else match
    why = ""
    if isinstance(text, str):
        try:
            return match if isinstance(match, re.Pattern) else re.compile(text)
        except re.error as error:
            why = f": {error}"
    raise XblError(f"match is a regular expression for the text of a refusal, not {shown(match)}{why}.")
