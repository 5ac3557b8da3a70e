"""Search handles, and the queries that find them."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_xbl.conformance.answer import Answer
from pytest_xbl.conformance.bodies import ACTIVE, Body, both, properties
from pytest_xbl.conformance.person import Person, handle
from pytest_xbl.conformance.room import Room
from pytest_xbl.conformance.service import Service

ABILITIES = ("hasOwners", "searchable", "userAuthorizationStyle")


class Board:
    """Sessions that can be searched for, and their handles."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.rooms: list[Room] = []

    def room(self, name: str = "room", **system: Any) -> Room:
        """A session that can be searched for."""
        self.rooms.append(self.service.room(name, can=ABILITIES, **system))
        return self.rooms[-1]

    def post(self, by: Person, name: str = "room", body: Body = ACTIVE, /, **attributes: Any) -> tuple[Room, str]:
        """Make a session and its search handle."""
        room = self.room(name)
        by.creates(room, body)
        return room, by.makes("search", room, searchAttributes=attributes)

    def search(self, by: Person, filter_: str = "", *, text: str = "", **more: Any) -> Answer:
        """The response to a query."""
        body = {"type": "search", "scid": self.service.scid, **({"filter": filter_} if filter_ else {}), **more}
        return by.post(f"/handles/query{text}", body)

    def expect(self, answer: Answer, *rooms: Room) -> None:
        """Expect just these of the sessions of this board."""
        known = {room.name for room in self.rooms}
        names = [result["sessionRef"]["name"] for result in answer.says(200)["/results"]]
        found = [name for name in names if name in known]
        expected = [room.name for room in rooms]
        assert found == expected, f"{answer.exchange}: /results: expected {expected}, got {found}"

    def result(self, answer: Answer, room: Room) -> Body:
        """The result about a session."""
        results: list[Body] = answer.says(200)["/results"]
        return next((one for one in results if one["sessionRef"]["name"] == room.name), {})


@pytest.fixture
def board(service: Service) -> Board:
    """No sessions yet."""
    return Board(service)


def test_a_session_that_can_be_searched_for_names_its_handle(board: Board, stacy: Person) -> None:
    """In `searchHandle`; there is one at most, of a searchable session: 409 (SRCH-1, SRCH-6)."""
    room, path = board.post(stacy, tags=["mic"])
    stacy.get(room).shows("/searchHandle", path.removeprefix("/handles/")).shows("/changeNumber", 2)
    stacy.post("/handles", handle("search", room)).says(409)
    plain = board.service.room("plain")
    stacy.creates(plain)
    stacy.post("/handles", handle("search", plain)).says(409)


def test_a_session_may_be_described(board: Board, stacy: Person) -> None:
    """`description`, `scheduledTime` and `searchHandleVisibility` of `properties.system` (SRCH-1)."""
    room = board.room()
    described = {"text": "Beginners", "locale": "en"}
    made = stacy.creates(room, both(ACTIVE, properties(description=described, searchHandleVisibility="xboxlive")))
    made.shows("/properties/system/description", described)
    stacy.put(room, properties(description="Beginners")).says(400)


@pytest.mark.parametrize("tag", ["1st", "two words", "x" * 100])
def test_a_tag_is_a_word(board: Board, stacy: Person, tag: str) -> None:
    """It begins with a letter, holds no spaces and has less than 100 characters: 400 (SRCH-2)."""
    room = board.room()
    stacy.creates(room)
    stacy.post("/handles", handle("search", room, searchAttributes={"tags": [tag]})).says(400)


def test_values_are_compared_in_lower_case(board: Board, stacy: Person, ana: Person) -> None:
    """They keep their case; a filter with capitals finds nothing (SRCH-2)."""
    room, path = board.post(stacy, tags=["Mic"])
    stacy.get(path).says(200).shows("/searchAttributes/tags", ["Mic"])
    board.expect(board.search(ana, "tags/any(d:d eq 'mic')"), room)
    board.expect(board.search(ana, "tags/any(d:tolower(d) eq 'mic')"), room)
    board.expect(board.search(ana, "tags/any(d:d eq 'Mic')"))


def test_a_search_includes_what_is_asked_for(board: Board, stacy: Person, ana: Person) -> None:
    """The session as it is now (SRCH-3, HAND-11)."""
    room, _ = board.post(stacy, "room", both(ACTIVE, properties({"map": "dunes"}, keywords=["fun"])))
    text = "?include=relatedInfo,roleInfo,customProperties"
    answer = board.search(ana, text=text)
    result = board.result(answer, room)
    info = result.get("relatedInfo", {})
    assert (info.get("membersCount"), info.get("keywords")) == (1, ["fun"]), f"{answer.exchange}: relatedInfo {info}"
    assert info.get("sessionOwners") == [stacy.xuid], f"{answer.exchange}: relatedInfo {info}"
    assert result.get("customProperties") == {"map": "dunes"}, f"{answer.exchange}: {result}"
    board.search(ana, sessionMembers=7).says(400)


WRONG_FILTERS = ["tags", "colour eq 'red'", "numbers/x eq", "numbers/x eq 1 or numbers/x eq 2 or", "x" * 8001]


@pytest.mark.parametrize("text", WRONG_FILTERS, ids=lambda text: text[:20])
def test_a_wrong_filter_is_refused(board: Board, stacy: Person, text: str) -> None:
    """400 (SRCH-4)."""
    board.search(stacy, text).says(400)


def test_filters_compare(board: Board, stacy: Person) -> None:
    """In whatever case; `and`, one `or`; nothing is greater than a value that is missing (SRCH-4)."""
    one, _ = board.post(stacy, "one", numbers={"level": 5}, strings={"map": "dunes"})
    two, _ = board.post(stacy, "two", numbers={"level": 7})
    board.expect(board.search(stacy, "numbers/level gt 5"), two)
    board.expect(board.search(stacy, "NUMBERS/Level GE 5 AND strings/map EQ 'dunes'"), one)
    board.expect(board.search(stacy, "numbers/level lt 6 or numbers/level eq 7"), one, two)
    board.expect(board.search(stacy, "strings/map ne 'dunes'"), two)
    board.expect(board.search(stacy, "numbers/other gt 0"))
    board.expect(board.search(stacy, "(numbers/level eq 5) and session/membersCount eq 1"), one)


def test_a_search_handle_opens_the_restrictions(board: Board, stacy: Person, ana: Person) -> None:
    """To everybody, but no closed session; a direct write is refused (SRCH-5, JOIN-11, CONST-9)."""
    room, path = board.post(stacy)
    ana.put(room, ACTIVE).says(403)
    ana.get(f"{path}/session").says(200)
    stacy.joins(room, properties(closed=True))
    ana.put(f"{path}/session", ACTIVE).says(403)
    stacy.joins(room, properties(closed=None))
    ana.put(f"{path}/session", ACTIVE).says(200)


def test_a_member_makes_a_search_handle(board: Board, stacy: Person, ana: Person) -> None:
    """403 for others, and where there is no session; it is deleted with the session (SRCH-6)."""
    room = board.room()
    stacy.post("/handles", handle("search", room)).says(403)
    stacy.creates(room)
    ana.post("/handles", handle("search", room)).says(403)
    path = stacy.makes("search", room)
    stacy.delete(path).says(204)
    stacy.get(room).lacks("/searchHandle").shows("/changeNumber", 3)
    again = stacy.makes("search", room)
    stacy.leaves(room)
    stacy.get(again).says(404)


def test_results_have_an_order(board: Board, stacy: Person) -> None:
    """`Timestamp` or a number; those without it last; anything else is 400 (SRCH-7)."""
    rooms = {}
    for name, numbers in {"a": {"x": 2}, "b": {}, "c": {"x": 1}}.items():
        rooms[name], _ = board.post(stacy, name, numbers=numbers)
        board.service.wait(1000)
    a, b, c = rooms.values()
    board.expect(board.search(stacy, orderBy="Timestamp"), a, b, c)
    board.expect(board.search(stacy, orderBy="Timestamp desc"), c, b, a)
    board.expect(board.search(stacy, orderBy="Numbers/x asc"), c, a, b)
    board.expect(board.search(stacy, orderBy="suggestedLfg desc"), c, b, a)
    board.search(stacy, orderBy="beauty").says(400)


def test_people_narrow_a_search(board: Board, stacy: Person, ana: Person) -> None:
    """Members and owners (SRCH-8)."""
    one, path = board.post(stacy, "one")
    two, _ = board.post(ana, "two")
    ana.put(f"{path}/session", ACTIVE).says(200)
    board.expect(board.search(stacy, sessionMembers={"xuids": [ana.xuid]}), one, two)
    board.expect(board.search(stacy, sessionOwners=ana.xuid), two)
    board.search(stacy, followed="yes").says(400)


def test_followed_owners_narrow_a_search(board: Board, stacy: Person, ana: Person) -> None:
    """`followed` (SRCH-8)."""
    board.service.follows(stacy, ana)
    board.post(stacy, "one")
    two, _ = board.post(ana, "two")
    board.expect(board.search(stacy, followed=True), two)


def test_scheduled_sessions_are_left_out(board: Board, stacy: Person) -> None:
    """Unless `includeScheduled` is true (SRCH-8)."""
    room, _ = board.post(stacy, "room", both(ACTIVE, properties(scheduledTime="2090-01-01T00:00:00Z")))
    board.expect(board.search(stacy))
    board.expect(board.search(stacy, includeScheduled=True), room)


def test_needs_are_counted(board: Board, stacy: Person) -> None:
    """From `maxMembersCount` without targets; names are compared without regard to case (SRCH-9)."""
    room = board.room(maxMembersCount=4)
    stacy.creates(room)
    stacy.makes("search", room)
    board.expect(board.search(stacy, "session/needs eq 3"), room)
    board.expect(board.search(stacy, templateName=room.template.upper()), room)


def test_targets_of_roles_are_added(board: Board, stacy: Person) -> None:
    """`session/targetMembersCount` (SRCH-9)."""
    types = {"team": {"roles": {"red": {"target": 2}, "blue": {"target": 3}}}}
    room = board.service.room(can=ABILITIES, role_types=types)
    board.rooms.append(room)
    stacy.creates(room)
    stacy.makes("search", room)
    board.expect(board.search(stacy, "session/targetMembersCount eq 5"), room)


def test_private_sessions_are_not_found(board: Board, stacy: Person, ana: Person) -> None:
    """But by their members, if they ask for private ones; a search is an access to each session (SRCH-10, TIME-1)."""
    room = board.room(visibility="private", reservedRemovalTimeout=1000)
    stacy.creates(room, {"members": {**ACTIVE["members"], "reserve_0": {"constants": {"system": {"xuid": "9999"}}}}})
    stacy.makes("search", room)
    board.expect(board.search(ana))
    board.service.wait(1500)
    board.expect(board.search(stacy, text=f"?private=true&xuid={stacy.xuid}"), room)
    stacy.get(room).shows("/changeNumber", 3).shows("/membersInfo/count", 1)
