"""Cells of a CSV that a spreadsheet would run as a formula (OWASP, CSV injection)."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def disarmed(cell: str) -> str:
    """The cell, behind an apostrophe where a spreadsheet would run it; that one sign is all."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell
