"""A response of the service, and what tests say of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pytest_xbl.conformance.secrets import Secret

__tracebackhide__ = True

MISSING: Any = object()
"""The value at a place where a document has nothing."""
TEMPLATES = re.compile(r"^/serviceconfigs/[^/]+/sessiontemplates/", re.IGNORECASE)
"""The beginning of the path of a session, for which reports have three dots."""
LONGEST_TEXT = 300
"""Characters of a value or a body that a report shows."""


class Request(NamedTuple):
    """A request to the service.

    Args:
        at: the service that it is for, by a key of `SERVICES`.
        authorization: the value of that header; None for no such header.
        body: the bytes to send; None for no body.
    """

    at: str
    method: str
    path: str
    headers: Mapping[str, str]
    authorization: Secret | None
    body: bytes | None


class Response(NamedTuple):
    """A response as it comes over HTTP."""

    status: int
    headers: Iterable[tuple[str, str]]
    body: bytes


class Exchange(NamedTuple):
    """The lines of a request and its response that a report shows."""

    method: str
    path: str
    status: int

    def __str__(self) -> str:
        """Show both in one line, without what is the same in all of them."""
        return f"{self.method} {TEMPLATES.sub('…/', self.path)} -> {self.status}"


class Difference(AssertionError):  # noqa: N818 -- a finding, not a mistake of the test
    """A place where the service differs from a rule.

    Args:
        exchange: the request and the status.
        place: the status, a header, or a JSON pointer into the body.
    """

    def __init__(self, exchange: Exchange, place: str, expected: str, got: str) -> None:
        super().__init__(f"{exchange}: {place}: expected {expected}, got {got}")


class Answer:
    """A response, with the assertions of the suite, which return it again."""

    def __init__(self, exchange: Exchange, response: Response) -> None:
        self.exchange = exchange
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.headers}
        self.body = response.body

    def __repr__(self) -> str:
        """Show the lines of the request and the response."""
        return f"<{self.exchange}>"

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    @property
    def json(self) -> Any:
        """The body as JSON.

        Raises:
            Difference: if it is something else.
        """
        try:
            return json.loads(self.body)
        except ValueError:
            raise Difference(self.exchange, "body", "JSON", short(repr(self.text))) from None

    @property
    def etag(self) -> str:
        """The ETag; "" without one."""
        return self.headers.get("etag", "")

    def __getitem__(self, pointer: str) -> Any:
        """The value at a JSON pointer of the body.

        Raises:
            Difference: if there is nothing.
        """
        value = at(self.json, pointer)
        if value is MISSING:
            raise Difference(self.exchange, pointer, "a value", "nothing")
        return value

    def says(self, *statuses: int) -> Answer:
        """Expect one of these statuses; the difference shows the text of a refusal, but no document."""
        if self.status not in statuses:
            expected = " or ".join(map(str, statuses))
            said = "" if self.text.startswith("{") else short(self.text)
            got = f"{self.status} {said}".rstrip()
            raise Difference(self.exchange, "status", expected, got)
        return self

    def shows(self, pointer: str, expected: Any) -> Answer:
        """Expect just this value at a JSON pointer of the body; true, 1 and 1.0 all differ."""
        found = at(self.json, pointer)
        if not same(found, expected):
            raise Difference(self.exchange, pointer or "the body", written(expected), written(found))
        return self

    def lacks(self, *pointers: str) -> Answer:
        """Expect nothing at these JSON pointers of the body."""
        for pointer in pointers:
            self.shows(pointer, MISSING)
        return self

    def names(self, *words: str) -> Answer:
        """Expect these words in the text of the body, in whatever case."""
        for word in words:
            if word.lower() not in self.text.lower():
                raise Difference(self.exchange, "text", f"the word {word!r}", short(repr(self.text)))
        return self

    def is_text(self) -> Answer:
        """Expect a body of plain text."""
        return self.is_of("text/plain")

    def is_json(self) -> Answer:
        """Expect a body of JSON."""
        return self.is_of("application/json")

    def is_of(self, kind: str) -> Answer:
        """Expect a body of this media type."""
        found = self.headers.get("content-type", "no such header")
        if found.partition(";")[0].strip() != kind:
            raise Difference(self.exchange, "Content-Type", kind, found)
        return self

    def is_empty(self) -> Answer:
        """Expect no body."""
        if self.body:
            raise Difference(self.exchange, "body", "nothing", short(repr(self.text)))
        return self

    def matches(self, pointer: str, pattern: str) -> Answer:
        """Expect a text that matches a regular expression as a whole, at a JSON pointer."""
        found = self[pointer]
        if not isinstance(found, str) or not re.fullmatch(pattern, found):
            raise Difference(self.exchange, pointer, f"a text like {pattern}", written(found))
        return self

    def has_header(self, name: str, expected: str | None) -> Answer:
        """Expect this value of a header, in whatever case of its letters; None for no such header."""
        found = self.headers.get(name.lower())
        if (found and found.lower()) != (expected and expected.lower()):
            raise Difference(self.exchange, name, expected or "no such header", found or "no such header")
        return self


def at(document: Any, pointer: str) -> Any:
    """The value at a JSON pointer, or `MISSING`."""
    for part in pointer.split("/")[1:]:
        if isinstance(document, dict) and part in document:
            document = document[part]
        elif isinstance(document, list) and part.isdecimal() and int(part) < len(document):
            document = document[int(part)]
        else:
            return MISSING
    return document


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal, type by type."""
    if one is MISSING or other is MISSING:
        return one is other
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def written(value: Any) -> str:
    """A JSON value, or `MISSING`, as texts show it."""
    return "nothing" if value is MISSING else short(json.dumps(value, ensure_ascii=False))


def short(text: str) -> str:
    """The beginning of a text that is too long."""
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"
