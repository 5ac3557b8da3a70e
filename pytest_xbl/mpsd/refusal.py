"""The refusal of a request by a rule: a value that explains itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

from pytest_xbl.mpsd.contracts import name_under, path_under, value_under
from pytest_xbl.mpsd.json_values import brief, pointer_part
from pytest_xbl.mpsd.model import NEWEST_CONTRACT, Json

if TYPE_CHECKING:
    from pytest_xbl.mpsd.model import Session

Mistake: TypeAlias = Literal["unknown-route", "unknown-service", "bad-body", "egress"]
Parts: TypeAlias = tuple[str | int, ...]
"""The names and numbers that lead to a place inside a body or a record; () is the whole of it."""
Place: TypeAlias = Parts | str
"""A path, or the name of another part of a request: "the URI", "If-Match", "?take", "the body"."""

LONGEST_TEXT, LONGEST_PLACE = 1000, 300
"""Characters of a refusal's sentence and of its place."""


class Quoted(NamedTuple):
    """A value of a field, quoted in a sentence in the form that it has under the caller's contract."""

    field: str
    value: Json


class Refusal(Exception):  # noqa: N818 -- it is an answer of the service, not an error of the program
    """A request that a rule forbids.

    It never changes: whoever knows more about it makes another one.

    Args:
        status: the HTTP status that the rule asks for.
        what: one sentence: what was wrong, and what would be right.
            With names, a template that has `{}` for each of them; without, it may hold any characters.
        names: fields of `system` by the names of 107, and values of theirs, for the text to show as the caller's
            contract has them (TMPL-8); any other string is shown as it is.
        where: the place that is wrong.
        rule: the id of the rule, as on the rules page of the documentation.
        shows_session: whether a caller who may read the session gets it as the body (CODE-403, CODE-412).
        mistake: the kind of mistake of the client's author, if it is one whatever the session holds.

    `session` is the session to show, where the caller may see it.
    `headers` are further headers of the answer.
    `body` is JSON to send in place of the text; "" for none.
    """

    def __init__(
        self,
        status: int,
        what: str,
        *names: str | Quoted,
        where: Place,
        rule: str,
        shows_session: bool = False,
        mistake: Mistake | None = None,
    ) -> None:
        super().__init__(what)
        self.status: Final = status
        self.place: Final = where
        self.rule: Final = rule
        self.shows_session: Final = shows_session
        self.mistake: Final = mistake
        self.session: Final[Session | None] = None
        self.viewer: Final = ""
        self.headers: Final[Mapping[str, str]] = {}
        self.body: Final = ""
        self._template: Final = what
        self._names: Final = names
        self._contract: Final = NEWEST_CONTRACT
        self._more: Final = ""

    @property
    def what(self) -> str:
        """The sentence, in the words of the caller's contract."""
        words = [self._word(name) for name in self._names]
        sentence = self._template.format(*words) if words else self._template
        return on_one_line(sentence + self._more, LONGEST_TEXT)

    @property
    def where(self) -> str:
        """The place as text; a path is a JSON pointer."""
        place = self.place
        text = place if isinstance(place, str) else "".join(f"/{pointer_part(part)}" for part in place)
        return on_one_line(text, LONGEST_PLACE)

    @property
    def text(self) -> str:
        """The refusal as people read it: a body of text/plain, or the text of an `XblError`."""
        return f"{self.what}\nwhere: {self.where}\nrule: {self.rule}\n"

    @property
    def line(self) -> str:
        """The refusal in one line, for a log or a header."""
        return f"{self.rule} at {self.where}: {self.what}"

    def __str__(self) -> str:
        """The text without its last line break."""
        return self.text.rstrip("\n")

    def at(self, place: Place) -> Refusal:
        """The same refusal, of another place."""
        return self._but(place=place)

    def inside(self, *parts: str | int) -> Refusal:
        """The same refusal, seen from further out: its path is in the place that these parts lead to.

        The name of a part of a request means nothing there, and gives way to them.
        """
        return self._but(place=parts if isinstance(self.place, str) else (*parts, *self.place))

    def under(self, contract: int) -> Refusal:
        """The same refusal, in the words of a contract (TMPL-8)."""
        place = self.place if isinstance(self.place, str) else path_under(self.place, contract)
        return self._but(place=place, _contract=contract)

    def always(self) -> Refusal:
        """The same refusal, of a body that no session could make right (SEEN-5)."""
        return self._but(mistake="bad-body")

    def pardoned(self) -> Refusal:
        """The same refusal, which fails no test (SEEN-10)."""
        return self._but(mistake=None)

    def showing(self, session: Session, viewer: str = "") -> Refusal:
        """The same refusal, with the session that the caller may see.

        Args:
            viewer: the caller's xuid, "" for none.
        """
        return self._but(session=session, viewer=viewer)

    def with_headers(self, headers: Mapping[str, str]) -> Refusal:
        """The same refusal, with further headers."""
        return self._but(headers={**self.headers, **headers})

    def with_body(self, body: str) -> Refusal:
        """The same refusal, with JSON as the body of the answer (CODE-429)."""
        return self._but(body=body)

    def adding(self, sentence: str) -> Refusal:
        """The same refusal, with another sentence after its own."""
        return self._but(_more=f"{self._more} {sentence}")

    def _word(self, name: str | Quoted) -> str:
        if isinstance(name, Quoted):
            return brief(value_under(name.field, name.value, self._contract))
        return name_under(name, self._contract)

    def _but(self, **changes: Any) -> Refusal:
        other = Refusal.__new__(Refusal, *self.args)
        other.__dict__.update(self.__dict__, **changes)
        return other


def on_one_line(text: str, longest: int) -> str:
    """A text with its unprintable characters escaped, cut to a length."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return text if len(text) <= longest else f"{text[: longest - 3]}..."


def bad_body(what: str, *names: str | Quoted, where: Place, rule: str) -> Refusal:
    """The refusal of a body that no session could make right: a mistake of the client's author (SEEN-5).

    Args:
        what: one sentence, with `names` as those of a refusal.
        where: the place in the body.
        rule: the id of the rule.
    """
    return Refusal(400, what, *names, where=where, rule=rule, mistake="bad-body")


def not_yet(what: str, *names: str, where: Parts, rule: str) -> Refusal:
    """The refusal of a feature that the service has and the fake does not have yet (CODE-501).

    Args:
        what: the feature, as the subject of a sentence.
        names: as those of a refusal.
        where: the place of it in the body.
        rule: the rule that is not acted on yet.
    """
    what = f"{what}: the fake does not do this yet, so it refuses the request."
    return Refusal(501, what, *names, where=where, rule=rule)
