"""Settings of the whole suite."""

import pytest
import trustme  # noqa: F401 -- a run within a test would import it anew, which cryptography cannot bear

pytest.register_assert_rewrite("bodies", "errors")

pytest_plugins = ["pytester"]
