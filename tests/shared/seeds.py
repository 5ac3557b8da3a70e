"""Seeds that many tests load, and the worlds and errors that come of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from pytest_xbl import Seed, XblError, XboxLive

OTHER = "5c1d0000-0000-4000-8000-00000000000A"
"""Another service configuration than the default one, not wholly in lower case."""
HANDLE_ID = "0a0b0c0d-0000-4000-a000-00000000000f"
EARLIEST, EARLIER, NOON, LATER = (f"2026-01-01T{hour}:00:00Z" for hour in (10, 11, 12, 13))
"""Times around noon, which the clock of every new world shows."""
ADDRESS = "QUJDRA=="

SeedDict = dict[str, Any]
Row = tuple[str, str, str]
"""The three lines of an error: text, place, rule."""

PEOPLE: SeedDict = {"Ana": {"xuid": "11"}, "Bob": {"xuid": "12"}, "Cid": {"xuid": "13"}}
HOURS = 7_200_000
SLOW: SeedDict = {
    "maxMembersCount": 3,
    "inactiveRemovalTimeout": HOURS,
    "reservedRemovalTimeout": HOURS,
    "readyRemovalTimeout": HOURS,
    "sessionEmptyTimeout": HOURS,
    "capabilities": {"connectivity": True},
}
"""System constants of sessions that wait for people, and hold three."""


def template(**system: Any) -> SeedDict:
    """A template with these system constants."""
    return {"constants": {"system": system}}


def with_session(session: SeedDict, **more: Any) -> SeedDict:
    """A seed with three people and a session called one, made from a patient template unless it says otherwise."""
    sessions = {"one": {"template": "slow", **session}}
    return {"users": PEOPLE, "templates": {"slow": template(**SLOW)}, "sessions": sessions, **more}


def world(document: SeedDict) -> XboxLive:
    """The world that begins with a seed."""
    return XboxLive(seed=Seed(document))


def members(xbl: XboxLive) -> list[dict[str, Any]]:
    """The members of the session called one, as they are shown."""
    return list(xbl.sessions["one"].document["members"].values())


def row_of(action: Callable[[], object]) -> Row:
    """The three lines of the error that an action raises."""
    with pytest.raises(XblError) as error:
        action()
    assert str(error.value) == f"{error.value.what}\nwhere: {error.value.where}\nrule: {error.value.rule}"
    return error.value.what, error.value.where, error.value.rule


def refusals(table: Mapping[str, Sequence[SeedDict]]) -> pytest.MarkDecorator:
    """Run a test once for each `given` part of a seed in a table, with the `row` of lines that refuses it.

    Args:
        table: parts of seeds, by place, rule and text, as in "/users/Bob/xuid SEED-11: The xuid 1 is Ana's already."
    """
    rows = []
    for refusal, parts in table.items():
        at, _, what = refusal.partition(": ")
        place, _, rule = at.rpartition(" ")
        rows += [(part, (what, place, rule)) for part in parts]
    return pytest.mark.parametrize(("given", "row"), rows)


def refused(document: SeedDict) -> Row:
    """The three lines with which a seed of the seed form is not loaded, the place without its source."""
    seed = Seed(document)
    what, where, rule = row_of(lambda: seed._load(Path()))
    place, source = where.rsplit(" in ", 1)
    assert source == "the seed"
    return what, place, rule
