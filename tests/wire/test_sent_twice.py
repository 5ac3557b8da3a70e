"""A request that is sent again, as a client does that has not seen the answer (PUT-14)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bodies import ACTIVE, LEAVE, as_json, can, constants, me, reserve, session_path
from happenings import CALLERS, PLACES, Happening, a_world, happen, happenings, path_of
from people import person
from puts import PUTS
from pytest_xbl import SessionRef, XboxLive
from pytest_xbl.strategies.states import require_equal

callers = st.sampled_from(CALLERS)
places = st.sampled_from(PLACES)
requests = st.one_of(
    st.tuples(st.just("PUT"), st.just(""), st.sampled_from(list(PUTS.values()))),
    st.tuples(st.just("DELETE"), st.sampled_from(["/members/me", "/members/0", "/servers/s%2F1", "/servers/bare"])),
)


def at_rest(xbl: XboxLive, place: tuple[str, str, str]) -> bool:
    """Whether an access now finds the session as it is stored."""
    session = xbl._world.record(SessionRef(*place)).session
    return session is None or xbl._world.settled(session).session is session


def answer_to(
    xbl: XboxLive, caller: str, place: tuple[str, str, str], request: tuple[Any, ...]
) -> tuple[int, str, Any]:
    """Status, body and ETag of the answer."""
    method, end, *body = request
    answer = xbl.client(person(xbl, caller)).open(
        path_of(place) + end, method=method, **({"json": body[0]} if body else {})
    )
    return answer.status_code, answer.text, answer.headers.get("ETag")


@settings(derandomize=True, deadline=None, max_examples=150, suppress_health_check=[HealthCheck.filter_too_much])
@given(happenings(25), callers, places, requests)
def test_a_write_that_is_sent_again_changes_nothing_more(
    past: list[Happening], caller: str, place: tuple[str, str, str], request: tuple[Any, ...]
) -> None:
    """And is answered alike, but where the first has made or ended the session, or the caller's right (PUT-14)."""
    xbl = a_world()
    for happening in past:
        happen(xbl, happening)
    first = answer_to(xbl, caller, place, request)
    assume(at_rest(xbl, place))
    before, written = xbl._world.snapshot(), json.dumps(xbl.dump())
    again = answer_to(xbl, caller, place, request)
    require_equal(xbl._world._state, before)
    assert json.dumps(xbl.dump()) == written  # a snapshot shares its values: only here a change in place is seen
    allowed = [first, (200, *first[1:])]
    if request[0] == "DELETE" and xbl._world.record(SessionRef(*place)).session is None:
        allowed = [(404, *again[1:])]
    elif request[-1] == LEAVE or request[0] == "DELETE":  # an owner may have removed themselves by index
        allowed += [(403, *again[1:])]
    assert again in allowed


EXCEPTIONS: dict[str, tuple[str, str, dict[str, Any], tuple[int, int]]] = {
    # caller, method and path, what is sent with it, and both statuses
    "a session is made once": ("Zoe", "PUT {new}", {"json": ACTIVE}, (201, 200)),
    "and only where there is none": (
        "Zoe",
        "PUT {new}",
        {"json": ACTIVE, "headers": {"If-None-Match": "*"}},
        (201, 412),
    ),
    "the version of before": (
        "Stacy",
        "PUT {one}",
        {"json": {"properties": {"custom": {"a": 1}}}, "headers": {"If-Match": "{etag}"}},
        (200, 412),
    ),
    "the last one leaves by its element": ("Stacy", "DELETE {one}/members/me", {}, (204, 404)),
    "the last one leaves by its handle": ("Stacy", "PUT {handle}/session", {"json": LEAVE}, (204, 404)),
    "a handle is deleted": ("Stacy", "DELETE {handle}", {}, (204, 404)),
    "nobody reads it from outside": ("Ana", "PUT {hidden}", {"json": LEAVE}, (200, 403)),
}


@pytest.mark.parametrize("exception", EXCEPTIONS)
def test_an_answer_that_the_second_time_is_another(xbl: XboxLive, exception: str) -> None:
    """Every exception that the rule lists (PUT-14)."""
    stacy, ana, _zoe = xbl.users("Stacy", "Ana", "Zoe")
    xbl.templates.add("hidden", {"constants": {"system": {"visibility": "private"}}})
    one = xbl.sessions.create("lobby", members=[stacy])
    hidden = xbl.sessions.create("hidden", members=[stacy, ana])
    handle = xbl.handles.create("activity", one, owner=stacy)
    names = {"one": one.ref.path, "hidden": hidden.ref.path, "handle": handle.path, "new": f"{one.ref.path}2"}
    caller, target, sent, statuses = EXCEPTIONS[exception]
    method, path = target.format(**names).split()
    headers = {name: value.replace("{etag}", one.etag) for name, value in sent.get("headers", {}).items()}
    client = xbl.client(person(xbl, caller))
    answers = [client.open(path, method=method, **{**sent, "headers": headers}) for _ in range(2)]
    assert tuple(answer.status_code for answer in answers) == statuses


def test_an_index_that_the_same_body_gives_is_removed_the_second_time(xbl: XboxLive) -> None:
    """Nobody has it the first time, which is nothing to change (PUT-14, MEMB-5)."""
    stacy, ana = xbl.users("Stacy", "Ana")
    one = xbl.sessions.create("lobby", members=[stacy])
    body = {"members": {"1": None, **reserve(ana.xuid)["members"]}}
    referee = xbl.client(xbl.service("referee"))
    shown = [referee.put(one.ref.path, json=body) for _ in range(2)]
    assert [list(as_json(answer)["members"]) for answer in shown] == [["0", "1"], ["0", "2"]]


def test_a_handle_that_is_posted_again_is_another_one(xbl: XboxLive) -> None:
    """With an id of its own, and a write once more; with an id in the body it is 409 (PUT-14, HAND-20)."""
    stacy = xbl.user("Stacy")
    one = xbl.sessions.create("lobby", members=[stacy])
    body = {"type": "activity", "sessionRef": one.ref.as_json()}
    client = xbl.client(stacy)
    first, second = (as_json(client.post("/handles", json=body))["id"] for _ in range(2))
    assert (first != second, len(xbl.handles), one.document["changeNumber"]) == (True, 1, 3)
    assert client.post("/handles", json={**body, "id": second}).status_code == 409


def test_encounters_that_are_sent_again_are_reported_again(xbl: XboxLive) -> None:
    """Each time as one more change (PUT-14, BIG-3)."""
    stacy = xbl.user("Stacy")
    raid = xbl.sessions.create("large", members=[stacy])
    numbers = []
    for _ in range(2):
        xbl.client(stacy).put(raid.ref.path, json=me(encounters=["boss"]))
        numbers.append(raid.history[-1].number)
    assert numbers == [2, 3]


def test_measurements_that_let_measuring_begin_count_the_second_time(xbl: XboxLive) -> None:
    """As those of a member who joins, and by that ends joining (PUT-14, INIT-3)."""
    stacy, ana = xbl.users("Stacy", "Ana")
    initialization = {"memberInitialization": {"membersNeededToStart": 2, "externalEvaluation": True}}
    system = {**can("connectivity"), "metrics": {"latency": True}, **initialization}
    xbl.templates.add("measured", constants(**system))
    path, own = session_path("one", "measured"), {"constants": {"system": {"initialize": True}}}
    mine = {**own, **me(active=True, secureDeviceAddress="AAAA")["members"]["me"]}
    seat = {"constants": {"system": {"xuid": ana.xuid, "initialize": True}}}
    xbl.client(stacy).put(path, json={"members": {"me": mine, "reserve_0": seat}})
    body = {"members": {"me": {**own, **me(active=True, measurements={})["members"]["me"]}}}
    numbers = [as_json(xbl.client(ana).put(path, json=body))["changeNumber"] for _ in range(3)]
    assert numbers == [2, 3, 3]
