"""The session templates of a world (TMPL-1)."""

from __future__ import annotations

from pytest_xbl.mpsd.model import Template
from pytest_xbl.mpsd.refusal import Place, Refusal
from pytest_xbl.mpsd.suggesting import nearest, or_meant
from pytest_xbl.world.state import State


def template(state: State, scid: str, name: str, where: Place) -> Template:
    """The template of this name.

    Raises:
        Refusal: 404 (TMPL-1).
    """
    found = state.templates.get((scid.lower(), name.lower()))
    if found is None:
        names = [other.name for other in templates(state, scid, where)]
        what = f"There is no template {name} in {scid}; it has {', '.join(names)}.{or_meant(nearest(name, names))}"
        raise Refusal(404, what, where=where, rule="TMPL-1")
    return found


def templates(state: State, scid: str, where: Place) -> list[Template]:
    """All templates of a service configuration.

    Raises:
        Refusal: 404 for a service configuration that has none (TMPL-1).
    """
    known = list(state.templates.values())
    found = [template for template in known if template.scid.lower() == scid.lower()]
    if not found:
        scids = ", ".join(dict.fromkeys(template.scid for template in known))
        what = f"The service configuration {scid} is unknown; known are: {scids}."
        raise Refusal(404, what, where=where, rule="TMPL-1")
    return found


def add_template(state: State, template: Template) -> None:
    """Remember a template, or replace the one of this name that no session has been made from.

    Raises:
        Refusal: 409 if a session has been made from it (TMPL-4).
    """
    key = (template.scid.lower(), template.name.lower())
    if any(record_key[:2] == key for record_key in state.records):
        what = f"The template {template.name} cannot be replaced: a session has been made from it."
        raise Refusal(409, what, where=("name",), rule="TMPL-4")
    state.templates[key] = template
