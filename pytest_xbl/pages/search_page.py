"""The search: it leads to what a word names exactly, or lists what it may mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from markupsafe import Markup

from pytest_xbl.mpsd.shapes import GUID
from pytest_xbl.pages.asked import Asked
from pytest_xbl.pages.layout import section
from pytest_xbl.pages.markup import element, joined, link, quiet
from pytest_xbl.pages.request_page import request_numbered
from pytest_xbl.pages.scene import Scene
from pytest_xbl.pages.sheet import Sheet
from pytest_xbl.wire.answer import CORRELATION
from pytest_xbl.world import people
from pytest_xbl.world.state import Account
from pytest_xbl.world.stored import accounts, kept_handle, records, session_correlated, sessions_with

PARAMETERS = ("q",)
MOST = 50
"""The most sessions, and the most people, that a search lists."""
NUMBERED = re.compile(CORRELATION.replace("%012d", "([0-9]{12})"))
"""The correlation id of a request, by its arrival."""


def found_at(scene: Scene, word: str) -> str:
    """The address of what a word names: of the one thing that it can name; "" if it is none, or several."""
    word = word.strip().lower()
    found = word and ([*dict.fromkeys(_named(scene, word))] or [*_of_document(scene, word)])
    return found[0] if len(found) == 1 else ""


def search_page(scene: Scene, asked: Asked) -> Sheet:
    """The page of everything that a word is a part of."""
    word = asked.text("q").strip().lower()
    if not word:
        return Sheet("Search", quiet("Search for the name of a session, a gamertag, a xuid, or a correlation id."))
    sessions = [record.ref for record in records(scene.world) if word in record.ref.name.lower()]
    found = [account for account in accounts(scene.world) if _fits(account, word)]
    if not (sessions or found):
        return Sheet("Search", quiet(f"Nothing here is named like {asked.text('q').strip()}."))
    parts = []
    if sessions:
        links = [link(ref.within(scene.world.scid), scene.at.session(ref)) for ref in sessions[:MOST]]
        parts.append(section("Sessions", *_listed(links, len(sessions)), id_="sessions"))
    if found:
        links = [link(account.caller.name, _address(scene, account)) for account in found[:MOST]]
        parts.append(section("People", *_listed(links, len(found)), id_="people"))
    return Sheet(f"Search for {asked.text('q').strip()}", joined(parts))


def _named(scene: Scene, word: str) -> Iterator[str]:
    """The addresses of all that a word, in lower case, names exactly: sessions, people, requests and handles."""
    world = scene.world
    yield from (scene.at.session(ref) for ref in world.sessions_called(word))
    yield from (_address(scene, account) for account in accounts(world) if _is_called(account, word))
    if word.isdecimal() and not people.account_of(world, word) and sessions_with(world, word):
        yield scene.at.person(word)
    yield from (scene.at.request(number) for number in _requests(scene, word))
    if handle := kept_handle(world, word):
        yield f"{scene.at.session(handle.ref)}#{handle.id}"


def _of_document(scene: Scene, word: str) -> Iterator[str]:
    """The address of the session whose documents show a correlation id."""
    if re.fullmatch(GUID, word) and (ref := session_correlated(scene.world, word)):
        yield scene.at.session(ref)


def _requests(scene: Scene, word: str) -> Iterator[int]:
    """The number of the request that a word names, by its correlation id or as in `#12`."""
    if numbered := NUMBERED.fullmatch(word):
        arrival = int(numbered[1])
        yield from islice((entry.number for entry in scene.journal[:] if entry._arrival == arrival), 1)
    elif entry := request_numbered(scene, word.removeprefix("#")):
        yield entry.number


def _is_called(account: Account, word: str) -> bool:
    """Whether a word, in lower case, is one of the names of an account."""
    caller = account.caller
    return word == account.key or word == caller.name.lower() or word == (caller.gamertag or "").lower()


def _fits(account: Account, word: str) -> bool:
    """Whether a word, in lower case, is a part of one of the names of an account."""
    caller = account.caller
    return word in account.key or word in caller.name.lower() or word in (caller.gamertag or "").lower()


def _address(scene: Scene, account: Account) -> str:
    if account.caller.server:
        return scene.at.service(account.caller.name)
    return scene.at.person(account.key)


def _listed(links: list[Markup], count: int) -> Iterator[Markup]:
    yield element("ul", *(element("li", one) for one in links))
    if count > len(links):
        yield quiet(f"{count - len(links):,} more are named like this.")
