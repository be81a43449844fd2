"""A field for a secret: shown as dots, and never copied to the clipboard."""

from textual.widgets import Input

from scim_tui.tui.faults.guarded import Guarded


class SecretField(Guarded, Input):
    """Takes a typed or pasted secret; a selection in it cannot be copied or cut."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(password=True, compact=True, select_on_focus=False, id=id, classes=classes)
        self.cursor_blink = False

    def action_copy(self) -> None:
        """Copy nothing."""

    def action_cut(self) -> None:
        """Cut nothing."""
