"""Help for a screen, made from its table of actions and so always equal to its keys."""

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import zip_longest

from textual.binding import Binding
from textual.widget import Widget

from scim_tui.tui.drawing.text import Line, Span, line, width, wrap
from scim_tui.tui.modals.dialog import Dialog
from scim_tui.tui.shell.actions import EVERYWHERE, SCREENS, Action
from scim_tui.tui.widgets.lines import Wrapped

_KEY = 14
"""Cells for the key and the space around it."""
_LEAST_TEXT = 14
"""Cells below which the text goes on a line of its own, under its key."""
_MOVING = (
    ("j k", "down, up; the arrows too"),
    ("Home End G", "first, last, last"),
    ("PgUp PgDn", "page; Ctrl-U Ctrl-D half a page"),
    ("Tab", "next pane or tab"),
)
_WORDS = (
    ("[ok]", "nothing to do"),
    ("[90]..[ 7]", "days left on a token: plan, book, act, urgent"),
    ("[EXP]", "expired: the IdP is refused"),
    ("[ ?]", "not known; never shown as fine"),
    ("[ !]", "works now; look at it in time"),
    ("[!!]", "needs a look"),
    ("[--]", "nothing to report"),
)
_OUTSIDE = (
    ("no screen", "scim-tui --help: everything here is a command too"),
    ("slow link", "scim-tui --lean; ssh -C; run inside tmux"),
    ("no colour", "NO_COLOR=1; ASCII signs under LC_ALL=C"),
    ("left alone", "Ctrl-A Ctrl-B Ctrl-S Ctrl-Q Ctrl-P, for tmux and screen"),
)


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
        [("1-5", "the five screens"), *_MOVING, *((a.key, a.help) for a in EVERYWHERE)],
    )
    same = blocks(
        "WITHOUT THE SCREEN", [(a.key, f"scim-tui {a.command}") for a in actions if a.command]
    )
    rest = [*blocks("MARKS", _WORDS), *blocks("OUTSIDE", _OUTSIDE)]
    screens = blocks("SCREENS", [(a.key, f"{a.id.capitalize()}: {a.help}") for a in SCREENS])
    if not wide:
        return [*here, *general, *same, *screens, *rest]
    return _beside([*here, *same, *screens], [*general, *rest], column)


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


def _beside(left: list[Line], right: list[Line], cells: int) -> list[Line]:
    pairs = zip_longest(left, right, fillvalue=())
    return [(*one, Span(" " * (cells - width(one))), *two) for one, two in pairs]
