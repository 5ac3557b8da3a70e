"""Clients in Python that write real host names, and know nothing of a fake: `python python_clients.py NAME`.

Each puts the JSON document of the environment variable BODY at URL, with the headers of HEADERS.
It prints the status and the document that it gets back.
"""

from __future__ import annotations

import asyncio
import json
import os
import ssl
import sys
import urllib.request
from collections.abc import Callable, Coroutine
from http.client import HTTPSConnection
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")

CONTEXT = ssl.create_default_context()
"""A context that is made when the module is imported, before any test."""


class Call(NamedTuple):
    """A PUT, and the headers of its caller."""

    url: str
    headers: dict[str, str]
    body: str


class Reply(NamedTuple):
    """The response to a PUT."""

    status: int
    text: str


def http_client(call: Call, context: ssl.SSLContext = CONTEXT) -> Reply:
    """The client of the standard library."""
    parts = urlsplit(call.url)
    connection = HTTPSConnection(parts.netloc, context=context, timeout=30)
    connection.request("PUT", parts.path, body=call.body, headers=call.headers)
    response = connection.getresponse()
    reply = Reply(response.status, response.read().decode())
    connection.close()
    return reply


def strict_http_client(call: Call) -> Reply:
    """The same, with the checks that Python 3.13 makes by default."""
    context = ssl.create_default_context()
    context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
    return http_client(call, context)


def urllib_request(call: Call) -> Reply:
    """The opener of the standard library."""
    request = urllib.request.Request(call.url, data=call.body.encode(), headers=call.headers, method="PUT")  # noqa: S310 -- always https
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 -- as above
        return Reply(response.status, response.read().decode())


def urllib3(call: Call) -> Reply:
    """A pool of urllib3's, which reads no variables."""
    from urllib3 import PoolManager

    with PoolManager(retries=False) as pool:
        response = pool.request("PUT", call.url, body=call.body, headers=call.headers)
        return Reply(response.status, response.data.decode())


def requests(call: Call) -> Reply:
    """A session of requests', which trusts certifi."""
    from requests import Session

    with Session() as session:
        response = session.put(call.url, data=call.body, headers=call.headers)
        return Reply(response.status_code, response.text)


def requests_alone(call: Call) -> Reply:
    """The same, without a look at the environment."""
    from requests import Session

    with Session() as session:
        session.trust_env = False
        response = session.put(call.url, data=call.body, headers=call.headers)
        return Reply(response.status_code, response.text)


def httpx(call: Call, **options: Any) -> Reply:
    """A client of httpx'."""
    from httpx import Client

    with Client(**options) as client:
        response = client.put(call.url, content=call.body, headers=call.headers)
        return Reply(response.status_code, response.text)


def httpx_alone(call: Call) -> Reply:
    """The same, without a look at the environment."""
    return httpx(call, trust_env=False)


def httpx_http2(call: Call) -> Reply:
    """The same, which offers HTTP/2."""
    return httpx(call, http2=True)


def httpx_truststore(call: Call) -> Reply:
    """The same, which asks the system whom to trust."""
    import truststore

    return httpx(call, verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT))


async def _httpx_async(call: Call) -> Reply:
    from httpx import AsyncClient

    async with AsyncClient() as client:
        response = await client.put(call.url, content=call.body, headers=call.headers)
        return Reply(response.status_code, response.text)


def httpx_async(call: Call) -> Reply:
    """An asynchronous client of httpx'."""
    return asyncio.run(_httpx_async(call))


def httpx_trio(call: Call) -> Reply:
    """The same on trio."""
    import trio

    reply: Reply = trio.run(_httpx_async, call)
    return reply


def httpx_uvloop(call: Call) -> Reply:
    """The same on uvloop, which resolves and connects by itself."""
    return on_uvloop(_httpx_async(call))


async def _aiohttp(call: Call, *, resolver: str = "", **options: Any) -> Reply:
    import aiohttp

    connector = aiohttp.TCPConnector(resolver=getattr(aiohttp, resolver)()) if resolver else None
    async with (
        aiohttp.ClientSession(connector=connector, **options) as session,
        session.put(call.url, data=call.body, headers=call.headers) as response,
    ):
        return Reply(response.status, await response.text())


def aiohttp(call: Call) -> Reply:
    """A session of aiohttp's, with the resolver that it chooses."""
    return asyncio.run(_aiohttp(call))


def aiohttp_threaded(call: Call) -> Reply:
    """The same, which resolves names in a thread."""
    return asyncio.run(_aiohttp(call, resolver="ThreadedResolver"))


def aiohttp_aiodns(call: Call) -> Reply:
    """The same, which asks name servers itself."""
    return asyncio.run(_aiohttp(call, resolver="AsyncResolver"))


def aiohttp_environment(call: Call) -> Reply:
    """The same, which reads the environment."""
    return asyncio.run(_aiohttp(call, trust_env=True))


def aiohttp_uvloop(call: Call) -> Reply:
    """The same on uvloop."""
    return on_uvloop(_aiohttp(call))


def on_uvloop(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine, run on uvloop."""
    import uvloop

    result: T = uvloop.run(coroutine)
    return result


NEEDS: dict[Callable[[Call], Reply], tuple[str, ...]] = {
    http_client: (),
    strict_http_client: (),
    urllib_request: (),
    urllib3: ("urllib3",),
    requests: ("requests",),
    requests_alone: ("requests",),
    httpx: ("httpx",),
    httpx_alone: ("httpx",),
    httpx_http2: ("httpx", "h2"),
    httpx_truststore: ("httpx", "truststore"),
    httpx_async: ("httpx",),
    httpx_trio: ("httpx", "trio"),
    httpx_uvloop: ("httpx", "uvloop"),
    aiohttp: ("aiohttp",),
    aiohttp_threaded: ("aiohttp",),
    aiohttp_aiodns: ("aiohttp", "aiodns"),
    aiohttp_environment: ("aiohttp",),
    aiohttp_uvloop: ("aiohttp", "uvloop"),
}
"""The clients, and the packages that each of them needs."""
CLIENTS = {client.__name__: client for client in NEEDS}


def main(name: str) -> None:
    """Run a client, as a program of its own."""
    environ = os.environ
    reply = CLIENTS[name](Call(environ["URL"], json.loads(environ["HEADERS"]), environ["BODY"]))
    print(reply.status, reply.text)


if __name__ == "__main__":
    main(sys.argv[1])
