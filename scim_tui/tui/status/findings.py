"""The count of findings on the Status screen, and the dialog that lists them."""

from typing import TYPE_CHECKING

from scim_tui.tui.drawing.text import Line, line
from scim_tui.tui.session.host import OpenFinding
from scim_tui.tui.shell.page import Page
from scim_tui.tui.status import messages

if TYPE_CHECKING:
    from scim_tui.core.directory.api import Findings


def show_findings(page: Page) -> None:
    """Show the findings; the chosen one opens its list on the Directory screen."""
    page.run_worker(_choose(page), group="dialog", description="findings")


async def _choose(page: Page) -> None:
    from scim_tui.tui.status.findings_dialog import FindingsDialog

    if (space := page.session.workspace) is None:
        return
    dialog = FindingsDialog(space.directory, await space.directory.findings())
    picked = await page.app.ask(dialog)
    if picked is None:
        return
    page.post_message(OpenFinding(dialog.found[picked]))


def counted_words(counted: "Findings") -> Line:
    """How many kinds of findings there are; empty if nothing was counted."""
    known = [each.count for each in counted.values() if isinstance(each.count, int)]
    if not known:
        return ()
    wrong = sum(1 for count in known if count)
    words = f"   {messages.findings(wrong)}"
    return line((words, "warn" if wrong else "dim"), ("  f", "accent"), (" shows", "dim"))
