"""The two dialects of a session: contract 107, and 104/105 before it (TMPL-7, TMPL-8).

Inside the fake everything has the names of 107.
Requests under an older contract are translated here, and so are the responses to them.
"""

from __future__ import annotations

from pytest_xbl.mpsd.model import NEWEST_CONTRACT, Json, JsonObject

OLD_TIMEOUTS = {
    "reserved": "reservedRemovalTimeout",
    "inactive": "inactiveRemovalTimeout",
    "ready": "readyRemovalTimeout",
    "sessionEmpty": "sessionEmptyTimeout",
}

DEFAULTS_107: JsonObject = {
    "maxMembersCount": 100,
    "visibility": "open",
    "reservedRemovalTimeout": 30_000,
    "inactiveRemovalTimeout": 0,
    "readyRemovalTimeout": 180_000,
    "sessionEmptyTimeout": 0,
}
"""The constants of a session whose template and creation set none (TMPL-6); milliseconds."""

DEFAULTS_105: JsonObject = {**DEFAULTS_107, "inactiveRemovalTimeout": 7_200_000}
"""The same for a template written for 104 or 105 (TMPL-7)."""

INITIALIZATION_107: JsonObject = {
    "joinTimeout": 10_000,
    "measurementTimeout": 30_000,
    "evaluationTimeout": 5_000,
    "externalEvaluation": False,
    "membersNeededToStart": 1,
}
"""The defaults of initialization (CONST-15), in milliseconds; no document shows them (TMPL-11)."""

INITIALIZATION_105: JsonObject = {
    "joinTimeout": 5_000,
    "measurementTimeout": 5_000,
    "evaluationTimeout": 5_000,
    "externalEvaluation": True,  # autoEvaluate is false
    "membersNeededToStart": 2,
}
"""The defaults for a template written for 104 or 105 (TMPL-7), by the names of 107."""

OLD_NAMES: dict[str, tuple[str, ...]] = {
    **{new: ("timeouts", old) for old, new in OLD_TIMEOUTS.items()},
    "memberInitialization": ("managedInitialization",),
    "externalEvaluation": ("autoEvaluate",),
    "matchmakingResubmit": ("matchmaking", "resubmit"),
    "initializationGroup": ("group",),
}
"""The path under 104 and 105 of each field of a `system` bag that has another name under 107."""

INNER_DEFAULTS: dict[str, JsonObject] = {
    "peerToPeerRequirements": {"latencyMaximum": 250, "bandwidthMinimum": 10_000},
    "peerToHostRequirements": {
        "latencyMaximum": 250,
        "bandwidthDownMinimum": 100_000,
        "bandwidthUpMinimum": 1_000,
        "hostSelectionMetric": "latency",
    },
    "ownershipPolicies": {"migration": "endsession", "allowNonOwnerInviteHandles": False},
    "arbitration": {"forfeitTimeout": 60_000, "arbitrationTimeout": 300_000},
}
"""The values that the service fills in inside a constant that is set (CONST-11, CONST-13, CONST-17)."""
ALWAYS_SHOWS_MATCHMAKING = 105


def is_old(contract: int) -> bool:
    """Whether a contract is one of 104 and 105."""
    return contract < NEWEST_CONTRACT


def defaults(contract: int) -> JsonObject:
    """The system constants of a session whose template was written for this contract and sets nothing."""
    return DEFAULTS_105 if is_old(contract) else DEFAULTS_107


def initialization_of(system: JsonObject, contract: int) -> JsonObject:
    """The constants of initialization with their defaults; empty without `memberInitialization` (CONST-15, TMPL-12).

    Args:
        system: the constants of a session.
        contract: the one that the template was written for.
    """
    given = system.get("memberInitialization")
    if given is None:
        return {}
    return {**(INITIALIZATION_105 if is_old(contract) else INITIALIZATION_107), **given}


def constants_from(system: JsonObject, contract: int) -> JsonObject:
    """System constants, as written under a contract, by the names of 107, and complete inside (TMPL-11)."""
    turned = _constants_from_old(system) if is_old(contract) else system
    return {
        name: {**INNER_DEFAULTS[name], **value} if value is not None and name in INNER_DEFAULTS else value
        for name, value in turned.items()
    }


def shown_constants(system: JsonObject) -> JsonObject:
    """System constants as a document shows them, without a null that unsets a constant of initialization (TMPL-13)."""
    given = system.get("memberInitialization")
    if given is None or None not in given.values():
        return system
    return {**system, "memberInitialization": {name: value for name, value in given.items() if value is not None}}


def constants_to(system: JsonObject, contract: int) -> JsonObject:
    """System constants, held by the names of 107, as they read under a contract."""
    return _constants_to_old(system) if is_old(contract) else system


def properties_from(system: JsonObject, contract: int) -> JsonObject:
    """System properties of a session by the names of 107.

    Under 104 and 105 `resubmit` is a part of `matchmaking`, and so replaced together with it (PUT-5).
    """
    if not is_old(contract) or "matchmaking" not in system:
        return system
    if system["matchmaking"] is None:
        return {**system, "matchmakingResubmit": None}
    rest = dict(system["matchmaking"])
    resubmit = rest.pop("resubmit", None)
    return {**system, "matchmaking": rest or None, "matchmakingResubmit": resubmit}


def properties_to(system: JsonObject, contract: int) -> JsonObject:
    """System properties of a session as they read under a contract; 105 always shows `matchmaking` (TMPL-14)."""
    if not is_old(contract):
        return system
    shown: JsonObject = {"matchmaking": {}} if contract == ALWAYS_SHOWS_MATCHMAKING else {}
    shown |= system
    if "matchmakingResubmit" in shown:
        shown["matchmaking"] = {**shown.get("matchmaking", {}), "resubmit": shown.pop("matchmakingResubmit")}
    return shown


def member_properties_from(system: JsonObject, contract: int) -> JsonObject:
    """System properties of a member by the names of 107."""
    return _renamed(system, "group", "initializationGroup") if is_old(contract) else system


def member_properties_to(system: JsonObject, contract: int) -> JsonObject:
    """System properties of a member as they read under a contract."""
    return _renamed(system, "initializationGroup", "group") if is_old(contract) else system


def name_under(name: str, contract: int) -> str:
    """The name that a field of a `system` bag has under a contract; any other string stays as it is."""
    return ".".join(OLD_NAMES.get(name, (name,))) if is_old(contract) else name


def path_under(path: tuple[str | int, ...], contract: int) -> tuple[str | int, ...]:
    """The path under a contract of a place that is named as under 107; only what is in `system` has other names."""
    if not is_old(contract) or "system" not in path:
        return path
    inner = path.index("system") + 1
    turned = path[:inner]
    for part in path[inner:]:
        turned += OLD_NAMES.get(str(part), (part,))
    return turned


def value_under(name: str, value: Json, contract: int) -> Json:
    """The value of a field of system constants, held by the names of 107, as it reads under a contract."""
    if value is None or not is_old(contract):
        return value
    if name == "memberInitialization":
        return _initialization_to_old(value)
    return not value if name == "externalEvaluation" else value


def _renamed(system: JsonObject, old: str, new: str) -> JsonObject:
    return {new if name == old else name: value for name, value in system.items()}


def _constants_from_old(system: JsonObject) -> JsonObject:
    turned = {name: value for name, value in system.items() if name not in ("timeouts", "managedInitialization")}
    if "timeouts" in system:
        timeouts = dict.fromkeys(OLD_TIMEOUTS) if system["timeouts"] is None else system["timeouts"]
        turned.update((OLD_TIMEOUTS[name], value) for name, value in timeouts.items())
    if "managedInitialization" in system:
        given = system["managedInitialization"]
        turned["memberInitialization"] = None if given is None else _initialization_from_old(given)
    return turned


def _constants_to_old(system: JsonObject) -> JsonObject:
    new_timeouts = OLD_TIMEOUTS.values()
    turned = {
        name: value for name, value in system.items() if name not in new_timeouts and name != "memberInitialization"
    }
    timeouts = {old: system[new] for old, new in OLD_TIMEOUTS.items() if new in system}
    if timeouts:
        turned["timeouts"] = timeouts
    if "memberInitialization" in system:
        held = system["memberInitialization"]
        turned["managedInitialization"] = None if held is None else _initialization_to_old(held)
    return turned


def _initialization_from_old(given: JsonObject) -> JsonObject:
    turned = {name: value for name, value in given.items() if name != "autoEvaluate"}
    if "autoEvaluate" in given:
        turned["externalEvaluation"] = not given["autoEvaluate"]
    return turned


def _initialization_to_old(held: JsonObject) -> JsonObject:
    turned = {name: value for name, value in held.items() if name != "externalEvaluation"}
    if "externalEvaluation" in held:
        turned["autoEvaluate"] = not held["externalEvaluation"]
    return turned
