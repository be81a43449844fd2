"""The audit trail: chained, append-only, shared by processes, honest about a crash."""

import json
import multiprocessing
from pathlib import Path

import pytest

from scim_tui.core.base.audit import AuditTrail
from scim_tui.model.activity import Phase

WRITERS, EACH = 4, 50


def make(path: Path, actor: str = "ana@host") -> AuditTrail:
    return AuditTrail(path, actor=actor, profile="lab", via="cli")


def write(path: Path, actor: str, count: int) -> None:
    """Run in a process of its own."""
    for number in range(count):
        make(path, actor).write_now("token.delete", f"{actor}-{number}", Phase.DONE)


@pytest.fixture
def filled(tmp_path: Path) -> AuditTrail:
    trail = make(tmp_path / "audit.jsonl")
    for number in range(5):
        trail.write_now("token.create", f"tok-{number}", Phase.DONE, "as asked")
    return trail


async def test_it_is_private_and_whole(filled: AuditTrail) -> None:
    verdict = await filled.verify()
    assert (verdict.ok, verdict.count, verdict.reason) == (True, 5, "")
    assert filled.path.stat().st_mode & 0o777 == 0o600
    assert [entry.target for entry in await filled.entries(2)] == ["tok-4", "tok-3"]


async def test_nothing_written_is_whole(tmp_path: Path) -> None:
    trail = make(tmp_path / "none.jsonl")
    assert (await trail.verify()).ok
    assert await trail.entries() == []


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('"target":"tok-2"', '"target":"tok-9"', 3),
        ('"phase":"done"', '"phase":"failed"', 1),
        ('"actor":"ana@host"', '"actor":"bob@host"', 1),
    ],
)
async def test_a_changed_line_is_found(filled: AuditTrail, old: str, new: str, line: int) -> None:
    text = filled.path.read_text()
    assert old in text
    filled.path.write_text(text.replace(old, new, 1))
    verdict = await filled.verify()
    assert not verdict.ok
    assert verdict.first_bad_line == line


async def test_a_removed_or_swapped_line_is_found(filled: AuditTrail) -> None:
    lines = filled.path.read_text().splitlines(keepends=True)
    filled.path.write_text("".join(lines[:2] + lines[3:]))
    assert (await filled.verify()).first_bad_line == 3
    filled.path.write_text("".join([lines[1], lines[0], *lines[2:]]))
    assert (await filled.verify()).first_bad_line == 1


async def test_a_line_with_a_new_hash_does_not_fit_the_next(filled: AuditTrail) -> None:
    from scim_tui.core.base.audit import _digest
    from scim_tui.model.activity import AuditEntry

    lines = filled.path.read_text().splitlines()
    forged = AuditEntry.model_validate_json(lines[2]).model_copy(update={"target": "other"})
    forged = forged.model_copy(update={"hash": _digest(forged)})
    lines[2] = json.dumps(forged.model_dump(mode="json"))
    filled.path.write_text("\n".join(lines) + "\n")
    verdict = await filled.verify()
    assert verdict.first_bad_line == 4
    assert "does not follow" in verdict.reason


async def test_a_torn_line_is_reported_and_the_chain_goes_on(filled: AuditTrail) -> None:
    data = filled.path.read_bytes()
    filled.path.write_bytes(data[:-20])
    after = filled.write_now("token.delete", "tok-9", Phase.DONE)
    verdict = await filled.verify()
    assert (verdict.ok, verdict.count, verdict.torn) == (True, 5, (5,))
    assert "line 5" in verdict.reason
    assert after.seq == 5
    assert [entry.target for entry in await filled.entries()][:2] == ["tok-9", "tok-3"]


def test_processes_write_side_by_side(tmp_path: Path) -> None:
    import asyncio

    path = tmp_path / "audit.jsonl"
    context = multiprocessing.get_context("spawn")
    writers = [
        context.Process(target=write, args=(path, f"w{number}", EACH)) for number in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    verdict = asyncio.run(make(path).verify())
    assert (verdict.ok, verdict.count, verdict.reason) == (True, WRITERS * EACH, "")


async def test_a_link_is_not_followed(tmp_path: Path) -> None:
    from scim_tui.model.errors import ScimTuiError

    (tmp_path / "audit.jsonl").symlink_to(tmp_path / "other")
    with pytest.raises(ScimTuiError):
        await make(tmp_path / "audit.jsonl").write("token.create", "", Phase.INTENDED)
    assert not (tmp_path / "other").exists()


async def test_long_and_odd_texts_stay_on_one_line(tmp_path: Path) -> None:
    trail = make(tmp_path / "audit.jsonl")
    trail.write_now("token.delete", "a\nb\x1b[31m", Phase.FAILED, "x" * 10_000)
    text = trail.path.read_text()
    assert text.count("\n") == 1
    assert "\x1b" not in text
    assert len(text) < 1_000
    assert (await trail.verify()).ok


async def test_reading_backwards_crosses_blocks(tmp_path: Path) -> None:
    trail = make(tmp_path / "audit.jsonl")
    for number in range(400):
        trail.write_now("token.create", f"tok-{number}", Phase.DONE, "ü" * 120)
    assert trail.path.stat().st_size > 2 * 64 * 1024
    assert [e.seq for e in await trail.entries(1_000)] == list(range(400, 0, -1))


async def test_a_line_put_in_by_hand_is_no_torn_line(tmp_path: Path) -> None:
    trail = make(tmp_path / "audit.jsonl")
    await trail.write("token.create", "t1", Phase.DONE)
    with trail.path.open("a") as file:
        file.write("whatever\n")
    verdict = await trail.verify()
    assert not verdict.ok
    assert verdict.reason == "line 2: it is no entry"


async def test_entries_cut_off_at_the_end_are_missed(tmp_path: Path) -> None:
    trail = make(tmp_path / "audit.jsonl")
    for name in ("t1", "t2", "t3"):
        await trail.write("token.create", name, Phase.DONE)
    lines = trail.path.read_text().splitlines(keepends=True)
    trail.path.write_text(lines[0])
    verdict = await trail.verify()
    assert not verdict.ok
    assert verdict.reason == "2 entries are missing at the end"
