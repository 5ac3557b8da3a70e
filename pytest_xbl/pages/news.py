"""News of a page: an event stream that tells when the page would read otherwise."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from time import monotonic, sleep

STREAM = "text/event-stream"
"""The type of the content of an event stream."""
PATIENCE = 10.0
"""The seconds after which a stream ends without news; the browser then asks again."""
PAUSE = 0.2
"""The seconds between two looks; as many times as long as one takes, so that looking is never all that happens."""
SHARE = 10


def tag_of(page: str) -> str:
    """A short text that another page does not have."""
    return hashlib.blake2b(page.encode(), digest_size=8).hexdigest()


def tagged(page: str) -> str:
    """A page with its own tag in it."""
    return page.replace("<html ", f'<html data-tag="{tag_of(page)}" ', 1)


def news(render: Callable[[], str], known: str, *, patience: float = PATIENCE) -> str:
    """The tag of a page, as an event, as soon as it is another than the known one.

    It ends with that, so that the server, which sends responses in one piece, needs nothing more; a browser asks again.

    Args:
        render: makes the page.
        known: the tag that the browser has; "" for none.
        patience: the seconds to wait for another one.
    """
    end = monotonic() + patience
    while True:
        begun = monotonic()
        tag = tag_of(render())
        took = monotonic() - begun
        if tag != known or monotonic() >= end:
            return f"retry: 100\nid: {tag}\ndata: {tag}\n\n"
        sleep(max(PAUSE, SHARE * took))
