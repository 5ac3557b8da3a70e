"""The outcomes of all mutants that were tried, which are kept, and how they are shown."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from equivalents import EQUIVALENTS
from mutants import Mutant
from trying import Trial

REASONS = {(known.path, known.before, known.after): known.reason for known in EQUIVALENTS}


class Results:
    """Trials by the names of their mutants, in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._trials = json.loads(path.read_text()) if path.exists() else {}

    def add(self, mutant: Mutant, trial: Trial) -> None:
        """Remember a trial at once, so that a run which is stopped has not been in vain."""
        self._trials[mutant.name] = trial
        self._path.write_text(json.dumps(self._trials))

    def of(self, mutant: Mutant) -> Trial | None:
        """The last trial of this mutant."""
        found = self._trials.get(mutant.name)
        return Trial(*found) if found else None

    def noticed_by(self) -> set[str]:
        """All tests that noticed a mutant."""
        return {noticed_by for *_, noticed_by in self._trials.values() if noticed_by}

    def survived(self, mutant: Mutant) -> bool:
        """Whether no test noticed it, although it is not known to change nothing."""
        trial = self.of(mutant)
        return trial is not None and trial.verdict == "survived" and reason_of(mutant) is None

    def shown(self, mutants: dict[str, list[Mutant]]) -> Iterator[str]:
        """A table of the packages, and each survivor with its diff."""
        yield _row("package", "mutants", "killed", "timeouts", "survived", "equivalent", "score")
        for package, chosen in mutants.items():
            yield self._score(package, chosen)
        every = [mutant for chosen in mutants.values() for mutant in chosen]
        yield self._score("all", every)
        survivors = [mutant for mutant in every if (trial := self.of(mutant)) and trial.verdict == "survived"]
        for mutant in sorted(survivors, key=lambda mutant: (reason_of(mutant) or "", mutant.path, mutant.line)):
            yield f"\n{mutant}\n    {self._why(mutant)}"

    def _why(self, mutant: Mutant) -> str:
        trial = self.of(mutant)
        assert trial is not None
        return f"{trial.tests} of {trial.possible} tests; {reason_of(mutant) or 'NOT EXPLAINED'}"

    def _score(self, name: str, mutants: Sequence[Mutant]) -> str:
        verdicts = Counter(self._verdict(mutant) for mutant in mutants)
        noticed = verdicts["killed"] + verdicts["timeout"]
        counted = noticed + verdicts["survived"]
        score = f"{noticed / counted:.1%}" if counted else "-"
        total = sum(verdicts.values()) - verdicts["untried"]
        columns = (verdicts[verdict] for verdict in ("killed", "timeout", "survived", "equivalent"))
        return _row(name, total, *columns, score)

    def _verdict(self, mutant: Mutant) -> str:
        trial = self.of(mutant)
        if trial is None:
            return "untried"
        return "equivalent" if trial.verdict == "survived" and reason_of(mutant) else trial.verdict


def reason_of(mutant: Mutant) -> str | None:
    """Why the mutant changes nothing, if this is known."""
    return REASONS.get((mutant.path, mutant.before, mutant.after))


def _row(name: str, *columns: object) -> str:
    return f"{name:12}" + "".join(f"{column!s:>11}" for column in columns)
