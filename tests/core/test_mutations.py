"""Every act that changes something is allowed, written down, done, and written down again."""

import asyncio
from pathlib import Path

import pytest

from scim_tui.core.workspace import Workspace
from scim_tui.model.activity import Phase
from scim_tui.model.errors import (
    ConfirmationMissing,
    Conflict,
    NotFound,
    OutcomeUnknown,
    ReadOnly,
    ScimTuiError,
    Unsupported,
)
from scim_tui.model.provisioning import ProvisioningState
from tests.core.gate import Gate
from tests.fakes.memory import MemoryProvider


async def acts(space: Workspace) -> list[tuple[str, str, Phase]]:
    """What the trail holds, oldest first."""
    return [(e.action, e.target, e.phase) for e in reversed(await space.audit.entries())]


async def test_a_deletion_is_intended_then_done(space: Workspace, provider: MemoryProvider) -> None:
    token = provider.access_tokens[0].id
    await space.tokens.delete(token, "DELETE")
    assert token not in {each.id for each in provider.access_tokens}
    assert await acts(space) == [
        ("token.delete", token, Phase.INTENDED),
        ("token.delete", token, Phase.DONE),
    ]


async def test_a_token_that_was_just_made_is_discarded_without_a_word(
    space: Workspace, provider: MemoryProvider
) -> None:
    provider.access_tokens = []
    made = await space.tokens.create()
    await space.tokens.discard(made)
    assert provider.access_tokens == []
    assert await acts(space) == [
        ("token.create", "", Phase.INTENDED),
        ("token.create", made.token.id, Phase.DONE),
        ("token.delete", made.token.id, Phase.INTENDED),
        ("token.delete", made.token.id, Phase.DONE),
    ]


async def test_the_intent_is_on_disk_before_the_call(
    space: Workspace, provider: MemoryProvider
) -> None:
    provider.delay = gate = Gate()
    task = asyncio.create_task(space.tokens.delete(provider.access_tokens[0].id, "DELETE"))
    await gate.reached.wait()
    assert [phase for _, _, phase in await acts(space)] == [Phase.INTENDED]
    gate.set()
    await task


@pytest.mark.parametrize("word", ["", "delete", "DELETE ", "DISABLE"])
async def test_without_its_word_nothing_is_called(
    space: Workspace, provider: MemoryProvider, word: str
) -> None:
    with pytest.raises(ConfirmationMissing, match="DELETE"):
        await space.tokens.delete(provider.access_tokens[0].id, word)
    with pytest.raises(ConfirmationMissing, match="DISABLE"):
        await space.provisioning.disable("DELETE")
    assert provider.calls == []
    assert await acts(space) == []


async def test_read_only_blocks_every_change_by_one_rule(
    space: Workspace, provider: MemoryProvider
) -> None:
    space.guard.read_only = True
    for act in (
        space.tokens.create,
        space.provisioning.enable,
        lambda: space.provisioning.disable("DISABLE"),
        lambda: space.tokens.delete(provider.access_tokens[0].id, "DELETE"),
    ):
        with pytest.raises(ReadOnly):
            await act()
    assert provider.calls == []
    assert space.tokens.why_not_create(None) == "This connection is read-only."
    assert space.provisioning.why_not_disable(None) == "This connection is read-only."


async def test_a_refusal_is_written_down_as_failed(space: Workspace) -> None:
    with pytest.raises(NotFound):
        await space.tokens.delete("nobody", "DELETE")
    assert [phase for _, _, phase in await acts(space)] == [Phase.INTENDED, Phase.FAILED]


async def test_no_answer_is_written_down_as_unknown(
    space: Workspace, provider: MemoryProvider
) -> None:
    provider.fail_next(OutcomeUnknown("No answer came."), "create_token")
    provider.access_tokens.clear()
    with pytest.raises(OutcomeUnknown):
        await space.tokens.create()
    assert (await acts(space))[-1] == ("token.create", "", Phase.UNKNOWN)


async def test_an_act_that_is_cancelled_may_have_happened(
    space: Workspace, provider: MemoryProvider
) -> None:
    provider.delay = gate = Gate()
    task = asyncio.create_task(space.tokens.delete(provider.access_tokens[0].id, "DELETE"))
    await gate.reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await acts(space))[-1][2] is Phase.UNKNOWN


async def test_a_new_token_is_named_and_its_secret_is_nowhere(
    space: Workspace, provider: MemoryProvider
) -> None:
    provider.access_tokens.clear()
    made = await space.tokens.create()
    assert (await acts(space))[-1] == ("token.create", made.token.id, Phase.DONE)
    secret = made.secret.get_secret_value()
    assert secret not in space.audit.path.read_text()
    assert secret not in repr(made)
    assert secret not in str(made)


async def test_without_an_audit_trail_nothing_is_done(
    space: Workspace, provider: MemoryProvider
) -> None:
    space.audit.path.mkdir()
    with pytest.raises(ScimTuiError, match="audit trail"):
        await space.tokens.delete(provider.access_tokens[0].id, "DELETE")
    assert "delete_token" not in provider.calls


async def test_a_result_survives_a_trail_that_fails_after_the_call(
    space: Workspace, provider: MemoryProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.access_tokens.clear()
    create = provider.create_token

    async def create_and_fill_disk() -> object:
        made = await create()
        space.audit.path.unlink()
        space.audit.path.mkdir()
        return made

    monkeypatch.setattr(provider, "create_token", create_and_fill_disk)
    made = await space.tokens.create()
    assert made.secret.get_secret_value()
    assert space.audit.trouble.startswith("token.create done, but the audit trail")


async def test_enabling_gives_a_token_and_again_gives_none(
    space: Workspace, provider: MemoryProvider
) -> None:
    provider.access_tokens.clear()
    await space.provisioning.disable("DISABLE")
    first = await space.provisioning.enable()
    again = await space.provisioning.enable()
    assert first.first_token is not None
    assert again.first_token is None
    assert again.status.state is ProvisioningState.ENABLED


async def test_disabling_with_tokens_is_refused_with_the_reason(space: Workspace) -> None:
    with pytest.raises(Conflict, match="2 tokens exist"):
        await space.provisioning.disable("DISABLE")


async def test_what_a_provider_cannot_do_is_not_tried(
    space: Workspace, provider: MemoryProvider
) -> None:
    from dataclasses import replace

    from scim_tui.model.capabilities import no

    provider.capabilities = replace(provider.capabilities, create_token=no("Console only."))
    with pytest.raises(Unsupported, match="Console only"):
        await space.tokens.create()
    assert await acts(space) == []
    assert space.tokens.why_not_create(None) == "Console only."


async def test_a_secret_is_saved_for_this_user_only(space: Workspace, tmp_path: Path) -> None:
    from pydantic import SecretStr

    from scim_tui.model.errors import UsageError

    path = await space.tokens.save_secret(SecretStr("s3cret"), tmp_path / "token")
    assert path.read_text() == "s3cret\n"
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(UsageError, match="exists"):
        await space.tokens.save_secret(SecretStr("other"), tmp_path / "token")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError):
        await space.tokens.save_secret(SecretStr("other"), tmp_path / "link")
    with pytest.raises(UsageError, match="does not exist"):
        await space.tokens.save_secret(SecretStr("other"), tmp_path / "no" / "token")
    assert path.read_text() == "s3cret\n"


async def test_read_only_ends_by_its_word_and_is_written_down(space: Workspace) -> None:
    guard = space.guard
    await guard.forbid_changes()
    for word in ("", "write", "DELETE"):
        with pytest.raises(ConfirmationMissing, match="WRITE"):
            await guard.allow_changes(word)
        assert guard.read_only
    await guard.allow_changes("WRITE")
    assert not guard.read_only
    assert [action for action, _, _ in await acts(space)] == [
        "connection.forbid_changes",
        "connection.allow_changes",
    ]


async def test_read_only_that_was_promised_stays(space: Workspace) -> None:
    space.guard.read_only = space.guard.bound = True
    with pytest.raises(ReadOnly, match="--read-only"):
        await space.guard.allow_changes("WRITE")
    assert (space.guard.read_only, await acts(space)) == (True, [])


async def test_what_cannot_be_written_down_stays_forbidden(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    await space.guard.forbid_changes()
    space.audit.path.unlink()
    space.audit.path.mkdir()
    with pytest.raises(ScimTuiError, match="cannot be written"):
        await space.guard.allow_changes("WRITE")
    assert space.guard.read_only
