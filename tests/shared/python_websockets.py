"""Websocket clients in Python that write real host names, and know nothing of a fake.

Run one with `python python_websockets.py NAME`.
Each connects to URL with the headers of HEADERS, sends the message of the environment variable BODY, and prints the
reply.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable

from python_clients import Call, on_uvloop

SUBPROTOCOL = "rta.xboxlive.com.V2"


def websockets(call: Call) -> str:
    """The threaded client of websockets."""
    from websockets.sync.client import connect
    from websockets.typing import Subprotocol

    with connect(call.url, subprotocols=[Subprotocol(SUBPROTOCOL)], additional_headers=call.headers) as connection:
        connection.send(call.body)
        return str(connection.recv(30))


async def _websockets(call: Call) -> str:
    from websockets.asyncio.client import connect
    from websockets.typing import Subprotocol

    offered = [Subprotocol(SUBPROTOCOL)]
    async with connect(call.url, subprotocols=offered, additional_headers=call.headers) as connection:
        await connection.send(call.body)
        return str(await connection.recv())


def websockets_async(call: Call) -> str:
    """The asynchronous client of websockets."""
    return asyncio.run(_websockets(call))


def websockets_uvloop(call: Call) -> str:
    """The same on uvloop."""
    return on_uvloop(_websockets(call))


def websocket_client(call: Call) -> str:
    """The client of websocket-client."""
    from websocket import create_connection

    headers = [f"{name}: {value}" for name, value in call.headers.items()]
    connection = create_connection(call.url, subprotocols=[SUBPROTOCOL], header=headers, timeout=30)
    connection.send(call.body)
    reply = str(connection.recv())
    connection.close()
    return reply


async def _aiohttp(call: Call) -> str:
    from aiohttp import ClientSession

    async with (
        ClientSession() as session,
        session.ws_connect(call.url, protocols=[SUBPROTOCOL], headers=call.headers) as connection,
    ):
        await connection.send_str(call.body)
        return str(await connection.receive_str())


def aiohttp(call: Call) -> str:
    """The websocket of an aiohttp session."""
    return asyncio.run(_aiohttp(call))


NEEDS: dict[Callable[[Call], str], tuple[str, ...]] = {
    websockets: ("websockets",),
    websockets_async: ("websockets.asyncio.client",),
    websockets_uvloop: ("websockets.asyncio.client", "uvloop"),
    websocket_client: ("websocket",),
    aiohttp: ("aiohttp",),
}
"""The clients, and the modules that each of them needs."""
CLIENTS = {client.__name__: client for client in NEEDS}


def main(name: str) -> None:
    """Run a client, as a program of its own."""
    environ = os.environ
    print(CLIENTS[name](Call(environ["URL"], json.loads(environ["HEADERS"]), environ["BODY"])))


if __name__ == "__main__":
    main(sys.argv[1])
