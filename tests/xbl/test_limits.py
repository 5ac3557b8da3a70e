"""`xbl.limits`: the rate limits as a client meets them, and how a test sets them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bodies import ONE, SCID, as_json
from errors import error_of
from people import person
from pytest_xbl import Seed, User, XboxLive
from pytest_xbl.wire.body import LARGEST_BODY
from tables import cases

STATISTICS = f"/users/xuid(2533274790000001)/scids/{SCID}/stats/wins"


@pytest.fixture
def stacy(xbl: XboxLive) -> User:
    """The user whose requests are counted."""
    return xbl.user("Stacy")


def statuses(xbl: XboxLive, user: User, requests: int, path: str = ONE) -> list[int]:
    """The statuses of so many requests at one instant."""
    headers = {"X-Xbl-Contract-Version": "1"} if path == STATISTICS else {}
    return [xbl.client(user).get(path, headers=headers).status_code for _ in range(requests)]


def test_limits_are_off_unless_a_test_switches_them_on(xbl: XboxLive, stacy: User) -> None:
    """And off again when it says so (RATE-1)."""
    assert set(statuses(xbl, stacy, 40)) == {204}
    xbl.limits.on()
    assert statuses(xbl, stacy, 31)[-2:] == [204, 429]
    xbl.limits.off()
    assert statuses(xbl, stacy, 1) == [204]
    assert repr(xbl.limits) == "<limits off>"


def test_the_31st_request_is_throttled(xbl: XboxLive, stacy: User) -> None:
    """Not handled, and answered with a body of JSON and Retry-After; after that time all is well (CODE-429, RATE-2)."""
    xbl.limits.on()
    client = xbl.client(stacy)
    for _ in range(30):
        client.get(ONE)
    response = client.put(ONE, json={})
    assert response.status_code == 429
    assert as_json(response) == {
        "version": 1,
        "currentRequests": 31,
        "maxRequests": 30,
        "periodInSeconds": 15,
        "limitType": "rate",
    }
    assert response.headers["Retry-After"] == "15"
    assert len(xbl.sessions) == 0
    [entry] = xbl.journal.filter(rule="RATE-1")
    assert (entry.caller, entry.operation, entry.status, entry.body) == ("Stacy", "put-session", 429, {})
    assert json.loads(entry.answered) == as_json(response)
    xbl.clock.advance(seconds=15)
    assert client.put(ONE, json={}).status_code == 201


def test_a_throttled_request_can_be_expected(xbl: XboxLive, stacy: User) -> None:
    """Like any other refusal (RATE-1, SEEN-7)."""
    xbl.limits.set("sessiondirectory", burst=1)
    with xbl.expect_refusal("RATE-1") as refusal:
        statuses(xbl, stacy, 2)
    assert (refusal.status, refusal.place) == (429, "the number of requests")


def test_others_are_not_throttled(xbl: XboxLive, stacy: User) -> None:
    """Another user, the same one in another title, and another service have counts of their own (RATE-1)."""
    xbl.stats.define("wins")
    xbl.limits.set("sessiondirectory", burst=2, sustain=4)
    xbl.limits.set("userstats", burst=1, sustain=4)
    assert statuses(xbl, stacy, 3) == [204, 204, 429]
    assert statuses(xbl, stacy, 2, STATISTICS) == [200, 429]
    assert statuses(xbl, xbl.user("Ana"), 2) == [204, 204]
    assert {name: usage[:2] for name, usage in xbl.limits.usage(stacy).items()} == {
        "sessiondirectory": (3, 3),
        "userstats": (2, 2),
    }


def test_a_refused_request_counts(xbl: XboxLive, stacy: User) -> None:
    """Whatever refuses it, once it is known who calls and what for (RATE-1)."""
    xbl.limits.on()
    client = xbl.client(stacy)
    client.put(ONE, json={}, headers={"If-Match": "*"})
    client.get(ONE, headers={"X-Xbl-Contract-Version": "x"})
    client.post("/handles", data=b"{")
    client.post("/handles", data=b" " * (LARGEST_BODY + 1))
    client.get("/nowhere")
    xbl.client().get(ONE)
    assert [entry.status for entry in xbl.journal] == [412, 400, 400, 413, 404, 401]
    assert xbl.limits.usage(stacy)["sessiondirectory"].burst == 4


@pytest.mark.parametrize(("path", "count"), [("/handles", "search write"), ("/handles/query", "search read")])
@pytest.mark.parametrize("encoded", [False, True])
def test_search_handles_count_apart(xbl: XboxLive, stacy: User, path: str, count: str, encoded: bool) -> None:
    """One read and one write in 15 s; the handler still finds the body (RATE-3)."""
    xbl.sessions.create("browse", name="one", members=[stacy])
    xbl.limits.on()
    pointing = {"sessionRef": {"scid": SCID, "templateName": "browse", "name": "one"}}
    body = json.dumps({"type": "search", **(pointing if count == "search write" else {})}).encode()
    headers = {"Content-Encoding": "gzip"} if encoded else {}
    sent = gzip.compress(body) if encoded else body
    answers = [xbl.client(stacy).post(path, data=sent, headers=headers).status_code for _ in range(2)]
    assert answers == [201 if count == "search write" else 200, 429]
    assert {name for name, usage in xbl.limits.usage(stacy).items() if usage.burst} == {count}


@pytest.mark.xbl(limits="documented")
def test_a_marker_switches_limits_on(xbl: XboxLive, stacy: User) -> None:
    """By the name of a profile (RATE-3)."""
    assert statuses(xbl, stacy, 31)[-1] == 429


@pytest.mark.xbl(limits={"sessiondirectory": {"burst": 2}})
def test_a_marker_sets_limits(xbl: XboxLive, stacy: User) -> None:
    """By service (RATE-3)."""
    assert statuses(xbl, stacy, 3) == [204, 204, 429]
    assert statuses(xbl, stacy, 3, STATISTICS) == [200] * 3
    assert repr(xbl.limits) == "<limits sessiondirectory 2/None>"


def test_a_seed_sets_limits(xbl: XboxLive) -> None:
    """In a world that begins with it, and in one that it comes to; a dump has none, as they are no state (RATE-3)."""
    seed = Seed({"users": ["Stacy"], "limits": {"sessiondirectory": {"burst": 1, "sustain": 3}}})
    for world in (XboxLive(seed=seed), xbl):
        if world is xbl:
            xbl.seed(seed)
        assert statuses(world, person(world, "Stacy"), 2) == [204, 429]
        assert "limits" not in world.dump()


def wrong(what: str, where: str, rule: str = "RATE-3") -> str:
    """The text of an error."""
    return f"{what}\nwhere: {where}\nrule: {rule}"


AT_LEAST_1 = "Expected an integer of 1 or more; got {}."
NEVER_MET = "The burst limit, 31 in 15 s, is above the sustain limit, 30 in 300 s, and never met."
PROFILE = "Unknown profile {}; known profiles: documented, trace-analyzer."
SERVICE = "Unknown service {}; known services: sessiondirectory, userstats, search."
ABOVE = {"burst": 31, "sustain": 30}


@cases(
    "action text",
    {
        "profile": (
            lambda limits: limits.on("dokumented"),
            wrong(f"{PROFILE.format(repr('dokumented'))} Did you mean 'documented'?", "profile"),
        ),
        "number": (lambda limits: limits.on(3), wrong(PROFILE.format(3), "profile")),
        "service": (
            lambda limits: limits.set("userstat", burst=3),
            wrong(f"{SERVICE.format(repr('userstat'))} Did you mean 'userstats'?", "service"),
        ),
        "nothing": (
            lambda limits: limits.set("search"),
            wrong("Nothing to set: give burst=, sustain= or both.", "burst"),
        ),
        "negative": (lambda limits: limits.set("search", burst=-1), wrong(AT_LEAST_1.format(-1), "burst")),
        "boolean": (lambda limits: limits.set("search", sustain=True), wrong(AT_LEAST_1.format("true"), "sustain")),
        "contradiction": (lambda limits: limits.set("search", **ABOVE), wrong(NEVER_MET, "burst")),
        "contradiction to a limit that is on": (
            lambda limits: limits.set("search", sustain=1),
            wrong(NEVER_MET.replace("31", "2").replace("30 in", "1 in"), "burst"),
        ),
        "somebody": (
            lambda limits: limits.usage("Stacy"),
            wrong("Expected a user or a service of this world; got 'Stacy'.", "user", "SEED-2"),
        ),
        "seed": (
            lambda _: XboxLive(seed={"limits": {"search": ABOVE}}),
            wrong(NEVER_MET, "/limits/search/burst in the seed"),
        ),
    },
)
def test_limits_that_cannot_be_are_refused(xbl: XboxLive, action: Callable[[Any], object], text: str) -> None:
    """With the argument or the place in the seed, and nothing changes (RATE-3)."""
    xbl.limits.set("search", burst=2)
    assert error_of(lambda: action(xbl.limits)) == text
    assert repr(xbl.limits) == "<limits search read 2/None, search write 2/None>"


def test_threads_share_a_count(xbl: XboxLive, stacy: User) -> None:
    """However many ask at once, as many get through as the limit says (RATE-1)."""
    xbl.limits.set("sessiondirectory", burst=50)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: statuses(xbl, stacy, 1)[0], range(80)))
    assert (answers.count(204), answers.count(429)) == (50, 30)
