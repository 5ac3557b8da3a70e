"""A sandbox compared with its settings before the first test, because a mistake in them looks like a difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pytest_xbl.conformance.answer import Answer, Difference, at, same, short, written
from pytest_xbl.conformance.bodies import ACTIVE
from pytest_xbl.conformance.person import Person
from pytest_xbl.conformance.service import PRESENT, Service
from pytest_xbl.conformance.settings import Account, Settings
from pytest_xbl.conformance.templates import KINDS
from pytest_xbl.errors import XblError
from pytest_xbl.mpsd.suggesting import nearest, or_meant

OK, CREATED, UNAUTHORIZED, NOT_FOUND = 200, 201, 401, 404
SHOWN = {"xuid": "/members/0/constants/system/xuid", "gamertag": "/members/0/gamertag"}
"""The places of a new session at which it shows its creator, by the fields of a user in the settings."""


class Caller(NamedTuple):
    """A user or the service of the settings.

    Args:
        place: in the settings.
    """

    place: str
    account: Account
    person: Person


def require_as_said(settings: Settings, service: Service) -> None:
    """Compare a sandbox with its settings: tokens, templates, users.

    Args:
        service: the sandbox; the sessions that the users make there are left again.

    Raises:
        XblError: for the first thing that is otherwise.
        UnavailableError: if the service gives no answer.
    """
    callers = list(_callers(settings, service))
    try:
        answers = [_answer(settings, service, caller) for caller in callers]
        _require_templates(settings, _listed(answers[0]))
        _require_constants(settings, service, callers[0].person)
        for caller in callers:
            if caller.account.xuid:
                _require_own(settings, service, caller)
    except Difference as difference:
        what = f"The service does not answer as a session directory does: {_line(str(difference))}."
        raise XblError(what, where="--xbl-service") from None
    finally:
        service.end()


def _callers(settings: Settings, service: Service) -> Iterator[Caller]:
    for number, user in enumerate(settings.users):
        yield Caller(f"/users/{number}", user, service.user(number))
    if settings.service:
        yield Caller("/service", settings.service, service.server())


def _answer(settings: Settings, service: Service, caller: Caller) -> Answer:
    """The answer to a question for the templates, if the service knows who asks."""
    answer = caller.person.get(service.templates)
    if answer.status == UNAUTHORIZED:
        what = f"The service refuses the token {caller.account.authorization!r}: 401."
        raise settings.wrong(what, f"{caller.place}/token")
    if answer.status == NOT_FOUND:
        raise settings.wrong(f"The service does not know the service configuration {service.scid}: 404.", "/scid")
    return answer


def _listed(answer: Answer) -> list[str]:
    """The names of the templates, as the service lists them (TMPL-9)."""
    names = at(answer.says(OK).json, "/results")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Difference(answer.exchange, "/results", "a list of names", written(names))
    return names


def _require_templates(settings: Settings, names: list[str]) -> None:
    known = {name.lower() for name in names}
    for kind, name in settings.templates.items():
        if name.lower() not in known:
            near = nearest(name, names)
            what = f"The service has no template {name!r}; it has {', '.join(names) or 'none'}."
            raise settings.wrong(what + or_meant(near and repr(near)), f"/templates/{kind}")


def _require_constants(settings: Settings, service: Service, person: Person) -> None:
    """Require the constants that tests rely on; others may be there, such as defaults that the service adds."""
    for kind, name in settings.templates.items():
        needed = _constants_of(kind)
        answer = person.get(f"{service.templates}/{name}") if needed else None
        if answer and answer.status == OK:  # another status is a difference, for a test to find (TMPL-9)
            _require_shown(settings, kind, answer, needed)


def _constants_of(kind: str) -> Mapping[str, Any]:
    """The constants of a template in the settings, by their places."""
    capabilities = dict.fromkeys(kind.split("+"), True) | PRESENT
    constants = KINDS[kind].constants if kind in KINDS else {"system": {"capabilities": capabilities}}
    return {f"/constants/{part}/{name}": value for part, bag in constants.items() for name, value in bag.items()}


def _require_shown(settings: Settings, kind: str, answer: Answer, needed: Mapping[str, Any]) -> None:
    for pointer, value in needed.items():
        found = at(answer.json, pointer)
        if not same(found, value):
            name = settings.templates[kind]
            what = f"The template {name!r} has {written(found)} at {pointer}; tests need {written(value)}."
            raise settings.wrong(what, f"/templates/{kind}")


def _require_own(settings: Settings, service: Service, caller: Caller) -> None:
    """Require that a token is its user's: the session that they make shows who they are (CALL-4)."""
    room = service.room()
    answer = caller.person.put(room, room.made_by(ACTIVE))
    if answer.status != CREATED:
        what = f"This user cannot make a session: {answer.exchange}: {_line(answer.text)}"
        raise settings.wrong(what, caller.place)
    said = {"xuid": caller.account.xuid, "gamertag": caller.account.gamertag}
    for field, pointer in SHOWN.items():
        found = at(answer.json, pointer)
        if said[field] and found != said[field]:
            what = (
                f"The service shows the {field} {written(found)} for the token {caller.account.authorization!r}, "
                f"not {written(said[field])}."
            )
            raise settings.wrong(what, f"{caller.place}/{field}")


def _line(text: str) -> str:
    return short(" ".join(text.split()))
