"""Refused requests, grouped by rule."""

from __future__ import annotations

import pytest

from bodies import ACTIVE, ONE
from elements import Element, parsed
from page_reading import read
from pytest_xbl import User, XboxLive
from pytest_xbl.pages.refusals import MOST, refusals, refused_rules
from pytest_xbl.rulebook import RULES


@pytest.fixture
def stacy(xbl: XboxLive) -> User:
    """The caller."""
    return xbl.user("Stacy")


def shown(xbl: XboxLive) -> Element:
    """The groups of a world."""
    return parsed(refusals(xbl.journal, read(xbl)))


def test_each_rule_is_a_group_with_its_text(xbl: XboxLive, stacy: User) -> None:
    """The last refused request comes first (SEEN-8)."""
    xbl.client(stacy).get(f"{ONE}/constants")
    xbl.client(stacy).put(ONE, json=ACTIVE, headers={"If-Match": "*"})
    xbl.client(stacy).put(ONE, json=ACTIVE, headers={"If-Match": '"x"'})
    groups = shown(xbl)
    assert [(it.name, it.text) for it in groups.children if isinstance(it, Element) and it.name != "ul"] == [
        ("h3", "PUT-8"),
        ("p", RULES["PUT-8"].text.replace("`", "")),
        ("h3", "CODE-404"),
        ("p", RULES["CODE-404"].text.replace("`", "")),
    ]
    assert [it.text for it in groups.all("li")] == [
        f"#{entry.number} Stacy: {'put-session lobby/one' if entry.number > 1 else 'get-constants lobby/one/constants'}"
        f" → {entry.status} at {entry.refusal.where}: {entry.refusal.what}"
        for entry in reversed(xbl.journal)
        if entry.refusal
    ]
    assert [it.attributes["href"] for it in groups.all("a")] == ["#request-3", "#request-2", "#request-1"]
    assert [it.attributes["id"] for it in groups.all("h3")] == ["rule-put-8", "rule-code-404"]


def test_rules_of_mistakes_come_first(xbl: XboxLive, stacy: User) -> None:
    """Since they fail a test (SEEN-5)."""
    xbl.client(stacy).put(ONE, json={"costum": 1})
    xbl.client(stacy).get(f"{ONE}/constants")
    assert refused_rules(xbl.journal) == ["CALL-6", "CODE-404"]
    assert shown(xbl).all("li")[0].text.endswith(" A mistake of the client: bad-body.")
    assert not shown(xbl).all("li")[1].all("b")


def test_a_group_has_the_last_of_its_requests(xbl: XboxLive, stacy: User) -> None:
    """And the number of the others (SEEN-8)."""
    for _ in range(MOST + 2):
        xbl.client(stacy).get(f"{ONE}/constants")
    texts = [it.text for it in shown(xbl).all("li")]
    assert [text.partition(" ")[0] for text in texts[:-1]] == [f"#{number}" for number in range(MOST + 2, 2, -1)]
    assert texts[-1] == "... and 2 earlier"


def test_requests_that_faults_failed_are_a_group(xbl: XboxLive, stacy: User) -> None:
    """Those whose answer got lost, too; no rule refused them, and one that was only overtaken succeeded (FAULT-2)."""
    xbl.faults.fail("put-session", 503)
    xbl.faults.lose("put-session")
    xbl.faults.race("put-session", lambda: None, skip=2)
    xbl.client(stacy).put(ONE, json=ACTIVE)
    with pytest.raises(ConnectionResetError):
        xbl.client(stacy).put(ONE, json=ACTIVE)
    xbl.client(stacy).put(ONE, json=ACTIVE)
    groups = shown(xbl)
    assert [it.text for it in groups.all("h3")] == ["By faults that the test armed"]
    assert [it.text.partition(", armed at")[0] for it in groups.all("li")] == [
        "#2 Stacy: put-session lobby/one → 201: lose the answer (close)",
        "#1 Stacy: put-session lobby/one → 503: fail with 503",
    ]


def test_no_refusal_is_no_group(xbl: XboxLive, stacy: User) -> None:
    """A page says something else then (SEEN-8)."""
    xbl.client(stacy).put(ONE, json=ACTIVE)
    assert refusals(xbl.journal, read(xbl)) == ""
    assert refused_rules(xbl.journal) == []
