"""The settings of a served world, as the command line says them."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from pytest_xbl.arrange.scenarios import SCENARIOS
from pytest_xbl.arrange.seed import Seed
from pytest_xbl.errors import XblError
from pytest_xbl.mpsd.suggesting import did_you_mean, nearest
from pytest_xbl.xbl.keeping import keep_of
from pytest_xbl.xbl.listening import Address, address_of

FOLLOW, STAND = CLOCKS = ("follow", "stand")
NUMBER = re.compile("-?[0-9]{1,18}")
NOBODY_NAMED = {"users": [f"player{number}" for number in range(1, 5)]}
"""The seed of a world that the command line says nothing of: users, so that somebody can call."""


class Settings(NamedTuple):
    """The settings of a served world.

    Args:
        seed: that it begins with.
        title: of the world, for people.
        address: at which the server listens.
        follows: whether the clock follows the real time.
        allowed: the foreign hosts that programs may reach; None if real hosts are not served.
        is_quiet: whether refused requests are not worth a line.
        keep: the number of requests, of versions and of taps that the world keeps.
    """

    seed: Seed
    title: str
    address: Address
    follows: bool
    allowed: Sequence[str] | None
    is_quiet: bool
    keep: int


def settings_of(given: argparse.Namespace, *, now: datetime) -> Settings:
    """The settings that a command line names.

    Args:
        now: the real time, at which a clock begins that follows it, unless the seed names another time.

    Raises:
        XblError: for an option that cannot be.
    """
    if given.clock not in CLOCKS:
        hint = did_you_mean(nearest(given.clock, CLOCKS))
        raise XblError(f"--clock is {' or '.join(CLOCKS)}, not {given.clock!r}{hint}")
    address = address_of(given.host, given.port, host_is="--host", port_is="--port")
    allowed = _allowed(given)
    keep = keep_of(given.keep, named="--keep")
    seed, follows = _seed(given), given.clock == FOLLOW
    return Settings({"now": now} | seed if follows else seed, seed.name, address, follows, allowed, given.quiet, keep)


def _seed(given: argparse.Namespace) -> Seed:
    if given.scenario:
        name, *pairs = given.scenario
        return Seed.scenario(name, **_parameters(pairs))
    return _read(given.seed) if given.seed else Seed(NOBODY_NAMED, name="four users")


def _read(file: Path) -> Seed:
    """The seed in a file.

    Raises:
        XblError: for a file without one; with a hint if there is a scenario of this name.
    """
    try:
        return Seed.read(file)
    except XblError as error:
        if str(file) not in SCENARIOS:
            raise
        raise XblError(f"{error.what} The scenario of this name is --scenario {file}.") from None


def _parameters(pairs: Sequence[str]) -> dict[str, int | str]:
    """The parameters of a scenario; whether it has them, and what they can be, it says itself.

    Raises:
        XblError: for anything but key=value, or two values for one key.
    """
    found: dict[str, int | str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not (name and equals):
            raise XblError(f"A parameter of a scenario is written key=value, such as players=2; got {pair!r}.")
        if name in found:
            raise XblError(f"The parameter {name} of the scenario is given twice.")
        found[name] = int(value) if NUMBER.fullmatch(value) else value
    return found


def _allowed(given: argparse.Namespace) -> Sequence[str] | None:
    """The hosts that `--allow-host` names; None without `--hosts`.

    Raises:
        XblError: for a host that cannot be allowed, or one that is without effect.
    """
    if given.hosts:
        from pytest_xbl.xbl.host_settings import allowed_hosts

        return allowed_hosts(given.allow_host, named="--allow-host")
    if given.allow_host:
        raise XblError("--allow-host needs --hosts: only programs that reach real host names are kept from others.")
    return None
