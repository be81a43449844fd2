"""The Tokens screen: the access tokens, their use and their end; create and delete them."""

from collections.abc import Callable, Iterable
from datetime import datetime

from textual import on
from textual.containers import Container
from textual.widget import Widget

from scim_tui.core.health.aspects import Aspect
from scim_tui.core.health.snapshot import Snapshot
from scim_tui.core.tokens.evidence import Evidence
from scim_tui.core.workspace import Workspace
from scim_tui.model import expiry
from scim_tui.model.capabilities import Capabilities
from scim_tui.model.plural import plural
from scim_tui.model.provisioning import AccessToken, TokenState
from scim_tui.model.token_use import only_by_us
from scim_tui.model.unknown_values import Absent
from scim_tui.tui.drawing import values as present
from scim_tui.tui.drawing.record import sentence_lines
from scim_tui.tui.drawing.roles import MARK_ROLES
from scim_tui.tui.drawing.text import Line, Span, line, wrap
from scim_tui.tui.session.host import RotateToken
from scim_tui.tui.shell.actions import Action, bindings
from scim_tui.tui.shell.page import Page
from scim_tui.tui.shell.screen_actions import TOKENS
from scim_tui.tui.tokens import messages
from scim_tui.tui.widgets.lines import Lines
from scim_tui.tui.widgets.table import Column, ListSource, Table

COLUMNS = (
    Column("ID", 13),
    Column("STATE", 9),
    Column("CREATED", 10, rank=2),
    Column("EXPIRES", 10),
    Column("LEFT", 9),
    Column("LAST USED", 9),
    Column("REQUESTS", 8, right=True, rank=1),
    Column("CLIENT", 8, 1, rank=3),
)


_STATES = {TokenState.UNUSED: "dim", TokenState.SUSPENDED: "warn", TokenState.EXPIRED: "bad"}


class TokensPage(Page):
    """The second screen."""

    NAME = "tokens"
    ACTIONS = TOKENS
    BINDINGS = bindings(TOKENS)
    DEFAULT_CSS = """
    TokensPage #title { height: 2; }
    TokensPage Table { height: 5; }
    TokensPage.-wide Table { height: 1fr; width: 3fr; }
    TokensPage #lists { height: 1fr; }
    TokensPage.-wide #lists { layout: horizontal; }
    TokensPage #detail { height: 1fr; }
    TokensPage.-wide #detail { width: 2fr; }
    """

    def body(self) -> Iterable[Widget]:
        """Slots, the list, the token under the cursor."""
        yield Lines(id="title")
        with Container(id="lists"):
            table = Table(COLUMNS)
            table.add_class("focus-first")
            yield table
            yield Lines(id="detail")

    def draw(self) -> None:
        """Draw the newest snapshot, or that it is being loaded."""
        snapshot, table = self.session.snapshot, self.query_one(Table)
        title = self.query_one("#title", Lines)
        if snapshot is None or self.session.workspace is None:
            words = self.session.trouble.message if self.session.trouble else messages.LOADING
            title.show([line((f" TOKENS  {words}", "dim")), ()])
            return
        can = self.session.workspace.provider.capabilities
        title.show([_title(snapshot, can), ()])
        tokens = snapshot.known_tokens
        if isinstance(tokens, Absent):
            asked = snapshot.problems.get(Aspect.NOTED) or snapshot.problems.get(Aspect.TOKENS)
            reason = asked or can.list_tokens.reason
            room = table.size.width or self.size.width
            why = sentence_lines(
                messages.NOT_LISTED.format(reason=reason), room, lead="  ", role="unknown"
            )
            table.show_when_empty([*why, (_way_on(can),)])
            table.show(ListSource())
        else:
            now, stale = (
                self.session.workspace.clock(),
                self.session.workspace.health.stale(snapshot),
            )
            used = {t.id: present.last_use(t, snapshot.at, stale=stale) for t in tokens}
            table.waiting = _nothing(snapshot, self.session.workspace)
            table.show(ListSource([(t.id, token_cells(t, now, used[t.id])) for t in tokens]))
        self._draw_detail()

    @on(Table.Highlighted)
    def _draw_detail(self) -> None:
        token, workspace = self._token(), self.session.workspace
        pane = self.query_one("#detail", Lines)
        if token is None or workspace is None:
            pane.show([])
            return
        now = workspace.clock()
        snapshot = self.session.snapshot
        source = snapshot.source_of(token.id) if snapshot else ""
        evidence = workspace.tokens.evidence(token, now)
        pane.show(_detail(token, evidence, now, pane.size.width, source))

    def _token(self) -> AccessToken | None:
        snapshot, current = self.session.snapshot, self.query_one(Table).current
        known = snapshot.known_tokens if snapshot else Absent.UNKNOWN
        if isinstance(known, Absent):
            return None
        return next((token for token in known if token.id == current), None)

    def reason(self, action: Action) -> str | None:
        """Why a token cannot be created, deleted or changed now."""
        workspace, snapshot = self.session.workspace, self.session.snapshot
        if workspace is None:
            return None
        rules: dict[str, Callable[[], str | None]] = {
            "create": lambda: workspace.tokens.why_not_create(snapshot),
            "delete": lambda: workspace.tokens.why_not_delete(self._token()),
            "suspend": lambda: workspace.tokens.why_not_suspend(self._token()),
            "record": workspace.ledger.why_not_record,
            "disable": lambda: workspace.provisioning.why_not_disable(snapshot),
        }
        return rules[action.id]() if action.id in rules else None

    def copyable(self) -> str:
        """The id of the token, never a secret."""
        return self.query_one(Table).current or ""

    async def do_create(self) -> None:
        """Create a token."""
        from scim_tui.tui.shell import changes

        workspace, snapshot = self.session.workspace, self.session.snapshot
        if workspace and snapshot:
            self.change(changes.create_token(self, workspace, snapshot))

    async def do_delete(self) -> None:
        """Delete the token under the cursor."""
        from scim_tui.tui.shell import changes

        workspace, token = self.session.workspace, self._token()
        if workspace and token:
            self.change(changes.delete_token(self, workspace, token))

    async def do_suspend(self) -> None:
        """Suspend the token under the cursor, or reinstate it."""
        from scim_tui.tui.shell import changes

        workspace, token = self.session.workspace, self._token()
        if workspace and token:
            self.change(changes.switch_token(self, workspace, token))

    async def do_rotate(self) -> None:
        """Start a rotation, or go on with the open one."""
        self.post_message(RotateToken())

    async def do_record(self) -> None:
        """Record a token that the provider does not list."""
        from scim_tui.tui.tokens import record as recording

        workspace, snapshot = self.session.workspace, self.session.snapshot
        if workspace and snapshot:
            current = self.query_one(Table).current
            noted = next((each for each in snapshot.noted if each.id == current), None)
            self.change(recording.record(self, workspace, noted))

    async def do_disable(self) -> None:
        """Disable provisioning."""
        from scim_tui.tui.shell import changes

        workspace, snapshot = self.session.workspace, self.session.snapshot
        if workspace and snapshot:
            self.change(changes.disable(self, workspace, snapshot))


def _title(snapshot: Snapshot, can: Capabilities) -> Line:
    if isinstance(snapshot.tokens, Absent):
        words = f"  {messages.recorded_only(len(snapshot.noted))}" if snapshot.noted else ""
        return line((" TOKENS", "title"), (words, "dim"))
    return line((" TOKENS", "title"), f"  {messages.slots(len(snapshot.tokens), can.max_tokens)}")


def _nothing(snapshot: Snapshot, workspace: Workspace) -> Line:
    """Why the list is empty, and the key that creates a token if that is possible."""
    if snapshot.status.state == "disabled":
        return line((f"  {messages.PROVISIONING_OFF}", "dim"))
    words = f"  {messages.EMPTY} "
    if workspace.tokens.why_not_create(snapshot):
        return line((words, "dim"))
    return line((words, "dim"), ("C", "accent"), (f" {messages.CREATES}", "dim"))


def token_cells(token: AccessToken, now: datetime, last_used: Span) -> Line:
    """A row of the list."""
    band = expiry.band(token.expires_at, now)
    left = expiry.days_left(token.expires_at, now)
    days = f"{band} {left}d" if isinstance(left, int) and left >= 0 else str(band)
    return (
        Span(token.id),
        Span(str(token.state(now)), _STATES.get(token.state(now), "")),
        present.moment(token.created_at, day_only=True),
        present.moment(token.expires_at, day_only=True),
        Span(days, MARK_ROLES.get(str(band), "")),
        last_used,
        present.count(token.requests),
        Span("-", "dim") if token.last_client is Absent.NEVER else present.words(token.last_client),
    )


def _used(token: AccessToken) -> Span:
    if isinstance(token.own_used_at, datetime) and only_by_us(token):
        return Span(messages.only_by_us(f"{token.own_used_at:%Y-%m-%d %H:%M:%SZ}"), "warn")
    return present.moment(token.last_used_at)


def _way_on(can: Capabilities) -> Span:
    return Span("") if can.list_tokens else Span(f"  i {messages.RECORDS}", "accent")


def _detail(
    token: AccessToken, evidence: Iterable[Evidence], now: datetime, cells: int, source: str
) -> list[Line]:
    band = expiry.band(token.expires_at, now)
    left = expiry.days_left(token.expires_at, now)
    words = f"{plural(left, 'day')}, " if isinstance(left, int) and left >= 0 else ""
    mark = Span(f"{band} {expiry.WORD[band]}", MARK_ROLES.get(str(band), ""))
    return [
        line((f" {token.id}", "title")),
        (),
        present.field("Created", present.moment(token.created_at)),
        present.field("Expires", present.moment(token.expires_at)),
        (*present.field("Left", Span(words)), mark),
        *(present.paragraph("Known", source, max(cells - 15, 20), "warn") if source else ()),
        present.field("Last used", _used(token)),
        present.field("Requests", present.count(token.requests)),
        present.field("Client", present.words(token.last_client)),
        *present.paragraph("Secret", messages.NOT_KEPT, max(cells - 15, 20), "dim"),
        (),
        *(
            line((f" {row}", "warn" if each.warning else ""))
            for each in evidence
            for row in wrap(f"! {each.text}" if each.warning else each.text, max(cells - 2, 20))
        ),
    ]
