"""The fields of a seed about the initialization of a session and its members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from pytest_xbl.mpsd.model import InitializationStage
from pytest_xbl.mpsd.moments import time
from pytest_xbl.mpsd.qos import PRECEDENCE
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import Either, Integer, ListOf, OneOf, Record, boolean, text

stage = OneOf(get_args(InitializationStage))
initializing = Either(
    stage,
    Record({"stage": stage, "episode": Integer(1), "stageStartTime": time}, needed=("stage",)),
    is_one=str,
    expected="a stage, or an object with one",
)
OF_SESSION: Mapping[str, Field] = {
    "initializing": Field(
        initializing,
        "SEED-14",
        "the stage of the running or the failed episode; or an object of `stage`, `episode`, 1 unless given, "
        "and `stageStartTime`, the time of the clock unless given",
    ),
    "episodes": Field(Integer(1), "INIT-1", "how many have begun; unless given, up to the running one, or 1"),
    "hostCandidates": Field(ListOf(text), "INIT-7", "device tokens, best first"),
}
OF_MEMBER: Mapping[str, Field] = {
    "initializationEpisode": Field(Integer(1), "SEED-14", "the episode that they are in, or wait for"),
    "initializationFailure": Field(OneOf(PRECEDENCE), "INIT-4", "why they failed"),
    "measuredEarly": Field(
        boolean, "INIT-3", "whether their `measurements` are from before the stage, and so have to cover everybody"
    ),
}
