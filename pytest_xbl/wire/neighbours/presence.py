"""The service at userpresence.xboxlive.com: who is in the title (NEAR-12)."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_xbl.mpsd.checking import check_fields, require_fields
from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import Either, Integer, ListOf, OneOf, boolean, digits, object_, text
from pytest_xbl.wire.answer import TEXT, Answer
from pytest_xbl.wire.call import Call
from pytest_xbl.wire.neighbours.answers import content
from pytest_xbl.wire.neighbours.naming import caller_in, person_in, users_with_xuids
from pytest_xbl.world.news import DEVICE
from pytest_xbl.world.people import is_present, set_presence
from pytest_xbl.world.state import Account
from pytest_xbl.world.world import World

level = OneOf(("user", "device", "title", "all"))
LEVEL: Mapping[str, Field] = {"level": Field(level, "NEAR-12")}
TITLE: Mapping[str, Field] = {
    "state": Field(OneOf(("active", "inactive"), any_case=True), "NEAR-12"),
    "id": Field(Either(digits, Integer(0), is_one=str, expected="the id of a title"), "NEAR-12"),
    "placement": Field(OneOf(("full", "fill", "snapped", "background"), any_case=True), "NEAR-12"),
    "activity": Field(object_, "NEAR-12"),
}
"""The body that says what the caller does in their title."""
BATCH: Mapping[str, Field] = {
    "users": Field(ListOf(digits, filled=True), "NEAR-12", needed=True),
    "level": Field(level, "NEAR-12"),
    "onlineOnly": Field(boolean, "NEAR-12"),
    "deviceTypes": Field(ListOf(text), "NEAR-12", built=False),
    "titles": Field(ListOf(digits), "NEAR-12", built=False),
}
"""The body of a batch."""
HEARTBEAT = {"X-Heartbeat-After": "300"}
"""The seconds after which a client says again that it is there; the fake does not wait for it."""


def get_presence(call: Call) -> Answer:
    """Read whether a user is in their title."""
    return content(presence_record(call.world, person_in(call), call.parameters.get("level", "title")))


def batch_presence(call: Call) -> Answer:
    """Read whether several users are in their titles; a read, although it is a POST."""
    check_fields(BATCH, call.body, removable=False)
    require_fields(BATCH, call.body)
    shown = users_with_xuids(call.world, call.body["users"], "users")
    if call.body.get("onlineOnly"):
        shown = [account for account in shown if is_present(call.world, account.key)]
    return content([presence_record(call.world, account, call.body.get("level", "title")) for account in shown])


def put_title_presence(call: Call) -> Answer:
    """Say that the caller is in their title, or that they are there and inactive."""
    account = caller_in(call)
    check_fields(TITLE, call.body, removable=False)
    set_presence(call.world, account.key, present=call.body.get("state", "active").lower() == "active")
    if "activity" in call.body:
        call.visit.notes.append("The activity is not kept: the fake has no rich presence (NEAR-12).")
    return Answer(200, "", HEARTBEAT, TEXT)


def delete_title_presence(call: Call) -> Answer:
    """Say that the caller has left their title."""
    set_presence(call.world, caller_in(call).key, present=False)
    return Answer(204)


def presence_record(world: World, account: Account, depth: str) -> JsonObject:
    """The presence of a user: whether they are in their title, and on which device.

    Args:
        depth: how much of it is shown: user, device, title or all.
    """
    if not is_present(world, account.key):
        return {"xuid": account.key, "state": "Offline"}
    record: JsonObject = {"xuid": account.key, "state": "Online"}
    if depth == "user":
        return record
    device: JsonObject = {"type": DEVICE}
    if depth != "device":
        device["titles"] = [{"id": account.caller.title_id, "placement": "Full", "state": "Active"}]
    return {**record, "devices": [device]}
