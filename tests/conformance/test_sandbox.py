"""The suite against a sandbox, for which a fake stands in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from pytest_xbl.conformance import target
from pytest_xbl.conformance.ways import OverHttp
from tests.conformance.conftest import Sandbox, account

FULL = {"Integer": "Kills", "Double": "Rate", "String": "Rank"}


def fill(sandbox: Sandbox) -> None:
    """Say everything in the settings that can be said."""
    settings, xbl = sandbox.settings, sandbox.xbl
    stacy, ana, *_ = sandbox.users
    settings["service"] = account(xbl.service("server"))
    settings["userStatistics"], settings["statistics"] = xbl.url, FULL
    xbl.stats.set(stacy, {"Kills": 7, "Rate": 0.5, "Rank": "Major"})
    xbl.follow(stacy, ana)
    settings["users"][0]["follows"] = [ana.xuid]


def test_a_sandbox_with_everything_is_the_same(sandbox: Sandbox) -> None:
    """Rules that need more set-up are not testable, with the reason."""
    fill(sandbox)
    run = sandbox.run()
    assert run.of("different") == set()
    assert run.result.ret == pytest.ExitCode.OK
    assert len(run.of("same")) > 200
    reasons = {
        "OWN-4": "it needs a user who blocks another, which the settings do not say",
        "PUT-11": "it needs a user with claims of their own: privileges",
        "TIME-8": "it needs to say who is in the title",
        "HAND-18": "it would take 86399 seconds, and `patience` is 10",
        "STAT-14": "it needs a statistic of its own, with type, group, ordinal, display_name",
        "STAT-12": "it needs a statistic of its own, with access, type",
    }
    shown = {rule: run.row(rule).removesuffix(" |").split(" | ")[1:3] for rule in reasons}
    assert shown == {rule: ["not testable", reason] for rule, reason in reasons.items()}


def test_a_sandbox_with_little_tests_less(sandbox: Sandbox) -> None:
    """Two users and one template are enough to begin."""
    del sandbox.settings["users"][2:]
    del sandbox.settings["users"][0]["gamertag"]
    sandbox.settings["templates"] = {"bare": "Mybare"}
    run = sandbox.run("-k", "CALL or JOIN or SERV or STAT or TMPL")
    assert (run.result.ret, run.of("different")) == (pytest.ExitCode.OK, set())
    reasons = {
        "CALL-4": "it needs a user whose gamertag is known",
        "TMPL-10": "it needs a template 'capable', which the settings do not name",
        "SERV-3": "it needs a service, and the settings do not have one",
        "STAT-1": "it needs https://userstats.xboxlive.com, and the settings have no address for it",
    }
    for rule, reason in reasons.items():
        assert f"| not testable | {reason} |" in run.row(rule)
    assert "tests not testable: it needs 3 users, and the settings have 2" in run.row("JOIN-4")


def test_sessions_are_left_behind_a_test(sandbox: Sandbox) -> None:
    """By everybody who may be in them, so that they end; names are of one test of one run."""
    sandbox.run(module="test_taps")
    first = {entry.path for entry in sandbox.xbl.journal if entry.operation == "put-session"}
    sandbox.run(module="test_taps")
    second = {entry.path for entry in sandbox.xbl.journal if entry.operation == "put-session"} - first
    assert (len(first), len(second)) == (4 + 3, 4 + 3), "each user makes one before the first test"
    assert len(sandbox.xbl.sessions) == 0


def test_the_evidence_is_no_request_of_the_cleanup(sandbox: Sandbox) -> None:
    """It is the last one that shows the rule, also where the test itself chooses the name of its session."""
    run = sandbox.run("-m", "CALL-15", module="test_calling")
    assert re.fullmatch(r"\| CALL-15 \| same \| PUT …/Mybare/sessions/1 -> 201 \| .* \|", run.row("CALL-15"))
    assert len(sandbox.xbl.sessions) == 0


def test_templates_may_have_the_capabilities(sandbox: Sandbox) -> None:
    """Where the creation of a session cannot add them."""
    can = {"large": True, "gameplay": True, "suppressPresenceActivityCheck": True}
    sandbox.xbl.templates.add("Big", {"constants": {"system": {"capabilities": can}}})
    sandbox.settings["templates"]["gameplay+large"] = "Big"
    run = sandbox.run(module="test_large")
    assert (run.result.ret, run.of("different")) == (pytest.ExitCode.OK, set())
    assert "…/Big/sessions/room-" in run.row("BIG-3")


def test_statistics_of_other_types_are_not_testable(sandbox: Sandbox) -> None:
    """The reason names the type."""
    fill(sandbox)
    del sandbox.settings["statistics"]["String"]
    run = sandbox.run("-k", "STAT-5", module="test_statistics")
    reason = "it needs a statistic of the type String, which the settings do not name"
    assert run.row("STAT-5").endswith(f"; 1 of 3 tests not testable: {reason} |")


def test_no_text_has_a_token(sandbox: Sandbox, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if the service says it, and however much pytest is asked to show."""
    unchecked(monkeypatch)

    def echo(request: Request) -> Response:
        return Response(request.headers.get("Authorization", ""), 200 if request.method == "GET" else 418)

    httpserver.expect_request(re.compile(".*")).respond_with_handler(echo)
    shown = ("-vv", "--showlocals", "--full-trace", "--junitxml=junit.xml", "-k", "CALL-15 or CALL-6")
    run = sandbox.run(*shown, url=httpserver.url_for(""), module="test_calling")
    assert run.of("different") == {"CALL-15", "CALL-6"}
    token = sandbox.users[0].token
    for text in (run.text, run.page, (run.directory / "junit.xml").read_text(encoding="utf-8")):
        assert token not in text
        assert f"…{token[-4:]}" in text


def answering(status: int) -> Callable[[Request], Response]:
    """A handler that always answers this."""
    return lambda _request: Response(status=status)


def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a run begin without a look at the sandbox."""
    monkeypatch.setattr(target, "require_as_said", lambda *_: None)


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (500, "The service is not available: the service answers 500 to GET {templates}."),
        (401, "The service refuses the token …{end}: 401.\nwhere: /users/0/token in {file}"),
    ],
)
def test_a_sandbox_that_cannot_be_tested_is_said(
    sandbox: Sandbox, httpserver: HTTPServer, status: int, text: str
) -> None:
    """Before the first test; nothing is written, and the exit code says so."""
    httpserver.expect_request(re.compile(".*")).respond_with_handler(answering(status))
    run = sandbox.run(url=httpserver.url_for(""))
    templates = f"/serviceconfigs/{sandbox.xbl.scid}/sessiontemplates"
    expected = text.format(templates=templates, end=sandbox.users[0].token[-4:], file=sandbox.file)
    assert f"ERROR: {expected}\n" in run.text
    assert (run.result.ret, run.page) == (pytest.ExitCode.USAGE_ERROR, "")
    assert len(httpserver.log) == 1


def test_an_error_before_the_first_test_has_no_token(sandbox: Sandbox, httpserver: HTTPServer) -> None:
    """Even if the service says it, in plain text."""
    token = sandbox.users[0].token
    httpserver.expect_request(re.compile(".*")).respond_with_data(token)
    run = sandbox.run(url=httpserver.url_for(""))
    path = f"/serviceconfigs/{sandbox.xbl.scid}/sessiontemplates"
    text = f"GET {path} -> 200: body: expected JSON, got '…{token[-4:]}'."
    assert f"ERROR: The service does not answer as a session directory does: {text}\nwhere: --xbl-service\n" in run.text
    assert token not in run.text


def test_a_sandbox_that_is_not_there_is_said(sandbox: Sandbox) -> None:
    """With its address."""
    run = sandbox.run(url="http://127.0.0.1:9")
    assert "ERROR: The service is not available: http://127.0.0.1:9 does not answer GET " in run.text
    assert (run.result.ret, run.page) == (pytest.ExitCode.USAGE_ERROR, "")


def test_a_sandbox_has_one_process(sandbox: Sandbox) -> None:
    """Workers of pytest-xdist would share its users."""
    run = sandbox.run("-n", "2", url="http://127.0.0.1:9")
    text = "A sandbox is tested in one process, as workers would share its users; leave out -n, or give -n 0."
    assert f"ERROR: {text}\nwhere: -n\n" in run.text
    assert (run.result.ret, run.page) == (pytest.ExitCode.USAGE_ERROR, "")


def test_nothing_is_asked_when_tests_are_only_listed(sandbox: Sandbox) -> None:
    """With `--collect-only`."""
    run = sandbox.run("--collect-only", "-q", url="http://127.0.0.1:9")
    assert (run.result.ret, run.page) == (pytest.ExitCode.OK, "")


def test_a_sandbox_that_fails_later_leaves_its_rules_open(
    sandbox: Sandbox, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A 500 says nothing about a rule, and fails the run."""
    unchecked(monkeypatch)
    httpserver.expect_request(re.compile(".*")).respond_with_handler(answering(500))
    run = sandbox.run(url=httpserver.url_for(""), module="test_taps")
    assert run.result.ret == pytest.ExitCode.TESTS_FAILED
    assert "| TAP-1 | not testable | the service answers 500 to PUT " in run.page


def test_a_sandbox_that_goes_away_ends_the_run(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """At once; the rest would say nothing, so no report is written."""
    unchecked(monkeypatch)
    ask, asked = OverHttp._ask, []

    def only_so_often(way: OverHttp, request: Any) -> Any:
        asked.append(request)
        if len(asked) > 10:
            raise ConnectionRefusedError("gone")
        return ask(way, request)

    monkeypatch.setattr(OverHttp, "_ask", only_so_often)
    run = sandbox.run(module="test_calling")
    assert (run.result.ret, run.page) == (pytest.ExitCode.TESTS_FAILED, "")
    assert "does not answer" in run.text
    assert "conformance of" not in run.text
    assert run.result.parseoutcomes().get("failed", 0) + run.result.parseoutcomes().get("errors", 0) <= 2
