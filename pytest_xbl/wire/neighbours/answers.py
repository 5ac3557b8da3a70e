"""Who calls a neighbour, and how it answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pytest_xbl.mpsd.model import NEWEST_CONTRACT, Caller, Json
from pytest_xbl.wire.answer import Answer
from pytest_xbl.world.state import Account
from pytest_xbl.world.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

NOBODY = Account(Caller(""), "", "")


def anybody(_environ: WSGIEnvironment, _world: World) -> Account:
    """The caller of an operation that asks for no token: nobody, as far as anybody knows."""
    return NOBODY


def any_contract(_environ: WSGIEnvironment) -> int:
    """The contract under which refusals are written; neighbours have one form for all (NEAR-1)."""
    return NEWEST_CONTRACT


def content(value: Json) -> Answer:
    """A JSON value, 200."""
    return Answer(200, json.dumps(value))
