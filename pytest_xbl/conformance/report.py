"""The report of a run: a table by rule, as text for a terminal and as Markdown to send."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pytest_xbl.conformance.settling import SETTLED_BY
from pytest_xbl.conformance.verdicts import OUTCOMES, Verdict, is_assumed
from pytest_xbl.rulebook import RULES

MOST_EXCHANGES = 12
"""The requests of a test that the report shows of a difference: the last ones."""

SHORT = "Here … stands for `/serviceconfigs/{scid}/sessiontemplates`."


def split(found: Iterable[Verdict]) -> tuple[list[Verdict], list[Verdict]]:
    """The verdicts on rules that are assumed, and the others."""
    parts: tuple[list[Verdict], list[Verdict]] = ([], [])
    for verdict in found:
        parts[not is_assumed(RULES[verdict.rule])].append(verdict)
    return parts


def counted(found: Iterable[Verdict]) -> str:
    """The numbers of rules by outcome."""
    counts = Counter(verdict.outcome for verdict in found)
    return ", ".join(f"{counts[outcome]} {outcome}" for outcome in OUTCOMES)


def as_lines(found: Sequence[Verdict], *, whole: bool) -> Iterator[str]:
    """The report for a terminal.

    Args:
        whole: whether all rules have a line, or only those that are different.
    """
    for title, part in zip(("assumed rules", "other rules"), split(found), strict=True):
        if part:
            yield f"{title}: {counted(part)}"
            for verdict in part:
                if whole or verdict.outcome == "different":
                    yield f"  {verdict.rule:8} {verdict.outcome:12} {verdict.text}"
                    if verdict.outcome == "different" and (settled := SETTLED_BY.get(verdict.rule)):
                        yield f"  {'':8} {'':12} settled by: {settled}"
    left = len(RULES) - len(found)
    if left:
        yield f"{left} rules were not asked in this run."


def as_markdown(found: Sequence[Verdict], service: str) -> str:
    """The report as a page."""
    assumed, others = split(found)
    sections = [
        f"# Conformance of {service}\n\n{counted(found)}.\n{SHORT}\n",
        _section("Assumed rules", assumed, settles=True),
        _section("Other rules", others, settles=False),
        _evidence(found),
    ]
    return "\n".join(filter(None, sections))


def _section(title: str, part: Sequence[Verdict], *, settles: bool) -> str:
    if not part:
        return ""
    columns = ["rule", "result", "evidence", *(["settled by"] if settles else [])]
    lines = [f"## {title}", "", _row(columns), _row(["---"] * len(columns))]
    for verdict in part:
        cells = [verdict.rule, verdict.outcome, verdict.text]
        lines.append(_row([*cells, SETTLED_BY.get(verdict.rule, "")] if settles else cells))
    return "\n".join([*lines, ""])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|').replace(chr(10), ' ') for cell in cells)} |"


def _evidence(found: Iterable[Verdict]) -> str:
    """The requests of each test that found a difference."""
    tests = {result.test: result for verdict in found for result in verdict.results if result.outcome == "different"}
    parts = []
    for result in tests.values():
        requests = "\n".join(result.exchanges[-MOST_EXCHANGES:])
        parts.append(f"### {result.test}\n\n{', '.join(result.rules)}\n\n```text\n{requests}\n{result.text}\n```\n")
    return "\n".join(["## Differences\n", *parts]) if parts else ""
