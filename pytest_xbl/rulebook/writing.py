"""Writing a session: its body, its properties, its servers."""

from pytest_xbl.rulebook.rule import Rule, Source

RULES = (
    Rule(
        "PUT-1",
        "One body form serves create, join and update; every member is optional; `{}` is a valid write of no "
        "change. Allowed members: `constants`, `properties`, `members`, `servers`, `roleTypes`. Anything else: 400. "
        "(`searchHandleVisibility`, `description` and `scheduledTime` of browse sessions stand in "
        "`properties.system`, SRCH-1.)",
        (
            Source("documented", "put-session, overview"),
            Source("documented", "roles", part="roleTypes"),
            Source("client", "five public scripts", part="browse"),
        ),
    ),
    Rule(
        "PUT-2",
        "If the session does not exist it is created from the template and the body; otherwise the body is merged "
        "into it. Writes are idempotent: the same body again changes nothing more.",
        (Source("documented"),),
    ),
    Rule(
        "PUT-3",
        "Any write by a user adds that user as a member if they are not one yet (writing `members.me: {}` and "
        "writing no members at all both join). A write by a server does not.",
        (Source("documented", "put-session"), Source("assumed", part="server")),
    ),
    Rule(
        "PUT-4",
        "`members.me: null` removes the caller. A caller who is not a member and writes `me: null` changes nothing, "
        "and makes no session where there is none: 204. A user who is not a member and says more besides: 403 "
        "(PROP-1). Whoever leaves cannot reserve a place for themselves in the same write: 400.",
        (Source("documented"), Source("assumed", part="second")),
    ),
    Rule(
        "PUT-5",
        "Merging: within each bag (`system`, `custom`) every field is replaced as a whole; `null` removes the "
        "field. Objects inside a field are not merged, and a `null` deeper inside is data. The `subscriptions` "
        "field is the exception: entries are added and removed one by one.",
        (Source("documented", 'details ("fields are updated as a whole"), custom example'),),
    ),
    Rule(
        "PUT-6",
        "PUT `…/properties` takes `{system, custom}`, behaves like a PUT of the session with only `properties`, "
        "but is 404 where the session does not exist, and honours `If-Match`.",
        (Source("documented", "put-session"),),
    ),
    Rule(
        "PUT-7",
        "`?nocommit=true`: answers with the merged result and stores nothing; the ETag looks like any other, and no "
        "session has it.",
        (Source("documented", "overview"), Source("assumed", part="ETag")),
    ),
    Rule(
        "PUT-8",
        "`If-None-Match: *`: only create; existing session 412. `If-Match: *`: only update; missing session 412. "
        "`If-Match: <etag>`: only if current. No header: create or update. "
        "Anything that is not in the form of an ETag, such as one without its quotes, matches nothing: 412 for "
        "`If-Match`, while `If-None-Match` lets the request go on, and the journal notes it. A weak ETag "
        "fails `If-Match`.",
        (
            Source("documented", "faq, mpsd-xbox"),
            Source("client", "XSAPI write modes"),
            Source("assumed", part="If-None-Match without quotes"),
        ),
    ),
    Rule(
        "PUT-9",
        "A new session starts at `changeNumber` 1; a write that changes something raises it by one and gives a "
        "new ETag; a write that changes nothing leaves both as they were. Making some handles is such a write "
        "(HAND-20).",
        (
            Source("recording", "three creations, six later writes"),
            Source("documented", part="idempotence"),
            Source("assumed", part="a write that changes nothing"),
        ),
    ),
    Rule(
        "PUT-10",
        "A write either happens whole or not at all.",
        (Source("documented"),),
    ),
    Rule(
        "PUT-11",
        "Only users with the multiplayer privilege may create or join: 403 otherwise.",
        (Source("documented", "faq"),),
    ),
    Rule(
        "PUT-12",
        "A joining write that repeats what the session already holds about the caller is a no-op, not an error "
        "(clients resend their join block).",
        (Source("client"),),
    ),
    Rule(
        "PUT-13",
        "New members get their indices in the order in which they stand in the body; a caller whom the body does "
        "not name comes first.",
        (Source("documented", "put-session, request"), Source("assumed", part="second")),
    ),
    Rule(
        "PUT-14",
        "A request that is sent again changes nothing more and is answered alike, but for these: what made a session "
        "is answered with 200 instead of 201; an element of a session, or a handle, that the first has ended is 404 "
        "(MEMB-15, HAND-7, HAND-8); a caller who has left, and may not read the session from outside or says more "
        "than that, gets 403 (PUT-4, JOIN-7, PROP-1); a precondition that the first has overtaken is 412 (PUT-8). A "
        "service that removes an index which the same body gives removes that member the second time (MEMB-5). "
        "`encounters` are reported once more (BIG-3), and `measurements` in the write that lets measuring begin count "
        "for it the second time (INIT-3). POST "
        "`/handles` makes another handle each time (HAND-20), or is 409 where its body names the id. Between the two, "
        "timers that are due act, as before every access (TIME-1).",
        (Source("documented", "put-session"), Source("assumed", part="the statuses")),
    ),
    Rule(
        "PROP-1",
        "Writable by any member (and servers); in a session with owners, subject to OWN-6.",
        (Source("documented"),),
    ),
    Rule(
        "PROP-2",
        "`keywords`: list of strings without regard to case, no commas; not on private sessions.",
        (Source("documented"), Source("assumed", part="comma")),
    ),
    Rule(
        "PROP-3",
        "`turn`: list of member indices; not on large sessions; an unknown index, or one that stands twice, is 400.",
        (Source("documented"), Source("client", part="status"), Source("assumed", part="twice")),
    ),
    Rule(
        "PROP-4",
        "`host`: a device token of a member; one that matches nobody is dropped from the result; not on large "
        "sessions.",
        (Source("documented"),),
    ),
    Rule(
        "PROP-5",
        "`joinRestriction`, `readRestriction`: JOIN; on large sessions only `none`.",
        (Source("documented"),),
    ),
    Rule(
        "PROP-6",
        "`initializationSucceeded`: only while the stage is `evaluating`, otherwise 400; acted on and removed at once.",
        (Source("documented"), Source("assumed", part="status")),
    ),
    Rule(
        "PROP-7",
        "`serverConnectionStringCandidates`: ordered strings; `matchmaking`: object (`clientResult` needs "
        "`clientMatchmaking`, `targetSessionConstants`, `serverConnectionString`, 105: `resubmit`); "
        "`matchmakingResubmit`: bool. An empty `matchmaking` is as good as none (but TMPL-14).",
        (Source("documented"), Source("assumed", part="last")),
    ),
    Rule(
        "PROP-8",
        "`closed`, `locked`, `allocateCloudCompute`: true, and otherwise not there: a false that is written is not "
        "shown.",
        (
            Source("client"),
            Source("recording", "Broadcaster#96", part="`closed: false`"),
            Source("assumed", part="the others"),
        ),
        missing="`allocateCloudCompute: true` (501)",
    ),
    Rule(
        "PROP-9",
        "`properties.system.turn` is always there on a session that is not large, `[]` when it is nobody's turn.",
        (Source("documented", "put-session, json-session"), Source("recording", "saz 054")),
    ),
    Rule(
        "PROP-10",
        "With the capability `autoPopulateServerCandidates` a session calculates `serverConnectionStringCandidates` "
        "from its members' `serverMeasurements`: the servers that all who have measured any can reach, in lower case, "
        "the one first whose highest latency is lowest. Nobody writes another list: 400. It is not there while "
        "there is no such server.",
        (
            Source("documented", "constants, mpsd-xbox", part="that it is calculated, best first"),
            Source("assumed", part="how measurements count together, status"),
        ),
    ),
    Rule(
        "SERV-1",
        "`servers.<name>` is written only by a server principal; a user's request that contains `servers` is 403. "
        "`null` removes the entry.",
        (Source("documented", "request"), Source("client", "test comments")),
    ),
    Rule(
        "SERV-2",
        "Rendered as `{constants, properties}`, merged like other bags. `servers/{name}` DELETE removes it: 204.",
        (Source("documented"),),
    ),
    Rule(
        "SERV-3",
        "`properties.system` of a matchmaking server: `lockId`, `status` (searching, expired, found, failed, "
        "canceled), `statusDetails`, `typicalWait`, `targetSessionRef`.",
        (Source("documented"),),
    ),
    Rule(
        "SERV-4",
        "The matchmaking service writes the server `matchmaking` of a ticket session: `status` searching when the "
        "ticket is made, found with `targetSessionRef` when it is matched, canceled when it is deleted. Only a match "
        "that was found names its target; what it has not to say about waiting stays as it is.",
        (Source("documented", "matchmaking-how-tos"), Source("assumed", part="last")),
    ),
)
