"""The audit trail of the operators on the Activity screen."""

import json
from pathlib import Path

import pytest

from scim_tui.core.base.audit import AuditTrail
from scim_tui.model.activity import Phase
from tests.fakes.sample import START
from tests.tui.lists_kit import marked, news, rows, three, type_in
from tests.tui.stage import staged


def trail(folder: Path) -> AuditTrail:
    return AuditTrail(
        folder / "audit.jsonl", actor="ana@host", profile="lab", via="cli", clock=lambda: START
    )


async def test_the_audit_with_its_phases_hashes_and_verdict(tmp_path: Path) -> None:
    written = trail(tmp_path)
    written.write_now("token.delete", "t1", Phase.INTENDED)
    first = written.write_now("token.delete", "t1", Phase.FAILED, "The service said no.")
    written.write_now("provisioning.enable", "", Phase.UNKNOWN)
    async with staged(tmp_path, provider=three()) as stage:
        await stage.press("5", "tab")
        await stage.sees(
            "[Operators' audit]",
            "chain intact, 3 entries",
            "  3  ",
            "no answer came: look whether it happened",
        )
        assert rows(stage) == ["3", "2", "1"]
        await stage.press("j", "enter")
        await stage.sees(
            "#2 token.delete t1",
            "failed",
            "The service said no.",
            "ana@host, by cli",
            first.hash[:60],
            f"hash before{first.previous[:60]}",
        )
        await stage.press("escape", "f")
        await stage.sees("is off: The audit has no refused requests")
        written.write_now("token.create", "t2", Phase.DONE)
        await news(stage)
        await stage.sees("chain intact, 4 entries", "  4  ")
        assert "token.delete" in marked(stage), "the cursor rests"
        await stage.press("slash")
        await type_in(stage, "result:failed")
        await stage.sees("1 of 4 match")


async def test_a_broken_chain_is_reported_in_the_title(tmp_path: Path) -> None:
    written = trail(tmp_path)
    for number in range(3):
        written.write_now("token.delete", f"t{number}", Phase.DONE)
    lines = written.path.read_text().splitlines()
    changed = json.loads(lines[1])
    changed["target"] = "somebody else"
    lines[1] = json.dumps(changed)
    written.path.write_text("\n".join(lines) + "\n")
    async with staged(tmp_path, provider=three()) as stage:
        await stage.press("5", "tab")
        await stage.sees("chain broken, line 2", "somebody else")


async def test_copying_takes_the_request_id_or_the_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []

    async def copy(text: str) -> str:
        copied.append(text)
        return "Sent."

    trail(tmp_path).write_now("token.create", "t1", Phase.DONE)
    async with staged(tmp_path, provider=three()) as stage:
        monkeypatch.setattr(stage.app, "copy", copy)
        await stage.press("5")
        await stage.sees("  3  ")
        await stage.press("y", "tab")
        await stage.sees("token.create")
        await stage.press("y")
    assert copied[0] == "req-3"
    assert len(copied[1]) == 64
