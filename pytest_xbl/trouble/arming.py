"""From the record of a fault, as a seed or a call has it, to the fault that requests meet (FAULT-1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from pytest_xbl.arrange.faults_form import TAP, kind_of
from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.model import Json, JsonObject, SessionRef
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.suggesting import did_you_mean, nearest
from pytest_xbl.trouble.faults import ArmedFault, Fault
from pytest_xbl.trouble.kinds import Cut, Delay, Down, Fail, Kind, Lose, Race, Rival, TapFault
from pytest_xbl.trouble.meeting import WorldTrouble
from pytest_xbl.wire.matching import every_route
from pytest_xbl.wire.routes import ROUTES
from pytest_xbl.wire.upgrade import SWITCHING
from pytest_xbl.world import people
from pytest_xbl.world.state import Account
from pytest_xbl.world.world import World

OPERATIONS = tuple(route.operation for route in ROUTES)
"""The operations but those of neighbours, whose code few tests need."""
OF_SESSIONS = tuple(route.operation for route in ROUTES if "{name}" in route.path or "{id}" in route.path)
"""The operations whose path names a session, or a handle to one."""

UPGRADES = tuple(route.operation for route in ROUTES if SWITCHING in route.statuses)
"""The operations that hand their connection over to a websocket."""


def arm(
    record: JsonObject,
    trouble: WorldTrouble,
    world: World,
    *,
    armed_at: str,
    rival: Rival | None = None,
    sessions: Mapping[str, SessionRef] = {},
) -> ArmedFault:
    """Arm a fault.

    Args:
        record: of the form of seeds, checked.
        trouble: of the world.
        armed_at: the line of the test, or the place in the seed.
        rival: of a race.
        sessions: the references of sessions by the labels that the record may use.

    Raises:
        Refusal: for an operation, a caller or a session that there is not, or an answer that cannot be lost, with the
            place inside the record.
    """
    kind = kind_of(record)
    operation = "" if kind == "down" else _operation(record[kind], kind)
    if kind in ("lose", "cut") and operation in UPGRADES:
        what = f"The answer to {operation} is no longer HTTP, so it cannot be lost or cut; it can fail, or be down."
        raise Refusal(400, what, where=(kind,), rule="FAULT-3")
    fault = Fault(
        _made(kind, record, trouble, rival),
        operation,
        armed_at,
        times=record.get("times", None if kind == "down" else 1),
        skip=record.get("skip", 0),
        by=require_known(world, record["by"], "by").caller.name if "by" in record else "",
        session=_session(world, record["session"], operation, sessions) if "session" in record else None,
        optional=record.get("optional", False),
        to=require_known(world, record["to"], "to").caller.name if "to" in record else "",
    )
    if record.get("byRival"):
        _require_session(operation, "race")
    if operation == TAP:
        from pytest_xbl.world.activity import set_meeting

        set_meeting(world, trouble.faults.meet_tap)
    return trouble.faults.add(fault)


def _made(kind: str, record: JsonObject, trouble: WorldTrouble, rival: Rival | None) -> Kind:
    makers: Mapping[str, Callable[[], Kind]] = {
        "fail": lambda: Fail(record["status"], record.get("retryAfter")),
        "lose": lambda: (
            TapFault(0) if record["lose"] == TAP else Lose(record.get("how", "close"), trouble.hanging.wait)
        ),
        "twice": lambda: TapFault(2),
        "cut": lambda: Cut(record["after"], record.get("optional", False)),
        "delay": lambda: Delay(record["seconds"], record.get("real", False)),
        "down": Down,
        "race": lambda: Race(rival or _nobody),
    }
    return makers[kind]()


def _nobody(_session: SessionRef | None) -> None:
    """A rival who does nothing."""


def _operation(name: str, kind: str) -> str:
    if name == TAP:
        if kind not in ("lose", "twice"):
            what = f"A tap can get lost or arrive twice, by lose or twice; there is no {kind} for one."
            raise Refusal(400, what, where=(kind,), rule="FAULT-8")
        return name
    if name not in OPERATIONS:
        every = [route.operation for route in every_route()]
        if name not in every:
            near = nearest(name, every)
            hint = did_you_mean(near and brief(near), otherwise=f"; there are {', '.join(every)}.")
            raise Refusal(400, f"There is no operation {brief(name)}{hint}", where=(kind,), rule="FAULT-1")
    return name


def require_known(world: World, name: str, where: str) -> Account:
    """The user or the service of this name.

    Args:
        where: the field that names them.

    Raises:
        Refusal: if there is none (FAULT-1).
    """
    account = people.account_called(world, name)
    if account is None:
        what = f"There is no user or service {brief(name)}{_hint(name, people.names(world))}"
        raise Refusal(400, what, where=(where,), rule="FAULT-1")
    return account


def _session(world: World, named: Json, operation: str, sessions: Mapping[str, SessionRef]) -> SessionRef:
    """The session that a record names by its label, its name or its whole reference."""
    _require_session(operation, "session")
    if isinstance(named, dict):
        return SessionRef(named["scid"], named["templateName"], named["name"])
    found = [sessions[named]] if named in sessions else world.sessions_called(named)
    if len(found) != 1:
        known = [*sessions, *(ref.name for ref in world.known())]
        how_many = "more than one" if found else "no"
        what = f"There is {how_many} session {brief(named)}{_hint(named, known)}"
        raise Refusal(400, what, where=("session",), rule="FAULT-1")
    return found[0]


def _require_session(operation: str, where: str) -> None:
    if operation not in (*OF_SESSIONS, TAP):
        what = f"The path of {operation} names no session; those that do: {', '.join(OF_SESSIONS)}."
        raise Refusal(400, what, where=(where,), rule="FAULT-1")


def _hint(name: str, known: Iterable[str]) -> str:
    names = dict.fromkeys(known)
    near = nearest(name, names)
    return did_you_mean(near and brief(near), otherwise=f"; there are {', '.join(names) or 'none'}.")
