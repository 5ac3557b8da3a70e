"""The one `Suite` of a run of pytest."""

from __future__ import annotations

import pytest

from pytest_xbl.conformance.suite import ROOM, Suite
from pytest_xbl.conformance.target import OPTIONS, Target, checked_report, target_of
from pytest_xbl.errors import XblError
from pytest_xbl.rulebook import RULES

NAME = "xbl_conformance"
PACKAGE = "pytest_xbl.conformance"


def suite_of(config: pytest.Config) -> Suite:
    """The suite of a run, made from its options when it is first asked for.

    Raises:
        pytest.UsageError: for options or settings that cannot be.
    """
    suite: Suite | None = config.pluginmanager.get_plugin(NAME)
    if suite is None:
        given = {name: config.getoption(f"xbl_{name}") for name in OPTIONS}
        try:
            target = target_of(given)
            _require_suite(config, target)
            _require_one_process(config, target)
            suite = Suite(target, report=checked_report(given["report"]), whole=config.get_verbosity() > 0)
        except XblError as error:
            raise pytest.UsageError(str(error)) from None
        config.pluginmanager.register(suite, NAME)
        for rule in RULES:
            config.addinivalue_line("markers", f"{rule}: a test of this rule, in the conformance suite.")
    return suite


def _require_suite(config: pytest.Config, target: Target) -> None:
    """Refuse options of the suite in a run that does not name it, nor a directory that holds it."""
    if target.options and not any(_names_the_suite(config, argument) for argument in config.args):
        what = f"{', '.join(target.options)}: only for the conformance suite, as in"
        raise XblError(f"{what} pytest --pyargs pytest_xbl.conformance {target.options[0]} ...")


def _require_one_process(config: pytest.Config, target: Target) -> None:
    """Refuse workers of pytest-xdist for a sandbox: they would use its few users at the same time."""
    if target.settings and config.getoption("dist", "no") != "no":
        what = "A sandbox is tested in one process, as workers would share its users; leave out -n, or give -n 0."
        raise XblError(what, where="-n")


def _names_the_suite(config: pytest.Config, argument: str) -> bool:
    """Whether an argument is the package or a module of it, by its name or its path, or a directory above."""
    path = (config.invocation_params.dir / argument.partition("::")[0]).resolve()
    return argument.startswith(PACKAGE) or ROOM in (path, path.parent) or path in ROOM.parents
