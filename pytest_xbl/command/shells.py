"""The commands of shells that set a variable."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping


def _sh(name: str, value: str) -> str:
    return f"export {name}={shlex.quote(value)}"


def _powershell(name: str, value: str) -> str:
    doubled = value.replace("'", "''")
    return f"$env:{name} = '{doubled}'"


def _cmd(name: str, value: str) -> str:
    """A line of a batch file, in which each percent sign is written twice."""
    doubled = value.replace("%", "%%")
    return f'set "{name}={doubled}"'


SHELLS: Mapping[str, Callable[[str, str], str]] = {"sh": _sh, "powershell": _powershell, "cmd": _cmd}
"""The line that sets a variable to a value, by the name of the shell."""
