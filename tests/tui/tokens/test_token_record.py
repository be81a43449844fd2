"""`i` on the Tokens screen: what is known of a token that the provider does not list."""

from dataclasses import replace
from pathlib import Path

import pytest

from scim_tui.model.capabilities import no
from scim_tui.model.errors import Unsupported
from scim_tui.model.provisioning import AccessToken
from scim_tui.tui.tokens import messages
from scim_tui.tui.tokens import messages as tokens_messages
from tests.fakes.memory import ALL_YES, MemoryProvider
from tests.tui.stage import Stage, staged

PLAIN = replace(ALL_YES, list_tokens=no("SCIM knows nothing of access tokens."))


class Plain(MemoryProvider):
    """A directory that tells nothing of its tokens."""

    async def tokens(self) -> list[AccessToken]:
        raise Unsupported(PLAIN.list_tokens.reason)


def plain() -> MemoryProvider:
    provider = Plain.sample()
    provider.capabilities = PLAIN
    return provider


async def recorded(stage: Stage, name: str, made: str, ends: str) -> None:
    await stage.press("i")
    await stage.sees(tokens_messages.ID_PROMPT, "never type a secret here")
    await stage.press("ctrl+u", *name, "enter")
    await stage.sees(f"When was {name} made?")
    await stage.press("ctrl+u", *made, "enter")
    await stage.sees(f"When does {name} end?")
    await stage.press("ctrl+u", *ends, "enter")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_recorded_token_shows_its_end_everywhere(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with staged(tmp_path, provider=plain(), size=size) as stage:
        await stage.press("2")
        await stage.sees("not known: SCIM knows nothing of access tokens.", "i records one.")
        await recorded(stage, "tok-1", "2026-01-02", "2026-12-10")
        await stage.sees(
            messages.recorded_only(1),
            "tok-1",
            "2026-12-10",
            "[30] 17d",
            "typed in by ana@host",
        )
        await stage.press("1")
        await stage.sees("Token expiry", "tok-1 ends 2026-12-10 (typed in), 17d")


async def test_what_is_wrong_is_reported_before_it_is_kept(tmp_path: Path) -> None:
    async with staged(tmp_path, provider=plain()) as stage:
        await stage.press("2", "i")
        await stage.sees(tokens_messages.ID_PROMPT)
        await stage.press(*"two", "space", *"words", "enter")
        await stage.sees("That is not the id of a token.")
        await stage.press("ctrl+u", *"tok-1", "enter")
        await stage.sees("When was tok-1 made?")
        await stage.press(*"soon", "enter")
        await stage.sees("'soon' is not a day.")
        await stage.press("escape")
        await stage.sees("i records one.")
        assert not (tmp_path / "tokens.json").exists()


async def test_where_tokens_are_listed_the_key_says_why_not(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.press("2", "i")
        await stage.sees("off: The provider lists its tokens by itself.")
