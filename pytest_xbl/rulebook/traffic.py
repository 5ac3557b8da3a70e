"""Rate limits and shoulder taps."""

from pytest_xbl.rulebook.rule import Rule, Source

RULES = (
    Rule(
        "RATE-1",
        "Counted per user and title and service, in two fixed periods: burst 15 s, sustain 300 s. Beyond "
        "either limit: 429, not handled, and it still counts.",
        (Source("documented", "fgrl"),),
        built=False,
    ),
    Rule(
        "RATE-2",
        "Body `{version, currentRequests, maxRequests, periodInSeconds, limitType}`; header `Retry-After` in seconds.",
        (Source("documented"), Source("client", part="casing")),
        built=False,
    ),
    Rule(
        "RATE-3",
        "Limits: MPSD 30/300; search handles read 1/20 and write 1/20; stats read 100/300 (another tool's rules "
        "say 10/30: offer both as named profiles).",
        (Source("documented", "fgrl"), Source("client", "trace analyzer")),
        built=False,
    ),
    Rule(
        "RATE-4",
        "The page's worked table (35, 28, 21, 36, 24, … requests) comes out exactly.",
        (Source("documented"),),
        built=False,
    ),
    Rule(
        "TAP-1",
        "A member subscribes with `properties.system.subscription` {id, changeTypes} (XSAPI) or `subscriptions` "
        "by GUID with a `profile` (older pages), and `connection` naming their RTA connection; and by "
        "`secondarySubscriptions`, each `{changeTypes, rta: {connection}}` by GUID. Not on large "
        "sessions.",
        (Source("documented"), Source("client")),
        missing="the taps: subscriptions are checked and kept, and there is no connection to send one on (TAP-2)",
    ),
    Rule(
        "TAP-2",
        "A change that matches sends `{ncid, shoulderTaps: [{timestamp, subscription, resourceType: "
        '"mpsd/session", resource: "scid~template~name" in lower case, branch, changeNumber}]}` on that '
        "connection.",
        (Source("client", "Broadcaster#118"),),
        built=False,
    ),
    Rule(
        "TAP-3",
        "RTA frames are JSON arrays: client `[1, seq, uri]` subscribe, `[2, seq, id]` unsubscribe; server `[1, "
        "seq, status, id, data]`, `[2, seq, status]`, `[3, id, data]`, `[4]` resync.",
        (Source("client"),),
        built=False,
    ),
    Rule(
        "TAP-4",
        "Losing the connection makes the member inactive (at once, or after 30 s on the RTA page) and tells the "
        "others.",
        (Source("documented"),),
        built=False,
    ),
    Rule(
        "TAP-5",
        "changeTypes: everything, host, initialization, matchmakingStatus, membersList, membersStatus, "
        "joinability, customProperty, membersCustomProperty, roles, scheduledtime.",
        (Source("client"),),
        built=False,
    ),
    Rule(
        "TAP-6",
        "MPSD's RTA resource is `https://sessiondirectory.xboxlive.com/connections/`; the subscribe reply's data "
        'is `{"ConnectionId": guid}`. Stat resources are '
        "`https://userstats.xboxlive.com/users/xuid(x)/scids/{scid}/stats/{name}`; the reply's data is `{name, "
        "type, value}`, an event's data the bare value.",
        (Source("client"),),
        built=False,
    ),
)
