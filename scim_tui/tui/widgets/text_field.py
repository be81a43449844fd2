"""A field to type into."""

from textual.widgets import Input

from scim_tui.tui.faults.guarded import Guarded


class TextField(Guarded, Input):
    """Textual's field, which lives on whatever is typed or pasted into it."""
