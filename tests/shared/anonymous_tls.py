"""TLS without certificates: nobody has to be who they say, and all else is as ever."""

from __future__ import annotations

import ssl

from pytest_xbl.wire.server import KeepAliveHandler


def context(*, server: bool) -> ssl.SSLContext:
    """The settings of one end."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if server else ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    made.maximum_version = ssl.TLSVersion.TLSv1_2
    made.set_ciphers("aNULL:@SECLEVEL=0")
    return made


class TlsHandler(KeepAliveHandler):
    """A connection of the server, with TLS."""

    def setup(self) -> None:
        """Shake hands first."""
        plain = self.request
        self.request = context(server=True).wrap_socket(plain, server_side=True)
        self.server.open[self.request] = self.server.open.pop(plain)
        super().setup()

    def finish(self) -> None:
        """Close the connection, too: the server knows the plain one only."""
        self.server.open.pop(self.request, None)
        super().finish()
        self.request.close()
