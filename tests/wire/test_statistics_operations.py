"""User statistics over the wire: several users at once and one alone, in every dialect there is."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from bodies import SCID, as_json
from errors import refusal_text
from pytest_xbl import XboxLive
from pytest_xbl.userstats.model import Value

if TYPE_CHECKING:
    from werkzeug.test import TestResponse


TITLE = "1719000001"
UNKNOWN_SCID = "00000000-0000-4000-8000-000000000000"
STACY, ANA = "2533274790000001", "2533274790000002"
USERS_AT = {"batch": "/requestedusers/0", "grouped": "/xuids/0", "get": "the URI"}
SCIDS_AT = {"batch": "/requestedscids/0/scid", "grouped": "/stats/0/scid", "get": "the URI"}
"""The places of a user and of a service configuration, by each way to ask."""

every_way = pytest.mark.parametrize("way", ["batch", "grouped", "get"])


def path_of(*names: str, xuid: str = STACY, scid: str = SCID) -> str:
    """The path of the statistics of one user."""
    return f"/users/xuid({xuid})/scids/{scid}/stats/{','.join(names)}"


def wanted(*names: str, scid: str = SCID) -> dict[str, Any]:
    """Statistics of one service configuration, as a batch under contract 1 asks for them."""
    return {"scid": scid, "requestedstats": list(names)}


def shown(name: str, kind: str, value: float | str, **more: str) -> dict[str, Any]:
    """A statistic as contract 1 shows it."""
    return {"statname": name, "type": kind, "value": value, **more}


def listed(xuid: str, name: str, kind: str, value: str, **more: Any) -> dict[str, Any]:
    """A statistic of `SCID` as contracts 2 and 3 show it; a batch adds that it is in no group."""
    return {"xuid": xuid, "scid": SCID, "name": name, "type": kind, "value": value, "properties": {}, **more}


UNGROUPED: dict[str, Any] = {"groupproperties": {}}


def list_of(xuid: str, *stats: dict[str, Any]) -> dict[str, Any]:
    """The statistics of one user as contract 2 shows them."""
    return {"arrangebyfield": "xuid", "arrangebyfieldid": xuid, "stats": list(stats)}


class Table:
    """Stacy and Ana with statistics."""

    def __init__(self, xbl: XboxLive) -> None:
        self.xbl = xbl
        self.stacy, self.ana = xbl.users("Stacy", "Ana")
        at_noon = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
        values: dict[str, Value] = {"Kills": 7, "Rate": 0.5, "Rank": "Major", "Played": at_noon}
        xbl.stats.set(self.stacy, values, metadata={"Kills": {"map": "dunes", "with": [1, None]}})
        xbl.stats.set(self.ana, {"Kills": 3})

    def ask(self, method: str, path: str, contract: str, body: Any = None, **headers: str) -> TestResponse:
        """An answer to Stacy; underscores of headers are hyphens."""
        sent = {"X-Xbl-Contract-Version": contract, **{n.replace("_", "-"): value for n, value in headers.items()}}
        return self.xbl.client(self.stacy).open(path, method=method, json=body, headers=sent)

    def get(self, path: str, contract: str = "1", **more: Any) -> TestResponse:
        """The answer to a GET."""
        return self.ask("GET", path, contract, **more)

    def batch(self, users: list[Any], *scids: dict[str, Any], **more: Any) -> TestResponse:
        """The answer to a batch under contract 1."""
        return self.ask("POST", "/batch", "1", {"requestedusers": users, "requestedscids": list(scids)}, **more)

    def grouped(self, xuids: list[Any], stats: list[Any], groups: list[Any] | None = None, **more: Any) -> TestResponse:
        """The answer to a batch under contract 2."""
        body = {"arrangebyfield": "xuid", "xuids": xuids, "groups": groups or [], "stats": stats}
        return self.ask("POST", "/batch", "2", body, **more)

    def read(self, way: str, name: str = "Kills", *, xuid: str = STACY, scid: str = SCID, **more: Any) -> TestResponse:
        """One statistic of one user, in each of the ways in which it can be asked for."""
        if way == "get":
            return self.get(path_of(name, xuid=xuid, scid=scid), **more)
        if way == "batch":
            return self.batch([xuid], wanted(name, scid=scid), **more)
        return self.grouped([xuid], [{"name": name, "scid": scid}], **more)


@pytest.fixture
def table(xbl: XboxLive) -> Table:
    """The world that most tests here are about."""
    return Table(xbl)


# The documented batch


PAGE = b"""{
    "requestedusers": [1234567890123460, 1234567890123234],
    "requestedscids": [
        {
            "scid": "c402ff50-3e76-11e2-a25f-0800200c1212",
            "requestedstats": ["Test4FirefightKills", "Test4FirefightHeadshots"]
        },
        {"scid": "c402ff50-3e76-11e2-a25f-0800200c0343", "requestedstats": ["OverallTestKills", "TestHeadshots"]}
    ]
}"""
"""The request of the page on POST of a batch."""


def test_the_sample_of_the_page_on_post_batch(xbl: XboxLive) -> None:
    """Four statistics from two service configurations for two users, request and response (STAT-1, STAT-5, STAT-8).

    The response of the page is not JSON, names other users than its request, and other service configurations for the
    second of them; these slips are not repeated.
    """
    reached = {
        ("1234567890123460", "WarriorSaint"): ((7, 4), (3434, 41)),
        ("1234567890123234", "TigerShark"): ((63, 12), (375, 34)),
    }
    asked = json.loads(PAGE)["requestedscids"]
    expected = []
    for (xuid, gamertag), values in reached.items():
        user = xbl.user(gamertag, xuid=xuid, gamertag=gamertag)
        scids = []
        for part, of_part in zip(asked, values, strict=True):
            stats = dict(zip(part["requestedstats"], of_part, strict=True))
            xbl.stats.set(user, dict(stats), scid=part["scid"])
            shown_there = [shown(name, "Integer", value) for name, value in stats.items()]
            scids.append({"scid": part["scid"], "stats": shown_there})
        expected.append({"xuid": xuid, "gamertag": gamertag, "scids": scids})
    headers = {"Authorization": xbl.user("Stacy").authorization, "Host": "userstats.xboxlive.com"}
    answer = xbl.client().post("/batch", data=PAGE, headers=headers)
    assert as_json(answer) == {"users": expected}


@pytest.mark.parametrize("query", ["", "?operation=read"])
@pytest.mark.parametrize("contract", [{}, {"X-Xbl-Contract-Version": "1"}, {"X-RequestedServiceVersion": "1"}])
def test_a_batch_may_say_that_it_reads_and_which_version(table: Table, query: str, contract: dict[str, str]) -> None:
    """Native clients send both; without a contract version it is the same answer (STAT-1, STAT-13)."""
    body = {"requestedusers": [STACY], "requestedscids": [wanted("Kills")]}
    headers = {"Authorization": table.stacy.authorization, **contract}
    answer = table.xbl.client().post(f"/batch{query}", json=body, headers=headers)
    assert as_json(answer) == as_json(table.batch([STACY], wanted("Kills")))


def test_a_batch_may_ask_for_more_than_a_get(table: Table) -> None:
    """Ten names and 600 characters are the bounds of a path, and of nothing else (STAT-4)."""
    values: dict[str, Value] = {f"{'x' * 90}{number}": number for number in range(30)}
    table.xbl.stats.set(table.ana, values)
    [user] = as_json(table.batch([ANA], wanted(*values)))["users"]
    assert [stat["value"] for stat in user["scids"][0]["stats"]] == list(range(30))


# The batch under contract 2


@pytest.mark.parametrize("values", ["numbers", "strings"])
def test_contract_2_answers_with_a_list_for_each_user(table: Table, values: Any) -> None:
    """By title or by service configuration, each as it was asked for; values are strings (STAT-3, STAT-8, STAT-10).

    Of an unknown title there is nothing, and of a group without statistics only its name.
    """
    table.xbl.stats.values = values
    table.xbl.stats.define("Kills", type="Integer", group="Hero", ordinal=1, display_name="Kills")
    table.xbl.stats.define("Deaths", type="Integer", group="Hero", sort_order="Ascending")
    asked = [
        {"name": "Rank", "titleId": "7"},
        {"name": "Rank", "titleId": TITLE},
        {"name": "Kills", "scid": SCID},
        {"name": "Rate", "titleid": int(TITLE)},
        {"name": "Deaths", "titleId": TITLE},
    ]
    groups = [{"name": name, "titleId": title} for name, title in (("Hero", TITLE), ("Hero", "7"))]
    groups += [{"name": "Medals", "scid": SCID}]
    named: dict[str, Any] = {"properties": {"DisplayName": "Kills"}}
    of_kills = {"groupproperties": {"Ordinal": "1", "DisplayName": "Kills"}, **named}
    hero = [
        list_of(xuid, deaths_of(xuid), listed(xuid, "Kills", "Integer", kills, **of_kills))
        for xuid, kills in ((ANA, "3"), (STACY, "7"))
    ]
    assert as_json(table.grouped([ANA, STACY], asked, groups=groups)) == {
        "groups": [
            {"name": "Hero", "titleid": TITLE, "statlistscollection": hero},
            {"name": "Hero", "titleid": "7", "statlistscollection": []},
            {"name": "Medals", "statlistscollection": []},
        ],
        "statlistscollection": [
            list_of(ANA, listed(ANA, "Kills", "Integer", "3", **UNGROUPED, **named)),
            list_of(
                STACY,
                listed(STACY, "Rank", "String", "Major", titleid=TITLE, **UNGROUPED),
                listed(STACY, "Kills", "Integer", "7", **UNGROUPED, **named),
                listed(STACY, "Rate", "Double", "0.5", titleid=TITLE, **UNGROUPED),
            ),
        ],
    }


def test_an_unknown_title_is_noted(table: Table) -> None:
    """In the journal, for a statistic and for a group, so that a misspelling can be found (STAT-10)."""
    table.grouped([ANA], [{"name": "Rank", "titleId": "7"}], groups=[{"name": "Hero", "titleId": 8}])
    assert table.xbl.journal[-1].notes == (
        "The title 7 of Rank is unknown, so it adds nothing (STAT-10).",
        "The title 8 of Hero is unknown, so it adds nothing (STAT-10).",
    )


def deaths_of(xuid: str) -> dict[str, Any]:
    """The statistic of the group that nobody has reached."""
    entry = {"xuid": xuid, "scid": SCID, "name": "Deaths", "type": "Integer", "properties": {}}
    return {"groupproperties": {"SortOrder": "Ascending"}, **entry}


def test_the_answer_of_contract_2_has_the_fields_in_the_order_of_a_recording(table: Table) -> None:
    """A person compares the two more easily (STAT-3)."""
    table.xbl.stats.define("Kills", type="Integer", group="Hero", ordinal=1)
    hero = [{"name": "Hero", "titleId": TITLE}]
    body = as_json(table.grouped([STACY], [{"name": "Kills", "titleId": TITLE}], groups=hero))
    [group], [alone] = body["groups"], body["statlistscollection"]
    fields = ["groupproperties", "xuid", "scid", "titleid", "name", "type", "value", "properties"]
    assert (list(body), list(group)) == (["groups", "statlistscollection"], ["name", "titleid", "statlistscollection"])
    assert list(alone["stats"][0]) == fields
    [in_group] = group["statlistscollection"]
    assert list(in_group["stats"][0]) == [field for field in fields if field != "titleid"]


# One user


@pytest.mark.parametrize(
    ("contract", "query", "values"),
    [
        *((contract, "", values) for contract in ("1", "2") for values in ("numbers", "strings")),
        *(("3", "", "numbers"), ("3", "?include=valuemetadata", "numbers")),
    ],
)
def test_a_get_answers_in_the_form_of_its_contract(table: Table, contract: str, query: str, values: Any) -> None:
    """Under 1 the page's form, with strings what native clients read at the root; from 2 on one list and nothing else.

    `valuemetadata` is a string that holds JSON, and is there on request (STAT-4, STAT-8, STAT-9).
    """
    table.xbl.stats.values = values
    rate, kills = (0.5, 7) if values == "numbers" else ("0.5", "7")
    more = {"valuemetadata": '{"map": "dunes", "with": [1, null]}'} if query else {}
    table.xbl.stats.define("Rate", display_name="Hits")
    stats = [shown("Rate", "Double", rate), shown("Kills", "Integer", kills)]
    by_the_page = {
        "user": {"xuid": STACY, "gamertag": "Stacy", "stats": stats},
        **({"xuid": STACY, "scids": [{"scid": SCID, "stats": stats}]} if values == "strings" else {}),
    }
    hits = listed(STACY, "Rate", "Double", "0.5", properties={"DisplayName": "Hits"})
    lists = [list_of(STACY, hits, listed(STACY, "Kills", "Integer", "7", **more))]
    expected = by_the_page if contract == "1" else {"statlistscollection": lists}
    assert as_json(table.get(f"{path_of('Rate', 'Deaths', 'Kills')}{query}", contract)) == expected


@pytest.mark.parametrize("contract", ["1", "2"])
def test_metadata_needs_contract_3(table: Table, contract: str) -> None:
    """Under an older contract it is a mistake of the client (STAT-4, STAT-9)."""
    answer = table.get(f"{path_of('Kills')}?include=valuemetadata", contract=contract)
    what = f"valuemetadata needs contract 3, not {contract}."
    assert (answer.status_code, answer.text) == (400, refusal_text(what, "?include", "STAT-4"))


@pytest.mark.parametrize("name", ["Kills per Round", "50%", "Zoë", "🎮", "a+b", "a?b#c"])
def test_a_name_in_a_path_may_be_percent_encoded(table: Table, name: str) -> None:
    """The statistic is found by its name, whatever it is; so may the form of the user (STAT-4)."""
    table.xbl.stats.set(table.stacy, {name: 1})
    encoded = "".join(f"%{byte:02X}" for byte in name.encode())
    answer = table.get(path_of(encoded).replace("(", "%28"))
    assert as_json(answer)["user"]["stats"] == [shown(name, "Integer", 1)]


# What else is refused


UNKNOWN = f"The service configuration {UNKNOWN_SCID} is unknown: it has no statistics, no titles and no templates."


@every_way
def test_what_nobody_knows_is_not_found(table: Table, way: str) -> None:
    """404 for a user and for a service configuration; no refusal has an ETag (STAT-7)."""
    for asked, what, where in (
        ({"xuid": "7", "If_None_Match": "*"}, "There is no user with the xuid 7.", USERS_AT[way]),
        ({"scid": UNKNOWN_SCID}, UNKNOWN, SCIDS_AT[way]),
    ):
        answer = table.read(way, **asked)
        assert (answer.status_code, answer.text) == (404, refusal_text(what, where, "STAT-7"))
        assert "ETag" not in answer.headers


EXISTING = {"requestedusers": [STACY], "requestedscids": [wanted("Kills")]}
STEPS = [
    (404, "CALL-7", "path", "/batch"),
    (405, "CALL-7", "method", "POST"),
    (401, "CALL-3", "Authorization", "XBL3.0 x=hash;secret"),
    (406, "STAT-13", "X-Xbl-Contract-Version", "1"),
    (406, "STAT-13", "X-RequestedServiceVersion", "1"),
    (400, "CALL-14", "query", "?operation=write"),
    (400, "STAT-1", "query", "?operation=read"),
    (400, "CALL-6", "body", "{}"),
    (400, "CALL-6", "body", {"requestedusers": ["7"], "requestedscids": [wanted("Kills", scid=UNKNOWN_SCID)]}),
    (403, "STAT-6", "sandbox", "XDKS.1"),
    (404, "STAT-7", "body", {**EXISTING, "requestedusers": ["7"]}),
    (403, "STAT-6", "title", SCID),
    (404, "STAT-7", "body", EXISTING),
    (412, "CODE-412", "If-Match", "*"),
    (200, "", "", ""),
]
"""Status and rule of the response, and the part of the request that is then put right."""


def test_the_first_part_of_a_batch_that_is_wrong_answers(table: Table) -> None:
    """Path, verb, caller, version, query, body, sandbox, scid, access, users, ETag: in this order.

    A request with everything wrong is put right piece by piece, and each time the next piece answers (CALL-16).
    """
    table.xbl.user("Last", token="secret", userhash="hash", sandbox="XDKS.1", title_id="99")
    table.xbl.stats.define("Kills", access="restricted")
    request = {"path": "/nowhere", "method": "BREW", "query": "?x=1", "body": "{"}
    headers = {
        "Authorization": "",
        "X-Xbl-Contract-Version": "107",
        "X-RequestedServiceVersion": "2",
        "If-Match": '"old"',
    }
    answers = []
    for _, _, part, value in STEPS:
        path = request["path"] + request["query"]
        answer = table.xbl.client().open(path, method=request["method"], headers=headers, data=request["body"])
        answers.append((answer.status_code, answer.headers.get("X-Xbl-Refusal", "").partition(" ")[0]))
        if part == "sandbox":
            table.xbl.stats.sandbox = str(value)
        if part == "title":
            table.xbl.stats.title("99", scid=str(value))
        changed = headers if part in headers else request
        changed[part] = value if isinstance(value, str) else json.dumps(value)
    assert answers == [(status, rule) for status, rule, _, _ in STEPS]


# ETags


@every_way
def test_an_answer_is_not_sent_again_to_who_has_it(table: Table, way: str) -> None:
    """304 with the ETag and no body, until the answer would be another one (STAT-7, CODE-304)."""
    first = table.read(way)
    etag = first.headers["ETag"]
    for tag in (f'"old", {etag}', "*", f"W/{etag}"):
        again = table.read(way, If_None_Match=tag)
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag)
        assert not {"Content-Type", "Content-Length"} & set(again.headers.keys())
    table.xbl.stats.add(table.stacy, "Deaths")
    assert table.read(way, If_None_Match=etag).status_code == 304
    table.xbl.stats.add(table.stacy, "Kills")
    changed = table.read(way, If_None_Match=etag)
    assert (changed.status_code, changed.headers["ETag"] != etag, changed.data != first.data) == (200, True, True)


@every_way
def test_an_answer_may_be_asked_for_by_its_etag(table: Table, way: str) -> None:
    """`If-Match` is 200 as long as it is the same, and then 412 (CODE-412)."""
    etag = table.read(way).headers["ETag"]
    statuses = [table.read(way, If_Match=tag).status_code for tag in (etag, "*", f'"old", {etag}', f"W/{etag}")]
    assert statuses == [200, 200, 200, 412]
    table.xbl.stats.add(table.stacy, "Kills")
    answer, what = table.read(way, If_Match=etag), "The statistics have changed since."
    assert (answer.status_code, answer.text) == (412, refusal_text(what, "If-Match", "CODE-412"))
    assert "quotes" in table.read(way, If_Match=etag.strip('"')).text


def test_answers_that_differ_have_other_etags(table: Table) -> None:
    """By user, by name, by dialect, by contract and by the setting of values; in every world the same (STAT-7)."""
    answers = [table.read(way, xuid=xuid) for way in ("batch", "grouped", "get") for xuid in (STACY, ANA)]
    answers += [table.get(path_of("Kills"), "2"), table.get(path_of("Rate"))]
    answers += [table.get(f"{path_of('Kills')}?include=valuemetadata", "3")]
    table.xbl.stats.values = "strings"
    answers += [table.read("batch"), table.read("get")]
    assert len({answer.headers["ETag"] for answer in answers}) == len(answers)
    assert Table(XboxLive()).read("batch").headers["ETag"] == answers[0].headers["ETag"]


# If-Modified-Since


NOON, FIRST, SECOND, THIRD = (f"Thu, 01 Jan 2026 12:00:0{second} GMT" for second in range(4))
"""The time of a new world, and the seconds after it."""


@every_way
def test_an_answer_tells_when_it_last_changed(table: Table, way: str) -> None:
    """As the first whole second after the change, and not before that has begun, for more may change (STAT-15)."""
    assert "Last-Modified" not in table.read(way).headers
    table.xbl.clock.advance(seconds=0.9)
    assert "Last-Modified" not in table.read(way).headers
    table.xbl.clock.advance(seconds=0.1)
    assert table.read(way).headers["Last-Modified"] == FIRST
    table.xbl.clock.advance(seconds=1.5)
    assert table.read(way).headers["Last-Modified"] == FIRST
    table.xbl.stats.add(table.stacy, "Kills")
    table.xbl.clock.advance(seconds=0.5)
    answer = table.read(way)
    assert (answer.headers["Last-Modified"], answer.headers["Date"]) == (THIRD, THIRD)


@every_way
def test_an_answer_is_not_sent_again_where_nothing_has_changed_since(table: Table, way: str) -> None:
    """304 with the headers and no body; a change in the second that the client names is not missed (STAT-15)."""
    table.xbl.clock.advance(seconds=1)
    first = table.read(way)
    date = first.headers["Last-Modified"]
    again = table.read(way, If_Modified_Since=date)
    assert (again.status_code, again.data) == (304, b"")
    assert [again.headers[name] for name in ("ETag", "Last-Modified")] == [first.headers["ETag"], date]
    table.xbl.stats.add(table.ana, "Kills")
    assert table.read(way, If_Modified_Since=date).status_code == 304
    table.xbl.stats.add(table.stacy, "Kills")
    changed = table.read(way, If_Modified_Since=date)
    assert (changed.status_code, changed.data != first.data) == (200, True)
    table.xbl.clock.advance(minutes=1)
    assert table.read(way, If_Modified_Since=date).status_code == 200
    assert table.read(way, If_Modified_Since=changed.headers["Date"]).status_code == 200
    assert table.read(way, If_Modified_Since=SECOND).status_code == 304


@every_way
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If_Modified_Since": NOON}, 200),
        ({"If_Modified_Since": FIRST}, 304),
        ({"If_Modified_Since": SECOND}, 304),
        ({"If_Modified_Since": THIRD}, 200),
        ({"If_Modified_Since": "Thursday, 01-Jan-26 12:00:01 GMT"}, 304),
        ({"If_Modified_Since": "Thu Jan  1 12:00:01 2026"}, 304),
        *(({"If_Modified_Since": date}, 200) for date in ("", "noon", "1767268801")),
        ({"If_Modified_Since": "Thu, 32 Jan 2026 12:00:01 GMT"}, 200),
        ({"If_Modified_Since": f"Thu, 01 Jan {'9' * 20} 12:00:01 GMT"}, 200),
        ({"If_Modified_Since": FIRST, "If_None_Match": '"old"'}, 200),
        ({"If_Modified_Since": NOON, "If_None_Match": "*"}, 304),
        ({"If_Modified_Since": FIRST, "If_Match": "*"}, 304),
        ({"If_Modified_Since": FIRST, "If_Match": '"old"'}, 412),
    ],
)
def test_a_date_counts_if_it_is_one_that_has_come_and_no_etag_is_named(
    table: Table, way: str, headers: dict[str, str], status: int
) -> None:
    """Anything else is ignored (RFC 9110, 13.1.3); the statistics changed two seconds ago, at noon (STAT-15)."""
    table.xbl.clock.advance(seconds=2)
    assert table.read(way, **headers).status_code == status


def test_a_restored_world_does_not_confirm_what_is_undone(table: Table) -> None:
    """Whoever was told of it gets all again, and so does everybody in a world that was dumped (STAT-15)."""
    kept = table.xbl.snapshot()
    table.xbl.clock.advance(seconds=1)
    table.xbl.stats.add(table.stacy, "Kills")
    table.xbl.clock.advance(seconds=1)
    date = table.read("get").headers["Last-Modified"]
    table.xbl.restore(kept)
    table.xbl.clock.advance(seconds=2)
    assert table.read("get", If_Modified_Since=date).status_code == 200
    table.xbl.clock.advance(seconds=1)
    again = XboxLive(seed=table.xbl.dump())
    headers = {"If-Modified-Since": table.read("get").headers["Last-Modified"], "X-Xbl-Contract-Version": "1"}
    assert again.client(again.scenario["Stacy"]).get(path_of("Kills"), headers=headers).status_code == 200


def test_the_last_second_of_the_calendar_has_no_next_one(table: Table) -> None:
    """So nothing is said of it (STAT-15)."""
    table.xbl.clock.move_to(datetime.max.replace(tzinfo=timezone.utc))
    table.xbl.stats.add(table.stacy, "Kills")
    answer = table.read("get", If_Modified_Since=NOON)
    assert (answer.status_code, "Last-Modified" in answer.headers) == (200, False)
