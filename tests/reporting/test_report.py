"""The report of a failing test: what it shows of its world, and what is written down of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bodies import ACTIVE, ONE, score
from pytest_xbl import XboxLive
from pytest_xbl.reporting.report import report, write_artifacts


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


# Artifacts


def test_the_world_of_a_failing_test_can_be_loaded_again(xbl: XboxLive, tmp_path: Path) -> None:
    """`world.json` is a seed, and whoever starts from it has an equal world (SEED-7)."""
    stacy, ana = xbl.users("Stacy", "Ana")
    xbl.client(stacy).put(ONE, json=ACTIVE)
    xbl.client(ana).put(ONE, json=ACTIVE)
    xbl.sessions["one"].invite(xbl.user("Bea"))
    xbl.clock.advance(minutes=5)
    place = write_artifacts(xbl, tmp_path, "test_x.py::test_it")
    again = XboxLive(seed=place / "world.json")
    assert again.dump() == xbl.dump()
    assert again.sessions["one"].document == xbl.sessions["one"].document


def test_the_requests_of_a_failing_test_are_an_archive(xbl: XboxLive, tmp_path: Path) -> None:
    """`requests.har` has all of them, at the URL of the server."""
    xbl.client(xbl.user("Stacy")).put(ONE, json=ACTIVE)
    place = write_artifacts(xbl, tmp_path / "new" / "directory", "test_x.py::test_it[a/b c]")
    assert place.parent == tmp_path / "new" / "directory"
    assert re.fullmatch("test_x.py-test_it-a-b-c--[0-9a-f]{8}", place.name)
    assert write_artifacts(xbl, tmp_path, "test_x.py::test_it").name == "test_x.py-test_it"
    assert sorted(path.name for path in place.iterdir()) == ["requests.har", "world.json"]
    archive = json.loads((place / "requests.har").read_text(encoding="utf-8"))
    assert [entry["request"]["url"] for entry in archive["log"]["entries"]] == [f"{xbl.url}{ONE}"]


def test_artifacts_replace_those_of_an_earlier_run(xbl: XboxLive, tmp_path: Path) -> None:
    """They are those of the last run of the test."""
    stacy = xbl.user("Stacy")
    write_artifacts(xbl, tmp_path, "test_it")
    xbl.client(stacy).put(ONE, json=ACTIVE)
    place = write_artifacts(xbl, tmp_path, "test_it")
    assert len(json.loads((place / "requests.har").read_text(encoding="utf-8"))["log"]["entries"]) == 1


def test_a_relative_directory_is_relative_to_where_pytest_runs(
    xbl: XboxLive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not to that of the test, which names of seeds are relative to."""
    monkeypatch.chdir(tmp_path)
    place = write_artifacts(xbl, Path("artifacts"), "test_it")
    assert sorted(path.name for path in (tmp_path / place).iterdir()) == ["requests.har", "world.json"]


def test_parameters_that_are_alike_are_told_apart(xbl: XboxLive, tmp_path: Path) -> None:
    """Characters that no file name should have are left out of the names."""
    places = {write_artifacts(xbl, tmp_path, f"test_it[{value}]") for value in ("a/b", "a b", "a-b")}
    assert len(places) == 3


def test_the_name_of_a_test_may_be_long(xbl: XboxLive, tmp_path: Path) -> None:
    """Two that are alike for long are told apart all the same."""
    long = f"test_x.py::test_it[{'ü' * 200}{'x' * 300}"
    places = {write_artifacts(xbl, tmp_path, f"{long}-{end}]") for end in "ab"}
    assert len(places) == 2
    assert {place.parent for place in places} == {tmp_path}
    assert max(len(place.name.encode()) for place in places) <= 200


def test_a_directory_cannot_be_escaped(xbl: XboxLive, tmp_path: Path) -> None:
    """Whatever stands in the id of a test, its directory is one below the one that was asked for."""
    assert write_artifacts(xbl, tmp_path, "a/../../b::c").parent == tmp_path
