"""The form of a session document: every field that it can have, down to those of each `system` bag (SEEN-1).

Comparisons of a part check its names by it: a misspelt field of which a test expects nothing would always match.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from pytest_xbl.mpsd import schema
from pytest_xbl.mpsd.checking import unknown_field
from pytest_xbl.mpsd.contracts import is_old
from pytest_xbl.mpsd.json_values import name_text
from pytest_xbl.mpsd.refusal import Parts
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import MapOf, OrNull, Record, Shape

Form: TypeAlias = Mapping[str, "Form"] | None
"""The names in an object, and the form of what is there; None if that may be anything."""
ANY_NAME = "*"
"""The name in a form that stands for every name not in it."""


def form_of(contract: int) -> Mapping[str, Form]:
    """The form of a document under a contract."""
    return OLD_DOCUMENT if is_old(contract) else DOCUMENT


def require_known(form: Form, part: object, at: Parts = (), *, rule: str = "SEEN-1") -> None:
    """Refuse a part of a document that names a field which no document has.

    Args:
        part: objects inside each other; any other value is not looked into.
        at: the place of the part.
        rule: the rule against such a field.

    Raises:
        Refusal: with the nearest name.
    """
    if form is None or not isinstance(part, Mapping):
        return
    for name, inner in part.items():
        text = name_text(name)
        known = text if text in form else ANY_NAME
        if known not in form:
            raise unknown_field(text, form, at, rule=rule)
        require_known(form[known], inner, (*at, text), rule=rule)


def _form(shape: Shape) -> Form:
    match shape:
        case Record(fields):
            return {name: _form(inner) for name, inner in fields.items()}
        case MapOf(value):
            return {ANY_NAME: _form(value)}
        case OrNull(inner):
            return _form(inner)
    return None


def _bag(system: Mapping[str, Field]) -> Mapping[str, Form]:
    return {"system": {name: _form(field.shape) for name, field in system.items()}, "custom": None}


def _plain(*names: str) -> dict[str, Form]:
    return dict.fromkeys(names)


def _document(
    constants: Mapping[str, Field], properties: Mapping[str, Field], member_properties: Mapping[str, Field]
) -> Mapping[str, Form]:
    member: dict[str, Form] = {
        **_plain("next", "turn", "joinTime", "reserved", "gamertag", "activeTitleId", "deviceToken", "nat"),
        **_plain("initializationFailure", "initializationEpisode"),
        "roles": {ANY_NAME: None},
        "constants": _bag(schema.MEMBER_CONSTANTS),
        "properties": _bag(member_properties),
    }
    return {
        **_plain(
            "contractVersion", "correlationId", "searchHandle", "branch", "changeNumber", "startTime", "nextTimer"
        ),
        "initializing": _plain("stage", "stageStartTime", "episode"),
        **_plain("hostCandidates"),
        "constants": _bag(constants),
        "properties": _bag(properties),
        "roleTypes": {ANY_NAME: ROLE_TYPE},
        "members": {ANY_NAME: member},
        "membersInfo": _plain("first", "next", "count", "accepted", "active"),
        "servers": {"matchmaking": _server(schema.MATCHMAKING_SERVER), ANY_NAME: _server(None)},
    }


def _server(system: Mapping[str, Field] | None) -> Form:
    """The form of a server; the service keeps `system` of those whose fields it does not know (SERV-2)."""
    loose = _plain("system", "custom")
    return {"constants": loose, "properties": loose if system is None else _bag(system)}


ROLE_TYPE: Form = {
    **_plain("ownerManaged", "mutableRoleSettings"),
    "roles": {ANY_NAME: _plain("count", "max", "target", "memberXuids")},
}
DOCUMENT = _document(schema.SESSION_CONSTANTS, schema.SESSION_PROPERTIES, schema.MEMBER_PROPERTIES)
OLD_DOCUMENT = _document(schema.OLD_SESSION_CONSTANTS, schema.OLD_SESSION_PROPERTIES, schema.OLD_MEMBER_PROPERTIES)
