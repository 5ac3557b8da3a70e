"""Steps in the busy session, in which it opens, shuts, fills up and loses members."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, cast

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from pytest_xbl.errors import XblError
from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.strategies.steps.stage import ANY, USERS, Place, Stage
from pytest_xbl.strategies.usual import USUAL, seat, seats

MOST = 100
"""The most reservations that fill a session."""
FIRST_STRANGER = 2533274790001000
SERVICE = 4
"""The number of the service that acts for itself, which may remove members (MEMB-5)."""


def _filled(document: JsonObject) -> JsonObject:
    """A write of a reservation for each seat that is free."""
    free = document["constants"]["system"]["maxMembersCount"] - document["membersInfo"]["count"]
    return seats(*(seat(str(FIRST_STRANGER + number)) for number in range(min(free, MOST))))


DOORS: Mapping[str, Callable[[JsonObject], JsonObject]] = {
    "opens": lambda _: USUAL["open"],
    "closes": lambda _: USUAL["closed"],
    "admits those who are followed": lambda _: USUAL["followed"],
    "fills up": _filled,
}
"""Writes that let others join, or keep them from it, for the document of a session."""


class Change(NamedTuple):
    """One of the users who joins the busy session and then does one of `DOORS`."""

    caller: int
    how: str


CHANGES = st.builds(Change, USERS, st.sampled_from(tuple(DOORS)))
BEGINNINGS: st.SearchStrategy[list[Change]] = st.runner().flatmap(
    lambda machine: st.just([]) if machine.busy is None else st.lists(CHANGES, max_size=2)
)
is_crowded = precondition(lambda machine: machine.busy is not None)


class Crowding(Stage):
    """The steps of others in the session in which a client plays; without a busy place a machine takes none of them."""

    @initialize(changes=BEGINNINGS)
    def others_were_there_before(self, changes: list[Change]) -> None:
        """The busy session may be there already, and be full or closed.

        Raises:
            XblError: if it has no template.
        """
        if self.busy and self.busy[0] not in (ANY, *self.xbl.templates):
            what = f"Unknown template {self.busy[0]!r}; known templates: {', '.join(self.xbl.templates)}."
            raise XblError(what, where=f"busy of {type(self).__name__}", rule="TMPL-1")
        for change in changes:
            self._change(change)

    @is_crowded
    @rule(change=CHANGES)
    def somebody_opens_or_shuts_the_busy_session(self, change: Change) -> None:
        """Somebody joins the busy session, and lets others in or keeps them out."""
        self._change(change)

    @is_crowded
    @rule(which=st.integers(0, 3))
    def a_service_removes_somebody(self, which: int) -> None:
        """A service removes a member of the busy session, whoever that is (MEMB-5)."""
        members = sorted(self._crowd().get("members", {}), key=int)
        if members:
            self._send(SERVICE, {"members": {members[which % len(members)]: None}})

    def _change(self, change: Change) -> None:
        self._send(change.caller, USUAL["active"])
        document = self._crowd()
        if document:
            self._send(change.caller, DOORS[change.how](document))

    def _crowd(self) -> JsonObject:
        """The document of the busy session, empty without one."""
        found: JsonObject = self.client_of(SERVICE).get(self.path(self._busy_place())).get_json(silent=True) or {}
        return found

    def _send(self, caller: int, body: JsonObject) -> None:
        self.put(caller, self._busy_place(), body)

    def _busy_place(self) -> Place:
        return cast("Place", self.busy)
