"""From the Status screen to the lists of what is wrong in the directory."""

from typing import TYPE_CHECKING

from scim_tui.tui.drawing.text import Line, line
from scim_tui.tui.session.host import OpenFinding
from scim_tui.tui.shell.page import Page

if TYPE_CHECKING:
    from scim_tui.core.directory.api import Findings


def show_findings(page: Page) -> None:
    """Offer the counts; the chosen one leads to its list."""
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
    """How many kinds of things are wrong; nothing where nothing was counted."""
    known = [each.count for each in counted.values() if isinstance(each.count, int)]
    if not known:
        return ()
    wrong = sum(1 for count in known if count)
    words = f"   {wrong or 'no'} {'finding' if wrong == 1 else 'findings'}"
    return line((words, "warn" if wrong else "dim"), ("  f", "accent"), (" shows", "dim"))
