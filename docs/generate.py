#!/usr/bin/env python3
"""Writes the reference pages that follow from the code: `python docs/generate.py`."""

from __future__ import annotations

from pathlib import Path

from pages.commands import commands_page
from pages.operations import operations_page
from pages.rules import rules_page
from pages.seed_schema import seed_schema
from pages.seeds import seeds_page
from pytest_xbl.openapi.description import openapi_text

DOCS = Path(__file__).parent
PAGES = {
    "reference/commands.md": commands_page,
    "reference/openapi.json": openapi_text,
    "reference/operations.md": operations_page,
    "reference/rules.md": rules_page,
    "reference/seeds.md": seeds_page,
    "reference/seed.schema.json": seed_schema,
}


def main() -> None:
    """Write all pages."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
