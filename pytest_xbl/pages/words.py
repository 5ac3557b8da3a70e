"""Words and values as the pages of the explorer show them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from markupsafe import Markup

from pytest_xbl.pages.markup import element, joined, raw
from pytest_xbl.pages.requests import length, moment

LONGEST = 300
"""The most characters of a value that stands in the row of a table."""


def listed(parts: Iterable[object], between: str = ", ") -> Markup:
    """Parts, one after the other, with a comma or something else between them."""
    shown: list[object] = []
    for part in parts:
        shown += [between, part] if shown else [part]
    return joined(shown)


def value(content: object) -> Markup | None:
    """A JSON value in one line, cut short; None if there is nothing in it."""
    if content in (None, {}, []):
        return None
    text = json.dumps(content, ensure_ascii=False)
    return element("code", raw(text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."))


def facts(parts: Mapping[str, object]) -> Markup:
    """Names with their values, without those that have none."""
    items = [joined([element("dt", name), element("dd", shown)]) for name, shown in parts.items() if shown]
    return element("dl", *items, class_="facts")


def until(time: datetime, now: datetime) -> str:
    """A time that is to come, and how long that is from now; or one that has passed."""
    if time <= now:
        return f"{moment(time, now)}, {length(now - time)} ago" if time < now else f"{moment(time, now)}, now"
    return f"{moment(time, now)}, in {length(time - now)}"
