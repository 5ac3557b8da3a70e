"""Search handles in seeds (SRCH)."""

from __future__ import annotations

from typing import Any

import pytest

from bodies import can
from errors import error_of
from pytest_xbl import Seed, XboxLive
from seeds import SeedDict
from tables import cases

ATTRIBUTES: SeedDict = {"tags": ["Fun"], "numbers": {"level": 5}}


def seed(session: SeedDict | None = None, **handle: Any) -> SeedDict:
    """A seed with a session of Ana's and a search handle to it."""
    record = {"type": "search", "session": "one", "owner": "Ana", "attributes": ATTRIBUTES, **handle}
    return {
        "users": ["Ana", "Bob"],
        "templates": {"room": {"constants": {"system": can("searchable")}}, "plain": {}},
        "sessions": {"one": {"template": "room", "members": ["Ana"], **(session or {})}},
        "handles": {"search": record},
    }


@pytest.mark.parametrize("earlier", [{}, {"created": "2025-12-31T12:00:00Z"}], ids=["now", "earlier"])
def test_a_seed_makes_a_search_handle(earlier: SeedDict) -> None:
    """It is found, its session names it, and a dump has it; made earlier, it is no write (SEED-5, SEED-8)."""
    xbl = XboxLive(seed=Seed(seed(**earlier)))
    handle = xbl.scenario.search
    assert xbl.handles.search("tags/any(d:d eq 'fun')") == [handle]
    session = xbl.sessions["one"]
    assert (session.document["searchHandle"], session.document["changeNumber"]) == (handle.id, 1 if earlier else 2)
    assert session.history[-1].document == session.document
    again = XboxLive(seed=Seed(xbl.dump()))
    assert again.dump() == xbl.dump()
    assert again.sessions["one"].document == session.document
    assert [it.id for it in again.handles.search("numbers/level eq 5")] == [handle.id]


def test_a_test_may_expect_its_attributes() -> None:
    """As they came (SEED-10)."""
    xbl = XboxLive(seed=Seed(seed()))
    xbl.assert_state({"handles": {"search": {"attributes": ATTRIBUTES, "owner": "Ana"}}})
    with pytest.raises(AssertionError, match="attributes/numbers/level: expected 6, got 5"):
        xbl.assert_state({"handles": {"search": {"attributes": {"numbers": {"level": 6}}}}})


EARLIER: SeedDict = {"created": "2025-12-31T12:00:00Z"}
NOT_SEARCHABLE = "A search handle points at a session with the capability searchable, and this one does not have it."


@cases(
    "given where what rule",
    {
        "a plain session": (seed({"template": "plain"}), "session", NOT_SEARCHABLE, "SRCH-6"),
        "a plain session, earlier": (seed({"template": "plain"}, **EARLIER), "session", NOT_SEARCHABLE, "SRCH-6"),
        "a session that is gone": (
            {**seed(**EARLIER), "sessions": {"one": {"template": "room", "gone": True}}},
            "session",
            "A search handle goes with its session, so it points at one that is there.",
            "SRCH-6",
        ),
        "no member": (
            seed(owner="Bob"),
            "session",
            "Bob is no member of that session, so cannot let others in.",
            "SRCH-6",
        ),
        "a tag of two words": (
            seed(attributes={"tags": ["a b"]}),
            "attributes/tags/0",
            'Expected a word of at most 99 characters that begins with a letter; got "a b".',
            "SRCH-2",
        ),
    },
)
def test_search_handles_obey_the_rules(given: SeedDict, where: str, what: str, rule: str) -> None:
    """As those that are posted (SRCH-2, SRCH-6, SEED-5)."""
    expected = f"{what}\nwhere: /handles/search/{where} in the seed\nrule: {rule}"
    assert error_of(lambda: XboxLive(seed=Seed(given))) == expected


def test_a_session_has_one_search_handle_also_of_earlier() -> None:
    """The second one is refused (SRCH-6)."""
    given = seed(**EARLIER)
    given["handles"]["other"] = {**given["handles"]["search"]}
    text = error_of(lambda: XboxLive(seed=Seed(given)))
    assert text.startswith("The session has the search handle ")
    assert "where: /handles/other/session in the seed\nrule: SRCH-6" in text
