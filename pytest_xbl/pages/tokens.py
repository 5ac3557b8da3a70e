"""Tokens on pages: whole if the fake has made them, and by their last characters if a test has chosen them."""

from __future__ import annotations

import shlex

from markupsafe import Markup

from pytest_xbl.pages.markup import element, joined
from pytest_xbl.pages.scene import Scene
from pytest_xbl.secrets import cut
from pytest_xbl.world.people import token_of
from pytest_xbl.world.state import Account


def export(scene: Scene, account: Account) -> Markup:
    """The command that gives a shell the Authorization header of somebody; a chosen token may be a real one."""
    if account.token is not None:
        return joined(
            [element("code", cut(account.token)), " which the test has chosen, so that it is not shown whole"]
        )
    header = f"XBL3.0 x={account.userhash};{token_of(scene.world, account)}"
    return element("code", f"export XBL_TOKEN={shlex.quote(header)}", class_="copied")
