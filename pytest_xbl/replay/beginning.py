"""The seed of the world in which a recording begins: people, titles and templates, as far as it shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple
from urllib.parse import unquote

from pytest_xbl.mpsd.model import Json, JsonObject
from pytest_xbl.mpsd.shapes import digits
from pytest_xbl.replay.places import at
from pytest_xbl.replay.recording import Exchange
from pytest_xbl.replay.statistics import statistics_of

SESSION = re.compile(r"(?i)/serviceconfigs/([^/]+)/sessiontemplates/([^/]+)/sessions/([^/]+)")
XUIDS_IN_URI = re.compile(r"(?i)xuid(?:\(|=|%28)(\d+)")
XUID_FIELDS = frozenset({"xuid", "invitedxuid", "monikerxuid", "sessionowners", "xuids"})
BY_THE_SERVICE = ("initiators",)
"""System constants of a document that the service adds."""


class Cast(NamedTuple):
    """The people of a recording.

    Args:
        names: what the world calls each, by xuid.
        callers: the name of each caller, by number.
        records: of the seed form, by name.
    """

    names: Mapping[str, str]
    callers: Mapping[int, str]
    records: Mapping[str, JsonObject]


def cast_of(exchanges: Sequence[Exchange]) -> Cast:
    """The people whom exchanges name, and those who called."""
    found: dict[str, JsonObject] = {}
    callers: dict[int, str] = {}
    for exchange in exchanges:
        for xuid in (*_asked(exchange), *_named(exchange.response.json)):
            found.setdefault(xuid, {"xuid": xuid})
        for member in _members(exchange.response.json):
            _describe(found, member)
        if exchange.caller not in callers and (xuid := _caller(exchange)):
            callers[exchange.caller] = xuid
            found.setdefault(xuid, {"xuid": xuid})
    called = [*dict.fromkeys(exchange.caller for exchange in exchanges if exchange.caller)]
    callers = callers or _alone(called, {xuid for exchange in exchanges for xuid in _asked(exchange)})
    names = {xuid: f"user {number}" for number, xuid in enumerate(found, 1)}
    by_number = {number: names[callers[number]] if number in callers else f"caller {number}" for number in called}
    records = {names[xuid]: record for xuid, record in found.items()}
    return Cast(names, by_number, {**records, **{name: {} for name in by_number.values() if name not in records}})


def _alone(called: Sequence[int], asked: AbstractSet[str]) -> dict[int, str]:
    """The only caller as the only user whom requests name, whose sessions they ask for; empty if there are more."""
    return dict.fromkeys(called, *asked) if len(called) == len(asked) == 1 else {}


def seed_of(exchanges: Sequence[Exchange], cast: Cast) -> JsonObject:
    """The seed form of what exchanges show of the world in which they begin."""
    templates: dict[str, JsonObject] = {}
    statistics = statistics_of(exchanges, cast.names)
    for exchange in exchanges:
        if session := SESSION.match(exchange.url.path):
            scid, template, _ = map(unquote, session.groups())
            label = f"{scid.lower()}/{template.lower()}"
            if label not in templates and (record := _template(exchange)):
                templates[label] = {"name": template, "scid": scid, **record}
        statistics["titles"] |= _titles(exchange.response.json)
    return {
        "users": dict(cast.records),
        "templates": templates,
        "statistics": statistics,
    }


def _caller(exchange: Exchange) -> str:
    """The xuid of the caller, as far as an exchange shows it; "" if not, or for nobody."""
    if not exchange.caller:
        return ""
    if exchange.xuid:
        return exchange.xuid
    me = at(exchange.request.json, "members", "me")
    own = at(me, "constants", "system", "xuid")
    if is_xuid(own):
        return str(own)
    members = [at(member, "constants", "system", "xuid") for member in _members(exchange.response.json)]
    return str(members[0]) if isinstance(me, dict) and len(members) == 1 and is_xuid(members[0]) else ""


def _asked(exchange: Exchange) -> Iterator[str]:
    """The xuids in a request."""
    yield from XUIDS_IN_URI.findall(unquote(exchange.uri))
    yield from _named(exchange.request.json)


def _named(value: Json, name: str = "") -> Iterator[str]:
    """The xuids in a body."""
    if isinstance(value, dict):
        for label, inner in value.items():
            yield from _named(inner, label.lower())
    elif isinstance(value, list):
        for inner in value:
            yield from _named(inner, name)
    elif name in XUID_FIELDS and is_xuid(value):
        yield str(value)


def _members(document: Json) -> list[JsonObject]:
    members = at(document, "members")
    return [one for one in members.values() if isinstance(one, dict)] if isinstance(members, dict) else []


def _describe(found: dict[str, JsonObject], member: JsonObject) -> None:
    """Note what a document says of somebody: their gamertag, and the title that they play."""
    xuid = at(member, "constants", "system", "xuid")
    if is_xuid(xuid):
        record = found.setdefault(str(xuid), {"xuid": str(xuid)})
        for name, field in (("gamertag", "gamertag"), ("titleId", "activeTitleId")):
            if isinstance(member.get(field), str):
                record.setdefault(name, member[field])


def _template(exchange: Exchange) -> JsonObject | None:
    """The template of a session, as its document shows it, less what the request has said; None without a document."""
    document, asked = exchange.response.json, exchange.request.json
    system = at(document, "constants", "system")
    if not isinstance(system, dict):
        return None
    said = at(asked, "constants", "system") or {}
    custom = at(document, "constants", "custom") or {}
    own = at(asked, "constants", "custom") or {}
    constants: JsonObject = {
        "system": {name: it for name, it in system.items() if name not in said and name not in BY_THE_SERVICE},
        "custom": {name: it for name, it in custom.items() if name not in own},
    }
    contract = at(document, "contractVersion")
    return {"constants": constants, **({"contract": contract} if isinstance(contract, int) else {})}


def _titles(response: Json) -> dict[str, JsonObject]:
    """The titles of which handles in a response tell the platforms."""
    results = at(response, "results")
    handles = results if isinstance(results, list) else [response]
    found = {}
    for handle in handles:
        title, platforms, scid = at(handle, "titleId"), at(handle, "gameTypes"), at(handle, "sessionRef", "scid")
        if isinstance(title, str) and isinstance(platforms, dict) and isinstance(scid, str):
            kept = {name: {"pfn": one["pfn"]} if at(one, "pfn") else {} for name, one in platforms.items()}
            found[title] = {"scid": scid, "platforms": kept}
    return found


def is_xuid(value: object) -> bool:
    """Whether a value may be a xuid: decimal digits in a text."""
    return digits.misfit(value) is None
