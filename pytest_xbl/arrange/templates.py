"""The session templates of a test (TMPL-1)."""

from __future__ import annotations

from pytest_xbl.arrange.form import TEMPLATE_BODY
from pytest_xbl.arrange.records import scid_of
from pytest_xbl.mpsd.checking import check
from pytest_xbl.mpsd.constants import parse_template
from pytest_xbl.mpsd.model import NEWEST_CONTRACT, JsonObject, Template
from pytest_xbl.mpsd.names import name_in_body
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.world.world import World


def add_template(world: World, label: str, record: JsonObject) -> Template:
    """Add a session template, or replace one that no session has been made from.

    Args:
        label: its name, unless the record has one.
        record: of the seed form, checked.

    Raises:
        Refusal: for a template that the service would not take, with the place inside the record (TMPL-2, TMPL-4).
    """
    name, scid = record.get("name", label), scid_of(record, world.scid)
    check(name_in_body, name, ("name",), "CALL-15")
    body: JsonObject = {field: record[field] for field in TEMPLATE_BODY if field in record}
    template = parse_template(scid, name, body, contract=record.get("contract", NEWEST_CONTRACT))
    world.add_template(template)
    return template


def require_new_template(template: Template, added: set[tuple[str, str]]) -> None:
    """Refuse a template of which a seed has two.

    Args:
        added: the templates of the seed so far; this one is added.

    Raises:
        Refusal: with the place inside the record (SEED-1).
    """
    key = (template.scid.lower(), template.name.lower())
    if key in added:
        raise Refusal(400, f"The seed has two templates called {template.name}.", where=("name",), rule="SEED-1")
    added.add(key)
