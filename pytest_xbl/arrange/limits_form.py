"""The rate limits that a test can switch on: their profiles, and their form in a seed (RATE-3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pytest_xbl.arrange.values import plain
from pytest_xbl.mpsd.checking import check
from pytest_xbl.mpsd.model import Json
from pytest_xbl.mpsd.refusal import Parts, Refusal
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import Either, Integer, OneOf, Record


class Limit(NamedTuple):
    """The most requests that a service takes from a user in a title; None for any number.

    Args:
        burst: within 15 seconds.
        sustain: within 300 seconds.
    """

    burst: int | None
    sustain: int | None


SERVICES = ("sessiondirectory", "userstats", "search")
"""The services that have limits; search handles have their own, one for reads and one for writes."""
PROFILES: Mapping[str, Mapping[str, Limit]] = {
    "documented": {
        "sessiondirectory": Limit(30, 300),
        "userstats": Limit(100, 300),
        "search": Limit(1, 20),
    },
    "trace-analyzer": {
        "sessiondirectory": Limit(30, 300),
        "userstats": Limit(10, 30),
        "search": Limit(1, 20),
    },
}
"""The limits of each service by the name of the profile: those of the page, and those of Microsoft's trace analyzer."""

profile = OneOf(tuple(PROFILES))
one_limit = Record({"burst": Integer(1), "sustain": Integer(1)})
limits = Either(
    profile,
    Record(dict.fromkeys(SERVICES, one_limit)),
    is_one=str,
    expected='a profile, or an object such as {"sessiondirectory": {"burst": 30, "sustain": 300}}',
)
LIMITS = Field(limits, "RATE-3", "the rate limits that are on; none unless given")
"""The field of a seed."""


def check_limits(value: Json, at: Parts = ()) -> None:
    """Refuse limits that have not the form, or more requests in 15 seconds than in 300.

    Args:
        at: the place of the limits.

    Raises:
        Refusal: with the place (RATE-3).
    """
    check(limits, value, at, LIMITS.rule)
    for service, limit in value.items() if isinstance(value, dict) else ():
        burst, sustain = limit.get("burst"), limit.get("sustain")
        if burst and sustain and burst > sustain:
            what = f"The burst limit, {burst} in 15 s, is above the sustain limit, {sustain} in 300 s, and never met."
            raise Refusal(400, what, where=(*at, service, "burst"), rule=LIMITS.rule)


def checked_limits(value: Any) -> Json:
    """A copy of the limits of a call, checked as those of a seed would be.

    Raises:
        Refusal: with the place inside them (RATE-3).
    """
    copy: Json = plain(value, times=False)
    check_limits(copy)
    return copy
