"""TLS settings and the time-out: authorities, our own certificate, and how long to wait."""

import ssl
from dataclasses import dataclass
from pathlib import Path

from scim_tui.model.errors import UsageError


@dataclass(frozen=True, slots=True)
class TlsOptions:
    """What a profile sets for its connections. Proxies come from the environment."""

    ca_bundle: Path | None = None
    """Certificate authorities in PEM that are trusted instead of the usual ones."""
    client_cert: Path | None = None
    """Our own certificate chain in PEM, for servers and proxies that ask for one."""
    client_key: Path | None = None
    """The key of the certificate; None: it is in the same file."""
    timeout: float = 30.0
    """Seconds without a byte from the server after which a request fails."""

    @property
    def context(self) -> ssl.SSLContext | None:
        """The TLS settings; None: the usual ones. Raises `UsageError` naming the file."""
        if self.ca_bundle is None and self.client_cert is None:
            return None
        context = self._authorities()
        if self.client_cert is not None:
            self._introduce(context, self.client_cert)
        return context

    def _authorities(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self.ca_bundle)
        except (OSError, ValueError) as error:
            raise UsageError(
                f"ca_bundle {self.ca_bundle} cannot be used: {_why(error)}.",
                "It is a file with certificates in PEM, which begin with -----BEGIN.",
            ) from error

    def _introduce(self, context: ssl.SSLContext, chain: Path) -> None:
        try:
            # OpenSSL would ask for a password on the terminal and block.
            context.load_cert_chain(chain, self.client_key, password=_no_password)
        except (OSError, ValueError, UsageError) as error:
            raise UsageError(
                f"client_cert {chain} cannot be used: {_why(error)}.",
                "It is a certificate with its key in PEM; client_key names the key's own file.",
            ) from error


def _no_password() -> str:
    raise UsageError("the key has a password")


def _why(error: Exception) -> str:
    if isinstance(error, UsageError):
        return error.message
    if isinstance(error, ssl.SSLError):
        return "it holds no certificate or key that fits"
    return getattr(error, "strerror", None) or "it cannot be read"
