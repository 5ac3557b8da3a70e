"""Bodies of writes and templates, by the contract version that they are written for.

Each strategy is a composite, since the text of what it is made of would be as long as the tables that it follows.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Literal, NamedTuple, TypeAlias

from hypothesis import strategies as st

from pytest_xbl.mpsd import contracts, schema
from pytest_xbl.mpsd.constants import parse_template
from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.names import name_in_body
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.shapes import anything, object_
from pytest_xbl.mpsd.writes import CONSTANTS, MEMBER_CONSTANTS, MEMBER_PROPERTIES, PROPERTIES, TOP, BagKind, parse_write
from pytest_xbl.strategies.values import json_objects, json_values, misfits, records, values
from pytest_xbl.world.state import DEFAULT_SCID

Contract: TypeAlias = Literal[104, 105, 107]
ELSEWHERE = ("xuid", "index", "matchmakingResult")
"""The constants of a member that follow from who they are."""


@st.composite
def constants(draw: st.DrawFn, *, contract: Contract = 107) -> JsonObject:
    """The `constants` of a session or a template that no rule refuses, as far as a body alone can tell.

    Args:
        contract: whose names they have (TMPL-7).
    """
    return draw(_bags(CONSTANTS, contract).filter(lambda bag: _is_right({"constants": bag}, contract)))


@st.composite
def templates(draw: st.DrawFn, *, contract: Contract = 107) -> JsonObject:
    """Templates, as `xbl.templates.add` takes them with `contract=`."""
    return draw(_templates(contract).filter(lambda template: _is_template(template, contract)))


@st.composite
def writes(draw: st.DrawFn, *, contract: Contract = 107) -> JsonObject:
    """Bodies of a PUT of a session that are right on first sight; a session may still refuse them.

    Args:
        contract: the contract version of the request.
    """
    return draw(_writes(contract).filter(lambda body: _is_right(body, contract)))


@st.composite
def invalid_writes(draw: st.DrawFn, *, contract: Contract = 107) -> JsonObject:
    """Bodies of a PUT of a session that are wrong at one place: an unknown field, or a value of another shape.

    The fake answers each with 400, whatever the session is.

    Args:
        contract: the contract version of the request.
    """
    return _spoilt(draw(writes(contract=contract)), draw(_flaws(contract)))


@cache
def _templates(contract: int) -> st.SearchStrategy[JsonObject]:
    return _some(constants=_bags(CONSTANTS, contract), roleTypes=values(schema.ROLE_TYPES))


@cache
def _writes(contract: int) -> st.SearchStrategy[JsonObject]:
    return _some(
        constants=_bags(CONSTANTS, contract),
        properties=_bags(PROPERTIES, contract),
        members=_members(contract),
        servers=st.dictionaries(values(name_in_body).map(str), st.one_of(st.none(), _servers), max_size=2),
        roleTypes=values(schema.ROLE_TYPES),
    )


def _members(contract: int) -> st.SearchStrategy[JsonObject]:
    """The caller, reservations, and members to remove."""
    me = st.one_of(
        st.none(),
        _some(
            constants=_bags(MEMBER_CONSTANTS, contract, without=ELSEWHERE),
            properties=_bags(MEMBER_PROPERTIES, contract),
            roles=values(schema.MEMBER_ROLES),
        ),
    )
    reservation = st.fixed_dictionaries(
        {"constants": st.fixed_dictionaries({"system": st.fixed_dictionaries({"xuid": _xuids})})}
    )
    return st.builds(
        lambda own, reserved, removed: {
            **own,
            **{f"reserve_{number}": one for number, one in enumerate(reserved)},
            **{str(index): None for index in removed},
        },
        _some(me=me),
        st.lists(reservation, max_size=2),
        st.sets(st.integers(0, 9), max_size=1),
    )


_xuids = st.integers(2535000000000000, 2535000000000099).map(str)
_servers = st.dictionaries(
    st.sampled_from(["constants", "properties"]),
    st.dictionaries(st.sampled_from(["system", "custom"]), json_objects, max_size=2),
    max_size=2,
)


def _bags(kind: BagKind, contract: int, *, without: tuple[str, ...] = ()) -> st.SearchStrategy[JsonObject]:
    table = kind.old_fields if contracts.is_old(contract) else kind.fields
    fields = {name: field for name, field in table.items() if name not in without}
    custom = json_values if kind.custom is anything else json_objects
    return _some(system=records(fields), custom=custom)


def _some(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[JsonObject]:
    """Objects with some of these fields."""
    return st.fixed_dictionaries({}, optional=parts)


def _is_right(body: JsonObject, contract: int) -> bool:
    return _passes(lambda: parse_write(body, contract=contract))


def _is_template(body: JsonObject, contract: int) -> bool:
    return _passes(lambda: parse_template(DEFAULT_SCID, "any", body, contract=contract))


def _passes(parse: Callable[[], object]) -> bool:
    try:
        parse()
    except Refusal:
        return False
    return True


class _Flaw(NamedTuple):
    """A field that makes a body wrong, and where."""

    place: tuple[str, ...]
    name: str
    value: Any


@cache
def _flaws(contract: int) -> st.SearchStrategy[_Flaw]:
    old = contracts.is_old(contract)
    tables = {
        ("constants", "system"): CONSTANTS,
        ("properties", "system"): PROPERTIES,
        ("members", "me", "properties", "system"): MEMBER_PROPERTIES,
    }
    misfitting = [
        st.builds(_Flaw, st.just(place), st.just(name), misfits(field.shape))
        for place, kind in tables.items()
        for name, field in (kind.old_fields if old else kind.fields).items()
    ]
    misnamed = [st.builds(_Flaw, st.just(place), st.just("costum"), json_values) for place in ((), *tables)]
    wrong = [st.builds(_Flaw, st.just(()), st.sampled_from(TOP), misfits(object_))]
    return st.one_of([*misfitting, *misnamed, *wrong])


def _spoilt(body: JsonObject, flaw: _Flaw) -> JsonObject:
    """A body with a flaw at its place."""
    return _put(body, flaw.place, flaw)


def _put(value: Any, place: tuple[str, ...], flaw: _Flaw) -> JsonObject:
    own = value if isinstance(value, dict) else {}
    if not place:
        return {**own, flaw.name: flaw.value}
    first, *rest = place
    return {**own, first: _put(own.get(first), tuple(rest), flaw)}
