"""The details of a request: a command that sends it once more, its body, and its response."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from markupsafe import Markup

from pytest_xbl.pages.bodies import Bodies
from pytest_xbl.pages.curl import ANYWHERE, curl
from pytest_xbl.pages.links import request_id
from pytest_xbl.pages.markup import block, element, joined, seen
from pytest_xbl.wire.entry import Entry
from pytest_xbl.wire.secrets import without_secrets
from pytest_xbl.world.keeping import Kept

USUAL = frozenset({"Cache-Control", "Content-Length", "Date", "X-Content-Type-Options", "X-Xbl-Debug", "X-Xbl-Refusal"})
"""The headers that every response has, or that say nothing that the page does not say."""


def exchange(entry: Entry, bodies: Bodies, *, url: str = ANYWHERE, messages: Kept[Any] | None = None) -> Markup:
    """The command, with method, address and headers of the request, then both bodies.

    Args:
        url: the address of the fake, for the command.
        messages: on the websocket that the request has opened.
    """
    sent, answered = bodies.texts(entry)
    id_ = request_id(entry.number)
    return joined(
        [
            block(curl(entry, url), class_="curl"),
            bodies.show(sent, name=f"the body of request #{entry.number}", id_=f"{id_}-sent") if sent else None,
            block(_head(entry)),
            bodies.show(answered, name=f"the response to #{entry.number}", id_=f"{id_}-got") if answered else None,
            _spoken(messages),
        ]
    )


def _head(entry: Entry) -> str:
    """The first lines of a response, without headers that are always there."""
    headers = entry._answered_with.all_headers(0, date=entry.time, number=entry._arrival)
    lines = [f"{name}: {without_secrets(value, entry)}" for name, value in headers if name not in USUAL]
    return "\n".join([f"{entry.status} {HTTPStatus(entry.status).phrase}", *map(seen, lines)])


def _spoken(messages: Kept[Any] | None) -> Markup | None:
    """The messages on a websocket."""
    if not messages:
        return None
    lines = (element("li", "client: " if said.is_sent else "fake: ", said.text) for said in messages)
    return element("ol", element("li", f"{messages.gap}.", class_="quiet") if messages.gap else None, *lines)
