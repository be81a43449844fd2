"""A new secret, hidden at first: it can be copied, saved to a file, or shown for 30 seconds."""

import hashlib
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence

from pydantic import SecretStr
from textual import work
from textual.app import SuspendNotSupported
from textual.binding import Binding
from textual.timer import Timer
from textual.widget import Widget

from scim_tui.model.errors import ScimTuiError
from scim_tui.model.provisioning import NewToken
from scim_tui.tui.drawing.text import GLYPHS, Line, Span, chop, line, wrap
from scim_tui.tui.modals import messages
from scim_tui.tui.modals.dialog import Dialog
from scim_tui.tui.modals.prompt import Prompt
from scim_tui.tui.widgets.lines import Wrapped

SHOWN_SECONDS = 30.0
SECOND_SECONDS = 0.8
"""Two presses of Esc closer than this count as one."""


class SecretDialog(Dialog[bool]):
    """Answers whether the secret was copied or saved; if not, Escape has to be pressed twice."""

    BINDINGS = [
        Binding("c", "copy", show=False),
        Binding("e", "copy_endpoint", show=False),
        Binding("s", "show", show=False),
        Binding("4,w", "show_alone", show=False),
        Binding("7", "show_code", show=False),
        Binding("f", "save", show=False),
        Binding("enter,q", "cancel", show=False),
        Binding("ctrl+z", "stay", show=False),
    ]
    KEYS = (
        ("c", "copy secret"),
        ("e", "copy endpoint"),
        ("s", "show"),
        ("4", "alone"),
        ("f", "save to file"),
        ("Esc", "close"),
    )

    def __init__(
        self,
        new: NewToken,
        endpoint: str,
        save: Callable[[SecretStr, str], Awaitable[object]],
        suggested_path: str = "",
    ) -> None:
        super().__init__()
        self._new = new
        self._endpoint = endpoint
        self._save = save
        self._path = suggested_path
        self._handed_over: list[str] = []
        self._asked_at: float | None = None
        self._shown = False
        self._words: tuple[str, str] = ("", "")
        self._timer: Timer | None = None

    def body(self) -> Iterable[Widget]:
        """One block of lines that changes as the secret is handed over."""
        yield Wrapped(self._lines, id="secret")

    @staticmethod
    def clock() -> float:
        """Seconds, to distinguish a second press of Esc from a bounce."""
        return time.monotonic()

    @property
    def handed_over(self) -> Sequence[str]:
        """How it was handed over so far."""
        return tuple(self._handed_over)

    def _secret(self) -> str:
        return self._new.secret.get_secret_value()

    def _lines(self, cells: int) -> list[Line]:
        secret = self._secret()
        digest = hashlib.sha256(secret.encode()).hexdigest()
        cells -= 2
        shown = chop(secret, cells) if self._shown else ["*" * min(len(secret), cells)]
        lines = [
            line((messages.new_token(self._new.token.id), "title")),
            line((messages.fingerprint(len(secret), digest), "dim")),
            (),
            *(line(Span(f"  {piece}", "accent" if self._shown else "dim")) for piece in shown),
            (),
            line((messages.FOR_ENDPOINT, "dim")),
            *(line(f"  {piece}") for piece in wrap(self._endpoint, cells)),
            (),
        ]
        ways = ", ".join(self._handed_over) or messages.NOTHING_YET
        lines.append(
            line((messages.HANDED_OVER, "dim"), (ways, "good" if self._handed_over else "warn"))
        )
        text, role = self._words
        return [*lines, *(line((f"  {row}", role)) for row in wrap(text, cells - 2))]

    def _redraw(self) -> None:
        # Esc may come before the widget is mounted; it draws the same words then.
        for lines in self.query("#secret").results(Wrapped):
            lines.make()

    def _say(self, words: str, role: str = "good") -> None:
        self._words = (words, role)
        self._redraw()

    @work(group="copy", description="copy")
    async def action_copy(self) -> None:
        """Send the secret to the clipboard."""
        words = await self.app.copy(self._secret())
        self._handed_over.append("clipboard")
        self._say(words)

    @work(group="copy", description="copy endpoint")
    async def action_copy_endpoint(self) -> None:
        """Send the endpoint to the clipboard."""
        self._say(await self.app.copy(self._endpoint))

    def action_show(self) -> None:
        """Show the secret for thirty seconds, or hide it again."""
        self._shown = not self._shown
        if self._timer is not None:
            self._timer.stop()
        if self._shown:
            self._timer = self.set_timer(SHOWN_SECONDS, self._hide)
            self._note_shown()
        self._redraw()

    def action_show_alone(self) -> None:
        """Show only the secret on the terminal, so that one selection copies all of it."""
        self._show_outside((self._secret(),))

    def action_show_code(self) -> None:
        """Show it as a QR code, where there is room for one."""
        from scim_tui.tui.terminal import qr

        size = self.app.size
        reason = qr.why_not(self._secret(), size.width, size.height, ascii_only=GLYPHS.ascii)
        if reason:
            self._say(reason, "warn")
            return
        self._show_outside(qr.lines(self._secret()), messages.ANY_KEY_HIDES)

    def _show_outside(self, lines: Sequence[str], hint: str = "") -> None:
        """Show lines outside the app. Blocks the event loop: nothing else may write meanwhile."""
        from scim_tui.tui.terminal import raw_view

        self._hide()
        if reason := raw_view.HERE.why_not():
            self._say(reason, "warn")
            return
        try:
            with self.app.suspend():
                raw_view.show_lines(lines, hint=hint or raw_view.HINT)
        except SuspendNotSupported:
            self._say(messages.NO_SUSPEND, "warn")
            return
        self._note_shown()
        self.app.draw_again()
        self._say(messages.HIDDEN_AGAIN)

    def _note_shown(self) -> None:
        if messages.LOOKED_AT not in self._handed_over:
            self._handed_over.append(messages.LOOKED_AT)

    def action_stay(self) -> None:
        """Refuse Ctrl-Z: a stopped program must not hold a secret in memory."""
        self._say(messages.NO_CTRL_Z, "warn")

    def _hide(self) -> None:
        self._shown = False
        self._redraw()

    @work(group="save", description="save")
    async def action_save(self) -> None:
        """Write the secret to a new file that only its owner can read."""
        prompt = Prompt(messages.SAVE_TITLE, (messages.NEW_FILE,), self._path, self._written)
        if not (path := await self.app.push_screen_wait(prompt)):
            return
        self._handed_over.append("file")
        self._say(messages.saved(path))

    async def _written(self, path: str) -> str:
        if not path.strip():
            return messages.TYPE_PATH
        try:
            await self._save(self._new.secret, path)
        except ScimTuiError as error:
            return error.sentence
        return ""

    def action_cancel(self) -> None:
        """Close; ask once more if the secret would be lost."""
        kept = bool({"clipboard", "file"} & set(self._handed_over))
        if not kept and self._asked_at is None:
            self._asked_at = self.clock()
            self._say(messages.LOST, "bad")
        elif kept or self.clock() - (self._asked_at or 0) >= SECOND_SECONDS:
            self._shown = False
            self.dismiss(kept)
