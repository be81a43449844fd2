"""A field for a secret: dots on the screen, and no way to the clipboard."""

from textual.widgets import Input

from scim_tui.tui.faults.guarded import Guarded


class SecretField(Guarded, Input):
    """Takes a secret by hand or by paste; what is selected in it cannot be copied or cut."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(password=True, compact=True, select_on_focus=False, id=id, classes=classes)
        self.cursor_blink = False

    def action_copy(self) -> None:
        """Copy nothing."""

    def action_cut(self) -> None:
        """Cut nothing."""
