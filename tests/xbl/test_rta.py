"""`xbl.rta` without a socket: connections that count as open, taps, and what is lost with a connection (TAP)."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bodies import ACTIVE, LEAVE, SCID, SUBSCRIPTION, Body, can, me, properties, session_path, subscribing
from errors import error_of
from pytest_xbl import User, XboxLive

PARTY = session_path("one", "party")
ANY = "5c1d0000-0000-4000-8000-00000000000a"
OTHER = "5c1d0000-0000-4000-8000-00000000000b"


@pytest.fixture
def stacy(xbl: XboxLive) -> User:
    """The first user; the template `party` wants connections of active members."""
    system = {**can("connectionRequiredForActiveMembers"), "inactiveRemovalTimeout": None, "sessionEmptyTimeout": 0}
    xbl.templates.add("party", {"constants": {"system": system}})
    return xbl.user("Stacy")


@pytest.fixture
def ana(xbl: XboxLive, stacy: User) -> User:
    """The second user."""
    return xbl.user("Ana")


def put(xbl: XboxLive, user: User, body: Body, path: str = PARTY, *, status: int = 200) -> Any:
    """Write the session."""
    response = xbl.client(user).put(path, json=body)
    assert response.status_code == status, response.text
    return response.get_json()


@pytest.fixture
def party(xbl: XboxLive, stacy: User, ana: User) -> XboxLive:
    """A world with a session in which Stacy subscribes to everything, and Ana to the list of members."""
    put(xbl, stacy, subscribing(stacy.connection, "everything"), status=201)
    put(xbl, ana, subscribing(ana.connection, "membersList"))
    return xbl


def taps(xbl: XboxLive) -> list[str]:
    """The taps, a line each."""
    return [str(tap) for tap in xbl.rta.taps]


def history(xbl: XboxLive) -> list[str]:
    """The history of the session, without times."""
    return [line.replace("12:00:00 ", "") for line in str(xbl.sessions["one"].history).splitlines()]


# Connections


def test_a_user_has_a_connection_as_soon_as_a_test_asks(xbl: XboxLive, stacy: User, ana: User) -> None:
    """The same until it is lost, in every run, and another one then; each user has another (TAP-15)."""
    assert (xbl.rta.connections, repr(xbl.rta)) == ([], "<rta: connections 0, taps 0>")
    first = stacy.connection
    assert first == stacy.connection == "b673ddeb-2e40-4f21-a4fc-eb6c4cad66d5"
    xbl.rta.drop(stacy)
    second = stacy.connection
    assert len({first, second, ana.connection}) == 3
    shown = [(one.user, one.id, one.opened, one.has_client) for one in xbl.rta.connections]
    now = xbl.clock.now
    assert shown == [("Stacy", second, now, False), ("Ana", ana.connection, now, False)]
    assert repr(xbl.rta) == "<rta: connections 2, taps 0>"


def test_any_guid_is_a_connection_until_a_test_asks_for_one(xbl: XboxLive, stacy: User, ana: User) -> None:
    """After that only one that is open; whoever is active already stays so (MEMB-11, TAP-15)."""
    put(xbl, stacy, me(active=True, connection=ANY), status=201)
    assert ana.connection
    put(xbl, stacy, me({"a": 1}, active=True))
    refused = xbl.client(ana).put(PARTY, json=me(active=True, connection=ANY))
    assert (refused.status_code, refused.headers["X-Xbl-Refusal"][:7]) == (400, "MEMB-11")
    put(xbl, ana, me(active=True, connection=ana.connection))


def test_members_that_set_up_makes_active_are_on_the_first_connection_of_their_user(
    xbl: XboxLive, stacy: User, ana: User
) -> None:
    """So they lose it without having been asked for it (TAP-4, TAP-15)."""
    party = xbl.sessions.create("party", members=[stacy, ana])
    xbl.rta.drop(ana)
    party.assert_members({stacy: "active", ana: "inactive"})
    system = party.document["members"]["0"]["properties"]["system"]
    assert system["connection"] == stacy.connection


def test_an_eleventh_session_on_a_connection_is_refused(xbl: XboxLive, stacy: User, ana: User) -> None:
    """Of all members who name it together; leaving one makes room (TAP-10)."""
    paths = [session_path(str(number), "party") for number in range(11)]
    for n, path in enumerate(paths[:10]):
        put(xbl, (stacy, ana)[n % 2], me(active=True, connection=stacy.connection.upper()), path, status=201)
    refused = xbl.client(stacy).put(paths[10], json=me(active=True, connection=stacy.connection))
    assert (refused.status_code, refused.headers["X-Xbl-Refusal"][:6]) == (409, "TAP-10")
    assert xbl.client(stacy).put(paths[0], json=LEAVE).status_code == 204
    put(xbl, stacy, me(active=True, connection=stacy.connection), paths[10], status=201)


# Taps


def test_members_are_tapped_for_what_they_have_subscribed_to(party: XboxLive, stacy: User, ana: User) -> None:
    """The writer, too, but not for the write that subscribes; each tap says why (TAP-2, TAP-5, TAP-7)."""
    put(party, ana, properties({"map": "canyon"}))
    put(party, party.user("Bob"), subscribing(ana.connection, "everything"))
    expected = [
        "Stacy tapped about party/one #2 (membersList): put-session by Ana",
        "Stacy tapped about party/one #3 (customProperty): put-session by Ana",
        "Stacy tapped about party/one #4 (membersList): put-session by Bob",
        "Ana tapped about party/one #4 (membersList): put-session by Bob",
    ]
    assert taps(party) == expected
    tap = party.rta.taps[1]
    assert (tap.user, tap.session.name, tap.number, *tap.kinds) == ("Stacy", "one", 3, "customProperty")
    assert (tap.connection, tap.subscription) == (stacy.connection, SUBSCRIPTION.lower())
    assert (tap.caller, tap.operation, tap.time) == ("Ana", "put-session", party.clock.now)


def test_the_history_tells_who_was_tapped(party: XboxLive, stacy: User) -> None:
    """Of each version, and the journal of each request (TAP-2)."""
    put(party, stacy, properties({"map": "canyon"}))
    assert history(party) == [
        "#1 put-session by Stacy: session created, Stacy joined, Stacy became active",
        "#2 put-session by Ana: Ana joined, Ana became active, Stacy tapped (membersList)",
        "#3 put-session by Stacy: Stacy tapped (customProperty)",
    ]
    assert [repr(effect) for effect in party.journal[-1].effects] == [
        f"MemberTapped(xuid='{stacy.xuid}', types=('customProperty',))"
    ]


def test_an_activity_taps_those_who_want_everything(party: XboxLive, stacy: User, ana: User) -> None:
    """It changes nothing but the number (TAP-5, HAND-20)."""
    body = {"type": "activity", "version": 1, "sessionRef": party.sessions["one"].ref.as_json()}
    assert party.client(ana).post("/handles", json=body).status_code == 201
    assert taps(party)[1:] == ["Stacy tapped about party/one #3: post-handle by Ana"]
    party.rta.assert_tapped(stacy, party.sessions["one"])


def test_a_write_of_no_change_taps_nobody(party: XboxLive, ana: User) -> None:
    """Nor does one that is tried out only, or refused (TAP-2, PUT-7, PUT-9, PUT-10)."""
    put(party, ana, ACTIVE)
    put(party, ana, properties({"a": 1}), f"{PARTY}?nocommit=true")
    put(party, ana, properties(host="nobody", turn=[99]), status=400)
    assert len(taps(party)) == 1


def test_timeouts_tap_as_well(party: XboxLive, ana: User) -> None:
    """When an access finds them (TIME-1, TAP-2)."""
    put(party, ana, me(ready=True))
    party.clock.advance(minutes=5)
    assert len(taps(party)) == 2
    assert party.client(ana).get(PARTY).status_code == 200
    assert taps(party)[2:] == ["Stacy tapped about party/one #4 (membersStatus): timers"]


def test_the_end_of_a_session_is_told_without_a_number(party: XboxLive, stacy: User, ana: User) -> None:
    """To those who were in it until then (TAP-9)."""
    party.client(ana).put(PARTY, json=LEAVE)
    party.client(stacy).put(PARTY, json=LEAVE)
    assert taps(party)[1:] == [
        "Stacy tapped about party/one #3 (membersList): put-session by Ana",
        "Stacy tapped about party/one its end: put-session by Stacy",
    ]
    assert party.rta.taps[-1].number is None


def test_a_connection_serves_subscriptions_of_others(xbl: XboxLive, stacy: User, ana: User) -> None:
    """Several members may name it; they are told together (TAP-1, TAP-15)."""
    put(xbl, stacy, subscribing(stacy.connection, "everything"), status=201)
    put(xbl, ana, subscribing(stacy.connection, "everything"))
    put(xbl, stacy, properties({"a": 1}))
    told = [(tap.user, tap.connection == stacy.connection) for tap in xbl.rta.taps]
    assert told == [("Stacy", True), ("Stacy", True), ("Ana", True)]


def test_nobody_is_tapped_without_an_open_connection(xbl: XboxLive, stacy: User, ana: User) -> None:
    """A subscription is kept all the same (TAP-1)."""
    put(xbl, ana, me(active=True, connection=ana.connection), status=201)
    put(xbl, stacy, subscribing(stacy.connection, "everything"))
    xbl.rta.drop(stacy)
    put(xbl, ana, properties({"a": 1}))
    assert taps(xbl) == []
    assert "subscription" in xbl.sessions["one"].document["members"]["1"]["properties"]["system"]


# Merging


def test_taps_are_merged_where_a_test_asks_for_the_delay(party: XboxLive, stacy: User, ana: User) -> None:
    """The first comes at once, then the newest of each session, with the kinds of all (TAP-8)."""
    party.rta.delay = timedelta(seconds=3)
    assert party.rta.delay == timedelta(seconds=3)
    other = session_path("two", "party")
    put(party, stacy, subscribing(stacy.connection, "everything"), other, status=201)
    for body in (properties({"a": 1}), properties({"a": 2}), properties(closed=True)):
        put(party, stacy, body)
    put(party, stacy, properties({"a": 1}), other)
    party.clock.advance(seconds=2)
    assert taps(party)[1:] == ["Stacy tapped about party/one #3 (customProperty): put-session by Stacy"]
    party.clock.advance(seconds=1)
    held = [
        "Stacy tapped about party/one #5 (customProperty, joinability): put-session by Stacy",
        "Stacy tapped about party/two #2 (customProperty): put-session by Stacy",
    ]
    assert taps(party)[2:] == held
    put(party, stacy, properties({"a": 3}))
    assert len(taps(party)) == 4
    party.clock.advance(minutes=1)
    put(party, stacy, properties({"a": 4}))
    party.clock.advance(minutes=1)
    assert [tap.number for tap in party.rta.taps[4:]] == [6, 7]


def test_a_tap_after_a_quiet_time_comes_at_once(party: XboxLive, stacy: User) -> None:
    """Nothing was held back until then (TAP-8)."""
    party.rta.delay = timedelta(seconds=3)
    for number in (1, 2):
        put(party, stacy, properties({"a": number}))
        party.clock.advance(seconds=10)
        party.clock.advance(seconds=10)
    put(party, stacy, properties({"a": 3}))
    assert [tap.number for tap in party.rta.taps] == [2, 3, 4, 5]


def test_an_end_of_the_delay_sends_what_was_held_back(party: XboxLive, stacy: User) -> None:
    """And those that follow are sent at once again (TAP-8)."""
    party.rta.delay = timedelta(seconds=3)
    for number in (1, 2):
        put(party, stacy, properties({"a": number}))
    party.rta.delay = timedelta()
    put(party, stacy, properties({"a": 3}))
    assert [tap.number for tap in party.rta.taps] == [2, 3, 4, 5]


# Loss


def test_whoever_loses_the_connection_is_inactive_at_once(party: XboxLive, stacy: User, ana: User) -> None:
    """The others are told, and with a new connection they are back (TAP-4)."""
    party.rta.drop(ana)
    party.sessions["one"].assert_members({stacy: "active", ana: "inactive"})
    put(party, ana, me(active=True, connection=ana.connection))
    assert history(party)[2:] == [
        "#3 connection-lost by Ana: Ana became inactive, Stacy tapped (membersStatus)",
        "#4 put-session by Ana: Ana became active, Stacy tapped (membersStatus)",
    ]


def test_an_activity_ends_with_the_connection(party: XboxLive, ana: User) -> None:
    """As whenever its owner is no longer active (HAND-9, TAP-4)."""
    body = {"type": "activity", "version": 1, "sessionRef": party.sessions["one"].ref.as_json()}
    party.client(ana).post("/handles", json=body)
    party.rta.drop(ana)
    assert ana.activity is None


def test_members_stay_active_for_the_grace(party: XboxLive, stacy: User, ana: User) -> None:
    """By the clock of the world; whoever is back by then on a new connection stays (TAP-4)."""
    party.rta.grace = timedelta(seconds=30)
    assert party.rta.grace == timedelta(seconds=30)
    lobby = party.sessions["one"]
    party.rta.drop(ana)
    party.clock.advance(seconds=10)
    party.rta.drop(stacy)
    put(party, stacy, me(connection=stacy.connection))
    party.clock.advance(seconds=19)
    lobby.assert_members({stacy: "active", ana: "active"})
    party.clock.advance(seconds=1)
    lobby.assert_members({stacy: "active", ana: "inactive"})
    party.clock.advance(minutes=1)
    lobby.assert_members({stacy: "active", ana: "inactive"})


def test_a_shorter_grace_counts_at_once(party: XboxLive, stacy: User, ana: User) -> None:
    """For those who have lost their connection already, too (TAP-4)."""
    party.rta.grace = timedelta(seconds=30)
    party.rta.drop(ana)
    party.clock.advance(seconds=10)
    party.rta.grace = timedelta(seconds=11)
    party.sessions["one"].assert_members({stacy: "active", ana: "active"})
    party.rta.grace = timedelta(seconds=10)
    party.sessions["one"].assert_members({stacy: "active", ana: "inactive"})


def test_a_member_is_inactive_since_the_end_of_the_grace(party: XboxLive, ana: User) -> None:
    """However far the clock moves at once (TAP-4, TAP-17)."""
    party.rta.grace = timedelta(seconds=30)
    party.rta.drop(ana)
    party.clock.advance(hours=1)
    *_, last = str(party.sessions["one"].history).splitlines()
    assert last == "#3 12:00:30 connection-lost by Ana: Ana became inactive, Stacy tapped (membersStatus)"
    assert (party.rta.taps[-1].time.second, party.clock.now.hour) == (30, 13)


def test_a_connection_that_a_test_has_asked_for_has_no_end(party: XboxLive, stacy: User, ana: User) -> None:
    """Those of clients end after two hours (TAP-14, TAP-15)."""
    party.clock.advance(hours=3)
    party.sessions["one"].assert_members({stacy: "active", ana: "active"})


def test_a_loss_is_no_business_of_a_session_without_the_capability(xbl: XboxLive, stacy: User) -> None:
    """There it takes the taps away, and nothing else (TAP-4)."""
    put(xbl, stacy, subscribing(stacy.connection, "everything"), session_path(), status=201)
    xbl.rta.drop(stacy)
    xbl.sessions["one"].assert_members({stacy: "active"})


def test_what_is_lost_twice_is_lost_once(party: XboxLive, ana: User) -> None:
    """A user without a connection has none to lose (TAP-4)."""
    party.rta.drop(ana)
    what = "Ana has no connection, having lost the last one.\nwhere: user\nrule: TAP-4"
    assert error_of(lambda: party.rta.drop(ana)) == what


# Snapshots


def test_a_restored_world_has_the_connections_of_then(party: XboxLive, stacy: User, ana: User) -> None:
    """They are part of what a test can undo (SEED-12, TAP-15)."""
    before = ana.connection
    with party.sandbox():
        party.rta.drop(ana)
        assert ana.connection != before
    assert ana.connection == before
    put(party, stacy, properties({"a": 1}))
    assert taps(party)[-1] == "Stacy tapped about party/one #3 (customProperty): put-session by Stacy"
    party.rta.drop(ana)
    party.sessions["one"].assert_members({stacy: "active", ana: "inactive"})
    with party.sandbox():
        assert ana.connection
    assert [one.user for one in party.rta.connections] == ["Stacy"]


def test_a_restored_connection_is_not_lost_later(party: XboxLive, stacy: User, ana: User) -> None:
    """Though it was about to be, when the world was put back (TAP-4, TAP-15)."""
    party.rta.grace = timedelta(seconds=30)
    with party.sandbox():
        party.rta.drop(ana)
    party.clock.advance(minutes=1)
    party.sessions["one"].assert_members({stacy: "active", ana: "active"})


def test_a_loss_from_before_a_snapshot_goes_on(party: XboxLive, stacy: User, ana: User) -> None:
    """At the end of the grace (TAP-4, TAP-15)."""
    party.rta.grace = timedelta(seconds=30)
    party.rta.drop(ana)
    with party.sandbox():
        pass
    party.clock.advance(seconds=29)
    party.sessions["one"].assert_members({stacy: "active", ana: "active"})
    party.clock.advance(seconds=1)
    party.sessions["one"].assert_members({stacy: "active", ana: "inactive"})


def test_a_world_that_is_put_back_to_its_beginning_is_not_strict(xbl: XboxLive, stacy: User) -> None:
    """Any GUID is a connection again (TAP-15)."""
    before = xbl.snapshot()
    assert stacy.connection
    xbl.restore(before)
    put(xbl, stacy, me(active=True, connection=ANY), status=201)


# Assertions


def test_a_test_can_ask_whether_somebody_was_tapped(party: XboxLive, stacy: User, ana: User) -> None:
    """About a session, and by kind; the failure lists the taps (TAP-2)."""
    party.rta.assert_tapped(stacy, party.sessions["one"], "membersList")
    party.rta.assert_tapped(stacy, (SCID, "Party", "ONE"))
    sent = "the taps were:\nStacy tapped about party/one #2 (membersList): put-session by Ana"
    with pytest.raises(AssertionError) as error:
        party.rta.assert_tapped(stacy, party.sessions["one"], "host")
    assert str(error.value) == f"Expected Stacy to be tapped about party/one of host; {sent}"
    with pytest.raises(AssertionError) as error:
        party.rta.assert_tapped(ana, (SCID, "party", "two"))
    assert str(error.value) == f"Expected Ana to be tapped about party/two; {sent}"


def test_the_last_taps_are_kept() -> None:
    """A failure says how many were let go (TAP-2, SEEN-18)."""
    xbl = XboxLive(keep=2)
    xbl.templates.add("party", {})
    stacy = xbl.user("Stacy")
    put(xbl, stacy, subscribing(stacy.connection, "everything"), status=201)
    for number in range(4):
        put(xbl, stacy, properties({"map": number}))
    assert [tap.number for tap in xbl.rta.taps] == [4, 5]
    assert repr(xbl.rta) == "<rta: connections 1, taps 4>"
    with pytest.raises(AssertionError) as error:
        xbl.rta.assert_tapped(stacy, xbl.sessions["one"], "host")
    gap = "... 2 earlier taps were let go (xbl_keep is 2)"
    assert str(error.value).splitlines() == [
        "Expected Stacy to be tapped about party/one of host; the taps were:",
        gap,
        *taps(xbl),
    ]


def test_a_failure_lists_the_last_taps(xbl: XboxLive, stacy: User) -> None:
    """Or says that there is none (TAP-2)."""
    with pytest.raises(AssertionError) as error:
        xbl.rta.assert_tapped(stacy, (SCID, "party", "one"))
    assert str(error.value) == "Expected Stacy to be tapped about party/one; no tap was sent."
    put(xbl, stacy, subscribing(stacy.connection, "everything"), status=201)
    for number in range(22):
        put(xbl, stacy, properties({"a": number}))
    with pytest.raises(AssertionError) as error:
        xbl.rta.assert_tapped(stacy, xbl.sessions["one"], "roles")
    lines = str(error.value).splitlines()
    assert (len(lines), lines[1], lines[2][:31]) == (22, "... 2 earlier ones", "Stacy tapped about party/one #4")


KINDS = (
    "host, initialization, matchmakingStatus, membersList, membersStatus, joinability, customProperty, "
    "membersCustomProperty, roles, scheduledtime"
)


DAY = timedelta(days=1)
LENGTH = "Expected a timedelta of 0 or more; got"
NO_USER = "Expected a user of this world; got"
ONE = (SCID, "party", "one")


@pytest.mark.parametrize(
    ("mistake", "what", "where", "rule"),
    [
        (
            lambda rta, user: rta.assert_tapped(user, ONE, "memberList"),
            f"Unknown kind of change 'memberList'; known kinds: {KINDS}. Did you mean membersList?",
            "kind",
            "TAP-5",
        ),
        (
            lambda rta, user: rta.assert_tapped(user, ONE, 7),
            f"Unknown kind of change 7; known kinds: {KINDS}.",
            "kind",
            "TAP-5",
        ),
        (lambda rta, user: rta.assert_tapped(user.name, ONE), f"{NO_USER} 'Stacy'.", "user", "SEED-2"),
        (
            lambda rta, user: rta.assert_tapped(user, "one"),
            "Expected a session, or its reference (scid, template, name); got 'one'.",
            "session",
            "SEED-2",
        ),
        (lambda rta, user: rta.drop(user.name), f"{NO_USER} 'Stacy'.", "user", "SEED-2"),
        (lambda rta, _: setattr(rta, "grace", 30), f"{LENGTH} 30.", "grace", "TAP-4"),
        (lambda rta, _: setattr(rta, "delay", -DAY), f"{LENGTH} {-DAY!r}.", "delay", "TAP-8"),
    ],
)
def test_a_mistake_is_told(
    xbl: XboxLive, stacy: User, mistake: Callable[[Any, User], object], what: str, where: str, rule: str
) -> None:
    """With what is possible (TAP-5)."""
    assert error_of(lambda: mistake(xbl.rta, stacy)) == f"{what}\nwhere: {where}\nrule: {rule}"


def test_a_user_without_a_world_has_no_connection(stacy: User) -> None:
    """Such as an unpickled copy (TAP-15)."""
    copy = pickle.loads(pickle.dumps(stacy))  # noqa: S301 -- our own
    assert error_of(lambda: copy.connection) == (
        "Stacy is an unpickled copy, which has data and no world; use the original."
    )


def test_no_news_of_other_services_come_where_no_client_is(xbl: XboxLive, stacy: User, ana: User) -> None:
    """They are for those who have subscribed to them (TAP-6, TAP-13)."""
    assert stacy.connection
    xbl.stats.set(stacy, {"Kills": 7})
    xbl.follow(stacy, ana)
    assert xbl.rta.taps == []


def test_nobody_listens_to_a_resync_where_no_client_is(xbl: XboxLive, stacy: User) -> None:
    """A connection that a test has asked for reads nothing (TAP-3)."""
    assert stacy.connection
    assert xbl.rta.resync() == 0
