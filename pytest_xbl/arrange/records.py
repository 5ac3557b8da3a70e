"""From the arguments of a call to a record of the seed form: `xbl.user` and `Seed.user` are one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

from pytest_xbl.arrange.form import TEMPLATE_BODY, check_clock, check_record, check_statistics, require_needed
from pytest_xbl.arrange.values import plain
from pytest_xbl.errors import hides_frames, require
from pytest_xbl.mpsd.checking import unknown_field
from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.refusal import Parts, Refusal

__tracebackhide__ = hides_frames

LISTS = frozenset({"acting_for", "privileges", "follows", "favorites", "blocks", "members", "owners"})
"""The arguments that take any iterable; to read another one might never end."""


class UserRecord(TypedDict, total=False):
    """The claims of a user, and what else set-up can say of them; each may be left out.

    `xuid`: decimal digits; the next free one by default.
    `gamertag`: the name by default; "" for a token without that claim.
    `device_id`: the device they play on; one of their own by default.
    `title_id`: the title they play, decimal digits; the same for all by default.
    `token`: the part of their Authorization header after the semicolon.
    `userhash`: the part before it.
    `privileges`: what their account may do; leave `multiplayer` out for somebody who may not join (PUT-11).
    `sandbox`: the one that their token is for; statistics are read from within the same one (STAT-6).
    `present`: whether they are in the title (TIME-7); true by default.
    `follows`: the names of users whom they follow (JOIN-2).
    `favorites`: those of them who are favorites (HAND-10).
    `blocks`: the names of users whom they have blocked (OWN-4).
    """

    xuid: str
    gamertag: str
    device_id: str
    title_id: str
    token: str
    userhash: str
    privileges: Iterable[str]
    sandbox: str
    present: bool
    follows: Iterable[str]
    favorites: Iterable[str]
    blocks: Iterable[str]


def record_of(arguments: Mapping[str, Any]) -> JsonObject:
    """The record of the arguments that were given: their names in camel case, None left out.

    Names of people may come from any iterable, and become a list.
    """
    return {
        _field(name): _listed(value) if name in LISTS else value
        for name, value in arguments.items()
        if value is not None
    }


def template_record(template: Mapping[Any, Any], *, scid: str | None, contract: int | None) -> JsonObject:
    """The record of a template: its body, and what the call says besides.

    Raises:
        XblError: for anything but a dict (TMPL-2).
        Refusal: for a name in it besides `constants` and `roleTypes`.
    """
    require(Mapping, template, "a dict of constants and roleTypes", where="template", rule="TMPL-2")
    for name in template:
        if isinstance(name, str) and name not in TEMPLATE_BODY:
            raise unknown_field(name, TEMPLATE_BODY, ("template",), rule="SEED-1")
    return {**template, **record_of({"scid": scid, "contract": contract})}


def checked(section: str, record: JsonObject) -> JsonObject:
    """A copy of the record of a call, checked as the same record of a seed would be.

    Args:
        section: of the seed form, to which the record belongs.

    Raises:
        Refusal: with the place inside the record (SEED-1).
    """
    copy = _copied(record, (section, ""))
    check_record(section, copy, removable=False)
    require_needed(section, copy)
    return copy


def checked_scid(scid: Any) -> str:
    """The service configuration that a call names, checked as in any record.

    Raises:
        Refusal: for anything but a GUID (CALL-5).
    """
    found: str = checked("templates", {"scid": scid})["scid"]
    return found


def scid_of(record: JsonObject, usual: str) -> str:
    """The service configuration of a record: the usual one unless it names another.

    A GUID means the same in capitals or not, so the usual one is kept as it is written.
    """
    scid: str = record.get("scid", usual)
    return usual if scid.lower() == usual.lower() else scid


def checked_clock(time: Any) -> JsonObject:
    """The record of a time that a call gives, checked as `now` of a seed would be.

    Raises:
        Refusal: for a value that is no time with a zone (SEED-1).
    """
    copy = _copied({"now": time}, ())
    check_clock(copy)
    return copy


def checked_statistics(section: JsonObject) -> JsonObject:
    """Statistics of a call, checked as those of a seed would be.

    Raises:
        Refusal: with the place inside the section (SEED-1).
    """
    copy = _copied(section, ("statistics",))
    check_statistics(copy, removable=False)
    return copy


def _copied(value: JsonObject, at: Parts) -> JsonObject:
    """A copy of JSON and times, as it would stand at a place of a seed; refusals are placed inside it."""
    try:
        copy: JsonObject = plain(value, at)
    except Refusal as refusal:
        raise refusal.at(refusal.place[len(at) :]) from None
    return copy


def _field(name: str) -> str:
    return re.sub("_([a-z])", lambda found: found[1].upper(), name)


def _listed(value: Any) -> Any:
    is_one = isinstance(value, str | bytes | Mapping | list) or not isinstance(value, Iterable)
    return value if is_one else list(value)
