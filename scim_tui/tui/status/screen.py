"""Status: is provisioning on, healthy and fresh; what fails, and what ends next."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from textual import on, work
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from scim_tui.model.errors import NotAllowed
from scim_tui.model.unknown_values import NEVER, Absent
from scim_tui.tui.drawing import values as present
from scim_tui.tui.drawing.record import trouble
from scim_tui.tui.drawing.text import Line, Span, clean, fit, line, middle
from scim_tui.tui.shell.actions import Action, bindings
from scim_tui.tui.shell.page import Page
from scim_tui.tui.shell.screen_actions import STATUS
from scim_tui.tui.status.findings import counted_words, show_findings
from scim_tui.tui.status.refused_lines import refused_lines
from scim_tui.tui.status.side import side_lines
from scim_tui.tui.widgets.lines import Lines
from scim_tui.tui.widgets.table import Column, ListSource, Table

if TYPE_CHECKING:
    from scim_tui.core.directory.api import Findings
    from scim_tui.core.health.collect import Snapshot
    from scim_tui.core.health.severity import Signal
    from scim_tui.core.workspace import Workspace
    from scim_tui.model.activity import Event
    from scim_tui.model.provisioning import ProvisioningStatus

SIGNALS = (Column("SIGNAL", 19), Column("STATE", 10), Column("DETAIL", 20, 1))
GOES_TO = {
    "Token expiry": "tokens",
    "Token slots": "tokens",
    "IdP traffic 24h": "activity",
    "Sign-in failures": "activity",
    "Refused objects": "activity",
    "Throttled 24h": "activity",
    "Audit trail": "activity",
}


class StatusPage(Page):
    """The first screen."""

    NAME = "status"
    ACTIONS = STATUS
    BINDINGS = bindings(STATUS)
    DEFAULT_CSS = """
    StatusPage #facts { height: 5; }
    StatusPage #signals { height: 10; }
    StatusPage #refusals { height: 1fr; }
    StatusPage #side { display: none; height: 1fr; }
    StatusPage.-wide #side { display: block; width: 44; }
    StatusPage.-wide #signals { height: 11; }
    StatusPage #main { width: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._told = False
        self._counted: Findings = {}

    def body(self) -> Iterable[Widget]:
        """Facts, signals, newest refusals; traffic beside them when there is room."""
        yield Lines(id="facts")
        with Horizontal():
            with Vertical(id="main"):
                table = Table(SIGNALS, id="signals")
                table.add_class("focus-first")
                yield table
                yield Lines(id="refusals")
            yield Lines(id="side")

    def draw(self) -> None:
        """Draw the newest snapshot, or what is awaited."""
        snapshot = self.session.snapshot
        facts = self.query_one("#facts", Lines)
        table = self.query_one("#signals", Table)
        self.query_one("#refusals", Lines).show(self._below())
        if snapshot is None or self.session.workspace is None:
            facts.show(self._opening())
            table.waiting = line(("  what is known appears here as it arrives", "dim"))
            table.show(ListSource())
            return
        listed = _listed(self.session.workspace)
        stale = self.session.workspace.health.stale(snapshot)
        wrong = counted_words(self._counted)
        facts.show(_facts(snapshot, listed, self.app.size.width, wrong, stale=stale))
        self._count(self.session.workspace)
        self._tell_rotation(snapshot)
        signals = self.session.workspace.health.signals(snapshot)
        table.show(ListSource([(s.name, present.signal_cells(s)) for s in signals]))
        now, health = self.session.workspace.clock(), self.session.workspace.health
        side = side_lines(snapshot, now, stale=health.stale(snapshot))
        self.query_one("#side", Lines).show(side)

    def _count(self, workspace: "Workspace") -> None:
        """Count what is wrong, once somebody was listed; it is kept until the next listing."""
        from scim_tui.model.directory import Kind

        if any(workspace.directory.listed(kind) for kind in Kind):
            self._look_for_findings(workspace)

    @work(exclusive=True, group="findings", description="findings")
    async def _look_for_findings(self, workspace: "Workspace") -> None:
        counted = await workspace.directory.findings()
        if counted != self._counted:
            self._counted = counted
            self.redraw()

    def _below(self) -> list[Line]:
        """The newest refusals, or why this program itself is refused."""
        session = self.session
        if isinstance(session.trouble, NotAllowed):
            kind = session.workspace.provider.kind if session.workspace else ""
            return refused_lines(kind, session.name)
        if session.snapshot is None:
            return []
        return _refusal_lines(session.snapshot, self.has_class("-wide"))

    def _tell_rotation(self, snapshot: "Snapshot") -> None:
        """Once, at the start: a rotation was left open."""
        if self._told:
            return
        self._told = True
        standing = snapshot.rotation
        if isinstance(standing, Absent) or standing.rotation is None or not standing.rotation.open:
            return
        row = next(s for s in self._signals(snapshot) if s.name == "Rotation")
        more = "R asks to take it over." if standing.holder else "R resumes."
        where = row.detail.partition(". ")[0]
        self.call_after_refresh(self.say, f"! {where}. {more}", "warn")

    def _signals(self, snapshot: "Snapshot") -> "tuple[Signal, ...]":
        workspace = self.session.workspace
        return workspace.health.signals(snapshot) if workspace else ()

    def _opening(self) -> list[Line]:
        wrong = self.session.trouble
        if wrong is None:
            return [
                present.field("Provisioning", Span("..", "dim")),
                present.field("Endpoint", Span("..", "dim")),
            ]
        return [
            *trouble(wrong, self.size.width),
            line(("   r tries again now   p switches to another profile", "dim")),
        ]

    def reason(self, action: Action) -> str | None:
        """Enabling and disabling have their order."""
        workspace, snapshot = self.session.workspace, self.session.snapshot
        if action.id not in {"enable", "disable"} or workspace is None:
            return None
        if snapshot is None:
            return "The status is not known yet."
        if action.id == "enable":
            return workspace.provisioning.why_not_enable(snapshot)
        return workspace.provisioning.why_not_disable(snapshot)

    def copyable(self) -> str:
        """The SCIM endpoint."""
        snapshot = self.session.snapshot
        endpoint = snapshot.status.scim_endpoint if snapshot else ""
        return "" if isinstance(endpoint, Absent) else endpoint

    @on(Table.Opened)
    async def _open_row(self, event: Table.Opened) -> None:
        if event.table.current == "Rotation":
            await self.action_do("rotate")
        elif name := GOES_TO.get(event.table.current or ""):
            self.app.go_to(name)
        else:
            await self.do_test()

    async def do_open(self) -> None:
        """Go where the signal under the cursor is explained."""
        self.query_one("#signals", Table).action_open()

    async def do_enable(self) -> None:
        """Switch provisioning on."""
        from scim_tui.tui.shell import changes

        if workspace := self.session.workspace:
            self.change(changes.enable(self, workspace))

    async def do_rotate(self) -> None:
        """Start a rotation, or go on with the open one."""
        from scim_tui.tui.rotation.entry import begin

        self.change(begin(self))

    async def do_disable(self) -> None:
        """Switch provisioning off."""
        from scim_tui.tui.shell import changes

        workspace, snapshot = self.session.workspace, self.session.snapshot
        if workspace and snapshot:
            self.change(changes.disable(self, workspace, snapshot))

    async def do_findings(self) -> None:
        """What is wrong in the directory, with the way to each list."""
        if self.session.workspace is not None:
            show_findings(self)

    async def do_test(self) -> None:
        """Look at the connection, stage by stage."""
        self.app.diagnose()


def _listed(workspace: "Workspace") -> Line:
    """What the Directory screen counted, for a provider that tells no numbers."""
    from scim_tui.model.directory import Kind

    found = [(kind, workspace.directory.listed(kind)) for kind in Kind]
    words = [
        f"{told[0]:,} {kind.lower()} listed at {told[1]:%H:%M:%SZ}" for kind, told in found if told
    ]
    return line(", ".join(words)) if words else ()


def _facts(
    snapshot: "Snapshot", listed: Line, cells: int, wrong: Line, *, stale: bool
) -> list[Line]:
    status = snapshot.status
    role = {"enabled": "good", "disabled": "warn"}.get(status.state, "unknown")
    since = (Span("   since ", "dim"), present.moment(status.enabled_at))
    old = f"   as of {snapshot.at:%H:%M:%SZ}, and may be wrong now" if stale else ""
    users, groups = present.amounts(snapshot.summary)
    counts = line(users, " users, ", groups, " groups")
    told_nothing = isinstance(snapshot.summary, Absent) or isinstance(
        snapshot.summary.users, Absent
    )
    return [
        line(
            (" Provisioning  ", "dim"),
            Span(status.state.upper(), "unknown" if old else role),
            *(since if isinstance(status.enabled_at, datetime) and not old else ()),
            (old, "warn"),
        ),
        line((" Endpoint      ", "dim"), *_endpoint(status, cells)),
        line((" IdP           ", "dim"), *_idp(snapshot)),
        line((" Directory     ", "dim"), *(listed if told_nothing and listed else counts), *wrong),
        (),
    ]


def _endpoint(status: "ProvisioningStatus", cells: int) -> Line:
    if status.scim_endpoint is NEVER:
        return line(
            ("none while provisioning is off; ", "dim"), ("E", "accent"), (" enables it", "dim")
        )
    silent = "  nothing listens there now" if status.listening is False else ""
    return line(Span(middle(str(status.scim_endpoint), cells - 15)), (silent, "warn"))


def _idp(snapshot: "Snapshot") -> Line:
    traffic = snapshot.traffic
    if isinstance(traffic, Absent):
        return (present.absent(traffic),)
    if traffic.last_request_at is NEVER:
        return (Span("no request yet", "dim"),)
    return line(
        ("last request by ", "dim"),
        Span(middle(str(traffic.last_client), 34)),
        (" at ", "dim"),
        present.recent(traffic.last_request_at, snapshot.at),
        ("; last write ", "dim"),
        present.recent(traffic.last_write_at, snapshot.at),
    )


def _refusal_lines(snapshot: "Snapshot", wide: bool) -> list[Line]:
    title = line((" NEWEST REFUSALS", "dim"))
    if isinstance(snapshot.refusals, Absent):
        return [title, line((f" not known: {snapshot.problems.get('refusals', '')}", "unknown"))]
    if not snapshot.refusals:
        return [title, line((" none seen", "dim"))]
    return [title, *(_refusal(event, wide) for event in snapshot.refusals)]


def _refusal(event: "Event", wide: bool) -> Line:
    return line(
        " ",
        present.event_time(event.at),
        f"  {event.operation:<12} ",
        Span(fit(clean(present.target(event).text), 26) + "  "),
        Span(event.message if wide else event.constraint or event.message, "warn"),
    )
