"""The output of a failing test; mistakes of the client and late calls, which fail a test by themselves."""

from __future__ import annotations

import re
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from bodies import ONE, SCID, TEMPLATES
from pytest_xbl.xbl.naming import digest

if TYPE_CHECKING:
    from tests.plugin.conftest import Runner

SESSION = f"{SCID}~lobby~one"
KINDS = "unknown-route, unknown-service, bad-body, late-call, egress"

UNKNOWN_ROUTE = 'xbl.client(stacy).get("/x")'
BAD_BODY = 'xbl.client(stacy).put(PATH, json={"member": {}})'
NO_OPERATION = "CALL-7 at the URI: The fake has no operation GET /x on host localhost."
WHY = 'CALL-6 at /member: The field "member" is not known here; did you mean "members"?'
REFUSED = f"Stacy: put-session lobby/one -> 400 {WHY}"
"""The line of the journal for `BAD_BODY`."""
COMPLAINT = f"""\
The client made a mistake: 400 {WHY}
#1 Stacy: put-session lobby/one -> 400
Expect it by `with xbl.expect_refusal('CALL-6')`, or let it pass: @pytest.mark.xbl(loose=['bad-body'])."""

HEAD = f"""
import copy, http.client, pytest, unittest
from urllib.parse import urlsplit

PATH = "{ONE}"

@pytest.fixture
def stacy(xbl):
    return xbl.user("Stacy")
"""


# Mistakes of the client

OWN = {
    "assert 1 == 2": "assert 1 == 2",
    'pytest.fail("mine")': "Failed: mine",
    'raise OSError("mine")': "OSError: mine",
}
WHEN = f"""
@pytest.fixture
def prepared(xbl, stacy):
    {BAD_BODY}

@pytest.fixture
def untidy(xbl, stacy):
    yield
    {BAD_BODY}

def test_prepared(prepared):
    pass

def test_untidy(untidy):
    pass

def test_plain(xbl, stacy):
    {BAD_BODY}

def test_skipped(xbl, stacy):
    {BAD_BODY}
    pytest.skip("after all")

def test_expected_late(xbl, stacy):
    {BAD_BODY}
    pytest.xfail("after all")

@pytest.mark.xfail(strict=True)
def test_expected(xbl, stacy):
    {BAD_BODY}

def test_bug(xbl, stacy, crash):
    {BAD_BODY}
    crash()

def test_no_mistakes(xbl, stacy):
    responses = (
        xbl.client(stacy).get("{TEMPLATES}/none"),
        xbl.client(stacy).put(PATH, json={{}}, headers={{"If-Match": '"x"'}}),
        xbl.client().get(PATH),
    )
    assert [response.status_code for response in responses] == [404, 412, 401]

class TestUnittest(unittest.TestCase):
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


def test_a_mistake_fails_the_test_unless_it_fails_by_itself(runner: Runner) -> None:
    """By a text with the request, and once; its own failure and a bug of the fake come first (SEEN-5, SEEN-8).

    A late skip hides no mistake, `xfail` is for any failure, and a refusal for what a session holds is no mistake.
    """
    source = HEAD + WHEN
    for number, failure in enumerate(OWN):
        source += f"\ndef test_own_{number}(xbl, stacy):\n    {BAD_BODY}\n    {failure}\n"
    result = runner.run(source)
    result.assert_outcomes(passed=3, failed=10, errors=1, xfailed=1)
    told = runner.told(result)
    titles = ["test_prepared", "test_plain", "test_skipped", "test_expected_late", "TestUnittest.test_mistake"]
    for title in (*titles, "ERROR at teardown of test_untidy"):
        mistake = told.pop(title)
        assert (runner.failure(mistake), runner.section(mistake)) == (COMPLAINT, [f"#1 {REFUSED}"])
    bug = told.pop("test_bug")
    assert runner.errors(bug) == ["RuntimeError: a bug"]
    assert runner.section(bug) == [f"#1 {REFUSED}", f"#2 Stacy: GET {TEMPLATES}/lobby -> 500"]
    assert {title: runner.errors(text) for title, text in told.items()} == {
        "TestUnittest.test_own": ["AssertionError: 1 != 2"],
        **{f"test_own_{number}": [error] for number, error in enumerate(OWN.values())},
    }
    assert [runner.section(text) for text in told.values()] == [[f"#1 {REFUSED}"]] * 4


# Mistakes that are let pass

LOOSE = [
    ("['bad-body']", None, True),
    ("'bad-body'", None, True),
    ("['unknown-route', 'unknown-service', 'late-call']", None, False),
    (None, "['bad-body']", True),
    ("['unknown-route']", "['bad-body']", True),
    (None, None, False),
]


def test_kinds_of_mistakes_are_let_pass_by_name(runner: Runner) -> None:
    """By the markers of the test and of its class, and by the setting; their names add up (SEEN-5)."""
    source = HEAD
    for number, (function, class_, _) in enumerate(LOOSE):
        source += f"""
@pytest.mark.xbl(loose={class_ or ()})
class TestNo{number}:
    @pytest.mark.xbl(loose={function or ()})
    def test_it(self, xbl, stacy):
        {BAD_BODY}
"""
    loose = sum(passes for _, _, passes in LOOSE)
    runner.run(source).assert_outcomes(passed=loose, failed=len(LOOSE) - loose)
    runner.again("-o", "xbl_loose=unknown-service").assert_outcomes(passed=loose, failed=len(LOOSE) - loose)
    runner.again("-o", "xbl_loose=unknown-service bad-body").assert_outcomes(passed=len(LOOSE))


def test_an_unknown_kind_is_an_error(runner: Runner) -> None:
    """At setup, by its text alone, of each test that has it or uses the fake under such a setting (SEEN-5)."""
    source = f"{HEAD}\n@pytest.mark.xbl(loose=SAID)\ndef test_it(xbl):\n    pass\n\ndef test_without():\n    pass\n"
    setting = ("-o", "xbl_loose=bad-body nothing")
    for loose, arguments, named in (
        ("['bad_body']", (), "'bad_body' in loose; known kinds: {}. Did you mean 'bad-body'?"),
        ("7", (), "7 in loose; known kinds: {}."),
        ("()", setting, "'nothing' in loose; known kinds: {}.\nnamed by: the setting xbl_loose"),
    ):
        result = runner.run(source.replace("SAID", loose), *arguments)
        result.assert_outcomes(passed=1, errors=1)
        assert runner.told(result) == {"ERROR at setup of test_it": f"Unknown kind {named.format(KINDS)}"}


def test_an_expected_refusal_fails_nothing(runner: Runner) -> None:
    """In its block only (SEEN-7)."""
    result = runner.run(
        f"""{HEAD}
def test_expected(xbl, stacy):
    with xbl.expect_refusal("CALL-6"):
        {BAD_BODY}

def test_outside(xbl, stacy):
    with xbl.expect_refusal(400):
        {BAD_BODY}
    {UNKNOWN_ROUTE}
"""
    )
    result.assert_outcomes(passed=1, failed=1)
    assert runner.failure(runner.told(result)["test_outside"]).splitlines()[:2] == [
        f"The client made a mistake: 404 {NO_OPERATION}",
        "#2 Stacy: GET /x -> 404",
    ]


AROUND = f"""{HEAD}
@pytest.fixture
def refused(xbl, stacy):
    with xbl.expect_refusal("CALL-6"):
        yield

def test_around(refused, xbl, stacy):
    {BAD_BODY}

def test_idle(xbl):
    xbl.expect_refusal("CALL-6")

def test_idle_in_a_failure(xbl):
    xbl.expect_refusal("CALL-6")
    assert 1 == 2
"""


def test_a_refusal_is_expected_by_a_block_and_not_without(runner: Runner) -> None:
    """A block may lie around the yield of a fixture; a forgotten `with` fails the test (SEEN-7)."""
    result = runner.run(AROUND)
    result.assert_outcomes(passed=1, failed=2)
    told = runner.told(result)
    assert told["test_idle"] == "Nothing expects a refusal by CALL-6: xbl.expect_refusal needs a with-block."
    assert runner.errors(told["test_idle_in_a_failure"]) == ["assert 1 == 2"]


SKIPPED = f"""{HEAD}
class TestSkips(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def world(self, xbl, stacy):
        self.mistake = lambda: {BAD_BODY}

    def test_skip(self):
        self.mistake()
        self.skipTest("after all")

    def test_good(self):
        self.skipTest("without a mistake")

def test_raised(xbl, stacy):
    {BAD_BODY}
    raise unittest.SkipTest("after all")
"""


def test_a_skip_of_unittest_hides_no_mistake(runner: Runner) -> None:
    """No more than one of pytest (SEEN-5)."""
    result = runner.run(SKIPPED)
    result.assert_outcomes(failed=2, skipped=1)
    assert {runner.failure(text) for text in runner.told(result).values()} == {COMPLAINT}


def test_a_marker_that_cannot_be_fails_its_test_though_it_has_no_world(runner: Runner) -> None:
    """It would be in force for nothing (SEEN-5, SEED-6)."""
    result = runner.run(
        """
        import pytest

        @pytest.mark.xbl(sede={})
        def test_option():
            pass

        @pytest.mark.xbl(loose=["late"])
        def test_kind(xbl_world):
            pass

        @pytest.mark.xbl(seed={})
        def test_good():
            pass
        """
    )
    result.assert_outcomes(passed=1, errors=2)
    told = runner.told(result)
    assert told["ERROR at setup of test_option"].startswith("The marker xbl has no option 'sede'; did you mean seed=?")
    assert told["ERROR at setup of test_kind"].startswith("Unknown kind 'late' in loose")


# Late calls

LATE = f"""{HEAD}
late = {{}}

def call(url, method="GET"):
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
    connection.request(method, PATH, headers=late)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text

@pytest.fixture(scope="session")
def afterwards(xbl_server):
    yield
    call(xbl_server.url)

def test_over(afterwards, stacy):
    late.update(stacy.headers)

def test_now(xbl):
    text = "This token belongs to a world that is over; its last test was test_it.py::test_over."
    assert call(xbl.url, "DELETE") == (410, text + "\\nwhere: Authorization\\nrule: SEEN-6\\n")
    assert (len(xbl.sessions), len(xbl.journal)) == (0, 0)

@pytest.mark.xbl(loose="late-call")
def test_loose(stacy):
    late.update(stacy.headers)

def test_after_the_loose_one(xbl):
    assert call(xbl.url)[0] == 410

@pytest.fixture
def untidy(xbl):
    yield
    raise OSError("untidy")

@pytest.mark.xbl(loose="bad-body")
def test_last(stacy, untidy):
    late.update(stacy.headers)

def test_without(xbl_server):
    assert call(xbl_server.url, "PUT")[0] == 410
"""
MEND = (
    "Stop its threads and programs, and reset the code that keeps its token, before it is over; "
    "or let it pass: @pytest.mark.xbl(loose=['late-call'])."
)


def test_a_late_call_is_an_error_of_the_test_that_it_belongs_to(runner: Runner) -> None:
    """Also of the last test, beside a failing teardown, and while a test without a world runs (SEEN-6).

    The caller reads whose token it is. A test may let its late calls pass; they get the same response.
    """
    result = runner.run(LATE)
    result.assert_outcomes(passed=4, failed=2, errors=3)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    told = runner.told(result)
    assert told.pop("ERROR at teardown of test_over") == (
        "A call came when the world of this test was over, and was answered with 410:\n"
        f"DELETE {ONE}\nMeanwhile ran: test_it.py::test_now.\n{MEND}"
    )
    last = told.pop("ERROR at teardown of test_last")
    assert runner.errors(last) == ["OSError: untidy"]
    assert last.endswith(
        "2 calls came when the world of this test was over, and were answered with 410:\n"
        f"PUT {ONE}\nGET {ONE}\nMeanwhile ran: test_it.py::test_without.\n{MEND}"
    )
    assert {title: text.splitlines()[1] for title, text in told.items()} == {
        "test_now": f"DELETE {ONE} of test_it.py::test_over",
        "test_without": f"PUT {ONE} of test_it.py::test_last",
    }
    runner.again("-o", "xbl_loose=late-call").assert_outcomes(passed=6, errors=1)


# The section of a failing test


@pytest.mark.parametrize(("verbosity", "shown"), [("-v", 12), ("-vv", 13)])
def test_a_failing_test_shows_its_requests_and_sessions(runner: Runner, verbosity: str, shown: int) -> None:
    """The last of them; all of them under -vv (SEEN-8)."""
    source = "def test_it(join):\n    for name in 'abcdefghijklm':\n        join(name, name)\n    assert 1 == 2\n"
    section = runner.section(runner.told(runner.run(source, verbosity))["test_it"])
    assert len([line for line in section if line.startswith("#")]) == shown
    assert "  #1 12:00:00 put-session by m: session created, m joined, m became active" in section


def test_a_failing_subtest_shows_them_as_well(runner: Runner) -> None:
    """Each those until then, where pytest reports subtests; where it does not, they fail the test itself (SEEN-8)."""
    told = runner.told(
        runner.run(
            """
            import pytest
            import unittest

            class TestIt(unittest.TestCase):
                @pytest.fixture(autouse=True)
                def take(self, join):
                    self.join = join

                def test_it(self):
                    for name in ("Stacy", "Ana"):
                        with self.subTest(name=name):
                            self.assertEqual(self.join(name), 0)
            """
        )
    )
    sections = [[line for line in runner.section(text) if line.startswith("#")] for text in told.values()]
    both = ["#1 Stacy: put-session lobby/one -> 201", "#2 Ana: put-session lobby/one -> 200"]
    assert sections in ([both[:1]], [both[:1], both])


def test_a_test_that_does_not_fail_shows_nothing(runner: Runner) -> None:
    """Nor does one without a world, nor one in whose world nothing has happened (SEEN-8)."""
    result = runner.run(
        """
        import pytest

        @pytest.fixture
        def leaving(join):
            join()
            pytest.skip("not today")

        def test_passed(join):
            join()

        def test_skipped(join):
            join()
            pytest.skip("not today")

        def test_skipped_at_setup(leaving):
            pass

        def test_without():
            assert 1 == 2

        def test_nothing(xbl):
            assert 1 == 2
        """,
        "-rA",
    )
    result.assert_outcomes(passed=1, skipped=2, failed=2)
    result.stdout.no_fnmatch_line("*Captured xbl*")


# Assertions about documents

COMPARED = f"""{HEAD}
@pytest.fixture
def session(xbl):
    return xbl.sessions.create("lobby", name="one", members=xbl.users("Stacy", "Ana"))

@pytest.fixture
def expected(session):
    document = copy.deepcopy(dict(session.document))
    document["properties"]["custom"] = {{"map": "arena"}}
    document["members"]["1"]["properties"]["system"] = {{}}
    return document

def test_other_places(session):
    document = dict(session.document)
    members = document["members"]
    assert session.document == {{**document, "members": {{"0": members["1"], "1": members["0"]}}}}
"""
SINCE = "since #1 12:00:00 create by the test"
EXPLAINED = [
    "assert The session is not as expected:",
    f"/members/1 (Ana)/properties/system/active: expected nothing, got true [membersStatus]; {SINCE}",
    '/properties/custom/map: expected "arena", got nothing [customProperty]; ' + SINCE,
]
BY_PYTEST = [
    '{"a": 1} == {"a": 2}',
    '"one" == "two"',
    'session.document["members"] == {}',
    "dict(session.document) == expected",
    "session.document == [7]",
    "session.document == None",
    "None == session.document",
    "session.document != session.document",
    '"x" in session.document',
    "session.document is expected",
]


def test_an_assertion_about_a_document_is_explained(runner: Runner) -> None:
    """By a line for every difference, on either side; pytest explains every other assertion (SEEN-2)."""
    ours = ["session.document == expected", "expected == session.document"]
    tests = "".join(
        f"\ndef test_{number}(session, expected):\n    assert {said}\n" for number, said in enumerate(ours + BY_PYTEST)
    )
    result = runner.run(COMPARED + tests)
    result.assert_outcomes(failed=3 + len(BY_PYTEST))
    errors = {title: runner.errors(text) for title, text in runner.told(result).items()}
    assert (errors.pop("test_0"), errors.pop("test_1")) == (EXPLAINED, EXPLAINED)
    assert errors["test_other_places"][0].startswith("AssertionError: assert {'contractVer")
    for lines in errors.values():
        assert "The session is not as expected:" not in "\n".join(lines)
        assert re.fullmatch("(AssertionError: )?assert .+", lines[0])


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


FILES = ["page.html", "requests.har", "world.json"]


def named(name: str) -> str:
    """The name of the directory of a test."""
    return f"test_it.py-test_{name}-{digest(f'test_it.py::test_{name}')}"


def test_artifacts_are_written_of_each_test_that_fails(runner: Runner) -> None:
    """A page, its requests as an HTTP archive, and its world as a seed (SEEN-8)."""
    result = runner.run(FAILING, "--xbl-artifacts", "below/artifacts")
    result.assert_outcomes(passed=1, failed=3)
    directory = runner.pytester.path / "below" / "artifacts"
    assert {str(path.relative_to(directory)) for path in directory.rglob("*.*") if path.is_file()} == {
        f"{named(name)}/{file}" for name in ("failing", "mistake") for file in FILES
    }
    told = runner.told(result)
    assert runner.section(told["test_failing"])[-1] == f"Written to below/artifacts/{named('failing')}"


def test_artifacts_that_cannot_be_written_do_not_hide_the_failure(runner: Runner) -> None:
    """The section shows the reason (SEEN-8)."""
    runner.file("taken", "")
    told = runner.told(runner.run(FAILING, "--xbl-artifacts", "taken", "-k", "failing"))["test_failing"]
    assert runner.errors(told) == ["assert 1 == 2"]
    assert runner.section(told)[-1].startswith("Not written: ")


MOVED = """
def test_it(xbl, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    xbl.user("Stacy")
    assert 1 == 2
"""


@pytest.mark.parametrize("absolute", [False, True])
def test_artifacts_lie_below_the_directory_where_pytest_was_started(runner: Runner, *, absolute: bool) -> None:
    """Wherever the test has gone; an absolute one is as it was given (SEEN-8)."""
    directory = f"{runner.here}art" if absolute else "art"
    told = runner.told(runner.run(MOVED, "--xbl-artifacts", directory))["test_it"]
    [place] = (runner.pytester.path / "art").iterdir()
    assert runner.section(told) == [f"Written to {directory}/{place.name}"]
    assert sorted(path.name for path in place.iterdir()) == FILES


# The line of a mistake

LINES = f"""{HEAD}
import service, threading

class Service:
    def __init__(self, client):
        self.client = client

    def look(self):
        return self.client.get("/deep")  # deep

def test_here(xbl, stacy):
    service = Service(xbl.client(stacy))
    {UNKNOWN_ROUTE}  # here
    service.look()
    locals_stay = True

def test_deep(xbl, stacy):
    Service(xbl.client(stacy)).look()

def test_service(xbl):
    thread = threading.Thread(target=service.look, args=[xbl])
    thread.start()
    thread.join()

def test_thread(xbl, stacy):
    thread = threading.Thread(target=lambda: xbl.client(stacy).get("/thread"))  # thread
    thread.start()
    thread.join()

def test_elsewhere(xbl, stacy):
    thread = threading.Thread(target=xbl.client(stacy).get, args=["/elsewhere"])
    thread.start()
    thread.join()

def test_conftest(ask):
    pass

def test_socket(xbl, stacy):  # socket
    address = urlsplit(xbl.url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
    connection.request("GET", "/socket", headers=stacy.headers)
    connection.getresponse().read()
    connection.close()
"""
CONFTEST = """
import pdb
import pytest

@pytest.fixture
def ask(xbl):
    xbl.client().get("/conftest")  # conftest

class Spy(pdb.Pdb):
    def interaction(self, frame, stop, *more):
        while stop.tb_next:
            stop = stop.tb_next
        names = sorted(name for name in stop.tb_frame.f_locals if name != "stacy")
        print(f"stopped in {stop.tb_frame.f_code.co_name}:{stop.tb_lineno} with {', '.join(names)}")
"""


SERVICE = """
def look(xbl):
    xbl.client().get("/service")  # service
"""


@pytest.fixture
def lines(runner: Runner) -> dict[str, str]:
    """The place of each line of a file that has a comment, by the comment."""
    runner.file("conftest.py", CONFTEST)
    runner.file("service.py", SERVICE)
    sources = {"test_it.py": dedent(LINES), "conftest.py": dedent(CONFTEST), "service.py": dedent(SERVICE)}
    return {
        line.rpartition("  # ")[2]: f"{file}:{number}"
        for file, source in sources.items()
        for number, line in enumerate(source.splitlines(), 1)
        if "  # " in line
    }


def test_a_mistake_fails_the_test_at_the_line_that_made_it(runner: Runner, lines: dict[str, str]) -> None:
    """Or at those of its project, as in a task; as far as the call was made in this process (SEEN-5)."""
    result = runner.run(LINES, "--tb=short")
    told = {title: text.splitlines() for title, text in runner.told(result).items()}
    where = {title: [line for line in text if re.match(r"\w+\.py:\d+: in", line)] for title, text in told.items()}
    at_deep = int(lines["deep"].partition(":")[2]) + 9
    assert where == {
        "test_here": [f"{lines['here']}: in test_here"],
        "test_deep": [f"test_it.py:{at_deep}: in test_deep", f"{lines['deep']}: in look"],
        "test_service": [f"{lines['service']}: in look"],
        "test_thread": [f"{lines['thread']}: in <lambda>"],
        "test_elsewhere": [],
        "test_conftest": [f"{lines['conftest']}: in ask"],
        "test_socket": [],
    }
    assert f"E   #1 Stacy: GET /x -> 404 ({lines['here']})" in told["test_here"]
    second = "CALL-7 at the URI: The fake has no operation GET /deep on host localhost."
    assert f"E   #2 Stacy: GET /deep -> 404 {second} ({lines['deep']})" in told["test_here"]
    assert "#1 Stacy: GET /socket -> 404" in told["test_socket"]


def test_one_line_of_a_failure_names_the_line_of_the_mistake(runner: Runner, lines: dict[str, str]) -> None:
    """Under `--tb=line`; over a socket, that of the test (SEEN-5)."""
    result = runner.run(LINES, "--tb=line", "-k", "test_here or deep or socket")
    found = [line.partition(": Failed: ")[0] for line in result.outlines if line.startswith(runner.here)]
    assert found == [f"{runner.here}{lines[comment]}" for comment in ("here", "deep", "socket")]


def test_a_debugger_stops_where_the_mistake_was_made(runner: Runner, lines: dict[str, str]) -> None:
    """Under `--pdb`, with the variables of that function (SEEN-5)."""
    result = runner.run(LINES, "-s", "--pdb", "--pdbcls=conftest:Spy", "-k", "test_here")
    stopped = f"stopped in test_here:{lines['here'].partition(':')[2]} with locals_stay, service, xbl"
    result.stdout.fnmatch_lines([f"*{stopped}"])
