"""Invariants of what clients receive: documents of sessions, and responses (MEMB-1, MEMB-2, TMPL-7, CALL-10)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from werkzeug.test import TestResponse

from pytest_xbl.mpsd.contracts import OLD_NAMES
from pytest_xbl.mpsd.model import Json, JsonObject
from pytest_xbl.strategies.invariants import hold

TITLES_OWN = ("custom", "servers", "measurements", "serverMeasurements", "targetSessionConstants", "matchmakingResult")
"""The fields in which a title writes what it likes, null included."""
SAME = (
    *("correlationId", "searchHandle", "branch", "changeNumber", "startTime", "nextTimer", "initializing"),
    *("hostCandidates", "roleTypes", "membersInfo", "servers"),
)
"""The fields of a document that read alike under each contract."""
OF_A_SESSION = re.compile(r"/serviceconfigs/[^/]+/sessiontemplates/[^/]+/sessions/[^/]+", re.IGNORECASE)
BY_HANDLE = re.compile("/handles/[^/]+/session", re.IGNORECASE)
QUERIES = re.compile("/handles/query|/serviceconfigs/.+/(batch|sessions)", re.IGNORECASE)
WITH_A_VERSION = (200, 201, 412)


def require_readable(document: JsonObject) -> None:
    """Require all that clients rely on in a document of a session (MEMB-1, MEMB-2, TMPL-11, CALL-10, ROLE-1, INIT-1).

    `membersInfo` leads from the first member to the last by their `next`, and counts them.

    Raises:
        AssertionError: with what is wrong.
    """
    for bag in ("constants", "properties"):
        hold(isinstance(_at(document, bag, "system"), dict), f"/{bag}/system is no object")
    members, info = document.get("members", {}), document["membersInfo"]
    for name, member in members.items():
        hold(isinstance(_at(member, "constants", "system", "xuid"), str), f"/members/{name} has no xuid")
        hold(isinstance(_at(member, "properties", "system"), dict), f"/members/{name}/properties/system is no object")
    _require_a_way(members, info)
    hold(info["count"] == len(members), f"/membersInfo/count is {info['count']}, and there are {len(members)} members")
    counts = info["active"], info["accepted"], info["count"]
    hold(counts == tuple(sorted(counts)), f"active, accepted and count of /membersInfo are {counts}")
    nulls = [*_nulls(document)]
    hold(not nulls, f"{', '.join(nulls)} is null, and is to be left out")
    _require_texts(document)
    _require_roles(document)


def _require_a_way(members: Mapping[str, JsonObject], info: JsonObject) -> None:
    """Require that a client that follows `next` meets each member, and the end."""
    way = _way(members, info["first"])
    hold(way == sorted(map(int, members)), f"next leads along {way}, and the members are {sorted(members)}")
    last = members[str(way[-1])]["next"] if way else info["first"]
    hold(last == info["next"], f"the last member leads to {last}, and /membersInfo/next is {info['next']}")


def _require_texts(document: JsonObject) -> None:
    """Require that xuids and ids of titles are texts, as clients do not read numbers."""
    system = document["constants"]["system"]
    held = {
        "/constants/system/initiators": system.get("initiators", ()),
        "/constants/system/broadcastViewerTitleIds": system.get("broadcastViewerTitleIds", ()),
        "/constants/system/cloudComputePackage/titleId": [_at(system, "cloudComputePackage", "titleId") or ""],
        "/members/*/activeTitleId": [one.get("activeTitleId", "") for one in document.get("members", {}).values()],
    }
    for place, values in held.items():
        hold(all(isinstance(value, str) for value in values or ()), f"{place} is no text: {values}")


def _require_roles(document: JsonObject) -> None:
    """Require that a role which somebody has names them, or clients read no further."""
    for type_, held in document.get("roleTypes", {}).items():
        for name, role in held["roles"].items():
            xuids = role.get("memberXuids", [])
            place = f"/roleTypes/{type_}/roles/{name}"
            hold(role["count"] == len(xuids), f"{place} counts {role['count']} members, and names {xuids}")


def require_same_session(old: JsonObject, new: JsonObject) -> None:
    """Require that the documents for both contracts tell the same (TMPL-7).

    Args:
        old: for contract 105.
        new: for contract 107.

    Raises:
        AssertionError: with what differs.
    """
    places = [(name,) for name in SAME] + [("constants", "custom"), ("properties", "custom")]
    for place in places:
        _require_same(old, new, *place)
    for bag in ("constants", "properties"):
        _require_same_fields(_at(old, bag, "system"), _at(new, bag, "system"), f"/{bag}/system")
    hold(list(old.get("members", {})) == list(new.get("members", {})), "/members differs between the contracts")
    for name, member in new.get("members", {}).items():
        for place in member:
            if place != "properties":
                _require_same(old, new, "members", name, place)
        _require_same(old, new, "members", name, "properties", "custom")
        was, now = (_at(one, "members", name, "properties", "system") for one in (old, new))
        _require_same_fields(was, now, f"/members/{name}/properties/system")


def _require_same(old: JsonObject, new: JsonObject, *place: str) -> None:
    hold(_at(old, *place) == _at(new, *place), f"/{'/'.join(place)} differs between the contracts")


def _require_same_fields(old: Json, new: Json, place: str) -> None:
    """Require the same of two `system` bags, whose fields may have other names (TMPL-7)."""
    for name, value in new.items():
        was = _at(old, *OLD_NAMES.get(name, (name,)))
        if name == "memberInitialization":
            value, was = _judged_by_title(value), _judged_by_title(was)  # noqa: PLW2901 -- as below
        if name == "matchmaking" and was:
            was = {inner: it for inner, it in was.items() if inner != "resubmit"}
        hold(was == value, f"{place}/{name} differs between the contracts")


def _judged_by_title(initialization: Json) -> Json:
    """Constants of initialization in which either name says who evaluates."""
    own = {**(initialization or {})}
    automatic = own.pop("autoEvaluate", not own.pop("externalEvaluation", False))
    return {**own, "autoEvaluate": automatic}


def require_answer(answer: TestResponse) -> None:
    """Require all that clients rely on in a response (CALL-11, HAND-7, HAND-11, FIND-1).

    A version of a session has an ETag; one by a handle says where it is; a query has a list of results.

    Raises:
        AssertionError: with what is missing.
    """
    path, status = answer.request.path, answer.status_code
    is_by_handle = BY_HANDLE.fullmatch(path) is not None
    what = f"{answer.request.method} {path} is {status}"
    if status in WITH_A_VERSION and (is_by_handle or OF_A_SESSION.fullmatch(path)) and answer.is_json:
        hold(re.fullmatch('"[0-9a-f]+"', answer.headers.get("ETag", "")), f"{what} and has no ETag")
        hold("Content-Location" in answer.headers or not is_by_handle, f"{what} and has no Content-Location")
    if status == WITH_A_VERSION[0] and QUERIES.fullmatch(path):
        results = answer.get_json()["results"]
        hold(isinstance(results, list), f"{what} and has no list of results")
        _require_related(results, what, everything="customProperties" in answer.request.args.get("include", ""))


def _require_related(results: Iterable[JsonObject], what: str, *, everything: bool) -> None:
    for result in results:
        info = result.get("relatedInfo", {"membersCount": 0, "maxMembersCount": 0})
        counts = info["membersCount"], info.get("maxMembersCount", 0)
        hold(all(type(count) is int for count in counts), f"{what} and counts members by {counts}")
        hold("customProperties" in result or not everything, f"{what} and has no customProperties")


def _nulls(value: Json, place: str = "") -> Iterator[str]:
    """The places of a document that are null, but for those in which a title writes what it likes (CALL-10)."""
    if value is None:
        yield place
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in TITLES_OWN:
                yield from _nulls(inner, f"{place}/{name}")


def _way(members: Mapping[str, JsonObject], first: int) -> list[int]:
    """The indices of members along their `next`, which may lead in a circle."""
    way: list[int] = []
    while str(first) in members and first not in way:
        way.append(first)
        first = members[str(first)]["next"]
    return way


def _at(value: Any, *place: str) -> Any:
    for name in place:
        value = value.get(name) if isinstance(value, dict) else None
    return value
