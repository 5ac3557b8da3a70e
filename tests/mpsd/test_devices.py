"""Device tokens and NAT types of secure device addresses."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errors import error_of
from pytest_xbl.mpsd.devices import device_token, nat_type
from tables import cases


def address(*numbers: int) -> str:
    """The base64 of some bytes."""
    return base64.b64encode(bytes(numbers)).decode()


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.binary(min_size=1, max_size=3), st.binary(min_size=1, max_size=3))
def test_equal_addresses_have_equal_tokens_and_others_do_not(one: bytes, other: bytes) -> None:
    """A device token is 32 lower-case hexadecimal digits, the same for equal addresses only (MEMB-10)."""
    tokens = [device_token(base64.b64encode(raw).decode()) for raw in (one, other, one)]
    assert all(re.fullmatch("[0-9a-f]{32}", token) for token in tokens)
    assert tokens[0] == tokens[2]
    assert (tokens[0] == tokens[1]) == (one == other)


def test_one_address_in_two_spellings_has_one_token() -> None:
    """Only the address counts, not the bits that its base64 leaves over (MEMB-10)."""
    assert device_token("QQ==") == device_token("QR==")


def test_a_token_is_the_same_in_every_run() -> None:
    """A device token follows from the address alone, so that a test may hold one (MEMB-10)."""
    assert device_token("QUFBQUFBQUE=") == "bde5baf802870f2213f94f8a047d63ed"


@cases(
    "numbers nat",
    {
        "open": ((1, 1), "open"),
        "moderate": ((1, 2), "moderate"),
        "strict": ((1, 3), "strict"),
        "more bytes": ((1, 3, 1, 255), "strict"),
        "unknown": ((1, 0), None),
        "unheard of": ((1, 4), None),
        "too short": ((1,), None),
        "empty": ((), None),
        "another version": ((0, 1), None),
        "a newer version": ((2, 1), None),
        "made up by the client library": (tuple(b"AAAAAAAA"), None),
    },
)
def test_a_v1_address_tells_the_nat_type(numbers: tuple[int, ...], nat: str | None) -> None:
    """The first byte 1 marks a V1 address, whose second byte is the NAT type (MEMB-16)."""
    assert nat_type(address(*numbers)) == nat


@pytest.mark.parametrize("address", ["", "console", "QQ", b"", 7, None])
def test_a_token_is_that_of_an_address(address: Any) -> None:
    """Whatever else a test gives is an error (MEMB-10)."""
    text = f"A secureDeviceAddress is a text of base64; got {address!r}.\nwhere: address"
    assert error_of(lambda: device_token(address)) == text
