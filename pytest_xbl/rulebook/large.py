"""Large sessions."""

from pytest_xbl.rulebook.rule import Rule, Source

RULES = (
    Rule(
        "BIG-1",
        "A large session shows nobody the others: `members` holds at most the caller, under the key `me`. The element "
        "of another member is 204, as if there were none.",
        (Source("documented", "large, json-session"), Source("assumed", part="the element")),
    ),
    Rule(
        "BIG-2",
        "No reservations, no removal by index: 409. `turn`, `host`, `initializationGroup`, `subscription`, "
        "`subscriptions`, `secondarySubscriptions`, restrictions other than `none`: 400. To take one of them away is "
        "no mistake.",
        (
            Source("documented", "request, details, mpsd-xbox, large"),
            Source("documented", "status-codes", part="409"),
            Source("assumed", part="400, last"),
        ),
    ),
    Rule(
        "BIG-3",
        "Those who are active in a group of a large session at the same time play together. `groups` stay until "
        "changed, or the member leaves; an empty list is none. `encounters` count as 30 seconds in the group that end "
        "now; they vanish, and no response shows them. Groups and encounters share their names, which are those of "
        "sessions, without regard to case. A group is one of its session: the same name in another is another group.",
        (
            Source("documented", "large, details"),
            Source("assumed", part="two encounters exactly 30 seconds apart, which count; last"),
        ),
    ),
    Rule(
        "BIG-4",
        "`membersInfo.first` of a large session is the index of the member who is shown, and `next` where nobody is; "
        "`next` of that member is `membersInfo.next`. So whoever goes from the first to the next finds only those who "
        "are there. `count`, `accepted` and `active` are about everybody.",
        (Source("client", "XSAPI (takes the index of `me` from there)"), Source("assumed", part="the rest")),
    ),
    Rule(
        "BIG-5",
        "A write with `encounters` changes a large session: the change number rises. In any other session they mean "
        "nothing.",
        (Source("assumed"),),
    ),
    Rule(
        "BIG-6",
        "Only a session with `gameplay` makes recent players: if it is not large, all who are active at the same time "
        "are; in a large one only those of the same groups and encounters (BIG-3). An encounter counts only for a "
        "member who is active.",
        (Source("documented", "mpsd-xbox, large"), Source("assumed", part="last")),
    ),
    Rule(
        "BIG-7",
        "`xbl.recent_players` reads the histories of sessions: it begins with those who were last with the user. A "
        "dump holds no histories, so a world that is made from it knows only of those who are together in it.",
        (Source("the fake's own"),),
    ),
    Rule(
        "BIG-8",
        "A service that reads or writes a large session acts for one user in each call (S2S-1): 409 for more. Queries "
        "find it all the same.",
        (Source("documented", "large"), Source("assumed", part="409, queries")),
    ),
)
