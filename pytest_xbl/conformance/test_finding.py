"""Finding sessions by queries."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import pytest

from pytest_xbl.conformance.answer import Answer
from pytest_xbl.conformance.bodies import ACTIVE, INACTIVE, PATIENT, both, properties, reserve
from pytest_xbl.conformance.person import Person
from pytest_xbl.conformance.room import Room
from pytest_xbl.conformance.service import Service


def query(by: Person, service: Service, text: str, *, room: Room | None = None) -> Answer:
    """The response to a query of all templates, or of that of a session."""
    inside = f"/sessiontemplates/{room.template}" if room else ""
    return by.get(f"/serviceconfigs/{service.scid}{inside}/sessions?{text}")


def batch(by: Person, service: Service, *xuids: str, text: str = "", **more: Any) -> Answer:
    """The response to a query for several users."""
    return by.post(f"/serviceconfigs/{service.scid}/batch?{text}", {"xuids": [*xuids], **more})


def names(answer: Answer, *rooms: Room) -> list[str]:
    """The names of what a query found, those of these sessions only: a sandbox may hold others."""
    known = {room.name for room in rooms}
    found = [result["sessionRef"]["name"] for result in answer.says(200)["/results"]]
    return [name for name in found if name in known]


def test_all_four_queries_find_a_session(service: Service, stacy: Person, ana: Person) -> None:
    """By service configuration or template, for one user or several (FIND-1)."""
    room = service.room()
    stacy.creates(room)
    inside = f"/serviceconfigs/{service.scid}/sessiontemplates/{room.template}"
    answers = [
        query(ana, service, f"xuid={stacy.xuid}"),
        query(ana, service, f"xuid={stacy.xuid}", room=room),
        batch(ana, service, stacy.xuid),
        ana.post(f"{inside}/batch", {"xuids": [stacy.xuid]}),
    ]
    for answer in answers:
        assert names(answer, room) == [room.name], f"{answer.exchange}: /results"


def test_a_query_names_a_keyword_or_a_user(service: Service, stacy: Person) -> None:
    """Neither: 400 (FIND-2)."""
    query(stacy, service, "take=1").says(400)
    query(stacy, service, f"keyword=a&xuid={stacy.xuid}").says(200)


def test_a_query_finds_who_is_active(service: Service, stacy: Person, ana: Person) -> None:
    """Others by `inactive`, `reservations` and `private` (FIND-3)."""
    active, inactive = service.room("active"), service.room("inactive", **PATIENT)
    reserved, private = service.room("reserved", **PATIENT), service.room("private", visibility="private")
    rooms = (active, inactive, reserved, private)
    stacy.creates(active)
    stacy.creates(inactive, INACTIVE)
    ana.creates(reserved, both(ACTIVE, reserve(stacy.xuid)))
    stacy.creates(private)
    for flag, more in {
        "": None,
        "&inactive=true": inactive,
        "&reservations=true": reserved,
        "&private=true": private,
    }.items():
        answer = query(stacy, service, f"xuid={stacy.xuid}{flag}")
        expected = {active.name, *([more.name] if more else [])}
        assert set(names(answer, *rooms)) == expected, f"{answer.exchange}: /results"


@pytest.mark.parametrize("flag", ["private", "reservations"])
def test_what_is_private_is_for_oneself(service: Service, stacy: Person, ana: Person, flag: str) -> None:
    """403 for others, whether or not anything would match (FIND-4)."""
    query(ana, service, f"xuid={stacy.xuid}&{flag}=true").says(403)
    query(stacy, service, f"xuid={stacy.xuid}&{flag}=true").says(200)
    batch(stacy, service, stacy.xuid, ana.xuid, text=f"{flag}=true").says(403)


def test_a_service_asks_for_anybody(service: Service, stacy: Person) -> None:
    """The right to ask for private sessions is its own (FIND-4)."""
    query(service.server(), service, f"xuid={stacy.xuid}&private=true").says(200)


@pytest.mark.parametrize("text", ["visibility=hidden", "take=101", "take=-1", "version=0", "version=8", "inactive=yes"])
def test_wrong_parameters_are_refused(service: Service, stacy: Person, text: str) -> None:
    """400 (FIND-5)."""
    query(stacy, service, f"xuid={stacy.xuid}&{text}").says(400)


def test_filters_narrow_a_query(service: Service, stacy: Person) -> None:
    """`visibility`, `keyword` in whatever case, `version` (FIND-5)."""
    one = service.room("one", version=1)
    two = service.room("two", version=2, visibility="visible")
    stacy.creates(one, both(ACTIVE, properties(keywords=["Arena"])))
    stacy.creates(two)
    for text, expected in {
        "visibility=visible": [two.name],
        "visibility=OPEN": [one.name],
        "keyword=aRENA": [one.name],
        "version=1": [one.name],
        "take=0": [],
    }.items():
        answer = query(stacy, service, f"xuid={stacy.xuid}&{text}")
        assert names(answer, one, two) == expected, f"{answer.exchange}: /results"


def test_a_result_shows_the_session_and_the_user(service: Service, stacy: Person) -> None:
    """Reference, times, counts, visibility; xuid and status where a user is named (FIND-6)."""
    room = service.room()
    made = stacy.creates(room, both(ACTIVE, properties(keywords=["a"], joinRestriction="followed")))
    answer = query(stacy, service, f"xuid={stacy.xuid}")
    result = next(one for one in answer.says(200)["/results"] if one["sessionRef"]["name"] == room.name)
    expected = {
        "sessionRef": {**room.ref, "scid": result["sessionRef"]["scid"]},
        "startTime": made["/startTime"],
        "accepted": 1,
        "visibility": "open",
        "joinRestriction": "followed",
        "keywords": ["a"],
        "xuid": stacy.xuid,
        "status": "active",
    }
    assert result == expected, f"{answer.exchange}: /results: expected {expected}, got {result}"


def test_a_session_without_a_slot_is_full(service: Service, stacy: Person) -> None:
    """`visibility` of an open one (FIND-6)."""
    room = service.room(maxMembersCount=1)
    stacy.creates(room)
    answer = query(stacy, service, f"xuid={stacy.xuid}&visibility=full")
    assert names(answer, room) == [room.name], f"{answer.exchange}: /results"


def test_a_batch_comes_user_by_user(service: Service, stacy: Person, ana: Person) -> None:
    """In the order of the request, once per matching user (FIND-7)."""
    room = service.room()
    stacy.creates(room)
    ana.joins(room)
    answer = batch(stacy, service, ana.xuid, stacy.xuid)
    assert names(answer, room) == [room.name, room.name], f"{answer.exchange}: /results"
    xuids = [one["xuid"] for one in answer["/results"] if one["sessionRef"]["name"] == room.name]
    assert xuids == [ana.xuid, stacy.xuid], f"{answer.exchange}: /results come for {xuids}"


def test_the_newest_session_comes_first(service: Service, stacy: Person) -> None:
    """Then by name (FIND-8)."""
    older, newer = service.room("a-older"), service.room("b-newer")
    stacy.creates(older)
    service.wait(1100)
    stacy.creates(newer)
    answer = query(stacy, service, f"xuid={stacy.xuid}")
    assert names(answer, older, newer) == [newer.name, older.name], f"{answer.exchange}: /results"


def test_sessions_at_one_time_come_by_name(service: Service, stacy: Person) -> None:
    """`startTime` decides first (FIND-8)."""
    rooms = {name: service.room(name) for name in ("b", "a")}
    made = [(stacy.creates(room)["/startTime"], name) for name, room in rooms.items()]
    expected = [
        rooms[name].name for _, name in sorted(sorted(made, key=itemgetter(1)), key=itemgetter(0), reverse=True)
    ]
    answer = query(stacy, service, f"xuid={stacy.xuid}")
    assert names(answer, *rooms.values()) == expected, f"{answer.exchange}: /results"


def test_what_the_caller_may_not_read_is_left_out(service: Service, stacy: Person, ana: Person) -> None:
    """Such as a restricted session; a query is an access (FIND-9)."""
    room = service.room(reservedRemovalTimeout=1000)
    restricted = properties(joinRestriction="local", readRestriction="local")
    stacy.creates(room, both(ACTIVE, restricted, reserve("9999")))
    answer = query(ana, service, f"xuid={stacy.xuid}")
    assert names(answer, room) == [], f"{answer.exchange}: /results"
    service.wait(1500)
    query(stacy, service, f"xuid={stacy.xuid}")
    stacy.get(room).shows("/changeNumber", 2)


@pytest.mark.parametrize("flag", ["inactive", "reservations"])
def test_flags_about_a_user_need_one(service: Service, flag: str, stacy: Person) -> None:
    """400 without a xuid, or 403 where nobody may ask so (FIND-10)."""
    query(stacy, service, f"keyword=a&{flag}=true").says(400 if flag == "inactive" else 403)


def test_a_batch_has_its_form(service: Service, stacy: Person) -> None:
    """At least one xuid; no `xuid` beside; one that stands twice counts once (FIND-11)."""
    room = service.room()
    stacy.creates(room)
    batch(stacy, service).says(400)
    batch(stacy, service, stacy.xuid, text=f"xuid={stacy.xuid}").says(400)
    batch(stacy, service, stacy.xuid, more=1).says(400)
    answer = batch(stacy, service, stacy.xuid, stacy.xuid)
    assert names(answer, room) == [room.name], f"{answer.exchange}: /results"


def test_take_counts_all_users_together(service: Service, stacy: Person, ana: Person) -> None:
    """Of a batch (FIND-11)."""
    room = service.room()
    stacy.creates(room)
    ana.joins(room)
    answer = batch(stacy, service, stacy.xuid, ana.xuid, text="take=1").says(200)
    assert len(answer["/results"]) == 1, f"{answer.exchange}: {len(answer['/results'])} results"


def test_a_session_without_a_version_counts_as_the_first(service: Service, stacy: Person) -> None:
    """`version=1` finds it (FIND-5)."""
    room = service.room()
    stacy.creates(room)
    answer = query(stacy, service, f"xuid={stacy.xuid}&version=1")
    assert names(answer, room) == [room.name], f"{answer.exchange}: /results"


def test_only_an_open_session_is_called_full(service: Service, stacy: Person) -> None:
    """A visible one without a slot stays `visible` (FIND-6)."""
    room = service.room(maxMembersCount=1, visibility="visible")
    stacy.creates(room)
    for text, expected in {"visibility=full": [], "visibility=visible": [room.name]}.items():
        answer = query(stacy, service, f"xuid={stacy.xuid}&{text}")
        assert names(answer, room) == expected, f"{answer.exchange}: /results"
