"""Markdown for the generated pages: tables, links to rules, documents in JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

WIDTH = 80
"""Of the lines of an example."""


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


def json_block(document: Mapping[str, object], *, width: int = WIDTH) -> str:
    """A document with an object or a list on one line wherever it fits there."""
    return _broken(document, "", 0, width)


def _broken(value: object, indent: str, before: int, width: int) -> str:
    """A value in JSON.

    Args:
        before: how many characters stand before it on its line.
    """
    text = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or (indent and before + len(text) < width):
        return text
    deeper = f"{indent}  "
    keys = [f"{json.dumps(name)}: " for name in value] if isinstance(value, dict) else [""] * len(value)
    parts = value.values() if isinstance(value, dict) else value
    lines = [
        deeper + key + _broken(part, deeper, len(deeper + key), width) for key, part in zip(keys, parts, strict=True)
    ]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n" + ",\n".join(lines) + f"\n{indent}{closing}"
