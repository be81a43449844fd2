"""The width of text in terminal cells. Without Rich, whose import would slow every command."""

import unicodedata


def cell_width(text: str) -> int:
    """Terminal cells the text takes: wide scripts two, combining marks none (UAX 11)."""
    if text.isascii():
        return len(text)
    return sum(_sign_width(sign) for sign in text)


def wrap_cells(text: str, cells: int) -> list[str]:
    """The text on lines of so many cells, broken between words only."""
    found = [""]
    for word in text.split():
        longer = f"{found[-1]} {word}".lstrip()
        if found[-1] and cell_width(longer) > cells:
            found.append(word)
        else:
            found[-1] = longer
    return found


def cut_to(text: str, cells: int) -> str:
    """The text in at most so many cells, with two dots where something was cut off."""
    if cell_width(text) <= cells:
        return text
    room = cells - 2
    for end, sign in enumerate(text):
        room -= _sign_width(sign)
        if room < 0:
            return f"{text[:end]}.."
    return text


def pad_to(text: str, width: int, right: bool) -> str:
    """The text in at least so many cells, with blanks before or behind it."""
    space = " " * (width - cell_width(text))
    return space + text if right else text + space


def _sign_width(sign: str) -> int:
    if unicodedata.combining(sign) or unicodedata.category(sign) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in {"W", "F"} else 1
