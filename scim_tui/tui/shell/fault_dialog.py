"""The dialog behind `!`: a fault of this program, and the file it is written to."""

from collections.abc import Iterable
from functools import partial

from textual.binding import Binding
from textual.widget import Widget

from scim_tui.tui.drawing.text import Line, line, wrap
from scim_tui.tui.faults.crash_file import Fault
from scim_tui.tui.modals.dialog import Dialog
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
        f"It is written to {fault.file}: no values and no secrets are in it. Send it to the "
        "maintainers of this program."
        if fault.file
        else f"It is not in a file: {fault.why_no_file}."
    )
    head = (
        "Something in this program failed. The connection, the embedded service and a secret in "
        "memory are still there; what was being done may be done in part."
    )
    return [
        line(("This did not work", "bad")),
        (),
        *(line((row, "warn")) for row in wrap(fault.words, cells)),
        (),
        *(line(row) for row in wrap(head, cells)),
        *(line(row) for row in wrap(kept, cells)),
        (),
        *(line((row, "dim")) for row in fault.report.split("\n")),
    ]
