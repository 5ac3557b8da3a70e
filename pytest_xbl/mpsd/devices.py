"""The contents of a secure device address: device token, and NAT type of a V1 address (MEMB-10, MEMB-16)."""

from __future__ import annotations

import base64
import hashlib

from pytest_xbl.errors import XblError, hides_frames, shown

__tracebackhide__ = hides_frames

V1 = 0x01
NAT_TYPES = {1: "open", 2: "moderate", 3: "strict"}


def device_token(address: str) -> str:
    """The token of a device: equal for equal addresses, 32 lower-case hexadecimal digits.

    Args:
        address: base64, not empty.

    Raises:
        XblError: for what is no such text.
    """
    try:
        data = base64.b64decode(address, validate=True)
    except (TypeError, ValueError):
        data = b""
    if not data:
        raise XblError(f"A secureDeviceAddress is a text of base64; got {shown(address)}.", where="address")
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def nat_type(address: str) -> str | None:
    """The NAT type that a V1 address carries; None for any other address.

    A first byte of 1 marks a V1 address; we take its second byte for the NAT type, numbered as the
    client library numbers them (MEMB-16).
    """
    raw = base64.b64decode(address)
    return NAT_TYPES.get(raw[1]) if len(raw) > 1 and raw[0] == V1 else None
