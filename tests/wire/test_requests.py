"""Reading a request: contract, caller, query string, and the order of the checks."""

from __future__ import annotations

import pytest

from bodies import ACTIVE, ONE, path_of, reserve, session_path
from errors import refusal_text
from pytest_xbl import XboxLive
from pytest_xbl.wire.requests import token_of
from pytest_xbl.wire.route import Route
from pytest_xbl.wire.routes import ROUTES

STATISTICS = {"batch-statistics": ("1", "2"), "get-statistics": ("1", "2", "3")}
"""The operations that count their contracts from 1, and which of them each knows."""

every_operation = pytest.mark.parametrize("route", [pytest.param(route, id=route.operation) for route in ROUTES])
every_operation_on_statistics = pytest.mark.parametrize(
    "route", [pytest.param(route, id=route.operation) for route in ROUTES if route.operation in STATISTICS]
)


def contract_for(route: Route) -> dict[str, str]:
    """The header with a contract version that this route knows."""
    return {"X-Xbl-Contract-Version": "1" if route.operation in STATISTICS else "107"}


# The contract version


@pytest.mark.parametrize(
    ("header", "contract"),
    [("104", 104), ("105", 105), ("106", 107), ("107", 107), ("108", 107), ("200", 107), ("999999999", 107)],
)
def test_a_contract_version_is_answered_in_its_own_form_or_in_the_newest(
    xbl: XboxLive, header: str, contract: int
) -> None:
    """104 and 105 are answered as such, and anything else from 104 up as 107 (CALL-2)."""
    client = xbl.client(xbl.user("Stacy"))
    answer = client.put(ONE, json={}, headers={"X-Xbl-Contract-Version": header})
    assert (answer.status_code, answer.get_json()["contractVersion"]) == (201, contract)


@pytest.mark.parametrize(
    ("header", "got"),
    [
        ("", "no such header"),
        *((header, f'"{header}"') for header in ("103", "0", "-107", "+107", "107.0", "0x6b", "107, 107", "x")),
        ("\xb9\xb2\xb3", '"\\u00b9\\u00b2\\u00b3"'),
        ("v" * 90, f'"{"v" * 56}...'),
    ],
)
def test_a_contract_version_that_is_none_is_refused(xbl: XboxLive, header: str, got: str) -> None:
    """400 for what is missing, no number, or below 104, and the text says which versions there are (CALL-2)."""
    answer = xbl.client(xbl.user("Stacy")).get(ONE, headers={"X-Xbl-Contract-Version": header})
    what = f"Every request to the session directory names its contract version, 104, 105 or 107; got {got}."
    assert (answer.status_code, answer.text) == (400, refusal_text(what, "X-Xbl-Contract-Version", "CALL-2"))


@pytest.mark.parametrize("value", [None, "", "0", "1", "2", "3", "4", "01", "1.0", "+1", "1, 1", "107", "x"])
@pytest.mark.parametrize("header", ["X-Xbl-Contract-Version", "X-RequestedServiceVersion"])
@every_operation_on_statistics
def test_statistics_have_versions_of_their_own(xbl: XboxLive, route: Route, header: str, value: str | None) -> None:
    """The batch knows the contracts 1 and 2, the GET 3 too; of the service there is one build; no header is 1.

    Others are 406, those of sessions among them, and the text says which there are (STAT-13).
    """
    headers = {"Authorization": xbl.user("Stacy", xuid="2533274790000001").authorization}
    if value is not None:
        headers[header] = value
    answer = xbl.client().open(path_of(route), method=route.method, headers=headers, data="{}")
    versions = STATISTICS[route.operation] if header == "X-Xbl-Contract-Version" else ("1",)
    if (value or "1") in versions and value != "":
        assert answer.status_code == (400 if route.has_body else 200)
        return
    what = f'The versions of this operation are {", ".join(versions)}; got "{value}".'
    assert (answer.status_code, answer.text) == (406, refusal_text(what, header, "STAT-13"))


# The caller


@pytest.mark.parametrize("scheme", ["XBL3.0 x", "xbl3.0 x", "XBL3.0 X"])
def test_a_caller_is_known_by_userhash_and_token(xbl: XboxLive, scheme: str) -> None:
    """`XBL3.0 x=<userhash>;<token>` identifies the caller; the scheme may be written in any case (CALL-3)."""
    xbl.user("Stacy", token="secret", userhash="hash")
    headers = {"Authorization": f"{scheme}=hash;secret", "X-Xbl-Contract-Version": "107"}
    answer = xbl.client().put(ONE, json=ACTIVE, headers=headers)
    assert answer.get_json()["members"]["0"]["gamertag"] == "Stacy"


STRANGER = "No user or service of this world has this token; those of this world are: {}."
OTHER_HASH = "The token is Stacy's, and the userhash before it is not."


@pytest.mark.parametrize(
    ("authorization", "what"),
    [
        ("", "Expected XBL3.0 x=<userhash>;<token>; got no such header."),
        *(
            (value, f'Expected XBL3.0 x=<userhash>;<token>; got "{shown}".')
            for value, shown in (
                ("Bearer secret", "Bearer ..."),
                ("Basic dXNlcjpwYXNzd29yZA==", "Basic ...ZA=="),
                ("a-real-secret", "...cret"),
                ("XBL3.0", "XBL3.0"),
                ("XBL3.0 x=hash", "XBL3.0 x=..."),
                ("XBL3.0 x=hash;", "XBL3.0 x=...;"),
                ("XBL3.0 hash;secret", "XBL3.0 ...;..."),
                ("XBL2.0 x=hash;secret", "XBL2.0 x=...;..."),
                ("XBL3x0 x=;secret", "... x=;..."),
                ("XBL3.0  x=hash;secret", "XBL3.0  x=...;..."),
                (" XBL3.0 x=hash;secret", " XBL3.0 x=...;..."),
                ("XBL3.0 x=hash;the-first the-second-half", "XBL3.0 x=...;... ...half"),
                ("XBL3.0 x=ha sh;secret", "XBL3.0 x=... ...;..."),
            )
        ),
        *((f"XBL3.0 x=hash;{token}", STRANGER.format("Ana, Stacy, matchmaker")) for token in ("other", "SECRET")),
        *((f"XBL3.0 x={userhash};secret", OTHER_HASH) for userhash in ("other", "", "HASH")),
    ],
)
def test_an_authorization_of_nobody_is_refused(xbl: XboxLive, authorization: str, what: str) -> None:
    """401; the text shows the form, lists those who are known, or says whose token it is (CALL-3).

    It shows signs and blanks of a header that is wrong, and no more than four characters of what may be a secret
    (SEEN-13).
    """
    xbl.user("Stacy", token="secret", userhash="hash")
    xbl.user("Ana")
    xbl.service("matchmaker")
    answer = xbl.client().get(ONE, headers={"Authorization": authorization, "X-Xbl-Contract-Version": "107"})
    assert (answer.status_code, answer.text) == (401, refusal_text(what, "Authorization", "CALL-3"))


def test_a_world_without_callers_says_so(xbl: XboxLive) -> None:
    """The first mistake of all is a call before any user was made (CALL-3)."""
    answer = xbl.client().get(ONE, headers={"Authorization": "XBL3.0 x=a;b"})
    assert answer.text == refusal_text(STRANGER.format("nobody yet"), "Authorization", "CALL-3")


def test_a_token_is_what_stands_behind_the_first_semicolon() -> None:
    """The switchboard finds a world by this (CALL-3)."""
    authorizations = ("XBL3.0 x=a;b", "XBL3.0 x=;b;c", "XBL3.0 x=a", "")
    assert [token_of(authorization) for authorization in authorizations] == ["b", "b;c", None, None]


def test_the_claims_of_a_user_show_in_what_they_write(xbl: XboxLive) -> None:
    """xuid, title id and gamertag of a member are those of the token, which may lack the last (CALL-4, CALL-10)."""
    for xuid, gamertag in (("77", "Stacy GT"), ("78", "")):
        user = xbl.user(f"{xuid}", xuid=xuid, gamertag=gamertag, title_id="99")
        member = [*xbl.client(user).put(ONE, json=ACTIVE).get_json()["members"].values()][-1]
        assert (member["constants"]["system"]["xuid"], member["activeTitleId"]) == (xuid, "99")
        assert member.get("gamertag", "") == gamertag


def test_a_service_may_act_for_a_user_or_for_nobody(xbl: XboxLive) -> None:
    """On behalf of a user `members.me` is that user; alone it is a mistake (CALL-4)."""
    stacy = xbl.user("Stacy")
    member = xbl.client(xbl.service("hers", on_behalf_of=stacy)).put(ONE, json=ACTIVE).get_json()["members"]["0"]
    assert member["constants"]["system"]["xuid"] == stacy.xuid
    answer = xbl.client(xbl.service("alone")).put(ONE, json=ACTIVE)
    line = "MEMB-18 at /members/me: members.me is a user, and the caller is a service that acts for none."
    assert (answer.status_code, answer.headers["X-Xbl-Refusal"]) == (403, line)


# The query string


@pytest.mark.parametrize(
    ("query", "what", "where"),
    [
        *(
            (query, f'The query parameter "{name}" is not known here; this operation takes nocommit.', f"?{name}")
            for query, name in (("nocommit=true&take=3", "take"), ("=1", ""))
        ),
        *(
            (f"{name}=true", f'The query parameter "{name}" is not known here; did you mean "nocommit"?', f"?{name}")
            for name in ("nocomit", "NOCOMMIT", "no-commit")
        ),
        *(
            (query, f'Expected true, or no such parameter; got "{query[9:]}".', "?nocommit")
            for query in ("nocommit=false", "nocommit=True", "nocommit=1", "nocommit=", "nocommit")
        ),
        ("nocommit=true&nocommit=no", 'Expected true, or no such parameter; got "no".', "?nocommit"),
    ],
)
def test_a_query_string_that_the_operation_does_not_take_is_refused(
    xbl: XboxLive, query: str, what: str, where: str
) -> None:
    """An unknown parameter, or a flag that is not `true`, is 400, which fails no test by itself (CALL-14, SEEN-5)."""
    answer = xbl.client(xbl.user("Stacy")).put(f"{ONE}?{query}", json={})
    assert (answer.status_code, answer.text) == (400, refusal_text(what, where, "CALL-14"))
    assert xbl.journal[-1].mistake is None


@every_operation
def test_every_operation_refuses_parameters_it_does_not_know(xbl: XboxLive, route: Route) -> None:
    """The text says what the operation takes; most take nothing (CALL-14)."""
    takes = ", ".join(route.parameters) or "none"
    client, headers = xbl.client(xbl.user("Stacy")), contract_for(route)
    answer = client.open(f"{path_of(route)}?limit=1", method=route.method, headers=headers, data="{}")
    what = f'The query parameter "limit" is not known here; this operation takes {takes}.'
    assert (answer.status_code, answer.text) == (400, refusal_text(what, "?limit", "CALL-14"))


@pytest.mark.parametrize("query", ["?", "?&", "?nocommit=true", "?nocommit=true&nocommit=true", "?%6eocommit=true"])
def test_a_query_string_may_be_empty_or_say_true_twice(xbl: XboxLive, query: str) -> None:
    """A flag is `true`, or left out (CALL-14)."""
    assert xbl.client(xbl.user("Stacy")).put(ONE + query, json=ACTIVE).status_code == 201
    assert len(xbl.sessions) == ("true" not in query)


@every_operation
def test_an_operation_without_a_body_does_not_look_at_one(xbl: XboxLive, route: Route) -> None:
    """Clients send a Content-Type, and may send a body, with GET and DELETE too; it is nobody's business (CALL-13)."""
    xbl.sessions.create("lobby", name="one", members=xbl.users("Stacy"))
    service = xbl.service("server")
    path = path_of(route) + ("?keyword=x" if "keyword" in route.parameters else "")
    sent = {"headers": contract_for(route), "data": b"\xff", "content_type": "text/plain"}
    answer = xbl.client(service).open(path, method=route.method, **sent)
    assert answer.status_code != 406
    assert (answer.status_code == 400) is route.has_body


# What comes first

SHOWN = session_path(template="shown")
STEPS = [
    (404, "CALL-7", "path", session_path(template="nothing")),
    (405, "CALL-7", "method", "PUT"),
    (401, "CALL-3", "Authorization", "XBL3.0 x=hash;secret"),
    (400, "CALL-2", "X-Xbl-Contract-Version", "107"),
    (400, "CALL-14", "query", ""),
    (400, "CALL-6", "body", '{"constants":{"system":{"version":"x"}}}'),
    (400, "CONST-1", "body", '{"constants":{"system":{"version":9}}}'),
    (404, "TMPL-1", "path", SHOWN),
    (412, "PUT-8", "If-Match", "*"),
    (403, "JOIN-8", "reservation", "Ana"),
    (409, "TMPL-4", "body", "{}"),
    (200, "", "", ""),
]
"""Status and rule of the response, and the part of the request that is then put right."""


def test_the_first_part_that_is_wrong_answers(xbl: XboxLive) -> None:
    """Path, verb, caller, contract, query, body, template, preconditions, rights, write: in this order.

    A request with everything wrong is put right piece by piece, and each time the next piece answers (CALL-16).
    """
    stacy, ana = xbl.user("Stacy"), xbl.user("Ana", token="secret", userhash="hash")
    server = xbl.client(xbl.service("server"))
    xbl.templates.add("shown", {"constants": {"system": {"version": 1, "visibility": "visible"}}})
    xbl.sessions.create("shown", name="one", members=[stacy])
    request = {"path": "/nowhere", "method": "BREW", "query": "?x=1", "body": "{"}
    headers = {"Authorization": "", "X-Xbl-Contract-Version": "1", "If-Match": '"old"'}
    answers = []
    for _, _, part, value in STEPS:
        path = request["path"] + request["query"]
        answer = xbl.client().open(path, method=request["method"], headers=headers, data=request["body"])
        answers.append((answer.status_code, answer.headers.get("X-Xbl-Refusal", "").partition(" ")[0]))
        if part == "reservation":
            server.put(SHOWN, json=reserve(ana.xuid))
        changed = headers if part in headers else request
        changed[part] = value
    assert answers == [(status, rule) for status, rule, _, _ in STEPS]


def test_what_was_due_has_happened_where_a_precondition_fails(xbl: XboxLive) -> None:
    """Timers come after the template and before the preconditions (CALL-16, TIME-10)."""
    stacy, ana = xbl.users("Stacy", "Ana")
    session = xbl.sessions.create("lobby", name="one", members={stacy: "active", ana: "reserved"})
    xbl.clock.advance(minutes=1)
    client = xbl.client(stacy)
    client.put(ONE.replace("lobby", "nothing"), json={}, headers={"If-Match": '"old"'})
    client.put(ONE, json={"x": 1}, headers={"If-Match": '"old"'})
    assert [version.operation for version in session.history] == ["create"]
    assert client.put(ONE, json={}, headers={"If-Match": '"old"'}).status_code == 412
    assert [version.operation for version in session.history] == ["create", "timers"]
