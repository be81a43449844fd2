"""The keyring of the operating system, where there is one: an extra, and rare over SSH."""

from typing import TYPE_CHECKING

from scim_tui.model.errors import ScimTuiError, UsageError

if TYPE_CHECKING:
    from types import ModuleType

SERVICE = "scim-tui"
"""The service name of all our entries."""


def read(name: str) -> str:
    """The secret under this name; empty: there is none. Raises as `require` does."""
    keyring = require()
    try:
        return keyring.get_password(SERVICE, name) or ""
    except _failures() as error:
        raise _refused(error) from None


def write(name: str, secret: str) -> None:
    """Store a secret, and read it back. Raises `ScimTuiError` if that gives another text."""
    keyring = require()
    try:
        keyring.set_password(SERVICE, name, secret)
        kept = keyring.get_password(SERVICE, name)
    except _failures() as error:
        raise _refused(error) from None
    if kept != secret:
        raise ScimTuiError(
            "The keyring took the secret and gives another one back.", "Look into it by hand."
        )


def require() -> "ModuleType":
    """The module `keyring`. Raises `UsageError` if it is not installed or has no backend here."""
    try:
        import keyring  # noqa: PLC0415 - 200 ms, and an extra
        from keyring.backends.fail import Keyring as Missing  # noqa: PLC0415
    except ImportError:
        raise UsageError(
            "The keyring is not installed with scim-tui.",
            "pip install 'scim-tui[keyring]', or keep the secret in a file.",
        ) from None
    if isinstance(keyring.get_keyring(), Missing):
        raise UsageError(
            "This machine offers no keyring to this session.",
            "Over SSH there is often none: keep the secret in a file, or use a command.",
        )
    return keyring


def _failures() -> tuple[type[Exception], ...]:
    from keyring.errors import KeyringError  # noqa: PLC0415

    return (KeyringError,)


def _refused(error: Exception) -> ScimTuiError:
    return ScimTuiError(
        f"The keyring refused: {type(error).__name__}.", "Unlock it, or keep the secret in a file."
    )
