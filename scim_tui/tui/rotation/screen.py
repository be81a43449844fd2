"""The rotation wizard: eight steps from the token in use to a new one, each with its evidence."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.containers import Horizontal
from textual.widget import Widget

from scim_tui.model.errors import ScimTuiError
from scim_tui.model.rotation.proof import server_now
from scim_tui.model.rotation.receipt import as_text
from scim_tui.model.unknown_values import Absent
from scim_tui.tui.drawing.text import Line, line
from scim_tui.tui.rotation import lines
from scim_tui.tui.rotation.reasons import why_not
from scim_tui.tui.rotation.view import View
from scim_tui.tui.shell.actions import EVERYWHERE, Action, bindings, find
from scim_tui.tui.shell.frame import key_line
from scim_tui.tui.shell.leaving import LOOKS
from scim_tui.tui.shell.page import Page
from scim_tui.tui.shell.screen_actions import ROTATION
from scim_tui.tui.widgets.lines import Lines

if TYPE_CHECKING:
    from scim_tui.core.rotation.api import Rotations
    from scim_tui.model.provisioning import AccessToken
    from scim_tui.model.rotation.rotation import Rotation
    from scim_tui.tui.rotation.test_user import TestUser
    from scim_tui.tui.rotation.ways import Way

Work = Callable[["RotationPage"], Awaitable[None]]
LOOK_SECONDS = 5.0
"""Between two looks at who uses which token."""
ROWS_FOR_DONE = 20
"""Rows from which the finished steps stand below the present one."""
SIDE = 52
_KEPT = tuple(find(EVERYWHERE, name) for name in ("refresh", "back"))
"""What every screen has, and is shown here."""


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
        self.rotation: Rotation | None = None
        self.came_from = "status"
        self.way = -1
        self.slots: Sequence[tuple[AccessToken, str]] = ()
        self.all_steps = False
        self.test_user: TestUser | None = None
        self._at_work: Work | None = None
        self._next: Work | None = None
        """What a key asked for during a look."""

    @property
    def rotations(self) -> "Rotations | None":
        """The verbs, while the connection is open."""
        return self.session.workspace.rotations if self.session.workspace else None

    def body(self) -> Iterable[Widget]:
        """The checklist at the side where there is room, and the step."""
        with Horizontal():
            yield Lines(id="side")
            step = Lines(id="step", can_focus=True)
            step.add_class("focus-first")
            yield step

    def on_mount(self) -> None:
        """Look who uses which token from now on, whichever screen is in front."""
        self.set_interval(LOOK_SECONDS, self._watch)

    def _top(self) -> Sequence[Line]:
        first, *rest = super()._top()
        return (first, lines.title_line(self.rotation), rest[-1]) if rest else (first,)

    def _bottom(self) -> Sequence[Line]:
        cells = self.app.size.width
        if self.rotation is None or self._words is not None or self.session.trouble is not None:
            first = super()._bottom()[0]
        else:
            first = lines.state_line(self.rotation, secret_held=self.secret_held)
        known = (*ROTATION[:1], *_KEPT, *ROTATION[1:], find(EVERYWHERE, "copy"))
        shown = [action for action in known if self.why_not(action) is None]
        return (first, key_line(shown, cells))

    @property
    def secret_held(self) -> bool:
        """Whether the new secret is in memory."""
        return self.rotations is not None and self.rotations.secret is not None

    def draw(self) -> None:
        """Draw the rotation as it is on disk."""
        pane = self.query_one("#step", Lines)
        view = self._view(pane)
        if view is None:
            pane.show([line((" No rotation is open. R on Status or Tokens starts one.", "dim"))])
            return
        tall = self.app.size.height >= ROWS_FOR_DONE + 4
        wide = self.has_class("-wide")
        if self.all_steps and not wide:
            pane.show(lines.side(view))
        else:
            done = lines.rail(view, whole=False) if tall and not wide else []
            pane.show([*lines.step_lines(view), *([()] if done else []), *done])
        if wide:
            beside = self._view(self.query_one("#side", Lines))
            self.query_one("#side", Lines).show(lines.side(beside) if beside else [])

    def _view(self, pane: Lines) -> View | None:
        workspace = self.session.workspace
        if self.rotation is None or workspace is None:
            return None
        idp, endpoint = workspace.idp, self.endpoint()
        return View(
            rotation=self.rotation,
            now=server_now(self.rotation, workspace.clock()),
            cells=pane.size.width or 80,
            secret_held=self.secret_held,
            guide=idp.guide if idp else None,
            steps=idp.steps(endpoint) if idp else (),
            idp=idp.guide.title if idp else "the IdP",
            short=self.app.size.height < ROWS_FOR_DONE,
            ways=self.ways(),
            way=self.way,
            slots=self.slots,
            held_by=self._held_by(),
            test_user=self.test_user,
            can_suspend=self._can_suspend(),
        )

    def endpoint(self) -> str:
        """What the IdP is given beside the secret; empty when it is not known."""
        snapshot = self.session.snapshot
        found = snapshot.status.scim_endpoint if snapshot else ""
        return "" if isinstance(found, Absent) else found

    def ways(self) -> "tuple[Way, ...]":
        """How the secret may be handed over."""
        from scim_tui.tui.rotation import ways as rotation_ways

        workspace, size = self.session.workspace, self.app.size
        if workspace is None:
            return ()
        found = rotation_ways.ways(workspace, workspace.rotations.secret, (size.width, size.height))
        if self.way < 0:
            self.way = rotation_ways.best(found)
        return found

    def _held_by(self) -> str:
        snapshot = self.session.snapshot
        standing = snapshot.rotation if snapshot else None
        if standing is None or isinstance(standing, Absent) or standing.holder is None:
            return ""
        who = standing.holder
        return (
            f"{who.by} works on it since {who.since:%H:%M:%SZ}. R on Status takes it over, typed."
        )

    def reason(self, action: Action) -> str | None:
        """What the rotation has against an action at this step."""
        if self.session.read_only and action.id in {"go_on", "trigger", "refresh"}:
            return "This profile is open read-only."
        if action.id == "suspend" and self.session.workspace and not self._can_suspend():
            return self.session.workspace.provider.capabilities.suspend_token.reason
        return why_not(action.id, self.rotation, secret_held=self.secret_held)

    def _can_suspend(self) -> bool:
        workspace = self.session.workspace
        return workspace is not None and bool(workspace.provider.capabilities.suspend_token)

    def copyable(self) -> str:
        """The endpoint while it has to be pasted, at the end the receipt."""
        if self.rotation is None:
            return ""
        if not self.rotation.open:
            return as_text(self.rotation)
        return self.endpoint() or self.rotation.label

    def action_digit(self, number: int) -> None:
        """Choose a way of delivery; on the other steps, a screen."""
        from scim_tui.tui.rotation.reasons import DELIVERS
        from scim_tui.tui.shell.actions import SCREENS

        if self.rotation is not None and self.rotation.state in DELIVERS and self.secret_held:
            self.way = number - 1
            self.redraw()
        elif number <= len(SCREENS):
            self.app.go_to(SCREENS[number - 1].id)

    async def attempt(self, words: str, verb: "Callable[[], Awaitable[object]]") -> bool:
        """Run a verb of the core, tell why it failed, and show what is on disk afterwards."""
        from scim_tui.tui.shell import changes

        self.say(words, "dim", passing=True)
        try:
            await verb()
        except ScimTuiError as error:
            await self.reload()
            changes.tell_failure(self, error)
            return False
        await self.reload()
        return True

    async def reload(self) -> None:
        """Take what is on disk."""
        if self.rotations is None:
            return
        before = self.rotation
        self.rotation = (await self.rotations.status()).rotation
        if before is None or self.rotation is None or before.state is not self.rotation.state:
            self.query_one("#step", Lines).action_scroll_by(-100_000)
        self.redraw()

    def work_on(self, work: Work) -> None:
        """Run one thing at a time; a second key must not end the first, but waits for a look."""
        if self._next is None and self._looks():
            self._next = work
        elif self._at_work is not None:
            self.say("The step before is still at work.", "warn")
        else:
            self._at_work = work
            what = LOOKS if self._looks() else "rotation"
            self.run_worker(self._alone(work), group="change", description=what)

    def _looks(self) -> bool:
        """Whether what is at work changes nothing."""
        from scim_tui.tui.rotation import steps as rotation_work

        return self._at_work in (rotation_work.look_quietly, rotation_work.look)

    async def _alone(self, work: Work) -> None:
        try:
            await work(self)
        except ScimTuiError as error:
            self.say(error.sentence, "bad")
        finally:
            self._at_work, waiting, self._next = None, self._next, None
            self.session.look_now()
            if waiting is not None:
                self.work_on(waiting)

    def _watch(self) -> None:
        from scim_tui.tui.rotation.reasons import WATCHES
        from scim_tui.tui.rotation.steps import look_quietly

        held = self.session.frozen or self.session.paused or self.session.trouble is not None
        idle = self.rotation is None or self.rotation.state not in WATCHES
        if not (held or idle or self._at_work or self._held_by() or self.session.read_only):
            self.work_on(look_quietly)

    async def do_back(self) -> None:
        """Leave; the state is kept."""
        if self.all_steps:
            self.all_steps = False
            self.redraw()
            return
        self.app.go_to(self.came_from)
        if self.secret_held and self.rotation is not None:
            self.app.page(self.came_from).say(
                "The new secret is still in memory: R goes back to it.", "warn"
            )

    async def do_background(self) -> None:
        """Leave; watching goes on."""
        self.all_steps = False
        await self.do_back()

    async def do_quit(self) -> None:
        """Close this layer."""
        await self.do_back()

    async def do_next_tab(self) -> None:
        """All steps, or the present one."""
        self.all_steps = not self.all_steps
        self.redraw()

    async def do_refresh(self) -> None:
        """Look now; at step 1 run the checks again."""
        if reason := why_not("refresh", self.rotation, secret_held=self.secret_held):
            self.say(reason, "warn")
        else:
            self._begin("refresh")

    async def perform(self, action: Action) -> None:
        """A step of the wizard; whatever else every screen has."""
        from scim_tui.tui.rotation import steps as rotation_work

        if action.id in rotation_work.BY_ACTION and action.id != "refresh":
            self._begin(action.id)
        else:
            await super().perform(action)

    def _begin(self, name: str) -> None:
        from scim_tui.tui.rotation import steps as rotation_work

        self.work_on(rotation_work.BY_ACTION[name])
