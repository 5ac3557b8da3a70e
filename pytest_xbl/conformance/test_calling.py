"""Calling the service, and its status codes."""

from __future__ import annotations

import gzip
import json
import re

import pytest

from pytest_xbl.conformance.bodies import ACTIVE, JOIN, properties
from pytest_xbl.conformance.person import Person
from pytest_xbl.conformance.service import Service

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z"
LOWER_GUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ETAG = '"[0-9a-f]{32}"'
MEBIBYTE = 1024 * 1024


def test_a_host_answers_its_own_paths_only(service: Service, stacy: Person) -> None:
    """The host of statistics does not know the paths of sessions: 404 (CALL-1)."""
    service.require("userstats")
    stacy.get(service.templates, at="userstats", headers={"Host": "userstats.xboxlive.com"}).says(404)


@pytest.mark.parametrize("contract", [None, "x", 103, 1])
def test_a_contract_version_below_104_is_refused(service: Service, stacy: Person, contract: int | None) -> None:
    """Missing, no number, or below 104: 400 in plain text (CALL-2)."""
    stacy.get(service.templates, contract=contract).says(400).is_text()


@pytest.mark.parametrize("contract", [104, 105, 107])
def test_the_known_contract_versions_are_accepted(service: Service, stacy: Person, contract: int) -> None:
    """104, 105 and 107 (CALL-2)."""
    room = service.room(f"room{contract}", plain=True)
    stacy.put(room, room.made_by(ACTIVE), contract=contract).says(201).shows("/contractVersion", contract)


@pytest.mark.parametrize("contract", [106, 108, 200])
def test_other_versions_from_104_up_are_treated_as_the_newest(service: Service, stacy: Person, contract: int) -> None:
    """Anything from 104 up (CALL-2)."""
    stacy.get(service.templates, contract=contract).says(200)
    room = service.room(f"room{contract}")
    stacy.put(room, room.made_by(ACTIVE), contract=contract).says(201).shows("/contractVersion", 107)


@pytest.mark.parametrize("authorization", ["", "Basic abc", "XBL3.0 x=0;nobody"])
def test_a_caller_without_a_good_token_is_refused(service: Service, stacy: Person, authorization: str) -> None:
    """Missing or unreadable, or an unknown user: 401 (CALL-3)."""
    stacy.get(service.templates).says(200)
    service.nobody(authorization).get(service.templates).says(401)


def test_the_token_says_who_calls(service: Service, stacy: Person) -> None:
    """The member has the xuid and the gamertag of the caller's claims (CALL-4)."""
    made = stacy.creates(service.room()).shows("/members/0/constants/system/xuid", stacy.xuid)
    made.shows("/members/0/gamertag", stacy.known_gamertag)


def test_a_token_without_a_gamertag_shows_none(service: Service) -> None:
    """The claim of a gamertag may be absent (CALL-4)."""
    service.newcomer(gamertag="").creates(service.room()).lacks("/members/0/gamertag")


def test_names_are_compared_without_regard_to_case_and_kept_as_written(service: Service, stacy: Person) -> None:
    """Words of the path, scid, template and session; the session's own reference is as first written (CALL-5)."""
    room = service.room("MixedCase")
    stacy.creates(room)
    shouted = (
        f"/ServiceConfigs/{room.scid.upper()}/SESSIONTEMPLATES/{room.template.upper()}/sessions/{room.name.upper()}"
    )
    stacy.get(shouted).says(200).has_header("Content-Location", None).shows("/membersInfo/count", 1)
    stacy.get(room.path.replace(room.scid, "no-guid")).says(404)
    mine = stacy.makes("activity", room)
    stacy.get(mine).says(200).shows("/sessionRef/name", room.name)


WRONG_BODIES = {
    "no JSON": b"{",
    "no object": b"[]",
    "an unknown member": b'{"colour": 1}',
    "an unknown field": b'{"properties": {"system": {"colour": 1}}}',
    "a wrong type": b'{"properties": {"system": {"closed": "yes"}}}',
}


@pytest.mark.parametrize("body", WRONG_BODIES.values(), ids=list(WRONG_BODIES))
def test_a_wrong_body_is_refused_and_changes_nothing(service: Service, stacy: Person, body: bytes) -> None:
    """400 in plain text (CALL-6, CODE-400)."""
    room = service.room()
    before = stacy.creates(room)
    stacy.put(room, body).says(400).is_text()
    stacy.get(room).shows("", before.json)


def test_the_text_of_a_refusal_names_the_place(service: Service, stacy: Person) -> None:
    """The text/plain message names the JSON path (CALL-6)."""
    room = service.room()
    stacy.put(room, properties(closed="yes")).says(400).names("properties", "system", "closed")


def test_a_wrong_verb_is_405_with_the_right_ones(service: Service, stacy: Person) -> None:
    """405 text/plain with `Allow` (CALL-7, CODE-405)."""
    refused = stacy.post(service.room(), {}).says(405).is_text()
    allowed = {verb.strip() for verb in refused.headers.get("allow", "").split(",")}
    assert {"GET", "PUT"} <= allowed, f"{refused.exchange}: Allow names GET and PUT, not {allowed}"


def test_an_unknown_path_is_404(stacy: Person) -> None:
    """404 text/plain (CALL-7, CODE-404)."""
    stacy.get("/nothing/here").says(404).is_text()


def test_times_have_seven_digits_and_a_z(service: Service, stacy: Person) -> None:
    """UTC, ISO 8601 (CALL-8)."""
    stacy.creates(service.room()).matches("/startTime", TIME).matches("/members/0/joinTime", TIME)


def test_custom_values_come_back_as_they_are(service: Service, stacy: Person) -> None:
    """Integers up to 64 bits, nulls deep inside, and whatever else (CALL-9)."""
    custom = {"most": 2**64 - 1, "least": -(2**63), "float": 1.0, "deep": {"null": None, "list": [1, "a", None]}}
    stacy.creates(service.room(), properties(custom)).shows("/properties/custom", custom)


def test_absent_is_absent(service: Service, stacy: Person) -> None:
    """No null stands in a document but in custom data, and the system bags are always there (CALL-10)."""
    made = stacy.creates(service.room(plain=True), JOIN)
    nulls = [name for name, value in made.json.items() if value is None]
    assert not nulls, f"{made.exchange}: {nulls} are null"
    for bag in (
        "/constants/system",
        "/properties/system",
        "/members/0/constants/system",
        "/members/0/properties/system",
    ):
        assert isinstance(made[bag], dict)


def test_ids_are_texts_in_lower_case(service: Service, stacy: Person) -> None:
    """Xuids are strings, `correlationId` and `branch` lower-case GUIDs (CALL-10)."""
    made = stacy.creates(service.room())
    made.matches("/correlationId", LOWER_GUID).matches("/branch", LOWER_GUID)
    made.matches("/members/0/constants/system/xuid", r"\d+").matches("/members/0/activeTitleId", r"\d+")


def test_a_session_has_an_etag_and_is_json(service: Service, stacy: Person) -> None:
    """32 lower-case hexadecimal digits in quotes; JSON without a charset; a `Date` (CALL-11, CODE-201, CODE-200)."""
    room = service.room()
    for answer in (stacy.put(room, room.made_by(ACTIVE)).says(201), stacy.get(room).says(200)):
        assert matches(ETAG, answer.etag), f"{answer.exchange}: ETag {answer.etag!r}"
        answer.has_header("Content-Type", "application/json")
        assert "date" in answer.headers, f"{answer.exchange}: no Date"
    stacy.put(room, {}, headers={"If-Match": '"0"'}).says(412).has_header("ETag", answer.etag)


def test_a_session_behind_a_handle_has_its_location(service: Service, stacy: Person) -> None:
    """`Content-Location` has the path only (CALL-11)."""
    room = service.room()
    stacy.creates(room)
    handle = stacy.makes("activity", room)
    stacy.get(f"{handle}/session").says(200).has_header("Content-Location", room.path)


def test_a_body_has_at_most_a_mebibyte(service: Service, stacy: Person) -> None:
    """413 beyond, compressed or not, in plain text (CALL-12, CODE-413)."""
    room = service.room()
    big = json.dumps(properties({"text": "x" * MEBIBYTE})).encode()
    stacy.put(room, big).says(413).is_text()
    stacy.put(room, gzip.compress(big), headers={"Content-Encoding": "gzip"}).says(413)
    small = json.dumps(room.made_by(properties({"text": "x" * 1000}))).encode()
    stacy.put(room, small.ljust(MEBIBYTE)).says(201)


def test_objects_lie_at_most_64_deep(service: Service, stacy: Person) -> None:
    """400 beyond (CALL-12)."""
    room = service.room()
    stacy.creates(room)
    outside = b'{"properties": {"custom": {"a": '
    stacy.put(room, outside + b"[" * 61 + b"]" * 61 + b"}}}").says(200)
    stacy.put(room, outside + b"[" * 62 + b"]" * 62 + b"}}}").says(400)


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "text/plain", "text/json", "application/a+json"])
def test_a_body_of_json_is_read(service: Service, stacy: Person, kind: str) -> None:
    """Types of JSON, `text/plain` and `text/json` (CALL-13)."""
    room = service.room()
    stacy.put(room, room.made_by(ACTIVE), headers={"Content-Type": kind}).says(201)


def test_a_body_of_another_type_is_refused(service: Service, stacy: Person) -> None:
    """400, such as a form (CALL-13)."""
    room = service.room()
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    stacy.put(room, room.made_by(ACTIVE), headers=form).says(400)


def test_a_body_may_be_compressed(service: Service, stacy: Person) -> None:
    """By gzip; 400 for an encoding that is not known (CALL-13)."""
    room = service.room()
    body = gzip.compress(json.dumps(room.made_by(ACTIVE)).encode())
    stacy.put(room, body, headers={"Content-Encoding": "br"}).says(400)
    stacy.put(room, body, headers={"Content-Encoding": "gzip"}).says(201)


@pytest.mark.parametrize("query", ["colour=red", "nocommit=yes", "nocommit=false", "nocommit=true&nocommit=1"])
def test_a_wrong_parameter_is_refused(service: Service, stacy: Person, query: str) -> None:
    """400 for an unknown one, for a flag that is not `true`, and for one twice (CALL-14)."""
    room = service.room()
    stacy.put(f"{room.path}?{query}", room.made_by(ACTIVE)).says(400)


def test_a_query_string_is_utf_8(service: Service, stacy: Person) -> None:
    """400 for another (CALL-14)."""
    stacy.get(f"/serviceconfigs/{service.scid}/sessions?keyword=%FF").says(400)


@pytest.mark.parametrize(("length", "status"), [(1, 201), (99, 201), (100, 404)])
def test_a_name_has_at_most_99_characters(service: Service, stacy: Person, length: int, status: int) -> None:
    """404 beyond (CALL-15)."""
    room = service.room()
    named = service.renamed(room, room.name[-length:].rjust(length, "a"))
    stacy.put(named, room.made_by(ACTIVE)).says(status)


def test_a_name_is_printable(service: Service, stacy: Person) -> None:
    """404 for a control character (CALL-15)."""
    room = service.room()
    stacy.put(f"{room.path}%07", room.made_by(ACTIVE)).says(404)


def test_answers_without_a_body_may_be_kept_or_not(service: Service, stacy: Person) -> None:
    """A 304 may, like the session that it stands for; a 204 and a refusal may not (CALL-17)."""
    room = service.room()
    stacy.get(room).says(204).has_header("Cache-Control", "no-cache, no-store")
    etag = stacy.creates(room).etag
    known = stacy.get(room, headers={"If-None-Match": etag}).says(304)
    known.has_header("Cache-Control", "max-age=0, must-revalidate")
    stacy.put(room, b"{").says(400).has_header("Cache-Control", "no-cache, no-store")


def test_checks_come_in_their_order(service: Service, stacy: Person) -> None:
    """Path, verb, caller, contract version, query string, body, template, preconditions, rights (CALL-16)."""
    nobody, room = service.nobody(), service.room()
    unknown = room.path.replace(f"/{room.template}/", "/no-such-template/")
    nobody.post("/nothing/here", b"{", contract=1).says(404)
    nobody.post(room, b"{", contract=1).says(405)
    nobody.put(f"{unknown}?a=b", b"{", contract=1).says(401)
    stacy.put(f"{unknown}?a=b", b"{", contract=1).says(400).names("contract")
    stacy.put(f"{unknown}?a=b", b"{").says(400).names("a")
    stacy.put(unknown, b"{").says(400)
    stacy.put(unknown, {}, headers={"If-Match": "*"}).says(404)


def test_preconditions_come_before_rights(service: Service, stacy: Person, ana: Person) -> None:
    """A stranger's write with a stale ETag is 412, and else 403 (CALL-16)."""
    room = service.room(visibility="private")
    stacy.creates(room)
    ana.put(room, {}, headers={"If-Match": '"0"'}).says(412)
    ana.put(room, {}).says(403)


def test_every_answer_has_its_headers(service: Service, stacy: Person) -> None:
    """`Cache-Control` by what is read, `nosniff`, and an id of each request's own (CALL-17)."""
    room = service.room()
    read = stacy.creates(room).has_header("Cache-Control", "max-age=0, must-revalidate")
    refused = stacy.get("/nothing").has_header("Cache-Control", "no-cache, no-store")
    ids = set()
    for answer in (read, refused):
        answer.has_header("X-Content-Type-Options", "nosniff")
        ids.add(answer.headers.get("x-xblcorrelationid", ""))
    assert len(ids) == 2, f"{refused.exchange}: X-XblCorrelationId is of each request's own, not {ids}"
    assert all(matches(LOWER_GUID, one) for one in ids), f"{refused.exchange}: X-XblCorrelationId {ids}"


def matches(pattern: str, text: str) -> bool:
    """Whether a text matches a pattern as a whole."""
    return re.fullmatch(pattern, text) is not None
