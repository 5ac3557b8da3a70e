"""Addresses: where the explorer shows what."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from pytest_xbl.mpsd.model import SessionRef
from pytest_xbl.pages.links import Links, request_id
from pytest_xbl.wire.switchboard import EXPLORER

WORLDS = f"{EXPLORER}/worlds"
AS_ASKED = string.punctuation
"""The signs in a query string that are as they should be, since whoever asked has escaped others."""
DOTS = re.compile(r"~*\.{1,2}")


class Addresses(Links):
    """The addresses of the pages about one world.

    Args:
        world: its name.
    """

    def __init__(self, world: str) -> None:
        self.world = f"{WORLDS}/{quoted(world)}/"
        """The address of the page about the world as a whole."""

    def page(self, *parts: str, **asked: object) -> str:
        """The address of a page, or a query on it.

        Args:
            parts: of its path, below that of the world.
            asked: parameters; empty ones are left out.
        """
        return f"{self.world}{'/'.join(map(quoted, parts))}{query(asked)}"

    def request(self, number: int) -> str:
        """The page of the request alone."""
        return self.page("journal", str(number))

    def session(self, ref: SessionRef) -> str:
        """The page of the session."""
        return self.page("sessions", *ref)

    def version(self, ref: SessionRef, position: int) -> str:
        """The row of the version on the page of the session."""
        return f"{self.page('sessions', *ref, at=position)}#{version_id(position)}"

    def person(self, xuid: str) -> str:
        """The page of a user, or of whoever else has this xuid."""
        return self.page("people", xuid)

    def service(self, name: str) -> str:
        """The page of a service."""
        return self.page("services", name=name)

    def rule(self, rule: str) -> str:
        """The page of the rule."""
        return self.page("rules", rule)


class OnThePage(Addresses):
    """The same for a page that shows some requests, and some versions of a session, itself.

    Args:
        numbers: of the requests.
        ref: of the session; None for none.
        positions: of its versions.
    """

    def __init__(
        self,
        world: str,
        *,
        numbers: range | frozenset[int] = frozenset(),
        ref: SessionRef | None = None,
        positions: range = range(0),
    ) -> None:
        super().__init__(world)
        self._numbers = numbers
        self._ref = ref
        self._positions = positions

    def request(self, number: int) -> str:
        """The row of the request, or its page."""
        return f"#{request_id(number)}" if number in self._numbers else super().request(number)

    def version(self, ref: SessionRef, position: int) -> str:
        """The row of the version, here or on the page of the session."""
        if ref == self._ref and position in self._positions:
            return f"#{version_id(position)}"
        return super().version(ref, position)


def version_id(position: int) -> str:
    """The id of the row of a version."""
    return f"version-{position}"


def quoted(part: str) -> str:
    """A name as a part of a path; a browser would take dots alone as steps up."""
    return quote(f"~{part}" if DOTS.fullmatch(part) else part, safe="~")


def unquoted(part: str) -> str:
    """The name in a part of a path, whose escapes are decoded already."""
    return part[1:] if part[:1] == "~" and DOTS.fullmatch(part) else part


def here(path: str, asked: bytes) -> str:
    """The address that a request asks for, to come back to.

    Args:
        path: whose escapes are decoded.
        asked: the query string.
    """
    return quote(path, safe="/~") + (f"?{quote(asked, safe=AS_ASKED)}" if asked else "")


def query(asked: Mapping[str, object]) -> str:
    """The query string of these parameters, without empty ones; "" if there are none."""
    given = {name: value for name, value in asked.items() if value not in (None, "")}
    return f"?{urlencode(given)}" if given else ""
