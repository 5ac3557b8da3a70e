"""Settings of Sphinx, which builds the docs."""

from importlib import metadata

project = "pytest-xbl"
author = "The pytest-xbl authors"
copyright = f"2026 {author}"
release = metadata.version("pytest-xbl")

extensions = ["myst_parser"]
exclude_patterns = ["_build", "examples"]

myst_enable_extensions = ["attrs_inline"]
myst_heading_anchors = 3

# Quotes are often those of Python values, so they stay as they are.
smartquotes_action = "De"

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["pages.css"]
html_title = f"{project} {release}"
