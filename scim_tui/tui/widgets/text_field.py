"""A field to type into."""

from textual.widgets import Input

from scim_tui.tui.faults.guarded import Guarded


class TextField(Guarded, Input):
    """Textual's field; no typed or pasted text ends its message loop."""
