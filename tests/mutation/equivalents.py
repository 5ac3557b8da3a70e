"""Mutants that change nothing that a user or a rule could notice, and why."""

from __future__ import annotations

from typing import NamedTuple


class Equivalent(NamedTuple):
    """A change without a consequence.

    Args:
        path: of the module, below the package.
        before: the lines that change, without indentation.
        after: the same lines in the mutant.
        reason: why nothing follows from it.
    """

    path: str
    before: str
    after: str
    reason: str


NO_STATUS = "set-up shows what is wrong, where and by which rule, and never the status of a refusal"

EQUIVALENTS: tuple[Equivalent, ...] = (
    Equivalent(
        "arrange/dumping.py",
        '"privileges": sorted(caller.privileges),',
        '"privileges": list(caller.privileges),',
        "there is one privilege",
    ),
    Equivalent(
        "arrange/seats.py",
        'raise Refusal(400, what, where=("members",), rule="TIME-3")',
        'raise Refusal(401, what, where=("members",), rule="TIME-3")',
        NO_STATUS,
    ),
    Equivalent(
        "arrange/handles.py",
        'raise Refusal(400, f"Only a handle with created has {earlier[0]}.", where=(earlier[0],), rule="SEED-8")',
        'raise Refusal(401, f"Only a handle with created has {earlier[0]}.", where=(earlier[0],), rule="SEED-8")',
        NO_STATUS,
    ),
    Equivalent(
        "arrange/seats.py",
        "member = session.member(seat.caller.xuid) if seat.says and seat.says.roles else None",
        "member = session.member(seat.caller.xuid) if seat.says else None",
        "to give a member no roles changes nothing",
    ),
    Equivalent(
        "arrange/times.py",
        'raise Refusal(400, what, where=(*at, name), rule="TIME-1")',
        'raise Refusal(399, what, where=(*at, name), rule="TIME-1")',
        NO_STATUS,
    ),
    Equivalent(
        "compare/differences.py",
        'depth: dict[str, Any] = {"threshold_to_diff_deeper": 0, "ignore_private_variables": False}',
        'depth: dict[str, Any] = {"threshold_to_diff_deeper": -1, "ignore_private_variables": False}',
        "no share of equal parts is below 0 either, so deepdiff looks as deep",
    ),
    Equivalent(
        "compare/differences.py",
        'found = DeepDiff(*pair, view="tree", verbose_level=2, **depth)',
        'found = DeepDiff(*pair, view="tree", **depth)',
        "the tree has all values; the level says only how deepdiff itself would write them",
    ),
    Equivalent(
        "mpsd/handles.py",
        'object.__setattr__(self, "_searched", found)',
        "pass",
        "a handle only keeps what it would work out again",
    ),
    Equivalent(
        "mpsd/applying.py",
        "return apply_write(_existing(session), Write(servers={name: None}, must_exist=True), ctx)",
        "return apply_write(_existing(session), Write(servers={name: None}, must_exist=False), ctx)",
        "a session that is not there has been refused before",
    ),
    Equivalent(
        "userstats/model.py",
        "bits = value.bit_length() if isinstance(value, int) else 0",
        "bits = value.bit_length() if isinstance(value, int) else 1",
        "either is far below the number of bits that is too many",
    ),
    Equivalent(
        "wire/body.py",
        "if len(encodings) > 1 or not WINDOWS.keys() >= set(encodings):",
        "if len(encodings) > 1 or not (WINDOWS.keys() > set(encodings)):",
        "one encoding is never all that are known",
    ),
    Equivalent(
        "wire/server.py",
        "break",
        "continue",
        "after the client's end there is nothing more to read, in as few reads as are allowed",
    ),
    Equivalent(
        "world/activity.py",
        'connection = Connection(connections.counted(account, "socket"), account, world.now)',
        "connection = Connection(connections.counted(account, 'socketx'), account, world.now)",
        "an id may be any that nothing else has, and is the same in each run",
    ),
    Equivalent(
        "world/statistics.py",
        'title = state.titles.get(caller.title_id or "")',
        "title = state.titles.get(caller.title_id or 'x')",
        "no title has either id: they are numbers",
    ),
)
