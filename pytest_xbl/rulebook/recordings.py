"""Recordings of the real service: the rules by which they are replayed."""

from pytest_xbl.rulebook.rule import Rule, Source

RULES = (
    Rule(
        "REPL-1",
        "A recording is an HTTP archive (HAR), an archive of Fiddler's (SAZ), or a log of XSAPI's service calls, "
        "v1509 or v1510, as the trace analyzer reads it (CSV). An exchange that is not whole, has no response, or "
        "opens a websocket is left out, and counted by the reason, with what it lacks. Such a log does not tell the "
        "method of a write; it is the first of PUT, POST, DELETE and PATCH that the path has. The fake's own "
        "archives name the callers, and have the address of the fake in place of those of the services.",
        (Source("client", part="the columns of the log"), Source("the fake's own")),
    ),
    Rule(
        "REPL-2",
        "The world of a recording is as far as it shows: users with their gamertags and titles from URIs, bodies and "
        "members; templates from the first document of a session, less the constants that its request has set; the "
        "platforms of titles from handles; and statistics, with the first value of each. A caller is the user whom "
        "the log names, or whom they themselves name under `members.me`, or who is alone in the document after "
        "that; or else the only caller is the only user whom requests name. A note names each session that was there "
        "before.",
        (Source("the fake's own"),),
    ),
    Rule(
        "REPL-3",
        "Responses are compared by status, by the headers on which clients may depend, and by all fields of their "
        "bodies with types and values. A GUID, 32 hexadecimal digits, an ETag or a time that no request has sent "
        "before is made up by the service, and has to have the same form only. Texts, such as those of refusals, are "
        "not compared. Credentials tell callers apart, by "
        "the user hash, and are never kept; a note says where they do not, since there are none, or several users have "
        "the same.",
        (Source("the fake's own"),),
    ),
    Rule(
        "REPL-4",
        "Requests to the session directory and to user statistics are sent in their order, at their times by the "
        "world's clock, or as much later as it is ahead. Ids and ETags of recorded responses are replaced by those "
        "that the fake has made up at the same place. Requests to other hosts are left out, and counted. Whatever "
        "becomes of the requests fails no test by itself.",
        (Source("the fake's own"),),
    ),
    Rule(
        "REPL-5",
        "The result lists the differences by operation, with the rules of each, the number of the exchange in the "
        "recording, and the line of the fake's journal, which has the rule of a refusal. The command goes on with the "
        "other files if one is no recording.",
        (Source("the fake's own"),),
    ),
    Rule(
        "REPL-6",
        "`xbl_recording(name)` gives the seed of the world in which a recording ends; the name is relative to the root "
        "directory of the tests. A recording is replayed once in a session.",
        (Source("the fake's own"),),
    ),
)
