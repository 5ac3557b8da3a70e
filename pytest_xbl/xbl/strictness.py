"""Mistakes of the client under test, which fail the test unless they are expected or let pass."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pytest_xbl.errors import XblError, hides_frames, shown
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.suggesting import did_you_mean, nearest
from pytest_xbl.wire.journal import Entry, Journal

__tracebackhide__ = hides_frames

MISTAKES = {
    "unknown-route": "a request to a path or with a method that the fake does not have",
    "unknown-service": "a request to a real host whose service the fake does not have",
    "bad-body": "a body that is no JSON, or has fields that the service does not know",
    "late-call": "a request of a test that is over",
}
"""The mistakes that fail a test, by the name under which each can be let pass."""


class Strictness:
    """The refusals of a world that fail its test: mistakes that are neither let pass nor expected.

    Args:
        journal: of the world.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._expected: set[int] = set()
        """The numbers of entries that fail nothing, or have already."""
        self.loose: frozenset[str] = frozenset()

    def loosen(self, names: Iterable[str]) -> None:
        """Let mistakes of these kinds pass.

        Raises:
            XblError: for an unknown kind.
        """
        wanted = [names] if isinstance(names, str) or not isinstance(names, Iterable) else list(names)
        if unknown := [name for name in wanted if name not in tuple(MISTAKES)]:
            raise XblError(f"Unknown kind {shown(unknown[0])} in loose; known kinds: {', '.join(MISTAKES)}.")
        self.loose |= frozenset(wanted)

    def expecting(self, reason: str | int, match: str | re.Pattern[str] | None = None) -> ExpectedRefusal:
        """Expect at least one refusal of this kind in a with-block; those that come there are no mistakes.

        Args:
            reason: the id of a rule, or an HTTP status.
            match: a regular expression, which the text has somewhere in it.

        Raises:
            XblError: for a reason that is neither a rule nor a status, or a match that is no regular expression.
        """
        return ExpectedRefusal(self._journal, self._expected, reason, match)

    def take_mistakes(self) -> list[Entry]:
        """The refusals that should fail the test; each is given once."""
        mistakes = [
            entry
            for entry in self._journal
            if entry.mistake and entry.mistake not in self.loose and entry.number not in self._expected
        ]
        self._expected |= {entry.number for entry in mistakes}
        return mistakes


LEAST_REFUSAL = 400


class ExpectedRefusal:
    """A with-block in which a refusal has to come, and afterwards that refusal, the first one of its kind.

    Args:
        journal: of the world.
        expected: the numbers of entries that fail nothing, to which those that are met here are added.
        reason: the id of a rule, or an HTTP status.
        match: a regular expression for the text.

    Raises:
        XblError: for a reason or a match that cannot be.
    """

    def __init__(
        self, journal: Journal, expected: set[int], reason: str | int, match: str | re.Pattern[str] | None
    ) -> None:
        _require_reason(reason)
        self._journal = journal
        self._expected = expected
        self._reason = reason
        self._match = _pattern(match)
        self._before = len(journal)
        self._met: list[Entry] = []

    def __repr__(self) -> str:
        """The refusal, or what is expected."""
        return f"<refusal {self._met[0]}>" if self._met else f"<expected: {self._wanted}>"

    def __enter__(self) -> ExpectedRefusal:  # noqa: PYI034 -- typing has no Self before 3.11
        self._before = len(self._journal)
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        """Fail unless such a refusal has come, or a client raises what it was answered with.

        Raises:
            AssertionError: with what came instead.
        """
        __tracebackhide__ = True
        arrived: Sequence[Entry] = self._journal[self._before :]
        self._met = [entry for entry in arrived if self._fits(entry)]
        self._expected |= {entry.number for entry in self._met}
        if error is None and not self._met:
            lines = "\n".join(map(str, arrived)) or "No request has arrived."
            raise AssertionError(f"Expected {self._wanted}; got:\n{lines}")

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
        if not (self._met and self._met[0].refusal):
            raise XblError(f"There is no refusal yet: it is here after the with-block that expects {self._reason}.")
        return self._met[0].refusal

    @property
    def _wanted(self) -> str:
        text = f" with a text that matches {self._match.pattern!r}" if self._match else ""
        return f"a refusal by {self._reason}{text}"

    def _fits(self, entry: Entry) -> bool:
        if entry.refusal is None or self._reason not in (entry.rule, entry.status):
            return False
        return self._match is None or self._match.search(entry.refusal.what) is not None


def _require_reason(reason: object) -> None:
    from pytest_xbl.rulebook import RULES

    is_rule = isinstance(reason, str) and reason in RULES
    if is_rule or (type(reason) is int and reason >= LEAST_REFUSAL):
        return
    near = nearest(reason, RULES) if isinstance(reason, str) else None
    what = f"{shown(reason)} is neither{did_you_mean(near and repr(near))}"
    raise XblError(f"A refusal is expected by the id of its rule, or by its status; {what}")


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


def complaint(mistakes: Sequence[Entry]) -> str:
    """The text of a failure: the mistakes of the client, and the ways to expect them or let them pass.

    The first line says what the first mistake is: a summary of many failures shows no other.
    """
    first, *others = _alike(mistakes)
    count = "a mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
    lines = [f"The client made {count}: {first[0].status} {first[0]._why}"]
    lines += [f"{first[0]._asked(whole=False)}{_more(first)}", *(f"{some[0]}{_more(some)}" for some in others)]
    kinds = list(dict.fromkeys(str(entry.mistake) for entry in mistakes))
    blocks = ", ".join(dict.fromkeys(f"xbl.expect_refusal({entry.rule!r})" for entry in mistakes))
    lines.append(f"Expect it by `with {blocks}`, or let it pass: @pytest.mark.xbl(loose={kinds}).")
    return "\n".join(lines)


def _alike(mistakes: Sequence[Entry]) -> list[list[Entry]]:
    """The mistakes, those together that were refused for the same reason."""
    found: dict[tuple[int, str], list[Entry]] = {}
    for entry in mistakes:
        found.setdefault((entry.status, entry._why), []).append(entry)
    return list(found.values())


def _more(alike: Sequence[Entry]) -> str:
    return f" (and {len(alike) - 1} more like it, up to #{alike[-1].number})" if len(alike) > 1 else ""
