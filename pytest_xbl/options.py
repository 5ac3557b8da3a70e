"""The options, settings and markers of the plugin; every run of pytest imports this module, too."""

from __future__ import annotations

import pytest

MARKERS = (
    "xbl(*, seed, scenario, now, scid, values, loose, limits, faults, **parameters): the world of a test.",
    "xbl_scenarios(*names): run a test once for each scenario, file (patterns too) or Seed.",
)
OWN_MARKERS = frozenset({"xbl", "xbl_scenarios", "xbl_scenario"})
"""The names of the markers, and of the fixture that is easily taken for one."""
MISTAKES = "unknown-route, unknown-service, bad-body, late-call, egress"
"""The kinds of mistakes, for the help; to import them would cost every run."""
CONFORMANCE = "pytest_xbl.conformance."
"""The package whose modules are tests."""
OF_CONFORMANCE = ("way", "service", "settings", "report")
"""The options of the suite."""


def add_options(parser: pytest.Parser) -> None:
    """Add the options and the settings of the plugin."""
    group = parser.getgroup("xbl", "the fake Xbox Live")
    group.addoption("--xbl-scenarios", action="store_true", help="list the scenarios that a test can start from")
    group.addoption(
        "--xbl-artifacts", metavar="DIR", help="write a page, the requests and the world of each failing test here"
    )
    group.addoption("--xbl-stay", action="store_true", help="keep the worlds of failed tests, to look at, until Enter")
    group.addoption(
        "--xbl-way", metavar="WAY", help="conformance suite: socket, process or hosts, by which to call the fake"
    )
    group.addoption("--xbl-service", metavar="URL", help="conformance suite: the session directory of a real sandbox")
    group.addoption(
        "--xbl-settings", metavar="FILE", help="conformance suite: the sandbox's tokens and templates, JSON"
    )
    group.addoption("--xbl-report", metavar="FILE", help="conformance suite: write the report here, as Markdown")
    parser.addini("xbl_allow_hosts", "foreign hosts that a test may reach", type="args")
    parser.addini("xbl_egress", "what becomes of foreign hosts in the process: allow or refuse", default="allow")
    parser.addini("xbl_host", "the address or the name at which the server listens", default="127.0.0.1")
    parser.addini("xbl_hosts", "what becomes of the real names of Xbox Live: serve, block or off", default="serve")
    parser.addini("xbl_keep", "the number of requests, of versions and of taps that each world keeps", default="10000")
    parser.addini("xbl_loose", f"kinds of mistakes of a client that do not fail a test: {MISTAKES}", type="args")
    parser.addini("xbl_port", "the port at which the server listens; 0 for a free one", default="0")
    parser.addini("xbl_scid", "the service configuration of every world, unless the test has its own")
    parser.addini("xbl_seed", "the file or the scenario that every test starts from, unless it says otherwise")


def asks_for_conformance(config: pytest.Config) -> bool:
    """Whether a run is one of the conformance suite: by an option of it, or by what it runs."""
    return any(config.getoption(f"xbl_{name}") for name in OF_CONFORMANCE) or any(map(_is_conformance, config.args))


def _is_conformance(argument: str) -> bool:
    """Whether an argument names the suite, as a package or as a directory."""
    return f"{argument}.".replace("\\", ".").replace("/", ".").find(CONFORMANCE) >= 0


def is_marked(item: pytest.Item) -> bool:
    """Whether a test has any marker; `item.keywords` knows more, and costs as much as a world."""
    node: pytest.Item | pytest.Collector | None = item
    while node is not None and not node.own_markers:
        node = node.parent
    return node is not None
