"""The Activity screen told as stories: what the IdP did, live, and what operators did."""

import asyncio
import dataclasses
from pathlib import Path

import pytest

from scim_tui.model.capabilities import no
from scim_tui.model.errors import Unreachable
from scim_tui.model.unknown_values import UNKNOWN
from scim_tui.tui.activity import feeds as activity_feeds
from scim_tui.tui.activity import messages as activity_messages
from scim_tui.tui.activity import screen as activity
from scim_tui.tui.activity.sources import NEWER
from tests.fakes.memory import ALL_YES
from tests.tui.lists_kit import (
    HOSTILE,
    LARGE,
    SHOWN,
    marked,
    news,
    request,
    requested,
    three,
    type_in,
)
from tests.tui.stage import Stage, staged


def targets(stage: Stage) -> list[str]:
    table = stage.table()
    return [cells[2].text for cells in table.source.rows(0, len(table.source))]


async def test_requests_newest_first_with_all_of_one_below(tmp_path: Path) -> None:
    async with staged(tmp_path, provider=three()) as stage:
        await stage.press("5")
        shown = await stage.sees(
            "[IdP requests]",
            "  3  ",
            "PatchUser ana",
            activity_messages.CARRIED_OUT,
            "token-1",
            "Okta SCIM Client 1.0.0",
            "req-3",
        )
        assert targets(stage) == ["ana", "VPN", "bo@corp"]
        assert "CLIENT" not in shown, "columns that do not fit are left out"
        await stage.press("G")
        await stage.sees(
            "CreateUser bo@corp  400",
            "List attribute emails exceeds",
            "Fix: Map one primary address only.",
            "Rule: emails.single",
        )
        await stage.press("enter")
        shown = await stage.sees("request id req-1", "object id  id-1", "12.5 ms")
        assert "OPERATION" not in shown, "the entry has the screen for itself"
        await stage.press("N")
        await stage.sees("PatchGroup VPN  204")
        await stage.press("escape")
        await stage.sees("OPERATION")
        assert "PatchGroup" in marked(stage)


async def test_a_wrong_token_has_its_client_and_address(tmp_path: Path) -> None:
    provider = three()
    provider.log.append(
        provider.log[-1].model_copy(
            update={
                "id": 4,
                "operation": "ListUsers",
                "status": 401,
                "token_id": UNKNOWN,
                "token_known": False,
                "client": "curl/8.5",
                "address": "192.0.2.7",
            }
        )
    )
    async with staged(tmp_path, provider=provider, size=LARGE) as stage:
        await stage.press("5")
        await stage.sees(activity_messages.NEVER_KNOWN, "curl/8.5", "192.0.2.7")


async def test_wide_terminals_show_the_entry_beside_the_list(tmp_path: Path) -> None:
    async with staged(tmp_path, provider=three(), size=LARGE) as stage:
        await stage.press("5")
        shown = await stage.sees("WHY", "request id req-3")
        assert any("OPERATION" in row and "PatchUser ana" in row for row in shown.split("\n"))


async def test_new_requests_come_in_above_while_the_cursor_rests(tmp_path: Path) -> None:
    provider = three()
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("5")
        await stage.sees("  3  ")
        await stage.press("j")
        provider.log.append(request(4, target="new-one"))
        provider.log.append(request(5, target="new-two"))
        await news(stage)
        await stage.sees("  5  ", "new-two")
        assert targets(stage)[:2] == ["new-two", "new-one"]
        assert "VPN" in marked(stage)


async def test_follow_keeps_to_the_newest_until_the_cursor_is_moved(tmp_path: Path) -> None:
    provider = three()
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("5")
        await stage.sees("  3  ")
        await stage.sees("following")
        await stage.press("j")
        await stage.until(lambda: "following" not in stage.text())
        await stage.press("F")
        await stage.sees("following")
        assert " ana " in marked(stage)
        provider.log.append(request(4, target="new-one"))
        await news(stage)
        await stage.until(lambda: "new-one" in marked(stage))
        await stage.press("j")
        await stage.until(lambda: "following" not in stage.text())
        provider.log.append(request(5, target="new-two"))
        await news(stage)
        await stage.sees("new-two")
        assert " ana " in marked(stage)


async def test_an_open_entry_stays_while_others_come_in(tmp_path: Path) -> None:
    provider = three()
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("5")
        await stage.sees("  3  ", "following")
        await stage.press("enter")
        await stage.sees("request id req-3")
        provider.log.append(request(4, target="new-one"))
        await news(stage)
        await stage.until(lambda: len(targets(stage)) == 4)
        assert "request id req-3" in stage.text()
        await stage.press("escape")
        await stage.sees("  4  ")
        assert " ana " in marked(stage)


async def test_filter_and_refused_only(tmp_path: Path) -> None:
    provider = three()
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("5")
        await stage.sees("  3  ")
        await stage.press("slash")
        await type_in(stage, "operation:patch !vpn")
        await stage.sees("1 of 3 match")
        assert targets(stage) == ["ana"]
        provider.log.append(request(4, "PatchUser", target="late"))
        provider.log.append(request(5, "CreateUser", target="other"))
        await news(stage)
        await stage.sees("2 of 5 match")
        assert targets(stage) == ["late", "ana"]
        await type_in(stage, " zzz")
        await stage.sees("0 of 5 match", "Esc clears the filter")
        await stage.press("escape")
        await stage.sees("  5  ")
        await stage.press("f")
        await stage.sees("refused only", "Showing refused requests only.")
        assert targets(stage) == ["bo@corp"]
        await stage.press("escape")
        await stage.sees("  5  ")


async def test_older_pages_come_at_the_end_of_the_list(tmp_path: Path) -> None:
    provider = requested(*(request(number) for number in range(1, 451)))
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("5")
        await stage.sees("200, older ones below")
        await stage.press("G")
        await stage.sees("400, older ones below")
        assert "person251@" in marked(stage)
        await stage.press("j", "G")
        shown = await stage.sees("  450  ")
        assert "450+" not in shown
        asked = provider.calls.count("events")
        await stage.press("G", "j")
        assert provider.calls.count("events") == asked, "there is nothing older"


async def test_a_filter_that_finds_little_looks_further_back_by_itself(tmp_path: Path) -> None:
    events = [request(number) for number in range(1, 451)]
    events[9] = request(10, target="needle")
    async with staged(tmp_path, provider=requested(*events)) as stage:
        await stage.press("5")
        await stage.sees("200, older ones below")
        await stage.press("slash")
        await type_in(stage, "needle")
        await stage.sees("1 of 450 match", "needle")


async def test_the_object_of_a_request_is_shown_in_the_directory(tmp_path: Path) -> None:
    async with staged(tmp_path, provider=three()) as stage:
        await stage.press("5")
        await stage.sees("  3  ")
        await stage.press("o")
        await stage.sees("[4 Directory]", "userName       ana", "[Profile]")
        await stage.press("5")
        await stage.sees("[IdP requests]")
        assert " ana " in marked(stage), "the screen is as it was"
        await stage.press("j", "o")
        await stage.sees("! Groups has no 'id-2'.")


async def test_a_request_without_a_resource_opens_nothing(tmp_path: Path) -> None:
    async with staged(tmp_path, provider=requested(request(1, "ListUsers"))) as stage:
        await stage.press("5")
        await stage.sees(activity_messages.ANSWERED)
        await stage.press("o")
        await stage.sees("go to object is off: The entry names no user or group.")


async def test_empty_and_unsupported_are_reported_in_place(tmp_path: Path) -> None:
    async with staged(tmp_path, provider=requested()) as stage:
        await stage.press("5")
        await stage.sees("No request yet.", "as soon as an IdP uses the endpoint")
        await stage.press("f")
        await stage.sees(activity_messages.NOTHING_REFUSED, "f shows all")
    provider = three()
    provider.capabilities = dataclasses.replace(ALL_YES, events=no("This server keeps no record."))
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("5")
        await stage.sees("Not known here: This server keeps no record.", "Tab shows")
        await stage.press("r", "tab")
        await stage.sees("[Operators' audit]", "No act yet.")


async def test_a_failure_is_shown_and_recovery_is_automatic(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = three()
    async with staged(tmp_path, provider=provider) as stage:
        stage.app.session.paused = True
        provider.fail_next(Unreachable("No answer from there.", "Is it up?"), "events")
        await stage.press("5")
        await stage.sees("! No answer from there.", "Is it up?", "r asks again now")
        await stage.press("r")
        await stage.sees("  3  ", "PatchUser")
        monkeypatch.setattr(activity, "RETRY_SECONDS", 0.5)
        provider.fail_next(Unreachable("No answer again."), "events")
        provider.log.append(request(4, target="late"))
        activity_page = stage.app.screen
        assert isinstance(activity_page, activity.ActivityPage)
        activity_page._ask(NEWER)
        await stage.sees("may be old: No answer again.")
        shown = await stage.sees("  4  ", "late")
        assert "may be old" not in shown


async def test_nothing_is_asked_while_nothing_happens(tmp_path: Path) -> None:
    provider = three()
    async with staged(tmp_path, provider=provider, size=LARGE) as stage:
        await stage.press("5")
        await stage.sees("  3  ")
        painted: list[object] = []
        for widget in stage.app.screen.query("*"):
            widget.refresh = lambda *regions, **_: painted.append(regions)  # type: ignore[assignment]
        refusals = 1  # the look itself asks for the newest refusals
        asked = provider.calls.count("events")
        await news(stage)
        stage.app.redraw()
        await stage.pilot.pause()
        assert provider.calls.count("events") == asked + refusals
        assert not painted


async def test_hostile_words_are_shown_and_do_nothing(tmp_path: Path) -> None:
    event = request(
        1, "CreateUser", 400, target=HOSTILE, resource_id=HOSTILE, constraint="x", message=HOSTILE
    )
    event = event.model_copy(update={"client": HOSTILE, "request_id": HOSTILE})
    for size in ((80, 24), LARGE):
        async with staged(tmp_path, provider=requested(event), size=size) as stage:
            await stage.press("5")
            await stage.sees(SHOWN[:9])
            await stage.press("enter")
            await stage.sees(r"A[/x]\x1b]52;c;UFdO\x07")
            assert all(row.isprintable() for row in stage.text().split("\n"))


async def test_a_slow_server_leaves_the_keys_working(tmp_path: Path) -> None:
    provider = three()
    async with staged(tmp_path, provider=provider) as stage:
        provider.delay = asyncio.Event()
        await stage.press("5")
        await stage.sees(activity_messages.LOADING)
        await stage.press("ctrl+c")
        await stage.sees("Stopped asking.")
        provider.delay.set()
        await stage.press("r")
        await stage.sees("  3  ")


async def test_many_at_once_replace_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activity_feeds, "MOST_BEHIND", 5)
    provider = three()
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("5")
        await stage.sees("  3  ")
        provider.log += [request(number) for number in range(10, 20)]
        await news(stage)
        await stage.sees("10, older ones below")
        await stage.press("G")
        await stage.sees("  13  ")
        assert targets(stage)[0] == "person19@example.com"
        assert len(set(targets(stage))) == 13
