"""The details of a request: its headers, its body and its response, and a command that sends it once more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any

from markupsafe import Markup

from pytest_xbl.pages.bodies import Bodies
from pytest_xbl.pages.curl import ANYWHERE, curl
from pytest_xbl.pages.links import request_id
from pytest_xbl.pages.markup import block, element, joined, seen
from pytest_xbl.wire.journal import Entry
from pytest_xbl.wire.secrets import without_secrets


def exchange(entry: Entry, bodies: Bodies, *, url: str = ANYWHERE, messages: Sequence[Any] = ()) -> Markup:
    """Request and response with their bodies, and the command.

    Args:
        url: the address of the fake, for the command.
        messages: on the websocket that the request has opened.
    """
    sent, answered = texts(entry)
    id_ = request_id(entry.number)
    return joined(
        [
            block(_request_head(entry)),
            bodies.show(sent, name=f"the request body of #{entry.number}", id_=f"{id_}-sent") if sent else None,
            block(_response_head(entry, answered)),
            bodies.show(answered, name=f"the response of #{entry.number}", id_=f"{id_}-got") if answered else None,
            _spoken(messages),
            block(curl(entry, url), class_="curl"),
        ]
    )


def texts(entry: Entry) -> tuple[str, str]:
    """The bodies of a request and of its response, without secrets; "" for none."""
    return without_secrets(entry.data.decode(errors="replace"), entry), without_secrets(entry.answered, entry)


def _request_head(entry: Entry) -> str:
    uri = without_secrets(entry.uri, entry)
    return "\n".join([f"{entry.method} {uri}", *_lines(entry._request.headers)])


def _response_head(entry: Entry, text: str) -> str:
    answer = entry._sent()
    headers = answer.all_headers(len(text.encode()), date=entry.time, number=entry._arrival)
    shown = ((name, without_secrets(value, entry)) for name, value in headers)
    return "\n".join([f"{entry.status} {HTTPStatus(entry.status).phrase}", *_lines(shown)])


def _lines(headers: Iterable[tuple[str, str]]) -> list[str]:
    return [seen(f"{name}: {value}") for name, value in headers]


def _spoken(messages: Sequence[Any]) -> Markup | None:
    """The messages on a websocket."""
    if not messages:
        return None
    return element("ol", *(element("li", "client: " if said.is_sent else "fake: ", said.text) for said in messages))
