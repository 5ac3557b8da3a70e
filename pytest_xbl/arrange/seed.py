"""A seed: the beginning of a world, given as a Python value, a file or a scenario, or by calls."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_xbl.arrange.arguments import RefusalsAsErrors
from pytest_xbl.arrange.combining import combined
from pytest_xbl.arrange.extending import Part, error_in, expanded, part_of, read_part, source_of
from pytest_xbl.arrange.form import require_whole
from pytest_xbl.arrange.loaded import Loaded
from pytest_xbl.arrange.records import UserRecord, record_of, template_record
from pytest_xbl.errors import hides_frames, require
from pytest_xbl.mpsd.model import InitializationStage, JsonObject
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.world.keeping import KEEP
from pytest_xbl.world.ready_made import beginning
from pytest_xbl.world.state import DEFAULT_SCID, State
from pytest_xbl.world.world import World

if TYPE_CHECKING:
    from typing_extensions import Unpack

__tracebackhide__ = hides_frames


NOBODYS = "\0"
"""The name of a world whose own tokens nobody can choose."""


class Seed:
    """The beginning of a world.

    Seeds are combined with `|`; of two that say something else of the same, the right one counts (SEED-4).
    A seed does not change, and is worked out once, however many worlds begin with it.

    Args:
        document: of the seed form; it is copied.
        name: what error texts and test ids call it.

    Raises:
        XblError: for a document that has not the seed form.
    """

    def __init__(self, document: Mapping[str, Any] | None = None, *, name: str = "the seed") -> None:
        self.name = name
        self._parts: tuple[Part, ...] = (part_of(document if document is not None else {}, name, None),)
        self._loaded: dict[Path, Loaded] = {}

    @classmethod
    def read(cls, path: str | Path) -> Seed:
        """The seed that a file holds: JSON, or YAML with the extra `pytest-xbl[yaml]`.

        Raises:
            XblError: for a file that cannot be read, or has not the seed form.
        """
        return cls._of(Path(path).stem, read_part(Path(path)))

    @classmethod
    def scenario(cls, name: str, /, **parameters: Any) -> Seed:
        """A scenario, with these parameters.

        Raises:
            XblError: for an unknown scenario or parameter.
        """
        from pytest_xbl.arrange import scenarios

        document = scenarios.build(name, parameters)
        told = "-".join((name, *(f"{key}={value}" for key, value in parameters.items())))
        return cls._of(told, part_of(document, f"the scenario {name}", None))

    @classmethod
    def _of(cls, name: str, *parts: Part) -> Seed:
        seed = cls(name=name)
        seed._parts = parts
        return seed

    def __or__(self, other: Seed | Mapping[str, Any]) -> Seed:
        """Both seeds, of which the right one counts more."""
        right = other if isinstance(other, Seed) else Seed(other)
        return self._of(self.name, *self._parts, *right._parts)

    def __ror__(self, other: Mapping[str, Any]) -> Seed:
        """The same, with a dict on the left."""
        return Seed(other) | self

    def __repr__(self) -> str:
        return f"<seed {self.name}>"

    @property
    def description(self) -> str:
        """The description that the seed gives of itself, or ""."""
        said = (part.document["description"] for part in reversed(self._parts) if "description" in part.document)
        return next(said, None) or ""

    def _load(self, directory: Path) -> Loaded:
        """The world that begins with this seed, worked out once.

        Args:
            directory: which names of files in `extends` are relative to, where the seed is not in a file itself.

        Raises:
            XblError: naming the place, and what is wrong there.
        """
        asks = any(part.directory is None and part.document.get("extends") for part in self._parts)
        key = directory if asks else Path()
        if key not in self._loaded:
            self._loaded[key] = self._load_into(None, directory, world=NOBODYS)
        return self._loaded[key]

    def _load_into(self, state: State | None, directory: Path, *, world: str, keep: int = KEEP) -> Loaded:
        """Bring the seed into a copy of a state; the state itself does not change (SEED-9).

        Args:
            state: None for a world that begins with the seed.
            world: the name of the world whose state it is.
            keep: the number of versions that this world keeps.

        Raises:
            XblError: naming the place, and what is wrong there.
        """
        parts = expanded(self._parts, directory)
        document = combined(part.document for part in parts)
        with _collector_paused():
            try:
                require_whole(document)
                begun = state.copy() if state else beginning(document.get("scid", DEFAULT_SCID))
                loaded = _loaded(document, World(world, begun, keep=keep)) if document else Loaded(begun)
            except Refusal as refusal:
                raise error_in(refusal, source_of(parts, refusal.place)) from None
        return loaded._replace(sources={"faults": source_of(parts, ("faults",))}) if loaded.faults else loaded

    def now(self, time: datetime | str) -> Seed:
        """Let the clock show this time."""
        return self | {"now": time}

    def scid(self, scid: str) -> Seed:
        """Let the world have this service configuration, a GUID."""
        return self | {"scid": scid}

    def user(self, name: str, **claims: Unpack[UserRecord]) -> Seed:
        """Add a user.

        Args:
            claims: as `xbl.user` takes them; `UserRecord` says what each is.
        """
        return self | {"users": {_label(name, "a user"): record_of(claims)}}

    def users(self, *names: str) -> Seed:
        """Add users."""
        return self | {"users": {_label(name, "a user", where="names"): {} for name in names}}

    def service(self, name: str, *, acting_for: Iterable[str] | None = None, on_behalf_of: str | None = None) -> Seed:
        """Add a service, which may act for users, or for the one in its token."""
        record = record_of({"acting_for": acting_for, "on_behalf_of": on_behalf_of})
        return self | {"services": {_label(name, "a service"): record}}

    def template(
        self, name: str, template: Mapping[str, Any], *, scid: str | None = None, contract: int | None = None
    ) -> Seed:
        """Add a template, with `constants` and `roleTypes`, as `xbl.templates.add` takes it."""
        with RefusalsAsErrors("template"):
            record = template_record(template, scid=scid, contract=contract)
        return self | {"templates": {_label(name, "a template"): record}}

    def session(
        self,
        name: str,
        template: str,
        *,
        members: Sequence[str] | Mapping[str, Any] | None = None,
        constants: Mapping[str, Any] | None = None,
        properties: Mapping[str, Any] | None = None,
        servers: Mapping[str, Any] | None = None,
        role_types: Mapping[str, Any] | None = None,
        owners: Sequence[str] | None = None,
        initializing: InitializationStage | Mapping[str, Any] | None = None,
        scid: str | None = None,
    ) -> Seed:
        """Add a session.

        Args:
            members: names of users, all of them active; or a dict of names to statuses, or to all that the seed form
                has to say of a member.
            constants: added to those of the template.
        """
        record = record_of(
            {
                "template": template,
                "members": members,
                "constants": constants,
                "properties": properties,
                "servers": servers,
                "role_types": role_types,
                "owners": owners,
                "initializing": initializing,
                "scid": scid,
            }
        )
        return self | {"sessions": {_label(name, "a session"): record}}

    def handle(
        self,
        label: str,
        type: str,  # noqa: A002 -- the field has this name
        session: str,
        *,
        owner: str | None = None,
        invited: str | None = None,
        origin: str | None = None,
        attributes: Mapping[str, Any] | None = None,
    ) -> Seed:
        """Add a handle; sessions are named by their labels, people by their names."""
        record = record_of(
            {
                "type": type,
                "session": session,
                "owner": owner,
                "invited": invited,
                "origin": origin,
                "attributes": attributes,
            }
        )
        return self | {"handles": {_label(label, "a handle", where="label"): record}}

    def statistics(self, user: str, values: Mapping[str, Any]) -> Seed:
        """Add values of a user, by the names of statistics."""
        return self | {"statistics": {"users": {_label(user, "a user", where="user"): values}}}

    def definition(
        self,
        name: str,
        *,
        type: str | None = None,  # noqa: A002 -- the field has this name
        access: str | None = None,
        group: str | None = None,
        ordinal: int | None = None,
        sort_order: str | None = None,
        display_name: str | None = None,
        display_format: str | None = None,
        display_semantic: str | None = None,
    ) -> Seed:
        """Add the definition of a statistic, as `xbl.stats.define` takes it."""
        definition = record_of(
            {
                "type": type,
                "access": access,
                "group": group,
                "ordinal": ordinal,
                "sort_order": sort_order,
                "display_name": display_name,
                "display_format": display_format,
                "display_semantic": display_semantic,
            }
        )
        return self | {"statistics": {"definitions": {_label(name, "a statistic"): definition}}}

    def faults(self, *faults: Mapping[str, Any]) -> Seed:
        """Set what goes wrong, in order: `{"fail": "put-session", "status": 503}` and the like (FAULT-7)."""
        return self | {"faults": list(faults)}

    def limits(self, limits: str | Mapping[str, Any]) -> Seed:
        """Switch rate limits on: a profile, or the limits of services (RATE-3)."""
        return self | {"limits": limits}

    def expecting(self, expected: Mapping[str, Any]) -> Seed:
        """Add the state that is expected at the end (SEED-10)."""
        return self | {"expected": expected}


def _label(name: str, whom: str, *, where: str = "name") -> str:
    """The name that a record is kept under, if it is a string."""
    require(str, name, f"the name of {whom}", where=where)
    return name


def checked_expectation(expected: Mapping[str, Any]) -> JsonObject:
    """Check an expectation that is given in Python.

    Raises:
        XblError: for an expectation that is no part of the seed form (SEED-10).
    """
    document: JsonObject = part_of({"expected": expected}, "the call", None).document["expected"]
    return document


def _loaded(document: JsonObject, world: World) -> Loaded:
    """A seed that says something; most tests have none, and so need none of the modules that load one."""
    from pytest_xbl.arrange.loading import load

    return load(document, world)


MANY_OBJECTS = 10_000
"""A look at fewer young objects takes a few milliseconds at most."""


@contextmanager
def _collector_paused() -> Iterator[None]:
    """A block in which nobody looks for garbage, as very many objects are made that all stay.

    Afterwards they count as old if they are many, or the next look at young objects would go through all of them; but
    not where somebody has frozen objects, whom this would thaw. For each small seed that would put off the next look at
    old objects, and if every test has one, nobody would ever take their garbage away.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            if gc.get_count()[0] > MANY_OBJECTS and not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()
