"""A world as a seed: whoever loads it has an equal world (SEED-7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from pytest_xbl.arrange.dumped_statistics import statistics_section
from pytest_xbl.arrange.initialization import dumped_initialization, dumped_progress, usual_initialization
from pytest_xbl.arrange.ownership import owner_xuids, usual_owners, without_owners
from pytest_xbl.arrange.people import PRIVILEGES, stranger
from pytest_xbl.arrange.usual import free, unusual
from pytest_xbl.mpsd.constants import default_constants
from pytest_xbl.mpsd.contracts import constants_to, defaults
from pytest_xbl.mpsd.handles import Handle
from pytest_xbl.mpsd.json_values import same
from pytest_xbl.mpsd.model import (
    NEWEST_CONTRACT,
    RETAIL,
    Bag,
    Caller,
    Json,
    JsonObject,
    Member,
    Session,
    SessionRef,
    Template,
)
from pytest_xbl.mpsd.view import present, timestamp
from pytest_xbl.world.ready_made import TITLE_ID, ready_made
from pytest_xbl.world.state import DEFAULT_SCID, Account, Record, SessionKey, State

Labels = Mapping[SessionKey, str]


def dump(state: State, *, tokens: bool = True) -> JsonObject:
    """The seed that makes a world like this one, without the fields that have their defaults.

    Args:
        tokens: whether it holds those that a test has chosen (SEEN-13).
    """
    labels = session_labels(state)
    sections: JsonObject = {
        "users": {account.caller.name: _user(state, account, tokens=tokens) for account in state.users.values()},
        "services": {account.caller.name: _service(state, account) for account in state.services.values()},
        "templates": _templates(state),
        "sessions": {labels[key]: _record(state, record) for key, record in state.records.items()},
        "handles": {handle.id: dumped_handle(state, handle, labels) for handle in state.handles.values()},
        "statistics": statistics_section(state),
        "given": _given(state),
    }
    own = {} if state.scid == DEFAULT_SCID else {"scid": state.scid}
    return {"now": timestamp(state.now), **own, **{name: section for name, section in sections.items() if section}}


def session_labels(state: State) -> Labels:
    """The labels of the sessions in a seed: their names, or where two have the same, their whole references."""
    how_often = Counter(key[2] for key in state.records)
    taken: dict[str, SessionKey] = {}
    for key, record in state.records.items():
        taken[free(record.ref.name if how_often[key[2]] == 1 else str(record.ref), taken)] = key
    return {key: label for label, key in taken.items()}


def dumped_user(state: State, account: Account) -> JsonObject:
    """All fields of a user."""
    caller = account.caller
    return {
        "xuid": account.key,
        "gamertag": caller.gamertag or "",
        "deviceId": caller.device_id,
        "titleId": caller.title_id,
        "token": account.token,
        "userhash": account.userhash,
        "privileges": sorted(caller.privileges),
        "sandbox": caller.sandbox,
        "present": account.key not in state.absent,
        "follows": _people(state, state.follows.get(account.key, ())),
        "favorites": _people(state, state.favorites.get(account.key, ())),
        "blocks": _people(state, state.blocks.get(account.key, ())),
    }


def dumped_session(state: State, session: Session) -> JsonObject:
    """All fields of a session; of its constants and role types, those that differ from its template."""
    template = state.templates[session.ref.scid.lower(), session.ref.template.lower()]
    role_types = {name: it for name, it in session.role_types.items() if not same(template.role_types.get(name), it)}
    return {
        "template": session.ref.template,
        "name": session.ref.name,
        "scid": session.ref.scid,
        "startTime": timestamp(session.started),
        "changeNumber": session.change_number,
        "nextIndex": session.next_index,
        "incarnation": session.incarnation,
        "emptySince": _time(session.empty_since),
        "away": _people(state, session.away, in_order=True),
        **dumped_initialization(session),
        "owners": _people(state, owner_xuids(session), in_order=True),
        "constants": _added_constants(session, template),
        "properties": dumped_bag(without_owners(session.properties)),
        "roleTypes": role_types,
        "servers": {
            name: _filled({"constants": dumped_bag(it.constants), "properties": dumped_bag(it.properties)})
            for name, it in session.servers.items()
        },
        "members": dict(_member(state, member) for member in session.members),
    }


def dumped_handle(state: State, handle: Handle, labels: Labels) -> JsonObject:
    """All fields of a handle."""
    return present(
        {
            "type": handle.type,
            "session": _session_named(state, handle.ref, labels),
            "id": handle.id,
            "created": timestamp(handle.created),
            "owner": _person(state, handle.owner) if handle.owner else None,
            "titleId": handle.title_id or ("" if handle.owner in state.users else None),
            "incarnation": handle.incarnation,
            "invited": _person(state, handle.invited) if handle.invited else None,
            "attributes": dict(handle.attributes) or None,
            "expires": _time(handle.expires),
            "ahead": handle.ahead or None,
            "origin": _session_named(state, handle.origin, labels) if handle.origin else None,
            "originIncarnation": handle.origin_incarnation,
        }
    )


def dumped_bag(bag: Bag) -> JsonObject:
    """The parts of a bag that are not empty."""
    return _filled({"system": bag.system, "custom": bag.custom})


def _filled(parts: JsonObject) -> JsonObject:
    return {name: part for name, part in parts.items() if part != {}}


def _user(state: State, account: Account, *, tokens: bool) -> JsonObject:
    usual = {
        "gamertag": account.caller.name,
        "titleId": TITLE_ID,
        "token": None,
        "userhash": account.key,
        "privileges": sorted(PRIVILEGES),
        "sandbox": RETAIL,
        "present": True,
        "follows": [],
        "favorites": [],
        "blocks": [],
    }
    shown = account if tokens else account._replace(token=None, userhash=account.key)
    return unusual(dumped_user(state, shown), usual)


def _service(state: State, account: Account) -> JsonObject:
    names = [_person(state, str(user.xuid)) for user in account.acting_for]
    own = [_person(state, str(user.xuid)) for user in account.caller.acting]
    return {**({"actingFor": names} if names else {}), **({"onBehalfOf": own[0]} if own else {})}


def _templates(state: State) -> JsonObject:
    ready = ready_made(state.scid)
    others = [(key, it) for key, it in state.templates.items() if ready.get(key) is not it]
    how_often = Counter(key[1] for key, _ in others)
    dumped: JsonObject = {}
    for key, template in others:
        short = how_often[key[1]] == 1
        label = free(template.name if short else f"{template.scid}~{template.name}", dumped)
        dumped[label] = _template(state, template)
    return dumped


def _template(state: State, template: Template) -> JsonObject:
    system = constants_to(template.constants.system, template.contract)
    whole = {
        "name": template.name,
        "scid": template.scid,
        "contract": template.contract,
        "constants": _filled({"system": system, "custom": template.constants.custom}),
        "roleTypes": template.role_types,
    }
    return unusual(whole, {"scid": state.scid, "contract": NEWEST_CONTRACT, "constants": {}, "roleTypes": {}})


def _record(state: State, record: Record) -> JsonObject:
    if record.session is None:
        ref = record.ref
        gone = {"template": ref.template, "name": ref.name, "scid": ref.scid, "gone": True}
        return unusual({**gone, "incarnation": record.incarnation}, {"scid": state.scid})
    last = max((member.index + 1 for member in record.session.members), default=0)
    usual: JsonObject = {
        "scid": state.scid,
        "changeNumber": 1,
        "nextIndex": last,
        "incarnation": 1,
        "emptySince": None,
        "away": [],
        **usual_initialization(record.session),
        "owners": _people(state, usual_owners(record.session)),
        **{part: {} for part in ("constants", "properties", "roleTypes", "servers", "members")},
    }
    return unusual(dumped_session(state, record.session), usual)


def _added_constants(session: Session, template: Template) -> JsonObject:
    """The constants that the creation added; null where it took a default away (TMPL-3, TMPL-5)."""
    plain = default_constants(template)
    held = session.constants
    added: JsonObject = {
        part: {name: it for name, it in theirs.items() if name not in ours or not same(ours[name], it)}
        for part, ours, theirs in (("system", plain.system, held.system), ("custom", plain.custom, held.custom))
    }
    lost = [name for name in defaults(template.contract) if name in plain.system and name not in held.system]
    added["system"] = {**added["system"], **dict.fromkeys(lost)}
    return _filled(added)


def _member(state: State, member: Member) -> tuple[str, JsonObject]:
    account = state.users.get(member.xuid)
    caller = account.caller if account else stranger(member.xuid)
    label = caller.name if account else free(f"the stranger {member.xuid}", state.names)
    own = {name: it for name, it in member.constants.system.items() if name != "xuid"}
    said = {
        "constants": _filled({"system": own, "custom": member.constants.custom}),
        "properties": _filled({"system": member.system, "custom": member.custom}),
    }
    return label, {
        "status": member.status,
        "index": member.index,
        "since": timestamp(member.since),
        "joinTime": timestamp(member.join_time),
        **({} if account else {"xuid": member.xuid}),
        **_filled(said),
        **({"roles": dict(member.roles)} if member.roles else {}),
        **_claims(member, caller),
        **dumped_progress(member),
    }


def _claims(member: Member, caller: Caller) -> JsonObject:
    """The claims that a member joined with, where those of the user differ now."""
    if not member.accepted:
        return {}
    claims = {
        "gamertag": (member.gamertag, caller.gamertag),
        "deviceId": (member.device_id, caller.device_id),
    }
    if member.status == "active":
        claims["activeTitleId"] = (member.active_title_id, caller.title_id)
    return {name: held or "" for name, (held, now) in claims.items() if held != now}


def _session_named(state: State, ref: SessionRef, labels: Labels) -> Json:
    record = state.records.get(ref.key)
    known = record is not None and record.ref == ref
    return labels[ref.key] if known else ref.as_json()


def _person(state: State, xuid: str) -> Json:
    account = state.users.get(xuid)
    return account.caller.name if account else {"xuid": xuid}


def _people(state: State, xuids: Iterable[str], *, in_order: bool = False) -> list[Json]:
    return [_person(state, xuid) for xuid in (xuids if in_order else sorted(xuids))]


def _given(state: State) -> JsonObject:
    given = {"sessions": state.names_given, "handles": state.handles_given}
    return given if any(given.values()) or state.handles else {}


def _time(time: datetime | None) -> str | None:
    return timestamp(time) if time else None
