"""The fields of a seed about the owners of a session, and the roles of its members."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import Either, ListOf, MapOf, Record, digits, text

person = Either(
    text, Record({"xuid": digits}, needed=("xuid",)), is_one=str, expected='a name, or {"xuid": ...} of a stranger'
)
OF_SESSION: Mapping[str, Field] = {
    "owners": Field(ListOf(person, filled=True), "OWN-1", "members who own it; the one who joined first unless given"),
}
OF_MEMBER: Mapping[str, Field] = {
    "roles": Field(MapOf(text), "ROLE-2", "the role that they have of each type"),
}
