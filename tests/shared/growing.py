"""Worlds and requests of any size, for which the work of an operation is counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from bodies import ACTIVE, SCID, TEMPLATES, me, ref, session_path
from instructions import Run
from pytest_xbl import Seed, User, XboxLive

Growth: TypeAlias = Callable[[int, Any], Run]
"""Makes a world for a size and some JSON, and gives the call whose work is counted."""
BIG: dict[str, Any] = {"maxMembersCount": None, "inactiveRemovalTimeout": None, "sessionEmptyTimeout": None}


def answered(world: XboxLive, caller: Any, method: str, path: str, **sent: Any) -> Run:
    """A request that is not refused."""
    client = world.client(caller)

    def run() -> None:
        answer = client.open(path, method=method, **sent)
        assert answer.status_code < 300, answer.text

    return run


# Worlds


def crowd(size: int, content: Any) -> tuple[XboxLive, tuple[User, ...]]:
    """A world with a session of so many members, each with a role and a property."""
    world = XboxLive()
    roles = {"class": {"roles": {"healer": {"max": 2_000}}}}
    capabilities = {"connectivity": True, "searchable": True, "hasOwners": True}
    world.templates.add("big", {"constants": {"system": {**BIG, "capabilities": capabilities}}, "roleTypes": roles})
    people = world.users(*(f"P{number}" for number in range(size)))
    world.sessions.create("big", name="one", members=people, properties={"custom": {"held": content}})
    for one in people[:2]:
        world.client(one).put(BIG_ONE, json={"members": {"me": {"roles": {"class": "healer"}}}})
    return world, people


BIG_ONE = session_path("one", "big")


def in_crowd(method: str, body: Callable[[int], Any] | None = None, *, end: str = "", by: int = -1) -> Growth:
    """A request of a member, the last one unless another is named, to a session of many members."""

    def growth(size: int, content: Any) -> Run:
        world, people = crowd(size, content)
        sent = {"json": body(size)} if body else {}
        return answered(world, people[by], method, BIG_ONE + end, **sent)

    return growth


def of_service(method: str, end: str, body: Callable[[int, Any], Any] | None = None) -> Growth:
    """A request of a service to a session with many servers."""

    def growth(size: int, content: Any) -> Run:
        world = XboxLive()
        ana, service = world.user("Ana"), world.service("service")
        world.sessions.create("lobby", name="one", members=[ana])
        path = session_path("one")
        world.client(service).put(path, json=servers(size, content))
        sent = {"json": body(size, content)} if body else {}
        return answered(world, service, method, path + end, **sent)

    return growth


def servers(size: int, content: Any) -> Any:
    """A body with so many servers."""
    return {"servers": {f"s{number}": {"properties": {"custom": {"held": content}}} for number in range(size)}}


def many(size: int, content: Any) -> dict[str, Any]:
    """So many custom properties."""
    return {f"p{number}": content for number in range(size)}


def writing(body: Callable[[int, Any], Any], end: str = "", *, by_service: bool = False, members: int = 1) -> Growth:
    """A write to a small session, whose body grows."""

    def growth(size: int, content: Any) -> Run:
        world, people = crowd(members, None)
        caller = world.service("service") if by_service else people[0]
        return answered(world, caller, "PUT", BIG_ONE + end, json=body(size, content))

    return growth


def reading(end: str) -> Growth:
    """A read of a session that holds many properties and constants."""

    def growth(size: int, content: Any) -> Run:
        world = XboxLive()
        ana, held = world.user("Ana"), many(size, content)
        world.sessions.create(
            "lobby", name="one", members=[ana], constants={"custom": held}, properties={"custom": held}
        )
        return answered(world, ana, "GET", session_path("one") + end)

    return growth


def crowded_removal(size: int, content: Any) -> Run:
    """A service removes half of the members."""
    world, _people = crowd(size, content)
    removed = {str(index): None for index in range(0, size, 2)}
    return answered(world, world.service("service"), "PUT", BIG_ONE, json={"members": removed})


def acting(size: int, content: Any) -> Run:
    """A service acts for many users."""
    world, people = crowd(size, content)
    service = world.service("service", acting_for=people)
    return answered(world, service, "PUT", BIG_ONE, json={"members": {"me_all": me(ready=True)["members"]["me"]}})


def reserving_to_initialize(size: int, _content: Any) -> Run:
    """A session is made with many reservations for people who are to be initialized."""
    world = XboxLive()
    initialization = {"memberInitialization": {"externalEvaluation": True}}
    world.templates.add("queue", {"constants": {"system": {**BIG, **initialization}}})
    seats = {
        f"reserve_{number}": {"constants": {"system": {"xuid": f"{2535 * 10**12 + number}", "initialize": True}}}
        for number in range(size)
    }
    return answered(world, world.service("service"), "PUT", session_path("one", "queue"), json={"members": seats})


def making_roles(size: int, _content: Any) -> Run:
    """A session is made with many roles of its own."""
    world = XboxLive()
    roles = {f"r{number}": {"max": 1} for number in range(size)}
    body = {"roleTypes": {"class": {"roles": roles}}, **ACTIVE}
    return answered(world, world.user("Ana"), "PUT", session_path("one", "game"), json=body)


def measuring(size: int, content: Any) -> Run:
    """The last of many members joins, whose measurements are judged."""
    world = XboxLive()
    metrics = {"metrics": {"latency": True}, "capabilities": {"connectivity": True}}
    world.templates.add("mesh", {"constants": {"system": {**BIG, **metrics}}})
    people = world.users(*(f"P{number}" for number in range(size)))
    world.sessions.create("mesh", name="one", members=people, properties={"custom": {"held": content}})
    uploads = {f"{number:032x}": {"latency": number} for number in range(size)}
    return answered(world, people[0], "PUT", session_path("one", "mesh"), json=me(measurements=uploads))


def sessions(size: int, content: Any, *, kind: str = "activity") -> tuple[XboxLive, tuple[User, ...]]:
    """A world of many sessions with a keyword, each of a user of its own and of the first, and a handle to each."""
    world = XboxLive()
    people = world.users(*(f"P{number}" for number in range(size)))
    for number, user in enumerate(people):
        session = world.sessions.create(
            "browse",
            name=f"n{number}",
            members=dict.fromkeys((user, people[0]), "active"),
            properties={"system": {"keywords": ["fast"]}, "custom": {"held": content}},
        )
        if kind == "search":
            attributes = {"tags": ["fun", f"t{number}"], "strings": {"map": "dunes"}, "numbers": {"level": number}}
            world.handles.create("search", session, owner=user, attributes=attributes)
        else:
            world.handles.create("activity", session, owner=user)
    return world, people


def among_sessions(method: str, path: str, body: Callable[[tuple[User, ...]], Any] | None = None, **how: Any) -> Growth:
    """A request to a world of many sessions and handles; in its path, `{xuid}` is that of the first user."""

    def growth(size: int, content: Any) -> Run:
        world, people = sessions(size, content, **how)
        handle = next(iter(world._world._state.handles))
        sent = {"json": body(people)} if body else {}
        return answered(world, people[0], method, path.format(xuid=people[0].xuid, handle=handle), **sent)

    return growth


def by_handle(method: str, end: str, **sent: Any) -> Growth:
    """A request through a handle to a session of many members."""

    def growth(size: int, content: Any) -> Run:
        world, people = crowd(size, content)
        handle = world.handles.create("activity", world.sessions["one"], owner=people[0])
        return answered(world, people[0], method, handle.path + end, **sent)

    return growth


def searching(clauses: Callable[[int], str]) -> Growth:
    """A search with a long filter."""

    def growth(size: int, content: Any) -> Run:
        world, people = sessions(3, content, kind="search")
        return answered(world, people[0], "POST", f"/handles/query{ALL}", json=search(clauses(size)))

    return growth


def search(filter_: str) -> Any:
    """The body of a search."""
    return {"type": "search", "scid": SCID, "filter": filter_}


def posting(body: Callable[[int], Any]) -> Growth:
    """A search handle with many attributes."""

    def growth(size: int, content: Any) -> Run:
        world, people = crowd(2, content)
        sent = {"type": "search", "version": 1, "sessionRef": ref("one", "big"), "searchAttributes": body(size)}
        return answered(world, people[0], "POST", "/handles", json=sent)

    return growth


def templates(end: str, make: Callable[[XboxLive, int, Any], None]) -> Growth:
    """A request for templates."""

    def growth(size: int, content: Any) -> Run:
        world = XboxLive()
        make(world, size, content)
        return answered(world, world.user("Ana"), "GET", f"{TEMPLATES}{end}")

    return growth


def add_many(world: XboxLive, size: int, content: Any) -> None:
    """Add many templates."""
    for number in range(size):
        world.templates.add(f"t{number}", {"constants": {"custom": {"held": content}}})


def add_large(world: XboxLive, size: int, content: Any) -> None:
    """Add one template with many constants."""
    world.templates.add("wide", {"constants": {"custom": many(size, content)}})


def counting(read: Callable[[XboxLive, tuple[User, ...], list[str]], Run], *, users: bool = False) -> Growth:
    """A read of many statistics, or of many users."""

    def growth(size: int, _content: Any) -> Run:
        world = XboxLive()
        people = world.users(*(f"P{number}" for number in range(size if users else 1)))
        names = [f"s{number}" for number in range(1 if users else size)]
        for user in people:
            world.stats.set(user, dict.fromkeys(names, 7))
        return read(world, people, names)

    return growth


def batch(world: XboxLive, people: tuple[User, ...], names: list[str]) -> Run:
    """The statistics of a batch."""
    body = {
        "requestedusers": [user.xuid for user in people],
        "requestedscids": [{"scid": SCID, "requestedstats": names}],
    }
    return answered(world, people[0], "POST", "/batch", json=body, headers=STATISTICS)


STATISTICS = {"X-Xbl-Contract-Version": "1"}
ALL = "?include=relatedInfo,roleInfo,customProperties"
QUERY = f"/serviceconfigs/{SCID}"
HEALER = {"roles": {"class": "healer"}}


def xuids(people: tuple[User, ...]) -> Any:
    """The body of a batch query for these users."""
    return {"xuids": [user.xuid for user in people]}


def activity(_people: tuple[User, ...]) -> Any:
    """The body that makes a session somebody's activity."""
    return {"type": "activity", "version": 1, "sessionRef": ref("n0", "browse")}


def owners(people: tuple[User, ...]) -> Any:
    """The body of a query of their activities."""
    return {"type": "activity", "scid": SCID, "owners": {"xuids": [user.xuid for user in people]}}


# Calls that are not requests


def of_a_world(call: Callable[[XboxLive], object]) -> Growth:
    """A call that is no request, to a world of many sessions and handles."""

    def growth(size: int, content: Any) -> Run:
        world, _people = sessions(size, content)
        return lambda: call(world)

    return growth


def loading(size: int, content: Any) -> Run:
    """A world is made of a large seed."""
    world, _people = sessions(size, content)
    dump = world.dump()
    return lambda: XboxLive(seed=Seed(dump))


def expecting(size: int, content: Any) -> Run:
    """A large state is expected of a world."""
    world, _people = sessions(size, content)
    compared = ("now", "users", "sessions", "handles")
    expected = {name: part for name, part in world.dump().items() if name in compared}
    return lambda: world.assert_state(expected)
