"""A secret as a QR code, if the terminal is large enough and segno is installed."""

import importlib
from types import ModuleType

_HALVES = {
    (False, False): " ",
    (True, False): "\N{UPPER HALF BLOCK}",
    (False, True): "\N{LOWER HALF BLOCK}",
    (True, True): "\N{FULL BLOCK}",
}
_DARK_ON_LIGHT = "\x1b[30;107m"
_QUIET = 4
"""Modules of margin (ISO/IEC 18004, 6.3.8)."""


def why_not(text: str, columns: int, rows: int, *, ascii_only: bool) -> str:
    """Why no code can be shown, or empty."""
    segno = _segno()
    if segno is None:
        return "pip install 'scim-tui[qr]' for a QR code."
    if ascii_only:
        return "A QR code needs block characters, which this terminal does not have."
    wide, high = _cells(segno, text)
    if wide > columns or high > rows:
        return f"A QR code of it needs {wide}x{high} cells; here are {columns}x{rows}."
    return ""


def lines(text: str) -> list[str]:
    """The code, two modules high in each cell, dark on light whatever the theme is."""
    segno = _segno()
    if segno is None:
        return []
    code = segno.make(text, error="l", micro=False)
    bits = [[bool(bit) for bit in row] for row in code.matrix_iter(border=_QUIET)]
    if len(bits) % 2:
        bits.append([False] * len(bits[0]))
    return [
        _DARK_ON_LIGHT
        + "".join(_HALVES[pair] for pair in zip(upper, lower, strict=True))
        + "\x1b[0m"
        for upper, lower in zip(bits[::2], bits[1::2], strict=True)
    ]


def _cells(segno: ModuleType, text: str) -> tuple[int, int]:
    side: int = segno.make(text, error="l", micro=False).symbol_size(border=_QUIET)[0]
    return side, -(-side // 2)


def _segno() -> ModuleType | None:
    try:
        return importlib.import_module("segno")
    except ImportError:
        return None
