"""What a secure device address tells of a device."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_xbl.mpsd.devices import device_token, nat_type

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage


def address(*numbers: int) -> str:
    """The base64 of some bytes."""
    return base64.b64encode(bytes(numbers)).decode()


def written(secure_device_address: str | None) -> dict[str, Any]:
    """A write by which somebody sets their address."""
    return {"members": {"me": {"properties": {"system": {"secureDeviceAddress": secure_device_address}}}}}


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.binary(min_size=1, max_size=3), st.binary(min_size=1, max_size=3))
def test_equal_addresses_have_equal_tokens_and_others_do_not(one: bytes, other: bytes) -> None:
    """A device token is 32 lower-case hexadecimal digits, the same for equal addresses only (MEMB-10)."""
    tokens = [device_token(base64.b64encode(raw).decode()) for raw in (one, other, one)]
    assert all(re.fullmatch("[0-9a-f]{32}", token) for token in tokens)
    assert tokens[0] == tokens[2]
    assert (tokens[0] == tokens[1]) == (one == other)


def test_one_address_in_two_spellings_has_one_token() -> None:
    """What counts is the address, not how its base64 fills the bits left over (MEMB-10)."""
    assert device_token("QQ==") == device_token("QR==")


def test_a_token_is_the_same_in_every_run() -> None:
    """A device token follows from the address alone, so that a test may hold one (MEMB-10)."""
    assert device_token("QUFBQUFBQUE=") == "bde5baf802870f2213f94f8a047d63ed"


@pytest.mark.parametrize(
    ("numbers", "nat"),
    [
        pytest.param((1, 1), "open", id="open"),
        pytest.param((1, 2), "moderate", id="moderate"),
        pytest.param((1, 3), "strict", id="strict"),
        pytest.param((1, 3, 1, 255), "strict", id="more bytes"),
        pytest.param((1, 0), None, id="unknown"),
        pytest.param((1, 4), None, id="unheard of"),
        pytest.param((1,), None, id="too short"),
        pytest.param((), None, id="empty"),
        pytest.param((0, 1), None, id="another version"),
        pytest.param((2, 1), None, id="a newer version"),
        pytest.param(tuple(b"AAAAAAAA"), None, id="made up by the client library"),
    ],
)
def test_a_v1_address_tells_the_nat_type(numbers: tuple[int, ...], nat: str | None) -> None:
    """The first byte 1 marks a V1 address, whose second byte is the NAT type (MEMB-16)."""
    assert nat_type(address(*numbers)) == nat


def test_an_address_gives_a_member_token_and_nat_type(stage: Stage) -> None:
    """Members with an address have a token, and a NAT type if it is a V1 address (MEMB-10, MEMB-16)."""
    stage.using({"capabilities": {"connectivity": True}})
    stage.join("Ann", "Bob", "Cleo")
    stage.put("Ann", written(address(1, 2, 9)))
    stage.put("Bob", written(address(7)))
    stage.put("Cleo", written(address(1, 2, 9)))
    members = stage.document()["members"]
    assert [members[n].get("nat") for n in "012"] == ["moderate", None, "moderate"]
    assert [members[n]["deviceToken"] for n in "012"] == [
        device_token(address(1, 2, 9)),
        device_token(address(7)),
        device_token(address(1, 2, 9)),
    ]


@pytest.mark.parametrize("nothing", ["", None], ids=["empty", "null"])
def test_an_empty_address_is_absent(stage: Stage, nothing: str | None) -> None:
    """An empty address is as good as none: token and NAT type go with it (MEMB-10)."""
    stage.using({"capabilities": {"connectivity": True}})
    stage.join("Ann")
    stage.put("Ann", written(address(1, 1)))
    stage.put("Ann", written(nothing))
    member = stage.document()["members"]["0"]
    assert member["properties"]["system"] == {"active": True}
    assert not {"deviceToken", "nat"} & member.keys()


def test_an_address_needs_connectivity(stage: Stage) -> None:
    """Without the capability connectivity nobody has an address: 400 (MEMB-10)."""
    stage.join("Ann")
    where = "/members/me/properties/system/secureDeviceAddress"
    assert stage.refused("Ann", written(address(1, 1))) == (400, where, "MEMB-10")


def test_an_address_is_base64(stage: Stage) -> None:
    """An address that is no base64 is 400 (MEMB-10)."""
    stage.using({"capabilities": {"connectivity": True}})
    where = "/members/me/properties/system/secureDeviceAddress"
    assert stage.refused("Ann", written("not base64!")) == (400, where, "MEMB-10")
