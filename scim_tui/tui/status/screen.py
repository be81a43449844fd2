"""The Status screen: provisioning, endpoint, traffic, signals, and the newest refusals."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from textual import on, work
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from scim_tui.core.health.aspects import Aspect
from scim_tui.core.health.severity import SignalId
from scim_tui.model.errors import NotAllowed
from scim_tui.model.unknown_values import NEVER, Absent
from scim_tui.tui.drawing import values as present
from scim_tui.tui.drawing.record import trouble
from scim_tui.tui.drawing.text import Line, Span, clean, fit, line, middle
from scim_tui.tui.session.host import RotateToken
from scim_tui.tui.shell.actions import Action, bindings
from scim_tui.tui.shell.page import Page
from scim_tui.tui.shell.screen_actions import STATUS
from scim_tui.tui.status import messages
from scim_tui.tui.status.findings import counted_words, show_findings
from scim_tui.tui.status.refused_lines import refused_lines
from scim_tui.tui.status.side import side_lines
from scim_tui.tui.widgets.lines import Lines
from scim_tui.tui.widgets.table import Column, ListSource, Table

if TYPE_CHECKING:
    from scim_tui.core.directory.api import Findings
    from scim_tui.core.health.severity import Signal
    from scim_tui.core.health.snapshot import Snapshot
    from scim_tui.core.workspace import Workspace
    from scim_tui.model.activity import Event
    from scim_tui.model.provisioning import ProvisioningStatus

SIGNALS = (Column("SIGNAL", 19), Column("STATE", 10), Column("DETAIL", 20, 1))
GOES_TO: dict[str, str] = {
    SignalId.TOKEN_EXPIRY: "tokens",
    SignalId.TOKEN_SLOTS: "tokens",
    SignalId.IDP_TRAFFIC: "activity",
    SignalId.SIGN_IN_FAILURES: "activity",
    SignalId.REFUSED: "activity",
    SignalId.THROTTLED: "activity",
    SignalId.AUDIT_TRAIL: "activity",
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
        self._rotation_shown = False
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
        """Draw the newest snapshot, or that the connection is being opened."""
        snapshot = self.session.snapshot
        facts = self.query_one("#facts", Lines)
        table = self.query_one("#signals", Table)
        self.query_one("#refusals", Lines).show(self._below())
        if snapshot is None or self.session.workspace is None:
            facts.show(self._opening())
            table.waiting = line((f"  {messages.AWAITED}", "dim"))
            table.show(ListSource())
            return
        listed = _listed(self.session.workspace)
        stale = self.session.workspace.health.stale(snapshot)
        wrong = counted_words(self._counted)
        facts.show(_facts(snapshot, listed, self.app.size.width, wrong, stale=stale))
        self._count(self.session.workspace)
        self._show_open_rotation(snapshot)
        signals = self.session.workspace.health.signals(snapshot)
        table.show(ListSource([(s.row, present.signal_cells(s)) for s in signals]))
        now, health = self.session.workspace.clock(), self.session.workspace.health
        side = side_lines(snapshot, now, stale=health.stale(snapshot))
        self.query_one("#side", Lines).show(side)

    def _count(self, workspace: "Workspace") -> None:
        """Count the findings once users or groups are listed; the core caches the counts."""
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
        """The newest refusals of the IdP, or why this program itself is refused."""
        session = self.session
        if isinstance(session.trouble, NotAllowed):
            kind = session.workspace.provider.kind if session.workspace else ""
            return refused_lines(kind, session.name)
        if session.snapshot is None:
            return []
        return _refusal_lines(session.snapshot, self.has_class("-wide"))

    def _show_open_rotation(self, snapshot: "Snapshot") -> None:
        """Say once, at the start, that a rotation is open."""
        if self._rotation_shown:
            return
        self._rotation_shown = True
        standing = snapshot.rotation
        if isinstance(standing, Absent) or standing.rotation is None or not standing.rotation.open:
            return
        row = next(s for s in self._signals(snapshot) if s.id is SignalId.ROTATION)
        more = messages.ROTATION_HELD if standing.holder else messages.ROTATION_OPEN
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
            line((f"   {messages.WHILE_CLOSED}", "dim")),
        ]

    def reason(self, action: Action) -> str | None:
        """Why provisioning cannot be enabled or disabled now."""
        workspace, snapshot = self.session.workspace, self.session.snapshot
        if action.id not in {"enable", "disable"} or workspace is None:
            return None
        if snapshot is None:
            return messages.STATUS_UNKNOWN
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
        if event.table.current == SignalId.ROTATION:
            await self.action_do("rotate")
        elif name := GOES_TO.get(event.table.current or ""):
            self.app.go_to(name)
        else:
            await self.do_test()

    async def do_open(self) -> None:
        """Go to the screen that explains the signal under the cursor."""
        self.query_one("#signals", Table).action_open()

    async def do_enable(self) -> None:
        """Enable provisioning."""
        from scim_tui.tui.shell import changes

        if workspace := self.session.workspace:
            self.change(changes.enable(self, workspace))

    async def do_rotate(self) -> None:
        """Start a rotation, or go on with the open one."""
        self.post_message(RotateToken())

    async def do_disable(self) -> None:
        """Disable provisioning."""
        from scim_tui.tui.shell import changes

        workspace, snapshot = self.session.workspace, self.session.snapshot
        if workspace and snapshot:
            self.change(changes.disable(self, workspace, snapshot))

    async def do_findings(self) -> None:
        """Show the findings about the directory."""
        if self.session.workspace is not None:
            show_findings(self)

    async def do_test(self) -> None:
        """Test the connection stage by stage."""
        await self.run_action("app.test_connection")


def _listed(workspace: "Workspace") -> Line:
    """What the Directory screen counted, for a provider that reports no counts."""
    from scim_tui.model.directory import Kind

    found = [(kind, workspace.directory.listed(kind)) for kind in Kind]
    words = [messages.listed(each[0], kind.lower(), each[1]) for kind, each in found if each]
    return line(", ".join(words)) if words else ()


def _facts(
    snapshot: "Snapshot", listed: Line, cells: int, wrong: Line, *, stale: bool
) -> list[Line]:
    status = snapshot.status
    role = {"enabled": "good", "disabled": "warn"}.get(status.state, "unknown")
    since = (Span("   since ", "dim"), present.moment(status.enabled_at))
    old = f"   {messages.outdated(snapshot.at)}" if stale else ""
    users, groups = present.amounts(snapshot.summary)
    counts = line(*users, ", ", *groups)
    no_counts = isinstance(snapshot.summary, Absent) or isinstance(snapshot.summary.users, Absent)
    return [
        line(
            (" Provisioning  ", "dim"),
            Span(status.state.upper(), "unknown" if old else role),
            *(since if isinstance(status.enabled_at, datetime) and not old else ()),
            (old, "warn"),
        ),
        line((" Endpoint      ", "dim"), *_endpoint(status, cells)),
        line((" IdP           ", "dim"), *_idp(snapshot)),
        line((" Directory     ", "dim"), *(listed if no_counts and listed else counts), *wrong),
        (),
    ]


def _endpoint(status: "ProvisioningStatus", cells: int) -> Line:
    if status.scim_endpoint is NEVER:
        return line((messages.NO_ENDPOINT, "dim"), ("E", "accent"), (" enables it", "dim"))
    silent = f"  {messages.NOTHING_LISTENS}" if status.listening is False else ""
    return line(Span(middle(str(status.scim_endpoint), cells - 15)), (silent, "warn"))


def _idp(snapshot: "Snapshot") -> Line:
    traffic = snapshot.traffic
    if isinstance(traffic, Absent):
        return (present.absent(traffic),)
    if traffic.last_request_at is NEVER:
        return (Span(messages.NO_REQUEST, "dim"),)
    return line(
        (messages.LAST_REQUEST, "dim"),
        Span(middle(str(traffic.last_client), 34)),
        (" at ", "dim"),
        present.recent(traffic.last_request_at, snapshot.at),
        (messages.LAST_WRITE, "dim"),
        present.recent(traffic.last_write_at, snapshot.at),
    )


def _refusal_lines(snapshot: "Snapshot", wide: bool) -> list[Line]:
    title = line((f" {messages.NEWEST_REFUSALS}", "dim"))
    if isinstance(snapshot.refusals, Absent):
        return [
            title,
            line((f" not known: {snapshot.problems.get(Aspect.REFUSALS, '')}", "unknown")),
        ]
    if not snapshot.refusals:
        return [title, line((f" {messages.NO_REFUSAL}", "dim"))]
    return [title, *(_refusal(event, wide) for event in snapshot.refusals)]


def _refusal(event: "Event", wide: bool) -> Line:
    return line(
        " ",
        present.event_time(event.at),
        f"  {event.operation:<12} ",
        Span(fit(clean(present.target(event).text), 26) + "  "),
        Span(event.message if wide else event.constraint or event.message, "warn"),
    )
