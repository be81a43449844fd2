"""Who is in which group, as pairs of row numbers; unknown until a pass over all ended once."""

from collections.abc import Iterable

from scim_tui.core.index import Index
from scim_tui.core.index_passes import MEMBERS

AS_OF = f"as_of:{MEMBERS}"


def put_members(index: Index, pairs: Iterable[tuple[str, str]], sweep: int) -> None:
    """Keep (group id, user id) where both are known."""
    with index.writing() as db:
        if db is not None:
            db.executemany(
                "INSERT OR REPLACE INTO members SELECT g.n, u.n, ? FROM Groups g, Users u"
                " WHERE g.id=? AND u.id=?",
                [(sweep, group, user) for group, user in pairs],
            )


def finish_members(index: Index, sweep: int) -> None:
    """End a full pass: what it did not see is gone."""
    with index.writing() as db:
        if db is not None:
            db.execute("DELETE FROM members WHERE sweep < ?", (sweep,))
    index.remember(AS_OF, index.now().isoformat())
