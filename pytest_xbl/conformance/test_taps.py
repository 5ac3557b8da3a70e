"""Real-time activity and shoulder taps, as far as requests and responses go."""

from __future__ import annotations

import pytest

from pytest_xbl.conformance.bodies import GUID, Body, me
from pytest_xbl.conformance.person import Person
from pytest_xbl.conformance.service import Service

MINE = "/members/0/properties/system"
CONNECTION = "5bf5ba2f-1a2c-4b5f-9d5b-8a3f3b0a2a11"


def test_a_member_subscribes_in_three_ways(service: Service, stacy: Person) -> None:
    """`subscription`, `subscriptions` and `secondarySubscriptions` (TAP-1)."""
    room = service.room()
    stacy.creates(room)
    one: Body = {"id": GUID, "changeTypes": ["host"]}
    stacy.put(room, me(subscription=one)).says(200).shows(f"{MINE}/subscription/changeTypes", ["host"])
    stacy.put(room, me(subscriptions={GUID: {"profile": "roster"}})).says(200)
    second = {GUID: {"changeTypes": ["host"], "rta": {"connection": CONNECTION}}}
    stacy.put(room, me(secondarySubscriptions=second)).says(200)


WRONG = [
    {"subscription": {"id": "x", "changeTypes": ["host"]}},
    {"subscription": {"id": GUID, "changeTypes": ["weather"]}},
    {"subscriptions": {"x": {"profile": "roster"}}},
]


@pytest.mark.parametrize("system", WRONG, ids=str)
def test_a_wrong_subscription_is_refused(service: Service, stacy: Person, system: Body) -> None:
    """400 (TAP-1)."""
    room = service.room()
    stacy.creates(room)
    stacy.put(room, me(**system)).says(400)


def test_a_nonce_opens_a_connection(service: Service, stacy: Person) -> None:
    """It is given without a contract version, to a user (TAP-11)."""
    service.require("rta")
    stacy.get("/nonce", at="rta", contract=None).says(200).matches("/nonce", ".+")
    service.nobody().get("/nonce", at="rta", contract=None).says(401)


def test_a_service_has_no_connection(service: Service) -> None:
    """403 (TAP-11)."""
    service.require("rta")
    service.server().get("/nonce", at="rta", contract=None).says(403)
