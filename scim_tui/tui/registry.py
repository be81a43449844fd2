"""The class of each screen; a screen's module is imported at its first use."""

from importlib import import_module

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


def make(name: str) -> Page:
    """A new screen by its name. Raises `KeyError`."""
    module, class_name = SCREENS[name]
    page: Page = getattr(import_module(module), class_name)()
    return page


def load_ahead() -> None:
    """Import the modules of the other screens, in a thread, before their keys are pressed."""
    for name in ("directory", "tokens", "activity", "mapping"):
        import_module(SCREENS[name][0])
