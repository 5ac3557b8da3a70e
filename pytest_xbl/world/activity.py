"""Real-time activity in a world: connections come and go, and clients subscribe to what happens (TAP)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from pytest_xbl.world.connections import Connection, Connections, Line, Tap, given_id
from pytest_xbl.world.state import Account
from pytest_xbl.world.world import World


def connections_of(world: World) -> Connections:
    """The connections of a world; it has none until somebody asks."""
    with world.exclusively():
        if world._connections is None:
            world._connections = Connections(world.most_kept)
            world._connections.restored(world._state)
        return world._connections


def make_nonce(world: World, account: Account) -> str:
    """A nonce by which a user can open one connection; it begins with the name of the world (TAP-11)."""
    with world.exclusively():
        connections = connections_of(world)
        nonce = f"{world.name}.{connections.counted(account, 'nonce')}"
        connections.nonces[nonce] = account
        return nonce


def take_nonce(world: World, nonce: str) -> Account | None:
    """The user whose nonce it is, or None; it counts once."""
    with world.exclusively():
        return connections_of(world).nonces.pop(nonce, None)


def open_connection(world: World, account: Account, line: Callable[[Connection], Line]) -> Connection:
    """Open a connection for a client.

    Args:
        line: makes the way to the client.
    """
    with world.exclusively():
        connections = connections_of(world)
        connection = Connection(connections.counted(account, "socket"), account, world.now)
        connection.line = line(connection)
        connections.add(connection)
        return connection


def lose(world: World, connection: Connection) -> None:
    """Let a connection be lost; without effect if it is not open any more (TAP-4)."""
    with world.exclusively():
        connections_of(world).end(connection, world, world.now)


def connection_id(world: World, xuid: str) -> str:
    """The id of the connection of a user: that of their newest client, or one that counts as open (TAP-15)."""
    with world.exclusively():
        connections = connections_of(world)
        if own := connections.of(xuid):
            return own[-1].id
        number = world._state.connected.get(xuid, (0, False))[0] + 1
        _set_given(world, xuid, number, is_open=True)
        connection = Connection(given_id(xuid, number), world._state.users[xuid], world.now)
        connections.add(connection)
        return connection.id


def drop(world: World, xuid: str) -> bool:
    """Let a user lose all connections, without a word to the clients; false if they had none."""
    with world.exclusively():
        connections = connections_of(world)
        if not connections.of(xuid) and xuid not in world._state.connected:
            connection_id(world, xuid)  # the one that set-up gives to active members
        own = connections.of(xuid)
        for connection in own:
            if connection.line:
                connection.line.cut()
            else:
                _set_given(world, xuid, world._state.connected[xuid][0], is_open=False)
            connections.end(connection, world, world.now)
        return bool(own)


def resync(world: World) -> int:
    """Ask all clients to read everything anew; gives their number."""
    with world.exclusively():
        lines = [connection.line for connection in connections_of(world).live.values() if connection.line]
        for line in lines:
            line.resync()
        return len(lines)


def hang_up(world: World) -> None:
    """End all connections of a world that is over, and wait until nothing of them is left."""
    with world.exclusively():
        lines = connections_of(world).forget()
        for line in lines:
            line.close("The world of the test is over.")
    for line in lines:
        line.wait()


def open_connections(world: World) -> list[Connection]:
    """The connections that are open, in the order in which they were opened."""
    with world.exclusively():
        return [*world._connections.live.values()] if world._connections else []


def taps_of(world: World) -> list[Tap]:
    """The last taps that were sent."""
    with world.exclusively():
        return [*world._connections.taps] if world._connections else []


def gap_in_taps(world: World) -> str:
    """The words for taps that were let go; "" if there are none."""
    return world._connections.taps.gap if world._connections else ""


def count_taps(world: World) -> int:
    """The number of taps that were sent."""
    return world._connections.taps.total if world._connections else 0


def set_meeting(world: World, meet: Callable[[Tap], Tap]) -> None:
    """Let every tap meet its faults just before it is sent (FAULT-8)."""
    with world.exclusively():
        connections_of(world).meet = meet


def set_grace(world: World, grace: timedelta) -> None:
    """Say how long members stay active without their connection (TAP-4)."""
    with world.exclusively():
        connections = connections_of(world)
        connections.grace = grace
        connections.let_go(world, world.now)


def set_delay(world: World, delay: timedelta) -> None:
    """Say how long taps of a connection are held back (TAP-8)."""
    with world.exclusively():
        connections = connections_of(world)
        connections.delay = delay
        connections.send_held(world.now)


def _set_given(world: World, xuid: str, number: int, *, is_open: bool) -> None:
    state = world._state
    state.connected = {**state.connected, xuid: (number, is_open)}
