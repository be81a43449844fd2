"""The state of the rotation wizard, and what its steps need of the screen that draws it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from textual.screen import Screen

from scim_tui.core.rotation.api import Rotations
from scim_tui.core.workspace import Workspace
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.provisioning import AccessToken
from scim_tui.model.rotation.next_step import Next, what_next
from scim_tui.model.rotation.proof import server_now
from scim_tui.model.rotation.rotation import Rotation, State
from scim_tui.model.unknown_values import Absent
from scim_tui.tui.modals.typed_confirm import TypedConfirm
from scim_tui.tui.rotation import messages
from scim_tui.tui.rotation.view import TestUser, WizardView
from scim_tui.tui.rotation.ways import DeliveryWay, best, delivery_ways
from scim_tui.tui.session.session import Session

R = TypeVar("R")
ROWS_FOR_DONE = 20
"""Rows from which the finished steps stand below the present one."""


class WizardScreen(Protocol):
    """What the wizard needs of the screen that draws it."""

    @property
    def session(self) -> Session:
        """What is known of the open profile."""
        ...

    @property
    def terminal_size(self) -> tuple[int, int]:
        """Columns and rows of the terminal."""
        ...

    async def ask(self, dialog: Screen[R]) -> R | None:
        """Show a dialog, and wait for its answer."""
        ...

    async def copy(self, text: str) -> str:
        """Send a text to the clipboard; answers what is known of its arrival."""
        ...

    def say(self, words: str, role: str = "accent", *, passing: bool = False) -> None:
        """Show a sentence above the key line."""
        ...

    def redraw(self) -> None:
        """Draw everything from the present state."""
        ...

    def scroll_to_top(self) -> None:
        """Show the first line of the step."""
        ...

    def go_to(self, name: str) -> None:
        """Show another screen."""
        ...

    def delete_dialog(self, token: AccessToken) -> TypedConfirm:
        """The question before a token is deleted, with the evidence of its use."""
        ...


class Wizard:
    """The rotation as it is on disk, and what was chosen on the screen.

    It is changed by its own methods only. Each step is a function of the wizard.
    """

    def __init__(self, screen: WizardScreen) -> None:
        self.screen = screen
        self._rotation: Rotation | None = None
        self._came_from = "status"
        self._way: int | None = None
        self._slots: Sequence[tuple[AccessToken, str]] = ()
        self._test_user: TestUser | None = None
        self._all_steps = False

    @property
    def rotation(self) -> Rotation | None:
        """The rotation as it was last read from the disk."""
        return self._rotation

    @property
    def came_from(self) -> str:
        """The screen from which the wizard was opened."""
        return self._came_from

    @property
    def slots(self) -> Sequence[tuple[AccessToken, str]]:
        """At FREE_SLOT: the tokens, best to delete first, each with the reason to keep it."""
        return self._slots

    @property
    def test_user(self) -> TestUser | None:
        """The user whose change triggers a provisioning request of the IdP."""
        return self._test_user

    @property
    def all_steps(self) -> bool:
        """Whether all steps are shown, or the present one."""
        return self._all_steps

    @property
    def session(self) -> Session:
        """What is known of the open profile."""
        return self.screen.session

    @property
    def rotations(self) -> Rotations | None:
        """The rotations of the core; None while the connection is not open."""
        return self.session.workspace.rotations if self.session.workspace else None

    @property
    def secret_held(self) -> bool:
        """Whether the new secret is in memory."""
        return self.rotations is not None and self.rotations.secret is not None

    def opened(self) -> Workspace:
        """The open connection. Raises `Unreachable` while there is none."""
        return self.session.opened()

    def next(self, rotation: Rotation) -> Next:
        """What comes next in this rotation."""
        now = server_now(rotation, self.opened().clock())
        return what_next(rotation, now, secret_held=self.secret_held).next

    def open_from(self, name: str) -> None:
        """Remember the screen to which `leave` returns."""
        self._came_from = name

    def leave(self) -> None:
        """Return to the screen from which the wizard was opened."""
        self.screen.go_to(self._came_from)

    def toggle_steps(self) -> None:
        """Show all steps, or the present one."""
        self._all_steps = not self._all_steps

    def show_present_step(self) -> None:
        """Show the present step alone."""
        self._all_steps = False

    def ways(self) -> tuple[DeliveryWay, ...]:
        """How the secret may be handed over."""
        if self.session.workspace is None:
            return ()
        workspace = self.session.workspace
        return delivery_ways(workspace, workspace.rotations.secret, self.screen.terminal_size)

    def way_number(self, ways: Sequence[DeliveryWay]) -> int:
        """The way that was chosen, else the first one that is possible here."""
        return best(ways) if self._way is None else self._way

    def choose_way(self, number: int) -> None:
        """Take this way to hand over the secret."""
        self._way = number

    def watch_for(self, user: TestUser) -> None:
        """Watch for a request about this user from now on."""
        self._test_user = user

    def test_user_seen(self, words: str) -> None:
        """Note the newest request about the test user."""
        if self._test_user is not None:
            self._test_user = replace(self._test_user, seen=words)

    def endpoint(self) -> str:
        """The SCIM endpoint that the IdP needs beside the secret; empty when it is not known."""
        snapshot = self.session.snapshot
        found = snapshot.status.scim_endpoint if snapshot else ""
        return "" if isinstance(found, Absent) else found

    def held_by(self) -> str:
        """Which other process works on the rotation, as a sentence; empty: none."""
        snapshot = self.session.snapshot
        standing = snapshot.rotation if snapshot else None
        if standing is None or isinstance(standing, Absent) or standing.holder is None:
            return ""
        who = standing.holder
        return messages.held_by(who.by, who.since)

    def can_suspend(self) -> bool:
        """Whether the provider can switch a token off and on again."""
        workspace = self.session.workspace
        return workspace is not None and bool(workspace.provider.capabilities.suspend_token)

    async def load(self) -> None:
        """Read the rotation from the disk, and at FREE_SLOT the tokens from the provider."""
        rotations = self.opened().rotations
        self._rotation = (await rotations.status()).rotation
        await self._load_slots(rotations)

    async def load_slots(self) -> None:
        """At FREE_SLOT, list the tokens again."""
        if self.rotations is None:
            return
        try:
            await self._load_slots(self.rotations)
        except ScimTuiError as error:
            self.fail(error)
        self.screen.redraw()

    async def _load_slots(self, rotations: Rotations) -> None:
        if self._rotation is not None and self._rotation.state is State.FREE_SLOT:
            self._slots = await rotations.slots()

    async def reload(self) -> None:
        """Read the rotation from the disk, and draw it."""
        if self.rotations is None:
            return
        before = self._rotation
        self._rotation = (await self.rotations.status()).rotation
        if before is None or self._rotation is None or before.state is not self._rotation.state:
            self.screen.scroll_to_top()
        self.screen.redraw()

    async def attempt(self, words: str, verb: Callable[[], Awaitable[object]]) -> bool:
        """Call the core, then show what is on disk; on an error show that, and return False."""
        self.say(words, "dim", passing=True)
        try:
            await verb()
        except ScimTuiError as error:
            await self.reload()
            self.fail(error)
            return False
        await self.reload()
        return True

    async def ask(self, dialog: Screen[R]) -> R | None:
        """Show a dialog, and wait for its answer."""
        return await self.screen.ask(dialog)

    def say(self, words: str, role: str = "accent", *, passing: bool = False) -> None:
        """Show a sentence above the key line."""
        self.screen.say(words, role, passing=passing)

    def fail(self, error: ScimTuiError) -> None:
        """Show what went wrong, and what to do next."""
        self.say(error.sentence, "bad")

    def view(self, cells: int) -> WizardView | None:
        """The data to draw in this many columns; None if no rotation is open."""
        rotation, workspace = self._rotation, self.session.workspace
        if rotation is None or workspace is None:
            return None
        idp, ways = workspace.idp, self.ways()
        return WizardView(
            rotation=rotation,
            now=server_now(rotation, workspace.clock()),
            cells=cells or 80,
            secret_held=self.secret_held,
            guide=idp.guide if idp else None,
            steps=idp.steps(self.endpoint()) if idp else (),
            idp=idp.guide.title if idp else "the IdP",
            short=self.screen.terminal_size[1] < ROWS_FOR_DONE,
            ways=ways,
            way=self.way_number(ways),
            slots=self._slots,
            held_by=self.held_by(),
            test_user=self._test_user,
            can_suspend=self.can_suspend(),
        )
