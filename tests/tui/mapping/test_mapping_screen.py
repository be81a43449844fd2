"""The Mapping screen: load people and rules, see who would be refused and why."""

from pathlib import Path

import pytest

from scim_tui.tui.mapping import messages as mapping_messages
from tests.tui.stage import staged

PEOPLE = """userName,givenName,familyName,displayName,email,externalId
ana@corp.example,Ana,Silva,Ana Silva,ana@corp.example,1
bo@corp.example,Bo,,Bo,bo@corp.example,2
"bad name@corp.example",Cy,Dee,Cy Dee,cy@corp.example,3
dee@corp.example,Dee,Eff,Dee Eff,ana@corp.example,4
"[/nope]\x1b]52;c;UFdO\x07",Ev,Il,Ev Il,ev@corp.example,5
"""


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Five people, four of them broken in different ways."""
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE, encoding="utf-8")
    return file


async def test_what_is_given_is_checked_at_once(tmp_path: Path, people: Path) -> None:
    async with staged(tmp_path, facts={"people_file": str(people)}) as stage:
        await stage.press("3")
        await stage.sees("5 checked", "1 ok", "4 refused", "people people.csv")
        await stage.sees("ana@corp.example", "[ok] accepted", "userName", "line 2  1 of 5")
        assert stage.lines("text").has_more
        await stage.sees("not compared with the directory: V compares", "assigned unknown")


async def test_n_goes_from_problem_to_problem_with_reason_and_fix(
    tmp_path: Path, people: Path
) -> None:
    async with staged(tmp_path, size=(120, 40), facts={"people_file": str(people)}) as stage:
        await stage.press("3")
        await stage.sees("5 checked")
        await stage.press("n")
        await stage.sees("name.familyName is required", "Fix: Give the person a last name")
        await stage.press("n")
        await stage.sees("userName takes no white space")
        await stage.press("n")
        await stage.sees("emails.unique")
        await stage.press("n", "n")
        await stage.sees(mapping_messages.NO_FURTHER_PROBLEM)
        await stage.press("N", "N", "N")
        await stage.sees("name.familyName is required")


async def test_only_problems_a_filter_and_back(tmp_path: Path, people: Path) -> None:
    async with staged(tmp_path, facts={"people_file": str(people)}) as stage:
        await stage.press("3")
        await stage.sees("5 checked")
        await stage.press("f", "down", "enter")
        await stage.until(lambda: len(stage.table().source) == 4)
        await stage.press("slash", *"dee", "enter")
        await stage.until(lambda: len(stage.table().source) == 1)
        await stage.sees("problems only, filter: dee  1 of 5")
        await stage.press("escape")
        await stage.until(lambda: len(stage.table().source) == 4)
        await stage.press("escape")
        await stage.until(lambda: len(stage.table().source) == 5)


async def test_the_trace_shows_rule_line_values_and_whether_it_is_documented(
    tmp_path: Path, people: Path
) -> None:
    async with staged(tmp_path, size=(120, 40), facts={"people_file": str(people)}) as stage:
        await stage.press("3")
        await stage.sees("5 checked")
        await stage.press("tab", "tab")
        await stage.sees(
            "[Trace]",
            "preset:identity-center, line",
            "note",
            "documented: ",
            "rule",
            "userName || username",
            "value    ana@corp.example",
        )


async def test_facets_count_what_there_is_and_narrow_to_it(tmp_path: Path, people: Path) -> None:
    async with staged(tmp_path, facts={"people_file": str(people)}) as stage:
        await stage.press("3")
        await stage.sees("5 checked")
        await stage.press("f")
        await stage.sees("5  everybody", "4  problems", "1  emails.unique")
        rows = stage.text().split("\n")
        first = next(n for n, row in enumerate(rows) if "everybody" in row)
        wanted = next(n for n, row in enumerate(rows) if "emails.unique" in row)
        await stage.press(*["down"] * (wanted - first), "enter")
        await stage.sees("emails.unique  1 of 5", "dee@corp.example")
        assert len(stage.table().source) == 1


async def test_the_payload_as_json_and_strange_names_spelled_out(
    tmp_path: Path, people: Path
) -> None:
    async with staged(tmp_path, size=(120, 40), facts={"people_file": str(people)}) as stage:
        await stage.press("3")
        await stage.sees("5 checked")
        await stage.press("v")
        await stage.sees("[Payload]", '"userName": "ana@corp.example"')
        await stage.press("G")
        shown = await stage.sees("[/nope]", "u001b]52;c;UFdO")
        assert "\x1b" not in shown
        assert "\x07" not in shown


async def test_without_a_file_it_says_how_and_takes_one(
    tmp_path: Path, people: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with staged(tmp_path) as stage:
        await stage.press("3")
        await stage.sees("No people yet. u loads")
        await stage.press("n")
        await stage.sees("next problem is off: no people are loaded; u loads a file.")
        await stage.press("u", *"peo", "tab", "enter")
        await stage.sees("5 checked")


async def test_a_bad_file_is_reported_and_loses_nothing(
    tmp_path: Path, people: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.toml").write_text('[user]\nuserNam = { source = "x" }\n')
    async with staged(tmp_path, size=(120, 40), facts={"people_file": str(people)}) as stage:
        await stage.press("3")
        await stage.sees("5 checked")
        await stage.press("m", *"bad.toml", "enter")
        await stage.sees("bad.toml")
        await stage.press("u", *"none.csv", "enter")
        await stage.sees("There is no file none.csv.")
        await stage.press("escape")
        await stage.sees("5 checked", "preset:identity-center")
        assert len(stage.table().source) == 5


async def test_a_file_that_is_one_page_of_more_says_so_in_the_header(tmp_path: Path) -> None:
    file = tmp_path / "page.json"
    file.write_text('{"totalResults": 250, "Resources": [{"userName": "ana@corp.example"}]}')
    for size in ((80, 24), (160, 40)):
        async with staged(tmp_path, size=size, facts={"people_file": str(file)}) as stage:
            await stage.press("3")
            await stage.sees("people page.json", "s one page of more")
            await stage.press("s")
            await stage.sees("The file has only 1 of 250 people (totalResults).")
