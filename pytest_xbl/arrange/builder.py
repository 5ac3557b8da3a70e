"""A seed, put together by calls instead of written as a dict."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pytest_xbl.arrange.records import UserRecord, record_of, template_record
from pytest_xbl.errors import hides_frames, require

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from pytest_xbl.arrange.seed import Seed

__tracebackhide__ = hides_frames


class Builder(ABC):
    """The calls that put a seed together; each gives another seed, and changes none."""

    @abstractmethod
    def __or__(self, other: Seed | Mapping[str, Any]) -> Seed:
        """This seed, and another that counts more."""

    def now(self, time: datetime | str) -> Seed:
        """Let the clock show this time."""
        return self | {"now": time}

    def user(self, name: str, **claims: Unpack[UserRecord]) -> Seed:
        """Add a user.

        Args:
            claims: as `xbl.user` takes them; `UserRecord` says what each is.
        """
        return self | {"users": {_label(name, "a user"): record_of(claims)}}

    def users(self, *names: str) -> Seed:
        """Add users."""
        return self | {"users": {_label(name, "a user", where="names"): {} for name in names}}

    def service(self, name: str, *, on_behalf_of: str | None = None) -> Seed:
        """Add a service, which may act for a user."""
        return self | {"services": {_label(name, "a service"): record_of({"on_behalf_of": on_behalf_of})}}

    def template(
        self, name: str, template: Mapping[str, Any], *, scid: str | None = None, contract: int | None = None
    ) -> Seed:
        """Add a template, with `constants` and `roleTypes`, as `xbl.templates.add` takes it."""
        require(Mapping, template, "a dict of constants and roleTypes", where="template", rule="TMPL-2")
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

    def definition(self, name: str, *, type: str | None = None, access: str | None = None) -> Seed:  # noqa: A002 -- the field has this name
        """Add the definition of a statistic, as `xbl.stats.define` takes it."""
        definition = record_of({"type": type, "access": access})
        return self | {"statistics": {"definitions": {_label(name, "a statistic"): definition}}}

    def expecting(self, expected: Mapping[str, Any]) -> Seed:
        """Add what is expected at the end (SEED-10)."""
        return self | {"expected": expected}


def _label(name: str, whom: str, *, where: str = "name") -> str:
    """The name that a record is kept under, if it is a string."""
    require(str, name, f"the name of {whom}", where=where)
    return name
