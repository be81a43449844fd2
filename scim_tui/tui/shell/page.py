"""The base of all screens: the frame, the actions with their reasons, and the message line."""

from collections.abc import Coroutine, Iterable, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget

from scim_tui.tui.drawing.text import Line
from scim_tui.tui.faults.guarded import Guarded, report_fault
from scim_tui.tui.session.host import ShellHost
from scim_tui.tui.session.session import Session
from scim_tui.tui.shell import messages
from scim_tui.tui.shell.actions import EVERYWHERE, SCREENS, Action, bindings, find
from scim_tui.tui.shell.frame import bottom_lines, tiny_line, top_lines
from scim_tui.tui.terminal.first_paint import DeferredPaintScreen
from scim_tui.tui.widgets.lines import Lines

WIDE = 100
"""Columns from which the list and the detail are side by side."""
LEAST = (60, 15)


class Page(Guarded, DeferredPaintScreen[None]):
    """A screen of the shell. Subclasses give `ACTIONS`, a body, and `draw`."""

    NAME: ClassVar[str] = ""
    ACTIONS: ClassVar[tuple[Action, ...]] = ()
    BINDINGS = bindings((*SCREENS, *EVERYWHERE))
    AUTO_FOCUS = ".focus-first"
    app: ShellHost  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self._words: tuple[str, str] | None = None
        self._passing = False

    @property
    def secret_held(self) -> bool:
        """Whether leaving the session would lose a secret that is in memory only."""
        return False

    @property
    def session(self) -> Session:
        """The open profile and its newest snapshot."""
        return self.app.session

    def seen(self) -> None:
        """Let the app open the connection after the first paint."""
        self.app.first_paint_done()

    def compose(self) -> ComposeResult:
        """The frame above, the body, the frame below."""
        yield Lines(self._top(), id="top")
        with Container(id="body"):
            yield from self.body()
        yield Lines(self._bottom(), id="bottom")

    def body(self) -> Iterable[Widget]:
        """The widgets between the two frames."""
        return ()

    def draw(self) -> None:
        """Draw the body from the session; called often, so it must be cheap."""

    def _top(self) -> Sequence[Line]:
        if self.app.size.width < LEAST[0] or self.app.size.height < LEAST[1]:
            return (tiny_line(self.session, self.app.size.width),)
        return top_lines(self.session, self.NAME, self.app.size.width)

    def _bottom(self) -> Sequence[Line]:
        actions = (*self.ACTIONS, *EVERYWHERE)
        off = [a.id for a in actions if self.drawable and a.hint and self.why_not(a)]
        return bottom_lines(self.session, actions, self.words, self.app.size.width, off)

    @property
    def words(self) -> tuple[str, str] | None:
        """The sentence shown now and its role: of this screen, or the session's notice."""
        notice = self.session.notice
        return self._words or ((notice, "warn") if notice else None)

    def redraw(self) -> None:
        """Draw frame and body from the session, unless a dialog is in front."""
        if not (self.is_active and self.drawable):
            return
        if self._passing:
            self._words, self._passing = None, False
        self.query_one("#top", Lines).show(self._top())
        self._draw_bottom()
        self.draw()

    def _draw_bottom(self) -> None:
        if self.drawable:
            self.query_one("#bottom", Lines).show(self._bottom())

    def on_screen_resume(self) -> None:
        """Draw what changed while another screen was in front."""
        self.redraw()

    def on_resize(self, event: events.Resize) -> None:
        """Choose the layout for this size."""
        tiny = event.size.width < LEAST[0] or event.size.height < LEAST[1]
        self.set_class(tiny, "-tiny")
        self.set_class(event.size.width >= WIDE and not self.app.lean, "-wide")
        self.call_after_refresh(self.redraw)

    def say(self, words: str, role: str = "accent", *, passing: bool = False) -> None:
        """Show a sentence above the key line until the next key; a passing one until a redraw."""
        self._words, self._passing = (words, role), passing
        self._draw_bottom()

    def say_fault(self, words: str) -> None:
        """Show a fault above the key line."""
        self.say(messages.fault(words), "bad")

    def on_key(self, event: events.Key) -> None:
        """Remove the sentence at the next key."""
        if self._words is not None or self.session.notice:
            self._words, self.session.notice = None, ""
            self._draw_bottom()

    @property
    def all_actions(self) -> tuple[Action, ...]:
        """The actions of this screen and those of every screen."""
        return (*self.ACTIONS, *EVERYWHERE, *SCREENS)

    def why_not(self, action: Action) -> str | None:
        """Why an action is off, as a sentence; None if it is on."""
        try:
            return self._why_not(action)
        except Exception as error:
            report_fault(self, error)
            if action not in self.ACTIONS:
                return None
            return messages.REASON_FAILED

    def _why_not(self, action: Action) -> str | None:
        if action.changes and self.session.read_only:
            return messages.READ_ONLY
        if action.changes and self.session.workspace is None:
            return messages.NOT_OPEN
        if action.changes and self.session.trouble is not None:
            return messages.NO_ANSWER
        if action.id == "profiles" and (reason := self._why_not_leave()):
            return reason
        if action.id == "details" and not self.app.has_fault:
            return messages.NO_FAULT
        return self.reason(action)

    def reason(self, action: Action) -> str | None:
        """Why this screen switches an action off; None if it does not."""
        return None

    async def action_do(self, id: str) -> None:
        """Run an action, or say why it is off."""
        action = find(self.all_actions, id)
        if reason := self.why_not(action):
            self.say(messages.off(action.label, reason), "warn")
            return
        await self.perform(action)

    async def perform(self, action: Action) -> None:
        """Run an action that is on."""
        screen_ids = {screen.id for screen in SCREENS}
        if action.id in screen_ids:
            self.app.go_to(action.id)
            return
        await getattr(self, f"do_{action.id}")()

    def change(self, work: Coroutine[object, object, None]) -> None:
        """Run a change with its dialogs, in a worker; a new one cancels the one before."""
        self.run_worker(work, group="change", exclusive=True, description="change")

    async def do_refresh(self) -> None:
        """Ask the server now."""
        self.session.look_now()
        self.say(messages.ASKING_AGAIN, "dim", passing=True)

    async def do_pause(self) -> None:
        """Pause the live updates, or resume them."""
        self.session.paused = not self.session.paused
        self.session.look_now()
        self.redraw()

    async def do_copy(self) -> None:
        """Copy what the cursor is on."""
        text = self.copyable()
        if not text:
            self.say(messages.NOTHING_TO_COPY, "warn")
            return
        self.say(await self.app.copy(text))

    def copyable(self) -> str:
        """What `y` copies; empty: nothing."""
        return ""

    def _why_not_leave(self) -> str | None:
        """Why the profile cannot be left now."""
        from scim_tui.tui.shell import leaving

        if leaving.changing(self.app):
            return messages.CHANGE_RUNS
        if self.app.holds_a_secret:
            return messages.LEAVING_LOSES_IT
        return None

    async def do_write(self) -> None:
        """Allow changes, after a typed word, or forbid them again."""
        from scim_tui.tui.shell import write_mode

        if workspace := self.session.workspace:
            switch = write_mode.switch(self, workspace)
            self.run_worker(switch, group="dialog", description="write")

    async def do_profiles(self) -> None:
        """Choose another profile."""
        await self.run_action("app.choose_profile")

    async def do_command(self) -> None:
        """Open the command line."""
        self.run_worker(self._run_command(), group="dialog", description="command")

    async def _run_command(self) -> None:
        from scim_tui.tui.shell.command_dialog import CommandLine

        if typed := await self.app.ask(CommandLine(self.all_actions)):
            await self.action_do(typed)

    async def do_actions(self) -> None:
        """List all actions with their reasons."""
        self.run_worker(self._choose_action(), group="dialog", description="actions")

    async def _choose_action(self) -> None:
        from scim_tui.tui.shell.actions_dialog import ActionsDialog

        rows = [(action, self.why_not(action)) for action in self.all_actions]
        if chosen := await self.app.ask(ActionsDialog(rows)):
            await self.action_do(chosen)

    async def do_help(self) -> None:
        """Explain this screen."""
        from scim_tui.tui.shell.help_dialog import HelpDialog

        help_page = HelpDialog(self.NAME, self.ACTIONS)
        self.run_worker(self.app.ask(help_page), group="dialog", description="help")

    async def do_details(self) -> None:
        """Show what failed inside this program."""
        await self.run_action("app.show_fault")

    async def do_theme(self) -> None:
        """Change to the next theme."""
        await self.run_action("app.next_theme")

    async def do_redraw(self) -> None:
        """Paint everything again."""
        self.app.draw_again()

    async def do_stop(self) -> None:
        """Stop what runs; a second time ends the app."""
        await self.run_action("app.interrupt")

    def stop(self) -> str:
        """Stop what runs on this screen; returns a sentence about what was stopped."""
        return messages.NOTHING_RUNS

    async def do_back(self) -> None:
        """Go back one step."""

    async def do_quit(self) -> None:
        """End the app, after a question if something would end with it."""
        self.run_worker(self._leave(), group="leave", exclusive=True, description="leave")

    async def _leave(self) -> None:
        from scim_tui.tui.shell import leaving

        if await leaving.may_leave(self.app, messages.LEAVE):
            self.app.exit(0)
