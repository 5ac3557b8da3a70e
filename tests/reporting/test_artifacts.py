"""The files that a failing test leaves behind."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path

import pytest

from bodies import ACTIVE, ONE
from elements import parsed
from pytest_xbl import XboxLive
from pytest_xbl.pages.failure import Failure
from pytest_xbl.reporting.artifacts import write_artifacts, write_page

FILES = ["requests.har", "world.json"]
FAILED = [Failure("call", "assert 1 == 2", "test_x.py:7", "whole")]


def names(directory: Path) -> list[str]:
    """The names of what is in a directory."""
    return sorted(path.name for path in directory.iterdir())


def test_the_world_of_a_failing_test_can_be_loaded_again(xbl: XboxLive, tmp_path: Path) -> None:
    """`world.json` is a seed, and whoever starts from it has an equal world (SEED-7)."""
    stacy, ana = xbl.users("Stacy", "Ana")
    xbl.client(stacy).put(ONE, json=ACTIVE)
    xbl.client(ana).put(ONE, json=ACTIVE)
    xbl.sessions["one"].invite(xbl.user("Bea"))
    xbl.clock.advance(minutes=5)
    place = tmp_path / write_artifacts(xbl, 0, tmp_path, "test_x.py::test_it")
    again = XboxLive(seed=place / "world.json")
    assert again.dump() == xbl.dump()
    assert again.sessions["one"].document == xbl.sessions["one"].document


def test_the_requests_of_a_failing_test_are_an_archive(xbl: XboxLive, tmp_path: Path) -> None:
    """`requests.har` has all of them."""
    xbl.client(xbl.user("Stacy")).put(ONE, json=ACTIVE)
    directory = tmp_path / "new" / "directory"
    place = directory / write_artifacts(xbl, 0, directory, "test_x.py::test_it[a/b c]")
    assert (place.name, names(place)) == ("test_x.py-test_it-a-b-c--55cd74b34bb37ba2", FILES)
    archive = json.loads((place / "requests.har").read_text(encoding="utf-8"))
    assert [entry["request"]["url"] for entry in archive["log"]["entries"]] == [f"http://localhost{ONE}"]


def test_artifacts_replace_those_of_an_earlier_run(xbl: XboxLive, tmp_path: Path) -> None:
    """They are those of the last run of the test."""
    stacy = xbl.user("Stacy")
    write_artifacts(xbl, 0, tmp_path, "test_it")
    xbl.client(stacy).put(ONE, json=ACTIVE)
    name = write_artifacts(xbl, 0, tmp_path, "test_it")
    assert names(tmp_path) == [name]
    archive = json.loads((tmp_path / name / "requests.har").read_text(encoding="utf-8"))
    assert len(archive["log"]["entries"]) == 1


def test_each_test_has_a_directory_of_its_own(xbl: XboxLive, tmp_path: Path) -> None:
    """Ids may differ in signs that no file name has, in capitals, at the end only, or in what has one checksum."""
    long = f"test_x.py::test_it[{'ü' * 200}{'x' * 300}"
    ids = (
        *(f"test_it[{value}]" for value in ("a/b", "a b", "a-b")),
        *("x/test_q.py::test_a", "x-test_q.py::test_a", "x/test_q.py-test_a"),
        *("test_q.py::TestA::test_a", "test_q.py::Testa::test_a"),
        *("test_q.py::test_a[ahiopbahg]", "test_q.py::test_a[bfmbdmnjh]"),
        *(f"{long}-{end}]" for end in "ab"),
        "a/../../b::c",
    )
    made = {write_artifacts(xbl, 0, tmp_path, test_id).lower() for test_id in ids}
    assert sorted(made) == [name.lower() for name in sorted(names(tmp_path), key=str.lower)]
    assert len(made) == len(ids)
    assert max(map(len, made)) <= 200


def test_the_page_of_a_failing_test_lies_beside(xbl: XboxLive, tmp_path: Path) -> None:
    """It shows the requests, and holds the seed that was written (SEEN-8)."""
    xbl.client(xbl.user("Stäcy")).put(ONE, json=ACTIVE)
    place = tmp_path / write_artifacts(xbl, 0, tmp_path, "test_it")
    write_page(xbl, 0, place, FAILED, test_id="test_x.py::test_it", title="")
    assert names(place) == ["page.html", *FILES]
    tree = parsed((place / "page.html").read_text(encoding="utf-8"))
    assert (tree.one("h1").text, tree.one(class_="failure").text) == ("test_x.py::test_it", "assert 1 == 2")
    assert tree.one("tr", id="request-1").one(class_="who").text == "Stäcy 201"
    data = tree.one("a", download="world.json").attributes["href"].partition(",")[2]
    assert b64decode(data) == (place / "world.json").read_bytes()


def test_what_was_let_go_is_told_in_both(tmp_path: Path) -> None:
    """Of the requests of the test, and not of those before it (SEEN-18)."""
    xbl = XboxLive(keep=2)
    client = xbl.client(xbl.user("Stacy"))
    for _ in range(5):
        client.put(ONE, json=ACTIVE)
    for since, gap in ((1, "2 earlier requests were let go (xbl_keep is 2)"), (3, "")):
        place = tmp_path / write_artifacts(xbl, since, tmp_path, "test_it")
        write_page(xbl, since, place, FAILED, test_id="test_it", title="")
        archive = json.loads((place / "requests.har").read_text(encoding="utf-8"))
        notes = parsed((place / "page.html").read_text(encoding="utf-8")).one("section", id="requests")
        assert archive["log"].get("comment", "") == gap
        assert (f"{gap}." in [it.text for it in notes.all(class_="quiet")]) == bool(gap)


def test_nothing_is_written_through_a_link_to_a_file(xbl: XboxLive, tmp_path: Path) -> None:
    """The file takes its place, and the file that it leads to stays as it is."""
    place = tmp_path / write_artifacts(xbl, 0, tmp_path, "test_it")
    precious = tmp_path / "precious"
    precious.write_text("mine", encoding="utf-8")
    for name in ("page.html", *FILES):
        (place / name).unlink(missing_ok=True)
        (place / name).symlink_to(precious)
    write_artifacts(xbl, 0, tmp_path, "test_it")
    write_page(xbl, 0, place, FAILED, test_id="test_it", title="")
    assert precious.read_text(encoding="utf-8") == "mine"
    assert [path.is_symlink() for path in place.iterdir()] == [False, False, False]


@pytest.mark.parametrize("there", [True, False])
def test_nothing_is_written_through_a_link_to_a_directory(xbl: XboxLive, tmp_path: Path, *, there: bool) -> None:
    """It is an error that names the link, whether or not it leads anywhere."""
    precious, directory = tmp_path / "precious", tmp_path / "artifacts"
    directory.mkdir()
    if there:
        precious.mkdir()
    name = write_artifacts(xbl, 0, tmp_path / "other", "test_it")
    (directory / name).symlink_to(precious)
    with pytest.raises(OSError, match=name):
        write_artifacts(xbl, 0, directory, "test_it")
    assert not there or names(precious) == []
