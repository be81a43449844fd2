"""Screens open each other by messages, which the app handles; none imports another one."""

from pathlib import Path

from scim_tui.model.directory import Kind
from scim_tui.tui.session.host import OpenObject, OpenRequests
from tests.tui.stage import staged


async def test_a_user_is_opened_from_any_screen(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        user = next(iter(stage.provider.resources[Kind.USERS].values()))
        stage.app.screen.post_message(OpenObject(Kind.USERS, str(user["id"])))
        await stage.sees("[4 Directory]", "[Profile]", str(user["userName"]))


async def test_the_requests_about_a_user_are_opened_from_any_screen(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        stage.app.screen.post_message(OpenRequests("u-17"))
        await stage.sees("[5 Activity]", "filter: id:u-17")
