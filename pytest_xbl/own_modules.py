"""The modules of the package, found without pytest."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder

from pytest_xbl.options import CONFORMANCE


class OwnModules:
    """Finds the modules of the package as Python itself does.

    Pytest would look for asserts in the source of each module of a plugin, in every run.
    There are none but in the conformance suite, and the search takes as long as all else that the first test with
    `xbl` does.
    """

    def find_spec(self, name: str, path: Sequence[str] | None, _target: object = None) -> ModuleSpec | None:
        """Find a module below the package; None for any other."""
        is_ours = name.startswith("pytest_xbl.") and not name.startswith(CONFORMANCE)
        return PathFinder.find_spec(name, path) if is_ours else None
