"""The push dialog of the Mapping screen says which access the person would lose."""

from pathlib import Path

from scim_tui.model.directory import Kind
from tests.cli.access.conftest import person
from tests.fakes.memory_access import MemoryAccess
from tests.tui.stage import staged

PEOPLE = """userName,givenName,familyName,displayName,email,externalId,active
ana@x.org,Ana,Silva,Ana,ana@x.org,e-ana,false
"""


async def test_before_a_push_that_disables_the_lost_access_is_named(tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE)
    provider = MemoryAccess(
        users=[person("ana")],
        groups=[{"id": "crew", "displayName": "Crew"}],
        memberships=[("crew", "ana")],
    )
    for number in range(7):
        provider.give("crew", f"Admin{number}", "111")
    facts = {"people_file": str(people)}
    async with staged(tmp_path, provider=provider, size=(120, 40), facts=facts) as stage:
        space = stage.app.session.workspace
        assert space is not None
        for kind in Kind:
            await space.directory.load(kind)
        await space.directory.load_memberships()
        await space.access.crawl()
        await stage.press("3")
        await stage.sees("1 checked")
        await stage.press("U")
        await stage.sees("Loses 7 permission sets in 1 account", "Admin0 in corp-111", "and 2 more")
        await stage.press("n")
        await stage.sees("Nothing was sent")
    assert "patch_user" not in provider.calls
