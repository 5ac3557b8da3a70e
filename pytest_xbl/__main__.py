"""`python -m pytest_xbl`, which does what `pytest-xbl` does."""

from __future__ import annotations

import sys

from pytest_xbl.command.main import main

if __name__ == "__main__":
    sys.exit(main())
