"""Run the tests of this directory without a way out, where the machine allows it: `python tests/clients`.

In a network namespace of its own a program finds nothing but the machine itself.
So a request that a client sends past the fake fails, and does not leave.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ALONE = ["unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "alone"]
"""Runs the command behind it in a namespace with nothing but its own loopback."""


def can_be_alone() -> bool:
    """Whether the machine lets a program make a network namespace."""
    tools = all(map(shutil.which, ("unshare", "ip")))
    return tools and subprocess.run([*ALONE, "true"], check=False, capture_output=True).returncode == 0


pytest = [sys.executable, "-m", "pytest", str(Path(__file__).parent), *sys.argv[1:]]
alone = can_be_alone()
print("The clients have no way out." if alone else "This machine makes no namespaces: the clients could get out.")
command = [*(ALONE if alone else ()), *pytest]
os.execvp(command[0], command)  # noqa: S606 -- its own exit code is the result
