import asyncio
import csv
import json
import stat
import time
from pathlib import Path

import pytest

from scim_tui.core.mapping.api import MappingPreview, Totals, WorkProgress
from scim_tui.core.mapping.inputs import NO_STATUS
from scim_tui.mapping.check.changes import ChangeKind
from scim_tui.model.errors import UsageError
from tests.fakes.memory import MemoryProvider

PEOPLE = """userName,givenName,familyName,email,id
ada@x,Ada,Love,ada@x,1
bob@x,Bob,,bob@x,2
cyd@x,Cyd,Roe,ADA@x,3
d:e@x,Dee,Eel,dee@x,4
ADA@x,Ada,Again,other@x,5
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE)
    return path


async def previewed(path: Path) -> MappingPreview:
    preview = MappingPreview()
    await preview.load_people(path)
    await preview.load_mapping()
    await preview.run()
    return preview


async def test_a_run_counts_and_finds(file: Path) -> None:
    preview = await previewed(file)
    totals = preview.totals
    assert totals is not None
    assert (totals.people, totals.accepted, totals.refused, totals.warned) == (5, 2, 3, 1)
    assert totals.complete
    assert dict(totals.codes) == {
        "name.familyName.required": 1,
        "emails.unique": 1,
        "userName.unique": 1,
        "characters.disputed": 1,
    }
    assert list(preview.selection.failures()) == [1, 2, 4]
    assert preview.result(2).findings[0].other == 0
    assert preview.selection.label(1) == "bob@x"


async def test_a_refused_person_takes_no_unique_value_from_others(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("userName,givenName,familyName\na,A,\na,A,B\n")
    assert list((await previewed(path)).selection.failures()) == [0]


async def test_walking_from_failure_to_failure(file: Path) -> None:
    preview = await previewed(file)
    assert [preview.selection.next_failure(index) for index in range(-1, 5)] == [
        1,
        1,
        2,
        4,
        4,
        None,
    ]
    assert [preview.selection.previous_failure(index) for index in range(6)] == [
        None,
        None,
        1,
        2,
        2,
        4,
    ]


async def test_selecting_by_code_text_and_failure(file: Path) -> None:
    preview = await previewed(file)
    assert list(preview.selection.select()) == [0, 1, 2, 3, 4]
    assert list(preview.selection.select(code="emails.unique")) == [2]
    assert list(preview.selection.select(text="ADA")) == [0, 4]
    assert list(preview.selection.select(text="ada", failures=True)) == [4]


async def test_a_result_has_payload_trace_and_findings(file: Path) -> None:
    preview = await previewed(file)
    result = preview.result(2)
    assert result.refused
    assert result.label == "cyd@x"
    assert result.person.line == 4
    assert result.payload.user["userName"] == "cyd@x"
    assert result.payload.trace[0].rule.target.path == "userName"
    assert [finding.code for finding in result.findings] == ["emails.unique"]
    assert not preview.result(3).refused
    with pytest.raises(UsageError, match="no person 6"):
        preview.result(5)


async def test_other_people_are_not_compared_with_those_before(file: Path) -> None:
    preview = await previewed(file)
    first = preview.totals
    await preview.load_mapping("preset:okta")
    again = await preview.run()
    assert again.before == first
    await preview.load_people(file)
    assert (await preview.run()).before is None


async def test_loading_forgets_the_results(file: Path) -> None:
    preview = await previewed(file)
    await preview.load_mapping("preset:okta")
    assert preview.totals is None
    assert list(preview.selection.failures()) == []
    assert preview.result(1).findings, "one person can be looked at before the run"


async def test_a_failed_load_keeps_what_was_there(file: Path, tmp_path: Path) -> None:
    preview = await previewed(file)
    (tmp_path / "bad.json").write_text("[")
    for bad in (tmp_path / "bad.json", tmp_path / "none.csv", tmp_path, Path("/dev/zero")):
        with pytest.raises(UsageError):
            await preview.load_people(bad)
    with pytest.raises(UsageError):
        await preview.load_mapping(tmp_path / "none.toml")
    assert list(preview.selection.failures()) == [1, 2, 4]


async def test_nothing_runs_before_both_are_loaded(file: Path) -> None:
    preview = MappingPreview()
    with pytest.raises(UsageError, match="No people"):
        await preview.run()
    await preview.load_people(file)
    with pytest.raises(UsageError, match="No mapping"):
        preview.result(0)


async def test_rules_from_a_file_with_their_place(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_bytes(b"\xef\xbb\xbfuserName = 'login'\n")
    assert (await MappingPreview().load_mapping(rules)).name == "rules.toml"
    rules.write_bytes(b"userName = 'login'\n# \xff\n")
    with pytest.raises(UsageError, match=r"rules\.toml, line 2: Not UTF-8"):
        await MappingPreview().load_mapping(rules)


async def test_columns_that_no_rule_uses(file: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('userName = "userName"\ntitle = "jobtitle"\nlocale = {const = "de"}\n')
    preview = MappingPreview()
    await preview.load_people(file)
    await preview.load_mapping(rules)
    assert preview.used_columns() == ["userName"]


async def test_a_long_run_leaves_the_loop_alive(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    rows = ({"userName": f"u{n}", "givenName": "A", "familyName": "B"} for n in range(3000))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    preview = MappingPreview()
    await preview.load_people(path)
    await preview.load_mapping()
    turns = 0
    seen: list[Totals] = []

    async def beat() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    beating = asyncio.create_task(beat())
    before = time.monotonic()
    await preview.run(seen.append)
    slices = (time.monotonic() - before) / 0.05
    beating.cancel()
    assert turns >= slices, "the loop had a turn every 50 ms on average"
    assert len(seen) > 2
    assert [totals.people for totals in seen] == sorted(totals.people for totals in seen)
    assert seen[-1].complete
    assert not seen[0].complete


async def test_a_run_ends_when_other_people_are_loaded(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text("".join(f'{{"userName": "u{n}"}}\n' for n in range(3000)))
    preview = MappingPreview()
    await preview.load_people(path)
    await preview.load_mapping()
    run = asyncio.create_task(preview.run())
    await asyncio.sleep(0)
    await preview.load_people(file)
    with pytest.raises(UsageError, match="again"):
        await run
    assert (await preview.run()).people == 5


async def test_reports_hold_every_finding(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE + '"=cmd()",Eve,,"e@x",6\n')
    preview = await previewed(file)
    await preview.report(tmp_path / "r.json")
    await preview.report(tmp_path / "r.csv")
    assert stat.S_IMODE((tmp_path / "r.json").stat().st_mode) == 0o600
    found = json.loads((tmp_path / "r.json").read_text())
    assert found["refused"] == 4
    assert [entry["person"] for entry in found["entries"]] == [2, 3, 4, 5, 6]
    assert found["entries"][1]["findings"][0]["other"] == 1
    rows = list(csv.DictReader((tmp_path / "r.csv").read_text().splitlines()))
    assert [row["code"] for row in rows][:2] == ["name.familyName.required", "emails.unique"]
    assert rows[-1]["label"] == "'=cmd()"


async def test_a_report_needs_a_run_and_a_known_ending(file: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing to report"):
        await MappingPreview().report(tmp_path / "r.json")
    preview = await previewed(file)
    for name in ("r.pdf", "none/r.json"):
        with pytest.raises(UsageError):
            await preview.report(tmp_path / name)


async def test_a_person_is_compared_with_the_directory(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE + '"a""b\\@x",Q,Q,q@x,9\n')
    ada = {
        "id": "u1",
        "userName": "ada@x",
        "displayName": "Ada Love",
        "externalId": "1",
        "name": {"givenName": "Ada", "familyName": "Old"},
        "active": True,
        "emails": [{"value": "ada@x", "type": "work", "primary": True}],
    }
    directory = MemoryProvider(users=[ada])
    preview = MappingPreview(directory)
    await preview.load_people(file)
    await preview.load_mapping()
    change = await preview.change(0)
    assert (change.kind, change.user_id) == (ChangeKind.UPDATE, "u1")
    assert [(d.path, d.now, d.after) for d in change.differences] == [
        ("name.familyName", "Old", "Love")
    ]
    assert (await preview.change(3)).kind is ChangeKind.CREATE
    assert (await preview.change(5)).kind is ChangeKind.CREATE


async def test_without_a_directory_there_is_no_comparison(file: Path) -> None:
    with pytest.raises(UsageError, match="No directory"):
        await (await previewed(file)).change(0)


async def test_reading_people_can_be_stopped_and_keeps_what_was_there(
    file: Path, tmp_path: Path
) -> None:
    preview = await previewed(file)
    many = tmp_path / "many.csv"
    many.write_text("userName,id\n" + "".join(f"u{n},{n}\n" for n in range(400_000)))
    told, begun = list[WorkProgress](), asyncio.Event()

    def tell(doing: WorkProgress) -> None:
        told.append(doing)
        if doing.done and doing.share:
            begun.set()

    reading = asyncio.create_task(preview.load_people(many, progress=tell))
    await begun.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert told[-1].done < 400_000
    assert told[-1].share is not None
    assert 0 < told[-1].share < 1
    assert preview.totals is not None
    assert preview.totals.people == 5


async def test_how_far_a_comparison_is(tmp_path: Path) -> None:
    users = [{"id": f"u{n}", "userName": f"u{n}"} for n in range(250)]
    path = tmp_path / "people.csv"
    path.write_text("userName,id\nu1,1\n")
    preview = MappingPreview(MemoryProvider(users=users))
    await preview.load_people(path)
    await preview.load_mapping()
    await preview.run()
    told: list[WorkProgress] = []
    await preview.compare(told.append)
    listed = [(one.done, one.of) for one in told if one.what == "listing the directory"]
    assert listed == [(100, 250), (200, 250), (250, 250)]


async def test_a_file_without_a_status_is_reported_once_and_not_for_each_person(
    tmp_path: Path,
) -> None:
    path = tmp_path / "people.csv"
    text = "login,firstName,lastName,email,id\na@x.example,A,B,a@x.example,1\n"
    path.write_text(text)
    preview = MappingPreview()
    await preview.load_mapping()
    await preview.load_people(path)
    totals = await preview.run()
    assert (totals.accepted, dict(totals.codes)) == (1, {})
    assert "active" not in preview.result(0).payload.user
    assert NO_STATUS in preview.notes()
    path.write_text(text.replace("id\n", "id,status\n").replace(",1\n", ",1,\n"))
    await preview.load_people(path)
    totals = await preview.run()
    assert dict(totals.codes) == {"active.missing": 1}
    assert NO_STATUS not in preview.notes()


async def test_a_status_that_is_not_known_is_refused_everywhere(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    people = "login,firstName,lastName,email,id,status\na@x.example,A,B,a@x.example,1,On Leave\n"
    path.write_text(people)
    preview = MappingPreview()
    await preview.load_mapping()
    await preview.load_people(path)
    totals = await preview.run()
    assert (totals.accepted, totals.refused) == (0, 1)
    assert dict(totals.codes) == {"active.unknown": 1}
    assert list(preview.selection.failures()) == [0]
    report = tmp_path / "r.csv"
    await preview.report(report)
    assert "active.unknown" in report.read_text("utf-8-sig")
