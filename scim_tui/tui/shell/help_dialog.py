"""Help for a screen, generated from its actions, so that it names the keys that work."""

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import zip_longest

from textual.binding import Binding
from textual.widget import Widget

from scim_tui.tui.drawing.text import Line, Span, line, width, wrap
from scim_tui.tui.modals.dialog import Dialog
from scim_tui.tui.shell import messages
from scim_tui.tui.shell.actions import EVERYWHERE, SCREENS, Action
from scim_tui.tui.widgets.lines import Wrapped

_KEY = 14
"""Cells for the key and the space around it."""
_LEAST_TEXT = 14
"""Cells below which the text goes on a line of its own, under its key."""


class HelpDialog(Dialog[None]):
    """The dialog behind `?`."""

    BINDINGS = [Binding("q,question_mark", "cancel", show=False)]
    KEYS = (("j k PgDn", "scroll"), ("Esc", "close"))

    def __init__(self, name: str, actions: Sequence[Action]) -> None:
        super().__init__(classes="-tall")
        self._about = name
        self._actions = actions

    def body(self) -> Iterable[Widget]:
        """One block of lines; two columns where there is room."""
        yield Wrapped(partial(_page, self._about, self._actions), can_focus=True)

    def on_mount(self) -> None:
        """Keys scroll at once."""
        self.query_one(Wrapped).focus()


def _page(name: str, actions: Sequence[Action], cells: int) -> list[Line]:
    wide = cells >= 110
    column = cells // 2 if wide else cells
    blocks = partial(_block, cells=column)
    here = blocks(f"{name.upper()} SCREEN", [(a.key, a.help) for a in actions])
    general = blocks(
        "EVERYWHERE",
        [
            ("1-5", messages.FIVE_SCREENS),
            *messages.HELP_MOVING,
            *((a.key, a.help) for a in EVERYWHERE),
        ],
    )
    same = blocks(
        "WITHOUT THE SCREEN", [(a.key, f"scim-tui {a.command}") for a in actions if a.command]
    )
    rest = [*blocks("MARKS", messages.HELP_MARKS), *blocks("OUTSIDE", messages.HELP_OUTSIDE)]
    screens = blocks("SCREENS", [(a.key, f"{a.id.capitalize()}: {a.help}") for a in SCREENS])
    if not wide:
        return [*here, *general, *same, *screens, *rest]
    return _side_by_side([*here, *same, *screens], [*general, *rest], column)


def _block(title: str, rows: Sequence[tuple[str, str]], cells: int) -> list[Line]:
    if not rows:
        return []
    lines = [line((f" {title}", "title"))]
    for key, text in rows:
        if cells - _KEY - 1 < _LEAST_TEXT:
            lines.append(line((f" {key}", "accent")))
            lines += [line(f"  {row}") for row in wrap(text, cells - 3)]
            continue
        first, *more = wrap(text, cells - _KEY - 1)
        lines.append(line((f"   {key:<{_KEY - 3}}", "accent"), first))
        lines += [line(" " * _KEY, row) for row in more]
    return [*lines, ()]


def _side_by_side(left: list[Line], right: list[Line], cells: int) -> list[Line]:
    pairs = zip_longest(left, right, fillvalue=())
    return [(*one, Span(" " * (cells - width(one))), *two) for one, two in pairs]
