"""The history of one person, and members that come in stretches."""

from pathlib import Path

from scim_tui.model.directory import Kind
from tests.fakes.memory import MemoryProvider
from tests.tui.lists_kit import WORDS, person, request
from tests.tui.stage import staged


async def test_the_history_shows_what_listings_saw_and_what_the_idp_requested(
    tmp_path: Path,
) -> None:
    asked = [request(7, resource_id="id-ana"), request(8, resource_id="id-bert")]
    provider = MemoryProvider(users=[person(login) for login in WORDS], events=asked)
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("dora")
        provider.resources[Kind.USERS]["id-ana"]["active"] = False
        provider.resources[Kind.USERS]["id-ana"]["meta"]["lastModified"] = "2026-11-23T18:00:00Z"
        await stage.press("r")
        await stage.sees("no ")
        await stage.press("enter", "h")
        await stage.sees("[History]", "active:", "PatchUser")
