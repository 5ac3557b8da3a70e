"""Real-time activity: shoulder taps, connections, and the events of other services."""

from pytest_xbl.rulebook.rule import Rule, Source

RULES = (
    Rule(
        "TAP-1",
        "A member subscribes with `properties.system.subscription` {id, changeTypes} (XSAPI) or `subscriptions` "
        "by GUID with a `profile` (older pages), and `connection` naming their RTA connection; and by "
        "`secondarySubscriptions`, each `{changeTypes, rta: {connection}}` by GUID. Not on large "
        "sessions. The profile `initialization` stands for that type, `matchmaking` for matchmakingStatus, `roster` "
        "for membersList and membersStatus, and any other for everything.",
        (Source("documented"), Source("client"), Source("assumed", part="profiles")),
    ),
    Rule(
        "TAP-2",
        "A change that matches sends `[3, id, {ncid, shoulderTaps: [{timestamp, subscription, resourceType: "
        '"mpsd/session", resource: "scid~template~name", branch, changeNumber}]}]` on the member\'s '
        "connection, before the write is answered, and in the order of the versions. `timestamp` is the time of the "
        "change; `subscription` and `resource` are in lower case.",
        (
            Source("recording", "saz 052"),
            Source("client", "Broadcaster#118"),
            Source("the fake's own", part="before the answer"),
        ),
    ),
    Rule(
        "TAP-3",
        "RTA messages are JSON arrays: client `[1, seq, uri]` subscribe, `[2, seq, id]` unsubscribe; server `[1, "
        "seq, status, id, data]` or `[1, seq, status, text]`, `[2, seq, status]`, `[3, id, data]`, `[4]` resync. "
        "Status 0 is success, 1 an unknown resource, 2 too many subscriptions, 3 no access or no such thing, 5 an "
        "unknown id. Ids count from 0 in each connection, and `seq` may be 0.",
        (
            Source("client"),
            Source("recording", "saz 052", part="ids"),
            Source("assumed", part="5, and the texts"),
        ),
    ),
    Rule(
        "TAP-4",
        "A member of a session with `connectionRequiredForActiveMembers` who loses the connection becomes inactive, "
        "at once, or after 30 s on the RTA page, and the others are told. With a new connection they join again.",
        (Source("documented", "faq; RTA best practices"),),
    ),
    Rule(
        "TAP-5",
        "changeTypes: everything; host (without regard to case); initialization (its stage); matchmakingStatus "
        "(whether there is a match, its status, its target); membersList (who is there, by xuid); membersStatus (of "
        "those who were there before); joinability (closed, locked, joinRestriction, whether the session is full); "
        "customProperty; membersCustomProperty (of those who were there before); roles; scheduledtime. Everything "
        "includes changes without a type.",
        (
            Source("client"),
            Source("assumed", part="that the service compares what XSAPI compares, and custom properties as JSON"),
        ),
    ),
    Rule(
        "TAP-6",
        "MPSD's RTA resource is `https://sessiondirectory.xboxlive.com/connections/`; the subscribe reply's data "
        'is `{"ConnectionId": guid}`. Stat resources are '
        "`https://userstats.xboxlive.com/users/xuid(x)/scids/{scid}/stats/{name}`; the reply's data is `{name, "
        "type, value}`, or null without a value, an event's data the bare value.",
        (Source("client"), Source("assumed", part="null")),
    ),
    Rule(
        "TAP-7",
        "The writer is tapped, too. A subscription is tapped for changes after the write that made it: not for the "
        "write that creates the session, or that joins and subscribes at once.",
        (
            Source("recording", "saz 052"),
            Source("client", "Broadcaster#118, #355"),
            Source("assumed", part="joins and subscribes"),
        ),
    ),
    Rule(
        "TAP-8",
        "The service holds taps of a connection back and merges them: the first comes at once, and the next frame 3 s "
        "later with the newest number of each subscription. The fake does so only where a test asks for it.",
        (Source("client", "Broadcaster#118"), Source("recording", "saz 052")),
    ),
    Rule(
        "TAP-9",
        "A tap without `changeNumber` tells of the end of a session; whoever had subscribed is tapped.",
        (Source("recording", "saz 052"), Source("assumed", part="its meaning, and who is tapped")),
    ),
    Rule(
        "TAP-10",
        "At most ten sessions can name a connection; the eleventh is refused with 409.",
        (Source("documented", "faq"), Source("assumed", part="status")),
    ),
    Rule(
        "TAP-11",
        "`GET /nonce` at `rta.xboxlive.com` gives `{nonce}`, and `GET /connect` opens a websocket for the user of the "
        "`Authorization` header, or of `?nonce=`, which counts once. Neither has a contract version. A subprotocol "
        "that the client offers is accepted. A service has no connection.",
        (Source("client"), Source("assumed", part="that a nonce counts once; services")),
    ),
    Rule(
        "TAP-12",
        "A message that is no JSON array of a known kind ends the connection: 1003 for a binary one, 1007 for what is "
        "no JSON, 1008 for what is no message, 1009 for more than 64 KiB. It fails the test like a wrong body.",
        (Source("the fake's own"),),
    ),
    Rule(
        "TAP-13",
        "People are `https://social.xboxlive.com/users/xuid(x)/friends`, for oneself only: null, and then "
        "`{NotificationType: Added, Changed or Removed, Xuids}`. Presence is "
        "`https://userpresence.xboxlive.com/users/xuid(x)/titles/{titleId}` or `/devices`: a record as of "
        "NEAR-12, and then `Started` and `Ended`, or `D:true` and `D:false`.",
        (Source("client"), Source("assumed", part="for oneself only; the type of the device")),
    ),
    Rule(
        "TAP-14",
        "A connection of a client ends after two hours. It has at most 1000 subscriptions to statistics, and 2500 to "
        "presence.",
        (Source("documented", "RTA best practices"),),
    ),
    Rule(
        "TAP-15",
        "As long as a world has had no connection, any GUID counts as one. After that a member becomes active only "
        "with one that is open: that of any user's client, or the `user.connection` that a test has asked for, "
        "until `xbl.rta.drop`.",
        (Source("the fake's own"), Source("client", "friend-connect, Broadcaster", part="of any user")),
    ),
    Rule(
        "TAP-16",
        "Nobody waits for a client that does not read. What its socket does not take is kept, up to 4 MiB; then the "
        "connection is lost.",
        (Source("the fake's own"),),
    ),
    Rule(
        "TAP-17",
        "A move of the world's clock stops wherever real-time activity has something to do: held taps are sent, a "
        "connection ends after its two hours, a member becomes inactive at the end of the grace. A world that is put "
        "back forgets held taps, and the losses of connections that are open again.",
        (Source("the fake's own"),),
    ),
)
