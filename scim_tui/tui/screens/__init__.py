"""One file a screen; `make` loads only the one that is asked for."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scim_tui.tui.screens.page import Page


def make(name: str) -> "Page":
    """A fresh screen by its name. Raises `KeyError`."""
    match name:
        case "status":
            from scim_tui.tui.screens.status import StatusPage

            return StatusPage()
        case "tokens":
            from scim_tui.tui.screens.tokens import TokensPage

            return TokensPage()
        case "mapping":
            from scim_tui.tui.screens.mapping import MappingPage

            return MappingPage()
        case "directory":
            from scim_tui.tui.screens.directory import DirectoryPage

            return DirectoryPage()
        case "activity":
            from scim_tui.tui.screens.activity import ActivityPage

            return ActivityPage()
        case "rotation":
            from scim_tui.tui.screens.rotation import RotationPage

            return RotationPage()
    raise KeyError(name)


def load_ahead() -> None:
    """Load the modules of the other screens, off the loop, before their keys are pressed."""
    for name in ("directory", "tokens", "activity", "mapping"):
        import_module(f"{__name__}.{name}")
