"""The app: themes, screens, dialogs, and safety of the terminal. It knows no users or tokens."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from textual import events, work
from textual.app import App
from textual.binding import Binding
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen
from textual.worker import WorkerFailed

from scim_tui.model.clock import Clock, utc_now
from scim_tui.tui.drawing import theme
from scim_tui.tui.drawing.text import NoControl
from scim_tui.tui.faults.crash_file import Fault, Faults
from scim_tui.tui.faults.guarded import Lasting
from scim_tui.tui.session.session import Session
from scim_tui.tui.terminal.first_paint import Whole
from scim_tui.tui.terminal.key_queue import Handled, Turns

if TYPE_CHECKING:
    from pathlib import Path

    from scim_tui.config.profiles import Profile
    from scim_tui.tui.shell.page import Page

R = TypeVar("R")
AHEAD_SECONDS = 1.0
"""After the first paint; by then the connection is mostly open, which matters more."""
AGE_SECONDS = 20.0
"""Ages on the screen are in minutes, so looking at them this often is enough."""


class ScimApp(Lasting, App[int]):
    """The five screens over one session."""

    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [
        Binding("ctrl+q", "nothing", show=False, priority=True),
        Binding("ctrl+c", "interrupt", show=False, system=True),
        Binding("ctrl+z", "suspend_process", show=False),
    ]

    def __init__(
        self,
        session: Session,
        *,
        theme_name: str = "dark",
        clock: Clock = utc_now,
        switch: Callable[["Profile"], Session] | None = None,
        profiles: Sequence["Profile"] = (),
        lean: bool = False,
        first: bool = False,
    ) -> None:
        super().__init__()
        self.animation_level = "none"
        self.session = session
        self.clock = clock
        self.lean = lean
        self._first = first
        self.profiles = list(profiles)
        self.draft: dict[str, str] = {}
        """A profile that was begun and not saved; never its secret."""
        self.faults = Faults(clock)
        self.ended_by: Fault | None = None
        """The fault that ended the app, if one did."""
        self._telling = False
        self._switch = switch
        self._pages: dict[str, Page] = {}
        self._filter = NoControl()
        self._interrupted_at: datetime | None = None
        self._opened = False
        self._turns = Turns(self, self.post_message)
        for choice in theme.THEMES.values():
            self.register_theme(choice)
        self.theme = theme.THEMES[theme_name].name

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The filters of the framework and, last, our net against control characters."""
        return [*super().get_line_filters(), self._filter]

    async def on_event(self, event: events.Event) -> None:
        """Keys take turns; everything else is handled as it comes."""
        if not isinstance(event, (events.Key, events.Paste)) or event.is_forwarded:
            await super().on_event(event)
        elif not self._turns.holds(event):
            self.faults.key_pressed()
            target = self.focused or self.screen
            try:
                await super().on_event(event)
            finally:
                if not target.post_message(Handled()):
                    self._turns.handled()

    async def on_handled(self) -> None:
        """Let the next key come, after what this one left to be done."""
        # A dialog that the key asked for comes to the front in the next turns of the loop.
        for _ in range(3):
            await asyncio.sleep(0)
        self.call_later(self._turns.handled)

    def get_driver_class(self) -> type[Driver]:
        """The framework's way to the terminal, but sending only what changed."""
        from scim_tui.tui.terminal.driver import ThriftyDriver

        return ThriftyDriver

    def draw_again(self) -> None:
        """Paint everything, also what should be on the terminal already."""
        from scim_tui.tui.terminal.driver import ThriftyDriver

        if isinstance(self._driver, ThriftyDriver):
            self._driver.forget()
        self.refresh(repaint=True, layout=True)

    def get_default_screen(self) -> Screen[None]:
        """The first screen, made without anything the others need."""
        page = self.page("status")
        # Textual gives pushed screens a callback and takes it back when they are switched away;
        # without one here, the first change of screen would fail.
        page._push_result_callback(page, None)
        return page

    def page(self, name: str) -> "Page":
        """The screen with this name, made when it is first asked for."""
        if name not in self._pages:
            from scim_tui.tui.registry import make

            page = make(name)
            # Installed screens keep their state while another one is in front.
            self.install_screen(page, f"{name} {id(page)}")
            self._pages[name] = page
        return self._pages[name]

    def on_mount(self) -> None:
        """Keep ages true."""
        self.session.listen(self.redraw, self.survived)
        self.set_interval(AGE_SECONDS, self.redraw)

    def page_seen(self) -> None:
        """The connection is opened when there is something to look at meanwhile."""
        if not self._opened:
            self._opened = True
            if self._first:
                self._welcome()
            else:
                self._live()
            self.set_timer(AHEAD_SECONDS, self._load_ahead)

    async def _shutdown(self) -> None:
        """End what runs before the screens go, so that none of it draws on one that is gone."""
        await asyncio.sleep(0)  # what was just begun can only be cancelled once it has begun
        self._running = False
        self.workers.cancel_all()
        await super()._shutdown()

    async def on_unmount(self) -> None:
        """The connection is closed before the loop ends, so that nothing of it is cut off."""
        self.workers.cancel_group(self, "live")
        await self.session.ended()

    @work(group="dialog", description="welcome")
    async def _welcome(self) -> None:
        from scim_tui.tui.profiles import work as profile_work

        if not await profile_work.welcome(self):
            self._live()

    @work(thread=True, group="ahead", description="modules")
    def _load_ahead(self) -> None:
        from scim_tui.tui.registry import load_ahead

        load_ahead()

    @work(exclusive=True, group="live", description="live")
    async def _live(self) -> None:
        await self.session.run(self.clock)

    def redraw(self) -> None:
        """Bring the screen in front in line with the session."""
        for page in self._pages.values():
            page.redraw()

    def go_to(self, name: str) -> None:
        """Show one of the five screens."""
        page = self.page(name)
        if page is not self.screen:
            self.switch_screen(page)

    def next_theme(self) -> str:
        """Change to the theme after this one; returns its word."""
        words = [word for word, choice in theme.THEMES.items() if choice.name == self.theme]
        order = list(theme.THEMES)
        word = order[(order.index(words[0]) + 1) % len(order)] if words else order[0]
        self.theme = theme.THEMES[word].name
        return word

    async def ask(self, dialog: Screen[R]) -> R | None:
        """Show a dialog and wait for its answer; nothing live moves behind it."""
        self.session.frozen = True
        try:
            return await self.push_screen_wait(dialog)
        finally:
            self.session.frozen = False
            self.session.look_now()

    async def copy(self, text: str) -> str:
        """Send a text towards the clipboard; says what is known of its arrival."""
        from scim_tui.tui.terminal import clipboard

        def write(sequence: str) -> None:
            if self._driver is not None:
                self._driver.write(sequence)

        return await clipboard.copy(text, write)

    @work(group="dialog", description="profiles")
    async def choose_profile(self) -> None:
        """Switch to another profile, or add one."""
        from scim_tui.tui.profiles import work as profile_work

        await profile_work.choose(self)

    @work(group="dialog", description="diagnose")
    async def diagnose(self) -> None:
        """Look at the connection stage by stage."""
        from scim_tui.tui.profiles import work as profile_work

        await profile_work.diagnose(self)

    @property
    def holds_a_secret(self) -> bool:
        """Whether a new secret would be lost with the session."""
        wizard = self._pages.get("rotation")
        return bool(wizard is not None and getattr(wizard, "secret_held", False))

    def open_profile(self, profile: "Profile") -> None:
        """Leave the session for one on this profile."""
        if self._switch is not None:
            self.open(self._switch(profile))

    def open(self, session: Session) -> None:
        """Leave the session for another one; nothing of the old one stays."""
        self.session = session
        old, front = list(self._pages.values()), self.screen
        self._pages.clear()
        session.listen(self.redraw, self.survived)
        self.switch_screen(self.page("status"))
        for page in old:
            self.uninstall_screen(page)
            self.workers.cancel_node(page)
            if page.is_running and page is not front:
                page.remove()
        self._live()

    @work(group="dialog", description="actions")
    async def list_actions(self, page: "Page") -> None:
        """Show every action of a screen with its reason, and run the chosen one."""
        from scim_tui.tui.shell.actions_dialog import ActionsDialog

        rows = [(action, page.why_not(action)) for action in page.all_actions]
        if chosen := await self.ask(ActionsDialog(rows)):
            await page.action_do(chosen)

    @work(group="dialog", description="help")
    async def show_help(self, page: "Page") -> None:
        """Explain the screen and its keys."""
        from scim_tui.tui.shell.help_dialog import HelpDialog

        await self.ask(HelpDialog(page.NAME, page.ACTIONS))

    @work(group="dialog", description="command")
    async def command_line(self, page: "Page") -> None:
        """Take a `:` command."""
        from scim_tui.tui.shell.command_dialog import CommandLine

        if typed := await self.ask(CommandLine(page.all_actions)):
            await page.action_do(typed)

    def interrupt(self, page: "Page") -> None:
        """Stop what runs on the page; the second time within a second leaves."""
        from scim_tui.tui.shell import leaving

        now = self.clock()
        again = self._interrupted_at is not None and (now - self._interrupted_at).seconds < 1
        self._interrupted_at = now
        if again:
            self.exit(130)
            return
        stopped, ends = page.stop(), ", ".join(each.short for each in leaving.at_hand(self))
        page.say(f"{stopped} Ctrl-C again leaves{f', and ends {ends}' if ends else ''}.", "warn")

    def action_interrupt(self) -> None:
        """Ctrl-C where no screen takes it."""
        if (page := self._front()) is not None:
            self.interrupt(page)

    def _front(self) -> "Page | None":
        return next((page for page in self._pages.values() if page is self.screen), None)

    def action_nothing(self) -> None:
        """Ctrl-Q thaws a frozen line elsewhere; it must not end the program."""

    def _handle_exception(self, error: Exception) -> None:
        """Live on after a fault: all that no handler, worker, timer or paint caught comes here.

        Before the first paint there is nothing to live on with, and after the last nobody to tell.
        """
        found = error.error if isinstance(error, WorkerFailed) else error
        if not isinstance(found, Exception):
            found = error
        if self._opened and self._running and not self._exit:
            self.survived(found)
        elif not self.faults.knows(found):
            self.faults.take(found, self._folder)
            self.ended_by = self.faults.newest
            super()._handle_exception(error)

    def survived(self, error: Exception) -> None:
        """Tell of a fault that was caught where it happened."""
        fault = self.faults.take(error, self._folder)
        if fault is not None and not self._telling:
            self._tell(fault)

    def _fatal_error(self) -> None:
        """End; `ended_by` is said on the terminal once it is given back."""
        self._close_messages_no_wait()

    def _tell(self, fault: Fault) -> None:
        self._telling = True
        try:
            if isinstance(self.screen, Whole):
                self.screen.tell_fault(fault.words)
        except Exception as error:
            self.faults.take(error, self._folder)
        finally:
            self._telling = False

    @property
    def _folder(self) -> "Path | None":
        space = self.session.workspace
        return self.session.folder or (space.profile.data_dir if space is not None else None)

    def action_show_fault(self) -> None:
        """Show what failed last inside this program."""
        from scim_tui.tui.shell.fault_dialog import FaultDialog

        if self.faults.newest is not None and not isinstance(self.screen, FaultDialog):
            self.push_screen(FaultDialog(self.faults.newest))
