"""A rule, and how we know it."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["documented", "recording", "client", "assumed", "the fake's own"]


class Source(NamedTuple):
    """The evidence for a rule, or for a part of it.

    Args:
        kind: documented on a public page; seen in a recording of the service's traffic; seen in a client; assumed,
            because the pages are silent or contradict each other; or the fake's own, which the service knows nothing
            of.
        detail: the page, the recording or the client, by its short name; "" for none in particular.
        part: the part of the rule that this source is about; "" for the rule as a whole.
    """

    kind: Kind
    detail: str = ""
    part: str = ""

    def __str__(self) -> str:
        """The evidence in a few words."""
        known = f"{self.part} {self.kind}" if self.part else self.kind
        return f"{known}: {self.detail}" if self.detail else known


class Rule(NamedTuple):
    """One rule of the service.

    Args:
        id: its family and number, as refusals, tests and comments name it.
        text: of the rule.
        sources: how we know it.
        built: whether the fake acts on it already.
        missing: the part that the fake does not act on yet, although it does the rest; "" for none.
    """

    id: str
    text: str
    sources: tuple[Source, ...]
    built: bool = True
    missing: str = ""

    @property
    def family(self) -> str:
        """The part of the id before the number."""
        return self.id.partition("-")[0]

    @property
    def status(self) -> str:
        """Whether the fake acts on it: "yes", "not yet", or "yes, but not" and the part that is missing."""
        if not self.built:
            return "not yet"
        return f"yes, but not {self.missing}" if self.missing else "yes"
