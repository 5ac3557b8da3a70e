"""The schemas of the other answers: handles, results of queries, statistics, and a refusal by a rate limit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from pytest_xbl.mpsd import schema
from pytest_xbl.mpsd.handles import INVITE, SEARCH, HandleType
from pytest_xbl.mpsd.queries import STATUS_SHOWN, VISIBILITIES
from pytest_xbl.openapi.bodies import OBJECT, any_of, by_type, ref
from pytest_xbl.openapi.documents import COUNT, DIGITS, FLAG, ID, TEXT, TIME, needing
from pytest_xbl.openapi.json_schema import Schema, closed, map_of, schema_of
from pytest_xbl.userstats.model import StatisticType
from pytest_xbl.userstats.view import GROUP_PROPERTIES

SESSION_REF = schema_of(schema.session_ref)
RESTRICTION = schema_of(schema.restriction)
VISIBILITY: Schema = {"enum": [*VISIBILITIES]}
HANDLES = {"activity": "Activity", "invite": "Invite", "transfer": "Transfer", "search": "SearchHandle"}


def result_schemas() -> dict[str, Schema]:
    """The schemas of results that have a name."""
    return {
        "Handle": by_type(HANDLES),
        **_handles(),
        "SessionResult": _session_result(),
        "RelatedInfo": _related_info(),
        "Statistics": any_of("Statistics1", "Statistics2"),
        "UsersStatistics": any_of("UsersStatistics1", "UsersStatistics2"),
        "Statistics1": _statistics_1(),
        "UsersStatistics1": _users_statistics_1(),
        "Statistics2": closed({"statlistscollection": listed(_list(ref("ListedStatistic")))}),
        "UsersStatistics2": _users_statistics_2(),
        "Statistic": _statistic(),
        "ListedStatistic": _listed_statistic(),
        "TooManyRequests": _too_many_requests(),
    }


def listed(item: Schema) -> Schema:
    """A list of items."""
    return {"type": "array", "items": item}


def results_of(item: Schema) -> Schema:
    """The results of a query."""
    return needing({"results": listed(item)})


def _handles() -> dict[str, Schema]:
    included = {"relatedInfo": ref("RelatedInfo"), "customProperties": OBJECT}
    role_info = needing({"roleTypes": ref("RoleTypes")})
    return {
        "Activity": _handle("activity", **included),
        "Invite": _handle(
            "invite",
            senderXuid=DIGITS,
            invitedXuid=DIGITS,
            expiration=TIME,
            inviteAttributes=schema_of(INVITE["inviteAttributes"].shape),
        ),
        "Transfer": needing({**_pointer("transfer"), "originSessionRef": SESSION_REF}),
        "SearchHandle": _handle(
            "search", searchAttributes=schema_of(SEARCH["searchAttributes"].shape), roleInfo=role_info, **included
        ),
    }


def _pointer(kind: HandleType) -> dict[str, Schema]:
    return {"id": ID, "type": {"const": kind}, "version": {"const": 1}, "sessionRef": SESSION_REF}


def _handle(kind: HandleType, **more: Schema) -> Schema:
    """A handle; what it lacks is left out (HAND-5, CALL-10)."""
    optional = {"titleId": DIGITS, "ownerXuid": DIGITS, "inviteProtocol": TEXT, **more}
    game_types = map_of(needing({"titleId": DIGITS, "pfn": TEXT}, "pfn"))
    return needing({**_pointer(kind), "createTime": TIME, "gameTypes": game_types, **optional}, *optional)


def _related_info() -> Schema:
    optional = {
        "maxMembersCount": COUNT,
        "inviteProtocol": TEXT,
        "sessionOwners": listed(DIGITS),
        **{
            name: schema_of(schema.SESSION_PROPERTIES[name].shape)
            for name in ("keywords", "description", "scheduledTime", "searchHandleVisibility")
        },
    }
    always = {
        "visibility": VISIBILITY,
        "joinRestriction": RESTRICTION,
        "closed": FLAG,
        "membersCount": COUNT,
        "postedTime": TIME,
    }
    return needing({**always, **optional}, *optional)


def _session_result() -> Schema:
    """A session that a query has found (FIND-6)."""
    optional: dict[str, Schema] = {
        "xuid": DIGITS,
        "status": {"enum": [*dict.fromkeys(STATUS_SHOWN.values())]},
        "joinRestriction": RESTRICTION,
        "myTurn": {"const": True},
        "keywords": listed(TEXT),
    }
    always = {"startTime": TIME, "sessionRef": SESSION_REF, "accepted": COUNT, "visibility": VISIBILITY}
    return needing({**always, **optional}, *optional)


def _statistic() -> Schema:
    return needing({"statname": TEXT, "type": _type(), "value": {"type": ["number", "string"]}})


def _type() -> Schema:
    return {"enum": [*get_args(StatisticType)]}


def _player(**more: Schema) -> Schema:
    return needing({"xuid": DIGITS, "gamertag": TEXT, **more}, "gamertag")


def _scids() -> Schema:
    return listed(needing({"scid": ID, "stats": listed(ref("Statistic"))}))


def _statistics_1() -> Schema:
    """The statistics of a user under contract 1; with strings as values, also as native clients read them (STAT-8)."""
    user = _player(stats=listed(ref("Statistic")))
    return needing({"user": user, "xuid": DIGITS, "scids": _scids()}, "xuid", "scids")


def _users_statistics_1() -> Schema:
    return needing({"users": listed(_player(scids=_scids()))})


def _users_statistics_2() -> Schema:
    lists = listed(_list(ref("ListedStatistic")))
    group = needing({"name": TEXT, "titleid": DIGITS, "statlistscollection": lists}, "titleid")
    return needing({"groups": listed(group), "statlistscollection": lists})


def _list(statistic: Schema) -> Schema:
    """The statistics of one user (STAT-9)."""
    return needing({"arrangebyfield": {"const": "xuid"}, "arrangebyfieldid": DIGITS, "stats": listed(statistic)})


def _listed_statistic() -> Schema:
    optional: Mapping[str, Schema] = {
        "groupproperties": closed(dict.fromkeys(GROUP_PROPERTIES, TEXT)),
        "titleid": DIGITS,
        "value": TEXT,
        "valuemetadata": TEXT,
    }
    properties = closed({"DisplayName": TEXT})
    always = {"xuid": DIGITS, "scid": ID, "name": TEXT, "type": _type(), "properties": properties}
    return needing({**always, **optional}, *optional)


def _too_many_requests() -> Schema:
    numbers = dict.fromkeys(("currentRequests", "maxRequests", "periodInSeconds"), COUNT)
    return needing({"version": {"const": 1}, **numbers, "limitType": {"const": "rate"}})
