"""A field to type into."""

import re

from textual.widgets import Input

from scim_tui.tui.faults.guarded import Guarded

_HALVES = re.compile("[\ud800-\udfff]")


class TextField(Guarded, Input):
    """Textual's field; no typed or pasted text ends its message loop."""
