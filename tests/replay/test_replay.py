"""The exchanges of recordings, sent to the fake in their order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from people import person
from pytest_xbl import XboxLive
from pytest_xbl.compare.matchers import is_matcher
from pytest_xbl.mpsd.devices import device_token
from recorded import (
    ADDRESS,
    AS_SHOWN,
    BEDROCK,
    HERO,
    HOST,
    LEFT,
    ONE_XUID,
    PLATFORMS,
    SCID,
    STORIES,
    TEMPLATE,
    TITLE,
    TWO_XUID,
    Exchange,
)

PAGE = Path(__file__).parents[2] / "docs/explanation/how-close.md"


def a_world() -> XboxLive:
    """The world in which the recordings were made, as far as they show it."""
    xbl = XboxLive()
    for name, xuid in (("One", ONE_XUID), ("Two", TWO_XUID)):
        xbl.user(name, xuid=xuid, gamertag=f"Player {name}", title_id=TITLE)
    for name, system in (("LobbySession", TEMPLATE), ("GameSession", TEMPLATE), ("Bedrock", BEDROCK)):
        xbl.templates.add(name, {"constants": {"system": system}}, scid=SCID)
    xbl.stats.title(TITLE, scid=SCID, platforms=PLATFORMS)
    for name, (value, texts) in HERO.items():
        xbl.stats.define(
            name,
            type="Double",
            group="Hero",
            ordinal=int(texts["Ordinal"]),
            sort_order=AS_SHOWN["SortOrder"],
            display_name=texts["DisplayName"],
            display_format=AS_SHOWN["DisplayFormat"],
            display_semantic=AS_SHOWN["DisplaySemantic"],
            scid=SCID,
        )
        xbl.stats.set(person(xbl, "One"), {name: value}, scid=SCID)
    xbl.stats.set(person(xbl, "One"), {"MinutesPlayed": 1220}, scid=SCID)
    return xbl


def differences(expected: Any, actual: Any, at: str = "body") -> Iterator[str]:
    """The places at which an answer is not as recorded: fields, types and forms."""
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        for name in (*expected, *(name for name in actual if name not in expected)):
            if name in expected and name in actual:
                yield from differences(expected[name], actual[name], f"{at}/{name}")
            else:
                yield f"{at}/{name}"
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for number, (one, other) in enumerate(zip(expected, actual, strict=True)):
            yield from differences(one, other, f"{at}/{number}")
    elif not (expected == actual and (is_matcher(expected) or type(expected) is type(actual))):
        yield at


def sent(xbl: XboxLive, exchange: Exchange, tags: Mapping[str, str]) -> Any:
    """The answer to a request of a recording."""
    headers = {"X-Xbl-Contract-Version": str(exchange.contract)}
    if exchange.with_tag_of:
        headers["If-Match"] = tags.get(exchange.with_tag_of, exchange.with_tag_of)
    client = xbl.client(person(xbl, exchange.caller))
    body = {} if exchange.sent is None else {"data": json.dumps(exchange.sent).replace(HOST, device_token(ADDRESS))}
    kind = {"content_type": "application/json; charset=utf-8"}
    return client.open(exchange.path, method=exchange.method, headers=headers, **kind, **body)


def unlike(exchange: Exchange, answer: Any) -> Iterator[str]:
    """Where an answer is not as recorded: status, headers, body."""
    if answer.status_code != exchange.status:
        yield "status"
    if exchange.whole:
        headers = dict(answer.headers)
        yield from (at.partition("/")[2] for at in differences(exchange.headers, headers, "headers"))
    body = answer.get_json(silent=True) or {}
    known = {name: body.get(name) for name in exchange.answered} if body else {}
    yield from (
        differences(exchange.answered, body if exchange.whole else known) if known or exchange.whole else ["body"]
    )


@pytest.mark.parametrize("story", STORIES)
def test_the_fake_answers_as_the_service_did(story: str) -> None:
    """Status, fields, types, forms and headers of every recorded exchange, but for what is listed as left."""
    xbl = a_world()
    tags: dict[str, str] = {}
    found = set()
    for exchange in STORIES[story]:
        answer = sent(xbl, exchange, tags)
        tags[exchange.source] = answer.headers.get("ETag", "")
        found |= {f"{exchange.source} {at}" for at in unlike(exchange, answer)}
    sources = {exchange.source for exchange in STORIES[story]}
    assert found == {where for where in LEFT if where.rpartition(" ")[0] in sources}


def test_a_version_has_an_etag_of_its_own_in_a_recording_too() -> None:
    """The tags of a story differ where the change numbers do (CALL-11, PUT-9)."""
    xbl = a_world()
    tags: dict[str, str] = {}
    for exchange in STORIES["a lobby and a game"]:
        tags[exchange.source] = sent(xbl, exchange, tags).headers.get("ETag", "")
    versions = [tag for tag in tags.values() if tag]
    assert len(set(versions)) == len(versions) == 7


def test_the_page_lists_every_difference_that_is_left() -> None:
    """One table, with the reason of each."""
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    for where, (difference, reason) in LEFT.items():
        assert f"| {where} | {difference} | {reason} |" in rows


def test_the_page_counts_what_was_compared() -> None:
    """Exchanges, and those of them that are whole with their headers."""
    exchanges = [exchange for story in STORIES.values() for exchange in story]
    whole = sum(exchange.whole for exchange in exchanges)
    assert f"{len(exchanges)} exchanges, {whole} of them with all headers" in PAGE.read_text(encoding="utf-8")
