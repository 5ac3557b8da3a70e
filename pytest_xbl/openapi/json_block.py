"""JSON that people read: an object or a list is on one line wherever it fits there."""

from __future__ import annotations

import json
from collections.abc import Mapping

WIDTH = 80
"""Of the lines of an example."""


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
