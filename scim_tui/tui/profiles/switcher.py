"""The dialog that lists the profiles, to switch to one, add, test or edit."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from textual import on
from textual.binding import Binding
from textual.widget import Widget

from scim_tui.config.profiles import Profile
from scim_tui.core.last_look import LastLook, recall
from scim_tui.model.ages import age
from scim_tui.model.expiry import band, days_left
from scim_tui.model.unknown_values import UNKNOWN, Absent
from scim_tui.tui.drawing.roles import MARK_ROLES
from scim_tui.tui.drawing.text import Line, Span, line, wrap
from scim_tui.tui.modals.choice import Choice
from scim_tui.tui.profiles import messages
from scim_tui.tui.widgets.lines import Lines
from scim_tui.tui.widgets.table import Column, ListSource, Table

_SHORT = {"read-only": "ro", "read-write": "rw"}
Act = Literal["switch", "read_only", "add", "test", "edit"]

_COLUMNS = (
    Column("NAME", 10, 1),
    Column("PROVIDER", 8),
    Column("ENV", 6),
    Column("MODE", 4),
    Column("TOKEN", 8),
    Column("IDP LAST", 8),
    Column("STATE", 11),
    Column("ENDPOINT", 20, 3, rank=1),
)


class ProfilesDialog(Choice):
    """The dialog behind `p`; answers a name, and has in `act` what to do with it."""

    KEYS = (
        ("Enter", "switch"),
        ("o", "read-only"),
        ("i", "add"),
        ("T", "test"),
        ("e", "edit file"),
        ("a", "by end"),
        ("Esc", "close"),
    )
    BINDINGS = [
        Binding("o", "then('read_only')", show=False),
        Binding("i", "then('add')", show=False),
        Binding("T", "then('test')", show=False),
        Binding("e", "then('edit')", show=False),
        Binding("a", "order", show=False),
    ]

    def __init__(
        self,
        profiles: Sequence[Profile],
        current: str,
        now: datetime,
        file: str = "",
        note: str = "",
    ) -> None:
        self._last_looks = {profile.name: recall(profile.data_dir) for profile in profiles}
        rows = [(each.name, _cells(each, self._last_looks[each.name], now)) for each in profiles]
        title = messages.switch_title(len(rows), file)
        super().__init__(title, _COLUMNS, rows, current, note)
        self.act: Act = "switch"
        self._by_end = False

    def body(self) -> Iterable[Widget]:
        """The table, and details of the row under the cursor."""
        yield from super().body()
        yield Lines(id="about")

    @on(Table.Highlighted)
    def _about(self, event: Table.Highlighted) -> None:
        look = self._last_looks.get(event.table.current or "")
        words = [] if look is None else [look.words, look.rotation and f"rotation {look.rotation}"]
        rows = wrap("; ".join(each for each in words if each), self.cells)
        self.query_one("#about", Lines).show([line((row, "dim")) for row in rows[:2]])

    def action_order(self) -> None:
        """Sort by the end of the token, or by the order of the file."""
        self._by_end = not self._by_end
        rows = sorted(self._rows, key=self._end) if self._by_end else self._rows
        self.query_one(Table).show(ListSource(rows))

    def _end(self, row: tuple[str, Line]) -> tuple[bool, float]:
        """The sort key; tokens without a known end come last."""
        look = self._last_looks[row[0]]
        end = UNKNOWN if look is None else look.token_ends
        return (True, 0.0) if isinstance(end, Absent) else (False, end.timestamp())

    def action_then(self, act: Act) -> None:
        """Close, and do `act` with the profile under the cursor."""
        self.act = act
        self.dismiss(self.query_one(Table).current or "")


def _cells(profile: Profile, look: LastLook | None, now: datetime) -> Line:
    """The row of a profile: its settings, and its state when it was last open."""
    label = "PROD" if profile.production else profile.environment
    return (
        Span(profile.name),
        Span(profile.provider),
        Span(label, "bad" if profile.production else "dim"),
        Span(_SHORT[profile.access]),
        *_seen(look, now),
        Span(profile.endpoint or profile.admin_endpoint or "-", "dim"),
    )


def _seen(look: LastLook | None, now: datetime) -> Line:
    if look is None:
        return (Span("-", "dim"), Span("-", "dim"), Span(messages.NOT_YET, "dim"))
    left = days_left(look.token_ends, now)
    mark = "[--]" if look.no_token else band(look.token_ends, now).value
    days = "" if isinstance(left, Absent) else f" {left}d"
    state = f"{look.mark} {age(look.at, now).removesuffix(' ago')}"
    return (
        Span(f"{mark}{days}", MARK_ROLES.get(mark, "")),
        Span(age(look.idp_at, now).removesuffix(" ago"), "dim"),
        Span(state, MARK_ROLES.get(look.mark, "")),
    )
