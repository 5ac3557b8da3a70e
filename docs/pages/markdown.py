"""Markdown for the generated pages: tables, and links to rules."""

from __future__ import annotations

import re
from collections.abc import Iterable


def page(*parts: str) -> str:
    """The text of a page, in which a rule in braces becomes a link."""
    text = "\n".join(parts)
    return re.sub(r"\{([A-Z0-9]+-(?:[0-9]+|ALL))\}", lambda match: link(match[1]), text)


def link(rule: str) -> str:
    """A link to a rule."""
    return f"[{rule}](rules.md#{rule.lower()})"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table with a row of titles."""
    head = list(head)
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def code(text: str) -> str:
    """A text with code in place of quotations and objects."""
    return re.sub(r'(\{[^}]*\})|"([^"]+)"|("")', lambda found: f"`{found[1] or found[2] or found[3]}`", text)


def filled(text: str, **parts: str) -> str:
    """A text with parts in place of their names in braces."""
    for name, part in parts.items():
        text = text.replace(f"{{{name}}}", part)
    return text
