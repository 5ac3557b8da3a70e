"""What a failing test shows, and what fails a test by itself: mistakes of the client, and calls that come too late."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.plugin.conftest import Runner

SCID = "5c1d0000-0000-4000-8000-000000000001"
TEMPLATES = f"/serviceconfigs/{SCID}/sessiontemplates"
PATH = f"{TEMPLATES}/lobby/sessions/one"
SESSION = f"{SCID}~lobby~one"
MISTAKES = "unknown-route, unknown-service, bad-body, late-call"

UNKNOWN_ROUTE = 'xbl.client(stacy).get("/x")'
UNKNOWN_SERVICE = 'xbl.client(stacy).get("/users/me/profile", headers={"Host": "profile.xboxlive.com"})'
BAD_BODY = 'xbl.client(stacy).put(PATH, json={"member": {}})'
NO_OPERATION = "CALL-7 at the URI: The fake has no operation GET /x on host localhost."
NO_SERVICE = (
    "CALL-1 at the URI: The fake has no service at profile.xboxlive.com; it has sessiondirectory.xboxlive.com, "
    "client-sessiondirectory.xboxlive.com, userstats.xboxlive.com."
)
NO_FIELD = 'CALL-6 at /member: The field "member" is not known here; did you mean "members"?'
REFUSED = f"Stacy: PUT {PATH} -> 400 {NO_FIELD}"
"""What the journal says of `BAD_BODY`."""
COMPLAINT = f"""\
The client made a mistake:
#1 {REFUSED}
Expect it by `with xbl.expect_refusal('CALL-6')`, or let it pass: @pytest.mark.xbl(loose=['bad-body'])."""
ABOUT_BAD_BODY = f"{COMPLAINT}\n# xbl\n#1 {REFUSED}"

HEAD = f"""
import http.client, pytest, unittest
from urllib.parse import urlsplit

PATH = "{PATH}"

@pytest.fixture
def stacy(xbl):
    return xbl.user("Stacy")
"""
LATE = """
late = {}

def call(url, method="GET"):
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
    connection.request(method, PATH, headers=late)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text

@pytest.fixture(scope="session")
def afterwards(xbl_server):
    yield
    call(xbl_server.url)

def test_over(afterwards, stacy):
    late.update(stacy.headers)
"""
TOO_LATE = "A call came when this test was over, and was answered with 410:"


def told_in(result: pytest.RunResult) -> dict[str, str]:
    """What is told of each failure or error of a run, by its title; sections are titled by a #."""
    told: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in result.outlines:
        if title := re.fullmatch(r"_{3,} (.+) _{3,}", line):
            lines = told.setdefault(title[1], [])
        elif line.startswith("==="):
            lines = []
        elif re.fullmatch(r"-+ Captured xbl call -+", line):
            lines.append("# xbl")
        elif not line.startswith("[gw"):
            lines.append(line)
    return {title: "\n".join(lines) for title, lines in told.items()}


def section_in(told: str) -> list[str]:
    """The section `xbl` of what is told of a failure."""
    return told.partition("# xbl\n")[2].splitlines()


def errors_in(told: str) -> list[str]:
    """What pytest marks as the error in what is told of a failure."""
    return [line[1:].strip() for line in told.splitlines() if line.startswith("E ")]


# Mistakes of the client


@pytest.mark.parametrize(
    ("call", "line", "rule", "kind"),
    [
        pytest.param(UNKNOWN_ROUTE, f"Stacy: GET /x -> 404 {NO_OPERATION}", "CALL-7", "unknown-route", id="path"),
        pytest.param(
            'xbl.client(stacy).get("/serviceconfig/x/sessiontemplates/lobby?a=b")',
            "Stacy: GET /serviceconfig/x/sessiontemplates/lobby?a=b -> 404 CALL-7 at the URI: The fake has no "
            "operation GET /serviceconfig/x/sessiontemplates/lobby on host localhost; "
            "did you mean GET /serviceconfigs/{scid}/sessiontemplates/{template}?",
            "CALL-7",
            "unknown-route",
            id="misspelt path",
        ),
        pytest.param(
            "xbl.client(stacy).patch(PATH)",
            f"Stacy: PATCH {PATH} -> 405 CALL-7 at the URI: PATCH is not for this URI; allowed are PUT, GET.",
            "CALL-7",
            "unknown-route",
            id="wrong verb",
        ),
        pytest.param(
            UNKNOWN_SERVICE,
            f"Stacy: GET /users/me/profile -> 404 {NO_SERVICE}",
            "CALL-1",
            "unknown-service",
            id="unknown service",
        ),
        pytest.param(
            'xbl.client(stacy).put(PATH, data=b"NaN", content_type="application/json")',
            f"Stacy: PUT {PATH} -> 400 CALL-6 at the body: NaN is not JSON.",
            "CALL-6",
            "bad-body",
            id="no JSON",
        ),
        pytest.param(BAD_BODY, REFUSED, "CALL-6", "bad-body", id="unknown field"),
        pytest.param(
            'xbl.client(stacy).put(PATH, json={"members": 7})',
            f"Stacy: PUT {PATH} -> 400 CALL-6 at /members: Expected an object; got 7.",
            "CALL-6",
            "bad-body",
            id="wrong type",
        ),
    ],
)
def test_a_mistake_of_the_client_fails_the_test(runner: Runner, call: str, line: str, rule: str, kind: str) -> None:
    """Once, in its call phase, by a text that says what came and how to let it pass; no other test (SEEN-5)."""
    result = runner.run(
        f"""{HEAD}
def test_before(join):
    assert join() == 1

def test_it(xbl, stacy):
    assert {call}.status_code >= 400

def test_after(join):
    assert join() == 1
"""
    )
    result.assert_outcomes(passed=2, failed=1)
    expected = (
        "The client made a mistake:",
        f"#1 {line}",
        f"Expect it by `with xbl.expect_refusal({rule!r})`, or let it pass: @pytest.mark.xbl(loose=[{kind!r}]).",
        "# xbl",
        f"#1 {line}",
    )
    assert told_in(result) == {"test_it": "\n".join(expected)}


def test_several_mistakes_fail_the_test_once(runner: Runner) -> None:
    """They are all told, in their order, and each way to expect them once (SEEN-5)."""
    result = runner.run(
        f"""{HEAD}
def test_it(xbl, stacy):
    {UNKNOWN_ROUTE}
    {BAD_BODY}
    assert xbl.client(stacy).put(PATH, json={{}}).status_code == 201
    {UNKNOWN_ROUTE}
    {UNKNOWN_SERVICE}
"""
    )
    result.assert_outcomes(failed=1)
    assert told_in(result)["test_it"].splitlines()[:6] == [
        "The client made 4 mistakes:",
        f"#1 Stacy: GET /x -> 404 {NO_OPERATION}",
        f"#2 {REFUSED}",
        f"#4 Stacy: GET /x -> 404 {NO_OPERATION}",
        f"#5 Stacy: GET /users/me/profile -> 404 {NO_SERVICE}",
        (
            "Expect it by `with xbl.expect_refusal('CALL-7'), xbl.expect_refusal('CALL-6'), "
            "xbl.expect_refusal('CALL-1')`, "
            "or let it pass: @pytest.mark.xbl(loose=['unknown-route', 'bad-body', 'unknown-service'])."
        ),
    ]


def test_a_refusal_for_what_the_session_holds_is_no_mistake(runner: Runner) -> None:
    """Only what is wrong whatever the session holds fails a test by itself (SEEN-5)."""
    result = runner.run(
        f"""{HEAD}
def test_it(xbl, stacy):
    answers = (
        xbl.client(stacy).get("{TEMPLATES}/none"),
        xbl.client(stacy).put(PATH, json={{}}, headers={{"If-Match": '"x"'}}),
        xbl.client().get(PATH),
    )
    assert [answer.status_code for answer in answers] == [404, 412, 401]
"""
    )
    result.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        ("assert 1 == 2", "assert 1 == 2"),
        ('pytest.fail("mine")', "Failed: mine"),
        ('raise OSError("mine")', "OSError: mine"),
    ],
)
def test_a_mistake_does_not_hide_the_tests_own_failure(runner: Runner, failure: str, error: str) -> None:
    """It then stands in the section of requests, and nowhere else (SEEN-8)."""
    result = runner.run(f"{HEAD}\ndef test_it(xbl, stacy):\n    {BAD_BODY}\n    {failure}\n")
    result.assert_outcomes(failed=1)
    told = told_in(result)["test_it"]
    assert errors_in(told) == [error]
    assert "The client made" not in told
    assert section_in(told) == [f"#1 {REFUSED}"]


def test_a_bug_of_the_fake_comes_before_mistakes_of_the_client(runner: Runner) -> None:
    """Both are there to be read, and the test fails once (SEEN-8)."""
    result = runner.run(f"{HEAD}\ndef test_it(xbl, stacy, crash):\n    {BAD_BODY}\n    crash()\n")
    result.assert_outcomes(failed=1)
    told = told_in(result)["test_it"]
    assert errors_in(told) == ["RuntimeError: a bug"]
    assert section_in(told) == [f"#1 {REFUSED}", f"#2 Stacy: GET {TEMPLATES}/lobby -> 500"]


@pytest.mark.parametrize("leave", ['pytest.skip("after all")', 'pytest.xfail("after all")'])
def test_a_test_that_is_left_late_does_not_hide_a_mistake(runner: Runner, leave: str) -> None:
    """To skip is no failure of the test's own, nor is to expect one from there on (SEEN-5)."""
    result = runner.run(f"{HEAD}\ndef test_it(xbl, stacy):\n    {BAD_BODY}\n    {leave}\n")
    result.assert_outcomes(failed=1)
    assert told_in(result) == {"test_it": ABOUT_BAD_BODY}


def test_an_expected_failure_may_be_a_mistake(runner: Runner) -> None:
    """The marker `xfail` is for any failure of the test (SEEN-5)."""
    result = runner.run(
        f"{HEAD}\n@pytest.mark.xfail(strict=True)\ndef test_it(xbl, stacy):\n    {BAD_BODY}\n",
    )
    result.assert_outcomes(xfailed=1)


def test_a_mistake_in_a_fixture_fails_the_call(runner: Runner) -> None:
    """Whatever the client did before the call of the test counts in it (SEEN-5)."""
    result = runner.run(
        f"""{HEAD}
@pytest.fixture
def prepared(xbl, stacy):
    {BAD_BODY}

def test_it(prepared):
    pass
"""
    )
    result.assert_outcomes(failed=1)
    assert told_in(result) == {"test_it": ABOUT_BAD_BODY}


def test_tests_of_unittest_fail_likewise(runner: Runner) -> None:
    """Their own failures come first, and a late skip hides nothing there either (SEEN-5, SEEN-8)."""
    result = runner.run(
        f"""{HEAD}
class TestIt(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def world(self, xbl, stacy):
        self.mistake = lambda: {BAD_BODY}

    def test_good(self):
        pass

    def test_mistake(self):
        self.mistake()

    def test_own(self):
        self.mistake()
        self.assertEqual(1, 2)
"""
    )
    result.assert_outcomes(passed=1, failed=2)
    told = told_in(result)
    assert told["TestIt.test_mistake"] == ABOUT_BAD_BODY
    assert errors_in(told["TestIt.test_own"]) == ["AssertionError: 1 != 2"]
    assert section_in(told["TestIt.test_own"]) == [f"#1 {REFUSED}"]


# Let pass


@pytest.mark.parametrize(
    ("function", "class_", "setting", "passes"),
    [
        ("['bad-body']", "", "", True),
        ("'bad-body'", "", "", True),
        ("('unknown-route', 'bad-body')", "", "", True),
        ("['unknown-route', 'unknown-service', 'late-call']", "", "", False),
        ("[]", "", "", False),
        ("", "['bad-body']", "", True),
        ("['unknown-route']", "['bad-body']", "", True),
        ("", "", "bad-body", True),
        ("", "", "unknown-service bad-body", True),
        ("['unknown-route']", "['unknown-service']", "bad-body", True),
        ("['unknown-route']", "", "unknown-service", False),
    ],
)
def test_kinds_of_mistakes_are_let_pass_by_name(
    runner: Runner, function: str, class_: str, setting: str, *, passes: bool
) -> None:
    """By the markers of the test and of its class, and by the setting; their names add up (SEEN-5)."""
    result = runner.run(
        f"""{HEAD}
@pytest.mark.xbl({f"loose={class_}" if class_ else ""})
class TestIt:
    @pytest.mark.xbl({f"loose={function}" if function else ""})
    def test_it(self, xbl, stacy):
        {BAD_BODY}
""",
        *("-o", f"xbl_loose={setting}"),
    )
    result.assert_outcomes(passed=int(passes), failed=int(not passes))


@pytest.mark.parametrize(
    ("kind", "call"), [("unknown-route", UNKNOWN_ROUTE), ("unknown-service", UNKNOWN_SERVICE), ("bad-body", BAD_BODY)]
)
def test_each_kind_has_its_name(runner: Runner, kind: str, call: str) -> None:
    """What is let pass under one name is let pass under no other (SEEN-5)."""
    others = sorted({"unknown-route", "unknown-service", "bad-body"} - {kind})
    result = runner.run(
        f"""{HEAD}
@pytest.mark.xbl(loose=["{kind}"])
def test_loose(xbl, stacy):
    {call}

@pytest.mark.xbl(loose={others})
def test_strict(xbl, stacy):
    {call}
"""
    )
    result.assert_outcomes(passed=1, failed=1)


def test_a_test_that_is_loose_leaves_the_next_one_strict(runner: Runner) -> None:
    """A name counts for the tests that are marked with it (SEEN-5)."""
    result = runner.run(
        f"""{HEAD}
@pytest.mark.xbl(loose=["bad-body"], seed={{"users": ["Ana"]}})
def test_loose(xbl, stacy, xbl_scenario):
    {BAD_BODY}
    assert list(xbl_scenario) == ["Ana"]

def test_strict(xbl, stacy):
    {BAD_BODY}
"""
    )
    result.assert_outcomes(passed=1, failed=1)


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("['bad_body']", "'bad_body'"),
        ("'all'", "'all'"),
        ("['bad-body', '']", "''"),
        ("[7]", "7"),
        ("[['bad-body']]", "['bad-body']"),
        ("7", "7"),
        ("True", "True"),
    ],
)
def test_a_kind_that_there_is_not_is_an_error(runner: Runner, said: str, named: str) -> None:
    """Its text alone, at setup, with all the names that there are (SEEN-5)."""
    result = runner.run(f"{HEAD}\n@pytest.mark.xbl(loose={said})\ndef test_it(xbl):\n    pass\n")
    result.assert_outcomes(errors=1)
    assert told_in(result) == {"ERROR at setup of test_it": f"One cannot be loose about {named}, but about {MISTAKES}."}


def test_a_kind_that_there_is_not_is_an_error_in_the_setting(runner: Runner) -> None:
    """Of each test that uses the fake, and of no other (SEEN-5)."""
    source = f"{HEAD}\ndef test_it(xbl):\n    pass\n\ndef test_without():\n    pass\n"
    result = runner.run(source, *("-o", "xbl_loose=bad-body unknown"))
    result.assert_outcomes(passed=1, errors=1)
    assert told_in(result)["ERROR at setup of test_it"] == (
        f"One cannot be loose about 'unknown', but about {MISTAKES}.\nnamed by: the setting xbl_loose"
    )


# Expected


@pytest.mark.parametrize("reason", ['"CALL-6"', "400"])
def test_a_refusal_that_is_expected_fails_nothing(runner: Runner, reason: str) -> None:
    """By its rule or by its status, as often as it comes in the block, and only there (SEEN-7)."""
    result = runner.run(
        f"""{HEAD}
def test_expected(xbl, stacy):
    with xbl.expect_refusal({reason}):
        {BAD_BODY}
        {BAD_BODY}

def test_outside(xbl, stacy):
    with xbl.expect_refusal({reason}):
        {BAD_BODY}
    {BAD_BODY}

def test_another(xbl, stacy):
    with xbl.expect_refusal({reason}):
        {BAD_BODY}
        {UNKNOWN_ROUTE}
"""
    )
    result.assert_outcomes(passed=1, failed=2)
    told = told_in(result)
    assert told["test_outside"].splitlines()[:2] == ["The client made a mistake:", f"#2 {REFUSED}"]
    assert told["test_another"].splitlines()[:2] == [
        "The client made a mistake:",
        f"#2 Stacy: GET /x -> 404 {NO_OPERATION}",
    ]


def test_a_refusal_that_is_expected_has_to_come(runner: Runner) -> None:
    """Or the block fails, and says what came instead (SEEN-7)."""
    result = runner.run(
        f"""{HEAD}
def test_none(xbl):
    with xbl.expect_refusal(403):
        pass

def test_other(xbl, stacy):
    with xbl.expect_refusal("PUT-8"):
        {BAD_BODY}

def test_before(xbl, stacy):
    {BAD_BODY}
    with xbl.expect_refusal("CALL-6"):
        xbl.client(stacy).get(PATH)
"""
    )
    result.assert_outcomes(failed=3)
    told = told_in(result)
    assert {name: errors_in(text) for name, text in told.items()} == {
        "test_none": ["AssertionError: Expected a refusal by 403; got:", "No request has arrived."],
        "test_other": ["AssertionError: Expected a refusal by PUT-8; got:", f"#1 {REFUSED}"],
        "test_before": ["AssertionError: Expected a refusal by CALL-6; got:", f"#2 Stacy: GET {PATH} -> 204"],
    }


@pytest.mark.parametrize("reason", ["PUT8", "", 200, 400.0, True, None])
def test_only_rules_and_refusing_statuses_are_expected(runner: Runner, reason: Any) -> None:
    """Whatever else is said is an error at once (SEEN-7)."""
    result = runner.run(f"{HEAD}\ndef test_it(xbl):\n    with xbl.expect_refusal({reason!r}):\n        pass\n")
    result.assert_outcomes(failed=1)
    told = f"A refusal is expected by the id of its rule, or by its status; {reason!r} is neither."
    assert errors_in(told_in(result)["test_it"]) == [f"pytest_xbl.errors.XblError: {told}"]


def test_a_failure_inside_the_block_is_the_tests_own(runner: Runner) -> None:
    """Whether the refusal has come or not (SEEN-7, SEEN-8)."""
    result = runner.run(
        f"""{HEAD}
def test_with(xbl, stacy):
    with xbl.expect_refusal(400):
        {BAD_BODY}
        assert 1 == 2

def test_without(xbl):
    with xbl.expect_refusal(400):
        assert 1 == 2

def test_raised(xbl, stacy):
    with pytest.raises(OSError), xbl.expect_refusal(400):
        {BAD_BODY}
        raise OSError("the client raises what it was answered with")
"""
    )
    result.assert_outcomes(passed=1, failed=2)
    assert [errors_in(text) for text in told_in(result).values()] == [["assert 1 == 2"]] * 2


# Late calls


def test_a_late_call_is_an_error_of_the_test_that_it_belongs_to(runner: Runner) -> None:
    """Also of the last test, and while a test runs that has no world; the one that runs has nothing to do with it.

    Whoever calls is told whose token it is (SEEN-6).
    """
    result = runner.run(
        f"""{HEAD}{LATE}
def test_now(xbl):
    text = "The test to which this token belongs is over: test_it.py::test_over.\\nwhere: Authorization\\n"
    assert call(xbl.url, "DELETE") == (410, text + "rule: SEEN-6\\n")

def test_without(xbl_server):
    assert call(xbl_server.url, "PUT")[0] == 410

def test_last(stacy):
    late.update(stacy.headers)
""",
        "-rE",
    )
    result.assert_outcomes(passed=4, errors=3)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert told_in(result) == {
        "ERROR at teardown of test_over": f"{TOO_LATE}\nDELETE {PATH}\n{TOO_LATE}\nPUT {PATH}",
        "ERROR at teardown of test_last": f"{TOO_LATE}\nGET {PATH}",
    }


def test_a_late_call_is_reported_under_xdist(runner: Runner) -> None:
    """By the process that writes the report, for a worker reports only on the test that runs (SEEN-6)."""
    pytest.importorskip("xdist")
    result = runner.run_apart(
        f"""{HEAD}{LATE}
def test_now(xbl):
    assert call(xbl.url, "DELETE")[0] == 410

def test_last(stacy):
    late.update(stacy.headers)
""",
        *("-p", "no:randomly", "-n", "1"),
    )
    result.assert_outcomes(passed=3, errors=2)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert told_in(result) == {
        "ERROR at teardown of test_over": f"{TOO_LATE}\nDELETE {PATH}",
        "ERROR at teardown of test_last": f"{TOO_LATE}\nGET {PATH}",
    }


def test_a_late_call_may_be_let_pass(runner: Runner) -> None:
    """By the test whose call it is; it is answered with 410 all the same (SEEN-6)."""
    source = f"""{HEAD}{LATE}
@pytest.mark.xbl(LOOSE)
def test_loose(stacy):
    late.update(stacy.headers)

def test_now(xbl):
    assert call(xbl.url)[0] == 410
"""
    runner.run(source.replace("LOOSE", "loose='late-call'")).assert_outcomes(passed=3)
    runner.run(source.replace("LOOSE", ""), "-o", "xbl_loose=late-call").assert_outcomes(passed=3)
    runner.run(source.replace("LOOSE", "loose='bad-body'")).assert_outcomes(passed=3, errors=2)


def test_a_late_call_is_reported_beside_a_teardown_that_fails(runner: Runner) -> None:
    """Neither hides the other (SEEN-6)."""
    result = runner.run(
        f"""{HEAD}{LATE}
@pytest.fixture
def untidy(xbl):
    yield
    raise OSError("untidy")

def test_last(untidy):
    pass
"""
    )
    result.assert_outcomes(passed=2, errors=2)
    told = told_in(result)
    assert told["ERROR at teardown of test_over"] == f"{TOO_LATE}\nGET {PATH}"
    assert errors_in(told["ERROR at teardown of test_last"]) == ["OSError: untidy"]


def test_a_call_of_a_world_that_the_test_connected_is_nobodys(runner: Runner) -> None:
    """Only the world of the fixture belongs to a test (SEEN-6)."""
    result = runner.run(
        f"""{HEAD}{LATE}
from pytest_xbl import XboxLive

def test_it(xbl, xbl_server):
    other = XboxLive(url=xbl_server.url, name="other")
    with xbl_server.app.connected(other.app):
        late.update(other.user("Ana").headers)
    assert call(xbl.url)[0] == 401
"""
    )
    result.assert_outcomes(passed=2)


# What a failing test shows


@pytest.mark.parametrize("verbosity", [(), ("-v",), ("-vv",)])
def test_a_failing_test_shows_its_requests_and_sessions(runner: Runner, verbosity: tuple[str, ...]) -> None:
    """The last requests and versions of the last sessions; all of them under -vv (SEEN-8)."""
    result = runner.run(
        """
        def test_it(join):
            for session in "abcd":
                for name in "wxyz":
                    join(f"{name}{session}", session)
            assert 1 == 2
        """,
        *verbosity,
    )
    result.assert_outcomes(failed=1)
    whole = verbosity == ("-vv",)
    callers = [(f"{name}{session}", session) for session in "abcd" for name in "wxyz"]
    requests = [
        f"#{number} {name}: PUT {TEMPLATES}/lobby/sessions/{session} -> {201 if name[0] == 'w' else 200}"
        for number, (name, session) in enumerate(callers, 1)
    ]
    expected = requests if whole else ["... 4 earlier requests; -vv shows all", *requests[-12:]]
    if not whole:
        expected.append("... 1 other sessions; -vv shows all")
    for session in "abcd" if whole else "bcd":
        versions = [
            f"  #{number} 12:00:00 put-session by {name}{session}: {'session created, ' if number == 1 else ''}"
            f"{name}{session} joined, {name}{session} became active"
            for number, name in enumerate("wxyz", 1)
        ]
        expected.append(f"{SCID}~lobby~{session}:")
        expected += versions if whole else ["  ... 1 earlier versions; -vv shows all", *versions[-3:]]
    assert section_in(told_in(result)["test_it"]) == expected


def test_a_test_that_does_not_fail_shows_nothing(runner: Runner) -> None:
    """Nor does one without a world, nor one in whose world nothing has happened (SEEN-8)."""
    result = runner.run(
        """
        import pytest

        def test_passed(join):
            join()

        def test_skipped(join):
            join()
            pytest.skip("not today")

        def test_without():
            assert 1 == 2

        def test_nothing(xbl):
            assert 1 == 2
        """,
        "-rA",
    )
    result.assert_outcomes(passed=1, skipped=1, failed=2)
    result.stdout.no_fnmatch_line("*Captured xbl*")


# Assertions about documents

COMPARED = """
import copy
import pytest

@pytest.fixture
def session(xbl):
    return xbl.sessions.create("lobby", name="one", members=xbl.users("Stacy", "Ana"))

@pytest.fixture
def expected(session):
    document = copy.deepcopy(dict(session.document))
    document["properties"]["custom"] = {"map": "arena"}
    document["members"]["1"]["properties"]["system"] = {}
    return document
"""
SINCE = "since #1 12:00:00 create by the test"
EXPLAINED = [
    "assert The session is not as expected:",
    f"/members/1 (Ana)/properties/system/active: expected nothing, got true [membersStatus]; {SINCE}",
    '/properties/custom/map: expected "arena", got nothing [customProperty]; ' + SINCE,
]


@pytest.mark.parametrize("said", ["session.document == expected", "expected == session.document"])
def test_an_assertion_about_a_document_is_explained(runner: Runner, said: str) -> None:
    """By a line for every difference, whichever side the document is on."""
    result = runner.run(f"{COMPARED}\ndef test_it(session, expected):\n    assert {said}\n")
    result.assert_outcomes(failed=1)
    assert errors_in(told_in(result)["test_it"]) == EXPLAINED


def test_an_assertion_is_a_plain_one_without_rewriting(runner: Runner) -> None:
    """Under --assert=plain nothing is explained, and nothing breaks."""
    source = f"{COMPARED}\ndef test_it(session, expected):\n    assert session.document == expected\n"
    result = runner.run_apart(source, "-p", "no:randomly", "--assert=plain")
    result.assert_outcomes(failed=1)
    told = told_in(result)["test_it"]
    assert errors_in(told) == ["AssertionError"]
    assert section_in(told) == [
        f"{SESSION}:",
        "  #1 12:00:00 create by the test: session created, Stacy joined, Ana joined",
    ]


@pytest.mark.parametrize(
    "said",
    [
        '{"a": 1} == {"a": 2}',
        "[1, 2] == [1, 3]",
        '"one" == "two"',
        'session.document["members"] == {}',
        "dict(session.document) == expected",
        "session.document == [7]",
        "session.document == None",
        "None == session.document",
        "session.document != session.document",
        '"x" in session.document',
        "session.document is expected",
    ],
)
def test_every_other_assertion_is_told_as_without_the_plugin(runner: Runner, said: str) -> None:
    """For other types, and other comparisons of a document, pytest's own words stay as they are."""
    result = runner.run(f"{COMPARED}\ndef test_it(session, expected):\n    assert {said}\n")
    result.assert_outcomes(failed=1)
    told = errors_in(told_in(result)["test_it"])
    assert "The session is not as expected:" not in "\n".join(told)
    assert re.fullmatch("(AssertionError: )?assert .+", told[0])


def test_documents_that_differ_only_in_the_places_of_members_are_told_by_pytest(runner: Runner) -> None:
    """No member differs, so there is no difference to list; what pytest says is shown instead."""
    result = runner.run(
        f"""{COMPARED}
def test_it(session):
    document = dict(session.document)
    members = document["members"]
    assert session.document == {{**document, "members": {{"0": members["1"], "1": members["0"]}}}}
"""
    )
    result.assert_outcomes(failed=1)
    assert errors_in(told_in(result)["test_it"])[0].startswith("AssertionError: assert {'contractVer")


# --xbl-artifacts


FAILING = """
import pytest

def test_failing(xbl, join):
    xbl.user("Ana")
    join()
    assert 1 == 2

def test_passing(join):
    join()

def test_without():
    assert 1 == 2

def test_mistake(xbl):
    xbl.client().get("/x?a=b")
"""


@pytest.mark.parametrize("processes", [0, 2])
def test_artifacts_are_written_of_each_test_that_fails(runner: Runner, processes: int) -> None:
    """Its requests as an HTTP archive, and its world as a seed; under pytest-xdist, too (SEEN-8)."""
    arguments = ("--xbl-artifacts", "below/artifacts")
    if processes:
        pytest.importorskip("xdist")
        result = runner.run_apart(FAILING, *arguments, *("-p", "no:randomly", "-n", str(processes)))
    else:
        result = runner.run(FAILING, *arguments)
    result.assert_outcomes(passed=1, failed=3)
    directory = runner.pytester.path / "below" / "artifacts"
    assert {str(path.relative_to(directory)) for path in directory.rglob("*.*") if path.is_file()} == {
        f"test_it.py-test_{name}/{file}" for name in ("failing", "mistake") for file in ("requests.har", "world.json")
    }
    told = told_in(result)
    assert section_in(told["test_failing"])[-1] == "Written to below/artifacts/test_it.py-test_failing"
    world = json.loads((directory / "test_it.py-test_failing" / "world.json").read_text())
    assert (list(world["users"]), len(world["sessions"])) == (["Ana", "Stacy"], 1)
    archive = json.loads((directory / "test_it.py-test_mistake" / "requests.har").read_text())
    (entry,) = archive["log"]["entries"]
    assert (entry["request"]["method"], entry["response"]["status"]) == ("GET", 404)
    assert entry["request"]["queryString"] == [{"name": "a", "value": "b"}]
    assert entry["comment"] == f"#1 nobody: GET /x?a=b -> 404 {NO_OPERATION}"


def test_a_later_run_may_start_from_the_world_of_a_failed_test(runner: Runner) -> None:
    """By the setting `xbl_seed`, or by a marker (SEEN-8)."""
    runner.run(FAILING, "--xbl-artifacts", "artifacts", "-k", "failing").assert_outcomes(failed=1, deselected=3)
    world = "artifacts/test_it.py-test_failing/world.json"
    source = """
        import pytest

        @pytest.mark.xbl()
        def test_it(xbl, xbl_scenario):
            (session,) = xbl.sessions
            assert [user.name for user in xbl_scenario.users] == ["Ana", "Stacy"]
            assert session.document["members"]["0"]["gamertag"] == "Stacy"
        """
    runner.run(source, "-o", f"xbl_seed={world}").assert_outcomes(passed=1)
    runner.run(source.replace("xbl()", f"xbl(seed='{world}')")).assert_outcomes(passed=1)


def test_artifacts_that_cannot_be_written_do_not_hide_the_failure(runner: Runner) -> None:
    """The section says why there are none (SEEN-8)."""
    runner.file("taken", "")
    result = runner.run(FAILING, "--xbl-artifacts", "taken", "-k", "failing")
    result.assert_outcomes(failed=1, deselected=3)
    told = told_in(result)["test_failing"]
    assert errors_in(told) == ["assert 1 == 2"]
    assert section_in(told)[-1].startswith("Not written: ")


def test_artifacts_of_tests_with_long_names_have_shorter_ones(runner: Runner) -> None:
    """File systems have no names as long as a test's may be; two such tests have a directory each (SEEN-8)."""
    source = "".join(f"def test_{'x' * 250}{n}(xbl):\n    assert 1 == 2\n\n" for n in range(2))
    runner.run(source, "--xbl-artifacts", "artifacts").assert_outcomes(failed=2)
    assert len(list(runner.pytester.path.glob("artifacts/*/world.json"))) == 2


def test_the_option_and_the_setting_say_what_they_are(runner: Runner) -> None:
    """`pytest --help` tells of them (SEEN-5, SEEN-8)."""
    runner.again("--help").stdout.fnmatch_lines(["*--xbl-artifacts=DIR*", "*xbl_loose (args):*"])


def test_a_test_that_is_skipped_before_it_runs_shows_nothing(runner: Runner) -> None:
    """Whatever its client has done by then, it has not failed (SEEN-8)."""
    result = runner.run(
        """
        import pytest

        @pytest.fixture
        def prepared(join):
            join()
            pytest.skip("not today")

        def test_it(prepared):
            pass
        """
    )
    result.assert_outcomes(skipped=1)
    result.stdout.no_fnmatch_line("*Captured xbl*")
