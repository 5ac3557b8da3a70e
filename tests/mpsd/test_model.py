"""What a session is made of."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from pytest_xbl.mpsd.model import EMPTY_BAG, NOTHING, Bag, Session, SessionRef


def test_the_one_empty_object_stays_empty() -> None:
    """All values share it, also those of different worlds, so nobody writes into it."""
    with pytest.raises(TypeError, match="what the fake remembers is not changed from outside: 'a'"):
        EMPTY_BAG.system["a"] = 1
    assert NOTHING == {}


def test_a_value_with_other_fields_leaves_the_first_as_it_was() -> None:
    """And takes nothing along that was worked out from the old fields."""
    session = Session(SessionRef("s", "t", "n"), datetime(2026, 1, 1, tzinfo=timezone.utc), Bag())
    session.memo["x"] = 1
    other = session.but(change_number=2)
    assert (session.change_number, other.change_number) == (1, 2)
    assert (session.memo, other.memo) == ({"x": 1}, {})
    assert repr(other) == "<s~t~n #2>"


def test_a_reference_gives_a_path_that_can_be_sent() -> None:
    """Quoted, whatever the names hold (CALL-11)."""
    ref = SessionRef("s", "a b", "größe?")
    assert ref.path == "/serviceconfigs/s/sessionTemplates/a%20b/sessions/gr%C3%B6%C3%9Fe%3F"
    assert str(ref) == "s~a b~größe?"
