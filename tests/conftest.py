"""Settings of the whole suite."""

import pytest

pytest.register_assert_rewrite("bodies", "errors")

pytest_plugins = ["pytester"]
