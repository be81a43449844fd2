"""The ways to hand a new secret over, each with where it leaves a copy or why it is off here."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import SecretStr

from scim_tui.config.store_secret import why_not_store
from scim_tui.core.workspace import Workspace
from scim_tui.tui.drawing.text import GLYPHS
from scim_tui.tui.rotation import messages
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
            messages.BY_TMUX,
            messages.YOUR_CLIPBOARD,
            "" if tmux else messages.NO_TMUX,
        ),
        DeliveryWay(
            "clipboard",
            messages.BY_CLIPBOARD,
            messages.YOUR_CLIPBOARD,
            messages.TMUX_DROPS if tmux else "",
        ),
        DeliveryWay("show", messages.AS_TEXT, messages.EYES),
        DeliveryWay("file", messages.TO_FILE, messages.DISK),
        _store(workspace),
        _code(secret, size),
    )


def best(found: Sequence[DeliveryWay]) -> int:
    """Where the cursor starts: the first way that is possible here."""
    return next((number for number, way in enumerate(found) if not way.off), 0)


def _adapter(workspace: Workspace) -> DeliveryWay:
    idp = workspace.idp
    if idp is None:
        return DeliveryWay("idp", messages.INTO_IDP, "", messages.NO_IDP)
    can = idp.capabilities.install
    title = f"write it: {idp.title}" if can else messages.INTO_IDP
    return DeliveryWay("idp", title, messages.IDP_KEEPS, "" if can else can.reason)


def _store(workspace: Workspace) -> DeliveryWay:
    named = workspace.profile.token is not None
    off = why_not_store(workspace.profile) if named else messages.NO_STORE
    return DeliveryWay("store", messages.TO_STORE, messages.FILE_OR_KEYRING, off)


def _code(secret: SecretStr | None, size: tuple[int, int]) -> DeliveryWay:
    off = messages.NOT_IN_MEMORY
    if secret is not None:
        off = qr.why_not(secret.get_secret_value(), *size, ascii_only=GLYPHS.ascii)
    return DeliveryWay("code", messages.AS_CODE, messages.CAMERAS, off)
