"""The tokens that a test has chosen, hidden in its reports and its files (SEEN-13)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from pytest_xbl.secrets import hiding

PARTS = ("sections", "longrepr", "user_properties", "wasxfail")
"""The parts of a report that can hold what a test says."""


def hide_tokens(report: pytest.TestReport, tokens: Iterable[str]) -> None:
    """Cut these tokens wherever they are in a report: also in properties of a test, and in a reason to expect it."""
    hide = hiding(tokens)
    shown = vars(report)
    shown.update({part: hidden(shown[part], hide) for part in PARTS if part in shown})


def hidden(value: Any, hide: Callable[[str], str]) -> Any:
    """The same JSON value, or representation of a failure, with all its texts passed through a function.

    The objects of which pytest makes a representation are changed in their places.
    """
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, list | tuple):
        return type(value)(hidden(one, hide) for one in value)
    if isinstance(value, dict):
        return {hide(name): hidden(one, hide) for name, one in value.items()}
    if hasattr(value, "toterminal"):
        vars(value).update(hidden(vars(value), hide))
    return value
