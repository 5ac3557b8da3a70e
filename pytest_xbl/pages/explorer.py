"""The explorer: pages about the worlds of a switchboard, as a WSGI app."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from werkzeug.wrappers import Request
from werkzeug.wsgi import get_path_info

from pytest_xbl.pages.addresses import here, unquoted
from pytest_xbl.pages.clock_page import move_clock
from pytest_xbl.pages.frame import framed, policy_of_pages, unframed
from pytest_xbl.pages.guard import HEADERS, Refused, refusal, require_method
from pytest_xbl.pages.news import STREAM, news, tagged
from pytest_xbl.pages.scene import Scene
from pytest_xbl.pages.search_page import found_at
from pytest_xbl.pages.seed_file import NAME, seed_text
from pytest_xbl.pages.sheet import NoPageError
from pytest_xbl.pages.table import page_at
from pytest_xbl.pages.timers import Sight
from pytest_xbl.pages.world_list import world_list
from pytest_xbl.secrets import hiding
from pytest_xbl.wire.app import App
from pytest_xbl.wire.switchboard import DEBUG, EXPLORER, Switchboard
from pytest_xbl.world.people import given_tokens

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HTML = "text/html; charset=utf-8"
JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
READING = ("GET", "HEAD")
CLOCK, SEARCH = ["clock"], ["search"]


class Response(NamedTuple):
    """The response to a request for a page.

    Args:
        location: the address to which a browser goes on; "" for none.
    """

    status: HTTPStatus
    body: str = ""
    content_type: str = HTML
    location: str = ""


class Explorer:
    """Pages about the worlds that are served, for people: a WSGI app for the paths below `/_xbl/`, and for `/debug`.

    A request for a page is no request of a client: it is in no journal, fails no test, and settles nothing (SEEN-14).

    Args:
        switchboard: whose worlds it shows.
        url: gives the URL of the server, without a slash at the end.
        moves: tells whether the clocks of the worlds may be moved from here now.
    """

    def __init__(
        self, switchboard: Switchboard, *, url: Callable[[], str], moves: Callable[[], bool] = lambda: False
    ) -> None:
        self._switchboard = switchboard
        self._url = url
        self._moves = moves
        self._sights: WeakKeyDictionary[App, Sight] = WeakKeyDictionary()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, as WSGI has it."""
        try:
            response = self._response(environ)
        except Exception as error:  # noqa: BLE001 -- a bug in a page is none of the test that runs
            text = f"The page failed, which is a bug in the fake: {error!r}\n"
            response = Response(HTTPStatus.INTERNAL_SERVER_ERROR, text, TEXT)
        chosen = {token for app in self._switchboard.apps for token in given_tokens(app.world)}
        body = hiding(chosen)(response.body).encode()
        more = {"Location": response.location} if response.location else {}
        headers = {**HEADERS, "Content-Security-Policy": policy_of_pages(), "Content-Type": response.content_type}
        headers |= {"Content-Length": str(len(body)), **more}
        start_response(f"{response.status.value} {response.status.phrase}", [*headers.items()])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _response(self, environ: WSGIEnvironment) -> Response:
        path = get_path_info(environ)
        if path == DEBUG:
            return _redirect(f"{self._url()}{EXPLORER}/")
        if refused := refusal(environ, host=self._switchboard.host):
            return _refused(refused)
        parts = [unquoted(part) for part in path.removeprefix(EXPLORER).split("/")[1:]]
        moves_clock = parts[:1] == ["worlds"] and parts[2:] == CLOCK
        if refused := require_method(environ, (*READING, "POST") if moves_clock else READING):
            return _refused(refused)
        return self._page(Request(environ), parts)

    def _page(self, request: Request, parts: Sequence[str]) -> Response:
        match parts:
            case [""]:
                return self._index(request)
            case [] | ["worlds"] | ["worlds", ""]:
                return _redirect(f"{EXPLORER}/")
            case ["worlds", name, *rest]:
                return self._about(request, name, rest or [""])
            case _:
                return _missing("There is no such page; the worlds are at /_xbl/.")

    def _index(self, request: Request) -> Response:
        """The list of the worlds, or the only one."""
        scenes = self._scenes()
        if len(scenes) == 1:
            return _redirect(scenes[0].at.world)
        return _shown(request, lambda: unframed(world_list(self._scenes())))

    def _scenes(self) -> list[Scene]:
        apps = self._switchboard.apps
        return [self._scene_of(app, is_alone=len(apps) == 1) for app in apps]

    def _scene_of(self, app: App, *, is_alone: bool) -> Scene:
        sight = self._sights.setdefault(app, Sight())
        return Scene(app, url=self._url(), moves=self._moves(), is_alone=is_alone, sight=sight)

    def _about(self, request: Request, name: str, rest: Sequence[str]) -> Response:
        """A page about one world."""
        scene = self._scene(name)
        if scene is None:
            return _missing(f"The world {name} is not served now: its test is over, or there never was one.")
        if rest == [NAME]:
            return Response(HTTPStatus.OK, seed_text(scene.world), JSON)
        given = request.args.to_dict()
        if rest == SEARCH and (address := found_at(scene, given.get("q", ""))):
            return _redirect(address)
        if request.method == "POST":
            return _moved(scene, request.form.to_dict())
        back = here(request.path, request.query_string)

        def render() -> str:
            now = self._scene(name)
            return framed(now, page_at(now, rest, given), back=back) if now else ""

        try:
            return _shown(request, render)
        except NoPageError as error:
            return _wrong(scene, error, back)

    def _scene(self, name: str) -> Scene | None:
        """The world of this name, as it is served now."""
        apps = self._switchboard.apps
        app = next((app for app in apps if app.name == name), None)
        return self._scene_of(app, is_alone=len(apps) == 1) if app else None


def _shown(request: Request, render: Callable[[], str]) -> Response:
    """A page, or, for a browser that shows it, news of it."""
    if STREAM in request.headers.get("Accept", ""):
        return Response(HTTPStatus.OK, news(render, request.headers.get("Last-Event-ID", "")), STREAM)
    return Response(HTTPStatus.OK, tagged(render()))


def _moved(scene: Scene, sent: Mapping[str, str]) -> Response:
    """The page to show after the clock was moved, or why it was not."""
    try:
        return _redirect(move_clock(scene, sent), HTTPStatus.SEE_OTHER)
    except NoPageError as error:
        return _wrong(scene, error, scene.at.page("clock"))


def _wrong(scene: Scene, error: NoPageError, back: str) -> Response:
    return Response(error.status, framed(scene, error.sheet, back=back))


def _missing(what: str) -> Response:
    return Response(HTTPStatus.NOT_FOUND, unframed(NoPageError(what).sheet))


def _redirect(location: str, status: HTTPStatus = HTTPStatus.FOUND) -> Response:
    return Response(status, "", TEXT, location)


def _refused(refused: Refused) -> Response:
    return Response(refused.status, refused.text, TEXT)
