"""The settings file of a sandbox: whose tokens, which service configuration, which templates."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pytest_xbl.conformance.secrets import Secret
from pytest_xbl.conformance.templates import CAPABLE, KINDS
from pytest_xbl.errors import XblError
from pytest_xbl.mpsd.suggesting import nearest, or_meant

FEWEST_USERS = 2
MOST_USERS = 3
FIELDS = ("scid", "templates", "users", "service", "userStatistics", "statistics", "patience")
OF_USER = ("xuid", "userhash", "token", "gamertag", "follows")
OF_SERVICE = ("userhash", "token", "titleId")
OF_STATISTICS = ("Integer", "Double", "String", "DateTime")
PATIENCE = 10


@dataclass(frozen=True)
class Account:
    """A user or a service of the sandbox.

    Args:
        follows: the xuids of the users whom they follow.
        title_id: the title for which a service calls.
    """

    authorization: Secret
    xuid: str = ""
    gamertag: str = ""
    follows: frozenset[str] = frozenset()
    title_id: str = ""


@dataclass(frozen=True)
class Settings:
    """The content of a settings file.

    Args:
        templates: the names of templates, by the kinds that tests ask for.
        user_statistics: the address of that service; "" if it is not to be tested.
        statistics: the names of statistics of which the first user has a value, by type.
        patience: the longest time in seconds that a test may wait for a timeout.
        source: the name of the file.
    """

    scid: str
    templates: Mapping[str, str]
    users: tuple[Account, ...]
    service: Account | None = None
    user_statistics: str = ""
    statistics: Mapping[str, str] = field(default_factory=dict)
    patience: float = PATIENCE
    source: str = ""

    @property
    def tokens(self) -> list[str]:
        """All tokens, which no text may show."""
        accounts = (*self.users, *([self.service] if self.service else []))
        return [str(account.authorization.token) for account in accounts]

    def wrong(self, what: str, place: str) -> XblError:
        """The error for a mistake at a place of the file."""
        return _wrong(what, f"{place} in {self.source}")


def read_settings(path: Path) -> Settings:
    """The settings of a file.

    Raises:
        XblError: for a file that cannot be read, is not JSON, or says something else than settings do.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _wrong(f"The settings file {path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise _wrong(f"The settings file {path} is not UTF-8.") from None
    except ValueError as error:
        raise _wrong(f"The settings file {path} is not JSON: {error}.") from None
    except RecursionError:
        raise _wrong(f"The settings file {path} is nested too deeply.") from None
    try:
        return replace(_settings(content), source=str(path))
    except XblError as error:
        raise _wrong(error.what, f"{error.where} in {path}" if error.where else str(path)) from None


def _settings(content: Any) -> Settings:
    _require_fields(content, FIELDS, ("scid", "templates", "users"), "")
    templates = _texts(content["templates"], "/templates", known=(*KINDS, *CAPABLE))
    if "bare" not in templates:
        raise _wrong(
            'There is no template "bare", which is one that sets nothing; nearly all tests need it.', "/templates"
        )
    statistics = _texts(content.get("statistics", {}), "/statistics", known=OF_STATISTICS)
    return Settings(
        _text(content["scid"], "/scid"),
        templates,
        _users(content["users"]),
        _service(content["service"]) if "service" in content else None,
        checked_url(content["userStatistics"], "/userStatistics") if "userStatistics" in content else "",
        statistics,
        _number(content.get("patience", PATIENCE), "/patience"),
    )


def _users(value: Any) -> tuple[Account, ...]:
    if not isinstance(value, list) or not FEWEST_USERS <= len(value) <= MOST_USERS:
        raise _wrong(f"Expected a list of {FEWEST_USERS} to {MOST_USERS} users.", "/users")
    users = tuple(_user(user, f"/users/{number}") for number, user in enumerate(value))
    if len({user.xuid for user in users}) < len(users):
        raise _wrong("Two users have the same xuid; each has to be another user.", "/users")
    return users


def _user(value: Any, place: str) -> Account:
    _require_fields(value, OF_USER, ("xuid", "userhash", "token"), place)
    follows = value.get("follows", [])
    if not isinstance(follows, list):
        raise _wrong("Expected a list of xuids.", f"{place}/follows")
    return Account(
        _authorization(value, place),
        _digits(value["xuid"], f"{place}/xuid", "xuid"),
        _text(value["gamertag"], f"{place}/gamertag") if "gamertag" in value else "",
        frozenset(_digits(xuid, f"{place}/follows/{number}", "xuid") for number, xuid in enumerate(follows)),
    )


def _service(value: Any) -> Account:
    _require_fields(value, OF_SERVICE, OF_SERVICE, "/service")
    return Account(
        _authorization(value, "/service"), title_id=_digits(value["titleId"], "/service/titleId", "title id")
    )


def _authorization(value: Mapping[str, Any], place: str) -> Secret:
    token = _header(value["token"], f"{place}/token")
    return Secret(f"XBL3.0 x={_header(value['userhash'], f'{place}/userhash')};{token}", token)


def _require_fields(value: Any, known: Iterable[str], needed: Iterable[str], place: str) -> None:
    """Refuse anything but an object of these fields, with those that are needed."""
    if not isinstance(value, dict):
        raise _wrong(f"Expected an object of {', '.join(known)}.", place)
    _require_known(value, known, place)
    for name in needed:
        if name not in value:
            raise _wrong(f"{name!r} is missing.", place)


def _require_known(value: Mapping[str, Any], known: Iterable[str], place: str) -> None:
    for name in value:
        if name not in known:
            near = nearest(name, known)
            what = f"Unknown field {name!r}; the fields are {', '.join(known)}."
            raise _wrong(what + or_meant(near and repr(near)), place)


def _texts(value: Any, place: str, *, known: Iterable[str]) -> dict[str, str]:
    if not isinstance(value, dict):
        raise _wrong("Expected an object of names.", place)
    _require_known(value, known, place)
    return {name: _text(text, f"{place}/{name}") for name, text in value.items()}


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str) or not value:
        raise _wrong("Expected a string that is not empty.", place)
    return value


def _header(value: Any, place: str) -> str:
    """A part of the Authorization header; no text shows it, not even a wrong one."""
    text = _text(value, place)
    if not text.isascii() or not text.isprintable() or set(text) & {" ", ";"}:
        raise _wrong("Expected a part of the Authorization header, without spaces, semicolons and line breaks.", place)
    return text


def _digits(value: Any, place: str, what: str) -> str:
    if not (isinstance(value, str) and value.isascii() and value.isdecimal()):
        raise _wrong(f"Expected a {what}, a string of decimal digits.", place)
    return value


def _number(value: Any, place: str) -> float:
    if type(value) not in {int, float} or not value >= 0:
        raise _wrong("Expected a number of seconds, 0 or more.", place)
    return float(value)


def checked_url(value: Any, place: str) -> str:
    """An address without a slash at its end.

    Raises:
        XblError: for anything but one that begins with http:// or https://.
    """
    try:
        parts = urlsplit(value if isinstance(value, str) else "")
        is_good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good:
        raise _wrong(f"Expected an address that begins with https:// or http://, not {value!r}.", place)
    return str(value).rstrip("/")


def _wrong(what: str, place: str = "") -> XblError:
    return XblError(what, where=place)
