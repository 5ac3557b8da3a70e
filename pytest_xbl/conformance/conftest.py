"""The fixtures of the suite: the service, and three users of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from pytest_xbl.conformance.person import Person
from pytest_xbl.conformance.registration import suite_of
from pytest_xbl.conformance.service import Service
from pytest_xbl.conformance.suite import rules_of
from pytest_xbl.conformance.world import World

if TYPE_CHECKING:
    from pytest_xbl.xbl.factory import WorldFactory
    from pytest_xbl.xbl.xbox_live import XboxLive

LOOSE = ("unknown-route", "unknown-service", "bad-body")
"""The mistakes that tests of refusals make on purpose."""


@pytest.fixture
def world(request: pytest.FixtureRequest) -> World:
    """The fake, or the sandbox that the options name."""

    def fake() -> XboxLive:
        factory: WorldFactory = request.getfixturevalue("xbl_world")
        return factory(loose=LOOSE, seed={})

    return suite_of(request.config).target.world(fake)


@pytest.fixture
def service(world: World) -> Iterator[Service]:
    """The service that is tested."""
    service = Service(world)
    yield service
    service.end()


@pytest.fixture
def stacy(service: Service) -> Person:
    """A user."""
    return service.user(0)


@pytest.fixture
def ana(service: Service) -> Person:
    """Another user."""
    return service.user(1)


@pytest.fixture
def ben(service: Service) -> Person:
    """A third one, whom not every sandbox has."""
    return service.user(2)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let `-m CALL-2` select the tests of just this rule."""
    suite_of(item.config)  # which knows the markers
    for rule in rules_of(item):
        item.add_marker(rule)
