"""Certificates: the names that they vouch for, and the files that programs get."""

from __future__ import annotations

import ssl
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import pkcs12

from pytest_xbl.hosts.authority import Authority

AUTHORITY = Authority()
ALERT = r"(?i)unrecognized.name|callback.failed"


def shake_hands(name: str | None) -> None:
    """Shake hands with the authority's context, as Python 3.13 verifies by default.

    Args:
        name: of the host; None for a client that names none, and cannot verify it either.
    """
    client_in, server_in = ssl.MemoryBIO(), ssl.MemoryBIO()
    trusting = ssl.create_default_context(cadata=AUTHORITY.pem)
    trusting.verify_flags |= ssl.VERIFY_X509_STRICT
    trusting.check_hostname = name is not None
    client = trusting.wrap_bio(client_in, server_in, server_hostname=name)
    server = AUTHORITY.context.wrap_bio(server_in, client_in, server_side=True)
    for side in (client, server) * 3:
        with suppress(ssl.SSLWantReadError):
            side.do_handshake()
    assert client.getpeercert()


@pytest.mark.parametrize(
    "name",
    [
        "sessiondirectory.xboxlive.com",
        "SessionDirectory.XboxLive.com",
        "login.live.com",
        "user.auth.xboxlive.com",
        "title.mgt.xboxlive.com",
        "one.two.three.live.com",
        None,
    ],
)
def test_an_authority_vouches_for_names_of_xbox_live(name: str | None) -> None:
    """However deep, verified strictly; a client that names no host gets a certificate of xboxlive.com (HOST-3)."""
    shake_hands(name)


@pytest.mark.parametrize(
    "name",
    [
        "example.com",
        "xboxlive.com",
        "live.com",
        "notxboxlive.com",
        "xboxlive.com.example.com",
        "a.b_c.xboxlive.com",
        "localhost",
    ],
)
def test_an_authority_vouches_for_no_other_name(name: str) -> None:
    """The handshake ends with an alert, also for what only looks like a name of Xbox Live, or is no name (HOST-3)."""
    with pytest.raises(ssl.SSLError, match=ALERT):
        shake_hands(name)


def test_an_authority_makes_one_certificate_for_each_domain() -> None:
    """The second host of a domain waits for none (HOST-3)."""
    shake_hands("one.xboxlive.com")
    before = dict(AUTHORITY._contexts)
    shake_hands("two.xboxlive.com")
    assert before == AUTHORITY._contexts


def test_the_key_is_written_nowhere(tmp_path: Path) -> None:
    """The files for programs hold certificates only (HOST-3)."""
    from pytest_xbl.hosts.environ import PASSWORD, write_files

    files = write_files(AUTHORITY, tmp_path)

    assert files.certificate.read_text() == AUTHORITY.pem
    assert files.bundle.read_text().startswith(AUTHORITY.pem)
    assert all(b"PRIVATE KEY" not in path.read_bytes() for path in tmp_path.iterdir())
    assert files.trust_store
    store = pkcs12.load_pkcs12(files.trust_store.read_bytes(), PASSWORD.encode())
    assert store.key is None
    assert [entry.certificate for entry in store.additional_certs] == [AUTHORITY.certificate()]
