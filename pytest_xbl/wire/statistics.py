"""The operations on user statistics (STAT)."""

from __future__ import annotations

import hashlib
import json

from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.refusal import Refusal
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
from pytest_xbl.world.statistics import list_statistics, read_statistics, shown_values

URI = "the URI"
GROUPED, WITH_METADATA = 2, 3
"""Contracts: from which on statistics come as lists, and which one knows metadata of values."""


def batch_statistics(call: Call) -> Answer:
    """Read the statistics of several users; a read, although it is a POST."""
    if call.contract >= GROUPED:
        asked = parse_grouped_batch(call.body)
        lists, groups = list_statistics(call.world, call.caller, asked.users, asked.stats, asked.groups)
        return _answer(call, grouped_as_json(groups, lists))
    batch = parse_batch(call.body)
    players = read_statistics(call.world, call.caller, batch.users, batch.wanted)
    return _answer(call, users_as_json(players, shown_values(call.world)))


def get_statistics(call: Call) -> Answer:
    """Read the statistics of one user."""
    metadata = "include" in call.parameters
    if metadata and call.contract < WITH_METADATA:
        what = f"valuemetadata needs contract {WITH_METADATA}, not {call.contract}."
        raise Refusal(400, what, where="?include", rule="STAT-4")
    users = {parse_user(call.names["xuid"]): URI}
    wanted = Wanted(call.names["scid"], parse_names(call.names["names"]), URI)
    [player] = read_statistics(call.world, call.caller, users, [wanted])
    if call.contract >= GROUPED:
        return _answer(call, _as_list(player, metadata=metadata))
    return _answer(call, user_as_json(player, shown_values(call.world)))


def _as_list(player: Player, *, metadata: bool) -> JsonObject:
    [part] = player.reached
    listed = [Listed(name, part.scid, held, part.definitions.get(name, PLAIN)) for name, held in part.stats]
    return get_as_json([(player.xuid, listed)], metadata=metadata)


def _answer(call: Call, content: JsonObject) -> Answer:
    """The response with an ETag of its content, or 304 where the client has that content already (STAT-7).

    Raises:
        Refusal: 412 where the client asks for another one.
    """
    body = json.dumps(content)
    etag = f'"{hashlib.blake2b(body.encode(), digest_size=8).hexdigest()}"'
    if call.preconditions.ask_for_another(etag):
        raise Refusal(412, "The statistics have changed since.", where="If-Match", rule="CODE-412")
    return unless_known(Answer(200, body, {"ETag": etag}), call.preconditions)
