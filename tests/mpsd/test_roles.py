"""Roles of a session and its members (ROLE)."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from bodies import LEAVE, PATIENT, Body, can, reserve
from errors import told_of
from pytest_xbl.mpsd.creation import new_session
from pytest_xbl.mpsd.effects import MemberReserved, RolesChanged
from pytest_xbl.mpsd.roles import holders
from pytest_xbl.mpsd.writes import parse_write
from tables import cases

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage

TEAM: Body = {
    "mutableRoleSettings": ["max", "target"],
    "roles": {"red": {"max": 2, "target": 1}, "blue": {"target": 3}},
}
LFG: Body = {"ownerManaged": True, "roles": {"confirmed": {"max": 1}}}


FIXED = (
    "The target of the role confirmed is not set, and mutableRoleSettings of lfg does not let it change; it cannot "
    "become 1."
)


def role(name: str | None, kind: str = "team") -> Body:
    """A body in which the caller takes a role."""
    return {"members": {"me": {"roles": {kind: name}}}}


def given(index: int, name: str | None, kind: str = "lfg") -> Body:
    """A body that gives a role to a member."""
    return {"members": {str(index): {"roles": {kind: name}}}}


def types(**kinds: Any) -> Body:
    """A body of role types."""
    return {"roleTypes": kinds}


def setting(name: str, value: int, role_: str = "red", kind: str = "team") -> Body:
    """A body that changes a setting of a role."""
    return types(**{kind: {"roles": {role_: {name: value}}}})


def with_types(stage: Stage, *names: str, **kinds: Any) -> None:
    """Let people join a session with owners and these role types."""
    stage.using({**PATIENT, **can("hasOwners")}, role_types=kinds)
    stage.join(*names)


def shown(stage: Stage, kind: str = "team") -> Body:
    """The roles of a type as the document shows them."""
    roles: Body = stage.document()["roleTypes"][kind]["roles"]
    return roles


class TestRolesOfMembers:
    """A member has at most one role of each type."""

    def test_a_member_takes_a_role(self, stage: Stage) -> None:
        """It is at the root of the member, and the type counts and names who has it (ROLE-2)."""
        with_types(stage, "Ann", team=TEAM)
        stage.put("Ann", role("red"))
        assert stage.member()["roles"] == {"team": "red"}
        assert shown(stage) == {
            "red": {"count": 1, "max": 2, "target": 1, "memberXuids": [stage.xuid("Ann")]},
            "blue": {"count": 0, "target": 3},
        }
        assert stage.effects == (RolesChanged(stage.xuid("Ann"), (("team", "red"),)),)

    def test_a_new_role_replaces_that_of_its_type(self, stage: Stage) -> None:
        """And leaves those of other types (ROLE-2)."""
        with_types(stage, "Ann", team=TEAM, rank={"roles": {"leader": {"max": 1}}})
        stage.put("Ann", {"members": {"me": {"roles": {"team": "red", "rank": "leader"}}}})
        stage.put("Ann", role("blue"))
        assert stage.member()["roles"] == {"team": "blue", "rank": "leader"}
        assert [shown(stage)[name]["count"] for name in ("red", "blue")] == [0, 1]

    def test_null_gives_a_role_up(self, stage: Stage) -> None:
        """A member without roles shows none; who has none gives up nothing (ROLE-2)."""
        with_types(stage, "Ann", team=TEAM)
        before = stage.held
        assert stage.write("Ann", role(None)) is before
        stage.put("Ann", role("red"))
        stage.put("Ann", role(None))
        assert "roles" not in stage.member()
        assert stage.effects == (RolesChanged(stage.xuid("Ann"), ()),)

    def test_a_role_again_changes_nothing(self, stage: Stage) -> None:
        """Though it is full by now (ROLE-2, PUT-9)."""
        with_types(stage, "Ann", team=TEAM)
        before = stage.write("Ann", role("red"))
        assert stage.write("Ann", role("red")) is before

    def test_a_role_again_comes_with_other_roles(self, stage: Stage) -> None:
        """Each type of the body counts (ROLE-2)."""
        with_types(stage, "Ann", team=TEAM, job=TEAM)
        stage.put("Ann", role("red"))
        stage.put("Ann", {"members": {"me": {"roles": {"team": "red", "job": "blue"}}}})
        assert stage.member()["roles"] == {"team": "red", "job": "blue"}

    def test_one_joins_with_a_role(self, stage: Stage) -> None:
        """In the write that joins (ROLE-2)."""
        with_types(stage, "Ann", team=TEAM)
        stage.put("Bob", role("red"))
        assert stage.member(1)["roles"] == {"team": "red"}

    @cases(
        "roles inside what",
        {
            "an unknown role": ({"team": "green"}, "team", 'The session has no role "green" of type "team".'),
            "an unknown type": ({"class": "red"}, "class", 'The session has no role type "class".'),
            "an unknown type to give up": ({"class": None}, "class", 'The session has no role type "class".'),
            "a type without roles": ({"bare": "red"}, "bare", 'The session has no role "red" of type "bare".'),
        },
    )
    def test_an_unknown_role_is_refused(self, stage: Stage, roles: Body, inside: str, what: str) -> None:
        """400, for a reservation, too (ROLE-2)."""
        with_types(stage, "Ann", team=TEAM, bare={})
        expected = (400, f"/members/me/roles/{inside}", what, "ROLE-2")
        assert stage.told("Ann", {"members": {"me": {"roles": roles}}}) == expected
        body = reserve("9")
        body["members"]["reserve_0"]["roles"] = roles
        assert stage.refused("Ann", body) == (400, f"/members/reserve_0/roles/{inside}", "ROLE-2")


class TestFullRoles:
    """The service holds the maximum."""

    def test_a_full_role_is_refused(self, stage: Stage) -> None:
        """400, also for somebody who would join with it; a target may be exceeded (ROLE-5, ROLE-2)."""
        with_types(stage, "Ann", "Bob", "Cid", team=TEAM)
        stage.put("Ann", role("red"))
        stage.put("Bob", role("red"))
        what = "The role red of type team is full: its max is 2, and as many members have it."
        assert stage.told("Cid", role("red")) == (400, "/members/me/roles/team", what, "ROLE-5")
        assert stage.refused("Dot", role("red"))[-1] == "ROLE-5"
        assert stage.xuid("Dot") not in stage.xuids

    @pytest.mark.parametrize("body", [LEAVE, role("blue"), role(None)], ids=["leaves", "changes", "gives up"])
    def test_whoever_goes_makes_room(self, stage: Stage, body: Body) -> None:
        """Their role is free again (ROLE-5)."""
        with_types(stage, "Ann", "Bob", "Cid", team=TEAM)
        stage.put("Bob", role("red"))
        stage.put("Cid", role("red"))
        stage.put("Bob", body)
        stage.put("Ann", role("red"))
        assert stage.member()["roles"] == {"team": "red"}

    def test_a_role_without_max_is_never_full(self, stage: Stage) -> None:
        """As public tools make it (ROLE-1)."""
        names = [f"p{n}" for n in range(9)]
        with_types(stage, *names, team=TEAM)
        for name in names:
            stage.put(name, role("blue"))
        assert shown(stage)["blue"]["count"] == len(names)

    def test_a_reservation_has_a_role(self, stage: Stage) -> None:
        """It counts, and its player keeps it; one for a member changes nothing (ROLE-5, MEMB-4)."""
        with_types(stage, "Ann", team={"roles": {"red": {"max": 1}}})
        body = stage.seat("Bob")
        body["members"]["reserve_0"]["roles"] = {"team": "red"}
        stage.put("Ann", body)
        bob = stage.xuid("Bob")
        assert stage.effects == (MemberReserved(bob), RolesChanged(bob, (("team", "red"),)))
        assert stage.refused("Ann", role("red"))[-1] == "ROLE-5"
        stage.join("Bob")
        assert stage.member(1)["roles"] == {"team": "red"}
        again = stage.seat("Ann")
        again["members"]["reserve_0"]["roles"] = {"team": "red"}
        before = stage.held
        assert stage.write("Bob", again) is before


class TestOwnerManagedRoles:
    """Owners give roles of a type with `ownerManaged`."""

    def test_an_owner_gives_a_role_by_index(self, stage: Stage) -> None:
        """And takes it away again (ROLE-4)."""
        with_types(stage, "Ann", "Bob", lfg=LFG)
        stage.put("Ann", given(1, "confirmed"))
        assert shown(stage, "lfg")["confirmed"]["memberXuids"] == [stage.xuid("Bob")]
        assert stage.effects == (RolesChanged(stage.xuid("Bob"), (("lfg", "confirmed"),)),)
        before = stage.held
        assert stage.write("Ann", given(1, "confirmed")) is before
        stage.put("Ann", given(1, None))
        assert shown(stage, "lfg")["confirmed"] == {"count": 0, "max": 1}

    def test_an_owner_gives_themselves_a_role(self, stage: Stage) -> None:
        """Also in the write that creates the session, and so for reservations (ROLE-4, OWN-1)."""
        stage.using({**PATIENT, **can("hasOwners")}, role_types={"lfg": LFG})
        body = reserve("9")
        body["members"] = {"me": {"roles": {"lfg": "confirmed"}}, **body["members"]}
        stage.put("Ann", body)
        assert stage.member()["roles"] == {"lfg": "confirmed"}

    def test_nobody_else_gives_such_a_role(self, stage: Stage) -> None:
        """403, for one's own, too, and to give one up (ROLE-4)."""
        with_types(stage, "Ann", "Bob", lfg=LFG)
        what = "Owners of the session give roles of type lfg; Bob is none."
        assert stage.told("Bob", role("confirmed", "lfg")) == (403, "/members/me/roles/lfg", what, "ROLE-4")
        what = "Only an owner of the session, or a service, gives roles by index; Bob is none."
        assert stage.told("Bob", given(1, "confirmed")) == (403, "/members/1", what, "ROLE-4")
        assert stage.refused("Cid", given(1, "confirmed")) == (403, "/members/1", "ROLE-4")
        stage.put("Ann", given(1, "confirmed"))
        assert stage.refused("Bob", role(None, "lfg"))[0] == 403

    def test_a_service_gives_any_role(self, stage: Stage) -> None:
        """In a session without owners nobody else does so by index (ROLE-4)."""
        stage.using(PATIENT, role_types={"team": TEAM})
        stage.join("Ann", "Bob")
        stage.caller("server", server=True)
        stage.put("server", given(1, "red", "team"))
        assert stage.member(1)["roles"] == {"team": "red"}
        assert stage.refused("Ann", given(1, "blue", "team")) == (403, "/members/1", "ROLE-4")

    def test_a_role_is_given_to_a_member(self, stage: Stage) -> None:
        """400 for an index that nobody has; 403 where there is no session (ROLE-4)."""
        with_types(stage, "Ann", lfg=LFG)
        what = "Roles are given to members, and none of them has index 7."
        assert stage.told("Ann", given(7, "confirmed")) == (400, "/members/7", what, "ROLE-4")
        stage.session = None
        assert stage.refused("Ann", given(0, "confirmed")) == (403, "/members/0", "ROLE-4")

    def test_a_full_role_is_refused_by_index(self, stage: Stage) -> None:
        """The place is that of the member (ROLE-5)."""
        with_types(stage, "Ann", "Bob", lfg=LFG)
        stage.put("Ann", given(0, "confirmed"))
        assert stage.refused("Ann", given(1, "confirmed")) == (400, "/members/1/roles/lfg", "ROLE-5")

    def test_whoever_leaves_gives_no_roles(self, stage: Stage) -> None:
        """A user who is not in a session says no more than that (PROP-1, ROLE-4)."""
        stage.using({**PATIENT, **can("hasOwners")}, role_types={"lfg": LFG})
        stage.caller("server", server=True)
        stage.put("server", reserve("9"))
        body = {"members": {"me": None, "0": {"roles": {"lfg": "confirmed"}}}}
        assert stage.refused("Ann", body)[0] == 403


class TestSettings:
    """`max` and `target` change if the type says so."""

    def test_an_owner_changes_what_may_change(self, stage: Stage) -> None:
        """Role by role, setting by setting (ROLE-3)."""
        with_types(stage, "Ann", team=TEAM)
        stage.put("Ann", setting("max", 5))
        stage.put("Ann", setting("max", 9, "blue"))
        assert shown(stage) == {"red": {"count": 0, "max": 5, "target": 1}, "blue": {"count": 0, "target": 3, "max": 9}}

    def test_the_same_again_changes_nothing(self, stage: Stage) -> None:
        """For anybody: XSAPI sends all role types that it knows (ROLE-3, PUT-9)."""
        with_types(stage, "Ann", "Bob", team=TEAM, bare={})
        before = stage.held
        assert stage.write("Bob", types(team=TEAM, bare={})) is before
        settled = {"ownerManaged": False, "mutableRoleSettings": ["target", "max"]}
        assert stage.write("Bob", types(team=settled)) is before
        assert stage.write("Bob", types(bare={"mutableRoleSettings": [], "roles": {}})) is before

    def test_only_owners_change_settings(self, stage: Stage) -> None:
        """403 for others, also in a session without owners; a service may (ROLE-3)."""
        with_types(stage, "Ann", "Bob", team=TEAM)
        what = "Only an owner of the session, or a service, changes its roles; Bob is none."
        assert stage.told("Bob", setting("max", 3)) == (403, "/roleTypes/team/roles/red/max", what, "ROLE-3")
        stage.using(PATIENT, role_types={"team": TEAM})
        stage.join("Ann")
        assert stage.refused("Ann", setting("max", 3))[0] == 403
        stage.caller("server", server=True)
        stage.put("server", setting("max", 3))
        assert shown(stage)["red"]["max"] == 3

    @cases(
        "body inside what status",
        {
            "a fixed setting": (
                setting("target", 1, "confirmed", "lfg"),
                "lfg/roles/confirmed/target",
                FIXED,
                409,
            ),
            "another type": (
                types(squad={}),
                "squad",
                "There is no role type squad, and none is added after the session was made.",
                409,
            ),
            "another role": (
                setting("max", 1, "green"),
                "team/roles/green",
                "The role type team has no role green, and none is added later.",
                409,
            ),
            "ownerManaged": (
                types(team={"ownerManaged": True}),
                "team/ownerManaged",
                "ownerManaged of the role type team is null; it cannot become true.",
                409,
            ),
            "mutableRoleSettings": (
                types(team={"mutableRoleSettings": ["max"]}),
                "team/mutableRoleSettings",
                'mutableRoleSettings of the role type team is ["max", "target"]; it cannot become ["max"].',
                409,
            ),
        },
    )
    def test_nothing_else_changes(self, stage: Stage, body: Body, inside: str, what: str, status: int) -> None:
        """409 (ROLE-3)."""
        with_types(stage, "Ann", team=TEAM, lfg=LFG)
        assert stage.told("Ann", body) == (status, f"/roleTypes/{inside}", what, "ROLE-3")

    def test_a_target_stays_below_its_max(self, stage: Stage) -> None:
        """400, whichever of them changes (ROLE-1, ROLE-3)."""
        with_types(stage, "Ann", team=TEAM)
        refused = (400, "/roleTypes/team/roles/red/target", "ROLE-1")
        assert stage.refused("Ann", setting("target", 3)) == refused
        stage.put("Ann", setting("target", 2))
        assert stage.refused("Ann", setting("max", 1)) == refused

    def test_max_is_at_least_the_number_of_holders(self, stage: Stage) -> None:
        """400: nobody loses their role by a setting (ROLE-3)."""
        with_types(stage, "Ann", "Bob", team=TEAM)
        stage.put("Ann", role("red"))
        stage.put("Bob", role("red"))
        what = "2 members have the role red, so its max cannot become 1."
        assert stage.told("Ann", setting("max", 1)) == (400, "/roleTypes/team/roles/red/max", what, "ROLE-3")

    def test_a_write_sets_max_and_gives_the_roles_that_fit_it(self, stage: Stage) -> None:
        """What holds when the whole write is done decides: a role may grow or shrink with it (ROLE-3, ROLE-5)."""
        with_types(stage, "Ann", "Bob", "Cid", team=TEAM)
        stage.put("Bob", role("red"))
        stage.put("Cid", role("red"))
        stage.put("Ann", {**setting("max", 3), **role("red")})
        assert (shown(stage)["red"]["count"], shown(stage)["red"]["max"]) == (3, 3)
        stage.put("Ann", {**setting("max", 2), **role("blue")})
        assert (shown(stage)["red"]["count"], shown(stage)["red"]["max"]) == (2, 2)

    def test_whoever_joins_a_session_that_nobody_owns_may_change_settings(self, stage: Stage) -> None:
        """They are its owner (ROLE-3, OWN-1)."""
        stage.using({**PATIENT, **can("hasOwners")}, role_types={"team": TEAM})
        stage.caller("server", server=True)
        stage.put("server", {"properties": {"custom": {}}})
        stage.put("Ann", {**setting("max", 1), **role("red")})
        assert shown(stage)["red"]["max"] == 1


class TestCreation:
    """A session has the role types of its template, and those that its creation adds."""

    def test_the_creation_may_change_what_may_change(self, stage: Stage) -> None:
        """And adds types of its own (ROLE-3, TMPL-3)."""
        stage.using({**PATIENT, **can("hasOwners")}, role_types={"team": TEAM})
        template = deepcopy(stage.template.role_types)
        stage.put("Ann", types(team={"roles": {"red": {"max": 7}}}, lfg=LFG))
        assert (shown(stage)["red"]["max"], list(stage.held.role_types)) == (7, ["team", "lfg"])
        assert stage.template.role_types == template

    def test_nothing_else_of_the_template_changes(self, stage: Stage) -> None:
        """409 (TMPL-3, ROLE-1)."""
        stage.using({**PATIENT, **can("hasOwners")}, role_types={"lfg": LFG})
        what = "The max of the role confirmed is 1, and mutableRoleSettings of lfg does not let it change; "
        expected = (409, "/roleTypes/lfg/roles/confirmed/max", f"{what}it cannot become 2.", "TMPL-3")
        body = setting("max", 2, "confirmed", "lfg")
        assert told_of(lambda: new_session(parse_write(body, contract=107), stage.context("Ann"))) == expected

    def test_the_same_as_in_the_template_changes_nothing(self, stage: Stage) -> None:
        """So a client may send what it knows (TMPL-3)."""
        stage.using({**PATIENT, **can("hasOwners")}, role_types={"lfg": LFG})
        assert stage.write("Ann", types(lfg=LFG)).role_types == stage.template.role_types


class TestLargeSessions:
    """Roles in a session that shows nobody else."""

    def test_nobody_is_given_a_role_by_index(self, stage: Stage) -> None:
        """409, as for all that is about other members (BIG-2)."""
        stage.using({**PATIENT, **can("large", "hasOwners"), "maxMembersCount": 1000}, role_types={"lfg": LFG})
        stage.join("Ann")
        what = "A large session has no list of members, so nobody is given a role by index."
        assert stage.told("Ann", given(0, "confirmed")) == (409, "/members/0", what, "BIG-2")

    def test_many_members_are_counted_in_parts(self, stage: Stage) -> None:
        """As their statuses are (ROLE-2)."""
        names = [f"p{n}" for n in range(200)]
        stage.using({**PATIENT, **can("large"), "maxMembersCount": 1000}, role_types={"team": TEAM})
        stage.join(*names)
        for name in names[::2]:
            stage.put(name, role("blue"))
        assert set(holders(stage.held)["team", "blue"]) == {stage.xuid(name) for name in names[::2]}
