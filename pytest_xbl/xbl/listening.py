"""The address at which a server listens, as settings or options say (SEEN-11)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypedDict

from pytest_xbl.errors import XblError, hides_frames, shown

if TYPE_CHECKING:
    import pytest

__tracebackhide__ = hides_frames

NAMED = "named by: the settings xbl_host and xbl_port"
NAME = re.compile(r"[A-Za-z0-9._-]*[A-Za-z][A-Za-z0-9._-]*")
PORT = re.compile("[0-9]{1,5}")
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
    try:
        return address_of(config.getini("xbl_host"), config.getini("xbl_port"), host_is="xbl_host", port_is="xbl_port")
    except XblError as error:
        raise XblError(f"{error}\n{NAMED}") from None


def address_of(host: str, port: str, *, host_is: str, port_is: str) -> Address:
    """The address of a host and a port.

    Args:
        host_is: the name of the setting or the option that holds the host.
        port_is: that of the one that holds the port.

    Raises:
        XblError: for what is no host, or no port.
    """
    if not PORT.fullmatch(port) or int(port) > MAX_PORT:
        raise XblError(f"{port_is} is a number up to {MAX_PORT}, or 0 for a free port; not {shown(port)}.")
    return {"host": _host(host, host_is), "port": int(port)}


def is_host(text: str) -> bool:
    """Whether a text is a name or an address."""
    try:
        return bool(_host(text, ""))
    except XblError:
        return False


def _host(host: str, name: str) -> str:
    """A name as it is, an address as it is usually written."""
    if NAME.fullmatch(host):
        return host
    from ipaddress import ip_address  # most sessions listen at a name or at the usual address

    try:
        return str(ip_address(host))
    except ValueError:
        what = f"{name} is an address or a name of this machine, such as 0.0.0.0, without a port"
        raise XblError(f"{what}; not {shown(host)}.") from None


def why_not(error: Exception, config: pytest.Config) -> XblError:
    """The error of a session whose server cannot listen there."""
    hint = " Workers of pytest-xdist cannot share a port: run without -n." if hasattr(config, "workerinput") else ""
    return XblError(f"{error}.{hint}\n{NAMED}")
