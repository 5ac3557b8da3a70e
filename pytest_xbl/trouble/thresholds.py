"""From which number on a client is not polite any more, each with its source (RATE-5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pytest_xbl.arrange.limits_form import PROFILES

RULE = "the trace analyzer's rule "
FREQUENCY, BURSTS, POLLING = f"{RULE}CallFrequency", f"{RULE}BurstDetection", f"{RULE}PollingDetection"
REPEATS, BATCHES, SMALL = f"{RULE}RepeatedCalls", f"{RULE}BatchFrequency", f"{RULE}SmallBatchDetection"
BEST_PRACTICES = "the best practices for calling Xbox Live"


class Threshold(NamedTuple):
    """A number that separates polite clients from others.

    Args:
        value: in the unit that the meaning names.
        meaning: of the number.
        source: where it comes from.
    """

    value: float
    meaning: str
    source: str


_LIMITS = PROFILES["trace-analyzer"]
THRESHOLDS: Mapping[str, Threshold] = {
    "sessiondirectory_burst": Threshold(
        _LIMITS["sessiondirectory"].burst or 0,
        "requests of a user to sessiondirectory at one instant, or within 15 s",
        FREQUENCY,
    ),
    "sessiondirectory_sustain": Threshold(
        _LIMITS["sessiondirectory"].sustain or 0,
        "requests of a user to sessiondirectory within 300 s",
        FREQUENCY,
    ),
    "userstats_burst": Threshold(
        _LIMITS["userstats"].burst or 0,
        "requests of a user to userstats at one instant, or within 15 s",
        FREQUENCY,
    ),
    "userstats_sustain": Threshold(
        _LIMITS["userstats"].sustain or 0,
        "requests of a user to userstats within 300 s",
        FREQUENCY,
    ),
    "calls_at_a_time": Threshold(3, "instants within rate_window at which a user calls an operation", BURSTS),
    "rate_window": Threshold(2, "seconds over which calls of an operation are counted", BURSTS),
    "repeat_interval": Threshold(5, "seconds between two equal requests", REPEATS),
    "polling_calls": Threshold(5, "equal reads at equal intervals", POLLING),
    "polling_tolerance": Threshold(0.01, "part by which these intervals may differ", POLLING),
    "backoff_growth": Threshold(1, "times the last wait that the next one has to exceed", BEST_PRACTICES),
    "batch_window": Threshold(2, "seconds in which requests for several users could have been one", BATCHES),
    "batch_users": Threshold(2, "users for whom a batch is worth its while", SMALL),
}
"""The thresholds by name."""


def value_of(name: str) -> float:
    """The number of a threshold."""
    return THRESHOLDS[name].value
