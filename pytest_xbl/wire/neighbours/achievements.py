"""The service at achievements.xboxlive.com, where nobody has reached anything (NEAR-13)."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import text
from pytest_xbl.wire.answer import Answer
from pytest_xbl.wire.call import Call
from pytest_xbl.wire.neighbours.answers import content
from pytest_xbl.wire.neighbours.naming import person_in

FILTERS: Mapping[str, Field] = {
    name: Field(text, "NEAR-13")
    for name in (
        *("titleId", "skipItems", "continuationToken", "maxItems"),
        *("unlockedOnly", "possibleOnly", "types", "orderBy"),
    )
}


def list_achievements(call: Call) -> Answer:
    """Read the achievements of a user, who has none."""
    person_in(call)
    return content({"achievements": [], "pagingInfo": {"continuationToken": None, "totalRecords": 0}})
