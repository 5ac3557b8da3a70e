"""Large sessions: what they show, what they refuse, and what comes of groups and encounters (BIG)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bodies import ACTIVE, LEAVE, can, me, properties, reserve
from pytest_xbl.mpsd.access import read_refusal
from pytest_xbl.mpsd.acting import USERS, acting_for
from pytest_xbl.mpsd.effects import Effect, Encountered, GroupsChanged, MemberJoined, MemberStatusChanged
from pytest_xbl.mpsd.large import companies, is_playing
from pytest_xbl.mpsd.model import Caller, Member, Session
from pytest_xbl.mpsd.timers import next_timer, settle
from pytest_xbl.mpsd.view import document
from tables import cases

if TYPE_CHECKING:
    from bodies import Body
    from tests.mpsd.conftest import Stage

GUID = "11111111-ebe0-42da-885f-033860a81801"


@pytest.fixture
def world(stage: Stage) -> Stage:
    """A large session in which Ann and Bob play, and Cid is not."""
    stage.using({**can("large", "gameplay"), "maxMembersCount": 10_000, "inactiveRemovalTimeout": 60_000})
    stage.join("Ann", "Bob")
    stage.caller("Cid")
    return stage


def shown(stage: Stage, name: str) -> dict[str, Any]:
    """The session as a caller receives it."""
    return document(stage.held, contract=107, viewer=stage.caller(name).xuid or "")


@cases(
    "name members info",
    {
        "a member": ("Ann", {"me": "1000"}, [0, 2, 2, 2, 2]),
        "another one": ("Bob", {"me": "1001"}, [1, 2, 2, 2, 2]),
        "a stranger": ("Cid", {}, [2, 2, 2, 2, 2]),
        "a service": ("service", {}, [2, 2, 2, 2, 2]),
    },
)
def test_a_caller_sees_only_themselves(world: Stage, name: str, members: dict[str, str], info: list[int]) -> None:
    """Under `me`; the counts are about everybody, and a walk from first to next finds who is there (BIG-1, BIG-4)."""
    world.caller("service", server=True)
    seen = shown(world, name)
    assert {key: member["constants"]["system"]["xuid"] for key, member in seen["members"].items()} == members
    assert [*seen["membersInfo"].values()] == info
    assert [member["next"] for member in seen["members"].values()] == [2] * len(members)


def test_a_test_sees_everybody(world: Stage) -> None:
    """By index, as in any other session (BIG-1)."""
    assert list(document(world.held, contract=107)["members"]) == ["0", "1"]
    assert document(world.held, contract=107)["membersInfo"]["first"] == 0


def test_another_session_shows_everybody_to_everybody(stage: Stage) -> None:
    """Whoever looks (BIG-1)."""
    stage.join("Ann", "Bob")
    assert shown(stage, "Cid") == stage.document()


def test_a_large_session_has_no_turn(world: Stage, stage: Stage) -> None:
    """Not even an empty one, though another session with the same properties shows it (PROP-9)."""
    assert world.document()["properties"] == {"system": {}, "custom": {}}
    stage.using({})
    stage.join("Ann")
    assert stage.document()["properties"] == {"system": {"turn": []}, "custom": {}}


NO_RESERVATION = "A large session takes no reservations: each member joins by themselves."
NO_REMOVAL = "A large session has no list of members, so nobody is removed by index."
NO_FIELD = "A member of a large session has no {}."
ONLY_NONE = "The {} of a large session is none, and cannot be {}."


@cases(
    "body refusal",
    {
        "a reservation": (reserve("7"), (409, "/members/reserve_0", NO_RESERVATION)),
        "one for a member": (reserve("1001"), (409, "/members/reserve_0", NO_RESERVATION)),
        "turn": (properties(turn=[0]), (400, "/properties/system/turn", "A large session has no turn.")),
        "host": (properties(host="ab"), (400, "/properties/system/host", "A large session has no host.")),
        "joining": (
            properties(joinRestriction="followed"),
            (400, "/properties/system/joinRestriction", ONLY_NONE.format("joinRestriction", "followed")),
        ),
        "reading": (
            properties(readRestriction="local"),
            (400, "/properties/system/readRestriction", ONLY_NONE.format("readRestriction", "local")),
        ),
        **{
            name: (me(**{name: value}), (400, f"/members/me/properties/system/{name}", NO_FIELD.format(name)))
            for name, value in {
                "initializationGroup": [0],
                "subscription": {"id": GUID, "changeTypes": []},
                "subscriptions": {GUID: {"profile": "party"}},
                "secondarySubscriptions": {GUID: {"changeTypes": [], "rta": {"connection": GUID}}},
            }.items()
        },
    },
)
def test_a_large_session_refuses_what_it_does_not_have(world: Stage, body: Body, refusal: tuple[int, str, str]) -> None:
    """With the place, and nothing changes (BIG-2, CODE-409, MEMB-13, PROP-3, PROP-4, PROP-5, TAP-1)."""
    assert world.told("Ann", body) == (*refusal, "BIG-2")


def test_a_service_acts_for_one_user_at_a_time(world: Stage) -> None:
    """The one user joins as if they called themselves (BIG-8, S2S-1)."""
    one, two = (world.caller(name)._replace(claims_in=USERS) for name in ("Cid", "Dee"))
    world.play(acting_for(Caller("for both", server=True), (one, two)))
    world.play(acting_for(Caller("for Cid", server=True), (one,)))
    what = "A service acts for one user at a time in a large session, not for 2."
    assert world.told("for both", {"members": {"me_all": ACTIVE["members"]["me"]}}) == (409, USERS, what, "BIG-8")
    world.put("for Cid", {"members": {"me_all": ACTIVE["members"]["me"]}})
    assert list(shown(world, "Cid")["members"]) == ["me"]


def test_a_service_that_acts_for_users_reserves_no_place_either(world: Stage) -> None:
    """The reason is the session, not that it is there already (BIG-2, S2S-4)."""
    cid = world.caller("Cid")._replace(claims_in=USERS)
    world.play(acting_for(Caller("for Cid", server=True), (cid,)))
    told = world.told("for Cid", reserve(str(cid.xuid)))
    assert told == (409, "/members/reserve_0", NO_RESERVATION, "BIG-2")


def test_nobody_is_removed_by_index(world: Stage) -> None:
    """409 also for a service, and where nobody has the index; a user has no right to it anyway (BIG-2, MEMB-5)."""
    world.caller("service", server=True)
    for index in ("0", "7"):
        assert world.told("service", {"members": {index: None}}) == (409, f"/members/{index}", NO_REMOVAL, "BIG-2")
    assert world.refused("Ann", {"members": {"1": None}}) == (403, "/members/1", "MEMB-5")


def test_a_group_is_named_as_under_each_contract(world: Stage) -> None:
    """The text of the refusal, too (TMPL-8)."""
    at = "/members/me/properties/system/group"
    assert world.told("Ann", me(group=[0]), contract=105) == (400, at, NO_FIELD.format("group"), "BIG-2")


def test_a_large_session_refuses_no_field_that_is_taken_away(world: Stage) -> None:
    """A client that clears them all is right (BIG-2)."""
    gone = properties(turn=[], host=None, joinRestriction="none", readRestriction=None)
    own = me(initializationGroup=None, subscription=None, subscriptions={}, secondarySubscriptions=None)
    before = world.held
    world.write("Ann", gone)
    assert world.write("Ann", own).member("1000") is before.member("1000")


GROUPS: dict[str, tuple[list[str] | None, list[str], tuple[Effect, ...]]] = {
    # written, kept, and the effects
    "others": (["b"], ["b"], (GroupsChanged("1000", ("b",)),)),
    "more": (["a", "b"], ["a", "b"], (GroupsChanged("1000", ("a", "b")),)),
    "the same": (["a"], ["a"], ()),
    "none": ([], [], (GroupsChanged("1000", ()),)),
    "null": (None, [], (GroupsChanged("1000", ()),)),
}


@cases("written kept effects", GROUPS)
def test_groups_are_replaced_as_a_whole(
    world: Stage, written: list[str] | None, kept: list[str], effects: tuple[Effect, ...]
) -> None:
    """An empty list is none; they stay until somebody writes others (BIG-3)."""
    world.write("Ann", me(groups=["a"]))
    world.write("Ann", me({"score": 1}))
    world.write("Ann", me(groups=written))
    assert world.effects == effects
    assert world.member()["properties"]["system"].get("groups", []) == kept


def test_a_group_may_be_named_when_joining(world: Stage) -> None:
    """And is gone with its member (BIG-3)."""
    world.write("Cid", me(active=True, groups=["a"]))
    joined = (MemberJoined("1002"), MemberStatusChanged("1002", "inactive", "active"), GroupsChanged("1002", ("a",)))
    assert world.effects == joined
    world.put("Cid", LEAVE)
    assert "groups" not in world.write("Cid", ACTIVE).members.get("1002").system  # type: ignore[union-attr]


def test_an_encounter_is_a_change_and_leaves_no_trace(world: Stage) -> None:
    """Each time that it is reported (BIG-3, BIG-5)."""
    before = world.held
    for number in (1, 2):
        after = world.write("Ann", me(encounters=["trade.1", "duel"]))
        assert after.change_number == before.change_number + number
        assert world.effects == (Encountered("1000", "trade.1"), Encountered("1000", "duel"))
    assert world.member()["properties"]["system"] == {"active": True}
    assert world.write("Ann", me(encounters=[])) is after


def test_encounters_mean_nothing_in_another_session(stage: Stage) -> None:
    """Nothing changes, and nothing has happened (BIG-5, PUT-9)."""
    before = stage.join("Ann")
    assert stage.write("Ann", me(encounters=["trade"])) is before
    assert stage.effects == ()


@pytest.mark.parametrize("field", ["groups", "encounters"])
@pytest.mark.parametrize("name", ["", "a/b", "x" * 100])
def test_groups_and_encounters_have_names_as_sessions_do(world: Stage, field: str, name: str) -> None:
    """400 for others (BIG-3, MEMB-13, CALL-15)."""
    assert world.refused("Ann", me(**{field: [name]})) == (400, f"/members/me/properties/system/{field}/0", "MEMB-13")


@cases(
    "capabilities groups status expected",
    {
        "groups": (("large", "gameplay"), ["Raid", "b"], "active", {"raid", "b"}),
        "no groups": (("large", "gameplay"), [], "active", set()),
        "inactive": (("large", "gameplay"), ["a"], "inactive", set()),
        "no game": (("large",), ["a"], "active", set()),
        "not large": (("gameplay",), ["a"], "active", {""}),
        "a lobby": ((), ["a"], "active", set()),
    },
)
def test_those_who_play_are_in_companies(
    stage: Stage, capabilities: tuple[str, ...], groups: list[str], status: str, expected: set[str]
) -> None:
    """Those of their groups, or of the session; groups have no regard to case (BIG-3, BIG-6)."""
    stage.using({**can(*capabilities), "inactiveRemovalTimeout": None})
    session = stage.write("Ann", me(active=status == "active", groups=groups))
    assert companies(session, "1000") == expected
    assert is_playing(session, "1000") == (status == "active" and "gameplay" in capabilities)
    assert [*companies(session, "7"), *companies(None, "1000")] == []
    assert is_playing(None, "1000") is False


@cases(
    "system title may",
    {
        "a viewer": (can("broadcast", "large"), "34567", True),
        "another title": (can("broadcast", "large"), "8", False),
        "no title": (can("broadcast", "large"), None, False),
        "no broadcast": (can("large"), "34567", False),
    },
)
def test_players_of_some_titles_always_read_a_broadcast(
    stage: Stage, system: Body, title: str | None, may: bool
) -> None:
    """Even a private one (CONST-18)."""
    stage.using({**system, "visibility": "private", "broadcastViewerTitleIds": ["34567"]})
    stage.ref = stage.ref._replace(name=stage.xuid("Ann"))
    session = stage.join("Ann")
    stage.caller("viewer", title_id=title)
    assert (read_refusal(session, stage.context("viewer")) is None) == may


# Ten thousand members


@pytest.fixture
def crowd(world: Stage) -> Stage:
    """The same session with 10,000 members, of whom the last 9,998 came one by one."""
    member = world.held.member("1001")
    assert member
    session = world.held
    for index in range(2, 10_000):
        session = session.but(members=session.members.including(member.but(index=index, xuid=str(1000 + index))))
    world.session = session.but(next_index=10_000)
    return world


def moved(before: Session, after: Session) -> list[str]:
    """The xuids of the members who are not the same any more."""
    return [one.xuid for one in before.members if after.member(one.xuid) is not one]


def test_the_members_of_a_crowd_are_in_order(crowd: Stage) -> None:
    """Whatever their xuids are; and the session is full (MEMB-1, CONST-2, JOIN-8)."""
    assert list(document(crowd.held, contract=107)["members"]) == [str(index) for index in range(10_000)]
    assert crowd.held.counts == (10_000, 10_000, 10_000)
    crowd.caller("late", xuid="7")
    assert crowd.refused("late", ACTIVE) == (400, "/members", "JOIN-8")


def test_timeouts_find_whom_they_are_for(crowd: Stage) -> None:
    """Among thousands who are active: two of them are inactive, one after the other (TIME-2, TIME-6)."""
    for name in ("Bob", "Ann"):
        crowd.write(name, me(active=False))
        crowd.advance(1_000)
    assert next_timer(crowd.held) == crowd.held.member("1001").since.replace(minute=1)  # type: ignore[union-attr]
    crowd.advance(58_000)
    before = crowd.held
    assert moved(before, crowd.settle() or before) == ["1001"]
    crowd.advance(1_000)
    before = crowd.held
    assert moved(before, crowd.settle() or before) == ["1000"]
    assert next_timer(crowd.held) is None


def test_those_who_are_not_present_are_found(crowd: Stage) -> None:
    """In the order of their indices (TIME-7)."""
    outcome = settle(crowd.held, crowd.now, {"10999", "1000", "7"})
    assert outcome.effects == tuple(MemberStatusChanged(xuid, "active", "inactive") for xuid in ("1000", "10999"))


def test_a_write_looks_at_few_members(crowd: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Joins, changes and leaving; not even their number of reads grows with that of members (BIG-1)."""
    looked = 0

    def counted(member: Member, name: str) -> Any:
        nonlocal looked
        looked += name == "status"
        return object.__getattribute__(member, name)

    shown(crowd, "Ann")
    next_timer(crowd.held)
    monkeypatch.setattr(Member, "__getattribute__", counted)
    crowd.write("Ann", me({"score": 2}))
    shown(crowd, "Ann")
    next_timer(crowd.held)
    assert looked < 400
