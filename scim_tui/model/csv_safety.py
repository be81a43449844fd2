"""CSV lines in which no cell is run as a formula or splits its row (OWASP, CSV injection)."""

import re
from collections.abc import Sequence

_IGNORED = (
    r"\s\x00-\x1f\x7f-\x9f\u00ad\u034f\u0300-\u036f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    r"\U000e0000-\U000e01ef\"'"
)
"""Characters that a spreadsheet may skip before a formula: blanks, invisible ones, quotes."""
_SIGNS = (
    r"=+\-@\ufb29\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20\u207a-\u207c\u208a-\u208c\u2212"
)
"""Characters that start a formula, also those that normalise to one (NFKC), and the minus sign."""
_BREAKS = frozenset(";|\t\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
"""Characters that end a cell or row, quoted or not, in a spreadsheet with another separator."""

_FRONT = re.compile(f"[{_IGNORED}]*+[{_SIGNS}]|[ ']*[\t\r\n]")
_WITHIN = re.compile(f"([{_IGNORED};|]++)([{_SIGNS}])?")
_QUOTED = re.compile(r'[",;|]|[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]|^\s|\s$')


def disarmed(cell: str) -> str:
    """The cell, with an apostrophe before each formula that a spreadsheet could find in it.

    A formula can be at the start, and after each character that may end a cell. An apostrophe
    before it counts as such a character too, so that `rearmed` can undo this exactly.
    """
    cell = _WITHIN.sub(_guarded, cell)
    return f"'{cell}" if _FRONT.match(cell) else cell


def rearmed(cell: str) -> str:
    """The cell before `disarmed`; a cell that was not changed is returned as it is."""
    if "'" not in cell:
        return cell
    cell = cell[1:] if cell[0] == "'" and _FRONT.match(cell, 1) else cell
    return _WITHIN.sub(_unguarded, cell)


def csv_line(cells: Sequence[str], end: str = "\n") -> str:
    """One line; a cell that a reader could split is quoted as well (RFC 4180).

    The csv module leaves a bare carriage return unquoted where lines end with a line feed.
    """
    return ",".join(map(_quoted, cells)) + end


def _guarded(found: re.Match[str]) -> str:
    run, sign = found.groups()
    if not sign or _BREAKS.isdisjoint(run):
        return found.group()
    return f"{run}'{sign}"


def _unguarded(found: re.Match[str]) -> str:
    run, sign = found.groups()
    guarded = sign and run.endswith("'") and not _BREAKS.isdisjoint(run)
    return f"{run[:-1]}{sign}" if guarded else found.group()


def _quoted(cell: str) -> str:
    if not _QUOTED.search(cell):
        return cell
    return '"' + cell.replace('"', '""') + '"'
