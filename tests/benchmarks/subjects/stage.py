"""What the measurements of writes have in common: a session, a member of it, and what that member writes."""

from __future__ import annotations

from typing import Any, NamedTuple

from pytest_xbl import SessionRef, User, XboxLive

TEMPLATE = "benchmark"


class Stage(NamedTuple):
    """A fresh world with one session.

    Args:
        users: the members of the session.
        user: the one in the middle.
        path: of the session's URI.
        text: the session, as a client would receive it.
    """

    fake: XboxLive
    users: tuple[User, ...]
    user: User
    ref: SessionRef
    path: str
    text: str


def stage(fake: XboxLive, *, members: int = 2, **system: Any) -> Stage:
    """Put a session with so many active members into a world.

    Args:
        system: further constants of its template.
    """
    constants = {"maxMembersCount": 100, "inviteProtocol": "game", **system}
    fake.templates.add(TEMPLATE, {"constants": {"system": constants}})
    users = fake.users(*(f"Player {number}" for number in range(members)))
    ref = fake.sessions.create(TEMPLATE, members=users).ref
    user = users[members // 2]
    text = fake.client(user).get(ref.path).text
    return Stage(fake, users, user, ref, ref.path, text)


def change(number: int) -> dict[str, Any]:
    """The body of a write in which the caller changes one custom property; another number, another value."""
    return {"members": {"me": {"properties": {"custom": {"score": number}}}}}
