"""Users of a world."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from pytest_xbl.mpsd.model import MULTIPLAYER
from pytest_xbl.strategies.values import names


def users(*, most: int = 4) -> st.SearchStrategy[dict[str, dict[str, Any]]]:
    """The section `users` of a seed: one to so many people, who may lack a gamertag or a privilege, and follow others.

    Args:
        most: people.
    """
    return st.lists(names, min_size=1, max_size=most, unique=True).flatmap(
        lambda people: st.fixed_dictionaries({name: _claims(name, people) for name in people})
    )


def _claims(name: str, people: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    others = [one for one in people if one != name]
    known = st.sets(st.sampled_from(others)).map(sorted) if others else st.just([])
    return st.fixed_dictionaries(
        {},
        optional={
            "gamertag": st.sampled_from(["", name]),
            "privileges": st.sampled_from([[], [MULTIPLAYER]]),
            "present": st.booleans(),
            "follows": known,
            "blocks": known,
        },
    )
