"""Derived places: which they are, and that they are folded beside what they follow from."""

from __future__ import annotations

import pytest

from bodies import ACTIVE
from pytest_xbl import SessionView, User, XblError, XboxLive, assert_matches, assert_session, diff_sessions
from pytest_xbl.compare.alignment import Path
from pytest_xbl.compare.assertions import explain_unequal
from pytest_xbl.compare.derived import folded, is_derived, parted
from pytest_xbl.compare.differences import Difference

HEAD = "The session is not as expected:"
ANA = "/members/1 (Ana)"
FOLDED = "/membersInfo/accepted, /membersInfo/active, /membersInfo/count, /membersInfo/next"
JOINED = f"{ANA}: expected nothing, got a member (active) [membersList]; since #2 12:00:00 put-session by Ana"


@pytest.fixture
def stacy(xbl: XboxLive) -> User:
    """The first member."""
    return xbl.user("Stacy")


@pytest.fixture
def one(xbl: XboxLive, stacy: User) -> SessionView:
    """A lobby in which only Stacy is."""
    return xbl.sessions.create("lobby", name="one", members=[stacy])


def differs(*path: str | int, kind: str = "") -> Difference:
    """A difference at a place."""
    return Difference("/".join(("", *map(str, path))), kind, 1, 2, path)


@pytest.mark.parametrize(
    ("path", "derived"),
    [
        (("membersInfo",), True),
        (("membersInfo", "count"), True),
        (("members", "25", "next"), True),
        (("members", "25", "turn"), True),
        (("nextTimer",), True),
        (("roleTypes", "lfg", "roles", "tank", "count"), True),
        (("roleTypes", "lfg", "roles", "tank", "memberXuids"), True),
        (("roleTypes", "lfg", "roles", "tank", "memberXuids", 0), True),
        (("members",), False),
        (("members", "25"), False),
        (("members", "25", "properties", "custom", "next"), False),
        (("properties", "system", "turn"), False),
        (("properties", "custom", "membersInfo"), False),
        (("roleTypes", "lfg", "roles", "tank", "max"), False),
        (("roleTypes", "lfg", "roles", "tank"), False),
        (("changeNumber",), False),
        (("startTime",), False),
    ],
)
def test_a_derived_place_follows_from_the_rest(path: Path, *, derived: bool) -> None:
    """Counts and indices of members, whose turn it is, the next timer, and who has a role; nothing else (SEEN-2)."""
    assert is_derived(path) == derived


def test_derived_places_part_from_the_others() -> None:
    """Both keep their order; alone, they are what a reader wants to see (SEEN-2)."""
    count, name, timer = differs("membersInfo", "count"), differs("members", "25", "gamertag"), differs("nextTimer")
    assert parted([count, name, timer]) == ([name], [count, timer])
    assert parted([count, timer]) == ([count, timer], [])
    assert parted([]) == ([], [])


@pytest.mark.parametrize(
    ("count", "how", "line"),
    [
        (0, "", []),
        (1, "", ["... and a derived place: /membersInfo/0"]),
        (2, "so", ["... and 2 derived places (so): /membersInfo/0, /membersInfo/1"]),
        (7, "", [f"... and 7 derived places: {', '.join(f'/membersInfo/{n}' for n in range(6))}, ..."]),
    ],
)
def test_one_line_stands_for_derived_places(count: int, how: str, line: list[str]) -> None:
    """It has their number, the way to see them, and where the first of them are (SEEN-2)."""
    assert folded([differs("membersInfo", number) for number in range(count)], how) == line


def test_a_failure_folds_derived_places(xbl: XboxLive, one: SessionView) -> None:
    """Of the five lines about Ana, who joined, it shows the one that says so; `derived=True` shows all (SEEN-2)."""
    before = one.document
    xbl.client(xbl.user("Ana")).put(one.ref.path, json=ACTIVE)
    with pytest.raises(AssertionError) as error:
        assert_session(one, before, ignore=["/changeNumber"])
    derived = f"... and 4 derived places (derived=True shows them): {FOLDED}"
    assert str(error.value).splitlines() == [HEAD, JOINED, derived, "Ignored: /changeNumber"]

    with pytest.raises(AssertionError) as error:
        assert_session(one, before, ignore=["/changeNumber"], derived=True)
    _, *lines, _ = str(error.value).splitlines()
    assert [line.partition(": ")[0] for line in lines] == [ANA, *FOLDED.split(", ")]


def test_an_assert_folds_derived_places(xbl: XboxLive, one: SessionView) -> None:
    """It takes no argument, so the line names none (SEEN-2)."""
    before = one.document
    xbl.client(xbl.user("Ana")).put(one.ref.path, json=ACTIVE)
    number = "/changeNumber: expected 1, got 2; since #2 12:00:00 put-session by Ana"
    assert explain_unequal(one.document, before) == [HEAD, number, JOINED, f"... and 4 derived places: {FOLDED}"]


def test_a_derived_place_that_a_test_names_is_shown(one: SessionView) -> None:
    """Whoever expects a part names it on purpose (SEEN-2)."""
    with pytest.raises(AssertionError) as error:
        assert_matches(one, {"membersInfo": {"count": 2}, "properties": {"custom": {"map": "canyon"}}})
    assert [line.partition(": ")[0] for line in str(error.value).splitlines()[1:]] == [
        "/membersInfo/count",
        "/properties/custom/map",
    ]


def test_a_diff_folds_derived_places(xbl: XboxLive, one: SessionView) -> None:
    """They are in `derived`, count as kinds of change, and are one line of its text (TAP-5)."""
    before = {**one.document, "constants": {"system": {"maxMembersCount": 2}}}
    xbl.client(xbl.user("Ana")).put(one.ref.path, json=ACTIVE)
    after = {**one.document, "constants": {"system": {"maxMembersCount": 2}}}
    diff = diff_sessions(before, after)
    assert [change.pointer for change in diff] == [ANA]
    assert ", ".join(change.pointer for change in diff.derived) == FOLDED
    assert diff.kinds == {"membersList", "joinability"}
    assert str(diff).splitlines() == [
        f"{ANA}: was nothing, is a member (active) [membersList]",
        f"... and 4 derived places (derived=True shows them): {FOLDED}",
    ]


def test_a_diff_shows_derived_places_if_asked(xbl: XboxLive, one: SessionView) -> None:
    """All are in the list then, as they are if nothing else has changed; the history takes the argument, too."""
    xbl.client(xbl.user("Ana")).put(one.ref.path, json=ACTIVE)
    old, new = ({**(version.document or {})} for version in one.history)
    diff = diff_sessions(old, new, derived=True)
    assert (len(diff), list(diff.derived)) == (5, [])
    assert str(one.history.diff(0, 1, derived=True)) == str(diff)
    assert len(one.history.diff(0, 1)) == 1
    alone = diff_sessions({**new, "membersInfo": {**new["membersInfo"], "active": 7}}, new)
    assert ([change.pointer for change in alone], alone.derived) == (["/membersInfo/active"], [])


@pytest.mark.parametrize("compare", [assert_session, diff_sessions])
def test_derived_is_true_or_false(compare: object, one: SessionView) -> None:
    """Anything else is refused, with what it was (SEEN-1)."""
    assert callable(compare)
    with pytest.raises(XblError) as error:
        compare(one, one.document, derived="membersInfo")
    assert str(error.value) == "Expected True or False; got 'membersInfo'.\nwhere: derived\nrule: SEEN-1"
