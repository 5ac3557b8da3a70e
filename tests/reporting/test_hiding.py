"""Tokens that a test has chosen, which are in no file and in no report of its failure."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bodies import ONE
from pytest_xbl import XboxLive
from pytest_xbl.reporting.artifacts import write_artifacts
from pytest_xbl.reporting.report import report
from pytest_xbl.secrets import LEAST, SHOWN, cut, cut_value, hiding, is_secret, without_fields, without_parameters

SIGNS = "".join(chr(code) for code in range(33, 127) if chr(code) != ";")
"""The characters of a token (CALL-3)."""
REAL = "eyJ0\"\\eXAi/&lt.<b>'%41+w5cVg=="
random = st.text(SIGNS, min_size=LEAST, max_size=40)


# Texts


@pytest.mark.parametrize(
    ("secret", "shown"), [("", "..."), ("a" * 11, "..."), ("123456789abc", "...9abc"), ("x" * 3000 + "last", "...last")]
)
def test_a_secret_is_cut_to_its_end(secret: str, shown: str) -> None:
    """A short one shows nothing, since its end would be most of it (SEEN-13)."""
    assert cut(secret) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        *(("", '""'), ("a b", '"... ..."'), ("a-real-token\n", '"...oken\\n"'), ("a;really-a-secret", '"...;...cret"')),
        *((None, "null"), ([], "[]"), (["a-real-token"], "a value of the type list")),
        (b"a-real-token", "a value of the type bytes"),
    ],
)
def test_a_value_that_is_no_token_shows_what_is_wrong_with_it(value: object, shown: str) -> None:
    """Its blanks and signs, or its type (SEEN-13)."""
    assert cut_value(value) == shown


def test_places_of_secrets_are_known_by_their_names() -> None:
    """A field anywhere in a path, or a parameter (SEEN-13)."""
    assert [is_secret(place) for place in (("users", "A", "token"), ("Properties", "UserTokens", 0), "?code")] == [
        True
    ] * 3
    assert [is_secret(place) for place in ((), ("members", 0, "deviceToken"), "?codes", "the body")] == [False] * 4


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"token": "a\\"b", "xuid": "7"}', '{"token": "...", "xuid": "7"}'),
        ("{'Authorization': 'XBL3.0 x=1;b', 'x': \"'\"}", "{'Authorization': \"...\", 'x': \"'\"}"),
        ('{"UserTokens" : ["a", "b"], "x": 1}', '{"UserTokens" : "...", "x": 1}'),
        ('{"Token": "broken off', '{"Token": "..."'),
        ('{"deviceToken": "a", "tokens": "b", "token": 1}', '{"deviceToken": "a", "tokens": "b", "token": 1}'),
    ],
)
def test_secret_fields_are_left_out(text: str, shown: str) -> None:
    """In JSON, and in a dict as Python shows it (SEEN-13)."""
    assert without_fields(text) == shown


def test_secret_parameters_are_left_out() -> None:
    """In a form and in a URI (SEEN-13)."""
    assert without_parameters("code=a&codes=b&code=") == "code=...&codes=b&code=..."
    assert without_parameters("/connect?x=code=1&nonce=a.b") == "/connect?x=code=1&nonce=..."


@pytest.mark.parametrize(
    "written",
    [
        *(str, repr, json.dumps, lambda text: json.dumps(json.dumps(text)), html.escape, quote),
        *(lambda text: quote(text, safe=""), lambda text: text.replace("<", "\\u003C"), lambda text: text[:20]),
    ],
)
def test_a_token_is_found_however_it_is_written(written: object) -> None:
    """Also by its beginning, where something has shortened it (SEEN-13)."""
    assert callable(written)
    text = hiding([REAL])(f"got [{written(REAL)}] here")
    assert [REAL[start : start + 8] for start in range(len(REAL) - 8) if REAL[start : start + 8] in text] == []
    assert text.startswith("got [")
    assert text.endswith("] here")


def test_of_two_tokens_each_is_cut_to_its_own_end() -> None:
    """Also if one begins like the other; a short one is a word like others (SEEN-13)."""
    hide = hiding(["a-first-token", "a-first-token-and-more", "lobby"])
    text = "a-first-token-and-more, a-first-token, a-first-toke..., lobby"
    assert hide(text) == "...more, ...oken, ..., lobby"
    assert hiding(["lobby"])(text) == text


def test_the_beginning_of_a_longer_token_is_no_shorter_one() -> None:
    """The rest of what is left of the longer one would remain (SEEN-13)."""
    hide = hiding(["a-first-token", "a-first-token-and-more"])
    assert hide("'a-first-token-and-m...', 'a-first-token'") == "'...', '...oken'"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{'Accept': 'xx...JzdWIiOiJz.c2lnbmF0dXJl'}", "{'Accept': 'xx...'}"),
        ("x....c2lnbmF0dXJl'", "x...'"),
        ("'pp...0dXJlIQo='}}}", "'pp...'}}}"),
        ("...iJz.c2ln...bmF0dXJl)", "...)"),
        ("...nothing-of-it, ...IQo=, xx... JzdWIiOiJz", "...nothing-of-it, ...IQo=, xx... JzdWIiOiJz"),
    ],
)
def test_a_token_is_found_by_its_end_behind_dots(text: str, shown: str) -> None:
    """A long text loses its middle in a traceback, where the token may begin (SEEN-13)."""
    assert hiding(["eyJhbGciOi.JzdWIiOiJz.c2lnbmF0dXJlIQo="])(text) == shown


def test_a_pattern_is_made_only_for_tokens_that_may_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A world can have a thousand users with real tokens, and patterns for all of them took seconds (SEEN-13)."""
    compiled: list[str] = []
    monkeypatch.setattr(re, "compile", compiled.append)
    many = [f"{kind}/token/{number:08}==" for number in range(500) for kind in ("a-real", f"{number:04}own")]
    assert hiding(many)("A page about a token.") == "A page about a token."
    assert compiled == []


# Files


@settings(derandomize=True, deadline=None, max_examples=40)
@given(
    random.map("!Real".__add__),
    random.map("?Other".__add__),
    st.sampled_from(["XBL3.0 x=1;{} ", "Bearer {}", "Basic {}", "{}", "XBL3.0 {}", "x {} y"]),
)
def test_no_token_is_in_a_file_or_in_the_section(token: str, secret: str, wrong: str) -> None:
    """Not even where a client sends it elsewhere, or as a header of another form (SEEN-13)."""
    xbl = XboxLive()
    stacy = xbl.user("Stacy", token=token)
    client = xbl.client(stacy)
    client.put(ONE, json={"properties": {"custom": {"saved": token}}})
    client.get(f"{ONE}?token={quote(secret)}&x={quote(token)}")
    client.get(f"/{quote(token, safe='')}")
    client.get(ONE, headers={"Authorization": wrong.format(secret)})
    client.get(ONE, headers={"Authorization": wrong.format(token)})
    with TemporaryDirectory() as name:
        place = Path(name) / write_artifacts(xbl, 0, Path(name), "test_it")
        files = {path.name: path.read_text(encoding="utf-8") for path in place.iterdir()}
    strings = [*_strings(json.loads(files["requests.har"])), *_strings(json.loads(files["world.json"]))]
    section = hiding([token])(report(xbl, whole=True))
    for text in (*files.values(), *strings, section):
        assert token not in text
        assert secret[:-SHOWN] not in text


def _strings(value: object) -> list[str]:
    """All strings in a JSON value, the names of fields among them."""
    if isinstance(value, dict):
        return [*value, *(text for inner in value.values() for text in _strings(inner))]
    if isinstance(value, list):
        return [text for inner in value for text in _strings(inner)]
    return [value] if isinstance(value, str) else []


def test_the_seed_of_a_failing_test_makes_tokens_of_its_own(tmp_path: Path) -> None:
    """It loads like any other; what the test asks for by `dump` has the chosen one (SEEN-13, SEED-7)."""
    xbl = XboxLive(name="mine")
    xbl.user("Stacy", token="a-real-token", userhash="hash")
    place = tmp_path / write_artifacts(xbl, 0, tmp_path, "test_it")
    again = XboxLive(name="again", seed=place / "world.json")
    assert again.scenario["Stacy"].authorization == "XBL3.0 x=2533274790000001;again.2533274790000001"
    assert xbl.dump()["users"]["Stacy"].pop("token") == "a-real-token"


def test_a_token_from_before_a_reset_is_hidden_too(tmp_path: Path) -> None:
    """The requests of a sandbox are still there (SEEN-13)."""
    xbl = XboxLive(seed={"users": {"Ana": {"token": "anas-real-token"}}})
    with xbl.sandbox():
        xbl.client(xbl.user("Stacy", token="stacys-real-token")).get("/stacys-real-token/anas-real-token")
    xbl.reset()
    place = tmp_path / write_artifacts(xbl, 0, tmp_path, "test_it")
    assert "/...oken/...oken" in (place / "requests.har").read_text(encoding="utf-8")
