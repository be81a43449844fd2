"""The rotation wizard: eight steps from the token in use to a new one, each with its evidence."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from textual.binding import Binding
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widget import Widget

from scim_tui.model.errors import ScimTuiError
from scim_tui.model.provisioning import AccessToken
from scim_tui.model.rotation.receipt import as_text
from scim_tui.tui.drawing.text import Line, line
from scim_tui.tui.modals.typed_confirm import TypedConfirm
from scim_tui.tui.rotation import lines, messages
from scim_tui.tui.rotation.reasons import DELIVERS, WATCHES, why_not
from scim_tui.tui.rotation.steps import BY_ACTION, READING_STEPS, Step, look_quietly
from scim_tui.tui.rotation.wizard import ROWS_FOR_DONE, Wizard
from scim_tui.tui.shell import changes, leaving
from scim_tui.tui.shell.actions import EVERYWHERE, SCREENS, Action, bindings, find
from scim_tui.tui.shell.frame import key_line
from scim_tui.tui.shell.page import Page
from scim_tui.tui.shell.screen_actions import ROTATION
from scim_tui.tui.widgets.lines import Lines

R = TypeVar("R")
LOOK_SECONDS = 5.0
"""Between two looks at who uses which token."""
SIDE = 52
_KEPT = tuple(find(EVERYWHERE, name) for name in ("refresh", "back"))
"""Actions of every screen that the key line names here."""


class RotationPage(Page):
    """The wizard. It shows what is on disk and asks the core for every step."""

    NAME = "rotation"
    ACTIONS = ROTATION
    BINDINGS = [
        *bindings(ROTATION),
        *(Binding(str(number), f"digit({number})", show=False) for number in range(1, 8)),
    ]
    DEFAULT_CSS = f"""
    RotationPage #side {{ display: none; width: {SIDE}; height: 1fr; }}
    RotationPage.-wide #side {{ display: block; }}
    RotationPage #step {{ width: 1fr; height: 1fr; }}
    """

    def __init__(self) -> None:
        super().__init__()
        self.wizard = Wizard(self)
        self._running_step: Step | None = None
        self._queued_step: Step | None = None
        """A step that a key asked for while a reading step ran."""

    @property
    def secret_held(self) -> bool:
        """Whether the new secret is in memory; the app asks before it leaves the session."""
        return self.wizard.secret_held

    @property
    def terminal_size(self) -> tuple[int, int]:
        """Columns and rows of the terminal."""
        return self.app.size.width, self.app.size.height

    async def ask(self, dialog: Screen[R]) -> R | None:
        """Show a dialog, and wait for its answer."""
        return await self.app.ask(dialog)

    async def copy(self, text: str) -> str:
        """Send a text to the clipboard; answers what is known of its arrival."""
        return await self.app.copy(text)

    def go_to(self, name: str) -> None:
        """Show another screen."""
        self.app.go_to(name)

    def scroll_to_top(self) -> None:
        """Show the first line of the step."""
        self.query_one("#step", Lines).action_scroll_by(-100_000)

    def delete_dialog(self, token: AccessToken) -> TypedConfirm:
        """The question before a token is deleted, with the evidence of its use."""
        return changes.delete_dialog(self, self.session.opened(), token)

    def body(self) -> Iterable[Widget]:
        """The checklist at the side where there is room, and the step."""
        with Horizontal():
            yield Lines(id="side")
            step = Lines(id="step", can_focus=True)
            step.add_class("focus-first")
            yield step

    def on_mount(self) -> None:
        """Read every few seconds who uses which token, also while another screen is in front."""
        self.set_interval(LOOK_SECONDS, self._watch)

    def _top(self) -> Sequence[Line]:
        first, *rest = super()._top()
        return (first, lines.title_line(self.wizard.rotation), rest[-1]) if rest else (first,)

    def _bottom(self) -> Sequence[Line]:
        cells = self.app.size.width
        if (
            self.wizard.rotation is None
            or self._words is not None
            or self.session.trouble is not None
        ):
            first = super()._bottom()[0]
        else:
            first = lines.state_line(self.wizard.rotation, secret_held=self.secret_held)
        known = (*ROTATION[:1], *_KEPT, *ROTATION[1:], find(EVERYWHERE, "copy"))
        shown = [action for action in known if self.why_not(action) is None]
        return (first, key_line(shown, cells))

    def draw(self) -> None:
        """Draw the rotation as it is on disk."""
        pane = self.query_one("#step", Lines)
        view = self.wizard.view(pane.size.width)
        if view is None:
            pane.show([line((messages.NO_ROTATION, "dim"))])
            return
        tall = self.app.size.height >= ROWS_FOR_DONE + 4
        wide = self.has_class("-wide")
        if self.wizard.all_steps and not wide:
            pane.show(lines.side(view))
        else:
            done = lines.rail(view, whole=False) if tall and not wide else []
            pane.show([*lines.step_lines(view), *([()] if done else []), *done])
        if wide:
            side = self.query_one("#side", Lines)
            beside = self.wizard.view(side.size.width)
            side.show(lines.side(beside) if beside else [])

    def reason(self, action: Action) -> str | None:
        """Why an action is off at the present state; None if it is on."""
        if self.session.read_only and action.id in {"go_on", "trigger", "refresh"}:
            return messages.READ_ONLY
        if action.id == "suspend" and self.session.workspace and not self.wizard.can_suspend():
            return self.session.workspace.provider.capabilities.suspend_token.reason
        return why_not(action.id, self.wizard.rotation, secret_held=self.secret_held)

    def copyable(self) -> str:
        """The endpoint while it has to be pasted, at the end the receipt."""
        if self.wizard.rotation is None:
            return ""
        if not self.wizard.rotation.open:
            return as_text(self.wizard.rotation)
        return self.wizard.endpoint() or self.wizard.rotation.label

    def action_digit(self, number: int) -> None:
        """Choose a way of delivery; on the other steps, a screen."""
        if (
            self.wizard.rotation is not None
            and self.wizard.rotation.state in DELIVERS
            and self.secret_held
        ):
            self.wizard.choose_way(number - 1)
            self.redraw()
        elif number <= len(SCREENS):
            self.app.go_to(SCREENS[number - 1].id)

    def run_step(self, step: Step) -> None:
        """Run a step unless one runs already; while that only reads, the new one is queued."""
        if self._queued_step is None and self._only_reads():
            self._queued_step = step
        elif self._running_step is not None:
            self.say(messages.STEP_RUNS, "warn")
        else:
            self._running_step = step
            what = leaving.READS_ONLY if self._only_reads() else "rotation"
            self.run_worker(self._run_alone(step), group="change", description=what)

    def _only_reads(self) -> bool:
        """Whether the running step only reads."""
        return self._running_step in READING_STEPS

    async def _run_alone(self, step: Step) -> None:
        try:
            await step(self.wizard)
        except ScimTuiError as error:
            self.wizard.fail(error)
        finally:
            self._running_step, waiting, self._queued_step = None, self._queued_step, None
            self.session.look_now()
            if waiting is not None:
                self.run_step(waiting)

    def _watch(self) -> None:
        held = self.session.frozen or self.session.paused or self.session.trouble is not None
        idle = self.wizard.rotation is None or self.wizard.rotation.state not in WATCHES
        if not (
            held or idle or self._running_step or self.wizard.held_by() or self.session.read_only
        ):
            self.run_step(look_quietly)

    async def do_back(self) -> None:
        """Leave; the state is kept."""
        if self.wizard.all_steps:
            self.wizard.show_present_step()
            self.redraw()
            return
        self.wizard.leave()
        if self.secret_held and self.wizard.rotation is not None:
            self.app.page(self.wizard.came_from).say(messages.STILL_IN_MEMORY, "warn")

    async def do_background(self) -> None:
        """Leave; watching goes on."""
        self.wizard.show_present_step()
        await self.do_back()

    async def do_quit(self) -> None:
        """Close this layer."""
        await self.do_back()

    async def do_next_tab(self) -> None:
        """All steps, or the present one."""
        self.wizard.toggle_steps()
        self.redraw()

    async def do_refresh(self) -> None:
        """Look now; at step 1 run the checks again."""
        if reason := why_not("refresh", self.wizard.rotation, secret_held=self.secret_held):
            self.say(reason, "warn")
        else:
            self._begin("refresh")

    async def perform(self, action: Action) -> None:
        """A step of the wizard, or what every screen has."""
        if action.id in BY_ACTION and action.id != "refresh":
            self._begin(action.id)
        else:
            await super().perform(action)

    def _begin(self, name: str) -> None:
        self.run_step(BY_ACTION[name])
