"""The commands that ask a running `pytest-xbl serve`."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from errno import ECONNREFUSED
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from tempfile import gettempdir
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.serialization import pkcs12
from pytest_httpserver import HTTPServer

from errors import error_of
from programs import served, way_to
from pytest_xbl import Seed, XboxLive
from pytest_xbl.command.asking import ask
from pytest_xbl.command.documents import MARK
from pytest_xbl.command.main import main
from pytest_xbl.command.served import Served
from pytest_xbl.command.shells import SHELLS
from pytest_xbl.hosts import egress
from pytest_xbl.strategies.states import require_equal
from tables import cases

LOBBY = ("--scenario", "invited_friend")
NO_URL = "Expected the address that pytest-xbl serve prints, such as http://127.0.0.1:8080; got {!r}."


def printed(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    """The text that a command prints which does what it is asked for."""
    assert main(command) == 0
    text, complaints = capsys.readouterr()
    assert complaints == ""
    return text


def complaint(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    """The line that a command prints which cannot do what it is asked for, and nothing else."""
    assert main(command) == 2
    text, line = capsys.readouterr()
    assert text == ""
    return line


def test_a_dump_makes_an_equal_world(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With people, sessions, handles, and the time (SEED-7)."""
    with served(*LOBBY) as world:
        world.xbl.clock.advance(minutes=5)
        text = printed(capsys, "dump", world.xbl.url)
        file = tmp_path / "world.json"
        file.write_text(text, encoding="utf-8")
        again = XboxLive(seed=Seed.read(file))
        require_equal(again.snapshot().state, world.xbl.snapshot().state)
        assert text == f"{json.dumps(world.xbl.dump(), indent=2)}\n"


@cases(
    "spelling",
    {"with a slash": "http://{}/", "the explorer": "http://{}/_xbl/", "no scheme": "{}", "capitals": "HTTP://{}"},
)
def test_an_address_may_be_written_in_several_ways(spelling: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As a person copies it."""
    with served() as world:
        printed(capsys, "dump", spelling.format(urlsplit(world.xbl.url).netloc))


def test_proxies_are_not_asked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The variables of a shell may be those that `env` has printed for another."""
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with served() as world:
        printed(capsys, "dump", world.xbl.url)


@pytest.mark.parametrize(
    "url", ["", "https://127.0.0.1", "ftp://x", "http://", "http://a:b", "http://a:0", "http://[a"]
)
def test_what_is_no_address_is_refused(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With one that could be (CMD-5)."""
    assert complaint(capsys, "dump", url) == f"pytest-xbl: error: {NO_URL.format(url)}\n"


def test_nobody_may_be_there(capsys: pytest.CaptureFixture[str]) -> None:
    """The reason is that of the system (CMD-5)."""
    with served() as world:
        url = world.xbl.url
    line = f"No pytest-xbl serve answers at {url}: [Errno {ECONNREFUSED}] {os.strerror(ECONNREFUSED)}."
    assert complaint(capsys, "dump", url) == f"pytest-xbl: error: {line}\n"


def test_somebody_else_may_be_there(httpserver: HTTPServer) -> None:
    """Who has another answer, or JSON, or says to be one and has none (CMD-5)."""
    httpserver.expect_request("/a").respond_with_json({})
    httpserver.expect_request("/c").respond_with_data(b"\xff{", headers={MARK: "1"})
    url = httpserver.url_for("")
    errors = [error_of(partial(ask, url, path)) for path in ("/a", "/b", "/c")]
    assert errors == [f"Another server answers at {url}, and not pytest-xbl serve."] * 3


def test_whoever_is_there_may_refuse(capsys: pytest.CaptureFixture[str]) -> None:
    """A name that leads here could lead elsewhere (CMD-4)."""
    with served("--host", "0.0.0.0") as world:  # noqa: S104 -- that is what is tested
        url = f"http://{socket.gethostname()}:{world.server.port}"
        what = f'The explorer answers localhost, 127.0.0.1 and addresses of this machine, not "{url[7:]}".'
        line = f"The server at {url} refuses: {what} (where: Host; rule: SEEN-15)"
        assert complaint(capsys, "dump", url) == f"pytest-xbl: error: {line}\n"


def test_a_refusal_for_another_host_is_told(httpserver: HTTPServer) -> None:
    """Which a server of the fake's kind gives by itself (SEEN-11)."""
    httpserver.expect_request("/a").respond_with_data("Not here.\nwhere: Host\nrule: SEEN-11\n", status=421)
    url = httpserver.url_for("")
    assert error_of(partial(ask, url, "/a")) == f"The server at {url} refuses: Not here.\nwhere: Host\nrule: SEEN-11"


def test_a_served_world_may_have_no_real_names(capsys: pytest.CaptureFixture[str]) -> None:
    """Then no program can be led to it (CMD-3, CMD-5)."""
    with served() as world:
        url = world.xbl.url
        line = f"The pytest-xbl serve at {url} serves no real names: start it with --hosts."
        assert complaint(capsys, "env", url) == f"pytest-xbl: error: {line}\n"


@pytest.fixture
def hosts() -> Iterator[Served]:
    """A world with real names."""
    with served(*LOBBY, "--hosts", "--allow-host", "db.example.com") as world:
        yield world


def test_a_shell_gets_the_variables(
    hosts: Served, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All of them, and lists that are there in its own environment are gone on with (CMD-3, HOST-2)."""
    monkeypatch.setenv("NODE_OPTIONS", "--no-warnings")
    lines = printed(capsys, "env", hosts.xbl.url).splitlines()
    gate = way_to(hosts)["gate"]
    assert lines[:2] == [
        f"export PYTEST_XBL_GATE=http://127.0.0.1:{gate[1]}",
        "export PYTEST_XBL_ALLOW_HOSTS=db.example.com",
    ]
    [node] = [line for line in lines if line.startswith("export NODE_OPTIONS=")]
    assert node.startswith("export NODE_OPTIONS='--no-warnings --require=")
    files = way_to(hosts)["files"]
    assert f"export PYTEST_XBL_CA={files[0]}" in lines


@cases(
    "shell line",
    {
        "a shell": ("sh", "export CURL_CA_BUNDLE='{} x'\"'\"'%'"),
        "PowerShell": ("powershell", "$env:CURL_CA_BUNDLE = '{} x''%'"),
        "a batch file": ("cmd", 'set "CURL_CA_BUNDLE={} x\'%%"'),
    },
)
def test_each_shell_has_its_quotes(shell: str, line: str) -> None:
    """So that a path may hold anything (CMD-3)."""
    assert SHELLS[shell]("CURL_CA_BUNDLE", "/tmp x'%") == line.format("/tmp")  # noqa: S108 -- never read


def test_the_certificate_must_be_on_this_machine(hosts: Served, capsys: pytest.CaptureFixture[str]) -> None:
    """The one who asks may be in another container (CMD-5)."""
    url, [certificate, *_] = hosts.xbl.url, way_to(hosts)["files"]
    Path(certificate).unlink()
    line = f"{certificate} is not on this machine: run pytest-xbl env where the pytest-xbl serve at {url} runs."
    assert complaint(capsys, "env", url) == f"pytest-xbl: error: {line}\n"


def test_java_may_have_nothing(
    hosts: Served, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the package cryptography is too old (HOST-2)."""
    monkeypatch.delattr(pkcs12, "serialize_java_truststore", raising=False)
    assert "JAVA_TOOL_OPTIONS" not in printed(capsys, "env", hosts.xbl.url)


def test_the_files_go_with_the_world() -> None:
    """And nothing of this process was replaced: it is no client (CMD-3)."""
    replaced = (socket.getaddrinfo, socket.socket.connect, dict(os.environ))
    with served("--hosts") as world:
        files = [Path(file) for file in way_to(world)["files"]]
        assert [file.is_file() for file in files] == [True, True, True]
        assert (socket.getaddrinfo, socket.socket.connect, dict(os.environ)) == replaced
    assert not files[0].parent.exists()


def test_real_names_need_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named at once, and nothing is left (CMD-3, CMD-5)."""
    monkeypatch.setattr(egress, "find_spec", lambda _name: None)
    before = threading.enumerate(), sorted(Path(gettempdir()).glob("pytest-xbl-*"))
    why = "Xbox Live is not served, because that needs trustme: pip install pytest-xbl[hosts]"
    error = error_of(served("--hosts").__enter__)
    assert error == f"No program can be led to the fake: {why}\nwhere: --hosts\nrule: HOST-5"
    assert (threading.enumerate(), sorted(Path(gettempdir()).glob("pytest-xbl-*"))) == before


def test_a_foreign_host_is_a_line_of_the_log(hosts: Served, capsys: pytest.CaptureFixture[str]) -> None:
    """It names the option that allows it (CMD-1, HOST-4)."""
    host, port = way_to(hosts)["gate"]
    with closing(HTTPConnection(host, port)) as connection:
        connection.set_tunnel("example.com", 443)
        with pytest.raises(OSError, match="403 pytest-xbl: A program may not reach"):
            connection.connect()
    text = "A program may not reach example.com:443, only Xbox Live; the option --allow-host allows other hosts."
    line = f"#1 nobody: CONNECT example.com:443 -> 403 HOST-4 at the host: {text}"
    assert capsys.readouterr().err.splitlines() == [line]
