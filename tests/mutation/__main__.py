"""Change the package in one place at a time, and see whether a test notices: `python tests/mutation`.

It takes a sample of all such mutants from the core and the packages right above it, the same for the same seed.
Each is put into a copy of the package, and meets the tests that run the changed line, the nearest and fastest first.
The last lines are the score, and every survivor with its place and diff.
A survivor changes nothing (then say why in `equivalents.py`), or a test is missing.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from itertools import chain, zip_longest
from pathlib import Path

from mutants import mutants_of, sample
from results import Results
from trying import Trials

PACKAGES = ("mpsd", "userstats", "world", "wire", "arrange", "compare")


def main() -> None:
    """Try a sample of mutants, and show the score."""
    asked = _arguments().parse_args()
    share = asked.number // len(asked.packages)
    mutants = {package: sample(mutants_of(package), share, asked.seed) for package in asked.packages}
    results = Results(asked.place / "results.json")
    trials = Trials(asked.place)
    # In turn, so that a run which is stopped has seen something of each package.
    for mutant in filter(None, chain.from_iterable(zip_longest(*mutants.values()))):
        if results.of(mutant) is None or results.survived(mutant):
            trial = trials.of(mutant)
            results.add(mutant, trial)
            print(f"{trial.verdict} {mutant}" if trial.verdict == "survived" else trial.verdict, flush=True)
    alarm = trials.false_alarm(results.noticed_by())
    if alarm:
        sys.exit(f"This test fails without any change, so the score is void: {alarm}")
    print("", *results.shown(mutants), sep="\n")


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tests/mutation", description=__doc__)
    parser.add_argument("packages", nargs="*", default=PACKAGES, help="packages of pytest_xbl to change")
    parser.add_argument("--number", type=int, default=582, help="of mutants in all")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument(
        "--place", type=Path, default=Path(tempfile.gettempdir()) / "xbl-mutation", help="of what is kept"
    )
    return parser


main()
