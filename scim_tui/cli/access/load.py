"""Reads what `scim-tui access` needs, and says how old and how whole it is."""

from typing import TYPE_CHECKING

from scim_tui.cli.base.output import say

if TYPE_CHECKING:
    from scim_tui.cli.base.load import Loading
    from scim_tui.core.workspace import Workspace


async def crawl(space: "Workspace", load: "Loading", *, only_assignments: bool = False) -> None:
    """List users, groups and members, and read all assignments. Raises what ended the crawl."""
    from scim_tui.model.directory import Kind

    space.access.capability.require()
    if not only_assignments:
        for kind in Kind:
            await load.load(kind)
        await load.load_memberships()
    await load.crawl(space.access.crawl)


async def say_limits(space: "Workspace") -> None:
    """Say on stderr how old the access is that is shown, and what is not known of it."""
    from scim_tui.model.ages import age
    from scim_tui.model.unknown_values import Absent

    ages = await space.access.ages()
    if not isinstance(ages.assignments, Absent):
        say(f"As of {age(ages.assignments, space.clock())}; anew with: scim-tui access crawl")
    if not ages.through_groups:
        say("Access through groups is not known: their members were not listed.")
    if ages.no_names:
        say(f"Accounts have no names: {ages.no_names}")
