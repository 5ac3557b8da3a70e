"""`xbl.limits`: the rate limits of the services, which are off until a test switches them on (RATE-1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pytest_xbl.arrange.arguments import RefusalsAsErrors
from pytest_xbl.arrange.limits_form import PROFILES, SERVICES, Limit, checked_limits
from pytest_xbl.errors import XblError, hides_frames, shown
from pytest_xbl.mpsd.model import Json
from pytest_xbl.mpsd.suggesting import nearest, or_meant
from pytest_xbl.trouble.limits import Usage, parts_of
from pytest_xbl.trouble.meeting import entity_of, trouble_of
from pytest_xbl.wire.app import App
from pytest_xbl.xbl.people import Principal, require_ours

__tracebackhide__ = hides_frames


class Limits:
    """The rate limits of one world, by user, title and service, on the world's clock."""

    def __init__(self, app: App) -> None:
        self._app = app

    def __repr__(self) -> str:
        """The limits that are on."""
        on = [f"{name} {burst}/{sustain}" for name, (burst, sustain) in trouble_of(self._app).limits.limited().items()]
        return f"<limits {', '.join(on) or 'off'}>"

    def on(self, profile: str = "documented") -> None:
        """Switch the limits of a profile on, in place of others (RATE-3).

        Args:
            profile: "documented", or "trace-analyzer" for what Microsoft's trace analyzer allows.

        Raises:
            XblError: for an unknown profile.
        """
        _require_one_of(PROFILES, profile, "profile")
        use_limits(self._app, profile)

    def off(self) -> None:
        """Switch all limits off, and forget what has been counted."""
        trouble_of(self._app).limits.clear()

    def set(self, service: str, *, burst: int | None = None, sustain: int | None = None) -> None:
        """Set the limits of a service; one that is not given stays as it is.

        Args:
            service: "sessiondirectory", "userstats" or "search".
            burst: the most requests within 15 seconds.
            sustain: the most within 300 seconds.

        Raises:
            XblError: for an unknown service, or limits that cannot be, together with those that are on.
        """
        _require_one_of(SERVICES, service, "service")
        given = {name: it for name, it in (("burst", burst), ("sustain", sustain)) if it is not None}
        if not given:
            raise XblError("Nothing to set: give burst=, sustain= or both.", where="burst", rule="RATE-3")
        on = trouble_of(self._app).limits.limited().get(parts_of(service)[0], Limit(None, None))
        known = {name: it for name, it in on._asdict().items() if it is not None}
        with RefusalsAsErrors("service", lambda place: place[1:]):
            use_limits(self._app, checked_limits({service: {**known, **given}}))

    def usage(self, user: Principal) -> Mapping[str, Usage]:
        """The requests that count toward the limits of a user at present, by service; search handles have two.

        Raises:
            XblError: for somebody who is not in this world.
        """
        require_ours(self._app.world, user, where="user", kind=Principal)
        return trouble_of(self._app).limits.usage(entity_of(user._account), self._app.world.now)


def _require_one_of(known: Iterable[str], name: object, kind: str) -> None:
    """Refuse the name of a profile or a service that there is not.

    Raises:
        XblError: with those that there are, and the nearest.
    """
    if name not in tuple(known):
        near = nearest(name, known) if isinstance(name, str) else None
        what = f"Unknown {kind} {shown(name)}; known {kind}s: {', '.join(known)}.{or_meant(near and repr(near))}"
        raise XblError(what, where=kind, rule="RATE-3")


def use_limits(app: App, limits: Json) -> None:
    """Set limits in the form of a seed: a profile, or the limits of services (RATE-3)."""
    counted = trouble_of(app).limits
    if isinstance(limits, str):
        counted.use(limits)
    else:
        for service, limit in limits.items():
            counted.set(service, burst=limit.get("burst"), sustain=limit.get("sustain"))
