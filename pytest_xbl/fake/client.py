"""`xbl.client`: werkzeug's test client with a caller's headers."""

from __future__ import annotations

from typing import Any

from werkzeug.test import Client, TestResponse

from pytest_xbl.wire.app import App
from pytest_xbl.world.people import Principal


class CallerClient(Client):
    """werkzeug's test client, calling as somebody; a request's own headers win over the caller's.

    Args:
        caller: whose headers each request carries; None for no headers at all.
    """

    def __init__(self, app: App, caller: Principal | None) -> None:
        super().__init__(app, use_cookies=False)
        headers = caller.headers if caller else {}
        self._base = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request; see werkzeug's `EnvironBuilder` for the arguments."""
        kwargs["environ_base"] = {**self._base, **kwargs.get("environ_base", {})}
        return super().open(*args, **kwargs)
