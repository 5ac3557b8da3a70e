"""Seeds in YAML; this module needs PyYAML, and is imported only where a file is YAML."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import yaml

from pytest_xbl.mpsd.model import Json
from pytest_xbl.mpsd.refusal import Refusal

MERGE = "tag:yaml.org,2002:merge"
"""The tag of a name that brings in another object; it may be there more than once."""


class Loader(yaml.SafeLoader):
    """A loader that refuses a name that is twice in one object, as JSON does."""

    def construct_mapping(self, node: yaml.Node, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 -- PyYAML calls it so
        """An object, whose names are read first."""
        names: set[Any] = set()
        for key, _value in node.value if isinstance(node, yaml.MappingNode) else ():
            name = key.tag if key.tag == MERGE else self.construct_object(key, deep=True)
            if isinstance(name, Hashable):  # what is not is refused when the object is made
                if name in names and name != MERGE:
                    what = f"the name {name!r} is there twice"
                    raise yaml.constructor.ConstructorError(None, None, what, key.start_mark)
                names.add(name)
        return super().construct_mapping(node, deep=deep)  # type: ignore[arg-type]


def parse_yaml(text: str) -> Json:
    """A value written in YAML.

    Raises:
        Refusal: for text that is no YAML (SEED-1).
    """
    try:
        return yaml.load(text, Loader)  # noqa: S506 -- it is a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        at = f" in line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise Refusal(400, f"The file is not YAML: {error.problem}{at}.", where=(), rule="SEED-1") from None
    except RecursionError:
        raise Refusal(400, "The file is nested too deeply.", where=(), rule="SEED-1") from None
    except Exception as error:  # noqa: BLE001 -- PyYAML lets through whatever its constructors raise
        raise Refusal(400, f"The file is not YAML: {error}.", where=(), rule="SEED-1") from None


def yaml_of(document: Json) -> str:
    """A document in YAML."""
    return yaml.safe_dump(document, sort_keys=False)
