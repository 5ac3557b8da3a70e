"""Settings of Sphinx, which builds the docs."""

from importlib import metadata

project = "pytest-xbl"
author = "The pytest-xbl authors"
copyright = f"2026 {author}"
release = metadata.version("pytest-xbl")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build", "examples"]

myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist"]
myst_heading_anchors = 3

# Docstrings put code between single backticks, and quote values of Python, so quotes stay as they are.
default_role = "code"
smartquotes_action = "De"

autodoc_member_order = "bysource"
autodoc_typehints = "description"

# The build reads no inventory of another project over the network, so only our own names can be checked.
nitpicky = True
nitpick_ignore_regex = [("py:.*", r"(?!pytest_xbl\b).*")]

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["pages.css"]
html_title = f"{project} {release}"
