"""Questions to a running `pytest-xbl serve`."""

from __future__ import annotations

import json
from contextlib import suppress
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import SplitResult, urlsplit

from pytest_xbl.command.documents import MARK
from pytest_xbl.errors import XblError

PATIENCE = 10.0
"""The seconds that the fake has to answer."""


def ask(url: str, path: str) -> Any:
    """The JSON that the fake has at a path.

    The variables for proxies mean nothing here: the fake is on this machine, or near.

    Args:
        url: the address that `pytest-xbl serve` has printed.

    Raises:
        XblError: for what is no such address, or if no `pytest-xbl serve` answers there.
    """
    address = _address(url)
    connection = HTTPConnection(str(address.hostname), address.port or 80, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        text = response.read()
    except (OSError, HTTPException) as error:
        raise XblError(f"No pytest-xbl serve answers at {url}: {error}.") from None
    finally:
        connection.close()
    if response.status == HTTPStatus.OK and response.getheader(MARK):
        with suppress(ValueError):
            return json.loads(text)
    elif response.getheader(MARK) or response.status == HTTPStatus.MISDIRECTED_REQUEST:
        raise XblError(f"The server at {url} refuses: {text.decode(errors='replace').strip()}")
    raise XblError(f"Another server answers at {url}, and not pytest-xbl serve.")


def _address(url: str) -> SplitResult:
    """The parts of an address, which may be that of the explorer, or leave out `http://`."""
    try:
        address = urlsplit(url if "://" in url else f"http://{url}")
        is_one = address.scheme == "http" and address.hostname and address.port != 0
    except ValueError:  # a port, or brackets, that cannot be
        is_one = False
    if not is_one:
        what = "Expected the address that pytest-xbl serve prints, such as http://127.0.0.1:8080"
        raise XblError(f"{what}; got {url!r}.")
    return address
