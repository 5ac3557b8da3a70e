"""Leads the real names of Xbox Live to the gate of a test run, in a Python program that a test has started (HOST-2).

Python loads this module before the program, from the first entry of PYTHONPATH.
The package need not be installed there, so its modules are taken from where this one is; they leave no trace, and the
module of the same name that this one hides comes afterwards.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import module_from_spec

_HERE = os.path.dirname(os.path.abspath(__file__))
_PACKAGE = "pytest_xbl"
_ROOT = os.path.abspath(os.path.join(_HERE, *[os.pardir] * 3))
_OLDEST = (3, 10)


class _OwnModules:
    """Finds the modules of the package in the directories above this one."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, _target: object = None) -> ModuleSpec | None:
        """Find the package, or a module below it; None for any other."""
        if name == _PACKAGE:
            return PathFinder.find_spec(name, [_ROOT])
        return PathFinder.find_spec(name, path) if name.startswith(f"{_PACKAGE}.") else None


def _lead() -> None:
    sys.meta_path.insert(0, _OwnModules)
    try:
        from pytest_xbl.hosts.children import lead

        lead(os.environ)
    finally:
        sys.meta_path.remove(_OwnModules)
        for name in [*sys.modules]:
            if name.partition(".")[0] == _PACKAGE:
                del sys.modules[name]


def _run_next() -> None:
    rest = [entry for entry in sys.path if os.path.abspath(entry or os.curdir) != _HERE]
    spec = PathFinder.find_spec("sitecustomize", rest)
    if spec and spec.loader:
        spec.loader.exec_module(module_from_spec(spec))


if sys.version_info >= _OLDEST:  # an older one has the variables of proxies and certificates
    _lead()
_run_next()
