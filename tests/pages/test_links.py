"""Links: the places within a page, and none where a page does not show a thing."""

from __future__ import annotations

from pytest_xbl import SessionRef
from pytest_xbl.pages.links import Anchors, Links

ONE, TWO = SessionRef("scid", "lobby", "one"), SessionRef("scid", "lobby", "Two / <b>")


def test_anchors_lead_to_what_the_page_shows() -> None:
    """By numbers: a name may have any characters; the same session in other letters is the same (SEEN-8)."""
    anchors = Anchors({3}, [ONE, TWO], ["PUT-8"])
    assert (anchors.request(3), anchors.rule("PUT-8")) == ("#request-3", "#rule-put-8")
    assert (anchors.session(ONE), anchors.session(TWO)) == ("#session-1", "#session-2")
    assert anchors.version(SessionRef("SCID", "Lobby", "ONE"), 0) == "#session-1-version-0"


def test_anchors_lead_nowhere_else() -> None:
    """What is left out is no link (SEEN-8)."""
    anchors = Anchors({3}, [ONE], ["PUT-8"])
    assert [anchors.request(4), anchors.rule("PUT-9"), anchors.session(TWO), anchors.version(TWO, 1)] == [""] * 4


def test_links_lead_nowhere_unless_somebody_says_where() -> None:
    """A page of another kind has addresses of its own (SEEN-8)."""
    links = Links()
    assert [links.request(1), links.rule("PUT-8"), links.session(ONE), links.version(ONE, 1)] == [""] * 4
