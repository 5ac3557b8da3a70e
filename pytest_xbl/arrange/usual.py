"""The values that a dump leaves out, and the labels that it gives."""

from __future__ import annotations

from collections.abc import Collection

from pytest_xbl.mpsd.json_values import same
from pytest_xbl.mpsd.model import JsonObject


def free(label: str, taken: Collection[str]) -> str:
    """A label that nothing else has."""
    while label in taken:
        label += "'"
    return label


def unusual(whole: JsonObject, usual: JsonObject) -> JsonObject:
    """The fields that differ from the usual ones."""
    return {name: it for name, it in whole.items() if name not in usual or not same(usual[name], it)}
