"""Help for a screen, made from the table of actions, so that it cannot differ from the keys."""

from collections.abc import Iterable, Sequence

from textual.binding import Binding
from textual.widget import Widget

from scim_tui.tui.actions import EVERYWHERE, SCREENS, Action
from scim_tui.tui.modals.dialog import Dialog
from scim_tui.tui.text import Line, Span, fit, line
from scim_tui.tui.widgets.lines import Lines

_MOVING = (
    ("j k", "down, up; the arrows too"),
    ("G Home End", "last, first, last"),
    ("PgUp PgDn", "page; Ctrl-U Ctrl-D half a page"),
    ("Tab", "next pane or tab"),
)
_WORDS = (
    ("[ok]", "nothing to do"),
    ("[90]..[ 7]", "days left on a token: plan, book, act, urgent"),
    ("[EXP]", "expired: the IdP is refused"),
    ("[ ?]", "not known; never shown as fine"),
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
    """The page behind `?`."""

    BINDINGS = [Binding("q,question_mark", "cancel", show=False)]
    KEYS = (("j k PgDn", "scroll"), ("Esc", "close"))

    def __init__(self, name: str, actions: Sequence[Action]) -> None:
        super().__init__(classes="-tall")
        self._about = name
        self._actions = actions

    def body(self) -> Iterable[Widget]:
        """One block of lines; two columns where there is room."""
        wide = self.app.size.width >= 110
        yield Lines(_page(self._about, self._actions, wide), can_focus=True)

    def on_mount(self) -> None:
        """Keys scroll at once."""
        self.query_one(".box Lines", Lines).focus()


def _page(name: str, actions: Sequence[Action], wide: bool) -> list[Line]:
    here = _block(f"{name.upper()} SCREEN", [(a.key, a.help) for a in actions])
    general = _block("EVERYWHERE", [("1-5", "the five screens"), *_MOVING,
                                    *((a.key, a.help) for a in EVERYWHERE)])  # fmt: skip
    same = _block("WITHOUT THE SCREEN", [(a.key, f"scim-tui {a.command}") for a in actions
                                         if a.command])  # fmt: skip
    rest = [*_block("MARKS", _WORDS), *_block("OUTSIDE", _OUTSIDE)]
    screens = _block("SCREENS", [(a.key, f"{a.id.capitalize()}: {a.help}") for a in SCREENS])
    if not wide:
        return [*here, *general, *same, *screens, *rest]
    return _beside([*here, *same, *screens], [*general, *rest])


def _block(title: str, rows: Sequence[tuple[str, str]]) -> list[Line]:
    if not rows:
        return []
    lines = [line((f" {title}", "title"))]
    lines += [line((f"   {key:<11}", "accent"), text) for key, text in rows]
    return [*lines, ()]


def _beside(left: list[Line], right: list[Line], cells: int = 58) -> list[Line]:
    height = max(len(left), len(right))
    pad: list[Line] = [()] * height
    pairs = zip([*left, *pad][:height], [*right, *pad][:height], strict=True)
    return [(*_cut(one, cells), *two) for one, two in pairs]


def _cut(spans: Line, cells: int) -> Line:
    cut: list[Span] = []
    for index, span in enumerate(spans):
        is_last = index == len(spans) - 1
        used = sum(len(done.text) for done in cut)
        cut.append(Span(fit(span.text, cells - used), span.role) if is_last else span)
    return tuple(cut) or (Span(" " * cells),)
