"""User statistics."""

from pytest_xbl.rulebook.rule import Rule, Source

RULES = (
    Rule(
        "STAT-1",
        "POST `/batch` (contract 1 or no header; also `?operation=read`): `{requestedusers, requestedscids: "
        "[{scid, requestedstats}]}` → `{users: [{xuid, gamertag, scids: [{scid, stats: [{statname, type, "
        "value}]}]}]}`. Users may be numbers or strings in the request.",
        (Source("documented", "userstats-batch"), Source("client", part="query")),
    ),
    Rule(
        "STAT-2",
        "Order follows the request. A user or statistic without a value is left out of `stats`; a user with none "
        "still appears.",
        (Source("assumed"),),
    ),
    Rule(
        "STAT-3",
        'POST `/batch` (contract 2): `{arrangebyfield: "xuid", xuids, groups: [{name, titleId or scid}], stats: '
        "[{name, titleId or scid}]}` → `{groups, statlistscollection: [{arrangebyfield, arrangebyfieldid, stats: "
        "[...]}]}` with lower-case keys and string values.",
        (Source("client", "two Python clients, one npm client"),),
    ),
    Rule(
        "STAT-4",
        "GET `/users/xuid({xuid})/scids/{scid}/stats/{a,b,c}`: `{user: {xuid, gamertag, stats}}`; at most 10 "
        "names or 600 characters: 400 beyond. `?include=valuemetadata` needs contract 3 and adds `valuemetadata` "
        "(a string holding JSON).",
        (Source("documented"),),
    ),
    Rule(
        "STAT-5",
        "`type` is Integer, Double, String or DateTime.",
        (Source("documented", "samples"), Source("client")),
    ),
    Rule(
        "STAT-6",
        "Open statistics: anyone authorized to the sandbox. Restricted: only callers with access to the service "
        "configuration; refused with 401 by the page's pseudo-code, 403 by its table: the fake answers 403 to an "
        "identified caller.",
        (Source("documented"), Source("assumed", part="choice")),
    ),
    Rule(
        "STAT-7",
        "304 for `If-None-Match`; 400 malformed; 401 no or bad token; 404 unknown scid, user or title, or a scid in "
        "the path that is no GUID (CALL-5); 406 unknown version. Rights are checked before the ETag, and before users "
        "are looked for.",
        (Source("documented"),),
    ),
    Rule(
        "STAT-8",
        "The documented sample shows Integer and Double values as bare JSON numbers; shipped native clients parse "
        'only strings (`"value": "7"`). Contract 1 answers as the page does by default; one setting of the fake, '
        "for a whole world, answers with strings. Lists, as of contract 2, always hold strings.",
        (Source("documented"), Source("client", part="strings"), Source("assumed", part="setting")),
    ),
    Rule(
        "STAT-9",
        "GET by contract: 1 answers as the page shows, and with strings (STAT-8) also with `xuid` and `scids` at its "
        "root, where native clients read them; 2 and 3 answer with `groups` and `statlistscollection` besides, which "
        "two Python clients read. `include=valuemetadata` under an older contract: 400.",
        (Source("client"), Source("assumed", part="both at once")),
    ),
    Rule(
        "STAT-10",
        "Contract 2 names a statistic with its `titleId` (or `titleid`) or its `scid`, one of them; a title belongs to "
        "one service configuration, an unknown title is 404. The fake knows no groups: each that is asked for is "
        "there, and nobody has a statistic in it.",
        (Source("client"), Source("assumed", part="404 and groups")),
    ),
    Rule(
        "STAT-11",
        "Lists are not empty, and what stands twice in one counts once. One refused statistic refuses the whole "
        "request. Values have a type of their own or the one that the title has defined; an integer can be a Double.",
        (Source("assumed"),),
    ),
    Rule(
        "STAT-12",
        "Access to a service configuration have services, and users whose token is for one of its titles. A user whose "
        "token is for another sandbox is refused all statistics: 403.",
        (Source("assumed"),),
    ),
    Rule(
        "STAT-13",
        "Without `X-Xbl-Contract-Version` a request is one of contract 1. The batch knows 1 and 2, the GET 3 too; "
        "`X-RequestedServiceVersion` is 1 or left out. Anything else: 406.",
        (Source("documented", "userstats-batch"), Source("client", part="versions"), Source("assumed", part="refusal")),
    ),
)
