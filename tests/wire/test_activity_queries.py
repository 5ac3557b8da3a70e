"""Queries for the activities of users."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bodies import SCID, as_json, ref, results
from errors import refusal_text
from pytest_xbl import XboxLive

if TYPE_CHECKING:
    from pytest_xbl import User
    from pytest_xbl.xbl.client import CallerClient

OTHER_SCID = "B5B1F71F-A328-4371-89E0-C3AD222D0E92"
UNKNOWN_SCID = "11111111-ebe0-42da-885f-033860a818f6"


class Friends:
    """Four players with activities, of whom Stacy follows Ana and Ben, Ben as a favorite; Zoe follows nobody."""

    def __init__(self, xbl: XboxLive) -> None:
        self.xbl = xbl
        xbl.templates.add("room", {"constants": {"system": {"maxMembersCount": 3, "inviteProtocol": "game"}}})
        xbl.templates.add("room", {}, scid=OTHER_SCID)
        self.stacy, self.ana, self.ben, self.zoe = xbl.users("Stacy", "Ana", "Ben", "Zoe")
        xbl.follow(self.stacy, self.ana)
        xbl.follow(self.stacy, self.ben, favorite=True)
        self.client = xbl.client(self.stacy)
        self.server = xbl.client(xbl.service("server"))
        self.ids = {
            "ana": self.play("ana's", self.ana, keywords=["Red"]),
            "ben": self.play("ben's", self.ben, scid=OTHER_SCID),
            "zoe": self.play("zoe's", self.zoe),
        }

    def play(self, name: str, *members: User, scid: str = SCID, visibility: str = "open", **system: Any) -> str:
        """The id of the activity of the first of the members, in a new session with all of them."""
        session = self.xbl.sessions.create(
            "room",
            name=name,
            members=list(members),
            constants={"system": {"visibility": visibility}},
            properties={"system": system, "custom": {"of": name}},
            scid=scid,
        )
        return self.xbl.handles.create("activity", session, owner=members[0]).id

    def found(self, query: str = "", client: CallerClient | None = None, **body: Any) -> list[str]:
        """The ids of the handles that a query finds, or the names of the people above whose they are."""
        answer = (client or self.client).post(f"/handles/query?{query}", json={"type": "activity", **body})
        names = {handle: name for name, handle in self.ids.items()}
        return [names.get(result["id"], result["id"]) for result in results(answer)]

    def xuids(self, *names: str) -> dict[str, Any]:
        """Owners by xuid."""
        return {"xuids": [getattr(self, name).xuid for name in names]}

    def people(self, moniker: str, of: str = "stacy") -> dict[str, Any]:
        """A group of people, as owners."""
        return {"people": {"moniker": moniker, "monikerXuid": getattr(self, of).xuid}}


@pytest.fixture
def friends(xbl: XboxLive) -> Friends:
    """The activities that most tests here are about."""
    return Friends(xbl)


PAGE = """{"type": "activity", "scid": "B5B1F71F-A328-4371-89E0-C3AD222D0E92",
"owners": {"people": {"moniker": "favorites", "monikerXuid": "3210"}}}"""
"""The request body of the page, with the comma that it lacks there, and without its comment."""


@pytest.mark.parametrize("contract", ["104", "105", "107"])
def test_the_page_of_post_handles_query(xbl: XboxLive, contract: str) -> None:
    """Its request finds the activities of the favorites, with all the fields that it lists (HAND-10, HAND-14)."""
    player = xbl.user("me", xuid="3210")
    expected = []
    for number, (template, name) in enumerate((("party", "e3a836ae"), ("TitleStorageTestDefault", "795fcaa7"))):
        owner = xbl.user(f"owner {number}", xuid=f"321{number + 2}", title_id="1234567")
        xbl.follow(player, owner, favorite=True)
        xbl.templates.add(template, {}, scid=OTHER_SCID)
        xbl.sessions.create(template, name=name, members=[owner], scid=OTHER_SCID)
        place = {"type": "activity", "version": 1, "sessionRef": ref(name, template, scid=OTHER_SCID)}
        handle = {"id": f"11111111-ebe0-42da-885f-033860a818f{number}", **place}
        assert xbl.client(owner).post("/handles", json=handle).status_code == 201
        expected.append({**handle, "titleId": "1234567", "ownerXuid": owner.xuid})
    headers = {"X-Xbl-Contract-Version": contract, "Content-Type": "application/json"}
    found = results(xbl.client(player).post("/handles/query", data=PAGE, headers=headers))
    more = {"createTime": "2026-01-01T12:00:00.0000000Z", "gameTypes": {"era": {"titleId": "1234567"}}}
    assert found == [{**fields, **more} for fields in expected]
    assert list(found[0])[:6] == list(expected[0])


def test_owners_are_named_by_xuid_or_as_a_group(friends: Friends) -> None:
    """`people` are those whom a user follows, `favorites` some of them; the body says of which user (HAND-10)."""
    assert friends.found(owners=friends.people("people")) == ["ana", "ben"]
    assert friends.found(owners=friends.people("favorites")) == ["ben"]
    assert friends.found(owners=friends.people("people", of="zoe")) == []
    assert friends.found(owners=friends.people("people"), client=friends.server) == ["ana", "ben"]
    assert friends.found(owners={"xuids": ["7"]}) == []


def test_activities_come_owner_by_owner(friends: Friends) -> None:
    """In the order of the request, each owner once, a group by xuid; `take` counts them all (HAND-16, FIND-5)."""
    assert friends.found(owners=friends.xuids("zoe", "ana", "ben", "zoe")) == ["zoe", "ana", "ben"]
    assert friends.found("take=2", owners=friends.xuids("zoe", "ana", "ben")) == ["zoe", "ana"]
    assert friends.found("take=0", owners=friends.xuids("zoe")) == []
    late = friends.xbl.user("late", xuid="9")
    friends.xbl.follow(friends.stacy, late)
    friends.ids["late"] = friends.play("late's", late)
    assert friends.found(owners=friends.people("people")) == ["late", "ana", "ben"]


def test_a_scid_narrows_the_query(friends: Friends) -> None:
    """In any case; to nothing if nobody knows it (HAND-10, CALL-5)."""
    for scid, found in ((SCID.upper(), ["ana", "zoe"]), (OTHER_SCID.lower(), ["ben"]), (UNKNOWN_SCID, [])):
        assert friends.found(owners=friends.xuids("ana", "ben", "zoe"), scid=scid) == found


def test_the_filters_of_session_queries_mean_the_same(friends: Friends) -> None:
    """They are about the sessions of the activities (HAND-12)."""
    owners, zoe = friends.xuids("ana", "ben", "zoe", "stacy"), friends.zoe.xuid
    assert friends.found("include=relatedInfo&keyword=red&take=1", owners=owners) == ["ana"]
    assert friends.found(f"xuid={zoe}&inactive=true&visibility=open&version=7&take=100", owners=owners) == ["zoe"]


@pytest.mark.parametrize("flag", ["private", "reservations"])
@pytest.mark.parametrize("owner", ["7", "2533274790000002"], ids=["nobody", "somebody"])
def test_private_activities_are_for_the_users_themselves(friends: Friends, flag: str, owner: str) -> None:
    """403 whether or not anything would match, unless the caller asks with their own xuid (HAND-12, FIND-4)."""
    body = {"type": "activity", "owners": {"xuids": [owner]}}
    what = f"{flag}=true is for services, and for users who ask with no other xuid than their own."
    for xuid in ("", f"&xuid={friends.ana.xuid}"):
        answer = friends.client.post(f"/handles/query?{flag}=true{xuid}", json=body)
        assert (answer.status_code, answer.text) == (403, refusal_text(what, f"?{flag}", "FIND-4"))
    assert friends.found(f"{flag}=true&xuid={friends.stacy.xuid}", owners={"xuids": [owner]}) == []


def test_an_activity_in_a_private_session_is_found_with_private_only(friends: Friends) -> None:
    """By services and members, each as they may ask; never by others (HAND-12, HAND-13)."""
    mine = friends.play("secret", friends.stacy, friends.zoe, visibility="private")
    owners = friends.xuids("stacy")
    for name, found in (("stacy", [mine]), ("zoe", [mine]), ("ana", [])):
        user = getattr(friends, name)
        asked = f"private=true&xuid={user.xuid}"
        assert friends.found(asked, friends.xbl.client(user), owners=owners) == found
    assert friends.found("private=true", friends.server, owners=owners) == [mine]
    assert friends.found(owners=owners) == friends.found("", friends.server, owners=owners) == []


def test_a_restriction_hides_no_activity(friends: Friends) -> None:
    """An activity opens the reading that the session's own URI denies (HAND-13, JOIN-6)."""
    theirs = friends.play("restricted", friends.ana, joinRestriction="local", readRestriction="local")
    assert friends.found(owners=friends.xuids("ana")) == [theirs]
    paths = friends.xbl.sessions["restricted"].ref.path, f"/handles/{theirs}/session"
    assert [friends.client.get(path).status_code for path in paths] == [403, 200]


@pytest.mark.parametrize("query", ["", "include=relatedInfo", "include=relatedInfo%2CcustomProperties"])
def test_a_result_has_what_the_query_includes(friends: Friends, query: str) -> None:
    """`relatedInfo` and `customProperties` where they are included (HAND-11, HAND-14)."""
    handle = friends.play("club", friends.stacy, friends.zoe, joinRestriction="followed", closed=True)
    friends.xbl.clock.advance(minutes=1)
    body = {"type": "activity", "owners": friends.xuids("stacy")}
    (result,) = results(friends.client.post(f"/handles/query?{query}", json=body))
    related = result.pop("relatedInfo", None)
    assert (related or {}).get("membersCount") == (2 if query else None)
    custom = {"customProperties": {"of": "club"}} if "custom" in query else {}
    assert result == {**as_json(friends.client.get(f"/handles/{handle}")), **custom}


def test_a_handle_names_the_platforms_of_its_title(friends: Friends) -> None:
    """Made, read and found: an entry for each, as the test has said (HAND-5, STAT-16)."""
    friends.xbl.stats.title("7", platforms={"uwp-desktop": {"pfn": "x"}})
    player = friends.xbl.user("player", title_id="7")
    session = friends.xbl.sessions.create("room", members=[player])
    client = friends.xbl.client(player)
    made = as_json(client.post("/handles", json={"type": "activity", "sessionRef": session.ref.as_json()}))
    body = {"type": "activity", "owners": {"xuids": [player.xuid]}}
    [found] = results(client.post("/handles/query", json=body))
    assert made == as_json(client.get(f"/handles/{made['id']}")) == found
    assert made["gameTypes"] == {"uwp-desktop": {"titleId": "7", "pfn": "x"}}


def test_a_name_that_adds_nothing_is_noted(friends: Friends) -> None:
    """In the journal, for a query and for a new handle, so that a misspelling can be found (HAND-11)."""
    body = {"type": "activity", "owners": friends.xuids("ana")}
    friends.client.post("/handles/query?include=relatedInfo,activityInfo", json=body)
    ben = friends.xbl.client(friends.ben)
    handle = {"type": "activity", "sessionRef": friends.xbl.sessions["ben's"].ref.as_json()}
    assert ben.post("/handles?include=relatedInfo", json=handle).status_code == 201
    query, made = friends.xbl.journal
    adds = 'include="activityInfo" adds nothing here; relatedInfo and customProperties do (HAND-11).'
    assert (query.notes, made.notes) == ((adds,), ('include="relatedInfo" adds nothing here (HAND-11).',))
    target = "POST /handles/query?include=relatedInfo,activityInfo"
    assert str(query) == f"#1 Stacy: {target} -> 200 (note: {adds})"


def test_only_activities_that_are_not_over_are_found(friends: Friends) -> None:
    """Neither invites nor transfers, nor the activity of a user who has left (HAND-9, HAND-10)."""
    ref = friends.xbl.sessions["ana's"].ref
    friends.xbl.handles.create("invite", ref, owner=friends.ana, invited=friends.stacy)
    friends.xbl.handles.create("transfer", ref, owner=friends.ana, origin=ref)
    everybody = friends.xuids("ana", "ben", "zoe", "stacy")
    assert friends.found(owners=everybody) == ["ana", "ben", "zoe"]
    friends.xbl.client(friends.ana).delete(f"{ref.path}/members/me")
    assert friends.found(owners=everybody) == ["ben", "zoe"]
