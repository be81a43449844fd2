"""A field to type into."""

import re

from textual.widgets import Input

from scim_tui.tui.faults.guarded import Guarded

_HALVES = re.compile("[\ud800-\udfff]")


class TextField(Guarded, Input):
    """Textual's field, which lives on whatever is typed or pasted into it."""

    def replace(self, text: str, start: int, end: int) -> None:
        """Take text; half a character, which no file and no search can hold, becomes a sign."""
        super().replace(_HALVES.sub("\N{REPLACEMENT CHARACTER}", text), start, end)
