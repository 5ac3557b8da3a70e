"""The report of a failing test: what it shows of its world."""

from __future__ import annotations

import pytest

from bodies import ACTIVE, ONE, score
from pytest_xbl import XboxLive
from pytest_xbl.reporting.report import report


@pytest.mark.parametrize("whole", [False, True])
def test_nothing_is_reported_of_a_world_in_which_nothing_has_happened(xbl: XboxLive, *, whole: bool) -> None:
    """People and templates are not shown (SEEN-8)."""
    xbl.user("Stacy")
    assert report(xbl, whole=whole) == ""


@pytest.mark.parametrize("whole", [False, True])
def test_a_report_shows_requests_and_versions(xbl: XboxLive, *, whole: bool) -> None:
    """First the requests, then how each session came to be as it is; all of it with whole paths (SEEN-8)."""
    client = xbl.client(xbl.user("Stacy"))
    client.put(ONE, json=ACTIVE)
    client.put(ONE, json=score(1))
    xbl.client().get("/x")
    session = xbl.sessions["one"]
    request, name = (f"PUT {ONE}", str(session.ref)) if whole else ("put-session lobby/one", "lobby/one")
    assert report(xbl, whole=whole).splitlines() == [
        f"#1 Stacy: {request} -> 201",
        f"#2 Stacy: {request} -> 200",
        "#3 nobody: GET /x -> 404 CALL-7 at the URI: The fake has no operation GET /x on host localhost.",
        f"{name}:",
        *(f"  {line}" for line in str(session.history).splitlines()),
    ]


def test_a_report_is_short(xbl: XboxLive) -> None:
    """It shows the last of everything, and says how much it leaves out (SEEN-8)."""
    client = xbl.client(xbl.user("Stacy"))
    for number in range(5):
        client.put(f"{ONE}{number}", json=ACTIVE)
    for number in range(10):
        client.put(f"{ONE}4", json=score(number))
    client.get(f"{ONE}1/members/0")
    lines = report(xbl, whole=False).splitlines()
    one, three, four = (xbl.sessions[f"one{number}"] for number in (1, 3, 4))
    assert lines == [
        "... 4 earlier requests; -vv shows all",
        *map(str, xbl.journal[-12:]),
        "lobby/one1:",
        f"  {one.history}",
        "lobby/one4:",
        "  ... 8 earlier versions; -vv shows all",
        *(f"  {line}" for line in str(four.history).splitlines()[-3:]),
        "lobby/one3:",
        f"  {three.history}",
        "... 2 other sessions; -vv shows all",
    ]
    assert str(one.history).count("\n") == 0


def written_to(times: int, *, keep: int) -> XboxLive:
    """A world in which Stacy has written to a session so many times."""
    xbl = XboxLive(keep=keep)
    client = xbl.client(xbl.user("Stacy"))
    for body in (ACTIVE, *map(score, range(times - 1))):
        client.put(ONE, json=body)
    return xbl


def test_a_report_says_what_was_let_go() -> None:
    """Of the requests of the test, and of the versions (SEEN-8, SEEN-18)."""
    xbl = written_to(4, keep=2)
    versions = [f"  {line}" for line in str(xbl.sessions["one"].history).splitlines()]
    assert versions[0] == "  ... 2 earlier versions were let go (xbl_keep is 2)"
    requests = [f"#{number} Stacy: put-session lobby/one -> 200" for number in (3, 4)]
    two, one = ("... 2 earlier requests were let go", "... 1 earlier request was let go")
    for earlier, gap in ((0, [f"{two} (xbl_keep is 2)"]), (1, [f"{one} (xbl_keep is 2)"]), (2, [])):
        lines = report(xbl, whole=False, earlier=earlier).splitlines()
        assert lines == [*gap, *requests, "lobby/one:", *versions]
    assert report(xbl, whole=True, earlier=2).splitlines()[0] == f"{two} (xbl_keep is 2)"


def test_what_was_let_go_is_older_than_what_is_left_out() -> None:
    """And comes first (SEEN-8, SEEN-18)."""
    xbl = written_to(9, keep=4)
    lines = report(xbl, whole=False).splitlines()
    assert lines[6:8] == [
        "  ... 4 earlier versions were let go (xbl_keep is 4)",
        "  ... 2 earlier versions; -vv shows all",
    ]


def test_sessions_that_no_request_has_touched_come_last(xbl: XboxLive) -> None:
    """Those that were made last come first; one of another service configuration has its whole reference (SEEN-8)."""
    stacy = xbl.user("Stacy")
    other = "00000000-0000-4000-8000-000000000000"
    xbl.templates.add("duel", {}, scid=other)
    xbl.sessions.create("duel", name="far", members=[stacy], scid=other)
    for name in ("touched", "made", "My Party/ü".replace("/", " ")):
        xbl.sessions.create("lobby", name=name, members=[stacy])
    xbl.client(stacy).get(xbl.sessions["touched"].ref.path.upper().replace("TOUCHED", "touched"))
    lines = report(xbl, whole=False).splitlines()
    named = [line for line in lines if line.endswith(":")]
    assert named == ["lobby/touched:", "lobby/My Party ü:", "lobby/made:"]
    xbl.client(stacy).get(xbl.sessions["My Party ü"].ref.path)
    xbl.client(stacy).get(f"/serviceconfigs/{other}/sessiontemplates/duel/sessions/far")
    named = [line for line in report(xbl, whole=False).splitlines() if line.endswith(":")]
    assert named == [f"{other}~duel~far:", "lobby/My Party ü:", "lobby/touched:"]


def test_a_whole_report_leaves_nothing_out(xbl: XboxLive) -> None:
    """Every request, every session and every version (SEEN-8)."""
    client = xbl.client(xbl.user("Stacy"))
    for number in range(20):
        client.put(f"{ONE}{number % 5}", json=score(number) if number >= 5 else ACTIVE)
    text = report(xbl, whole=True)
    assert "-vv" not in text
    expected = [entry._line(whole=True) for entry in xbl.journal]
    for session in reversed(list(xbl.sessions)):
        expected += [f"{session.ref}:", *(f"  {line}" for line in str(session.history).splitlines())]
    assert text.splitlines() == expected
    assert len(expected) == 20 + 5 + 20


def test_a_session_that_is_gone_is_shown_too(xbl: XboxLive) -> None:
    """Its last version says how it went (SEEN-8)."""
    client = xbl.client(xbl.user("Stacy"))
    client.put(ONE, json=ACTIVE)
    client.delete(f"{ONE}/members/me")
    assert len(xbl.sessions) == 0
    session = xbl.sessions["one"]
    assert report(xbl, whole=True).splitlines()[2:] == [
        f"{session.ref}:",
        *(f"  {line}" for line in str(session.history).splitlines()),
    ]
    assert len(session.history) == 2
