"""A connection test: its findings one by one as they arrive, and what can follow."""

from collections.abc import AsyncIterator, Iterable, Sequence

from textual import work
from textual.binding import Binding
from textual.widget import Widget

from scim_tui.model.checkup import Finding, Verdict
from scim_tui.tui.drawing.text import Line, Span, line, wrap
from scim_tui.tui.modals.dialog import Dialog
from scim_tui.tui.profiles import messages
from scim_tui.tui.widgets.lines import Lines

ROLES = {
    Verdict.OK: "good",
    Verdict.WARN: "warn",
    Verdict.BAD: "bad",
    Verdict.UNKNOWN: "unknown",
    Verdict.NONE: "dim",
}
NAME = 17
_LEAD = NAME + 6


class CheckDialog(Dialog[bool]):
    """Runs the test and offers the step `then`; answers True to do it.

    Enter does it if nothing is wrong; if something is, only `S` does.
    """

    TAKES_KEYS_AHEAD = False
    BINDINGS = [
        Binding("enter", "go_on", show=False),
        Binding("S", "go_on_anyway", show=False),
        Binding("y", "copy", show=False),
        Binding("q", "cancel", show=False),
    ]

    def __init__(
        self, title: str, found: AsyncIterator[Finding], then: str = "", command: str = ""
    ) -> None:
        super().__init__(classes="-tall")
        self._title = title
        self._findings = found
        self._then = then
        self._command = command
        self._found: list[Finding] = []
        self._done = False
        self._copied = ""

    def body(self) -> Iterable[Widget]:
        """Title with the state of the test, and findings."""
        yield Lines([line((self._title, "title")), ()], id="state")
        yield Lines(id="found", can_focus=True)

    def on_mount(self) -> None:
        """Start the test, and focus the findings so that keys scroll them."""
        self.query_one("#found", Lines).focus()
        self._run()

    @work(exclusive=True, group="checkup", description="checkup")
    async def _run(self) -> None:
        async for finding in self._findings:
            self._found.append(finding)
            self._draw()
        self._done = True
        self._draw()

    @property
    def _bad_count(self) -> int:
        return sum(each.verdict is Verdict.BAD for each in self._found)

    def _draw(self) -> None:
        self.query_one("#state", Lines).show(
            [line((self._title, "title"), "  ", self._state()), ()]
        )
        rows = [row for each in self._found for row in finding_lines(each, self.cells)]
        if self._command:
            same = [line(f"  {row}") for row in wrap(self._command, self.cells - 2)]
            rows += [(), line((messages.COMMAND, "dim")), *same]
        self.query_one("#found", Lines).show(rows)
        self.query_one("#keys", Lines).show((self.key_line(),))

    def _state(self) -> Span:
        if not self._done:
            return Span(messages.asking(len(self._found)), "dim")
        if self._bad_count:
            return Span(messages.wrong(self._bad_count), "bad")
        return Span(messages.CHECKS_PASSED, "good")

    def key_line(self) -> Line:
        """The keys, which depend on the findings."""
        keys: list[tuple[str, str]] = []
        if self._done and self._then:
            keys.append(
                ("S", messages.all_the_same(self._then))
                if self._bad_count
                else ("Enter", self._then)
            )
        keys += [("j k", "scroll"), ("y", self._copied or "copy")]
        keys.append(("Esc", "back" if self._done else "stop"))
        pairs = [(Span(f" {key}", "accent"), Span(f" {label} ", "dim")) for key, label in keys]
        return tuple(span for pair in pairs for span in pair)

    def action_go_on(self) -> None:
        """Do the step if nothing is wrong."""
        if self._done and not self._bad_count:
            self.dismiss(True if self._then else None)

    def action_go_on_anyway(self) -> None:
        """Do the step although something is wrong."""
        if self._done and self._then:
            self.dismiss(True)

    async def action_copy(self) -> None:
        """Copy the findings as text, for a ticket; they contain no secret."""
        rows = [f"{each.mark:<5} {each.name}: {each.evidence}" for each in self._found]
        self._copied = await self.app.copy("\n".join(rows))
        self._draw()


def finding_lines(found: Finding, cells: int) -> Sequence[Line]:
    """Mark, name, evidence and fix of a finding, wrapped into lines."""
    first, *rest = wrap(found.evidence, max(cells - _LEAD, 20))
    rows = [
        line((f"{found.mark:<5}", ROLES[found.verdict]), f"{found.name:<{NAME}.{NAME}} ", first)
    ]
    rows += [line(f"{'':<{_LEAD}}{row}") for row in rest]
    fix = wrap(found.fix, max(cells - _LEAD - 3, 20)) if found.fix else []
    rows += [
        line(f"{'':<{_LEAD}}", ("-> " if not at else "   ", "accent"), row)
        for at, row in enumerate(fix)
    ]
    return rows
