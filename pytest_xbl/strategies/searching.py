"""Filters of session browse."""

from __future__ import annotations

from functools import cache
from typing import Literal

from hypothesis import strategies as st

from pytest_xbl.mpsd.filter_paths import PATHS
from pytest_xbl.mpsd.filter_text import OPERATORS

WORDS = st.one_of(st.sampled_from(["fun", "map", "level"]), st.text("abcxyz019", min_size=1, max_size=6))
"""Names, tags and values: few letters, so that some of them meet."""
EQUALITY = ("eq", "ne")
TIMES = st.datetimes().map(lambda time: f"'{time.isoformat(timespec='seconds')}Z'")


@st.composite
def filters(draw: st.DrawFn) -> str:
    """Filters that the fake reads: comparisons by the paths of its table, with `and`, and `or` once at the root."""
    return draw(_filters())


@cache
def _filters() -> st.SearchStrategy[str]:
    branch = st.lists(_comparisons(), min_size=1, max_size=3).map(" and ".join)
    return st.one_of(
        branch, st.builds("{} or {}".format, branch, branch), st.builds("{} or ({})".format, branch, branch)
    )


def _comparisons() -> st.SearchStrategy[str]:
    return st.one_of([_comparison(path, kind.kind) for path, kind in PATHS.items()])


def _comparison(path: str, kind: Literal["text", "texts", "number", "numbers", "time"]) -> st.SearchStrategy[str]:
    filled = _filled(path)
    match kind:
        case "texts":
            return st.builds(
                "{}/any({}:{} {} '{}')".format,
                filled,
                st.just("d"),
                st.sampled_from(["d", "tolower(d)"]),
                st.sampled_from(EQUALITY),
                WORDS,
            )
        case "text":
            lowered = st.sampled_from(["{}", "tolower({})"])
            return st.builds(
                lambda form, name, operator, value: f"{form.format(name)} {operator} '{value}'",
                lowered,
                filled,
                st.sampled_from(EQUALITY),
                WORDS,
            )
        case "time":
            return st.builds("{} {} {}".format, filled, st.sampled_from(OPERATORS), TIMES)
        case "number":
            return st.builds("{} {} {}".format, filled, st.sampled_from(OPERATORS), st.integers(-9, 99))
        case _:
            return st.builds("{} {} {}".format, filled, st.sampled_from(EQUALITY), st.integers(0, 99))


def _filled(path: str) -> st.SearchStrategy[str]:
    """A path with names for its `*`."""
    return st.lists(WORDS, min_size=path.count("*"), max_size=path.count("*")).map(
        lambda names: path.replace("*", "{}").format(*names)
    )
