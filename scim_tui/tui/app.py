"""The Textual app: its screens, themes and dialogs, the order of keys, and faults."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from textual import events, on, work
from textual.app import App
from textual.binding import Binding
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen
from textual.worker import WorkerFailed

from scim_tui.config.profiles import Profile
from scim_tui.model.clock import Clock, utc_now
from scim_tui.tui.drawing import theme
from scim_tui.tui.drawing.text import NoControl
from scim_tui.tui.faults.crash_file import Fault, Faults
from scim_tui.tui.faults.guarded import Guarded
from scim_tui.tui.session.host import OpenFinding, OpenObject, OpenRequests, RotateToken
from scim_tui.tui.session.session import Session
from scim_tui.tui.shell.page import Page
from scim_tui.tui.terminal.first_paint import DeferredPaintScreen
from scim_tui.tui.terminal.key_queue import KeyHandled, KeyQueue

R = TypeVar("R")
AHEAD_SECONDS = 1.0
"""Seconds after the first paint until the other screens are imported: first it connects."""
AGE_SECONDS = 20.0
"""Seconds between two redraws of ages, which are shown in minutes."""


class ScimApp(Guarded, App[int]):
    """The five screens of one session, and the rotation wizard."""

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
        switch: Callable[[Profile], Session] | None = None,
        profiles: Sequence[Profile] = (),
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
        """Fields of a profile form that was left without saving; never its secret."""
        self.faults = Faults(clock)
        self.ended_by: Fault | None = None
        """The fault that ended the app, if one did."""
        self._reporting = False
        self._switch = switch
        self._pages: dict[str, Page] = {}
        self._filter = NoControl()
        self._interrupted_at: datetime | None = None
        self._opened = False
        self._keys = KeyQueue(self, self.post_message)
        self._key_for: Screen[object] | None = None
        """The screen in front when the last key was delivered."""
        for choice in theme.THEMES.values():
            self.register_theme(choice)
        self.theme = theme.THEMES[theme_name].name

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters and, last, the one that removes control characters."""
        return [*super().get_line_filters(), self._filter]

    async def on_event(self, event: events.Event) -> None:
        """Queue keys; handle every other event as it comes."""
        if not isinstance(event, (events.Key, events.Paste)) or event.is_forwarded:
            await super().on_event(event)
        elif not self._keys.hold(event):
            self.faults.key_pressed()
            self._key_for = self.screen
            target = self.focused or self.screen
            try:
                await super().on_event(event)
            finally:
                if not target.post_message(KeyHandled()):
                    self._keys.handled()

    def on_key(self, event: events.Key) -> None:
        """Drop a key that no widget took when another screen came to the front meanwhile.

        It was not meant for that one: Textual would look it up there, though it is still opening.
        """
        if self._key_for is not self.screen:
            event.prevent_default()

    async def on_key_handled(self) -> None:
        """Deliver the next key after the effects of this one."""
        # A dialog that the key opens comes to the front in the next rounds of the event loop.
        for _ in range(3):
            await asyncio.sleep(0)
        self.call_later(self._keys.handled)

    def get_driver_class(self) -> type[Driver]:
        """Textual's driver, but sending only what changed."""
        from scim_tui.tui.terminal.driver import FrameDiffDriver

        return FrameDiffDriver

    def draw_again(self) -> None:
        """Paint everything, also what should be on the terminal already."""
        from scim_tui.tui.terminal.driver import FrameDiffDriver

        if isinstance(self._driver, FrameDiffDriver):
            self._driver.forget()
        self.refresh(repaint=True, layout=True)

    def get_default_screen(self) -> Screen[None]:
        """The Status screen, made without importing the others."""
        page = self.page("status")
        # Textual adds a callback to a pushed screen and removes it when the screen is switched;
        # without one here, the first switch would fail.
        page._push_result_callback(page, None)
        return page

    def page(self, name: str) -> Page:
        """The screen with this name, made at its first use."""
        if name not in self._pages:
            from scim_tui.tui.registry import make

            page = make(name)
            # Installed screens keep their state while another one is in front.
            self.install_screen(page, f"{name} {id(page)}")
            self._pages[name] = page
        return self._pages[name]

    def on_mount(self) -> None:
        """Redraw when the session changes, and regularly for the ages."""
        self.session.listen(self.redraw, self.report_fault)
        self.set_interval(AGE_SECONDS, self.redraw)

    def first_paint_done(self) -> None:
        """Open the connection, now that the first screen is on the terminal."""
        if not self._opened:
            self._opened = True
            if self._first:
                self._welcome()
            else:
                self._live()
            self.set_timer(AHEAD_SECONDS, self._load_ahead)

    async def _shutdown(self) -> None:
        """Cancel the workers before the screens are removed, so that none draws on one."""
        await asyncio.sleep(0)  # a new worker can only be cancelled once it has started
        self._running = False
        self.workers.cancel_all()
        await super()._shutdown()

    async def on_unmount(self) -> None:
        """Wait for the connection to close, before the event loop ends."""
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
        """Draw the screens from the session; those not in front skip it."""
        for page in self._pages.values():
            page.redraw()

    def go_to(self, name: str) -> None:
        """Show one of the five screens."""
        page = self.page(name)
        if page is not self.screen:
            self.switch_screen(page)

    def action_next_theme(self) -> None:
        """Change to the theme after this one."""
        order = list(theme.THEMES)
        at = next(
            (n for n, each in enumerate(theme.THEMES.values()) if each.name == self.theme), -1
        )
        word = order[(at + 1) % len(order)]
        self.theme = theme.THEMES[word].name
        if (page := self._front()) is not None:
            page.say(f"Theme: {word}. SCIM_TUI_THEME sets it for good.")

    async def ask(self, dialog: Screen[R]) -> R | None:
        """Show a dialog and wait for its answer; no snapshot is taken meanwhile."""
        self.session.frozen = True
        try:
            return await self.push_screen_wait(dialog)
        finally:
            self.session.frozen = False
            self.session.look_now()

    async def copy(self, text: str) -> str:
        """Send a text to the clipboard; returns a sentence about what is known of its arrival."""
        from scim_tui.tui.terminal import clipboard

        def write(sequence: str) -> None:
            if self._driver is not None:
                self._driver.write(sequence)

        return await clipboard.copy(text, write)

    @on(OpenObject)
    def _open_object(self, message: OpenObject) -> None:
        from scim_tui.tui.directory.screen import DirectoryPage

        if isinstance(page := self.page("directory"), DirectoryPage):
            page.show_object(message.kind, message.id)

    @on(OpenFinding)
    def _open_finding(self, message: OpenFinding) -> None:
        from scim_tui.tui.directory.screen import DirectoryPage

        self.go_to("directory")
        if isinstance(page := self.page("directory"), DirectoryPage):
            page.call_after_refresh(page.list_finding, message.finding)

    @on(OpenRequests)
    def _open_requests(self, message: OpenRequests) -> None:
        from scim_tui.tui.activity.screen import ActivityPage

        self.go_to("activity")
        if isinstance(page := self.page("activity"), ActivityPage):
            page.show_about(message.id)

    @on(RotateToken)
    def _rotate_token(self) -> None:
        from scim_tui.tui.rotation import entry

        if (page := self._front()) is not None:
            page.change(entry.begin(page))

    @work(group="dialog", description="profiles")
    async def action_choose_profile(self) -> None:
        """Switch to another profile, or add one."""
        from scim_tui.tui.profiles import work as profile_work

        await profile_work.choose(self)

    @work(group="dialog", description="diagnose")
    async def action_test_connection(self) -> None:
        """Test the connection stage by stage."""
        from scim_tui.tui.profiles import work as profile_work

        await profile_work.diagnose(self)

    @property
    def holds_a_secret(self) -> bool:
        """Whether a new secret would be lost with the session."""
        return any(page.secret_held for page in self._pages.values())

    @property
    def has_fault(self) -> bool:
        """Whether something inside this program has failed."""
        return self.faults.newest is not None

    def open_profile(self, profile: Profile) -> None:
        """Leave the session for one on this profile."""
        if self._switch is not None:
            self.open(self._switch(profile))

    def open(self, session: Session) -> None:
        """Close the session and its screens, and open another one."""
        self.session = session
        old, front = list(self._pages.values()), self.screen
        self._pages.clear()
        session.listen(self.redraw, self.report_fault)
        self.switch_screen(self.page("status"))
        for page in old:
            self.uninstall_screen(page)
            self.workers.cancel_node(page)
            if page.is_running and page is not front:
                page.remove()
        self._live()

    def action_interrupt(self) -> None:
        """Stop what runs on the screen in front; the second time within a second ends the app."""
        from scim_tui.tui.shell import leaving

        page, now = self._front(), self.clock()
        again = self._interrupted_at is not None and (now - self._interrupted_at).seconds < 1
        if page is None:
            return
        self._interrupted_at = now
        if again:
            self.exit(130)
            return
        stopped, ends = page.stop(), ", ".join(each.short for each in leaving.known_endings(self))
        page.say(f"{stopped} Ctrl-C again leaves{f', and ends {ends}' if ends else ''}.", "warn")

    def _front(self) -> Page | None:
        return next((page for page in self._pages.values() if page is self.screen), None)

    def action_nothing(self) -> None:
        """Ignore Ctrl-Q: it resumes a stopped terminal (XON), and must not end the program."""

    def _handle_exception(self, error: Exception) -> None:
        """Go on after an exception that no handler, worker, timer or paint has caught.

        Before the first paint and after the last one the app ends instead.
        """
        found = error.error if isinstance(error, WorkerFailed) else error
        if not isinstance(found, Exception):
            found = error
        if self._opened and self._running and not self._exit:
            self.report_fault(found)
        elif not self.faults.knows(found):
            self.faults.take(found, self._folder)
            self.ended_by = self.faults.newest
            super()._handle_exception(error)

    def report_fault(self, error: Exception) -> None:
        """Show and write down a fault; the app goes on."""
        fault = self.faults.take(error, self._folder)
        if fault is not None and not self._reporting:
            self._show_fault(fault)

    def _fatal_error(self) -> None:
        """End; `run` prints `ended_by` once the terminal is restored."""
        self._close_messages_no_wait()

    def _show_fault(self, fault: Fault) -> None:
        self._reporting = True
        try:
            if isinstance(self.screen, DeferredPaintScreen):
                self.screen.say_fault(fault.words)
        except Exception as error:
            self.faults.take(error, self._folder)
        finally:
            self._reporting = False

    @property
    def _folder(self) -> Path | None:
        space = self.session.workspace
        return self.session.folder or (space.profile.data_dir if space is not None else None)

    def action_show_fault(self) -> None:
        """Show the latest fault of this program."""
        from scim_tui.tui.shell.fault_dialog import FaultDialog

        if self.faults.newest is not None and not isinstance(self.screen, FaultDialog):
            self.push_screen(FaultDialog(self.faults.newest))
