"""The seed form: every field that a seed may hold.

Checking reads these tables, and so do the reference page of the documentation and the JSON Schema of seeds.
The content of `constants`, `properties`, `servers` and `roleTypes` is read and checked like the body of a request.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_xbl.arrange import initialization_form, ownership_form
from pytest_xbl.arrange.faults_form import FAULTS, check_faults
from pytest_xbl.arrange.limits_form import LIMITS, check_limits
from pytest_xbl.arrange.seed_shapes import base, digits_or_none, header_part, names, people, person, records, session
from pytest_xbl.arrange.statistics_form import DEFINITION, REACHED, STATISTICS, TITLE
from pytest_xbl.mpsd.checking import check, check_fields, missing_field
from pytest_xbl.mpsd.document_form import ANY_NAME, DOCUMENT, require_known
from pytest_xbl.mpsd.handles import TYPES
from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.model import MULTIPLAYER, STATUSES, Json, JsonObject
from pytest_xbl.mpsd.moments import time
from pytest_xbl.mpsd.names import handle_id_in_body, name_in_body
from pytest_xbl.mpsd.refusal import Parts, Refusal
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import (
    Either,
    Integer,
    ListOf,
    MapOf,
    OneOf,
    boolean,
    digits,
    guid,
    object_,
    text,
)
from pytest_xbl.world.state import DEFAULT_SCID

USER: Mapping[str, Field] = {
    "xuid": Field(digits, "CALL-10", "the next free one unless given"),
    "gamertag": Field(text, "CALL-4", 'their name unless given; "" for a token without that claim'),
    "deviceId": Field(text, "CALL-4", "the device they play on; one of their own unless given"),
    "titleId": Field(digits, "CALL-10", "the title they play; the same for all unless given"),
    "token": Field(header_part, "CALL-3", "what stands behind the semicolon of `Authorization`"),
    "userhash": Field(header_part, "CALL-3", "what stands before it; the xuid unless given"),
    "privileges": Field(ListOf(OneOf((MULTIPLAYER,))), "PUT-11", "what their account may do; all unless given"),
    "sandbox": Field(text, "STAT-6", "the one that their token is for; `RETAIL` unless given"),
    "present": Field(boolean, "TIME-7", "whether their presence is in the title; true unless given"),
    "follows": Field(people, "JOIN-2", "the users they follow"),
    "favorites": Field(people, "HAND-10", "those of them who are favorites"),
    "blocks": Field(people, "OWN-4", "the users they have blocked"),
}
SERVICE: Mapping[str, Field] = {
    "actingFor": Field(names, "S2S-1", "the users that it acts for, all of one title, as its headers say"),
    "onBehalfOf": Field(text, "CALL-4", "the user that it acts for, as its token says; none unless given"),
}
TEMPLATE: Mapping[str, Field] = {
    "name": Field(name_in_body, "CALL-15", "the label unless given"),
    "scid": Field(guid, "CALL-5", "that of the world unless given"),
    "contract": Field(
        OneOf((104, 105, 107), "104, 105 or 107"),
        "TMPL-7",
        "the contract it is written for; 107 unless given",
    ),
    "constants": Field(object_, "TMPL-2", "`system` and `custom`"),
    "roleTypes": Field(object_, "ROLE-1", "as in a PUT"),
}
TEMPLATE_BODY = ("constants", "roleTypes")
"""The fields of a template that the service knows; the others say which template it is."""
MEMBER: Mapping[str, Field] = {
    "status": Field(OneOf(STATUSES), "MEMB-8", "`active` unless given"),
    "xuid": Field(digits, "MEMB-3", "of somebody who is no user of the world, and whom the label just names"),
    "since": Field(time, "TIME-3", "when the status began; the time of the clock unless given"),
    "joinTime": Field(time, "MEMB-9", "when they joined, or were reserved; the time of the clock unless given"),
    "index": Field(Integer(0), "MEMB-1", "the next one unless given"),
    "constants": Field(object_, "MEMB-6", "`system` and `custom`, as under `members.me`"),
    "properties": Field(object_, "MEMB-7", "likewise; `active` and `ready` follow from the status"),
    "gamertag": Field(text, "MEMB-9", "what they joined with; that of the user unless given"),
    "deviceId": Field(text, "JOIN-2", "likewise"),
    "activeTitleId": Field(digits_or_none, "MEMB-9", 'likewise; "" for none'),
    **initialization_form.OF_MEMBER,
    **ownership_form.OF_MEMBER,
}
members = Either(
    names,
    MapOf(Either(OneOf(STATUSES), object_, is_one=str, expected=f"a status, {', '.join(STATUSES)}, or an object")),
    is_one=list,
    expected="a list of names, or an object of members by name",
)
SESSION: Mapping[str, Field] = {
    "template": Field(text, "TMPL-1", "the name of its template", needed=True),
    "name": Field(name_in_body, "CALL-15", "the label unless given"),
    "scid": Field(guid, "CALL-5", "that of the world unless given"),
    "members": Field(
        members, "MEMB-8", "names of users, all of them active; or an object of statuses or [members](#members) by name"
    ),
    "constants": Field(object_, "TMPL-3", "what the creation adds to the template: `system` and `custom`"),
    "properties": Field(object_, "PROP-1", "`system` and `custom`"),
    "servers": Field(object_, "SERV-2", "by name: `constants` and `properties`"),
    "roleTypes": Field(object_, "ROLE-1", "what the creation adds to the template"),
    "startTime": Field(time, "TIME-4", "when it was made; the time of the clock unless given"),
    "changeNumber": Field(Integer(1), "PUT-9", "1 unless given"),
    "nextIndex": Field(Integer(0), "MEMB-1", "the index of whoever comes next; one above the last unless given"),
    "emptySince": Field(time, "TIME-4", "when the last member went; for a session with nobody in it"),
    "away": Field(ListOf(person), "JOIN-5", "those who left while it was locked, and whose slots are kept"),
    "incarnation": Field(Integer(1), "TIME-9", "which of the sessions of its name it is; the next one unless given"),
    **initialization_form.OF_SESSION,
    **ownership_form.OF_SESSION,
    "gone": Field(
        OneOf((True,), "true, or no such field"),
        "TIME-9",
        "the session was deleted; besides, only what names it and `incarnation` may stand there",
    ),
}
HANDLE: Mapping[str, Field] = {
    "type": Field(OneOf(TYPES), "HAND-1", "the kind of handle", needed=True),
    "session": Field(session, "HAND-1", "where it points", needed=True),
    "owner": Field(person, "HAND-1", "who made it; a service that acts for nobody unless given"),
    "invited": Field(person, "HAND-3", "whom an invite is for"),
    "attributes": Field(object_, "HAND-3", "of an invite; or `searchAttributes` of a search handle"),
    "origin": Field(session, "HAND-4", "of a transfer: the session whose members it lets in"),
    "id": Field(handle_id_in_body, "HAND-1", "a free one unless given"),
    "created": Field(time, "SEED-8", "when it was made; the time of the clock unless given"),
    "titleId": Field(digits_or_none, "HAND-2", 'with `created`: the title that its owner played; "" for none'),
    "incarnation": Field(Integer(1), "HAND-19", "with `created`: which of the sessions of that name it points at"),
    "expires": Field(time, "HAND-18", "with `created`: when an invite ends; a day after that unless given"),
    "ahead": Field(boolean, "HAND-17", "with `created`: whether an invite was made before its session"),
    "originIncarnation": Field(Integer(1), "HAND-19", "with `created`: which of the sessions of that name `origin` is"),
}
GIVEN: Mapping[str, Field] = {
    "sessions": Field(Integer(0), "HAND-2", "how many sessions have been made without a name"),
    "handles": Field(Integer(0), "HAND-1", "how many handles have been made"),
}
SEED: Mapping[str, Field] = {
    "description": Field(text, "SEED-1", "one line, for lists and reports"),
    "extends": Field(
        Either(ListOf(base), base, is_one=list, expected="a seed, or a list of seeds"),
        "SEED-3",
        'what comes first: files, names of scenarios, or `{"scenario": ..., ...}` with parameters',
    ),
    "now": Field(time, "TIME-1", "what the clock shows; noon of 2026-01-01, UTC, unless given"),
    "scid": Field(
        guid,
        "SEED-13",
        f"the service configuration of the world, with the usual title and the ready-made templates; `{DEFAULT_SCID}` "
        "unless given",
    ),
    "users": Field(
        Either(names, records, is_one=list, expected="a list of names, or an object of users by name"),
        "SEED-1",
        "[users](#users) by name; or names alone",
    ),
    "services": Field(records, "SEED-1", "[services](#services) by name"),
    "templates": Field(records, "SEED-1", "[templates](#templates) by label"),
    "sessions": Field(records, "SEED-1", "[sessions](#sessions) by label"),
    "handles": Field(records, "SEED-1", "[handles](#handles) by label"),
    "statistics": Field(object_, "SEED-1", "[statistics](#statistics)"),
    "given": Field(object_, "SEED-7", "[what has been given out](#given)"),
    "limits": LIMITS,
    "faults": FAULTS,
    "expected": Field(object_, "SEED-10", "what `xbl.assert_state` compares: a part of the seed form"),
}
RECORDS: Mapping[str, Mapping[str, Field]] = {
    "users": USER,
    "services": SERVICE,
    "templates": TEMPLATE,
    "sessions": SESSION,
    "handles": HANDLE,
}
"""The sections that hold records by label, and the fields of a record."""
NEEDED = {section: tuple(name for name, field in fields.items() if field.needed) for section, fields in RECORDS.items()}
"""The fields that a record of each section needs."""
COMPARED = ("now", "users", "sessions", "handles", "statistics")
"""The sections that an expectation may have."""
BAGS = ("constants", "properties", "servers", "roleTypes")
"""The fields of a session and of its members that hold what the service knows."""


def check_form(seed: Any) -> None:
    """Refuse a seed that has not the seed form.

    Raises:
        Refusal: with the place inside it (SEED-1).
    """
    check(object_, seed, (), "SEED-1")
    _check(SEED, seed, ())
    _check_names(seed.get("users"), ("users",))
    for section in RECORDS:
        records = seed.get(section) or {}
        for label, record in records.items() if isinstance(records, dict) else ():
            if record:
                check_record(section, record, (section, label))
    check_statistics(seed.get("statistics") or {}, ("statistics",))
    _check(GIVEN, seed.get("given") or {}, ("given",))
    check_faults(seed.get("faults") or [], ("faults",))
    if seed.get("limits") is not None:
        check_limits(seed["limits"], ("limits",))
    if seed.get("expected") is not None:
        check_expected(seed["expected"])


def check_record(section: str, record: JsonObject, at: Parts = (), *, removable: bool = True) -> None:
    """Refuse a record with a field that its section does not know, or a value that does not fit.

    Args:
        at: the place of the record.
        removable: whether a null takes a field out, as it does where seeds are combined (SEED-4).

    Raises:
        Refusal: with the place (SEED-1).
    """
    _check(RECORDS[section], record, at, removable=removable)
    members = record.get("members") if section == "sessions" else None
    for name, member in members.items() if isinstance(members, dict) else ():
        _check_whole(MEMBER, member, (*at, "members", name))


def check_clock(record: JsonObject) -> None:
    """Refuse a time of the clock that is not of the seed form.

    Raises:
        Refusal: with the place inside the record (SEED-1).
    """
    _check({"now": SEED["now"]}, record, (), removable=False)


def check_statistics(section: JsonObject, at: Parts = (), *, removable: bool = True) -> None:
    """Refuse statistics with a field that nobody knows, or a value that does not fit.

    Args:
        at: the place of the section.
        removable: whether a null takes a field of the section out (SEED-4).

    Raises:
        Refusal: with the place (SEED-1).
    """
    _check(STATISTICS, section, at, removable=removable)
    for label, definition in (section.get("definitions") or {}).items():
        _check(DEFINITION, definition, (*at, "definitions", label))
    for title_id, title in (section.get("titles") or {}).items():
        _check_whole(TITLE, title, (*at, "titles", title_id))
    for user, values in (section.get("users") or {}).items():
        for label, value in (values or {}).items():
            _check_whole(REACHED, value, (*at, "users", user, label))


def check_expected(expected: JsonObject) -> None:
    """Refuse an expectation that has not the seed form, or names what is not compared (SEED-10).

    Raises:
        Refusal: with the place inside the seed.
    """
    statistics = expected.get("statistics") or {}
    check(object_, statistics, ("expected", "statistics"), "SEED-10")
    for at, known, part in (((), COMPARED, expected), (("statistics",), ("users",), statistics)):
        for name in part:
            if name not in known:
                what = f"This is not compared; what is: {', '.join(known)}."
                raise Refusal(400, what, where=("expected", *at, name), rule="SEED-10")
    try:
        check_form({name: _without_nulls(part) for name, part in expected.items()})
        for label, session in (expected.get("sessions") or {}).items():
            _check_bags(session or {}, ("sessions", label))
    except Refusal as refusal:
        raise refusal.inside("expected") from None


def require_whole(seed: JsonObject) -> None:
    """Refuse a seed, put together from all its parts, in which a record lacks a field that it needs.

    Raises:
        Refusal: with the place inside it (SEED-1).
    """
    for section in RECORDS:
        for label, record in seed.get(section, {}).items():
            require_needed(section, record, (section, label))


def require_needed(section: str, record: JsonObject, at: Parts = ()) -> None:
    """Refuse a record that lacks a field that it needs.

    Args:
        at: the place of the record.

    Raises:
        Refusal: with the place (SEED-1).
    """
    for name in NEEDED[section]:
        if name not in record:
            raise lacks(name, at)


def lacks(name: str, at: Parts = ()) -> Refusal:
    """The refusal of a record without a field that it needs (SEED-1)."""
    return missing_field(name, at, rule="SEED-1")


def _check(table: Mapping[str, Field], record: JsonObject | None, at: Parts, *, removable: bool = True) -> None:
    if record:
        check_fields(table, record, at, removable=removable, unknown="SEED-1")


def _check_whole(table: Mapping[str, Field], record: Json, at: Parts) -> None:
    """Check a record below the depth of combining, from which a null takes nothing out."""
    if isinstance(record, dict):
        check_fields(table, record, at, removable=False, unknown="SEED-1")


def _check_names(names: Json, at: Parts) -> None:
    if not isinstance(names, list) or len(set(names)) == len(names):
        return
    twice = next(number for number, name in enumerate(names) if name in names[:number])
    raise Refusal(400, f"{brief(names[twice])} appears twice.", where=(*at, twice), rule="SEED-1")


def _check_bags(record: JsonObject, at: Parts, form: Mapping[str, Any] = DOCUMENT) -> None:
    """Refuse a field in the bags of a session or a member that none can have; expecting nothing of it would pass."""
    for name in BAGS:
        require_known(form.get(name), record.get(name), (*at, name), rule="SEED-10")
    members = record.get("members")
    for label, member in members.items() if isinstance(members, dict) else ():
        if isinstance(member, dict):
            _check_bags(member, (*at, "members", label), form["members"][ANY_NAME])


def _without_nulls(part: Json) -> Json:
    """An expectation without the nulls that say what is not there."""
    if not isinstance(part, dict):
        return part
    return {name: _without_nulls(inner) for name, inner in part.items() if inner is not None}
