"""The variables of programs, and the files that they name."""

from __future__ import annotations

import os
import ssl
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import pkcs12

from pytest_xbl.hosts.authority import Authority
from pytest_xbl.hosts.environ import CHILD, Files, Way, variables, write_files

GATE = ("127.0.0.1", 4711)
FILES = Files(Path("/tmp/a b/ca.pem"), Path("/tmp/a b/bundle.pem"), Path("/tmp/a b/trust.p12"))  # noqa: S108 -- never read
PROXY = "http://127.0.0.1:4711"
EXPECTED = {
    **dict.fromkeys(("HTTPS_PROXY", "HTTP_PROXY", "WSS_PROXY", "WS_PROXY", "ALL_PROXY"), PROXY),
    **dict.fromkeys(("https_proxy", "http_proxy", "wss_proxy", "ws_proxy", "all_proxy"), PROXY),
    **dict.fromkeys(("NO_PROXY", "no_proxy"), "localhost,127.0.0.1,::1"),
    **dict.fromkeys(
        ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "AWS_CA_BUNDLE", "GIT_SSL_CAINFO"),
        str(FILES.bundle),
    ),
    **dict.fromkeys(("NODE_EXTRA_CA_CERTS", "DENO_CERT", "PYTEST_XBL_CA"), str(FILES.certificate)),
    "PYTEST_XBL_GATE": PROXY,
    "PYTEST_XBL_ALLOW_HOSTS": "",
    "NODE_USE_ENV_PROXY": "1",
    "NODE_OPTIONS": f"--require={CHILD / 'preload.cjs'}",
    "PYTHONPATH": str(CHILD),
    "JAVA_TOOL_OPTIONS": (
        "-Dhttps.proxyHost=127.0.0.1 -Dhttp.proxyHost=127.0.0.1 -Dhttps.proxyPort=4711 -Dhttp.proxyPort=4711 "
        "-Dhttp.nonProxyHosts=localhost|127.*|[::1] "
        f'"-Djavax.net.ssl.trustStore={FILES.trust_store}" '
        "-Djavax.net.ssl.trustStoreType=PKCS12 -Djavax.net.ssl.trustStorePassword=changeit"
    ),
}
"""All variables."""


@pytest.fixture(scope="module")
def authority() -> Authority:
    """An authority."""
    return Authority()


def test_a_program_gets_proxies_certificates_and_preloads() -> None:
    """In both cases where programs differ in that, and with quotes where a path has spaces (HOST-2)."""
    assert variables(Way(GATE, FILES, ()), {}) == EXPECTED


def test_lists_that_are_there_are_kept() -> None:
    """But for the hosts that are to be reached without a proxy: the one that they knew is another (HOST-2)."""
    names = ("PYTHONPATH", "NODE_OPTIONS", "JAVA_TOOL_OPTIONS", "NO_PROXY")
    found = variables(Way(GATE, FILES, ()), dict.fromkeys(names, "old"))
    assert {name: value for name, value in found.items() if value != EXPECTED[name]} == {
        "PYTHONPATH": f"{CHILD}{os.pathsep}old",
        "NODE_OPTIONS": f"old {EXPECTED['NODE_OPTIONS']}",
        "JAVA_TOOL_OPTIONS": f"old {EXPECTED['JAVA_TOOL_OPTIONS']}",
    }


def test_allowed_hosts_are_reached_without_a_proxy() -> None:
    """So the gate need not connect to anything (HOST-4)."""
    found = variables(Way(GATE, FILES, ("db.example.com", "10.0.0.7")), {})
    assert found["NO_PROXY"] == found["no_proxy"] == "localhost,127.0.0.1,::1,db.example.com,10.0.0.7"
    assert found["PYTEST_XBL_ALLOW_HOSTS"] == "db.example.com,10.0.0.7"
    hosts = "localhost|127.*|[::1]|db.example.com|10.0.0.7|*.db.example.com|*.10.0.0.7"
    assert f" -Dhttp.nonProxyHosts={hosts} " in found["JAVA_TOOL_OPTIONS"]


def test_an_old_cryptography_writes_nothing_for_java(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then Java has no variables, rather than some that it cannot read (HOST-2)."""
    monkeypatch.delattr(pkcs12, "serialize_java_truststore", raising=False)
    files = write_files(authority, tmp_path)
    assert files.trust_store is None
    assert {*EXPECTED} - {*variables(Way(GATE, files, ()), {})} == {"JAVA_TOOL_OPTIONS"}


def test_a_bundle_has_the_usual_authorities_too(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of the system, else those of certifi, else none: only allowed hosts need them (HOST-2)."""
    usual = tmp_path / "usual.pem"
    usual.write_text("usual")
    monkeypatch.setenv("SSL_CERT_FILE", str(usual))
    assert write_files(authority, tmp_path).bundle.read_text() == f"{authority.pem}\nusual"

    paths = ssl.get_default_verify_paths()
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: paths._replace(cafile=""))
    assert write_files(authority, tmp_path).bundle.read_text().count("BEGIN CERTIFICATE") > 10

    monkeypatch.setitem(sys.modules, "certifi", None)
    assert write_files(authority, tmp_path).bundle.read_text() == f"{authority.pem}\n"
