"""Whatever is written, the taps say what the documents show (TAP-2, TAP-5)."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bodies import LEAVE, PATIENT, Body, can, me, properties, reserve, session_path, subscribing
from pytest_xbl import User, XboxLive
from pytest_xbl.mpsd.schema import CHANGE_TYPES

PATH = session_path("one", "room")
ADDRESS = "MS4xLjEuMQ=="
KINDS = [kind for kind in CHANGE_TYPES if kind not in ("roles", "scheduledtime")]

# Only writes that lead to taps, and none that removes the subscriber or needs what the room lacks.
writes: st.SearchStrategy[Body | str] = st.sampled_from(
    [
        *(properties({"score": number}) for number in (1, 2)),
        *(properties(closed=closed) for closed in (True, False)),
        *(properties(joinRestriction=restriction) for restriction in ("local", "followed", "none")),
        *(properties(host=token) for token in ("@", None)),
        *(me({"score": number}) for number in (1, 2)),
        *(me(**{status: True}) for status in ("active", "ready")),
        me(active=False),
        me(groups=["a"]),
        reserve("2533274790000099"),
        LEAVE,
        "activity",
        "lost",
        "later",
    ]
)
"""What somebody does: a write, the host's own token for @; or something else by its name."""
steps = st.lists(st.tuples(st.integers(0, 2), writes), max_size=12)


def do(xbl: XboxLive, user: User, what: Body | str) -> None:
    """Let a user write, or something else happen; a refusal changes nothing."""
    client = xbl.client(user)
    if what == "activity":
        client.post("/handles", json={"type": "activity", "sessionRef": xbl.sessions["one"].ref.as_json()})
    elif what == "lost":
        if user.name != "P0":
            xbl.rta.drop(user)
            assert user.connection
    elif what == "later":
        xbl.clock.advance(seconds=40)
        client.get(PATH)
    elif isinstance(what, dict):
        if what.get("properties", {}).get("system", {}).get("host") == "@":
            what = properties(host=xbl.sessions["one"].document["members"]["0"]["deviceToken"])
        client.put(PATH, json=what)


def world(types: list[str]) -> tuple[XboxLive, list[User]]:
    """A world with a session of three, of whom the first subscribes; it leaves room for one more."""
    xbl = XboxLive()
    system = {**PATIENT, "maxMembersCount": 4, **can("connectivity", "connectionRequiredForActiveMembers")}
    xbl.templates.add("room", {"constants": {"system": {**system, "reservedRemovalTimeout": 30_000}}})
    users = [*xbl.users("P0", "P1", "P2")]
    for number, user in enumerate(users):
        wish = subscribing(user.connection, *types, secureDeviceAddress=ADDRESS) if number == 0 else {}
        body = wish or me(active=True, connection=user.connection)
        assert xbl.client(user).put(PATH, json=body).status_code in (200, 201)
    return xbl, users


@settings(max_examples=60, deadline=None)
@given(types=st.lists(st.sampled_from(KINDS), min_size=1, max_size=4), steps=steps)
def test_a_subscriber_is_told_of_each_change_that_the_documents_show(
    types: list[str], steps: list[tuple[int, Body | str]]
) -> None:
    """Of no other, with the kinds that their comparison finds, in the order of the versions (TAP-2, TAP-5)."""
    xbl, users = world(types)
    for number, what in steps:
        if not (number == 0 and what == LEAVE):
            do(xbl, users[number], what)
    history = xbl.sessions["one"].history
    changes = [(history[n].number, history.diff(n - 1, n).kinds) for n in range(1, len(history))]
    wanted = [(number, kinds) for number, kinds in changes if "everything" in types or kinds & {*types}]
    assert [(tap.number, tap.kinds) for tap in xbl.rta.taps] == wanted


@settings(max_examples=40, deadline=None)
@given(steps=steps, waits=st.lists(st.integers(0, 4), max_size=12))
def test_the_last_tap_names_the_newest_change(steps: list[tuple[int, Body | str]], waits: list[int]) -> None:
    """However taps are merged, once the delay is over (TAP-8)."""
    xbl, users = world(["everything"])
    xbl.rta.delay = timedelta(seconds=3)
    for place, (number, what) in enumerate(steps):
        if not (number == 0 and what == LEAVE):
            do(xbl, users[number], what)
        xbl.clock.advance(seconds=waits[place] if place < len(waits) else 0)
    xbl.clock.advance(seconds=3)
    numbers = [tap.number or 0 for tap in xbl.rta.taps]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] == xbl.sessions["one"].history[-1].number
