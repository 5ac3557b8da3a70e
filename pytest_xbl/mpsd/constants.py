"""The constants of a session: those of its template and of its creation, and the checks on them.

They are settled when the session is created, and never change afterwards (TMPL-4).
"""

from __future__ import annotations

from pytest_xbl.mpsd import contracts
from pytest_xbl.mpsd.bags import Deviation, deviations
from pytest_xbl.mpsd.checking import unknown_field
from pytest_xbl.mpsd.contradictions import check_exclusions
from pytest_xbl.mpsd.json_values import brief, same
from pytest_xbl.mpsd.model import Bag, JsonObject, Session, Template, enabled
from pytest_xbl.mpsd.refusal import Parts, Quoted, Refusal
from pytest_xbl.mpsd.roles import parse_role_types
from pytest_xbl.mpsd.writes import parse_constants

MOST_MEMBERS = 100
AT = ("constants", "system")

CAPABILITIES_NEED = (
    ("broadcast", "large", "CONST-8"),
    ("arbitration", "gameplay", "CONST-8"),
)
CONSTANTS_NEED = (
    ("peerToPeerRequirements", "connectivity", "CONST-10"),
    ("peerToHostRequirements", "connectivity", "CONST-10"),
    ("metrics", "connectivity", "CONST-10"),
    ("ownershipPolicies", "hasOwners", "CONST-13"),
    ("cloudComputePackage", "cloudCompute", "CONST-16"),
    ("arbitration", "arbitration", "CONST-17"),
)
REQUIREMENTS = ("peerToPeerRequirements", "peerToHostRequirements")
NEEDED_METRICS = ("latency", "bandwidthDown", "bandwidthUp")


def parse_template(scid: str, name: str, body: JsonObject, *, contract: int) -> Template:
    """Read a session template.

    Args:
        body: of the form of a PUT body, with `constants` and `roleTypes` only (TMPL-2).
        contract: the contract it is written for; it decides names and defaults (TMPL-6, TMPL-7).

    Raises:
        Refusal: 400.
    """
    for member in body:
        if member in ("members", "servers", "properties"):
            what = f"A template holds constants and roleTypes; {member} belong to a session."
            raise Refusal(400, what, where=(member,), rule="TMPL-2")
        if member not in ("constants", "roleTypes"):
            raise unknown_field(member, ("constants", "roleTypes"))
    constants = parse_constants(body, contract=contract)
    template = Template(scid, name, constants, role_types=parse_role_types(body), contract=contract)
    _check_room_to_start(template)
    return template


def _check_room_to_start(template: Template) -> None:
    """Refuse a template that no creation can make right, if it has set how many members are needed (CONST-15)."""
    if template.constants.system.get("memberInitialization") is not None:
        try:
            _check_initialization(default_constants(template).system, template.contract)
        except Refusal as refusal:
            raise refusal.under(template.contract) from None


def default_constants(template: Template) -> Bag:
    """The constants of a session whose creation adds none to its template, unchecked (TMPL-3)."""
    return _with_defaults(template.constants, template.contract)


def session_constants(template: Template, added: Bag) -> Bag:
    """The constants of a session made from a template by a request that adds some (TMPL-3).

    Raises:
        Refusal: 409 for a constant that the template sets to another value; 400 for constants that exclude each other.
    """
    held = template.constants
    if not added.system and not added.custom:
        return template.once("plain constants", lambda: _checked(default_constants(template), template.contract))
    for odd in deviations(held, added):
        if odd.name in getattr(held, odd.part) and not _is_as_good_as_equal(odd):
            rule = "TMPL-10" if odd.path == ("system", "capabilities") else "TMPL-3"
            raise _held_otherwise("The template sets the constant {} to {}; it cannot be {}.", odd, rule, unset="null")
    both = Bag({**held.system, **added.system}, {**held.custom, **added.custom})
    return _checked(_with_defaults(both, template.contract), template.contract)


def require_same_constants(session: Session, asked: Bag) -> None:
    """Refuse a write that would change a constant (TMPL-4).

    Raises:
        Refusal: 409, naming the constant.
    """
    for odd in deviations(session.constants, asked):
        if not _is_as_good_as_equal(odd):
            what = "The constant {} is {} since the session was made; it cannot become {}."
            raise _held_otherwise(what, odd, "TMPL-4", unset="not set")


def _held_otherwise(what: str, odd: Deviation, rule: str, *, unset: str) -> Refusal:
    """The refusal of a constant, with its name, what it is and what was asked filled into the sentence."""
    name, where = str(odd.name), ("constants", *odd.path)
    if odd.part == "custom":  # its names are the title's own, and the same under every contract
        told = what.format(name, unset if odd.held is None else brief(odd.held), brief(odd.asked))
        return Refusal(409, told, where=where, rule=rule)
    held = unset if odd.held is None else Quoted(name, odd.held)
    return Refusal(409, what, name, held, Quoted(name, odd.asked), where=where, rule=rule)


def _is_as_good_as_equal(odd: Deviation) -> bool:
    """Whether two values differ only in false capabilities, or in nulls of initialization, left out (TMPL-13)."""
    match odd.path:
        case ("system", "capabilities"):
            return enabled(odd.held or {}) == enabled(odd.asked or {})
        case ("system", "memberInitialization"):
            held, asked = ({"memberInitialization": value} for value in (odd.held, odd.asked))
            return same(contracts.shown_constants(held), contracts.shown_constants(asked))
    return False


def _with_defaults(constants: Bag, contract: int) -> Bag:
    """The constants with their defaults, and without those that a null keeps unset (TMPL-5, TMPL-11, TMPL-12)."""
    system = {**contracts.defaults(contract), **constants.system}
    system = {name: value for name, value in system.items() if value is not None}
    if "metrics" not in constants.system and not system.keys().isdisjoint(REQUIREMENTS):
        system["metrics"] = dict.fromkeys(NEEDED_METRICS, True)
    custom = {name: value for name, value in constants.custom.items() if value is not None}
    return Bag(system, custom)


def _checked(constants: Bag, contract: int) -> Bag:
    system = constants.system
    can = enabled(system.get("capabilities", {}))
    _check_needs(system, can)
    check_exclusions(system, AT)
    _check_metrics(system)
    _check_initialization(system, contract)
    return constants


def _constant_refused(where: Parts, what: str, *names: str | Quoted, rule: str) -> Refusal:
    return Refusal(400, what, *names, where=(*AT, *where), rule=rule)


def _check_needs(system: JsonObject, can: set[str]) -> None:
    for name, needed, rule in CAPABILITIES_NEED:
        if name in can and needed not in can:
            what = f"The capability {name} needs the capability {needed}."
            raise _constant_refused(("capabilities", name), what, rule=rule)
    for name, needed, rule in CONSTANTS_NEED:
        if name in system and needed not in can:
            raise _constant_refused((name,), f"{name} needs the capability {needed}.", rule=rule)
    if {"userAuthorizationStyle", "searchable"} <= can and "hasOwners" not in can:
        what = "The capabilities userAuthorizationStyle and searchable together need hasOwners."
        raise _constant_refused(("capabilities", "searchable"), what, rule="CONST-9")
    most = system.get("maxMembersCount", 0)
    if most > MOST_MEMBERS and "large" not in can:
        what = f"Without the capability large a session has at most {MOST_MEMBERS} members, not {most}."
        raise _constant_refused(("maxMembersCount",), what, rule="CONST-2")


def _check_metrics(system: JsonObject) -> None:
    if system.keys().isdisjoint(REQUIREMENTS):
        return
    missing = [name for name in NEEDED_METRICS if not system.get("metrics", {}).get(name)]
    if missing:
        what = f"The requirements need the metrics {', '.join(missing)} too."
        raise _constant_refused(("metrics",), what, rule="CONST-10")


def _check_initialization(system: JsonObject, contract: int) -> None:
    needed = contracts.initialization_of(system, contract).get("membersNeededToStart", 0)
    most = system.get("maxMembersCount", MOST_MEMBERS)
    if needed > most:
        what = f"membersNeededToStart lies between 0 and maxMembersCount, {most}."
        raise _constant_refused(("memberInitialization", "membersNeededToStart"), what, rule="CONST-15")
