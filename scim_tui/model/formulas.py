"""Cells of a CSV that a spreadsheet would run as a formula (OWASP, CSV injection)."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def disarmed(cell: str) -> str:
    """The cell, behind an apostrophe where a spreadsheet would run it; that one sign is all."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell


def rearmed(cell: str) -> str:
    """The cell without the apostrophe that `disarmed` put before it; every other cell as it is."""
    bare = cell[1:]
    return bare if cell[:1] == "'" and bare.lstrip(" ").startswith(_FORMULA) else cell
