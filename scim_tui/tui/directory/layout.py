"""The chosen columns, their order and widths, kept in a file for each profile."""

import json
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from scim_tui.config.paths import private_folder, write_atomic
from scim_tui.config.profiles import Profile
from scim_tui.tui.directory.fields import Fields
from scim_tui.tui.widgets.table import Column

Layout = tuple[tuple[str, int], ...]
"""The fields that are shown, from the left, each with the cells that were added to its width."""
WIDEST = 80
"""The most cells that can be added to a column."""
_MOST_BYTES = 20_000


def chosen(fields: Fields, layout: Layout) -> Fields:
    """The columns of a layout; in a narrow terminal the leftmost are kept longest."""
    if not layout:
        return fields
    known = dict(fields)
    return tuple(
        (name, _widened(known[name], more)._replace(rank=place))
        for place, (name, more) in enumerate(layout)
    )


def _widened(column: Column, more: int) -> Column:
    return column._replace(least=max(column.least + more, 3), grow=0 if more else column.grow)


def _file(profile: Profile) -> Path:
    return profile.data_dir / f"columns-{quote(profile.name, safe='')[:80]}.json"


def remember(profile: Profile, kept: Mapping[str, tuple[Layout, str]]) -> None:
    """Write columns and sort order of both lists. Raises `OSError` and `UsageError`."""
    private_folder(profile.data_dir)
    shape = {name: {"columns": layout, "sort": sort} for name, (layout, sort) in kept.items()}
    write_atomic(_file(profile), json.dumps(shape, indent=1))


def recall(profile: Profile, lists: Mapping[str, Fields]) -> dict[str, tuple[Layout, str]]:
    """What was written; a file that cannot be read, or an unknown column, is left out."""
    try:
        path = _file(profile)
        read = json.loads(path.read_text()) if path.stat().st_size < _MOST_BYTES else {}
    except (OSError, ValueError):
        return {}
    if not isinstance(read, dict):
        return {}
    return {name: _valid(read.get(name), fields) for name, fields in lists.items()}


def _valid(read: object, fields: Fields) -> tuple[Layout, str]:
    if not isinstance(read, dict):
        return (), ""
    known, columns, sort = dict(fields), read.get("columns"), read.get("sort")
    layout = {
        each[0]: each[1]
        for each in (columns if isinstance(columns, list) else ())
        if isinstance(each, list) and len(each) == 2 and _fits(each[0], each[1], known)
    }
    named = isinstance(sort, str) and sort.removeprefix("-") in known
    return tuple(layout.items()), str(sort) if named else ""


def _fits(name: object, more: object, known: Mapping[str, Column]) -> bool:
    return (
        isinstance(name, str) and name in known and type(more) is int and -WIDEST <= more <= WIDEST
    )
