"""Secrets in texts: tokens, codes and passwords, of which no more than the last characters are shown (SEEN-13).

A test may hold real ones, and a report or an artifact may be read by anybody.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

SHOWN = 4
"""The characters at the end of a secret that are shown."""
LEAST = 12
"""The characters of the shortest secret of which any are shown, and which is looked for in whole texts."""
SCHEMES = ("xbl3.0", "xbl2.0", "bearer", "basic", "digest", "negotiate")
"""The first words of Authorization headers that are no secrets."""
FIELDS = (
    *("Authorization", "token", "userhash", "nonce"),
    *("access_token", "client_secret", "code", "code_verifier", "device_code", "password", "refresh_token"),
    *("AccessToken", "DeviceToken", "RpsTicket", "TitleToken", "Token", "UserTokens"),
)
"""The names of fields and parameters whose values are secrets."""
_FIELD = "|".join(FIELDS)
_IN_TEXT = rf"""((["'])(?:{_FIELD})\2\s*:\s*)(\[[^\]]*\]?|"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)"""
_IN_FORM = rf"((?:^|[?&])(?:{_FIELD})=)([^&]*)"
_PLAIN = "[!-:<-~]"
"""A character of a token: printable ASCII without spaces and semicolons (CALL-3)."""
_OF_PART = r"[\w.~+/=%-]"
"""A character that a token may have, so that it belongs to one which begins before it."""
_PART = f"{_OF_PART}*"
_SHORTENED = re.compile(rf"(?<!\.)\.{{3}}({_OF_PART}+)")
"""Dots and what follows them, such as the end of a text whose middle pytest has left out."""
_PIECE = 2 * SHOWN
"""The characters of a piece of a token that is recognized behind such dots."""


def cut(secret: str) -> str:
    """The end of a secret, or of a short one nothing."""
    return f"...{secret[-SHOWN:]}" if len(secret) >= LEAST else "..."


def cut_parts(text: str) -> str:
    """A malformed token or Authorization header, with no more of it than shows what is wrong.

    These are its blanks and signs, the name of its scheme, and the end of its last part.
    """
    end = len(re.sub(f"(?!{_PLAIN}).", " ", text, flags=re.DOTALL).rstrip())

    def shown(found: re.Match[str]) -> str:
        mark, part = found[1] or "", found[2] or found[3] or ""
        if not part or part.lower() in SCHEMES:
            return f"{mark}{part}"
        return mark + (cut(part) if found.end() == end else "...")

    return re.sub(f"(x=)({_PLAIN}*)|({_PLAIN}+)", shown, text)


def cut_value(value: object) -> str:
    """A value of any type where a secret should be, as an error text shows it."""
    if isinstance(value, str):
        return json.dumps(cut_parts(value))
    return f"a value of the type {type(value).__name__}" if value else json.dumps(value, default=repr)


def is_secret(place: str | Sequence[str | int]) -> bool:
    """Whether a place in a request or a record holds a secret: a path, or the name of a parameter."""
    parts = (place.removeprefix("?"),) if isinstance(place, str) else place
    return not set(FIELDS).isdisjoint(map(str, parts))


def without_fields(text: str) -> str:
    """A text without the values of secret fields in JSON, or in what Python writes of a dict."""
    return re.sub(_IN_TEXT, r'\1"..."', text, flags=re.DOTALL)


def without_parameters(text: str) -> str:
    """A form, or a URI with its query string, without the values of secret parameters."""
    return re.sub(_IN_FORM, r"\1...", text)


def hiding(tokens: Iterable[str]) -> Callable[[str], str]:
    """The function that cuts these tokens wherever they are in a text, also escaped as JSON, HTML and URIs do it.

    A token that something else has shortened is found by its beginning, and by any piece behind three dots.
    Tokens with fewer characters than `LEAST` are words of a test, and remain.
    """
    known = sorted((token for token in tokens if len(token) >= LEAST), key=len, reverse=True)
    if not known:
        return str
    alike: dict[str, list[str]] = {}
    for token in known:
        alike.setdefault(token[:LEAST], []).append(token)
    families = [_Family(beginning, members) for beginning, members in alike.items()]

    def hide(text: str) -> str:
        for family in families:  # the longest first, since others may be in it
            text = family.hide(text)
        return _SHORTENED.sub(lambda found: "..." if _has_piece(found[1], known) else found[0], text)

    return hide


class _Family:
    """Tokens that begin alike.

    A text has few of the thousands that a world can have, so a pattern is made only for what may be there.

    Args:
        beginning: of all of them.
        tokens: the longest first.
    """

    def __init__(self, beginning: str, tokens: Sequence[str]) -> None:
        self._beginning = beginning
        self._tokens = tokens
        self._words = re.findall("[A-Za-z0-9]+", beginning)  # which nothing escapes

    def hide(self, text: str) -> str:
        """Cut these tokens in a text."""
        if not all(word in text for word in self._words) or not self._start.search(text):
            return text
        return self._pattern.sub(lambda found: self._ends.get(found.lastgroup or "", "..."), text)

    @cached_property
    def _start(self) -> re.Pattern[str]:
        return re.compile(_escaped(self._beginning))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        start = _escaped(self._beginning)
        rests = (f"(?P<token{number}>{_rest(token, self._tokens)})" for number, token in enumerate(self._tokens))
        return re.compile(f"{start}(?:{'|'.join(rests)})|{start}{_PART}")

    @cached_property
    def _ends(self) -> dict[str, str]:
        return {f"token{number}": _end(token) for number, token in enumerate(self._tokens)}


def _rest(token: str, known: Sequence[str]) -> str:
    """A pattern for what follows the beginning of a token, which no longer one has that something has shortened."""
    begins = any(other != token and other.startswith(token) for other in known)
    return _escaped(token[LEAST:]) + (f"(?!{_OF_PART})" if begins else "")


def _has_piece(text: str, known: Sequence[str]) -> bool:
    """Whether a text, between any further dots, begins with a piece of one of these tokens."""
    pieces = (part.lstrip(".")[:LEAST] for part in text.split("..."))
    return any(piece in token for piece in pieces if len(piece) >= _PIECE for token in known)


def _end(token: str) -> str:
    """The end of a token that can stand in any text, however that is escaped."""
    return cut(token) if re.fullmatch(r"[\w.~/-]*", token[-SHOWN:], re.ASCII) else "..."


def _escaped(token: str) -> str:
    """A pattern for a token, whose signs may be escaped."""
    return "".join(sign if sign.isalnum() else rf"(?:\\*{re.escape(sign)}|{_codes(sign)})" for sign in token)


def _codes(sign: str) -> str:
    """A pattern for a sign that is written by its number, or its name in HTML."""
    return rf"%(?i:{ord(sign):02x})|\\+(?i:u00{ord(sign):02x})|&#?\w+;"
