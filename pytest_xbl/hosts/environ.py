"""The environment of a program that a test starts, in which its real hosts lead to the gate (HOST-2)."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pytest_xbl.hosts.children import ALLOWED, CERTIFICATE, GATE
from pytest_xbl.hosts.patches import Address

if TYPE_CHECKING:
    from pytest_xbl.hosts.authority import Authority

CHILD = Path(__file__).parent / "child"
"""The directory of what Python and Node load before a program."""
PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "WSS_PROXY", "WS_PROXY", "ALL_PROXY")
LOCAL = ("localhost", "127.0.0.1", "::1")
BUNDLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "AWS_CA_BUNDLE", "GIT_SSL_CAINFO")
"""The variables of those who trust the authorities of one file, and no others."""
ADDITIONS = ("NODE_EXTRA_CA_CERTS", "DENO_CERT", CERTIFICATE)
"""The variables of those who trust an authority besides others."""
PASSWORD = "changeit"  # noqa: S105 -- what Java expects; there is no secret in the file


class Files(NamedTuple):
    """The files with the authority's certificate.

    Args:
        certificate: it alone.
        bundle: it and the authorities that everybody trusts.
        trust_store: it alone, as Java reads it; None where the package cryptography is too old to write it.
    """

    certificate: Path
    bundle: Path
    trust_store: Path | None


class Way(NamedTuple):
    """The way from a program to the fake, by the real hosts.

    Args:
        gate: the address of the gate.
        files: with the authority's certificate.
        allowed: the foreign hosts that it may reach.
    """

    gate: Address
    files: Files
    allowed: tuple[str, ...]


def write_files(authority: Authority, directory: Path) -> Files:
    """Write the certificate of an authority for programs; its key is in none of the files."""
    files = Files(directory / "xbl-ca.pem", directory / "xbl-bundle.pem", _trust_store(authority, directory))
    files.certificate.write_text(authority.pem, encoding="ascii")
    files.bundle.write_text(f"{authority.pem}\n{_trusted()}", encoding="utf-8")
    return files


def _trusted() -> str:
    """The authorities that programs trust on this machine, as PEM; they matter to allowed hosts only."""
    file = ssl.get_default_verify_paths().cafile
    if not file and find_spec("certifi"):
        import certifi

        file = certifi.where()
    return Path(file).read_text(encoding="utf-8") if file else ""


def _trust_store(authority: Authority, directory: Path) -> Path | None:
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

    if not hasattr(pkcs12, "serialize_java_truststore"):  # before cryptography 45
        return None
    entry = pkcs12.PKCS12Certificate(authority.certificate(), b"pytest-xbl")
    store = directory / "xbl-trust.p12"
    store.write_bytes(pkcs12.serialize_java_truststore([entry], BestAvailableEncryption(PASSWORD.encode())))
    return store


def variables(way: Way, base: Mapping[str, str]) -> dict[str, str]:
    """The variables that a program needs besides those that there are.

    Args:
        way: that they lead.
        base: the variables that there are; those that hold lists are gone on with.
    """
    gate, files, allowed = way
    proxy = f"http://{gate[0]}:{gate[1]}"
    direct = ",".join((*LOCAL, *allowed))
    return {
        GATE: proxy,
        ALLOWED: ",".join(allowed),
        **_in_both_cases(dict.fromkeys(PROXIES, proxy)),
        # Not those that were there: they were for another proxy, and a program would get past this one.
        **_in_both_cases({"NO_PROXY": direct}),
        **dict.fromkeys(BUNDLES, str(files.bundle)),
        **dict.fromkeys(ADDITIONS, str(files.certificate)),
        "NODE_USE_ENV_PROXY": "1",
        "NODE_OPTIONS": _extended(base.get("NODE_OPTIONS"), f"--require={_quoted(CHILD / 'preload.cjs')}"),
        "PYTHONPATH": _extended(base.get("PYTHONPATH"), str(CHILD), between=os.pathsep, first=True),
        **_of_java(gate, files.trust_store, allowed, base),
    }


def _of_java(
    gate: Address, trust_store: Path | None, allowed: Sequence[str], base: Mapping[str, str]
) -> dict[str, str]:
    if trust_store is None:
        return {}
    direct = ("localhost", "127.*", "[::1]", *allowed, *(f"*.{host}" for host in allowed))
    flags = {
        **{f"{scheme}.proxyHost": gate[0] for scheme in ("https", "http")},
        **{f"{scheme}.proxyPort": gate[1] for scheme in ("https", "http")},
        "http.nonProxyHosts": "|".join(direct),
        "javax.net.ssl.trustStore": trust_store,
        "javax.net.ssl.trustStoreType": "PKCS12",
        "javax.net.ssl.trustStorePassword": PASSWORD,
    }
    own = " ".join(_quoted(f"-D{name}={value}") for name, value in flags.items())
    return {"JAVA_TOOL_OPTIONS": _extended(base.get("JAVA_TOOL_OPTIONS"), own)}


def _in_both_cases(named: Mapping[str, str]) -> dict[str, str]:
    return {**named, **{name.lower(): value for name, value in named.items()}}


def _extended(before: str | None, own: str, *, between: str = " ", first: bool = False) -> str:
    """A list with a further part, which it may have already: xbl.environ can be asked for beside xbl_environ."""
    if before and own in before:
        return before
    return between.join(filter(None, (own, before) if first else (before, own)))


def _quoted(value: object) -> str:
    """A value that may hold spaces, as Node and Java read the list of their options."""
    text = str(value)
    return f'"{text}"' if " " in text else text
