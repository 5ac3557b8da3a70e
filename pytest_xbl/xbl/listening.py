"""Where the server of a session listens, as the settings `xbl_host` and `xbl_port` say (SEEN-11)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypedDict

from pytest_xbl.errors import XblError, hides_frames, shown

if TYPE_CHECKING:
    import pytest

__tracebackhide__ = hides_frames

NAMED = "named by: the settings xbl_host and xbl_port"
NAME = re.compile(r"[A-Za-z0-9._-]*[A-Za-z][A-Za-z0-9._-]*")
MAX_PORT = 65535


class Address(TypedDict):
    """Where a server listens; it takes these as arguments."""

    host: str
    port: int


def address_in(config: pytest.Config) -> Address:
    """The address that the settings name.

    Raises:
        XblError: for what is no host, or no port.
    """
    host, port = config.getini("xbl_host"), config.getini("xbl_port")
    if not port.isdecimal() or int(port) > MAX_PORT:
        raise XblError(f"xbl_port is a number up to {MAX_PORT}, or 0 for a free port; not {shown(port)}.\n{NAMED}")
    return {"host": _host(host), "port": int(port)}


def is_host(text: str) -> bool:
    """Whether a text is a name or an address."""
    try:
        return bool(_host(text))
    except XblError:
        return False


def _host(host: str) -> str:
    """A name as it is, an address as it is usually written."""
    if NAME.fullmatch(host):
        return host
    from ipaddress import ip_address  # most sessions listen at a name or at the usual address

    try:
        return str(ip_address(host))
    except ValueError:
        what = "xbl_host is an address or a name of this machine, such as 0.0.0.0, without a port"
        raise XblError(f"{what}; not {shown(host)}.\n{NAMED}") from None


def why_not(error: Exception, config: pytest.Config) -> XblError:
    """The error of a session whose server cannot listen there."""
    hint = " Workers of pytest-xdist cannot share a port: run without -n." if hasattr(config, "workerinput") else ""
    return XblError(f"{error}.{hint}\n{NAMED}")
