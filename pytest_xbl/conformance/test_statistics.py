"""User statistics."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_xbl.conformance.answer import Answer
from pytest_xbl.conformance.bodies import Body
from pytest_xbl.conformance.person import Person
from pytest_xbl.conformance.service import Service

UNKNOWN = "00000000-0000-4000-8000-000000000000"
VALUES = {"Integer": 7, "Double": 0.5, "String": "Major"}
OLDEST = 1


def get(by: Person, service: Service, *names: str, of: str = "", contract: int | None = OLDEST, **more: Any) -> Answer:
    """The statistics of one user, the caller unless another is named."""
    text = more.pop("text", "")
    scid = more.pop("scid", service.scid)
    path = f"/users/xuid({of or by.xuid})/scids/{scid}/stats/{','.join(names)}{text}"
    return by.get(path, contract=contract, at="userstats", **more)


def batch(
    by: Person, service: Service, *names: str, users: list[Any], contract: int | None = OLDEST, **more: Any
) -> Answer:
    """The statistics of several users, under contract 1."""
    text = more.pop("text", "")
    body = {"requestedusers": users, "requestedscids": [{"scid": service.scid, "requestedstats": [*names]}]}
    return by.post(f"/batch{text}", body, contract=contract, at="userstats", **more)


def lists(by: Person, stats: list[Body], *, users: list[Any], groups: list[Body] | None = None) -> Answer:
    """The statistics of several users, under contract 2."""
    body = {"arrangebyfield": "xuid", "xuids": users, "groups": groups or [], "stats": stats}
    return by.post("/batch", body, contract=2, at="userstats")


def test_a_batch_answers_user_by_user(service: Service, stacy: Person, ana: Person) -> None:
    """In the order of the request; users as numbers or strings (STAT-1, STAT-2)."""
    name = service.statistics(Integer=7)["Integer"]
    answer = batch(stacy, service, name, users=[ana.xuid, int(stacy.xuid)]).says(200)
    answer.shows("/users/0/xuid", ana.xuid).shows("/users/1/xuid", stacy.xuid)
    answer.shows("/users/1/scids/0/stats/0/statname", name).shows("/users/1/scids/0/stats/0/type", "Integer")
    batch(stacy, service, name, users=[stacy.xuid], text="?operation=read").says(200)
    batch(stacy, service, name, users=[stacy.xuid], text="?operation=write").says(400)


def test_what_has_no_value_is_left_out(service: Service, stacy: Person, ana: Person) -> None:
    """A user without values still appears; statistics come in the order of the request (STAT-2)."""
    names = service.statistics(Integer=7, String="Major")
    answer = batch(stacy, service, names["String"], "NoSuchStatistic", names["Integer"], users=[stacy.xuid])
    found = [one["statname"] for one in answer.says(200)["/users/0/scids/0/stats"]]
    expected = [names["String"], names["Integer"]]
    assert found == expected, f"{answer.exchange}: stats: expected {expected}, got {found}"
    batch(stacy, service, "NoSuchStatistic", users=[ana.xuid]).says(200).shows("/users/0/scids/0/stats", [])


def test_contract_2_answers_with_lists(service: Service, stacy: Person) -> None:
    """In lower case, with strings (STAT-3, STAT-8)."""
    name = service.statistics(Integer=7)["Integer"]
    answer = lists(stacy, [{"name": name, "scid": service.scid}], users=[stacy.xuid]).says(200)
    answer.shows("/groups", []).shows("/statlistscollection/0/arrangebyfieldid", stacy.xuid)
    stat = answer["/statlistscollection/0/stats/0"]
    assert {"groupproperties", "xuid", "scid", "name", "type", "value", "properties"} == set(stat), f"{answer.exchange}"
    assert isinstance(stat["value"], str), f"{answer.exchange}: value {stat['value']!r} is no string"
    by_name = {"arrangebyfield": "name", "xuids": [stacy.xuid], "stats": [{"name": name, "scid": service.scid}]}
    stacy.post("/batch", by_name, contract=2, at="userstats").says(400)


def test_a_get_takes_ten_names(service: Service, stacy: Person) -> None:
    """Or 600 characters: 400 beyond; metadata need contract 3 (STAT-4, STAT-9)."""
    name = service.statistics(Integer=7)["Integer"]
    get(stacy, service, name).says(200).shows("/user/xuid", stacy.xuid).shows("/user/stats/0/statname", name)
    get(stacy, service, *(f"{name}{number}" for number in range(11))).says(400)
    get(stacy, service, "x" * 601).says(400)
    get(stacy, service, name, text="?include=valuemetadata", contract=2).says(400)
    get(stacy, service, name, text="?include=valuemetadata", contract=3).says(200)


@pytest.mark.parametrize("kind", ["Integer", "Double", "String"])
def test_a_statistic_has_a_type(service: Service, stacy: Person, kind: str) -> None:
    """Integer, Double, String or DateTime (STAT-5)."""
    name = service.statistics(**{kind: VALUES[kind]})[kind]
    get(stacy, service, name).says(200).shows("/user/stats/0/type", kind)


def test_restricted_statistics_need_access(service: Service, stacy: Person) -> None:
    """403 for a caller of another title; open ones are for all (STAT-6, STAT-12)."""
    service.define("Open", 1, access="open", type="Integer")
    service.define("Secret", 1, access="restricted", type="Integer")
    stranger = service.newcomer(title_id="99")
    get(stranger, service, "Open", of=stacy.xuid).says(200)
    get(stranger, service, "Secret", of=stacy.xuid).says(403)
    get(stacy, service, "Secret").says(200)
    get(service.server(), service, "Secret", of=stacy.xuid).says(200)


def test_a_user_of_another_sandbox_gets_nothing(service: Service, stacy: Person) -> None:
    """403 (STAT-12)."""
    name = service.statistics(Integer=7)["Integer"]
    get(service.newcomer(sandbox="OTHER.1"), service, name, of=stacy.xuid).says(403)


def test_statistics_have_an_etag(service: Service, stacy: Person) -> None:
    """304 for the current one, in a batch, too (STAT-7)."""
    name = service.statistics(Integer=7)["Integer"]
    one = get(stacy, service, name).says(200)
    get(stacy, service, name, headers={"If-None-Match": one.etag}).says(304).is_empty()
    several = batch(stacy, service, name, users=[stacy.xuid]).says(200)
    batch(stacy, service, name, users=[stacy.xuid], headers={"If-None-Match": several.etag}).says(304)


def test_unknown_callers_places_and_users_are_refused(service: Service, stacy: Person) -> None:
    """401, 404 for a service configuration and for a user, 400 for a wrong body (STAT-7)."""
    name = service.statistics(Integer=7)["Integer"]
    get(service.nobody(), service, name, of=stacy.xuid).says(401)
    get(stacy, service, name, scid=UNKNOWN).says(404)
    get(stacy, service, name, scid="none").says(404)
    get(stacy, service, name, of="18446744073709551615").says(404)
    stacy.post("/batch", {"more": 1}, contract=1, at="userstats").says(400)


def test_numbers_are_numbers_under_contract_1(service: Service, stacy: Person) -> None:
    """As on the page (STAT-8)."""
    names = service.statistics(Integer=7, Double=0.5)
    answer = get(stacy, service, *names.values()).says(200)
    for number, kind in enumerate((int, float)):
        value = answer[f"/user/stats/{number}/value"]
        assert type(value) is kind, f"{answer.exchange}: value {value!r} is no {kind.__name__}"


def test_a_whole_double_has_no_fraction_in_a_list(service: Service, stacy: Person) -> None:
    """`"5"` (STAT-8)."""
    service.define("Rate", 5.0, type="Double")
    get(stacy, service, "Rate", contract=2).says(200).shows("/statlistscollection/0/stats/0/value", "5")


@pytest.mark.parametrize("contract", [2, 3])
def test_a_get_of_a_newer_contract_answers_with_lists(service: Service, stacy: Person, contract: int) -> None:
    """And nothing else, without `groupproperties` (STAT-9)."""
    name = service.statistics(Integer=7)["Integer"]
    answer = get(stacy, service, name, contract=contract).says(200)
    assert list(answer.json) == ["statlistscollection"], f"{answer.exchange}: {list(answer.json)}"
    answer.lacks("/statlistscollection/0/stats/0/groupproperties").shows("/statlistscollection/0/stats/0/name", name)


def test_an_unknown_title_lists_nothing(service: Service, stacy: Person) -> None:
    """And the rest of the request is answered (STAT-10)."""
    name = service.statistics(Integer=7)["Integer"]
    stats = [{"name": name, "titleId": "7"}, {"name": name, "scid": service.scid}]
    answer = lists(stacy, stats, users=[stacy.xuid], groups=[{"name": "Hero", "titleId": "7"}]).says(200)
    answer.shows("/groups", [{"name": "Hero", "titleid": "7", "statlistscollection": []}])
    assert len(answer["/statlistscollection/0/stats"]) == 1, f"{answer.exchange}: {answer.json}"
    lists(stacy, [{"name": name, "titleId": "7", "scid": service.scid}], users=[stacy.xuid]).says(400)


def test_lists_are_not_empty_and_hold_nothing_twice(service: Service, stacy: Person) -> None:
    """400, and what stands twice counts once (STAT-11)."""
    name = service.statistics(Integer=7)["Integer"]
    batch(stacy, service, name, users=[]).says(400)
    batch(stacy, service, users=[stacy.xuid]).says(400)
    answer = batch(stacy, service, name, name, users=[stacy.xuid, stacy.xuid]).says(200)
    assert len(answer["/users"]) == 1, f"{answer.exchange}: {len(answer['/users'])} users"
    assert len(answer["/users/0/scids/0/stats"]) == 1, f"{answer.exchange}: a statistic twice"


def test_one_refused_statistic_refuses_all(service: Service, stacy: Person) -> None:
    """The whole request (STAT-11)."""
    service.define("Open", 1, type="Integer")
    service.define("Secret", 1, access="restricted", type="Integer")
    get(service.newcomer(title_id="99"), service, "Open", "Secret", of=stacy.xuid).says(403)


@pytest.mark.parametrize(("contract", "status"), [(None, 200), (1, 200), (3, 200), (4, 406), (107, 406)])
def test_versions_of_a_get(service: Service, stacy: Person, contract: int | None, status: int) -> None:
    """Without one it is contract 1 (STAT-13)."""
    name = service.statistics(Integer=7)["Integer"]
    get(stacy, service, name, contract=contract).says(status)


def test_versions_of_a_batch(service: Service, stacy: Person) -> None:
    """1 and 2; the requested service version is 1 (STAT-13)."""
    name = service.statistics(Integer=7)["Integer"]
    batch(stacy, service, name, users=[stacy.xuid], contract=None).says(200)
    batch(stacy, service, name, users=[stacy.xuid], contract=3).says(406)
    batch(stacy, service, name, users=[stacy.xuid], headers={"X-RequestedServiceVersion": "2"}).says(406)


def test_a_group_has_an_order(service: Service, stacy: Person) -> None:
    """By ordinals; it lists statistics without a value, too (STAT-14, STAT-2)."""
    service.define("Kills", 7, type="Integer", group="Hero", ordinal=2, display_name="Foes")
    service.define("Wins", 1, type="Integer", group="Hero", ordinal=1)
    answer = lists(stacy, [], users=[stacy.xuid], groups=[{"name": "Hero", "scid": service.scid}]).says(200)
    stats = answer["/groups/0/statlistscollection/0/stats"]
    assert [one["name"] for one in stats] == ["Wins", "Kills"], f"{answer.exchange}: {stats}"
    expected = {"Ordinal": "2", "DisplayName": "Foes"}
    assert stats[1]["groupproperties"] == expected, f"{answer.exchange}: groupproperties {stats[1]['groupproperties']}"


def test_a_display_name_is_shown_outside_of_groups(service: Service, stacy: Person) -> None:
    """In `properties` (STAT-3)."""
    service.define("Kills", 7, type="Integer", display_name="Foes")
    answer = lists(stacy, [{"name": "Kills", "scid": service.scid}], users=[stacy.xuid]).says(200)
    answer.shows("/statlistscollection/0/stats/0/properties", {"DisplayName": "Foes"})


def test_what_has_not_changed_since_is_304(service: Service, stacy: Person) -> None:
    """A malformed date is ignored; `If-None-Match` takes precedence (STAT-15, STAT-7)."""
    name = service.statistics(Integer=7)["Integer"]
    service.wait(1100)
    changed = get(stacy, service, name).says(200).headers.get("last-modified", "")
    assert changed, "no Last-Modified"
    get(stacy, service, name, headers={"If-Modified-Since": changed}).says(304)
    get(stacy, service, name, headers={"If-Modified-Since": "yesterday"}).says(200)
    get(stacy, service, name, headers={"If-Modified-Since": changed, "If-None-Match": '"0"'}).says(200)
