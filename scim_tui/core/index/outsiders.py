"""Users and groups that the tenant's IdP did not create; unknown until they were listed once."""

import asyncio
from collections.abc import Iterable

from scim_tui.core.index.api import Index
from scim_tui.model.directory import Kind
from scim_tui.model.origin import Origin, Stray
from scim_tui.providers.port import Provider, SideChannel

WORDS = {Origin.BY_HAND: "hand", Origin.OTHER_TENANT: "other", Origin.OTHER_ISSUER: "other"}
"""The word that is typed after `origin:` in a filter line."""


def strays_as_of(kind: Kind) -> str:
    """The key of the time when they were listed."""
    return f"as_of:strays:{kind}"


def put_strays(index: Index, kind: Kind, strays: Iterable[Stray]) -> None:
    """Replace the stored ones of this kind."""
    rows = [(kind.value, each.id, WORDS[each.origin]) for each in strays]
    with index.connections.writing() as db:
        if db is not None:
            db.execute("DELETE FROM strays WHERE kind=?", (kind.value,))
            db.executemany("INSERT OR REPLACE INTO strays VALUES (?, ?, ?)", rows)
    index.remember(strays_as_of(kind), index.now().isoformat())


async def list_strays(index: Index, provider: Provider) -> list[Stray]:
    """List them by the product's own API, if it has one. Raises what the product raises."""
    if not isinstance(provider, SideChannel):
        return []
    found: list[Stray] = []
    for kind in Kind:
        strays = await provider.strays(kind)
        await asyncio.to_thread(put_strays, index, kind, strays)
        found += strays
    return found


def known_strays(index: Index, provider: Provider) -> frozenset[Kind] | None:
    """The kinds for which they were listed; None: the product has no API for that."""
    if not isinstance(provider, SideChannel):
        return None
    return frozenset(kind for kind in Kind if index.setting(strays_as_of(kind)))
