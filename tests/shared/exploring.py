"""Somebody who looks at worlds through the explorer, without a socket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

from werkzeug.test import Client

from bodies import ACTIVE, REF
from elements import Element, parsed
from pytest_xbl import XboxLive
from pytest_xbl.pages.explorer import Explorer
from pytest_xbl.wire.switchboard import Switchboard

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

URL = "http://127.0.0.1:8080"
HOST = "127.0.0.1:8080"


class Visitor:
    """A browser that looks at the worlds of a switchboard; it runs no scripts."""

    def __init__(self, *worlds: XboxLive) -> None:
        self.moves = True
        self.board = Switchboard()
        self.board.explorer = Explorer(self.board, url=lambda: URL, moves=lambda: self.moves)
        for world in worlds:
            self.board.connect(world.app)
        self.world = worlds[0] if worlds else None
        self.client = Client(self.board)

    def at(self, path: str) -> str:
        """The address of a page about the world."""
        assert self.world
        return f"/_xbl/worlds/{self.world.name}/{path}"

    def ask(self, address: str, method: str = "GET", **headers: str) -> TestResponse:
        """The response to a request for an address."""
        named = [("Host", HOST), *((name.replace("_", "-"), value) for name, value in headers.items())]
        return self.client.open(urldefrag(address).url, method=method, headers=named)

    def send(self, path: str, **fields: str) -> TestResponse:
        """The response to a form that is sent from a page about the world."""
        headers = [("Host", HOST), ("Origin", URL)]
        return self.client.post(self.at(path), data=fields, headers=headers)

    def page(self, path: str = "") -> Element:
        """The page about the world at a path."""
        return self.open(self.at(path))

    def open(self, address: str) -> Element:
        """The page at an address."""
        response = self.ask(address)
        assert response.status_code == 200, f"{address}: {response.status} {response.text}"
        return parsed(response.text)

    def refused(self, path: str) -> tuple[int, str]:
        """The status and the sentence of a page that there is not."""
        response = self.ask(self.at(path))
        return response.status_code, parsed(response.text).one("main").one("p").text

    def everything(self, start: str = "/_xbl/") -> Iterator[tuple[str, str]]:
        """All pages that links and forms lead to, with their addresses."""
        seen: dict[str, None] = {}
        waiting = [start]
        while waiting:
            address = urldefrag(waiting.pop()).url
            if address in seen or not address.startswith("/"):
                continue
            seen[address] = None
            response = self.ask(address)
            if response.status_code == 302:
                waiting.append(response.headers["Location"])
                continue
            assert response.status_code == 200, f"{address}: {response.status}"
            if response.mimetype == "text/html":
                waiting += [a.attributes["href"] for a in parsed(response.text).all("a")]
                yield address, response.text


def told(part: Element | str) -> str:
    """The text of a part of a page, with a space where a line ends."""
    if isinstance(part, str):
        return part
    inner = "".join(map(told, part.children))
    return f" {inner} " if part.name in ("br", "p", "summary") else inner


def rows(page: Element, class_: str) -> list[list[str]]:
    """The texts of a table's cells, row by row, without those of its head."""
    [body] = page.one("table", class_=class_).all("tbody")
    cells = [[cell for cell in row.children if isinstance(cell, Element)] for row in body.all("tr")]
    return [[" ".join(told(cell).split()) for cell in row] for row in cells]


def facts(page: Element) -> dict[str, str]:
    """The facts that a page lists, by their names."""
    [listed] = page.one("main").all("dl")
    names, texts = listed.all("dt"), listed.all("dd")
    return {name.text: text.text for name, text in zip(names, texts, strict=True)}


def links(part: Element) -> dict[str, str]:
    """The addresses of the links in a part of a page, by their texts."""
    return {link.text: link.attributes["href"] for link in part.all("a")}


def lively(name: str = "lively") -> XboxLive:
    """A world with a bit of everything: the session `one` with Stacy, Ana and a place for Bob, which is over."""
    xbl = XboxLive(name=name)
    stacy, ana, bob = xbl.users("Stacy", "Ana", "Bob")
    xbl.service("matchmaker", acting_for=[stacy])
    xbl.follow(ana, stacy, favorite=True)
    xbl.stats.set(ana, {"Kills": 7, "Rate": 1.5})
    path = f"/serviceconfigs/{xbl.scid}/sessionTemplates/lobby/sessions/one"
    limits = {"reservedRemovalTimeout": 30000, "inactiveRemovalTimeout": 120000}
    xbl.client(stacy).put(path, json={**ACTIVE, "constants": {"system": limits}})
    xbl.client(ana).put(path, json=ACTIVE)
    xbl.client(ana).put(path, json={"properties": {"custom": {"map": "harbour"}}})
    reserved = {"members": {"reserve_0": {"constants": {"system": {"xuid": bob.xuid}}}}}
    xbl.client(stacy).put(path, json=reserved)
    xbl.client(bob).put(path, json={"properties": {"costum": {}}})
    xbl.client(bob).put(path, json=ACTIVE, headers={"If-Match": '"nope"'})
    xbl.client(stacy).post("/handles", json={"type": "activity", "version": 1, "sessionRef": REF})
    invite = {"type": "invite", "version": 1, "sessionRef": REF, "invitedXuid": bob.xuid}
    xbl.client(stacy).post("/handles", json=invite)
    xbl.client().get("/nowhere")
    xbl.clock.advance(seconds=20)
    xbl.client(ana).put(path, json={"members": {"me": {"properties": {"system": {"active": False}}}}})
    xbl.clock.advance(seconds=15)
    return xbl
