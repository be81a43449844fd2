"""A screen as text that a reviewer can read and compare: its characters, and below them its styles.

Each row of characters stands between bars. Each row of styles has one sign for each cell: a dot for
the style that most cells have, else a letter that the last lines explain.
"""

from collections import Counter
from collections.abc import Iterable
from string import ascii_letters, digits

from rich.cells import cell_len
from rich.style import Style
from textual.screen import Screen
from textual.strip import Strip

SIGNS = ascii_letters + digits + "!#$%&*+=?@^~"
PLAIN = "."


def frame_text(screen: "Screen[object]") -> str:
    """What the screen shows now."""
    strips = screen._compositor.render_strips()
    rows = [strip.text for strip in strips]
    styles = [list(_cells(strip)) for strip in strips]
    names = _names(styles)
    width = max(cell_len(row) for row in rows)
    rule = "+" + "-" * width + "+"
    painted = ("".join(names[style] for style in row) for row in styles)
    legend = (f"{sign} {style}" for style, sign in names.items())
    return "\n".join(
        (rule, *(f"|{row}|" for row in rows), rule, *(f"|{row}|" for row in painted), rule, *legend)
    )


def _cells(strip: Strip) -> Iterable[str]:
    for text, style, control in strip:
        if not control:
            yield from [_style(style)] * cell_len(text)


def _style(style: Style | None) -> str:
    return str(style.without_color + _colours(style)) if style else "none"


def _colours(style: Style) -> Style:
    """Without the meta data of the framework, which differ from run to run."""
    return Style(color=style.color, bgcolor=style.bgcolor)


def _names(styles: list[list[str]]) -> dict[str, str]:
    """A sign for each style: a dot for the commonest, then letters as they come."""
    counted = Counter(style for row in styles for style in row)
    commonest = counted.most_common(1)[0][0]
    others = [style for style in counted if style != commonest]
    return {commonest: PLAIN, **dict(zip(others, SIGNS, strict=False))}
