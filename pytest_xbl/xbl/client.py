"""Clients without a socket: werkzeug's test client with a caller's headers, and the way to the transports of httpx."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import Headers
from werkzeug.test import Client, TestResponse

from pytest_xbl.errors import XblError, hides_frames
from pytest_xbl.wire.app import App
from pytest_xbl.xbl.people import Principal

if TYPE_CHECKING:
    import httpx
    from _typeshed.wsgi import WSGIEnvironment

__tracebackhide__ = hides_frames


class CallerClient(Client):
    """werkzeug's test client, calling as somebody; a request's own headers win over the caller's.

    Args:
        caller: whose headers each request carries; None for no headers at all.
    """

    def __init__(self, app: App, caller: Principal | None) -> None:
        super().__init__(app, use_cookies=False)
        headers = caller.headers if caller else {}
        self._base: dict[str, Any] = {f"HTTP_{name.upper().replace('-', '_')}": it for name, it in headers.items()}
        self._base["wsgi.input_terminated"] = True  # what werkzeug's builder gives as the body ends where it does

    def run_wsgi_app(self, environ: WSGIEnvironment, buffered: bool = False) -> Any:  # noqa: ARG002, FBT001, FBT002 -- werkzeug's
        """Call the app, which begins its response before it returns.

        werkzeug's own way looks for cookies and for apps that begin late, which takes longer than many an answer.
        """
        head: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _error: object = None, /) -> Any:
            head[:] = status, Headers(headers)

        return self.application(environ, start_response), *head

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request; see werkzeug's `EnvironBuilder` for the arguments."""
        kwargs["environ_base"] = {**self._base, **kwargs.get("environ_base", {})}
        return super().open(*args, **kwargs)


def httpx_transport(app: App) -> httpx.BaseTransport:
    """The transport of an `httpx.Client` that reaches an app.

    Raises:
        XblError: if httpx is not installed.
    """
    transport: httpx.BaseTransport = _transports().Transport(app)
    return transport


def async_httpx_transport(app: App) -> httpx.AsyncBaseTransport:
    """The same for an `httpx.AsyncClient`."""
    transport: httpx.AsyncBaseTransport = _transports().AsyncTransport(app)
    return transport


def _transports() -> ModuleType:
    try:
        from pytest_xbl.xbl import transports
    except ImportError:
        what = "xbl.transport needs httpx: pip install 'pytest-xbl[httpx]', or use xbl.client."
        raise XblError(what) from None
    return transports
