"""The certificate authority of a test session, made with its first handshake (HOST-3)."""

from __future__ import annotations

import ssl
import threading
from typing import TYPE_CHECKING

import trustme

from pytest_xbl.hosts.known import is_xbox_live, name_of

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

UNNAMED = "xboxlive.com"
"""The domain for a client that names no host."""


class Authority:
    """An authority that vouches for names of Xbox Live only, and whose key is nowhere but in the memory."""

    def __init__(self) -> None:
        self._ca = trustme.CA(organization_name="pytest-xbl")
        self._lock = threading.Lock()
        self._contexts: dict[str, ssl.SSLContext] = {}
        """The contexts by the domain whose hosts they vouch for."""
        self.pem = self._ca.cert_pem.bytes().decode("ascii")
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        """The context of every handshake; the name that the client asks for chooses another."""
        self.context.sni_callback = self._choose

    def _choose(self, connection: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> int | None:
        """Choose the certificate for a name, or end the handshake with an alert."""
        host = name_of(name)
        if host and not is_xbox_live(host):
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        try:
            connection.context = self._context_of(host.partition(".")[2] or UNNAMED)
        except ValueError:  # it is no name that a certificate can have
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        return None

    def _context_of(self, domain: str) -> ssl.SSLContext:
        """The context for the hosts of a domain: a certificate's asterisk stands for one part of a name only."""
        with self._lock:
            if domain not in self._contexts:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                self._ca.issue_cert(f"*.{domain}").configure_cert(context)
                context.set_alpn_protocols(["http/1.1"])
                self._contexts[domain] = context
            return self._contexts[domain]

    def certificate(self) -> Certificate:
        """The authority's certificate."""
        from cryptography.x509 import load_pem_x509_certificate

        return load_pem_x509_certificate(self.pem.encode("ascii"))
