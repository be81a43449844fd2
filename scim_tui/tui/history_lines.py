"""What the listings saw change in one user or group, as lines."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from scim_tui.tui.record_lines import full_time, told
from scim_tui.tui.text import Line, Span, line, reveal

if TYPE_CHECKING:
    from scim_tui.core.directory import Seen


def history_lines(seen: "Sequence[Seen]", now: datetime, cells: int) -> list[Line]:
    """Newest first, each with what stood there before; nothing seen is not nothing changed."""
    if not seen:
        return told(
            "The listings made from here saw no change. What changed before the first of them, "
            "or came and went between two, is not known.", cells,
        )  # fmt: skip
    lines: list[Line] = []
    for each in seen:
        words = each.field.replace("_", " ") if each.field else str(each.what)
        lines.append((Span(" "), *full_time(each.at.isoformat(), now), Span(f"  {words}", "bold")))
        if each.field:
            before, after = reveal(each.before) or "(empty)", reveal(each.after) or "(empty)"
            lines += told(f"{before} -> {after}", cells)
    return [*lines, (), line(("   as the listings made from here saw it", "dim"))]
