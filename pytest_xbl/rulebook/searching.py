"""Searching for sessions: search handles, and the queries that find them."""

from pytest_xbl.rulebook.rule import Rule, Source

RULES = (
    Rule(
        "SRCH-1",
        "POST `/handles` with `type: search` and `searchAttributes` {tags, strings, numbers, achievementIds, locale} "
        "lets a session be searched for. The session needs the capability `searchable`, and has one search handle at "
        "most; its document names that in `searchHandle`. It may have `searchHandleVisibility`, `description` {text, "
        "locale} and `scheduledTime` in `properties.system`, which queries show.",
        (Source("documented", "browse"), Source("client", "XSAPI, public tools", part="fields")),
    ),
    Rule(
        "SRCH-2",
        "Tags, and the names of strings and numbers, begin with a letter, hold no spaces and have less than 100 "
        "characters: 400. Values keep their case; comparison is in lower case, so a filter that compares a tag or a "
        "string with capitals finds nothing, with `tolower` or without; the journal notes that.",
        (Source("documented", "browse"), Source("assumed", part="status, without `tolower`")),
    ),
    Rule(
        "SRCH-3",
        "POST `/handles/query` with `type: search`, and optionally `scid`, `templateName`, `filter`, `orderBy`, "
        "`sessionMembers`, `sessionOwners`, `followed`, `includeScheduled`, `communicatePermissionRequired` and "
        "`global`, which changes nothing; the parameters of the query string are those of HAND-12. A result is the "
        "handle with its `searchAttributes`, and as included `relatedInfo` (HAND-11, with `sessionOwners`, `keywords`, "
        "`description`, `scheduledTime` and `searchHandleVisibility` where they are there), `roleInfo` {roleTypes} and "
        "`customProperties`: all as the session is now. The first 100 are returned.",
        (Source("documented", "browse"), Source("client", "XSAPI, Xbox app, public tools", part="body and fields")),
    ),
    Rule(
        "SRCH-4",
        "A filter compares paths with values by `eq`, `ne`, `gt`, `ge`, `lt`, `le`, in whatever case, joined by `and`, "
        "and by one `or` at the root; collections by `any` with a variable of any name; texts with `tolower` or "
        "without; parentheses may stand around parts. The paths are those of the page's table, and those that clients "
        "send beside it, in whatever case. `ne` says that the session has no such value; nothing is greater or less "
        "than a value that is missing. Anything else, more than 8,000 characters, and more than 20 parentheses inside "
        "each other: 400, with the number of the character.",
        (
            Source("documented", "browse"),
            Source("client", "XSAPI, Xbox app, public tools", part="paths beside the table, case, parentheses"),
            Source("the fake's own", part="limits"),
        ),
    ),
    Rule(
        "SRCH-5",
        "A search handle opens the read restriction and the join restriction of its session to everybody, but no "
        "private, closed or full session (JOIN-11). A direct write is refused by the `local` default of "
        "`userAuthorizationStyle`.",
        (Source("documented", "browse, constants"),),
    ),
    Rule(
        "SRCH-6",
        "A search handle is made by a member who has joined, or a service: 403 for others, and where there is no "
        "session. A session that is not `searchable` is no target of a search handle, whatever the request includes: "
        "409, and so is one that has a search handle. Making and deleting one is a write "
        "of the session, whose document shows it. It is deleted with its session.",
        (
            Source("documented", "constants, browse", part="`searchable` is needed, one handle for a session"),
            Source("assumed", part="who makes it, statuses, and the rest"),
        ),
    ),
    Rule(
        "SRCH-7",
        "`orderBy` is `Timestamp` or `Numbers/x`, with `asc` (the default) or `desc`: by the time when the handle was "
        "made, or by a number, those without it last. `suggestedLfg`, which the Xbox app sends, is accepted and means "
        "`Timestamp`. Anything else: 400.",
        (
            Source("client", "XSAPI, Xbox app"),
            Source("assumed", part="handles without the number, `suggestedLfg`, status"),
        ),
    ),
    Rule(
        "SRCH-8",
        "`sessionMembers` and `sessionOwners` are {people: {moniker, monikerXuid}}, {xuids} or one xuid: one of these "
        "people is in the session, or owns it; of a session without owners, whoever made the handle counts. With "
        "`followed`, the caller follows an owner. `communicatePermissionRequired` leaves out sessions of which an "
        "owner and the caller have blocked each other. Unless `includeScheduled` is true, sessions with a "
        "`scheduledTime` in the future are left out.",
        (Source("client", "XSAPI, Xbox app", part="names"), Source("assumed", part="meanings")),
    ),
    Rule(
        "SRCH-9",
        "In filters, `session/targetMembersCount` is the sum of the targets of all roles, `session/needs` counts from "
        "`maxMembersCount` without one, and `membersCount` counts reservations. `session/titleId` is a title of the "
        "session's service configuration, `session/registrationState` that of the server `tournaments`, and `language` "
        "the first part of the locale. Names of service configurations and templates are compared without regard to "
        "case (CALL-5).",
        (Source("assumed"),),
    ),
    Rule(
        "SRCH-10",
        "A search finds private sessions with `private=true` only, which services send, and users who ask for their "
        "own xuid (FIND-4); and then only those that the caller may read. It is one access to each session behind a "
        "handle whose attributes, service configuration and template fit (TIME-1).",
        (Source("assumed"),),
    ),
)
