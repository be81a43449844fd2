"""The dialog behind `!`: a fault of this program, and the file it is written to."""

from collections.abc import Iterable
from functools import partial

from textual.binding import Binding
from textual.widget import Widget

from scim_tui.tui.drawing.text import Line, line, wrap
from scim_tui.tui.faults.crash_file import Fault
from scim_tui.tui.modals.dialog import Dialog
from scim_tui.tui.shell import messages
from scim_tui.tui.widgets.lines import Wrapped


class FaultDialog(Dialog[None]):
    """Shows a fault with its traceback; the app goes on behind it."""

    BINDINGS = [Binding("q", "cancel", show=False)]
    KEYS = (("j k PgDn", "scroll"), ("Esc", "close"))

    def __init__(self, fault: Fault) -> None:
        super().__init__(classes="-tall")
        self._fault = fault

    def body(self) -> Iterable[Widget]:
        """One block of lines."""
        yield Wrapped(partial(fault_lines, self._fault), can_focus=True)

    def on_mount(self) -> None:
        """Keys scroll at once."""
        self.query_one(Wrapped).focus()


def fault_lines(fault: Fault, cells: int) -> list[Line]:
    """What happened, what still works, and the traceback."""
    kept = (
        messages.fault_file(fault.file) if fault.file else messages.no_fault_file(fault.why_no_file)
    )
    return [
        line((messages.FAULT_TITLE, "bad")),
        (),
        *(line((row, "warn")) for row in wrap(fault.words, cells)),
        (),
        *(line(row) for row in wrap(messages.FAULT_HEAD, cells)),
        *(line(row) for row in wrap(kept, cells)),
        (),
        *(line((row, "dim")) for row in fault.report.split("\n")),
    ]
