"""Finding sessions: queries and handles."""

from pytest_xbl.rulebook.rule import Rule, Source

RULES = (
    Rule(
        "FIND-1",
        "GET `…/{scid}/sessions` and `…/sessiontemplates/{t}/sessions`; POST `…/{scid}/batch` and "
        '`…/sessiontemplates/{t}/batch` with `{"xuids": [...]}`; the same query string for '
        "all four, but for FIND-11, and the same form of answer.",
        (Source("documented", "sessions-get"),),
    ),
    Rule(
        "FIND-2",
        "A query names a keyword, a xuid, or both; neither: 400.",
        (Source("documented"), Source("assumed", part="status")),
    ),
    Rule(
        "FIND-3",
        "`xuid`: sessions in which the user is active. `inactive=true` adds those where they are inactive or "
        "ready; `reservations=true` adds reservations; `private=true` adds private sessions.",
        (Source("documented"),),
    ),
    Rule(
        "FIND-4",
        "`private` or `reservations` need a server, or the caller's own xuid as the filter; otherwise 403, "
        "whether or not anything would match. With several xuids (batch) all must be the caller's. "
        "A service that denies itself its access has this right only if each of its users has it (S2S-3).",
        (Source("documented"), Source("assumed", part="batch, several users")),
    ),
    Rule(
        "FIND-5",
        "`visibility`: only such sessions; `private` also needs `private=true`. `keyword` ignores case. "
        "`version=n`: sessions whose `constants.system.version` ≤ n (one without a version counts as 1); n must not "
        "exceed contract version mod 100. `take`: 0 to 100, default 100. Flags accept only `true`. Anything else "
        "400. The values of `visibility` are those of XSAPI's enumeration, `any` among them, in whatever case.",
        (Source("documented"), Source("assumed", part="case, and sessions without a version")),
    ),
    Rule(
        "FIND-6",
        "A result: `sessionRef`, `startTime`, `accepted`, `visibility` (`full` when no slot of an open session is "
        "left), `joinRestriction` (only when open or full and set), `keywords` (when there are any); and when found "
        "by xuid: `xuid`, `status` (active, inactive, reserved; state of the user), `myTurn` when true.",
        (Source("documented"), Source("assumed", part="that `full` is for open sessions")),
    ),
    Rule(
        "FIND-7",
        "Batch: results come user by user in the order of the request, and a session appears once per matching user.",
        (Source("documented"),),
    ),
    Rule(
        "FIND-8",
        "Order inside one user: newest `startTime` first, then by session name.",
        (Source("assumed"),),
    ),
    Rule(
        "FIND-9",
        "Sessions that the caller may not read are left out. A query is one access to every session of the users, "
        "or with the keyword, that it asks for (TIME-1, TIME-2).",
        (Source("assumed"), Source("documented", "details", part="second")),
    ),
    Rule(
        "FIND-10",
        "`reservations` and `inactive` are about the user whom the query names: without a xuid 400, unless FIND-4 "
        "has refused it already.",
        (Source("client"), Source("assumed", part="status")),
    ),
    Rule(
        "FIND-11",
        'The body of a batch is `{"xuids": [...]}` with at least one xuid; one that stands twice counts once. '
        "A batch takes no `xuid` in its query string. `take` counts the results of all users together.",
        (Source("assumed"),),
    ),
    Rule(
        "HAND-1",
        "A handle has `id` (GUID), `type`, `version` 1 and a full `sessionRef`; it cannot be changed, only made, "
        "read, deleted. It may point at a session that does not exist, and making it creates none. The body may "
        "name the `id`; one that is taken: 409.",
        (Source("documented", "overview, handles-post"), Source("assumed", part="status")),
    ),
    Rule(
        "HAND-2",
        "POST `/handles` with `type: activity`: sets the caller's activity; an earlier one for the same title is "
        "deleted. The caller must be an active member: 403. `sessionRef.name` left out, of any handle: a GUID is "
        "filled in. It is a write of the session (HAND-20).",
        (
            Source("documented"),
            Source("recording", "saz 055", part="that it needs write access"),
            Source("client", part="active member"),
            Source("assumed", part="status"),
        ),
    ),
    Rule(
        "HAND-3",
        "`type: invite`: needs `invitedXuid`; `inviteAttributes` {titleId, context (at most 256 characters "
        "URI-encoded), contextString, senderString}. Works on full and closed sessions. Answers with the handle.",
        (Source("documented"),),
    ),
    Rule(
        "HAND-4",
        "`type: transfer`: `originSessionRef` and `sessionRef` (the target); 403 if the target does not exist; "
        "deleted with the target. It is a write of the target (HAND-20). `type: search`: SRCH.",
        (Source("client", "XSAPI"),),
    ),
    Rule(
        "HAND-5",
        "A new handle answers 201 with the handle: `id, type, version, sessionRef`; a transfer has `originSessionRef` "
        "besides, and others have `titleId, ownerXuid, createTime, inviteProtocol, gameTypes`; invites add "
        "`senderXuid, invitedXuid, expiration`, and what they were made with. `gameTypes` has an entry for each "
        "platform of the title (STAT-16), with its `titleId`, and its `pfn` where it has one; none for a service "
        "without a title. `inviteProtocol` is the session's.",
        (
            Source("recording", "saz 055, 060; csv 6"),
            Source("client", part="invites"),
            Source("assumed", part="whose `inviteProtocol`; a service without a title"),
        ),
    ),
    Rule(
        "HAND-6",
        "GET `/handles/{id}`: the page promises the session; clients read the handle's own fields. The fake "
        "answers the handle; `…/session` answers the session.",
        (Source("documented"), Source("client"), Source("assumed", part="choice")),
    ),
    Rule(
        "HAND-7",
        "GET/PUT `/handles/{id}/session` read and write the session behind the handle with the handle's rights; "
        "answers and preconditions as for the session's own URI, with `Content-Location`. Unknown or stale "
        "handle: 404.",
        (Source("documented", "faq"),),
    ),
    Rule(
        "HAND-8",
        "DELETE `/handles/{id}`: 204; for whoever made it, and services; 403 for others, owners of the session too.",
        (Source("documented"), Source("assumed", part="status")),
    ),
    Rule(
        "HAND-9",
        "Leaving a session or becoming inactive deletes the activity handle bound to it.",
        (Source("documented"),),
    ),
    Rule(
        "HAND-10",
        'POST `/handles/query`: `type` must be `activity` (or `search`); `owners` is `{"xuids": [...]}` or '
        '`{"people": {"moniker": "favorites"|"people", "monikerXuid": ...}}`; `scid` narrows. The moniker is compared '
        "without regard to case. Both kinds of owners at once, or no owner: 400.",
        (
            Source("documented", "handles-query"),
            Source("recording", "saz 039", part="case"),
            Source("client", part="last"),
        ),
    ),
    Rule(
        "HAND-11",
        "`?include=relatedInfo` adds `relatedInfo`: `visibility, joinRestriction, closed, maxMembersCount, "
        "membersCount`, and `postedTime, inviteProtocol` in captures; `customProperties` asks for HAND-14. The list is "
        "comma-separated, and may grow: a name that adds nothing here, such as `roleInfo` for activities, or "
        "`activityInfo`, is not refused, and the journal notes it. POST `/handles` takes the list, too. `postedTime` "
        "is when the handle was made, and `membersCount` counts reservations.",
        (
            Source("documented", "handles-query"),
            Source("client", "Xbox app", part="`activityInfo`, and POST"),
            Source("assumed", part="`postedTime` and the count"),
        ),
    ),
    Rule(
        "HAND-12",
        "The query-string filters are those of FIND and mean the same, 403 rule included. Their flags take `true` and "
        "`false`, which is the same as left out.",
        (Source("documented", "handles-query"),),
    ),
    Rule(
        "HAND-13",
        "Activities of sessions the caller may not see are left out: those of private sessions. The restrictions of "
        "a session keep nobody from seeing it through an activity (JOIN-6).",
        (Source("assumed"),),
    ),
    Rule(
        "HAND-14",
        "A query answers with handle data only. `?include=customProperties` adds a copy of the session's custom "
        "properties.",
        (Source("documented", "handles-query"), Source("client", "go-xsapi", part="include")),
    ),
    Rule(
        "HAND-15",
        "A handle is seen by services, by its owner and invitee, by whoever is in its session, an activity and a "
        "search handle also by everybody who may see the session through it, a transfer by whoever is in its origin. "
        "For others it is 404, as if there were none, also when it is stale. What lies behind it is for JOIN-11 to "
        "say: who knows the id comes as far as the session's own URI would let them. An id that is no GUID, or all "
        "zeros: 400.",
        (Source("assumed"), Source("client", "XSAPI", part="ids")),
    ),
    Rule(
        "HAND-16",
        "Activities come owner by owner, in the order of the request, and those of a group by xuid; the newest of an "
        "owner first. `take` counts all of them together.",
        (Source("assumed"),),
    ),
    Rule(
        "HAND-17",
        "An invite to a session that exists, and a transfer, are made by somebody who is in the session that they "
        "point at and not merely reserved, or by a service: 403 otherwise. An invite that a user makes before there "
        "is such a session opens nothing before they are in it. A transfer needs its origin: 403 without.",
        (Source("assumed"),),
    ),
    Rule(
        "HAND-18",
        "An invite expires after a day, and is then as if there were none. Where the calendar ends before, it does "
        "not expire.",
        (Source("client", part="that it expires"), Source("assumed", part="how long")),
    ),
    Rule(
        "HAND-19",
        "A handle points at one session, and not at the next of the same name: when the session is deleted, the "
        "handle is stale. The same goes for the origin of a transfer. A handle made before its session points at the "
        "first one that is made; until then GET of `…/session` answers 204 and PUT creates the session.",
        (Source("assumed"),),
    ),
    Rule(
        "HAND-20",
        "Making an activity is a write of its session, and making a transfer a write of its target (not of its "
        "origin): the change number rises by one, the ETag is another, and nothing else of the document differs. "
        "Making an invite, and deleting a handle, leaves the session as it is; making and deleting a search handle "
        "is a write, as the document shows it (SRCH-6).",
        (Source("recording", "saz 054-061, csv 5-7"), Source("assumed", part="invites and deleting")),
    ),
    Rule(
        "HAND-21",
        "An activity may briefly outlive its session. The fake ends it with the session, but a seed can make such a "
        "one: with `created`, of a session that is `gone`. Queries show it without what they include of the session, "
        "unless a filter asks about the session; `…/session` is 404. It goes when its owner makes another activity or "
        "it is deleted.",
        (
            Source("client", "ViaFabricPlus", part="that there are such"),
            Source("assumed", part="how they are answered"),
        ),
    ),
)
