"""Seeds in files: JSON, and YAML where it can be read."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

from pytest_xbl.arrange.values import DEEPEST
from pytest_xbl.errors import XblError, hides_frames
from pytest_xbl.mpsd.json_text import parse_json
from pytest_xbl.mpsd.model import Json
from pytest_xbl.mpsd.refusal import Refusal

__tracebackhide__ = hides_frames

YAML = (".yaml", ".yml")
SUFFIXES = (".json", *YAML)
"""The ends of the names of files."""


def is_file_name(name: str) -> bool:
    """Whether a name is that of a file, and not of a scenario."""
    return name.lower().endswith(SUFFIXES)


def read(path: Path) -> Json:
    """The content of a file.

    Raises:
        XblError: for a file that is not there or cannot be read, or YAML where PyYAML is not installed.
        Refusal: for text that is no JSON or YAML.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise XblError(f"The file {path} is not UTF-8: {error.reason} at byte {error.start}.") from None
    except OSError as error:
        raise XblError(f"The file {path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise XblError(f"No file can be called {str(path)!r}: {error}.") from None
    if path.suffix.lower() in YAML:
        return _yaml(path).parse_yaml(text)
    try:
        return parse_json(text, of="The file", deepest=DEEPEST)
    except Refusal as refusal:
        raise refusal.at(()) from None


def write(path: Path, document: Json) -> None:
    """Write a document into a file: as JSON, or as YAML if its name says so.

    Raises:
        XblError: for YAML where PyYAML is not installed, or a file that cannot be written.
    """
    text = _yaml(path).yaml_of(document) if path.suffix.lower() in YAML else f"{json.dumps(document, indent=2)}\n"
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise XblError(f"The file {path} cannot be written: {error.strerror}.") from None
    except ValueError as error:
        raise XblError(f"No file can be called {str(path)!r}: {error}.") from None


def _yaml(path: Path) -> ModuleType:
    try:
        from pytest_xbl.arrange import yaml_text
    except ImportError:
        what = f"{path} is YAML, which takes PyYAML: pip install 'pytest-xbl[yaml]', or use JSON."
        raise XblError(what) from None
    return yaml_text
