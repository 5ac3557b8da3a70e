"""The settings of real hosts: `xbl_hosts`, `xbl_allow_hosts` and `xbl_egress` (HOST-4, HOST-5)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from pytest_xbl.errors import XblError, hides_frames, shown
from pytest_xbl.hosts.egress import Mode
from pytest_xbl.hosts.interception import Interception
from pytest_xbl.hosts.known import is_xbox_live, name_of
from pytest_xbl.mpsd.suggesting import did_you_mean, nearest
from pytest_xbl.wire.switchboard import Switchboard
from pytest_xbl.xbl.listening import is_host

if TYPE_CHECKING:
    import pytest

__tracebackhide__ = hides_frames

MODES: tuple[Mode, ...] = get_args(Mode)
POLICIES = ("allow", "refuse")


def interception_of(switchboard: Switchboard, config: pytest.Config) -> Interception:
    """The real hosts of a session.

    Raises:
        XblError: for a setting that cannot be.
    """
    mode = MODES[_choice(config, "xbl_hosts", MODES)]
    is_strict = POLICIES[_choice(config, "xbl_egress", POLICIES)] == "refuse"
    if is_strict and mode == "off":
        what = "xbl_egress = refuse needs xbl_hosts = serve or block, since off replaces nothing that could refuse"
        raise XblError(f"{what}; for tests against the real service, add -o xbl_egress=allow.", rule="HOST-4")
    return Interception(
        switchboard,
        mode=mode,
        is_strict=is_strict,
        allowed=allowed_hosts(config.getini("xbl_allow_hosts"), named="xbl_allow_hosts"),
        directory=partial(_directory, config),
    )


def _choice(config: pytest.Config, setting: str, choices: tuple[str, ...]) -> int:
    """The place of the value of a setting among its choices."""
    given = config.getini(setting)
    if given not in choices:
        what = f"{setting} is {', '.join(choices[:-1])} or {choices[-1]}, not {shown(given)}"
        near = nearest(given, choices)
        raise XblError(f"{what}{did_you_mean(near and repr(near))}", rule="HOST-5")
    return choices.index(given)


def allowed_hosts(names: Sequence[str], *, named: str) -> tuple[str, ...]:
    """The foreign hosts that may be reached, in one spelling.

    Args:
        named: the setting or the option that names them.

    Raises:
        XblError: for what is no host, or is one of Xbox Live.
    """
    for name in names:
        if not is_host(name):
            what = f"{named} names hosts, such as db.example.com or 10.0.0.7, without a port"
            raise XblError(f"{what}; not {shown(name)}.", rule="HOST-4")
        if is_xbox_live(name_of(name)):
            raise XblError(f"{named} cannot name {name}: hosts of Xbox Live lead to the fake.", rule="HOST-4")
    return tuple(map(name_of, names))


def _directory(config: pytest.Config) -> Path:
    """A directory of pytest's temporary ones, which go by themselves."""
    factory: pytest.TempPathFactory | None = getattr(config, "_tmp_path_factory", None)
    if factory is None:
        raise XblError("Certificates for programs need pytest's temporary directories: run without -p no:tmpdir.")
    return factory.mktemp("xbl-hosts")
