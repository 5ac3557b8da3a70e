"""The errors and refusals that an action raises, and their texts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pytest_xbl import XblError
from pytest_xbl.mpsd.refusal import Refusal


def error_of(action: Callable[[], object]) -> str:
    """The text of the `XblError` that an action raises."""
    with pytest.raises(XblError) as error:
        action()
    return str(error.value)


def refusal_of(action: Callable[[], object]) -> Refusal:
    """The `Refusal` that an action raises."""
    with pytest.raises(Refusal) as refused:
        action()
    return refused.value


def told(refusal: Refusal) -> tuple[int, str, str, str]:
    """All that a refusal says: status, place, text and rule."""
    return refusal.status, refusal.where, refusal.what, refusal.rule


def told_of(action: Callable[[], object]) -> tuple[int, str, str, str]:
    """All that the `Refusal` says that an action raises."""
    return told(refusal_of(action))


def refusal_text(what: str, where: str, rule: str) -> str:
    """The text of a refusal, as a client reads it in a body of plain text."""
    return f"{what}\nwhere: {where}\nrule: {rule}\n"


def parts(pointer: str) -> tuple[str | int, ...]:
    """The place that a JSON pointer names, as refusals hold it."""
    return tuple(int(part) if part.isdecimal() else part for part in pointer.split("/")[1:])
