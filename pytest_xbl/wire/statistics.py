"""The operations on user statistics (STAT)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from werkzeug.http import http_date

from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.view import entity_tag
from pytest_xbl.userstats.model import PLAIN
from pytest_xbl.userstats.requests import (
    Wanted,
    parse_batch,
    parse_grouped_batch,
    parse_names,
    parse_user,
)
from pytest_xbl.userstats.view import (
    Listed,
    Player,
    get_as_json,
    grouped_as_json,
    user_as_json,
    users_as_json,
)
from pytest_xbl.wire.answer import Answer, unless_known
from pytest_xbl.wire.call import Call
from pytest_xbl.world.statistics import last_change, list_statistics, read_statistics, shown_values, unknown_titles

URI = "the URI"
GROUPED, WITH_METADATA = 2, 3
"""Contracts: from which on statistics come as lists, and which one knows metadata of values."""


def batch_statistics(call: Call) -> Answer:
    """Read the statistics of several users; a read, although it is a POST."""
    if call.contract >= GROUPED:
        asked = parse_grouped_batch(call.body)
        changed = last_change(call.world, asked.users)
        for part in unknown_titles(call.world, (*asked.stats, *asked.groups)):
            call.visit.notes.append(f"The title {part.title} of {part.name} is unknown, so it adds nothing (STAT-10).")
        lists, groups = list_statistics(call.world, call.caller, asked.users, asked.stats, asked.groups)
        return _answer(call, grouped_as_json(groups, lists), changed)
    batch = parse_batch(call.body)
    changed = last_change(call.world, batch.users)
    players = read_statistics(call.world, call.caller, batch.users, batch.wanted)
    return _answer(call, users_as_json(players, shown_values(call.world)), changed)


def get_statistics(call: Call) -> Answer:
    """Read the statistics of one user."""
    metadata = "include" in call.parameters
    if metadata and call.contract < WITH_METADATA:
        what = f"valuemetadata needs contract {WITH_METADATA}, not {call.contract}."
        raise Refusal(400, what, where="?include", rule="STAT-4")
    users = {parse_user(call.names["xuid"]): URI}
    wanted = Wanted(call.names["scid"], parse_names(call.names["names"]), URI)
    changed = last_change(call.world, users)
    [player] = read_statistics(call.world, call.caller, users, [wanted])
    if call.contract >= GROUPED:
        return _answer(call, _as_list(player, metadata=metadata), changed)
    return _answer(call, user_as_json(player, shown_values(call.world)), changed)


def _as_list(player: Player, *, metadata: bool) -> JsonObject:
    """The same as one list (STAT-9)."""
    [part] = player.reached
    listed = [Listed(name, part.scid, held, part.definitions.get(name, PLAIN)) for name, held in part.stats]
    return get_as_json([(player.xuid, listed)], metadata=metadata)


def _answer(call: Call, content: JsonObject, changed: datetime) -> Answer:
    """The response with an ETag of its content, or 304 where the client has that content already (STAT-7).

    Args:
        changed: when the content may have changed last, looked up before the content: a change between the two must
            not look older than the content (STAT-15).

    Raises:
        Refusal: 412 where the client asks for another one.
    """
    body = json.dumps(content)
    etag = entity_tag(body)
    if call.preconditions.ask_for_another(etag):
        what = call.preconditions.why_another("The statistics have changed since.")
        raise Refusal(412, what, where="If-Match", rule="CODE-412")
    now = call.world.now
    headers = {"ETag": etag, **_last_modified(changed, now)}
    if call.preconditions.are_up_to_date(changed, now):
        return Answer(304, headers=headers)
    return unless_known(Answer(200, body, headers), call.preconditions)


def _last_modified(changed: datetime, now: datetime) -> Mapping[str, str]:
    """The first whole second after the last change, once it has begun: until then more can change (STAT-15)."""
    if now.replace(microsecond=0) <= changed:
        return {}
    return {"Last-Modified": http_date(changed.replace(microsecond=0) + timedelta(seconds=1))}
