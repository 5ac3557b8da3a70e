"""The rivals of races: functions of the test, or users whose write is given (FAULT-5)."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from pytest_xbl.errors import XblError, hides_frames, shown
from pytest_xbl.mpsd.model import JsonObject, SessionRef
from pytest_xbl.trouble.arming import require_known
from pytest_xbl.trouble.faults import RIVAL
from pytest_xbl.trouble.kinds import Rival
from pytest_xbl.wire.app import App
from pytest_xbl.xbl.client import CallerClient
from pytest_xbl.xbl.people import principal_of

__tracebackhide__ = hides_frames

BAD_REQUEST = 400


def writer(app: App, record: JsonObject) -> Rival:
    """The rival who writes what a record says.

    Raises:
        Refusal: for a user whom there is not.
    """
    account = require_known(app.world, record["byRival"], "byRival")

    def write(session: SessionRef | None) -> None:
        if session is None:
            raise XblError("The rival has nothing to write: the request names no session.", rule="FAULT-5")
        rival = principal_of(app.world, account)
        response = CallerClient(app, rival).put(session.path, json=record["write"], environ_base={RIVAL: True})
        if response.status_code >= BAD_REQUEST:
            raise XblError(f"The rival's write was refused: {app.journal[-1]}", where="write", rule="FAULT-5")

    return write


def require_one_rival(rival: Any, write: Any, by_rival: Any) -> None:
    """Refuse the arguments of a race that name no rival, or two.

    Raises:
        XblError: naming what is missing, or too much.
    """
    if (rival is None) == (write is None):
        which = "neither" if rival is None else "both"
        what = f"A race has a rival, a function; or write= and by_rival=, what somebody writes; got {which}."
        raise XblError(what, where="rival", rule="FAULT-5")
    if (write is None) != (by_rival is None):
        raise XblError("write= and by_rival= go together: who writes what.", where="by_rival", rule="FAULT-5")
    if rival is None:
        return
    if not callable(rival):
        raise XblError(f"Expected a function without arguments; got {shown(rival)}.", where="rival", rule="FAULT-5")
    if inspect.iscoroutinefunction(rival):
        raise _asynchronous("this one")
    if not _takes_nothing(rival):
        what = f"The rival of a race is called without arguments, and {shown(rival)} needs some."
        raise XblError(what, where="rival", rule="FAULT-5")


def acting(rival: Callable[[], object]) -> Rival:
    """The rival who is a function of the test."""

    def act(_session: SessionRef | None) -> None:
        done = rival()
        if inspect.iscoroutine(done):
            done.close()
        if inspect.isawaitable(done):
            raise _asynchronous("what this one returns")

    return act


def _asynchronous(which: str) -> XblError:
    what = f"The rival of a race is an ordinary function, which acts at once; {which} is asynchronous."
    return XblError(what, where="rival", rule="FAULT-5")


def _takes_nothing(rival: Callable[[], object]) -> bool:
    """Whether a function can be called without arguments, as far as it tells: some that are built in do not."""
    try:
        inspect.signature(rival).bind()
    except TypeError:
        return False
    except ValueError:
        return True
    return True
