"""A service says in its headers for whom it acts (S2S)."""

from __future__ import annotations

from typing import Any

import pytest

from bodies import ACTIVE, ONE, REF, Body, session_path
from pytest_xbl import XboxLive

USERS, TITLE, SCOPE = "X-Xbl-OnBehalfOf-Users", "X-Xbl-OnBehalfOf-Title", "X-Xbl-Deny-Scope"
MANAGE = "Multiplayer.Manage"
EVERYBODY: Body = {"members": {"me_all": {"properties": {"system": {"active": True}}}}}
STATS = "/users/xuid(1)/scids/{scid}/stats/kills"
USERS_FORM = "Expected xuids with a comma between them, each with ;priv=multiplayer or not; got {}."
TITLE_FORM = "Expected a title id, a number from 1 to 4294967295 in decimal digits; got {}."


class Play:
    """Stacy (1), Ana (2) and a service."""

    def __init__(self, xbl: XboxLive) -> None:
        self.xbl = xbl
        self.stacy, self.ana = xbl.user("Stacy", xuid="1", gamertag="SG"), xbl.user("Ana", xuid="2", title_id="5")
        self.service = xbl.service("front end")

    def put(self, body: Body = EVERYBODY, *, caller: Any = None, path: str = ONE, **headers: str) -> Any:
        """A write with these headers."""
        named = {name: headers[short] for name, short in NAMED.items() if short in headers}
        return self.xbl.client(caller or self.service).put(path, json=body, headers=named)

    def why(self, **given: Any) -> tuple[int, str]:
        """The status and the reason of a write that is refused."""
        answer = self.put(**given)
        return answer.status_code, answer.headers["X-Xbl-Refusal"]


NAMED = {USERS: "users", TITLE: "title", SCOPE: "scope"}


@pytest.fixture
def play(xbl: XboxLive) -> Play:
    """The world of these tests."""
    return Play(xbl)


@pytest.mark.parametrize(
    "users",
    [
        "1,2",
        "1;priv=multiplayer,2;priv=multiplayer",
        "1;priv=multiplayer, 2",
        " 1 ; priv=multiplayer ,\t2 ",
        "1;PRIV = multiplayer,2;Priv= multiplayer",
    ],
)
def test_a_call_counts_as_that_of_the_users_in_the_header(play: Play, users: str) -> None:
    """They join with their own claims, in the title of the other header (S2S-1, S2S-2)."""
    answer = play.put(users=users, title="9")
    members = answer.get_json()["members"].values()
    assert [member["constants"]["system"]["xuid"] for member in members] == ["1", "2"]
    assert [(member["gamertag"], member["activeTitleId"]) for member in members] == [("SG", "9"), ("Ana", "9")]
    assert play.xbl.journal[0].notes == ()


@pytest.mark.parametrize("title", ["7", "0000000007", " 07 "])
def test_a_title_is_a_number(play: Play, title: str) -> None:
    """So zeros before it do not count (S2S-1)."""
    members = play.put(users="1", title=title).get_json()["members"].values()
    assert [member["activeTitleId"] for member in members] == ["7"]


def test_without_a_title_the_users_own_counts(play: Play) -> None:
    """The service asks for the header, so the journal notes that it is missing (S2S-1)."""
    members = play.put(users="1,2").get_json()["members"].values()
    assert [member["activeTitleId"] for member in members] == ["1719000001", "5"]
    assert play.xbl.journal[0].notes == (f"{TITLE} is missing, which says for which title the call is (S2S-1).",)


def test_a_privilege_that_the_user_lacks_is_noted(play: Play) -> None:
    """The service is to declare only what is so (S2S-1)."""
    play.xbl.user("Child", xuid="3", privileges=())
    play.put(users="1;priv=multiplayer,3;priv=multiplayer", title="9")
    note = f"{USERS} declares the privilege multiplayer of Child, who lacks it (S2S-1)."
    assert play.xbl.journal[0].notes == (note,)


def test_the_title_of_a_service_alone_counts_too(play: Play) -> None:
    """For the handles that it makes (S2S-1, HAND-5)."""
    body = {"type": "invite", "sessionRef": REF, "invitedXuid": "1"}
    made = play.xbl.client(play.service).post("/handles", json=body, headers={TITLE: "9"})
    assert made.get_json()["titleId"] == "9"


def test_the_header_wins_over_the_user_in_the_token(play: Play) -> None:
    """And names the only users that the service acts for (S2S-1, CALL-4)."""
    agent = play.xbl.service("agent", on_behalf_of=play.stacy)
    play.put(caller=agent, users="2", title="9")
    assert [it["gamertag"] for it in play.put(ACTIVE, caller=agent).get_json()["members"].values()] == ["Ana", "SG"]
    assert [entry.acting_for for entry in play.xbl.journal] == [("Ana",), ("Stacy",)]
    [member] = play.put(ACTIVE, caller=agent, title="8", path=session_path("two")).get_json()["members"].values()
    assert (member["gamertag"], member["activeTitleId"]) == ("SG", "8")
    assert play.why(body=ACTIVE, caller=agent, users="1,2")[0] == 403


@pytest.mark.parametrize(
    ("headers", "status", "rule", "where", "what"),
    [
        *(
            ({"users": users}, 400, "S2S-1", USERS, USERS_FORM.format(f'"{part}"'))
            for users, part in (
                *(("", ""), (",", ""), ("1,", ""), ("x", "x"), ("-1", "-1"), ("1 2", "1 2"), ("1" * 21, "1" * 21)),
                *(("1;", "1;"), ("1;multiplayer", "1;multiplayer"), ("1;priv=a;priv=b c", "1;priv=a;priv=b c")),
            )
        ),
        ({"users": "1;priv=multi"}, 400, "S2S-1", USERS,
         'The only privilege that a service can declare is multiplayer; got "multi". Did you mean multiplayer?'),
        ({"users": "1;priv="}, 400, "S2S-1", USERS,
         'The only privilege that a service can declare is multiplayer; got "".'),
        ({"users": "1,2,1"}, 400, "S2S-1", USERS, "The user 1 is named twice."),
        ({"users": "1,7"}, 403, "S2S-1", USERS,
         "A service acts for real users only, and nobody in this world has the xuid 7."),
        *(
            ({"users": "1", "title": title}, 400, "S2S-1", TITLE, TITLE_FORM.format(f'"{title}"'))
            for title in ("", "x", "0x9", "-1", "0", "000", "4294967296", "1" * 11, "9,9")
        ),
        *(
            ({"users": "1", "title": "9", "scope": scope}, 400, "S2S-3", SCOPE,
             f'The only scope that a service can deny itself is Multiplayer.Manage; got "{scope}".')
            for scope in ("", "multiplayer.manage", "Multiplayer.Runtime", "*")
        ),
        ({"scope": MANAGE}, 403, "S2S-3", SCOPE,
         "A service that denies itself Multiplayer.Manage has no access but that of the users it acts for; name them."),
    ],
)  # fmt: skip
def test_a_wrong_header_is_refused(
    play: Play, headers: dict[str, str], status: int, rule: str, where: str, what: str
) -> None:
    """With its place, before anything else is looked at; nothing is changed (S2S-1, S2S-3, CALL-16)."""
    assert play.why(body={"what": 1}, **headers) == (status, f"{rule} at {where}: {what}")
    assert len(play.xbl.sessions) == 0
    assert play.xbl.journal[0].caller == "front end"


@pytest.mark.parametrize(("short", "value"), [("users", "2"), ("title", "9"), ("scope", MANAGE)])
def test_a_user_acts_for_nobody(play: Play, short: str, value: str) -> None:
    """The headers are for services: 403 (S2S-1, S2S-3)."""
    name = {short: name for name, short in NAMED.items()}[short]
    why = f"S2S-1 at {name}: {name} is for services, and Stacy is a user."
    assert play.why(body=ACTIVE, caller=play.stacy, **{short: value}) == (403, why)


def test_statistics_do_not_read_these_headers(play: Play) -> None:
    """They are of the session directory (S2S-1)."""
    play.xbl.stats.set(play.stacy, {"kills": 7})
    answer = play.xbl.client(play.stacy).get(
        STATS.format(scid=play.xbl.scid), headers={USERS: "x", "X-Xbl-Contract-Version": "1"}
    )
    assert answer.status_code == 200


def test_a_service_may_deny_itself_its_access(play: Play) -> None:
    """The privileges are those that the header declares (S2S-1, S2S-3, PUT-11)."""
    what = f"PUT-11 at {USERS}: Ana lacks the multiplayer privilege, so cannot create or join a session."
    assert play.why(users="1;priv=multiplayer,2", title="9", scope=MANAGE) == (403, what)
    assert play.put(users="1;priv=multiplayer,2;priv=multiplayer", title="9", scope=MANAGE).status_code == 201


def test_elements_named_me_are_a_single_users(play: Play) -> None:
    """`members/me` is the user whom the service acts for; with several, nobody's (S2S-2)."""
    play.put(users="1,2", title="9")
    client, path = play.xbl.client(play.service), f"{ONE}/members/me"
    assert client.get(path, headers={USERS: "1"}).get_json()["gamertag"] == "SG"
    assert client.get(path, headers={USERS: "1,2"}).status_code == 204
    refused = client.delete(path, headers={USERS: "1,2"})
    assert (refused.status_code, refused.headers["X-Xbl-Refusal"][:22]) == (403, "S2S-2 at /members/me: ")
    assert client.delete(path, headers={USERS: "1"}).status_code == 204
    assert list(play.xbl.sessions["one"].document["members"]) == ["1"]


def post(play: Play, kind: str, users: str, **more: Any) -> Any:
    """Make a handle."""
    body = {"type": kind, "sessionRef": REF, **more}
    return play.xbl.client(play.service).post("/handles", json=body, headers={USERS: users, TITLE: "9"})


def test_an_invite_is_the_users(play: Play) -> None:
    """Who is its sender (S2S-1, HAND-3)."""
    play.put(users="1", title="9")
    made = post(play, "invite", "1", invitedXuid="2")
    assert (made.get_json()["senderXuid"], made.get_json()["titleId"]) == ("1", "9")


def test_a_service_sets_no_activity(play: Play) -> None:
    """403: only the player's own client does (S2S-4)."""
    play.put(users="1,2", title="9")
    for users in ("1", "1,2"):
        refused = post(play, "activity", users)
        why = "S2S-4 at /type: A service that acts for users cannot set their activity; the player's own client does."
        assert (refused.status_code, refused.headers["X-Xbl-Refusal"]) == (403, why)
    assert play.stacy.activity is None


def test_a_handle_has_one_owner(play: Play) -> None:
    """So several users make none: 400 (S2S-5)."""
    refused = post(play, "invite", "1,2", invitedXuid="2")
    why = f"S2S-5 at {USERS}: A handle has one owner, and the service acts for 2 users."
    assert (refused.status_code, refused.headers["X-Xbl-Refusal"]) == (400, why)


def test_a_denied_service_finds_what_its_users_find(play: Play) -> None:
    """Queries for private sessions need their own xuids, and show sessions that they may read (S2S-3, FIND-4)."""
    play.put(users="1,2", title="9")
    client, path = play.xbl.client(play.service), f"/serviceconfigs/{play.xbl.scid}/sessions?private=true&xuid="
    denied = {USERS: "1", TITLE: "9", SCOPE: MANAGE}
    assert [client.get(f"{path}{xuid}", headers=denied).status_code for xuid in "12"] == [200, 403]
    assert client.get(f"{path}2", headers={USERS: "1", TITLE: "9"}).status_code == 200
    keyword = f"{path.replace('&xuid=', '&keyword=')}a"
    assert client.get(keyword, headers=denied).status_code == 403


def test_the_journal_says_for_whom_a_service_called(play: Play) -> None:
    """And shows the headers, except in the history, which has who joined (SEEN-4, S2S-1)."""
    play.put(users="1,2", title="9")
    for number in range(3, 6):
        play.xbl.user(f"User {number}", xuid=str(number))
    play.put(users="1,2,3,4,5", title="9")
    lines = [
        "#1 front end for Stacy, Ana: put-session lobby/one -> 201",
        "#2 front end for Stacy, Ana, User 3 and 2 more: put-session lobby/one -> 200",
    ]
    assert str(play.xbl.journal).splitlines() == lines
    assert len(play.xbl.journal.filter(caller=play.service)) == 2
    assert [play.xbl.journal[0].caller, play.xbl.journal[0].acting_for] == ["front end", ("Stacy", "Ana")]
    assert str(play.xbl.sessions["one"].history).splitlines()[0] == (
        "#1 12:00:00 put-session by front end: session created, "
        "Stacy joined, Stacy became active, Ana joined, Ana became active"
    )
