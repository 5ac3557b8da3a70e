"""Effects as values."""

from __future__ import annotations

from pytest_xbl.mpsd.effects import ActivityMade, MemberJoined, MemberLeft, SessionCreated, SessionDeleted


def test_effects_are_equal_if_they_say_the_same() -> None:
    """Another kind of effect says something else, about the same user too."""
    assert (MemberJoined("7"), SessionCreated()) == (MemberJoined("7"), SessionCreated())
    assert len({MemberJoined("7"), MemberJoined("7"), MemberJoined("8"), ActivityMade("7")}) == 3
    assert SessionCreated() != SessionDeleted()


def test_an_effect_shows_what_it_says() -> None:
    """As the call that makes it, in the history of a session."""
    assert repr((SessionCreated(), MemberLeft("7", reason="left"))) == (
        "(SessionCreated(), MemberLeft(xuid='7', reason='left'))"
    )
