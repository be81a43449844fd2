"""How cells look: marks and colours as parameters of SGR, and the short way from one to another."""

from functools import lru_cache
from typing import NamedTuple

SEEN_ON_BLANKS = frozenset({"4", "7", "9", "21", "53"})
"""Underline, reverse, strike-through and the like: they show where there is no letter."""


class Look(NamedTuple):
    """How a cell looks, as parameters of SGR (ECMA-48 8.3.117)."""

    marks: tuple[str, ...] = ()
    colour: str = ""
    ground: str = ""


PLAIN = Look()


@lru_cache(512)
def look_of(parameters: str, coloured: bool) -> Look:
    """The look that a sequence of SGR sets."""
    codes = parameters.split(";") if parameters else []
    marks, colour, ground = [], "", ""
    while codes:
        code = codes.pop(0)
        if code in {"38", "48"}:
            count = 4 if codes[:1] == ["2"] else 2
            value, codes = ";".join([code, *codes[:count]]), codes[count:]
            colour, ground = (value, ground) if code == "38" else (colour, value)
        elif code[0] in "39" and len(code) == 2:
            colour = "" if code == "39" else code
        elif code[0] in "41" and len(code) >= 2:
            ground = "" if code == "49" else code
        elif code != "0":
            marks.append(code)
    return Look(tuple(marks), colour, ground) if coloured else Look(tuple(marks))


@lru_cache(1024)
def blank(now: Look, wanted: Look) -> Look:
    """A look for a blank that needs no change of what cannot be seen on it."""
    if SEEN_ON_BLANKS & set(now.marks):
        return wanted
    return Look(now.marks, now.colour, wanted.ground)


@lru_cache(1024)
def turn(now: Look, wanted: Look) -> str:
    """The shortest way from one look to another."""
    if now == wanted:
        return ""
    reset = not set(now.marks) <= set(wanted.marks)
    start = PLAIN if reset else now
    codes = ["0"] if reset or wanted == PLAIN else []
    if wanted != PLAIN:
        codes += [mark for mark in wanted.marks if mark not in start.marks]
        codes += [wanted.colour or "39"] if wanted.colour != start.colour else []
        codes += [wanted.ground or "49"] if wanted.ground != start.ground else []
    return f"\x1b[{';'.join(codes)}m"
