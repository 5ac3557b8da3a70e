"""Steps with the owners of a session, and roles that they manage (OWN, ROLE)."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from pytest_xbl.strategies.invariants import hold
from pytest_xbl.strategies.steps.stage import USERS, Place, Stage
from pytest_xbl.strategies.usual import USUAL, properties

OWNED = st.sampled_from([("room", "one"), ("club", "one")])
RIGHTS = ("owner", "owners", "officer", "no officer", "healer", "more healers", "removes another", "closed", "post")
"""The usual writes that are about roles, or that only owners may send."""


class Owning(Stage):
    """Owners who share their rights, lose them, and go."""

    @rule(first=USERS, second=USERS, place=OWNED, what=st.lists(st.sampled_from(RIGHTS), min_size=1, max_size=3))
    def an_owner_acts_and_another_follows(self, first: int, second: int, place: Place, what: list[str]) -> None:
        """Two players join, and each writes the same, which one of them may not be allowed to."""
        for caller in (first, second):
            self.put(caller, place, USUAL["active"])
        for one in what:
            self.put(first, place, USUAL[one])
            self.put(second, place, USUAL[one])

    @rule(caller=USERS, place=OWNED)
    def somebody_takes_over(self, caller: int, place: Place) -> None:
        """Nobody makes themselves an owner (OWN-6)."""
        self.settle(place)
        document = self.client_of(4).get(self.path(place)).get_json(silent=True)
        if not document:
            return
        xuids = {one["constants"]["system"]["xuid"]: int(index) for index, one in document["members"].items()}
        index = xuids.get(self.people[caller].xuid, 0)
        answer = self.put(caller, place, properties(owners=[index]))
        owners = document["properties"]["system"].get("owners")
        hold(
            answer.status_code not in (200, 201) or not owners or index in owners,
            f"{self.people[caller].name} has taken over: {answer.text}",
        )
