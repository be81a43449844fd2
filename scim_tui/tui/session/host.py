"""What screens and dialogs need of the app, and the messages by which screens open each other."""

from collections.abc import Callable, Coroutine, Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from textual.geometry import Size
from textual.message import Message
from textual.screen import Screen
from textual.worker import Worker

from scim_tui.tui.session.session import Session

if TYPE_CHECKING:
    from scim_tui.core.directory.api import FindingCount
    from scim_tui.model.directory import Kind

R = TypeVar("R")


class Voice(Protocol):
    """A screen, as far as it says something to the user."""

    def say(self, words: str, role: str = "accent", *, passing: bool = False) -> None:
        """Show a sentence above the key line until the next key; a passing one until a redraw."""
        ...


class Host(Protocol):
    """The app, as far as its screens and dialogs need it."""

    @property
    def session(self) -> Session:
        """The open profile: its connection and the newest snapshot."""
        ...

    @property
    def clock(self) -> Callable[[], datetime]:
        """The time now."""
        ...

    @property
    def size(self) -> Size:
        """Columns and rows of the terminal."""
        ...

    @property
    def lean(self) -> bool:
        """Whether few bytes matter more than wide layouts (`--lean`)."""
        ...

    async def ask(self, dialog: Screen[R]) -> R | None:
        """Show a dialog and wait for its answer; no snapshot is taken meanwhile."""
        ...

    def push_screen_wait(self, screen: Screen[R]) -> Coroutine[Any, Any, R | None]:
        """Show a dialog above another dialog, and wait for its answer."""
        ...

    async def copy(self, text: str) -> str:
        """Send a text towards the clipboard; a sentence about what is known of its arrival."""
        ...

    def page(self, name: str) -> Voice:
        """The screen with this name."""
        ...

    def go_to(self, name: str) -> None:
        """Show the screen with this name."""
        ...

    def suspend(self) -> AbstractContextManager[None]:
        """Give the terminal to another program meanwhile."""
        ...

    def draw_again(self) -> None:
        """Paint everything, also what should be on the terminal already."""
        ...


class AskingScreen(Voice, Protocol):
    """A screen over which dialogs are shown."""

    @property
    def app(self) -> Host:
        """The running app."""
        ...

    @property
    def session(self) -> Session:
        """The open profile."""
        ...


class ShellHost(Host, Protocol):
    """The app, as far as the frame around every screen needs it."""

    @property
    def workers(self) -> Iterable[Worker[Any]]:
        """What runs beside the screens."""
        ...

    @property
    def has_fault(self) -> bool:
        """Whether something inside this program has failed."""
        ...

    @property
    def holds_a_secret(self) -> bool:
        """Whether a new secret would be lost with the session."""
        ...

    def first_paint_done(self) -> None:
        """Open the connection, now that the first screen can be read."""
        ...

    def exit(self, result: int | None = None) -> None:
        """End the app with this exit code."""
        ...


class OpenObject(Message):
    """Show a user or group on the Directory screen."""

    def __init__(self, kind: "Kind", id: str) -> None:
        super().__init__()
        self.kind, self.id = kind, id


class OpenRequests(Message):
    """Show the IdP's requests about one user or group on the Activity screen."""

    def __init__(self, id: str) -> None:
        super().__init__()
        self.id = id


class OpenFinding(Message):
    """Show the users or groups with one finding on the Directory screen."""

    def __init__(self, finding: "FindingCount") -> None:
        super().__init__()
        self.finding = finding


class RotateToken(Message):
    """Start a rotation, or go on with the open one, asking on the screen that sent this."""
