"""Mistakes of the client under test, which fail the test unless they are expected or let pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from pytest_xbl.errors import XblError, hides_frames, shown
from pytest_xbl.rulebook import RULES
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

    @contextmanager
    def expecting(self, reason: str | int) -> Iterator[None]:
        """Expect at least one refusal of this kind in a with-block; those that come there are no mistakes.

        Args:
            reason: the id of a rule, or an HTTP status.

        Raises:
            AssertionError: if none comes.
            XblError: for a reason that is neither a rule nor a status.
        """
        __tracebackhide__ = True
        if not (isinstance(reason, str) and reason in RULES) and not (type(reason) is int and reason >= LEAST_REFUSAL):
            what = f"{shown(reason)} is neither."
            raise XblError(f"A refusal is expected by the id of its rule, or by its status; {what}")
        before = len(self._journal)
        try:
            yield
        finally:  # also when a client raises what it was answered with
            arrived: Sequence[Entry] = self._journal[before:]
            met = [entry for entry in arrived if reason in (entry.rule, entry.status) and entry.refusal]
            self._expected |= {entry.number for entry in met}
        if not met:
            lines = "\n".join(map(str, arrived)) or "No request has arrived."
            raise AssertionError(f"Expected a refusal by {reason}; got:\n{lines}")

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
