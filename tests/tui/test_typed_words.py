"""The core checks the word that was typed in a dialog of the shell, and takes no other one."""

from pathlib import Path

from scim_tui.tui.shell import messages as shell_messages
from tests.fakes.memory import MemoryProvider
from tests.tui.stage import staged


async def test_a_token_stays_without_its_word(tmp_path: Path, slips: list[str]) -> None:
    async with staged(tmp_path) as stage:
        await stage.sees("ENABLED")
        before = len(stage.provider.access_tokens)
        await stage.press("2", "D")
        await stage.sees("Deleting a token needs the word DELETE; nothing was done.")
        assert len(stage.provider.access_tokens) == before


async def test_a_token_is_not_suspended_without_its_word(tmp_path: Path, slips: list[str]) -> None:
    async with staged(tmp_path) as stage:
        await stage.sees("ENABLED")
        await stage.press("2", "Z")
        await stage.sees("Suspending a token needs the word SUSPEND; nothing was done.")
        assert not any(token.suspended is True for token in stage.provider.access_tokens)


async def test_provisioning_stays_on_without_its_word(tmp_path: Path, slips: list[str]) -> None:
    provider = MemoryProvider()
    provider.access_tokens = []
    async with staged(tmp_path, provider=provider) as stage:
        await stage.sees("ENABLED")
        await stage.press("X")
        await stage.sees("Disabling provisioning needs the word DISABLE; nothing was done.")
        assert provider.enabled_at is not None


async def test_read_only_stays_without_its_word(tmp_path: Path, slips: list[str]) -> None:
    async with staged(tmp_path) as stage:
        await stage.sees("ENABLED")
        await stage.press("W")
        await stage.sees(shell_messages.CHANGES_FORBIDDEN)
        await stage.press("W")
        await stage.sees("Allowing changes needs the word WRITE; nothing was done.", "[RO]")
