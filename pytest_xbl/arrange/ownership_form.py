"""The fields of a seed about the owners of a session, and the roles of its members."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_xbl.arrange.seed_shapes import person
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import ListOf, MapOf, text

OF_SESSION: Mapping[str, Field] = {
    "owners": Field(ListOf(person, filled=True), "OWN-1", "members who own it; the one who joined first unless given"),
}
OF_MEMBER: Mapping[str, Field] = {
    "roles": Field(MapOf(text), "ROLE-2", "the role that they have of each type"),
}
