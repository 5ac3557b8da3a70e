"""Members, and who may become one."""

from pytest_xbl.rulebook.rule import Rule, Source

RULES = (
    Rule(
        "MEMB-1",
        "Members live under their index as a string. An index is given once and never reused; `membersInfo.next` "
        "is the next to be given; each member's `next` names the following member's index, or `membersInfo.next` "
        "at the end; `membersInfo.first` is the first.",
        (Source("documented", "json-session"),),
    ),
    Rule(
        "MEMB-2",
        "`membersInfo`: `first`, `next`, `count` (all), `accepted` (not reserved), and `active` in live captures. "
        "Always present; `members` is never missing while `first` differs from `next` (a shipped client loops "
        "forever on that).",
        (Source("documented"), Source("recording", "saz 054", part="`active`"), Source("client", part="the hazard")),
    ),
    Rule(
        "MEMB-3",
        "`reserve_<n>` adds a reservation: `n` counts from 0 in the request whatever the session holds; new "
        "members are appended in that order. Its `constants.system.xuid` is required. Gaps or a wrong start: 400.",
        (Source("documented", "request"),),
    ),
    Rule(
        "MEMB-4",
        "A reservation for somebody who is already a member changes nothing for them.",
        (Source("assumed", "idempotence"),),
    ),
    Rule(
        "MEMB-5",
        "A numeric key carries `null` (remove that member) or `roles` (ROLE-4), and needs a server/service principal, "
        "or an owner where `hasOwners` is set; otherwise 403. Removing an index that nobody has, or has any more, "
        "changes nothing.",
        (
            Source("documented", "request, faq, browse"),
            Source("documented", "put-session (idempotent)", part="last"),
        ),
    ),
    Rule(
        "MEMB-6",
        "Member constants are set when the member is added and fixed from then on, like the session's. "
        "`constants.system`: `xuid` (string), `matchmakingResult`, `initialize`, `index`. `initialize` is kept only "
        "where the session has `memberInitialization`, and ignored once the reservation has it or the member has "
        "joined. Under `me` the caller's own xuid wins over another one that the body names, and the journal notes it.",
        (
            Source("documented"),
            Source("recording", "saz 054, csv 5", part="`index` and `initialize`"),
            Source("client", "MCXboxBroadcast", part="the xuid"),
            Source("assumed", part="where `initialize` is ignored"),
        ),
    ),
    Rule(
        "MEMB-7",
        "Member properties may be written only by that member (or a server where the rule says so).",
        (Source("documented"),),
    ),
    Rule(
        "MEMB-8",
        "Status: `reserved` until the member's first own PUT; then `properties.system.ready` or `.active` true, "
        "both at once 400, neither is inactive.",
        (Source("documented"),),
    ),
    Rule(
        "MEMB-9",
        "`gamertag` appears once the member has accepted and the token had one. `joinTime` is the time of "
        "joining, or of the reservation while reserved. `activeTitleId` (decimal string) is present while active. "
        "`turn: true` while listed in `properties.system.turn`.",
        (Source("documented"), Source("recording", "saz 054")),
    ),
    Rule(
        "MEMB-10",
        "`secureDeviceAddress` needs `connectivity`; base64; empty is absent; setting it gives the member a "
        "`deviceToken` (equal addresses, equal tokens; compared ignoring case) and, for a V1 address, `nat` "
        "open/moderate/strict. The token has 32 hexadecimal digits; any base64 is taken as an address.",
        (
            Source("documented"),
            Source("recording", "csv 5-8", part="last"),
            Source("assumed", part="how the token is computed"),
        ),
    ),
    Rule(
        "MEMB-11",
        "`connectionRequiredForActiveMembers`: a member becomes active only with a `connection` (GUID of their "
        "RTA connection); 400 otherwise. Losing the connection makes them inactive (TAP-4).",
        (Source("documented", "constants, overview"), Source("assumed", part="status")),
    ),
    Rule(
        "MEMB-12",
        "The session is full at `maxMembersCount` members, reservations included; joining or reserving beyond "
        "that is refused (JOIN-8).",
        (Source("documented", "details"),),
    ),
    Rule(
        "MEMB-13",
        "`initializationGroup` (107; `group` in 105): indices, 0 ≤ n < next; not on large sessions. `groups`, "
        "`encounters`: lists of names as sessions have them (BIG-3). `RolePreference`: "
        "weights 0 to 100. `measurements`: by lower-case device token, never one's own. `serverMeasurements`: by "
        "connection string.",
        (Source("documented"),),
    ),
    Rule(
        "MEMB-14",
        "When a member leaves: their index goes from `turn`; `host` is cleared when no member has that device "
        "token; their activity handle for this session is deleted.",
        (Source("documented"),),
    ),
    Rule(
        "MEMB-15",
        "DELETE `…/members/me` and `…/members/{index}` are the element forms of the same removals: 204 when done, "
        "and also where the member is gone already. Session missing: 404.",
        (Source("documented", "delete pages, status-codes"),),
    ),
    Rule(
        "MEMB-16",
        "A secure device address is a V1 address if its first byte is 1; its second byte is then the NAT type: 1 "
        "open, 2 moderate, 3 strict.",
        (Source("client", "first byte"), Source("assumed", part="second")),
    ),
    Rule(
        "MEMB-17",
        "Whoever takes up a reservation may add constants that the reservation left out, and change none that it "
        "has: 409.",
        (Source("assumed"),),
    ),
    Rule(
        "MEMB-18",
        "`members.me` needs a caller with a xuid: a service that acts for nobody gets 403.",
        (Source("documented", "request"), Source("assumed", part="status")),
    ),
    Rule(
        "MEMB-19",
        "Writing `active: true` ends ready, and writing `ready: true` ends active; false is the same as not being "
        "there.",
        (Source("documented", "mpsd-xbox"), Source("assumed", part="first")),
    ),
    Rule(
        "MEMB-20",
        "`properties.system.arbitration.results` of a member: the outcome of each team, by name, in a session with "
        "arbitration (CONST-17).",
        (Source("client", "XSAPI"),),
        built=False,
    ),
    Rule(
        "JOIN-1",
        "`open`: anyone reads; anyone joins unless `joinRestriction`, `closed` or a full session says no. "
        "`visible`: anyone reads; only members and reserved users write. `private`: only members and reserved "
        "users read or write. Servers read and write all (S2S-3).",
        (Source("documented", "visibility"),),
    ),
    Rule(
        "JOIN-2",
        "`joinRestriction` (`none`, `local`, `followed`) matters only for open sessions and never for reserved "
        "users. `local`: a user whose device id equals that of an active member. `followed`: local, or followed "
        "by a member who is not merely reserved.",
        (Source("documented", "mpsd-xbox"),),
    ),
    Rule(
        "JOIN-3",
        "`readRestriction` (same values) limits who reads open and visible sessions without an invite; it must be "
        "at least as accessible as `joinRestriction`.",
        (Source("client", "multiplayer_c.h"), Source("documented")),
    ),
    Rule(
        "JOIN-4",
        "`closed: true` stops new members, handles included; members and reserved users still write.",
        (Source("documented", "overview (invite handle to a closed session gives read only)"),),
    ),
    Rule(
        "JOIN-5",
        "`locked: true` needs `closed: true` (400 otherwise): people who left may come back, nobody else takes "
        "their slot. Whoever was removed, or never took up a reservation, did not leave.",
        (Source("client", "multiplayer_c.h"), Source("assumed", part="last")),
    ),
    Rule(
        "JOIN-6",
        "An invite handle gives its invitee read and write on an open session, read only on a closed one. An "
        "activity handle gives the reading that restrictions would otherwise deny to those who may see it, a search "
        "handle also the joining. A transfer handle lets members of its origin session into the target.",
        (Source("documented", "overview, browse, how-tos"),),
    ),
    Rule(
        "JOIN-7",
        "Refused reads: 403 text saying that the session is private or has a read restriction. Refused writes: "
        "403 naming the multiplayer privilege, membership and the join restriction.",
        (Source("client", "Broadcaster#269"),),
    ),
    Rule(
        "JOIN-8",
        "Joining: a private or visible session without a reservation 403 (visibility page; one client header says "
        "400 for visible); a full session 400 (client header, the only source); a closed or restricted one 403.",
        (Source("documented"), Source("client", part="full")),
    ),
    Rule(
        "JOIN-9",
        "Members may reserve slots for others in a closed session too; a closed session only stops people from "
        "coming by themselves.",
        (Source("assumed"),),
    ),
    Rule(
        "JOIN-10",
        "What keeps somebody out is named in this order: privilege, visibility, closed, restriction, full.",
        (Source("assumed"),),
    ),
    Rule(
        "JOIN-11",
        "What a handle opens, precisely: an activity opens `readRestriction`, to everybody; a search handle opens "
        "`readRestriction` and `joinRestriction`, to everybody; an invite opens these two, to its invitee; a transfer "
        "opens both and `visibility`, to those who are in its origin and not merely reserved. A private or visible "
        "session still asks an invitee for a reservation. Nothing opens a closed or a full session. Whoever has a "
        "handle that is not for them finds what they would find at the session's own URI.",
        (
            Source("documented", "visibility", part="invites to private and visible sessions"),
            Source("assumed", part="rest"),
        ),
    ),
)
