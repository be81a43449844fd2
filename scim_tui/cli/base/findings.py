"""Findings on the command line: a line for each, or JSON, and the exit code."""

from collections.abc import AsyncIterator, Iterable

from scim_tui.cli.base.cells import cell_width, wrap_cells
from scim_tui.cli.base.exits import Exit
from scim_tui.cli.base.output import line, print_json, room_on_terminal
from scim_tui.model.checkup import Finding, Verdict
from scim_tui.model.escaping import reveal

NAME = 17
"""Cells of the column of names; findings are printed as they come, so the widest is not known."""


async def print_findings(
    found: AsyncIterator[Finding], *, as_json: bool, quiet: bool = False
) -> int:
    """Print findings as they come, unless `quiet`; return exit code 1 if one is bad."""
    kept: list[Finding] = []
    async for each in found:
        kept.append(each)
        if not (as_json or quiet):
            print_finding(each)
    if as_json:
        print_json({"findings": [each.data() for each in kept]})
    return Exit.NO if any_bad(kept) else Exit.DONE


def any_bad(found: Iterable[Finding]) -> bool:
    """Whether a finding needs attention."""
    return any(each.verdict is Verdict.BAD for each in found)


def print_finding(found: Finding) -> None:
    """The line of a finding, and below it what to do."""
    _wrapped(f"{found.mark:<5} {found.name:<{NAME}}  ", found.evidence)
    if found.fix:
        _wrapped(f"{'':<{NAME + 6}}  -> ", found.fix)


def _wrapped(lead: str, text: str) -> None:
    """The text after `lead`; on a terminal wrapped between words."""
    room = room_on_terminal()
    lines = [reveal(text)] if room is None else wrap_cells(reveal(text), room - cell_width(lead))
    for number, each in enumerate(lines):
        line(f"{lead if not number else ' ' * cell_width(lead)}{each}".rstrip())
