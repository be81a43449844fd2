"""Switch to another profile, or do something with one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from textual.binding import Binding

from scim_tui.tui.modals.choice import Choice
from scim_tui.tui.text import Line, Span
from scim_tui.tui.widgets.table import Column, Table

if TYPE_CHECKING:
    from scim_tui.config.profiles import Profile

Act = Literal["switch", "read_only", "add", "test", "edit"]

_COLUMNS = (
    Column("NAME", 14, 1), Column("PROVIDER", 10), Column("ENV", 6), Column("MODE", 4),
    Column("ENDPOINT", 20, 3, rank=1),
)  # fmt: skip


class ProfilesDialog(Choice):
    """The list behind `p`; answers a name, and what to do with it in `act`."""

    KEYS = (("Enter", "switch"), ("o", "read-only"), ("i", "add"), ("T", "test"),
            ("e", "edit file"), ("Esc", "close"))  # fmt: skip
    BINDINGS = [
        Binding("o", "then('read_only')", show=False),
        Binding("i", "then('add')", show=False),
        Binding("T", "then('test')", show=False),
        Binding("e", "then('edit')", show=False),
    ]

    def __init__(self, profiles: Sequence["Profile"], current: str, file: str = "") -> None:
        rows = [(profile.name, _cells(profile)) for profile in profiles]
        super().__init__(f"Switch profile   {len(rows)} known   {file}", _COLUMNS, rows, current)
        self.act: Act = "switch"

    def action_then(self, act: Act) -> None:
        """Close, and do this with the profile under the cursor."""
        self.act = act
        self.dismiss(self.query_one(Table).current or "")


def _cells(profile: "Profile") -> Line:
    label = "PROD" if profile.production else profile.environment
    return (
        Span(profile.name),
        Span(profile.provider),
        Span(label, "bad" if profile.production else "dim"),
        Span("ro" if profile.read_only else "rw"),
        Span(profile.endpoint or profile.admin_endpoint or "-", "dim"),
    )
