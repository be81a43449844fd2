"""Size limits for one record of a file: small for a person, large for a group with its members."""

from typing import NamedTuple

from scim_tui.mapping.base.folded_name import folded_name

LISTS = ("value", "users", "Resources", "people", "items", "data", "results")
"""Keys that hold the list in an answer: Graph, Google Directory, SCIM, and exports by hand."""


class Bounds(NamedTuple):
    """How much is read into memory at once, and the JSON keys that may hold the list."""

    text: int
    """Characters of one line, or of one JSON value."""
    cell: int
    """Characters of one cell of CSV."""
    lines: int
    """Lines of one record of LDIF."""
    lists: tuple[str, ...]
    """JSON keys of the list, in any case; a list under another key is recognised by its content."""

    @property
    def words(self) -> frozenset[str]:
        """The keys in comparable form."""
        return frozenset(map(folded_name, self.lists))


OF_PEOPLE = Bounds(1024 * 1024, 128 * 1024, 20_000, LISTS)
OF_GROUPS = Bounds(16 * 1024 * 1024, 16 * 1024 * 1024, 500_000, (*LISTS, "groups"))
"""A quarter of a million members in one group."""
MAX_EMPTY = 2_000_000
"""Empty lines in a file; an Excel sheet that was saved with all its rows has a million."""
EMPTY = f"More than {MAX_EMPTY:,} empty lines: this is no export."
