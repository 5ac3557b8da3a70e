"""User statistics."""

from pytest_xbl.rulebook.rule import Rule

RULES = (
    Rule(
        "STAT-1",
        "POST `/batch` (contract 1 or no header; also `?operation=read`): `{requestedusers, requestedscids: "
        "[{scid, requestedstats}]}` → `{users: [{xuid, gamertag, scids: [{scid, stats: [{statname, type, "
        "value}]}]}]}`. Users may be numbers or strings in the request.",
        "D userstats-batch; query C",
        built=False,
    ),
    Rule(
        "STAT-2",
        "Order follows the request. A user or statistic without a value is left out of `stats`; a user with none "
        "still appears.",
        "A",
        built=False,
    ),
    Rule(
        "STAT-3",
        'POST `/batch` (contract 2): `{arrangebyfield: "xuid", xuids, groups: [{name, titleId or scid}], stats: '
        "[{name, titleId or scid}]}` → `{groups, statlistscollection: [{arrangebyfield, arrangebyfieldid, stats: "
        "[...]}]}` with lower-case keys and string values.",
        "C two Python clients, one npm client",
        built=False,
    ),
    Rule(
        "STAT-4",
        "GET `/users/xuid({xuid})/scids/{scid}/stats/{a,b,c}`: `{user: {xuid, gamertag, stats}}`; at most 10 "
        "names or 600 characters: 400 beyond. `?include=valuemetadata` needs contract 3 and adds `valuemetadata` "
        "(a string holding JSON).",
        "D",
        built=False,
    ),
    Rule(
        "STAT-5",
        "`type` is Integer, Double, String or DateTime.",
        "D samples; C",
        built=False,
    ),
    Rule(
        "STAT-6",
        "Open statistics: anyone authorized to the sandbox. Restricted: only callers with access to the service "
        "configuration; refused with 401 by the page's pseudo-code, 403 by its table: the fake answers 403 to an "
        "identified caller.",
        "D; choice A",
        built=False,
    ),
    Rule(
        "STAT-7",
        "304 for `If-None-Match`; 400 malformed; 401 no or bad token; 404 unknown scid or user; 406 unknown version.",
        "D",
        built=False,
    ),
    Rule(
        "STAT-8",
        "The documented sample shows Integer and Double values as bare JSON numbers; shipped native clients parse "
        'only strings (`"value": "7"`). Contract 1 answers as the page does by default; one setting of the fake '
        "(world-wide, and per marker) answers with strings. Contract 2 always answers with strings.",
        "D; strings C; setting A",
        built=False,
    ),
)
