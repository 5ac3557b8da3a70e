"""Verdicts on rules, and the reports that are made of them."""

from __future__ import annotations

from pytest_xbl.conformance.report import as_lines, as_markdown
from pytest_xbl.conformance.settling import SETTLED_BY
from pytest_xbl.conformance.verdicts import (
    Outcome,
    Result,
    Verdict,
    as_property,
    is_assumed,
    of_property,
    reason_of,
    rules_in,
    verdicts,
)
from pytest_xbl.rulebook import RULES

READ = "GET /one -> 200"


def result(outcome: Outcome, *rules: str, text: str = "", test: str = "test_it") -> Result:
    """The result of a test with one request."""
    return Result(test, [*rules], outcome, text, [READ])


def of(rule: str, *results: Result) -> Verdict:
    """The verdict on a rule."""
    return next(verdict for verdict in verdicts(results) if verdict.rule == rule)


def test_a_docstring_names_rules() -> None:
    """Each once, in its order; other words in capitals are ignored."""
    assert rules_in("Both PUT-5 and CODE-ALL, S2S-1 (PUT-5), not UTF-8.") == ["PUT-5", "CODE-ALL", "S2S-1"]
    assert rules_in(None) == []


def test_one_difference_decides() -> None:
    """Other tests of the rule may pass."""
    verdict = of(
        "PUT-5",
        result("same", "PUT-5"),
        result("different", "PUT-5", text="GET /one -> 200: /a: expected 1, got 2"),
        result("not testable", "PUT-5", text="no template"),
    )
    assert (verdict.outcome, verdict.text) == ("different", "GET /one -> 200: /a: expected 1, got 2")


def test_one_test_that_passes_is_enough() -> None:
    """The evidence is its last request; it says what was not tested."""
    verdict = of("PUT-5", result("not testable", "PUT-5", text="no template"), result("same", "PUT-5"))
    assert (verdict.outcome, verdict.text) == ("same", f"{READ}; 1 of 2 tests not testable: no template")
    assert of("PUT-5", result("same", "PUT-5")).text == READ
    assert of("PUT-5", Result("test_it", ["PUT-5"], "same", "", [])).text == ""


def test_a_rule_whose_tests_are_all_skipped_is_not_testable() -> None:
    """With their reason."""
    verdict = of("PUT-5", result("not testable", "PUT-5", text="no template"))
    assert (verdict.outcome, verdict.text) == ("not testable", "no template")


def test_rules_that_nobody_can_see_are_listed() -> None:
    """After a run of all tests; one of selected tests is about their rules only."""
    seen = [rule.id for rule in RULES.values() if reason_of(rule) is None]
    listed = verdicts([result("same", *seen)])
    assert [verdict.rule for verdict in listed] == [*RULES]
    assert {verdict.rule for verdict in listed if verdict.outcome == "not testable"} == RULES.keys() - seen
    assert [verdict.rule for verdict in verdicts([result("same", *seen[1:])])] == seen[1:]


def test_a_result_survives_its_way_through_a_report() -> None:
    """As a worker of pytest-xdist sends it."""
    it = result("different", "PUT-5", "PUT-6", text="€")
    assert of_property(as_property(it)) == it


DIFFERENT = Verdict(
    "CALL-12",
    "different",
    "PUT /a|b -> 200: status: expected 413, got 200",
    [result("different", "CALL-12", "CODE-413", text="PUT /a|b -> 200: status: expected 413, got 200")],
)
FOUND = [DIFFERENT, Verdict("PUT-5", "same", READ, [result("same", "PUT-5")]), Verdict("SEED-1", "not testable", "why")]
LEFT = f"{len(RULES) - 3} rules were not asked in this run."


def test_the_terminal_shows_differences() -> None:
    """And all rules on request; assumed rules come first, with what would settle them."""
    counts = ("assumed rules: 1 different, 0 same, 0 not testable", "other rules: 0 different, 1 same, 1 not testable")
    difference = (
        "  CALL-12  different    PUT /a|b -> 200: status: expected 413, got 200",
        f"                        settled by: {SETTLED_BY['CALL-12']}",
    )
    assert [*as_lines(FOUND, whole=False)] == [counts[0], *difference, counts[1], LEFT]
    rest = ("  PUT-5    same         GET /one -> 200", "  SEED-1   not testable why")
    assert [*as_lines(FOUND, whole=True)] == [counts[0], *difference, counts[1], *rest, LEFT]
    assert is_assumed(RULES["CALL-12"])
    assert not is_assumed(RULES["PUT-5"])


def test_a_documented_rule_needs_no_settling() -> None:
    """Its difference has one line; a run that asks for all rules says nothing of others."""
    lines = as_lines([Verdict("PUT-5", "different", "x")], whole=False)
    assert [*lines][:-1] == ["other rules: 1 different, 0 same, 0 not testable", "  PUT-5    different    x"]
    assert "not asked" not in "".join(as_lines([Verdict(rule, "same", "") for rule in RULES], whole=False))


def test_the_page_is_a_table_with_the_evidence() -> None:
    """Ready to send: assumed rules, the others, and the requests of each difference."""
    assert (
        as_markdown(FOUND, "the fake (socket)")
        == f"""\
# Conformance of the fake (socket)

1 different, 1 same, 1 not testable.
Here … stands for `/serviceconfigs/{{scid}}/sessiontemplates`.

## Assumed rules

| rule | result | evidence | settled by |
| --- | --- | --- | --- |
| CALL-12 | different | PUT /a\\|b -> 200: status: expected 413, got 200 | {SETTLED_BY["CALL-12"]} |

## Other rules

| rule | result | evidence |
| --- | --- | --- |
| PUT-5 | same | GET /one -> 200 |
| SEED-1 | not testable | why |

## Differences

### test_it

CALL-12, CODE-413

```text
GET /one -> 200
PUT /a|b -> 200: status: expected 413, got 200
```
"""
    )


def test_a_page_without_differences_has_no_such_section() -> None:
    """Nor a table without rows."""
    page = as_markdown([Verdict("PUT-5", "same", READ)], "x")
    assert "Differences" not in page
    assert "Assumed" not in page
