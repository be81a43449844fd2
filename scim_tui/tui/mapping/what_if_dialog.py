"""One person typed in; the result is computed again at each key."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence

from textual import events, on
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget
from textual.widgets import Input

from scim_tui.core.mapping.api import Result
from scim_tui.tui.drawing.text import clean, fit, line
from scim_tui.tui.mapping import messages
from scim_tui.tui.mapping.lines import findings_lines, verdict
from scim_tui.tui.modals.dialog import Dialog
from scim_tui.tui.widgets.lines import Lines
from scim_tui.tui.widgets.text_field import TextField

NAME = 18


class WhatIf(Dialog[None]):
    """A field for each column that the rules look at, and the result below or beside."""

    BINDINGS = [
        Binding("down,enter", "app.focus_next", show=False, priority=True),
        Binding("up", "app.focus_previous", show=False, priority=True),
        Binding("pagedown", "read(1)", show=False, priority=True),
        Binding("pageup", "read(-1)", show=False, priority=True),
    ]
    KEYS = (("Tab Up Down", "fields"), ("PgUp PgDn", "read the result"), ("Esc", "close"))
    DEFAULT_CSS = """
    WhatIf #parts { layout: vertical; height: 1fr; }
    WhatIf #fields { height: 6; scrollbar-size: 0 0; }
    WhatIf #result { height: 1fr; }
    WhatIf .field { height: 1; }
    WhatIf .field Input { width: 1fr; }
    WhatIf.-beside #parts { layout: horizontal; }
    WhatIf.-beside #fields { width: 2fr; height: 1fr; }
    WhatIf.-beside #result { width: 3fr; }
    """

    def __init__(
        self,
        names: Sequence[str],
        example: Mapping[str, object],
        compute: Callable[[Mapping[str, object]], "Result"],
    ) -> None:
        super().__init__(classes="-tall")
        self._names = names
        self._example = example
        self._compute = compute

    def body(self) -> Iterable[Widget]:
        """Title, fields, result."""
        words = messages.WHAT_IF_TITLE
        yield Lines([line((words, "title")), ()], id="words")
        with Horizontal(id="parts"):
            with VerticalScroll(id="fields", can_focus=False):
                for name in self._names:
                    yield from self._field(name)
            yield Lines(id="result")

    def _field(self, name: str) -> Iterable[Widget]:
        shown = self._example.get(name)
        hint = clean(shown) if isinstance(shown, str) else ""
        field = TextField(placeholder=hint, compact=True, select_on_focus=False, name=name)
        field.cursor_blink = False
        with Horizontal(classes="field"):
            yield Lines([line((f"{fit(clean(name), NAME)} ", "dim"))])
            yield field

    def on_mount(self) -> None:
        """Put the cursor into the first field."""
        self.query(Input).first().focus()

    def on_resize(self, event: events.Resize) -> None:
        """Two columns where there is room. Textual also calls the handler of the base class."""
        self.set_class(event.size.width >= 100, "-beside")
        self.call_after_refresh(self._show)

    @on(Input.Changed)
    def _show(self) -> None:
        values = {
            field.name: _typed(field.value)
            for field in self.query(Input)
            if field.name and field.value
        }
        result = self._compute(values)
        pane = self.query_one("#result", Lines)
        cells = pane.size.width or self.cells
        head = line(" ", verdict(result))
        pane.show([(), head, (), *findings_lines(result, cells)])

    def action_read(self, pages: int) -> None:
        """Scroll the result."""
        self.query_one("#result", Lines).action_scroll_page(pages)


def _typed(text: str) -> object:
    """A list or an object where JSON of one was typed, else the text as it is."""
    if text.lstrip()[:1] not in ("[", "{"):
        return text
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return found
