"""Tables of cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest


def cases(names: str, rows: Mapping[str, Any]) -> pytest.MarkDecorator:
    """Run a test once for each row of a table.

    Args:
        names: of the arguments, with spaces between them.
        rows: by the name of each case: a tuple with a value for each argument, or the value of the only one.
    """
    arguments = names.split()
    return pytest.mark.parametrize(arguments if len(arguments) > 1 else names, rows.values(), ids=list(rows))
