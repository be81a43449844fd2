"""The tabs of one user or group that are drawn as lines."""

from datetime import datetime

from scim_tui.tui.directory import messages
from scim_tui.tui.directory.history import history_lines
from scim_tui.tui.directory.subject import HISTORY, RAW, Subject
from scim_tui.tui.drawing.record import (
    attributes_of,
    beside_lines,
    full_time,
    profile_lines,
    raw_lines,
    trouble,
)
from scim_tui.tui.drawing.text import Line, line


def detail_lines(subject: Subject, tab: int, now: datetime, cells: int) -> list[Line]:
    """Profile, JSON or history, as far as they are known."""
    if tab == HISTORY:
        return history_lines(subject.history, now, cells)
    wrong = trouble(subject.error, cells)
    if tab == RAW:
        return [*wrong, *(raw_lines(subject.raw, cells) if subject.raw else ())]
    if subject.record is not None:
        lines = profile_lines(
            subject.record.attributes,
            now,
            cells,
            group=subject.is_group,
            whole=True,
            schemas=subject.schemas,
        )
        lines += beside_lines(subject.record.beside, now, cells)
        at = full_time(subject.record.fetched_at.isoformat(), now)[:1]
        return [*wrong, *lines, (), line((messages.AS_SENT, "dim"), *at)]
    if subject.row is None:
        return wrong
    known = attributes_of(subject.row)
    return [*wrong, *profile_lines(known, now, cells, group=subject.is_group, whole=False)]
