"""The journal: all requests, those of a kind, one of them; and the rules that refused some."""

from __future__ import annotations

import pytest

from bodies import ACTIVE, SCID, score
from elements import Element
from exploring import Visitor, facts, links, rows
from pytest_xbl import XboxLive

PATH = f"/serviceconfigs/{SCID}/sessionTemplates/lobby/sessions/one"


def numbers(page: Element) -> list[str]:
    """The numbers of the requests that a page shows."""
    return [row[0] for row in rows(page, "requests") if row[0]]


def ways(page: Element) -> str:
    """The ways to other parts of the journal."""
    return page.one("p", class_="ways").text


def test_the_journal_shows_all_requests(visitor: Visitor) -> None:
    """With a lane for each caller, what came of each, and the moves of the clock between them."""
    page = visitor.page("journal")
    head = [cell.text for cell in page.one("table", class_="requests").one("thead").all("th")]
    assert head == ["#", "time", "Stacy", "Ana", "Bob", "nobody", "request"]
    assert numbers(page) == [f"#{number}" for number in range(1, 11)]
    shown = rows(page, "requests")
    assert shown[4][4] == "400 refused"
    assert 'CALL-6 at /properties/costum: The field "costum" is not known here' in shown[4][-1]
    assert shown[9] == ["", "The clock moved 20 s, to 12:00:20."]
    assert links(page.one("tr", id="request-3"))["lobby/one #3"] == (
        f"{visitor.at(f'sessions/{SCID}/lobby/one')}?at=2#version-2"
    )
    assert ways(page) == "All 10 · Refused 3 · Mistakes 2"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("show=refused", ["#5", "#6", "#9"]),
        ("show=mistakes", ["#5", "#9"]),
        ("operation=post-handle", ["#7", "#8"]),
        ("operation=none", ["#9"]),
        ("caller=Ana", ["#2", "#3", "#10"]),
        ("caller=nobody", ["#9"]),
        ("rule=PUT-8", ["#6"]),
        ("caller=Bob&show=refused&rule=CALL-6", ["#5"]),
        (f"session={SCID}/LOBBY/One", ["#1", "#2", "#3", "#4", "#5", "#6", "#7", "#10"]),
    ],
)
def test_the_journal_is_filtered(visitor: Visitor, query: str, found: list[str]) -> None:
    """By outcome, operation, caller, rule and session; what was answered with a session belongs to it, too."""
    assert numbers(visitor.page(f"journal?{query}")) == found


def test_filters_go_on_from_page_to_page(visitor: Visitor) -> None:
    """The form and the links keep what was chosen before."""
    page = visitor.page("journal?show=refused&caller=Bob")
    assert ways(page) == "All 2 · Refused 2 · Mistakes 1"
    assert links(page.one("p", class_="ways"))["All 2"] == visitor.at("journal?caller=Bob&show=all")
    form = page.one("form", class_="choice")
    assert [(it.attributes["name"], it.attributes["value"]) for it in form.all("input")] == [("show", "refused")]
    assert [it.one("option", selected="").text for it in form.all("select") if it.all("option", selected="")] == ["Bob"]
    operations = [option.text for option in form.all("select")[0].all("option")]
    assert operations == ["any operation", "none", "post-handle", "put-session"]
    assert links(form) == {"Clear": visitor.at("journal")}
    by = page.one("main").all("p", class_="quiet")[0]
    assert by.text == "By CALL-6 1, PUT-8 1."
    assert links(by)["PUT-8"] == visitor.at("journal?show=refused&caller=Bob&rule=PUT-8")


def test_a_filter_that_leaves_nothing_says_so(visitor: Visitor) -> None:
    """A caller who has not called yet may call later."""
    page = visitor.page("journal?caller=Zoe&show=refused")
    assert page.one("main").all("p", class_="quiet")[0].text == "None of 10 requests."
    assert "Zoe" in [option.text for option in page.one("form", class_="choice").all("option")]


def test_a_long_journal_shows_the_newest_requests() -> None:
    """The last page is the first that a person sees, and it is full."""
    xbl = XboxLive(name="world")
    client = xbl.client(xbl.user("Stacy"))
    for _ in range(70):
        client.put(PATH, json=ACTIVE)
    visitor = Visitor(xbl)
    page = visitor.page("journal")
    assert numbers(page) == [f"#{number}" for number in range(51, 71)]
    assert numbers(visitor.page("journal?page=1")) == [f"#{number}" for number in range(1, 11)]
    assert page.one("nav", class_="pager").one("span").text == "51 to 70 of 70"
    assert links(page.one("nav", class_="pager"))["3"] == visitor.at("journal?page=3")


def test_the_pages_say_what_was_let_go() -> None:
    """Of requests and of versions; a request that was let go has no page (SEEN-18)."""
    xbl = XboxLive(name="world", keep=3)
    client = xbl.client(xbl.user("Stacy"))
    for body in (ACTIVE, *map(score, range(5))):
        client.put(PATH, json=body)
    visitor = Visitor(xbl)
    notes = [it.text for it in visitor.page("journal").one("main").all("p", class_="quiet")]
    assert notes == ["3 earlier requests were let go (xbl_keep is 3)."]
    assert notes[0] in [it.text for it in visitor.page().one("main").all("p", class_="quiet")]
    notes = [it.text for it in visitor.page(f"sessions/{SCID}/lobby/one").one("main").all("p", class_="quiet")]
    assert "3 earlier versions were let go (xbl_keep is 3)." in notes
    assert list(links(visitor.page("journal/4").one("p", class_="ways"))) == ["Next", "All of Stacy"]
    assert visitor.refused("journal/3") == (404, "There is no request 3; the journal has 3, from #4 on.")
    xbl.reset(clear_journal=True)
    assert visitor.refused("journal/6") == (404, "There is no request 6; the journal has 0.")


def test_a_request_has_its_bodies_and_a_command(visitor: Visitor) -> None:
    """The shell that runs the command has the token, and the page has not (SEEN-4)."""
    shown = visitor.page("journal").one("tr", id="request-5").one("details")
    assert "open" not in shown.attributes
    command, body, *_ = (block.raw for block in shown.all("pre"))
    assert command.splitlines() == [
        f"curl -i -X PUT http://127.0.0.1:8080{PATH} \\",
        '  -H "Authorization: $XBL_TOKEN" \\',
        "  -H 'X-Xbl-Contract-Version: 107' \\",
        "  -H 'Content-Type: application/json' \\",
        """  --data-raw '{"properties": {"costum": {}}}'""",
    ]
    assert body == '{"properties": {"costum": {}}}'


def test_the_page_of_a_request(visitor: Visitor) -> None:
    """With everything unfolded, and the ways to others like it."""
    page = visitor.page("journal/5")
    assert numbers(page) == ["#5"]
    assert "open" in page.one("details").attributes
    told = facts(page)
    assert told.pop("Took").endswith(" ms")
    assert told == {
        "Operation": "put-session",
        "Correlation id": "ca110000-0000-4000-8000-000000000005",
        "Time": "2026-01-01 12:00:00 by the clock of the world",
    }
    assert links(page.one("p", class_="ways")) == {
        "Previous": visitor.at("journal/4"),
        "Next": visitor.at("journal/6"),
        "All of Bob": visitor.at("journal?caller=Bob"),
        "All refused by CALL-6": visitor.at("journal?show=refused&rule=CALL-6"),
    }


def test_the_first_and_the_last_request_have_one_neighbour(visitor: Visitor) -> None:
    """And who is nobody has no requests of their own."""
    assert list(links(visitor.page("journal/1").one("p", class_="ways"))) == ["Next", "All of Stacy"]
    assert list(links(visitor.page("journal/10").one("p", class_="ways"))) == ["Previous", "All of Ana"]
    nobody = visitor.page("journal/9")
    assert list(links(nobody.one("p", class_="ways"))) == ["Previous", "Next", "All refused by CALL-7"]
    assert facts(nobody)["Operation"] == "none: no route takes it"


def test_an_empty_journal_says_so() -> None:
    """Nobody has called yet."""
    page = Visitor(XboxLive()).page("journal")
    assert page.one("main").all("p", class_="quiet")[0].text == "None of 0 requests."


# Rules


def test_the_page_of_a_rule(visitor: Visitor) -> None:
    """A refusal leads to the sentence that the fake follows, and to how that is known."""
    there = links(visitor.page("journal").one("tr", id="request-6"))["PUT-8"]
    page = visitor.open(there)
    assert page.one("main").all("h2")[0].text == "PUT-8, Writing a session"
    assert page.one("p", class_="rule").text.startswith("If-None-Match: *: only create; existing session 412.")
    assert facts(page)["Requests that it refused"] == "in the journal"
    assert links(page.one("main"))["in the journal"] == visitor.at("journal?show=refused&rule=PUT-8")
    assert facts(page)["How it is known"].startswith("documented, ")


def test_a_rule_that_is_not_built_says_so(visitor: Visitor) -> None:
    """In whole or in part (CODE-501)."""
    from pytest_xbl.rulebook import RULES

    unbuilt = next(rule for rule in RULES.values() if not rule.built)
    partly = next(rule for rule in RULES.values() if rule.missing)
    assert visitor.page(f"rules/{unbuilt.id.lower()}").one("main").all("p")[1].text == (
        "The fake does not act on it yet, and refuses with 501."
    )
    assert visitor.page(f"rules/{partly.id}").one("main").all("p")[1].text.startswith("Not built yet: ")
