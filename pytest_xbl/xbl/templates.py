"""`xbl.templates`: the session templates of a world."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pytest_xbl.arrange.arguments import RefusalsAsErrors
from pytest_xbl.arrange.form import TEMPLATE_BODY
from pytest_xbl.arrange.records import checked, template_record
from pytest_xbl.arrange.templates import add_template
from pytest_xbl.errors import XblError, hides_frames, require, shown
from pytest_xbl.mpsd.model import NEWEST_CONTRACT
from pytest_xbl.mpsd.refusal import Parts
from pytest_xbl.mpsd.view import render_template
from pytest_xbl.world.world import World

__tracebackhide__ = hides_frames


class Templates:
    """The session templates of a world: add them, look them up, iterate over their names (TMPL-1)."""

    def __init__(self, world: World) -> None:
        self._world = world

    def add(
        self, name: str, template: dict[str, Any], *, scid: str | None = None, contract: int = NEWEST_CONTRACT
    ) -> None:
        """Add a session template, or replace one that no session has been made from.

        Args:
            name: of the template, unique in its service configuration without regard to case.
            template: of the form of a PUT body, with `constants` and `roleTypes` only (TMPL-2).
            scid: the service configuration, a GUID; a new one becomes known by this. Default: `xbl.scid`.
            contract: the contract the template is written for, 104, 105 or 107; it decides how constants are
                called, and which defaults they have (TMPL-6, TMPL-7).

        Raises:
            XblError: for a template the service would not take, with the JSON pointer and the rule.
        """
        require(str, name, "the name of a template", where="name")
        with RefusalsAsErrors("name", _argument):
            record = checked("templates", template_record(template, scid=scid, contract=contract))
            add_template(self._world, name, record)

    def __getitem__(self, name: str | tuple[str, str]) -> dict[str, Any]:
        """A template as GET gives it under contract 107.

        Args:
            name: of a template in the default service configuration; or (scid, name).

        Raises:
            XblError: if there is none.
        """
        with RefusalsAsErrors("name", lambda _: ()):
            template = self._world.template(*_scid_and_name(self._world, name))
        rendered: dict[str, Any] = json.loads(render_template(template, contract=NEWEST_CONTRACT))
        return rendered

    def __iter__(self) -> Iterator[str]:
        """The names of the templates in the default service configuration, ready-made ones first."""
        return iter([template.name for template in self._world.templates(self._world.scid)])

    def __len__(self) -> int:
        """The number of templates in the default service configuration."""
        return len(self._world.templates(self._world.scid))

    def __contains__(self, name: str | tuple[str, str]) -> bool:
        """Whether there is a template of this name in the default service configuration, or of this (scid, name)."""
        return self._world.has_template(*_scid_and_name(self._world, name))


def _argument(place: Parts) -> Parts:
    """The parts of a template are inside the argument `template`."""
    return ("template", *place) if place and place[0] in TEMPLATE_BODY else place


def _scid_and_name(world: World, name: object) -> tuple[str, str]:
    match name:
        case str():
            return world.scid, name
        case (str() as scid, str() as its_name):
            return scid, its_name
    raise XblError(f"Expected the name of a template, or (scid, name); got {shown(name)}.", where="name", rule="TMPL-1")
