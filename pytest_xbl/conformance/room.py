"""Sessions as a test names them before they are made."""

from __future__ import annotations

from dataclasses import dataclass, field

from pytest_xbl.conformance.bodies import Body, both


@dataclass(frozen=True)
class Room:
    """A session that a test can make.

    Args:
        template: the name of its template.
        creation: what the write that makes it says: its constants.
    """

    scid: str
    template: str
    name: str
    creation: Body = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The path of the session."""
        return f"/serviceconfigs/{self.scid}/sessionTemplates/{self.template}/sessions/{self.name}"

    @property
    def ref(self) -> dict[str, str]:
        """The reference to the session, as handles and queries write it."""
        return {"scid": self.scid, "templateName": self.template, "name": self.name}

    def at(self, *parts: object) -> str:
        """The path of an element, such as `at("members", 0)`."""
        return "/".join((self.path, *map(str, parts)))

    def made_by(self, *bodies: Body) -> Body:
        """The body that makes the session, with the parts of other bodies."""
        return both(self.creation, *bodies)
