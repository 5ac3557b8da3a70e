"""`xbl.replay`: a recording, sent to a world, and the differences between both services, by operation and rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pytest_xbl.replay.reading import read_recording
from pytest_xbl.replay.recording import omissions
from pytest_xbl.wire.matching import every_route
from pytest_xbl.xbl.replaying import Played, Replayed, Stage, play

UNKNOWN = "no operation"


class Replay:
    """A recording that has been replayed.

    Args:
        source: the name of the recording.
        played: its exchanges, and what came of them.
    """

    def __init__(self, source: Path, played: Played) -> None:
        self.source = source
        self.exchanges: Sequence[Replayed] = played.replayed
        """Each with `exchange`, as it was recorded, `entry`, the fake's line of its journal, and `unlike`."""
        self.left_out: Mapping[str, int] = played.left_out
        """The number of exchanges that were not replayed, by reason."""
        self.notes: Sequence[str] = played.notes
        """Sentences about what the recording does not show, such as who called."""
        self._callers = played.callers

    @property
    def differences(self) -> list[str]:
        """A line for each difference: the number of the exchange, the place, and both values."""
        return [f"#{one.exchange.number} {unlike}" for one in self.exchanges for unlike in one.unlike]

    def __repr__(self) -> str:
        return f"<replay of {self._summary}>"

    def __str__(self) -> str:
        """The whole result, operation by operation."""
        return "\n".join((self._summary, *self._left_out(), *self._notes(), *self._operations()))

    def assert_same(self) -> None:
        """Fail if any response differs from the recorded one.

        Raises:
            AssertionError: with the whole result.
        """
        __tracebackhide__ = True
        if self.differences:
            raise AssertionError(str(self))

    @property
    def _summary(self) -> str:
        alike = sum(not one.unlike for one in self.exchanges)
        callers = f"{self._callers} caller{'s' * (self._callers != 1)}"
        return f"{self.source}: {_counted(len(self.exchanges))} of {callers}, {alike} alike"

    def _left_out(self) -> Iterator[str]:
        if text := omissions(self.left_out):
            yield text

    def _notes(self) -> Iterator[str]:
        yield from (f"note: {note}" for note in self.notes)

    def _operations(self) -> Iterator[str]:
        rules = {route.operation: route.rules for route in every_route()}
        names = dict.fromkeys(one.entry.operation for one in self.exchanges)
        for name in names:
            ours = [one for one in self.exchanges if one.entry.operation == name]
            alike = sum(not one.unlike for one in ours)
            told = f"{name} ({', '.join(rules[name])})" if name else UNKNOWN
            yield f"{told}: {_counted(len(ours))}, {alike} alike"
            for one in ours:
                yield from _lines(one)


def _counted(exchanges: int) -> str:
    return f"{exchanges} exchange{'s' * (exchanges != 1)}"


def _lines(one: Replayed) -> Iterator[str]:
    """The differences of one exchange, under what the fake made of the request."""
    if one.unlike:
        yield f"  #{one.exchange.number}, here {one.entry}"
        for unlike in one.unlike:
            yield f"    {unlike}"


def replay(path: Path, stage: Stage) -> Replay:
    """Replay a recording in a world.

    Args:
        path: of an HTTP archive, an archive of Fiddler's, or a log of the trace analyzer.

    Raises:
        XblError: for a file that is no recording, or one of a world that cannot be.
    """
    return Replay(path, play(read_recording(path), stage))
