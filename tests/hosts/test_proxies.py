"""Proxies of the machine."""

from __future__ import annotations

import pytest

from pytest_xbl.hosts.proxies import Bypass

ALL = ".xboxlive.com,.live.com"


@pytest.mark.parametrize(
    ("before", "meanwhile"),
    [
        ({}, ALL),
        ({"NO_PROXY": "db"}, f"db,{ALL}"),
        ({"no_proxy": ""}, ALL),
        ({"NO_PROXY": "db", "no_proxy": "cache"}, f"cache,db,{ALL}"),
        ({"NO_PROXY": "db", "no_proxy": "db"}, f"db,{ALL}"),
    ],
)
def test_real_names_are_reached_without_the_proxies_of_the_machine(before: dict[str, str], meanwhile: str) -> None:
    """Clients that read variables would let the proxy connect; afterwards all is as it was (HOST-1)."""
    environ = {**before}
    bypass = Bypass(environ)
    bypass.begin(None)
    bypass.begin(None)
    assert environ == dict.fromkeys(("NO_PROXY", "no_proxy"), meanwhile)
    bypass.end()
    bypass.end()
    assert environ == before


def test_a_test_may_set_the_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """The names are added again for that test, and after it; in the end all is as it was (HOST-1)."""
    environ: dict[str, str] = {}
    bypass = Bypass(environ)
    for _ in range(2):
        with monkeypatch.context() as patch:
            patch.setitem(environ, "NO_PROXY", "db")
            patch.setitem(environ, "no_proxy", "db")
            bypass.begin(None)
            assert environ["no_proxy"] == f"db,{ALL}"
        bypass.begin(None)
        assert environ["no_proxy"] == ALL
    bypass.end()
    assert environ == {}


def test_programs_do_not_get_past_the_gate() -> None:
    """While it is their proxy, no variable says that they should (HOST-2)."""
    gate = "http://127.0.0.1:4711"
    environ = {"HTTPS_PROXY": gate, "NO_PROXY": "localhost"}
    bypass = Bypass(environ)
    bypass.begin(gate)
    assert environ == {"HTTPS_PROXY": gate, "NO_PROXY": "localhost"}
    bypass.begin("http://127.0.0.1:1")
    assert environ["NO_PROXY"] == f"localhost,{ALL}"


def test_what_was_set_meanwhile_stays() -> None:
    """Somebody else has changed it for longer (HOST-1)."""
    environ: dict[str, str] = {}
    bypass = Bypass(environ)
    bypass.begin(None)
    environ["NO_PROXY"] = "other"
    bypass.end()
    assert environ == {"NO_PROXY": "other"}
