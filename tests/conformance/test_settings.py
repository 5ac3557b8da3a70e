"""The settings file of a sandbox."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from errors import error_of
from pytest_xbl.conformance.settings import read_settings
from tables import cases

STACY = {"xuid": "1", "userhash": "one", "token": "secret-of-stacy"}
ANA = {"xuid": "2", "userhash": "two", "token": "secret-of-ana", "gamertag": "Ana", "follows": ["1"]}
GOOD: dict[str, Any] = {"scid": "s", "templates": {"bare": "Empty"}, "users": [STACY, ANA]}
FIELDS = "scid, templates, users, service, userStatistics, statistics, patience"


def with_(path: str, value: Any) -> dict[str, Any]:
    """Good settings with another value at a place; None removes it."""
    settings = copy.deepcopy(GOOD)
    *parents, last = path.split("/")
    target: Any = settings
    for part in parents:
        target = target[int(part) if part.isdecimal() else part]
    if value is None:
        del target[last]
    else:
        target[last] = value
    return settings


def read(tmp_path: Path, content: object) -> Any:
    """The settings of a file with this content."""
    file = tmp_path / "settings.json"
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    file.write_bytes(text)
    return read_settings(file)


def test_settings_name_users_and_templates(tmp_path: Path) -> None:
    """All other fields may be left out."""
    settings = read(tmp_path, GOOD)
    assert (settings.scid, settings.templates, settings.patience) == ("s", {"bare": "Empty"}, 10)
    assert (settings.user_statistics, settings.statistics, settings.service) == ("", {}, None)
    stacy, ana = settings.users
    assert (stacy.xuid, stacy.gamertag, stacy.follows) == ("1", "", frozenset())
    assert (ana.xuid, ana.gamertag, ana.follows) == ("2", "Ana", {"1"})
    assert stacy.authorization.reveal() == "XBL3.0 x=one;secret-of-stacy"
    assert settings.tokens == ["secret-of-stacy", "secret-of-ana"]


def test_no_representation_shows_a_token(tmp_path: Path) -> None:
    """But for its last four characters."""
    settings = read(tmp_path, {**GOOD, "service": {"userhash": "s", "token": "secret-of-service", "titleId": "7"}})
    assert "secret" not in repr(settings)
    assert [repr(user.authorization) for user in settings.users] == ["…tacy", "…-ana"]
    assert settings.tokens[-1] == "secret-of-service"
    assert settings.service.title_id == "7"


def test_more_can_be_tested_with_more_settings(tmp_path: Path) -> None:
    """Statistics, their address, patience, and templates by their capabilities."""
    more = {"userStatistics": "https://stats.example/", "statistics": {"Integer": "Kills"}, "patience": 2.5}
    templates = {"bare": "Empty", "gameplay+large": "Big"}
    settings = read(tmp_path, {**GOOD, **more, "templates": templates})
    assert (settings.user_statistics, settings.statistics) == ("https://stats.example", {"Integer": "Kills"})
    assert (settings.patience, settings.templates) == (2.5, templates)


PART = "Expected a part of the Authorization header, without spaces, semicolons and line breaks."


@cases(
    "settings text",
    {
        "no object": ([], f"Expected an object of {FIELDS}."),
        "no users": (with_("users", None), "'users' is missing."),
        "an unknown field": (
            with_("template", "x"),
            f"Unknown field 'template'; the fields are {FIELDS}. Did you mean 'templates'?",
        ),
        "an unknown field that is like no other": (
            with_("zzz", "x"),
            f"Unknown field 'zzz'; the fields are {FIELDS}.",
        ),
        "a user without a token": (with_("users/0/token", None), "'token' is missing.\nwhere: /users/0"),
        "an empty token": (
            with_("users/1/token", ""),
            "Expected a string that is not empty.\nwhere: /users/1/token",
        ),
        "a whole header as a token": (with_("users/1/token", "XBL3.0 x=1;2"), f"{PART}\nwhere: /users/1/token"),
        "one user": (with_("users", [STACY]), "Expected a list of 2 to 3 users.\nwhere: /users"),
        "an unknown field of a user": (
            with_("users/0/gametag", "S"),
            (
                "Unknown field 'gametag'; the fields are xuid, userhash, token, gamertag, follows. "
                "Did you mean 'gamertag'?\nwhere: /users/0"
            ),
        ),
        "the same user twice": (
            with_("users", [STACY, STACY]),
            "Two users have the same xuid; each has to be another user.\nwhere: /users",
        ),
        "a xuid that is a number": (
            with_("users/0/xuid", 1),
            "Expected a xuid, a string of decimal digits.\nwhere: /users/0/xuid",
        ),
        "no list of whom they follow": (
            with_("users/1/follows", "1"),
            "Expected a list of xuids.\nwhere: /users/1/follows",
        ),
        "no template that sets nothing": (
            with_("templates", {"old": "x"}),
            'There is no template "bare", which is one that sets nothing; nearly all tests need it.\nwhere: /templates',
        ),
        "templates that are a list": (with_("templates", []), "Expected an object of names.\nwhere: /templates"),
        "a service without a token": (with_("service", {"userhash": "s"}), "'token' is missing.\nwhere: /service"),
        "a service of no title": (
            with_("service", {"userhash": "s", "token": "t", "titleId": 7}),
            "Expected a title id, a string of decimal digits.\nwhere: /service/titleId",
        ),
        "no address": (
            with_("userStatistics", "stats.example"),
            "Expected an address that begins with https:// or http://, not 'stats.example'.\nwhere: /userStatistics",
        ),
        "an address with a wrong port": (
            with_("userStatistics", "https://stats.example:x"),
            (
                "Expected an address that begins with https:// or http://, not 'https://stats.example:x'.\n"
                "where: /userStatistics"
            ),
        ),
        "an unknown type": (
            with_("statistics", {"Int": "Kills"}),
            (
                "Unknown field 'Int'; the fields are Integer, Double, String, DateTime. Did you mean 'Integer'?\n"
                "where: /statistics"
            ),
        ),
        "no time": (with_("patience", True), "Expected a number of seconds, 0 or more.\nwhere: /patience"),
        "a time that runs backwards": (
            with_("patience", -1),
            "Expected a number of seconds, 0 or more.\nwhere: /patience",
        ),
    },
)
def test_wrong_settings_are_refused(tmp_path: Path, settings: Any, text: str) -> None:
    """With the place and the file, what is possible, and the nearest name; no text has a token."""
    file = tmp_path / "settings.json"
    place = f" in {file}" if "\nwhere: " in text else f"\nwhere: {file}"
    assert error_of(lambda: read(tmp_path, settings)) == f"{text}{place}"


def test_a_file_is_json(tmp_path: Path) -> None:
    """In UTF-8, with a byte order mark or without."""
    file = tmp_path / "settings.json"
    assert read(tmp_path, b"\xef\xbb\xbf" + json.dumps(GOOD).encode()).scid == "s"
    assert error_of(lambda: read(tmp_path, b"{")) == (
        f"The settings file {file} is not JSON: "
        "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)."
    )
    assert error_of(lambda: read(tmp_path, b"\xff")) == f"The settings file {file} is not UTF-8."
    assert error_of(lambda: read_settings(tmp_path / "none")) == (
        f"The settings file {tmp_path / 'none'} cannot be read: No such file or directory."
    )
    deep = b"[" * 100_000 + b"]" * 100_000
    assert error_of(lambda: read(tmp_path, deep)) == f"The settings file {file} is nested too deeply."


def test_a_template_has_a_known_name(tmp_path: Path) -> None:
    """A kind, or capabilities that tests ask for."""
    text = error_of(lambda: read(tmp_path, with_("templates/larg", "x")))
    assert text.startswith("Unknown field 'larg'; the fields are bare, fixed, capable, old, arbitration+gameplay, ")
    assert text.endswith(f". Did you mean 'large'?\nwhere: /templates in {tmp_path / 'settings.json'}")


@pytest.mark.parametrize("port", ["0", "99999"])
def test_an_address_has_a_port_that_can_be(tmp_path: Path, port: str) -> None:
    """From 1 to 65535."""
    address = f"http://localhost:{port}"
    assert error_of(lambda: read(tmp_path, with_("userStatistics", address))).startswith("Expected an address")
