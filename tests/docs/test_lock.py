"""Everything that the checks install is locked, for each Python."""

from __future__ import annotations

import configparser
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PYTHONS = [word.rpartition(" ")[2] for word in PYPROJECT["project"]["classifiers"] if "Python :: 3." in word]
LOCKS = ["constraints.txt", "constraints-lowest.txt"]

PIN = re.compile(r"[a-z0-9-]+==[0-9][a-z0-9.]*( ; [a-z0-9_ '.*<>=!()]+)?", re.IGNORECASE)


def lines_of(lock: str) -> list[str]:
    """Read the lines of a lock without its comments."""
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def applies(requirement: Requirement, python: str) -> bool:
    """Whether a requirement holds for CPython of a version on Linux."""
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.20",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "sys_platform": "linux",
    }
    return requirement.marker is None or requirement.marker.evaluate(environment)


def pins_of(lock: str, python: str) -> dict[str, list[str]]:
    """Read the versions of each package that a lock holds for a Python."""
    pins: dict[str, list[str]] = {}
    for pin in map(Requirement, lines_of(lock)):
        if applies(pin, python):
            pins.setdefault(pin.name, []).append(str(pin.specifier).removeprefix("=="))
    return pins


def requirements_of(*groups: str) -> Iterator[Requirement]:
    """Collect the requirements of the package, its extras and some groups of dependencies."""
    project = PYPROJECT["project"]
    for part in [project["dependencies"], *project["optional-dependencies"].values()]:
        yield from map(Requirement, part)
    for group in groups:
        yield from (Requirement(item) for item in PYPROJECT["dependency-groups"][group] if isinstance(item, str))


def test_pythons_are_known() -> None:
    """The Pythons of the classifiers are those of tox's labels, and the first is the lowest that is allowed."""
    tox = configparser.ConfigParser(interpolation=None)
    tox.read(ROOT / "tox.ini", encoding="utf-8")
    labels = dict(line.split(" = ") for line in tox["tox"]["labels"].strip().splitlines())
    digits = [python.replace(".", "") for python in PYTHONS]
    assert labels == {
        "pythons": ", ".join(f"py{python}" for python in digits),
        "pythons-clients": f"py{{{','.join(digits)}}}-clients",
    }
    assert PYPROJECT["project"]["requires-python"] == f">={PYTHONS[0]}"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_pins_only(lock: str) -> None:
    """A name, a version, and for whom: no address and no path, which another machine would not have."""
    assert not [line for line in lines_of(lock) if not PIN.fullmatch(line)]


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_one_version_of_each_package(lock: str, python: str) -> None:
    """The markers of a package exclude each other."""
    assert {name: versions for name, versions in pins_of(lock, python).items() if len(versions) > 1} == {}


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize(
    ("lock", "groups"),
    [("constraints.txt", tuple(PYPROJECT["dependency-groups"])), ("constraints-lowest.txt", ("test",))],
)
def test_every_requirement_is_locked(lock: str, groups: tuple[str, ...], python: str) -> None:
    """The package, its extras and the checks get a version that they allow, for each Python."""
    pins = pins_of(lock, python)
    wrong = [
        str(requirement)
        for requirement in requirements_of(*groups)
        if applies(requirement, python)
        and not list(requirement.specifier.filter(pins.get(requirement.name, []), prereleases=True))
    ]
    assert not wrong


def test_read_the_docs_installs_what_is_locked() -> None:
    """Each command of its installation is constrained."""
    settings = yaml.safe_load((ROOT / ".readthedocs.yaml").read_text(encoding="utf-8"))
    assert all(" -c constraints.txt " in command for command in settings["build"]["jobs"]["install"])


def test_the_build_is_locked() -> None:
    """One pinned backend, which has no requirements of its own, builds the package."""
    assert [str(Requirement(text).specifier)[:2] for text in PYPROJECT["build-system"]["requires"]] == ["=="]
    assert PYPROJECT["build-system"]["build-backend"].startswith("flit_core.")
