"""What the parts of the Directory screen need of the screen that owns them."""

from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeVar

from textual.geometry import Size
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.worker import Worker

from scim_tui.core.workspace import Workspace
from scim_tui.tui.session.session import Session
from scim_tui.tui.widgets.table import Table

R = TypeVar("R")
T = TypeVar("T")
W = TypeVar("W", bound=Widget)


class Runner(Protocol):
    """Starts workers, as a Textual widget does."""

    def run_worker(
        self,
        work: Callable[[], Coroutine[Any, Any, T]],
        *,
        group: str,
        description: str,
        exclusive: bool,
    ) -> Worker[T]:
        """Start a worker; an exclusive one cancels the others of its group."""
        ...


class AskingApp(Protocol):
    """The running app."""

    @property
    def size(self) -> Size:
        """Columns and rows of the terminal."""
        ...

    async def ask(self, dialog: Screen[R]) -> R | None:
        """Show a dialog and wait for its answer."""
        ...


class ListHost(Runner, Protocol):
    """The screen, as the parts of its list see it."""

    @property
    def app(self) -> AskingApp:
        """The running app."""
        ...

    @property
    def session(self) -> Session:
        """What is known of the open profile."""
        ...

    @property
    def space(self) -> Workspace | None:
        """The open connection."""
        ...

    @property
    def in_front(self) -> bool:
        """Whether the screen may ask the server and paint."""
        ...

    @property
    def table(self) -> Table:
        """The table of the rows."""
        ...

    def query_one(self, selector: str, expect_type: type[W]) -> W:
        """The one widget that matches."""
        ...

    def say(self, words: str, role: str = "accent", *, passing: bool = False) -> None:
        """Show a message above the key line."""
        ...

    def clear_message(self) -> None:
        """Remove the message above the key line."""
        ...

    def redraw(self) -> None:
        """Draw the whole screen from what is known now."""
        ...

    def follow(self) -> None:
        """Show in the detail the row that the cursor is on."""
        ...

    def post_message(self, message: Message) -> bool:
        """Send a message to the screen."""
        ...

    def set_timer(self, delay: float, callback: Callable[[], None]) -> Timer:
        """Call something later."""
        ...


class DetailHost(Runner, Protocol):
    """The screen, as the detail of a row sees it."""

    @property
    def space(self) -> Workspace | None:
        """The open connection."""
        ...

    def say(self, words: str, role: str = "accent", *, passing: bool = False) -> None:
        """Show a message above the key line."""
        ...

    def post_message(self, message: Message) -> bool:
        """Send a message to the screen."""
        ...

    def draw_detail(self) -> None:
        """Draw what is known of the subject now."""
        ...
