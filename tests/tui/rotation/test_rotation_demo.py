"""The wizard against the demo: a service of its own, and a simulated IdP that takes the secret."""

import asyncio
from pathlib import Path

from scim_tui.cli.demo.folder import prepare
from scim_tui.cli.demo.plan import Plan
from scim_tui.config.profiles import Profile
from scim_tui.tui.app import ScimApp
from scim_tui.tui.session.opening import session_for
from tests.patience import DEADLINE
from tests.tui.rotation.rotation_stage import typed
from tests.tui.stage import Stage, slow_hands


async def test_the_simulated_idp_takes_the_secret_tests_it_and_is_seen_with_it(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "demo"
    prepare(folder, Plan(7, 20))
    session = session_for(Profile(name="demo", provider="demo", data_dir=folder), read_only=False)
    app = ScimApp(session)
    with slow_hands():
        async with app.run_test(size=(80, 24)) as pilot:
            stage = Stage(app, pilot, None)  # type: ignore[arg-type]
            await stage.sees("ENABLED", "none open")
            await stage.press("R")
            await stage.sees("ROTATE 2/8")
            await stage.press("enter")
            await stage.sees("ROTATE 3/8", "write it: the simulated IdP")
            await stage.press("1", "enter")
            await stage.sees("ROTATE 5/8", "The IdP's own test passed: E2")
            await stage.press("u")
            await stage.sees("NEW token  E4")
            await stage.press("O")
            await stage.sees("Why is E4 enough here?")
            await stage.press(*"demo", "enter")
            page = app.page("rotation")
            old = page.wizard.rotation.old.id  # type: ignore[attr-defined]
            await typed(stage, old)
            await stage.sees("Type DELETE to go on")
            await typed(stage, "DELETE")
            await stage.sees("ROTATE 8/8", "accepted with E4")
    # The app waits a second for the service to end, and leaves it alone then.
    async with asyncio.timeout(DEADLINE):
        await session._idle.wait()
