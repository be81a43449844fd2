"""How much one record of a file may hold: of people a little, of groups all their members."""

from typing import NamedTuple

from scim_tui.mapping.base.folded_name import folded_name

LISTS = ("value", "users", "Resources", "people", "items", "data", "results")
"""Keys that hold the list in an answer: Graph, Google Directory, SCIM, and exports by hand."""


class Bounds(NamedTuple):
    """The most that is read into memory at once, and where a list may be."""

    text: int
    """Characters of one line, or of one JSON value."""
    cell: int
    """Characters of one cell of CSV."""
    lines: int
    """Lines of one record of LDIF."""
    lists: tuple[str, ...]
    """Keys of JSON that hold the list, whatever their case; others are known by what is inside."""

    @property
    def words(self) -> frozenset[str]:
        """The keys as they are compared."""
        return frozenset(map(folded_name, self.lists))


OF_PEOPLE = Bounds(1024 * 1024, 128 * 1024, 20_000, LISTS)
OF_GROUPS = Bounds(16 * 1024 * 1024, 16 * 1024 * 1024, 500_000, (*LISTS, "groups"))
"""A quarter of a million members in one group."""
MAX_EMPTY = 2_000_000
"""Empty lines in a file; a sheet of Excel that was saved whole has a million of them."""
EMPTY = f"More than {MAX_EMPTY:,} empty lines: this is no export."
