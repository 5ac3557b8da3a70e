"""The one `Suite` of a run of pytest."""

from __future__ import annotations

import pytest

from pytest_xbl.conformance.suite import Suite
from pytest_xbl.conformance.target import OPTIONS, checked_report, target_of
from pytest_xbl.errors import XblError

NAME = "xbl_conformance"


def suite_of(config: pytest.Config) -> Suite:
    """The suite of a run, made from its options when it is first asked for.

    Raises:
        pytest.UsageError: for options or settings that cannot be.
    """
    suite: Suite | None = config.pluginmanager.get_plugin(NAME)
    if suite is None:
        given = {name: config.getoption(f"xbl_{name}") for name in OPTIONS}
        try:
            suite = Suite(target_of(given), report=checked_report(given["report"]), whole=config.get_verbosity() > 0)
        except XblError as error:
            raise pytest.UsageError(str(error)) from None
        config.pluginmanager.register(suite, NAME)
    return suite
