"""A seed, put together by calls instead of written as a dict."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pytest_xbl.errors import hides_frames, require

if TYPE_CHECKING:
    from pytest_xbl.arrange.seed import Seed

__tracebackhide__ = hides_frames


class Builder(ABC):
    """What a seed can be asked to have besides; each call gives another seed, and changes none."""

    @abstractmethod
    def __or__(self, other: Seed | Mapping[str, Any]) -> Seed:
        """This, and another seed that counts more."""

    def now(self, time: datetime | str) -> Seed:
        """Besides, the clock shows this time."""
        return self | {"now": time}

    def user(
        self,
        name: str,
        *,
        xuid: str | None = None,
        gamertag: str | None = None,
        device_id: str | None = None,
        title_id: str | None = None,
        token: str | None = None,
        userhash: str | None = None,
        privileges: Iterable[str] | None = None,
        sandbox: str | None = None,
        present: bool | None = None,
        follows: Iterable[str] | None = None,
        favorites: Iterable[str] | None = None,
        blocks: Iterable[str] | None = None,
    ) -> Seed:
        """Besides, there is this user, with claims as `xbl.user` takes them.

        Args:
            present: whether their presence is in the title (TIME-7).
            follows: the names of users whom they follow.
            favorites: those of them who are favorites.
            blocks: the names of users whom they have blocked.
        """
        record = _given(
            xuid=xuid,
            gamertag=gamertag,
            deviceId=device_id,
            titleId=title_id,
            token=token,
            userhash=userhash,
            privileges=_listed(privileges),
            sandbox=sandbox,
            present=present,
            follows=_listed(follows),
            favorites=_listed(favorites),
            blocks=_listed(blocks),
        )
        return self | {"users": {name: record}}

    def users(self, *names: str) -> Seed:
        """Besides, there are these users."""
        return self | {"users": {name: {} for name in names}}

    def service(self, name: str, *, on_behalf_of: str | None = None) -> Seed:
        """Besides, there is this service, which may act for a user."""
        return self | {"services": {name: _given(onBehalfOf=on_behalf_of)}}

    def template(
        self, name: str, template: Mapping[str, Any], *, scid: str | None = None, contract: int | None = None
    ) -> Seed:
        """Besides, there is this template, with `constants` and `roleTypes`, as `xbl.templates.add` takes it."""
        require(Mapping, template, "A template is a dict of constants and roleTypes")
        return self | {"templates": {name: {**template, **_given(scid=scid, contract=contract)}}}

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
        """Besides, there is this session.

        Args:
            members: names of users, all of them active; or a dict of names to statuses, or to all that the seed form
                has to say of a member.
            constants: what the creation adds to the template.
        """
        record = _given(
            scid=scid,
            members=_listed(members) if not isinstance(members, Mapping) else members,
            constants=constants,
            properties=properties,
            servers=servers,
        )
        return self | {"sessions": {name: {"template": template, **record}}}

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
        """Besides, there is this handle; sessions are named by their labels, people by their names."""
        more = _given(owner=owner, invited=invited, origin=origin, attributes=attributes)
        return self | {"handles": {label: {"type": type, "session": session, **more}}}

    def statistics(self, user: str, values: Mapping[str, Any]) -> Seed:
        """Besides, a user has reached these values, by the names of statistics."""
        return self | {"statistics": {"users": {user: values}}}

    def definition(self, name: str, *, type: str | None = None, access: str | None = None) -> Seed:  # noqa: A002 -- the field has this name
        """Besides, a title says this of a statistic, as `xbl.stats.define` takes it."""
        return self | {"statistics": {"definitions": {name: _given(type=type, access=access)}}}

    def expecting(self, expected: Mapping[str, Any]) -> Seed:
        """Besides, this is expected at the end (SEED-10)."""
        return self | {"expected": expected}


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _listed(names: Iterable[str] | None) -> Any:
    return list(names) if names is not None and not isinstance(names, str) else names
