"""Calling the service, and the meaning of its status codes."""

from pytest_xbl.rulebook.rule import Rule, Source

RULES = (
    Rule(
        "CALL-1",
        "Hosts: `sessiondirectory.xboxlive.com` (sessions, templates, batch, handles), `userstats.xboxlive.com` "
        "(stats), `client-sessiondirectory.xboxlive.com` (same API for certificate callers), and the neighbours "
        "(NEAR-1). The paths of the "
        "services do not overlap, so one base URL can serve them all; when the Host header names a real host, "
        "of Xbox Live or of those that sign people in, only that host's routes answer: 404 otherwise. So is "
        "CONNECT, because the fake is not a proxy.",
        (
            Source("documented", "mpsd-xbox, userstats"),
            Source("assumed", part="overlap"),
            Source("the fake's own", part="CONNECT"),
        ),
    ),
    Rule(
        "CALL-2",
        "Every MPSD and handles request carries `X-Xbl-Contract-Version`; its value is `100 * major + minor`. "
        "104, 105 and 107 are accepted, and anything from 104 up is treated as the newest known (107). Missing, "
        "not a number, or below 104: 400 text/plain.",
        (Source("documented", "put-session, details"), Source("assumed", part="upper bound")),
    ),
    Rule(
        "CALL-3",
        "`Authorization: XBL3.0 x=<userhash>;<token>` identifies the caller. Missing or unreadable, or an unknown "
        "user: 401.",
        (Source("documented", "userstats-batch"),),
    ),
    Rule(
        "CALL-4",
        "The caller's claims: xuid, gamertag (may be absent), device id, title id, sandbox, privileges; or a "
        "service/server principal, alone or with the claim of a user (S2S-1).",
        (Source("documented", "details, put-session"),),
    ),
    Rule(
        "CALL-5",
        "Path literals are matched without regard to case (`sessionTemplates` and `sessiontemplates` are both in "
        "use). SCIDs are GUIDs compared without regard to case. Template and session names are compared without "
        "regard to case and echoed as first written.",
        (
            Source("client", "go-xsapi"),
            Source("documented", "details (name rule: group names follow session names, which ignore case)"),
        ),
    ),
    Rule(
        "CALL-6",
        "Request bodies are JSON objects. Malformed JSON, a body that is not an object, a member the schema does "
        "not know, or a value of the wrong type: 400 with a text/plain message naming the JSON path. Nothing is "
        "changed.",
        (Source("documented", 'status-codes, put-session ("all other members are prohibited")'),),
    ),
    Rule(
        "CALL-7",
        "A plausible URI with a wrong verb: 405 text/plain with `Allow`. An unknown URI: 404 text/plain.",
        (Source("documented", "status-codes"),),
    ),
    Rule(
        "CALL-8",
        "Times are UTC, ISO 8601 with seven fractional digits and `Z`.",
        (Source("documented", "json-session samples"), Source("recording", "saz 054")),
    ),
    Rule(
        "CALL-9",
        "Integers up to 64 bits survive a round trip unchanged, as do unknown members inside `custom`.",
        (Source("client", "bedrock-portal"),),
    ),
    Rule(
        "CALL-10",
        "Absent is absent: the service leaves a field out rather than sending `null` (custom data excepted). "
        "`constants.system` and `properties.system` are present on the session and on every member, if only as "
        "`{}`. xuids, of at most 64 bits, and title ids are strings of decimal digits. `correlationId` and `branch` "
        "are in lower case.",
        (
            Source("client"),
            Source("documented", "handles-query", part="bits"),
            Source("recording", "saz 054", part="last"),
        ),
    ),
    Rule(
        "CALL-11",
        "200, 201 and 412 answers of a session carry `ETag`: 32 lower-case hexadecimal digits in quotes; clients "
        "send it back verbatim, quotes and all. JSON is `application/json`, without a charset. "
        "Handle routes to a session carry its `Content-Location` with the path only, as "
        "`/serviceconfigs/{scid}/sessionTemplates/{t}/sessions/{n}`. `Date` is always there.",
        (Source("client"), Source("recording", "saz 054 to 065, csv 4 to 8", part="ETag, Content-Type, Date")),
    ),
    Rule(
        "CALL-12",
        "A body has at most 1 MiB, compressed or not: 413 beyond. Objects and lists lie at most 64 deep inside each "
        "other: 400 beyond.",
        (Source("assumed"),),
    ),
    Rule(
        "CALL-13",
        "A body is read as JSON if its `Content-Type` is a type of JSON, `text/plain` or `text/json`, or is left "
        "out; 400 for any other, such as that of a form. Its `Content-Encoding` may be gzip or x-gzip, of one member, "
        "deflate or identity; 400 for any other.",
        (Source("client", "scripts in browsers", part="text/plain"), Source("assumed")),
    ),
    Rule(
        "CALL-14",
        "An operation takes the query parameters that its page names and no others, and a flag is `true` or left "
        "out, or `false` where activities are queried (HAND-12): 400 otherwise. So is a parameter that stands twice "
        "with different values, and a query string that is not UTF-8.",
        (Source("documented", "overview"), Source("assumed", part="refusal")),
    ),
    Rule(
        "CALL-15",
        "Names of templates and sessions have 1 to 99 printable characters and no slash: 404 otherwise.",
        (Source("client"), Source("assumed", part="status")),
    ),
    Rule(
        "CALL-16",
        "Checks come in this order: path, verb, caller, contract version, query string, body, template or handle, "
        "timers, preconditions, caller's rights, the write itself. The first that fails answers.",
        (Source("assumed"),),
    ),
    Rule(
        "CALL-17",
        "Every answer has `Cache-Control`, which is `max-age=0, must-revalidate` where a session or an element of it "
        "is read or written (200, 201, 304) and `no-cache, no-store` otherwise; `X-Content-Type-Options: nosniff`; "
        "`X-XblCorrelationId`, a lower-case GUID of each request's own; and `X-Xbl-Debug`, of which the fake says "
        "`warning=DoNotDependOnDebugHeaders` only. An answer that comes from no test's world has none of them: to "
        "malformed HTTP, and those of a server whose test is over (410) or has not begun (503).",
        (
            Source("recording", "saz 039, 054 to 065, csv 4 to 8"),
            Source("assumed", part="Cache-Control of elements, statistics, 204, 304 and refusals but 412"),
            Source("the fake's own", part="last"),
        ),
    ),
    Rule(
        "CODE-101",
        "A connection is opened: what follows on it are messages (TAP-3).",
        (Source("client"),),
    ),
    Rule(
        "CODE-200",
        "Read, or updated by PUT: body is the session.",
        (Source("documented", "status-codes"),),
    ),
    Rule(
        "CODE-201",
        "Session or handle created: body is the session or the handle. That of a handle has `Location` and "
        "`Content-Location`, both `/handles/{id}`; that of a session at its own URI has neither.",
        (Source("documented"), Source("recording", "saz 054, 055, 059, 060, csv 5, 6", part="headers")),
    ),
    Rule(
        "CODE-204",
        "GET of a session that does not exist. GET of an element that does not exist in a session that does. PUT "
        "whose result is that the session is deleted, or is never created because nobody is in it and "
        "`sessionEmptyTimeout` is 0. PUT or DELETE of an element after which the session or the element is gone. "
        "No body.",
        (Source("documented", "status-codes, faq"),),
    ),
    Rule(
        "CODE-304",
        "GET with `If-None-Match` equal to the current ETag.",
        (Source("documented"),),
    ),
    Rule(
        "CODE-400",
        "Invalid on first sight (see CALL-6); text/plain message.",
        (Source("documented"),),
    ),
    Rule(
        "CODE-403",
        "Valid in some context but not for this caller. If the caller may read the session, the body is the "
        "session as JSON; otherwise a text/plain message.",
        (Source("documented"),),
    ),
    Rule(
        "CODE-404",
        "The URI is invalid, or the handle, SCID or template is unknown, or an element of a session that does not "
        "exist was named (so PUT `…/properties` on a missing session is 404, while GET of the missing session "
        "itself is 204).",
        (Source("documented", "status-codes, put-session"),),
    ),
    Rule(
        "CODE-405",
        "Wrong verb.",
        (Source("documented"),),
    ),
    Rule(
        "CODE-409",
        "Compatible with the schema but not with this session: constants that conflict with the template or "
        "session, members other than the caller added to or removed from a large session, and the like.",
        (Source("documented"),),
    ),
    Rule(
        "CODE-412",
        "A precondition failed. For PUT or DELETE with `If-Match` on an existing session the current session is "
        "returned as JSON with its current ETag.",
        (Source("documented"), Source("recording", "saz 057, 061")),
    ),
    Rule(
        "CODE-413",
        "A body that is too long (CALL-12); text/plain.",
        (Source("assumed"),),
    ),
    Rule(
        "CODE-429",
        "Throttled (RATE-1); JSON body, `Retry-After`.",
        (Source("documented", "fgrl"),),
    ),
    Rule(
        "CODE-501",
        "Only the fake answers this: the service could do what is asked, the fake cannot yet. Nothing is changed, "
        "and the text names the rule.",
        (Source("assumed"),),
    ),
    Rule(
        "CODE-503",
        "Overloaded; no body, `Retry-After`. Only as a fault, which says whether there is such a header (FAULT-2).",
        (Source("documented"), Source("the fake's own", part="fault")),
    ),
    Rule(
        "CODE-ALL",
        "Any 4xx that returns the session returns the whole session, even when the URI named an element.",
        (Source("documented"),),
    ),
)
