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
        "still appears. A group lists all of its statistics, without `value` where the user has none.",
        (Source("client", "a proxy", "groups"), Source("assumed")),
    ),
    Rule(
        "STAT-3",
        'POST `/batch` (contract 2): `{arrangebyfield: "xuid", xuids, groups: [{name, titleId or scid}], stats: '
        "[{name, titleId or scid}]}` → `{groups, statlistscollection: [{arrangebyfield, arrangebyfieldid, stats: "
        "[{groupproperties, xuid, scid, titleid, name, type, value, properties}]}]}` with lower-case keys and string "
        "values; `titleid` only where the title was named. `groupproperties` is `{}` outside of groups; `properties` "
        "has the `DisplayName`, if there is one.",
        (
            Source("recording", "userstats batch"),
            Source("client", "two Python clients, one npm client"),
            Source("assumed", part="DisplayName outside of groups"),
        ),
    ),
    Rule(
        "STAT-4",
        "GET `/users/xuid({xuid})/scids/{scid}/stats/{a,b,c}`: under contract 1 `{user: {xuid, gamertag, stats}}`; at "
        "most 10 names or 600 characters: 400 beyond. `?include=valuemetadata` needs contract 3 and adds "
        "`valuemetadata` (a string holding JSON).",
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
        "304 for `If-None-Match` and `If-Modified-Since` (STAT-15), in a batch, too; 400 malformed; 401 no or bad "
        "token; 404 unknown scid or user, or a scid in the path that is no GUID (CALL-5); 406 unknown version "
        "(STAT-13). Rights are checked before the ETag, and before users are looked for.",
        (Source("documented", "userstats-batch"), Source("assumed", part="which resources 404 is about")),
    ),
    Rule(
        "STAT-8",
        "The documented sample shows Integer and Double values as bare JSON numbers; shipped native clients parse "
        'only strings (`"value": "7"`). Contract 1 answers as the page does by default; one setting of the fake, '
        "for a whole world, answers with strings. Lists, as of contract 2, always hold strings; a Double that is whole "
        'has no fraction there: `"5"`.',
        (
            Source("documented"),
            Source("recording", "userstats batch", "lists"),
            Source("client", part="strings"),
            Source("assumed", part="setting"),
        ),
    ),
    Rule(
        "STAT-9",
        "GET by contract: 1 answers as the page shows, and with strings (STAT-8) also with `xuid` and `scids` at its "
        "root, where native clients read them; 2 and 3 answer `{statlistscollection}` and nothing else, with lists as "
        "in a batch (STAT-3), but without `groupproperties`. `include=valuemetadata` under an older contract: 400.",
        (
            Source("recording", "userstats GET", "2 and 3"),
            Source("client", part="strings"),
            Source("assumed", part="both at once, 400"),
        ),
    ),
    Rule(
        "STAT-10",
        "Contract 2 names a statistic or a group with its `titleId` (or `titleid`) or its `scid`, one of them; a title "
        "belongs to one service configuration. Nothing is listed of a title that nobody knows, and the rest of the "
        "request is answered. A group is `{name, titleid, statlistscollection}`, `titleid` only where the title was "
        "named; a group without statistics has no lists.",
        (
            Source("recording", "userstats batch"),
            Source("client", "tools that ask for many titles at once", "unknown titles"),
            Source("assumed", part="the group of an unknown title"),
        ),
    ),
    Rule(
        "STAT-11",
        "Lists are not empty, and what stands twice in one counts once. One refused statistic refuses the whole "
        "request. Values have a type of their own or the one that the title has defined; an integer can be a Double.",
        (Source("assumed"),),
    ),
    Rule(
        "STAT-12",
        "Services, and users whose token is for one of its titles, have access to a service configuration. A user "
        "whose token is for another sandbox is refused all statistics: 403.",
        (Source("assumed"),),
    ),
    Rule(
        "STAT-13",
        "Without `X-Xbl-Contract-Version` a request is one of contract 1. The batch knows 1 and 2, the GET 3 too; "
        "`X-RequestedServiceVersion` is 1 or left out. Anything else: 406.",
        (Source("documented", "userstats-batch"), Source("client", part="versions"), Source("assumed", part="refusal")),
    ),
    Rule(
        "STAT-14",
        "A title may put a statistic into a group, with `Ordinal`, `SortOrder`, `DisplayName`, `DisplayFormat` and "
        "`DisplaySemantic`: strings in `groupproperties`, those that are defined. A group is in the order of its "
        "ordinals, then of the definitions; those without an ordinal come first. A statistic is in one group at most, "
        "and one in a group has a defined type. A group with a statistic that is restricted to the caller is refused.",
        (
            Source("recording", "userstats batch"),
            Source("assumed", part="order, one group at most, a type, refusal"),
        ),
    ),
    Rule(
        "STAT-15",
        "`If-Modified-Since` is 304 if nothing has changed since: the values and metadata of the users who are asked "
        "about, in any service configuration, and all definitions and titles; who or what became known has changed, "
        "too. What changed within the second that the header names has changed since. `Last-Modified` is the first "
        "whole second after the last change, and is left out until then. `If-None-Match` takes precedence; a "
        "malformed date, or one that has not come, is ignored.",
        (Source("documented", "userstats-batch", "304"), Source("assumed", part="what counts as a change")),
    ),
    Rule(
        "STAT-16",
        "A title runs on platforms, such as `era` and `uwp-desktop`, of which each may have a `pfn`, a package family "
        "name; on `era` alone unless a test says more.",
        (Source("recording", "POST of an activity"), Source("assumed", part="`era` alone")),
    ),
)
