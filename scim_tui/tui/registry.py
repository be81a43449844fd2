"""Which class each screen is; only the module of the screen that is asked for is loaded."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scim_tui.tui.shell.page import Page

SCREENS = {
    "status": ("scim_tui.tui.status.screen", "StatusPage"),
    "tokens": ("scim_tui.tui.tokens.screen", "TokensPage"),
    "mapping": ("scim_tui.tui.mapping.screen", "MappingPage"),
    "directory": ("scim_tui.tui.directory.screen", "DirectoryPage"),
    "activity": ("scim_tui.tui.activity.screen", "ActivityPage"),
    "rotation": ("scim_tui.tui.rotation.screen", "RotationPage"),
}
"""The module and the class of each screen, by its name."""


def make(name: str) -> "Page":
    """A fresh screen by its name. Raises `KeyError`."""
    module, class_name = SCREENS[name]
    page: Page = getattr(import_module(module), class_name)()
    return page


def load_ahead() -> None:
    """Load the modules of the other screens, off the loop, before their keys are pressed."""
    for name in ("directory", "tokens", "activity", "mapping"):
        import_module(SCREENS[name][0])
