"""The parameters of a page, as they stand in its address; each is checked before anything is shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.suggesting import nearest, or_meant
from pytest_xbl.pages.sheet import refuse

HIGHEST = 10**9


class Asked:
    """The parameters that an address gives to a page.

    Args:
        given: by name.
        known: the names that the page knows.

    Raises:
        NoPageError: 400 for another name.
    """

    def __init__(self, given: Mapping[str, str], known: Sequence[str] = ()) -> None:
        self.given = given
        for name in given:
            if name not in known:
                near = nearest(name, known)
                there_are = f"it has {', '.join(known)}" if known else "it has none"
                refuse(f"This page has no parameter {brief(name)}; {there_are}.{or_meant(near and brief(near))}")

    def text(self, name: str) -> str:
        """A text; "" if it is not given."""
        return self.given.get(name, "")

    def number(self, name: str) -> int | None:
        """A number of 0 or more; None if it is not given.

        Raises:
            NoPageError: 400 for anything else.
        """
        text = self.text(name)
        if not text:
            return None
        if not (text.isascii() and text.isdecimal() and len(text) < len(str(HIGHEST))):
            refuse(f"{name} is a number of 0 or more, not {brief(text)}.")
        return int(text)

    def choice(self, name: str, choices: Collection[str]) -> str:
        """One of some words; the first one, if it is not given.

        Raises:
            NoPageError: 400 for any other.
        """
        text = self.text(name) or next(iter(choices))
        if text not in choices:
            near = nearest(text, choices)
            refuse(f"{name} is {' or '.join(choices)}, not {brief(text)}.{or_meant(near and brief(near))}")
        return text
