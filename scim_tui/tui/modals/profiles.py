"""Switch to another profile."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scim_tui.tui.modals.choice import Choice
from scim_tui.tui.text import Line, Span
from scim_tui.tui.widgets.table import Column

if TYPE_CHECKING:
    from scim_tui.config.profiles import Profile

_COLUMNS = (
    Column("NAME", 14, 1), Column("PROVIDER", 10), Column("ENV", 6), Column("MODE", 4),
    Column("ENDPOINT", 20, 3, rank=1),
)  # fmt: skip


class ProfilesDialog(Choice):
    """The list behind `p`; answers a name."""

    def __init__(self, profiles: Sequence["Profile"], current: str) -> None:
        rows = [(profile.name, _cells(profile)) for profile in profiles]
        super().__init__(f"Switch profile   {len(rows)} known", _COLUMNS, rows, current)


def _cells(profile: "Profile") -> Line:
    return (
        Span(profile.name),
        Span(profile.provider),
        Span(profile.environment, "bad" if profile.production else "dim"),
        Span("ro" if profile.read_only else "rw"),
        Span(profile.endpoint or "-", "dim"),
    )
