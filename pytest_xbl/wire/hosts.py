"""The names in a `Host` header: real hosts, those whose services are here, and the machine itself."""

from __future__ import annotations

import re
from functools import lru_cache

SESSION_DIRECTORY = ("sessiondirectory.xboxlive.com", "client-sessiondirectory.xboxlive.com")
USER_STATISTICS = ("userstats.xboxlive.com",)
RTA = ("rta.xboxlive.com",)
NEIGHBOURS = (
    "login.live.com",
    "user.auth.xboxlive.com",
    "device.auth.xboxlive.com",
    "title.auth.xboxlive.com",
    "xsts.auth.xboxlive.com",
    "sisu.xboxlive.com",
    "title.mgt.xboxlive.com",
    "profile.xboxlive.com",
    "peoplehub.xboxlive.com",
    "social.xboxlive.com",
    "userpresence.xboxlive.com",
    "achievements.xboxlive.com",
)
"""The hosts of the services that clients need to start; the code of these is loaded by a request for one (NEAR-1)."""
SERVED = (*SESSION_DIRECTORY, *USER_STATISTICS, *RTA, *NEIGHBOURS)
"""All real hosts whose services are here."""
XBOX_LIVE = (".xboxlive.com", ".live.com")
"""The ends of the names that lead to the fake (HOST-1)."""
REAL = (*XBOX_LIVE, ".microsoft.com", ".microsoftonline.com")
"""The ends of the names of real hosts: those of Xbox Live, and those that sign people in (CALL-1)."""
PORT = re.compile(":[0-9]*$")
LOOPBACK = re.compile(r"(?:.+\.)?localhost|127(?:\.[0-9]{1,3}){3}|\[::1\]")
"""The names of the machine itself (RFC 6761, 6.3; RFC 5735, 3; RFC 4291, 2.5.3)."""
LOOPBACK_OF = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 -- who listens there has asked for it
"""The addresses that stand for all addresses of the machine, and by which of them it reaches itself."""


def host_name(host: str) -> str:
    """The name in a `Host` header, without the port and without a dot at its end (RFC 1034, 3.1)."""
    return PORT.sub("", host.lower()).removesuffix(".")


def is_real(host: str) -> bool:
    """Whether the host is one of Xbox Live, or one that signs people in (CALL-1)."""
    return host_name(host).endswith(REAL)


@lru_cache
def is_for(host: str, own: str) -> bool:
    """Whether a `Host` header names the machine itself, or none, as under HTTP/1.0; or a server (SEEN-11).

    Args:
        own: the host at which the server listens; one that listens at all addresses may be called by any name.
    """
    name = host_name(host)
    return not name or own in LOOPBACK_OF or LOOPBACK.fullmatch(name) is not None or name.strip("[]") == own.lower()
