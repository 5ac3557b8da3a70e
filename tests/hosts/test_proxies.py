"""Proxies of the machine."""

from __future__ import annotations

import pytest

from pytest_xbl.hosts.proxies import Bypass

ALL = ".xboxlive.com,.live.com"


@pytest.mark.parametrize(
    ("before", "meanwhile"),
    [
        ({}, {}),
        ({"NO_PROXY": "db"}, {"NO_PROXY": "db"}),
        ({"HTTPS_PROXY": "p"}, {"HTTPS_PROXY": "p", "NO_PROXY": ALL, "no_proxy": ALL}),
        ({"all_proxy": "p", "no_proxy": ""}, {"all_proxy": "p", "NO_PROXY": ALL, "no_proxy": ALL}),
        (
            {"http_proxy": "p", "NO_PROXY": "db", "no_proxy": "cache"},
            {"http_proxy": "p", **dict.fromkeys(("NO_PROXY", "no_proxy"), f"cache,db,{ALL}")},
        ),
        (
            {"http_proxy": "p", "NO_PROXY": "db", "no_proxy": "db"},
            {"http_proxy": "p", **dict.fromkeys(("NO_PROXY", "no_proxy"), f"db,{ALL}")},
        ),
    ],
)
def test_real_names_are_reached_without_the_proxies_of_the_machine(
    before: dict[str, str], meanwhile: dict[str, str]
) -> None:
    """Clients that read variables would let the proxy connect; afterwards all is as it was (HOST-1)."""
    environ = {**before}
    bypass = Bypass(environ)
    bypass.begin()
    assert environ == meanwhile
    bypass.end()
    bypass.end()
    assert environ == before


def test_what_was_set_meanwhile_stays() -> None:
    """Somebody else has changed it for longer (HOST-1)."""
    environ = {"HTTPS_PROXY": "p"}
    bypass = Bypass(environ)
    bypass.begin()
    environ["NO_PROXY"] = "other"
    bypass.end()
    assert environ == {"HTTPS_PROXY": "p", "NO_PROXY": "other"}
