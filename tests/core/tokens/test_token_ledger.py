"""What is told of tokens that the provider does not list: by people, and by rotations."""

import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from scim_tui.config.profiles import Profile
from scim_tui.core.base.audit import AuditTrail
from scim_tui.core.health.aspects import Aspect
from scim_tui.core.tokens.ledger import FILE
from scim_tui.core.workspace import Workspace, assemble
from scim_tui.model.capabilities import no
from scim_tui.model.errors import NotFound, ScimTuiError, Unsupported, UsageError
from scim_tui.model.provisioning import DELETE_WORD
from scim_tui.model.rotation.rotation import KnownBy, TestResult
from scim_tui.model.rotation.token_notes import read_day
from scim_tui.model.unknown_values import NEVER, UNKNOWN
from tests.fakes.memory import ALL_YES, MemoryProvider
from tests.fakes.sample import START

ENDPOINT = "https://scim.us-east-1.amazonaws.com/f3/scim/v2"
PLAIN = replace(
    ALL_YES,
    list_tokens=no("SCIM lists no tokens."),
    create_token=no("In the console."),
    delete_token=no("In the console."),
    events=no("Not told."),
    last_used=no("Not told."),
)
END = datetime(2027, 11, 23, tzinfo=UTC)


def space(folder: Path, endpoint: str = "https://scim.example.com/v2") -> Workspace:
    provider = MemoryProvider.sample()
    provider.capabilities = PLAIN
    profile = Profile(name="lab", provider="scim", data_dir=folder, endpoint=endpoint)
    trail = AuditTrail(
        folder / "audit.jsonl", actor="ana@host", profile="lab", via="cli", clock=provider.clock
    )
    return assemble(profile, provider, trail, clock=provider.clock)


async def test_what_was_typed_in_is_there_for_the_next_one_with_its_source(tmp_path: Path) -> None:
    told = await space(tmp_path).ledger.record(" tok-1 ", START, END)
    assert (told.id, told.source) == ("tok-1", f"typed in by ana@host {START:%Y-%m-%d}")
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    again = await space(tmp_path).ledger.list()
    assert [(each.id, each.expires_at) for each in again] == [("tok-1", END)]
    assert "token.record" in (tmp_path / "audit.jsonl").read_text()


async def test_recorded_again_a_token_is_corrected_and_forgotten_it_is_gone(tmp_path: Path) -> None:
    ledger = space(tmp_path).ledger
    await ledger.record("tok-1", START, UNKNOWN)
    await ledger.record("tok-1", UNKNOWN, NEVER)
    assert [each.expires_at for each in await ledger.list()] == [NEVER]
    await ledger.forget("tok-1")
    assert await ledger.list() == ()
    with pytest.raises(NotFound):
        await ledger.forget("tok-1")


async def test_a_year_is_computed_for_identity_center_only(tmp_path: Path) -> None:
    aws, other = tmp_path / "aws", tmp_path / "other"
    aws.mkdir()
    other.mkdir()
    told = await space(aws, ENDPOINT).ledger.record("tok-1", START)
    assert told.expires_at == START + timedelta(days=365)
    assert told.source.endswith("end computed")
    assert (await space(other).ledger.record("tok-1", START)).expires_at is UNKNOWN


@pytest.mark.parametrize("name", ["", "two words", "x" * 580, "a\x1b[2J"])
async def test_what_is_no_id_is_not_kept(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        await space(tmp_path).ledger.record(name)
    assert not (tmp_path / FILE).exists()


async def test_an_end_before_the_beginning_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        await space(tmp_path).ledger.record("tok-1", END, START)


async def test_a_broken_file_is_reported_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{")
    with pytest.raises(ScimTuiError, match="not a ledger"):
        await space(tmp_path).ledger.record("tok-1")
    assert (tmp_path / FILE).read_text() == "{"
    assert "not a ledger" in (await space(tmp_path).health.take()).problems[Aspect.NOTED]


async def test_where_tokens_are_listed_nothing_is_recorded(tmp_path: Path) -> None:
    found = space(tmp_path)
    assert isinstance(found.provider, MemoryProvider)
    found.provider.capabilities = ALL_YES
    listed = assemble(found.profile, found.provider, found.audit, clock=found.clock)
    with pytest.raises(Unsupported, match="lists its tokens"):
        await listed.ledger.record("tok-1")


async def test_a_rotation_by_word_replaces_the_old_one_in_the_ledger(tmp_path: Path) -> None:
    found = space(tmp_path, ENDPOINT)
    directory = found.provider
    assert isinstance(directory, MemoryProvider)
    directory.access_tokens = directory.access_tokens[:1]
    made = await MemoryProvider.create_token(directory)
    await found.ledger.record("tok-old", START - timedelta(days=300), END)
    rotations = found.rotations
    await rotations.start("tok-old")
    await rotations.paste(made.secret, "tok-new")
    assert [each.id for each in await found.ledger.list()] == ["tok-old", "tok-new"]
    await rotations.probe()
    probed = (await rotations.status()).rotation
    assert probed is not None
    await rotations.deliver("by hand", _by_hand)
    await rotations.installed(KnownBy.WORD)
    await rotations.idp_test(TestResult.PASSED, KnownBy.WORD)
    await rotations.look()
    await rotations.accept_unproven("tok-old", DELETE_WORD, "the console shows it in use")
    await rotations.deleted_by_word(DELETE_WORD)
    [left] = await found.ledger.list()
    assert (left.id, left.expires_at) == ("tok-new", START + timedelta(days=365))
    assert left.source.startswith("from rot-0001")


async def _by_hand(secret: SecretStr) -> str:
    return "by hand"


def test_days_are_read_as_people_write_them() -> None:
    assert read_day("2027-11-23") == END
    assert (read_day(" Never "), read_day("")) == (NEVER, UNKNOWN)
    assert read_day("2027-11-23T02:00:00+02:00") == END
    with pytest.raises(UsageError, match="not a day"):
        read_day("23.11.2027")
