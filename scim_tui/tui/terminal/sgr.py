"""The style of a cell as SGR parameters, and the shortest sequence from one style to another."""

from functools import lru_cache
from typing import NamedTuple

SEEN_ON_BLANKS = frozenset({"4", "7", "9", "21", "53"})
"""Attributes that are visible on a blank: underline, reverse, strike-through and the like."""


class CellStyle(NamedTuple):
    """Attributes and colours, as SGR parameters (ECMA-48 8.3.117)."""

    attributes: tuple[str, ...] = ()
    colour: str = ""
    background: str = ""


PLAIN = CellStyle()


@lru_cache(512)
def style_of_sgr(parameters: str, coloured: bool) -> CellStyle:
    """The style that an SGR sequence sets."""
    codes = parameters.split(";") if parameters else []
    attributes, colour, background = [], "", ""
    while codes:
        code = codes.pop(0)
        if code in {"38", "48"}:
            count = 4 if codes[:1] == ["2"] else 2
            value, codes = ";".join([code, *codes[:count]]), codes[count:]
            colour, background = (value, background) if code == "38" else (colour, value)
        elif code[0] in "39" and len(code) == 2:
            colour = "" if code == "39" else code
        elif code[0] in "41" and len(code) >= 2:
            background = "" if code == "49" else code
        elif code != "0":
            attributes.append(code)
    return (
        CellStyle(tuple(attributes), colour, background)
        if coloured
        else CellStyle(tuple(attributes))
    )


@lru_cache(1024)
def blank(now: CellStyle, wanted: CellStyle) -> CellStyle:
    """The style for a blank: only what is visible on a blank changes."""
    if SEEN_ON_BLANKS & set(now.attributes):
        return wanted
    return CellStyle(now.attributes, now.colour, wanted.background)


@lru_cache(1024)
def transition(now: CellStyle, wanted: CellStyle) -> str:
    """The shortest sequence from one style to another."""
    if now == wanted:
        return ""
    reset = not set(now.attributes) <= set(wanted.attributes)
    start = PLAIN if reset else now
    codes = ["0"] if reset or wanted == PLAIN else []
    if wanted != PLAIN:
        codes += [mark for mark in wanted.attributes if mark not in start.attributes]
        codes += [wanted.colour or "39"] if wanted.colour != start.colour else []
        codes += [wanted.background or "49"] if wanted.background != start.background else []
    return f"\x1b[{';'.join(codes)}m"
