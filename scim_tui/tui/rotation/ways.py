"""The ways by which a new secret may leave the memory, each with what is known against it."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import SecretStr

from scim_tui.config.store_secret import why_not_store
from scim_tui.core.workspace import Workspace
from scim_tui.tui.drawing.text import GLYPHS
from scim_tui.tui.terminal import qr


@dataclass(frozen=True, slots=True)
class DeliveryWay:
    """One way; `off` says why it is not possible here."""

    id: str
    title: str
    leaves: str
    """Where a copy stays."""
    off: str = ""


def delivery_ways(
    workspace: Workspace,
    secret: SecretStr | None,
    size: tuple[int, int],
    environ: Mapping[str, str] = os.environ,
) -> tuple[DeliveryWay, ...]:
    """All seven, in the order of their numbers."""
    tmux = bool(environ.get("TMUX"))
    return (
        _adapter(workspace),
        DeliveryWay(
            "clipboard",
            "clipboard via tmux buffer",
            "your clipboard",
            "" if tmux else "no tmux around",
        ),
        DeliveryWay(
            "clipboard",
            "clipboard, native or OSC 52",
            "your clipboard",
            "tmux drops OSC 52; take 2" if tmux else "",
        ),
        DeliveryWay("show", "show as plain text", "eyes, recordings of the screen"),
        DeliveryWay("file", "file, mode 0600", "disk, until you remove it"),
        _store(workspace),
        _code(secret, size),
    )


def best(found: Sequence[DeliveryWay]) -> int:
    """Where the cursor starts: the first way that is possible here."""
    return next((number for number, way in enumerate(found) if not way.off), 0)


def _adapter(workspace: Workspace) -> DeliveryWay:
    idp = workspace.idp
    if idp is None:
        return DeliveryWay("idp", "write it into the IdP", "", "no connection to it is set up")
    can = idp.capabilities.install
    title = f"write it: {idp.title}" if can else "write it into the IdP"
    return DeliveryWay("idp", title, "what the IdP or the command keeps", "" if can else can.reason)


def _store(workspace: Workspace) -> DeliveryWay:
    named = workspace.profile.token is not None
    off = why_not_store(workspace.profile) if named else "the profile reads no token"
    return DeliveryWay("store", "where this profile reads it", "that file or keyring", off)


def _code(secret: SecretStr | None, size: tuple[int, int]) -> DeliveryWay:
    off = "the text is not in memory"
    if secret is not None:
        off = qr.why_not(secret.get_secret_value(), *size, ascii_only=GLYPHS.ascii)
    return DeliveryWay("code", "QR code", "cameras", off)
