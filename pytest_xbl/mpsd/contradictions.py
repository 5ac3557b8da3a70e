"""Contradictions: bags that no session can hold, whatever else is in it.

A body that contradicts itself is refused on first sight, before rights and timers (CODE-400, CALL-16).
What a body leaves open is decided by the session, and checked once more when the write is applied.
"""

from __future__ import annotations

from pytest_xbl.mpsd.devices import device_token
from pytest_xbl.mpsd.model import JsonObject, enabled
from pytest_xbl.mpsd.refusal import Parts, Refusal

ACCESSIBILITY = {"local": 0, "followed": 1, "none": 2}
"""The restrictions by the number of people they let in, from few to all (JOIN-3)."""

CAPABILITIES_EXCLUDE = (
    ("large", "connectivity", "CONST-7"),
    ("large", "autoPopulateServerCandidates", "CONST-7"),
    ("large", "userAuthorizationStyle", "CONST-7"),
    ("large", "team", "CONST-7"),
    ("large", "arbitration", "CONST-7"),
    ("gameplay", "team", "CONST-8"),
)
"""Pairs of capabilities that no session has both, and the rule that says so."""

NOT_LARGE = ("memberInitialization", "measurementServerAddresses")
"""The constants that a large session does not have (CONST-7)."""


LISTS_OF_MEMBERS = (("turn", "PROP-3"), ("owners", "OWN-5"))
"""The properties that name members by their indices, and the rules about them."""


def check_constants(system: JsonObject, at: Parts) -> None:
    """Refuse constants of one body that exclude each other.

    Raises:
        Refusal: 400 (CONST-7, CONST-8, CONST-17).
    """
    check_exclusions(system, at)
    timeouts = system.get("arbitration") or {}
    if timeouts and timeouts["arbitrationTimeout"] < timeouts["forfeitTimeout"]:
        what = f"arbitrationTimeout is at least forfeitTimeout, {timeouts['forfeitTimeout']}."
        raise Refusal(400, what, where=(*at, "arbitration", "arbitrationTimeout"), rule="CONST-17")


def check_exclusions(system: JsonObject, at: Parts) -> None:
    """Refuse capabilities that exclude each other, or another constant.

    Raises:
        Refusal: 400 (CONST-7, CONST-8).
    """
    can = enabled(system.get("capabilities") or {})
    for one, other, rule in CAPABILITIES_EXCLUDE:
        if {one, other} <= can:
            what = f"The capabilities {one} and {other} exclude each other."
            raise Refusal(400, what, where=(*at, "capabilities", other), rule=rule)
    for name in NOT_LARGE:
        if "large" in can and system.get(name) is not None:
            raise Refusal(400, "A large session has no {}.", name, where=(*at, name), rule="CONST-7")


def check_properties(system: JsonObject, at: Parts) -> None:
    """Refuse properties of one body that no session has together.

    Raises:
        Refusal: 400 (PROP-3, OWN-5, JOIN-3, JOIN-5).
    """
    for name, rule in LISTS_OF_MEMBERS:
        indices = system.get(name) or ()
        if len(set(indices)) < len(indices):
            raise Refusal(400, f"{name} names each index only once.", where=(*at, name), rule=rule)
    if "closed" in system:
        check_lock(system, at)
    if system.get("joinRestriction") and system.get("readRestriction"):
        check_restrictions(system, at)


def check_lock(system: JsonObject, at: Parts) -> None:
    """Refuse to lock a session that is not closed.

    Raises:
        Refusal: 400 (JOIN-5).
    """
    if system.get("locked") and not system.get("closed"):
        what = "Only a closed session can be locked; closed must be true too."
        raise Refusal(400, what, where=(*at, "locked"), rule="JOIN-5")


def check_restrictions(system: JsonObject, at: Parts) -> None:
    """Refuse to let people join who may not read.

    Raises:
        Refusal: 400 (JOIN-3).
    """
    join, read = system.get("joinRestriction", "none"), system.get("readRestriction", "none")
    if ACCESSIBILITY[read] < ACCESSIBILITY[join]:
        what = f"Whoever may join may read: readRestriction {read} is stricter than joinRestriction {join}."
        raise Refusal(400, what, where=(*at, "readRestriction"), rule="JOIN-3")


def check_member(system: JsonObject, at: Parts) -> None:
    """Refuse properties of one body that no member has together.

    Raises:
        Refusal: 400 (MEMB-8, MEMB-13).
    """
    if system.get("active") and system.get("ready"):
        raise Refusal(400, "A member is active or ready, not both at once.", where=(*at, "ready"), rule="MEMB-8")
    check_measurements(system, system, at)


def check_measurements(system: JsonObject, changes: JsonObject, at: Parts) -> None:
    """Refuse a measurement of the member's own address, or an address that the member has measured.

    Args:
        system: the properties with the changes.
        changes: as the body has them.

    Raises:
        Refusal: 400 (MEMB-13).
    """
    address = system.get("secureDeviceAddress")
    own = device_token(address) if address else None
    if own is None or own not in (system.get("measurements") or ()):
        return
    if own in (changes.get("measurements") or ()):
        what = "A member measures the others, never their own address."
        raise Refusal(400, what, where=(*at, "measurements", own), rule="MEMB-13")
    what = (
        "A member has measured this address, so it is not their own; new measurements in the same write replace them."
    )
    raise Refusal(400, what, where=(*at, "secureDeviceAddress"), rule="MEMB-13")
