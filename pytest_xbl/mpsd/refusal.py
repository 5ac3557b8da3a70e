"""What a rule says when it says no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, TypeAlias

from pytest_xbl.mpsd.contracts import OLD_NAMES, is_old

if TYPE_CHECKING:
    from pytest_xbl.mpsd.model import Session

Mistake: TypeAlias = Literal["unknown-route", "unknown-service", "bad-body"]


class Refusal(Exception):  # noqa: N818 -- it is an answer of the service, not an error of the program
    """A request that a rule forbids.

    Args:
        status: the HTTP status that the rule asks for.
        what: one sentence: what was wrong, and what would be right.
        where: a JSON pointer into the body, a header's name, or "the URI".
        rule: the id of the rule, as on the rules page of the documentation.
        shows_session: whether a caller who may read the session gets it as the body (CODE-403, CODE-412).
        mistake: what kind of mistake it is of whoever wrote the client, if it is one whatever the session holds.

    `session` is the session to show, once somebody has looked whether the caller may see it.
    `headers` are further headers of the answer.
    """

    session: Session | None = None
    headers: Mapping[str, str] = {}

    def __init__(
        self,
        status: int,
        what: str,
        *,
        where: str,
        rule: str,
        shows_session: bool = False,
        mistake: Mistake | None = None,
    ) -> None:
        super().__init__(what)
        self.status = status
        self.what = on_one_line(what, 1000)
        self.where = on_one_line(where, 300)
        self.rule = rule
        self.shows_session = shows_session
        self.mistake = mistake

    def told_under(self, contract: int) -> Refusal:
        """The same refusal, with the names that fields of `system` have under a contract (TMPL-8)."""
        for new, old in OLD_NAMES.items() if is_old(contract) else ():
            if f"/system/{new}" in self.where:
                self.where = self.where.replace(f"/system/{new}", f"/system/{old}", 1)
                self.what = self.what.replace(new, old.replace("/", "."), 1)
        return self

    @property
    def text(self) -> str:
        """The refusal as people read it: a body of text/plain, or the text of an `XblError`."""
        return f"{self.what}\nwhere: {self.where}\nrule: {self.rule}\n"

    def __str__(self) -> str:
        """The same text, less its last line break."""
        return self.text.rstrip("\n")


def on_one_line(text: str, longest: int) -> str:
    """A text without characters that cannot be printed, and cut where it gets too long."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return text if len(text) <= longest else f"{text[: longest - 3]}..."


def not_yet(what: str, *, where: str, rule: str) -> Refusal:
    """A refusal for what the service does and the fake does not do yet (CODE-501).

    Args:
        what: the thing that the fake does not do, as the subject of a sentence.
        where: a JSON pointer into the body.
        rule: the rule that is not acted on yet.
    """
    return Refusal(501, f"{what}: the fake does not do this yet, so it refuses the request.", where=where, rule=rule)
