"""The setting that says how much each world keeps (SEEN-18)."""

from __future__ import annotations

import re
from functools import lru_cache

from pytest_xbl.errors import XblError, hides_frames, shown
from pytest_xbl.world.keeping import KEEP

__tracebackhide__ = hides_frames

MOST = 10**12 - 1
NUMBER = re.compile("[1-9][0-9]{0,11}")


@lru_cache
def keep_of(text: str, *, named: str) -> int:
    """The number in a setting or an option.

    Args:
        named: the name of the setting or the option.

    Raises:
        XblError: for what is no number of 1 or more.
    """
    if not NUMBER.fullmatch(text):
        raise XblError(f"{named} is a number of 1 or more, such as {KEEP}; not {shown(text)}.", rule="SEEN-18")
    return int(text)


def require_keep(keep: object) -> None:
    """Refuse an argument that is no number of 1 or more.

    Raises:
        XblError: naming it.
    """
    if type(keep) is not int or not 1 <= keep <= MOST:
        what = f"Expected how much the world keeps, an integer from 1 to {MOST}; got {shown(keep)}."
        raise XblError(what, where="keep", rule="SEEN-18")
