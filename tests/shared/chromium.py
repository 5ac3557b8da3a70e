"""A headless Chromium, driven by its DevTools protocol, which opens pages as a person would."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from websockets.sync.client import ClientConnection, connect
from websockets.version import version

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PATIENCE = 60  # seconds; only ever used up by a test that fails
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
)
SPACE = 16
"""The pixels above and below an element in its picture."""
Scheme = Literal["light", "dark"]


def found() -> str | None:
    """The path of the Chromium of this machine; None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


DIRECTLY: dict[str, Any] = {"proxy": None} if int(version.partition(".")[0]) >= 15 else {}
"""The argument that lets a proxy of the machine alone, where the library knows of proxies."""


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser with an empty profile, which ends with the block."""
    path = found()
    assert path, "this machine has no Chromium"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [path, *OPTIONS, f"--user-data-dir={profile}", "about:blank"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            port, path = _address(Path(profile), process)
            with connect(f"ws://127.0.0.1:{port}{path}", max_size=None, **DIRECTLY) as connection:
                yield Browser(connection)
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _address(profile: Path, process: subprocess.Popen[bytes]) -> tuple[str, str]:
    """The port and the path that a browser writes down once it listens."""
    said = profile / "DevToolsActivePort"
    for _ in range(PATIENCE * 20):
        if said.exists() and len(lines := said.read_text().split()) > 1:
            return lines[0], lines[1]
        assert process.poll() is None, f"Chromium has ended with {process.returncode}"
        time.sleep(0.05)
    raise TimeoutError("Chromium does not listen")


class Browser:
    """A running Chromium."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._last = 0
        self._events: deque[dict[str, Any]] = deque()

    def open(self, url: str, *, scheme: Scheme = "light", width: int = 1280, height: int = 900, scale: int = 1) -> Page:
        """Open a page in a tab of its own, and wait until it is there.

        Args:
            scale: the pixels of the screen for each one of the page.
        """
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session)
        for domain in ("Page", "Runtime", "Log", "Network"):
            page.call(f"{domain}.enable")
        page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        size = {"width": width, "height": height, "deviceScaleFactor": scale}
        page.call("Emulation.setDeviceMetricsOverride", mobile=False, **size)
        page.go(url)
        return page

    def call(self, method: str, session: str = "", **parameters: Any) -> Any:
        """Call the browser, or a tab, and give what it answers."""
        self._last += 1
        message = {"id": self._last, "method": method, "params": parameters}
        self._connection.send(json.dumps(message | ({"sessionId": session} if session else {})))
        answer = self.receive(lambda said: said.get("id") == message["id"])
        assert "error" not in answer, f"{method}: {answer['error']}"
        return answer["result"]

    def receive(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next message of a kind; events that come before it are kept."""
        while True:
            said: dict[str, Any] = json.loads(self._connection.recv(PATIENCE))
            if wanted(said):
                return said
            self._events.append(said)

    def take(self, session: str) -> list[dict[str, Any]]:
        """The events of a tab that have come so far; each is given once."""
        mine = [event for event in self._events if event.get("sessionId") == session]
        self._events = deque(event for event in self._events if event.get("sessionId") != session)
        return mine


class Page:
    """A page in a tab."""

    def __init__(self, browser: Browser, session: str) -> None:
        self._browser = browser
        self._session = session
        self._seen: list[dict[str, Any]] = []

    def call(self, method: str, **parameters: Any) -> Any:
        """Call the tab, and give what it answers."""
        return self._browser.call(method, self._session, **parameters)

    def go(self, url: str) -> None:
        """Go to another page, and wait until it is there."""
        self._look()
        self._seen.clear()
        self.call("Page.navigate", url=url)
        self.wait_for("Page.loadEventFired")

    def wait_for(self, method: str) -> Any:
        """Wait for an event, and give its parameters; each event is waited for once."""
        self._look()
        for event in self._seen:
            if event["method"] == method:
                self._seen.remove(event)
                return event["params"]
        return self._browser.receive(lambda it: it.get("method") == method)["params"]

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in JavaScript, as JSON; of a promise, that of its end."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def press(self, key: str, *, shift: bool = False) -> None:
        """Press a key, such as Tab, Enter or Space."""
        texts = {"Enter": "\r", "Space": " "}
        codes = {"Tab": 9, "Enter": 13, "Space": 32}
        said: dict[str, Any] = {"key": texts.get(key, key), "code": key, "windowsVirtualKeyCode": codes[key]}
        said |= {"modifiers": 8 if shift else 0}
        text = {"text": texts[key]} if key in texts else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", **said, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", **said)

    def screenshot(self, path: Path, *, of: str = "") -> None:
        """Write a picture of what is on the screen as PNG.

        Args:
            of: the selector of the element that is shown with some space around, wherever it is; "body" for all.
        """
        clip = {"clip": self._clip(of), "captureBeyondViewport": True} if of else {}
        data = self.call("Page.captureScreenshot", format="png", **clip)
        path.write_bytes(base64.b64decode(data["data"]))

    def _clip(self, selector: str) -> dict[str, Any]:
        """The place of an element in the page, from side to side."""
        script = f"(it => [it.top + scrollY, it.height])(document.querySelector('{selector}').getBoundingClientRect())"
        top, height = self.evaluate(script)
        width = self.evaluate("innerWidth")
        y = max(top - SPACE, 0)
        return {"x": 0, "y": y, "width": width, "height": height + top - y + SPACE, "scale": 1}

    @property
    def logged(self) -> list[str]:
        """All that the page, or the browser about it, has written to the console, exceptions included."""
        self._look()
        texts = []
        for event in self._seen:
            said = event["params"]
            match event["method"]:
                case "Runtime.consoleAPICalled":
                    texts.append(" ".join(str(one.get("value", one.get("description"))) for one in said["args"]))
                case "Runtime.exceptionThrown":
                    texts.append(said["exceptionDetails"]["text"])
                case "Log.entryAdded":
                    texts.append(said["entry"]["text"])
        return texts

    @property
    def requested(self) -> list[str]:
        """The addresses that the browser has asked for because of the page, without those that its policy blocked."""
        self._look()
        said = [(event["method"], event["params"]) for event in self._seen]
        blocked = {
            it["requestId"] for method, it in said if method == "Network.loadingFailed" and "blockedReason" in it
        }
        asked = [it for method, it in said if method == "Network.requestWillBeSent" and it["requestId"] not in blocked]
        return [str(it["request"]["url"]) for it in asked]

    def _look(self) -> None:
        self._seen += self._browser.take(self._session)
