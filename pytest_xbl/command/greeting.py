"""The lines that a served world begins with: its addresses, and who can call it."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_xbl.command.parser import PROGRAM
from pytest_xbl.mpsd.refusal import on_one_line
from pytest_xbl.wire.switchboard import EXPLORER
from pytest_xbl.world.people import account_called, names
from pytest_xbl.world.world import World
from pytest_xbl.xbl.people import principal_of
from pytest_xbl.xbl.xbox_live import XboxLive

MOST_CALLERS = 20
"""The callers that are listed."""
LONGEST_NAME = 40
"""The characters of a name."""
CONTRACT = "X-Xbl-Contract-Version"


def greeting(xbl: XboxLive, *, follows: bool, has_hosts: bool) -> str:
    """The lines about a world; the address is the last word of the first one.

    Args:
        follows: whether its clock follows the real time.
        has_hosts: whether real hosts are served.
    """
    return "\n".join((*_of_the_world(xbl, follows=follows, has_hosts=has_hosts), "", *_of_callers(xbl)))


def _of_the_world(xbl: XboxLive, *, follows: bool, has_hosts: bool) -> Iterator[str]:
    yield f"Xbox Live is served, until Ctrl+C, at {xbl.url}"
    yield f"To look at: {xbl.url}{EXPLORER}/"
    if has_hosts:
        yield f'Real host names: eval "$({PROGRAM} env {xbl.url})"'
    yield f"Clock: {xbl.clock.now:%Y-%m-%d %H:%M:%S} UTC, {'follows the real time' if follows else 'stands still'}"
    yield f"Service configuration: {xbl.scid}"


def _of_callers(xbl: XboxLive) -> Iterator[str]:
    """The headers of each caller, each on a line of its own."""
    world = xbl.app.world
    known = names(world)
    if not known:
        yield "Nobody can call: the world has no users."
        return
    yield f"Every request needs {CONTRACT}: 107, and the header of its caller:"
    shown = {name: on_one_line(name, LONGEST_NAME) for name in known[:MOST_CALLERS]}
    width = max(map(len, shown.values()))
    for name, text in shown.items():
        for number, header in enumerate(_headers(world, name)):
            yield f"  {'' if number else text:{width}}  {header}"
    if len(known) > MOST_CALLERS:
        yield f"  ... and {len(known) - MOST_CALLERS} more"


def _headers(world: World, name: str) -> list[str]:
    """The headers of a caller; a service that acts for users has several."""
    account = account_called(world, name)
    headers = principal_of(world, account).headers if account else {}
    return [f"{name}: {value}" for name, value in headers.items() if name != CONTRACT]
