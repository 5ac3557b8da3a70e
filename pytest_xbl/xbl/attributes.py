"""The attributes of a fake, one for each of its services and tools."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from pytest_xbl.errors import hides_frames
from pytest_xbl.wire.app import App
from pytest_xbl.xbl.seeded_world import SeededWorld

if TYPE_CHECKING:
    # Imported where they are used: most tests use few of them.
    from pytest_xbl.xbl.clock import Clock
    from pytest_xbl.xbl.faults import Faults
    from pytest_xbl.xbl.handles import Handles
    from pytest_xbl.xbl.limits import Limits
    from pytest_xbl.xbl.rta import Rta
    from pytest_xbl.xbl.sessions import Sessions
    from pytest_xbl.xbl.stats import Stats
    from pytest_xbl.xbl.templates import Templates

__tracebackhide__ = hides_frames


class Attributes(SeededWorld):
    """A world with attributes, each of which is imported and made when it is first used."""

    app: App

    def _put_back(self, *, clear_journal: bool) -> None:
        if clear_journal:
            self.app.journal.clear()

    @cached_property
    def templates(self) -> Templates:
        """The session templates."""
        from pytest_xbl.xbl.templates import Templates

        return Templates(self._world)

    @cached_property
    def sessions(self) -> Sessions:
        """The sessions."""
        from pytest_xbl.xbl.sessions import Sessions

        return Sessions(self._world)

    @cached_property
    def handles(self) -> Handles:
        """The handles."""
        from pytest_xbl.xbl.handles import Handles

        return Handles(self._world)

    @cached_property
    def stats(self) -> Stats:
        """The user statistics."""
        from pytest_xbl.xbl.stats import Stats

        return Stats(self._world)

    @cached_property
    def rta(self) -> Rta:
        """Real-time activity: connections, and the shoulder taps that were sent."""
        from pytest_xbl.xbl.rta import Rta

        return Rta(self._world)

    @cached_property
    def clock(self) -> Clock:
        """The time, which stands still until it is moved."""
        from pytest_xbl.xbl.clock import Clock

        return Clock(self._world)

    @cached_property
    def faults(self) -> Faults:
        """The faults that the test asks for (FAULT-1)."""
        from pytest_xbl.xbl.faults import Faults

        return Faults(self.app)

    @cached_property
    def limits(self) -> Limits:
        """The rate limits, which are off until a test switches them on (RATE-1)."""
        from pytest_xbl.xbl.limits import Limits

        return Limits(self.app)
