"""A profile whose server refuses or does not answer: a state, unknown counts, likely causes."""

from dataclasses import replace
from pathlib import Path

import pytest

from scim_tui.core.workspace import Workspace
from scim_tui.model.activity import Probe
from scim_tui.model.capabilities import no
from scim_tui.model.directory import Summary
from scim_tui.model.errors import NotAllowed, Refused, ScimTuiError, Unreachable
from scim_tui.model.provisioning import ProvisioningState, ProvisioningStatus
from scim_tui.tui.status import messages as status_messages
from tests.fakes.memory import ALL_YES, MemoryProvider
from tests.tui.stage import staged

WIDE = (120, 30)


class ScimOnly(MemoryProvider):
    """A server of which nothing but SCIM is known: it tells a refusal by its probe alone."""

    kind = "scim"

    async def status(self) -> ProvisioningStatus:
        """Nobody can say."""
        return ProvisioningStatus(state=ProvisioningState.UNKNOWN)

    async def summary(self) -> Summary:
        """As Identity Center: no totals."""
        return Summary()


def scim_only() -> ScimOnly:
    made = ScimOnly.sample()
    assert isinstance(made, ScimOnly)
    made.capabilities = replace(ALL_YES, list_tokens=no("SCIM knows nothing of access tokens."))
    return made


@pytest.mark.parametrize(
    ("probe_status", "error", "words"),
    [
        (401, NotAllowed("401: the token is refused.", "Use another."), "401 since"),
        (None, Unreachable("dead.example cannot be reached.", "Check it."), "no answer since"),
    ],
)
async def test_an_unreachable_directory_is_not_shown_as_empty(
    tmp_path: Path, probe_status: int | None, error: ScimTuiError, words: str
) -> None:
    provider = scim_only()
    provider.down = error
    async with staged(tmp_path, provider=provider, size=WIDE, loaded=False) as stage:
        await stage.sees(words, error.message)
        await stage.press("4")
        shown = await stage.sees("[Users ?]", "Groups ?", error.message, error.hint, words)
        assert "Users 0" not in shown


async def test_a_refused_token_has_its_likely_causes(tmp_path: Path) -> None:
    provider = scim_only()
    provider.down = NotAllowed("401: the token is refused.", "Use another.")
    async with staged(tmp_path, provider=provider, size=WIDE, loaded=False) as stage:
        shown = await stage.sees(status_messages.LIKELY, "wrong profile", "this is lab")
        places = [shown.index(words) for words in ("expired", "was deleted", "tenant id changed")]
        assert places == sorted(places)


async def test_the_listed_count_is_shown_where_the_server_states_none(tmp_path: Path) -> None:
    async with staged(tmp_path, provider=scim_only(), size=WIDE) as stage:
        await stage.sees("unknown users")
        await stage.press("4")
        await stage.sees("[Users 40]")
        await stage.press("1")
        await stage.sees("40 users listed at 18:42:07Z")


@pytest.mark.parametrize(
    ("status", "kind"), [(401, NotAllowed), (None, Unreachable), (500, Refused)]
)
async def test_a_probe_that_is_refused_is_raised_where_it_is_all_there_is(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    status: int | None,
    kind: type[ScimTuiError],
) -> None:
    provider = scim_only()

    async def refused() -> Probe:
        return Probe(at=provider.clock(), ok=False, status=status, message="It says no.")

    monkeypatch.setattr(provider, "probe", refused)
    async with staged(tmp_path, provider=provider, loaded=False) as stage:
        await stage.until(lambda: stage.app.session.workspace is not None)
        space = stage.app.session.workspace
        assert isinstance(space, Workspace)
        with pytest.raises(kind, match="It says no"):
            await space.health.take()
