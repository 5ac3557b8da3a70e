"""`xbl.faults`: what goes wrong because the test asks for it (FAULT-1)."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType
from typing import Any, Literal

from pytest_xbl.arrange.arguments import RefusalsAsErrors
from pytest_xbl.arrange.faults_form import TAP, checked_fault
from pytest_xbl.arrange.loaded import Loaded
from pytest_xbl.errors import XblError, hides_frames
from pytest_xbl.mpsd.model import JsonObject, SessionRef
from pytest_xbl.mpsd.refusal import Parts, Refusal
from pytest_xbl.trouble.arming import arm
from pytest_xbl.trouble.faults import ArmedFault
from pytest_xbl.trouble.kinds import Rival
from pytest_xbl.trouble.meeting import trouble_of
from pytest_xbl.wire.app import App
from pytest_xbl.xbl.people import Principal, User, require_ours
from pytest_xbl.xbl.references import reference_in
from pytest_xbl.xbl.rivals import acting, require_one_rival, writer

__tracebackhide__ = hides_frames

PACKAGE = str(Path(__file__).parents[1])
"""The directory of the fake's own code."""


class Faults:
    """The faults of one world; each call arms one, and requests meet them in the order of the lines."""

    def __init__(self, app: App) -> None:
        self._app = app

    def __repr__(self) -> str:
        """The number of faults that are armed."""
        return f"<faults {len(self)}>"

    def __str__(self) -> str:
        """A line for each fault that is armed, with how often it has happened."""
        return str(trouble_of(self._app).faults) or "No fault is armed."

    def __len__(self) -> int:
        """The number of faults that are armed, those that have happened included."""
        return len(trouble_of(self._app).faults)

    def fail(
        self,
        operation: str,
        status: int,
        *,
        times: int | None = 1,
        skip: int = 0,
        retry_after: int | None = None,
        by: Principal | str | None = None,
        session: Any = None,
        optional: bool = False,
    ) -> ArmedFault:
        """Answer an operation with an error, without handling it (FAULT-2).

        Args:
            operation: its name, as on the page of operations.
            status: of the answer, from 400 up.
            times: how many requests meet it; None for every one, and one at least.
            skip: how many it lets pass before.
            retry_after: the seconds in the header `Retry-After`; no such header unless given.
            by: the user or the service who calls; anybody unless given.
            session: the session that is called; any unless given.
            optional: whether it may fail to happen (FAULT-6).

        Raises:
            XblError: for an argument that cannot be; then nothing is armed.
        """
        own = {"fail": operation, "status": status, "retryAfter": retry_after}
        return self._arm(own, _common(times, skip, optional), by, session)

    def lose(
        self,
        operation: str,
        how: Literal["close", "reset", "hang"] | int = "close",
        *,
        times: int | None = 1,
        skip: int = 0,
        by: Principal | str | None = None,
        session: Any = None,
        optional: bool = False,
        to: User | str | None = None,
    ) -> ArmedFault:
        """Handle an operation, and lose its answer; or lose a shoulder tap (FAULT-3, FAULT-8).

        Args:
            operation: its name, as on the page of operations, or "tap".
            how: the connection is closed, reset or silent until the client or the test is over; or the status that a
                gateway answers instead, such as 504. A tap that gets lost leaves the connection open.
            times: as of `fail`, like the others.
            by: of a tap, whoever changes the session.
            to: of a tap, the user who is tapped; anybody unless given.

        Raises:
            XblError: for an argument that cannot be; then nothing is armed.
        """
        said = None if operation == TAP and how == "close" else how
        own = {"lose": operation, "how": said, "to": self._name(to, "to")}
        return self._arm(own, _common(times, skip, optional), by, session)

    def twice(
        self,
        operation: Literal["tap"],
        *,
        times: int | None = 1,
        skip: int = 0,
        by: Principal | str | None = None,
        session: Any = None,
        optional: bool = False,
        to: User | str | None = None,
    ) -> ArmedFault:
        """Let a shoulder tap arrive twice (FAULT-8).

        Args:
            operation: "tap".
            times: as of `lose`, like the others.

        Raises:
            XblError: for an argument that cannot be; then nothing is armed.
        """
        own = {"twice": operation, "to": self._name(to, "to")}
        return self._arm(own, _common(times, skip, optional), by, session)

    def cut(
        self,
        operation: str,
        *,
        after: int,
        times: int | None = 1,
        skip: int = 0,
        by: Principal | str | None = None,
        session: Any = None,
        optional: bool = False,
    ) -> ArmedFault:
        """Handle an operation, and let the body of its answer end too early; it needs a socket (FAULT-3).

        Args:
            operation: its name, as on the page of operations.
            after: the number of bytes of the body that arrive.
            times: as of `fail`, like the others.

        Raises:
            XblError: for an argument that cannot be; then nothing is armed.
        """
        return self._arm({"cut": operation, "after": after}, _common(times, skip, optional), by, session)

    def delay(
        self,
        operation: str,
        seconds: float,
        *,
        real: bool = False,
        times: int | None = 1,
        skip: int = 0,
        by: Principal | str | None = None,
        session: Any = None,
        optional: bool = False,
    ) -> ArmedFault:
        """Let time pass before an operation is handled (FAULT-4).

        Args:
            operation: its name, as on the page of operations.
            seconds: by which the world's clock moves on.
            real: whether real time passes instead.
            times: as of `fail`, like the others.

        Raises:
            XblError: for an argument that cannot be; then nothing is armed.
        """
        own = {"delay": operation, "seconds": seconds, "real": real}
        return self._arm(own, _common(times, skip, optional), by, session)

    def down(
        self,
        *,
        times: int | None = None,
        skip: int = 0,
        by: Principal | str | None = None,
        optional: bool = False,
    ) -> ArmedFault:
        """Take no request at all, until the end of a with-block or of the test (FAULT-4).

        Args:
            times: as of `fail`, like the others; every one unless given.

        Raises:
            XblError: for an argument that cannot be; then nothing is armed.
        """
        return self._arm({"down": True}, _common(times, skip, optional), by, None)

    def race(
        self,
        operation: str,
        rival: Callable[[], object] | None = None,
        *,
        write: Mapping[str, Any] | None = None,
        by_rival: User | str | None = None,
        times: int | None = 1,
        skip: int = 0,
        by: Principal | str | None = None,
        session: Any = None,
        optional: bool = False,
    ) -> ArmedFault:
        """Let a rival act just before an operation is handled (FAULT-5).

        Args:
            operation: its name, as on the page of operations.
            rival: is called without arguments; what it does is its own business.
            write: in its place, the body of a PUT of the session that is called.
            by_rival: the user who writes it.
            times: as of `fail`, like the others.

        Raises:
            XblError: for an argument that cannot be; then nothing is armed.
        """
        require_one_rival(rival, write, by_rival)
        common = _common(times, skip, optional)
        if rival is None:
            own = {"race": operation, "write": write, "byRival": self._name(by_rival, "by_rival")}
            return self._arm(own, common, by, session)
        own = {"race": operation, "write": {}, "byRival": ""}  # what a seed has in place of a function
        return self._arm(own, common, by, session, rival=acting(rival))

    def _arm(
        self, own: JsonObject, common: JsonObject, by: Any, session: Any, *, rival: Rival | None = None
    ) -> ArmedFault:
        """Arm the fault of a call; arguments that are None say nothing, but for `times`."""
        kind = next(iter(own))
        given = {**own, "by": self._name(by, "by"), "session": self._reference(session)}
        record = {**common, **{name: it for name, it in given.items() if it is not None or name == kind}}
        with RefusalsAsErrors("operation", lambda place: _argument(place, kind)):
            return arm_record(self._app, checked_fault(record), armed_at=self._place(), rival=rival)

    def _place(self) -> str:
        """The place at which a fault is armed, for texts about it."""
        return _line()

    def _name(self, caller: Any, where: str) -> Any:
        if isinstance(caller, Principal):
            require_ours(self._app.world, caller, where=where, kind=Principal)
            return caller.name
        return caller

    def _reference(self, session: Any) -> Any:
        if session is None or isinstance(session, str):
            return session
        return reference_in(self._app.world, session, where="session").as_json()


def arm_record(
    app: App,
    record: JsonObject,
    *,
    armed_at: str,
    rival: Rival | None = None,
    sessions: Mapping[str, SessionRef] = {},
) -> ArmedFault:
    """Arm a fault of the form of seeds, checked.

    Raises:
        Refusal: with the place inside the record (FAULT-1).
    """
    trouble = trouble_of(app)
    if "race" in record and rival is None:
        rival = writer(app, record)
    return arm(record, trouble, app.world, armed_at=armed_at, rival=rival, sessions=sessions)


def arm_seed(app: App, loaded: Loaded) -> None:
    """Arm the faults of a seed, once all of them can be (FAULT-7).

    Raises:
        XblError: for an operation, a caller or a session that there is not, naming the place in the seed.
    """
    source = loaded.sources["faults"]
    armed: list[ArmedFault] = []
    try:
        for record in loaded.faults:
            place = f"/faults/{len(armed)} in {source}"
            armed.append(arm_record(app, record, armed_at=place, sessions=loaded.sessions))
    except Refusal as refusal:
        for fault in armed:
            fault.disarm()
        where = f"{refusal.inside('faults', len(armed)).where} in {source}"
        raise XblError(refusal.what, where=where, rule=refusal.rule) from None


def _common(times: Any, skip: Any, optional: Any) -> JsonObject:
    return {"times": times, "skip": skip, "optional": optional}


def _argument(place: Parts, kind: str) -> Parts:
    """The place of a refusal as the argument of a call: the field that names the kind holds the operation."""
    return ("operation", *place[1:]) if place[:1] == (kind,) else place


def _line() -> str:
    """The file and the line that called the fake."""
    frame: FrameType | None = sys._getframe(1)
    while frame and frame.f_code.co_filename.startswith(f"{PACKAGE}{os.sep}"):
        frame = frame.f_back
    return f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}" if frame else "an unknown line"
