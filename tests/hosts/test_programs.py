"""Programs that a test starts, with the real names in their source."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_xbl import XboxLive
from real_hosts import HOST, Lobby

READ = """
        from http.client import HTTPSConnection
        connection = HTTPSConnection(HOST)
        connection.request("GET", PATH, headers=HEADERS)
        print(connection.getresponse().status)
"""
"""A program in Python that reads the lobby, and prints the status."""
NODE = {
    "https with an agent": """
        const https = require('https'), agent = new https.Agent({keepAlive: false})
        const options = {hostname: HOST, path: PATH, headers: HEADERS, agent, method: 'GET'}
        https.request(options, r => console.log(r.statusCode) || r.resume()).end()
    """,
    "tls": """
        const lines = Object.entries({Host: HOST, Connection: 'close', ...HEADERS}).map(pair => pair.join(': '))
        const socket = require('tls').connect(443, HOST, {servername: HOST}, () => {
            socket.write([`GET ${PATH} HTTP/1.1`, ...lines, '', ''].join('\\r\\n'))
        })
        socket.once('data', data => console.log(data.toString().split(' ')[1]))
    """,
    "http": """
        require('http').get(`http://${HOST}${PATH}`, {headers: HEADERS}, r => console.log(r.statusCode) || r.resume())
    """,
}


def python(code: str, lobby: Lobby) -> list[str]:
    """A program in Python."""
    names = f"HOST = {HOST!r}; PATH = {lobby.path!r}; HEADERS = {lobby.headers!r}"
    return [sys.executable, "-W", "ignore", "-c", f"if True:\n        {names}{code}"]


def node(code: str, lobby: Lobby) -> list[str]:
    """A program in JavaScript."""
    values = {"HOST": HOST, "PATH": lobby.path, "HEADERS": lobby.headers}
    return [
        "node",
        "-e",
        f"const {', '.join(f'{name} = {json.dumps(value)}' for name, value in values.items())};{code}",
    ]


def run(*command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a program."""
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environ})


@pytest.mark.parametrize("way", [way for way in NODE if shutil.which("node")])
def test_every_way_of_node_leads_to_the_world(
    xbl: XboxLive, xbl_environ: dict[str, str], lobby: Lobby, way: str
) -> None:
    """The ways below all libraries; `tests/clients` has these, and other programs (HOST-2)."""
    result = run(*node(NODE[way], lobby))

    assert (result.stdout.strip(), result.returncode) == ("200", 0), result.stderr
    assert str(xbl.journal[0]) == f"#1 Stacy: get-session lobby/friday at {HOST} -> 200"


def test_the_environment_is_a_dict_of_additions(xbl: XboxLive, lobby: Lobby) -> None:
    """`xbl.environ` sets nothing; a child gets it with what there is, and its children inherit it (HOST-2)."""
    assert "PYTEST_XBL_GATE" not in os.environ
    nested = f"import subprocess; print(subprocess.run({python(READ, lobby)}).returncode)"
    assert run(sys.executable, "-c", nested, **xbl.environ).stdout.split() == ["200", "0"]


def test_a_program_in_python_keeps_its_own_start(xbl: XboxLive, tmp_path: Path) -> None:
    """The sitecustomize that is hidden comes afterwards, and no module of ours stays (HOST-2)."""
    (tmp_path / "sitecustomize.py").write_text("print('its own start')")
    path = os.pathsep.join((xbl.environ["PYTHONPATH"], str(tmp_path)))
    code = "import sys; print([name for name in sys.modules if name.startswith('pytest_xbl')], 'socket' in sys.modules)"
    started = run(sys.executable, "-c", code, **{**xbl.environ, "PYTHONPATH": path})
    assert started.stdout.splitlines() == ["its own start", "[] True"]


def test_a_program_needs_nothing_that_the_package_needs(xbl: XboxLive, lobby: Lobby) -> None:
    """A Python without any package: the modules come from where those of the test are (HOST-2)."""
    [*start, code] = python(READ, lobby)
    result = run(start[0], "-S", *start[1:], f"import sitecustomize\n{code}", **xbl.environ)
    assert result.stdout == "200\n", result.stderr


@pytest.mark.parametrize("name", ["PYTHONPATH", "NODE_OPTIONS"])
def test_without_the_gate_a_preload_does_nothing(xbl: XboxLive, name: str) -> None:
    """The program starts as it would without it (HOST-2)."""
    programs = {
        "PYTHONPATH": [sys.executable, "-c", "import socket; print(type(socket.socket.connect).__name__)"],
        "NODE_OPTIONS": ["node", "-p", "require('tls').connect.name === 'connect'"],
    }
    if shutil.which(programs[name][0]):
        assert run(*programs[name], **{name: xbl.environ[name]}).stdout in {"method_descriptor\n", "true\n"}


WHY = "pytest-xbl: A test may not reach {}, only Xbox Live; the setting xbl_allow_hosts allows other hosts. (HOST-4)"


def trying(code: str) -> list[str]:
    """A program in Python that shows the error that it meets."""
    imports = "from socket import create_connection, socket\nfrom urllib.request import urlopen"
    return [sys.executable, "-c", f"{imports}\ntry: {code}\nexcept OSError as error: print(error)"]


def failing(code: str) -> list[str]:
    """A program in JavaScript that shows the error that it meets."""
    return ["node", "-e", f"{code}.on('error', error => console.log(error.message))"]


FOREIGN = {
    "python, by name": (trying("create_connection(('example.com', 443))"), "example.com:443"),
    "python, in other letters": (
        trying("create_connection(('b\\xfccher.example.com', 443))"),
        "xn--bcher-kva.example.com:443",
    ),
    "python, by address": (trying("socket().connect(('192.0.2.1', 443))"), "192.0.2.1:443"),
    "python, through the proxy": (trying("urlopen('https://example.com')"), "example.com:443"),
    "node, https": (failing("require('https').get('https://example.com')"), "example.com:443"),
    "node, http": (failing("require('http').get('http://example.com')"), "example.com:80"),
    "node, by address": (failing("require('net').connect(443, '2001:db8::1')"), "[2001:db8::1]:443"),
    "curl": (["curl", "-sSv", "https://example.com"], "example.com:443"),
}
"""Programs that want to reach others, and whom."""


@pytest.mark.parametrize("who", [who for who, (command, _) in FOREIGN.items() if shutil.which(command[0])])
def test_a_program_cannot_leave_the_machine(xbl: XboxLive, xbl_environ: dict[str, str], who: str) -> None:
    """The refusal is a mistake of the client, whatever the program makes of it (HOST-4)."""
    command, host = FOREIGN[who]
    with xbl.expect_refusal("HOST-4"):
        result = run(*command)

    assert WHY.format(host) in result.stdout + result.stderr
    assert [(str(entry.mistake), entry.path) for entry in xbl.journal] == [("egress", host)]


NEAR = [
    trying("socket().connect(('localhost', 1))"),
    trying("create_connection(('x.allowed.invalid', 1))"),
    failing("require('net').connect(1, 'localhost')"),
    failing("require('net').connect({port: 1})"),
    failing("require('net').connect(1, 'LOCALHOST.')"),
    failing("require('net').connect('/nobody/listens')"),
    failing("new (require('net').Socket)().connect('/nobody/listens')"),
    failing("require('net').connect(1, 'x.allowed.invalid')"),
]


@pytest.mark.parametrize("command", [command for command in NEAR if shutil.which(command[0])])
def test_the_machine_itself_is_never_foreign(xbl: XboxLive, command: list[str]) -> None:
    """Nor what is allowed; sockets of files are left alone (HOST-4)."""
    result = run(*command, **{**xbl.environ, "PYTEST_XBL_ALLOW_HOSTS": "allowed.invalid"})

    assert result.stdout
    assert "pytest-xbl" not in result.stdout + result.stderr
    assert len(xbl.journal) == 0
